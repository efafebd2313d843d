"""Dates hold their floors on the sets of other tools and on hand-marked news, where those lie beside the project."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).resolve().parents[2] / "benches" / "accuracy.py"


def bench() -> Any:
    """Import benches/accuracy.py, which is no package."""
    spec = importlib.util.spec_from_file_location("accuracy", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["accuracy"] = module
    spec.loader.exec_module(module)
    return module


ACCURACY = bench()


@pytest.mark.parametrize("floor", ACCURACY.FLOORS, ids=lambda floor: floor.file)
def test_dates_hold_their_floor(floor: Any) -> None:
    sets = ACCURACY.folder()
    if sets is None:
        pytest.skip("no date sets beside the project: set MARSAD_SHARED to the folder that holds dates/")
    assert ACCURACY.score(sets, floor)[floor.measure]["F1"] >= floor.least
