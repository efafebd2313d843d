"""The notebooks: kept without outputs, run from end to end, and something is to be seen in each."""

from __future__ import annotations

import importlib.util
import json
import shutil
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: What a notebook needs besides Marsad and pandas.
NEEDS = {
    "02_who_is_named": ("marsad.plot", "matplotlib"),
    "03_dates": ("marsad.plot", "matplotlib"),
    "06_engines": ("polars", "duckdb"),
}
#: Notebooks that draw, and how many charts they show.
CHARTS = {"02_who_is_named": 2, "03_dates": 1}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """tools/notebooks.py, imported."""
    spec = importlib.util.spec_from_file_location("notebooks_tool", ROOT / "tools" / "notebooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_six() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05", "06"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(path: Path, tool: ModuleType) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == tool.stripped(text), "python tools/notebooks.py --strip is due"


def test_stripping_takes_out_what_running_leaves(tool: ModuleType) -> None:
    book: dict[str, Any] = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))
    (first, *_) = (cell for cell in book["cells"] if cell["cell_type"] == "code")
    first["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["x"]}]
    first["execution_count"] = 7
    first["metadata"] = {"collapsed": True}
    book["metadata"]["language_info"]["version"] = "3.11.7"
    assert tool.stripped(json.dumps(book)) == NOTEBOOKS[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run(
    path: Path, tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("nbclient", "nbformat", "ipykernel", "pandas", *NEEDS.get(path.stem, ())):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not there; pip install nbclient nbformat ipykernel pandas 'marsad[plot]'")
    monkeypatch.delenv("MARSAD_CORPUS", raising=False)
    start = time.monotonic()
    book = tool.execute(path)
    seconds = time.monotonic() - start
    with capsys.disabled():
        print(f"{path.name}: {seconds:.1f} s")
    assert seconds < 60
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    shown = [output.data for output in outputs if "data" in output]
    tables = [data["text/html"] for data in shown if "text/html" in data]
    assert any("<table" in table for table in tables)
    assert sum("image/png" in data for data in shown) >= CHARTS.get(path.stem, 0)
    if path.stem in ("01_first_steps", "03_dates", "04_your_lexicon"):
        assert any('dir="rtl"' in table and "<mark" in table for table in tables)
    if path.stem == "06_engines":
        told = "".join(output.get("text", "") for output in outputs if output.output_type == "stream")
        assert ("Spark is left out here" in told) is not spark_is_there()


def spark_is_there() -> bool:
    names = ("pyspark", "marsad.spark")
    return shutil.which("java") is not None and all(importlib.util.find_spec(name) is not None for name in names)


def test_a_failing_cell_is_told(tmp_path: Path, tool: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("nbclient", "nbformat", "ipykernel"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not there; pip install nbclient nbformat ipykernel")
    book = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))
    (cell, *_) = (cell for cell in book["cells"] if cell["cell_type"] == "code")
    cell["source"] = ["1 / 0"]
    path = tmp_path / "fails.ipynb"
    path.write_text(json.dumps({**book, "cells": [cell]}), encoding="utf-8")
    assert tool.main(["--execute", str(path)]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err
