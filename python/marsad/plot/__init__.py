"""Plots of what a run found, with matplotlib: right-to-left names as they are, axes given back.

Every function takes an ``Analysis`` and gives the matplotlib ``Axes`` that it drew on: those of ``ax=``, or of a new
figure of pyplot, which a notebook shows. Colours can be told apart by colour-blind readers, and hatches, markers or
figures say the same; light and dark styles and the fonts of the caller's ``rcParams`` hold, with DejaVu Sans for the
letters that they lack. Needs matplotlib 3.11, which shapes Arabic: ``pip install 'marsad[plot]'``.

>>> import matplotlib, marsad, marsad.plot
>>> matplotlib.use("agg")
>>> found = marsad.Analyzer().analyze_corpus(["زار الوفد القاهرة", "عاد الوفد من القاهرة إلى الرباط"])
>>> ax = marsad.plot.counts(found, title="المدن في الأخبار")
>>> [int(bar.get_width()) for bar in ax.patches]
[2, 1]
"""

from __future__ import annotations

from marsad.plot.bars import counts
from marsad.plot.dates import timeline
from marsad.plot.graph import network
from marsad.plot.grid import heatmap
from marsad.plot.trend import over_time

__all__ = ["counts", "heatmap", "network", "over_time", "timeline"]
