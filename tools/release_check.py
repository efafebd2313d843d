"""Whether a release can be cut: python tools/release_check.py [--wheel FILE]... [--only NAME]... [--tag TAG] [--strict]

Prints one line a check: passed, failed, or not run and why. Exit status 1 where one failed; with --strict, as a release
asks for, also where one could not run. Without --wheel the wheels of target/release-wheels are meant (`make
release-wheel`). --only runs the checks named. `make release-check` has the programs that the checks call.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))
import release_files

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
WHEELS = ROOT / "target" / "release-wheels"
LOCKS = ROOT / "tools" / "locks"
PASSED, FAILED, NOT_RUN = "passed", "FAILED", "not run"
#: What tells that a source of advisories could not be asked.
UNREACHED = re.compile(r"failed to fetch|could not resolve|connection|timed out|name resolution", re.IGNORECASE)
#: Finds a name and a date in a text, in an interpreter that sees nothing of this folder.
SMOKE = """
import sys, marsad
doc = marsad.Analyzer(threads=2).analyze("وصل الوفد إلى بغداد يوم 5 آذار 2025", published="2025-03-06")
assert [m.entity_id for m in doc.entities] == ["BAGHDAD"], doc.entities
assert [d.value for d in doc.dates] == ["2025-03-05"], doc.dates
assert marsad.__version__ == sys.argv[1], marsad.__version__
"""


class Outcome(NamedTuple):
    """How a check ended."""

    check: str
    end: str
    words: str


class Given(NamedTuple):
    """What the command line says."""

    wheels: list[Path]
    tag: str | None


class FaultError(Exception):
    """A check failed."""


class NotRunError(Exception):
    """A check could not run here."""


def program(name: str) -> str:
    """A program beside this Python, else on the path."""
    near = shutil.which(name, path=str(Path(sys.executable).parent))
    found = near or shutil.which(name)
    if found is None:
        raise NotRunError(f"{name} is not installed")
    return found


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """Run a program; what it prints, or a fault with the end of that."""
    words, fine = tried(*command, cwd=cwd, **environment)
    if not fine:
        raise FaultError(last(words) or f"{Path(str(command[0])).name} failed and said nothing")
    return words


def tried(*command: str | Path, cwd: Path = ROOT, **environment: str) -> tuple[str, bool]:
    """What a program prints, and whether its exit status is 0."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "200", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.stdout.strip(), done.returncode == 0


def last(words: str) -> str:
    """The last lines of what a program has printed."""
    return " / ".join(line.strip() for line in words.splitlines()[-3:] if line.strip())


def hold(faults: list[str]) -> None:
    """Fail with these faults, if there are any."""
    if faults:
        raise FaultError("; ".join(faults))


def toml(path: Path) -> dict[str, object]:
    """A TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def version() -> str:
    """The version that Cargo.toml says; pyproject.toml leaves it to that."""
    return str(toml(ROOT / "Cargo.toml")["package"]["version"])  # type: ignore[index]


def versions(given: Given) -> str:
    """One version in Cargo.toml, Cargo.lock, CITATION.cff, CHANGELOG.md and the tag."""
    due = version()
    hold(version_faults(due, ROOT, given.tag))
    return due


def version_faults(due: str, root: Path, tag: str | None) -> list[str]:
    """Where another version stands than the one of Cargo.toml."""
    faults = []
    project = toml(root / "pyproject.toml")["project"]
    if "version" not in project.get("dynamic", ()):  # type: ignore[attr-defined]
        faults.append("pyproject.toml: dynamic = ['version'] is due, so that Cargo.toml says it")
    locked = re.search(r'^name = "marsad"\nversion = "(.+)"$', (root / "Cargo.lock").read_text("utf-8"), re.MULTILINE)
    cited = re.search(r"^version: (\S+)$", (root / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    logged = re.search(r"^## \[(\d\S*)\] - (\S+)$", (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    for name, found in (("Cargo.lock", locked), ("CITATION.cff", cited), ("CHANGELOG.md", logged)):
        said = found.group(1).strip("\"'") if found else "none"
        if said != due:
            faults.append(f"{name} has version {said}, Cargo.toml {due}")
    if tag is not None and tag != f"v{due}":
        faults.append(f"the tag is {tag}, v{due} is due")
    if tag is not None and logged and not re.fullmatch(r"\d{4}-\d\d-\d\d", logged.group(2)):
        faults.append(f"CHANGELOG.md: {due} is {logged.group(2)}; the day of the release is due")
    return faults


def citation(_: Given) -> str:
    """CITATION.cff is valid by its schema."""
    return last(run(program("cffconvert"), "--validate", "--infile", ROOT / "CITATION.cff"))


def licences(_: Given) -> str:
    """The texts of the crates' licences are those of Cargo.lock."""
    program("cargo")
    return last(run(sys.executable, ROOT / "tools" / "licences.py", "--check"))


