"""Who is named with whom, as a graph."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex

from marsad.analysis import Analysis
from marsad.optional import need
from marsad.plot import canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: More entities than a graph can show; beyond, networkx needs another library to place them.
_MOST = 400
#: Pairs that are read at a time, and steps in which labels are pushed apart.
_PAGE = 4096
_STEPS = 60
_FAINT = 0.08
#: Areas of the signs in square points, on axes of so many square inches or more, and how far from its sign a label
#: has a line to it, in its heights.
_SMALLEST, _LARGEST = 40, 600
_ROOMY = 25
_FAR = 1.6


def network(
    found: Analysis,
    *,
    top: SupportsIndex = 30,
    within: Literal["document", "sentence"] = "document",
    least: SupportsIndex = 2,
    seed: int = 0,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw who is named with whom: a sign an entity, as large as it is often named, a line for being named together.

    Parameters
    ----------
    found
        What ``analyze_corpus`` gives.
    top
        How many entities are looked at, the most named of the run, up to 400. One that is named with none of the
        others is not drawn.
    within
        What two entities are named together in: "document" or "sentence".
    least
        In how many documents or sentences two entities are named together, for a line between them.
    seed
        Where the places begin; the same seed gives the same picture.
    title
        The title of the axes, shown as it is: Arabic, Latin or mixed.
    ax
        The axes to draw on; None makes a figure of pyplot.

    Returns
    -------
    matplotlib.axes.Axes
        The axes: one collection of lines, then one of signs for each type.

    Raises
    ------
    ModuleNotFoundError, ImportError
        Without matplotlib 3.11 or newer, or without networkx.
    TypeError, ValueError
        For a value that is not due.

    Examples
    --------
    >>> import matplotlib, marsad, marsad.plot
    >>> matplotlib.use("agg")
    >>> found = marsad.Analyzer().analyze_corpus(["عاد الوفد من القاهرة إلى الرباط"])
    >>> sorted(text.get_text() for text in marsad.plot.network(found, least=1).texts[:2])
    ['الرباط', 'القاهرة']
    """
    canvas.check(found, title)
    top = canvas.whole("top", top, _MOST)
    canvas.choice("within", within, ("document", "sentence"))
    least = canvas.whole("least", least)
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise TypeError(f"seed: found {type(seed).__name__}; a whole number is due")
    networkx = need("networkx")
    nodes = {row["entity_id"]: row for row in found.counts(top=top).to_pylist()}
    pairs = _pairs(found, within, nodes, least)
    ax, own = canvas.begin(ax, title, (9, 7))
    if not nodes:
        return canvas.nothing(ax, "no mentions")
    if not pairs:
        return canvas.nothing(ax, f"no two are named in {least:,} {within}{'s' if least > 1 else ''} together")
    drawn = {id for pair in pairs for id in pair}
    ids = [id for id in nodes if id in drawn]
    graph = networkx.Graph()
    # A faint pull between all keeps parts that no line joins in sight of one another.
    graph.add_edges_from(combinations(ids, 2), weight=_FAINT)
    # The logarithm, so that the pair named most does not draw all others into one point.
    strongest = math.log1p(max(pairs.values()))
    graph.add_edges_from((*pair, {"weight": math.log1p(number) / strongest}) for pair, number in pairs.items())
    spots = networkx.spring_layout(graph, iterations=300, seed=seed, method="force")
    places = {id: (float(spots[id][0]), float(spots[id][1])) for id in ids}
    _draw(ax, found, nodes, pairs, places)
    canvas.key(ax, _key(found, [nodes[id]["type"] for id in ids]), **canvas.beside(own))
    _name(ax, canvas.labels({id: nodes[id]["name"] for id in ids}), places)
    alone = len(nodes) - len(ids)
    note = f"; {alone:,} of {len(nodes):,} entities are named with none of these" if alone else ""
    ax.set_xlabel(canvas.folded(ax, f"size: mentions; line: {within}s that name both, {least:,} at least{note}"))
    return ax


def _pairs(
    found: Analysis, within: Literal["document", "sentence"], nodes: Collection[str], least: int
) -> dict[tuple[str, str], int]:
    """Read off the pairs of nodes; the table has the most named first, and most of it is pairs named once."""
    table = found.cooccurrence(within)
    names = table.columns
    at = [names.index(name) for name in ("entity_id", "other_id", "together")]
    pairs: dict[tuple[str, str], int] = {}
    for start in range(0, len(table), _PAGE):
        for row in table._batches.rows(start, _PAGE):
            one, other, together = (row[place] for place in at)
            if together < least:
                return pairs
            if one in nodes and other in nodes:
                pairs[one, other] = together
    return pairs


