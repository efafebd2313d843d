"""What is named when: entities by the day of the document, and the dates that the texts name themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex

from marsad.analysis import Analysis
from marsad.optional import need
from marsad.plot import canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PERIODS = ("day", "week", "month", "year")
#: About how many days a period has, for the room beside the first and the last.
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
#: Markers on a line, and ids that an error compares an unknown one with.
_MARKED = 12
#: Periods beside the middle half of all dates that a timeline shows in any case.
_ROOM = 36
_COMPARED = 20_000


def over_time(
    found: Analysis,
    *,
    by: Literal["day", "week", "month", "year"] = "month",
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
        The period: "day", "week" (from Monday), "month" or "year". A point stands at its first day.
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
    >>> ax = marsad.plot.over_time(marsad.Analyzer().analyze_corpus(articles), entities=["CAIRO"])
    >>> [float(height) for height in ax.lines[0].get_ydata()]
    [1.0, 0.0]
    """
    canvas.check(found, title)
    canvas.choice("by", by, _PERIODS)
    top = canvas.whole("top", top)
    canvas.true_or_false("stacked", stacked)
    canvas.true_or_false("share", share)
    names = _chosen(found, top, entities)
    totals: Counter[date] = Counter()
    undated = 0
    documents = found.documents
    for day, mentions in zip(documents.column("published"), documents.column("mentions"), strict=True):
        if day is None:
            undated += 1
        else:
            totals[_start(by, day)] += mentions
    ax, own = canvas.begin(ax, title, (9, 4))
    if not names:
        return canvas.nothing(ax, "no mentions")
    if not totals:
        return canvas.nothing(ax, "no document has a day")
    starts = sorted(totals)
    heights = _heights(found, by, names, starts)
    if share:
        whole = [totals[start] or 1 for start in starts]
        heights = {id: [n / of for n, of in zip(row, whole, strict=True)] for id, row in heights.items()}
    texts = canvas.labels(names)
    rows = [(texts[id], heights[id]) for id in names]
    edges, which = _edges(by, starts)
    handles = _stack(ax, edges, which, rows) if stacked else _lines(ax, edges, which, rows)
    _days(ax, by, edges)
    _numbers(ax, share)
    ax.set_ylabel("share of all mentions" if share else "mentions")
    note = f"; {undated:,} of {len(found):,} documents have no day and are left out" if undated else ""
    ax.set_xlabel(f"{by} of the document{note}")
    canvas.key(ax, handles, **canvas.beside(own))
    return ax


