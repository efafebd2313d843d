"""Findings kept on disk batch by batch while a command runs, so that a run that is cut off can go on.

A store is the folder ``.marsad-run`` in the folder of tables: ``run.json`` says what is analyzed and how, and each
batch has a folder of its own, named by its number, which appears under that name only when it is whole. The tables
are made of the batches at the end, and the store goes away.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from marsad import _marsad
from marsad.analysis import TABLES, Analysis

NAME = ".marsad-run"


class File(NamedTuple):
    """An input, and how one can see that it has changed."""

    path: str
    size: int
    #: When its text changed, and when its name, rights or text did, in nanoseconds.
    modified: int
    changed: int

    @classmethod
    def of(cls, path: str | os.PathLike[str]) -> File:
        """Look at a file; one that cannot be looked at is told when it is read."""
        name = os.fsdecode(path)
        try:
            about = os.stat(name)
        except OSError:
            return cls(name, -1, -1, -1)
        return cls(os.path.abspath(name), about.st_size, about.st_mtime_ns, about.st_ctime_ns)


class Store:
    """The batches of one run on disk."""

    def __init__(self, folder: Path, about: dict[str, Any]) -> None:
        self.folder = folder / NAME
        self.about = about
        #: How many documents each batch has that is kept.
        self.kept: list[int] = []
        self._held = False
        self._lock: int | None = None

    def left(self) -> int | None:
        """Count the documents that a run left here which was cut off; None if there is none."""
        if not (self.folder / "run.json").is_file():
            return None
        self._take()
        self._give_back()
        return sum(int(batch["documents"]) for batch in self._whole())

    def begin(self, files: Sequence[File], *, resume: bool) -> None:
        """Take the store for this run; with ``resume`` keep the batches of which no input has changed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.folder.is_symlink():
            raise OSError(errno.ELOOP, "found a link; a folder is due, or nothing", str(self.folder))
        self._take()
        if resume and (self.folder / "run.json").is_file():
            self._resume(files)
        self._held = True
        self.forget(len(self.kept))
        part = self.folder / "run.json.part"
        part.unlink(missing_ok=True)
        part.write_text(json.dumps({"about": self.about, "files": files}, indent=1), encoding="ascii")
        part.replace(self.folder / "run.json")

    def forget(self, number: int) -> None:
        """Remove the batches from this one on, and those that are not whole."""
        del self.kept[number:]
        for path in self.folder.iterdir():
            if path.is_dir() and (not path.name.isdigit() or int(path.name) >= number):
                shutil.rmtree(path)

    def _take(self) -> None:
        """Hold a lock that the system lets go of when this process ends, however it ends."""
        try:
            import fcntl
        except ImportError:  # Windows, where another run cannot remove what this one has open.
            return
        lock = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            os.close(lock)
            why = "another run is writing to this folder"
            raise BlockingIOError(fault.errno, why, str(self.folder.parent)) from None
        self._lock = lock

    def _give_back(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _resume(self, files: Sequence[File]) -> None:
        before = json.loads((self.folder / "run.json").read_text(encoding="ascii"))
        for name, value in self.about.items():
            was = before["about"].get(name)
            if was != value:
                raise ValueError(
                    f"--resume: the run that was cut off has {name} {was!r}, this one {value!r}; "
                    "give the same, or --restart to begin anew"
                )
        same = 0
        for one, other in zip(before["files"], files, strict=False):
            if tuple(one) != tuple(other):
                break
            same += 1
        for batch in self._whole():
            if batch["last_file"] >= same:
                break
            self.kept.append(batch["documents"])

    def _whole(self) -> Iterator[dict[str, Any]]:
        """Say of each whole batch, in order, how many documents it has and which files it was read from."""
        for number in range(len(os.listdir(self.folder))):
            try:
                about = json.loads((self._path(number) / "batch.json").read_text(encoding="utf-8"))
                sizes = [(self._path(number) / f"{name}.parquet").stat().st_size for name in TABLES]
            except (FileNotFoundError, ValueError):
                return
            # What a failure of power took of a file that was not yet on the disk.
            if about["sizes"] != sizes:
                return
            yield about

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:08}"

    def add(self, found: Analysis, last_file: int) -> None:
        """Keep the findings of the next batch, which was read from the files up to this one."""
        path = self._path(len(self.kept))
        part = path.with_name(f"{path.name}.part")
        part.mkdir()
        sizes = []
        for name in TABLES:
            table = part / f"{name}.parquet"
            batches = getattr(found, name)._batches
            writer = _marsad.Writer(table, batches, "parquet")
            writer.write(batches)
            writer.finish(durable=False)
            sizes.append(table.stat().st_size)
        about = {"documents": len(found), "last_file": last_file, "sizes": sizes}
        (part / "batch.json").write_text(json.dumps(about), encoding="utf-8")
        part.rename(path)
        self.kept.append(len(found))

    def tables(self) -> Iterator[dict[str, _marsad.Batches]]:
        """Give the tables of each batch, one batch after another."""
        for number in range(len(self.kept)):
            path = self._path(number)
            yield {name: _marsad.Batches.from_parquet((path / f"{name}.parquet").read_bytes()) for name in TABLES}

    @property
    def documents(self) -> int:
        """How many documents are kept."""
        return sum(self.kept)

    def remove(self) -> None:
        """Remove the batches, whose tables are made."""
        self.kept = []
        self.close()

    def close(self) -> None:
        """Let another run take the store; one without batches goes away."""
        if not self._held:
            return
        if not self.kept:
            shutil.rmtree(self.folder)
        self._held = False
        self._give_back()
