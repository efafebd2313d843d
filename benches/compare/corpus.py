"""The text that is measured on, and 20,000 names to find in it."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import marsad

ROOT = Path(__file__).resolve().parent.parent.parent
NEWS = ROOT.parent / "shared" / "corpus" / "ant_news.jsonl.gz"
EXAMPLES = ROOT / "examples" / "news"


class Corpus:
    """Texts as UTF-8: a str keeps its UTF-8 once it has been asked for, so every turn makes its own."""

    def __init__(self, size: int) -> None:
        named = os.environ.get("MARSAD_CORPUS")
        path = Path(named) if named else NEWS
        if named or path.exists():
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                once = [json.loads(line)["text"].encode() for line in lines]
            self.source = path.name
        else:
            once = [file.read_bytes() for file in sorted(EXAMPLES.glob("*.txt"))]
            self.source = str(EXAMPLES.relative_to(ROOT))
        self.texts: list[bytes] = []
        total = 0
        while total < size:
            for text in once:
                self.texts.append(text)
                total += len(text)
                if total >= size:
                    break
        self.size = total
        times = total / sum(map(len, once))
        self.source += f", {times:.2g} times" if times > 1 else ""

    def strings(self) -> list[str]:
        """Make the texts anew, as strings that nothing has looked at."""
        return [text.decode() for text in self.texts]


def pieces(texts: list[str], length: int) -> Iterator[str]:
    """Cut texts at blanks into pieces of nearly ``length`` characters; what is left at the end of a text is dropped."""
    for text in texts:
        start = 0
        while len(text) - start >= length:
            blank = text.rfind(" ", start + length // 2, start + length + 1)
            end = blank if blank > start else start + length
            yield text[start:end]
            start = end + (blank == end)


def names(count: int = 20_000) -> list[str]:
    """Make two-word names: those of ``data/entities/person``, then first names with other persons' last ones."""
    aliases: dict[str, None] = {}
    for file in sorted((ROOT / "data" / "entities" / "person").glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "id\t")):
                aliases[marsad.normalize(line.rsplit("\t", 1)[-1])] = None
    pairs = [
        words for words in (alias.split() for alias in aliases) if len(words) == 2 and all(map(str.isalpha, words))
    ]
    given = list(dict.fromkeys(first for first, _ in pairs))
    family = list(dict.fromkeys(last for _, last in pairs))
    found = dict.fromkeys(" ".join(pair) for pair in pairs)
    for step in range(1, len(family)):
        for place, first in enumerate(given):
            if len(found) >= count:
                return list(found)[:count]
            found[f"{first} {family[(place * 31 + step * 97) % len(family)]}"] = None
    return list(found)[:count]
