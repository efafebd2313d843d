"""How many articles a core analyzes, what Spark adds to that, and what a number of articles then costs.

    python benches/per_core.py                                    # prints JSON
    python benches/per_core.py --articles 5e6 --price 0.03        # another estimate
    python benches/per_core.py --out docs/how-to/per_core.json    # the record that docs/how-to/scale-out.md shows

Time is CPU time: that of this process on one thread, and for Spark, on one worker, that of this process, the JVM and
the Python workers together, after runs over fewer articles that warm them up.

The text is MARSAD_CORPUS, ../shared/corpus or examples/news.
"""

from __future__ import annotations

import argparse
import json
import operator
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import marsad
import pyarrow as pa
import pyarrow.parquet as pq
from compare.corpus import Corpus

#: Articles that are analyzed before any time is taken.
WARM = 1000
#: As many rows as Spark hands to Python at once.
BATCH = 10_000


class Contestant(NamedTuple):
    """What is timed, by which clock."""

    run: Callable[[], Any]
    clock: Callable[[], float]


def times(contestants: dict[str, Contestant], rounds: int) -> dict[str, list[float]]:
    """Give the seconds of each in each round: side by side, for what else runs on the machine weighs on all of them."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, (run, clock) in contestants.items():
            start = clock()
            run()
            taken[name].append(clock() - start)
    return taken


def tree_time() -> float:
    """CPU seconds of this process, of all that descend from it, and of those of them that have ended."""
    parents: dict[int, tuple[int, float]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # It has ended since it was listed; its parent has its time.
        parents[int(stat.parent.name)] = int(fields[1]), sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    total, family = 0.0, [os.getpid()]
    while family:
        one = family.pop()
        total += parents[one][1]
        family += [pid for pid, (parent, _) in parents.items() if parent == one]
    return total


def one_core(table: pa.Table, recognizer: bool) -> Contestant:
    analyzer = marsad.Analyzer(recognizer=recognizer, threads=1)
    analyzer.analyze_corpus(table[:WARM], progress=False)

    def run() -> None:
        for _ in analyzer.analyze_batches(table.to_batches(BATCH)):
            pass

    return Contestant(run, time.process_time)


def with_spark(table: pa.Table, folder: str) -> dict[str, Contestant]:
    """Set up the table of mentions and counts by month, on a session of one worker."""
    from marsad import spark
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    pq.write_table(table[:WARM], f"{folder}/warm.parquet")
    pq.write_table(table, f"{folder}/news.parquet")
    warm, news = (session.read.parquet(f"{folder}/{name}.parquet") for name in ("warm", "news"))
    # Other figures would be figures of something else.
    alone = marsad.Analyzer().analyze_corpus(table[:WARM], progress=False)
    for by in (None, "month", "document"):
        assert [row.asDict() for row in spark.counts(warm, by=by).collect()] == alone.counts(by=by).to_pylist()
    jobs = {"mentions": spark.mentions, "counts by month": lambda df: spark.counts(df, by="month")}
    contestants = {}
    for name, job in jobs.items():
        job(warm).write.format("noop").mode("overwrite").save()
        save = job(news).write.format("noop").mode("overwrite").save
        contestants[f"Spark, {name}"] = Contestant(save, tree_time)
    return contestants


def estimate(articles: float, per_second: float, cores: int, price: float) -> dict[str, float]:
    hours = articles / per_second / 3600
    return {
        "articles": articles,
        "core_hours": round(hours, 1),
        "cores": cores,
        "hours": round(hours / cores, 2),
        "price_per_core_hour": price,
        "dollars": round(hours * price, 2),
    }


def machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except FileNotFoundError:
        lines = []
    model = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{(model or [platform.machine()])[0]}, {os.cpu_count()} cores"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=12, help="text to measure on")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=float, default=100e6, help="articles to estimate for")
    parser.add_argument("--cores", type=int, default=64, help="cores of the cluster")
    parser.add_argument("--price", type=float, default=0.05, help="dollars a core and hour")
    parser.add_argument("--out", type=Path, help="a file for the JSON")
    options = parser.parse_args()

    corpus = Corpus(int(options.megabytes * 1e6))
    texts = corpus.strings()
    table = pa.table({"id": [str(number) for number in range(len(texts))], "text": texts})
    count = len(texts)
    load = os.getloadavg()[0]
    contestants = {f"recognizer={on}": one_core(table, on) for on in (True, False)}
    with tempfile.TemporaryDirectory() as folder:
        try:
            contestants |= with_spark(table, folder)
        except ImportError as fault:
            print(f"Spark is not measured: {fault}", file=sys.stderr)
        taken = times(contestants, options.rounds)
    rates = {name: count / statistics.median(seconds) for name, seconds in taken.items()}
    over = {
        name: statistics.median(map(operator.truediv, seconds, taken["recognizer=True"]))
        for name, seconds in taken.items()
        if name.startswith("Spark")
    }
    record = {
        "day": str(date.today()),
        "machine": machine(),
        "load": round(load, 2),
        "python": platform.python_version(),
        "marsad": marsad.__version__,
        "text": corpus.source,
        "articles": count,
        "code_points_an_article": round(sum(map(len, texts)) / count),
        "megabytes": round(corpus.size / 1e6, 1),
        "rounds": options.rounds,
        "articles_a_second_and_core": {name: round(rate) for name, rate in rates.items()},
        "spark_over_one_core": {name: round(ratio, 3) for name, ratio in over.items()},
        "estimates": {
            name: estimate(options.articles, round(rate), options.cores, options.price) for name, rate in rates.items()
        },
    }
    shown = json.dumps(record, indent=2, ensure_ascii=False)
    print(shown)
    if options.out:
        options.out.write_text(shown + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
