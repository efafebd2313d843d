"""What the benchmarks make of their times: ratios, fits, verdicts, and the page beside its record."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "benches"))

from compare import contest, corpus, curves, memory, page, targets  # noqa: E402


class Clock:
    """A clock that only its owner moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def takes(self, seconds: float) -> Any:
        """Give a contestant that needs so long for a text and hands it back."""

        def run(given: str) -> str:
            self.now += seconds
            return given

        return run


def points(seconds: Any, last: int = 6) -> list[curves.Point]:
    return [{"size": size, "seconds": seconds(size), "runs": 1} for size in curves.sizes(2, last)]


def test_a_quick_contestant_is_repeated_and_its_time_is_that_of_one_run() -> None:
    clock = Clock()
    made: list[str] = []
    race = contest.Contest("race", 3_000_000, clock=clock)

    def prepare() -> str:
        made.append(f"text {len(made)}")
        return made[-1]

    race.add("quick", clock.takes(0.011), prepare, tell=str)
    race.add("slow", clock.takes(0.3), lambda: "text")
    race.run(2)
    quick, slow = race.rows()
    assert (quick.times, slow.times) == (5, 1)
    assert quick.median == pytest.approx(3 / 0.011)
    assert slow.ratio == pytest.approx(0.3 / 0.011)
    assert quick.note == "text 0"
    assert len(made) == len(set(made)) == 1 + 2 * 5


def test_a_contestant_is_compared_with_the_one_that_it_names() -> None:
    clock = Clock()
    race = contest.Contest("race", 1_000_000, clock=clock)
    for name, seconds, beside in (("a", 1.0, None), ("b", 2.0, None), ("other a", 3.0, None), ("other b", 5.0, "b")):
        race.add(name, clock.takes(seconds), str, beside=beside)
    race.run(3)
    assert [row.ratio for row in race.rows()] == pytest.approx([1.0, 2.0, 3.0, 2.5])


def test_each_round_begins_with_another_contestant() -> None:
    order: list[str] = []
    clock = Clock()

    def run(given: str) -> None:
        clock.now += 1.0
        order.append(given)

    race = contest.Contest("race", 1, clock=clock)
    for name in "abc":
        race.add(name, run, lambda name=name: name)
    race.run(2)
    assert "".join(order) == "abcbcacab"


@pytest.mark.parametrize("exponent", [0.7, 1.0, 1.5])
def test_the_fit_finds_the_exponent(exponent: float) -> None:
    found, factor = curves.fit(points(lambda size: 3e-6 * size**exponent))
    assert found == pytest.approx(exponent)
    assert factor == pytest.approx(3e-6)


def test_fixed_costs_below_the_upper_decades_do_not_bend_the_fit() -> None:
    flat_below = points(lambda size: 1e-6 * max(size, 10**4))
    assert curves.fit(flat_below)[0] == pytest.approx(1.0)
    assert [point["size"] for point in curves.fitted(flat_below)] == [10**4, 3 * 10**4, 10**5, 3 * 10**5, 10**6]


def test_a_bend_in_the_upper_decades_is_seen() -> None:
    quadratic = points(lambda size: 1e-6 * size * max(1, size / 10**5))
    assert curves.fit(quadratic)[0] > curves.STRAIGHT[1]


def test_a_curve_takes_the_least_of_rounds_in_which_all_sizes_have_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[float, int]] = []
    #: The second round comes while the machine is busy.
    load = iter([1.0] * 4 + [3.0] * 3 + [1.0] * 10)

    def once(run: Any, times: int) -> float:
        calls.append((run(), times))
        return float(run() * next(load))

    monkeypatch.setattr(curves, "once", once)
    seconds = {10: 0.02, 100: 0.2, 1000: 2.0, 10000: 20.0}
    found = curves.points("test", list(seconds), lambda size: lambda: seconds[size])
    assert {point["size"]: point["seconds"] for point in found} == seconds
    assert [point["runs"] for point in found] == [15, 5, 3, 1]
    assert calls[:10] == [*((s, 1) for s in (0.02, 0.2, 2.0, 20.0)), *((0.02, 3), (0.2, 1), (2.0, 1)) * 2]


def test_pieces_are_whole_words_of_nearly_the_length() -> None:
    text = " ".join(["كلمة"] * 500)
    cut = list(corpus.pieces([text, "قصير"], 200))
    assert all(180 < len(piece) <= 200 for piece in cut)
    assert text.startswith(" ".join(cut))
    assert list(corpus.pieces(["ا" * 450], 200)) == ["ا" * 200] * 2


