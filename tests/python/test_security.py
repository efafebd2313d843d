"""What SECURITY.md promises of paths, of programs and of the network."""

from __future__ import annotations

import csv
import json
import os
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import marsad
import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = "زار الوفد بغداد"

#: Every event by which CPython tells that it leaves the process, runs what it was given, or unpickles.
WATCHED = """
import sys
told = []
starts = ("socket.", "subprocess.", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.fork", "pickle.",
          "urllib.", "http.", "ftplib.", "smtplib.", "ctypes.dlopen", "webbrowser.", "pty.")
sys.addaudithook(lambda event, given: told.append((event, given)) if event.startswith(starts) else None)
"""


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every path below a folder with what it holds."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def link(path: Path, target: Path) -> None:
    """Make a link, where the system lets us."""
    try:
        path.symlink_to(target, target_is_directory=target.is_dir())
    except (OSError, NotImplementedError) as fault:
        pytest.skip(f"links cannot be made here: {fault}")


def ids(path: Path) -> list[str]:
    found: list[str] = []
    for batch in marsad.read(path):
        found += batch.column("id")
    return found


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    news, other = tmp_path / "news", tmp_path / "other"
    (news / "sub").mkdir(parents=True)
    other.mkdir()
    (news / "sub" / "a.txt").write_text(TEXT, encoding="utf-8")
    (other / "secret.txt").write_text(TEXT, encoding="utf-8")
    link(news / "out", other)
    link(news / "sub" / "loop", news)
    assert ids(news) == ["sub/a.txt"]


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(TEXT, encoding="utf-8")
    link(tmp_path / "here", tmp_path / "news")
    assert ids(tmp_path / "here") == ["a.txt"]


def test_links_to_files_are_followed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "news").mkdir()
    link(tmp_path / "news" / "b.txt", tmp_path / "a.md")
    assert ids(tmp_path / "news") == ["b.txt"]


def test_ids_do_not_tell_where_a_folder_lies(tmp_path: Path) -> None:
    (tmp_path / "news" / "sub").mkdir(parents=True)
    (tmp_path / "news" / "sub" / "a.txt").write_text(TEXT, encoding="utf-8")
    assert ids(tmp_path / "news" / "sub" / ".." / ".." / "news") == ["sub/a.txt"]
    assert ids(tmp_path / "news" / "sub" / "a.txt") == ["a.txt"]


def test_hidden_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in ("a.txt", ".b.txt", ".git/c.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert ids(tmp_path) == ["a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize(
    "name", ["a\nb.txt", 'q"u,o.txt', "\u202etxt.a.txt", "=1+1.txt", "-rf.txt", "..a.txt.txt", "a\\b.txt"]
)
@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_names_of_any_letters(tmp_path: Path, command: Callable[..., Any], name: str, format: str) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / name).write_text(TEXT, encoding="utf-8")
    (news / "last.txt").write_text(TEXT, encoding="utf-8")
    hidden = name.startswith(".")
    done = command("analyze", news, "--out", tmp_path / "out", "--format", format, "--quiet")
    assert done.returncode == 0, done.stderr
    path = tmp_path / "out" / f"documents.{format}"
    if format == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            found = [row["doc"] for row in csv.DictReader(file)]
    elif format == "jsonl":
        found = [json.loads(line)["doc"] for line in path.read_text(encoding="utf-8").split("\n") if line]
    else:
        pandas = pytest.importorskip("pandas")
        found = list(pandas.read_parquet(path)["doc"])
    due = ["last.txt"] if hidden else ["last.txt", name.replace("\\", "/")]
    assert sorted(found) == sorted(due)


