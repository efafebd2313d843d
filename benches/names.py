"""How right the names are: ``make accuracy``, or ``python benches/names.py --help``.

Reads marked sets that lie beside the project, ``$MARSAD_SHARED`` or ``../shared``: ``ner/`` with its scripts
``eval_ner.py`` and ``eval_spans.py``, and ``seeds/gold.json``. Prints a Markdown table of precision, recall and F1 by
type, and ends with status 1 where an F1 is below its floor. Without the sets it says so and ends with status 0.

The package's own model has never seen ANERcorp's test, Wojood's test, AQMAR or the seeds. It was trained on the ANT
articles; ``--folds FOLDER`` scores these by five models that were not (``make folds`` trains them, about half an hour).
``--speed`` reads 3,000 articles with everything on, on one thread, three times, and tells the best time.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from itertools import combinations, islice
from pathlib import Path
from types import ModuleType
from typing import Any

import marsad

ROOT = Path(__file__).resolve().parent.parent
TYPES = ("PER", "LOC", "ORG")
FOLDS = 5
#: So many articles are read for the speed.
ARTICLES = 3000

#: The least F1 of all three types together, by set and measure.
FLOORS = {
    "ANERcorp test": 0.76,
    "Wojood test": 0.81,
    "AQMAR dev": 0.60,
    "seeds, exact": 0.95,
    "seeds, entity and count": 0.92,
    "seeds, linked pairs": 0.95,
    "ANT, five folds": 0.85,
}

#: Sets of sentences cut into tokens.
CONLL = {
    "ANERcorp test": "anercorp_camel/test.conll",
    "Wojood test": "wojood_sample/test.conll",
    "AQMAR dev": "aqmar_dev/dev.conll",
}

Span = tuple[int, int, str]


def folder() -> Path | None:
    """Return the folder of the sets, or None where there is none."""
    found = Path(os.environ.get("MARSAD_SHARED") or ROOT.parent / "shared")
    return found if (found / "ner" / "eval_ner.py").is_file() else None


def scorer(sets: Path) -> ModuleType:
    """Import the sets' own script."""
    sys.path.insert(0, str(sets / "ner"))
    import eval_ner  # type: ignore[import-not-found]

    module: ModuleType = eval_ner
    return module


class Tally:
    """Right, found and due, by type."""

    def __init__(self) -> None:
        self.counts = {kind: [0, 0, 0] for kind in (*TYPES, "all")}

    def add(self, found: set[Span], due: set[Span]) -> None:
        """Count one text."""
        for kind, counts in self.counts.items():
            one = {span for span in found if kind in ("all", span[2])}
            other = {span for span in due if kind in ("all", span[2])}
            counts[0] += len(one & other)
            counts[1] += len(one)
            counts[2] += len(other)

    def measures(self) -> dict[str, tuple[float, float, float]]:
        """Return precision, recall and F1 by type."""
        return {kind: measure(*counts) for kind, counts in self.counts.items()}