def test_parts_hold_every_text_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "BATCH", 6)
    texts = ["ab", "cdef", "g", "", "بغداد", "z"]
    assert list(memory.parts(texts)) == [["ab", "cdef"], ["g", "", "بغداد"], ["z"]]


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        (targets.Target("", 10, 10.0), "reached"),
        (targets.Target("", 10, 9.0), "**missed**: 90% of it"),
        (targets.Target("", 10, None), "not measured"),
        (targets.Target("", 8, 7.9, below=True), "reached"),
        (targets.Target("", 8, 12.0, below=True), "**missed**: 1.50 times it"),
        (targets.Target("", 0.9, 1.0, most=1.1), "reached"),
        (targets.Target("", 0.9, 1.2, most=1.1), "**missed**"),
        (targets.Target("", 0.9, 0.8, most=1.1), "**missed**"),
    ],
)
def test_a_missed_figure_says_by_how_much(target: Any, verdict: str) -> None:
    assert target.verdict() == verdict
    assert target.line().endswith(f"| {verdict} |")


def dates(slow: float, quick: float) -> dict[str, Any]:
    rows = [
        {"name": name, "median": speed, "ratio": 60.0 / speed}
        for name, speed in (("Marsad, dates only", 60.0), ("dateparser", slow), ("arabic-itn", quick))
    ]
    return {"rows": rows}


@pytest.mark.parametrize(("slow", "quick", "fastest"), [(0.2, 0.5, "arabic-itn"), (0.5, 0.2, "dateparser")])
def test_the_fastest_date_peer_is_the_one_to_beat(slow: float, quick: float, fastest: str) -> None:
    parts = {"dates": dates(slow, quick), "names": {"rows": [{"name": "Marsad", "median": 40.0, "ratio": 1.0}]}}
    found = next(target for target in targets.targets(parts) if "fastest date peer" in target.what)
    assert fastest in found.what
    assert (found.due, found.measured) == (100, pytest.approx(80.0))


def test_memory_is_held_to_the_smaller_input() -> None:
    rows = [
        {"way": way, "bytes": size, "peak": peak}
        for way, size, peak in (
            (memory.STREAM, 12e6, 100.0),
            (memory.STREAM, 1.2e9, 120.0),
            (memory.COMMAND, 12e6, 100.0),
            (memory.COMMAND, 1.2e9, 140.0),
        )
    ]
    stream, command = targets.memory({"memory": {"rows": rows}})
    assert (stream.measured, stream.verdict()) == (pytest.approx(1.2), "reached")
    assert (command.measured, command.verdict()) == (pytest.approx(1.4), "**missed**: 1.08 times it")
    assert "1,200 MB of text over 12" in command.what


def test_nothing_is_reached_that_was_not_measured() -> None:
    every = targets.targets({})
    assert {target.verdict() for target in every} == {"not measured"}
    assert len({target.what for target in every}) >= 19


def record() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((DOCS / "benchmarks.json").read_text(encoding="utf-8"))
    return kept


def test_the_page_says_what_its_record_says() -> None:
    told = "python benches/compare.py --redraw writes the page from its record"
    assert (DOCS / "benchmarks.md").read_text(encoding="utf-8") == page.page(record()), told


def test_the_page_has_every_part_and_picture() -> None:
    kept = record()["parts"]
    assert list(kept) == list(page.PARTS)
    written = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    for part in page.CURVES:
        assert f"]({page.picture(part)})" in written
        assert (DOCS / page.picture(part)).read_text(encoding="utf-8").lstrip().startswith("<?xml")
    assert not any(target.measured is None for target in targets.targets(kept))


def test_parts_of_several_runs_are_told_apart() -> None:
    kept = record()["parts"]
    same = {name: {**part, "run": kept["arrow"]["run"]} for name, part in kept.items()}
    assert "several runs" not in page.what_was_run(same)
    other = {**same, "dates": {**same["dates"], "run": {**same["dates"]["run"], "command": "another"}}}
    told = page.what_was_run(other)
    assert "several runs" in told
    assert "* `another` on " in told
    assert ": dates" in told


def test_a_busy_machine_is_told() -> None:
    kept = record()["parts"]
    quiet = {name: {**part, "run": {**part["run"], "load": 1.9, "cores": 2}} for name, part in kept.items()}
    assert "Others were at work" not in page.what_was_run(quiet)
    quiet["threads"]["run"]["load"] = 3.1
    assert "(a load far above its cores): threads." in page.what_was_run(quiet)
