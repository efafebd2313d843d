"""The documentation: its code gives what it says, its links lead somewhere, its generated pages are up to date."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import marsad
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.ar.md", *sorted((ROOT / "docs").rglob("*.md"))]
#: Its code reads what lies on a cluster; test_dask.py and test_spark.py run what one machine can.
SHOWN = ROOT / "docs" / "how-to" / "scale-out.md"
FENCE = re.compile(r"^(?:<!-- needs: (?P<needs>[\w., ]+) -->\n+)?```(?P<kind>\w+)\n(?P<code>.*?)^```$", re.M | re.S)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")


class Block(NamedTuple):
    """A fenced piece of a page."""

    kind: str
    code: str
    line: int
    needs: tuple[str, ...]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(text: str) -> Iterator[Block]:
    for match in FENCE.finditer(text):
        needs = tuple(name.strip() for name in (match["needs"] or "").split(",") if name.strip())
        yield Block(match["kind"], match["code"], text.count("\n", 0, match.start("code")), needs)


def missing(needs: tuple[str, ...]) -> list[str]:
    return [name for name in needs if importlib.util.find_spec(name) is None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the pages name: a CSV, the example news, an article, and a place to write."""
    shutil.copy(ROOT / "docs" / "news.csv", tmp_path)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copytree(ROOT / "examples" / "news", tmp_path / "news")
    shutil.copy(ROOT / "examples" / "news" / "01_baghdad_summit.txt", tmp_path / "article.txt")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    scripts = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{scripts}{os.pathsep}{os.environ['PATH']}")
    if not (scripts / "marsad").exists():
        script = tmp_path / "bin" / "marsad"
        script.parent.mkdir()
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m marsad "$@"\n')
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.mark.parametrize("page", [page for page in PAGES if page.exists() and page != SHOWN], ids=name_of)
def test_code_runs_and_prints_what_it_says(page: Path, folder: Path) -> None:
    namespace: dict[str, Any] = {"__name__": "page"}
    left_out = []
    found = [block for block in blocks(page.read_text(encoding="utf-8")) if block.kind in ("python", "console", "bash")]
    for block in found:
        if gone := missing(block.needs):
            left_out.append(f"{name_of(page)}:{block.line}: {', '.join(gone)} not there")
        elif block.kind == "python":
            run_python(block, namespace, page)
        else:
            run_commands(block, page)
    if left_out and len(left_out) == len(found):
        pytest.skip("; ".join(left_out))
    for line in left_out:
        print(line)


def run_python(block: Block, namespace: dict[str, Any], page: Path) -> None:
    """Run the block statement by statement; what a print says is compared with the comments behind it."""
    lines = block.code.splitlines()
    tree = ast.parse(block.code)
    for statement in tree.body:
        where = f"{name_of(page)}:{block.line + statement.lineno}"
        code = compile(ast.Module([statement], []), where, "exec")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(code, namespace)
        expected = expected_of(statement, lines)
        if expected is not None:
            assert squeezed(out.getvalue()) == squeezed(expected), where


def expected_of(statement: ast.stmt, lines: list[str]) -> str | None:
    """The comment at the end of a statement that prints, or the comments on the lines below it."""
    if not any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(statement)):
        return None
    end = statement.end_lineno or statement.lineno
    last = lines[end - 1].encode()[statement.end_col_offset :].decode().strip()
    told = [last.removeprefix("#")] if last.startswith("#") else []
    for line in lines[end:]:
        if not line.startswith("#"):
            break
        told.append(line.removeprefix("#"))
    return "\n".join(told) if told else None


def squeezed(text: str) -> list[str]:
    """The words of each line: how wide a column is set is not what is tested."""
    return [" ".join(line.split()) for line in text.strip().splitlines()]


def run_commands(block: Block, page: Path) -> None:
    """Run the lines that call marsad; lines below a prompt are what comes out."""
    lines = [line.strip() for line in block.code.splitlines()]
    prompted = any(line.startswith("$ ") for line in lines)
    for place, line in enumerate(lines):
        if prompted and not line.startswith("$ "):
            continue
        call = line.removeprefix("$ ").partition("  #")[0].strip()
        if not re.search(r"(^|\| )marsad ", call):
            continue
        done = subprocess.run(call, shell=True, capture_output=True, text=True, encoding="utf-8", timeout=60)
        assert done.returncode == 0, f"{name_of(page)}:{block.line + place}: {call}\n{done.stderr}"
        following = lines[place + 1 :]
        stop = next((n for n, other in enumerate(following) if other.startswith("$ ")), len(following))
        if prompted and following[:stop]:
            assert squeezed(done.stdout) == squeezed("\n".join(following[:stop])), f"{name_of(page)}: {call}"


def test_a_wrong_expectation_is_noticed() -> None:
    block = Block("python", "print('نص')\n# نصوص\n", 1, ())
    with pytest.raises(AssertionError):
        run_python(block, {}, ROOT / "README.md")
    run_python(Block("python", "print(1)  # 1\nx = 1  # not printed\n", 1, ()), {}, ROOT / "README.md")
    with pytest.raises(AssertionError):
        run_commands(Block("console", "$ marsad-is-not-this || marsad no-such-command\n", 1, ()), ROOT / "README.md")


def anchors(page: Path) -> set[str]:
    """The anchors that headings make, as GitHub and Python-Markdown spell them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.M):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        github = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found |= {github, re.sub(r"-+", "-", github)}
    return found


@pytest.mark.parametrize("page", [page for page in PAGES if page.exists()], ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for match in LINK.finditer(text):
        target, _, anchor = match["target"].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        other = (page.parent / target).resolve() if target else page
        assert other.exists(), f"{name_of(page)}: {match['target']} leads nowhere"
        if anchor:
            assert anchor in anchors(other), f"{name_of(page)}: {match['target']}: no such heading"


def test_both_readmes_name_each_other() -> None:
    english, arabic = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ar.md"))
    assert "(README.ar.md)" in english
    assert "(README.md)" in arabic
    assert english.count("\n") <= 130
    codes = [[squeezed(block.code) for block in blocks(text) if block.kind == "python"] for text in (english, arabic)]
    assert codes[0] == codes[1]


def test_every_page_is_in_the_navigation() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for page in (ROOT / "docs").rglob("*.md"):
        assert str(page.relative_to(ROOT / "docs")) in text, f"mkdocs.yml: {page.name} is not in nav"


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "docs_pages.py"), "--check"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_option_is_on_its_page() -> None:
    page = (ROOT / "docs" / "reference" / "options.md").read_text(encoding="utf-8")
    for name in marsad.Normalizer.options():
        assert f"\n## {name}\n" in page


def test_the_site_builds(tmp_path: Path) -> None:
    for name in ("mkdocs", "material", "mkdocstrings_handlers"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed; pip install mkdocs-material mkdocstrings-python")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site" / "reference" / "api" / "index.html").read_text(encoding="utf-8")
    for name in ("Analyzer", "analyze_corpus", "cooccurrence", "normalize", "Reader"):
        assert name in page
    for path in (tmp_path / "site").rglob("*.html"):
        loaded = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(https?:[^"]+)"', path.read_text(encoding="utf-8"))
        assert not loaded, f"{path.name} loads {loaded[0]} from the network"
