"""Finding 20,000 two-word names."""

from __future__ import annotations

from typing import Any

import marsad
import pyarrow

from .contest import Contest, peer
from .corpus import Corpus, names

ABOUT = (
    "The same names for all: those of the built-in list of persons, then their first names with other persons' last "
    "ones. Marsad begins with raw text and also finds and resolves the dates; the peers are given text that is already "
    "normalized, which costs them nothing here, and find names only."
)


def matching(corpus: Corpus, missing: dict[str, str]) -> Contest:
    listed = names()
    contest = Contest(f"Finding {len(listed):,} two-word names", corpus.size, ABOUT)
    lexicon = {name: (f"N{place}", "PER") for place, name in enumerate(listed)}
    analyzer = marsad.Analyzer(lexicon, builtin_lexicon=False, recognizer=False, types=("PER",), threads=1)
    table = pyarrow.table({"text": pyarrow.array(corpus.strings(), pyarrow.string())})
    contest.add(
        "Marsad",
        lambda table: analyzer.analyze_corpus(table, progress=False),
        lambda: table,
        "Arrow in, tables out; from raw text: normalizes, cuts proclitics, finds dates too; whole words",
        lambda found: f"{len(found.mentions):,} matches",
    )

    def normalized() -> list[str]:
        """Fresh strings, normalized: what the peers are given, free of charge."""
        return [text.encode().decode() for text in marsad.normalize(corpus.strings())]

    def told(matches: int) -> str:
        return f"{matches:,} matches"

    if daachorse := peer(contest, "daachorse", missing):
        longest = daachorse.MATCH_KIND_LEFTMOST_LONGEST
        automaton = daachorse.CharwiseDoubleArrayAhoCorasick(listed, longest)
        contest.add(
            "daachorse",
            lambda texts: [automaton.find(text) for text in texts],
            normalized,
            "normalized text given; any place in the letters, inside words too, leftmost longest",
            lambda found: told(sum(map(len, found))),
        )
    if ahocorasick := peer(contest, "ahocorasick", missing, "pyahocorasick"):
        tree = ahocorasick.Automaton()
        for place, name in enumerate(listed):
            tree.add_word(name, place)
        tree.make_automaton()
        contest.add(
            "pyahocorasick",
            lambda texts: [list(tree.iter_long(text)) for text in texts],
            normalized,
            "normalized text given; any place in the letters, inside words too, longest",
            lambda found: told(sum(map(len, found))),
        )
    if spacy := peer(contest, "spacy", missing):
        contest.add(
            "spaCy PhraseMatcher",
            phrases(spacy, listed),
            normalized,
            'normalized text given; spacy.blank("ar"), whole tokens, so no name behind a proclitic',
            lambda found: told(sum(map(len, found))),
        )
    return contest


def phrases(spacy: Any, listed: list[str]) -> Any:
    language = spacy.blank("ar")
    language.max_length = 1 << 30
    from spacy.matcher import PhraseMatcher

    matcher = PhraseMatcher(language.vocab)
    matcher.add("PER", [language.make_doc(name) for name in listed])
    return lambda texts: [matcher(language.make_doc(text)) for text in texts]
