"""Arabic news in, tidy tables out: who is named, where, and when.

>>> import marsad
>>> doc = marsad.Analyzer().analyze("زار وزير الخارجية القاهرة أمس", published="2025-03-19")
>>> [(mention.text, mention.entity_id) for mention in doc.entities]
[('القاهرة', 'CAIRO')]
>>> [(date.text, date.value) for date in doc.dates]
[('أمس', '2025-03-18')]

All positions are code points of the source text: ``text[start:end]`` is the name or date itself.
"""

from marsad._marsad import VERSION, DataError
from marsad.analysis import Analysis, Analyzer
from marsad.document import DateMention, Document, Mention, Reason
from marsad.reading import Reader, read
from marsad.table import Table
from marsad.text import Alignment, Normalizer, Token, normalize, tokenize

__version__: str = VERSION

__all__ = [
    "Alignment",
    "Analysis",
    "Analyzer",
    "DataError",
    "DateMention",
    "Document",
    "Mention",
    "Normalizer",
    "Reader",
    "Reason",
    "Table",
    "Token",
    "__version__",
    "normalize",
    "read",
    "tokenize",
]
