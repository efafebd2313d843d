"""Dates and names hold their floors on the sets of others and on real news, where these lie beside the project."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHES = Path(__file__).resolve().parents[2] / "benches"


def bench(name: str) -> Any:
    """Import a file of benches/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, BENCHES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


ACCURACY = bench("accuracy")
NAMES = bench("names")


@pytest.mark.parametrize("floor", ACCURACY.FLOORS, ids=lambda floor: floor.file)
def test_dates_hold_their_floor(floor: Any) -> None:
    sets = ACCURACY.folder()
    if sets is None:
        pytest.skip("no date sets beside the project: set MARSAD_SHARED to the folder that holds dates/")
    assert ACCURACY.score(sets, floor)[floor.measure]["F1"] >= floor.least


@pytest.mark.parametrize("name", NAMES.CONLL)
def test_names_of_tokenized_sets_hold_their_floor(name: str) -> None:
    sets = NAMES.folder()
    if sets is None:
        pytest.skip("no marked names beside the project: set MARSAD_SHARED to the folder that holds ner/")
    assert NAMES.conll(sets, NAMES.CONLL[name])["all"][2] >= NAMES.FLOORS[name]


def test_names_of_the_seeds_hold_their_floor() -> None:
    sets = NAMES.folder()
    if sets is None:
        pytest.skip("no seeds beside the project: set MARSAD_SHARED to the folder that holds seeds/")
    measures = NAMES.seeds(sets)
    assert {name: values[2] >= NAMES.FLOORS[name] for name, values in measures.items()} == dict.fromkeys(measures, True)
