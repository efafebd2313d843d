"""Time on an axis: days, weeks, months and years as real dates, and what is drawn over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal, cast

from marsad.optional import need
from marsad.plot import canvas

Period = Literal["day", "week", "month", "year"]
PERIODS = ("day", "week", "month", "year")
#: About how many days a period has.
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
#: Markers on a line.
_MARKED = 12


def read(name: str, value: Any) -> Period | None:
    """Read the name of a period; None is chosen later, by the span of the days."""
    return None if value is None else cast(Period, canvas.choice(name, value, PERIODS, "or None"))


def first_day(by: str, day: date) -> date:
    """Give the first day of a day's period."""
    if by == "day":
        return day
    if by == "week":
        return day - timedelta(day.weekday())
    return day.replace(day=1) if by == "month" else day.replace(month=1, day=1)


def next_period(by: str, start: date) -> date:
    """Give the first day of the next period; the last day that there is after all others."""
    try:
        if by in ("day", "week"):
            return start + timedelta(DAYS[by])
        return date(start.year + 1, 1, 1) if by == "year" or start.month == 12 else start.replace(month=start.month + 1)
    except (OverflowError, ValueError):
        return date.max


def stretches(by: str, starts: Sequence[date]) -> tuple[list[date], list[int | None]]:
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
        edges.append(next_period(by, start))
    return edges, which


def lines(ax: Any, edges: list[date], which: list[int | None], rows: list[tuple[str, list[float]]]) -> list[Any]:
    """Draw a line for each row of a label and the heights of its periods."""
    gaps = {place for place, number in enumerate(which) if number is None} | {-1, len(which)}
    step = max(1, len(which) // _MARKED)
    # A point between two gaps has no line, so that it needs its marker.
    alone = [place for place in range(len(which)) if {place - 1, place + 1} <= gaps]
    handles: list[Any] = []
    for number, (text, heights) in enumerate(rows):
        look = canvas.look(number)
        marked = sorted({*range(number % step, len(which), step), *alone} - gaps)
        values = [float("nan") if place is None else heights[place] for place in which]
        handles += ax.plot(
            edges[:-1],
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


def stack(
    ax: Any, edges: list[date], which: list[int | None], rows: Sequence[tuple[str, Sequence[float]]]
) -> list[Any]:
    """Draw steps upon one another for rows of a label and the heights of their periods."""
    below = [0.0] * len(which)
    handles = []
    for number, (text, heights) in enumerate(rows):
        look = canvas.look(number)
        upper = [under + (0.0 if place is None else heights[place]) for under, place in zip(below, which, strict=True)]
        handles.append(
            ax.stairs(
                upper,
                edges,
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


def day_axis(ax: Any, by: str, edges: list[date]) -> None:
    """Make the axis one of days, with some room beside the first and the last period."""
    room = timedelta(max(3 * DAYS[by] if len(edges) < 8 else 0, (edges[-1] - edges[0]).days // 50))
    low = edges[0] - min(room, edges[0] - date.min)
    high = edges[-1] + min(room, date.max - edges[-1])
    dates = need("matplotlib.dates")
    locator = dates.AutoDateLocator(minticks=3, maxticks=9)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))
    ax.set_xlim(low, high)


def number_axis(ax: Any, share: bool) -> None:
    """Write whole numbers on the upright axis, or shares as per cent."""
    if share:
        ax.yaxis.set_major_formatter(lambda height, _: f"{100 * height:.3g} %")
    else:
        ax.yaxis.set_major_locator(need("matplotlib.ticker").MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        ax.yaxis.set_major_formatter("{x:,.0f}")
