"""One text: spans, days, reprs, pickles, threads and processes."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import marsad
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PIECES = st.lists(
    st.one_of(
        st.sampled_from(["محمد شياع السوداني", "السوداني", "وبالقاهرة", "الأمم المتحدة", "للعراق", "النهضة", "حزب"]),
        st.sampled_from(["في 5 مارس 2025", "أمس", "اليوم الأربعاء", "14 رمضان 1446 هـ", "عام 2025", "05/03/2025"]),
        st.sampled_from(["من 5 إلى 7 آذار", "منذ ثلاثة أيام", "الرئيس"]),
        st.sampled_from([" ", " ", " ", "\n", "\r\n", "ـ", "َ", "ّ", "\u200f", "\u202e", "\ufeff", "«", "»", ".", "، "]),
        st.sampled_from(["\ud800", "\udfff", "😀", "\x00", "\u2028"]),
        st.text(max_size=3),
    ),
    max_size=25,
).map("".join)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PIECES, st.sampled_from([None, "2025-03-19"]))
def test_spans_slice_any_text(analyzer: marsad.Analyzer, text: str, published: str | None) -> None:
    document = analyzer.analyze(text, published=published)
    assert document.text == text
    for mentions in (document.entities, document.dates):
        at = 0
        for mention in mentions:
            assert at <= mention.start < mention.end <= len(text)
            assert text[mention.start : mention.end] == mention.text
            assert mention.text.strip() == mention.text
            at = mention.end
    for one in document.dates:
        assert (one.first_day is None) == (one.last_day is None)
        if one.first_day is not None:
            assert one.first_day <= one.last_day
    assert pickle.loads(pickle.dumps(document)) == document
    assert document._repr_html_().encode("utf-8")
    assert repr(document).encode("utf-8")


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=5))
def test_a_corpus_is_its_texts_one_by_one(analyzer: marsad.Analyzer, texts: list[str]) -> None:
    found = analyzer.analyze_corpus(texts)
    names, days = found.mentions.to_pylist(), found.dates.to_pylist()
    alone = [analyzer.analyze(text) for text in texts]
    assert [(row["doc"], row["start"], row["end"], row["entity_id"], row["source"], row["score"]) for row in names] == [
        (str(place), one.start, one.end, one.entity_id, one.source, one.score)
        for place, document in enumerate(alone)
        for one in document.entities
    ]
    assert [(row["doc"], row["start"], row["end"], row["value"], row["first_day"]) for row in days] == [
        (str(place), one.start, one.end, one.value, one.first_day)
        for place, document in enumerate(alone)
        for one in document.dates
    ]
    assert [row["characters"] for row in found.documents.to_pylist()] == [len(text) for text in texts]


def test_nothing_is_left_over_from_the_text_before() -> None:
    analyzer = marsad.Analyzer(threads=1)
    found = analyzer.analyze_corpus(["زار القاهرة في 5 آذار 2025 ثم بغداد يوم 7 آذار 2025", "لا شيء", ""])
    assert {row["doc"] for row in found.mentions.to_pylist()} == {"0"}
    assert {row["doc"] for row in found.dates.to_pylist()} <= {"0"}


def test_the_caller_s_strings_stay_as_they_are(analyzer: marsad.Analyzer) -> None:
    """CPython keeps the UTF-8 that it is asked for beside the str, which then takes twice the memory."""
    texts = ["زار " + str(number) + " من نواب البرلمان مدينة طرابلس في 5 مارس 2025" for number in range(3)]
    before = [sys.getsizeof(text) for text in texts]
    analyzer.analyze_corpus(texts)
    analyzer.analyze(texts[0])
    marsad.normalize(texts[0])
    list(marsad.tokenize(texts[0]))
    assert [sys.getsizeof(text) for text in texts] == before


def test_document() -> None:
    document = marsad.Analyzer(threads=1).analyze("زار محمد شياع السوداني القاهرة", published="2025-03-19", id="x")
    assert (document.id, document.published, document.published_source) == ("x", date(2025, 3, 19), "given")
    assert document.warnings == []
    person, city = document.entities
    assert person[:4] == ("محمد شياع السوداني", 4, 22, "PER")
    assert (city.entity_id, city.type, city.source, city.score) == ("CAIRO", "LOC", "lexicon", 1.0)


def test_dates(analyzer: marsad.Analyzer) -> None:
    document = analyzer.analyze("زار القاهرة أمس، ويعود في 5 مارس 2025.", published="2025-03-19")
    assert [(one.text, one.value) for one in document.dates] == [("أمس", "2025-03-18"), ("5 مارس 2025", "2025-03-05")]
    yesterday = document.dates[0]
    assert (yesterday.first_day, yesterday.last_day, yesterday.grain) == (date(2025, 3, 18), date(2025, 3, 18), "day")
    assert (yesterday.kind, yesterday.calendar, yesterday.modifier) == ("date", "gregorian", None)
    assert yesterday.reference == date(2025, 3, 19)


def test_relative_dates_without_a_day_are_null(analyzer: marsad.Analyzer) -> None:
    document = analyzer.analyze("زار القاهرة أمس.")
    assert (document.published, document.published_source) == (None, None)
    assert [(one.text, one.value, one.first_day) for one in document.dates] == [("أمس", None, None)]


def test_a_dateline_gives_the_day(analyzer: marsad.Analyzer) -> None:
    document = analyzer.analyze("القاهرة - 5 مارس 2024\nقال الوزير أمس إن العمل مستمر في المشروع.")
    assert (document.published, document.published_source) == (date(2024, 3, 5), "dateline")
    assert [one.value for one in document.dates] == ["2024-03-05", "2024-03-04"]


@pytest.mark.parametrize(
    "published",
    [
        "2025-03-19",
        " 2025-03-19 ",
        "2025-03-19T23:59:00Z",
        "2025-03-19 05:00",
        date(2025, 3, 19),
        datetime(2025, 3, 19, 23, 59),
        pd.Timestamp("2025-03-19 23:59"),
        pd.Timestamp("2025-03-19 00:30", tz="Asia/Riyadh"),
    ],
    ids=repr,
)
def test_published(analyzer: marsad.Analyzer, published: Any) -> None:
    assert analyzer.analyze("x", published=published).published == date(2025, 3, 19)
    found = analyzer.analyze_corpus([{"text": "x", "published": published}])
    assert found.documents.to_pylist()[0]["published"] == date(2025, 3, 19)


@pytest.mark.parametrize("published", [None, pd.NaT, pd.NA, float("nan"), "", "  "], ids=repr)
def test_no_day(analyzer: marsad.Analyzer, published: Any) -> None:
    document = analyzer.analyze("x", published=published)
    assert (document.published, document.published_source) == (None, None)


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "\ud800", "\ufeff", "a" * 100_000, "َ" * 1000, "(" * 5000])
def test_any_text_gives_a_result(analyzer: marsad.Analyzer, text: str) -> None:
    document = analyzer.analyze(text)
    assert document.entities == []
    assert document.dates == []


class Page(HTMLParser):
    """A page as its tags, none left open, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.shown = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"dir", "lang", "style", "title", "data-type"}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "small" not in self.open:
            self.shown += data


