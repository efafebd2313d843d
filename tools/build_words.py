"""Makes data/token/words.tsv from the Unilex word frequencies for Arabic.

    python tools/build_words.py [FOLDER]

FOLDER holds wordfreq_unilex_ar_60k.tsv (word, frequency per thousand million; Unicode-3.0); the default is the
environment variable MARSAD_LEXICON_SOURCES or ../shared/lexicon beside the project. Words are folded as the
`search` profile folds them, their frequencies added, and each is given its class: the whole part of the binary
logarithm of the frequency. The same input gives the same bytes.
"""

from __future__ import annotations

import math
import os
import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLD = str.maketrans("أإآٱىةکی", "اااايهكي", "ـ" + "".join(map(chr, range(0x64B, 0x653))) + "\u0670")
MOST = 50_000


def main() -> None:
    default = os.environ.get("MARSAD_LEXICON_SOURCES", ROOT.parent / "shared" / "lexicon")
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else default)
    counts: Counter[str] = Counter()
    for line in (folder / "wordfreq_unilex_ar_60k.tsv").read_text(encoding="utf-8").splitlines():
        word, frequency = line.split("\t")
        word = word.translate(FOLD)
        if re.fullmatch("[\u0621-\u064a]{2,}", word):
            counts[word] += int(frequency)
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    lines = [
        "# source: Unilex ar.txt at b3a9ae27a0c2 (unicode-org/unilex), folded and classed by tools/build_words.py",
        "# licence: Unicode-3.0",
        "# about: common Arabic words; class is the whole binary logarithm of the frequency per thousand million",
        "class\tword",
    ]
    lines += [f"{int(math.log2(frequency))}\t{word}" for word, frequency in rows]
    (ROOT / "data" / "token" / "words.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
