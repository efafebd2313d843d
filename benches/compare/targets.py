"""The figures to hold, and what a record says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .curves import FLAT, STRAIGHT, fit

Parts = dict[str, dict[str, Any]]

#: The larger input may take so many times the memory of the smaller one.
BOUNDED = 1.3
#: The date peers: Marsad is to beat the fastest of them.
DATE_PEERS = ("dateparser", "arabic-itn")


@dataclass
class Target:
    """A figure: at least ``due``, or with ``below`` less than it, or with ``most`` from ``due`` to that."""

    what: str
    due: float
    measured: float | None
    unit: str = "x"
    below: bool = False
    most: float | None = None

    def verdict(self) -> str:
        """Say whether it is reached, and by how much it is missed."""
        if self.measured is None:
            return "not measured"
        if self.most is not None:
            return "reached" if self.due <= self.measured <= self.most else "**missed**"
        if self.below:
            return "reached" if self.measured < self.due else f"**missed**: {self.measured / self.due:.2f} times it"
        return "reached" if self.measured >= self.due else f"**missed**: {self.measured / self.due:.0%} of it"

    def line(self) -> str:
        """Write the row of a table."""
        if self.most is not None:
            due = f"{digits(self.due)} to {digits(self.most)}"
        else:
            due = f"{'below' if self.below else 'at least'} {digits(self.due)}"
        measured = "" if self.measured is None else f"{digits(self.measured)} {self.unit}"
        return f"| {self.what} | {due} {self.unit} | {measured} | {self.verdict()} |".replace("  ", " ")


def digits(value: float) -> str:
    """Write a figure with three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def targets(parts: Parts) -> list[Target]:
    """Work out every figure from what the parts have measured; None where a part or a peer is missing."""

    def row(part: str, name: str, key: str) -> float | None:
        rows = parts[part]["rows"] if part in parts else []
        return next((row[key] for row in rows if row["name"] == name), None)

    def ratio(part: str, name: str) -> float | None:
        return row(part, name, "ratio")

    def over(first: float | None, second: float | None) -> float | None:
        return first / second if first and second else None

    def fact(name: str) -> float | None:
        return parts["costs"]["facts"].get(name) if "costs" in parts else None

    named = row("names", "Marsad", "median")
    peers = {name: row("dates", name, "median") for name in DATE_PEERS}
    fastest = max((name for name in DATE_PEERS if peers[name]), key=lambda name: peers[name] or 0, default=None)
    told = f" ({fastest})" if fastest else ""
    whole = row("analysis", "analyze_corpus", "median")
    tokens = parts["analysis"]["tokens"] / parts["analysis"]["bytes"] if "analysis" in parts else None
    return [
        Target("normalize, Arrow to Arrow, over arabic-norm", 10, ratio("arrow", "arabic-norm")),
        Target("normalize, Arrow to Arrow, over polars `replace_many`", 5, ratio("arrow", "polars replace_many")),
        Target("normalize, Arrow to Arrow, of memcpy", 0.12, ratio("arrow", "memcpy")),
        Target("normalize, str to str, over arabic-norm", 2, ratio("str", "arabic-norm, str")),
        Target("normalize, list to list, over arabic-norm", 2, ratio("str", "arabic-norm, list")),
        Target("analysis with 20,000 names and dates, a core", 60, named, "MB/s"),
        Target(
            f"analysis with 20,000 names and dates, over the fastest date peer{told}",
            100,
            over(named, peers[fastest] if fastest else None),
        ),
        Target("analysis with 20,000 names and dates, over spaCy", 10, ratio("names", "spaCy PhraseMatcher")),
        Target("dates alone, over dateparser", 100, ratio("dates", "dateparser")),
        Target("dates alone, over arabic-itn, which resolves none", 100, ratio("dates", "arabic-itn")),
        Target("analysis with everything on, a core", 0.5, whole * tokens if whole and tokens else None, "M tokens/s"),
        Target("two threads over one", 1.8, ratio("threads", "one thread")),
        Target("import marsad over bare Python", 50, fact("import_ms"), "ms", below=True),
        Target("wheel", 8, fact("wheel_mb"), "MB", below=True),
        *memory(parts),
        *curves(parts),
    ]


def memory(parts: Parts) -> list[Target]:
    ways: dict[str, list[dict[str, Any]]] = {"analyze_batches": [], "marsad analyze": []}
    for row in parts["memory"]["rows"] if "memory" in parts else []:
        next(rows for way, rows in ways.items() if way in row["way"]).append(row)
    found = []
    for way, rows in ways.items():
        small, large = (rows[0], rows[-1]) if rows else (None, None)
        told = f", {large['bytes'] / 1e6:,.0f} MB of text over {small['bytes'] / 1e6:,.0f}" if small and large else ""
        grown = large["peak"] / small["peak"] if small and large else None
        found.append(Target(f"peak memory of `{way}`{told}", BOUNDED, grown, below=True))
    return found


def curves(parts: Parts) -> list[Target]:
    due = (("documents", 1), ("length", 2), ("lexicon", 1))
    found = []
    for part, count in due:
        every = parts[part]["series"][:count] if part in parts else [{}] * count
        for series in every:
            title = f"{parts[part]['title'].lower()}, {series['name']}" if series else part
            measured = fit(series["points"])[0] if series else None
            found.append(Target(f"exponent of time: {title}", STRAIGHT[0], measured, "", most=STRAIGHT[1]))
    points = parts["lexicon"]["series"][1]["points"] if "lexicon" in parts else []
    told = f"{points[-1]['size']:,.0f} names over {points[0]['size']:,.0f}" if points else "most names over fewest"
    grown = points[-1]["seconds"] / points[0]["seconds"] if points else None
    return [*found, Target(f"time to analyze the same text, {told}", FLAT, grown, below=True)]
