"""Plots over time: each period has its number, periods without documents are gaps, what is left out is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import marsad
import pytest
from marsad import grain, plot
from marsad.plot import dates, periods
from plotted import ARTICLES, CLUB, HILL, MAN, matplotlib, new_axes, num2date, pyplot, run


def dated(*days: str) -> marsad.Analysis:
    """Analyze one text that names these days."""
    return run([{"id": "a", "text": "، ".join(f"حدث هذا في {day}" for day in days)}])


@pytest.fixture(scope="module")
def small() -> marsad.Analysis:
    return run(ARTICLES)


@pytest.fixture(scope="module")
def news(root: Path) -> marsad.Analysis:
    return marsad.Analyzer(threads=1).analyze_corpus(marsad.read(root / "examples" / "news"))


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    with matplotlib.rc_context():
        yield
    pyplot.close("all")


def names_of(labels: list[Any]) -> list[str]:
    return [label.get_text() for label in labels]


def legend_of(ax: Any) -> list[str]:
    return names_of(ax.get_legend().get_texts())


# Over time


def test_lines_have_zeros_and_gaps(small: marsad.Analysis) -> None:
    ax = plot.over_time(small, by="month", top=2)
    hill, club = ax.lines
    assert legend_of(ax) == [HILL, CLUB]
    assert [day.strftime("%Y-%m-%d") for day in hill.get_xdata()] == [
        "2025-01-01",
        "2025-02-01",
        "2025-03-01",
        "2025-04-01",
    ]
    # January, February without it, March without documents, April.
    assert [str(float(height)) for height in hill.get_ydata()] == ["3.0", "0.0", "nan", "1.0"]
    assert [str(float(height)) for height in club.get_ydata()] == ["1.0", "2.0", "nan", "0.0"]
    assert ax.get_xlabel() == "month of the document; 1 of 6 documents have no day and are left out"
    assert ax.get_ylabel() == "mentions"
    # April stands alone behind a gap: a line cannot show it, so that it has its marker.
    assert 3 in hill.get_markevery()
    assert hill.get_marker() != club.get_marker()
    assert num2date(ax.get_xlim()[0]).date() <= date(2025, 1, 1)
    assert num2date(ax.get_xlim()[1]).date() >= date(2025, 4, 30)


@pytest.mark.parametrize(
    ("by", "heights"),
    [
        ("day", ["2.0", "nan", "1.0", "nan", "0.0", "nan", "1.0", "0.0"]),
        ("week", ["2.0", "nan", "1.0", "nan", "0.0", "nan", "1.0"]),
        ("month", ["3.0", "0.0", "nan", "1.0"]),
        ("year", ["4.0"]),
    ],
)
def test_lines_by_each_period(small: marsad.Analysis, by: Any, heights: list[str]) -> None:
    ax = plot.over_time(small, by=by, entities=["HILL"])
    assert [str(float(height)) for height in ax.lines[0].get_ydata()] == heights
    assert ax.get_xlabel().startswith(f"{by} of the document; ")


def test_weeks_begin_on_monday(small: marsad.Analysis) -> None:
    days = plot.over_time(small, by="week", entities=["HILL"]).lines[0].get_xdata()
    assert days[0] == date(2024, 12, 30)


def test_stacks_and_shares_add_up(small: marsad.Analysis) -> None:
    ax = plot.over_time(small, by="month", stacked=True)
    tops = [patch.get_data().values.tolist() for patch in ax.patches]
    assert tops == [[3, 0, 0, 1], [4, 2, 0, 1], [4, 2, 0, 2]]
    assert [list(patch.get_data().baseline) for patch in ax.patches][1] == tops[0]
    ax = plot.over_time(small, by="month", stacked=True, share=True)
    assert ax.patches[-1].get_data().values.tolist() == [1, 1, 0, 1]
    assert ax.get_ylabel() == "share of all mentions"
    assert ax.yaxis.get_major_formatter()(0.25, None) == "25 %"
    ax = plot.over_time(small, by="month", share=True, entities=["CLUB"])
    assert [str(float(height)) for height in ax.lines[0].get_ydata()] == ["0.25", "1.0", "nan", "0.0"]


def test_entities_are_drawn_in_the_order_given(small: marsad.Analysis) -> None:
    assert legend_of(plot.over_time(small, entities=["MAN", "HILL", "MAN"], top=1)) == [MAN, HILL]


def test_every_mention_with_a_day_is_drawn(news: marsad.Analysis) -> None:
    ids = news.counts().column("entity_id")
    with_day = sum(
        mentions
        for day, mentions in zip(news.documents.column("published"), news.documents.column("mentions"), strict=True)
        if day
    )
    for by in ("week", "year"):
        patches = plot.over_time(news, by=by, entities=ids, stacked=True, ax=new_axes()).patches
        assert patches[-1].get_data().values.sum() == with_day > 0


# Periods that are chosen


@pytest.mark.parametrize(
    ("last", "chosen"),
    [
        ("2025-01-01", "day"),
        ("2025-03-04", "day"),
        ("2025-03-05", "month"),
        ("2045-01-16", "month"),
        ("2045-01-17", "year"),
    ],
)
def test_the_period_is_chosen_by_the_span_of_the_days(last: str, chosen: str) -> None:
    first = date(2025, 1, 1)
    assert grain.chosen(first, date.fromisoformat(last)) == chosen
    rows = [{"text": f"مررنا على {HILL}", "published": day} for day in (first, last)]
    assert plot.over_time(run(rows)).get_xlabel() == f"{chosen} of the document"
    ax = plot.timeline(dated("1/1/2025"), since=first, until=last)
    assert ax.get_xlabel().startswith(f"{chosen} that the texts name")


def test_the_report_and_the_plots_choose_alike(small: marsad.Analysis) -> None:
    from marsad import report

    assert report._series(small, {"HILL": 0})["grain"] == "month"
    assert plot.over_time(small).get_xlabel().startswith("month")


# Dates in the texts


def bars_of(ax: Any) -> list[list[float]]:
    return [patch.get_data().values.tolist() for patch in ax.patches]


def test_dates_stand_in_their_months() -> None:
    ax = plot.timeline(dated("3 آذار 2025", "9 آذار 2025", "آذار 2025", "9 أيار 2025"), freq="month")
    assert bars_of(ax) == [[3, 0, 1]]
    assert [num2date(edge).date() for edge in ax.patches[0].get_data().edges] == [
        date(2025, month, 1) for month in (3, 4, 5, 6)
    ]
    assert ax.get_xlabel() == "month that the texts name"
    assert ax.get_legend() is None


def test_a_date_longer_than_the_period_stands_apart() -> None:
    found = dated("3 آذار 2025", "عام 2025")
    ax = plot.timeline(found, freq="month")
    # The upper step patch stands upon the lower one: a year at its January.
    assert bars_of(ax) == [[0, 0, 1], [1, 0, 1]]
    assert legend_of(ax) == ["within one month", "longer than a month, at their beginning"]
    assert bars_of(plot.timeline(found, freq="year")) == [[2]]


def test_what_a_timeline_leaves_out_is_written_under_it() -> None:
    days = [f"{day} آذار 2025" for day in range(1, 31)]
    found = run([{"id": "a", "text": "، ".join(f"حدث هذا في {day}" for day in [*days, "عام 1258", "عام 2300", "أمس"])}])
    ax = plot.timeline(found)
    assert ax.get_xlabel() == (
        "day that the texts name\nleft out: 1 earlier (from 1258-01-01), 1 later (to 2300-01-01), 1 without a day"
    )
    assert sum(map(sum, bars_of(ax))) == 30
    ax = plot.timeline(found, since="1200-01-01", until=date(2400, 1, 1), freq="year")
    assert ax.get_xlabel() == "year that the texts name\nleft out: 1 without a day"
    assert bars_of(ax)[-1][-1] == 0
    assert sum(bars_of(ax)[-1]) == 32
    ax = plot.timeline(found, since="2025-03-10", until="2025-03-12", freq="day")
    assert bars_of(ax) == [[1, 1, 1]]
    assert ax.get_xlabel().endswith("left out: 10 earlier (from 1258-01-01), 19 later (to 2300-01-01), 1 without a day")


def test_a_side_that_is_given_reaches_what_the_other_would_leave_out() -> None:
    found = dated(*(f"{day} آذار 2025" for day in range(1, 31)), "عام 1258")
    ax = plot.timeline(found, until="1300-01-01")
    assert sum(map(sum, bars_of(ax))) == 1
    ax = plot.timeline(found, since="2026-01-01", freq="month")
    assert names_of(ax.texts) == ["no dates between these days"]
    assert "left out: 31 earlier (from 1258-01-01)" in ax.get_xlabel()


def test_long_tails_do_not_flatten_the_rest() -> None:
    days = [date(2025, 1, 1)] * 60 + [date(2025, 3, 1)] * 60 + [date(622, 1, 1), date(1258, 1, 1), date(9999, 1, 1)]
    assert dates._middle("month", sorted(days)) == (date(2025, 1, 1), date(2025, 3, 1))


def test_the_first_and_the_last_day_that_there_are() -> None:
    for by in periods.PERIODS:
        for day in (date.min, date.max):
            start = periods.first_day(by, day)
            assert start <= day
            assert periods.next_period(by, start) > start or start == date.max
    ax = new_axes()
    edges, which = periods.stretches("day", [date.min, date.max])
    assert (which, edges[-1]) == ([0, None, 1], date.max)
    periods.day_axis(ax, "day", edges)
    ax.figure.canvas.draw()


def test_empty_years_are_one_stretch() -> None:
    starts = [date(622, 1, 1), date(2025, 1, 1), date(2025, 2, 1)]
    edges, which = periods.stretches("month", starts)
    assert which == [0, None, 1, 2]
    assert edges == [date(622, 1, 1), date(622, 2, 1), date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)]
