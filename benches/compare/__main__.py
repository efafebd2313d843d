"""Runs the parts that are asked for and prints them as Markdown."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pyarrow

from . import analysis, dates, matching, normalization, targets
from .contest import Contest, digits
from .corpus import Corpus

PARTS = ("arrow", "str", "names", "dates", "analysis", "threads", "costs")
SHOWN = (
    "marsad",
    "numpy",
    "pyarrow",
    "polars",
    "arabic-norm",
    "pyarabic",
    "daachorse",
    "pyahocorasick",
    "spacy",
    "dateparser",
    "arabic-itn",
)


def processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def installed(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} (none)"


def machine(corpus: Corpus) -> list[str]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return [
        f"{processor()}, {cores} cores{load}; {platform.platform()}; Python {platform.python_version()}",
        ", ".join(map(installed, SHOWN)),
        f"{len(corpus.texts):,} documents, {corpus.size / 1e6:.1f} MB of UTF-8 from {corpus.source}",
        "MB/s of source UTF-8; median, minimum and maximum over rounds in which all have their turn, with fresh "
        "strings; the ratio is the median of the rounds' ratios",
        "one thread each, by CPU time, which other processes do not lengthen; two threads by the wall clock",
    ]


def show_costs(facts: dict[str, float]) -> str:
    named = (
        ("import marsad, over bare Python", "import_ms", "ms"),
        ("Analyzer()", "analyzer_ms", "ms"),
        ("wheel", "wheel_mb", "MB"),
        ("peak memory of analyze_batches over 6 MB", "stream_mb", "MB"),
        ("the same over 24 MB", "stream_of_four_mb", "MB"),
    )
    lines = ["### Costs", "", "| | |", "|---|---:|"]
    return "\n".join([*lines, *(f"| {name} | {digits(facts[key])} {unit} |" for name, key, unit in named)])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--wheel", type=Path, required=True)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--command", default="make bench")
    parser.add_argument("--missing", action="append", default=[])
    given = parser.parse_args()
    missing = dict(line.split(": ", 1) for line in given.missing)
    rounds = min(given.rounds, 3) if given.quick else given.rounds
    parts = given.only or list(PARTS)
    pyarrow.set_cpu_count(1)
    corpus = Corpus(4_000_000 if given.quick else 24_000_000)
    about = machine(corpus)
    print(f"## Marsad beside other tools (`{given.command}`, {rounds} rounds)\n")
    print("\n".join(f"- {line}" for line in about))

    contests: dict[str, Contest] = {}
    facts: dict[str, float] = {}
    for part in parts:
        if part == "costs":
            facts.update(analysis.costs(given.wheel, rounds))
            print("\n" + show_costs(facts), flush=True)
            continue
        contest = made(part, corpus, missing, facts)
        contest.run(rounds)
        contests[part] = contest
        print("\n" + contest.markdown(), flush=True)
    found = targets.targets(contests, facts)
    print("\n" + targets.markdown(found))
    given.results.parent.mkdir(parents=True, exist_ok=True)
    saved: dict[str, Any] = {
        "when": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "command": given.command,
        "about": about,
        "rounds": rounds,
        "contests": {part: contest.record() for part, contest in contests.items()},
        "facts": facts,
        "targets": targets.record(found),
    }
    given.results.write_text(json.dumps(saved, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def made(part: str, corpus: Corpus, missing: dict[str, str], facts: dict[str, float]) -> Contest:
    if part == "arrow":
        return normalization.arrow(corpus, missing)
    if part == "str":
        return normalization.strings(corpus, missing)
    if part == "names":
        return matching.matching(corpus, missing)
    if part == "dates":
        return dates.dates(corpus, missing)
    if part == "threads":
        return analysis.threads(corpus)
    contest, more = analysis.analysis(corpus)
    facts.update(more)
    return contest


if __name__ == "__main__":
    sys.exit(main())
