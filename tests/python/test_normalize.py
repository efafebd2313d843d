"""Normalization of strings and of every kind of column, and the way back."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import marsad
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = ["مِصْرُ", None, "مدرسةٌ", "", "Ａ إلى ٢٠٢٥", "مدرسةٌ"]
PLAIN = [None if word is None else marsad.normalize(word) for word in WORDS]
SEARCH = marsad.Normalizer()

ARROW = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int8(), pa.string()),
    pa.dictionary(pa.uint32(), pa.large_string()),
]
PANDAS = [
    "object",
    *(["str"] if pd.__version__ >= "3" else []),
    "string[python]",
    "string[pyarrow]",
    pd.ArrowDtype(pa.string()),
    pd.ArrowDtype(pa.large_string()),
    pd.ArrowDtype(pa.string_view()),
    pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())),
]


def arrow(values: list[str | None], kind: pa.DataType) -> Any:
    if pa.types.is_dictionary(kind):
        return pa.array(values, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(values, kind)


def values(column: Any) -> list[str | None]:
    """The values of any column, with None for every missing one."""
    cells = column.to_pylist() if hasattr(column, "to_pylist") else list(column)
    return [cell if isinstance(cell, str) else None for cell in cells]


def test_profiles() -> None:
    text = "إلى مدرسةِ الـحيّ جداااا ڤيتو"
    assert marsad.normalize(text, "light") == "إلى مدرسة الحي جداااا ڤيتو"
    assert marsad.normalize(text) == "الي مدرسه الحي جداااا ڤيتو"
    assert marsad.normalize(text, profile="skeleton") == marsad.Normalizer("skeleton").normalize(text)
    assert marsad.normalize("مدرسة", ta_marbuta=False) == "مدرسة"
    assert marsad.normalize("أمل", "light", alef=True) == "امل"


def test_options_are_listed() -> None:
    options = marsad.Normalizer.options()
    profiles = marsad.Normalizer.profiles()
    assert {"light", "search", "skeleton"} <= set(profiles)
    assert all(about for about in options.values())
    for name, enabled in profiles.items():
        assert enabled == [option for option in options if option in enabled]
        assert marsad.Normalizer(name).enabled == enabled
    mine = marsad.Normalizer("light", alef=True, tatweel=False)
    assert set(mine.enabled) == set(profiles["light"]) - {"tatweel"} | {"alef"}
    assert mine.profile == "light"


def test_lists_and_tuples() -> None:
    assert SEARCH.normalize(WORDS) == PLAIN
    assert SEARCH.normalize(tuple(WORDS)) == tuple(PLAIN)
    assert SEARCH.normalize([]) == []
    assert SEARCH.normalize(()) == ()
    assert SEARCH.normalize([None, float("nan"), pd.NA, pd.NaT]) == [None] * 4


@pytest.mark.parametrize("dtype", PANDAS, ids=str)
@pytest.mark.parametrize("rows", [slice(None), slice(1, 4), slice(0, 0), slice(1, 2)], ids=str)
def test_pandas_series(dtype: Any, rows: slice) -> None:
    series = pd.Series(WORDS, index=range(10, 22, 2), name="words", dtype=dtype)[rows]
    result = SEARCH.normalize(series)
    assert isinstance(result, pd.Series)
    assert values(result) == PLAIN[rows]
    assert result.dtype == series.dtype
    assert result.name == "words"
    assert result.index.equals(series.index)
    assert values(series) == WORDS[rows]


@pytest.mark.parametrize("dtype", PANDAS[:6], ids=str)
def test_pandas_series_of_several_chunks(dtype: Any) -> None:
    series = pd.Series(WORDS, dtype=dtype)
    result = SEARCH.normalize(pd.concat([series, series[2:]], ignore_index=True))
    assert values(result) == PLAIN + PLAIN[2:]


@pytest.mark.parametrize("dtype", ["object", "string[pyarrow]", "category"])
def test_pandas_index(dtype: Any) -> None:
    index = pd.Index(WORDS, dtype=dtype, name="words")
    result = SEARCH.normalize(index)
    assert type(result) is type(index)
    assert values(result) == PLAIN
    assert result.name == "words"


def test_pandas_categories() -> None:
    kind = pd.CategoricalDtype(["مدرسه", "مدرسة", "جامعة"], ordered=True)
    series = pd.Series(["مدرسة", "مدرسه", None, "جامعة"], index=list("abcd"), name="n", dtype=kind)
    result = SEARCH.normalize(series)
    assert values(result) == ["مدرسه", "مدرسه", None, "جامعه"]
    assert list(result.cat.categories) == ["مدرسه", "جامعه"]
    assert not result.cat.ordered, "two categories became one: their order says nothing"
    assert (list(result.index), result.name) == (list("abcd"), "n")
    kept = SEARCH.normalize(pd.Series(["ب", "أ"], dtype=pd.CategoricalDtype(["ب", "أ"], ordered=True)))
    assert kept.cat.ordered
    assert list(kept.cat.categories) == ["ب", "ا"]


def test_numpy() -> None:
    for array in (np.array(WORDS, dtype=object), np.array([], dtype=object), np.array(["أ", "إبل"])):
        result = SEARCH.normalize(array)
        assert result.dtype.kind == array.dtype.kind
        assert list(result) == SEARCH.normalize(list(array))
    longer = SEARCH.normalize(np.array(["ﷲ"]))
    assert longer.tolist() == [marsad.normalize("ﷲ")], "a longer value is not cut off"


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA], ids=str)
def test_numpy_strings_keep_their_missing_value(missing: Any) -> None:
    kind = np.dtypes.StringDType(na_object=missing)
    result = SEARCH.normalize(np.array(["أ", missing], dtype=kind))
    assert result.dtype == kind
    assert result[0] == "ا"
    assert result[1] is missing or np.isnan(result[1])


@pytest.mark.parametrize(
    "dtype", [pl.String, pl.Categorical, pl.Enum(sorted({word for word in WORDS if word is not None}))], ids=str
)
@pytest.mark.parametrize("rows", [slice(None), slice(1, 4), slice(0, 0), slice(1, 2)], ids=str)
def test_polars(dtype: Any, rows: slice) -> None:
    series = pl.Series("words", WORDS, dtype=dtype)[rows]
    result = SEARCH.normalize(series)
    assert result.to_list() == PLAIN[rows]
    assert result.name == "words"
    assert result.dtype.base_type() == series.dtype.base_type()


def test_polars_chunks_and_nulls() -> None:
    series = pl.concat([pl.Series("w", WORDS), pl.Series("w", WORDS)], rechunk=False)
    result = SEARCH.normalize(series)
    assert result.to_list() == PLAIN * 2
    assert result.name == "w"
    assert SEARCH.normalize(pl.Series("n", [None, None])).to_list() == [None, None]
    merged = SEARCH.normalize(pl.Series("e", ["مدرسة"], dtype=pl.Enum(["مدرسة", "مدرسه", "أ"])))
    assert merged.dtype == pl.Enum(["مدرسه", "ا"])


@pytest.mark.parametrize("kind", ARROW, ids=str)
def test_arrow(kind: pa.DataType) -> None:
    array = arrow(WORDS, kind)
    for piece, expected in [
        (array, PLAIN),
        (array.slice(1, 3), PLAIN[1:4]),
        (array.slice(2).slice(1, 2), PLAIN[3:5]),
        (array.slice(0, 0), []),
        (array.slice(1, 1), [None]),
    ]:
        result = SEARCH.normalize(piece)
        assert result.to_pylist() == expected
        assert result.type == kind
        result.validate(full=True)


@pytest.mark.parametrize("kind", ARROW, ids=str)
def test_arrow_chunks(kind: pa.DataType) -> None:
    array = arrow(WORDS, kind)
    chunked = pa.chunked_array([array, array.slice(2), array.slice(0, 0)])
    result = SEARCH.normalize(chunked)
    assert isinstance(result, pa.ChunkedArray)
    assert result.to_pylist() == PLAIN + PLAIN[2:]
    assert result.type == kind
    result.validate(full=True)
    nothing = SEARCH.normalize(pa.chunked_array([], type=kind))
    assert (len(nothing), nothing.type) == (0, kind)


def test_arrow_nulls_and_dictionaries() -> None:
    assert SEARCH.normalize(pa.nulls(3)).to_pylist() == [None] * 3
    hollow = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0]), pa.array([None, "أ"]))
    assert SEARCH.normalize(hollow).to_pylist() == [None, "ا", None, None]
    spellings = pa.array(["مدرسة", "مدرسه", "مدرسة"]).dictionary_encode()
    assert len(SEARCH.normalize(spellings).dictionary) == 1


def test_a_long_column_is_the_same_as_its_values() -> None:
    words = [f"مدرسةٌ {number} إلى" if number % 7 else None for number in range(10_000)]
    expected = SEARCH.normalize(words)
    assert expected == [None if word is None else SEARCH.normalize(word) for word in words]
    assert SEARCH.normalize(pa.array(words)).to_pylist() == expected
    assert SEARCH.normalize(pl.Series(words)).to_list() == expected
    assert values(SEARCH.normalize(pd.Series(words))) == expected


#: Letters, marks, blanks, controls, letters outside the first plane, and halves of them.
HOSTILE = st.text(
    st.one_of(
        st.sampled_from("اأإآبةىيـَُّ\u0654ﷲﻻ ٠٩a.\n\r\u200f\u202e\u2028\u00a0\ufeff\u0000😀\ud800\udfff\ufffd"),
        st.characters(),
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(HOSTILE, st.integers(-5, 60), st.integers(-5, 60))
def test_alignment_of_any_string(text: str, one: int, other: int) -> None:
    aligned = SEARCH.align(text)
    assert len(aligned.source) == len(text), "a lone surrogate is one code point for one"
    assert aligned.text == SEARCH.normalize(text)
    assert aligned.text == SEARCH.normalize(aligned.source)
    start, end = sorted((one, other))
    first, last = aligned.to_source(start, end)
    assert 0 <= first <= last <= len(text)
    low, high = aligned.to_normalized(start, end)
    assert 0 <= low <= high <= len(aligned.text)
    assert aligned.to_normalized(0, len(text)) == (0, len(aligned.text))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.none(), HOSTILE), max_size=6))
def test_columns_of_any_strings(words: list[str | None]) -> None:
    expected = [None if word is None else SEARCH.normalize(word) for word in words]
    assert SEARCH.normalize(words) == expected
    assert SEARCH.normalize(np.array(words, dtype=object)).tolist() == expected
    sound = [None if word is None else word.encode("utf-8", "replace").decode() for word in words]
    expected = [None if word is None else SEARCH.normalize(word) for word in sound]
    assert SEARCH.normalize(pa.array(sound, pa.string())).to_pylist() == expected
    assert SEARCH.normalize(pl.Series(sound, dtype=pl.String)).to_list() == expected


#: What stands in a text between blanks and beside them.
PIECES = st.sampled_from(
    [
        *(
            "العراق ",
            "مدرسةٌ إلى أخرى، ",
            "كَتَبَ",
            "ا\u0654",
            "و\u0654 ",
            "ججججميل",
            "٢٠٢٥",
            "Reuters",
            "a" * 40,
            "東京",
            "🇹🇳",
        ),
        *" \t\n\r\0\u00a0\u2028\u0640\u0651\u0655\u200f\u202e\ufeff\ufffe\ufffdﷲﷺﻻ۳«…é😀\ud800\udfff",
        "  ",
        "\ud83d\ude00",
        "قالت مصادر في القاهرة إن الوزير زار مدينة أخرى " * 3,
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["light", "search", "skeleton", "analysis"]))
def test_str_list_and_arrow_agree(text: str, profile: str) -> None:
    normalizer = marsad.Normalizer(profile)
    sound = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    expected = normalizer.normalize(pa.array([sound, "", None, sound], pa.string())).to_pylist()
    assert normalizer.normalize(text) == expected[0]
    assert normalizer.normalize([text, "", None, sound]) == expected
    assert normalizer.normalize("\ufeff" + text) == normalizer.normalize(["\ufeff" + sound])[0]


@pytest.mark.parametrize("profile", ["search", "skeleton"])
def test_long_and_short_texts_share_memory(profile: str) -> None:
    normalizer = marsad.Normalizer(profile)
    texts = ["أ", "إلى مدرسةٍ " * 200_000, "", "أب" * 3, "Reuters " * 20, "Reuters " * 10_000, "ﷺ" * 5000, "ة"]
    expected = normalizer.normalize(pa.array(texts)).to_pylist()
    assert [normalizer.normalize(text) for text in texts] == expected
    assert normalizer.normalize(texts) == expected
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(normalizer.normalize, texts * 4)) == expected * 4


def test_a_text_keeps_a_byte_order_mark_that_no_option_deletes() -> None:
    plain = marsad.Normalizer("light", **dict.fromkeys(marsad.Normalizer.profiles()["light"], False))
    for text in ("\ufeffأ", "\ufffeأ", "\ufeff", "أ\ufeff"):
        assert plain.normalize(text) == text
        assert plain.normalize([text]) == [text]


def test_the_way_back() -> None:
    aligned = SEARCH.align("في الـعِراقِ، إلى")
    assert aligned.text == "في العراق، الي"
    start = aligned.text.index("العراق")
    first, last = aligned.to_source(start, start + 6)
    assert aligned.source[first:last] == "الـعِراقِ", "the marks after the last letter come along"
    assert aligned.to_normalized(first, last) == (start, start + 6)
    assert aligned.to_source(0, 10**30) == (0, len(aligned.source))
    assert aligned.to_source(-5, 2) == aligned.to_source(0, 2)
    assert aligned.to_source(500, 600) == (len(aligned.source),) * 2
    assert aligned.to_normalized(500, 600) == (len(aligned.text),) * 2
    assert aligned.to_source(np.int64(0), np.int64(2)) == (0, 2)
    with pytest.raises(ValueError, match="start: 5 is after end, 2; start must not be greater than end"):
        aligned.to_source(5, 2)
    again = pickle.loads(pickle.dumps(aligned))
    assert again == aligned
    assert again.text == aligned.text


def test_lone_surrogates() -> None:
    text = "ا\ud800لعِراق\udfff"
    assert SEARCH.normalize(text) == "ا\ufffdلعراق\ufffd"
    assert SEARCH.normalize([text]) == ["ا\ufffdلعراق\ufffd"]
    aligned = SEARCH.align(text)
    assert aligned.source == "ا\ufffdلعِراق\ufffd"
    assert aligned.to_source(2, 7) == (2, 8)


DUE = "a str, or a column of str"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (5, f"x: found int; {DUE}"),
        (None, f"x: found NoneType; {DUE}"),
        (b"a", f"x: found bytes; {DUE}"),
        ({"a"}, f"x: found set; {DUE}"),
        ({}, f"x: found dict; {DUE}"),
        (iter("a"), f"x: found str_ascii_iterator|x: found str_iterator; {DUE}"),
        (["a", 3], r"x\[1\]: found int; a str or None is due"),
        ([["a"]], r"x\[0\]: found list; a str or None is due"),
        (pd.Series([1, 2]), r"x\[0\]: found int; a str or None is due"),
        (pd.Series([1, 2], dtype="category"), r"x\[0\]: found int; a str or None is due"),
        (pd.DataFrame({"a": ["b"]}), f"x: found DataFrame; {DUE}"),
        (pd.MultiIndex.from_tuples([("a", "b")]), f"x: found MultiIndex; {DUE}"),
        (np.array([1]), f"x: found ndarray; {DUE}"),
        (np.array([["a"]]), f"x: found ndarray; {DUE}"),
        (pl.Series([1]), "x: found a Polars Series of Int64; a Series of strings is due"),
        (pl.DataFrame({"a": ["b"]}), f"x: found DataFrame; {DUE}"),
        (pa.array([1]), "x: found a column of Int64; a column of strings is due"),
        (pa.array([["a"]]), r"x: found a column of List\(.*\); a column of strings is due"),
        (pa.array([1, 1]).dictionary_encode(), "x: found a column of Int64; a column of strings is due"),
        (pa.table({"a": ["b"]}), f"x: found Table; {DUE}"),
        (pa.record_batch({"a": ["b"]}), f"x: found RecordBatch; {DUE}"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_wrong_columns(wrong: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        marsad.normalize(wrong)


def test_wrong_options() -> None:
    with pytest.raises(ValueError, match=r'profile: found "nope"; the profiles are .*light, search, skeleton'):
        marsad.normalize("a", "nope")
    with pytest.raises(ValueError, match=r"foo: .*the normalization options are compose, .*elongation"):
        marsad.normalize("a", foo=True)
    assert marsad.normalize("أ", "light", alef=True) == "ا"
    with pytest.raises(TypeError, match="alef: found int; True or False is due"):
        marsad.normalize("أ", "light", alef=1)
