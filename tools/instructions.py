"""How many instructions each stage takes on the articles of ``examples/news``, beside what is on record.

    make instructions                  fails where a stage takes over 5 % more than benches/instructions.json says
    make instructions RECORD=1         writes what it counts into that file
    make instructions STAGES="dates"   counts these stages alone

Builds tools/instructions.rs with the release profile and runs it under callgrind, which counts the same on a busy
machine as on an idle one. Exit status: 0 where all is as recorded or better, 1 where a stage takes more or the record
does not fit, 2 where nothing could be counted.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "benches" / "instructions.json"
#: The function of tools/instructions.rs that is called right before and right after a stage.
BOUNDARY = "*stage_boundary*"
#: What a stage may take more, as a share: libc's routines and the compiler's choices differ between machines.
TOLERANCE = 0.05
INSTALL = (
    "valgrind is missing, which counts the instructions; apt-get install valgrind (dnf, pacman and zypper have it too)"
)

Counts = dict[str, int]


class CountError(Exception):
    """Nothing could be counted; the text says why."""


@dataclass(frozen=True)
class Row:
    """A stage, what it is recorded to take, and what it takes."""

    stage: str
    recorded: int | None
    counted: int | None

    @property
    def change(self) -> float | None:
        """How much more it takes than recorded, as a share."""
        if self.recorded is None or self.counted is None:
            return None
        return self.counted / self.recorded - 1

    def verdict(self, tolerance: float = TOLERANCE) -> str:
        """``ok``, ``more``, ``less``, ``new`` or ``gone``."""
        if self.recorded is None:
            return "new"
        if self.counted is None:
            return "gone"
        low, high = self.recorded * (1 - tolerance), self.recorded * (1 + tolerance)
        return "more" if self.counted > high else "less" if self.counted < low else "ok"


def compare(recorded: Mapping[str, int], counted: Mapping[str, int], *, whole: bool = True) -> list[Row]:
    """Give a row for each stage counted and, if all stages were to be counted, for each that is only on record."""
    rows = [Row(stage, recorded.get(stage), count) for stage, count in counted.items()]
    if whole:
        rows += [Row(stage, count, None) for stage, count in recorded.items() if stage not in counted]
    return rows


def table(rows: Iterable[Row], tolerance: float = TOLERANCE) -> str:
    """Give the rows in Markdown."""
    lines = ["| stage | recorded | counted | change | |", "|---|--:|--:|--:|---|"]
    for row in rows:
        recorded, counted = (f"{count:,}" if count is not None else "" for count in (row.recorded, row.counted))
        change = f"{row.change:+.1%}" if row.change is not None else ""
        lines.append(f"| {row.stage} | {recorded} | {counted} | {change} | {row.verdict(tolerance)} |")
    return "\n".join(lines)


def judge(rows: Iterable[Row], tolerance: float = TOLERANCE) -> tuple[int, list[str]]:
    """Give the exit status, and what is to be said of the rows."""
    by: dict[str, list[str]] = {}
    for row in rows:
        by.setdefault(row.verdict(tolerance), []).append(row.stage)
    said = []
    if more := by.get("more"):
        said.append(
            f"{', '.join(more)}: over {tolerance:.0%} more than recorded; mend it, or say in the commit why it is worth"
            " that and run `make instructions RECORD=1`"
        )
    if less := by.get("less"):
        said.append(f"{', '.join(less)}: over {tolerance:.0%} less; renew the record: make instructions RECORD=1")
    if odd := by.get("new", []) + by.get("gone", []):
        said.append(f"{', '.join(odd)}: on record and in the program alike is due; make instructions RECORD=1")
    return (1 if by.keys() & {"more", "new", "gone"} else 0), said


def differences(recorded: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """Say with what else than here the record was made."""
    return [
        f"the record was made with {name} {recorded.get(name, 'unknown')}, here is {value}"
        for name, value in here.items()
        if recorded.get(name) != value
    ]


def total(dump: str) -> int:
    """Read the instructions off a file of callgrind's."""
    found = re.search(r"^(?:summary|totals):\s*(\d+)\s*$", dump, re.MULTILINE)
    if found is None:
        raise CountError("callgrind's file has no line `summary:`")
    return int(found.group(1))


