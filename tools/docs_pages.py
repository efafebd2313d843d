"""Writes the pages of the reference that data say: python tools/docs_pages.py [--check]

docs/reference/columns.md from the registry of columns, options.md from data/fold and data/profiles.toml, dates.md from
data/dates/shapes and data/dates/months, command-line.md from the parser of the command; each example is run through the
installed package. With --check nothing is written: exit status 1 when a page is not what would be written.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import marsad
from marsad import _marsad
from marsad.cli import _parser

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
#: The document's day of all examples, a Wednesday.
DAY = "2025-10-15"
#: Past evidence before the example, and something after it, so that it is not the whole text.
SENTENCE = "وجرى الحفل {} حسب التقرير."
#: A date for shapes that count from the last one named.
BEFORE = "بدأ العمل في 3 مايو 2024. "

#: Characters with a shape that are shown by code point all the same.
NAMED = "\N{ARABIC TATWEEL}\N{ARABIC MADDAH ABOVE}\N{ARABIC HAMZA ABOVE}\N{ARABIC HAMZA BELOW}"

#: What gives each table, and one sentence on its rows.
TABLES = {
    "documents": ("found.documents", "One row a document, also those that name nothing."),
    "mentions": ("found.mentions", "One row a mention of a person, organisation or place, in the order of the text."),
    "dates": ("found.dates", "One row an expression of time."),
    "counts": (
        "found.counts()",
        'One row an entity, the most mentions first; also `by="type"`, where `top` keeps so many of each type.',
    ),
    "counts by document": ('found.counts(by="document")', "One row an entity of a document."),
    "counts by period": (
        'found.counts(by="month")',
        'One row an entity of a period; also `by="day"`, `"week"` and `"year"`.',
    ),
    "cooccurrence": ("found.cooccurrence()", "One row a pair of entities, the most frequent first."),
    "timeline": ("found.timeline()", "One row a document of a period that it names."),
}
#: Texts that the profiles treat differently.
PROFILE_TEXTS = [
    "أَعلنَ الـرئيسُ، في مؤتمرٍ",
    "زار الملك مدينة طرابلس الغربيّة إلى ٢٠٢٥",
    "الجامعه گبيرة   جدااااا!",
]


#: What stands below the options of the commands.
EXAMPLES = """## Examples

