"""The case files of ``tests/cases``, which Rust runs too, through the Python package."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import Any

import marsad
import pytest

CASES = Path(__file__).resolve().parents[1] / "cases"
TYPES = ("PER", "ORG", "LOC")


@cache
def toml() -> Any:
    """The reader of TOML, of the standard library from Python 3.11 on."""
    for name in ("tomllib", "tomli"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def cases(folder: str) -> list[Any]:
    """Every case of a folder, named by file and number."""
    reader = toml()
    if reader is None:
        reason = "no TOML reader: Python 3.11 has one, and so has the package tomli"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="no-toml")]
    found = []
    for path in sorted((CASES / folder).glob("*.toml")):
        loaded = reader.loads(path.read_text(encoding="utf-8"))
        for at, case in enumerate(loaded["case"], 1):
            marks = [pytest.mark.xfail(strict=True, reason="known")] if case.get("fails") else []
            found.append(pytest.param(case, path.stem, id=f"{path.stem}-{at}", marks=marks))
    return found


@cache
def normalizer(options: tuple[str, ...] | None, profile: str | None) -> marsad.Normalizer:
    """A normalizer with just these options, or with a profile."""
    if options is None:
        assert profile is not None
        return marsad.Normalizer(profile)
    return marsad.Normalizer("light", **{name: name in options for name in marsad.Normalizer.options()})


@cache
def analyzer(types: tuple[str, ...] = TYPES, recognizer: bool = True) -> marsad.Analyzer:
    """An analyzer of one thread with these options."""
    return marsad.Analyzer(types=types, recognizer=recognizer, threads=1)


@pytest.mark.parametrize(("case", "file"), cases("normalize"))
def test_normalize(case: dict[str, Any], file: str) -> None:
    assert set(case) <= {"input", "expected", "options", "profile", "note"}
    options = tuple(case["options"]) if "options" in case else None
    chosen = normalizer(options, case.get("profile"))
    assert chosen.normalize(case["input"]) == case["expected"]
    aligned = chosen.align(case["input"])
    assert aligned.text == case["expected"]
    assert aligned.source == case["input"]


@pytest.mark.parametrize(("case", "file"), cases("tokens"))
def test_tokens(case: dict[str, Any], file: str) -> None:
    assert set(case) <= {"text", "tokens", "note"}
    found = [token for token in marsad.tokenize(case["text"]) if token.kind != "space"]
    expected = [(one["text"], one["kind"], tuple(one.get("proclitics", ()))) for one in case["tokens"]]
    assert [(token.text, token.kind, token.proclitics) for token in found] == expected


@pytest.mark.parametrize(("case", "file"), cases("entities"))
def test_entities(case: dict[str, Any], file: str) -> None:
    assert set(case) <= {"text", "types", "recognizer", "entities", "note"}
    chosen = analyzer(tuple(case.get("types", TYPES)), case.get("recognizer", True))
    found = chosen.analyze(case["text"]).entities
    assert [(one.text, one.entity_id) for one in found] == [(one["text"], one["id"]) for one in case["entities"]]
    for mention, expected in zip(found, case["entities"], strict=True):
        assert mention.type == expected.get("type", mention.type)
        assert mention.source == expected.get("source", mention.source)


@pytest.mark.parametrize(("case", "file"), cases("names"))
def test_names(case: dict[str, Any], file: str) -> None:
    assert set(case) <= {"text", "names", "fails", "note"}
    found = analyzer().analyze(case["text"]).entities
    assert [(one.text, one.type) for one in found] == [(one["text"], one["type"]) for one in case["names"]]
    due = [one.get("of", one["text"]) for one in case["names"]]
    for later in range(len(due)):
        for first in range(later):
            assert (found[first].entity_id == found[later].entity_id) == (due[first] == due[later])


def shown(value: Any) -> str:
    """A value as the case files write it."""
    return "none" if value is None else str(value)


@pytest.mark.parametrize(("case", "file"), cases("dates"))
def test_dates(case: dict[str, Any], file: str) -> None:
    assert set(case) <= {"text", "published", "dates", "document", "source", "warnings", "note"}
    found = analyzer().analyze(case["text"], published=case.get("published"))
    got = [(one.text, shown(one.value)) for one in found.dates]
    assert got == [(one["text"], one.get("value", "none")) for one in case["dates"]]
    for mention, expected in zip(found.dates, case["dates"], strict=True):
        for name in ("kind", "grain", "calendar", "modifier", "first_day", "last_day"):
            assert shown(getattr(mention, name)) == expected.get(name, shown(getattr(mention, name))), name
        named = {str(other.first_day) for other in found.dates}
        assert mention.reference is None or str(mention.reference) in {
            case.get("document", str(mention.reference)),
            *named,
        }
    assert shown(found.published_source) == case.get("source", shown(found.published_source))
    names = list(dict.fromkeys(warning.partition(":")[0] for warning in found.warnings))
    assert names == case.get("warnings", names)


def test_every_folder_is_run() -> None:
    assert {path.name for path in CASES.iterdir() if path.is_dir()} == {
        "normalize",
        "tokens",
        "entities",
        "names",
        "dates",
    }
