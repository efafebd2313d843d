"""The command ``marsad``."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import marsad
from marsad import _marsad
from marsad.analysis import TABLES
from marsad.runs import PageRun, TablesRun, message
from marsad.table import Table


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
    except (marsad.DataError, OSError, KeyError, ValueError, TypeError, MemoryError) as fault:
        sys.stderr.write(f"marsad: {message(fault)}\n")
        return 2
    return status


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
    cut_off = analyze.add_mutually_exclusive_group()
    cut_off.add_argument("--resume", action="store_true", help="go on with a run that was cut off, if there is one")
    cut_off.add_argument("--restart", action="store_true", help="begin anew where a run was cut off")
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
    parser.add_argument(
        "--on-error",
        choices=("skip", "stop"),
        default="skip",
        help="tell a row or file that cannot be read and go on, or stop there; default: skip",
    )
    parser.add_argument("--progress", action="store_true", help="show progress also where no terminal watches")
    parser.add_argument("--quiet", action="store_true", help="show no progress and print nothing")


def _analyze(arguments: argparse.Namespace) -> int:
    run = TablesRun(arguments)
    try:
        ready = run.gather(arguments)
        if run.interrupted or run.stopped or not ready:
            return _cut_off(run)
        counts = run.finish()
    except KeyboardInterrupt:
        run.interrupted = True
        return _cut_off(run)
    finally:
        run.end()
    if not arguments.quiet:
        _show(run, counts, arguments.top)
    return 1 if run.faults else 0


def _cut_off(run: TablesRun) -> int:
    kept = run.store.documents
    why = "interrupted" if run.interrupted else "stopped at the first error" if run.stopped else None
    if why is not None:
        where = f"; {kept:,} documents are kept in {run.folder}/, and --resume goes on with them" if kept else ""
        sys.stderr.write(f"marsad: {why}{where}\n")
    return 130 if run.interrupted else 2


def _report(arguments: argparse.Namespace) -> int:
    from marsad import report

    # What is wrong with the page is told before the articles are read.
    report.check(arguments.title, arguments.articles)
    path = report.target(arguments.out)
    run = PageRun(arguments)
    ready = run.gather(arguments)
    if run.interrupted or run.stopped:
        why = "interrupted" if run.interrupted else "stopped at the first error"
        what = f"the report is on the first {run.documents:,} documents" if ready else "nothing is written"
        sys.stderr.write(f"marsad: {why}; {what}\n")
        sys.stderr.flush()
    status = 130 if run.interrupted else 2
    if not ready:
        return status
    run.found.report(path, title=arguments.title, articles=arguments.articles)
    if not arguments.quiet:
        found = run.found
        print(f"{len(found):,} documents, {len(found.mentions):,} mentions, {len(found.dates):,} dates")
        print(f"written to {path} ({path.stat().st_size / 1e6:,.2f} MB)")
    return status if run.interrupted or run.stopped else 1 if run.faults else 0


def _show(run: TablesRun, counts: Table, top: int) -> None:
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