def notice(_: Given) -> str:
    """NOTICE names every data file whose licence is not Marsad's own, and that licence."""
    foreign = list(foreign_data(ROOT / "data"))
    hold(notice_faults((ROOT / "NOTICE").read_text("utf-8"), foreign))
    return f"{len(foreign)} data files of others"


def foreign_data(folder: Path) -> Iterator[tuple[str, str]]:
    """Data files with a licence that is not Marsad's own, and the licence."""
    for path in sorted(folder.rglob("*.t*")):
        found = re.search(r'^(?:# )?licence *[:=] *"?([^"\n]+)"?$', path.read_text("utf-8"), re.MULTILINE)
        if found is None:
            raise FaultError(f"{path}: no licence; a line `# licence: ...` is due")
        if found.group(1) != "MIT OR Apache-2.0":
            yield f"data/{path.relative_to(folder).as_posix()}", found.group(1)


def notice_faults(text: str, foreign: list[tuple[str, str]]) -> list[str]:
    """Data files that no paragraph of NOTICE names together with their licence."""
    parts = re.split(r"\n(?:-{20,}\n|\n)", text)
    return [
        f"NOTICE names no {name} under {licence}"
        for name, licence in foreign
        if not any(name in part and licence in part for part in parts)
    ]


def locks(_: Given) -> str:
    """Each lock pins, with hashes, what its group of pyproject.toml asks for."""
    groups = toml(ROOT / "pyproject.toml")["dependency-groups"]
    files = sorted(LOCKS.glob("*.txt"))
    hold(
        [
            fault
            for file in files
            for fault in lock_faults(file.name, file.read_text("utf-8"), members(groups, file.stem))
        ]
    )
    return ", ".join(file.name for file in files)


def members(groups: object, name: str) -> list[str]:
    """The requirements of a group and of those that it includes."""
    found: list[str] = []
    for member in groups[name]:  # type: ignore[index]
        found += [member] if isinstance(member, str) else members(groups, member["include-group"])
    return found


def lock_faults(name: str, lock: str, due: list[str]) -> list[str]:
    """What a lock lacks."""
    try:
        from packaging.requirements import Requirement
        from packaging.utils import canonicalize_name
    except ImportError:
        raise NotRunError("packaging is not installed") from None
    pinned: dict[str, list[str]] = {}
    faults = []
    for entry in re.sub(r"\\\n", " ", lock).splitlines():
        if not entry or entry.startswith("#"):
            continue
        package, _, rest = entry.partition("==")
        pinned.setdefault(canonicalize_name(package.strip()), []).append(rest.split()[0])
        if "--hash=sha256:" not in rest:
            faults.append(f"{name}: {package} has no hash")
    for line in due:
        wanted = Requirement(line)
        held = pinned.get(canonicalize_name(wanted.name), [])
        if not any(wanted.specifier.contains(one, prereleases=True) for one in held):
            faults.append(f"{name}: {line!r} is due, {held or 'nothing'} is pinned; `make locks` renews it")
    return faults