def test_html_is_escaped() -> None:
    hostile = '<script>alert("x")</script>'
    analyzer = marsad.Analyzer(lexicon={f"مشروع {hostile}": (f"ID{hostile}", "LOC")}, threads=1)
    text = f'قال {hostile} & "بغداد" \u202e مشروع {hostile} \u2066 القاهرة\ud800'
    document = analyzer.analyze(text, published="2025-03-19", id=hostile)
    page = document._repr_html_()
    assert "<script" not in page
    parsed = Page(page)
    assert parsed.tags == {"div", "mark", "bdi", "small", "span"}
    assert 'dir="rtl"' in page
    named = text.replace("\ud800", "\ufffd").replace("\u202e", "[U+202E]").replace("\u2066", "[U+2066]")
    assert parsed.shown.endswith(named), "what turns text around is named, not obeyed"
    assert page.count("<bdi>") >= 2 * len(document.entities), "each name is kept apart from its label"
    table = analyzer.analyze_corpus([{"text": text, "id": hostile}]).mentions._repr_html_()
    assert "<script" not in table


def test_document_is_equal_only_to_its_like(analyzer: marsad.Analyzer) -> None:
    one = analyzer.analyze("زار القاهرة", id="x")
    assert one == analyzer.analyze("زار القاهرة", id="x")
    assert one != analyzer.analyze("زار القاهرة", id="y")
    assert one != "زار القاهرة"
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


