"""Entities as features: what scikit-learn asks of a transformer, and what the counts say."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from typing import Any

import marsad
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed: pip install 'marsad[sklearn]'")

from marsad.sklearn import EntityCounts
from scipy import sparse
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils import estimator_checks

TEXTS = [
    "زار محمد شياع السوداني القاهرة ثم عاد من القاهرة إلى بغداد.",
    "وصلت بعثة الأمم المتحدة إلى الخرطوم.",
    None,
    "لا شيء يذكر هنا.",
    "التقت المهندسة سميرة نصّار وفد الأمم المتحدة في بغداد.",
    "قالت المهندسة سميرة نصار إن الجسر أغلق.",
]


@pytest.fixture(scope="module")
def own() -> marsad.Analyzer:
    return marsad.Analyzer(threads=1)


def test_columns_are_counts(own: marsad.Analyzer) -> None:
    counts = EntityCounts(analyzer=own)
    matrix = counts.fit_transform(TEXTS)
    assert isinstance(matrix, sparse.csr_matrix)
    assert (matrix.dtype, matrix.has_canonical_format) == (np.int64, True)
    names = counts.get_feature_names_out()
    assert names.dtype == object
    assert list(names) == sorted(names)
    found = own.analyze_corpus(TEXTS).counts(by="document").to_pylist()
    cells = {(int(row["doc"]), row["entity_id"]): row["mentions"] for row in found}
    dense = matrix.toarray()
    assert {(row, names[column]): dense[row, column] for row, column in zip(*dense.nonzero(), strict=True)} == cells
    assert cells[0, "CAIRO"] == 2
    assert (counts.transform(TEXTS) != matrix).nnz == 0
    assert (counts.fit(TEXTS).transform(TEXTS) != matrix).nnz == 0


def test_an_entity_of_no_lexicon_has_one_column_in_any_texts(own: marsad.Analyzer) -> None:
    counts = EntityCounts(analyzer=own, feature="name").fit(TEXTS)
    assert "سميرة نصّار" in counts.vocabulary_, "the first name in the texts that it was fitted to"
    later = counts.transform(TEXTS[5:])
    assert later[0, counts.vocabulary_["سميرة نصّار"]] == 1, "by another spelling, in another run"
    assert later.sum() == 1


def test_what_is_new_is_not_counted(own: marsad.Analyzer) -> None:
    counts = EntityCounts(analyzer=own).fit(["زار القاهرة"])
    assert counts.transform(["زار القاهرة وبغداد", "", None]).toarray().tolist() == [[1], [0], [0]]
    assert counts.transform([]).shape == (0, 1)


def test_options(own: marsad.Analyzer) -> None:
    def names(**options: Any) -> list[str]:
        return EntityCounts(analyzer=own, **options).fit(TEXTS).get_feature_names_out().tolist()

    everything = names()
    assert names(types=("PER",)) == ["MOHAMMED_SHIA_AL_SUDANI", "PER:سميره نصار"]
    assert set(names(types=["LOC", "ORG"])) == set(everything) - set(names(types=("PER",)))
    assert names(min_documents=2) == ["BAGHDAD", "PER:سميره نصار", "UN"]
    assert names(max_features=2) == ["BAGHDAD", "CAIRO"], "two mentions each, the first by name"
    assert names(max_features=np.int64(1), min_documents=2) == ["BAGHDAD"]
    assert names(max_features=1000) == everything
    binary = EntityCounts(analyzer=own, binary=True).fit_transform(TEXTS)
    assert set(binary.data.tolist()) == {1}
    assert binary.nnz == EntityCounts(analyzer=own).fit_transform(TEXTS).nnz
    dense = EntityCounts(analyzer=own, sparse_output=False).fit_transform(TEXTS)
    assert isinstance(dense, np.ndarray)


def test_entities_of_one_name_share_a_column() -> None:
    first = {"ONE": {"type": "PER", "aliases": ["سعد العلمي", "سعد العلمي باشا"]}}
    analyzer = marsad.Analyzer([first, {"سعد العلمي": ("TWO", "PER")}], builtin_lexicon=False, recognizer=False)
    texts = ["سعد العلمي باشا يزور سعد العلمي", "سعد العلمي"]
    apart = EntityCounts(analyzer=analyzer)
    assert apart.fit_transform(texts).toarray().tolist() == [[1, 1], [0, 1]]
    assert apart.vocabulary_ == {"ONE": 0, "TWO": 1}
    together = EntityCounts(analyzer=analyzer, feature="name", min_documents=2)
    assert together.fit_transform(texts).toarray().tolist() == [[2], [1]]
    assert (together.vocabulary_, together.ids_) == ({"سعد العلمي": 0}, {"ONE": 0, "TWO": 0})
    together.set_params(min_documents=3)
    with pytest.raises(ValueError, match="no entity that 3 documents name"):
        together.fit(texts)
    assert EntityCounts(analyzer=analyzer, feature="name", binary=True).fit_transform(texts).max() == 1


def test_default_analyzer_looks_for_the_types() -> None:
    counts = EntityCounts(types=("NAT",)).fit(["قال الوزير المصري إن الوفد العراقي عاد"])
    assert len(counts.vocabulary_) == 2
    assert EntityCounts().fit(["زار القاهرة"]).get_feature_names_out().tolist() == ["CAIRO"]


@pytest.mark.parametrize(
    "kind",
    [
        tuple,
        iter,
        lambda texts: np.array(texts, dtype=object),
        lambda texts: pd.Series(texts, index=[7] * len(texts)),
        lambda texts: pd.Series(texts, dtype="string[pyarrow]"),
        lambda texts: pd.Series(texts, dtype="category"),
        lambda texts: pl.Series(texts),
        lambda texts: pa.chunked_array([texts[:2], texts[2:]]),
    ],
    ids=["tuple", "iterator", "numpy", "pandas, one index", "pandas string", "pandas category", "polars", "arrow"],
)
def test_kinds_of_texts(kind: Any, own: marsad.Analyzer) -> None:
    counts = EntityCounts(analyzer=own, sparse_output=False)
    assert counts.fit_transform(kind(TEXTS)).tolist() == counts.fit_transform(TEXTS).tolist()


def labelled() -> tuple[list[str], list[int]]:
    home = ["زار الوفد القاهرة", "عاد الوزير إلى القاهرة", "اجتماع في القاهرة والخرطوم", "القاهرة تستضيف القمة"]
    away = ["زار الوفد بغداد", "عاد الوزير إلى بغداد", "اجتماع في بغداد والخرطوم", "بغداد تستضيف القمة"]
    return home + away, [0] * len(home) + [1] * len(away)


def pipeline(**options: Any) -> Pipeline:
    return make_pipeline(EntityCounts(**options), TfidfTransformer(), LogisticRegression())


def test_in_a_pipeline(own: marsad.Analyzer) -> None:
    texts, labels = labelled()
    model = pipeline(analyzer=own).fit(texts, labels)
    assert model.predict(["وصل إلى بغداد", "وصل إلى القاهرة"]).tolist() == [1, 0]
    assert model[:-1].get_feature_names_out().tolist() == ["BAGHDAD", "CAIRO", "KHARTOUM"]
    again = pickle.loads(pickle.dumps(model))
    assert again.predict_proba(texts).tolist() == model.predict_proba(texts).tolist()


def test_search_and_workers() -> None:
    texts, labels = labelled()
    search = GridSearchCV(pipeline(), {"entitycounts__binary": [False, True], "entitycounts__types": [("LOC",)]}, cv=2)
    assert search.fit(texts, labels).best_score_ == 1.0
    scores = cross_val_score(pipeline(analyzer=marsad.Analyzer(threads=1)), texts, labels, cv=2, n_jobs=2)
    assert scores.tolist() == [1.0, 1.0]


def test_in_a_column_transformer(own: marsad.Analyzer) -> None:
    frame = pd.DataFrame({"text": ["زار القاهرة", "زار بغداد"], "n": [1, 2]}, index=["x", "y"])
    columns = ColumnTransformer([("who", EntityCounts(analyzer=own), "text")], remainder="passthrough")
    assert columns.fit_transform(frame).tolist() == [[0, 1, 1], [1, 0, 2]]
    assert columns.get_feature_names_out().tolist() == ["who__BAGHDAD", "who__CAIRO", "remainder__n"]


def test_clone_shares_the_analyzer(own: marsad.Analyzer) -> None:
    counts = EntityCounts(analyzer=own, types=("LOC",), min_documents=2, feature="name").fit(["القاهرة", "القاهرة"])
    copy = clone(counts)
    assert copy.get_params() == counts.get_params()
    assert copy.analyzer is own
    assert not hasattr(copy, "vocabulary_")
    assert copy.set_params(min_documents=1).min_documents == 1
    assert counts.min_documents == 2


def test_set_output(own: marsad.Analyzer) -> None:
    series = pd.Series(["زار القاهرة", "زار بغداد"], index=["x", "y"])
    frame = EntityCounts(analyzer=own, sparse_output=False).set_output(transform="pandas").fit_transform(series)
    assert (list(frame.index), list(frame.columns)) == (["x", "y"], ["BAGHDAD", "CAIRO"])
    assert frame.to_numpy().tolist() == [[0, 1], [1, 0]]
    other = EntityCounts(analyzer=own, sparse_output=False).set_output(transform="polars").fit_transform(series)
    assert other.to_dict(as_series=False) == {"BAGHDAD": [0, 1], "CAIRO": [1, 0]}
    with pytest.raises(ValueError, match="sparse matrix"):
        EntityCounts(analyzer=own).set_output(transform="pandas").fit_transform(series)


@pytest.mark.parametrize(
    "check",
    [
        "do_not_raise_errors_in_init_or_set_params",
        "estimator_cloneable",
        "estimator_repr",
        "estimator_tags_renamed",
        "estimators_unfitted",
        "get_feature_names_out_error",
        "get_params_invariance",
        "mixin_order",
        "no_attributes_set_in_init",
        "parameters_default_constructible",
        "set_params",
        "transformers_unfitted",
        "valid_tag_types",
    ],
)
def test_what_scikit_learn_checks(check: str) -> None:
    getattr(estimator_checks, f"check_{check}")("EntityCounts", EntityCounts())


def test_what_scikit_learn_checks_of_numbers(own: marsad.Analyzer) -> None:
    """Its other checks give numbers, which do not apply to text, as with ``CountVectorizer``: these are the same."""
    tags = EntityCounts().__sklearn_tags__()
    assert (tags.input_tags.string, tags.input_tags.two_d_array, tags.requires_fit) == (True, False, True)
    counts = EntityCounts(analyzer=own, sparse_output=False)
    before = counts.get_params()
    assert counts.fit(TEXTS) is counts
    assert counts.get_params() == before
    whole = counts.transform(TEXTS)
    assert (counts.fit(TEXTS).transform(TEXTS) == whole).all()
    assert (np.vstack([counts.transform([text]) for text in TEXTS]) == whole).all()
    assert (counts.transform(TEXTS[::-1]) == whole[::-1]).all()
    assert (pickle.loads(pickle.dumps(counts)).transform(TEXTS) == whole).all()


@pytest.mark.parametrize(
    ("options", "X", "kind", "message"),
    [
        ({}, "زار القاهرة", TypeError, "X: found str; a sequence of texts is due, such as a list or df['text']"),
        ({}, pd.DataFrame({"text": ["x"]}), TypeError, "X: found DataFrame; a sequence of texts is due"),
        ({}, np.array([["x"]]), TypeError, "X: found ndarray; a sequence of texts is due"),
        ({}, {"text": ["x"]}, TypeError, "X: found dict; a sequence of texts is due"),
        ({}, 5, TypeError, "X: found int; a sequence of texts is due"),
        ({}, ["القاهرة", 5], TypeError, "text[1]: found int; a str or None is due"),
        ({}, ["لا شيء"], ValueError, "X: found no entity in 1 texts; texts that name some are due"),
        ({"min_documents": 2}, ["القاهرة"], ValueError, "X: found no entity that 2 documents name in 1 texts"),
        ({"analyzer": "x"}, ["x"], TypeError, "analyzer: found str; a marsad.Analyzer or None is due"),
        ({"types": "PER"}, ["x"], TypeError, "types: found 'PER'; a sequence of str is due"),
        ({"min_documents": 0}, ["x"], ValueError, "min_documents: found 0; a number from 1 up is due"),
        ({"min_documents": 0.5}, ["x"], TypeError, "min_documents: found float; a whole number is due"),
        ({"max_features": 0}, ["x"], ValueError, "max_features: found 0; a number from 1 up or None is due"),
        ({"binary": 1}, ["x"], TypeError, "binary: found int; True or False is due"),
        ({"feature": "id"}, ["x"], ValueError, "feature: found 'id'; 'entity_id' or 'name' is due"),
    ],
)
def test_wrong_uses(options: dict[str, Any], X: Any, kind: type[Exception], message: str) -> None:  # noqa: N803
    with pytest.raises(kind) as caught:
        EntityCounts(**options).fit(X)
    assert message in str(caught.value)


def test_before_fit() -> None:
    for call in (lambda: EntityCounts().transform(["x"]), EntityCounts().get_feature_names_out):
        with pytest.raises(NotFittedError):
            call()


def test_without_scikit_learn(python: Callable[..., Any]) -> None:
    done = python(
        "import sys; sys.modules['sklearn'] = None; import marsad; print(marsad.__name__); import marsad.sklearn"
    )
    assert done.stdout == "marsad\n"
    assert done.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: sklearn is not installed; pip install 'marsad[sklearn]'"
    )
    assert "sklearn" in sys.modules
