"""Anything for any argument: a result that holds, or an error that names the argument.

``MARSAD_HYPOTHESIS=long`` looks for minutes instead of seconds.
"""

from __future__ import annotations

import datetime as dt
import decimal
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import marsad
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

LONG = os.environ.get("MARSAD_HYPOTHESIS") == "long"
GOOD = "زار محمد شياع السوداني القاهرة في 5 مارس 2025، وقالت الأمم المتحدة إن الوفد عاد."
#: Letters of all planes, lone surrogates too.
LETTERS = st.characters(exclude_categories=())
STRANGE = ["\ud800", "\udfff", "\x00", "\u202e", "\u2066", "\u200f", "\ufeff", "\U0010ffff", "ﷺ", "\u0670", "ـ", "\r\n"]
NEWS = ["زار", "القاهرة", "وبالرياض", "محمد شياع السوداني", "أمس", "5 مارس 2025", "14 رمضان 1446 هـ", "الأمم المتحدة"]
TEXT = st.one_of(
    st.text(LETTERS, max_size=30),
    st.lists(st.one_of(st.sampled_from(NEWS + STRANGE + [" "] * 6), st.text(LETTERS, max_size=2)), max_size=20).map(
        "".join
    ),
)
WORDS = st.sampled_from(
    ["text", "id", "published", "mentions", "day", "month", "type", "search", "PER", "-", "", "csv"]
)
MISSING = st.sampled_from(
    [None, float("nan"), pd.NA, pd.NaT, np.float64("nan"), np.datetime64("NaT"), decimal.Decimal("NaN")]
)
NUMBERS = st.one_of(
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.integers(-2, 5),
    st.floats(),
    st.complex_numbers(),
    st.decimals(),
    st.fractions(),
    st.sampled_from([np.int64(3), np.uint8(1), np.float32(2), np.bool_(True)]),
)
DAYS = st.one_of(
    st.dates(), st.datetimes(), st.times(), st.timedeltas(), st.datetimes().map(np.datetime64), st.dates().map(str)
)
ODD = st.one_of(
    TEXT,
    WORDS,
    MISSING,
    NUMBERS,
    DAYS,
    st.binary(max_size=5),
    st.binary(max_size=5).map(bytearray),
    st.builds(object),
    st.sampled_from(
        [int, str, Path, Path("x"), ..., NotImplemented, np.str_("القاهرة"), range(3), b"x", memoryview(b"x")]
    ),
    st.sampled_from(
        [pd.Timestamp("2025-03-19", tz="Asia/Riyadh"), pd.Timedelta(1), pd.Period("2025-03"), pa.scalar("x")]
    ),
)
NESTED = st.recursive(
    ODD,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(TEXT, WORDS, st.integers()), inner, max_size=3),
        st.lists(inner, max_size=3).map(iter),
        st.sets(st.one_of(TEXT, st.integers()), max_size=3),
        st.lists(TEXT, max_size=3).map(lambda values: np.array(values, dtype=object)),
    ),
    max_leaves=6,
)
EXPECTED = (TypeError, ValueError, KeyError, marsad.DataError)
QUICK = settings(
    max_examples=5_000 if LONG else 40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def check(use: Callable[[], Any], *names: str, files: bool = False) -> Any:
    """Give the result, or None after an error that is one of those promised and names one of the arguments."""
    try:
        return use()
    except (OSError, *EXPECTED) as fault:
        found = fault
    if isinstance(found, OSError):
        assert files, repr(found)
        return None
    assert type(found) in EXPECTED, repr(found)
    message = str(found.args[0]) if found.args else ""
    assert any(name in message for name in names), f"{names} not in {found!r}"
    return None


def holds(document: marsad.Document) -> None:
    for found in (document.entities, document.dates):
        at = 0
        for one in found:
            assert at <= one.start < one.end <= len(document.text)
            assert document.text[one.start : one.end] == one.text
            at = one.end
    assert isinstance(repr(document), str)
    assert document._repr_html_().encode("utf-8", "strict")


def adds_up(found: marsad.Analysis) -> None:
    """Counts, lengths and columns of one analysis say the same."""
    documents, mentions, dates = (getattr(found, name).to_pylist() for name in ("documents", "mentions", "dates"))
    assert len(documents) == len(found)
    assert sum(row["mentions"] for row in documents) == len(mentions)
    assert sum(row["dates"] for row in documents) == len(dates)
    for by in (None, "type", "document", "day"):
        assert sum(found.counts(by=by).column("mentions")) == len(mentions)
    assert {row["doc"] for row in mentions + dates} <= {row["doc"] for row in documents}
    for row in mentions + dates:
        assert len(row["text"]) == row["end"] - row["start"] > 0


@pytest.fixture(scope="module")
def small() -> marsad.Analyzer:
    """An analyzer of a small lexicon, quickly made."""
    return marsad.Analyzer({"القاهرة": ("CAIRO", "LOC")}, builtin_lexicon=False, types=("LOC",), threads=2)


def make(**options: Any) -> Any:
    given = {"lexicon": {"القاهرة": ("CAIRO", "LOC")}, "builtin_lexicon": False, "types": ("LOC",), "recognizer": False}
    return marsad.Analyzer(**{**given, "threads": 1, **options})


class TestArguments:
    @QUICK
    @given(NESTED)
    def test_normalize(self, x: Any) -> None:
        result = check(lambda: marsad.normalize(x), "x")
        if isinstance(x, str) and result is not None:
            assert marsad.normalize(result) == result
            assert "\ud800" not in result

    @QUICK
    @given(ODD, ODD)
    def test_options(self, profile: Any, option: Any) -> None:
        check(lambda: marsad.Normalizer(profile), "profile")
        check(lambda: marsad.normalize("x", profile), "profile")
        check(lambda: marsad.Normalizer(alef=option), "alef")
        check(lambda: marsad.normalize("x", hamza=option), "hamza")
        if isinstance(profile, str):
            check(lambda: marsad.Normalizer(**{profile: True}), repr(profile)[1:-1], "option", "profile")

    @QUICK
    @given(TEXT, ODD, ODD)
    def test_align(self, text: str, start: Any, end: Any) -> None:
        aligned = marsad.Normalizer("skeleton").align(text)
        for turn, whole in ((aligned.to_source, aligned.source), (aligned.to_normalized, aligned.text)):
            place = check(lambda turn=turn: turn(start, end), "start", "end")
            if place is not None:
                assert 0 <= place[0] <= place[1] <= len(whole)
        check(lambda: marsad.Normalizer().align(start), "text")

    @QUICK
    @given(NESTED, ODD, ODD)
    def test_one_text(self, analyzer: marsad.Analyzer, text: Any, published: Any, id: Any) -> None:
        tokens = check(lambda: marsad.tokenize(text), "text")
        assert tokens is None or "".join(token.text for token in tokens) == text
        for document in (
            check(lambda: analyzer.analyze(text), "text"),
            check(lambda: analyzer.analyze(GOOD, published=published), "published"),
            check(lambda: analyzer.analyze(GOOD, id=id), "id"),
        ):
            if document is not None:
                holds(document)
        reasons = check(lambda: analyzer.explain(text), "text")
        for reason in reasons or ():
            assert text[reason.start : reason.end] == reason.text

    @QUICK
    @given(st.sampled_from(["lexicon", "builtin_lexicon", "types", "recognizer", "stop", "model", "threads"]), NESTED)
    def test_an_analyzer(self, name: str, value: Any) -> None:
        names = {"types": ("types", "type"), "lexicon": ("lexicon", "alias")}.get(name, (name,))
        made = check(lambda: make(**{name: value}), *names, files=name in ("lexicon", "model"))
        if made is not None:
            holds(made.analyze(GOOD))
            assert repr(made).startswith("Analyzer(")

    @QUICK
    @given(st.dictionaries(TEXT, st.tuples(TEXT, st.one_of(TEXT, st.just("LOC"))), max_size=3), TEXT)
    def test_a_lexicon_of_anything(self, lexicon: dict[str, tuple[str, str]], text: str) -> None:
        made = check(lambda: make(lexicon=lexicon, types=("LOC",)), "lexicon", "types")
        if made is not None:
            aliases = " ".join(lexicon)
            holds(made.analyze(f"زار {aliases} {text}"))
            found = made.analyze_corpus([aliases, text])
            adds_up(found)

    @QUICK
    @given(NESTED)
    def test_data(self, small: marsad.Analyzer, data: Any) -> None:
        found = check(lambda: small.analyze_corpus(data), "data", "text", "published", "id")
        if found is not None:
            adds_up(found)

    @QUICK
    @given(st.sampled_from(["text", "id", "published", "progress"]), ODD)
    def test_the_options_of_a_corpus(self, small: marsad.Analyzer, name: str, value: Any) -> None:
        if name == "progress" and callable(value):
            return
        rows = [{"text": GOOD, "id": 1, "published": "2025-03-05"}]
        for data in (rows, pa.table({"text": [GOOD]}), pd.DataFrame(rows), iter([pl.DataFrame(rows)])):
            found = check(lambda data=data: small.analyze_corpus(data, **{name: value}), name, "text", str(value))
            if found is not None:
                adds_up(found)

    @QUICK
    @given(st.sampled_from(["batches", "table", "text", "id", "published"]), NESTED)
    def test_batches(self, small: marsad.Analyzer, name: str, value: Any) -> None:
        given = {"batches": [[GOOD]], name: value}
        names = {"batches": ("batches", "data", "text", "published")}.get(name, (name, "text"))
        tables = check(lambda: list(small.analyze_batches(**given)), *names)
        assert tables is None or all(isinstance(table, marsad.Table) for table in tables)

    @QUICK
    @given(ODD, ODD)
    def test_what_was_found(self, small: marsad.Analyzer, one: Any, other: Any) -> None:
        found = small.analyze_corpus([GOOD])
        uses: list[tuple[str, Callable[[], Any]]] = [
            ("by", lambda: found.counts(by=one)),
            ("top", lambda: found.counts(by="document", top=one)),
            ("freq", lambda: found.timeline(one)),
            ("within", lambda: found.cooccurrence(one)),
            ("top", lambda: found.cooccurrence(top=other)),
            ("name", lambda: found.mentions.column(one)),
        ]
        for name, use in uses:
            check(use, name)

    @QUICK
    @given(st.sampled_from(["folder", "format", "path", "title", "articles"]), ODD)
    def test_files_out(self, small: marsad.Analyzer, tmp_path_factory: Any, name: str, value: Any) -> None:
        target = tmp_path_factory.getbasetemp() / "surface"
        target.mkdir(exist_ok=True)
        if name in ("folder", "path") and isinstance(value, (str, bytes, os.PathLike)):
            value = os.path.join(target, value) if isinstance(value, str) else value
            if isinstance(value, os.PathLike):
                value = target / value
        found = small.analyze_corpus([GOOD])
        if name in ("folder", "format"):
            given = {"folder": target, "format": "csv", name: value}
            check(lambda: found.save(**given), name, files=True)
        else:
            given = {"path": target / "report.html", name: value}
            check(lambda: found.report(**given), name, files=True)

    @QUICK
    @given(st.sampled_from(["path_or_paths", "text", "id", "published"]), NESTED)
    def test_files_in(self, root: Path, name: str, value: Any) -> None:
        given = {"path_or_paths": root / "docs" / "news.csv", name: value}
        path, fields = given.pop("path_or_paths"), given
        if "\\u" in ascii(path) or "\\x" in ascii(path):
            return  # names of files that are no text
        if isinstance(path, (str, Path)) and str(path) in ("", "."):
            return
        check(lambda: list(marsad.read(path, **fields)), name, "text", str(path), files=name == "path_or_paths")


class Shelf(pa.ExtensionType):  # type: ignore[misc]
    """Text of a type of its own."""

    def __init__(self) -> None:
        super().__init__(pa.string(), "marsad.test.shelf")

    def __arrow_ext_serialize__(self) -> bytes:
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage: pa.DataType, serialized: bytes) -> Shelf:
        return cls()


