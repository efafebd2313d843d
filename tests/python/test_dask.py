"""Dask gives the rows of one machine: the code of docs/how-to/scale-out.md is run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import marsad
import pandas as pd
import pytest

dd = pytest.importorskip("dask.dataframe", reason="Dask's data frames are not installed: pip install 'dask[dataframe]'")


def block(root: Path, title: str) -> str:
    """Give the first Python code under a heading of the page."""
    page = (root / "docs" / "how-to" / "scale-out.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {title}\n.*?^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert found, f"the page has no code under {title}"
    return found[1]


@pytest.fixture
def news(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """Articles as the folder ``articles`` of the working directory, in three files."""
    files = sorted((root / "examples" / "news").glob("*.txt"))
    frame = pd.DataFrame(
        {
            "id": [path.stem for path in files],
            "published": [None, "2025-03-05", "2025-04-01"] * (len(files) // 3),
            "text": [path.read_text(encoding="utf-8") for path in files],
        }
    )
    (tmp_path / "articles").mkdir()
    for part in range(3):
        frame[part * 6 : part * 6 + 6].to_parquet(tmp_path / "articles" / f"{part}.parquet")
    monkeypatch.chdir(tmp_path)
    return frame


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_the_code_of_the_page(
    scheduler: str, news: pd.DataFrame, root: Path, analyzer: marsad.Analyzer, capsys: pytest.CaptureFixture[str]
) -> None:
    import dask

    names: dict[str, Any] = {}
    with dask.config.set(scheduler=scheduler, num_workers=2):
        exec(compile(block(root, "Dask"), "scale-out.md", "exec"), names)
        found = names["found"]
        assert found.npartitions == 3
        rows = found.compute().reset_index(drop=True)
    expected = analyzer.analyze_corpus(news).mentions.to_pandas()
    pd.testing.assert_frame_equal(rows, expected, check_dtype=False)
    assert list(found.dtypes) == list(rows.dtypes), "the partitions hold what was promised"
    most = expected["entity_id"].value_counts()
    assert str(most.iloc[0]) in capsys.readouterr().out
