"""The command line, as it is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import marsad
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

TABLES = ["counts", "dates", "documents", "mentions"]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "1.txt").write_text("زار محمد شياع السوداني القاهرة أمس.", encoding="utf-8")
    (folder / "2.txt").write_text("بغداد، 5 مارس 2025: لقاء في القاهرة.", encoding="utf-8")
    return folder


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def test_folder(news: Path, tmp_path: Path, command: Any, analyzer: marsad.Analyzer) -> None:
    out = tmp_path / "out"
    done = command("analyze", news, "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == [f"{name}.parquet" for name in TABLES]
    found = analyzer.analyze_corpus(marsad.read(news))
    for name in TABLES:
        table = found.counts() if name == "counts" else getattr(found, name)
        assert pq.read_table(out / f"{name}.parquet").equals(table.to_arrow())
    lines = done.stdout.splitlines()
    assert lines[0] == "2 documents, 4 mentions of 3 entities"
    assert lines[3].split() == ["2", "2", "LOC", "CAIRO", "القاهرة"]
    assert lines[-1] == f"written to {out}/: documents.parquet, mentions.parquet, dates.parquet, counts.parquet"


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_formats(format: str, news: Path, tmp_path: Path, command: Any) -> None:
    done = command("analyze", news, "--out", tmp_path / "out", "--format", format, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{name}.{format}" for name in TABLES]
    first = (tmp_path / "out" / f"mentions.{format}").read_text(encoding="utf-8").splitlines()[0]
    if format == "csv":
        assert first == "doc,start,end,text,type,entity_id,name,source,score"
    else:
        assert json.loads(first)["entity_id"] == "MOHAMMED_SHIA_AL_SUDANI"


def test_standard_input(tmp_path: Path, command: Any) -> None:
    out = tmp_path / "out"
    assert command("analyze", "-", "--out", out, input="زار القاهرة").returncode == 0
    assert [(row["doc"], row["entity_id"]) for row in rows(out, "mentions")] == [("stdin", "CAIRO")]
    lines = '{"text": "زار القاهرة", "id": 5, "published": "2025-03-19"}\n{"text": "زار بغداد"}\n'
    assert command("analyze", "-", "--out", out, input=lines).returncode == 0
    assert [(row["doc"], row["entity_id"]) for row in rows(out, "mentions")] == [("5", "CAIRO"), ("stdin:2", "BAGHDAD")]


def test_options(tmp_path: Path, command: Any) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"body": "بدأ مشروع البحر في تونس", "url": "u", "day": "2025-03-19"}', encoding="utf-8"
    )
    names = tmp_path / "names.tsv"
    names.write_text("id\ttype\talias\nSEA\tPROJECT\tمشروع البحر\n", encoding="utf-8")
    fields = ["--text", "body", "--id", "url", "--day", "day", "--threads", "1", "--no-recognizer"]
    options = ["--lexicon", names, "--types", "PROJECT, ORG", "--out", tmp_path / "out"]
    done = command("analyze", tmp_path / "a.jsonl", *fields, *options)
    assert done.returncode == 0, done.stderr
    assert [(row["doc"], row["entity_id"]) for row in rows(tmp_path / "out", "mentions")] == [("u", "SEA")]
    assert str(rows(tmp_path / "out", "documents")[0]["published"]) == "2025-03-19"


def test_published_is_for_documents_without_a_day(tmp_path: Path, command: Any) -> None:
    lines = '{"text": "زار القاهرة أمس"}\n{"text": "زار القاهرة أمس", "published": "2025-01-02"}\n'
    done = command("analyze", "-", "--out", tmp_path, "--published", "2025-03-19", input=lines)
    assert done.returncode == 0, done.stderr
    assert [str(row["published"]) for row in rows(tmp_path, "documents")] == ["2025-03-19", "2025-01-02"]
    assert [row["value"] for row in rows(tmp_path, "dates")] == ["2025-03-18", "2025-01-01"]


def test_one_bad_file_among_good_ones(news: Path, tmp_path: Path, command: Any) -> None:
    (news / "0.jsonl").write_text('{"text": "زار بغداد"}\n{"text": \n', encoding="utf-8")
    (news / "3.txt").write_bytes("قال".encode("cp1256"))
    pq.write_table(pa.table({"text": [5]}), news / "4.parquet")
    (news / "5.csv").write_text("body\nx\n", encoding="utf-8")
    (news / "6.txt").write_text("في الخرطوم", encoding="utf-8")
    done = command("analyze", news, tmp_path / "no.txt", "--out", tmp_path / "out")
    assert done.returncode == 1
    faults = done.stderr.splitlines()
    assert len(faults) == 5
    assert all(fault.startswith("marsad: ") for fault in faults)
    assert "0.jsonl:2:" in faults[0]
    assert "3.txt:1:1: byte" in faults[1]
    assert faults[-1] == f"marsad: {tmp_path / 'no.txt'}: No such file or directory"
    assert [row["doc"] for row in rows(tmp_path / "out", "documents")] == ["0.jsonl:1", "1.txt", "2.txt", "6.txt"]


FAULTS = [
    (["analyze", "{no}", "--out", "{out}"], "marsad: {no}: No such file or directory"),
    (["analyze", "{news}", "--out", "{out}", "--published", "soon"], 'marsad: published: found "soon"; a day such as'),
    (["analyze", "{news}", "--out", "{out}", "--types", "X"], 'marsad: types: found "X"; the lexicon defines'),
    (["analyze", "{news}", "--out", "{out}", "--lexicon", "{no}"], "marsad: {no}: No such file or directory"),
    (["analyze", "{news}", "--out", "{out}", "--threads", "0"], "marsad: threads: found 0; a number from 1 to"),
    (["analyze", "{news}", "--out", "{news}/1.txt"], "marsad: {news}/1.txt: File exists"),
    (["analyze", "{news}", "--out", "{news}/1.txt/out"], "marsad: {news}/1.txt/out: Not a directory"),
    (["normalize", "{no}"], "marsad: {no}: No such file or directory"),
    (["normalize", "{news}"], "marsad: {news}: Is a directory"),
    (["normalize", "--profile", "x", "{news}/1.txt"], 'marsad: profile: found "x"; the profiles are'),
    (
        ["normalize", "--on", "x", "{news}/1.txt"],
        "marsad: x: found no option of this name; the normalization options are",
    ),
]


@pytest.mark.parametrize(
    ("arguments", "message"), FAULTS, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_faults_are_one_line(arguments: list[str], message: str, news: Path, tmp_path: Path, command: Any) -> None:
    places = {"news": str(news), "out": str(tmp_path / "out"), "no": str(tmp_path / "no.txt")}
    done = command(*(argument.format(**places) for argument in arguments))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(message.format(**places))
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    "arguments", [[], ["nope"], ["analyze"], ["analyze", "x"], ["analyze", "x", "--out", "y", "--format", "xml"]]
)
def test_wrong_usage(arguments: list[str], command: Any) -> None:
    done = command(*arguments)
    assert done.returncode == 2
    assert "usage: marsad" in done.stderr


def test_a_fault_of_standard_input(tmp_path: Path, command: Any) -> None:
    done = command("analyze", "-", "--out", tmp_path / "out", input='{"text": 5}\n')
    assert done.returncode == 2
    assert done.stderr == "marsad: <stdin>:1: text is a number; a string is due\n"


@pytest.mark.parametrize("arguments", [["--help"], ["analyze", "--help"], ["normalize", "--help"]])
def test_help(arguments: list[str], command: Any) -> None:
    done = command(*arguments)
    assert done.returncode == 0
    assert done.stdout.startswith("usage: marsad")


def test_version(command: Any) -> None:
    assert command("--version").stdout == f"marsad {marsad.__version__}\n"
    done = subprocess.run([sys.executable, "-m", "marsad", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"marsad {marsad.__version__}\n"


def test_normalize(tmp_path: Path, command: Any) -> None:
    done = command("normalize", input="إلى مدرسةِ\r\n\r\nالـحيّ ثم")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "الي مدرسه\n\nالحي ثم\n"
    path = tmp_path / "a.txt"
    path.write_text("أمل مدرسة", encoding="utf-8")
    assert command("normalize", "--profile", "light", path).stdout == "أمل مدرسة\n"
    assert command("normalize", "--profile", "light", "--on", "alef", path, path).stdout == "امل مدرسة\n" * 2
    assert command("normalize", "--off", "alef", "--off", "ta_marbuta", path).stdout == "أمل مدرسة\n"
    assert command("normalize", input=b"").stdout == ""
    done = command("normalize", input="سطر\nقال".encode() + b"\xff")
    assert done.returncode == 2
    assert done.stderr.startswith("marsad: <stdin>:2:4: byte 0xFF is not UTF-8")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp1256"])
def test_output_is_utf8_whatever_the_terminal(encoding: str, tmp_path: Path, command: Any) -> None:
    done = command("normalize", input="مدرسة", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stdout) == (0, "مدرسه\n")
    done = command("analyze", "-", "--out", tmp_path, input="زار القاهرة", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert "القاهرة" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_broken_pipe(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("مدرسة\n" * 200_000, encoding="utf-8")
    run = subprocess.Popen(
        [sys.executable, "-m", "marsad", "normalize", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert run.stdout is not None
    assert run.stderr is not None
    assert run.stdout.readline().decode() == "مدرسه\n"
    run.stdout.close()
    assert run.wait(60) == 1
    assert run.stderr.read() == b""
    run.stderr.close()


def test_report(news: Path, tmp_path: Path, command: Any) -> None:
    if "report" not in command("--help").stdout:
        pytest.skip("marsad report is not there yet")
    page = tmp_path / "report.html"
    done = command("report", news, "-o", page)
    assert done.returncode == 0, done.stderr
    assert "القاهرة" in page.read_text(encoding="utf-8")
    assert command("report", tmp_path / "no.txt", "-o", page).returncode == 2
