"""The wheel, where one was built: small, typed, with its notices."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

WHEELS = sorted((Path(__file__).resolve().parents[2] / "target" / "wheels").glob("marsad-*.whl"))

pytestmark = pytest.mark.skipif(not WHEELS, reason="target/wheels holds no wheel")


@pytest.fixture(params=WHEELS, ids=lambda path: path.name)
def wheel(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_size(wheel: Path) -> None:
    assert wheel.stat().st_size < 8_000_000


def test_files(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    package = {name.removeprefix("marsad/") for name in names if name.startswith("marsad/")}
    source = Path(__file__).resolve().parents[2] / "python" / "marsad"
    left_out = {".so", ".pyd", ".pyc"}
    expected = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    assert {name for name in expected if not name.endswith(tuple(left_out))} <= package
    assert sum(name.startswith("_marsad.") and name.endswith((".so", ".pyd")) for name in package) == 1
    for notice in ("NOTICE", "LICENSE-MIT", "LICENSE-APACHE"):
        assert any(name.endswith(f".dist-info/licenses/{notice}") for name in names), notice
    assert not [name for name in names if "__pycache__" in name or "/data/" in name]


def test_metadata(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = archive.read(name).decode()
        (scripts,) = [name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt")]
        assert "marsad=marsad.cli:main" in archive.read(scripts).decode().replace(" ", "")
    assert "abi3" in wheel.name
    needed = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:")]
    assert all("extra ==" in line for line in needed), "no hard dependency"
    assert "Requires-Python: >=3.10" in metadata
