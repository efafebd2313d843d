"""The figures of docs/how-to/scale-out.md are those of its record, and follow from what was measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

NAMES = {
    "recognizer=True": "`Analyzer()`",
    "recognizer=False": "`Analyzer(recognizer=False)`",
    "Spark, mentions": "`spark.mentions(articles)`",
    "Spark, counts by month": '`spark.counts(articles, by="month")`',
}


@pytest.fixture(scope="module")
def record(root: Path) -> dict[str, Any]:
    return json.loads((root / "docs" / "how-to" / "per_core.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "how-to" / "scale-out.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_estimates_follow_from_what_was_measured(name: str, record: dict[str, Any]) -> None:
    found = record["estimates"][name]
    hours = found["articles"] / record["articles_a_second_and_core"][name] / 3600
    assert found["core_hours"] == pytest.approx(hours, abs=0.05)
    assert found["hours"] == pytest.approx(hours / found["cores"], abs=0.005)
    assert found["dollars"] == pytest.approx(hours * found["price_per_core_hour"], abs=0.005)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_shows_the_record(name: str, record: dict[str, Any], page: str) -> None:
    found, rate = record["estimates"][name], record["articles_a_second_and_core"][name]
    row = f"{rate:,} | {found['core_hours']:.1f} | {found['hours']:.2f} | {found['dollars']:.2f}"
    assert f"| {NAMES[name]} | {row} |" in page


def test_the_page_says_what_was_measured_on(record: dict[str, Any], page: str) -> None:
    assert f"{record['articles']:,} articles" in page
    assert f"{record['code_points_an_article']} code points" in page
    assert f"{record['machine']}" in page
    assert str(record["day"]) in page
    ratios = record["spark_over_one_core"]
    assert f"{ratios['Spark, mentions']:.2f} and {ratios['Spark, counts by month']:.2f} times" in page
