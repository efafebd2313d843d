"""Broken contents: each gives its exact message, and the rows around the fault come out."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import marsad
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import bad_data
from bad_data import Bad, read_on

EXPECTED = bad_data.EXPECTED
CASES = [
    pytest.param(bad, EXPECTED[group][bad.name], id=f"{group}: {bad.name}")
    for group, cases in bad_data.CASES.items()
    for bad in cases
]
MESSAGES = [message for cases in EXPECTED.values() for expected in cases.values() for message in expected["faults"]]


def told(fault: Exception) -> str:
    return str(fault.args[0]) if isinstance(fault, KeyError) else str(fault)


@pytest.mark.parametrize(("bad", "expected"), CASES)
def test_what_is_told_and_what_comes_out(bad: Bad, expected: dict[str, Any], tmp_path: Path) -> None:
    options = bad.options or {}
    path = tmp_path / bad.file
    path.write_bytes(bad.data)
    (tmp_path / "behind.txt").write_text("بعده", encoding="utf-8")
    both = [path, tmp_path / "behind.txt"]
    texts, faults = read_on(marsad.read(both, **options))
    due = [message.replace("{bytes}", f"{len(bad.data):,}") for message in expected["faults"]]
    assert [told(fault) for fault in faults] == [f"{path}{message}" for message in due]
    assert texts == [*expected["texts"], "بعده"]

    reader = marsad.read(both, on_error="skip", **options)
    assert [text for batch in reader for text in batch.column("text")] == texts
    assert [str(fault) for fault in reader.faults] == [told(fault) for fault in faults]
    assert all(isinstance(fault, (marsad.DataError, OSError)) for fault in reader.faults)
    assert reader.fault_count == len(faults)


def test_there_are_enough() -> None:
    names = [(group, bad.name) for group, cases in bad_data.CASES.items() for bad in cases]
    assert names == [(group, name) for group, cases in EXPECTED.items() for name in cases]
    assert len(names) == len(set(names)) > 100
    assert len(MESSAGES) > 80


@pytest.mark.parametrize("message", sorted(set(MESSAGES)))
def test_every_message_says_what_to_do(message: str) -> None:
    """A clause that says what is due or how to mend it, on one line that a terminal can show."""
    words = r"due|write|re-encode|give|unpack|fetch|mend|close|name|quotes|let|keep|save|the (columns|fields) are"
    assert re.search(rf"\b({words})\b", message)
    assert message.isprintable()
    assert len(message) < 300


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-32-be", "cp1256", "iso8859_6", "mac_arabic"])
def test_the_line_of_python_mends_the_file(codec: str, tmp_path: Path) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    digits = "\u0661" if codec == "mac_arabic" else ""
    old.write_bytes((bad_data.NEWS + digits).encode(codec))
    with pytest.raises(marsad.DataError) as caught:
        next(marsad.read(old))
    line = str(caught.value).partition("in Python: ")[2]
    exec(line, {"Path": Path, "OLD": old, "NEW": new})
    assert next(marsad.read(new)).column("text") == [bad_data.NEWS + digits]


def test_a_list_of_all_is_mended_by_its_line(tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas")
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_text('[{"text": "أ"},\n {"text": "ب"}]', encoding="utf-8")
    with pytest.raises(marsad.DataError) as caught:
        next(marsad.read(old))
    exec(str(caught.value).partition("in Python: ")[2], {"pd": pd, "OLD": old, "NEW": new})
    assert next(marsad.read(new)).column("text") == ["أ", "ب"]


def test_semicolons_are_mended_by_their_line(tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas")
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text("id;text\n1;أ\n", encoding="utf-8")
    with pytest.raises(marsad.DataError) as caught:
        next(marsad.read(old))
    exec(str(caught.value).partition("in Python: ")[2], {"pd": pd, "OLD": old, "NEW": new})
    assert next(marsad.read(new)).column("text") == ["أ"]


MEASURED = """
import resource, sys, marsad
reader = marsad.read(sys.argv[1], on_error="skip", max_bytes=1 << 20)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows = sum(len(batch) for batch in reader)
print(rows, reader.fault_count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("kind", ["line", "text", "cell", "parquet"])
def test_bombs_take_little_memory(kind: str, tmp_path: Path) -> None:
    """What unpacks to 64 MB of blanks is left at a limit of one; kilobytes are counted."""
    pytest.importorskip("resource")
    head, tail, name = {
        "line": (b'{"text": "', b'"}\n{"text": "x"}\n', "a.jsonl.gz"),
        "text": (b"", b"", "a.txt.gz"),
        "cell": (b'text\n"', b'"\nx\n', "a.csv.gz"),
        "parquet": (b"PAR1", b"PAR1", "a.parquet.gz"),
    }[kind]
    with gzip.open(tmp_path / name, "wb", compresslevel=1) as file:
        file.write(head)
        for _ in range(15 if kind == "line" else 64):
            file.write(b" " * (1 << 20))
        file.write(tail)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path / name)],
        capture_output=True,
        text=True,
        timeout=60,
        env=dict(os.environ),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows, faults, kilobytes = map(int, done.stdout.split())
    assert (rows, faults) == (1 if kind == "line" else 0, 1)
    assert kilobytes < 20_000