def measure(right: int, found: int, due: int) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    precision, recall = right / max(found, 1), right / max(due, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def conll(sets: Path, file: str) -> dict[str, tuple[float, float, float]]:
    """Score a set of tokens, sentence by sentence; proclitics that stand inside its first token are forgiven."""
    script = scorer(sets)
    gold = script.read_conll(sets / "ner" / file)
    analyzer = marsad.Analyzer()
    found = []
    for sentence in gold:
        doc = analyzer.analyze(" ".join(token for token, _ in sentence))
        found.append([(one.start, one.end, one.type) for one in doc.entities])
    exact = script.score(gold, found, set(TYPES), trim=True)["exact"]
    return {kind: exact["micro" if kind == "all" else kind][:3] for kind in (*TYPES, "all")}


def folds(sets: Path, models: Path) -> dict[str, tuple[float, float, float]]:
    """Score the ANT articles, each by the model of the fold that left it out."""
    tally = Tally()
    lines = (sets / "ner" / "ant_news" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    for fold in range(FOLDS):
        analyzer = marsad.Analyzer(model=models / f"{fold}.bin")
        for line in lines[fold::FOLDS]:
            row = json.loads(line)
            doc = analyzer.analyze(row["text"], published=row["published"])
            found = {(one.start, one.end, one.type) for one in doc.entities}
            due = {(one["start"], one["end"], one["type"]) for one in row["entities"]}
            tally.add(found, {span for span in due if span[2] in TYPES})
    return tally.measures()


def pairs(ids: Iterable[tuple[Any, str]]) -> set[Any]:
    """Return the pairs of places that name one entity."""
    placed = sorted(ids)
    return {(one, other) for (one, first), (other, second) in combinations(placed, 2) if first == second}


def seeds(sets: Path) -> dict[str, tuple[float, float, float]]:
    """Score the seeds: exact spans, entities with their counts, pairs of mentions that are one entity."""
    spans, counted, linked = [0, 0, 0], [0, 0, 0], [0, 0, 0]
    analyzer = marsad.Analyzer()
    for row in json.loads((sets / "seeds" / "gold.json").read_text(encoding="utf-8")):
        text = (sets / "seeds" / row["id"]).read_text(encoding="utf-8")
        doc = analyzer.analyze(text, published=row["published"])
        found = {(one.start, one.end, one.type): one.entity_id for one in doc.entities}
        due = {(one["start"], one["end"], one["type"]): one["id"] for one in row["entities"]}
        for counts, one, other in (
            (spans, set(found), set(due)),
            (linked, pairs(found.items()), pairs(due.items())),
            (counted, groups(found), groups(due)),
        ):
            counts[0] += len(one & other)
            counts[1] += len(one)
            counts[2] += len(other)
    names = ("seeds, exact", "seeds, entity and count", "seeds, linked pairs")
    return {name: measure(*counts) for name, counts in zip(names, (spans, counted, linked), strict=True)}


def groups(ids: dict[Span, str]) -> set[tuple[Span, str, int]]:
    """Return each entity as its first place, its type and its count: ids differ from the gold's, these do not."""
    counts = Counter(ids.values())
    first: dict[str, Span] = {}
    for span, entity in sorted(ids.items()):
        first.setdefault(entity, span)
    return {(first[entity], first[entity][2], count) for entity, count in counts.items()}


def speed(sets: Path) -> str:
    """Tell how fast articles are read by one thread, with everything on and without the tagger."""
    path = sets / "corpus" / "ant_news.jsonl.gz"
    if not path.is_file():
        return f"speed: skipped, {path} is missing"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in islice(file, ARTICLES)]
    told = []
    for name, recognizer in (("everything on", True), ("recognizer=False", False)):
        analyzer = marsad.Analyzer(threads=1, recognizer=recognizer)
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            found = analyzer.analyze_corpus(texts, progress=False)
            best = min(best, time.perf_counter() - start)
        tokens = sum(found.documents.to_pandas()["tokens"])
        told.append(f"{name} {tokens / best / 1e6:.2f} M tokens/s")
    return f"speed on {len(texts)} articles, one thread: " + ", ".join(told)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", type=Path, help="folder of the five models that `make folds` trains")
    parser.add_argument("--speed", action="store_true", help="tell the tokens a second too")
    options = parser.parse_args()
    sets = folder()
    if sets is None:
        print("skipped: no marked names; set MARSAD_SHARED to the folder that holds ner/eval_ner.py")
        return 0
    rows = {name: conll(sets, file) for name, file in CONLL.items()}
    if options.folds:
        rows["ANT, five folds"] = folds(sets, options.folds)
    print("| set | floor | all: P, R, F1 | PER | LOC | ORG |")
    print("|---|---:|---:|---:|---:|---:|")
    low = 0
    for name, measures in rows.items():
        cells = [" ".join(f"{value:.3f}" for value in measures[kind]) for kind in ("all", *TYPES)]
        print(f"| {name} | {FLOORS[name]:.2f} | " + " | ".join(cells) + " |")
        low += measures["all"][2] < FLOORS[name]
    for name, values in seeds(sets).items():
        print(f"| {name} | {FLOORS[name]:.2f} | " + " ".join(f"{value:.3f}" for value in values) + " | | | |")
        low += values[2] < FLOORS[name]
    if options.speed:
        print(f"\n{speed(sets)}")
    return int(low > 0)


if __name__ == "__main__":
    sys.exit(main())
