"""Columns and tables in: pandas, Polars, Arrow and plain lists, none of them needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from marsad import _marsad
from marsad.arguments import word
from marsad.optional import find, need
from marsad.table import Table

#: Rows that are gathered from an iterator of texts or dicts before they are analyzed.
GATHERED = 4096
#: What pyarrow calls a column of text that is no table.
_COLUMNS = ("ChunkedArray", "StringArray", "LargeStringArray", "StringViewArray", "DictionaryArray")
_LISTS = "a list of str or dict, a pandas, Polars or Arrow table, a DuckDB relation, or what marsad.read returns"


def _library(x: Any) -> str:
    return type(x).__module__.partition(".")[0]


def normalize_column(core: _marsad.Normalizer, x: Any) -> Any:
    """Normalize each string of a column; the result is of the same kind."""
    library = _library(x)
    kind = type(x).__name__
    if isinstance(x, list):
        return core.list(x)
    if isinstance(x, tuple):
        return tuple(core.list(x))
    if library == "pandas" and kind in ("Series", "Index", "CategoricalIndex"):
        return _normalize_pandas(core, x)
    if library == "polars" and kind == "Series":
        return _normalize_polars(core, x)
    if library == "pyarrow" and kind == "ChunkedArray":
        pyarrow = need("pyarrow")
        chunks = [pyarrow.array(chunk) for chunk in core.chunks(x)]
        return pyarrow.chunked_array(chunks, type=None if chunks else x.type)
    if library == "pyarrow" and hasattr(x, "__arrow_c_array__") and kind != "RecordBatch":
        return need("pyarrow").array(core.chunks(x)[0])
    if library == "numpy" and kind == "ndarray" and x.ndim == 1 and x.dtype.kind in "OUT":
        values = core.list(x.tolist())
        dtype = "U" if x.dtype.kind == "U" else x.dtype
        if x.dtype.kind == "T":
            missing = getattr(x.dtype, "na_object", None)
            values = [missing if value is None else value for value in values]
        return need("numpy").array(values, dtype=dtype)
    due = "a str, or a column of str (a list or tuple, a pandas, Polars or NumPy column, an Arrow array)"
    raise TypeError(f"x: found {kind}; {due} is due")


def _normalize_pandas(core: _marsad.Normalizer, x: Any) -> Any:
    pandas = need("pandas")
    kept = {"name": x.name}
    if hasattr(x, "index"):
        kept["index"] = x.index
    if isinstance(x.dtype, pandas.CategoricalDtype):
        names = core.list(list(x.dtype.categories))
        unique = list(dict.fromkeys(names))
        place = {name: at for at, name in enumerate(unique)}
        codes = (x.cat if hasattr(x, "cat") else x).codes
        moved = [-1 if code < 0 else place[names[code]] for code in codes]
        ordered = x.dtype.ordered and len(unique) == len(names)
        values = pandas.Categorical.from_codes(moved, categories=unique, ordered=ordered)
        return type(x)(values, **kept)
    arrow = find("pyarrow")
    if arrow is not None and hasattr(x.array, "__arrow_array__") and x.dtype != object:
        chunks = core.chunks(arrow.chunked_array([arrow.array(x.array)]) if len(x) else arrow.array([], arrow.string()))
        values = pandas.array(arrow.array(chunks[0]), dtype=x.dtype) if chunks else x.array
        return type(x)(values, dtype=x.dtype, **kept)
    return type(x)(core.list(x.tolist()), dtype=x.dtype, **kept)


def _normalize_polars(core: _marsad.Normalizer, x: Any) -> Any:
    polars = need("polars")
    if x.dtype not in (polars.String, polars.Categorical, polars.Enum, polars.Null):
        raise TypeError(f"x: found a Polars Series of {x.dtype}; a Series of strings is due")
    if x.dtype == polars.Null:
        return x
    plain = x if x.dtype == polars.String else x.cast(polars.String)
    pieces = [polars.Series(chunk) for chunk in core.chunks(plain)]
    whole = polars.concat(pieces).alias(x.name) if pieces else plain
    if x.dtype == polars.Enum:
        return whole.cast(polars.Enum(list(dict.fromkeys(core.list(x.dtype.categories.to_list())))))
    return whole.cast(x.dtype)


class Batch:
    """What the core takes at once: Arrow data, or lists of texts, ids and days."""

    __slots__ = ("arrow", "ids", "published", "texts")

    def __init__(self, arrow: Any = None, texts: Any = None, ids: Any = None, published: Any = None) -> None:
        self.arrow = arrow
        self.texts = texts
        self.ids = ids
        self.published = published


class Fields:
    """The columns that hold text, id and day, and which of them the caller named."""

    __slots__ = ("id", "published", "text")

    def __init__(self, text: str, id: str, published: str) -> None:
        for name, value in (("text", text), ("id", id), ("published", published)):
            if not isinstance(value, str):
                raise TypeError(f"{name}: found {type(value).__name__}; the name of a column, a str, is due")
            word(name, value)
        self.text = text
        self.id = id
        self.published = published

    def names(self) -> tuple[str, str, str]:
        """Text, id and day."""
        return self.text, self.id, self.published

    def chosen(self, columns: Sequence[str]) -> list[str]:
        """Those of the columns that are read; a missing one that the caller named is an error."""
        defaults = {"id": "id", "published": "published"}
        for argument in ("text", "id", "published"):
            name = getattr(self, argument)
            if name not in columns and defaults.get(argument) != name:
                known = ", ".join(map(str, columns))
                mend = f"name the one that is due, as {argument}='...'"
                raise KeyError(f"{argument}: there is no column {name!r}; the columns are {known}; {mend}")
            if sum(column == name for column in columns) > 1:
                found = list(map(str, columns))
                raise ValueError(f"data: several columns of one name in {found}; names of one column each are due")
        return [name for name in dict.fromkeys(self.names()) if name in columns]


def total(data: Any) -> int | None:
    """How many documents the data hold, where that is known without reading them."""
    if isinstance(data, Mapping):
        data = next(iter(data.values()), ())
    elif isinstance(data, (list, tuple)):
        return len(data) if all(item is None or isinstance(item, (str, Mapping)) for item in data[:GATHERED]) else None
    elif _library(data) not in ("pandas", "polars", "pyarrow", "marsad", "numpy"):
        return None
    return len(data) if hasattr(type(data), "__len__") else None


def batches(data: Any, fields: Fields) -> Iterator[Batch]:
    """Turn the data into batches, whatever they come as."""
    library = _library(data)
    kind = type(data).__name__
    if isinstance(data, (str, bytes)):
        raise TypeError(f"data: found {kind}; {_LISTS} is due (for one text use analyze, for a file marsad.read)")
    if library == "pandas":
        yield _of_pandas(data, fields)
    elif library == "polars" and kind in ("DataFrame", "LazyFrame", "Series"):
        if kind == "Series":
            yield Batch(texts=data.to_list())
            return
        names = data.collect_schema().names() if kind == "LazyFrame" else data.columns
        data = data.select(fields.chosen(names))
        yield Batch(arrow=_plain_polars(data.collect() if kind == "LazyFrame" else data, fields))
    elif isinstance(data, Mapping):
        yield _of_columns({str(name): data[name] for name in data}, fields)
    elif library == "pyarrow" and (kind in _COLUMNS or hasattr(data, "storage")):
        yield Batch(texts=data.to_pylist())
    elif hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        if isinstance(data, Table) or library == "duckdb":
            columns = data.columns
        else:
            columns = getattr(data, "column_names", None) or getattr(getattr(data, "schema", None), "names", None)
        if isinstance(columns, (list, tuple)) and all(isinstance(name, str) for name in columns):
            fields.chosen(columns)
        yield Batch(arrow=data)
    elif hasattr(data, "to_arrow_reader") or hasattr(data, "fetch_arrow_reader"):
        reader = data.to_arrow_reader() if hasattr(data, "to_arrow_reader") else data.fetch_arrow_reader()
        fields.chosen(list(reader.schema.names))
        yield Batch(arrow=reader)
    elif isinstance(data, Iterable):
        yield from _of_items(iter(data), fields)
    else:
        raise TypeError(f"data: found {kind}; {_LISTS} is due")


def _of_items(items: Iterator[Any], fields: Fields) -> Iterator[Batch]:
    while gathered := list(islice(items, 1)):
        first = gathered[0]
        if not (first is None or isinstance(first, (str, Mapping)) or is_missing(first)):
            yield from batches(first, fields)
            continue
        gathered += islice(items, GATHERED - 1)
        if any(isinstance(item, Mapping) for item in gathered):
            yield _of_dicts(gathered, fields)
        else:
            yield Batch(texts=gathered)


def is_missing(value: Any) -> bool:
    """Tell whether a value stands for a missing one: NaN, pandas' NA or NaT."""
    return (isinstance(value, float) and value != value) or type(value).__name__ in ("NAType", "NaTType")


