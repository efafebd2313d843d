"""The example news: tables out of every file, and how they compare with the gold."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import marsad
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NEWS = sorted((EXAMPLES / "news").glob("*.txt"))
GOLD: list[dict[str, Any]] = json.loads((EXAMPLES / "gold.json").read_text(encoding="utf-8"))

#: Countries, capitals and organisations that any lexicon of Arabic news must know, wherever a gold file names them.
SURE = {
    "العراق",
    "مصر",
    "قطر",
    "الأردن",
    "سوريا",
    "لبنان",
    "المغرب",
    "تونس",
    "الجزائر",
    "السعودية",
    "الكويت",
    "بغداد",
    "القاهرة",
    "الرياض",
    "الدوحة",
    "الرباط",
    "الأمم المتحدة",
    "جامعة الدول العربية",
    "الاتحاد الأفريقي",
    "منظمة التعاون الإسلامي",
    "الاتحاد الأوروبي",
    "داعش",
}


def text_of(name: str) -> str:
    return (EXAMPLES / "news" / name).read_bytes().decode("utf-8")


@pytest.mark.parametrize("path", NEWS, ids=lambda path: path.stem)
def test_every_file_gives_tables(path: Path, analyzer: marsad.Analyzer) -> None:
    text = text_of(path.name)
    found = analyzer.analyze_corpus(marsad.read(path))
    (row,) = found.documents.to_pylist()
    assert row["doc"] == path.name
    assert row["characters"] == len(text)
    for table in (found.mentions, found.dates):
        for mention in table.to_pylist():
            assert text[mention["start"] : mention["end"]] == mention["text"]
    assert len(found.mentions) == row["mentions"] == sum(one["mentions"] for one in found.counts().to_pylist())
    assert len(found.dates) == row["dates"]


@pytest.mark.parametrize("name", ["16_empty.txt", "17_chrome_only.txt"])
def test_nothing_is_found_where_there_is_nothing(name: str, analyzer: marsad.Analyzer) -> None:
    document = analyzer.analyze(text_of(name))
    assert [one.text for one in document.dates if one.value] == []
    assert [one.text for one in document.entities] == []


def test_a_text_without_dates_has_none(analyzer: marsad.Analyzer) -> None:
    assert [one.text for one in analyzer.analyze(text_of("18_manama_museum.txt")).dates] == []


def test_gold_is_sound() -> None:
    for gold in GOLD:
        text = text_of(gold["file"])
        for mention in (*gold["entities"], *gold["dates"]):
            assert text[mention["start"] : mention["end"]] == mention["text"], gold["file"]


def score(kind: str, found: Iterable[Any], gold: Iterable[Any]) -> tuple[float, float]:
    found, gold = set(found), set(gold)
    both = len(found & gold)
    recall, precision = both / max(len(gold), 1), both / max(len(found), 1)
    print(f"{kind:<28} gold {len(gold):>4}  found {len(found):>4}  recall {recall:.3f}  precision {precision:.3f}")
    return recall, precision


def test_scores(analyzer: marsad.Analyzer, capsys: pytest.CaptureFixture[str]) -> None:
    names: tuple[list[Any], list[Any]] = ([], [])
    dates: tuple[list[Any], list[Any]] = ([], [])
    sure: tuple[list[Any], list[Any]] = ([], [])
    absolute: tuple[list[Any], list[Any]] = ([], [])
    for gold in GOLD:
        file = gold["file"]
        document = analyzer.analyze(text_of(file), published=gold["published"])
        names[0].extend((file, one.start, one.end, one.type) for one in document.entities)
        names[1].extend((file, one["start"], one["end"], one["type"]) for one in gold["entities"])
        dates[0].extend((file, one.start, one.end, one.value) for one in document.dates)
        dates[1].extend((file, one["start"], one["end"], one["value"]) for one in gold["dates"])
        sure[0].extend((file, one.start, one.end, one.type) for one in document.entities if one.text in SURE)
        sure[1].extend((file, one["start"], one["end"], one["type"]) for one in gold["entities"] if one["text"] in SURE)
        # A day that the text gives in full, with a year: what it says does not hang on the document's day.
        full = [one for one in gold["dates"] if is_absolute(one["text"], one["value"])]
        absolute[1].extend((file, one["start"], one["end"], one["value"]) for one in full)
        absolute[0].extend(
            (file, one.start, one.end, one.value) for one in document.dates if is_absolute(one.text, one.value)
        )
    with capsys.disabled():
        print()
        score("names", *names)
        score("dates", *dates)
        sure_recall, sure_precision = score("names that are surely known", *sure)
        day_recall, day_precision = score("days given in full", *absolute)
    assert len(set(sure[1])) >= 30
    assert sure_recall >= 0.95
    assert sure_precision >= 0.9
    assert len(set(absolute[1])) >= 12
    assert day_recall >= 0.9
    assert day_precision >= 0.9


def is_absolute(text: str, value: str | None) -> bool:
    """True for a day that the text names with its year."""
    try:
        day = date.fromisoformat(value or "")
    except ValueError:
        return False
    plain = marsad.normalize(text)
    return str(day.year) in plain or "144" in plain


@pytest.mark.parametrize(
    ("name", "published", "warning"),
    [
        ("03_kuwait_nato_centre.txt", None, "published_conflict"),
        ("06_casablanca_clubs.txt", None, "published_conflict"),
    ],
)
def test_false_mastheads_are_not_believed(name: str, published: Any, warning: str, analyzer: marsad.Analyzer) -> None:
    document = analyzer.analyze(text_of(name), published=published)
    assert document.published is None
    assert warning in document.warnings
    assert all(one.reference is None for one in document.dates)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("01_baghdad_summit.txt", "2025-03-05"),
        ("02_muscat_trade_council.txt", "2025-03-19"),
        ("04_tunis_vaccination.txt", "2025-02-06"),
        ("05_rabat_water_dams.txt", "2024-03-12"),
        ("08_amman_refugees.txt", "2024-12-15"),
        ("09_algiers_school_year.txt", "2025-08-24"),
        ("12_port_sudan_aid.txt", "2025-07-09"),
        ("15_riyadh_hijri_calendar.txt", "2025-03-14"),
    ],
)
def test_datelines_give_the_day(name: str, day: str, analyzer: marsad.Analyzer) -> None:
    document = analyzer.analyze(text_of(name))
    assert (str(document.published), document.published_source) == (day, "dateline")
