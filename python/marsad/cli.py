"""The command ``marsad``."""

from __future__ import annotations

import argparse
import io
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import marsad
from marsad import _marsad
from marsad.analysis import TABLES
from marsad.frames import Batch, Fields
from marsad.progress import watcher
from marsad.table import Table

#: Faults that are told one by one; of more, only their number.
_TOLD = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0, 1 if some inputs failed, 2 if nothing could be done."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone; what is left to flush goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("marsad: interrupted\n")
        return 130
    except (marsad.DataError, OSError, KeyError, ValueError, TypeError) as fault:
        return _fail(fault)
    return status


def _fail(fault: BaseException) -> int:
    sys.stderr.write(f"marsad: {_message(fault)}\n")
    return 2


def _message(fault: BaseException) -> str:
    if isinstance(fault, OSError) and fault.filename is not None:
        return f"{fault.filename}: {fault.strerror}"
    return str(fault.args[0]) if isinstance(fault, KeyError) and fault.args else str(fault)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="marsad",
        description="Arabic news in, tidy tables out: who is named, where, and when.",
        epilog="Exit status: 0 all done, 1 some inputs failed, 2 nothing could be done.",
    )
    parser.add_argument("--version", action="version", version=f"marsad {marsad.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    analyze = commands.add_parser("analyze", help="find names and dates in articles and write tables")
    _inputs(analyze)
    analyze.add_argument("--out", required=True, type=Path, metavar="FOLDER", help="where the tables go")
    analyze.add_argument("--format", choices=("parquet", "csv", "jsonl"), default="parquet", help="default: parquet")
    analyze.add_argument(
        "--top", type=int, default=15, metavar="N", help="how many entities and dates to show; default: 15"
    )
    analyze.set_defaults(run=_analyze)

    report = commands.add_parser("report", help="find names and dates in articles and write one page about them")
    _inputs(report)
    report.add_argument(
        "-o", "--out", type=Path, default=Path("report.html"), metavar="FILE", help="the page; default: report.html"
    )
    report.add_argument("--title", metavar="TITLE", help="the heading of the page")
    report.add_argument(
        "--articles", type=int, default=50, metavar="N", help="how many articles to show, up to 200; default: 50"
    )
    report.set_defaults(run=_report)

    normalize = commands.add_parser("normalize", help="normalize lines of text")
    normalize.add_argument(
        "paths", nargs="*", default=["-"], metavar="PATH", help="text files; default: standard input"
    )
    normalize.add_argument("--profile", default="search", help="light, search or skeleton; default: search")
    normalize.add_argument(
        "--on", action="append", default=[], metavar="OPTION", help="turn an option on; may be repeated"
    )
    normalize.add_argument(
        "--off", action="append", default=[], metavar="OPTION", help="turn an option off; may be repeated"
    )
    normalize.set_defaults(run=_normalize)
    return parser


def _inputs(parser: argparse.ArgumentParser) -> None:
    """Add what to read and how to analyze it."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="file or folder (.txt .jsonl .csv .tsv .parquet, plain or .gz), or - for standard input",
    )
    parser.add_argument("--published", metavar="DATE", help="the day of documents that have none, such as 2025-03-19")
    parser.add_argument(
        "--lexicon", action="append", metavar="FILE", help="more names: tab-separated id, type, alias; may be repeated"
    )
    parser.add_argument("--types", default="PER,ORG,LOC", metavar="LIST", help="default: PER,ORG,LOC")
    parser.add_argument("--no-recognizer", action="store_true", help="only names that need no evidence around them")
    parser.add_argument("--threads", type=int, metavar="N", help="default: one a core")
    parser.add_argument("--text", default="text", metavar="COLUMN", help="column of the text; default: text")
    parser.add_argument("--id", default="id", metavar="COLUMN", help="column of the id; default: id")
    parser.add_argument("--day", default="published", metavar="COLUMN", help="column of the day; default: published")
    parser.add_argument("--progress", action="store_true", help="show progress also where no terminal watches")
    parser.add_argument("--quiet", action="store_true", help="show no progress and print nothing")


class _Run(ABC):
    """One run over the inputs, batch by batch; what is done with each is for the run to say."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        types = tuple(name.strip() for name in arguments.types.split(","))
        self.analyzer = marsad.Analyzer(
            arguments.lexicon,
            types=types,
            recognizer=not arguments.no_recognizer,
            threads=arguments.threads,
        )
        self.fields = Fields(arguments.text, arguments.id, arguments.day)
        self.published: str | None = arguments.published
        self.documents = 0
        self.faults = 0
        self.interrupted = False
        # A day that is none is told before anything is read or written.
        self.empty = marsad.Analysis(self.analyzer)
        self.empty._core.add_lists([], None, None, self.published, None)

    @abstractmethod
    def add(self, batch: Table, tell: Any) -> None:
        """Take one batch of articles in."""

    def find(self, found: marsad.Analysis, batch: Table, tell: Any) -> None:
        found._add(Batch(arrow=batch), Fields("text", "id", "published"), self.published, tell)

    def fail(self, fault: BaseException) -> None:
        self.faults += 1
        if self.faults <= _TOLD:
            sys.stderr.write(f"marsad: {_message(fault)}\n")


class _Tables(_Run):
    """A run of ``marsad analyze``: files of tables, with one batch in memory at a time."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        super().__init__(arguments)
        self.format: str = arguments.format
        self.folder: Path = arguments.out
        self.counter = _marsad.Counter(self.analyzer._core, None)
        self.days: dict[str, int] = {}
        self.writers: dict[str, _marsad.Writer] = {}
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in TABLES:
            like = getattr(self.empty, name)._batches
            self.writers[name] = _marsad.Writer(self._path(name), like, self.format)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.{self.format}"

    def add(self, batch: Table, tell: Any) -> None:
        found = marsad.Analysis(self.analyzer, self.documents)
        self.find(found, batch, tell)
        for name, writer in self.writers.items():
            writer.write(getattr(found, name)._batches)
        self.counter.add(found._core)
        for kind, value in zip(found.dates.column("kind"), found.dates.column("value"), strict=True):
            if value is not None and kind == "date":
                self.days[value] = self.days.get(value, 0) + 1
        self.documents += len(found)

    def finish(self) -> Table:
        for writer in self.writers.values():
            writer.finish()
        counts = self.counter.counts(None)
        writer = _marsad.Writer(self._path("counts"), counts, self.format)
        writer.write(counts)
        writer.finish()
        return Table(counts)


class _Page(_Run):
    """A run of ``marsad report``: the findings of all batches are kept, and of the texts a sample."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        super().__init__(arguments)
        self.found = self.empty

    def add(self, batch: Table, tell: Any) -> None:
        self.find(self.found, batch, tell)
        self.documents = len(self.found)


def _analyze(arguments: argparse.Namespace) -> int:
    run = _Tables(arguments)
    if not _gather(arguments, run):
        return 130 if run.interrupted else 2
    counts = run.finish()
    if not arguments.quiet:
        _show(run, counts, arguments.top)
    return _end(run)


def _report(arguments: argparse.Namespace) -> int:
    from marsad import report

    # What is wrong with the page is told before the articles are read.
    report.check(arguments.title, arguments.articles)
    path = report.target(arguments.out)
    run = _Page(arguments)
    if not _gather(arguments, run):
        return 130 if run.interrupted else 2
    run.found.report(path, title=arguments.title, articles=arguments.articles)
    if not arguments.quiet:
        found = run.found
        print(f"{len(found):,} documents, {len(found.mentions):,} mentions, {len(found.dates):,} dates")
        print(f"written to {path} ({path.stat().st_size / 1e6:,.2f} MB)")
    return _end(run)


def _gather(arguments: argparse.Namespace, run: _Run) -> bool:
    """Read and analyze the inputs, and say whether there is anything to write."""
    names = run.fields.names()
    tell, close = watcher(False if arguments.quiet else arguments.progress or None)
    inputs = [path for path in arguments.paths if path != "-"]
    try:
        for path in inputs:
            try:
                reader = marsad.read(path, text=names[0], id=names[1], published=names[2])
            except (marsad.DataError, OSError, KeyError) as fault:
                run.fail(fault)
                continue
            _drain(reader, run, tell)
        if "-" in arguments.paths:
            try:
                run.add(Table(_marsad.read_stream(sys.stdin.buffer.read(), *names)), tell)
            except (marsad.DataError, OSError, KeyError) as fault:
                run.fail(fault)
    except KeyboardInterrupt:
        run.interrupted = True
    finally:
        close()
    if run.faults > _TOLD:
        sys.stderr.write(f"marsad: and {run.faults - _TOLD:,} more like these\n")
    return run.documents > 0 or not (run.faults or run.interrupted)


def _end(run: _Run) -> int:
    if run.interrupted:
        sys.stderr.write(f"marsad: interrupted; the first {run.documents:,} documents are written\n")
        return 130
    return 1 if run.faults else 0


def _drain(reader: marsad.Reader, run: _Run, tell: Any) -> None:
    """Analyze every batch; what cannot be read is told, and the files after it are still read."""
    while True:
        batch = None  # so that it is not held beside the next one
        try:
            batch = next(reader)
        except StopIteration:
            return
        except (OSError, KeyError, ValueError, TypeError) as fault:
            run.fail(fault)
            continue
        run.add(batch, tell)


def _show(run: _Tables, counts: Table, top: int) -> None:
    rows = counts.to_pylist()
    print(f"{run.documents:,} documents, {sum(row['mentions'] for row in rows):,} mentions of {len(rows):,} entities")
    if rows:
        print(f"\n{'mentions':>8}  {'documents':>9}  {'type':<4}  {'entity_id':<28}  name")
    for row in rows[:top]:
        print(f"{row['mentions']:>8,}  {row['documents']:>9,}  {row['type']:<4}  {row['entity_id']:<28}  {row['name']}")
    days = sorted(run.days.items(), key=lambda item: (-item[1], item[0]))[:top]
    if days:
        print(f"\n{'times':>8}  date named in the texts")
    for value, times in days:
        print(f"{times:>8,}  {value}")
    print(f"\nwritten to {run.folder}/: " + ", ".join(f"{name}.{run.format}" for name in (*TABLES, "counts")))


def _normalize(arguments: argparse.Namespace) -> int:
    options = dict.fromkeys(arguments.on, True) | dict.fromkeys(arguments.off, False)
    normalizer = marsad.Normalizer(arguments.profile, **options)
    for path in arguments.paths:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        text = _marsad.read_text("<stdin>" if path == "-" else path, data)
        for line in io.StringIO(text, newline=None):
            sys.stdout.write(normalizer.normalize(line.rstrip("\n")) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
