"""Runs the parts that are asked for, prints them as Markdown, and writes the page."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pyarrow

from . import analysis, curves, dates, matching, memory, normalization, page, plots
from .corpus import ROOT, Corpus

DOCS = ROOT / "docs"
SHOWN = (
    "marsad",
    "numpy",
    "pyarrow",
    "pandas",
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


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine() -> str:
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1e9:.0f} GB"
    return f"{processor()}, {cores()} cores{memory}; {platform.platform()}; Python {platform.python_version()}"


def installed(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} (none)"


def wheel(path: Path) -> str:
    data = path.read_bytes()
    return f"{path.name}, {len(data) / 1e6:.2f} MB, SHA-256 {hashlib.sha256(data).hexdigest()[:16]}"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", choices=page.PARTS)
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--redraw", action="store_true")
    parser.add_argument("--wheel", type=Path)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--command", default="make bench")
    parser.add_argument("--missing", action="append", default=[])
    given = parser.parse_args()
    kept = DOCS / "benchmarks.json"
    if given.redraw:
        write_page(json.loads(kept.read_text(encoding="utf-8")), DOCS)
        return 0
    missing = dict(line.split(": ", 1) for line in given.missing)
    rounds = min(given.rounds, 3) if given.quick else given.rounds
    pyarrow.set_cpu_count(1)
    corpus = Corpus(4_000_000 if given.quick else 24_000_000)
    run = {
        "command": given.command,
        "rounds": rounds,
        "machine": machine(),
        "cores": cores(),
        "versions": ", ".join(map(installed, SHOWN)),
        "wheel": wheel(given.wheel),
        "corpus": f"{len(corpus.texts):,} documents, {corpus.size / 1e6:.1f} MB of UTF-8 from {corpus.source}",
    }
    parts: dict[str, dict[str, Any]] = {}
    for name in given.only or page.PARTS:
        stamp = {
            **run,
            "day": time.strftime("%Y-%m-%d"),
            "when": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else -1,
        }
        start = time.perf_counter()
        found = measured(name, corpus, missing, rounds, given)
        parts[name] = {"run": {**stamp, "took": round(time.perf_counter() - start, 1)}, **found}
        print(page.part_markdown(name, parts[name]), flush=True)
    print(page.what_was_run(parts))
    print(page.figures(parts))
    given.results.parent.mkdir(parents=True, exist_ok=True)
    given.results.write_text(written({"parts": parts}), encoding="utf-8")
    if given.page:
        before = json.loads(kept.read_text(encoding="utf-8"))["parts"] if given.only and kept.exists() else {}
        after = {**before, **parts}
        record = {"parts": {name: after[name] for name in page.PARTS if name in after}}
        kept.write_text(written(record), encoding="utf-8")
        write_page(record, DOCS)
    return 0


def written(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def write_page(record: dict[str, Any], folder: Path) -> None:
    """Write page and pictures from a record."""
    (folder / "benchmarks.md").write_text(page.page(record), encoding="utf-8")
    for name in page.CURVES:
        if name in record["parts"]:
            plots.draw(record["parts"][name], folder / page.picture(name))
    print(f"written: {folder / 'benchmarks.md'}", file=sys.stderr)


def measured(
    name: str, corpus: Corpus, missing: dict[str, str], rounds: int, given: argparse.Namespace
) -> dict[str, Any]:
    if name == "costs":
        return {"facts": analysis.costs(given.wheel, rounds)}
    if name == "memory":
        return memory.memory(4_000_000, 10) if given.quick else memory.memory(12_000_000, 100)
    if name in page.CURVES:
        return {"documents": curves.documents, "length": curves.length, "lexicon": curves.lexicon}[name](given.quick)
    more: dict[str, float] = {}
    if name == "arrow":
        contest = normalization.arrow(corpus, missing)
    elif name == "str":
        contest = normalization.strings(corpus, missing)
    elif name == "names":
        contest = matching.matching(corpus, missing)
    elif name == "dates":
        contest = dates.dates(corpus, missing)
    elif name == "threads":
        contest = analysis.threads(corpus)
    else:
        contest, more = analysis.analysis(corpus)
    contest.run(rounds)
    return {**contest.record(), **more}


if __name__ == "__main__":
    sys.exit(main())