def _of_dicts(rows: list[Any], fields: Fields) -> Batch:
    names: dict[str, None] = {}
    for place, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise TypeError(f"data[{place}]: found {type(row).__name__}; a dict is due, as the other rows are")
        if fields.text not in row:
            raise KeyError(f"text: data[{place}] has no {fields.text!r}; its keys are {', '.join(map(str, row))}")
        names.update(dict.fromkeys(row))
    return _of_columns({name: [row.get(name) for row in rows] for name in fields.chosen(list(names))}, fields)


def _of_columns(columns: Mapping[str, Any], fields: Fields) -> Batch:
    values = {name: _values(name, columns[name]) for name in fields.chosen(list(columns))}
    lengths = {name: len(column) for name, column in values.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"data: columns of unequal lengths {lengths}; one length is due")
    text, id, published = (values.get(name) for name in fields.names())
    return Batch(texts=text, ids=id, published=published)


def _values(name: str, column: Any) -> list[Any]:
    """List a column as values of Python's own types."""
    if isinstance(column, list):
        return column
    if _library(column) == "pyarrow" and hasattr(column, "to_pylist"):
        return list(column.to_pylist())
    if _library(column) == "numpy" and getattr(column.dtype, "kind", "") == "M":
        return list(column.astype("datetime64[us]").tolist())
    if isinstance(column, (str, bytes)) or not isinstance(column, Iterable):
        raise TypeError(f"data[{name!r}]: found {type(column).__name__}; a column, such as a list, is due")
    return list(column)


