"""Threads, forks and processes: equal results, and nothing that waits for ever."""

from __future__ import annotations

import concurrent.futures
import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import marsad
import pyarrow as pa
import pytest
from marsad import _marsad

FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
THREADS = 32
TEXTS = [
    f"زار محمد شياع السوداني {place} يوم {day} مارس 2025، وقالت الأمم المتحدة إن الوفد عاد أمس إلى {place}."
    for place in ("القاهرة", "بغداد", "تونس", "الرباط")
    for day in range(1, 16)
]
#: Begins every program below: a program that waits for ever says where, and ends with 1.
LIMIT = """
import faulthandler, os, signal, sys, threading
faulthandler.dump_traceback_later(40, exit=True)
import marsad
LONGEST = 20
TEXTS = ["زار محمد شياع السوداني القاهرة في 5 مارس 2025. "] * 600

def child(work):
    # The child has a time limit of its own, for it has not the thread that keeps its parent's.
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            signal.alarm(LONGEST)
            work()
            status = 0
        finally:
            os._exit(status)
    return pid

def statuses(pids):
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


def rows(found: marsad.Analysis) -> tuple[Any, ...]:
    return tuple(getattr(found, name).to_pylist() for name in ("documents", "mentions", "dates"))


def together(work: Callable[[int], Any], threads: int = THREADS) -> list[Any]:
    """Do the work on threads that begin at one moment; what fails on one of them fails here."""
    gate = threading.Barrier(threads)

    def begin(number: int) -> Any:
        gate.wait(30)
        return work(number)

    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        return [one.result(60) for one in [pool.submit(begin, number) for number in range(threads)]]


class TestThreads:
    def test_an_analyzer_does_everything_on_32_threads(self, analyzer: marsad.Analyzer) -> None:
        alone = [analyzer.analyze(text, published="2025-03-19") for text in TEXTS]
        corpus = [{"text": text, "published": "2025-03-19"} for text in TEXTS]
        found = analyzer.analyze_corpus(corpus)
        expected = (rows(found), [analyzer.explain(text) for text in TEXTS[:8]], repr(analyzer))
        batches = [table.to_pylist() for table in analyzer.analyze_batches([TEXTS[:7], TEXTS[7:]])]

        def work(number: int) -> None:
            turn = number % 4
            if turn == 0:
                assert [analyzer.analyze(text, published="2025-03-19") for text in TEXTS] == alone
            elif turn == 1:
                assert rows(analyzer.analyze_corpus(corpus)) == expected[0]
            elif turn == 2:
                assert [analyzer.explain(text) for text in TEXTS[:8]] == expected[1]
                assert repr(analyzer) == expected[2]
            else:
                halves = [TEXTS[:7], TEXTS[7:]]
                assert [table.to_pylist() for table in analyzer.analyze_batches(halves)] == batches

        together(work)

    def test_an_analysis_is_read_by_32_threads(self, analyzer: marsad.Analyzer, tmp_path: Path) -> None:
        found = analyzer.analyze_corpus(TEXTS * 5)
        uses: list[Callable[[marsad.Analysis], Any]] = [
            rows,
            lambda found: found.counts(by="document").to_pylist(),
            lambda found: found.counts(by="month", top=2).to_pylist(),
            lambda found: found.cooccurrence("sentence").to_pylist(),
            lambda found: found.timeline("day").to_pylist(),
            lambda found: pa.table(found.mentions).to_pylist(),
            lambda found: found._repr_html_(),
            lambda found: rows(pickle.loads(pickle.dumps(found))),
        ]
        expected = [use(found) for use in uses]

        def work(number: int) -> None:
            place = number % len(uses)
            assert uses[place](found) == expected[place]
            folder = found.save(tmp_path / str(number), "jsonl")
            with (folder / "mentions.jsonl").open(encoding="utf-8") as lines:
                assert sum(1 for _ in lines) == len(found.mentions)

        together(work)

    def test_an_analysis_that_grows_is_read_batch_by_batch(self, analyzer: marsad.Analyzer) -> None:
        """What a reader sees are whole batches. That two threads number their documents apart is not promised."""
        found = marsad.Analysis(analyzer)
        empty = ("text", "id", "published")
        done = threading.Event()

        def grow() -> None:
            for _ in range(60):
                found._core.add_arrow(pa.table({"text": TEXTS[:10]}), empty, None, None)
            done.set()

        def read() -> int:
            most = 0
            while not done.is_set():
                documents, mentions = len(found), found.mentions.column("doc")
                assert documents % 10 == 0
                assert len(mentions) % 40 == 0
                assert sum(found.counts().column("mentions")) % 40 == 0
                assert documents >= most
                most = documents
            return len(found)

        each = len(analyzer.analyze_corpus(TEXTS[:10]).mentions)
        assert each == 40, "four names in each text"
        assert together(lambda number: grow() if number == 0 else read(), 5)[1:] == [600] * 4
        assert [row["doc"] for row in found.documents.to_pylist()] == [str(number) for number in range(600)]

    def test_two_threads_may_grow_one_analysis(self, analyzer: marsad.Analyzer) -> None:
        found = marsad.Analysis(analyzer)
        tables = [pa.table({"text": [text], "id": [f"{number}"]}) for number, text in enumerate(TEXTS)]

        def grow(number: int) -> None:
            for table in tables[number::8]:
                found._core.add_arrow(table, ("text", "id", "published"), None, None)

        together(grow, 8)
        expected = {row["doc"]: row for row in analyzer.analyze_corpus(tables).documents.to_pylist()}
        assert {row["doc"]: row for row in found.documents.to_pylist()} == expected
        assert len(found) == len(TEXTS)

    def test_a_normalizer_serves_32_threads(self) -> None:
        normalizer = marsad.Normalizer("skeleton")
        short, long = "إلى مدرسةِ الـحيّ 'ٱلۡ", "أَحْمَدُ وجيييه " * 1000
        column = pa.chunked_array([[short, None], [long] * 3])
        uses: list[Callable[[], Any]] = [
            lambda: [normalizer.normalize(short) for _ in range(200)],
            lambda: normalizer.normalize(long),
            lambda: normalizer.normalize([short, None, long, "plain"]),
            lambda: normalizer.normalize(column).to_pylist(),
            lambda: normalizer.align(long).to_source(10, 4000),
            lambda: marsad.tokenize(long)[:500],
        ]
        expected = [use() for use in uses]

        def work(number: int) -> None:
            for turn in range(len(uses)):
                place = (number + turn) % len(uses)
                assert uses[place]() == expected[place]

        together(work)

    def test_a_reader_gives_each_batch_once(self, tmp_path: Path) -> None:
        for part in range(8):
            lines = (json.dumps({"id": f"{part}-{row}", "text": TEXTS[row % 60] * 20}) for row in range(700))
            (tmp_path / f"{part}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        expected = [batch.column("id") for batch in marsad.read(tmp_path)]
        reader = marsad.read(tmp_path)

        def work(_: int) -> list[list[str]]:
            found = []
            for batch in reader:
                found.append(batch.column("id"))
                assert "Reader" in repr(reader)
            return found

        seen = [batch for found in together(work, 8) for batch in found]
        assert len(expected) > 3
        assert sorted(seen) == sorted(expected)
        assert list(reader) == []

    def test_a_writer_takes_the_batches_of_8_threads(self, python: Run, tmp_path: Path) -> None:
        program = """
