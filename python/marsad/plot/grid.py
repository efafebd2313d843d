"""Which document names whom, as a grid of documents and entities."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any, SupportsIndex

from marsad.analysis import Analysis
from marsad.optional import need
from marsad.plot import canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Cells up to which each has its figure; beyond, a bar of colours says what they mean.
_FIGURES = 600
#: Letters that stay at the end of a document's id: numbers and days often stand there.
_TAIL = 14


def heatmap(
    found: Analysis,
    *,
    documents: SupportsIndex = 20,
    top: SupportsIndex = 15,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often documents name entities: one row a document, one column an entity.

    Parameters
    ----------
    found
        What ``analyze_corpus`` gives.
    documents
        How many documents are drawn: those that name these entities most, in the order of their days.
    top
        How many entities are drawn: the most named of the run, the first at the left.
    title
        The title of the axes, shown as it is: Arabic, Latin or mixed.
    ax
        The axes to draw on; None makes a figure of pyplot.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; ``ax.images[0].get_array()`` has the numbers, and no value where a document does not name an entity.

    Raises
    ------
    ModuleNotFoundError, ImportError
        Without matplotlib 3.11 or newer.
    TypeError, ValueError
        For a value that is not due.

    Examples
    --------
    >>> import matplotlib, marsad, marsad.plot
    >>> matplotlib.use("agg")
    >>> found = marsad.Analyzer().analyze_corpus(["زار الوفد القاهرة", "عاد الوفد من القاهرة إلى الرباط"])
    >>> marsad.plot.heatmap(found).images[0].get_array().filled(0).tolist()
    [[1, 0], [1, 1]]
    """
    canvas.check(found, title)
    most = canvas.whole("documents", documents)
    table = found.counts(top=canvas.whole("top", top))
    names = dict(zip(table.column("entity_id"), table.column("name"), strict=True))
    cells: Counter[tuple[str, str]] = Counter()
    mentions = found.mentions
    for doc, id in zip(mentions.column("doc"), mentions.column("entity_id"), strict=True):
        if id in names:
            cells[doc, id] += 1
    rows = _rows(found, cells, most)
    wide = 3 + 0.4 * min(max(len(names), 8), 60)
    ax, _ = canvas.begin(ax, title, (wide, 2 + 0.27 * min(max(len(rows), 4), 80)))
    if not rows:
        return canvas.nothing(ax, "no mentions")
    _draw(ax, [[cells[doc, id] for id in names] for doc in rows])
    # The right end of a name, where it begins, stands over its column.
    ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False)
    ax.set_xticks(
        range(len(names)),
        list(canvas.labels(names).values()),
        rotation=-45,
        ha="right",
        rotation_mode="anchor",
        **canvas.face(),
    )
    ax.set_yticks(range(len(rows)), [canvas.label(doc, tail=_TAIL) for doc in rows], **canvas.face())
    ax.set_xlabel(f"mentions in the {len(rows):,} of {len(found):,} documents that name these most")
    return ax


def _rows(found: Analysis, cells: Counter[tuple[str, str]], most: int) -> list[str]:
    """Choose the documents, in the order of days and of the input; those without a day are last."""
    named: Counter[str] = Counter()
    for (doc, _), number in cells.items():
        named[doc] += number
    table = found.documents
    days = dict(zip(table.column("doc"), table.column("published"), strict=True))
    order = {doc: place for place, doc in enumerate(days)}
    chosen = sorted(named, key=lambda doc: (-named[doc], order[doc]))[:most]
    return sorted(chosen, key=lambda doc: (days[doc] or date.max, order[doc]))


def _draw(ax: Any, numbers: list[list[int]]) -> None:
    masked = need("numpy.ma").masked_equal(numbers, 0)
    # The more, the farther from the ground.
    colours = need("matplotlib").colormaps["viridis_r" if canvas.is_bright(canvas.ground(ax)) else "viridis"]
    image = ax.imshow(masked, cmap=colours, aspect="auto", vmin=0, vmax=max(map(max, numbers)))
    if masked.size > _FIGURES:
        ax.figure.colorbar(image, ax=ax, label="mentions")
        return
    for y, row in enumerate(numbers):
        for x, number in enumerate(row):
            if number:
                ink = "black" if canvas.is_bright(image.cmap(image.norm(number))) else "white"
                ax.text(x, y, f"{number:,}", ha="center", va="center", color=ink, size="small")
