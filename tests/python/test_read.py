"""Reading files: every format, packed or plain, fields by name, and faults that name file and line."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import marsad
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ROWS = [
    {"id": "a", "text": 'زار القاهرة،\nثم "بغداد"', "published": "2025-03-19"},
    {"id": "b", "text": "لا شيء, هنا\tقط", "published": None},
    {"id": "c", "text": "", "published": "2024-12-31"},
]
EXPECTED = [
    {"id": row["id"], "text": row["text"], "published": row["published"] and date.fromisoformat(row["published"])}
    for row in ROWS
]


def lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def delimited(rows: list[dict[str, Any]], delimiter: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def parquet(rows: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


WRITERS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "jsonl": lines,
    "ndjson": lines,
    "csv": lambda rows: delimited(rows, ","),
    "tsv": lambda rows: delimited(rows, "\t"),
    "parquet": parquet,
}


def rows_of(*paths: Any, **fields: str) -> list[dict[str, Any]]:
    return [row for batch in marsad.read(list(paths), **fields) for row in batch.to_pylist()]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize("format", WRITERS)
def test_tables(format: str, packed: bool, tmp_path: Path) -> None:
    data = WRITERS[format](ROWS)
    path = tmp_path / f"News.{format.upper() if packed else format}{'.gz' if packed else ''}"
    path.write_bytes(gzip.compress(data) if packed else data)
    assert rows_of(path) == EXPECTED
    assert rows_of(str(path)) == EXPECTED


@pytest.mark.parametrize("format", WRITERS)
def test_names_of_fields(format: str, tmp_path: Path) -> None:
    path = tmp_path / f"news.{format}"
    renamed = {"id": "url", "text": "نص", "published": "day"}
    path.write_bytes(WRITERS[format]([{"more": "x", **{renamed[key]: row[key] for key in row}} for row in ROWS]))
    assert rows_of(path, **renamed) == EXPECTED
    reader = marsad.read(path, text="نص")
    assert [row["published"] for batch in reader for row in batch.to_pylist()] == [None] * 3


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_text(packed: bool, tmp_path: Path) -> None:
    text = "\ufeffزار القاهرة\r\nثم بغداد"
    path = tmp_path / f"one.txt{'.gz' if packed else ''}"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert rows_of(path) == [{"id": path.name, "text": text, "published": None}]


def test_without_ids(tmp_path: Path) -> None:
    plain = [{"text": row["text"]} for row in ROWS]
    for format, first in [("jsonl", [1, 2, 3]), ("csv", [2, 4, 5]), ("parquet", [1, 2, 3])]:
        path = tmp_path / f"news.{format}"
        path.write_bytes(WRITERS[format](plain))
        assert [row["id"] for row in rows_of(path)] == [f"news.{format}:{line}" for line in first]


def test_lines_of_csv_are_counted_whatever_ends_them(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_bytes(b'text,published\r\n"x\r\ny",\r\nz,soon\r\n')
    with pytest.raises(marsad.DataError, match=r"published is .soon."):
        rows_of(path)
    path.write_bytes(b'text\r\n"x\r\ny"\r\nz\r\n')
    found = [row["id"] for row in rows_of(path)]
    assert found == ["news.csv:2", "news.csv:4"]


def test_missing_values_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"text": null}\n\n  \n{"text": "x", "id": 7, "published": ""}\n{"text": "y", "id": null}'
    )
    assert rows_of(path) == [
        {"id": "news.jsonl:1", "text": None, "published": None},
        {"id": "7", "text": "x", "published": None},
        {"id": "news.jsonl:5", "text": "y", "published": None},
    ]


def test_marks_and_quotes_of_csv(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_bytes('\ufeff"text","id"\r\n"قال ""نعم""\nثم ذهب","1"\r\n'.encode())
    assert rows_of(path) == [{"id": "1", "text": 'قال "نعم"\nثم ذهب', "published": None}]


def test_types_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    frame = pd.DataFrame(
        {
            "id": [1, 2],
            "text": pd.Categorical(["القاهرة", None]),
            "published": pd.to_datetime(["2025-03-19 05:00", None]),
            "other": [[1], [2]],
        }
    )
    frame.to_parquet(path)
    assert rows_of(path) == [
        {"id": "1", "text": "القاهرة", "published": date(2025, 3, 19)},
        {"id": "2", "text": None, "published": None},
    ]
    pl.DataFrame({"text": ["a"], "published": [date(2025, 3, 19)]}).write_parquet(path)
    assert rows_of(path) == [{"id": "news.parquet:1", "text": "a", "published": date(2025, 3, 19)}]


def test_folders(tmp_path: Path) -> None:
    for name in ("b.txt", "a/2.txt", "a/1.txt", "a/deep/er/3.txt", ".hidden.txt", ".git/4.txt", "a/notes.md", "c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    assert [row["id"] for row in rows_of(tmp_path)] == ["a/1.txt", "a/2.txt", "a/deep/er/3.txt", "b.txt"]
    assert [row["text"] for row in rows_of(tmp_path / "b.txt", tmp_path / "a" / "deep")] == ["b.txt", "a/deep/er/3.txt"]


def test_many_articles_come_in_batches(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(lines([{"id": str(number), "text": "x" * 100} for number in range(20_000)]))
    reader = marsad.read(path)
    assert iter(reader) is reader
    sizes = [len(batch) for batch in reader]
    assert sum(sizes) == 20_000
    assert max(sizes) <= 8192
    assert list(reader) == [], "a reader is read once"


def test_a_path_may_be_anything_like_one(tmp_path: Path) -> None:
    path = tmp_path / "مقال.txt"
    path.write_text("x", encoding="utf-8")
    for given in (path, str(path), [path], (str(path),), iter([path])):
        assert [row["id"] for batch in marsad.read(given) for row in batch.to_pylist()] == ["مقال.txt"]
    assert list(marsad.read([])) == []


FAULTS = [
    ("a.jsonl", b'{"text": "x"}\n{"text": \n', r"a\.jsonl:2:\d+: .*; one JSON object a line is due"),
    ("a.jsonl", b"[1]\n", r"a\.jsonl:1:1: found a list; one JSON object a line is due"),
    ("a.jsonl", b'{"body": "x", "n": 1}\n', r'a\.jsonl:1: no field "text"; the fields are body, n'),
    ("a.jsonl", b'\n{"text": 5}\n', r"a\.jsonl:2: text is a number; a string is due"),
    ("a.jsonl", b'{"text": "x", "id": []}\n', r"a\.jsonl:1: id is a list; a string is due"),
    ("a.jsonl", b'{"text": "x", "published": "19/3"}\n', r'a\.jsonl:1: published is "19/3"; a day such as 2025-03-19'),
    ("a.jsonl", b'{"text": "x", "published": 5}\n', r"a\.jsonl:1: published is a number; a day such as"),
    ("a.jsonl", '{"text": "قال"}\n{"text": "ثم'.encode() + b'\xc7"}', r"a\.jsonl:2:13: byte 0xC7 is not UTF-8"),
    ("a.csv", b"text,id\nx,1,2\n", r"a\.csv:2: found 3 cells where the first row names 2 columns"),
    ("a.csv", b"text,published\nx,\ny,soon\n", r'a\.csv:3: published is "soon"; a day such as 2025-03-19 is due'),
    ("a.csv", b"text\nx\n\xff\xfe\n", r"a\.csv:3:1: byte 0xFF is not UTF-8"),
    ("a.txt", "سطر\nقال الوزير".encode("cp1256"), r"a\.txt:1:1: byte 0xD3 is not UTF-8 \(it looks like Windows-1256\)"),
    ("a.txt", "قال".encode("utf-16"), r"a\.txt: found UTF-16; text in UTF-8 is due; re-encode it"),
    ("a.txt", gzip.compress(b"x"), r"a\.txt: found gzip; .*let its name end in \.gz"),
    ("a.txt.gz", b"plain", r"a\.txt\.gz: .*"),
    ("a.txt.gz", gzip.compress(b"x" * 1000)[:-12], r"a\.txt\.gz: .*"),
    ("a.parquet", b"nothing of the sort", r"a\.parquet: not a sound parquet file: "),
    ("a.doc", b"x", r"a\.doc: the name tells no format; it may end in \.txt, \.jsonl, .*, each also with \.gz"),
]


@pytest.mark.parametrize(("name", "data", "message"), FAULTS, ids=lambda value: value if isinstance(value, str) else "")
def test_faults(name: str, data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(marsad.DataError, match=message) as caught:
        rows_of(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("format", ["csv", "tsv", "parquet"])
def test_a_table_without_the_column(format: str, tmp_path: Path) -> None:
    path = tmp_path / f"news.{format}"
    path.write_bytes(WRITERS[format]([{"body": "x", "url": "y"}]))
    with pytest.raises(KeyError, match=rf"{path.name}: text: there is no column .*text.*; the columns are body, url"):
        rows_of(path)


@pytest.mark.parametrize(
    "column", [{"text": [5]}, {"text": ["x"], "id": [1.5]}, {"text": ["x"], "published": ["soon"]}]
)
def test_faults_of_parquet_columns_name_the_file(column: dict[str, list[Any]], tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    pq.write_table(pa.table(column), path)
    with pytest.raises((marsad.DataError, TypeError, ValueError), match="is due") as caught:
        rows_of(path)
    assert "news.parquet" in str(caught.value)


def test_reading_goes_on_after_a_fault(tmp_path: Path) -> None:
    for name, data in [("1.txt", b"one"), ("2.jsonl", b"{"), ("3.txt", b"\xff"), ("4.txt", b"four")]:
        (tmp_path / name).write_bytes(data)
    reader, texts, faults = marsad.read(tmp_path), [], []
    while True:
        try:
            texts += [row["text"] for row in next(reader).to_pylist()]
        except StopIteration:
            break
        except marsad.DataError as fault:
            faults.append(str(fault))
    assert texts == ["one", "four"]
    assert [Path(fault.partition(":")[0]).name for fault in faults] == ["2.jsonl", "3.txt"]


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        marsad.read(tmp_path / "no.txt")
    assert caught.value.filename == str(tmp_path / "no.txt")
    with pytest.raises(marsad.DataError, match=r"the folder holds no \.txt, \.jsonl, \.csv, \.tsv or \.parquet file"):
        marsad.read(tmp_path)