Texts = list[str | None]
TEXTS = st.lists(st.one_of(st.none(), st.sampled_from([GOOD, "", "زار القاهرة", "x" * 13, "وبالرياض" * 3])), max_size=8)


def with_null_value(texts: Texts) -> pa.Array:
    """Encode as a dictionary, of which one value is null."""
    values = [None, *dict.fromkeys(text for text in texts if text is not None)]
    return pa.DictionaryArray.from_arrays(
        pa.array([values.index(text) for text in texts], pa.int8()), pa.array(values, pa.string())
    )


#: Columns of text as Arrow has them; each holds the texts and no more.
COLUMNS: dict[str, Callable[[Texts], Any]] = {
    "sliced": lambda texts: pa.array(["before", None, *texts, "after"], pa.string())[2:-1],
    "sliced large": lambda texts: pa.array(["before", *texts, None], pa.large_string())[1:-1],
    "sliced view": lambda texts: pa.array(["a longer text before", *texts], pa.string_view())[1:],
    "sliced dictionary": lambda texts: pa.array([None, "before", *texts]).dictionary_encode()[2:],
    "dictionary of large": lambda texts: pa.array(texts, pa.large_string()).dictionary_encode(),
    "dictionary with a null value": with_null_value,
    "dictionary of nothing": lambda texts: pa.array(texts, pa.string()).dictionary_encode(),
    "empty chunks": lambda texts: pa.chunked_array([[], texts[:1], [], [], texts[1:], []], pa.string()),
    "extension": lambda texts: pa.ExtensionArray.from_storage(Shelf(), pa.array(texts, pa.string())),
    "json": lambda texts: (
        pa.array(texts, pa.string()).cast(pa.json_(pa.string()))
        if hasattr(pa, "json_")
        else pa.array(texts, pa.string())
    ),
    "polars": lambda texts: pl.Series(texts, dtype=pl.String).to_arrow(),
    "pandas string": lambda texts: pd.array(texts, dtype="string[pyarrow]").__arrow_array__(),
}
#: Columns that hold no text: each is an error that names the column.
NO_TEXT: dict[str, pa.Array] = {
    "list": pa.array([["x"]]),
    "struct": pa.array([{"x": "y"}]),
    "binary": pa.array([b"x"]),
    "fixed binary": pa.array([b"x"], pa.binary(1)),
    "map": pa.array([[("x", "y")]], pa.map_(pa.string(), pa.string())),
    "run ends": pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int32()), pa.array(["x"])),
    "union": pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array(["x"])]),
    "dictionary of numbers": pa.array([1]).dictionary_encode(),
    "decimal": pa.array([decimal.Decimal("1.5")]),
    "day": pa.array([dt.date(2025, 3, 5)]),
    "bool": pa.array([True]),
    "list view": pa.array([["x"]], pa.list_view(pa.string())),
}


