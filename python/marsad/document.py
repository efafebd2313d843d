"""One analyzed text."""

from __future__ import annotations

from collections import namedtuple
from datetime import date
from typing import TYPE_CHECKING, Any

from marsad.markup import DATE, Mark, article, legend, plain

if TYPE_CHECKING:
    from typing import NamedTuple

    class Mention(NamedTuple):
        """A name in a text that stands for an entity."""

        text: str
        start: int
        end: int
        type: str
        entity_id: str
        name: str
        source: str
        score: float

    class DateMention(NamedTuple):
        """An expression of time in a text."""

        text: str
        start: int
        end: int
        kind: str
        value: str | None
        first_day: date | None
        last_day: date | None
        grain: str
        calendar: str
        modifier: str | None
        reference: date | None

    class Reason(NamedTuple):
        """Why a name is a mention, or is none."""

        text: str
        start: int
        end: int
        type: str
        entity_id: str
        found: bool
        source: str
        why: str

else:
    Mention = namedtuple("Mention", "text start end type entity_id name source score")
    Mention.__module__ = __name__
    Mention.__doc__ = """A name in a text that stands for an entity.

``text`` is ``doc.text[start:end]``, without proclitics, titles or quotes. ``type`` is "PER", "ORG", "LOC" or a type of
the lexicon; ``entity_id`` and ``name`` are the entity's: a lexicon's id, or the type and the normalized full name
("PER:سميره نصار"). ``source`` says who found it: "lexicon", "rule" (a title or head word announces it), "model" (the
tagger) or "link" (a name that the document gives elsewhere, often in full). ``score`` is how sure that is, from 0 to 1.
"""
    Reason = namedtuple("Reason", "text start end type entity_id found source why")
    Reason.__module__ = __name__
    Reason.__doc__ = """Why a name is a mention, or is none.

``text`` is the name at ``start:end`` of the text, ``type`` and ``entity_id`` are what it stands for, or would.
``found`` is True for a mention; ``source`` says who found it or proposes it, as in :class:`Mention`; ``why`` gives the
reasons in words.
"""
    DateMention = namedtuple(
        "DateMention", "text start end kind value first_day last_day grain calendar modifier reference"
    )
    DateMention.__module__ = __name__
    DateMention.__doc__ = """An expression of time in a text.

``text`` is ``doc.text[start:end]``. ``kind`` is "date", "duration" or "set". ``value`` is what it says, in ISO 8601 or
EDTF, None where it cannot be resolved; ``first_day`` and ``last_day`` are the days it covers, both inclusive. ``grain``
is its unit, ``calendar`` the one it is written in ("gregorian" or "hijri"; the value is always Gregorian), ``modifier``
"START", "MID", "END", "APPROX", "BEFORE", "AFTER" or None. ``reference`` is the day that a relative expression was
counted from.
"""


class Document:
    """An analyzed text: its names and dates, with their places in it.

    ``published`` is the document's day, ``published_source`` where it comes from ("given", "dateline" or None), and
    ``warnings`` names what was odd about it: "published_conflict" (the text contradicts its dateline, so relative dates
    stay unresolved), "published_shifted" (the text names the weekday of its day, and the given day is another),
    and 'weekday_mismatch: "<text>" was a Tuesday' for each date with another weekday beside it (the date counts).
    """

    __slots__ = ("dates", "entities", "id", "published", "published_source", "text", "warnings")

    def __init__(
        self,
        text: str,
        *,
        id: str | None = None,
        published: date | None = None,
        published_source: str | None = None,
        entities: list[Mention] | None = None,
        dates: list[DateMention] | None = None,
        warnings: list[str] | None = None,
    ) -> None:
        self.text = text
        self.id = id
        self.published = published
        self.published_source = published_source
        self.entities = entities or []
        self.dates = dates or []
        self.warnings = warnings or []

    def __reduce__(self) -> tuple[Any, ...]:
        return _document, tuple(getattr(self, name) for name in sorted(self.__slots__))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        head = " ".join(self.text.split())
        head = head if len(head) <= 40 else head[:39] + "…"
        day = f", published={self.published}" if self.published else ""
        warnings = f", warnings={self.warnings}" if self.warnings else ""
        name = f"id={self.id!r}, " if self.id is not None else ""
        return f"Document({name}{head!r}{day}, {len(self.entities)} entities, {len(self.dates)} dates{warnings})"

    def _repr_html_(self) -> str:
        marks = self._marks()
        about = [self.id, self.published and str(self.published), *self.warnings]
        told = [legend([mark.type for mark in marks]), *(plain(text) for text in about if text)]
        told = [part for part in told if part]
        head = f'<div dir="ltr" style="opacity:.85;font-size:.85em;line-height:2">{" · ".join(told)}</div>'
        return f"{head if told else ''}{article(self.text, marks)}"

    def _marks(self) -> list[Mark]:
        names = [Mark(m.start, m.end, m.type, f"{m.name} · {m.entity_id}") for m in self.entities]
        return names + [Mark(d.start, d.end, DATE, d.value or "not resolved") for d in self.dates]


def _document(*values: Any) -> Document:
    named = dict(zip(sorted(Document.__slots__), values, strict=True))
    return Document(named.pop("text"), **named)
