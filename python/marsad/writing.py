"""Writing tables to files of a folder, which get their names when all of them are whole."""

from __future__ import annotations

from pathlib import Path

from marsad import _marsad


class Tables:
    """Files of one format in a folder, one a table, that grow batch by batch; until ``finish`` they are NAME.part."""

    def __init__(self, folder: Path, format: str) -> None:
        self._folder = folder
        self._format = format
        self._writers: dict[str, _marsad.Writer] = {}

    def write(self, name: str, batches: _marsad.Batches) -> None:
        """Add rows to a table, which begins with its first."""
        if name not in self._writers:
            path = self._folder / f"{name}.{self._format}"
            self._writers[name] = _marsad.Writer(path, batches, self._format)
        self._writers[name].write(batches)

    def finish(self) -> None:
        """Make every file whole, then give each its name."""
        for writer in self._writers.values():
            writer.end()
        for writer in self._writers.values():
            writer.finish()
