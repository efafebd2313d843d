"""How right the dates are: ``make accuracy``, or ``python benches/accuracy.py --help``.

Reads date sets that lie beside the project, ``$MARSAD_SHARED/dates`` or ``../shared/dates``: JSON lines of texts with
marked spans and values, and the script ``eval_dates.py`` that scores predictions against them. Prints a Markdown table
and ends with status 1 where a figure is below its floor. Without the sets it says so and ends with status 0.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marsad

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Floor:
    """The least F1 that a set must reach, by one of the script's measures."""

    file: str
    about: str
    measure: str
    least: float


#: Sets of other tools follow other rules of span, so that overlap with the right value is what counts there.
FLOORS = (
    Floor("ant_dates.jsonl", "real news, marked by hand", "exact+value", 0.92),
    Floor("probe.jsonl", "one sentence a phenomenon", "overlap+value", 1.0),
    Floor("cldr_ar.jsonl", "formats of CLDR in many locales", "overlap+value", 0.98),
    Floor("dateparser_ar.jsonl", "dateparser's own tests", "overlap+value", 0.93),
    Floor("arabic_itn_ar.jsonl", "arabic-itn's own tests", "overlap+value", 0.95),
    Floor("duckling_ar.jsonl", "Duckling's own corpus", "overlap+value", 0.88),
    Floor("puckling_ar.jsonl", "puckling's own corpus", "overlap+value", 0.85),
)


def folder() -> Path | None:
    """Return the folder of the sets, or None where there is none."""
    found = Path(os.environ.get("MARSAD_SHARED") or ROOT.parent / "shared") / "dates"
    return found if (found / "eval_dates.py").is_file() else None


def predictions(gold: Path) -> str:
    """Find the dates of a set's texts; return JSON lines as the script reads them."""
    analyzer = marsad.Analyzer()
    lines = []
    for line in gold.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        document = analyzer.analyze(row["text"], published=(row.get("ref") or "")[:10] or None)
        spans = []
        for one in document.dates:
            span: dict[str, Any] = {"start": one.start, "end": one.end, "value": one.value}
            spans.append(span if one.kind == "date" else {**span, "kind": one.kind})
        lines.append(json.dumps({"id": row["id"], "spans": spans}))
    return "\n".join(lines)


def score(sets: Path, floor: Floor) -> dict[str, Any]:
    """Return the measures of one set."""
    gold = sets / floor.file
    with tempfile.TemporaryDirectory() as scratch:
        found = Path(scratch) / "found.jsonl"
        found.write_text(predictions(gold), encoding="utf-8")
        command = [sys.executable, str(sets / "eval_dates.py"), str(gold), str(found), "--json"]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    metrics: dict[str, Any] = json.loads(told)["metrics"]
    return metrics


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    sets = folder()
    if sets is None:
        print("skipped: no date sets; set MARSAD_SHARED to the folder that holds dates/eval_dates.py")
        return 0
    print("| set | from | measure | floor | F1 | precision | recall | found |")
    print("|---|---|---|---:|---:|---:|---:|---:|")
    low = 0
    for floor in FLOORS:
        found = score(sets, floor)[floor.measure]
        low += found["F1"] < floor.least
        counts = f"{found['tp']} of {found['gold']}"
        row = (floor.file, floor.about, floor.measure, f"{floor.least:.2f}", f"{found['F1']:.3f}")
        print("| " + " | ".join((*row, f"{found['P']:.3f}", f"{found['R']:.3f}", counts)) + " |")
    return int(low > 0)


if __name__ == "__main__":
    sys.exit(main())
