"""Contestants in turn, round after round."""

from __future__ import annotations

import gc
import importlib
import math
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: Seconds that a turn lasts at least: what is quicker is repeated within it.
LEAST = 0.05


@dataclass
class Contestant:
    """One way to do the task. ``prepare`` makes its input anew before each turn, outside the time."""

    name: str
    run: Callable[[Any], Any]
    prepare: Callable[[], Any]
    note: str = ""
    #: What one turn gives, in words ("31,204 matches"), from its result.
    tell: Callable[[Any], str] | None = None
    #: The contestant that it is compared with, where that is not the first.
    beside: str | None = None
    #: How often it runs in a turn.
    times: int = 1
    seconds: list[float] = field(default_factory=list)
    told: str = ""


@dataclass
class Row:
    """One contestant's figures in MB/s of UTF-8; ``ratio`` is Marsad's speed over this one's."""

    name: str
    median: float
    low: float
    high: float
    ratio: float
    times: int
    note: str


class Contest:
    """Contestants that get the same text; the first is the one the others are compared with.

    ``clock`` is the process's CPU time, which other processes on the machine do not lengthen; what runs on several
    threads is measured by the wall clock. ``about`` says what is to be known about the task.
    """

    def __init__(self, title: str, size: int, about: str = "", clock: Callable[[], float] = time.process_time) -> None:
        self.title = title
        self.size = size
        self.about = about
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
                spent, result = self.turn(contestant)
                if turn > 0:
                    contestant.seconds.append(spent)
                else:
                    contestant.times = math.ceil(LEAST / spent)
                    contestant.told = contestant.tell(result) if contestant.tell else ""
                del result
        print(" " * 100, end="\r", file=sys.stderr)

    def turn(self, contestant: Contestant) -> tuple[float, Any]:
        """Give the seconds of one run of the contestant, and what the last one found."""
        given = [contestant.prepare() for _ in range(contestant.times)]
        gc.collect()
        gc.disable()
        start = self.clock()
        for one in given[:-1]:
            contestant.run(one)
        result = contestant.run(given[-1])
        spent = self.clock() - start
        gc.enable()
        return max(spent / contestant.times, 1e-9), result

    def rows(self) -> list[Row]:
        """Work out the figures of each contestant."""
        seconds = {contestant.name: contestant.seconds for contestant in self.contestants}
        rows = []
        for contestant in self.contestants:
            ours = seconds[contestant.beside or self.contestants[0].name]
            speeds = [self.size / spent / 1e6 for spent in contestant.seconds]
            ratio = statistics.median(their / our for their, our in zip(contestant.seconds, ours, strict=True))
            note = "; ".join(part for part in (contestant.note, contestant.told) if part)
            figures = (statistics.median(speeds), min(speeds), max(speeds), ratio)
            rows.append(Row(contestant.name, *figures, contestant.times, note))
        return rows

    def record(self) -> dict[str, Any]:
        """Give all figures as plain values."""
        rows = [vars(row) for row in self.rows()]
        return {"title": self.title, "about": self.about, "bytes": self.size, "rows": rows, "skipped": self.skipped}


def peer(contest: Contest, module: str, missing: dict[str, str], name: str | None = None) -> Any:
    """Import a peer; where it is missing, give None and say so under the table."""
    name = name or module
    try:
        return importlib.import_module(module)
    except ImportError as fault:
        contest.skip(name, missing.get(name, str(fault)))
        return None
