"""A report on a run: one HTML file that needs nothing else, neither a network nor a server.

Input: an `Analysis`. Output: a page, right to left, with a table of entities, charts, pairs and marked articles.
Contract: whatever names, titles and articles hold stays text; the page says how much of the run it does not hold.
The page itself lies in the folder `page`: a template, a style, and scripts that read the data from the page.
"""

from __future__ import annotations

import errno
import json
import os
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from html import escape
from importlib.resources import files
from itertools import accumulate
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

from marsad import arguments
from marsad import grain as grains
from marsad._marsad import VERSION
from marsad.markup import DATE, Mark, article, named, plain
from marsad.text import normalize

if TYPE_CHECKING:
    from marsad.analysis import Analysis

#: So many entities and pairs at most, the most named first: a page of ten thousand articles stays light.
ENTITIES = 2000
PAIRS = 50
#: The scripts of the page, in the order in which they use each other.
_SCRIPTS = ("words.js", "charts.js", "table.js", "articles.js", "report.js")
#: The code points that the search profile folds: Latin-1, Arabic, what has no shape, presentation forms, wide digits.
_FOLDED = ((0xAD, 0xAE), (0x34F, 0x350), (0x600, 0x900), (0x180E, 0x180F), (0x2000, 0x2070), (0xFB50, 0xFF60))

#: What may not stand in a script of a page, ends a line in one, turns text around or is not seen.
_UNSAFE = re.compile("[<>&\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def write(
    found: Analysis, path: str | os.PathLike[str], *, title: str | None = None, articles: SupportsIndex = 50
) -> Path:
    """Write the report of a run to a file, which has its name only when it is whole, and return its path.

    Parameters
    ----------
    found
        What ``Analyzer.analyze_corpus`` returns.
    path
        The file to write; folders that are missing on the way are made.
    title
        The heading of the page; None means "Marsad's report", in Arabic.
    articles
        How many articles to show, chosen evenly over the run: 0 to 200, which is as many as a run keeps. Of each no
        more than 20,000 code points are shown.

    Raises
    ------
    IsADirectoryError
        For the path of a folder.
    TypeError, ValueError
        For a path, title or number of articles that is none.

    Examples
    --------
    >>> import marsad, tempfile
    >>> found = marsad.Analyzer().analyze_corpus(["زار الوفد القاهرة"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write(found, f"{folder}/report.html")
    ...     (path.name, "القاهرة" in path.read_text(encoding="utf-8"))
    ('report.html', True)
    """
    to = target(path)
    page = render(found, title=title, articles=articles)
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f"{to.name}.part")
    try:
        # What was left there goes, and a link is not followed to what it points to.
        part.unlink(missing_ok=True)
        with open(part, "xb") as file:
            file.write(page.encode("utf-8"))
        os.replace(part, to)
    finally:
        part.unlink(missing_ok=True)
    return to


def target(path: str | os.PathLike[str]) -> Path:
    """Give the path of the file to write; a folder is an error."""
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path: found {type(path).__name__}; the path of a file is due")
    arguments.path("path", path)
    to = Path(path)
    if to.is_dir():
        raise IsADirectoryError(errno.EISDIR, "found a folder; the path of a file is due", str(to))
    return to


def check(title: object, articles: object) -> int:
    """Give the number of articles to show; a title or number that is none is an error."""
    if not (title is None or isinstance(title, str)):
        raise TypeError(f"title: found {type(title).__name__}; a str or None is due")
    if isinstance(articles, (bool, type)) or not isinstance(articles, SupportsIndex):
        raise TypeError(f"articles: found {type(articles).__name__}; a whole number is due")
    most = index(articles)
    if most < 0:
        raise ValueError(f"articles: found {most}; a number from 0 up is due")
    return most


