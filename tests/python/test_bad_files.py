"""Files and folders that cannot be opened or do not stay as they are, and what a reader does about faults."""

from __future__ import annotations

import os
import pickle
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import marsad
import pytest
from marsad import _marsad

sys.path.insert(0, str(Path(__file__).parent))

from bad_data import read_on

posix = pytest.mark.skipif(os.name != "posix", reason="this system has no such files")


def written(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    """A socket; its name must be short, so it is made elsewhere."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{folder}/s")
        shutil.move(f"{folder}/s", path)


SPECIAL: list[tuple[str, Callable[[Path], None], str]] = [
    ("pipe", pipe, "PATH: found a pipe; a file is due; copy what comes out of it to a file"),
    ("socket", listening, "PATH: found a socket; a file is due; copy what comes out of it to a file"),
    (
        "device",
        lambda path: path.symlink_to("/dev/zero"),
        "PATH: found a device; a file is due; copy what comes out of it to a file",
    ),
    ("dangling", lambda path: path.symlink_to("nowhere.txt"), "[Errno 2] No such file or directory: 'PATH'"),
    ("loop", lambda path: path.symlink_to(path), "[Errno 40] Too many levels of symbolic links: 'PATH'"),
]


@posix
@pytest.mark.parametrize(("make", "message"), [pytest.param(*rest, id=name) for name, *rest in SPECIAL])
def test_what_is_no_file(make: Callable[[Path], None], message: str, tmp_path: Path) -> None:
    if "40" in message and sys.platform != "linux":
        pytest.skip("the number of this error is Linux's")
    written(tmp_path, "1.txt", "3.txt")
    make(tmp_path / "2.txt")
    texts, faults = read_on(marsad.read(tmp_path))
    assert texts == ["1.txt", "3.txt"]
    assert [str(fault) for fault in faults] == [message.replace("PATH", str(tmp_path / "2.txt"))]


@posix
def test_a_pipe_that_is_named_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    with pytest.raises(marsad.DataError, match="found a pipe; a file is due"):
        next(marsad.read(tmp_path / "a.jsonl"))


@posix
def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    written(tmp_path, "a/1.txt", "b.txt/2.txt")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    (tmp_path / "a" / "like.txt").symlink_to(tmp_path)
    (tmp_path / "c.txt").symlink_to(tmp_path / "a" / "1.txt")
    assert read_on(marsad.read(tmp_path)) == (["a/1.txt", "b.txt/2.txt", "a/1.txt"], [])


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder that a user without rights may look into, and the process as that user."""
    if os.name != "posix":
        pytest.skip("this system has no such users")
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def as_nobody(work: Callable[[], Any]) -> Any:
    if os.geteuid() != 0:
        return work()
    os.seteuid(65534)
    try:
        return work()
    finally:
        os.seteuid(0)


def test_a_folder_and_a_file_without_rights(nobody: Path) -> None:
    written(nobody, "1.txt", "2/a.txt", "2/b/c.txt", "3.txt", "4.txt")
    (nobody / "2").chmod(0)
    (nobody / "3.txt").chmod(0)
    try:
        texts, faults = as_nobody(lambda: read_on(marsad.read(nobody)))
        with pytest.raises(PermissionError):
            as_nobody(lambda: marsad.read(nobody / "2"))
    finally:
        (nobody / "2").chmod(0o755)
    assert texts == ["1.txt", "4.txt"]
    assert [(type(fault), fault.filename) for fault in faults if isinstance(fault, OSError)] == [
        (PermissionError, str(nobody / "2")),
        (PermissionError, str(nobody / "3.txt")),
    ]
    assert len(faults) == 2


def test_a_file_that_goes_before_it_is_read(tmp_path: Path) -> None:
    written(tmp_path, "1.txt", "2.txt", "3.txt")
    reader = marsad.read(tmp_path)
    (tmp_path / "2.txt").unlink()
    texts, faults = read_on(reader)
    assert texts == ["1.txt", "3.txt"]
    assert [str(fault) for fault in faults] == [f"[Errno 2] No such file or directory: '{tmp_path / '2.txt'}'"]


@pytest.mark.parametrize("more", [b'{"text": "more"}\n', b""], ids=["longer", "cut"])
def test_a_file_that_changes_while_it_is_read(more: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    row = b'{"text": "' + b"x" * 1000 + b'"}\n'
    path.write_bytes(row * 20_000)
    written(tmp_path, "b.txt")
    reader = marsad.read(tmp_path)
    rows = len(next(reader))
    with path.open("ab") as file:
        if more:
            file.write(more)
        else:
            file.truncate(len(row) * 19_000)
    after = path.stat().st_size
    texts, faults = read_on(reader)
    assert rows + len(texts) == (20_002 if more else 19_001)
    assert texts[-1] == "b.txt"
    assert [str(fault) for fault in faults] == [
        f"{path}: the file has changed while it was read ({len(row) * 20_000:,} bytes before, {after:,} after); "
        "rows may be missing or torn; read it again"
    ]


def test_a_file_that_is_only_read_has_not_changed(tmp_path: Path) -> None:
    written(tmp_path, "a.txt")
    reader = marsad.read(tmp_path)
    (tmp_path / "a.txt").read_bytes()
    assert read_on(reader) == (["a.txt"], [])


@posix
@pytest.mark.parametrize("name", ["a\nb.txt", "a'\"b.txt", "مقال.txt", "\x1b[31m.txt", "\u202etxt.txt"])
def test_names_of_files(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\xff")
    (tmp_path / "z.txt").write_bytes(b"x")
    texts, (fault,) = read_on(marsad.read(tmp_path))
    assert texts == ["x"]
    assert str(fault).isprintable()
    shown = name.replace("\n", "\\n").replace("\x1b", "\\u{1b}").replace("\u202e", "\\u{202e}")
    assert str(fault).startswith(f"{tmp_path}/{shown}:1:1: byte 0xFF is not UTF-8")


@posix
def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xc8\xdb.txt"
    try:
        with open(name, "wb") as file:
            file.write(b"x")
    except OSError:
        pytest.skip("this file system wants names in UTF-8")
    (batch,) = marsad.read(tmp_path)
    assert batch.to_pylist() == [{"id": "\ufffd\ufffd.txt", "text": "x", "published": None}]
    reader = marsad.read(tmp_path)
    os.unlink(name)
    _, (fault,) = read_on(reader)
    assert isinstance(fault, FileNotFoundError)
    assert os.fsencode(fault.filename) == name


def test_faults_are_kept_up_to_a_thousand(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'x\n{"text": "y"}\n' * 2500)
    reader = marsad.read(tmp_path, on_error="skip")
    assert (reader.faults, reader.fault_count) == ([], 0)
    batches = list(reader)
    assert sum(map(len, batches)) == 2500
    assert len(batches) < 10, "faults do not make small batches"
    assert reader.fault_count == 2500
    assert len(reader.faults) == 1000
    assert str(reader.faults[-1]).startswith(f"{tmp_path / 'a.jsonl'}:1999:1: ")
    assert repr(reader).endswith(", on_error='skip', fault_count=2500, files_left=0)")
    assert all(fault.__traceback__ is None for fault in reader.faults)
    assert [str(fault) for fault in pickle.loads(pickle.dumps(reader.faults))] == list(map(str, reader.faults))
    reader.faults.clear()
    assert len(reader.faults) == 1000, "the list is the caller's own"


def test_raising_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'x\n{"text": "y"}\n')
    reader = marsad.read(tmp_path)
    assert read_on(reader)[0] == ["y"]
    assert (reader.faults, reader.fault_count) == ([], 0)
    assert "on_error" not in repr(reader)


def test_what_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        marsad.read(tmp_path / "no.txt", on_error="skip")


def test_a_run_over_a_folder_with_faults(tmp_path: Path, analyzer: marsad.Analyzer) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "زار القاهرة"}\nbad\n', encoding="utf-8")
    reader = marsad.read(tmp_path, on_error="skip")
    found = analyzer.analyze_corpus(reader)
    assert found.mentions.column("text") == ["القاهرة"]
    assert reader.fault_count == 1


def test_a_stream_goes_on_behind_a_bad_line() -> None:
    names = ("text", "id", "published")
    core = _marsad.Reader.stream(b'\n{"text": "x"}\nbad\n{"text": "y"}\n', *names)
    texts, faults = [], []
    while True:
        try:
            texts += next(core).column(1)
        except StopIteration:
            break
        except marsad.DataError as fault:
            faults.append(str(fault))
    assert texts == ["x", "y"]
    assert faults == ["<stdin>:3:1: expected value; one JSON object a line is due"]
    assert [len(batch) for batch in _marsad.Reader.stream("\ufeffنص".encode(), *names)] == [1]
    with pytest.raises(marsad.DataError, match="<stdin>: the file holds more than 2 bytes"):
        _marsad.Reader.stream(b"xyz", *names, 2)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"on_error": "ignore"}, ValueError, "on_error: found 'ignore'; 'raise' or 'skip' is due"),
        ({"on_error": True}, TypeError, "on_error: found bool; 'raise' or 'skip' is due"),
        ({"max_bytes": 0}, ValueError, "max_bytes: found 0; a number from 1 to 2000000000 is due"),
        ({"max_bytes": 1 << 40}, ValueError, f"max_bytes: found {1 << 40}; a number from 1 to 2000000000 is due"),
        ({"max_bytes": 1.5}, TypeError, "max_bytes: found float; a whole number is due"),
        ({"max_bytes": True}, TypeError, "max_bytes: found bool; a whole number is due"),
    ],
)
def test_options(options: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        marsad.read([], **options)
    assert str(caught.value) == message