class TestArrow:
    @QUICK
    @given(st.sampled_from(list(COLUMNS)), TEXTS)
    def test_a_column_is_its_texts(self, small: marsad.Analyzer, kind: str, texts: Texts) -> None:
        column = COLUMNS[kind](texts)
        assert column.to_pylist() == texts
        expected = small.analyze_corpus(texts)
        for data in (pa.table({"n": range(len(texts)), "text": column}), column, {"text": column}):
            found = small.analyze_corpus(data)
            adds_up(found)
            assert found.mentions.to_pylist() == expected.mentions.to_pylist()
            assert found.documents.to_pylist() == expected.documents.to_pylist()
        normalized = marsad.normalize(column)
        assert normalized.to_pylist() == marsad.normalize(texts)

    @pytest.mark.parametrize("kind", NO_TEXT)
    def test_a_column_of_something_else_is_named(self, kind: str, small: marsad.Analyzer) -> None:
        column = NO_TEXT[kind]
        good = pa.array(["القاهرة"])
        for name in ("text", "id", "published"):
            table = pa.table({"text": good, name: column})
            if name == "published" and kind == "day":
                continue
            with pytest.raises(TypeError, match=rf"^{name}: found a column of .*due$"):
                small.analyze_corpus(table)
        with pytest.raises(TypeError, match=r"^x: found .*due$"):
            marsad.normalize(column)
        assert len(small.analyze_corpus(pa.table({"text": good, "other": column}))) == 1, "not read, so not minded"

    def test_tables_of_no_columns_and_no_rows(self, small: marsad.Analyzer) -> None:
        for nothing in (pa.table({}), pa.table({"n": [1]}).select([]), pl.DataFrame(), pd.DataFrame(index=[1, 2])):
            with pytest.raises(KeyError, match=r"text: there is no column 'text'"):
                small.analyze_corpus(nothing)
        for kind in (pa.string(), pa.string_view(), pa.null(), pa.dictionary(pa.int8(), pa.large_string())):
            assert len(small.analyze_corpus(pa.table({"text": pa.array([], kind)}))) == 0
            assert marsad.normalize(pa.chunked_array([pa.array([], kind)] * 2)).to_pylist() == []
        assert small.analyze_corpus(pa.table({"text": pa.nulls(3)})).documents.column("mentions") == [0, 0, 0]

    def test_columns_of_one_name(self, small: marsad.Analyzer) -> None:
        twice = pa.table([pa.array(["القاهرة"]), pa.array(["x"])], names=["text", "text"])
        for data in (twice, twice.to_reader(), twice.to_batches()[0]):
            with pytest.raises(ValueError, match="text"):
                small.analyze_corpus(data)
        unread = pa.table([pa.array(["القاهرة"]), pa.array([1]), pa.array([2])], names=["text", "n", "n"])
        assert len(small.analyze_corpus(unread).mentions) == 1

    def test_a_reader_that_fails_half_way(self, small: marsad.Analyzer) -> None:
        def broken() -> Iterator[pa.RecordBatch]:
            yield pa.record_batch({"text": ["القاهرة"]})
            raise RuntimeError("the disk is gone")

        def reader() -> pa.RecordBatchReader:
            return pa.RecordBatchReader.from_batches(pa.schema({"text": pa.string()}), broken())

        with pytest.raises(ValueError, match="the disk is gone"):
            small.analyze_corpus(reader())
        tables = small.analyze_batches(reader())
        assert len(next(tables)) == 1
        with pytest.raises(RuntimeError, match="the disk is gone"):
            next(tables)
        assert len(small.analyze_corpus(["القاهرة"]).mentions) == 1

    def test_a_capsule_is_used_once(self, small: marsad.Analyzer) -> None:
        class Once:
            def __init__(self, capsule: Any) -> None:
                self.capsule = capsule

            def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
                return self.capsule

        class Pair:
            def __init__(self, pair: Any) -> None:
                self.pair = pair

            def __arrow_c_array__(self, requested_schema: object = None) -> Any:
                return self.pair

        table = pa.table({"text": ["القاهرة"]})
        once = Once(table.__arrow_c_stream__())
        assert len(small.analyze_corpus(once).mentions) == 1
        with pytest.raises(ValueError, match=r"Arrow data: .*released"):
            small.analyze_corpus(once)
        pair = Pair(table.to_batches()[0].__arrow_c_array__())
        assert len(small.analyze_corpus(pair).mentions) == 1
        with pytest.raises(ValueError, match=r"Arrow data: .*released"):
            small.analyze_corpus(pair)
        own = Once(small.analyze_corpus(["القاهرة"]).mentions.__arrow_c_stream__())
        assert pa.table(own).num_rows == 1
        with pytest.raises(ValueError, match="released"):
            small.analyze_corpus(own, id="doc")
        for wrong in (None, 5, object(), (1, 2), table.schema.__arrow_c_schema__()):
            for kind in (Once, Pair):
                with pytest.raises((TypeError, ValueError)):
                    small.analyze_corpus(kind(wrong))

    def test_nulls_in_every_place(self, small: marsad.Analyzer) -> None:
        kinds = (pa.string(), pa.large_string(), pa.string_view(), pa.null(), pa.dictionary(pa.int32(), pa.string()))
        for kind in kinds:
            nulls = pa.nulls(2, kind)
            found = small.analyze_corpus(pa.table({"text": ["القاهرة", None], "id": nulls, "published": nulls}))
            assert found.documents.column("doc") == ["0", "1"]
            assert found.documents.column("published") == [None, None]


