"""Many texts, in every kind of data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import marsad
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

Rows = list[dict[str, Any]]
BY = (None, "type", "document", "day", "week", "month", "year")


def columns(rows: Rows) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def arrow(rows: Rows, text: pa.DataType | None = None) -> pa.Table:
    table = pa.table(columns(rows))
    return table if text is None else table.set_column(2, "text", table["text"].cast(text))


def batches(rows: Rows) -> Iterator[Any]:
    yield arrow(rows[:2])
    yield pd.DataFrame(rows[2:3])
    yield pl.DataFrame(rows[3:5])
    yield rows[5:]


KINDS: dict[str, Callable[[Rows], Any]] = {
    "pandas": pd.DataFrame,
    "pandas object": lambda rows: pd.DataFrame(rows, dtype=object),
    "pandas pyarrow": lambda rows: pd.DataFrame(rows).convert_dtypes(dtype_backend="pyarrow"),
    "pandas category": lambda rows: pd.DataFrame(rows).astype({"text": "category", "id": "category"}),
    "pandas dates": lambda rows: pd.DataFrame(rows).assign(published=lambda x: pd.to_datetime(x.published)),
    "pandas objects of days": lambda rows: pd.DataFrame(rows).assign(
        published=lambda x: pd.to_datetime(x.published).dt.date
    ),
    "pandas index": lambda rows: pd.DataFrame(rows, index=range(50, 50 + len(rows))),
    "polars": pl.DataFrame,
    "polars categorical": lambda rows: pl.DataFrame(rows).with_columns(pl.col("text", "id").cast(pl.Categorical)),
    "polars date": lambda rows: pl.DataFrame(rows).with_columns(pl.col("published").str.to_date()),
    "polars chunks": lambda rows: pl.concat([pl.DataFrame(rows[:3]), pl.DataFrame(rows[3:])], rechunk=False),
    "polars lazy": pl.LazyFrame,
    "arrow": arrow,
    "arrow large": lambda rows: arrow(rows, pa.large_string()),
    "arrow view": lambda rows: arrow(rows, pa.string_view()),
    "arrow dictionary": lambda rows: arrow(rows, pa.dictionary(pa.int32(), pa.string())),
    "arrow batch": lambda rows: arrow(rows).to_batches()[0],
    "arrow reader": lambda rows: arrow(rows).to_reader(max_chunksize=2),
    "arrow slice": lambda rows: arrow(rows[:2] + rows).slice(2),
    "arrow more columns": lambda rows: arrow(rows).append_column("n", [[None] * len(rows)]),
    "duckdb": lambda rows: duckdb.from_arrow(arrow(rows)),
    "duckdb dates": lambda rows: duckdb.from_arrow(arrow(rows)).project("id, text, published::date published"),
    "dicts": lambda rows: rows,
    "dicts in a tuple": tuple,
    "generator of dicts": lambda rows: (row for row in rows),
    "dict of columns": columns,
    "dict of arrays": lambda rows: {name: pa.array(cells) for name, cells in columns(rows).items()},
    "dict of numpy": lambda rows: {
        **{name: np.array(cells, dtype=object) for name, cells in columns(rows).items()},
        "published": np.array(columns(rows)["published"], dtype="datetime64[D]"),
    },
    "generator of batches": batches,
    "list of batches": lambda rows: list(batches(rows)),
}


def facts(found: marsad.Analysis) -> tuple[Any, ...]:
    return tuple(getattr(found, name).to_pylist() for name in ("documents", "mentions", "dates"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_data(kind: str, analyzer: marsad.Analyzer, corpus: Rows, found: marsad.Analysis) -> None:
    result = analyzer.analyze_corpus(KINDS[kind](corpus))
    assert len(result) == len(corpus)
    assert facts(result) == facts(found)


@pytest.mark.parametrize(
    "data",
    [
        list,
        tuple,
        iter,
        pd.Series,
        pd.Index,
        pl.Series,
        pa.array,
        lambda texts: pa.chunked_array([texts[:2], texts[2:]]),
        lambda texts: pa.array(texts).dictionary_encode(),
        lambda texts: np.array(texts, dtype=object),
    ],
)
def test_texts_alone_are_numbered(data: Any, analyzer: marsad.Analyzer, texts: list[str | None]) -> None:
    rows = analyzer.analyze_corpus(data(texts)).documents.to_pylist()
    assert [row["doc"] for row in rows] == [str(number) for number in range(len(texts))]
    assert [row["characters"] for row in rows] == [len(text or "") for text in texts]


def test_files(analyzer: marsad.Analyzer, corpus: Rows, found: marsad.Analysis, tmp_path: Path) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in corpus)
    (tmp_path / "news.jsonl").write_text(lines, encoding="utf-8")
    assert facts(analyzer.analyze_corpus(marsad.read(tmp_path))) == facts(found)


def test_series_brings_its_index(analyzer: marsad.Analyzer) -> None:
    found = analyzer.analyze_corpus(pd.Series(["القاهرة", "بغداد"], index=["x", "y"]))
    assert [row["doc"] for row in found.documents.to_pylist()] == ["x", "y"]


@pytest.mark.parametrize(
    "ids",
    [[7, 8], np.array([7, 8]), pa.array([7, 8], pa.uint8()), pd.array([7, 8], dtype="Int64"), ["7", "8"]],
    ids=lambda ids: type(ids).__name__,
)
def test_numbers_as_ids(ids: Any, analyzer: marsad.Analyzer) -> None:
    for data in ({"text": ["القاهرة", "بغداد"], "id": ids}, pd.DataFrame({"text": ["القاهرة", "بغداد"], "id": ids})):
        found = analyzer.analyze_corpus(data)
        assert [row["doc"] for row in found.mentions.to_pylist()] == ["7", "8"]


def test_names_of_columns(analyzer: marsad.Analyzer, corpus: Rows, found: marsad.Analysis) -> None:
    renamed = {"text": "body", "id": "url", "published": "day"}
    rows = [{renamed[name]: value for name, value in row.items()} for row in corpus]
    for data in (rows, pd.DataFrame(rows), pl.LazyFrame(rows), pa.table(columns(rows)), iter(rows)):
        assert facts(analyzer.analyze_corpus(data, **renamed)) == facts(found)


def test_one_column_may_be_text_and_id(analyzer: marsad.Analyzer) -> None:
    for data in (pd.DataFrame({"text": ["القاهرة"]}), pl.DataFrame({"text": ["القاهرة"]}), {"text": ["القاهرة"]}):
        assert analyzer.analyze_corpus(data, id="text").mentions.to_pylist()[0]["doc"] == "القاهرة"


def test_nothing(analyzer: marsad.Analyzer) -> None:
    for data in (
        [],
        (),
        iter([]),
        {"text": []},
        pd.DataFrame({"text": []}),
        pl.DataFrame({"text": []}, {"text": pl.String}),
    ):
        found = analyzer.analyze_corpus(data)
        assert len(found) == len(found.mentions) == len(found.counts()) == 0
        assert found.documents.to_pandas().shape == (0, 8)
    nothing = pa.table({"text": pa.chunked_array([], pa.string())})
    assert len(analyzer.analyze_corpus(nothing)) == 0


def test_missing_texts_are_documents_without_names(analyzer: marsad.Analyzer) -> None:
    found = analyzer.analyze_corpus([None, float("nan"), pd.NA, "القاهرة", ""])
    assert [row["mentions"] for row in found.documents.to_pylist()] == [0, 0, 0, 1, 0]


@pytest.mark.parametrize("zone", ["Asia/Riyadh", "America/New_York", "UTC"])
def test_a_day_is_the_one_of_its_zone(zone: str, analyzer: marsad.Analyzer) -> None:
    day = pd.Timestamp("2025-03-19 00:30" if zone != "America/New_York" else "2025-03-19 23:30").tz_localize(zone)
    frame = pd.DataFrame({"text": ["x"], "published": [day]})
    for data in (frame, pl.from_pandas(frame), frame.to_dict("records"), frame.astype(object)):
        assert analyzer.analyze_corpus(data).documents.to_pylist()[0]["published"] == date(2025, 3, 19)


def test_arrow_days(analyzer: marsad.Analyzer) -> None:
    day = [date(2025, 3, 19), None]
    units = [pa.timestamp(unit) for unit in ("s", "ms", "us", "ns")]
    for kind in (pa.date32(), pa.date64(), *units, pa.string(), pa.string_view()):
        cells = pa.array(day, pa.date32()).cast(pa.string() if pa.types.is_string_view(kind) else kind).cast(kind)
        found = analyzer.analyze_corpus(pa.table({"text": ["x", "y"], "published": cells}))
        assert [row["published"] for row in found.documents.to_pylist()] == day, kind


def test_a_duckdb_relation_is_run_once(analyzer: marsad.Analyzer) -> None:
    reader = pa.table({"text": ["القاهرة"] * 100}).to_reader(10)
    relation = duckdb.from_arrow(reader)
    assert len(analyzer.analyze_corpus(relation, progress=False)) == 100


def test_a_duckdb_relation_that_calls_python(analyzer: marsad.Analyzer) -> None:
    con = duckdb.connect()
    con.create_function("suffix", lambda text: text + " القاهرة", ["VARCHAR"], "VARCHAR")  # type: ignore[arg-type]
    relation = con.sql("select suffix('x' || i) as text from range(5000) t(i)")
    assert len(analyzer.analyze_corpus(relation).mentions) == 5000


def test_batches_equal_the_corpus(analyzer: marsad.Analyzer, corpus: Rows, found: marsad.Analysis) -> None:
    for name in ("documents", "mentions", "dates"):
        for cut in (1, 2, 3, 100):
            parts = (corpus[at : at + cut] for at in range(0, len(corpus), cut))
            rows = [row for table in analyzer.analyze_batches(parts, table=name) for row in table.to_pylist()]
            assert rows == getattr(found, name).to_pylist()
    numbered = [table.to_pylist() for table in analyzer.analyze_batches([["x"], ["y", "z"]], table="documents")]
    assert [[row["doc"] for row in rows] for rows in numbered] == [["0"], ["1", "2"]]


def test_batches_are_read_one_at_a_time(analyzer: marsad.Analyzer) -> None:
    read = []

    def source() -> Iterator[list[str]]:
        for number in range(3):
            read.append(number)
            yield ["القاهرة"]

    tables = analyzer.analyze_batches(source())
    assert read == []
    first = next(tables)
    assert read == [0]
    assert pa.table(first).num_rows == 1


def test_any_number_of_threads_gives_the_same(corpus: Rows) -> None:
    many = [{**row, "id": f"{row['id']}{number}"} for number in range(400) for row in corpus]
    one, four = (marsad.Analyzer(threads=threads).analyze_corpus(many) for threads in (1, 4))
    assert facts(one) == facts(four)
    for by in BY:
        assert one.counts(by=by).to_pylist() == four.counts(by=by).to_pylist()
    assert one.cooccurrence("sentence").to_pylist() == four.cooccurrence("sentence").to_pylist()
    assert [row["doc"] for row in four.documents.to_pylist()] == [row["id"] for row in many]


def test_progress(analyzer: marsad.Analyzer, capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[int] = []
    analyzer.analyze_corpus(iter([["القاهرة"] * 10, ["بغداد"] * 5]), progress=seen.append)
    assert seen[-1] == 15
    assert seen == sorted(seen)

    def stop(done: int) -> None:
        raise RuntimeError(f"stopped at {done}")

    with pytest.raises(RuntimeError, match="stopped at 2"):
        analyzer.analyze_corpus(["القاهرة"] * 2, progress=stop)
    for quiet in (None, False):
        analyzer.analyze_corpus(["القاهرة"], progress=quiet)
    assert capsys.readouterr().err == ""
    for data in (["القاهرة"], {"text": ["القاهرة"], "id": [1]}, pl.LazyFrame({"text": ["القاهرة"]})):
        analyzer.analyze_corpus(data, progress=True)
    assert "/2" not in capsys.readouterr().err
