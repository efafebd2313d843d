"""Names that no list has, in Python: ids over documents, counts, reasons, the stop list, weights of one's own."""

from __future__ import annotations

import pickle
from pathlib import Path

import marsad
import pytest

TEXT = "قالت الدكتورة سميرة نصار في بغداد إن الخطة جاهزة. وأضافت نصار أن العمل يبدأ غدا."
ID = "PER:سميره نصار"


@pytest.fixture(scope="module")
def analyzer() -> marsad.Analyzer:
    return marsad.Analyzer(threads=2)


def test_an_unlisted_name_is_an_entity(analyzer: marsad.Analyzer) -> None:
    doc = analyzer.analyze(TEXT)
    people = [one for one in doc.entities if one.type == "PER"]
    assert [(one.text, one.entity_id, one.name) for one in people] == [
        ("سميرة نصار", ID, "سميرة نصار"),
        ("نصار", ID, "سميرة نصار"),
    ]
    assert {one.source for one in people} <= {"rule", "model", "link"}
    assert all(TEXT[one.start : one.end] == one.text for one in doc.entities)


def test_one_id_in_all_documents_and_batches(analyzer: marsad.Analyzer) -> None:
    texts = [TEXT, "افتتح الوزير المعرض.", "كرمت الجامعة الدكتورة سميره نصار أمس."]
    found = analyzer.analyze_corpus(texts, progress=False)
    rows = {row["entity_id"]: row for row in found.counts().to_pylist()}
    assert (rows[ID]["mentions"], rows[ID]["documents"], rows[ID]["type"]) == (3, 2, "PER")
    batched = analyzer.analyze_corpus(iter([texts[:1], texts[1:]]), progress=False)
    assert batched.counts().to_pylist() == found.counts().to_pylist()
    assert batched.mentions.to_pylist() == found.mentions.to_pylist()
    by_type = {(row["type"], row["entity_id"]) for row in found.counts(by="type").to_pylist()}
    assert {("PER", ID), ("LOC", "BAGHDAD")} <= by_type
    pairs = [{row["entity_id"], row["other_id"]} for row in found.cooccurrence(within="sentence").to_pylist()]
    assert {ID, "BAGHDAD"} in pairs


def test_an_analysis_with_names_is_pickled(analyzer: marsad.Analyzer) -> None:
    found = analyzer.analyze_corpus([TEXT], progress=False)
    again = pickle.loads(pickle.dumps(found))
    assert again.counts().to_pylist() == found.counts().to_pylist()


def test_reasons(analyzer: marsad.Analyzer) -> None:
    text = "قالت سميرة نصار في بغداد إن كأس آسيا للجميع"
    reasons = analyzer.explain(text)
    assert all(text[one.start : one.end] == one.text and one.why for one in reasons)
    found = [(one.text, one.entity_id) for one in reasons if one.found]
    assert found == [(one.text, one.entity_id) for one in analyzer.analyze(text).entities]
    why = {one.entity_id: one.why for one in reasons}
    assert "alias of BAGHDAD" in why["BAGHDAD"]
    assert "cup, league or agreement" in why["ASIA"]
    assert marsad.Analyzer(recognizer=False).explain("زار بغداد")[0].found
    with pytest.raises(TypeError, match="text"):
        analyzer.explain(5)  # type: ignore[arg-type]


def test_stop_list() -> None:
    analyzer = marsad.Analyzer(stop=["بغداد"])
    assert [one.type for one in analyzer.analyze(TEXT).entities] == ["PER", "PER"]
    assert "stop list" in next(one.why for one in analyzer.explain(TEXT) if one.text == "بغداد")
    again = pickle.loads(pickle.dumps(analyzer))
    assert [one.type for one in again.analyze(TEXT).entities] == ["PER", "PER"]
    with pytest.raises(TypeError, match=r"stop: found 'بغداد'"):
        marsad.Analyzer(stop="بغداد")
    with pytest.raises(TypeError, match=r"stop\[1\]: found int"):
        marsad.Analyzer(stop=["بغداد", 5])  # type: ignore[list-item]


def test_weights_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"nowhere\.bin"):
        marsad.Analyzer(model=tmp_path / "nowhere.bin")
    mine = tmp_path / "mine.bin"
    mine.write_bytes(b"no weights at all")
    with pytest.raises(marsad.DataError, match=r"mine\.bin.*make train"):
        marsad.Analyzer(model=mine)
    mine.write_bytes(b"MARSADTG\x01\0\0\0" + b"\0" * 64)
    with pytest.raises(marsad.DataError, match=r"mine\.bin.*checksum"):
        marsad.Analyzer(model=mine)
    marsad.Analyzer(model=mine, recognizer=False)
