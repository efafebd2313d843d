"""What a record says, as Markdown: on the screen part by part, and as the page docs/benchmarks.md.

The page is made from the record beside it and from nothing else, so that no figure stands there without its record.
"""

from __future__ import annotations

from typing import Any

from .curves import DECADES, FLAT, STRAIGHT, fit
from .targets import BOUNDED, Parts, digits, targets

#: The parts in the order of the page, each with the heading that it begins.
PARTS = (
    "arrow",
    "str",
    "names",
    "dates",
    "analysis",
    "threads",
    "costs",
    "memory",
    "documents",
    "length",
    "lexicon",
)
CURVES = ("documents", "length", "lexicon")
COSTS = (
    ("import marsad, over bare Python", "import_ms", "ms"),
    ("Analyzer()", "analyzer_ms", "ms"),
    ("wheel", "wheel_mb", "MB"),
)

INTRO = """# Marsad beside other tools

`make bench` measures and writes this page; [benchmarks.json](benchmarks.json) is the record that every figure here is
read from. How right the results are is another question: [accuracy.md](accuracy.md).
"""

MEASURED = """## How it is measured

* **Side by side.** All contestants of a table have their turn in each round, in one process, and each round begins with
  another of them. The figure is the median over the rounds, beside minimum and maximum; the first, uncounted round
  warms up. The ratio is the median of the rounds' ratios: trust it more than the MB/s, which are those of the machine
  and its load.
* **MB/s of source text in UTF-8**, whatever a contestant makes of it.
* **CPU time, one thread.** Other processes on the machine do not lengthen it, though they take caches and memory
  bandwidth from it. What runs on two threads is told by the wall clock. Every library is told to use one thread.
* **Fresh input.** What a contestant may remember, such as a string's UTF-8, is made anew before each turn, outside the
  time; Arrow columns, which remember nothing, stay the same. A contestant that needs less than 50 ms runs several times
  in a turn (*runs*), and dropping what it gave before is then part of its time.
* **What each is given, and what it does more or less than Marsad**, stands above each table and in its last column.
  Peers do not do the same work, and no table says that they do.
* **Fixed versions.** The peers are pinned in `benches/compare.py`; one that cannot be installed is named under its
  table, with the reason.
"""

AGAIN = """## Again, on your machine

    make bench                                          # everything, this page, its record and its pictures
    python benches/compare.py --quick                   # less text, fewer rounds, smaller sizes; prints only
    python benches/compare.py --only dates              # one part; prints only
    python benches/compare.py --only memory --page      # one part, put in the place of the page's
    python benches/compare.py --redraw                  # page and pictures from the record, nothing measured
    cargo bench --bench stages                          # the stages one by one, in Rust (divan)

Parts: {parts}.

`MARSAD_CORPUS=FILE.jsonl.gz` names another corpus, of JSON objects with a `text`; without one, `examples/news` is
repeated.
"""

#: A machine is busy from so many times its cores on; the benchmark itself takes two.
BUSY = 1.5
CROWDED = """**Others were at work on the machine** when these parts began (a load far above its cores): {parts}. MB/s
are lower and scatter more than on a quiet one, curves are less smooth, and what the wall clock tells (threads) says
little."""

CURVED = """## Cost curves

CPU time, one thread, log against log: the least of several rounds in which all sizes have their turn (*runs*; a single
one where it takes longer than eight seconds). The line is fitted to the points of the upper {decades} decades (solid)
and drawn on below them (dotted), where fixed costs weigh. *Straight* means an exponent from {low} to {high}: ten times
the input, ten times the time.
"""


def page(record: dict[str, Any]) -> str:
    """Write the page from a record."""
    parts = record["parts"]
    blocks = [INTRO, figures(parts), what_was_run(parts), MEASURED]
    contests = [part for part in PARTS[:-4] if part in parts]
    if contests:
        blocks.append("## Beside other tools\n\n" + "\n".join(part_markdown(part, parts[part]) for part in contests))
    if "memory" in parts:
        blocks.append("## Memory\n\n" + memory_markdown(parts["memory"]))
    drawn = [part for part in CURVES if part in parts]
    if drawn:
        blocks.append(CURVED.format(decades=DECADES, low=STRAIGHT[0], high=STRAIGHT[1]))
        blocks += [curve_markdown(parts[part], picture(part)) for part in drawn]
    blocks.append(AGAIN.format(parts=", ".join(PARTS)))
    return "\n".join(blocks)


def figures(parts: Parts) -> str:
    """Write the table of the figures to hold."""
    lines = [target.line() for target in targets(parts)]
    missed = sum("missed" in line for line in lines)
    blank = sum("not measured" in line for line in lines)
    told = f"{len(lines) - missed - blank} of {len(lines)} reached, {missed} missed"
    told += f", {blank} not measured." if blank else "."
    head = ["## Figures to hold", "", told, "", "| | due | measured | |", "|---|---:|---:|---|"]
    return "\n".join([*head, *lines, ""])