class TestFrames:
    @pytest.mark.parametrize(
        "column",
        [
            pd.Series(["القاهرة", None, float("nan"), pd.NA, pd.NaT, ""], dtype=object),
            pd.Series(["القاهرة", None, pd.NA], dtype="string[pyarrow]"),
            pd.Series(["القاهرة", None, pd.NA], dtype="string[python]"),
            pd.Series(["القاهرة", None, ""], dtype="category"),
            pd.Series(["القاهرة", None], dtype=pd.ArrowDtype(pa.large_string())),
            pl.Series(["القاهرة", None], dtype=pl.Categorical),
            pl.Series(["القاهرة", None], dtype=pl.Enum(["x", "القاهرة"])),
        ],
        ids=lambda column: f"{type(column).__module__.partition('.')[0]} {column.dtype}",
    )
    def test_missing_values(self, column: Any, small: marsad.Analyzer) -> None:
        frame = column.to_frame("text") if isinstance(column, pd.Series) else pl.DataFrame({"text": column})
        for data in (column, frame, iter([frame, frame]), {"text": column}):
            found = small.analyze_corpus(data)
            adds_up(found)
            assert found.documents.column("mentions")[: len(column)] == [1] + [0] * (len(column) - 1)
        normalized = marsad.normalize(column)
        assert type(normalized) is type(column)
        assert next(iter(normalized)) == "القاهره"

    def test_mixed_objects_are_named_by_their_place(self, small: marsad.Analyzer) -> None:
        mixed = pd.Series(["القاهرة", 5, b"x", ["y"]], dtype=object)
        for data in (mixed, mixed.to_frame("text"), {"text": mixed}):
            with pytest.raises(TypeError, match=r"text\[1\]: found int; a str or None is due"):
                small.analyze_corpus(data)
        with pytest.raises(TypeError, match=r"x\[1\]: found int"):
            marsad.normalize(mixed)
