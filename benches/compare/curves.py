"""Time against the number of documents, the length of one, and the size of a lexicon; lines fitted to them."""

from __future__ import annotations

import gc
import math
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import marsad

from .contest import LEAST
from .corpus import Corpus, names, pieces

#: The fit takes in the points of so many upper decades, where fixed costs no longer weigh.
DECADES = 2
#: A curve whose exponent lies between these is straight.
STRAIGHT = (0.9, 1.1)
#: Analyzing the same text with a million names may take so many times what it takes with a thousand.
FLAT = 2.0
#: Characters of the short texts, and bytes of the text that lexicons are tried on.
SHORT = 200
TRIED = 4_000_000

Point = dict[str, float]


def sizes(first: int, last: int) -> list[int]:
    """Two sizes a decade, 1 and 3, from 10 to the power of ``first`` to 10 to the power of ``last``."""
    return [10**power * step for power in range(first, last) for step in (1, 3)] + [10**last]


def fit(points: Iterable[Point]) -> tuple[float, float]:
    """Fit seconds = factor * size ** exponent to the upper decades, by least squares of the logarithms."""
    upper = fitted(list(points))
    across = [math.log10(point["size"]) for point in upper]
    up = [math.log10(point["seconds"]) for point in upper]
    middle, height = sum(across) / len(across), sum(up) / len(up)
    spread = sum((x - middle) ** 2 for x in across)
    exponent = sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True)) / spread
    return exponent, 10 ** (height - exponent * middle)


def fitted(points: list[Point]) -> list[Point]:
    """Give the points of the upper decades."""
    least = max(point["size"] for point in points) / 10**DECADES
    return [point for point in points if point["size"] >= least]


def turns_of(spent: float) -> tuple[int, int]:
    """Say in how many rounds a run of so many seconds has its turn, and how often it runs in a turn."""
    if spent > 8:
        return 0, 1
    return (2 if spent > 1 else 5), math.ceil(LEAST / spent)


def once(run: Callable[[], Any], times: int) -> float:
    gc.collect()
    gc.disable()
    start = time.process_time()
    for _ in range(times):
        run()
    spent = time.process_time() - start
    gc.enable()
    return max(spent / times, 1e-9)


def points(what: str, tried: list[int], made: Callable[[int], Callable[[], Any]]) -> list[Point]:
    """Measure what ``made`` gives for each size: the least of rounds in which all sizes have their turn.

    So a while in which the machine is busy lengthens no size alone. What runs for a second or longer in the first
    round, which warms the others up, counts there too.
    """

    def turn(number: int, size: int, times: int) -> float:
        print(f"curve, {what}: round {number}, {size:,}" + " " * 30, end="\r", file=sys.stderr, flush=True)
        return once(runs[size], times)

    runs = {size: made(size) for size in tried}
    first = {size: turn(0, size, 1) for size in tried}
    plan = {size: turns_of(first[size]) for size in tried}
    least = {size: [first[size]] if first[size] > 1 else [] for size in tried}
    for number in range(1, 1 + max(rounds for rounds, _ in plan.values())):
        for size, (rounds, times) in plan.items():
            if number <= rounds:
                least[size].append(turn(number, size, times))
    print(" " * 100, end="\r", file=sys.stderr)
    return [{"size": size, "seconds": min(least[size]), "runs": len(least[size]) * plan[size][1]} for size in tried]


def documents(quick: bool) -> dict[str, Any]:
    """Measure time against the number of short documents."""
    import pyarrow

    texts = list(pieces(Corpus(12_000_000).strings(), SHORT))
    once_over = pyarrow.array(texts, pyarrow.string())
    analyzer = marsad.Analyzer(threads=1)

    def made(count: int) -> Callable[[], Any]:
        whole, rest = divmod(count, len(texts))
        table = pyarrow.table({"text": pyarrow.chunked_array([once_over] * whole + [once_over.slice(0, rest)])})
        return lambda: analyzer.analyze_corpus(table, progress=False)

    return {
        "title": "Number of documents",
        "across": "documents",
        "about": f"`analyze_corpus` of an Arrow table of texts of about {SHORT} characters, everything on. They are "
        f"{len(texts):,} pieces of the news, over and over where more are due.",
        "series": [
            {
                "name": "everything on",
                "unit": "document",
                "points": points("documents", sizes(2, 4 if quick else 6), made),
            }
        ],
    }


def length(quick: bool) -> dict[str, Any]:
    """Measure time against the length of one document."""
    import pyarrow

    corpus = Corpus(12_000_000)
    text = "\n".join(corpus.strings())
    top = 5 if quick else 7
    held = len(text)
    text = (text + "\n") * math.ceil(10**top / held)
    series = []
    for name, recognizer in (("everything on", True), ("recognizer=False", False)):
        analyzer = marsad.Analyzer(recognizer=recognizer, threads=1)

        def made(count: int, analyzer: Any = analyzer) -> Callable[[], Any]:
            table = pyarrow.table({"text": pyarrow.array([text[:count]], pyarrow.string())})
            return lambda: analyzer.analyze_corpus(table, progress=False)

        found = points(f"length, {name}", sizes(2, top), made)
        series.append({"name": name, "unit": "character", "points": found})
    return {
        "title": "Length of a document",
        "across": "characters of one document",
        "about": f"`analyze_corpus` of one document: articles one after another, {held:,} characters of them before "
        "they begin again.",
        "series": series,
    }


def lexicon(quick: bool) -> dict[str, Any]:
    """Measure time against the number of names in a user's lexicon."""
    import pyarrow

    tried = sizes(3, 5 if quick else 6)
    listed = names(tried[-1])
    corpus = Corpus(TRIED)
    table = pyarrow.table({"text": pyarrow.array(corpus.strings(), pyarrow.string())})

    def given(count: int) -> dict[str, tuple[str, str]]:
        return {name: (f"N{place}", "PER") for place, name in enumerate(listed[:count])}

    def analyzer(names: dict[str, tuple[str, str]]) -> marsad.Analyzer:
        return marsad.Analyzer(names, builtin_lexicon=False, recognizer=False, types=("PER",), threads=1)

    def building(count: int) -> Callable[[], Any]:
        names = given(count)
        return lambda: analyzer(names)

    def analyzing(count: int) -> Callable[[], Any]:
        ready = analyzer(given(count))
        return lambda: ready.analyze_corpus(table, progress=False)

    return {
        "title": "Size of a lexicon",
        "across": "names in the lexicon",
        "about": "A dict of made-up two-word names (listed first names with other persons' last names), "
        "`builtin_lexicon=False, recognizer=False`: making the analyzer from it, and analyzing "
        f"{corpus.size / 1e6:.0f} MB of news with it, dates included. The more names, the more of them the news has.",
        "series": [
            {"name": "making the analyzer", "unit": "name", "points": points("building", tried, building)},
            {
                "name": f"analyzing {corpus.size / 1e6:.0f} MB",
                "unit": None,
                "points": points("analyzing", tried, analyzing),
            },
        ],
    }
