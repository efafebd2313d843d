"""Draw date expressions from a corpus of news, to be read one by one: ``python tools/sample_dates.py --seed 2028``.

CORPUS is a file of JSON lines, plain or .gz, with ``text`` and ``published``: by default $MARSAD_CORPUS, else
../shared/corpus/ant_news.jsonl.gz beside the project. Articles whose day is not ISO 8601 are left out. Every expression of
every article is as likely to be drawn. Prints one a line: the article's day, the expression, its value, modifier and kind,
and the words around it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
from pathlib import Path

import marsad

ROOT = Path(__file__).resolve().parent.parent
BESIDE = ROOT.parent / "shared" / "corpus" / "ant_news.jsonl.gz"


def main() -> int:
    """Print the sample."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=Path(os.environ.get("MARSAD_CORPUS") or BESIDE))
    parser.add_argument("--seed", type=int, default=2028)
    parser.add_argument("--count", type=int, default=200)
    given = parser.parse_args()
    if not given.corpus.is_file():
        print(f"skipped: there is no {given.corpus}; name a corpus or set MARSAD_CORPUS", file=sys.stderr)
        return 0
    opened = gzip.open if given.corpus.suffix == ".gz" else open
    with opened(given.corpus, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    chance = random.Random(given.seed)
    chance.shuffle(rows)
    analyzer = marsad.Analyzer()
    found = []
    for row in rows:
        published = str(row["published"])[:10]
        if published[4:5] != "-":
            continue
        document = analyzer.analyze(row["text"], published=published)
        found += [(published, date, row["text"]) for date in document.dates]
    chance.shuffle(found)
    for place, (published, date, text) in enumerate(found[: given.count], 1):
        around = f"{text[max(0, date.start - 55) : date.start]}[]{text[date.end : date.end + 32]}"
        line = f"{place} {published} | {date.text} => {date.value} {date.modifier or ''} {date.kind} | {around}"
        print(line.replace("\n", " "))
    return 0


if __name__ == "__main__":
    sys.exit(main())
