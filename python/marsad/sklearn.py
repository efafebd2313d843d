"""Entities as features of scikit-learn: a matrix of how often each document names each entity.

>>> from marsad.sklearn import EntityCounts
>>> counts = EntityCounts()
>>> counts.fit_transform(["زار الوفد القاهرة", "عاد من القاهرة إلى بغداد ثم القاهرة"]).toarray().tolist()
[[0, 1], [1, 2]]
>>> counts.get_feature_names_out().tolist()
['BAGHDAD', 'CAIRO']
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import index
from typing import Any, Literal, SupportsIndex

from marsad.analysis import Analyzer
from marsad.optional import need

# A class cannot wait for the one that it is made from.
_base = need("sklearn.base")

__all__ = ["EntityCounts"]

#: How many texts there are, and for each text and entity: number, entity_id, name, mentions.
_Rows = tuple[int, list[tuple[int, str, str, int]]]


class EntityCounts(_base.TransformerMixin, _base.BaseEstimator):  # type: ignore[misc, name-defined]
    """Counts how often each document names each entity, as ``CountVectorizer`` counts words.

    Parameters
    ----------
    analyzer
        What finds the names; None means ``Analyzer()``, which looks for ``types`` if there are any.
    types
        The types that are counted, such as ``("PER", "ORG")``; None means all that the analyzer finds.
    min_documents
        Leaves out entities that fewer documents name.
    max_features
        Keeps so many entities, the most named.
    binary
        True says whether an entity is named, not how often.
    feature
        What a column stands for: an ``entity_id``, or a ``name``, which joins entities of one display name.
    sparse_output
        False gives NumPy arrays, which ``set_output(transform="pandas")`` asks for.

    Attributes
    ----------
    vocabulary_
        The column of each feature.
    ids_
        The column of each ``entity_id``; entities of no lexicon are called after their type and folded full name, so
        that they are the same in whatever texts.

    Texts are str; None and NaN name nothing. Entities that ``fit`` has not met are not counted.

    Examples
    --------
    >>> from sklearn.feature_extraction.text import TfidfTransformer
    >>> from sklearn.pipeline import make_pipeline
    >>> weights = make_pipeline(EntityCounts(types=("LOC",)), TfidfTransformer())
    >>> weights.fit_transform(["زار الوفد القاهرة", "عاد الوفد إلى بغداد"]).shape
    (2, 2)
    """

    def __init__(
        self,
        *,
        analyzer: Analyzer | None = None,
        types: Sequence[str] | None = None,
        min_documents: int = 1,
        max_features: int | None = None,
        binary: bool = False,
        feature: Literal["entity_id", "name"] = "entity_id",
        sparse_output: bool = True,
    ) -> None:
        self.analyzer = analyzer
        self.types = types
        self.min_documents = min_documents
        self.max_features = max_features
        self.binary = binary
        self.feature = feature
        self.sparse_output = sparse_output

    def fit(self, X: Iterable[str | None], y: Any = None) -> EntityCounts:  # noqa: N803
        """Learn which entities the texts name; ``y`` is not looked at.

        Raises
        ------
        TypeError, ValueError
            For texts or options that are none.
        """
        self._learn(self._counted(X))
        return self

    def fit_transform(self, X: Iterable[str | None], y: Any = None) -> Any:  # noqa: N803
        """Do ``fit(X).transform(X)``, analyzing the texts once."""
        counted = self._counted(X)
        self._learn(counted)
        return self._matrix(counted)

    def transform(self, X: Iterable[str | None]) -> Any:  # noqa: N803
        """Count the entities of texts: a ``scipy.sparse.csr_matrix`` of int64, texts by features.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.
        """
        need("sklearn.utils.validation").check_is_fitted(self, "vocabulary_")
        return self._matrix(self._counted(X))

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """Name the columns: a NumPy array of str objects; ``input_features`` is not looked at."""
        need("sklearn.utils.validation").check_is_fitted(self, "vocabulary_")
        return need("numpy").asarray(list(self.vocabulary_), dtype=object)

    def __sklearn_clone__(self) -> EntityCounts:
        # An analyzer never changes: to copy it would build it again.
        return type(self)(**self.get_params(deep=False))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.allow_nan = True
        tags.requires_fit = True
        return tags

    def _counted(self, X: Any) -> _Rows:  # noqa: N803
        """Count the entities of texts, document by document; the documents are called by their numbers."""
        self._check()
        if isinstance(X, (str, bytes, Mapping)) or not isinstance(X, Iterable) or len(getattr(X, "shape", " ")) != 1:
            raise TypeError(f"X: found {type(X).__name__}; a sequence of texts is due, such as a list or df['text']")
        texts = X.to_pylist() if hasattr(X, "to_pylist") else list(X)
        analyzer = self.analyzer
        if analyzer is None:
            analyzer = _default(None if self.types is None else tuple(self.types))
        table = analyzer.analyze_corpus({"text": texts}, progress=False).counts(by="document")
        columns = (table.column(name) for name in ("doc", "entity_id", "name", "type", "mentions"))
        rows = [
            (int(doc), id, name, mentions)
            for doc, id, name, kind, mentions in zip(*columns, strict=True)
            if self.types is None or kind in self.types
        ]
        return len(texts), rows

    def _check(self) -> None:
        if not (self.analyzer is None or isinstance(self.analyzer, Analyzer)):
            found = type(self.analyzer).__name__
            raise TypeError(f"analyzer: found {found}; a marsad.Analyzer or None is due")
        types = () if self.types is None else self.types
        if isinstance(types, str) or not (isinstance(types, Iterable) and all(isinstance(one, str) for one in types)):
            raise TypeError(f"types: found {types!r}; a sequence of str is due, such as ('PER', 'LOC')")
        for name in ("min_documents", "max_features"):
            value = getattr(self, name)
            none = " or None" if name == "max_features" else ""
            if value is None and none:
                continue
            if isinstance(value, bool) or not isinstance(value, SupportsIndex):
                raise TypeError(f"{name}: found {type(value).__name__}; a whole number{none} is due")
            if index(value) < 1:
                raise ValueError(f"{name}: found {value}; a number from 1 up{none} is due")
        for name in ("binary", "sparse_output"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"{name}: found {type(getattr(self, name)).__name__}; True or False is due")
        if self.feature not in ("entity_id", "name"):
            raise ValueError(f"feature: found {self.feature!r}; 'entity_id' or 'name' is due")

    def _learn(self, counted: _Rows) -> None:
        size, rows = counted
        key_of = {id: name if self.feature == "name" else id for _, id, name, _ in rows}
        mentions: Counter[str] = Counter()
        for _, id, _, count in rows:
            mentions[key_of[id]] += count
        documents = Counter(key for _, key in {(doc, key_of[id]) for doc, id, _, _ in rows})
        kept = [key for key in mentions if documents[key] >= self.min_documents]
        if not kept:
            few = f" that {self.min_documents} documents name" if self.min_documents > 1 else ""
            raise ValueError(f"X: found no entity{few} in {size} texts; texts that name some are due")
        kept.sort(key=lambda key: (-mentions[key], key))
        kept = sorted(kept[: self.max_features])
        self.vocabulary_ = {key: column for column, key in enumerate(kept)}
        self.ids_ = {id: self.vocabulary_[key] for id, key in sorted(key_of.items()) if key in self.vocabulary_}

    def _matrix(self, counted: _Rows) -> Any:
        numpy = need("numpy")
        size, rows = counted
        cells = [(doc, self.ids_[id], count) for doc, id, _, count in rows if id in self.ids_]
        places = numpy.array(cells, dtype=numpy.int64).reshape(-1, 3)
        shape = (size, len(self.vocabulary_))
        # Entities of one name are added up.
        matrix = need("scipy.sparse").csr_matrix((places[:, 2], (places[:, 0], places[:, 1])), shape=shape)
        if self.binary:
            matrix.data[:] = 1
        return matrix if self.sparse_output else matrix.toarray()


@functools.lru_cache(maxsize=4)
def _default(types: tuple[str, ...] | None) -> Analyzer:
    return Analyzer() if types is None else Analyzer(types=types)
