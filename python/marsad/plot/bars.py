"""Who is named most, as bars."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex

from marsad.analysis import Analysis
from marsad.optional import need
from marsad.plot import canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def counts(
    found: Analysis,
    *,
    top: SupportsIndex = 15,
    types: Iterable[str] | None = None,
    by: Literal["mentions", "documents"] = "mentions",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each entity is named, the most named on top.

    Parameters
    ----------
    found
        What ``analyze_corpus`` gives.
    top
        How many entities are drawn.
    types
        Only entities of these types, such as ``["PER"]``; None means all.
    by
        What is counted: "mentions", or "documents" that name the entity.
    title
        The title of the axes, shown as it is: Arabic, Latin or mixed.
    ax
        The axes to draw on; None makes a figure of pyplot.

    Returns
    -------
    matplotlib.axes.Axes
        The axes, one bar an entity, from the top down.

    Raises
    ------
    ModuleNotFoundError, ImportError
        Without matplotlib 3.11 or newer.
    TypeError, ValueError
        For a value that is not due, such as a type that the analyzer was not asked for.

    Examples
    --------
    >>> import matplotlib, marsad, marsad.plot
    >>> matplotlib.use("agg")
    >>> found = marsad.Analyzer().analyze_corpus(["زار الوفد القاهرة", "عاد الوفد من القاهرة إلى الرباط"])
    >>> [text.get_text() for text in marsad.plot.counts(found).get_yticklabels()]
    ['القاهرة', 'الرباط']
    """
    canvas.check(found, title)
    top = canvas.whole("top", top)
    canvas.choice("by", by, ("mentions", "documents"))
    kept = None if types is None else _types(found, types)
    rows = [row for row in found.counts().to_pylist() if kept is None or row["type"] in kept]
    rows.sort(key=lambda row: (-row[by], row["entity_id"]))
    del rows[top:]
    ax, own = canvas.begin(ax, title, (7.5, 1.2 + 0.3 * min(max(len(rows), 4), 60)))
    if not rows:
        return canvas.nothing(ax, "no mentions")
    _draw(ax, found, rows, by, own)
    return ax


def _types(found: Analysis, types: Iterable[str]) -> list[str]:
    known = canvas.types_of(found)
    kept = canvas.several("types", types, known[0])
    for name in kept:
        if name not in known:
            raise ValueError(f"types: found {name!r}; some of {', '.join(known)} are due, which the analyzer finds")
    return kept


def _draw(ax: Axes, found: Analysis, rows: list[dict[str, Any]], by: str, own: bool) -> None:
    looks = canvas.looks(found)
    names = canvas.labels({row["entity_id"]: row["name"] for row in rows})
    places = range(len(rows))
    bars = ax.barh(
        places,
        [row[by] for row in rows],
        color=[looks[row["type"]].colour for row in rows],
        hatch=[looks[row["type"]].hatch for row in rows],
        edgecolor=canvas.ground(ax),
        linewidth=0,
    )
    extent = ax.get_window_extent()
    size = canvas.fitting(ax, extent.height, len(rows))
    ax.bar_label(bars, fmt="{:,.0f}", padding=3, fontsize=size)
    ax.set_yticks(places, list(names.values()), fontsize=size, **canvas.face())
    ax.set_ylim(len(rows) - 0.4, -0.6)
    # Room for the figure at the longest bar; names may take a third of the width.
    most = rows[0][by]
    figure = canvas.points(ax, 0.67 * extent.width) / (0.65 * size * len(f"{most:,}") + 6)
    room = most * max(1.12, figure / max(figure - 1, 0.5))
    ax.set_xlim(0, room if own else max(room, 2.5 * rows[-1][by]))
    ax.xaxis.set_major_locator(need("matplotlib.ticker").MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_xlabel("mentions" if by == "mentions" else "documents that name them")
    # In the corner that the bars leave free as they grow short downwards; our own figure has room beside them too.
    beside = own and 2 * rows[-1][by] > most
    canvas.key_of_types(
        ax, found, (row["type"] for row in rows), **(canvas.beside(True) if beside else {"loc": "lower right"})
    )
