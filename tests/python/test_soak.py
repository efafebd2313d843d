"""The soak of benches/soak.py in little: flat memory, equal tables, and a status that tells."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")


@pytest.fixture(scope="module")
def soak(root: Path) -> Any:
    """The module, which is of no package."""
    spec = importlib.util.spec_from_file_location("soak", root / "benches" / "soak.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, str(root / "benches" / "soak.py"), *arguments]
    return subprocess.run(program, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


def test_memory_is_flat_and_tables_are_equal(root: Path) -> None:
    done = run(root, "--quick", "calls", "command")
    rows = [line.split(" | ") for line in done.stdout.splitlines()[2:]]
    assert len(rows) == 10, done.stderr
    assert [row[0].split()[-3] for row in rows[:8:2]] == ["analyze,", "normalize,", "explain,", "tokenize,"]
    assert all(row[-1] == "holds |" for row in rows), done.stdout
    assert rows[-1][1].startswith("1 hashes")
    assert done.returncode == 0


def test_texts_have_the_size_and_ids_of_their_own(soak: Any, root: Path) -> None:
    written = list(soak.articles(root / "examples" / "news", 300_000))
    assert len({id for id, _ in written}) == len(written)
    size = sum(len(text.encode()) for _, text in written)
    assert 280_000 < size <= 300_000
    assert len({text for _, text in written}) > 20, "paragraphs in another order"


def test_growth_and_unequal_tables_are_told(soak: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert soak.grown("x", 100, 105).holds
    assert not soak.grown("x", 100, 106).holds
    assert soak.grown("x", 100_000_000, 90_000_000) == ("x", "100.0 -> 90.0 MB (-10.0%)", "at most +5%", True)
    ends = iter([("a", 100, 1.0), ("a", 100, 1.0), ("a", 105, 1.0), ("b", 100, 1.0)])
    monkeypatch.setattr(soak, "run", lambda *_: next(ends))
    peak, equal = soak.command(soak.parse(["--quick", "command"]))
    assert peak.holds
    assert not equal.holds
    assert "BROKEN" in soak.table([peak, equal])


def test_a_part_that_is_none_is_told(root: Path) -> None:
    done = run(root, "walk")
    assert done.returncode == 2
    assert "there is no part 'walk'; the parts are calls, made, command" in done.stderr
