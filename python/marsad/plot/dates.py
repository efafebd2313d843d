"""The dates that the texts name themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from marsad import grain
from marsad.analysis import Analysis
from marsad.plot import canvas, periods

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Periods beside the middle half of all dates that are shown in any case.
_ROOM = 36


def timeline(
    found: Analysis,
    *,
    freq: periods.Period | None = None,
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
        The period: "day", "week" (from Monday), "month" or "year". None chooses by the span of the days that are
        drawn: "day" up to 62 of them, "month" up to 20 years, else "year"; the label of the axis says which.
    since, until
        The first and the last day to draw, as a ``datetime.date`` or an ISO string; whole periods are drawn. None
        leaves out the farthest hundredth of the dates on that side, and those that lie farther from the middle half of
        all dates than three times its width, and than 36 periods, or months where ``freq`` is None.
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
    freq = periods.read("freq", freq)
    first, last = _day("since", since), _day("until", until)
    if first and last and first > last:
        raise ValueError(f"until: found {last}; a day from {first} on is due, which since says")
    dates = found.dates
    columns = (dates.column(name) for name in ("kind", "first_day", "last_day"))
    named = [(start, end) for kind, start, end in zip(*columns, strict=True) if kind == "date"]
    known = [(start, end or start) for start, end in named if start]
    ax, own = canvas.begin(ax, title, (9, 3.8))
    if not known:
        return canvas.nothing(ax, "no dates")
    low, high = _ends(freq or "month", sorted(start for start, _ in known), first, last)
    freq = freq or grain.chosen(low, high)
    low, high = periods.first_day(freq, low), periods.first_day(freq, high)
    bars: tuple[Counter[date], Counter[date]] = (Counter(), Counter())
    early: list[date] = []
    late: list[date] = []
    for start, end in known:
        period = periods.first_day(freq, start)
        if low <= period <= high:
            bars[periods.first_day(freq, end) != period][period] += 1
        else:
            (early if period < low else late).append(start)
    _draw(ax, freq, low, high, bars, own)
    ax.set_ylabel("dates")
    note = _left_out(early, late, len(named) - len(known))
    ax.set_xlabel(canvas.folded(ax, f"{freq} that the texts name{note}"))
    return ax


def _draw(ax: Axes, freq: str, low: date, high: date, bars: tuple[Counter[date], Counter[date]], own: bool) -> None:
    if not any(bars):
        canvas.nothing(ax, "no dates between these days")
        return
    starts = sorted({low, high, *bars[0], *bars[1]})
    edges, which = periods.stretches(freq, starts)
    rows = [
        (f"within one {freq}", [bars[0][start] for start in starts]),
        (f"longer than a {freq}, at their beginning", [bars[1][start] for start in starts]),
    ]
    handles = periods.stack(ax, edges, which, rows if bars[1] else rows[:1])
    if bars[1]:
        canvas.key(ax, handles, **canvas.beside(False))
        if not own:
            # The axes of the caller may have no room for the legend but above the bars.
            ax.set_ylim(0, 1.25 * ax.get_ylim()[1])
    periods.day_axis(ax, freq, edges)
    periods.number_axis(ax, False)


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


def _ends(freq: str, days: Sequence[date], first: date | None, last: date | None) -> tuple[date, date]:
    """Give the first and the last day; a side that is not given does not cut off all that the other one asks for."""
    low, high = _middle(freq, days)
    low = first or (low if last is None or low <= last else days[0])
    high = last or (high if first is None or high >= first else days[-1])
    return low, high


def _middle(freq: str, days: Sequence[date]) -> tuple[date, date]:
    """Give the first and last of sorted days, less the long tails."""
    many = len(days)
    low, high = days[many // 4].toordinal(), days[-1 - many // 4].toordinal()
    # Tukey's fence for what lies far out. The dates of a few texts may all be of one day, so that it has a least width.
    room = max(3 * (high - low), _ROOM * periods.DAYS[freq])
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