```console
$ marsad analyze news/ --out tables --format csv --quiet
$ cat article.txt | marsad analyze - --out tables --published 2025-03-19 --quiet
$ echo "أَحْمَدُ" | marsad normalize
احمد
```"""


def columns() -> str:
    """The tables and their columns."""
    parts = [
        "# Tables and columns",
        "Every table is a `marsad.Table`: Arrow data with a list of columns that does not hang on what was found, so that",
        "an empty run has the same ones. Positions are code points of the source text, the end exclusive. A column that",
        "is not nullable always has a value.",
    ]
    lines = ["\n".join([parts[0], "", *parts[1:]])]
    for name, rows in _marsad.columns().items():
        code, about = TABLES[name]
        cells = [[f"`{column}`", f"`{kind}`", "yes" if null else "", text] for column, kind, null, text in rows]
        lines.append(f"## {name}\n\n`{code}`: {about}\n\n" + table(["column", "type", "nullable", "meaning"], cells))
    return page(lines)


def options() -> str:
    """The options of normalization, each with a word before and after."""
    profiles = marsad.Normalizer.profiles()
    public = ["light", "search", "skeleton"]
    profiles = {name: profiles[name] for name in (*public, "analysis")}
    known = marsad.Normalizer.options()
    every = dict.fromkeys(known, False)
    overview = [
        [f"[`{name}`](#{name})", *("yes" if name in profiles[profile] else "" for profile in profiles)]
        for name in known
    ]
    texts = [
        [arabic(text, "code"), *(arabic(marsad.normalize(text, profile), "code") for profile in public)]
        for text in PROFILE_TEXTS
    ]
    lines = [
        "# Normalization options\n\n"
        "An option folds one kind of spelling. A profile is a set of options; each can be set alone on top of it:\n"
        '`marsad.normalize(text, "search", ta_marbuta=False)`. Options apply in the order of the table below, however they are\n'
        "given, and normalizing twice gives what normalizing once gives. Below, a character that has no shape of its own is\n"
        "written by its code point, and a space that is not single as ␣.",
        "## Profiles\n\n" + table(["option", *(f"`{name}`" for name in profiles)], overview) + "\n\n"
        "`analysis` is what the recognizers read: `search` with the white space of the source.\n\n"
        + table(["text", *(f"`{name}`" for name in public)], texts),
    ]
    for name, about in known.items():
        before = case(name)
        after = marsad.Normalizer("light", **{**every, name: True}).normalize(before)
        if after == before:
            raise SystemExit(f"{name}: {before!r} stays as it is; a case that changes is due")
        on = ", ".join(f"`{profile}`" for profile in profiles if name in profiles[profile])
        lines.append(
            f"## {name}\n\n{about} On in: {on}.\n\n"
            + table(["before", "after"], [[arabic(before, "code"), arabic(after, "code")]])
        )
    return page(lines)


def case(option: str) -> str:
    """The first case of the option that changes its text."""
    path = ROOT / "tests" / "cases" / "normalize" / f"{option}.toml"
    for one in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
        if one["input"] != one["expected"]:
            return str(one["input"])
    raise SystemExit(f"{path}: no case changes its text; one is due")


def dates() -> str:
    """The shapes of dates with an example of each, and the names of months."""
    analyzer = marsad.Analyzer(builtin_lexicon=False, recognizer=False, threads=1)
    files = [read(path) for path in (ROOT / "data" / "dates" / "shapes").glob("*.toml")]
    lines = [
        "# Which dates are found\n\n"
        f"Each row is a shape of `data/dates/shapes/`, with its example as it comes out of a document of {DAY}, a Wednesday.\n"
        "*In a sentence* the example stands in running text after a verb in the past; *alone* it is the whole text, a query,\n"
        "which looks ahead. Shapes that count from the last date named have 3 May 2024 before them. An empty cell is no date,\n"
        "`null` a date that nothing resolves. Values are ISO 8601 and EDTF; [the rules](../accuracy.md#what-comes-out-for-what)\n"
        "say how they are chosen."
    ]
    for file in sorted(files, key=lambda file: int(file["rank"])):
        rows = [row(analyzer, shape) for shape in file.get("shape", ())]
        if rows:
            head = ["kind", "example", "in a sentence", "alone"]
            lines.append(f"## {file['about'].partition(';')[0]}\n\n" + table(head, rows))
    lines.append(
        "## Names of months\n\nWhat stands alone or needs a day, a year or a word of time beside it is said in\n"
        "`data/dates/months/`. Spellings that differ by hamza, final ya or ta marbuta are one, and not listed.\n\n"
        + months()
    )
    return page(lines)


def row(analyzer: marsad.Analyzer, shape: dict[str, Any]) -> list[str]:
    """One shape: its name, its example, and what comes out."""
    example = str(shape["example"])
    sentence = SENTENCE.format(example)
    found = values(analyzer, sentence, 0)
    if "null" in found:
        found = values(analyzer, BEFORE + sentence, len(BEFORE)) or found
    # Only as a whole text is the example a date of this shape.
    return [shape["name"], arabic(example), "" if shape.get("whole") else found, values(analyzer, example, 0)]


def values(analyzer: marsad.Analyzer, text: str, start: int) -> str:
    """The values of the dates that begin at or after a place."""
    dates = analyzer.analyze(text, published=DAY).dates
    return ", ".join(f"`{date.value or 'null'}`" for date in dates if date.start >= start)


def command_line() -> str:
    """The commands and their options, as their own help says them."""
    root = _parser()
    (commands,) = (action for action in root._actions if isinstance(action, argparse._SubParsersAction))
    about = {action.dest: action.help or "" for action in commands._choices_actions}
    lines = [
        f"# Command line\n\n{root.description}\n\n{root.epilog}\n\n"
        "`marsad --version` says which version it is, `marsad COMMAND --help` what follows."
    ]
    for name, parser in commands.choices.items():
        rows = []
        for action in parser._actions:
            if action.dest != "help":
                words = action.option_strings or [action.metavar or action.dest]
                value = "" if not action.option_strings or action.nargs == 0 else f" {argument(action)}"
                rows.append([f"`{', '.join(map(str, words))}{value}`", str(action.help)])
        lines.append(f"## marsad {name}\n\n{about[name].capitalize()}.\n\n" + table(["argument", "meaning"], rows))
    lines.append(EXAMPLES)
    return page(lines)


def argument(action: argparse.Action) -> str:
    """What the value of an option is called."""
    choices = ",".join(map(str, action.choices or ()))
    return str(action.metavar or (f"{{{choices}}}" if choices else action.dest.upper()))


def months() -> str:
    """One row a month, one column a family."""
    families = [read(path) for path in sorted((ROOT / "data" / "dates" / "months").glob("*.toml"))]
    rows = []
    for number in range(1, 13):
        cells = [str(number)]
        for family in families:
            named = [month for month in family["month"] if month["number"] == number]
            names = [
                name
                for month in named
                for name in (*month.get("names", ()), *month.get("weak", ()), *month.get("dated", ()))
            ]
            cells.append(arabic("، ".join(names)))
        rows.append(cells)
    return table(["", *(family["family"] for family in families)], rows)


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shown(text: str) -> str:
    """A text whose characters without a shape are named; tatweel too, which is hard to see, and what joins a letter."""
    parts = []
    for place, letter in enumerate(text):
        around = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
        if letter == " ":
            parts.append("␣" if " " in around or len(around) < 2 else " ")
        elif unicodedata.category(letter)[0] in "CZ" or letter in NAMED:
            parts.append(f"[U+{ord(letter):04X}]")
        else:
            parts.append(letter)
    return "".join(parts)


def arabic(text: str, tag: str = "bdi") -> str:
    """A text as a cell, from right to left."""
    return f'<{tag} dir="rtl">{escape(shown(text))}</{tag}>' if text else ""


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def page(parts: list[str]) -> str:
    note = "<!-- Written by tools/docs_pages.py: change what it reads, not this page. -->"
    return "\n\n".join([note, *parts]) + "\n"


WRITTEN = {"columns.md": columns, "options.md": options, "dates.md": dates, "command-line.md": command_line}


def main(arguments: list[str]) -> int:
    if not set(arguments) <= {"--check"}:
        sys.stderr.write(f"found {' '.join(arguments)}; --check or nothing is due\n")
        return 2
    old = 0
    for name, make in WRITTEN.items():
        path = PAGES / name
        text = make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if arguments:
            sys.stderr.write(f"{path.relative_to(ROOT)}: not up to date; python tools/docs_pages.py is due\n")
            old = 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return old


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
