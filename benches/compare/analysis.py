"""The whole analysis, and what it costs to begin."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import marsad
import pyarrow

from .contest import Contest
from .corpus import Corpus

ABOUT = (
    "Names of the built-in lexicon, rules and tagger, linked within the document; dates found and resolved; tables of "
    "documents, mentions and dates out. No peer is run beside it: those above do a part of it each. The last rows "
    "count what the first has found, in MB/s of the same text."
)
ABOUT_THREADS = "The same run by the wall clock, so that what else runs on the machine weighs on it."


def news(corpus: Corpus) -> Any:
    return pyarrow.table({"text": pyarrow.array(corpus.strings(), pyarrow.string())})


def analysis(corpus: Corpus) -> tuple[Contest, dict[str, float]]:
    """Set up the whole analysis; give the contest and the number of tokens."""
    contest = Contest("Whole analysis, everything on, Arrow in, tables out", corpus.size, ABOUT)
    table = news(corpus)
    analyzer = marsad.Analyzer(threads=1)
    plain = marsad.Analyzer(recognizer=False, threads=1)
    found = analyzer.analyze_corpus(table, progress=False)
    tokens = pyarrow.table(found.documents)["tokens"].to_numpy().sum()
    told = f"{tokens:,} tokens, {len(found.mentions):,} mentions, {len(found.dates):,} dates"
    contest.add("analyze_corpus", lambda table: analyzer.analyze_corpus(table, progress=False), lambda: table, told)
    contest.add(
        "the same, recognizer=False",
        lambda table: plain.analyze_corpus(table, progress=False),
        lambda: table,
        "only names that need no evidence around them, and dates",
    )
    contest.add("counts() of it", lambda found: found.counts(), lambda: found)
    contest.add('counts(by="document")', lambda found: found.counts(by="document"), lambda: found)
    return contest, {"tokens": float(tokens)}


def threads(corpus: Corpus) -> Contest:
    """Set one thread beside two, by the wall clock."""
    title = "Whole analysis on two threads, by the wall clock"
    contest = Contest(title, corpus.size, ABOUT_THREADS, time.perf_counter)
    table = news(corpus)
    for count, name in ((2, "two threads"), (1, "one thread")):
        analyzer = marsad.Analyzer(threads=count)
        contest.add(name, lambda table, a=analyzer: a.analyze_corpus(table, progress=False), lambda: table)
    return contest


def milliseconds(program: str) -> float:
    """CPU time of a Python that runs the program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3


def costs(wheel: Path, rounds: int) -> dict[str, float]:
    """Measure CPU time to import and to build, and the wheel."""
    rounds = max(2 * rounds, 9)
    bare, importing = [], []
    for _ in range(rounds):
        bare.append(milliseconds("pass"))
        importing.append(milliseconds("import marsad"))
    build = "import marsad, time; t = time.process_time(); marsad.Analyzer(); print((time.process_time() - t) * 1e3)"
    built = [float(subprocess.check_output([sys.executable, "-c", build], text=True)) for _ in range(rounds // 2)]
    return {
        "import_ms": statistics.median(importing) - statistics.median(bare),
        "analyzer_ms": statistics.median(built),
        "wheel_mb": wheel.stat().st_size / 1e6,
    }