def render(found: Analysis, *, title: str | None = None, articles: SupportsIndex = 50) -> str:
    """Give the report of a run as the text of a page."""
    most = check(title, articles)
    page = files("marsad").joinpath("page")
    script = "".join(["\n(() => {\n", '"use strict";\n', *(_read(page, name) for name in _SCRIPTS), "})();\n"])
    counts = found.counts()
    ids = counts.column("entity_id")
    rank = {id: place for place, id in enumerate(ids[:ENTITIES])}
    days = [day for day in found.documents.column("published") if day is not None]
    shown, texts = _articles(found, most, rank)
    heading = "تقرير مرصد" if title is None else title
    head = {
        "documents": f"{len(found):,}",
        "mentions": f"{len(found.mentions):,}",
        "entities": f"{len(ids):,}",
        "dates": f"{len(found.dates):,}",
        "first": str(min(days)) if days else "–",
        "last": str(max(days)) if days else "–",
    }
    data = {
        "documents": len(found),
        "articles": shown,
        "entities": _entities(counts, rank),
        "left_out": len(ids) - len(rank),
        "series": _series(found, rank),
        "dates": _dates(found),
        "pairs": _pairs(found, rank),
        "folds": _folds(),
    }
    digest = b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")
    parts = {
        **head,
        "title": escape(named(heading)),
        "heading": plain(heading) if title is not None else f'<span data-label="title">{heading}</span>',
        "made": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %z"),
        "version": VERSION,
        "policy": f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        "style": _read(page, "report.css"),
        "script": script,
        "data": _json(data),
        "articles": texts,
    }
    # In one pass, so that what looks like a place of the template in an article is none.
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _read(page, "report.html"))


def _read(page: Any, name: str) -> str:
    text: str = page.joinpath(name).read_text(encoding="utf-8")
    return text


