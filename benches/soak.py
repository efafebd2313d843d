"""Whether memory stays flat and results stay the same over a long run; exit status 1 if a bound is broken.

    python benches/soak.py                               # all of it, with 1 GB through the command line: an hour or so
    python benches/soak.py calls made                    # only these parts
    python benches/soak.py command --size 200            # megabytes of text instead of 1,000
    python benches/soak.py --quick                       # a few seconds, as the tests run it

The parts: ``calls`` (``analyze`` and ``normalize`` again and again), ``made`` (analyzers, readers and reports made and
dropped), ``command`` (``marsad analyze`` over a file, on 1, 2 and 8 threads, twice each). Each part runs in processes
of its own. The texts are those of ``--corpus``, a file or folder that ``marsad.read`` takes, by default examples/news,
over and over with new ids and their paragraphs in turn.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import marsad

ROOT = Path(__file__).resolve().parent.parent
#: What memory may grow by, as a part of what it was.
GROWTH = 0.05
#: What the peak over ten times the text may be beyond the peak over the text, as a part of it; and where the text is
#: so little that not all batches are full.
PEAK = 0.3  # as benches/compare/targets.py has it due
PEAK_OF_LITTLE = 1.0
LITTLE = 50
THREADS = (1, 2, 8)
PARTS = ("calls", "made", "command")


class Row(NamedTuple):
    """A line of the table: what was measured, what came out, what is due, and whether it is."""

    what: str
    found: str
    due: str
    holds: bool


def articles(corpus: Path, size: int) -> Iterator[tuple[str, str]]:
    """Give ids and texts of ``size`` bytes in all; an article that comes again has its paragraphs in another order."""
    # Days are given here; those of the corpus, in whatever form, are left alone.
    texts = [text for batch in marsad.read(corpus, published="-") for text in batch.column("text")]
    paragraphs = [text.split("\n") for text in texts if text.strip()]
    if not paragraphs:
        raise SystemExit(f"soak: {corpus}: no text")
    turn = 0
    while True:
        for place, lines in enumerate(paragraphs):
            cut = turn % len(lines)
            text = "\n".join(lines[cut:] + lines[:cut])
            size -= len(text.encode())
            if size < 0:
                return
            yield f"{turn}-{place}", text
        turn += 1


def resident() -> int:
    """Resident bytes of this process now, with what can be given back given back."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def grown(what: str, before: int, after: int, bound: float = GROWTH) -> Row:
    """Compare memory with what it was."""
    share = after / before - 1
    found = f"{before / 1e6:,.1f} -> {after / 1e6:,.1f} MB ({share:+.1%})"
    return Row(what, found, f"at most +{bound:.0%}", after <= before * (1 + bound))


