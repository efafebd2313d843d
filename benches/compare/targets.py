"""The figures to hold, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .contest import Contest, digits


@dataclass
class Target:
    """A figure: at least ``due``, or with ``below`` less than it."""

    what: str
    due: float
    measured: float | None
    unit: str = "x"
    below: bool = False

    def line(self) -> str:
        """Write the row of a table."""
        least = "below" if self.below else "at least"
        due = f"{least} {digits(self.due)} {self.unit}"
        if self.measured is None:
            return f"| {self.what} | {due} | not measured | |"
        reached = self.measured < self.due if self.below else self.measured >= self.due
        share = self.measured / self.due
        verdict = (
            "reached"
            if reached
            else f"missed: {share:.0%} of it"
            if not self.below
            else f"missed: {share:.2f} times it"
        )
        return f"| {self.what} | {due} | {digits(self.measured)} {self.unit} | {verdict} |"


def targets(contests: dict[str, Contest], facts: dict[str, float]) -> list[Target]:
    def ratio(part: str, name: str) -> float | None:
        return contests[part].ratio(name) if part in contests else None

    def speed(part: str, name: str) -> float | None:
        return contests[part].speed(name) if part in contests else None

    def over(first: float | None, second: float | None) -> float | None:
        return first / second if first and second else None

    whole = speed("analysis", "analyze_corpus")
    tokens = facts["tokens"] / contests["analysis"].size if "analysis" in contests else None
    return [
        Target("normalize, Arrow to Arrow, over arabic-norm", 10, ratio("arrow", "arabic-norm")),
        Target("normalize, Arrow to Arrow, over polars replace_many", 5, ratio("arrow", "polars replace_many")),
        Target("normalize, Arrow to Arrow, of memcpy", 0.12, ratio("arrow", "memcpy")),
        Target("normalize, str to str, over arabic-norm", 2, ratio("str", "arabic-norm, str")),
        Target(
            "normalize, list to list, over arabic-norm",
            2,
            over(speed("str", "Marsad, list"), speed("str", "arabic-norm, list")),
        ),
        Target("analysis with 20,000 names and dates", 60, speed("names", "Marsad"), "MB/s"),
        Target("analysis with 20,000 names and dates, over spaCy", 10, ratio("names", "spaCy PhraseMatcher")),
        Target("dates alone, over dateparser", 100, ratio("dates", "dateparser")),
        Target("dates alone, over arabic-itn, which resolves none", 50, ratio("dates", "arabic-itn")),
        Target("analysis with the built-in names and the recognizer", 60, whole, "MB/s"),
        Target("the same, tokens", 0.5, whole * tokens if whole and tokens else None, "M tokens/s"),
        Target("two threads over one", 1.8, ratio("threads", "one thread")),
        Target("import marsad over bare Python", 50, facts.get("import_ms"), "ms", below=True),
        Target("wheel", 8, facts.get("wheel_mb"), "MB", below=True),
        Target("memory that a stream takes for each further MB of text", 0.1, facts.get("growth"), "MB", below=True),
    ]


def markdown(found: list[Target]) -> str:
    lines = ["### Figures to hold", "", "| | due | measured | |", "|---|---|---|---|"]
    return "\n".join([*lines, *(target.line() for target in found)])


def record(found: list[Target]) -> list[dict[str, Any]]:
    return [vars(target) for target in found]
