"""What ``marsad analyze`` and ``marsad report`` do: one run over inputs, batch by batch."""

from __future__ import annotations

import argparse
import hashlib
import sys
from abc import ABC, abstractmethod
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import marsad
from marsad import _marsad
from marsad.analysis import TABLES
from marsad.frames import Batch, Fields
from marsad.markup import named
from marsad.progress import watcher
from marsad.store import File, Store
from marsad.table import Table
from marsad.writing import Tables

#: Faults that are told one by one; of more, only their number.
_TOLD = 20


def message(fault: BaseException) -> str:
    """Say a fault in one line; what a terminal would obey, in a name of a file, is named."""
    if isinstance(fault, OSError) and fault.filename is not None:
        return named(f"{fault.filename}: {fault.strerror}")
    return named(str(fault.args[0]) if isinstance(fault, KeyError) and fault.args else str(fault))


class _StopError(Exception):
    """A fault, where the run is to stop at the first."""


class Run(ABC):
    """One run over the inputs, batch by batch; what is done with each is for the run to say."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        types = tuple(name.strip() for name in arguments.types.split(","))
        self.analyzer = marsad.Analyzer(
            arguments.lexicon,
            types=types,
            recognizer=not arguments.no_recognizer,
            threads=arguments.threads,
        )
        self.fields = Fields(arguments.text, arguments.id, arguments.day)
        self.published: str | None = arguments.published
        self.stops = arguments.on_error == "stop"
        self.documents = self.faults = 0
        self.interrupted = self.stopped = False
        # A day that is none is told before anything is read or written.
        self.empty = marsad.Analysis(self.analyzer)
        self.empty._core.add_lists([], None, None, self.published, None)

    @abstractmethod
    def begin(self, files: list[File]) -> None:
        """Know the files that will be read, in order."""

    @abstractmethod
    def add(self, batch: Table, last_file: int, tell: Any) -> None:
        """Take one batch of articles in, which was read from the files up to one."""

    def find(self, found: marsad.Analysis, batch: Table, tell: Any) -> None:
        """Analyze a batch of articles."""
        found._add(Batch(arrow=batch), Fields("text", "id", "published"), self.published, tell)

    def fail(self, fault: BaseException) -> None:
        """Tell a fault of the inputs, and go on unless the run is to stop at the first."""
        self.faults += 1
        if self.faults <= _TOLD:
            sys.stderr.write(f"marsad: {message(fault)}\n")
        if self.stops:
            raise _StopError

    def gather(self, arguments: argparse.Namespace) -> bool:
        """Read and analyze the inputs, and say whether there is anything to write."""
        tell, close = watcher(False if arguments.quiet else arguments.progress or None)
        try:
            inputs = [self._reader(path) for path in arguments.paths if path != "-"]
            readers = [reader for reader in inputs if isinstance(reader, _marsad.Reader)]
            self.begin([File.of(path) for reader in readers for path in reader.files()])
            if "-" in arguments.paths:
                inputs.append(self._stream())
            opened = 0
            for reader in inputs:
                if isinstance(reader, _marsad.Reader):
                    opened += reader.files_left()
                    self._drain(reader, opened, tell)
                else:
                    self.fail(reader)
        except KeyboardInterrupt:
            self.interrupted = True
        except _StopError:
            self.stopped = True
        finally:
            close()
        if self.faults > _TOLD:
            sys.stderr.write(f"marsad: and {self.faults - _TOLD:,} more like these\n")
        return self.documents > 0 or not (self.faults or self.interrupted)

    def _reader(self, path: str) -> _marsad.Reader | Exception:
        """Give a reader of an input, or why there is none."""
        try:
            # Faults wait for full batches, unless the first of them stops the run.
            return _marsad.Reader([path], *self.fields.names(), gather=not self.stops)
        except (marsad.DataError, OSError, KeyError) as fault:
            return fault

    def _stream(self) -> _marsad.Reader | Exception:
        """Give a reader of standard input, or why there is none."""
        try:
            return _marsad.Reader.stream(sys.stdin.buffer.read(), *self.fields.names())
        except (marsad.DataError, OSError, KeyError) as fault:
            return fault

    def _drain(self, reader: _marsad.Reader, end: int, tell: Any) -> None:
        """Analyze every batch; what cannot be read is told, and the files after it, to the ``end``, are still read."""
        while True:
            batch = None  # so that it is not held beside the next one
            try:
                batch = Table(next(reader))
            except StopIteration:
                return
            except (OSError, KeyError, ValueError, TypeError) as fault:
                self.fail(fault)
                continue
            self.add(batch, end - reader.files_left() - 1, tell)


class TablesRun(Run):
    """A run of ``marsad analyze``: files of tables, with one batch in memory at a time, the others on disk."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        super().__init__(arguments)
        self.format: str = arguments.format
        self.folder: Path = arguments.out
        self.folder.mkdir(parents=True, exist_ok=True)
        self.days: Counter[str] = Counter()
        self.resume: bool = arguments.resume
        self._next = 0
        if arguments.resume and "-" in arguments.paths:
            raise ValueError("--resume: what standard input gave is gone; name files or folders")
        self.store = Store(self.folder, self._about())
        left = self.store.left()
        if left is not None and not (arguments.resume or arguments.restart):
            raise ValueError(
                f"{self.folder}: a run was cut off here with {left:,} documents done; "
                "--resume goes on with it, --restart begins anew"
            )

    def _about(self) -> dict[str, Any]:
        """Say what the findings hang on, but for the inputs."""
        sources, _, types, recognizer, *_ = self.analyzer._given
        lexicon = [hashlib.sha256(source["data"] or b"").hexdigest() for source in sources]
        return {
            "version": marsad.__version__,
            "types": list(types),
            "recognizer": recognizer,
            "lexicon": lexicon,
            "published": self.published,
            "columns": list(self.fields.names()),
        }

    def begin(self, files: list[File]) -> None:
        """Take the store."""
        self.store.begin(files, resume=self.resume)

    def add(self, batch: Table, last_file: int, tell: Any) -> None:
        """Analyze a batch and keep its findings on disk, unless they are there."""
        number, self._next = self._next, self._next + 1
        # A file that can be read now, or one more of them, makes other batches.
        if number < len(self.store.kept) and self.store.kept[number] != len(batch):
            self.store.forget(number)
        if number >= len(self.store.kept):
            found = marsad.Analysis(self.analyzer, self.documents)
            self.find(found, batch, tell)
            self.store.add(found, last_file)
        self.documents += len(batch)

    def finish(self) -> Table:
        """Make the tables of what is kept."""
        files = Tables(self.folder, self.format)
        counter = _marsad.Counter(self.analyzer._core, None)
        for tables in chain([self._nothing()], self.store.tables()):
            for name, batches in tables.items():
                files.write(name, batches)
            counter.add(tables["documents"], tables["mentions"])
            dates = Table(tables["dates"])
            days = zip(dates.column("kind"), dates.column("value"), strict=True)
            self.days.update(value for kind, value in days if kind == "date" and value is not None)
        counts = counter.counts(None)
        files.write("counts", counts)
        files.finish()
        self.store.remove()
        return Table(counts)

    def end(self) -> None:
        """Leave the store to a run that goes on with it, if there is anything in it."""
        self.store.close()

    def _nothing(self) -> dict[str, _marsad.Batches]:
        """Give the tables without a row: each has a file, also where nothing was read."""
        return {name: getattr(self.empty, name)._batches for name in TABLES}


class PageRun(Run):
    """A run of ``marsad report``: the findings of all batches are kept, and of the texts a sample."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        super().__init__(arguments)
        self.found = self.empty

    def begin(self, files: list[File]) -> None:
        """Need nothing of the files."""

    def add(self, batch: Table, last_file: int, tell: Any) -> None:
        """Analyze a batch; of one that is interrupted the first documents are kept."""
        try:
            self.find(self.found, batch, tell)
        finally:
            self.documents = len(self.found)
