"""The public surface: what there is, how it is called, and that stubs, columns and reprs agree with it."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pickle
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import marsad
import pytest
from marsad import _marsad

SURFACE = {
    "Alignment",
    "Analysis",
    "Analyzer",
    "DataError",
    "DateMention",
    "Document",
    "Interrupted",
    "Mention",
    "Normalizer",
    "Reader",
    "Reason",
    "Table",
    "Token",
    "__version__",
    "normalize",
    "plot",
    "read",
    "spark",
    "tokenize",
}

DOCUMENTS = ["doc", "published", "published_source", "characters", "tokens", "mentions", "dates", "warnings"]
MENTIONS = ["doc", "start", "end", "text", "type", "entity_id", "name", "source", "score"]
DATES = ["doc", "start", "end", "text", "kind", "value", "first_day", "last_day", "grain", "calendar", "modifier"]
COUNTS = ["entity_id", "name", "type", "mentions", "documents", "first_seen", "last_seen"]


def test_all_is_the_surface() -> None:
    assert set(marsad.__all__) == SURFACE
    assert sorted(marsad.__all__, key=str.lower) == sorted(set(marsad.__all__), key=str.lower)
    for name in marsad.__all__:
        assert hasattr(marsad, name), name


def documented() -> Iterator[tuple[str, Any]]:
    for name in sorted(SURFACE - {"__version__"}):
        thing = getattr(marsad, name)
        yield name, thing
        if (
            inspect.isclass(thing)
            and thing.__module__.startswith("marsad")
            and not issubclass(thing, (tuple, Exception))
        ):
            for member, value in vars(thing).items():
                if not member.startswith("_") and (callable(value) or isinstance(value, (property, staticmethod))):
                    yield f"{name}.{member}", value


@pytest.mark.parametrize(
    ("name", "thing"), list(documented()), ids=lambda thing: thing if isinstance(thing, str) else ""
)
def test_everything_is_documented(name: str, thing: Any) -> None:
    about = inspect.getdoc(thing)
    assert about, f"{name} has no docstring"
    assert about.splitlines()[0].rstrip().endswith((".", ":")), f"{name}: a sentence is due"


@pytest.mark.parametrize("name", sorted(SURFACE - {"__version__"}))
def test_things_say_where_they_are_from(name: str) -> None:
    thing = getattr(marsad, name)
    place = thing.__name__ if inspect.ismodule(thing) else thing.__module__
    assert place.split(".")[0] == "marsad"
    assert "_marsad" not in place


KEYWORD = inspect.Parameter.KEYWORD_ONLY
SIGNATURES = [
    (marsad.normalize, ["x", "profile", "options"], []),
    (marsad.Normalizer, ["profile", "options"], []),
    (marsad.Normalizer.normalize, ["self", "x"], []),
    (marsad.Normalizer.align, ["self", "text"], []),
    (marsad.Alignment.to_source, ["self", "start", "end"], []),
    (marsad.Alignment.to_normalized, ["self", "start", "end"], []),
    (marsad.tokenize, ["text"], []),
    (marsad.read, ["path_or_paths", "fields"], ["on_error", "max_bytes"]),
    (marsad.Analyzer, ["lexicon"], ["builtin_lexicon", "types", "recognizer", "stop", "model", "threads"]),
    (marsad.Analyzer.analyze, ["self", "text", "published", "id"], []),
    (marsad.Analyzer.analyze_corpus, ["self", "data"], ["text", "id", "published", "progress"]),
    (marsad.Analyzer.analyze_batches, ["self", "batches"], ["table", "text", "id", "published"]),
    (marsad.Analysis.counts, ["self", "by"], ["top"]),
    (marsad.Analysis.timeline, ["self", "freq"], []),
    (marsad.Analysis.cooccurrence, ["self", "within"], ["top"]),
    (marsad.Analysis.save, ["self", "folder", "format"], []),
    (marsad.Analysis.report, ["self", "path"], ["title", "articles"]),
]


@pytest.mark.parametrize(("call", "positional", "keyword"), SIGNATURES, ids=lambda x: getattr(x, "__qualname__", ""))
def test_signatures(call: Any, positional: list[str], keyword: list[str]) -> None:
    parameters = inspect.signature(call).parameters.values()
    assert [one.name for one in parameters if one.kind is not KEYWORD] == positional
    assert [one.name for one in parameters if one.kind is KEYWORD] == keyword


def test_defaults() -> None:
    def defaults(call: Any) -> dict[str, Any]:
        parameters = inspect.signature(call).parameters.values()
        return {one.name: one.default for one in parameters if one.default is not inspect.Parameter.empty}

    assert defaults(marsad.normalize) == {"profile": "search"}
    assert defaults(marsad.Normalizer) == {"profile": "search"}
    assert defaults(marsad.Analyzer) == {
        "lexicon": None,
        "builtin_lexicon": True,
        "types": ("PER", "ORG", "LOC"),
        "recognizer": True,
        "stop": (),
        "model": None,
        "threads": None,
    }
    assert defaults(marsad.Analyzer.analyze_corpus) == {
        "text": "text",
        "id": "id",
        "published": "published",
        "progress": None,
    }
    assert defaults(marsad.Analysis.counts) == {"by": None, "top": None}
    assert defaults(marsad.Analysis.timeline) == {"freq": "month"}
    assert defaults(marsad.Analysis.cooccurrence) == {"within": "document", "top": None}
    assert defaults(marsad.Analysis.save) == {"format": "parquet"}


def test_records() -> None:
    assert marsad.Token._fields == ("text", "start", "end", "kind", "normalized", "proclitics")
    assert marsad.Mention._fields == ("text", "start", "end", "type", "entity_id", "name", "source", "score")
    given = ("text", "start", "end", "kind", "value", "first_day", "last_day", "grain", "calendar", "modifier")
    assert marsad.DateMention._fields[: len(given)] == given
    document = ("text", "id", "published", "published_source", "warnings", "entities", "dates", "_repr_html_")
    assert all(hasattr(marsad.Document("x"), name) for name in document)


def test_report_where_there_is_one() -> None:
    report = getattr(marsad.Analysis, "report", None)
    if report is None:
        pytest.skip("Analysis.report is not there yet")
    assert next(iter(list(inspect.signature(report).parameters)[1:]))


@pytest.fixture(scope="module")
def stub() -> ast.Module:
    return ast.parse(files("marsad").joinpath("_marsad.pyi").read_text(encoding="utf-8"))


def members(body: list[ast.stmt]) -> dict[str, ast.stmt]:
    named = (ast.FunctionDef, ast.ClassDef)
    found: dict[str, ast.stmt] = {node.name: node for node in body if isinstance(node, named)}
    for node in body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node
    return found


def test_stub_names_what_the_module_has(stub: ast.Module) -> None:
    real = {name for name in vars(_marsad) if not name.startswith("__")}
    assert set(members(stub.body)) == real
    for name, node in members(stub.body).items():
        if not isinstance(node, ast.ClassDef) or name == "DataError":
            continue
        there = {member for member in vars(getattr(_marsad, name)) if not member.startswith("__")}
        stubbed = members(node.body)
        assert {member for member in stubbed if not member.startswith("__")} == there, name
        assert all(hasattr(getattr(_marsad, name), member) for member in stubbed), name


def test_stub_has_the_parameters_of_the_module(stub: ast.Module) -> None:
    def compare(name: str, real: Any, node: ast.FunctionDef) -> None:
        signature = getattr(real, "__text_signature__", None)
        if signature is None:
            return
        given = [one for one in inspect.signature(real).parameters.values() if one.name not in ("self", "cls", "args")]
        parts = node.args
        stubbed = [one.arg for one in (*parts.posonlyargs, *parts.args, *parts.kwonlyargs)]
        stubbed = [one for one in stubbed if one not in ("self", "cls")]
        assert stubbed == [one.name for one in given], name
        optional = [one.name for one in given if one.default is not inspect.Parameter.empty]
        assert len(parts.defaults) == len(optional), name

    checked = 0
    for name, node in members(stub.body).items():
        real = getattr(_marsad, name)
        if isinstance(node, ast.FunctionDef):
            compare(name, real, node)
            checked += 1
        elif isinstance(node, ast.ClassDef):
            for member, inner in members(node.body).items():
                if isinstance(inner, ast.FunctionDef) and member == "__new__" and real.__text_signature__:
                    compare(name, real, inner)
                elif isinstance(inner, ast.FunctionDef) and not isinstance(vars(real).get(member), property):
                    compare(f"{name}.{member}", getattr(real, member), inner)
                checked += 1
    assert checked > 40


def test_typed_marker_is_there() -> None:
    assert files("marsad").joinpath("py.typed").is_file()
    assert files("marsad").joinpath("_marsad.pyi").is_file()


BLOCKED = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"pandas", "numpy", "pyarrow", "polars", "tqdm", "duckdb", "IPython", "matplotlib"}:
            raise ImportError(name)
sys.meta_path.insert(0, Block())
sys.path.append(sys.argv[1] if len(sys.argv) > 1 else PATH)
import marsad
assert not {"pandas", "numpy", "pyarrow", "polars", "tqdm", "argparse"} & set(sys.modules), sorted(sys.modules)
found = marsad.Analyzer(threads=1).analyze_corpus(["زار القاهرة"], progress=True)
assert found.mentions.to_pylist()[0]["entity_id"] == "CAIRO"
assert marsad.normalize(["مِصْرُ", None]) == ["مصر", None]
repr(found), found._repr_html_(), list(marsad.tokenize("في مصر"))
try:
    found.mentions.to_pandas()
except ModuleNotFoundError as fault:
    print(fault, fault.name)
"""


