"""Checks entity lists the way `cargo test` does, without a build: python tools/lint_entities.py [FILE...]

Prints one line per fault (file:line, what was found, what is accepted) and the number of ids and aliases.
Exit status 1 when there is a fault.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = ["id", "type", "needs", "alias"]
TYPES = {"PER", "ORG", "LOC", "NAT"}
NEEDS = {"-", "full-name", "head"}
LETTERS = re.compile(r"^[\u0621-\u063A\u0641-\u064Aڤپچژڨ A-Za-z0-9.&'+/\-–À-ÿ]+$")
FOLD = str.maketrans("أإآٱىة", "اااايه")


def key(alias: str) -> str:
    """The form under which two aliases are the same name."""
    folded = alias.translate(FOLD)
    folded = re.sub(r"\b(عبد|ابو) ", r"\1", folded)
    return folded.casefold()


def check(paths: list[Path]) -> int:
    faults = 0
    ids: Counter[str] = Counter()
    names = 0
    home: dict[str, str] = {}
    seen: dict[str, tuple[str, str]] = {}

    def fault(path: Path, line: int, message: str) -> None:
        nonlocal faults
        faults += 1
        print(f"{path}:{line}: {message}")

    for path in paths:
        lines = path.read_text(encoding="utf-8").split("\n")
        if lines[-1] != "":
            fault(path, len(lines), "the last line must end with a line feed")
        header = [line for line in lines if line.startswith("# ")]
        for wanted in ("# source: ", "# licence: "):
            if not any(line.startswith(wanted) for line in header):
                fault(path, 1, f"header lacks {wanted!r}")
        rows = [(n, line) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]
        if not rows or rows[0][1].split("\t") != COLUMNS:
            fault(path, 1, f"the first row must name the columns {COLUMNS}")
            continue
        last = ""
        for number, line in rows[1:]:
            cells = line.split("\t")
            if len(cells) != 4:
                fault(path, number, f"{len(cells)} columns, 4 are needed")
                continue
            ident, kind, needs, alias = cells
            if not re.fullmatch(r"[A-Za-z0-9_:.\-]+", ident):
                fault(path, number, f"id {ident!r} is not stable ASCII")
            if kind not in TYPES:
                fault(path, number, f"type {kind!r} is not one of {sorted(TYPES)}")
            if needs not in NEEDS:
                fault(path, number, f"needs {needs!r} is not one of {sorted(NEEDS)}")
            if not LETTERS.match(alias) or alias != " ".join(alias.split(" ")) or "  " in alias or alias != alias.strip():
                fault(path, number, f"alias {alias!r} holds a letter or space that is not allowed")
            if ident != last and ident in home:
                fault(path, number, f"id {ident} already stands in {home[ident]}: keep its lines together")
            home.setdefault(ident, f"{path.name}:{number}")
            last = ident
            folded = key(alias)
            if folded in seen and needs == "-":
                other, where = seen[folded]
                if other == ident:
                    fault(path, number, f"alias {alias} of {ident} is the same as the one at {where}")
                else:
                    fault(path, number, f"alias {alias} of {ident} also names {other} ({where})")
            if needs == "-" or folded not in seen:
                seen.setdefault(folded, (ident, f"{path.name}:{number}"))
            ids[kind] += ident not in ids
            ids[ident] = 1
            names += 1
    kinds = {kind: ids[kind] for kind in sorted(TYPES) if ids[kind]}
    print(f"{len(paths)} files, ids {kinds}, {names} aliases, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    chosen = [Path(name) for name in sys.argv[1:]] or sorted(ROOT.glob("data/entities/**/*.tsv"))
    sys.exit(check(chosen))
