"""Plots: what is drawn is what the tables say, and whatever names, titles and ids hold, a figure comes out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import marsad
import pytest
from marsad import plot
from marsad.plot import canvas
from plotted import ARTICLES, CLUB, HILL, MAN, matplotlib, new_axes, pyplot, run

DRAW: dict[str, Callable[..., Any]] = {
    "counts": plot.counts,
    "over_time": plot.over_time,
    "timeline": plot.timeline,
    "heatmap": plot.heatmap,
    "network": plot.network,
}


@pytest.fixture(scope="module")
def small() -> marsad.Analysis:
    return run(ARTICLES)


@pytest.fixture(scope="module")
def news(root: Path) -> marsad.Analysis:
    return marsad.Analyzer(threads=1).analyze_corpus(marsad.read(root / "examples" / "news"))


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    with matplotlib.rc_context():
        yield
    pyplot.close("all")


def called(name: str, found: Any, **options: Any) -> Any:
    if name == "network":
        pytest.importorskip("networkx", reason="networkx is not there; pip install 'marsad[plot]'")
    return DRAW[name](found, **options)


def names_of(labels: list[Any]) -> list[str]:
    return [label.get_text() for label in labels]


def legend_of(ax: Any) -> list[str]:
    return names_of(ax.get_legend().get_texts())


# Counts


def test_bars_are_as_long_as_the_counts(small: marsad.Analysis) -> None:
    ax = plot.counts(small)
    assert names_of(ax.get_yticklabels()) == [HILL, CLUB, MAN]
    assert [bar.get_width() for bar in ax.patches] == [5, 3, 1]
    assert names_of(ax.texts) == ["5", "3", "1"]
    assert ax.get_xlabel() == "mentions"
    # The first one is on top, and every figure has room beside its bar.
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert ax.get_xlim()[1] >= 5.5
    assert legend_of(ax) == ["persons", "organisations", "places"]
    looks = {(bar.get_facecolor(), bar.get_hatch()) for bar in ax.patches}
    assert len(looks) == 3


def test_bars_of_documents_types_and_top(small: marsad.Analysis) -> None:
    ax = plot.counts(small, by="documents")
    assert [bar.get_width() for bar in ax.patches] == [4, 2, 1]
    assert ax.get_xlabel() == "documents that name them"
    ax = plot.counts(small, types=["PER", "ORG"])
    assert names_of(ax.get_yticklabels()) == [CLUB, MAN]
    assert legend_of(ax) == ["persons", "organisations"]
    assert names_of(plot.counts(small, types=iter(["LOC"])).get_yticklabels()) == [HILL]
    assert names_of(plot.counts(small, top=1).get_yticklabels()) == [HILL]


def test_bars_by_documents_are_in_their_order() -> None:
    rows = [f"مررنا على {HILL} ثم {HILL} ثم {HILL}", f"مررنا على {CLUB}", f"مررنا على {CLUB}"]
    assert names_of(plot.counts(run(rows)).get_yticklabels()) == [HILL, CLUB]
    assert names_of(plot.counts(run(rows), by="documents").get_yticklabels()) == [CLUB, HILL]


def test_a_legend_does_not_hide_bars_of_one_length() -> None:
    found = run([f"مررنا على {HILL} ثم {CLUB} ثم {MAN}"])
    for ax in (plot.counts(found), plot.counts(found, ax=new_axes(4, 3))):
        ax.figure.canvas.draw()
        legend = ax.get_legend().get_window_extent()
        assert not any(bar.get_window_extent().overlaps(legend) for bar in ax.patches)


# The grid


def test_the_grid_has_the_mentions_of_each_document(small: marsad.Analysis) -> None:
    ax = plot.heatmap(small)
    # In the order of days; the document without a day is last, the one without names is not there.
    assert names_of(ax.get_yticklabels()) == ["a", "b", "c", "d", "e"]
    assert names_of(ax.get_xticklabels()) == [HILL, CLUB, MAN]
    array = ax.images[0].get_array()
    assert array.filled(0).tolist() == [[2, 1, 0], [1, 0, 0], [0, 2, 0], [1, 0, 1], [1, 0, 0]]
    assert array.mask.sum() == 8
    assert names_of(ax.texts) == ["2", "1", "1", "2", "1", "1", "1"]
    assert ax.get_xlabel().replace("\n", " ") == "mentions in the 5 of 6 documents that name these most"


def test_the_grid_has_the_documents_that_name_most(small: marsad.Analysis) -> None:
    ax = plot.heatmap(small, documents=2, top=1)
    assert names_of(ax.get_yticklabels()) == ["a", "b"]
    assert ax.images[0].get_array().tolist() == [[2], [1]]


def test_documents_of_one_id_stay_apart() -> None:
    found = run([{"id": "x", "text": f"مررنا على {HILL}"}, {"id": "x", "text": f"مررنا على {CLUB} ثم {CLUB}"}])
    ax = plot.heatmap(found)
    assert names_of(ax.get_yticklabels()) == ["x", "x"]
    assert ax.images[0].get_array().filled(0).tolist() == [[0, 1], [2, 0]]


def test_a_large_grid_has_a_bar_of_colours() -> None:
    lexicon = {
        f"E{place}": {"type": "LOC", "aliases": [f"{HILL} {letter}"]} for place, letter in enumerate("بتثجحخدذرز")
    }
    text = "مررنا على " + " ثم ".join(entry["aliases"][0] for entry in lexicon.values())
    found = run([text] * 61, lexicon)
    ax = plot.heatmap(found, documents=61)
    assert (len(ax.texts), len(ax.figure.axes)) == (0, 2)
    assert len(plot.heatmap(found, documents=60).texts) == 600


# The graph


def edges_of(ax: Any) -> int:
    return len(ax.collections[0].get_segments())


def signs_of(ax: Any) -> dict[str, Any]:
    """Give the collection of signs of each type by its size."""
    return dict(zip(legend_of(ax), ax.collections[1:], strict=True))


def test_the_graph_joins_who_is_named_together(small: marsad.Analysis) -> None:
    ax = called("network", small, least=1)
    assert sorted(names_of(ax.texts)) == sorted([HILL, CLUB, MAN])
    assert edges_of(ax) == 2
    assert ax.get_xlabel() == "size: mentions; line: documents that name both, 1 at least"
    signs = signs_of(ax)
    assert sorted(signs) == ["organisations", "persons", "places"]
    sizes = [float(signs[word].get_sizes()[0]) for word in ("places", "organisations", "persons")]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 2 * sizes[2]


def test_the_graph_within_sentences(small: marsad.Analysis) -> None:
    ax = called("network", small, least=1, within="sentence")
    assert sorted(names_of(ax.texts)) == sorted([HILL, CLUB])
    assert ax.get_xlabel().replace("\n", " ") == (
        "size: mentions; line: sentences that name both, 1 at least; 1 of 3 entities are named with none of these"
    )


def test_the_graph_of_few_pairs(small: marsad.Analysis) -> None:
    assert names_of(called("network", small).texts) == ["no two are named in 2 documents together"]
    assert names_of(called("network", small, top=1, least=1).texts) == ["no two are named in 1 document together"]


def test_more_together_is_a_wider_line() -> None:
    both = f"مررنا على {HILL} ثم {CLUB}"
    ax = called("network", run([both, both, f"{both} ثم {MAN}"]), least=1)
    assert edges_of(ax) == 3
    assert (
        sorted(width / max(ax.collections[0].get_linewidths()) for width in ax.collections[0].get_linewidths())[0] < 0.5
    )


def test_a_seed_gives_its_picture_again(news: marsad.Analysis) -> None:
    def places(seed: int) -> list[Any]:
        return [text.get_position() for text in called("network", news, seed=seed, ax=new_axes()).texts]

    assert places(3) == places(3)
    assert places(3) != places(4)


def test_labels_of_a_graph_stand_apart(news: marsad.Analysis) -> None:
    ax = called("network", news)
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert len(boxes) > 15
    # A pixel more or less is no matter.
    apart = [not one.padded(-1.5).overlaps(other.padded(-1.5)) for one, other in combinations(boxes, 2)]
    assert all(apart), f"{apart.count(False)} of {len(apart)} pairs"


# All


@pytest.mark.parametrize("name", DRAW)
def test_the_axes_given_are_given_back(name: str, small: marsad.Analysis) -> None:
    ax = new_axes()
    before = pyplot.get_fignums()
    options = {"least": 1} if name == "network" else {}
    assert called(name, small, ax=ax, **options) is ax
    assert pyplot.get_fignums() == before
    own = called(name, small, **options)
    assert own is not ax
    assert pyplot.get_fignums() == [*before, own.figure.number]


@pytest.mark.parametrize("name", DRAW)
def test_nothing_found_is_said(name: str) -> None:
    for rows in ([], ["لا شيء هنا"], [None]):
        ax = called(name, run(rows), title="لا شيء", ax=new_axes())
        assert names_of(ax.texts) == ["no dates" if name == "timeline" else "no mentions"]
        assert ax.get_title() == "لا شيء"
        ax.figure.canvas.draw()


def test_documents_without_days_are_said() -> None:
    ax = plot.over_time(run([f"مررنا على {HILL}"]))
    assert names_of(ax.texts) == ["no document has a day"]


PERIOD = "one of day, week, month, year, or None is due"
WRONG: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    ("counts", {"top": 0}, ValueError, "top: found 0; a number from 1 up is due"),
    ("counts", {"top": 2.5}, TypeError, "top: found float; a whole number is due"),
    ("counts", {"top": True}, TypeError, "top: found bool; a whole number is due"),
    ("counts", {"by": "day"}, ValueError, "by: found 'day'; one of mentions, documents is due"),
    ("counts", {"by": None}, TypeError, "by: found NoneType; one of mentions, documents is due"),
    ("counts", {"types": "PER"}, TypeError, "types: found str; a sequence of str is due, such as ['LOC']"),
    ("counts", {"types": []}, ValueError, "types: found none; a sequence of str is due, such as ['LOC']"),
    ("counts", {"types": ["PER", 3]}, TypeError, "types[1]: found int; a str is due"),
    (
        "counts",
        {"types": ["X"]},
        ValueError,
        "types: found 'X'; some of LOC, ORG, PER are due, which the analyzer finds",
    ),
    ("counts", {"title": 3}, TypeError, "title: found int; a str or None is due"),
    ("counts", {"ax": 3}, TypeError, "ax: found int; the Axes of matplotlib, or None, is due"),
    ("over_time", {"by": "hour"}, ValueError, f"by: found 'hour'; {PERIOD}"),
    ("over_time", {"by": 3}, TypeError, f"by: found int; {PERIOD}"),
    ("over_time", {"top": -1}, ValueError, "top: found -1; a number from 1 up is due"),
    ("over_time", {"stacked": 1}, TypeError, "stacked: found int; True or False is due"),
    ("over_time", {"share": None}, TypeError, "share: found NoneType; True or False is due"),
    ("over_time", {"entities": "HILL"}, TypeError, "entities: found str; a sequence of str is due, such as ['CAIRO']"),
    ("over_time", {"entities": 3}, TypeError, "entities: found int; a sequence of str is due, such as ['CAIRO']"),
    ("over_time", {"entities": []}, ValueError, "entities: found none; a sequence of str is due, such as ['CAIRO']"),
    (
        "over_time",
        {"entities": ["HILL", "hil"]},
        ValueError,
        "entities: found 'hil', which no text names; the id of an entity is due; near ones are 'HILL'",
    ),
    (
        "over_time",
        {"entities": ["نادي المرجا"]},
        ValueError,
        "entities: found 'نادي المرجا', which no text names; the id of an entity is due; near ones are 'CLUB'",
    ),
    (
        "over_time",
        {"entities": ["ZZZZ"]},
        ValueError,
        "entities: found 'ZZZZ', which no text names; the id of an entity is due",
    ),
    ("timeline", {"freq": "hour"}, ValueError, f"freq: found 'hour'; {PERIOD}"),
    (
        "timeline",
        {"since": "2025-02-30"},
        ValueError,
        "since: found '2025-02-30'; a day such as '2025-03-19', a datetime.date or None is due",
    ),
    (
        "timeline",
        {"until": 2025},
        TypeError,
        "until: found int; a day such as '2025-03-19', a datetime.date or None is due",
    ),
    (
        "timeline",
        {"since": "2025-03-02", "until": datetime(2025, 3, 1, 12)},
        ValueError,
        "until: found 2025-03-01; a day from 2025-03-02 on is due, which since says",
    ),
    ("heatmap", {"documents": 0}, ValueError, "documents: found 0; a number from 1 up is due"),
    ("heatmap", {"top": "3"}, TypeError, "top: found str; a whole number is due"),
    ("network", {"top": 401}, ValueError, "top: found 401; a number from 1 to 400 is due"),
    ("network", {"within": "page"}, ValueError, "within: found 'page'; one of document, sentence is due"),
    ("network", {"least": 0}, ValueError, "least: found 0; a number from 1 up is due"),
    ("network", {"seed": 1.5}, TypeError, "seed: found float; a whole number is due"),
    ("network", {"seed": True}, TypeError, "seed: found bool; a whole number is due"),
]


@pytest.mark.parametrize(("name", "options", "fault", "said"), WRONG)
def test_a_wrong_value_is_named(
    name: str, options: dict[str, Any], fault: type[Exception], said: str, small: marsad.Analysis
) -> None:
    with pytest.raises(fault) as raised:
        called(name, small, **options)
    assert str(raised.value) == said
    assert pyplot.get_fignums() == []


@pytest.mark.parametrize("name", DRAW)
def test_what_is_no_analysis_is_named(name: str, small: marsad.Analysis) -> None:
    with pytest.raises(TypeError) as raised:
        called(name, small.counts())
    assert str(raised.value) == "found: found Table; an Analysis is due, as analyze_corpus gives it"


def test_an_old_matplotlib_is_named(small: marsad.Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matplotlib, "__version_info__", (3, 10, 8, "final", 0), raising=False)
    monkeypatch.setattr(matplotlib, "__version__", "3.10.8", raising=False)
    with pytest.raises(ImportError) as raised:
        plot.counts(small)
    assert str(raised.value) == (
        "matplotlib: found 3.10.8; 3.11 or newer is due, which shapes Arabic; pip install 'marsad[plot]'"
    )


@pytest.mark.parametrize(("name", "library"), [("counts", "matplotlib"), ("network", "networkx")])
def test_a_missing_library_is_named(
    name: str, library: str, small: marsad.Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'marsad\[plot\]'"):
        DRAW[name](small)


def test_nothing_is_imported_before_a_plot_is_drawn(python: Callable[..., Any]) -> None:
    done = python(
        "import sys, marsad, marsad.plot\n"
        "marsad.plot.counts, marsad.plot.network\n"
        "print({name.split('.')[0] for name in sys.modules} & {'matplotlib', 'networkx', 'numpy', 'PIL', 'pandas'})"
    )
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_given_axes_need_no_pyplot(python: Callable[..., Any]) -> None:
    pytest.importorskip("networkx", reason="networkx is not there; pip install 'marsad[plot]'")
    done = python(
        "import sys, marsad, marsad.plot\n"
        "from matplotlib.figure import Figure\n"
        "found = marsad.Analyzer().analyze_corpus(\n"
        "    [{'text': 'عاد الوفد من القاهرة إلى الرباط في 3 آذار 2025', 'published': '2025-03-19'}])\n"
        "for name in marsad.plot.__all__:\n"
        "    options = {'least': 1} if name == 'network' else {}\n"
        "    ax = Figure().add_subplot()\n"
        "    assert getattr(marsad.plot, name)(found, ax=ax, **options) is ax\n"
        "    assert not any('no ' in text.get_text() for text in ax.texts)\n"
        "print('matplotlib' in sys.modules, 'matplotlib.pyplot' in sys.modules)"
    )
    assert (done.stdout, done.stderr) == ("True False\n", "")


# Labels that would do harm

RLO, PDF, LRI = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{POP DIRECTIONAL FORMATTING}", "\N{LEFT-TO-RIGHT ISOLATE}"
RLM = "\N{RIGHT-TO-LEFT MARK}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("تونس", "تونس"),
        ("NATO", "NATO"),
        (f"تونس{RLO}abc{PDF}", "تونس[U+202E]abc[U+202C]"),
        (f"{LRI}تونس", "[U+2066]تونس"),
        ("سوق\ud800الكتب", "سوق\N{REPLACEMENT CHARACTER}الكتب"),
        ("سطر\nآخر\tثم\u2028بعده", "سطر آخر ثم بعده"),
        ("a\x00b\x1bc", "a[U+0000]b[U+001B]c"),
        ("$x$ \\frac", "$x$ \\frac"),
        ("NATO في الخليج", f"{RLM}NATO في الخليج"),
        ("تغطية NATO في 2025", "تغطية NATO في 2025"),
        ("2025 تونس", "2025 تونس"),
        ("ب" * 30, "ب" * 30),
        ("ب" * 80, "ب" * 29 + "…"),
        ("", ""),
    ],
)
def test_a_label_cannot_turn_a_figure_around(text: str, shown: str) -> None:
    # An isolate that is shown by name begins with a Latin letter, so that the label is told to go from the right.
    assert canvas.label(text).removeprefix(RLM) == shown.removeprefix(RLM)
    assert canvas.label(text).startswith(RLM) == (shown.startswith(RLM) or text.startswith(LRI))
    with matplotlib.rc_context({"text.usetex": False}):
        figure = new_axes().figure
        figure.text(0.5, 0.5, canvas.label(text), **canvas.face())
        figure.canvas.draw()


def test_the_end_of_a_long_id_stays() -> None:
    assert canvas.label("x" * 40 + "-2025-03-19", tail=8) == "x" * 21 + "…25-03-19"


def hostile() -> marsad.Analysis:
    """A run whose names, types, ids and days are what a label may not trust."""
    lexicon = {
        "A": {"type": "LOC", "aliases": ["جبل $x^$ البعيد"]},
        "B": {"type": "LOC", "aliases": [f"وادي{RLO}النور"]},
        "$\\T$": {"type": "_$K$", "aliases": ["سهل القمر"]},
        "_C": {"type": "ORG", "aliases": ["ا" * 80]},
        "N1": {"type": "LOC", "aliases": ["تل الزهر"]},
        "N2": {"type": "ORG", "aliases": ["تل الزهر", "زهرة الجمعية"]},
    }
    text = "مررنا ثم " + " ثم ".join(alias for entry in lexicon.values() for alias in entry["aliases"])
    ids = ("a\ud800b", "$x$", f"{RLO}abc", "_" * 80, "")
    return run([{"id": id, "text": f"{text} في 3 آذار 2025", "published": "2025-03-19"} for id in ids], lexicon)


@pytest.mark.parametrize("name", DRAW)
@pytest.mark.parametrize("title", ["$x^$", f"{RLO}NATO في الخليج", "\ud800", "سطر\nآخر", "_x"])
def test_hostile_names_are_drawn(name: str, title: str) -> None:
    ax = called(name, hostile(), title=title, ax=new_axes(9, 7))
    ax.figure.canvas.draw()
    texts = [ax.title, *ax.get_xticklabels(), *ax.get_yticklabels(), *ax.texts]
    texts += ax.get_legend().get_texts() if ax.get_legend() else []
    shown = "".join(names_of(texts))
    assert not set(shown) & {RLO, PDF, LRI, "\n"}
    assert not any("\ud800" <= letter <= "\udfff" for letter in shown)
    assert all(len(text.get_text()) <= 40 for text in texts)
    assert not [text.get_text() for text in texts if "$" in text.get_text() and text.get_parse_math()]


def test_two_entities_of_one_name_are_told_apart() -> None:
    names = names_of(plot.counts(hostile()).get_yticklabels())
    assert {"تل الزهر (N1)", "تل الزهر (N2)"} <= set(names)
    assert len(set(names)) == len(names) == 6


@pytest.mark.parametrize("name", DRAW)
@pytest.mark.parametrize("size", [None, (4.5, 3.6), (16, 5)])
def test_nothing_stands_outside_the_figure(name: str, size: Any, news: marsad.Analysis) -> None:
    ax = called(name, news, title="تغطية NATO في 2025", ax=size and new_axes(*size))
    ax.figure.canvas.draw()
    whole, drawn = ax.figure.bbox, ax.get_tightbbox()
    assert drawn.x0 >= whole.x0 - 4
    assert drawn.x1 <= whole.x1 + 4
    assert drawn.y0 >= whole.y0 - 4
    assert drawn.y1 <= whole.y1 + 4


@pytest.mark.parametrize("name", DRAW)
def test_texts_have_the_colour_of_the_style(name: str, news: marsad.Analysis) -> None:
    for style, ink in (("default", (0, 0, 0)), ("dark_background", (1, 1, 1))):
        with pyplot.style.context(style):
            ax = called(name, news, ax=new_axes(), title="أخبار")
            texts = [ax.title, *ax.get_xticklabels(), *ax.get_yticklabels()]
            texts += [] if name == "heatmap" else ax.texts
            texts += ax.get_legend().get_texts() if ax.get_legend() else []
            assert {matplotlib.colors.to_rgb(text.get_color()) for text in texts} == {ink}


def test_many_things_all_look_different() -> None:
    looks = [canvas.look(place) for place in range(56)]
    assert len(set(looks)) == 56
    assert len({look.colour for look in looks[:7]}) == len({look.hatch for look in looks[:7]}) == 7