def _plain_polars(frame: Any, fields: Fields) -> Any:
    """Take the column of days out of its time zone, for a day is the one that its own zone has; type what is null."""
    polars = need("polars")
    # Arrow's C interface as Polars fills it for the type Null is not what arrow-rs reads.
    frame = frame.with_columns(
        polars.col(name).cast(polars.String) for name in frame.columns if frame[name].dtype == polars.Null
    )
    if getattr(frame.schema.get(fields.published), "time_zone", None) is None:
        return frame
    return frame.with_columns(frame[fields.published].dt.replace_time_zone(None))


def _of_pandas(data: Any, fields: Fields) -> Batch:
    kind = type(data).__name__
    if kind in ("Series", "Index"):
        ids = None if kind == "Index" or type(data.index).__name__ == "RangeIndex" else data.index.tolist()
        return Batch(texts=data.tolist(), ids=ids)
    if kind != "DataFrame":
        raise TypeError(f"data: found pandas {kind}; {_LISTS} is due")
    chosen = fields.chosen(list(data.columns))
    frame = data[chosen]
    days = frame.get(fields.published)
    arrow_zone = getattr(getattr(getattr(days, "dtype", None), "pyarrow_dtype", None), "tz", None)
    if arrow_zone is not None:
        # pandas 2 takes Arrow's instants out of their zone to the clock of UTC.
        days = days.astype(need("pandas").DatetimeTZDtype("us", arrow_zone))
    if getattr(getattr(days, "dtype", None), "tz", None) is not None:
        # A day is the one that its own time zone has.
        frame = frame.assign(**{fields.published: days.dt.tz_localize(None)})
    if hasattr(frame, "__arrow_c_stream__") and find("pyarrow") is not None and "object" not in map(str, frame.dtypes):
        return Batch(arrow=frame.reset_index(drop=True))
    return _of_columns({name: frame[name].tolist() for name in chosen}, fields)
