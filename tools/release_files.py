"""What a wheel and a source distribution of Marsad must hold, and must not; each fault is a sentence."""

from __future__ import annotations

import re
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
NOTICES = ("LICENSE-APACHE", "LICENSE-MIT", "NOTICE", "THIRD_PARTY_LICENSES.txt")
#: Bytes that a wheel may take, and a source distribution.
WHEEL_BYTES = 8_000_000
SDIST_BYTES = 8_000_000
#: What is released: Linux with a libc of 2014 or 2018 or with musl 1.2, macOS 10.12 or 11, Windows.
PLATFORMS = re.compile(
    r"(manylinux(2014|_2_17|_2_28)|musllinux_1_2)_(x86_64|aarch64)|macosx_(10_12_x86_64|11_0_arm64)|win_amd64"
)
MODULES = re.compile(r"marsad/_marsad\.(abi3\.so|pyd)")
RECORDS = re.compile(r"(METADATA|WHEEL|RECORD|entry_points\.txt|sboms/[^/]+\.json|licenses/[^/]+)")
#: What a source distribution is built from; anything else in it is a stray file.
SOURCES = re.compile(
    r"(PKG-INFO|Cargo\.(toml|lock)|pyproject\.toml|build\.rs|README\.md|CHANGELOG\.md|LICENSE-MIT|LICENSE-APACHE|NOTICE"
    r"|THIRD_PARTY_LICENSES\.txt|models/(tagger\.bin|README\.md)|benches/[^/]+\.(rs|py|json)|benches/compare/[^/]+\.(py|rs)"
    r"|tools/[^/]+\.rs|tools/train/[^/]+\.rs|src/.+\.rs|data/.+\.(toml|tsv|txt)|python/marsad/.+)"
)


def package_files() -> set[str]:
    """The files of the package that every wheel has, as a wheel names them."""
    folder = ROOT / "python" / "marsad"
    kept = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {f"marsad/{path.relative_to(folder).as_posix()}" for path in kept if path.suffix not in (".so", ".pyd")}


def wheel_faults(path: Path, version: str, *, released: bool = True) -> list[str]:
    """What is wrong with a wheel; one that is not to be released may be of any platform."""
    faults = []
    with zipfile.ZipFile(path) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
        records = f"marsad-{version}.dist-info/"
        texts = {
            name: archive.read(records + name).decode() for name in ("METADATA", "WHEEL") if records + name in names
        }
        for notice in NOTICES:
            inside = f"{records}licenses/{notice}"
            if inside not in names:
                faults.append(f"{notice} is missing from {records}licenses/")
            elif archive.read(inside) != (ROOT / notice).read_bytes():
                faults.append(f"{inside} differs from the repository's")
    if path.stat().st_size >= WHEEL_BYTES:
        faults.append(f"{path.stat().st_size:,} bytes; less than {WHEEL_BYTES:,} are due")
    faults += [f"{name} is missing" for name in sorted(package_files() - names)]
    modules = {name for name in names if MODULES.fullmatch(name)}
    if len(modules) != 1:
        faults.append(f"{len(modules)} compiled modules; one is due")
    own = {name for name in names if name.startswith(records) and RECORDS.fullmatch(name.removeprefix(records))}
    faults += [f"{name} is a stray file" for name in sorted(names - package_files() - modules - own)]
    if len(texts) < 2:
        return [*faults, f"{records} lacks METADATA or WHEEL"]
    return faults + metadata_faults(texts["METADATA"], version) + tag_faults(path, texts["WHEEL"], released)


def metadata_faults(metadata: str, version: str) -> list[str]:
    """What is wrong with the head of METADATA; the long description after it is not read."""
    lines = metadata.partition("\n\n")[0].splitlines()
    faults = [f"METADATA lacks {due!r}" for due in due_lines(version) if due not in lines]
    needed = [line for line in lines if line.startswith("Requires-Dist:") and "extra ==" not in line]
    return faults + [f"{line!r}: nothing may be needed but by an extra" for line in needed]


def due_lines(version: str) -> list[str]:
    """The lines that METADATA must have."""
    notices = [f"License-File: {notice}" for notice in NOTICES]
    return ["Name: marsad", f"Version: {version}", "Requires-Python: >=3.10", *notices]


def tag_faults(path: Path, wheel: str, released: bool) -> list[str]:
    """What is wrong with the tags in the name and in WHEEL."""
    python, abi, platform = path.stem.split("-")[-3:]
    tags = {line.removeprefix("Tag: ") for line in wheel.splitlines() if line.startswith("Tag: ")}
    faults = []
    if tags != {f"{python}-{abi}-{one}" for one in platform.split(".")}:
        faults.append(f"the name says {python}-{abi}-{platform}, WHEEL says {', '.join(sorted(tags))}")
    if (python, abi) != ("cp310", "abi3"):
        faults.append(f"tag {python}-{abi}; cp310-abi3 is due")
    if released and not all(PLATFORMS.fullmatch(one) for one in platform.split(".")):
        faults.append(f"platform {platform} is none that is released; `make release-wheel` makes manylinux_2_17")
    return faults


def sdist_faults(path: Path, version: str) -> list[str]:
    """What is wrong with a source distribution."""
    faults = []
    top = f"marsad-{version}"
    with tarfile.open(path) as archive:
        members = archive.getmembers()
    names = {member.name.removeprefix(f"{top}/") for member in members if member.isfile()}
    for member in members:
        place = PurePosixPath(member.name)
        if (
            not (member.isfile() or member.isdir())
            or place.is_absolute()
            or ".." in place.parts
            or place.parts[0] != top
        ):
            faults.append(f"{member.name}: only files and folders under {top}/ are due")
    due = {
        *NOTICES,
        "PKG-INFO",
        "Cargo.toml",
        "Cargo.lock",
        "pyproject.toml",
        "build.rs",
        "src/lib.rs",
        "models/tagger.bin",
    }
    due |= {f"python/{name}" for name in package_files()}
    due |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("*") if path.is_file()}
    faults += [f"{name} is missing" for name in sorted(due - names)]
    faults += [f"{name} is a stray file" for name in sorted(names) if not SOURCES.fullmatch(name)]
    if path.stat().st_size >= SDIST_BYTES:
        faults.append(f"{path.stat().st_size:,} bytes; less than {SDIST_BYTES:,} are due")
    return faults
