"""Who is named with whom, as a graph."""

from __future__ import annotations

import math
from collections.abc import Collection
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
    """Draw who is named with whom: a disc an entity, as large as it is often named, and a line for being named together.

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
        The axes: one collection of lines, then one of discs for each type.

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
    ax, _ = canvas.begin(ax, title, (9, 7))
    if not nodes:
        return canvas.nothing(ax, "no mentions")
    if not pairs:
        return canvas.nothing(ax, f"no two are named in {least:,} {within}{'s' if least > 1 else ''} together")
    graph = networkx.Graph()
    graph.add_nodes_from(id for id in nodes if any(id in pair for pair in pairs))
    # The logarithm, so that the pair named most does not draw all others into one point.
    graph.add_edges_from((*pair, {"weight": math.log1p(number)}) for pair, number in pairs.items())
    places = networkx.spring_layout(graph, k=2.2 / math.sqrt(len(graph)), iterations=200, seed=seed, method="force")
    _draw(ax, found, nodes, pairs, {id: (float(x), float(y)) for id, (x, y) in places.items()})
    alone = len(nodes) - len(graph)
    note = f"; {alone:,} of {len(nodes):,} entities are named with none of these" if alone else ""
    ax.set_xlabel(f"disc: mentions; line: {within}s that name both, {least:,} at least{note}")
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
    looks = canvas.looks(found)
    discs = []
    for type, look in looks.items():
        ids = [id for id in places if nodes[id]["type"] == type]
        if ids:
            discs.append(
                ax.scatter(
                    [places[id][0] for id in ids],
                    [places[id][1] for id in ids],
                    s=[40 + 560 * nodes[id]["mentions"] / often for id in ids],
                    color=look.colour,
                    marker=look.marker,
                    edgecolor=canvas.ground(ax),
                    label=canvas.word_of(type),
                    zorder=2,
                )
            )
    ax.margins(0.12)
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
    canvas.key(ax, discs, loc="best", markerscale=0.6)
    names = canvas.labels({id: nodes[id]["name"] for id in places})
    halo = need("matplotlib.patheffects").withStroke(linewidth=2.5, foreground=canvas.ground(ax))
    texts = [
        ax.text(*places[id], name, ha="center", va="center", size="small", path_effects=[halo], **canvas.face())
        for id, name in names.items()
    ]
    _push_apart(ax, texts)


def _push_apart(ax: Axes, texts: list[Any]) -> None:
    """Move labels until none lies over another, a dozen steps for most graphs."""
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in texts]
    middles = [[(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2] for box in boxes]
    for _ in range(_STEPS):
        moved = False
        for number, box in enumerate(boxes):
            for other in range(number):
                across = middles[number][0] - middles[other][0]
                up = middles[number][1] - middles[other][1]
                wide = (box.width + boxes[other].width) / 2 + 2 - abs(across)
                high = (box.height + boxes[other].height) / 2 - abs(up)
                if wide <= 0 or high <= 0:
                    continue
                moved = True
                # The shorter way out; two at one place go up and down.
                axis, way, by = (0, across, wide) if wide < high else (1, up, high)
                step = (by / 2 + 0.5) if way >= 0 else -(by / 2 + 0.5)
                middles[number][axis] += step
                middles[other][axis] -= step
        if not moved:
            break
    back = ax.transData.inverted()
    for text, middle in zip(texts, middles, strict=True):
        text.set_position(back.transform(middle))
