"""What the tests of plots share: articles and names of our own, and axes that pyplot does not know."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import marsad
import pytest

matplotlib: ModuleType = pytest.importorskip(
    "matplotlib", "3.11", reason="matplotlib 3.11 is not there; pip install 'marsad[plot]'"
)

matplotlib.use("agg")
from matplotlib import pyplot  # noqa: E402, F401
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.dates import num2date  # noqa: E402, F401
from matplotlib.figure import Figure  # noqa: E402

HILL, CLUB, MAN = "تل الزهر", "نادي المرجان", "سليم الهادي"
LEXICON = {
    "HILL": {"type": "LOC", "aliases": [HILL]},
    "CLUB": {"type": "ORG", "aliases": [CLUB]},
    "MAN": {"type": "PER", "aliases": [MAN]},
}
ARTICLES = [
    {"id": "a", "published": "2025-01-05", "text": f"مررنا على {HILL} ثم {CLUB} ثم {HILL}"},
    {"id": "b", "published": "2025-01-20", "text": f"مررنا على {HILL}"},
    {"id": "c", "published": "2025-02-11", "text": f"مررنا على {CLUB} ثم {CLUB}"},
    {"id": "d", "published": "2025-04-02", "text": f"مررنا على {HILL}. ثم رأينا {MAN} أيضا"},
    {"id": "e", "published": None, "text": f"مررنا على {HILL}"},
    {"id": "f", "published": "2025-04-03", "text": "لا اسم هنا"},
]


def run(rows: list[Any], lexicon: Any = None, **options: Any) -> marsad.Analysis:
    """Analyze rows with nothing but our own names."""
    lexicon = LEXICON if lexicon is None else lexicon
    types = tuple(dict.fromkeys(entry["type"] for entry in lexicon.values()))
    given = {"types": types, "builtin_lexicon": False, "recognizer": False, "threads": 1, **options}
    return marsad.Analyzer(lexicon=lexicon, **given).analyze_corpus(rows)


def new_axes(width: float = 6.4, height: float = 4.8) -> Any:
    """Give axes that pyplot does not know."""
    figure = Figure(figsize=(width, height), layout="constrained")
    # The canvas that a figure has by itself draws nothing.
    FigureCanvasAgg(figure)
    return figure.add_subplot()
