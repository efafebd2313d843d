"""The peak memory of fresh processes that get little text and a hundred times as much.

Each way of running is a process of its own (``python -m compare.memory stream ...``), which prints its figures as
JSON. The text lies in files of a temporary folder, so that the process holds of it what it reads and nothing else.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .corpus import Corpus

#: Threads of the processes that are measured; all else is at its defaults.
THREADS = 2
#: Bytes of text in each Arrow table of the stream.
BATCH = 2_000_000
ABOUT = (
    "Peak resident memory of a fresh process (`VmHWM`), everything on, two threads, all else at its defaults. The "
    "larger input is the smaller one over and over (documents with new ids), read from disk piece by piece: what "
    "depends on new words or on new entities does not show. *At the start* is what the process holds before the "
    "first text: Python, the package and, for the stream, pyarrow and an analyzer with lexicon and weights, which the "
    "command line makes later."
)
STREAM = "`analyze_batches` over Arrow tables of 2 MB, made one at a time"
COMMAND = "`marsad analyze FILE --out FOLDER`, lines of JSON in, parquet out"


def memory(size: int, times: int) -> dict[str, Any]:
    """Measure both ways for ``size`` bytes of text and for ``times`` as much."""
    corpus = Corpus(size)
    rows = []
    with tempfile.TemporaryDirectory(prefix="marsad-bench-") as place:
        folder = Path(place)
        write_arrow(corpus, folder / "news.arrow")
        for count in (1, times):
            say(f"memory: a stream of {count * corpus.size / 1e6:,.0f} MB")
            found = child("stream", str(folder / "news.arrow"), str(count))
            rows.append({"way": STREAM, "bytes": count * corpus.size, **found})
        for count in (1, times):
            lines = folder / "news.jsonl"
            say(f"memory: writing {count * corpus.size / 1e6:,.0f} MB of lines")
            write_lines(corpus, lines, count)
            say(f"memory: the command line over {count * corpus.size / 1e6:,.0f} MB")
            found = child("command", str(lines), str(folder / "out"))
            rows.append({"way": COMMAND, "bytes": count * corpus.size, **found})
            lines.unlink()
    return {"about": ABOUT, "source": corpus.source, "rows": rows}


def say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def write_arrow(corpus: Corpus, path: Path) -> None:
    import pyarrow

    schema = pyarrow.schema([("text", pyarrow.string())])
    with pyarrow.OSFile(str(path), "wb") as file, pyarrow.ipc.new_file(file, schema) as writer:
        for texts in parts(corpus.strings()):
            writer.write_batch(pyarrow.record_batch([pyarrow.array(texts, pyarrow.string())], schema))


def parts(texts: list[str]) -> Iterator[list[str]]:
    """Cut a list of texts into lists of about ``BATCH`` bytes."""
    gathered: list[str] = []
    size = 0
    for text in texts:
        gathered.append(text)
        size += len(text.encode())
        if size >= BATCH:
            yield gathered
            gathered, size = [], 0
    if gathered:
        yield gathered


def write_lines(corpus: Corpus, path: Path, times: int) -> None:
    texts = [json.dumps(text, ensure_ascii=False) for text in corpus.strings()]
    with path.open("w", encoding="utf-8") as file:
        for time_ in range(times):
            file.writelines(f'{{"id": "{time_}-{place}", "text": {text}}}\n' for place, text in enumerate(texts))


def child(*arguments: str) -> dict[str, float]:
    """Run this module as a program, without the settings of threads that the other parts are run under."""
    environment = {
        name: value for name, value in os.environ.items() if not name.endswith(("NUM_THREADS", "MAX_THREADS"))
    }
    command = [sys.executable, "-m", "compare.memory", *arguments]
    told = subprocess.check_output(command, text=True, env=environment)
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found


def stream(path: str, times: int) -> dict[str, float]:
    import marsad
    import pyarrow

    analyzer = marsad.Analyzer(threads=THREADS)
    before = peak()

    def tables() -> Iterator[Any]:
        for _ in range(times):
            with pyarrow.OSFile(path) as file, pyarrow.ipc.open_file(file) as reader:
                for place in range(reader.num_record_batches):
                    yield pyarrow.Table.from_batches([reader.get_batch(place)])

    rows = sum(len(table) for table in analyzer.analyze_batches(tables()))
    return {"start": before, "peak": peak(), "mentions": rows, "seconds": time.process_time()}


def command(path: str, out: str) -> dict[str, float]:
    from marsad import cli

    before = peak()
    status = cli.main(["analyze", path, "--out", out, "--threads", str(THREADS)])
    if status != 0:
        raise SystemExit(f"marsad analyze gave {status}")
    held = peak()
    import pyarrow.parquet

    rows = pyarrow.parquet.read_metadata(f"{out}/mentions.parquet").num_rows
    return {"start": before, "peak": held, "mentions": rows, "seconds": time.process_time()}


def peak() -> float:
    """Give this process's peak memory in MB: on Linux getrusage may give that of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    way, path, last = sys.argv[1:]
    print(json.dumps(stream(path, int(last)) if way == "stream" else command(path, last)))
