"""Arabic in figures is joined and goes from the right: what a plot drew is compared with what Pillow draws.

Pillow sets a word by HarfBuzz and FriBiDi (its RAQM layout), with the same font and without a line of ours. Of both
pictures the ink of each column is summed, from the first to the last that has any, brought to one width and smoothed,
and the two curves are correlated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import marsad
import pytest
from marsad import plot
from marsad.plot import canvas

matplotlib: ModuleType = pytest.importorskip(
    "matplotlib", "3.11", reason="matplotlib 3.11 is not there; pip install 'marsad[plot]'"
)
np = pytest.importorskip("numpy", reason="numpy is not there; pip install numpy")
features = pytest.importorskip("PIL.features", reason="Pillow is not there; pip install pillow")
if not features.check("raqm"):
    pytest.skip("this Pillow has no RAQM, which sets the words to compare with", allow_module_level=True)

matplotlib.use("agg")
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from PIL import Image, ImageDraw, ImageFont  # noqa: E402

WORDS = ["القاهرة", "بغداد", "الجزائر", "نواكشوط", "المغرب", "فلسطين", "السعودية", "عمان", "تونس", "الكويت"]
TITLE = "تغطية NATO في 2025"
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
ZWNJ = "\N{ZERO WIDTH NON-JOINER}"
#: Measured on the ten words, as bars and in a legend: the word itself 0.963 at least, reversed 0.193 at most, its
#: letters unjoined 0.628 at most (عمان), and of one word 0.363 at least between right and wrong. On the grid and in the
#: graph: 0.938 at least, 0.208 and 0.214 at most. The mixed title: 0.928 at least, against 0.519 reversed, 0.337
#: unjoined and -0.213 from the left. The bound lies in the middle between the worst right and the best wrong one.
NEAR = 0.78


def profile(ink: Any) -> Any:
    """Give the ink of each column, of one width, smoothed."""
    columns = ink.sum(0)
    inked = np.flatnonzero(columns > 1e-9)
    columns = columns[inked[0] : inked[-1] + 1]
    columns = np.interp(np.linspace(0, 1, 160), np.linspace(0, 1, len(columns)), columns)
    bell = np.exp(-0.5 * (np.arange(-9, 10) / 3) ** 2)
    return np.convolve(columns, bell, "same")


def truth(text: str, direction: str = "rtl") -> Any:
    """Give the profile of a text as Pillow sets it."""
    font = ImageFont.truetype(str(FONT), 64, layout_engine=ImageFont.Layout.RAQM)
    image = Image.new("L", (2400, 200), 0)
    ImageDraw.Draw(image).text((100, 40), text, fill=255, font=font, direction=direction)
    return profile(np.asarray(image) / 255)


def picture(ax: Any) -> Any:
    """Give the ink of a figure."""
    ax.figure.canvas.draw()
    return 1 - np.asarray(ax.figure.canvas.buffer_rgba())[:, :, :3].mean(2) / 255


def drawn(ink: Any, text: Any) -> Any:
    """Give the profile of a text, cut out of the ink of its figure."""
    box = text.get_window_extent()
    height = ink.shape[0]
    rows = slice(max(int(height - box.y1), 0), int(np.ceil(height - box.y0)))
    return profile(ink[rows, max(int(box.x0) - 1, 0) : int(np.ceil(box.x1)) + 1])


def likeness(one: Any, other: Any) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def unjoined(text: str) -> str:
    return ZWNJ.join(text)


def run(words: list[str]) -> marsad.Analysis:
    """Give a run that names each word more often than the next."""
    lexicon = {word: (f"E{place}", "LOC") for place, word in enumerate(words)}
    analyzer = marsad.Analyzer(lexicon=lexicon, builtin_lexicon=False, types=("LOC",), recognizer=False, threads=1)
    last = len(words)
    rows = [{"text": " ".join(words[:many]), "published": f"2025-01-{many:02}"} for many in range(1, last + 1)]
    return analyzer.analyze_corpus(rows)


def new_axes() -> Any:
    figure = Figure(figsize=(24, 14), dpi=100)
    FigureCanvasAgg(figure)
    return figure.add_axes((0.3, 0.1, 0.65, 0.75))


@pytest.fixture(autouse=True)
def _plain() -> Iterator[None]:
    """Letters large enough to compare."""
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, "font.size": 40, "backend": "agg"}):
        yield


def bars(words: list[str]) -> tuple[Any, list[Any]]:
    ax = plot.counts(run(words), ax=new_axes(), title=TITLE)
    return ax, ax.get_yticklabels()


def grid(words: list[str]) -> tuple[Any, list[Any]]:
    ax = plot.heatmap(run(words), ax=new_axes(), title=TITLE)
    labels = ax.get_xticklabels()
    for label in labels:
        # Names go up aslant; lying, they have columns to compare.
        label.set(rotation=0, ha="center")
    return ax, labels


def lines(words: list[str]) -> tuple[Any, list[Any]]:
    ax = plot.over_time(run(words), ax=new_axes(), top=len(words), title=TITLE)
    ax.get_legend().set(frame_on=True)
    ax.get_legend().get_frame().set_alpha(1)
    return ax, ax.get_legend().get_texts()


def graph(words: list[str]) -> tuple[Any, list[Any]]:
    pytest.importorskip("networkx", reason="networkx is not there; pip install 'marsad[plot]'")
    ax = plot.network(run(words), ax=new_axes(), least=1, title=TITLE)
    for other in (*ax.collections, *ax.lines, ax.get_legend()):
        other.set_visible(False)
    return ax, ax.texts


PLOTS: dict[str, tuple[Callable[[list[str]], tuple[Any, list[Any]]], int]] = {
    "counts": (bars, 10),
    "heatmap": (grid, 3),
    "over_time": (lines, 10),
    "network": (graph, 4),
}


def test_words_are_joined_and_go_from_the_right() -> None:
    ax, labels = bars(WORDS)
    assert len(labels) == len(WORDS)
    whole = picture(ax)
    for word, label in zip(WORDS, labels, strict=True):
        ink = drawn(whole, label)
        right = likeness(ink, truth(word))
        wrong = [likeness(ink, truth(twin)) for twin in (word[::-1], unjoined(word))]
        assert right > NEAR > max(wrong), f"{word}: {right:.3f}, {wrong}"
        assert right - max(wrong) > 0.3, f"{word}: {right:.3f}, {wrong}"


@pytest.mark.parametrize("name", PLOTS)
def test_labels_of_each_plot(name: str) -> None:
    draw, many = PLOTS[name]
    words = WORDS[:many]
    ax, labels = draw(words)
    ink = picture(ax)
    for word, label in zip(words, labels, strict=True):
        assert likeness(drawn(ink, label), truth(word)) > NEAR, word


@pytest.mark.parametrize("name", PLOTS)
def test_a_title_of_two_scripts(name: str) -> None:
    ax, _ = PLOTS[name][0](WORDS[:3])
    ink = drawn(picture(ax), ax.title)
    right = likeness(ink, truth(TITLE))
    wrong = [likeness(ink, twin) for twin in (truth(TITLE[::-1]), truth(unjoined(TITLE)), truth(TITLE, "ltr"))]
    assert right > NEAR > max(wrong) + 0.2, f"{right:.3f}, {wrong}"


def test_a_title_that_begins_with_latin_goes_from_the_right() -> None:
    title = "NATO في الخليج"
    ax = plot.counts(run(WORDS[:3]), ax=new_axes(), title=title)
    ink = drawn(picture(ax), ax.title)
    assert likeness(ink, truth(title, "rtl")) > NEAR > likeness(ink, truth(title, "ltr")) + 0.2


def test_a_control_that_turns_text_around_turns_nothing() -> None:
    title = f"{WORDS[0]}\N{RIGHT-TO-LEFT OVERRIDE}NATO"
    ax = plot.counts(run(WORDS[:3]), ax=new_axes(), title=title)
    ink = drawn(picture(ax), ax.title)
    assert likeness(ink, truth(f"{WORDS[0]}[U+202E]NATO")) > NEAR > likeness(ink, truth(title)) + 0.2


@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize("spoil", [lambda text: text[::-1], unjoined], ids=["reversed", "unjoined"])
def test_the_check_sees_labels_that_are_spoilt(
    name: str, spoil: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    label = canvas.label
    monkeypatch.setattr(canvas, "label", lambda *given, **options: spoil(label(*given, **options)))
    draw, many = PLOTS[name]
    words = WORDS[:many]
    ax, labels = draw(words)
    ink = picture(ax)
    for word, text in zip(words, labels, strict=True):
        assert likeness(drawn(ink, text), truth(word)) < NEAR, word
    assert likeness(drawn(ink, ax.title), truth(TITLE)) < NEAR
