"""Runs that are cut off: killed, interrupted, out of disk or memory. Nothing is lost, nothing is half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import marsad
import pytest

TABLES = ["counts", "dates", "documents", "mentions"]
STORE = ".marsad-run"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX")

#: Rows of one batch of short articles.
BATCH = 8192
TEXTS = ["زار محمد شياع السوداني القاهرة أمس", "عاد الوفد من القاهرة إلى الرباط في 5 آذار 2025", "لا شيء هنا"]


def write(path: Path, rows: int, first: int = 0) -> Path:
    lines = ({"id": first + row, "text": TEXTS[row % len(TEXTS)]} for row in range(rows))
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three files: five batches and a little, some of which hold articles of two files."""
    folder = tmp_path_factory.mktemp("articles")
    write(folder / "1.jsonl", BATCH + 100)
    write(folder / "2.jsonl", 3 * BATCH, 100_000)
    write(folder / "3.jsonl", BATCH + 500, 200_000)
    return folder


@pytest.fixture(scope="module")
def whole(articles: Path, tmp_path_factory: pytest.TempPathFactory, command: Any) -> dict[str, bytes]:
    """The tables of a run that nothing cuts off."""
    out = tmp_path_factory.mktemp("whole")
    done = command("analyze", articles, "--out", out, "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    return tables(out)


def tables(out: Path) -> dict[str, bytes]:
    """The bytes of all files of a folder; nothing else is in it."""
    found = {path.name: path.read_bytes() for path in out.iterdir()}
    assert sorted(found) == [f"{name}.parquet" for name in TABLES]
    return found


@pytest.fixture
def start(articles: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a run and wait until so many of its batches are kept."""
    running = []

    def run(out: Path, batches: int, inputs: Path = articles) -> subprocess.Popen[str]:
        program = [sys.executable, "-m", "marsad", "analyze", str(inputs), "--out", str(out), "--threads", "1"]
        process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        running.append(process)
        until = time.monotonic() + 60
        while not (out / STORE / f"{batches - 1:08}").exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.002)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("batches", [1, 4])
def test_a_killed_run_goes_on(
    batches: int, start: Any, articles: Path, whole: Any, tmp_path: Path, command: Any
) -> None:
    out = tmp_path / "out"
    run = start(out, batches)
    run.kill()
    run.communicate()
    assert [path.name for path in out.iterdir()] == [STORE], "no table has its name before it is whole"
    again = command("analyze", articles, "--out", out)
    kept = sum(path.is_dir() and path.suffix != ".part" for path in (out / STORE).iterdir()) * BATCH
    assert again.returncode == 2
    assert again.stderr.startswith(f"marsad: {out}: a run was cut off here with {kept:,} documents done; --resume")
    done = command("analyze", articles, "--out", out, "--resume", "--quiet", "--threads", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert tables(out) == whole


def test_what_is_done_is_not_done_again(
    start: Any, articles: Path, whole: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marsad import cli

    out = tmp_path / "out"
    run = start(out, 4)
    run.kill()
    run.communicate()
    analyzed = []
    find = marsad.Analysis._add

    def count(self: marsad.Analysis, *given: Any) -> None:
        find(self, *given)
        analyzed.append(len(self))

    monkeypatch.setattr(marsad.Analysis, "_add", count)
    assert cli.main(["analyze", str(articles), "--out", str(out), "--resume", "--quiet"]) == 0
    assert sum(analyzed) <= 5 * BATCH + 600 - 4 * BATCH
    assert tables(out) == whole


def test_a_run_can_begin_anew(start: Any, articles: Path, whole: Any, tmp_path: Path, command: Any) -> None:
    out = tmp_path / "out"
    run = start(out, 2)
    run.kill()
    run.communicate()
    assert command("analyze", articles, "--out", out, "--restart", "--quiet").returncode == 0
    assert tables(out) == whole
    # Where nothing was cut off, either is a run like any other.
    for option in ("--resume", "--restart"):
        assert command("analyze", articles, "--out", out, option, "--quiet").returncode == 0
        assert tables(out) == whole


def test_older_tables_stay_until_the_new_ones_are_whole(start: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mentions.parquet").write_bytes(b"older")
    run = start(out, 2)
    run.kill()
    run.communicate()
    assert (out / "mentions.parquet").read_bytes() == b"older"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--published", "2025-03-19"], "--resume: the run that was cut off has published None, this one '2025-03-19'"),
        (["--types", "PER"], "--resume: the run that was cut off has types ['PER', 'ORG', 'LOC'], this one ['PER']"),
        (["--no-recognizer"], "--resume: the run that was cut off has recognizer True, this one False"),
    ],
)
def test_another_run_does_not_go_on(
    options: list[str], message: str, start: Any, articles: Path, whole: Any, tmp_path: Path, command: Any
) -> None:
    out = tmp_path / "out"
    run = start(out, 2)
    run.kill()
    run.communicate()
    before = sorted((out / STORE).iterdir())
    done = command("analyze", articles, "--out", out, "--resume", *options)
    assert sorted((out / STORE).iterdir()) == before
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"marsad: {message}; give the same, or --restart to begin anew\n"
    # And nothing of it is lost.
    assert command("analyze", articles, "--out", out, "--resume", "--quiet").returncode == 0
    assert tables(out) == whole


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: write(folder / "2.jsonl", 4 * BATCH - 7, 300_000),
        lambda folder: (folder / "2.jsonl").unlink(),
        lambda folder: write(folder / "1b.jsonl", 10, 300_000),
        lambda folder: write(folder / "4.jsonl", 10, 300_000),
    ],
    ids=["another text", "removed", "one between", "one behind"],
)
def test_what_was_read_from_files_that_have_changed_is_done_again(
    change: Callable[[Path], Any], tmp_path: Path, start: Any, command: Any
) -> None:
    articles, out, fresh = tmp_path / "in", tmp_path / "out", tmp_path / "fresh"
    articles.mkdir()
    for number, rows in enumerate([BATCH + 100, BATCH, 10]):
        write(articles / f"{number + 1}.jsonl", rows, number * 100_000)
    run = start(out, 2, articles)
    run.kill()
    run.communicate()
    change(articles)
    assert command("analyze", articles, "--out", out, "--resume", "--quiet").returncode == 0
    assert command("analyze", articles, "--out", fresh, "--quiet").returncode == 0
    assert tables(out) == tables(fresh)


def test_one_run_at_a_time(start: Any, articles: Path, tmp_path: Path, command: Any) -> None:
    out = tmp_path / "out"
    run = start(out, 1)
    run.send_signal(signal.SIGSTOP)
    for options in ([], ["--resume"], ["--restart"]):
        done = command("analyze", articles, "--out", out, *options)
        assert (done.returncode, done.stderr) == (2, f"marsad: {out}: another run is writing to this folder\n")
    run.send_signal(signal.SIGCONT)
    assert run.wait(60) == 0
    tables(out)


def test_standard_input_cannot_go_on(tmp_path: Path, command: Any) -> None:
    done = command("analyze", "-", "--out", tmp_path, "--resume", input="زار القاهرة")
    assert (done.returncode, done.stderr) == (
        2,
        "marsad: --resume: what standard input gave is gone; name files or folders\n",
    )


def test_ctrl_c(start: Any, articles: Path, whole: Any, tmp_path: Path, command: Any) -> None:
    out = tmp_path / "out"
    run = start(out, 2)
    run.send_signal(signal.SIGINT)
    told, faults = run.communicate(timeout=30)
    assert (run.returncode, told) == (130, "")
    kept = sum(path.is_dir() for path in (out / STORE).iterdir()) * BATCH
    assert faults == f"marsad: interrupted; {kept:,} documents are kept in {out}/, and --resume goes on with them\n"
    assert command("analyze", articles, "--out", out, "--resume", "--quiet").returncode == 0
    assert tables(out) == whole


def test_ctrl_c_in_python(python: Any) -> None:
    """The signal comes while one long text is read, and one of the texts before it is done."""
    program = """
import os, pickle, signal, sys, threading, marsad
short, long = "زار الوفد القاهرة. ", "زار الوفد القاهرة. " * 400_000
analyzer = marsad.Analyzer(threads=1)
def stop(done):
    if done:
        os.kill(os.getpid(), signal.SIGINT)
try:
    analyzer.analyze_corpus([[short] * 20_000, [long]], progress=stop)
except KeyboardInterrupt as fault:
    assert isinstance(fault, marsad.Interrupted)
    print(len(fault.found), len(fault.found.mentions), fault)
    assert len(pickle.loads(pickle.dumps(fault)).found) == len(fault.found)
print(analyzer.analyze(short).entities[0].entity_id)
threading.Timer(0.5, stop, [1]).start()
try:
    analyzer.analyze(long)
except KeyboardInterrupt:
    print("stopped")
"""
    done = python(program)
    assert done.returncode == 0, done.stderr
    first, second, third = done.stdout.splitlines()
    documents, mentions, message = first.split(maxsplit=2)
    assert documents == mentions
    assert 0 < int(documents) <= 20_000
    assert message == (
        f"{int(documents):,} documents are done; they are in .found of this exception (sys.last_value.found)"
    )
    assert (second, third) == ("CAIRO", "stopped")


def test_an_error_of_progress_keeps_nothing_back(analyzer: marsad.Analyzer) -> None:
    def stop(done: int) -> None:
        raise RuntimeError(str(done))

    with pytest.raises(RuntimeError, match=r"^3$"):
        analyzer.analyze_corpus(["زار القاهرة"] * 3, progress=stop)
    assert len(analyzer.analyze_corpus(["زار القاهرة"] * 3)) == 3


def test_a_file_that_does_not_fit(articles: Path, whole: Any, tmp_path: Path, command: Any) -> None:
    """A limit on the length of files stands for a full disk: a write fails in the middle of a file."""
    out = tmp_path / "out"
    program = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from marsad import cli
sys.exit(cli.main(["analyze", {str(articles)!r}, "--out", {str(out)!r}, *sys.argv[2:]]))
"""
    most = max(map(len, whole.values()))
    done = subprocess.run(
        [sys.executable, "-c", program, str(most - 1000)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(": File too large\n")
    assert done.stderr.count("\n") == 1
    assert [path.name for path in out.iterdir()] == [STORE]
    assert command("analyze", articles, "--out", out, "--resume", "--quiet").returncode == 0
    assert tables(out) == whole


def test_on_error_stop(articles: Path, tmp_path: Path, command: Any) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    write(folder / "1.jsonl", BATCH)
    (folder / "2.jsonl").write_text('{"text": "زار القاهرة"}\n{"text": 5}\n{"text": "زار بغداد"}\n', encoding="utf-8")
    done = command("analyze", folder, "--out", out, "--on-error", "stop")
    assert (done.returncode, done.stdout) == (2, "")
    first, second = done.stderr.splitlines()
    assert first.endswith("2.jsonl:2: text is a number; a string is due")
    assert second.startswith(f"marsad: stopped at the first error; {BATCH + 1:,} documents are kept in {out}/")
    (folder / "2.jsonl").write_text('{"text": "زار القاهرة"}\n{"text": "زار بغداد"}\n', encoding="utf-8")
    done = command("analyze", folder, "--out", out, "--on-error", "stop", "--resume")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{BATCH + 2:,} documents")
    # By default the row is told and the others are read.
    (folder / "2.jsonl").write_text('{"text": "زار القاهرة"}\n{"text": 5}\n{"text": "زار بغداد"}\n', encoding="utf-8")
    done = command("analyze", folder, "--out", out)
    assert (done.returncode, done.stdout.splitlines()[0].split()[0]) == (1, f"{BATCH + 2:,}")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory hold on Linux")
def test_little_memory_is_an_error(tmp_path: Path) -> None:
    """Under any limit the work is done or an error is told; the process never ends by a signal."""
    path = tmp_path / "long.txt"
    path.write_text("زار الوفد القاهرة أمس. " * 300_000, encoding="utf-8")
    program = f"""
import resource, sys, marsad
analyzer = marsad.Analyzer(threads=1)
text = open({str(path)!r}, encoding="utf-8").read()
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
limit = held + (int(sys.argv[1]) << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    found = analyzer.analyze_corpus([text])
except MemoryError as fault:
    print("MemoryError:", fault)
else:
    print(len(found), "documents")
"""
    told = []
    for more in (70, 200, 500, 4000):
        done = subprocess.run(
            [sys.executable, "-c", program, str(more)], capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, (more, done.stderr)
        told.append(done.stdout.strip())
    assert told[0].startswith("MemoryError: memory: ")
    assert told[0].endswith("batch by batch (analyze_batches, marsad analyze)")
    assert told[-1] == "1 documents"


def test_a_pipe_that_closes(articles: Path, tmp_path: Path) -> None:
    """The reader of what a run prints goes away: the tables are written all the same."""
    out = tmp_path / "out"
    program = [sys.executable, "-m", "marsad", "analyze", str(articles), "--out", str(out), "--top", "100000"]
    run = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    assert run.wait(60) == 1
    assert run.stderr.read() == b""
    run.stderr.close()
    tables(out)