def wheel(given: Given) -> str:
    """Each wheel is small, whole and tagged, with its notices and nothing else."""
    hold([f"{path.name}: {one}" for path in found(given) for one in release_files.wheel_faults(path, version())])
    return ", ".join(f"{path.name} {path.stat().st_size:,} bytes" for path in given.wheels)


def found(given: Given) -> list[Path]:
    """The wheels; there must be one."""
    if not given.wheels:
        raise NotRunError("there is no wheel; `make release-wheel` builds one")
    return given.wheels


def abi3(given: Given) -> str:
    """No wheel calls what the stable ABI of its tag does not have, or a newer libc."""
    for path in found(given):
        run(program("abi3audit"), "--strict", path)
    linux = [path for path in given.wheels if "linux" in path.name]
    for path in linux:
        said = " ".join(run(program("auditwheel"), "show", path).split())
        # Of the names that a platform has, auditwheel tells one.
        if not any(f'"{one}"' in said for one in path.stem.split("-")[-1].split(".")):
            raise FaultError(f"{path.name}: auditwheel reads {said}")
    return f"{len(given.wheels)} without a call beyond the ABI, {len(linux)} with no newer libc than their tags say"


def smoke(given: Given) -> str:
    """A wheel of this platform works in an environment that has nothing else."""
    try:
        from packaging.tags import sys_tags
        from packaging.utils import parse_wheel_filename
    except ImportError:
        raise NotRunError("packaging is not installed") from None
    fitting = [path for path in found(given) if not parse_wheel_filename(path.name)[3].isdisjoint(sys_tags())]
    if not fitting:
        raise NotRunError("no wheel is for this platform")
    for path in fitting:
        with tempfile.TemporaryDirectory(prefix="marsad-") as folder:
            works(path, Path(folder) / "venv")
    return ", ".join(path.name for path in fitting)


