"""Wrong uses: the exception and its message, word for word: the argument, what was found and what is due."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import marsad
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

Wrong = tuple[str, Callable[[marsad.Analyzer], Any], type[BaseException], str]


def corpus(data: Any, **options: Any) -> Callable[[marsad.Analyzer], Any]:
    return lambda analyzer: analyzer.analyze_corpus(data, **options)


def make(**options: Any) -> Callable[[marsad.Analyzer], Any]:
    return lambda _: marsad.Analyzer(**options)


def found(analyzer: marsad.Analyzer) -> Any:
    return analyzer.analyze_corpus(["القاهرة"])


NORMALIZING: list[Wrong] = [
    (
        "x",
        lambda _: marsad.normalize(5),
        TypeError,
        "x: found int; a str, or a column of str (a list or tuple, a pandas, Polars or NumPy column, an Arrow array) is due",
    ),
    ("item", lambda _: marsad.normalize(["a", 5]), TypeError, "x[1]: found int; a str or None is due"),
    (
        "profile",
        lambda _: marsad.normalize("a", "no"),
        ValueError,
        'profile: found "no"; the profiles are analysis, light, search, skeleton',
    ),
    ("profile type", lambda _: marsad.Normalizer(5), TypeError, "profile: found int; a str is due"),  # type: ignore[arg-type]
    (
        "option",
        lambda _: marsad.Normalizer(no=True),
        ValueError,
        "no: found no option of this name; the normalization options are compose, presentation_forms, invisible, harakat, shadda, quranic_marks, tatweel, lookalikes, foreign_letters, alef, hamza, alef_maqsura, ta_marbuta, digits, punctuation, whitespace, elongation",
    ),
    ("option type", lambda _: marsad.Normalizer(alef=1), TypeError, "alef: found int; True or False is due"),
    (
        "option none",
        lambda _: marsad.normalize("a", alef=None),
        TypeError,
        "alef: found NoneType; True or False is due",
    ),  # type: ignore[arg-type]
    ("align", lambda _: marsad.Normalizer().align(None), TypeError, "text: found NoneType; a str is due"),  # type: ignore[arg-type]
    (
        "span",
        lambda _: marsad.Normalizer().align("abc").to_source(2, 1),
        ValueError,
        "start: 2 is after end, 1; start must not be greater than end",
    ),
    (
        "place",
        lambda _: marsad.Normalizer().align("a").to_source("0", 1),
        TypeError,
        "start: found str; a whole number is due",
    ),  # type: ignore[arg-type]
    (
        "place 2",
        lambda _: marsad.Normalizer().align("a").to_normalized(0, 1.5),
        TypeError,
        "end: found float; a whole number is due",
    ),  # type: ignore[arg-type]
    ("tokens", lambda _: marsad.tokenize(b"a"), TypeError, "text: found bytes; a str is due"),  # type: ignore[arg-type]
]

MAKING: list[Wrong] = [
    ("types str", make(types="PER"), TypeError, "types: found 'PER'; a sequence of str is due, such as ('PER', 'LOC')"),
    ("types int", make(types=5), TypeError, "types: found 5; a sequence of str is due, such as ('PER', 'LOC')"),
    ("types items", make(types=[1]), TypeError, "types: found (1,); a sequence of str is due, such as ('PER', 'LOC')"),
    ("types name", make(types=("X",)), ValueError, 'types: found "X"; the lexicon defines NAT, ORG, PER, LOC'),
    ("recognizer", make(recognizer=1), TypeError, "recognizer: found int; True or False is due"),
    ("builtin", make(builtin_lexicon=None), TypeError, "builtin_lexicon: found NoneType; True or False is due"),
    ("threads", make(threads=0), ValueError, "threads: found 0; a number from 1 to 1,024, or None, is due"),
    ("threads less", make(threads=-1), ValueError, "threads: found -1; a number from 1 to 1,024, or None, is due"),
    (
        "threads more",
        make(threads=10**30),
        ValueError,
        "threads: found 1000000000000000000000000000000; a number from 1 to 1,024, or None, is due",
    ),
    ("threads str", make(threads="2"), TypeError, "threads: found str; a whole number or None is due"),
    ("threads bool", make(threads=True), TypeError, "threads: found bool; a whole number or None is due"),
    ("threads float", make(threads=2.0), TypeError, "threads: found float; a whole number or None is due"),
    (
        "lexicon",
        make(lexicon=5),
        TypeError,
        "lexicon[0]: found int; a path, a DataFrame with columns id, type and alias, a dict, or a list of these is due",
    ),
    (
        "lexicon item",
        make(lexicon=[{}, b""]),
        TypeError,
        "lexicon[1]: found bytes; a path, a DataFrame with columns id, type and alias, a dict, or a list of these is due",
    ),
    ("lexicon path", make(lexicon="/no.tsv"), FileNotFoundError, "[Errno 2] No such file or directory: '/no.tsv'"),
    (
        "lexicon value",
        make(lexicon={"a": 1}),
        ValueError,
        "lexicon[0]['a']: found 1; {alias: (id, type)} or {id: {'type': ..., 'aliases': [...]}} is due",
    ),
    (
        "lexicon short",
        make(lexicon={"a": ("b",)}),
        ValueError,
        "lexicon[0]['a']: found ('b',); {alias: (id, type)} or {id: {'type': ..., 'aliases': [...]}} is due",
    ),
    ("lexicon key", make(lexicon={5: ("A", "B")}), TypeError, "lexicon[0]: an alias of A is int; a str is due"),
    (
        "aliases",
        make(lexicon={"A": {"type": "X", "aliases": "abc"}}),
        TypeError,
        "lexicon[0]['A']: aliases is str; a list of str is due",
    ),
    (
        "aliases none",
        make(lexicon={"A": {"type": "X", "aliases": None}}),
        TypeError,
        "lexicon[0]['A']: aliases is NoneType; a list of str is due",
    ),
    (
        "alias",
        make(lexicon={"..": ("A", "B")}),
        marsad.DataError,
        'lexicon[0]:1: the alias ".." of A has no letter or digit',
    ),
    ("id", make(lexicon={"ا": ("", "B")}), marsad.DataError, "lexicon[0]:1: the id is empty"),
    ("type", make(lexicon={"ا": ("A", "")}), marsad.DataError, "lexicon[0]:1: the type of A is empty"),
    (
        "needs",
        make(lexicon={"A": {"type": "X", "aliases": ["ا"], "needs": "z"}}),
        marsad.DataError,
        'lexicon[0]:1: needs is "z"; it may be "-", "place", "head" or "full-name"',
    ),
    (
        "surrogate",
        make(lexicon={"ا\ud800": ("A", "B")}),
        ValueError,
        "lexicon[0]:1: 'ا\\ud800' holds a lone surrogate, which no text can hold",
    ),
    (
        "column",
        make(lexicon=pd.DataFrame({"id": []})),
        KeyError,
        "\"lexicon[0]: there is no column 'type'; the columns are id\"",
    ),
    (
        "column arrow",
        make(lexicon=pa.table({"id": ["a"]})),
        KeyError,
        "\"lexicon[0]: there is no column 'type'; the columns are id\"",
    ),
    (
        "cell",
        make(lexicon=pl.DataFrame({"id": ["A"], "type": ["X"], "alias": [None]})),
        TypeError,
        "lexicon[0]: alias in row 0 is NoneType; a str is due",
    ),
]

ANALYZING: list[Wrong] = [
    ("text", lambda a: a.analyze(None), TypeError, "text: found NoneType; a str is due"),
    ("text list", lambda a: a.analyze(["a"]), TypeError, "text: found list; a str is due"),
    (
        "day",
        lambda a: a.analyze("a", published="19/03/2025"),
        ValueError,
        'published: found "19/03/2025"; a day such as "2025-03-19", a datetime.date or None is due',
    ),
    (
        "day that is none",
        lambda a: a.analyze("a", published="2025-02-30"),
        ValueError,
        'published: found "2025-02-30"; a day such as "2025-03-19", a datetime.date or None is due',
    ),
    (
        "day type",
        lambda a: a.analyze("a", published=5),
        TypeError,
        'published: found int; a day such as "2025-03-19", a datetime.date or None is due',
    ),
    (
        "str",
        corpus("abc"),
        TypeError,
        "data: found str; a list of str or dict, a pandas, Polars or Arrow table, a DuckDB relation, or what marsad.read returns is due (for one text use analyze, for a file marsad.read)",
    ),
    (
        "bytes",
        corpus(b"abc"),
        TypeError,
        "data: found bytes; a list of str or dict, a pandas, Polars or Arrow table, a DuckDB relation, or what marsad.read returns is due (for one text use analyze, for a file marsad.read)",
    ),
    (
        "none",
        corpus(None),
        TypeError,
        "data: found NoneType; a list of str or dict, a pandas, Polars or Arrow table, a DuckDB relation, or what marsad.read returns is due",
    ),
    (
        "path",
        corpus(PurePosixPath("x")),
        TypeError,
        "data: found PurePosixPath; a list of str or dict, a pandas, Polars or Arrow table, a DuckDB relation, or what marsad.read returns is due",
    ),
    (
        "ints",
        corpus([1, 2]),
        TypeError,
        "data: found int; a list of str or dict, a pandas, Polars or Arrow table, a DuckDB relation, or what marsad.read returns is due",
    ),
    ("mixed", corpus([{"text": "b"}, "a"]), TypeError, "data[1]: found str; a dict is due, as the other rows are"),
    (
        "a row",
        corpus({"text": "x", "id": "y"}),
        TypeError,
        "data['text']: found str; a column, such as a list, is due",
    ),
    ("scalar", corpus({"text": 5}), TypeError, "data['text']: found int; a column, such as a list, is due"),
    (
        "lengths",
        corpus({"text": ["a", "b"], "id": [1]}),
        ValueError,
        "data: columns of unequal lengths {'text': 2, 'id': 1}; one length is due",
    ),
    (
        "no text",
        corpus(pd.DataFrame({"body": ["a"]})),
        KeyError,
        "\"text: there is no column 'text'; the columns are body; name the one that is due, as text='...'\"",
    ),
    (
        "no text pl",
        corpus(pl.LazyFrame({"body": ["a"]})),
        KeyError,
        "\"text: there is no column 'text'; the columns are body; name the one that is due, as text='...'\"",
    ),
    (
        "no text pa",
        corpus(pa.table({"b": ["a"]}).to_reader()),
        KeyError,
        "\"text: there is no column 'text'; the columns are b; name the one that is due, as text='...'\"",
    ),
    ("no text dict", corpus([{"text": "a"}, {"b": "c"}]), KeyError, "\"text: data[1] has no 'text'; its keys are b\""),
    (
        "no id",
        corpus(pa.table({"text": ["a"]}), id="url"),
        KeyError,
        "\"id: there is no column 'url'; the columns are text; name the one that is due, as id='...'\"",
    ),
    (
        "no day",
        corpus([{"text": "a"}], published="day"),
        KeyError,
        "\"published: there is no column 'day'; the columns are text; name the one that is due, as published='...'\"",
    ),
    (
        "twice",
        corpus(pd.DataFrame([["a", "b"]], columns=["text", "text"])),
        ValueError,
        "data: several columns of one name in ['text', 'text']; names of one column each are due",
    ),
    (
        "text type",
        corpus(pl.DataFrame({"text": [1.5]})),
        TypeError,
        "text: found a column of Float64; a column of strings is due",
    ),
    (
        "id type",
        corpus(pa.table({"text": ["a"], "id": [1.5]})),
        TypeError,
        "id: found a column of Float64; a column of strings or whole numbers is due",
    ),
    (
        "day column",
        corpus(pa.table({"text": ["a"], "published": [1]})),
        TypeError,
        "published: found a column of Int64; a column of dates, timestamps or ISO strings is due",
    ),
    (
        "day cell",
        corpus(pl.DataFrame({"text": ["a"], "published": ["x"]})),
        ValueError,
        'published: found "x" in row 0; a day such as 2025-03-19 is due',
    ),
    (
        "day item",
        corpus([{"text": "a", "published": "x"}]),
        ValueError,
        'published[0]: found "x"; a day such as "2025-03-19", a datetime.date or None is due',
    ),
    ("numbers", corpus(pa.array([1])), TypeError, "data: found a column of Int64; a table is due"),
    ("column name", corpus(["a"], text=5), TypeError, "text: found int; the name of a column, a str, is due"),
    ("progress", corpus(["a"], progress="x"), TypeError, "progress: found str; None, True, False or a function is due"),
    ("progress 0", corpus(["a"], progress=0), TypeError, "progress: found int; None, True, False or a function is due"),
    (
        "table",
        lambda a: a.analyze_batches([], table="x"),
        ValueError,
        "table: found 'x'; one of documents, mentions, dates is due",
    ),
    ("batches", lambda a: a.analyze_batches(5), TypeError, "batches: found int; an iterable of batches is due"),
    (
        "frame",
        lambda a: a.analyze_batches(pd.DataFrame()),
        TypeError,
        "batches: found DataFrame; an iterable of batches is due (for one table use analyze_corpus)",
    ),
]

COUNTING: list[Wrong] = [
    (
        "by",
        lambda a: found(a).counts(by="hour"),
        ValueError,
        'by: found "hour"; None, "type", "document", "day", "week", "month" or "year" is due',
    ),
    ("by type", lambda a: found(a).counts(by=5), TypeError, "by: found int; a str is due"),
    ("top", lambda a: found(a).counts(top=-1), ValueError, "top: found -1; a number from 0 up, or None, is due"),
    ("top type", lambda a: found(a).counts(top="3"), TypeError, "top: found str; a whole number or None is due"),
    (
        "top nan",
        lambda a: found(a).cooccurrence(top=np.float64(3)),
        TypeError,
        "top: found float64; a whole number or None is due",
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
    (
        "file",
        lambda a: found(a).save(__file__),
        FileExistsError,
        "[Errno 17] File exists: 'ROOT/tests/python/test_errors.py'",
    ),
]

READING: list[Wrong] = [
    ("paths", lambda _: marsad.read(5), TypeError, "path_or_paths: found int; a path or a list of paths is due"),
    (
        "paths bytes",
        lambda _: marsad.read(b"x"),
        TypeError,
        "path_or_paths: found bytes; a path or a list of paths is due",
    ),
    ("paths item", lambda _: marsad.read(["x", 5]), TypeError, "path_or_paths[1]: found int; a path is due"),
    (
        "field",
        lambda _: marsad.read("x", body="a"),
        TypeError,
        "read() got an unexpected keyword argument 'body'; the fields are text, id, published",
    ),
    (
        "field type",
        lambda _: marsad.read("x", text=5),
        TypeError,
        "text: found int; the name of a column, a str, is due",
    ),  # type: ignore[arg-type]
    ("no file", lambda _: marsad.read("/no.txt"), FileNotFoundError, "[Errno 2] No such file or directory: '/no.txt'"),
    (
        "no format",
        lambda _: marsad.read(__file__),
        marsad.DataError,
        "ROOT/tests/python/test_errors.py: the name tells no format; it may end in .txt, .jsonl, .ndjson, .csv, .tsv, .parquet, each also with .gz",
    ),
]

WRONG = [*NORMALIZING, *MAKING, *ANALYZING, *COUNTING, *READING]


@pytest.mark.parametrize(("use", "kind", "message"), [pytest.param(*rest, id=name) for name, *rest in WRONG])
def test_wrong_use(
    use: Callable[[marsad.Analyzer], Any], kind: type, message: str, analyzer: marsad.Analyzer, root: Path
) -> None:
    with pytest.raises(kind) as caught:
        use(analyzer)
    assert type(caught.value) is kind
    assert str(caught.value).replace(str(root), "ROOT") == message


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