@pytest.mark.parametrize("option", ["-S", "-I"])
def test_import_needs_nothing(option: str, python: Any) -> None:
    # -S hides site-packages, so the program is told where the package lies.
    place = str(files("marsad").joinpath("..").resolve())  # type: ignore[attr-defined]
    done = python(f"PATH = {place!r}\n{BLOCKED}", option)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "pandas is not installed; pip install 'marsad[pandas]' pandas"


def test_import_takes_no_third_party_package_where_they_are(python: Any) -> None:
    names = "{'pandas', 'numpy', 'pyarrow', 'polars', 'tqdm', 'duckdb', 'argparse', 'IPython'}"
    done = python(f"import sys, marsad; print(sorted({names} & set(sys.modules)))")
    assert done.stdout.strip() == "[]", done.stderr


def test_columns_of_the_registry() -> None:
    tables = {name: [column for column, *_ in columns] for name, columns in _marsad.columns().items()}
    assert tables["documents"] == DOCUMENTS
    assert tables["mentions"] == MENTIONS
    assert tables["dates"] == DATES
    assert tables["counts"] == COUNTS
    assert tables["counts by period"] == ["period", *COUNTS]
    assert tables["counts by document"] == ["doc", *COUNTS]
    for columns in _marsad.columns().values():
        for _, kind, _, about in columns:
            assert kind in {"utf8", "int32", "int64", "float64", "bool", "date32"}
            assert about.endswith(".")


