"""Which period a chart over time goes by, where nobody says: the report and the plots have one rule."""

from __future__ import annotations

from datetime import date
from typing import Literal

#: Up to so many days a chart goes by day, and up to so many by month.
_DAYS = 62
_MONTHS = 366 * 20


def chosen(first: date, last: date) -> Literal["day", "month", "year"]:
    """Choose the period for a chart from one day to another, so that it has neither too few nor too many.

    Parameters
    ----------
    first, last
        The first and the last day of the chart.

    Returns
    -------
    str
        "day" where they are up to 62 days apart, "month" up to 20 years, else "year".

    Examples
    --------
    >>> chosen(date(2025, 3, 1), date(2025, 3, 31)), chosen(date(2025, 3, 1), date(2026, 3, 1))
    ('day', 'month')
    """
    span = (last - first).days
    return "day" if span <= _DAYS else "month" if span <= _MONTHS else "year"
