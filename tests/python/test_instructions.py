"""What ``make instructions`` says of counts beside the record; the counting itself needs valgrind and is left out."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load() -> Any:
    """Import tools/instructions.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("instructions", ROOT / "tools" / "instructions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["instructions"] = module
    spec.loader.exec_module(module)
    return module


TOOL = load()


def verdicts(recorded: dict[str, int], counted: dict[str, int], *, whole: bool = True) -> dict[str, str]:
    return {row.stage: row.verdict() for row in TOOL.compare(recorded, counted, whole=whole)}


@pytest.mark.parametrize(
    ("counted", "verdict"),
    [(1000, "ok"), (1050, "ok"), (1051, "more"), (950, "ok"), (949, "less"), (2000, "more"), (1, "less")],
)
def test_five_percent_either_way_is_as_recorded(counted: int, verdict: str) -> None:
    assert verdicts({"dates": 1000}, {"dates": counted}) == {"dates": verdict}


def test_only_more_and_what_does_not_fit_fails() -> None:
    def judged(recorded: dict[str, int], counted: dict[str, int]) -> tuple[int, str]:
        status, said = TOOL.judge(TOOL.compare(recorded, counted))
        return status, " ".join(said)

    assert judged({"dates": 1000}, {"dates": 1000}) == (0, "")
    status, said = judged({"dates": 1000, "tagger": 1000}, {"dates": 1200, "tagger": 1000})
    assert status == 1
    assert said.startswith("dates: over 5% more")
    status, said = judged({"dates": 1000}, {"dates": 800})
    assert status == 0
    assert "RECORD=1" in said
    status, said = judged({"dates": 1000, "links": 5}, {"dates": 1000, "tagger": 7})
    assert status == 1
    assert "tagger, links" in said


def test_stages_counted_alone_leave_the_others_out() -> None:
    recorded = {"dates": 1000, "tagger": 1000}
    assert verdicts(recorded, {"dates": 1000}, whole=False) == {"dates": "ok"}
    assert verdicts(recorded, {"dates": 1000}) == {"dates": "ok", "tagger": "gone"}


def test_the_table_is_markdown() -> None:
    rows = TOOL.compare({"dates": 1_000_000, "links": 5}, {"dates": 1_100_000, "tagger": 7})
    assert TOOL.table(rows).splitlines() == [
        "| stage | recorded | counted | change | |",
        "|---|--:|--:|--:|---|",
        "| dates | 1,000,000 | 1,100,000 | +10.0% | more |",
        "| tagger |  | 7 |  | new |",
        "| links | 5 |  |  | gone |",
    ]


def test_totals_are_paired_with_the_stages_printed() -> None:
    printed = "processor x86_64-avx2\nstage tokenize\nstage dates\n"
    dumps = ["# callgrind format\nevents: Ir\nsummary: 120\n", "events: Ir\n\ntotals: 4500\n"]
    assert TOOL.pair(printed, dumps) == ("x86_64-avx2", {"tokenize": 120, "dates": 4500})
    with pytest.raises(TOOL.CountError, match="2 stages have run, and callgrind has counted 1"):
        TOOL.pair(printed, dumps[:1])
    with pytest.raises(TOOL.CountError, match="nothing was counted in dates"):
        TOOL.pair(printed, [dumps[0], "summary: 0\n"])
    with pytest.raises(TOOL.CountError, match="summary"):
        TOOL.pair(printed, [dumps[0], "events: Ir\n"])


def test_a_record_is_renewed_by_processor() -> None:
    here = {"rustc": "1.95.0"}
    record = TOOL.renewed({}, "x86_64-avx2", here, {"dates": 10, "links": 3}, whole=True)
    record = TOOL.renewed(record, "aarch64-base", here, {"dates": 12}, whole=True)
    part = TOOL.renewed(record, "x86_64-avx2", here, {"dates": 9}, whole=False)
    assert part["x86_64-avx2"]["instructions"] == {"dates": 9, "links": 3}
    assert part["aarch64-base"]["instructions"] == {"dates": 12}
    whole = TOOL.renewed(record, "x86_64-avx2", here, {"dates": 9}, whole=True)
    assert whole["x86_64-avx2"] == {"made_with": here, "instructions": {"dates": 9}}


def test_another_compiler_is_told() -> None:
    assert TOOL.differences({"rustc": "1.95.0"}, {"rustc": "1.95.0"}) == []
    (said,) = TOOL.differences({"rustc": "1.95.0"}, {"rustc": "1.96.1"})
    assert "1.95.0" in said
    assert "1.96.1" in said


def test_a_broken_record_is_named_with_its_place(tmp_path: Path) -> None:
    assert TOOL.load(tmp_path / "none.json") == {}
    broken = tmp_path / "broken.json"
    broken.write_text('{\n  "x86_64": }\n', encoding="utf-8")
    with pytest.raises(TOOL.CountError, match=r"broken\.json:2:13"):
        TOOL.load(broken)


def test_the_record_and_the_program_have_the_same_stages() -> None:
    program = (ROOT / "tools" / "stages.rs").read_text(encoding="utf-8")
    for record in json.loads(TOOL.RECORD.read_text(encoding="utf-8")).values():
        assert set(record) == {"made_with", "instructions"}
        assert all(f'("{stage}",' in program and count > 0 for stage, count in record["instructions"].items())
