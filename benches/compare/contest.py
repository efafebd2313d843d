"""Contestants in turn, round after round."""

from __future__ import annotations

import gc
import importlib
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Contestant:
    """One way to do the task. ``prepare`` makes its input anew before each turn, outside the time."""

    name: str
    run: Callable[[Any], Any]
    prepare: Callable[[], Any]
    note: str = ""
    #: What one turn gives, in words ("31,204 matches"), from its result.
    tell: Callable[[Any], str] | None = None
    seconds: list[float] = field(default_factory=list)
    told: str = ""


@dataclass
class Row:
    """One contestant's figures in MB/s of UTF-8; ``ratio`` is the first contestant's speed over this one's."""

    name: str
    median: float
    low: float
    high: float
    ratio: float
    note: str

    def markdown(self) -> str:
        """Write the row of a table."""
        return (
            f"| {self.name} | {digits(self.median)} | {digits(self.low)} | {digits(self.high)} "
            f"| {digits(self.ratio)} | {self.note} |"
        )


class Contest:
    """Contestants that get the same text; the first is the one the others are compared with.

    ``clock`` is the process's CPU time, which other processes on the machine do not lengthen; what runs on several
    threads is measured by the wall clock.
    """

    def __init__(self, title: str, size: int, clock: Callable[[], float] = time.process_time) -> None:
        self.title = title
        self.size = size
        self.clock = clock
        self.contestants: list[Contestant] = []
        self.skipped: list[str] = []

    def add(self, *args: Any, **kwargs: Any) -> None:
        """Add a contestant; the arguments are those of `Contestant`."""
        self.contestants.append(Contestant(*args, **kwargs))

    def skip(self, name: str, why: str) -> None:
        """Say that a contestant is not there."""
        self.skipped.append(f"{name} is left out: {why}")

    def run(self, rounds: int) -> None:
        """Warm up for a round, then run those that count, each beginning with another contestant."""
        for turn in range(rounds + 1):
            print(f"{self.title}: round {turn} of {rounds}", end="\r", file=sys.stderr, flush=True)
            shift = turn % len(self.contestants)
            for contestant in self.contestants[shift:] + self.contestants[:shift]:
                given = contestant.prepare()
                gc.collect()
                gc.disable()
                start = self.clock()
                result = contestant.run(given)
                spent = max(self.clock() - start, 1e-9)
                gc.enable()
                if turn == 0 and contestant.tell:
                    contestant.told = contestant.tell(result)
                if turn > 0:
                    contestant.seconds.append(spent)
                del given, result
        print(" " * 100, end="\r", file=sys.stderr)

    def rows(self) -> list[Row]:
        """Work out the figures of each contestant."""
        first = self.contestants[0]
        rows = []
        for contestant in self.contestants:
            speeds = [self.size / spent / 1e6 for spent in contestant.seconds]
            ratios = [theirs / ours for theirs, ours in zip(contestant.seconds, first.seconds, strict=True)]
            note = "; ".join(part for part in (contestant.note, contestant.told) if part)
            rows.append(
                Row(
                    contestant.name,
                    statistics.median(speeds),
                    min(speeds),
                    max(speeds),
                    statistics.median(ratios),
                    note,
                )
            )
        return rows

    def markdown(self) -> str:
        """Write the table."""
        lines = [f"### {self.title}", "", "| | MB/s | min | max | Marsad is × | |", "|---|---:|---:|---:|---:|---|"]
        lines += [row.markdown() for row in self.rows()]
        lines += ["", *self.skipped] if self.skipped else []
        return "\n".join(lines)

    def ratio(self, name: str) -> float | None:
        """Say how much faster the first contestant is than the one of this name."""
        return next((row.ratio for row in self.rows() if row.name == name), None)

    def speed(self, name: str) -> float | None:
        """Give the MB/s of the contestant of this name."""
        return next((row.median for row in self.rows() if row.name == name), None)

    def record(self) -> dict[str, Any]:
        """Give all figures as plain values."""
        rows = [vars(row) for row in self.rows()]
        return {"title": self.title, "bytes": self.size, "rows": rows, "skipped": self.skipped}


def digits(value: float) -> str:
    """Write a figure with three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def peer(contest: Contest, module: str, missing: dict[str, str], name: str | None = None) -> Any:
    """Import a peer; where it is missing, give None and say so under the table."""
    name = name or module
    try:
        return importlib.import_module(module)
    except ImportError as fault:
        contest.skip(name, missing.get(name, str(fault)))
        return None