from marsad import _marsad
table = marsad.Analyzer(threads=1).analyze_corpus(TEXTS * 5).mentions._batches
writer = _marsad.Writer(sys.argv[1], table, "csv")
def work():
    for _ in range(4):
        writer.write(table)
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
writer.finish()
for late in (lambda: writer.write(table), writer.finish):
    try:
        late()
    except ValueError as fault:
        print(fault)
print(sum(1 for _ in open(sys.argv[1], encoding="utf-8")) == 1 + 32 * len(table))
"""
        target = tmp_path / "mentions.csv"
        done = python(LIMIT + f"sys.argv.append({str(target)!r})\n" + program)
        assert done.stdout.split("\n") == ["the file is finished"] * 2 + ["True", ""], done.stderr
        assert not target.with_name("mentions.csv.part").exists()

    def test_a_daemon_thread_at_work_does_not_break_the_end(self, python: Run) -> None:
        program = """
analyzer, normalizer = marsad.Analyzer(threads=2), marsad.Normalizer()
begun = [threading.Event() for _ in range(4)]
def corpus():
    while True:
        analyzer.analyze_corpus(TEXTS, progress=lambda done: begun[0].set())
def texts():
    while True:
        analyzer.analyze(TEXTS[0]), begun[1].set()
def normalize():
    while True:
        normalizer.normalize(TEXTS[0] * 500), begun[2].set()
def batches():
    for table in analyzer.analyze_batches(iter(lambda: TEXTS, None)):
        table.column("text"), begun[3].set()
for work in (corpus, texts, normalize, batches):
    threading.Thread(target=work, daemon=True).start()