def timeline(
    found: Analysis,
    *,
    freq: Literal["day", "week", "month", "year"] = "month",
    since: date | str | None = None,
    until: date | str | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how many of the dates that the texts name fall into each period.

    A date that is longer than the period, such as a year among months, stands where it begins, in a look of its own.
    What is left out, before, after or for want of a day, is written under the axis.

    Parameters
    ----------
    found
        What ``analyze_corpus`` gives.
    freq
        The period: "day", "week" (from Monday), "month" or "year".
    since, until
        The first and the last day to draw, as a ``datetime.date`` or an ISO string; whole periods are drawn. None
        leaves out the farthest hundredth of the dates on that side, and those that lie farther from the middle half of
        all dates than three times its width, and than 36 periods.
    title
        The title of the axes, shown as it is: Arabic, Latin or mixed.
    ax
        The axes to draw on; None makes a figure of pyplot.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; the bars are one step patch for the dates within a period, and one upon it for the longer ones.

    Raises
    ------
    ModuleNotFoundError, ImportError
        Without matplotlib 3.11 or newer.
    TypeError, ValueError
        For a value that is not due, such as a day that the calendar does not have.

    Examples
    --------
    >>> import matplotlib, marsad, marsad.plot
    >>> matplotlib.use("agg")
    >>> found = marsad.Analyzer().analyze_corpus(["افتتح المعرض في 3 آذار 2025 وأغلق في 9 أيار 2025"])
    >>> marsad.plot.timeline(found).patches[0].get_data().values.tolist()
    [1.0, 0.0, 1.0]
    """
    canvas.check(found, title)
    canvas.choice("freq", freq, _PERIODS)
    first, last = _day("since", since), _day("until", until)
    if first and last and first > last:
        raise ValueError(f"until: found {last}; a day from {first} on is due, which since says")
    dates = found.dates
    columns = (dates.column(name) for name in ("kind", "first_day", "last_day"))
    named = [(start, end) for kind, start, end in zip(*columns, strict=True) if kind == "date"]
    known = [(start, end or start) for start, end in named if start]
    ax, _ = canvas.begin(ax, title, (9, 3.8))
    if not known:
        return canvas.nothing(ax, "no dates")
    low, high = _middle(freq, sorted(start for start, _ in known))
    low, high = _start(freq, first or low), _start(freq, last or high)
    bars: tuple[Counter[date], Counter[date]] = (Counter(), Counter())
    early: list[date] = []
    late: list[date] = []
    for start, end in known:
        period = _start(freq, start)
        if low <= period <= high:
            bars[_start(freq, end) != period][period] += 1
        else:
            (early if period < low else late).append(start)
    _draw(ax, freq, low, high, bars)
    ax.set_ylabel("dates")
    note = _left_out(early, late, len(named) - len(known))
    ax.set_xlabel(f"{freq} that the texts name{note}")
    return ax


def _draw(ax: Axes, freq: str, low: date, high: date, bars: tuple[Counter[date], Counter[date]]) -> None:
    starts = sorted({low, high, *bars[0], *bars[1]}) if low <= high else []
    if not any(bars) or not starts:
        canvas.nothing(ax, "no dates between these days")
        return
    edges, which = _edges(freq, starts)
    rows = [
        (f"within one {freq}", [bars[0][start] for start in starts]),
        (f"longer than a {freq}, at their beginning", [bars[1][start] for start in starts]),
    ]
    handles = _stack(ax, edges, which, rows if bars[1] else rows[:1])
    if bars[1]:
        canvas.key(ax, handles, loc="best")
    _days(ax, freq, edges)
    _numbers(ax, False)


def _left_out(early: list[date], late: list[date], unknown: int) -> str:
    """Say what a timeline does not show."""
    parts = []
    if early:
        parts.append(f"{len(early):,} earlier (from {min(early)})")
    if late:
        parts.append(f"{len(late):,} later (to {max(late)})")
    if unknown:
        parts.append(f"{unknown:,} without a day")
    return f"\nleft out: {', '.join(parts)}" if parts else ""


def _middle(freq: str, days: Sequence[date]) -> tuple[date, date]:
    """Give the first and last of sorted days, less the long tails."""
    many = len(days)
    low, high = days[many // 4].toordinal(), days[-1 - many // 4].toordinal()
    # Tukey's fence for what lies far out. The dates of a few texts may all be of one day, so that it has a least width.
    room = max(3 * (high - low), _ROOM * _DAYS[freq])
    kept = [day for day in days[many // 100 : many - many // 100] if low - room <= day.toordinal() <= high + room]
    return kept[0], kept[-1]


def _day(name: str, value: Any) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    if isinstance(value, datetime):
        return value.date()
    due = "a day such as '2025-03-19', a datetime.date or None is due"
    if not isinstance(value, str):
        raise TypeError(f"{name}: found {type(value).__name__}; {due}")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{name}: found {value!r}; {due}") from None


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


def _heights(found: Analysis, by: str, names: dict[str, str], starts: list[date]) -> dict[str, list[float]]:
    place = {start: number for number, start in enumerate(starts)}
    heights = {id: [0.0] * len(starts) for id in names}
    table = found.counts(by=by)  # type: ignore[arg-type]
    columns = (table.column(name) for name in ("period", "entity_id", "mentions"))
    for period, id, mentions in zip(*columns, strict=True):
        if period is not None and id in heights:
            heights[id][place[period]] = float(mentions)
    return heights


def _start(by: str, day: date) -> date:
    """Give the first day of a day's period."""
    if by == "day":
        return day
    if by == "week":
        return day - timedelta(day.weekday())
    return day.replace(day=1) if by == "month" else day.replace(month=1, day=1)


def _next(by: str, start: date) -> date:
    """Give the first day of the next period; the last day that there is after all others."""
    try:
        if by in ("day", "week"):
            return start + timedelta(_DAYS[by])
        return date(start.year + 1, 1, 1) if by == "year" or start.month == 12 else start.replace(month=start.month + 1)
    except (OverflowError, ValueError):
        return date.max


def _edges(by: str, starts: Sequence[date]) -> tuple[list[date], list[int | None]]:
    """Cut time at periods: the edges, and for each stretch between two which period it is, None for what lies between.

    So a thousand empty years are one stretch.
    """
    edges: list[date] = []
    which: list[int | None] = []
    for place, start in enumerate(starts):
        if edges and edges[-1] != start:
            which.append(None)
        if not edges or edges[-1] != start:
            edges.append(start)
        which.append(place)
        edges.append(_next(by, start))
    return edges, which


def _lines(ax: Axes, edges: list[date], which: list[int | None], rows: list[tuple[str, list[float]]]) -> list[Any]:
    gaps = {place for place, number in enumerate(which) if number is None} | {-1, len(which)}
    step = max(1, len(which) // _MARKED)
    handles = []
    for number, (text, heights) in enumerate(rows):
        look = canvas.look(number)
        # A point between two gaps has no line, so that it needs its marker.
        alone = [place for place in range(len(which)) if {place - 1, place + 1} <= gaps and place not in gaps]
        marked = sorted({*range(number % step, len(which), step), *alone} - gaps)
        values = [float("nan") if place is None else heights[place] for place in which]
        handles += ax.plot(
            edges[:-1],  # type: ignore[arg-type]
            values,
            color=look.colour,
            marker=look.marker,
            markevery=marked,
            linewidth=1.8 if len(which) < 100 else 1,
            label=text,
        )
    # A little below zero, where half of a marker stands.
    highest = max(max(heights) for _, heights in rows) or 1
    ax.set_ylim(-0.03 * highest, 1.08 * highest)
    return handles


def _stack(
    ax: Axes, edges: list[date], which: list[int | None], rows: Sequence[tuple[str, Sequence[float]]]
) -> list[Any]:
    below = [0.0] * len(which)
    handles = []
    for number, (text, heights) in enumerate(rows):
        look = canvas.look(number)
        upper = [under + (0.0 if place is None else heights[place]) for under, place in zip(below, which, strict=True)]
        handles.append(
            ax.stairs(
                upper,
                edges,  # type: ignore[arg-type]
                baseline=below,
                fill=True,
                facecolor=look.colour,
                hatch=look.hatch,
                edgecolor=canvas.ground(ax),
                linewidth=0,
                label=text,
            )
        )
        below = upper
    ax.set_ylim(0, 1.08 * max(below) or 1)
    return handles


def _days(ax: Axes, by: str, edges: list[date]) -> None:
    """Make the axis one of days, with some room beside the first and the last period."""
    room = timedelta(max(3 * _DAYS[by] if len(edges) < 8 else 0, (edges[-1] - edges[0]).days // 50))
    low = edges[0] - min(room, edges[0] - date.min)
    high = edges[-1] + min(room, date.max - edges[-1])
    dates = need("matplotlib.dates")
    locator = dates.AutoDateLocator(minticks=3, maxticks=9)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))
    ax.set_xlim(low, high)  # type: ignore[arg-type]


def _numbers(ax: Axes, share: bool) -> None:
    if share:
        ax.yaxis.set_major_formatter(lambda height, _: f"{100 * height:.3g} %")
    else:
        ax.yaxis.set_major_locator(need("matplotlib.ticker").MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        ax.yaxis.set_major_formatter("{x:,.0f}")