def test_columns_of_the_tables(found: marsad.Analysis) -> None:
    assert found.documents.columns == DOCUMENTS
    assert found.mentions.columns == MENTIONS
    assert found.dates.columns == DATES
    assert found.counts().columns == COUNTS
    assert found.counts(by="type").columns == COUNTS
    assert found.counts(by="document").columns == ["doc", *COUNTS]
    for by in ("day", "week", "month", "year"):
        assert found.counts(by=by).columns == ["period", *COUNTS]


def test_reprs(found: marsad.Analysis, analyzer: marsad.Analyzer, root: Any) -> None:
    document = analyzer.analyze("زار القاهرة", published="2025-03-19", id="x")
    reader = marsad.read(root / "examples" / "news", text="body")
    for thing, parts in [
        (marsad.Normalizer("light", alef=True), ["Normalizer('light', alef=True)"]),
        (marsad.Normalizer().align("مِصر"), ["Alignment(", "مصر"]),
        (analyzer, ["Analyzer(built-in: ", "entities", "types=('PER', 'ORG', 'LOC')", "recognizer=True", "threads=2"]),
        (marsad.Analyzer(builtin_lexicon=False), ["no lexicon: 0 entities"]),
        (document, ["Document(id='x', 'زار القاهرة', published=2025-03-19, 1 entities, 0 dates)"]),
        (document.entities[0], ["Mention(text='القاهرة', start=4, end=11, type='LOC', entity_id='CAIRO'"]),
        (marsad.tokenize("مصر")[0], ["Token(text='مصر', start=0, end=3, kind='word'"]),
        (found, ["Analysis(7 documents, ", " mentions, ", " dates)"]),
        (found.mentions, ["Table: ", " rows, 9 columns\ndoc", "entity_id"]),
        (reader, ["Reader([", "text='body'", "files_left=18"]),
    ]:
        assert all(part in repr(thing) for part in parts), repr(thing)
        assert " object at 0x" not in repr(thing)


def test_options_are_keyword_only(analyzer: marsad.Analyzer, found: marsad.Analysis) -> None:
    for wrong in (
        lambda: marsad.Analyzer(None, False),  # type: ignore[misc]
        lambda: marsad.Normalizer("light", True),  # type: ignore[misc]
        lambda: marsad.normalize("a", "light", True),  # type: ignore[misc]
        lambda: analyzer.analyze_corpus([], "body"),  # type: ignore[misc]
        lambda: analyzer.analyze_batches([], "dates"),  # type: ignore[misc]
        lambda: found.counts(None, 3),  # type: ignore[misc]
        lambda: found.cooccurrence("document", 3),  # type: ignore[misc]
        lambda: marsad.read("x", "body"),  # type: ignore[misc]
    ):
        with pytest.raises(TypeError, match="positional argument"):
            wrong()


def test_data_error_is_a_value_error_and_can_be_pickled() -> None:
    assert issubclass(marsad.DataError, ValueError)
    fault = pickle.loads(pickle.dumps(marsad.DataError("a.csv:3: no")))
    assert isinstance(fault, marsad.DataError)
    assert str(fault) == "a.csv:3: no"


@pytest.mark.parametrize("name", ["marsad", "marsad.analysis", "marsad.sklearn", "marsad.table", "marsad.text"])
def test_examples_of_the_documentation(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
