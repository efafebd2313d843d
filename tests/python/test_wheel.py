"""The wheel, where one was built: small, whole, typed, with its notices and nothing else."""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from pathlib import Path
from typing import Any

import marsad
import pytest

ROOT = Path(__file__).resolve().parents[2]
WHEELS = sorted((ROOT / "target" / "wheels").glob("marsad-*.whl"))


def load() -> Any:
    """Import tools/release_files.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("release_files", ROOT / "tools" / "release_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["release_files"] = module
    spec.loader.exec_module(module)
    return module


FILES = load()
VERSION = marsad.__version__
RECORDS = f"marsad-{VERSION}.dist-info/"
NAME = f"marsad-{VERSION}-cp310-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"


@pytest.mark.skipif(not WHEELS, reason="target/wheels holds no wheel")
def test_what_make_wheel_has_built() -> None:
    for wheel in WHEELS:
        # The libc is that of this machine, which need not be one that is released for.
        assert FILES.wheel_faults(wheel, VERSION, released=False) == [], wheel.name


@pytest.mark.skipif(not WHEELS, reason="target/wheels holds no wheel")
def test_the_command() -> None:
    for wheel in WHEELS:
        with zipfile.ZipFile(wheel) as archive:
            scripts = archive.read(f"{RECORDS}entry_points.txt").decode()
        assert "marsad=marsad.cli:main" in scripts.replace(" ", "")


def contents() -> dict[str, bytes]:
    """The files of a wheel that lacks nothing."""
    made = dict.fromkeys(FILES.package_files(), b"")
    made["marsad/_marsad.abi3.so"] = b"\x7fELF"
    made |= {f"{RECORDS}licenses/{notice}": (ROOT / notice).read_bytes() for notice in FILES.NOTICES}
    made[f"{RECORDS}METADATA"] = ("\n".join(FILES.due_lines(VERSION)) + "\n\nRequires-Dist: prose\n").encode()
    tags = ("cp310-abi3-manylinux_2_17_x86_64", "cp310-abi3-manylinux2014_x86_64")
    made[f"{RECORDS}WHEEL"] = "".join(f"Tag: {tag}\n" for tag in tags).encode()
    made[f"{RECORDS}RECORD"] = b""
    return made


def faults(folder: Path, made: dict[str, bytes], name: str = NAME) -> str:
    """What is told of a wheel with these files."""
    with zipfile.ZipFile(folder / name, "w") as archive:
        for inside, data in made.items():
            archive.writestr(inside, data)
    return "; ".join(FILES.wheel_faults(folder / name, VERSION))


def test_a_whole_wheel_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, contents()) == ""


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ("marsad/py.typed", "marsad/py.typed is missing"),
        ("marsad/_marsad.pyi", "marsad/_marsad.pyi is missing"),
        ("marsad/page/report.css", "marsad/page/report.css is missing"),
        ("marsad/_marsad.abi3.so", "0 compiled modules"),
        (f"{RECORDS}licenses/THIRD_PARTY_LICENSES.txt", "THIRD_PARTY_LICENSES.txt is missing"),
        (f"{RECORDS}WHEEL", "lacks METADATA or WHEEL"),
    ],
)
def test_what_is_missing(tmp_path: Path, lost: str, told: str) -> None:
    made = contents()
    del made[lost]
    assert told in faults(tmp_path, made)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("marsad/__pycache__/text.pyc", b"", "marsad/__pycache__/text.pyc is a stray file"),
        ("tests/test_it.py", b"", "tests/test_it.py is a stray file"),
        ("marsad/_marsad.pyd", b"", "2 compiled modules"),
        (f"{RECORDS}licenses/NOTICE", b"another", "differs from the repository's"),
        (f"{RECORDS}METADATA", b"Name: marsad\nRequires-Dist: numpy\n\n", "nothing may be needed but by an extra"),
        (f"{RECORDS}METADATA", b"Name: marsad\n\n", f"METADATA lacks 'Version: {VERSION}'"),
        (f"{RECORDS}WHEEL", b"Tag: cp311-cp311-linux_x86_64\n", "the name says cp310-abi3-"),
    ],
)
def test_what_is_too_much_or_another(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    assert told in faults(tmp_path, contents() | {name: data})


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("cp311-cp311-manylinux_2_17_x86_64", "cp310-abi3 is due"),
        ("cp310-abi3-linux_x86_64", "none that is released"),
        ("cp310-abi3-manylinux_2_34_x86_64", "none that is released"),
        ("cp310-abi3-musllinux_1_2_aarch64", ""),
        ("cp310-abi3-manylinux_2_28_aarch64", ""),
        ("cp310-abi3-macosx_11_0_arm64", ""),
        ("cp310-abi3-win_amd64", ""),
    ],
)
def test_tags(tmp_path: Path, tag: str, told: str) -> None:
    found = faults(tmp_path, contents() | {f"{RECORDS}WHEEL": f"Tag: {tag}\n".encode()}, f"marsad-{VERSION}-{tag}.whl")
    assert (told in found) if told else (found == "")


def test_a_wheel_that_is_too_large(tmp_path: Path) -> None:
    made = contents()
    made["marsad/_marsad.abi3.so"] = bytes(FILES.WHEEL_BYTES)
    assert f"less than {FILES.WHEEL_BYTES:,} are due" in faults(tmp_path, made)
