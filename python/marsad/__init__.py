"""Arabic news in, tidy tables out: who is named, where, and when.

>>> import marsad
>>> doc = marsad.Analyzer().analyze("زار وزير الخارجية القاهرة أمس", published="2025-03-19")
>>> [(mention.text, mention.entity_id) for mention in doc.entities]
[('القاهرة', 'CAIRO')]
>>> [(date.value, date.text) for date in doc.dates]
[('2025-03-18', 'أمس')]

All positions are code points of the source text: ``text[start:end]`` is the name or date itself.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING, Any

from marsad._marsad import VERSION, DataError
from marsad.analysis import Analysis, Analyzer, Interrupted
from marsad.document import DateMention, Document, Mention, Reason
from marsad.reading import Reader, read
from marsad.table import Table
from marsad.text import Alignment, Normalizer, Token, normalize, tokenize

if TYPE_CHECKING:
    from marsad import plot, spark

__version__: str = VERSION

#: Modules that are read when they are first asked for.
_LATER = ("plot", "spark")

__all__ = [
    "Alignment",
    "Analysis",
    "Analyzer",
    "DataError",
    "DateMention",
    "Document",
    "Interrupted",
    "Mention",
    "Normalizer",
    "Reader",
    "Reason",
    "Table",
    "Token",
    "__version__",
    "normalize",
    "plot",
    "read",
    "spark",
    "tokenize",
]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return _import_module(f"marsad.{name}")
    raise AttributeError(f"module 'marsad' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
