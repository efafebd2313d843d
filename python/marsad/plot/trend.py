"""Entities by the day of the document: lines, or steps upon one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, SupportsIndex

from marsad import grain
from marsad.analysis import Analysis
from marsad.plot import canvas, periods

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Ids that an error compares an unknown one with.
_COMPARED = 20_000


def over_time(
    found: Analysis,
    *,
    by: periods.Period | None = None,
    top: SupportsIndex = 5,
    entities: Iterable[str] | None = None,
    stacked: bool = False,
    share: bool = False,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often entities are named over time, by the day of the document.

    A period whose documents do not name an entity counts zero. A period without documents says nothing: lines have a
    gap there, stacks are empty. Documents without a day are left out, and the label of the axis says how many.

    Parameters
    ----------
    found
        What ``analyze_corpus`` gives.
    by
        The period: "day", "week" (from Monday), "month" or "year". A point stands at its first day. None chooses by
        the span of the days: "day" up to 62 of them, "month" up to 20 years, else "year"; the label of the axis
        says which.
    top
        So many entities, the most named of the run; it says nothing where ``entities`` are given.
    entities
        The ids of the entities to draw, in this order.
    stacked
        True draws steps upon one another, False a line for each entity.
    share
        True draws the part of all mentions of the period, of these entities and all others, instead of the number.
    title
        The title of the axes, shown as it is: Arabic, Latin or mixed.
    ax
        The axes to draw on; None makes a figure of pyplot.

    Returns
    -------
    matplotlib.axes.Axes
        The axes, one line or one step patch an entity.

    Raises
    ------
    ModuleNotFoundError, ImportError
        Without matplotlib 3.11 or newer.
    TypeError, ValueError
        For a value that is not due, such as the id of an entity that no text names; the message has ids that are near.

    Examples
    --------
    >>> import matplotlib, marsad, marsad.plot
    >>> matplotlib.use("agg")
    >>> articles = [
    ...     {"text": "زار الوفد القاهرة", "published": "2025-01-05"},
    ...     {"text": "عاد الوفد إلى الرباط", "published": "2025-02-11"},
    ... ]
    >>> ax = marsad.plot.over_time(marsad.Analyzer().analyze_corpus(articles), by="month", entities=["CAIRO"])
    >>> [float(height) for height in ax.lines[0].get_ydata()]
    [1.0, 0.0]
    """
    canvas.check(found, title)
    by = periods.read("by", by)
    top = canvas.whole("top", top)
    canvas.true_or_false("stacked", stacked)
    canvas.true_or_false("share", share)
    names = _chosen(found, top, entities)
    documents = found.documents
    days = documents.column("published")
    dated = [day for day in days if day is not None]
    ax, own = canvas.begin(ax, title, (9, 4))
    if not names:
        return canvas.nothing(ax, "no mentions")
    if not dated:
        return canvas.nothing(ax, "no document has a day")
    by = by or grain.chosen(min(dated), max(dated))
    totals: Counter[date] = Counter()
    for day, mentions in zip(days, documents.column("mentions"), strict=True):
        if day is not None:
            totals[periods.first_day(by, day)] += mentions
    starts = sorted(totals)
    heights = _heights(found, by, names, starts)
    if share:
        whole = [totals[start] or 1 for start in starts]
        heights = {id: [n / of for n, of in zip(row, whole, strict=True)] for id, row in heights.items()}
    texts = canvas.labels(names)
    rows = [(texts[id], heights[id]) for id in names]
    edges, which = periods.stretches(by, starts)
    handles = periods.stack(ax, edges, which, rows) if stacked else periods.lines(ax, edges, which, rows)
    periods.day_axis(ax, by, edges)
    periods.number_axis(ax, share)
    ax.set_ylabel("share of all mentions" if share else "mentions")
    undated = len(days) - len(dated)
    note = f"; {undated:,} of {len(found):,} documents have no day and are left out" if undated else ""
    ax.set_xlabel(canvas.folded(ax, f"{by} of the document{note}"))
    canvas.key(ax, handles, **canvas.beside(own))
    return ax


def _chosen(found: Analysis, top: int, entities: Iterable[str] | None) -> dict[str, str]:
    """Give ids and names of the entities to draw."""
    table = found.counts(top=top if entities is None else None)
    names = dict(zip(table.column("entity_id"), table.column("name"), strict=True))
    if entities is None:
        return names
    chosen = canvas.several("entities", entities, "CAIRO")
    for id in chosen:
        if id not in names:
            near = _near(id, names)
            hint = f"; near ones are {', '.join(map(repr, near))}" if near else ""
            raise ValueError(f"entities: found {id!r}, which no text names; the id of an entity is due{hint}")
    return {id: names[id] for id in chosen}


def _near(id: str, names: dict[str, str]) -> list[str]:
    """Give ids like an unknown one, and those of entities with such a name."""
    known = dict(list(names.items())[:_COMPARED])
    by_name: dict[str, str] = {}
    for one, name in known.items():
        by_name.setdefault(name, one)
    near = [by_name[name] for name in get_close_matches(id, by_name, n=3, cutoff=0.8)]
    near += get_close_matches(id.upper() if id.isascii() else id, known, n=3)
    return list(dict.fromkeys(near))[:3]


def _heights(found: Analysis, by: periods.Period, names: dict[str, str], starts: list[date]) -> dict[str, list[float]]:
    place = {start: number for number, start in enumerate(starts)}
    heights = {id: [0.0] * len(starts) for id in names}
    table = found.counts(by=by)
    columns = (table.column(name) for name in ("period", "entity_id", "mentions"))
    for period, id, mentions in zip(*columns, strict=True):
        if period is not None and id in heights:
            heights[id][place[period]] = float(mentions)
    return heights