[event.wait() for event in begun]
print("the end")
"""
        for _ in range(3):
            done = python(LIMIT + program)
            assert (done.returncode, done.stdout, done.stderr) == (0, "the end\n", "")


class StopError(Exception):
    """Raised by the callbacks below."""


class TestCallbacks:
    @pytest.mark.parametrize("kind", [StopError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError])
    @pytest.mark.parametrize("threads", [1, 2])
    def test_an_error_in_progress_leaves_the_analyzer_usable(self, kind: type[BaseException], threads: int) -> None:
        analyzer = marsad.Analyzer(threads=threads)
        expected = rows(analyzer.analyze_corpus(TEXTS))

        def stop(done: int) -> None:
            raise kind(f"stopped at {done}")

        for _ in range(5):
            with pytest.raises(kind, match="documents are done" if kind is KeyboardInterrupt else "stopped at"):
                analyzer.analyze_corpus(TEXTS * 20, progress=stop)
        assert rows(analyzer.analyze_corpus(TEXTS)) == expected

    def test_an_error_between_batches(self, analyzer: marsad.Analyzer) -> None:
        def broken(kind: type[BaseException]) -> Iterator[Any]:
            yield TEXTS
            yield pa.table({"text": TEXTS})
            raise kind("no more")

        for kind in (StopError, KeyboardInterrupt, OSError):
            with pytest.raises(kind, match="documents are done" if kind is KeyboardInterrupt else "no more"):
                analyzer.analyze_corpus(broken(kind))
            tables = analyzer.analyze_batches(broken(kind))
            assert len(next(tables)) == len(next(tables)) == len(analyzer.analyze_corpus(TEXTS).mentions)
            with pytest.raises(kind, match="no more"):
                next(tables)
            assert list(tables) == []

    def test_progress_may_analyze(self, analyzer: marsad.Analyzer) -> None:
        expected = rows(analyzer.analyze_corpus(TEXTS))
        depth, inner = [0], []

        def work(done: int) -> None:
            if depth[0] < 3:
                depth[0] += 1
                inner.append(rows(analyzer.analyze_corpus(TEXTS, progress=work)))
                assert analyzer.analyze(TEXTS[0]).entities
                assert len(analyzer.explain(TEXTS[0])) >= 3

        assert rows(analyzer.analyze_corpus(TEXTS, progress=work)) == expected
        assert inner == [expected] * 3

    def test_batches_that_analyze(self, analyzer: marsad.Analyzer) -> None:
        def fed() -> Iterator[Any]:
            for table in analyzer.analyze_batches([TEXTS[:5], TEXTS[5:]]):
                yield [" و".join(table.column("name"))]

        found = analyzer.analyze_corpus(fed())
        assert len(found) == 2
        assert sum(found.documents.column("mentions")) > 10

    def test_a_generator_closed_half_way(self, analyzer: marsad.Analyzer) -> None:
        closed = []

        def source() -> Iterator[list[str]]:
            try:
                while True:
                    yield TEXTS[:3]
            finally:
                closed.append(True)

        tables = analyzer.analyze_batches(source())
        assert len(next(tables)) == 12
        tables.close()  # type: ignore[attr-defined]
        assert closed == [True]
        assert list(tables) == []
        dropped = analyzer.analyze_batches(source())
        next(dropped)
        del dropped
        assert closed == [True] * 2
        assert len(analyzer.analyze_corpus(TEXTS[:3]).mentions) == 12


class TestProcesses:
    @FORKS
    def test_fork_while_other_threads_analyze(self, python: Run) -> None:
        program = """
analyzer, normalizer = marsad.Analyzer(threads=2), marsad.Normalizer()
expected = len(analyzer.analyze_corpus(TEXTS).mentions)
begun, stop = threading.Event(), False
def corpus():
    while not stop:
        analyzer.analyze_corpus(TEXTS, progress=lambda done: begun.set())
def texts():
    while not stop:
        analyzer.analyze(TEXTS[0]), normalizer.normalize(TEXTS[0] * 300)
threads = [threading.Thread(target=work) for work in (corpus, corpus, texts)]
[thread.start() for thread in threads]
begun.wait()
def work():
    assert len(analyzer.analyze_corpus(TEXTS).mentions) == expected
    assert len(analyzer.analyze(TEXTS[0]).entities) == 2
    assert normalizer.normalize("مدرسةٌ") == "مدرسه"
ends = [end for _ in range(8) for end in statuses([child(work), child(work)])]
stop = True
[thread.join() for thread in threads]
assert len(analyzer.analyze_corpus(TEXTS).mentions) == expected
print(len(ends), sum(map(abs, ends)))
"""
        done = python(LIMIT + program)
        assert done.stdout == "16 0\n", done.stderr

    @FORKS
    def test_fork_while_another_thread_starts_the_pool(self, python: Run) -> None:
        program = """