def _draw(
    ax: Axes,
    found: Analysis,
    nodes: dict[str, dict[str, Any]],
    pairs: dict[tuple[str, str], int],
    places: dict[str, tuple[float, float]],
) -> None:
    most = max(pairs.values())
    lines = need("matplotlib.collections").LineCollection(
        [[places[one], places[other]] for one, other in pairs],
        linewidths=[0.6 + 5 * number / most for number in pairs.values()],
        colors="#888888",
        alpha=0.45,
        zorder=1,
    )
    ax.add_collection(lines)
    often = max(nodes[id]["mentions"] for id in places)
    extent = ax.get_window_extent()
    inches = canvas.points(ax, extent.width) * canvas.points(ax, extent.height) / 72**2
    least, more = (size * min(1, inches / _ROOMY) for size in (_SMALLEST, _LARGEST - _SMALLEST))
    for type, look in canvas.looks(found).items():
        ids = [id for id in places if nodes[id]["type"] == type]
        if ids:
            ax.scatter(
                [places[id][0] for id in ids],
                [places[id][1] for id in ids],
                s=[least + more * nodes[id]["mentions"] / often for id in ids],
                color=look.colour,
                marker=look.marker,
                edgecolor=canvas.ground(ax),
                zorder=2,
            )
    ax.margins(0.12)
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)


def _key(found: Analysis, types: Collection[str]) -> list[Any]:
    """Give the signs of a legend, all of one size."""
    line = need("matplotlib.lines").Line2D
    return [
        line([], [], linestyle="", color=look.colour, marker=look.marker, markersize=9, label=canvas.word_of(type))
        for type, look in canvas.looks(found).items()
        if type in types
    ]


def _name(ax: Any, names: Mapping[str, str], places: Mapping[str, tuple[float, float]]) -> None:
    """Write each name under its sign, or as near as there is room."""
    halo = need("matplotlib.patheffects").withStroke(linewidth=2.5, foreground=canvas.ground(ax))
    texts = [
        ax.text(*places[id], name, ha="center", va="center", size="small", path_effects=[halo], **canvas.face())
        for id, name in names.items()
    ]
    figure = ax.get_figure(root=True)
    figure.draw_without_rendering()
    signs = []
    for signs_of_type in ax.collections[1:]:
        for place, area in zip(signs_of_type.get_offsets(), signs_of_type.get_sizes(), strict=True):
            side = math.sqrt(area) * figure.dpi / 72
            x, y = ax.transData.transform(place)
            signs.append(_Box(x, y, side, side))
    at = {(sign.x, sign.y): sign for sign in signs}
    labels = []
    for id, text in zip(names, texts, strict=True):
        extent = text.get_window_extent()
        sign = at[tuple(ax.transData.transform(places[id]))]
        labels.append(_Box(sign.x, sign.y - (sign.high + extent.height) / 2, extent.width, extent.height))
    extent = ax.get_window_extent()
    _push_apart(labels, signs, (extent.x0, extent.x1))
    back = ax.transData.inverted()
    for id, text, box in zip(names, texts, labels, strict=True):
        text.set_position(back.transform((box.x, box.y)))
        x, y = ax.transData.transform(places[id])
        if math.hypot(box.x - x, box.y - y) > _FAR * box.high + box.wide / 2:
            ends = zip(places[id], text.get_position(), strict=True)
            ax.plot(*ends, color=text.get_color(), linewidth=0.5, alpha=0.6, zorder=1.5, scalex=False, scaley=False)


@dataclass
class _Box:
    """A box in pixels: its middle, width and height."""

    x: float
    y: float
    wide: float
    high: float

    def way_out(self, other: _Box) -> tuple[float, float]:
        """Give the shortest way that takes this box off another, nothing where it does not lie over it."""
        across = (self.wide + other.wide) / 2 + 2 - abs(self.x - other.x)
        up = (self.high + other.high) / 2 - abs(self.y - other.y)
        if across <= 0 or up <= 0:
            return 0.0, 0.0
        if across < up:
            return math.copysign(across, self.x - other.x), 0.0
        return 0.0, math.copysign(up, self.y - other.y)


def _push_apart(labels: list[_Box], signs: list[_Box], sides: tuple[float, float]) -> None:
    """Move labels until none lies over another, over a sign or beyond the sides, or for so many steps."""
    for _ in range(_STEPS):
        moved = False
        for number, label in enumerate(labels):
            for other in labels[:number]:
                x, y = label.way_out(other)
                if x or y:
                    moved = True
                    label.x, label.y = label.x + x / 2, label.y + y / 2
                    other.x, other.y = other.x - x / 2, other.y - y / 2
            for sign in signs:
                x, y = label.way_out(sign)
                moved = moved or bool(x or y)
                label.x, label.y = label.x + x, label.y + y
            label.x = min(max(label.x, sides[0] + label.wide / 2), sides[1] - label.wide / 2)
        if not moved:
            break