def test_pickles(analyzer: marsad.Analyzer, found: marsad.Analysis) -> None:
    normalizer = marsad.Normalizer("light", alef=True)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(normalizer, protocol))
        assert repr(again) == repr(normalizer)
        assert again.normalize("أـ") == "ا"
    mine = marsad.Analyzer(lexicon={"مشروع البحر": ("SEA", "PROJECT")}, types=("PROJECT",), recognizer=False, threads=1)
    for other in (pickle.loads(pickle.dumps(mine)), copy.copy(mine), copy.deepcopy(mine)):
        assert repr(other) == repr(mine)
        assert [one.entity_id for one in other.analyze("بدأ مشروع البحر في تونس").entities] == ["SEA"]
    again = pickle.loads(pickle.dumps(found))
    for name in ("documents", "mentions", "dates"):
        assert getattr(again, name).to_pylist() == getattr(found, name).to_pylist()
        assert getattr(again, name).schema == getattr(found, name).schema
    assert again.counts(by="month").to_pylist() == found.counts(by="month").to_pylist()
    assert again.timeline("day").to_pylist() == found.timeline("day").to_pylist()
    assert again.cooccurrence("sentence").to_pylist() == found.cooccurrence("sentence").to_pylist()
    table = pickle.loads(pickle.dumps(found.mentions))
    assert table.to_arrow().equals(found.mentions.to_arrow(), check_metadata=True)


def test_threads_share_an_analyzer(analyzer: marsad.Analyzer, texts: list[str | None]) -> None:
    many = [text or "" for text in texts] * 30
    expected = [analyzer.analyze(text) for text in many]
    tables = analyzer.analyze_corpus(many).mentions.to_pylist()

    def work(_: int) -> bool:
        alone = [analyzer.analyze(text) for text in many] == expected
        return alone and analyzer.analyze_corpus(many).mentions.to_pylist() == tables

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(16)))


FORK = """
import multiprocessing, os, sys
import marsad
analyzer = marsad.Analyzer(threads=2)
normalizer = marsad.Normalizer()
texts = ["زار محمد شياع السوداني القاهرة"] * 2000
def work(number):
    import pyarrow
    words = normalizer.normalize(pyarrow.array(["مدرسةٌ"] * 10000))
    return len(analyzer.analyze_corpus(texts).mentions), words[-1].as_py()
if __name__ == "__main__":
    expected = work(0)
    with multiprocessing.get_context(METHOD).Pool(3) as pool:
        assert pool.map(work, range(6)) == [expected] * 6
    assert work(0) == expected
    print("done", expected[0])
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_made_after_use_do_not_hang(method: str, tmp_path: Path) -> None:
    program = tmp_path / "work.py"
    program.write_text(FORK.replace("METHOD", repr(method)), encoding="utf-8")
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "done 4000", done.stderr


INTERRUPT = """
import os, signal, threading, time
import marsad
analyzer = marsad.Analyzer(threads=2)
texts = ["زار محمد شياع السوداني القاهرة في 5 مارس 2025 " * 100] * 100_000
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
start = time.monotonic()
try:
    analyzer.analyze_corpus(texts)
except KeyboardInterrupt:
    print("stopped", time.monotonic() - start < 5, len(analyzer.analyze_corpus(["زار القاهرة"]).mentions))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_long_run_can_be_interrupted(python: Any) -> None:
    assert python(INTERRUPT).stdout.strip() == "stopped True 1"


def test_number_of_threads(python: Any) -> None:
    program = "import marsad; print(marsad.Analyzer(), marsad.Analyzer(threads=3))"
    done = python(program, MARSAD_NUM_THREADS="5")
    assert "threads=5" in done.stdout
    assert "threads=3" in done.stdout
    done = python(program, MARSAD_NUM_THREADS="many")
    assert 'ValueError: MARSAD_NUM_THREADS: found "many"; a whole number from 1 up is due' in done.stderr


def test_numpy_numbers_are_numbers() -> None:
    assert "threads=2" in repr(marsad.Analyzer(threads=np.int64(2)))
