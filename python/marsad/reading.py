"""Reading articles from files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from marsad import _marsad
from marsad.table import Table

_FIELDS = ("text", "id", "published")


class Reader:
    """Articles of files and folders, batch by batch: an iterator of tables with columns id, text and published."""

    __slots__ = ("_core", "_fields", "_paths")

    def __init__(self, paths: list[str], fields: dict[str, str]) -> None:
        self._paths = paths
        self._fields = fields
        self._core = _marsad.Reader(paths, *(fields[name] for name in _FIELDS))

    def __iter__(self) -> Iterator[Table]:
        return self

    def __next__(self) -> Table:
        return Table(next(self._core))

    def __repr__(self) -> str:
        fields = "".join(f", {name}={value!r}" for name, value in self._fields.items() if name != value)
        return f"Reader({self._paths!r}{fields}, files_left={self._core.files_left()})"


def read(path_or_paths: Any, **fields: str) -> Reader:
    """Read articles from files: .txt (one article each), .jsonl, .csv, .tsv or .parquet, plain or .gz.

    Parameters
    ----------
    path_or_paths
        A path, or several; a folder is searched to any depth, in the order of names.
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
        For a file that is not what its name says; the message has file, line and column. Iterating again goes on
        with the next row, or the next file where the rest of one cannot be read.
    """
    for name, value in fields.items():
        if name not in _FIELDS:
            raise TypeError(f"read() got an unexpected keyword argument {name!r}; the fields are {', '.join(_FIELDS)}")
        if not isinstance(value, str):
            raise TypeError(f"{name}: found {type(value).__name__}; the name of a column, a str, is due")
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
    return Reader(paths, {name: fields.get(name, name) for name in _FIELDS})
