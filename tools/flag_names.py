"""Notes in tests/cases/names/ which cases the installed package gets wrong, as ``fails = true``.

    python tools/flag_names.py [--check]

A case of names hangs on the tagger's weights, so `make train` may mend one and break another; both tests of these
files fail where a flag is not true any more. ``--check`` writes nothing and tells what it would write.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import marsad

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "cases" / "names"
FLAG = "fails = true"


def is_right(analyzer: marsad.Analyzer, case: dict[str, Any]) -> bool:
    """True if names, types and links come out as the case has them."""
    found = analyzer.analyze(case["text"]).entities
    if [(one.text, one.type) for one in found] != [(one["text"], one["type"]) for one in case["names"]]:
        return False
    due = [one.get("of", one["text"]) for one in case["names"]]
    pairs = [(first, later) for later in range(len(due)) for first in range(later)]
    return all((found[a].entity_id == found[b].entity_id) == (due[a] == due[b]) for a, b in pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    analyzer = marsad.Analyzer(threads=1)
    right = total = 0
    for path in sorted(FOLDER.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        fails = iter([not is_right(analyzer, case) for case in tomllib.loads(text)["case"]])
        lines: list[str] = []
        wrong = count = 0
        for line in text.splitlines():
            if line == FLAG:
                continue
            lines.append(line)
            if line == "[[case]]":
                count += 1
                if next(fails):
                    wrong += 1
                    lines.append(FLAG)
        if not check:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{path.stem}: {count - wrong} of {count}")
        right, total = right + count - wrong, total + count
    print(f"{right} of {total} cases are right")


if __name__ == "__main__":
    main()
