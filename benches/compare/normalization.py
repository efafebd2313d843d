"""Normalization with the profile "search": Arrow to Arrow, and str, lists and pandas to the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import marsad
import numpy
import pyarrow

from .contest import Contest, peer
from .corpus import Corpus

#: arabic-norm's options that come nearest to the profile.
NORM = {"ta_marbuta": True}

ABOUT = (
    "The profile `search`: presentation forms and look-alikes to plain letters, marks and invisible characters away, "
    "alef, ya and ta marbuta folded, digits to ASCII, blanks collapsed. "
)
ABOUT_ARROW = ABOUT + (
    "arabic-norm folds alef, ya and ta marbuta and strips marks and tatweel, and nothing else. polars is given every "
    "pair of characters that the profile changes in Arabic's block or in the text. memcpy is the limit of the machine."
)
ABOUT_STR = ABOUT + (
    "The strings are new in each turn: CPython keeps a string's UTF-8 once it has been asked for. arabic-norm, here "
    "too, folds less; pyarabic is the chain of its five functions that come nearest. The rows of lists and of pandas "
    "are compared with Marsad's row of the same kind, the others with its first."
)


def pairs(corpus: Corpus) -> dict[str, str]:
    """Each character of Arabic's block and of the corpus that the profile changes between letters, and into what."""
    characters = set(map(chr, range(0x600, 0x700))).union(*corpus.strings())
    changed = {}
    for character in sorted(characters):
        becomes = marsad.normalize(f"ب{character}ب")[1:-1]
        if becomes != character:
            changed[character] = becomes
    return changed


def arrow(corpus: Corpus, missing: dict[str, str]) -> Contest:
    contest = Contest("Normalization, Arrow column to Arrow column", corpus.size, ABOUT_ARROW)
    column = pyarrow.array(corpus.strings(), pyarrow.string())
    changed = pairs(corpus)
    normalizer = marsad.Normalizer("search")
    contest.add("Marsad", normalizer.normalize, lambda: column)
    if norm := peer(contest, "arabic_norm", missing, "arabic-norm"):
        contest.add(
            "arabic-norm",
            lambda column: pyarrow.array(norm.normalize_batch(column.to_pylist(), **NORM), pyarrow.string()),
            lambda: column,
            "takes lists only: to_pylist, normalize_batch, array",
        )
    if polars := peer(contest, "polars", missing):
        series = polars.Series(column)
        before, after = list(changed), list(changed.values())
        contest.add(
            "polars replace_many",
            lambda series: series.str.replace_many(before, after),
            lambda: series,
            f"Series to Series, {len(before)} pairs; blanks are not collapsed",
        )
    values = numpy.frombuffer(column.buffers()[2], dtype=numpy.uint8)
    contest.add("memcpy", numpy.copy, lambda: values, "the values buffer, copied")
    return contest


def strings(corpus: Corpus, missing: dict[str, str]) -> Contest:
    contest = Contest("Normalization, str to str, list to list, pandas to pandas", corpus.size, ABOUT_STR)
    normalizer = marsad.Normalizer("search")
    pandas = peer(contest, "pandas", missing)

    def add(name: str, one: Callable[[str], Any], note: str = "") -> None:
        contest.add(name, lambda texts: [one(text) for text in texts], corpus.strings, note)

    def series(values: list[str]) -> Any:
        return pandas.Series(values, dtype=object)

    add("Marsad, str", normalizer.normalize, "one document a call")
    contest.add("Marsad, list", normalizer.normalize, corpus.strings)
    if pandas:
        contest.add("Marsad, pandas", normalizer.normalize, lambda: series(corpus.strings()), "Series of objects")
    if norm := peer(contest, "arabic_norm", missing, "arabic-norm"):
        add("arabic-norm, str", lambda text: norm.normalize(text, **NORM), "one document a call")
        contest.add(
            "arabic-norm, list",
            lambda texts: norm.normalize_batch(texts, **NORM),
            corpus.strings,
            beside="Marsad, list",
        )
        if pandas:
            contest.add(
                "arabic-norm, pandas",
                lambda given: series(norm.normalize_batch(given.tolist(), **NORM)),
                lambda: series(corpus.strings()),
                "takes lists only: tolist, normalize_batch, Series",
                beside="Marsad, pandas",
            )
    if araby := peer(contest, "pyarabic.araby", missing, "pyarabic"):

        def chained(text: str) -> str:
            text = araby.strip_tatweel(araby.strip_tashkeel(text))
            return araby.normalize_teh(araby.normalize_alef(araby.normalize_ligature(text)))

        add("pyarabic", chained, "strip_tashkeel, strip_tatweel, normalize_ligature, _alef, _teh")
    table = str.maketrans(pairs(corpus))
    add("str.translate", lambda text: text.translate(table), f"{len(table)} pairs; blanks are not collapsed")
    return contest
