"""The curves as pictures: the same record gives the same file, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .curves import fit, fitted

#: Colours that the colour-blind tell apart, and marks for those who print without colour.
LOOKS = (("#0072B2", "o"), ("#D55E00", "s"))
#: Text is drawn as outlines, so that a reader's fonts do not matter.
SETTINGS = {
    "svg.hashsalt": "marsad",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(curve: dict[str, Any], path: Path) -> None:
    """Draw a curve, log against log, with the fitted lines."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    with mpl.rc_context(SETTINGS):
        figure, axes = pyplot.subplots(figsize=(6.4, 4.0), layout="constrained")
        for series, (colour, mark) in zip(curve["series"], LOOKS, strict=False):
            points = series["points"]
            exponent, factor = fit(points)
            sizes = [point["size"] for point in points]
            upper = [point["size"] for point in fitted(points)]
            label = f"{series['name']}: slope {exponent:.2f}"
            axes.plot(sizes, [factor * size**exponent for size in sizes], color=colour, linewidth=0.8, linestyle=":")
            axes.plot(upper, [factor * size**exponent for size in upper], color=colour, linewidth=1.4)
            axes.plot(
                sizes, [point["seconds"] for point in points], mark, color=colour, markersize=5, label=label, zorder=3
            )
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.minorticks_off()
        axes.set_xlabel(curve["across"])
        axes.set_ylabel("CPU seconds, one thread")
        axes.set_title(curve["title"])
        axes.grid(True, which="major", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.legend(frameon=False, loc="upper left")
        metadata = {"Date": None, "Creator": None} if path.suffix == ".svg" else None
        figure.savefig(path, metadata=metadata, dpi=110)
        pyplot.close(figure)
    if path.suffix == ".svg":
        # matplotlib ends lines with blanks, which git complains of.
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")