LONGEST = 5
texts = [text * 60 for text in TEXTS[:60]]
small = {"builtin_lexicon": False, "recognizer": False, "types": ("LOC",), "threads": 64}
ends = []
while len(ends) < 12 and not any(ends):
    analyzer = marsad.Analyzer({"القاهرة": ("CAIRO", "LOC")}, **small)
    thread = threading.Thread(target=analyzer.analyze_corpus, args=(texts,))
    thread.start()
    pids = []
    for _ in range(2):
        thread.join(0.001)
        pids.append(child(lambda: analyzer.analyze_corpus(texts)))
    thread.join()
    ends += statuses(pids)
print(sum(map(abs, ends)))
"""
        done = python(LIMIT + program)
        assert done.stdout == "0\n", done.stderr

    @FORKS
    def test_fork_while_another_thread_loads_the_lists(self, python: Run) -> None:
        program = """
def load():
    assert len(marsad.Analyzer(threads=1).analyze(TEXTS[0]).entities) == 2
thread = threading.Thread(target=load)
thread.start()
pids = []
while thread.is_alive() and len(pids) < 10:
    pids.append(child(load))
    thread.join(0.002)
thread.join()
print(len(pids) > 0, sum(map(abs, statuses(pids))))
"""
        done = python(LIMIT + program)
        assert done.stdout == "True 0\n", done.stderr

    @FORKS
    def test_fork_from_a_thread_and_from_progress(self, python: Run) -> None:
        program = """
analyzer = marsad.Analyzer(threads=2)
pids = []
def work():
    assert len(analyzer.analyze_corpus(TEXTS).mentions) == 1200
def fork(done):
    if len(pids) < 4:
        pids.append(child(work))
def corpus():
    analyzer.analyze_corpus(TEXTS, progress=fork)
    pids.append(child(work))
thread = threading.Thread(target=corpus)
thread.start()
thread.join()
corpus()
print(len(pids) >= 4, set(statuses(pids)))
"""
        done = python(LIMIT + program)
        assert done.stdout == "True {0}\n", done.stderr

    @FORKS
    def test_a_forked_child_that_drops_what_it_inherits(self, python: Run) -> None:
        program = """
import gc
# The child that ends as programs do would wait for the thread that keeps the limit.
faulthandler.cancel_dump_traceback_later()
signal.alarm(40)
analyzer = marsad.Analyzer(threads=2)
found = analyzer.analyze_corpus(TEXTS)
def work():
    global analyzer, found
    del analyzer, found
    gc.collect()
    assert len(marsad.Analyzer(threads=2).analyze_corpus(TEXTS).mentions) == 1200
pids = [child(work) for _ in range(8)]
pid = os.fork()
if pid == 0:
    signal.alarm(LONGEST)
    sys.exit(7)
print(statuses(pids), statuses([pid]))
"""
        done = python(LIMIT + program)
        assert done.stdout == "[0, 0, 0, 0, 0, 0, 0, 0] [7]\n", done.stderr

    @pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
    def test_a_pool_of_futures(self, method: str, tmp_path: Path) -> None:
        """The analyzer goes out, and the analyses come back, with another thread at work all the while."""
        program = tmp_path / "work.py"
        program.write_text(
            LIMIT.replace("import marsad\n", "import marsad, multiprocessing, concurrent.futures\n")
            + f"""
def work(analyzer, texts):
    return analyzer.analyze_corpus(texts)
if __name__ == "__main__":
    analyzer = marsad.Analyzer(lexicon={{"مشروع البحر": ("SEA", "PROJECT")}}, types=("LOC", "PROJECT"), threads=2)
    parts = [TEXTS[:50] + ["بدأ مشروع البحر"], TEXTS[:10], []]
    expected = [analyzer.analyze_corpus(part).counts().to_pylist() for part in parts]
    stop = False
    def busy():
        while not stop:
            analyzer.analyze_corpus(TEXTS)
    thread = threading.Thread(target=busy)
    thread.start()
    context = multiprocessing.get_context({method!r})
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        results = [pool.submit(work, analyzer, part) for part in parts]
        print([found.result().counts().to_pylist() for found in results] == expected)
    stop = True
    thread.join()
""",
            encoding="utf-8",
        )
        done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=60, check=False)
        assert done.stdout == "True\n", done.stderr

    @pytest.mark.parametrize("backend", ["loky", "threading", "multiprocessing"])
    def test_joblib(self, backend: str, python: Run) -> None:
        pytest.importorskip("joblib", reason="joblib is not installed")
        program = f"""
