"""Wrong uses: the exception, and a message that names the argument, what was found and what is due."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import marsad
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

Wrong = tuple[str, Callable[[marsad.Analyzer], Any], type[BaseException], str]

LISTS = "a list of str or dict, a pandas, Polars or Arrow table, a DuckDB relation, or what marsad.read returns is due"
LEXICON = "a path, a DataFrame with columns id, type and alias, a dict, or a list of these is due"
DICT = r"\{alias: \(id, type\)\} or \{id: \{'type': \.\.\., 'aliases': \[\.\.\.\]\}\} is due"
DAY = r'a day such as "2025-03-19", a datetime\.date or None is due'
TYPES = r"a sequence of str is due, such as \('PER', 'LOC'\)"


def corpus(data: Any, **options: Any) -> Callable[[marsad.Analyzer], Any]:
    return lambda analyzer: analyzer.analyze_corpus(data, **options)


def make(**options: Any) -> Callable[[marsad.Analyzer], Any]:
    return lambda _: marsad.Analyzer(**options)


def found(analyzer: marsad.Analyzer) -> Any:
    return analyzer.analyze_corpus(["القاهرة"])


NORMALIZING: list[Wrong] = [
    ("x", lambda _: marsad.normalize(5), TypeError, "x: found int; a str, or a column of str"),
    ("item", lambda _: marsad.normalize(["a", 5]), TypeError, r"x\[1\]: found int; a str or None is due"),
    ("profile", lambda _: marsad.normalize("a", "no"), ValueError, 'profile: found "no"; the profiles are .*search'),
    ("profile type", lambda _: marsad.Normalizer(5), TypeError, "profile: found int; a str is due"),  # type: ignore[arg-type]
    (
        "option",
        lambda _: marsad.Normalizer(no=True),
        ValueError,
        "no: found no option .*; the normalization options are",
    ),
    ("option type", lambda _: marsad.Normalizer(alef=1), TypeError, "alef: found int; True or False is due"),
    (
        "option none",
        lambda _: marsad.normalize("a", alef=None),
        TypeError,
        "alef: found NoneType; True or False is due",
    ),  # type: ignore[arg-type]
    ("align", lambda _: marsad.Normalizer().align(None), TypeError, "text: found NoneType; a str is due"),  # type: ignore[arg-type]
    ("span", lambda _: marsad.Normalizer().align("abc").to_source(2, 1), ValueError, "start: 2 is after end, 1"),
    (
        "place",
        lambda _: marsad.Normalizer().align("a").to_source("0", 1),
        TypeError,
        "start: found str; a whole number",
    ),  # type: ignore[arg-type]
    ("place 2", lambda _: marsad.Normalizer().align("a").to_normalized(0, 1.5), TypeError, "end: found float; a whole"),  # type: ignore[arg-type]
    ("tokens", lambda _: marsad.tokenize(b"a"), TypeError, "text: found bytes; a str is due"),  # type: ignore[arg-type]
]

MAKING: list[Wrong] = [
    ("types str", make(types="PER"), TypeError, f"types: found 'PER'; {TYPES}"),
    ("types int", make(types=5), TypeError, f"types: found 5; {TYPES}"),
    ("types items", make(types=[1]), TypeError, rf"types: found \(1,\); {TYPES}"),
    ("types name", make(types=("X",)), ValueError, 'types: found "X"; the lexicon defines NAT, ORG, PER, LOC$'),
    ("recognizer", make(recognizer=1), TypeError, "recognizer: found int; True or False is due"),
    ("builtin", make(builtin_lexicon=None), TypeError, "builtin_lexicon: found NoneType; True or False is due"),
    ("threads", make(threads=0), ValueError, "threads: found 0; a number from 1 to 1,024, or None, is due"),
    ("threads less", make(threads=-1), ValueError, "threads: found -1; a number from 1 to"),
    ("threads more", make(threads=10**30), ValueError, "threads: found 1000.*; a number from 1 to"),
    ("threads str", make(threads="2"), TypeError, "threads: found str; a whole number or None is due"),
    ("threads bool", make(threads=True), TypeError, "threads: found bool; a whole number or None is due"),
    ("threads float", make(threads=2.0), TypeError, "threads: found float; a whole number or None is due"),
    ("lexicon", make(lexicon=5), TypeError, rf"lexicon\[0\]: found int; {LEXICON}"),
    ("lexicon item", make(lexicon=[{}, b""]), TypeError, rf"lexicon\[1\]: found bytes; {LEXICON}"),
    ("lexicon path", make(lexicon="/no.tsv"), FileNotFoundError, r"No such file or directory: '/no\.tsv'"),
    ("lexicon value", make(lexicon={"a": 1}), ValueError, rf"lexicon\[0\]\['a'\]: found 1; {DICT}"),
    ("lexicon short", make(lexicon={"a": ("b",)}), ValueError, rf"lexicon\[0\]\['a'\]: found \('b',\); {DICT}"),
    ("lexicon key", make(lexicon={5: ("A", "B")}), TypeError, r"lexicon\[0\]: an alias of A is int; a str is due"),
    (
        "aliases",
        make(lexicon={"A": {"type": "X", "aliases": "abc"}}),
        TypeError,
        "aliases is str; a list of str is due",
    ),
    ("aliases none", make(lexicon={"A": {"type": "X", "aliases": None}}), TypeError, "aliases is NoneType; a list"),
    (
        "alias",
        make(lexicon={"..": ("A", "B")}),
        marsad.DataError,
        r'lexicon\[0\]:1: the alias "\.\." of A has no letter',
    ),
    ("id", make(lexicon={"ا": ("", "B")}), marsad.DataError, r"lexicon\[0\]:1: the id is empty"),
    ("type", make(lexicon={"ا": ("A", "")}), marsad.DataError, r"lexicon\[0\]:1: the type of A is empty"),
    (
        "needs",
        make(lexicon={"A": {"type": "X", "aliases": ["ا"], "needs": "z"}}),
        marsad.DataError,
        'needs is "z"; it may be',
    ),
    ("surrogate", make(lexicon={"ا\ud800": ("A", "B")}), ValueError, r"lexicon\[0\]:1: '.*' holds a lone surrogate"),
    (
        "column",
        make(lexicon=pd.DataFrame({"id": []})),
        KeyError,
        r"lexicon\[0\]: there is no column 'type'; the columns are id",
    ),
    ("column arrow", make(lexicon=pa.table({"id": ["a"]})), KeyError, r"there is no column 'type'; the columns are id"),
    (
        "cell",
        make(lexicon=pl.DataFrame({"id": ["A"], "type": ["X"], "alias": [None]})),
        TypeError,
        r"lexicon\[0\]: alias in row 0 is NoneType; a str is due",
    ),
]

ANALYZING: list[Wrong] = [
    ("text", lambda a: a.analyze(None), TypeError, "text: found NoneType; a str is due"),
    ("text list", lambda a: a.analyze(["a"]), TypeError, "text: found list; a str is due"),
    ("day", lambda a: a.analyze("a", published="19/03/2025"), ValueError, f'published: found "19/03/2025"; {DAY}'),
    ("day that is none", lambda a: a.analyze("a", published="2025-02-30"), ValueError, f'found "2025-02-30"; {DAY}'),
    ("day type", lambda a: a.analyze("a", published=5), TypeError, f"published: found int; {DAY}"),
    (
        "str",
        corpus("abc"),
        TypeError,
        rf"data: found str; {LISTS} \(for one text use analyze, for a file marsad\.read\)",
    ),
    ("bytes", corpus(b"abc"), TypeError, f"data: found bytes; {LISTS}"),
    ("none", corpus(None), TypeError, f"data: found NoneType; {LISTS}"),
    ("path", corpus(Path("x")), TypeError, f"data: found .*Path; {LISTS}"),
    ("ints", corpus([1, 2]), TypeError, f"data: found int; {LISTS}"),
    ("mixed", corpus([{"text": "b"}, "a"]), TypeError, r"data\[1\]: found str; a dict is due, as the other rows are"),
    (
        "a row",
        corpus({"text": "x", "id": "y"}),
        TypeError,
        r"data\['text'\]: found str; a column, such as a list, is due",
    ),
    ("scalar", corpus({"text": 5}), TypeError, r"data\['text'\]: found int; a column, such as a list, is due"),
    (
        "lengths",
        corpus({"text": ["a", "b"], "id": [1]}),
        ValueError,
        r"data: columns of unequal lengths .*'text': 2, 'id': 1",
    ),
    (
        "no text",
        corpus(pd.DataFrame({"body": ["a"]})),
        KeyError,
        "text: there is no column 'text'; the columns are body",
    ),
    (
        "no text pl",
        corpus(pl.LazyFrame({"body": ["a"]})),
        KeyError,
        "text: there is no column 'text'; the columns are body",
    ),
    (
        "no text pa",
        corpus(pa.table({"b": ["a"]}).to_reader()),
        KeyError,
        "text: there is no column 'text'; the columns are b",
    ),
    ("no text dict", corpus([{"text": "a"}, {"b": "c"}]), KeyError, r"text: data\[1\] has no 'text'; its keys are b"),
    (
        "no id",
        corpus(pa.table({"text": ["a"]}), id="url"),
        KeyError,
        "id: there is no column 'url'; the columns are text",
    ),
    (
        "no day",
        corpus([{"text": "a"}], published="day"),
        KeyError,
        "published: there is no column 'day'; the columns are text",
    ),
    (
        "twice",
        corpus(pd.DataFrame([["a", "b"]], columns=["text", "text"])),
        ValueError,
        "data: several columns of one name",
    ),
    (
        "text type",
        corpus(pl.DataFrame({"text": [1.5]})),
        TypeError,
        "text: found a column of Float64; a column of strings",
    ),
    (
        "id type",
        corpus(pa.table({"text": ["a"], "id": [1.5]})),
        TypeError,
        "id: found a column of Float64; .* whole numbers",
    ),
    (
        "day column",
        corpus(pa.table({"text": ["a"], "published": [1]})),
        TypeError,
        "published: found a column of Int64; a column",
    ),
    (
        "day cell",
        corpus(pl.DataFrame({"text": ["a"], "published": ["x"]})),
        ValueError,
        'published: found "x" in row 0; a day',
    ),
    ("day item", corpus([{"text": "a", "published": "x"}]), ValueError, rf'published\[0\]: found "x"; {DAY}'),
    ("numbers", corpus(pa.array([1])), TypeError, "data: found a column of Int64; a table is due"),
    ("column name", corpus(["a"], text=5), TypeError, "text: found int; the name of a column, a str, is due"),
    ("progress", corpus(["a"], progress="x"), TypeError, "progress: found str; None, True, False or a function is due"),
    ("progress 0", corpus(["a"], progress=0), TypeError, "progress: found int; None, True, False or a function is due"),
    (
        "table",
        lambda a: a.analyze_batches([], table="x"),
        ValueError,
        "table: found 'x'; one of documents, mentions, dates",
    ),
    ("batches", lambda a: a.analyze_batches(5), TypeError, "batches: found int; an iterable of batches is due"),
    (
        "frame",
        lambda a: a.analyze_batches(pd.DataFrame()),
        TypeError,
        "batches: found DataFrame; .* use analyze_corpus",
    ),
]

COUNTING: list[Wrong] = [
    (
        "by",
        lambda a: found(a).counts(by="hour"),
        ValueError,
        'by: found "hour"; None, "type", "document", "day", "week"',
    ),
    ("by type", lambda a: found(a).counts(by=5), TypeError, "by: found int; a str is due"),
    ("top", lambda a: found(a).counts(top=-1), ValueError, "top: found -1; a number from 0 up, or None, is due"),
    ("top type", lambda a: found(a).counts(top="3"), TypeError, "top: found str; a whole number or None is due"),
    (
        "top nan",
        lambda a: found(a).cooccurrence(top=np.float64(3)),
        TypeError,
        "top: found float64; a whole number or None",
    ),
    (
        "freq",
        lambda a: found(a).timeline("hour"),
        ValueError,
        'freq: found "hour"; "day", "week", "month" or "year" is due',
    ),
    ("freq none", lambda a: found(a).timeline(None), TypeError, "freq: found NoneType; a str is due"),
    ("within", lambda a: found(a).cooccurrence("x"), ValueError, 'within: found "x"; "document" or "sentence" is due'),
    (
        "format",
        lambda a: found(a).save("/tmp", "xml"),
        ValueError,
        "format: found 'xml'; 'parquet', 'csv' or 'jsonl' is due",
    ),
    ("folder", lambda a: found(a).save(None), TypeError, "folder: found NoneType; a path is due"),
    ("file", lambda a: found(a).save(__file__), FileExistsError, r"test_errors\.py"),
]

READING: list[Wrong] = [
    ("paths", lambda _: marsad.read(5), TypeError, "path_or_paths: found int; a path or a list of paths is due"),
    (
        "paths bytes",
        lambda _: marsad.read(b"x"),
        TypeError,
        "path_or_paths: found bytes; a path or a list of paths is due",
    ),
    ("paths item", lambda _: marsad.read(["x", 5]), TypeError, r"path_or_paths\[1\]: found int; a path is due"),
    (
        "field",
        lambda _: marsad.read("x", body="a"),
        TypeError,
        "unexpected keyword argument 'body'; the fields are text, id",
    ),
    (
        "field type",
        lambda _: marsad.read("x", text=5),
        TypeError,
        "text: found int; the name of a column, a str, is due",
    ),  # type: ignore[arg-type]
    ("no file", lambda _: marsad.read("/no.txt"), FileNotFoundError, r"No such file or directory: '/no\.txt'"),
    (
        "no format",
        lambda _: marsad.read(__file__),
        marsad.DataError,
        r"test_errors\.py: the name tells no format; it may end",
    ),
]

WRONG = [*NORMALIZING, *MAKING, *ANALYZING, *COUNTING, *READING]


@pytest.mark.parametrize(("use", "kind", "message"), [pytest.param(*rest, id=name) for name, *rest in WRONG])
def test_wrong_use(use: Callable[[marsad.Analyzer], Any], kind: type, message: str, analyzer: marsad.Analyzer) -> None:
    with pytest.raises(kind, match=message) as caught:
        use(analyzer)
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)


def test_there_are_enough() -> None:
    assert len(WRONG) == len({name for name, *_ in WRONG}) > 80


def test_an_analyzer_can_be_used_after_an_error(analyzer: marsad.Analyzer) -> None:
    with pytest.raises(ValueError, match="published"):
        analyzer.analyze_corpus([{"text": "القاهرة", "published": "x"}])
    assert len(analyzer.analyze_corpus(["القاهرة"]).mentions) == 1


def test_a_null_row_of_a_struct_is_a_row(analyzer: marsad.Analyzer) -> None:
    data = pa.array([{"text": "القاهرة"}, None])
    found = analyzer.analyze_corpus(data)
    assert [row["mentions"] for row in found.documents.to_pylist()] == [1, 0]


def test_an_arrow_day_in_a_zone_is_not_moved(analyzer: marsad.Analyzer) -> None:
    day = pa.array([pd.Timestamp("2025-03-19 00:30", tz="Asia/Riyadh")])
    with pytest.raises(TypeError, match="published: found timestamps of the time zone Asia/Riyadh"):
        analyzer.analyze_corpus(pa.table({"text": ["x"], "published": day}))
    fixed = pa.array([pd.Timestamp("2025-03-18 21:30")]).cast(pa.timestamp("us", "+03:00"))
    (row,) = analyzer.analyze_corpus(pa.table({"text": ["x"], "published": fixed})).documents.to_pylist()
    assert str(row["published"]) == "2025-03-19"
