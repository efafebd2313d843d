"""Tables out: Arrow data that shows itself, and goes into pandas, Polars, DuckDB or plain lists."""

from __future__ import annotations

import unicodedata
from html import escape
from typing import Any

from marsad import _marsad
from marsad.markup import plain
from marsad.optional import find, need

#: Rows and letters of a cell that a repr shows.
_SHOWN = 10
_LONGEST = 32
_NUMBERS = ("int32", "int64", "float64")


class Table:
    """Rows of named, typed columns, held as Arrow data that any Arrow library reads without a copy.

    Examples
    --------
    >>> import marsad
    >>> table = marsad.Analyzer().analyze_corpus(["زار القاهرة"]).mentions
    >>> len(table), table.to_pylist()[0]["entity_id"]
    (1, 'CAIRO')
    """

    __slots__ = ("_batches",)

    def __init__(self, batches: _marsad.Batches) -> None:
        self._batches = batches

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's PyCapsule interface: ``polars.DataFrame(table)``, ``pyarrow.table(table)``, DuckDB by name."""
        return self._batches.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._batches)

    @property
    def schema(self) -> dict[str, str]:
        """Name and Arrow type of each column."""
        return {name: kind for name, kind, _, _ in self._batches.schema()}

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.schema)

    def column(self, name: str) -> list[Any]:
        """One column as a list; days are ``datetime.date``."""
        names = self.columns
        if not (isinstance(name, str) and name in names):
            raise KeyError(f"name: there is no column {name!r}; the columns are {', '.join(names)}")
        return self._batches.column(names.index(name))

    def to_pylist(self) -> list[dict[str, Any]]:
        """Give the rows as dicts; days are ``datetime.date``."""
        names = self.columns
        return [dict(zip(names, row, strict=True)) for row in self._batches.rows(0, len(self))]

    def to_arrow(self) -> Any:
        """Give the rows as a ``pyarrow.Table``; needs pyarrow."""
        return need("pyarrow").table(self)

    def to_polars(self) -> Any:
        """Give the rows as a ``polars.DataFrame``; needs polars."""
        return need("polars").DataFrame(self)

    def to_pandas(self) -> Any:
        """Give the rows as a ``pandas.DataFrame``, days as datetime64; needs pandas, and is faster with pyarrow."""
        pandas = need("pandas")
        pyarrow = find("pyarrow")
        if pyarrow is not None:
            return pyarrow.table(self).to_pandas(date_as_object=False)
        frame = {}
        for place, (name, kind, _, _) in enumerate(self._batches.schema()):
            values = self._batches.column(place)
            if kind == "date32":
                values = need("numpy").array([None if v is None else str(v) for v in values], dtype="datetime64[ms]")
            frame[name] = values
        return pandas.DataFrame(frame)

    def __reduce__(self) -> tuple[Any, ...]:
        return _table, (self._batches.to_parquet(),)

    def __repr__(self) -> str:
        rows = self._batches.rows(0, _SHOWN)
        schema = self.schema
        lines = [list(schema), list(schema.values())] + [[_short(value) for value in row] for row in rows]
        widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
        right = [kind in _NUMBERS for kind in schema.values()]
        shown = ["  ".join(map(_pad, line, widths, right)).rstrip() for line in lines]
        more = f"\n… {len(self) - len(rows):,} more" if len(self) > len(rows) else ""
        return f"Table: {len(self):,} rows, {len(schema)} columns\n" + "\n".join(shown) + more

    def _repr_html_(self) -> str:
        rows = self._batches.rows(0, _SHOWN)
        schema = self._batches.schema()
        sides = ["right" if kind in _NUMBERS else "start" for _, kind, _, _ in schema]
        align = [f' style="white-space:nowrap;text-align:{side}"' for side in sides]
        head = "".join(
            f'<th title="{escape(about)}"{side}>{escape(name)}<br>'
            f'<small style="opacity:.6;font-weight:normal">{escape(kind)}</small></th>'
            for (name, kind, _, about), side in zip(schema, align, strict=True)
        )
        body = "".join(
            "<tr>"
            + "".join(f"<td{side}>{plain(_short(value))}</td>" for value, side in zip(row, align, strict=True))
            + "</tr>"
            for row in rows
        )
        note = f"{len(self):,} rows" if len(rows) == len(self) else f"{len(rows)} of {len(self):,} rows"
        return (
            f'<table dir="ltr"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
            f'<small dir="ltr">{note}</small>'
        )


def _table(data: bytes) -> Table:
    return Table(_marsad.Batches.from_parquet(data))


def _short(value: Any) -> str:
    text = "" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _width(text: str) -> int:
    """Count the columns that a text takes in a terminal: marks take none, wide letters two."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.category(letter) in ("Mn", "Me", "Cf") for letter in text)


def _pad(text: str, width: int, right: bool) -> str:
    room = " " * (width - _width(text))
    return room + text if right else text + room
