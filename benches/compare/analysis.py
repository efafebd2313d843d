"""The whole analysis, and what it costs to begin and to hold."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import marsad
import pyarrow

from .contest import Contest
from .corpus import Corpus


def news(corpus: Corpus) -> Any:
    return pyarrow.table({"text": pyarrow.array(corpus.strings(), pyarrow.string())})


def analysis(corpus: Corpus) -> tuple[Contest, dict[str, float]]:
    """Set up the whole analysis; give the contest and the number of tokens."""
    contest = Contest("Whole analysis with the built-in names and dates, Arrow in, tables out", corpus.size)
    table = news(corpus)
    analyzer = marsad.Analyzer(threads=1)
    found = analyzer.analyze_corpus(table, progress=False)
    tokens = pyarrow.table(found.documents)["tokens"].to_numpy().sum()
    told = f"{tokens:,} tokens, {len(found.mentions):,} mentions, {len(found.dates):,} dates"
    contest.add("analyze_corpus", lambda table: analyzer.analyze_corpus(table, progress=False), lambda: table, told)
    contest.add("counts() of it", lambda found: found.counts(), lambda: found)
    contest.add('counts(by="document")', lambda found: found.counts(by="document"), lambda: found)
    return contest, {"tokens": float(tokens)}


def threads(corpus: Corpus) -> Contest:
    """Set one thread beside two, by the wall clock."""
    contest = Contest("Whole analysis on two threads, by the wall clock", corpus.size, time.perf_counter)
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
    """Measure CPU time to import and to build, the wheel, and the memory of a stream and of four times it."""
    rounds = max(2 * rounds, 9)
    bare, importing = [], []
    for _ in range(rounds):
        bare.append(milliseconds("pass"))
        importing.append(milliseconds("import marsad"))
    build = "import marsad, time; t = time.process_time(); marsad.Analyzer(); print((time.process_time() - t) * 1e3)"
    built = [float(subprocess.check_output([sys.executable, "-c", build], text=True)) for _ in range(rounds // 2)]
    memory = [peak_of_stream(times) for times in (1, 4)]
    return {
        "import_ms": statistics.median(importing) - statistics.median(bare),
        "analyzer_ms": statistics.median(built),
        "wheel_mb": wheel.stat().st_size / 1e6,
        "stream_mb": memory[0],
        "stream_of_four_mb": memory[1],
        "growth": (memory[1] - memory[0]) / 18,
    }


def peak_of_stream(times: int) -> float:
    """Peak memory in MB of a process that analyzes ``times`` 6 MB in batches."""
    command = [sys.executable, "-m", "compare.analysis", str(times)]
    return float(subprocess.check_output(command, text=True, env=dict(os.environ)))


def stream(times: int) -> None:
    corpus = Corpus(2_000_000)

    def batches() -> Iterator[Any]:
        for _ in range(3 * times):
            yield pyarrow.table({"text": pyarrow.array(corpus.strings(), pyarrow.string())})

    rows = sum(len(table) for table in marsad.Analyzer(threads=1).analyze_batches(batches()))
    if not rows:
        raise SystemExit("no mentions in the corpus")
    print(peak())


def peak() -> float:
    """Give this process's peak memory in MB: on Linux getrusage may give that of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    stream(int(sys.argv[1]))
