"""Tables: the same rows for every library, with types that hold when there is no row."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import duckdb
import marsad
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from marsad import _marsad

TYPES = {
    "utf8": (pa.string(), pl.String, "str"),
    "int32": (pa.int32(), pl.Int32, "int32"),
    "int64": (pa.int64(), pl.Int64, "int64"),
    "float64": (pa.float64(), pl.Float64, "float64"),
    "date32": (pa.date32(), pl.Date, "datetime64[ms]"),
}


def tables(found: marsad.Analysis) -> dict[str, marsad.Table]:
    return {
        "documents": found.documents,
        "mentions": found.mentions,
        "dates": found.dates,
        "counts": found.counts(),
        "counts by document": found.counts(by="document"),
        "counts by period": found.counts(by="month"),
        "cooccurrence": found.cooccurrence(),
        "timeline": found.timeline(),
    }


NAMES = [
    "documents",
    "mentions",
    "dates",
    "counts",
    "counts by document",
    "counts by period",
    "cooccurrence",
    "timeline",
]


@pytest.fixture(params=["full", "empty"])
def run(request: pytest.FixtureRequest, found: marsad.Analysis, analyzer: marsad.Analyzer) -> marsad.Analysis:
    return found if request.param == "full" else analyzer.analyze_corpus([])


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_the_registry(run: marsad.Analysis, name: str) -> None:
    table = tables(run)[name]
    described = _marsad.columns()[name]
    assert table.schema == {column: kind for column, kind, _, _ in described}
    assert table.columns == list(table.schema)
    fields = list(table.to_arrow().schema)
    assert [field.nullable for field in fields] == [nullable for _, _, nullable, _ in described]
    assert [field.metadata[b"about"].decode() for field in fields] == [about for *_, about in described]


@pytest.mark.parametrize("name", NAMES)
def test_every_library_has_the_same_rows_and_types(run: marsad.Analysis, name: str) -> None:
    table = tables(run)[name]
    rows = table.to_pylist()
    assert len(table) == len(rows)
    arrow, polars, pandas = table.to_arrow(), table.to_polars(), table.to_pandas()
    assert [field.type for field in arrow.schema] == [TYPES[kind][0] for kind in table.schema.values()]
    assert list(polars.schema.values()) == [TYPES[kind][1] for kind in table.schema.values()]
    if pd.__version__ >= "3":
        assert [str(kind) for kind in pandas.dtypes] == [TYPES[kind][2] for kind in table.schema.values()]
    assert arrow.to_pylist() == rows
    assert polars.to_dicts() == rows
    assert list(pandas.columns) == table.columns
    assert len(pandas) == len(rows)
    back = pandas.astype(object).where(pandas.notna(), None).to_dict("records")
    plain = [
        {key: value.date() if isinstance(value, pd.Timestamp) else value for key, value in row.items()} for row in back
    ]
    assert plain == rows


@pytest.mark.parametrize("name", NAMES)
def test_arrow_stream_can_be_taken_again(run: marsad.Analysis, name: str) -> None:
    table = tables(run)[name]
    first, second = pa.table(table), pa.table(table)
    first.validate(full=True)
    assert first.equals(second)
    assert pl.DataFrame(table).equals(table.to_polars())
    if hasattr(pd.DataFrame, "from_arrow"):
        assert pd.DataFrame.from_arrow(table).shape == (len(table), len(table.columns))


def test_duckdb_reads_a_table_by_name(found: marsad.Analysis) -> None:
    mentions = pa.table(found.mentions)
    rows = duckdb.sql("select entity_id, count(*) from mentions group by all order by 2 desc, 1").fetchall()
    assert rows == [(row["entity_id"], row["mentions"]) for row in found.counts().to_pylist()]
    assert len(mentions) == sum(count for _, count in rows)


def test_without_pyarrow(found: marsad.Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    documents = found.documents.to_pandas()
    assert str(documents["published"].dtype) == "datetime64[ms]"
    assert documents["doc"].tolist() == [row["doc"] for row in found.documents.to_pylist()]
    assert documents["published"].isna().tolist() == [row["published"] is None for row in found.documents.to_pylist()]


def test_missing_library_is_named(found: marsad.Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [("to_pandas", "pandas", "pandas"), ("to_polars", "polars", "polars"), ("to_arrow", "pyarrow", "pandas")]
    for call, name, extra in calls:
        monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(ModuleNotFoundError) as caught:
            getattr(found.mentions, call)()
        assert str(caught.value) == f"{name} is not installed; pip install 'marsad[{extra}]'"
        assert caught.value.name == name


def test_repr(found: marsad.Analysis, analyzer: marsad.Analyzer) -> None:
    shown = repr(found.documents).splitlines()
    assert shown[0] == "Table: 7 rows, 8 columns"
    assert shown[1].split() == found.documents.columns
    assert shown[2].split() == list(found.documents.schema.values())
    assert len(shown) == 3 + 7
    many = analyzer.analyze_corpus(["القاهرة"] * 25).mentions
    assert repr(many).splitlines()[-1] == "… 15 more"
    assert ">10 of 25 rows</small>" in many._repr_html_()
    assert all(f">{column}<br>" in many._repr_html_() for column in many.columns)
    assert ">0 rows</small>" in analyzer.analyze_corpus([]).mentions._repr_html_()


def test_days_are_days(found: marsad.Analysis) -> None:
    days = [row["published"] for row in found.documents.to_pylist()]
    assert days[:3] == [date(2025, 3, 5), date(2025, 3, 19), None]


def test_tables_keep_when_the_run_goes_on(analyzer: marsad.Analyzer) -> None:
    found: Any = analyzer.analyze_corpus(["القاهرة"])
    before = found.mentions
    assert len(before) == 1
    del found
    assert before.to_pylist()[0]["entity_id"] == "CAIRO"
