"""Which document names whom, as a grid of documents and entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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
    counts = found.counts(top=canvas.whole("top", top))
    names = dict(zip(counts.column("entity_id"), counts.column("name"), strict=True))
    table = found.documents
    cells: Counter[tuple[int, str]] = Counter()
    # By the place of the document, for two may have one id.
    places = (place for place, number in enumerate(table.column("mentions")) for _ in range(number))
    for place, id in zip(places, found.mentions.column("entity_id"), strict=True):
        if id in names:
            cells[place, id] += 1
    rows = _rows(table.column("published"), cells, most)
    wide = 3 + 0.4 * min(max(len(names), 8), 60)
    ax, _ = canvas.begin(ax, title, (wide, 2 + 0.27 * min(max(len(rows), 4), 80)))
    if not rows:
        return canvas.nothing(ax, "no mentions")
    _draw(ax, [[cells[place, id] for id in names] for place in rows])
    extent = ax.get_window_extent()
    across, up = canvas.fitting(ax, extent.width, len(names)), canvas.fitting(ax, extent.height, len(rows))
    # The right end of a name, where it begins, stands over its column.
    ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False)
    ax.set_xticks(
        range(len(names)),
        list(canvas.labels(names).values()),
        rotation=-45,
        ha="right",
        rotation_mode="anchor",
        fontsize=across,
        **canvas.face(),
    )
    ids = table.column("doc")
    ax.set_yticks(
        range(len(rows)), [canvas.label(ids[place], tail=_TAIL) for place in rows], fontsize=up, **canvas.face()
    )
    note = f"mentions in the {len(rows):,} of {len(found):,} documents that name these most"
    # The ids at the left take room from the axes, which the label may have.
    ax.set_xlabel(canvas.folded(ax, note), loc="right")
    return ax


def _rows(days: Sequence[date | None], cells: Mapping[tuple[int, str], int], most: int) -> list[int]:
    """Choose the documents, in the order of days and of the input; those without a day are last."""
    named: Counter[int] = Counter()
    for (place, _), number in cells.items():
        named[place] += number
    chosen = sorted(named, key=lambda place: (-named[place], place))[:most]
    return sorted(chosen, key=lambda place: (days[place] or date.max, place))


def _draw(ax: Any, numbers: list[list[int]]) -> None:
    masked = need("numpy.ma").masked_equal(numbers, 0)
    # The more, the farther from the ground.
    colours = need("matplotlib").colormaps["viridis_r" if canvas.is_bright(canvas.ground(ax)) else "viridis"]
    image = ax.imshow(masked, cmap=colours, aspect="auto", vmin=0, vmax=max(map(max, numbers)))
    if masked.size > _FIGURES:
        ax.figure.colorbar(image, ax=ax, label="mentions")
        return
    extent = ax.get_window_extent()
    size = min(canvas.fitting(ax, extent.width, len(numbers[0])), canvas.fitting(ax, extent.height, len(numbers)))
    for y, row in enumerate(numbers):
        for x, number in enumerate(row):
            if number:
                ink = "black" if canvas.is_bright(image.cmap(image.norm(number))) else "white"
                ax.text(x, y, f"{number:,}", ha="center", va="center", color=ink, size=0.83 * size)
