"""What ``make release-check`` says; the checks that need no build are also made on the repository as it is."""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import marsad
import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(name: str) -> Any:
    """Import a program of tools/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


TOOL = load("release_check")
LICENCES = load("licences")
NOTHING = TOOL.Given([], None)


@pytest.mark.parametrize("check", [TOOL.versions, TOOL.notice, TOOL.locks], ids=lambda check: check.__name__)
def test_the_repository_passes(check: Any) -> None:
    outcome = TOOL.outcome(check, NOTHING)
    assert outcome.end == TOOL.PASSED, outcome.words


@pytest.mark.skipif(shutil.which("cargo") is None, reason="cargo lists the crates, and is missing")
def test_the_licences_are_fresh() -> None:
    outcome = TOOL.outcome(TOOL.licences, NOTHING)
    assert outcome.end == TOOL.PASSED, outcome.words


def test_every_crate_has_a_text_and_every_text_a_crate() -> None:
    text = LICENCES.FILE.read_text(encoding="utf-8")
    head, *texts = text.split(LICENCES.RULE)
    numbers = [part.split("]")[0].strip("\n[") for part in texts]
    rows = [line.split(" | ") for line in head.splitlines() if " | " in line]
    assert numbers == [str(place) for place in range(1, len(texts) + 1)]
    assert len(rows) > 50
    assert all(len(row) == 3 and row[2] for row in rows)
    assert {number for row in rows for number in row[2].replace("[", "").replace("]", "").split()} | {"1"} == set(
        numbers
    )
    assert len(text.encode()) < 400_000


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    (tmp_path / "LICENSE-MIT").write_text("Copyright (c) A\r\nfree  \n", encoding="utf-8")
    (tmp_path / "NOTICE.txt").write_text("made by A", encoding="utf-8")
    (tmp_path / "README.md").write_text("no licence", encoding="utf-8")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "LICENSE").write_text("Copyright (c) C", encoding="utf-8")
    (tmp_path / "c" / "COPYING").write_text("the other choice", encoding="utf-8")
    return tmp_path


def test_texts_of_a_crate(crate: Path) -> None:
    found = LICENCES.texts(LICENCES.Crate("a", "1.0.0", "MIT", crate))
    assert found == ["Copyright (c) A\nfree", "Copyright (c) C", "made by A"]


def test_a_text_is_printed_once(crate: Path) -> None:
    page = LICENCES.page([LICENCES.Crate(name, "1.0.0", "MIT", crate) for name in ("a", "b")])
    assert page.count("Copyright (c) C") == 1
    assert "a 1.0.0 | MIT | [2] [3] [4]\nb 1.0.0 | MIT | [2] [3] [4]\n" in page


def test_a_crate_without_a_text(tmp_path: Path) -> None:
    (apache,) = LICENCES.texts(LICENCES.Crate("a", "1.0.0", "MIT OR Apache-2.0", tmp_path))
    assert "Apache License" in apache
    with pytest.raises(SystemExit, match="no licence file"):
        LICENCES.texts(LICENCES.Crate("a", "1.0.0", "BSD-3-Clause", tmp_path))


@pytest.fixture
def named(tmp_path: Path) -> Path:
    """Copies of the files that say a version."""
    for name in ("pyproject.toml", "Cargo.lock", "CITATION.cff", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("CITATION.cff", "version: 0.1.0", "version: 9.9.9", "CITATION.cff has version 9.9.9"),
        ("CHANGELOG.md", "## [0.1.0]", "## [9.9.9]", "CHANGELOG.md has version 9.9.9"),
        ("Cargo.lock", 'name = "marsad"\nversion = "0.1.0"', 'name = "marsad"\nversion = "9.9.9"', "Cargo.lock"),
        ("pyproject.toml", 'dynamic = ["version"]', "dynamic = []", "pyproject.toml"),
    ],
)
def test_versions_that_differ(named: Path, file: str, old: str, new: str, told: str) -> None:
    due = marsad.__version__
    assert TOOL.version_faults(due, named, None) == []
    text = (named / file).read_text(encoding="utf-8")
    old, new = old.replace("0.1.0", due), new.replace("0.1.0", due)
    assert old in text
    (named / file).write_text(text.replace(old, new), encoding="utf-8")
    (fault,) = TOOL.version_faults(due, named, None)
    assert told in fault


def test_a_tag_is_the_version_and_has_its_day(named: Path) -> None:
    due = marsad.__version__
    text = (named / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = next(line for line in text.splitlines() if line.startswith(f"## [{due}] - "))
    (named / "CHANGELOG.md").write_text(text.replace(heading, f"## [{due}] - 2026-12-01"), encoding="utf-8")
    assert TOOL.version_faults(due, named, f"v{due}") == []
    assert TOOL.version_faults(due, named, "v9.9.9") == [f"the tag is v9.9.9, v{due} is due"]
    (named / "CHANGELOG.md").write_text(text.replace(heading, f"## [{due}] - unreleased"), encoding="utf-8")
    (fault,) = TOOL.version_faults(due, named, f"v{due}")
    assert "the day of the release is due" in fault


def test_data_that_notice_does_not_name() -> None:
    text = "A: data/a.tsv\n  licence: MIT\n\nB: data/b.tsv\n  licence: CC-BY-4.0\n"
    assert TOOL.notice_faults(text, [("data/a.tsv", "MIT"), ("data/b.tsv", "CC-BY-4.0")]) == []
    (fault,) = TOOL.notice_faults(text, [("data/a.tsv", "CC-BY-4.0")])
    assert fault == "NOTICE names no data/a.tsv under CC-BY-4.0"


def test_licences_of_data(tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text("# licence: MIT OR Apache-2.0\n", encoding="utf-8")
    (tmp_path / "other.toml").write_text('licence = "MIT"\n', encoding="utf-8")
    assert list(TOOL.foreign_data(tmp_path)) == [("data/other.toml", "MIT")]
    (tmp_path / "none.tsv").write_text("# source: unknown\n", encoding="utf-8")
    with pytest.raises(TOOL.FaultError, match=r"none\.tsv: no licence"):
        list(TOOL.foreign_data(tmp_path))


@pytest.mark.parametrize(
    ("lock", "told"),
    [
        ("Some_Name==2.1 \\\n    --hash=sha256:00\n", ""),
        ("some-name==2.1\n", "some-name has no hash"),
        ("some-name==3.0 --hash=sha256:00\n", "['3.0'] is pinned"),
        ("other==2.1 --hash=sha256:00\n", "nothing is pinned"),
    ],
)
def test_locks(lock: str, told: str) -> None:
    pytest.importorskip("packaging")
    faults = TOOL.lock_faults("x.txt", "# made by make locks\n" + lock, ["some-name>=2,<3"])
    assert any(told in fault for fault in faults) if told else faults == []


def test_groups_include_others() -> None:
    assert TOOL.members({"a": ["x", {"include-group": "b"}], "b": ["y"]}, "a") == ["x", "y"]


def source(folder: Path, **changed: bytes | None) -> Path:
    """A source distribution of empty files, with some left out (None) or added."""
    files = TOOL.release_files
    due = {*files.NOTICES, "PKG-INFO", "Cargo.toml", "Cargo.lock", "pyproject.toml", "build.rs", "src/lib.rs"}
    due |= {"models/tagger.bin"} | {f"python/{name}" for name in files.package_files()}
    due |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("*") if path.is_file()}
    made = {**dict.fromkeys(due, b""), **changed}
    with tarfile.open(folder / "marsad.tar.gz", "w:gz") as archive:
        for name, data in made.items():
            if data is not None:
                entry = tarfile.TarInfo(f"marsad-1.0/{name}")
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
    return folder / "marsad.tar.gz"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, None),
        ({"NOTICE": None}, "NOTICE is missing"),
        ({"data/profiles.toml": None}, "data/profiles.toml is missing"),
        ({"models/articles/a.txt": b""}, "models/articles/a.txt is a stray file"),
        ({"../../evil": b""}, "marsad-1.0/../../evil: only files and folders"),
    ],
)
def test_source_distributions(tmp_path: Path, changed: dict[str, bytes | None], told: str | None) -> None:
    faults = TOOL.release_files.sdist_faults(source(tmp_path, **changed), "1.0")
    assert any(told in fault for fault in faults) if told else faults == []


def test_a_link_in_a_source_distribution(tmp_path: Path) -> None:
    path = tmp_path / "linked.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("marsad-1.0/NOTICE")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(entry)
    assert "marsad-1.0/NOTICE: only files" in "; ".join(TOOL.release_files.sdist_faults(path, "1.0"))


def fails(_: Any) -> str:
    raise TOOL.FaultError("broken")


def cannot(_: Any) -> str:
    raise TOOL.NotRunError("no such program")


def test_how_checks_end() -> None:
    ends = [TOOL.outcome(check, NOTHING) for check in (fails, cannot)]
    assert [(one.check, one.end, one.words) for one in ends] == [
        ("fails", TOOL.FAILED, "broken"),
        ("cannot", TOOL.NOT_RUN, "no such program"),
    ]
    passed = TOOL.Outcome("fine", TOOL.PASSED, "")
    assert [TOOL.status([passed, one], strict=False) for one in ends] == [1, 0]
    assert [TOOL.status([passed, one], strict=True) for one in ends] == [1, 1]


def test_the_table() -> None:
    command = [sys.executable, str(ROOT / "tools" / "release_check.py"), "--only", "versions", "--tag", "v9.9.9"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stderr
    assert "versions    FAILED   the tag is v9.9.9" in done.stdout
    assert "0 passed, 1 failed, 0 not run" in done.stdout


def test_a_program_that_is_missing_is_told() -> None:
    with pytest.raises(TOOL.NotRunError, match="no-such-program is not installed"):
        TOOL.program("no-such-program")


def test_what_a_program_says_is_told() -> None:
    with pytest.raises(TOOL.FaultError, match="this went wrong"):
        TOOL.run(sys.executable, "-c", "import sys; sys.exit('this went wrong')")