def what_was_run(parts: Parts) -> str:
    """Say which command measured what, when, on which machine and with which versions."""
    settings: dict[tuple[str, ...], dict[tuple[str, str], list[str]]] = {}
    for name in (name for name in PARTS if name in parts):
        run = parts[name]["run"]
        setting = (run["machine"], run["versions"], run["wheel"], run["corpus"])
        settings.setdefault(setting, {}).setdefault((run["command"], run["day"]), []).append(name)
    lines = ["## What was run", ""]
    if sum(map(len, settings.values())) > 1:
        lines += ["The parts were measured by several runs; within a part all is of one run.", ""]
    for (machine, versions, wheel, corpus), runs in settings.items():
        lines += [f"* `{command}` on {day}: {told(names, parts)}" for (command, day), names in runs.items()]
        lines += [f"* Machine: {machine}", f"* Versions: {versions}", f"* Wheel: {wheel}", f"* Text: {corpus}", ""]
    busy = [name for name in PARTS if name in parts and parts[name]["run"]["load"] > BUSY * parts[name]["run"]["cores"]]
    if busy:
        lines += [CROWDED.format(parts=", ".join(busy)), ""]
    return "\n".join(lines)


def told(names: list[str], parts: Parts) -> str:
    """Name the parts of a run, with its rounds and the load of the machine."""
    loads = sorted(parts[name]["run"]["load"] for name in names)
    rounds = [parts[name]["run"]["rounds"] for name in names if name not in ("costs", "memory", *CURVES)]
    return (
        ", ".join(names)
        + (f"; {rounds[0]} rounds" if rounds else "")
        + (
            f"; load when a part began {' to '.join(dict.fromkeys(map(digits, (loads[0], loads[-1]))))}"
            * (loads[0] >= 0)
        )
    )


def picture(part: str) -> str:
    """Name the file of a curve's picture."""
    return f"curve_{part}.svg"


def part_markdown(name: str, part: dict[str, Any]) -> str:
    """Write what one part has measured."""
    if name == "memory":
        return memory_markdown(part)
    if name in CURVES:
        return curve_markdown(part)
    if name == "costs":
        lines = ["### Costs", "", "CPU time, and the size of the wheel.", "", "| | |", "|---|---:|"]
        return "\n".join(
            [*lines, *(f"| {what} | {digits(part['facts'][key])} {unit} |" for what, key, unit in COSTS), ""]
        )
    lines = [f"### {part['title']}", ""]
    lines += [f"{part['about']} {part['bytes'] / 1e6:.1f} MB.", ""]
    lines += ["| | MB/s | min | max | Marsad is × | runs | |", "|---|---:|---:|---:|---:|---:|---|"]
    for row in part["rows"]:
        speeds = " | ".join(digits(row[key]) for key in ("median", "low", "high", "ratio"))
        lines.append(f"| {row['name']} | {speeds} | {row['times']} | {row['note']} |".replace("|  |", "| |"))
    lines += ["", *part["skipped"]] if part["skipped"] else []
    return "\n".join([*lines, ""])


def memory_markdown(part: dict[str, Any]) -> str:
    """Write the table of peaks."""
    lines = [
        part["about"],
        "",
        f"Text: {part['source']}. Due: the larger input within {BOUNDED} of the smaller one.",
        "",
    ]
    lines += [
        "| | text, MB | at the start, MB | peak, MB | ratio | mentions | CPU s |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    first: dict[str, float] = {}
    for row in part["rows"]:
        ratio = row["peak"] / first.setdefault(row["way"], row["peak"])
        lines.append(
            f"| {row['way']} | {row['bytes'] / 1e6:,.0f} | {row['start']:.0f} | {row['peak']:.0f} | {ratio:.2f} "
            f"| {row['mentions']:,} | {row['seconds']:.0f} |"
        )
    return "\n".join([*lines, ""])


def curve_markdown(curve: dict[str, Any], drawn: str | None = None) -> str:
    """Write what a curve shows, and its points."""
    lines = [f"### {curve['title']}", "", curve["about"], ""]
    for series in curve["series"]:
        exponent, _ = fit(series["points"])
        first, last = series["points"][0], series["points"][-1]
        if series["unit"] is None:
            grown = last["seconds"] / first["seconds"]
            held = "flat" if grown < FLAT else "**not flat**"
            lines.append(
                f"* {series['name']}: {held}. With {last['size']:,} names it takes {grown:.2f} times as long as with "
                f"{first['size']:,} (below {digits(FLAT)} is due); slope {exponent:.2f}."
            )
        else:
            straight = "straight" if STRAIGHT[0] <= exponent <= STRAIGHT[1] else "**not straight**"
            each = last["seconds"] / last["size"] * 1e6
            lines.append(
                f"* {series['name']}: slope {exponent:.2f}, {straight}; {digits(each)} µs a {series['unit']} at "
                f"{last['size']:,}."
            )
    if drawn:
        slopes = "; ".join(f"{series['name']} {fit(series['points'])[0]:.2f}" for series in curve["series"])
        lines += ["", f"![CPU seconds against {curve['across']}, log against log. Slopes: {slopes}]({drawn})"]
    names = [series["name"] for series in curve["series"]]
    lines += ["", f"| {curve['across']} | " + " | ".join(f"{name}, s | runs" for name in names) + " |"]
    lines.append("|---:|" + "---:|---:|" * len(names))
    for points in zip(*(series["points"] for series in curve["series"]), strict=True):
        cells = " | ".join(f"{point['seconds']:.3g} | {point['runs']}" for point in points)
        lines.append(f"| {points[0]['size']:,} | {cells} |")
    return "\n".join([*lines, ""])