import joblib
analyzer, normalizer = marsad.Analyzer(threads=2), marsad.Normalizer("skeleton")
analyzer.analyze_corpus(TEXTS)
with joblib.parallel_config({backend!r}, n_jobs=2):
    found = joblib.Parallel()(joblib.delayed(analyzer.analyze_corpus)(TEXTS[:n]) for n in (3, 5, 7))
    keys = joblib.Parallel()(joblib.delayed(normalizer.normalize)(word) for word in ("مدرسةٌ", "وجيييه"))
print([len(one.mentions) for one in found], keys == [normalizer.normalize(word) for word in ("مدرسةٌ", "وجيييه")])
"""
        done = python(LIMIT + program)
        assert done.stdout == "[6, 10, 14] True\n", done.stderr


@pytest.mark.parametrize("module", ["pickle", "cloudpickle"])
def test_what_is_pickled_does_the_same(module: str, analyzer: marsad.Analyzer) -> None:
    dumper = pytest.importorskip(module, reason=f"{module} is not installed")

    def again(value: Any) -> Any:
        return dumper.loads(dumper.dumps(value))

    found = analyzer.analyze_corpus([{"text": text, "id": text[:9]} for text in TEXTS])
    copy = again(found)
    assert rows(copy) == rows(found)
    for by in (None, "document", "month"):
        assert copy.counts(by=by).to_pylist() == found.counts(by=by).to_pylist()
    assert copy.cooccurrence("sentence").to_pylist() == found.cooccurrence("sentence").to_pylist()
    assert copy.timeline("day").to_pylist() == found.timeline("day").to_pylist()
    assert rows(again(copy)) == rows(found), "a copy of a copy"
    assert rows(again(analyzer).analyze_corpus(TEXTS)) == rows(analyzer.analyze_corpus(TEXTS))
    for table in (found.mentions, found.counts(), marsad.Analysis(analyzer).dates):
        assert again(table).to_arrow().equals(table.to_arrow())
    document = analyzer.analyze(TEXTS[0], id="x")
    assert again(document) == document
    normalizer = marsad.Normalizer("light", digits=True)
    assert again(normalizer).enabled == normalizer.enabled
    assert again(normalizer.align("أَحْمَدُ")) == normalizer.align("أَحْمَدُ")
    for text in (TEXTS[0], "وبالرياض"):
        assert again(marsad.tokenize(text)) == marsad.tokenize(text)
        assert again(analyzer.explain(text)) == analyzer.explain(text)


def test_what_is_under_way_is_not_pickled(analyzer: marsad.Analyzer, root: Path) -> None:
    reader = marsad.read(root / "examples" / "news")
    for under_way in (reader, analyzer.analyze_batches([["x"]]), analyzer._core, found_core(analyzer)):
        with pytest.raises(TypeError, match="cannot pickle"):
            pickle.dumps(under_way)


def found_core(analyzer: marsad.Analyzer) -> _marsad.Analysis:
    return analyzer.analyze_corpus(["القاهرة"])._core


def test_interpreters_of_one_process(python: Run) -> None:
    """A second interpreter with a GIL of its own is refused in words; where both share one, it works."""
    program = """
import importlib
for name in ("_interpreters", "_xxsubinterpreters"):
    try:
        interpreters = importlib.import_module(name)
        break
    except ImportError:
        pass
number = interpreters.create()
inside = f'''
import sys
sys.path[:0] = {sys.path!r}
try:
    import marsad
    print("works", marsad.normalize("إلى"))
except ImportError as fault:
    print(fault)
'''
getattr(interpreters, "run_string", getattr(interpreters, "exec", None))(number, inside)
interpreters.destroy(number)
print(marsad.normalize("إلى"))
"""
    done = python(LIMIT + program)
    refused = "module marsad._marsad does not support loading in subinterpreters\nالي\n"
    assert done.stdout in ("works الي\nالي\n", refused), done.stderr
    assert (done.stdout == refused) == (sys.version_info >= (3, 12))
    assert done.returncode == 0


@pytest.mark.skipif(
    not (hasattr(sys, "_is_gil_enabled") and sysconfig.get_config_var("Py_GIL_DISABLED")),
    reason="this interpreter has a GIL; a free-threaded CPython (3.14t) is needed",
)
def test_a_free_threaded_interpreter_stays_free(python: Run) -> None:
    done = python(LIMIT + "print(sys._is_gil_enabled())", "-W", "error")
    assert (done.stdout, done.stderr) == ("False\n", "")
