"""Makes data/words/names.tsv, the words that personal names are made of.

    python tools/build_names.py [FOLDER]

FOLDER holds given_names.tsv, family_names.tsv and name_tokens_wikidata_netranslit.tsv (type, sources, name, other
spellings, English; the last with "n=COUNT" as its source); the default is the environment variable
MARSAD_LEXICON_SOURCES or ../shared/lexicon beside the project. Names are cut into words, folded as the `search`
profile folds them. `given` and `family` say in how many sources a word is one, `foreign` is the whole binary
logarithm of how many people of Wikidata bear it, plus one. The same input gives the same bytes.
"""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLD = str.maketrans("أإآٱىةکی", "اااايهكي", "ـ" + "".join(map(chr, range(0x64B, 0x653))) + "\u0670")
LETTERS = re.compile("[\u0621-\u064aپچڤڨگژ]{2,}")
#: Parts of names that data/words/classes/ lists as links.
LINKS = set("بن ابن بنت ولد ال عبد ابو ابا ابي ام بو ذو دي دا دو ديل فان فون دير لا لو ماك سان الله".split())
#: A foreign word counts from so many people on.
LEAST = 2


def words(name: str) -> list[str]:
    """The words of a name that say something."""
    return [word for word in name.translate(FOLD).split() if LETTERS.fullmatch(word) and word not in LINKS]


def main() -> None:
    default = os.environ.get("MARSAD_LEXICON_SOURCES", ROOT.parent / "shared" / "lexicon")
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else default)
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for column, file in enumerate(("given_names.tsv", "family_names.tsv")):
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            sources = len(cells[1].removeprefix("src:").split("+"))
            for name in [cells[2], *(cells[3].split("|") if len(cells) > 3 else [])]:
                for word in words(name):
                    counts[word][column] = max(counts[word][column], sources)
    for line in (folder / "name_tokens_wikidata_netranslit.tsv").read_text(encoding="utf-8").splitlines():
        _, source, name, *_ = line.split("\t")
        people = int(source.partition("n=")[2])
        if people >= LEAST:
            for word in words(name):
                counts[word][2] = max(counts[word][2], people.bit_length())
    rows = sorted((word, row) for word, row in counts.items() if any(row))
    lines = [
        "# source: given and family names of faker, mimesis, egy-names, name-variants (MIT) and sigpwned (CC0); "
        "name words of NETransliteration-COLING2018 (MIT; Wikidata, CC0); made by tools/build_names.py",
        "# licence: MIT",
        "# about: words of personal names; given and family count sources, foreign is a logarithm of people",
        "given\tfamily\tforeign\tword",
    ]
    lines += ["\t".join([*map(str, row), word]) for word, row in rows]
    out = ROOT / "data" / "words" / "names.tsv"
    out.parent.mkdir(exist_ok=True)
    out.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
