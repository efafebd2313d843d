"""Writes the licences of the crates in the wheel: python tools/licences.py [--check]

THIRD_PARTY_LICENSES.txt lists every crate that is compiled into a wheel of any platform in TARGETS, with version, SPDX
expression and the numbers of its texts; each text is printed once. Crates that only the tests, the benches or a build
script need are left out; those of macros are in, for what a macro writes is compiled.
--check writes nothing and ends with exit status 1 where the file differs from what would be written.

Why a script: cargo-about and cargo-bundle-licenses take minutes to compile before the first check, put a general text
in place of a file that they do not know, and leave the NOTICE files of Apache-2.0 out. `make audit` has cargo-deny
read the same expressions.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "THIRD_PARTY_LICENSES.txt"
TARGETS = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
)
#: Files of a crate that hold a licence or what one asks to be passed on.
TEXTS = re.compile(r"(licen[sc]e|copying|copyright|notice|unlicense)([-_.].*)?", re.IGNORECASE)
#: Libraries in C lie in folders of their crate. COPYING of Zstandard is the GPL, the choice that is not taken here.
VENDORED = "*/LICENSE*"
RULE = "-" * 120
HEAD = """Licences of the Rust crates in Marsad's compiled module, written by `python tools/licences.py`.
Licences of data are in NOTICE, Marsad's own in LICENSE-MIT and LICENSE-APACHE.
The numbers are those of the texts below. The standard library of Rust is compiled in too: MIT OR Apache-2.0,
copyright (c) The Rust Project Contributors, here under Apache-2.0, text [{apache}].
"""


class Crate(NamedTuple):
    """A crate and where its source lies."""

    name: str
    version: str
    licence: str
    folder: Path


def cargo(*arguments: str) -> str:
    """What cargo prints; where it fails, its own words."""
    done = subprocess.run(
        ["cargo", *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        sys.exit(f"cargo {arguments[0]}: {done.stderr.strip()}")
    return done.stdout


def crates() -> list[Crate]:
    """The crates of the wheels, by name and version."""
    told = json.loads(cargo("metadata", "--locked", "--format-version", "1", "--features", "python"))
    known = {(package["name"], package["version"]): package for package in told["packages"]}
    platforms = [word for target in TARGETS for word in ("--target", target)]
    tree = ("tree", "--locked", "--features", "python", "--edges", "normal", "--prefix", "none", "--format", "{p}")
    # Two kinds of edges that lead to one crate print it twice, and platforms are parted by blank lines.
    used = {tuple(line.split(" ")[:2]) for line in cargo(*tree, *platforms).splitlines() if line}
    used = {(name, version.removeprefix("v")) for name, version in used if name != "marsad"}
    found = []
    for name, version in sorted(used):
        package = known[name, version]
        if not package["license"]:
            sys.exit(f"{name} {version}: its Cargo.toml names no licence; an SPDX expression is due")
        # The slash is how expressions were written before SPDX.
        licence = re.sub(r"\s*/\s*", " OR ", package["license"])
        found.append(Crate(name, version, licence, Path(package["manifest_path"]).parent))
    return found


def tidy(text: str) -> str:
    """A text without what does not tell two texts apart."""
    return "\n".join(line.rstrip() for line in text.replace("\ufeff", "").splitlines()).strip("\n")


def texts(crate: Crate) -> list[str]:
    """The texts that come with a crate, notices last."""
    files = [path for path in crate.folder.iterdir() if path.is_file() and TEXTS.fullmatch(path.name)]
    files += [path for path in crate.folder.glob(VENDORED) if path.is_file()]
    files.sort(key=lambda path: ("notice" in path.name.lower(), path.relative_to(crate.folder).as_posix()))
    if files:
        return [tidy(path.read_text(encoding="utf-8")) for path in files]
    if "Apache-2.0" in crate.licence:
        return [tidy((ROOT / "LICENSE-APACHE").read_text(encoding="utf-8"))]
    sys.exit(f"{crate.name} {crate.version} ({crate.licence}): no licence file in {crate.folder}; its text is due")


def page(listed: list[Crate]) -> str:
    """The whole file."""
    numbers: dict[str, int] = {}
    shown: dict[str, str] = {}
    apache = tidy((ROOT / "LICENSE-APACHE").read_text(encoding="utf-8"))

    def number(text: str) -> int:
        # Copies of one licence differ in how their lines are broken.
        key = " ".join(text.split())
        shown.setdefault(key, text)
        return numbers.setdefault(key, len(numbers) + 1)

    head = HEAD.format(apache=number(apache))
    rows = []
    for crate in listed:
        given = " ".join(f"[{place}]" for place in dict.fromkeys(number(text) for text in texts(crate)))
        rows.append(f"{crate.name} {crate.version} | {crate.licence} | {given}")
    parts = [head, "\n".join(rows) + "\n"]
    parts += [f"{RULE}\n[{place}]\n\n{shown[key]}\n" for key, place in numbers.items()]
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail where the file is not fresh")
    given = parser.parse_args(arguments)
    listed = crates()
    due = page(listed)
    found = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    if given.check:
        if found == due:
            print(f"{FILE.name}: {len(listed)} crates, fresh")
            return 0
        print(f"{FILE.name} is not what `make licences` writes for Cargo.lock; run it")
        return 1
    FILE.write_text(due, encoding="utf-8", newline="\n")
    print(f"{FILE.name}: {len(listed)} crates, {due.count(RULE)} texts, {len(due.encode()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