def _json(data: Mapping[str, Any]) -> str:
    """Give data as JSON that can stand in a script of a page: nothing in it ends the script or begins another."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda letter: f"\\u{ord(letter[0]):04x}", text)


def _entities(counts: Any, rank: Mapping[str, int]) -> dict[str, Any]:
    """Columns of the entities that the page holds."""
    columns = {name: counts.column(name)[: len(rank)] for name in counts.columns}
    # Where only the id of the lexicon is known to the reader, it is found by that too.
    known = [id if id.isascii() else "" for id in columns["entity_id"]]
    keys = [f"{normalize(name)} {id}".strip().lower() for name, id in zip(columns["name"], known, strict=True)]
    return {
        "name": [named(name) for name in columns["name"]],
        "id": [named(id) for id in columns["entity_id"]],
        "key": keys,
        "type": [named(type) for type in columns["type"]],
        "mentions": columns["mentions"],
        "documents": columns["documents"],
        "first": [day and str(day) for day in columns["first_seen"]],
        "last": [day and str(day) for day in columns["last_seen"]],
    }


def _series(found: Analysis, rank: Mapping[str, int]) -> dict[str, Any]:
    """How often each entity is named in each period: its number and the mentions, one pair after the other."""
    published = found.documents.column("published")
    days = [day for day in published if day is not None]
    undated = len(published) - len(days)
    if not days:
        return {"grain": "month", "periods": [], "counts": [[] for _ in rank], "undated": undated}
    grain = grains.chosen(min(days), max(days))
    by_period = found.counts(by=grain, top=len(rank))
    periods = list(_periods(min(days), max(days), grain))
    place = {name: at for at, name in enumerate(periods)}
    counts: list[list[int]] = [[] for _ in rank]
    names = ("period", "entity_id", "mentions")
    for period, id, mentions in zip(*(by_period.column(name) for name in names), strict=True):
        if period is not None and id in rank:
            counts[rank[id]] += [place[_period(period, grain)], mentions]
    return {"grain": grain, "periods": periods, "counts": counts, "undated": undated}


def _dates(found: Analysis) -> dict[str, Any]:
    """When the dates named in the texts begin; years outside the middle 98 % are counted alone."""
    timeline = found.timeline("day")
    named_days: Counter[date] = Counter()
    for day, count in zip(timeline.column("period"), timeline.column("dates"), strict=True):
        named_days[day] += count
    days = sorted(named_days)
    total = sum(named_days.values())
    if not days:
        return {"grain": "month", "periods": [], "counts": [], "before": None, "after": None}
    out = total // 100
    reach = list(accumulate(named_days[day] for day in days))
    first = next(day.year for day, sum_ in zip(days, reach, strict=True) if sum_ > out)
    last = next(day.year for day, sum_ in zip(days, reach, strict=True) if sum_ >= total - out)
    middle = [day for day in days if first <= day.year <= last]
    grain = grains.chosen(middle[0], middle[-1])
    counts: Counter[str] = Counter()
    for day in middle:
        counts[_period(day, grain)] += named_days[day]
    periods = list(_periods(middle[0], middle[-1], grain))
    before = sum(named_days[day] for day in days if day.year < first)
    after = sum(named_days[day] for day in days if day.year > last)
    return {
        "grain": grain,
        "periods": periods,
        "counts": [counts[period] for period in periods],
        "before": [str(first), before] if before else None,
        "after": [str(last), after] if after else None,
    }


def _period(day: date, grain: str) -> str:
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[grain]]


def _periods(first: date, last: date, grain: str) -> Iterator[str]:
    """List the periods from one day to another, also those in which nothing is."""
    if grain == "day":
        yield from (str(first + timedelta(days)) for days in range((last - first).days + 1))
    elif grain == "month":
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        yield from (f"{month // 12:04}-{month % 12 + 1:02}" for month in months)
    else:
        yield from (f"{year:04}" for year in range(first.year, last.year + 1))


def _pairs(found: Analysis, rank: Mapping[str, int]) -> list[list[Any]]:
    """Pairs of names, each the row of its entity, or its name where the page has none, and how many name both."""

    def end(id: str, name: str) -> int | str:
        return rank[id] if id in rank else named(name)

    pairs = found.cooccurrence("document", top=PAIRS).to_pylist()
    return [
        [end(row["entity_id"], row["name"]), end(row["other_id"], row["other_name"]), row["together"]] for row in pairs
    ]


def _articles(found: Analysis, most: int, rank: Mapping[str, int]) -> tuple[int, str]:
    """Give some articles with their marks, spread over the run, and how many they are."""
    sample = [(row, text) for row, text in found._core.sample() if text]
    number = min(most, len(sample))
    chosen = [sample[place * len(sample) // number] for place in range(number)]
    if not chosen:
        return 0, ""
    mentions, dates = _Rows(found, "mentions"), _Rows(found, "dates")
    documents = found.documents
    shown = []
    for row, text in chosen:
        (cells,) = documents._batches.rows(row, 1)
        about = dict(zip(documents.columns, cells, strict=True))
        shown.append(_article(text, about, mentions.of(row), dates.of(row), rank))
    return number, "\n".join(shown)


class _Rows:
    """The mentions or dates of each document; ids may repeat, so they are told by counting those before."""

    def __init__(self, found: Analysis, name: str) -> None:
        table = getattr(found, name)
        self.batches = table._batches
        self.columns: list[str] = table.columns
        self.ends = list(accumulate(found.documents.column(name), initial=0))

    def of(self, row: int) -> list[dict[str, Any]]:
        first = self.ends[row]
        return [
            dict(zip(self.columns, cells, strict=True))
            for cells in self.batches.rows(first, self.ends[row + 1] - first)
        ]


def _article(
    text: str,
    about: Mapping[str, Any],
    names: Sequence[Mapping[str, Any]],
    dates: Sequence[Mapping[str, Any]],
    rank: Mapping[str, int],
) -> str:
    """One article with its marks; those behind the head that is kept are left out."""
    marks = [Mark(row["start"], row["end"], DATE, row["value"] or "غير محدد") for row in dates]
    for row in names:
        place = str(rank.get(row["entity_id"], ""))
        marks.append(Mark(row["start"], row["end"], row["type"], f"{row['name']} · {row['entity_id']}", place))
    marks = [mark for mark in marks if mark.end <= len(text)]
    body = article(text, marks)
    day = f'<time dir="ltr">{about["published"]}</time> · ' if about["published"] else ""
    cut = ""
    if about["characters"] > len(text):
        cut = (
            '<p class="note"><span data-label="cut">أول النص وحده، بعدد الحروف</span>: '
            f'<bdi dir="ltr">{len(text):,} / {about["characters"]:,}</bdi></p>'
        )
    entities = " ".join(dict.fromkeys(mark.entity for mark in marks if mark.entity))
    return (
        f'<article data-entities="{entities}"><h3>{plain(about["doc"] or "–")}</h3>'
        f'<p class="note">{day}<span data-label="mentions">الإشارات</span>: {about["mentions"]:,} · '
        f'<span data-label="dates">التواريخ</span>: {about["dates"]:,}</p>'
        f'<div class="text" tabindex="0">{body}</div>{cut}</article>'
    )


def _folds() -> dict[str, str]:
    """Say what the search profile makes of single letters: from each outcome to the letters that become it."""
    letters = [chr(code) for first, end in _FOLDED for code in range(first, end)]
    folds: dict[str, str] = {}
    for letter, folded in zip(letters, normalize(letters), strict=True):
        if letter != folded and not letter.isspace():
            folds[folded] = folds.get(folded, "") + letter
    return folds