def pair(printed: str, dumps: Sequence[str]) -> tuple[str, Counts]:
    """Give the processor and the stages that the program has printed, with the totals that callgrind wrote for each."""
    said = [line.split(" ", 1) for line in printed.splitlines()]
    stages = [rest for word, rest in said if word == "stage"]
    processor = next((rest for word, rest in said if word == "processor"), None)
    if processor is None or len(stages) != len(dumps):
        raise CountError(f"{len(stages)} stages have run, and callgrind has counted {len(dumps)}")
    counts = {stage: total(dump) for stage, dump in zip(stages, dumps, strict=True)}
    if empty := [stage for stage, count in counts.items() if count == 0]:
        raise CountError(f"nothing was counted in {', '.join(empty)}")
    return processor, counts


def run(*command: str) -> str:
    """Give what a command prints; its messages go through."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise CountError(f"`{' '.join(command)}` ended with status {done.returncode}")
    return done.stdout


def build() -> Path:
    """Build the program as the wheel is built, but with the names of its functions; give where it lies."""
    cargo = ("cargo", "rustc", "--release", "--locked", "--quiet", "--example", "instructions")
    messages = run(*cargo, "--message-format=json-render-diagnostics", "--", "-C", "strip=none").splitlines()
    made: list[dict[str, Any]] = [json.loads(message) for message in messages if message.startswith("{")]
    for one in made:
        if one.get("executable") and one["target"]["name"] == "instructions":
            return Path(one["executable"])
    raise CountError("cargo names no program that it has built")


def count(program: Path, stages: Sequence[str]) -> tuple[str, Counts]:
    """Run the stages under callgrind: the processor that it shows them, and what each takes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind"
        options = (f"--dump-before={BOUNDARY}", f"--callgrind-out-file={out}")
        printed = run("valgrind", "--tool=callgrind", "--quiet", *options, str(program), *stages)
        parts = sorted(Path(folder).glob("callgrind.*"), key=lambda part: int(part.suffix[1:]))
        dumps = [part.read_text(encoding="utf-8") for part in parts]
    # The first lies before the first stage; then stages and what lies between them take turns.
    return pair(printed, dumps[1::2])


def made_with() -> dict[str, str]:
    """Give what besides the processor decides how many instructions a stage takes."""
    return {
        "rustc": run("rustc", "--version").split(" ")[1].strip(),
        "libc": " ".join(platform.libc_ver()) or platform.system(),
    }


def load(path: Path) -> dict[str, Any]:
    """Read what is on record, by processor."""
    if not path.exists():
        return {}
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as fault:
        raise CountError(f"{path}:{fault.lineno}:{fault.colno}: {fault.msg}; make instructions RECORD=1") from fault
    return record


def renewed(record: Mapping[str, Any], processor: str, here: Mapping[str, str], counts: Counts, *, whole: bool) -> Any:
    """Give the record with the counts in place of the processor's; of some stages alone, the others stay."""
    old = {} if whole else record.get(processor, {}).get("instructions", {})
    return {**record, processor: {"made_with": dict(here), "instructions": {**old, **counts}}}


def main() -> int:
    """Count, and compare or record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help="count these alone")
    parser.add_argument("--record", action="store_true", help="write the counts into benches/instructions.json")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        raise CountError(INSTALL)
    processor, counts = count(build(), options.stages)
    record, here, whole = load(RECORD), made_with(), not options.stages
    known = record.get(processor, {})
    rows = compare(known.get("instructions", {}), counts, whole=whole)
    print(table(rows))
    print()
    if options.record:
        new = renewed(record, processor, here, counts, whole=whole)
        RECORD.write_text(json.dumps(new, indent=2) + "\n", encoding="utf-8")
        print(f"recorded for {processor} in {RECORD.relative_to(ROOT)}")
        return 0
    if not known:
        held = ", ".join(record) or "no processor"
        raise CountError(f"the record is of {held}, here is {processor}; make instructions RECORD=1 adds this one")
    status, said = judge(rows)
    notes = differences(known.get("made_with", {}), here) if status or said else []
    print("\n".join([*said, *notes]) or f"as recorded for {processor}, within {TOLERANCE:.0%}")
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CountError as fault:
        print(f"instructions: {fault}", file=sys.stderr)
        sys.exit(2)
