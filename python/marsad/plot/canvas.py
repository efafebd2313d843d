"""What all plots share: axes, names as labels, colours, legends and notes.

Nothing here imports matplotlib before a plot is drawn, and nothing touches pyplot where the caller gives axes.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import index
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsIndex

from marsad.analysis import Analysis
from marsad.markup import named
from marsad.optional import need

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Letters of a name that a label shows.
LONGEST = 30
#: The first matplotlib that shapes Arabic and orders it.
_OLDEST = (3, 11)


class Look(NamedTuple):
    """How one of several things is drawn, so that it can be told from the others without its colour too."""

    colour: str
    hatch: str
    marker: str


#: The colours of Okabe and Ito, which differ for all kinds of colour vision, without black and yellow: text has the
#: one or the other's neighbour on one of the two grounds. Seven of them, eight hatches and eight markers: 56 looks.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999")
_HATCHES = ("", "///", "...", "\\\\\\", "xxx", "---", "+++", "ooo")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
#: The same hues as in marked-up text, and the words of the legend.
_TYPES = {
    "PER": (Look("#D55E00", "", "o"), "persons"),
    "ORG": (Look("#0072B2", "///", "s"), "organisations"),
    "LOC": (Look("#009E73", "...", "^"), "places"),
}
_OTHERS = (
    Look("#CC79A7", "xxx", "D"),
    Look("#E69F00", "\\\\\\", "v"),
    Look("#56B4E9", "+++", "P"),
    Look("#999999", "---", "X"),
)


def look(place: int) -> Look:
    """Give the look of the thing at a place in a row of things."""
    return Look(*(row[place % len(row)] for row in (_COLOURS, _HATCHES, _MARKERS)))


def looks(found: Analysis) -> dict[str, Look]:
    """Give each type that the analyzer finds a look, the same in every plot of the run."""
    given = {name: found_look for name, (found_look, _) in _TYPES.items()}
    others = [name for name in types_of(found) if name not in given]
    return given | {name: _OTHERS[place % len(_OTHERS)] for place, name in enumerate(others)}


def types_of(found: Analysis) -> tuple[str, ...]:
    """List the types that the analyzer was asked for."""
    types: tuple[str, ...] = found._analyzer._given[2]
    return types


def word_of(type: str) -> str:
    """Say a type in a word of the legend."""
    return _TYPES[type][1] if type in _TYPES else label(type)


def check(found: Any, title: Any) -> None:
    """Check what every plot is given, before anything is drawn."""
    if not isinstance(found, Analysis):
        raise TypeError(f"found: found {type(found).__name__}; an Analysis is due, as analyze_corpus gives it")
    if not (title is None or isinstance(title, str)):
        raise TypeError(f"title: found {type(title).__name__}; a str or None is due")


def begin(ax: Any, title: str | None, size: tuple[float, float]) -> tuple[Axes, bool]:
    """Give the axes to draw on, with their title, and whether they are those of a new figure.

    ``size`` is the width and height of a new figure in inches.
    """
    matplotlib = need("matplotlib")
    if matplotlib.__version_info__[:2] < _OLDEST:
        raise ImportError(
            f"matplotlib: found {matplotlib.__version__}; 3.11 or newer is due, which shapes Arabic; "
            "pip install 'marsad[plot]'"
        )
    own = ax is None
    if own:
        _, ax = need("matplotlib.pyplot").subplots(figsize=size, layout="constrained")
    elif not isinstance(ax, need("matplotlib.axes").Axes):
        raise TypeError(f"ax: found {type(ax).__name__}; the Axes of matplotlib, or None, is due")
    if title is not None:
        ax.set_title(label(title, None), **face())
    return ax, own


def face() -> dict[str, Any]:
    """Give the properties of a text that is shown as it is: no mathematics, and a font that has Arabic letters."""
    family = need("matplotlib").rcParams["font.family"]
    return {"parse_math": False, "family": [*([family] if isinstance(family, str) else family), "DejaVu Sans"]}


def label(text: str, longest: int | None = LONGEST, *, tail: int = 0) -> str:
    """Give a text that can stand in a figure, on one line.

    What turns text around is named, as in marked-up text. A text that holds Arabic is read from the right, also where
    it begins with Latin letters. ``longest`` is in code points, None cuts nothing; so many of the last, ``tail``, stay.
    """
    text = named(" ".join(text.split()))
    if longest is not None and len(text) > longest:
        text = text[: longest - 1 - tail].rstrip() + "…" + text[len(text) - tail :]
    sides = [side for side in map(unicodedata.bidirectional, text) if side in ("L", "R", "AL")]
    return f"\N{RIGHT-TO-LEFT MARK}{text}" if sides[:1] == ["L"] and "AL" in sides else text


def labels(names: Mapping[str, str]) -> dict[str, str]:
    """Give each entity of ``{id: name}`` a label; those that would look the same have their id beside the name."""
    short = {id: label(name) for id, name in names.items()}
    often = Counter(short.values())
    return {id: f"{text} ({label(id)})" if often[text] > 1 else text for id, text in short.items()}


def ground(ax: Axes) -> Any:
    """Give the colour behind what is drawn."""
    for colour in (ax.get_facecolor(), ax.figure.get_facecolor()):
        if need("matplotlib.colors").to_rgba(colour)[3] > 0:
            return colour
    return "white"


def key_of_types(ax: Axes, found: Analysis, types: Iterable[str], **options: Any) -> None:
    """Add a legend of the types, each in its colour and hatch, in the order of the analyzer."""
    all_looks = looks(found)
    patch = need("matplotlib.patches").Patch
    kept = set(types)
    handles = [
        patch(facecolor=one.colour, hatch=one.hatch, edgecolor=ground(ax), label=word_of(name))
        for name, one in all_looks.items()
        if name in kept
    ]
    key(ax, handles, **options)


def key(ax: Axes, handles: Sequence[Any], **options: Any) -> None:
    """Add a legend; where its names are Arabic the signs stand at their right."""
    texts = [str(handle.get_label()) for handle in handles]
    arabic = sum(is_arabic(text) for text in texts) * 2 > len(texts)
    # Given by hand, for those found by themselves leave out what begins with an underscore.
    legend = ax.legend(handles, texts, markerfirst=not arabic, **options)
    for text in legend.get_texts():
        text.set(**face())


def beside(own: bool) -> dict[str, Any]:
    """Say where a legend stands: beside the axes of our own figure, which makes room for it, else where room is."""
    return (
        {"loc": "upper left", "bbox_to_anchor": (1.01, 1), "borderaxespad": 0}
        if own
        else {"loc": "best", "fontsize": "small"}
    )


def points(ax: Axes, pixels: float) -> float:
    """Turn pixels of the figure into points, in which letters are measured."""
    return float(pixels * 72 / ax.figure.dpi)


def fitting(ax: Axes, room: float, many: int) -> float:
    """Give the size in points of labels, of which so many stand side by side in so many pixels: the usual or less."""
    font = need("matplotlib.font_manager").FontProperties
    usual = font(size=need("matplotlib").rcParams["ytick.labelsize"]).get_size_in_points()
    # The layout may take a part of the room away, for a title and names.
    return float(max(3, min(usual, 0.65 * points(ax, room) / many)))


def folded(ax: Axes, text: str) -> str:
    """Break the lines of what stands under the axes where those are narrow."""
    font = need("matplotlib.font_manager").FontProperties
    size = font(size=need("matplotlib").rcParams["axes.labelsize"]).get_size_in_points()
    # Letters are about half as wide as high.
    letters = int(points(ax, ax.get_window_extent().width) / (0.55 * size))
    return "\n".join(fold for line in text.split("\n") for fold in wrap(line, max(letters, 20)))


def is_arabic(text: str) -> bool:
    """Say whether a text holds Arabic letters."""
    return any(unicodedata.bidirectional(letter) == "AL" for letter in text)


def is_bright(colour: Any) -> bool:
    """Say whether black is the colour to write with on this one."""
    red, green, blue = need("matplotlib.colors").to_rgb(colour)
    return bool(0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.45)


def nothing(ax: Axes, why: str) -> Axes:
    """Say on the axes that there is nothing to draw."""
    ax.text(0.5, 0.5, why, transform=ax.transAxes, ha="center", va="center")
    ax.set_xticks([])
    ax.set_yticks([])
    return ax


def whole(name: str, value: SupportsIndex, most: int | None = None) -> int:
    """Read a whole number from 1 up."""
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise TypeError(f"{name}: found {type(value).__name__}; a whole number is due")
    number = index(value)
    if number < 1 or (most is not None and number > most):
        raise ValueError(f"{name}: found {number}; a number from 1 {'up' if most is None else f'to {most}'} is due")
    return number


def choice(name: str, value: Any, due: Sequence[str], otherwise: str = "") -> str:
    """Read one of a few words; ``otherwise`` says what else the caller takes."""
    said = f"one of {', '.join(due)}{otherwise and ', '}{otherwise} is due"
    if not isinstance(value, str):
        raise TypeError(f"{name}: found {type(value).__name__}; {said}")
    if value not in due:
        raise ValueError(f"{name}: found {value!r}; {said}")
    return value


def several(name: str, value: Any, example: str) -> list[str]:
    """Read a sequence of str, each once."""
    due = f"a sequence of str is due, such as [{example!r}]"
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise TypeError(f"{name}: found {type(value).__name__}; {due}")
    kept = list(value)
    for place, one in enumerate(kept):
        if not isinstance(one, str):
            raise TypeError(f"{name}[{place}]: found {type(one).__name__}; a str is due")
    if not kept:
        raise ValueError(f"{name}: found none; {due}")
    return list(dict.fromkeys(kept))


def true_or_false(name: str, value: Any) -> bool:
    """Read a truth value."""
    if not isinstance(value, bool):
        raise TypeError(f"{name}: found {type(value).__name__}; True or False is due")
    return value
