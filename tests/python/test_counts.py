"""What is counted over many texts, and the files that a run is saved to."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import marsad
import pyarrow.parquet as pq
import pytest

BY = (None, "type", "document", "day", "week", "month", "year")


def period(by: str, day: date) -> date:
    starts = {"day": day, "week": day - timedelta(day.weekday()), "month": day.replace(day=1)}
    return starts.get(by, day.replace(month=1, day=1))


@pytest.mark.parametrize("by", BY)
def test_counts_add_up(by: Any, found: marsad.Analysis) -> None:
    days = {row["doc"]: row["published"] for row in found.documents.to_pylist()}
    mentions: Counter[Any] = Counter()
    documents: dict[Any, set[str]] = {}
    for row in found.mentions.to_pylist():
        day = days[row["doc"]]
        group = {"document": row["doc"], "type": None, None: None}.get(by, "period")
        group = (day and period(by, day)) if group == "period" else group
        mentions[group, row["entity_id"]] += 1
        documents.setdefault((group, row["entity_id"]), set()).add(row["doc"])
    rows = found.counts(by=by).to_pylist()
    keys = [(row.get("doc", row.get("period")), row["entity_id"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert dict(zip(keys, (row["mentions"] for row in rows), strict=True)) == dict(mentions)
    assert dict(zip(keys, (row["documents"] for row in rows), strict=True)) == {
        key: len(docs) for key, docs in documents.items()
    }
    for key, row in zip(keys, rows, strict=True):
        seen = sorted(days[doc] for doc in documents[key] if days[doc])
        assert (row["first_seen"], row["last_seen"]) == ((seen[0], seen[-1]) if seen else (None, None))
    assert sum(row["mentions"] for row in rows) == len(found.mentions)


@pytest.mark.parametrize("by", BY)
def test_counts_are_sorted_and_cut(by: Any, found: marsad.Analysis) -> None:
    whole = found.counts(by=by).to_pylist()
    groups = [row.get("doc", row.get("period", row["type"] if by == "type" else None)) for row in whole]
    for one, other, before, after in zip(whole, whole[1:], groups, groups[1:], strict=False):
        if before == after:
            assert (-one["mentions"], one["entity_id"]) < (-other["mentions"], other["entity_id"])
    total = Counter({row["entity_id"]: 0 for row in whole})
    for row in whole:
        total[row["entity_id"]] += row["mentions"]
    cut = found.counts(by=by, top=1).to_pylist()
    if by in (None, "type", "document"):
        assert len(cut) == len(set(groups))
    else:
        best = min(total, key=lambda name: (-total[name], name))
        assert cut == [row for row in whole if row["entity_id"] == best]
    assert len(found.counts(by=by, top=0)) == 0
    assert found.counts(by=by, top=10**6).to_pylist() == whole


@pytest.mark.parametrize("freq", ["day", "week", "month", "year"])
def test_timeline(freq: Any, found: marsad.Analysis) -> None:
    expected: Counter[Any] = Counter()
    for row in found.dates.to_pylist():
        if row["kind"] == "date" and row["first_day"]:
            expected[period(freq, row["first_day"]), row["doc"]] += 1
    rows = found.timeline(freq).to_pylist()
    assert {(row["period"], row["doc"]): row["dates"] for row in rows} == dict(expected)
    assert [row["period"] for row in rows] == sorted(row["period"] for row in rows)
    assert rows


def test_cooccurrence(analyzer: marsad.Analyzer) -> None:
    found = analyzer.analyze_corpus(["زار بغداد ثم القاهرة. ثم الخرطوم.", "القاهرة وبغداد وبغداد", "الخرطوم"])
    near = found.cooccurrence("sentence").to_pylist()
    assert [(row["entity_id"], row["other_id"], row["together"]) for row in near] == [("BAGHDAD", "CAIRO", 2)]
    whole = found.cooccurrence().to_pylist()
    assert whole[0]["together"] == 2
    assert len(whole) == 3
    assert all(row["entity_id"] < row["other_id"] for row in whole)
    assert found.cooccurrence(top=1).to_pylist() == whole[:1]


def shown(value: Any) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl"])
def test_save(format: Any, found: marsad.Analysis, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "a" / "b", format=format)
    assert folder == tmp_path / "a" / "b"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{name}.{format}" for name in ("counts", "dates", "documents", "mentions")
    )
    for name in ("counts", "dates", "documents", "mentions"):
        table = found.counts() if name == "counts" else getattr(found, name)
        rows, path = table.to_pylist(), folder / f"{name}.{format}"
        if format == "parquet":
            assert pq.read_table(path).equals(table.to_arrow())
        elif format == "csv":
            with path.open(encoding="utf-8", newline="") as file:
                read = list(csv.DictReader(file))
            assert read == [{key: shown(value) for key, value in row.items()} for row in rows]
        else:
            lines = path.read_text(encoding="utf-8").splitlines()
            plain = [
                {key: value if not isinstance(value, date) else str(value) for key, value in row.items()}
                for row in rows
            ]
            assert [json.loads(line) for line in lines] == plain
    found.save(str(folder), format)
    assert not list(folder.glob("*.part"))
