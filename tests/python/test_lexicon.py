"""A user's own names, however they come, and what they win over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import marsad
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

ROWS = [("SEA", "PROJECT", "مشروع البحر"), ("SEA", "PROJECT", "مشروع البحر الكبير"), ("7", "EVENT", "قمة الواحات")]
COLUMNS = {name: [row[place] for row in ROWS] for place, name in enumerate(("id", "type", "alias"))}
TEXT = "ناقشت قمة الواحات مشروعَ البحرِ الكبير في بغداد."
EXPECTED = [("قمة الواحات", "7", "EVENT"), ("مشروعَ البحرِ الكبير", "SEA", "PROJECT"), ("بغداد", "BAGHDAD", "LOC")]
TYPES = ("PER", "ORG", "LOC", "PROJECT", "EVENT")


def names(lexicon: Any, text: str = TEXT, **options: Any) -> list[tuple[str, str, str]]:
    analyzer = marsad.Analyzer(lexicon, **{"types": TYPES, "threads": 1, **options})
    return [(one.text, one.entity_id, one.type) for one in analyzer.analyze(text).entities]


def write(path: Path, rows: list[tuple[str, ...]], header: str = "id\ttype\talias") -> Path:
    path.write_text("\n".join([header, *("\t".join(row) for row in rows), ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "lexicon",
    [
        pd.DataFrame(COLUMNS),
        pd.DataFrame(COLUMNS, dtype="string[pyarrow]"),
        pd.DataFrame(COLUMNS, dtype="category"),
        pl.DataFrame(COLUMNS),
        pl.DataFrame(COLUMNS).lazy(),
        pa.table(COLUMNS),
        {alias: (id, kind) for id, kind, alias in ROWS},
        {alias: [id, kind] for id, kind, alias in ROWS},
        {
            "SEA": {"type": "PROJECT", "aliases": ["مشروع البحر", "مشروع البحر الكبير"]},
            "7": {"type": "EVENT", "aliases": ("قمة الواحات",)},
        },
        [{"قمة الواحات": ("7", "EVENT")}, pd.DataFrame(COLUMNS)[:2]],
        ({"قمة الواحات": ("7", "EVENT")}, pl.DataFrame(COLUMNS)[:2]),
    ],
    ids=lambda lexicon: type(lexicon).__name__,
)
def test_every_form(lexicon: Any) -> None:
    assert names(lexicon) == EXPECTED


def test_file(tmp_path: Path) -> None:
    path = write(tmp_path / "names.tsv", ROWS)
    assert names(path) == EXPECTED
    assert names(str(path)) == EXPECTED
    head = write(tmp_path / "more.tsv", [("S", "EVENT", "-", "قمة أخرى")], "id\ttype\tneeds\talias")
    assert names([path, head]) == EXPECTED
    assert "built-in + names.tsv + more.tsv: " in repr(marsad.Analyzer([path, head]))


def test_numbers_as_ids() -> None:
    frame = pd.DataFrame({"id": [5], "type": ["EVENT"], "alias": ["قمة الواحات"]})
    assert names(frame, types=("EVENT",))[0] == ("قمة الواحات", "5", "EVENT")


def test_needs() -> None:
    lexicon = {"N": {"type": "ORG", "aliases": ["الهلالية"], "needs": "head"}}
    text = "خرج من الهلالية مبكرا."
    assert names(lexicon, text, builtin_lexicon=False, types=("ORG",)) == []
    for missing in (None, float("nan"), pd.NA, "-"):
        frame = pd.DataFrame({"id": ["N"], "type": ["ORG"], "alias": ["الهلالية"], "needs": [missing]}, dtype=object)
        assert names(frame, text, builtin_lexicon=False, types=("ORG",)) == [("الهلالية", "N", "ORG")]


def test_without_the_built_in_names() -> None:
    lexicon = {alias: (id, kind) for id, kind, alias in ROWS}
    assert names(lexicon, builtin_lexicon=False, recognizer=False) == EXPECTED[:2]
    assert names(None, builtin_lexicon=False, recognizer=False, types=("PER", "ORG", "LOC")) == []
    # The tagger needs no list: its names are entities of their own.
    assert names(None, "وصل الوفد إلى بغداد.", builtin_lexicon=False, types=("LOC",)) == [("بغداد", "LOC:بغداد", "LOC")]


def test_types_choose() -> None:
    lexicon = {alias: (id, kind) for id, kind, alias in ROWS}
    assert names(lexicon, types=("EVENT",)) == EXPECTED[:1]
    assert names(lexicon, types=["LOC"]) == EXPECTED[2:]
    assert names(lexicon, types=()) == []
    assert names(lexicon, types=(kind for kind in ("EVENT", "PROJECT"))) == EXPECTED[:2]


def test_the_user_wins_over_the_built_in_names() -> None:
    assert names(None, "زار القاهرة", types=("LOC",)) == [("القاهرة", "CAIRO", "LOC")]
    assert names({"القاهرة": ("MY_CAIRO", "EVENT")}, "زار القاهرة", types=("LOC", "EVENT")) == [
        ("القاهرة", "MY_CAIRO", "EVENT")
    ]


def test_a_later_source_wins_over_an_earlier_one() -> None:
    first, second = {"القاهرة": ("ONE", "EVENT")}, {"القاهرة": ("TWO", "EVENT")}
    assert names([first, second], "زار القاهرة", types=("EVENT",)) == [("القاهرة", "TWO", "EVENT")]
    assert names([second, first], "زار القاهرة", types=("EVENT",)) == [("القاهرة", "ONE", "EVENT")]


def test_spellings_of_an_alias_are_one() -> None:
    lexicon = {"مؤسسة الآفاق": ("AFAQ", "ORG")}
    for text in ("ومؤسسة الآفاق", "لمؤسّسة الافاق", "مؤسـسة الآفـاق"):
        assert [found[1] for found in names(lexicon, text, types=("ORG",))] == ["AFAQ"], text


def test_names_are_shown_as_they_were_given() -> None:
    analyzer = marsad.Analyzer({"A": {"type": "ORG", "aliases": ["مؤسسة الآفاق", "الآفاق الجديدة"]}}, threads=1)
    (mention,) = analyzer.analyze("قالت الآفاق الجديدة ذلك").entities
    assert (mention.text, mention.name) == ("الآفاق الجديدة", "مؤسسة الآفاق")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("A\tORG\n", r"names\.tsv:2: .*cells|names\.tsv:2: "),
        ("\tORG\tالآفاق\n", r"names\.tsv:2: the id is empty"),
        ("A\t\tالآفاق\n", r"names\.tsv:2: the type of A is empty"),
        ("A\tORG\tالآفاق\nB\tORG\t...\n", r'names\.tsv:3: the alias "\.\.\." of B has no letter or digit'),
    ],
)
def test_faults_of_a_file_name_the_line(tmp_path: Path, rows: str, message: str) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("id\ttype\talias\n" + rows, encoding="utf-8")
    with pytest.raises(marsad.DataError, match=message):
        marsad.Analyzer(path)


def test_faults_of_the_header_and_of_the_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "names.tsv", [("A", "ORG")], "id\ttype")
    with pytest.raises(marsad.DataError, match=r"names\.tsv:1: .*alias"):
        marsad.Analyzer(path)
    path.write_bytes("id\ttype\talias\nA\tORG\tالآفاق\n".encode("cp1256"))
    with pytest.raises(marsad.DataError, match=r"names\.tsv:2:7: byte 0x.. is not UTF-8"):
        marsad.Analyzer(path)
