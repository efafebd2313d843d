"""Finding dates and saying which days they are."""

from __future__ import annotations

from typing import Any

import marsad
import pyarrow

from .contest import Contest, peer
from .corpus import Corpus

#: Bytes of news: the peers take seconds for it.
SIZE = 300_000

ABOUT = (
    "A part of the text only, as the peers take seconds for it. Marsad is an analyzer with a lexicon of one name that "
    "no text holds and without its recognizer; it normalizes, makes tokens, finds dates, resolves them to days and "
    "builds the tables. dateparser finds and resolves; arabic-itn rewrites spelled-out numbers, dates and times in "
    "digits and resolves nothing. Who is right how often is in [accuracy.md](accuracy.md)."
)


def dates(corpus: Corpus, missing: dict[str, str]) -> Contest:
    texts: list[bytes] = []
    size = 0
    for text in corpus.texts:
        texts.append(text)
        size += len(text)
        if size >= SIZE:
            break
    contest = Contest("Finding and resolving dates", size, ABOUT)
    # A lexicon of one name that no text holds: an analyzer needs one.
    analyzer = marsad.Analyzer(
        {"ءءء": ("NOBODY", "PER")}, builtin_lexicon=False, recognizer=False, types=("PER",), threads=1
    )
    table = pyarrow.table({"text": pyarrow.array([text.decode() for text in texts], pyarrow.string())})

    def fresh() -> list[str]:
        return [text.decode() for text in texts]

    contest.add(
        "Marsad, dates only",
        lambda table: analyzer.analyze_corpus(table, progress=False),
        lambda: table,
        "Arrow in, table out: normalizes, finds, resolves to days",
        lambda found: f"{len(found.dates):,} expressions",
    )
    if search := peer(contest, "dateparser.search", missing, "dateparser"):
        contest.add(
            "dateparser",
            lambda texts: [search.search_dates(text, languages=["ar"]) for text in texts],
            fresh,
            '`search_dates(languages=["ar"])`: finds, resolves to days',
            lambda found: f"{sum(len(one or ()) for one in found):,} expressions",
        )
    if itn := peer(contest, "arabic_itn", missing, "arabic-itn"):
        contest.add(
            "arabic-itn",
            lambda texts: [itn.normalize(text) for text in texts],
            fresh,
            "rewrites spelled-out dates in digits; resolves none to a day",
            told,
        )
    return contest


def told(found: list[Any]) -> str:
    return f"{len(found):,} texts"
