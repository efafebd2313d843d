"""Reading articles from files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from marsad import _marsad
from marsad.table import Table

_FIELDS = ("text", "id", "published")

#: Bytes that one article may have if nothing else is said, and the most that may be said.
_MAX_BYTES = 256 << 20
_MOST_BYTES = 2_000_000_000

#: Faults that are kept; of more, only their number.
_KEPT = 1_000


class Reader:
    """Articles of files and folders, batch by batch: an iterator of tables with columns id, text and published."""

    __slots__ = ("_core", "_faults", "_fields", "_paths", "_seen", "_skip")

    def __init__(self, paths: list[str], fields: dict[str, str], skip: bool, max_bytes: int) -> None:
        self._paths = paths
        self._fields = fields
        self._skip = skip
        self._faults: list[Exception] = []
        self._seen = 0
        text, id, published = (fields[name] for name in _FIELDS)
        self._core = _marsad.Reader(paths, text, id, published, max_bytes, skip)

    def __iter__(self) -> Iterator[Table]:
        return self

    def __next__(self) -> Table:
        while True:
            try:
                return Table(next(self._core))
            except (OSError, KeyError, ValueError, TypeError) as fault:
                if not self._skip:
                    raise
                self._keep(fault)

    def _keep(self, fault: Exception) -> None:
        self._seen += 1
        if len(self._faults) < _KEPT:
            # A KeyError shows its message in quotes, and what is kept must not hold frames.
            kept = fault if isinstance(fault, (OSError, _marsad.DataError)) else _marsad.DataError(fault.args[0])
            self._faults.append(kept.with_traceback(None))

    @property
    def faults(self) -> list[Exception]:
        """What was skipped so far, with ``on_error="skip"``: DataError and OSError, the first 1,000 in order."""
        return list(self._faults)

    @property
    def fault_count(self) -> int:
        """How many faults were skipped so far, with ``on_error="skip"``."""
        return self._seen

    def __repr__(self) -> str:
        fields = "".join(f", {name}={value!r}" for name, value in self._fields.items() if name != value)
        skip = f", on_error='skip', fault_count={self._seen}" if self._skip else ""
        return f"Reader({self._paths!r}{fields}{skip}, files_left={self._core.files_left()})"


def read(path_or_paths: Any, *, on_error: str = "raise", max_bytes: int = _MAX_BYTES, **fields: str) -> Reader:
    """Read articles from files: .txt (one article each), .jsonl, .csv, .tsv or .parquet, plain or .gz.

    Parameters
    ----------
    path_or_paths
        A path, or several; a folder is searched to any depth, in the order of names. Links to folders are not
        followed.
    on_error
        What to do about a row or file that cannot be read. "raise" raises it where it stands; iterating again goes
        on behind it. "skip" goes on by itself and keeps it in ``Reader.faults``. A path that is named and is not
        there is raised at once in either case.
    max_bytes
        How long an article may be, with all that its line, row or file holds, unpacked. A longer one is a fault of
        its own; what comes after it is read, and memory stays bounded.
    **fields
        What the fields or columns are called, where not ``text``, ``id`` and ``published``: ``text="body"``.

    Returns
    -------
    Reader
        An iterator of batches of (id, text, published); a few megabytes are held at a time. Without an id, an article
        is called after its file and line.

    Raises
    ------
    FileNotFoundError, PermissionError, OSError
        For a path that cannot be read.
    KeyError
        For a table without the text column.
    DataError
        For a file that is not what its name says, or that changes while it is read; the message has file, line and
        column (in parquet, the row), what was found, what is due and what to do. Iterating again goes on with the
        next row, or the next file where the rest of one cannot be read.
    """
    for name, value in fields.items():
        if name not in _FIELDS:
            raise TypeError(f"read() got an unexpected keyword argument {name!r}; the fields are {', '.join(_FIELDS)}")
        if not isinstance(value, str):
            raise TypeError(f"{name}: found {type(value).__name__}; the name of a column, a str, is due")
    if not isinstance(on_error, str):
        raise TypeError(f"on_error: found {type(on_error).__name__}; 'raise' or 'skip' is due")
    if on_error not in ("raise", "skip"):
        raise ValueError(f"on_error: found {on_error!r}; 'raise' or 'skip' is due")
    if isinstance(max_bytes, bool) or not isinstance(max_bytes, int):
        raise TypeError(f"max_bytes: found {type(max_bytes).__name__}; a whole number is due")
    if not 1 <= max_bytes <= _MOST_BYTES:
        raise ValueError(f"max_bytes: found {max_bytes}; a number from 1 to {_MOST_BYTES} is due")
    if isinstance(path_or_paths, (str, os.PathLike)):
        path_or_paths = [path_or_paths]
    elif isinstance(path_or_paths, bytes) or not isinstance(path_or_paths, Iterable):
        found = type(path_or_paths).__name__
        raise TypeError(f"path_or_paths: found {found}; a path or a list of paths is due")
    paths = []
    for place, path in enumerate(path_or_paths):
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(f"path_or_paths[{place}]: found {type(path).__name__}; a path is due")
        paths.append(os.fsdecode(path))
    return Reader(paths, {name: fields.get(name, name) for name in _FIELDS}, on_error == "skip", max_bytes)