def test_ids_never_become_paths(tmp_path: Path, command: Callable[..., Any]) -> None:
    (tmp_path / "deep" / "in").mkdir(parents=True)
    evil = ["../../evil", "/tmp/marsad-evil", "..\\evil", "C:\\evil", "a/../../../evil", "con", "nul\0.txt", "~/evil"]
    lines = [json.dumps({"id": id, "text": TEXT}) for id in evil]
    (tmp_path / "deep" / "in" / "news.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    before = tree(tmp_path)
    out = tmp_path / "deep" / "out"
    done = command("analyze", tmp_path / "deep" / "in", "--out", out, "--format", "jsonl", "--quiet")
    assert done.returncode == 0, done.stderr
    found = [json.loads(line)["doc"] for line in (out / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    assert found == evil
    after = tree(tmp_path)
    assert {name: after[name] for name in before} == before
    new = {Path(name) for name in set(after) - set(before)}
    tables = {Path("deep") / "out" / f"{name}.jsonl" for name in ("documents", "mentions", "dates", "counts")}
    assert new == tables | {Path("deep") / "out"}
    assert not Path("/tmp/marsad-evil").exists()


def test_a_table_that_is_a_link_is_replaced_not_written_through(tmp_path: Path, command: Callable[..., Any]) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "mine").write_text("keep", encoding="utf-8")
    (tmp_path / "out").mkdir()
    link(tmp_path / "out" / "mentions.csv", tmp_path / "mine")
    done = command("analyze", tmp_path / "a.txt", "--out", tmp_path / "out", "--format", "csv", "--quiet")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "keep"
    assert not (tmp_path / "out" / "mentions.csv").is_symlink()
    assert "BAGHDAD" in (tmp_path / "out" / "mentions.csv").read_text(encoding="utf-8")


def test_a_run_opens_no_socket_and_starts_no_program(tmp_path: Path, python: Callable[..., Any]) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": TEXT}) + "\n", encoding="utf-8")
    (tmp_path / "names.tsv").write_text("id\ttype\talias\nSEA\tPROJECT\tمشروع البحر\n", encoding="utf-8")
    program = WATCHED + (
        "import marsad, marsad.cli\n"
        "analyzer = marsad.Analyzer(sys.argv[1] + '/names.tsv', types=('PER', 'ORG', 'LOC', 'PROJECT'))\n"
        f"found = analyzer.analyze_corpus([{TEXT!r}])\n"
        "found.report(sys.argv[1] + '/report.html')\n"
        "found.save(sys.argv[1] + '/saved')\n"
        "assert marsad.cli.main(['analyze', sys.argv[1] + '/a.jsonl', '--out', sys.argv[1] + '/out', '--quiet']) == 0\n"
        "assert not told, told\n"
        "import socket; socket.socket().close()\n"
        "assert told, 'the watch sees nothing'\n"
    )
    run = python(program.replace("sys.argv[1]", repr(str(tmp_path))))
    assert run.returncode == 0, run.stderr


def test_data_are_not_executed(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "executed"),)

    bad = tmp_path / "bad.bin"
    bad.write_bytes(pickle.dumps(Evil()))
    for attempt in (
        lambda: marsad.Analyzer(str(bad)),
        lambda: marsad.Analyzer(model=str(bad)),
    ):
        with pytest.raises((ValueError, OSError)):
            attempt()
    code = f"__import__('os').mkdir({str(tmp_path / 'executed')!r})"
    marsad.Analyzer(lexicon={code: ("X", "ORG")}).analyze(code)
    marsad.Analyzer().analyze(f"{{{{{code}}}}} ${{{code}}} {TEXT}")._repr_html_()
    assert not (tmp_path / "executed").exists()


def test_the_sources_hold_no_way_out() -> None:
    """No network and no other program in Rust; no eval, and pickle only for Spark's own recipe, in Python."""
    ways = re.compile(r"std::net|process::Command|TcpStream|UdpSocket")
    assert not [path.name for path in (ROOT / "src").rglob("*.rs") if ways.search(path.read_text(encoding="utf-8"))]
    ways = re.compile(
        r"(?<![\w.])(eval|exec|compile|__import__)\(|\b(marshal|shelve|subprocess|socket|urllib)\b|shell=True"
    )
    package = sorted((ROOT / "python" / "marsad").rglob("*.py"))
    assert len(package) > 10
    found = [
        f"{path.name}: {hit.group()}" for path in package for hit in ways.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
    unpickle = [path.name for path in package if "pickle.load" in path.read_text(encoding="utf-8")]
    assert unpickle == ["spark.py"]


def test_the_threat_model_names_what_is_built() -> None:
    """Every command and every kind of file that SECURITY.md speaks of exists."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"`make ([\w-]+)`", text))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets
    assert [name for name in sorted(targets) if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []
    linked = re.findall(r"\]\(([\w./-]+)\)|`((?:docs|tools|fuzz|\.github|tests)/[\w./-]*)`", text)
    assert [one or other for one, other in linked if not (ROOT / (one or other)).exists()] == []
