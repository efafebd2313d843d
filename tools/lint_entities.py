"""Checks entity lists the way `cargo test` does, without a build: python tools/lint_entities.py [FILE...]

Prints one line per fault (file:line, what was found, what is accepted) and the number of ids and aliases.
Exit status 1 when there is a fault. Without a FILE every list under data/entities/ is read.

An alias that stands under two ids is a fault, unless data/entities/ambiguous.tsv lists it with both ids (columns
`ids`, joined by commas, the likeliest first, and `alias`). That file and data/entities/heads.tsv (columns `kind`,
`type`, `head`) are checked too; whether the ids of the first exist and have the alias, only without a FILE.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AMBIGUOUS = ROOT / "data" / "entities" / "ambiguous.tsv"
HEADS = ROOT / "data" / "entities" / "heads.tsv"
COUNTRIES = ROOT / "data" / "entities" / "countries.tsv"
COLUMNS = ["id", "type", "needs", "alias"]
HEAD_KINDS = {
    "place": "LOC",
    "preposition": "LOC",
    "part": "ORG",
    "event": "NONE",
    "organisation": "ORG",
    "person": "PER",
}
TYPES = {"PER", "ORG", "LOC", "NAT", "NONE"}
NEEDS = {"-", "full-name", "head", "place"}
LETTERS = re.compile(r"^[\u0621-\u063A\u0641-\u064Aڤپچژڨ A-Za-z0-9.&'+/\-–À-ÿ]+$")
FOLD = str.maketrans("أإآٱىة", "اااايه")


def key(alias: str) -> str:
    """The form under which two aliases are the same name."""
    folded = alias.translate(FOLD)
    folded = re.sub(r"\b(عبد|ابو) ", r"\1", folded)
    return folded.casefold()


def listed(path: Path, columns: list[str], fault) -> list[tuple[int, list[str]]]:
    """The rows of a table with their line numbers, after its header and its columns are checked."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if lines[-1] != "":
        fault(path, len(lines), "the last line must end with a line feed")
    for wanted in ("# source: ", "# licence: "):
        if not any(line.startswith(wanted) for line in lines):
            fault(path, 1, f"header lacks {wanted!r}")
    rows = [(n, line.split("\t")) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]
    if not rows or rows[0][1] != columns:
        fault(path, 1, f"the first row must name the columns {columns}")
        return []
    for number, cells in rows[1:]:
        if len(cells) != len(columns):
            fault(path, number, f"{len(cells)} columns, {len(columns)} are needed")
    return [row for row in rows[1:] if len(row[1]) == len(columns)]


def clean(alias: str) -> bool:
    return bool(LETTERS.match(alias)) and "  " not in alias and alias == alias.strip()


def read_ambiguous(fault) -> dict[str, tuple[int, list[str]]]:
    """Folded alias -> line and ids of ambiguous.tsv."""
    known: dict[str, tuple[int, list[str]]] = {}
    if not AMBIGUOUS.exists():
        return known
    for number, (ids, alias) in listed(AMBIGUOUS, ["ids", "alias"], fault):
        wanted = ids.split(",")
        if len(wanted) < 2 or len(set(wanted)) < len(wanted):
            fault(AMBIGUOUS, number, f"ids {ids!r}: two or more different ids joined by commas are needed")
        if not clean(alias):
            fault(AMBIGUOUS, number, f"alias {alias!r} holds a letter or space that is not allowed")
        if key(alias) in known:
            fault(AMBIGUOUS, number, f"alias {alias} already stands in line {known[key(alias)][0]}")
        known[key(alias)] = (number, wanted)
    return known


def check_heads(fault) -> None:
    seen: dict[tuple[str, str], int] = {}
    if not HEADS.exists():
        return
    for number, (kind, type_, head) in listed(HEADS, ["kind", "type", "head"], fault):
        if HEAD_KINDS.get(kind) != type_:
            fault(HEADS, number, f"kind {kind!r} of type {type_!r}: one of {sorted(HEAD_KINDS.items())} is needed")
        if not clean(head) or len(head.split(" ")) > 2:
            fault(HEADS, number, f"head {head!r} is not one or two clean words")
        if (kind, key(head)) in seen:
            fault(HEADS, number, f"head {head} already stands in line {seen[kind, key(head)]}")
        seen[kind, key(head)] = number


def check(paths: list[Path], whole: bool = False) -> int:
    faults = 0
    kinds: Counter[str] = Counter()
    owners: dict[str, set[str]] = {}
    names = 0
    home: dict[str, str] = {}
    seen: dict[str, tuple[str, str]] = {}
    own: dict[tuple[str, str], str] = {}

    def fault(path: Path, line: int, message: str) -> None:
        nonlocal faults
        faults += 1
        print(f"{path}:{line}: {message}")

    ambiguous = read_ambiguous(fault)
    if whole:
        check_heads(fault)
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
            if (
                not LETTERS.match(alias)
                or alias != " ".join(alias.split(" "))
                or "  " in alias
                or alias != alias.strip()
            ):
                fault(path, number, f"alias {alias!r} holds a letter or space that is not allowed")
            if ident != last and ident in home:
                fault(path, number, f"id {ident} already stands in {home[ident]}: keep its lines together")
            kinds[kind] += ident not in home
            home.setdefault(ident, f"{path.name}:{number}")
            last = ident
            folded = key(alias)
            owners.setdefault(folded, set()).add(ident)
            if (ident, folded) in own:
                fault(path, number, f"alias {alias} of {ident} is the same as the one at {own[ident, folded]}")
            own[ident, folded] = f"{path.name}:{number}"
            if needs == "-":
                other, where = seen.setdefault(folded, (ident, f"{path.name}:{number}"))
                if other != ident and not {ident, other} <= set(ambiguous.get(folded, (0, []))[1]):
                    fault(path, number, f"alias {alias} of {ident} also names {other} ({where})")
            names += 1
    if whole:
        for folded, (number, wanted) in ambiguous.items():
            for ident in wanted:
                if ident not in owners.get(folded, set()):
                    fault(AMBIGUOUS, number, f"id {ident} does not have this alias in any list")
    counts = {kind: kinds[kind] for kind in sorted(TYPES) if kinds[kind]}
    print(f"{len(paths)} files, ids {counts}, {names} aliases, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    chosen = [Path(name) for name in sys.argv[1:]]
    lists = chosen or sorted(ROOT.glob("data/entities/**/*.tsv"))
    sys.exit(check([path for path in lists if path.resolve() not in (AMBIGUOUS, HEADS, COUNTRIES)], whole=not chosen))