def calls(options: argparse.Namespace) -> list[Row]:
    """Memory after ``options.calls`` calls beside memory after the first hundred, and after three tenths of them.

    The analyzer keeps what it has worked out for up to 57,344 words, so texts that are all different make it grow for
    the first two or three thousand; then it is full.
    """
    texts = [text for _, text in articles(options.corpus, 12_000_000)]
    rows = []
    analyzer, normalizer = marsad.Analyzer(threads=1), marsad.Normalizer("skeleton")
    uses: dict[str, Callable[[str], object]] = {
        "analyze": lambda text: analyzer.analyze(text, published="2025-03-19"),
        "normalize": normalizer.normalize,
        "explain": analyzer.explain,
        "tokenize": marsad.tokenize,
    }
    for name, use in uses.items():
        seen: dict[int, int] = {}
        for number in range(1, options.calls + 1):
            use(texts[number % len(texts)])
            if number in (min(100, options.calls // 10), options.calls * 3 // 10):
                seen[number] = resident()
        now = resident()
        rows += [grown(f"{options.calls:,} calls of {name}, beside {n:,}", before, now) for n, before in seen.items()]
    return rows


def made(options: argparse.Namespace) -> list[Row]:
    """Memory after ``options.made`` of each kind of object beside memory after a fifth of them."""
    first = max(1, options.made // 5)
    lexicon = {f"مشروع البحر {number}": (f"SEA{number}", "LOC") for number in range(500)}
    found = marsad.Analyzer(threads=2).analyze_corpus(text for _, text in articles(options.corpus, 400_000))
    with tempfile.TemporaryDirectory(prefix="marsad-soak-") as place:
        lines = Path(place) / "news.jsonl"
        write(options.corpus, lines, 2_000_000)

        def analyzer() -> None:
            marsad.Analyzer(lexicon, threads=2).analyze_corpus(["زار الوفد القاهرة " * 50] * 200)

        def reader() -> None:
            assert sum(map(len, marsad.read(lines)))

        def half() -> None:
            next(marsad.read(lines))

        def report() -> None:
            found.report(Path(place) / "report.html")

        kinds: dict[str, Callable[[], None]] = {
            "analyzers": analyzer,
            "readers": reader,
            "readers left half-way": half,
            "reports": report,
        }
        rows = []
        for name, make in kinds.items():
            before = 0
            for number in range(options.made):
                make()
                if number == first - 1:
                    before = resident()
            rows.append(grown(f"{options.made} {name}, beside {first}", before, resident()))
    return rows


def write(corpus: Path, path: Path, size: int) -> None:
    """Write articles as lines of JSON."""
    with path.open("w", encoding="utf-8") as file:
        for id, text in articles(corpus, size):
            file.write(json.dumps({"id": id, "text": text, "published": "2025-03-19"}, ensure_ascii=False) + "\n")


def run(lines: Path, out: Path, threads: int) -> tuple[str, int, float]:
    """Run the command line; give the hash of all that it wrote, its peak of resident bytes, and its seconds."""
    start = time.monotonic()
    command = [sys.executable, "-m", "marsad", "analyze", str(lines), "--out", str(out), "--quiet"]
    process = subprocess.Popen([*command, "--threads", str(threads)])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"soak: marsad analyze ended with {process.returncode}")
    digest = hashlib.sha256()
    for path in sorted(out.iterdir()):
        digest.update(path.name.encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        path.unlink()
    return digest.hexdigest(), usage.ru_maxrss * 1024, time.monotonic() - start


def command(options: argparse.Namespace) -> list[Row]:
    """Peaks of memory over a file and over a tenth of it, and what was written on all numbers of threads."""
    rows, size = [], options.size * 1_000_000
    with tempfile.TemporaryDirectory(prefix="marsad-soak-") as place:
        lines, out = Path(place) / "news.jsonl", Path(place) / "out"
        write(options.corpus, lines, size // 10)
        _, small, _ = run(lines, out, 2)
        write(options.corpus, lines, size)
        hashes = []
        for threads in THREADS:
            for _ in range(options.runs):
                digest, peak, seconds = run(lines, out, threads)
                say(f"{size / 1e6:,.0f} MB on {threads} threads: {seconds:,.0f} s, peak {peak / 1e6:,.0f} MB, {digest}")
                hashes.append(digest)
                if threads == 2:
                    large = peak
        what = f"peak over {size / 1e6:,.0f} MB, beside {size / 1e7:,.0f} MB, 2 threads"
        rows.append(grown(what, small, large, PEAK if options.size >= LITTLE else PEAK_OF_LITTLE))
        names = ", ".join(map(str, THREADS))
        unequal = f"{len(set(hashes))} hashes ({hashes[0][:12]} ...)"
        rows.append(Row(f"tables of {len(hashes)} runs on {names} threads", unequal, "1 hash", len(set(hashes)) == 1))
    return rows


def say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def table(rows: list[Row]) -> str:
    """Set the rows as a table of Markdown."""
    lines = ["| what | found | due | |", "|---|---|---|---|"]
    lines += [f"| {row.what} | {row.found} | {row.due} | {'holds' if row.holds else '**BROKEN**'} |" for row in rows]
    return "\n".join(lines)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; default: all")
    parser.add_argument("--corpus", type=Path, default=ROOT / "examples" / "news", help="default: examples/news")
    parser.add_argument("--calls", type=int, default=10_000, help="default: 10000")
    parser.add_argument("--made", type=int, default=50, help="default: 50")
    parser.add_argument("--size", type=int, default=1000, metavar="MB", help="text for the command line; default: 1000")
    parser.add_argument("--quick", action="store_true", help="little of all")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    options.runs = 1 if options.quick else 2
    for part in options.parts:
        if part not in PARTS:
            parser.error(f"there is no part {part!r}; the parts are {', '.join(PARTS)}")
    if options.quick:
        options.calls, options.made, options.size = min(options.calls, 300), min(options.made, 4), min(options.size, 1)
    return options


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table, and return 1 if a bound is broken."""
    given = sys.argv[1:] if arguments is None else arguments
    options = parse(given)
    if options.inside:
        (part,) = options.parts
        print(json.dumps({"calls": calls, "made": made, "command": command}[part](options)))
        return 0
    flags = [word for word in given if word not in PARTS]
    rows = []
    for part in options.parts or PARTS:
        say(part)
        # glibc gives threads heaps of their own, and each keeps what was freed: steps of 10 MB that are no leak.
        heaps = {"MALLOC_ARENA_MAX": "1"} if part == "made" else {}
        inside = [sys.executable, str(Path(__file__)), part, "--inside", *flags]
        done = subprocess.run(inside, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **heaps})
        rows += [Row(*row) for row in json.loads(done.stdout)]
    print(table(rows))
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