def works(path: Path, folder: Path) -> None:
    """Install a wheel alone and use it, from Python and from the command line."""
    venv.create(folder, with_pip=True, clear=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", path, cwd=folder)
    run(programs / "python", "-I", "-c", SMOKE, version(), cwd=folder)
    (folder / "article.txt").write_text("وصل الوفد إلى بغداد", encoding="utf-8")
    run(programs / "marsad", "analyze", "article.txt", "--out", "tables", "--format", "csv", cwd=folder)
    if "BAGHDAD" not in (folder / "tables" / "mentions.csv").read_text("utf-8"):
        raise FaultError(f"{path.name}: marsad analyze finds no name")


def sdist(_: Given) -> str:
    """The source distribution holds what a build needs, and a wheel built from it alone works."""
    with tempfile.TemporaryDirectory(prefix="marsad-") as folder:
        run(program("maturin"), "sdist", "--out", folder)
        (path,) = Path(folder).glob("*.tar.gz")
        hold(release_files.sdist_faults(path, version()))
        run(program("twine"), "check", "--strict", path)
        # What is proved is that nothing is missing; a build without optimization says so sooner.
        quick = {
            "MATURIN_PEP517_ARGS": "--profile dev",
            "CARGO_TARGET_DIR": os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target" / "sdist")),
        }
        pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-cache-dir", "--wheel-dir", folder)
        run(*pip, path, cwd=Path(folder), **quick)
        (built,) = Path(folder).glob("*.whl")
        works(built, Path(folder) / "venv")
        return f"{path.name} {path.stat().st_size:,} bytes"


def metadata(given: Given) -> str:
    """PyPI would take the wheels and show the readme."""
    run(program("twine"), "check", "--strict", *found(given))
    return f"twine takes {len(given.wheels)}"


def crates(_: Given) -> str:
    """cargo-deny: licences, doubled and banned crates, sources."""
    run(program("cargo-deny"), "--offline", "check", "--hide-inclusion-graph", "licenses", "bans", "sources")
    return "licences, bans, sources"


def advisories(_: Given) -> str:
    """cargo-deny: no crate has a known fault."""
    words, fine = tried(program("cargo-deny"), "check", "--hide-inclusion-graph", "advisories")
    if not fine and UNREACHED.search(words):
        raise NotRunError("the RustSec database could not be fetched from GitHub")
    if not fine:
        raise FaultError(last(words))
    return "no advisory"


def packages(_: Given) -> str:
    """pip-audit: nothing that the locks pin, and so nothing that builds or tests a release, has a known fault."""
    audit = program("pip-audit")
    seen, unread = 0, 0
    for lock in sorted(LOCKS.glob("*.txt")):
        command = (audit, "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
        done = subprocess.run([*command, "-r", str(lock)], cwd=ROOT, capture_output=True, text=True, check=False)
        if not done.stdout.strip():
            raise (NotRunError if UNREACHED.search(done.stderr) else FaultError)(last(done.stderr))
        listed = json.loads(done.stdout)["dependencies"]
        hold([f"{one['name']} {one['version']}: {one['vulns'][0]['id']}" for one in listed if one.get("vulns")])
        seen += len(listed)
        unread += sum("skip_reason" in one for one in listed)
    if unread:
        raise NotRunError(
            f"the advisory service answered for {seen - unread} of {seen} packages; the wheel itself needs none"
        )
    return f"{seen} packages"


def workflows(_: Given) -> str:
    """zizmor: the workflows of GitHub Actions give nobody more than is needed and are pinned."""
    run(program("zizmor"), "--offline", "--no-progress", "--quiet", ROOT / ".github")
    return ", ".join(sorted(path.name for path in ROOT.glob(".github/workflows/*.yml")))


def actionlint(_: Given) -> str:
    """actionlint: the workflows mean what they say."""
    run(program("actionlint"), *sorted(ROOT.glob(".github/workflows/*.yml")))
    return "no finding"


CHECKS: tuple[Callable[[Given], str], ...] = (
    versions,
    citation,
    licences,
    notice,
    locks,
    workflows,
    actionlint,
    crates,
    advisories,
    packages,
    wheel,
    abi3,
    metadata,
    smoke,
    sdist,
)


def outcome(check: Callable[[Given], str], given: Given) -> Outcome:
    """Run one check."""
    try:
        return Outcome(check.__name__, PASSED, check(given))
    except FaultError as fault:
        return Outcome(check.__name__, FAILED, str(fault))
    except NotRunError as reason:
        return Outcome(check.__name__, NOT_RUN, str(reason))


def status(outcomes: list[Outcome], *, strict: bool) -> int:
    """The exit status: 1 where a check failed, or did not run and had to."""
    ends = {one.end for one in outcomes}
    return int(FAILED in ends or (strict and NOT_RUN in ends))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    names = [check.__name__ for check in CHECKS]
    parser.add_argument(
        "--wheel", action="append", type=Path, metavar="FILE", help="a wheel that exists; may be repeated"
    )
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("--tag", metavar="TAG", help="the tag that is released, such as v0.1.0")
    parser.add_argument("--strict", action="store_true", help="a check that cannot run has failed")
    read = parser.parse_args(arguments)
    wheels = [path.resolve() for path in read.wheel or sorted(WHEELS.glob("marsad-*.whl"))]
    given = Given(wheels, read.tag)
    outcomes = []
    for check in CHECKS:
        if not read.only or check.__name__ in read.only:
            outcomes.append(outcome(check, given))
            print(f"{outcomes[-1].check:<11} {outcomes[-1].end:<8} {outcomes[-1].words}", flush=True)
    ends = [one.end for one in outcomes]
    print(f"\n{ends.count(PASSED)} passed, {ends.count(FAILED)} failed, {ends.count(NOT_RUN)} not run")
    return status(outcomes, strict=read.strict)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
