"""The analyzer, and what a run over many texts found."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, SupportsIndex

from marsad import _marsad, frames
from marsad.arguments import path, whole, word
from marsad.document import DateMention, Document, Mention, Reason
from marsad.frames import Batch, Fields
from marsad.loading import LOADING
from marsad.progress import watcher
from marsad.table import Table
from marsad.writing import Tables

#: The tables of findings; counts are made from them.
TABLES = ("documents", "mentions", "dates")
_Source = dict[str, Any]
#: More than any machine has use for, and few enough to start.
_MOST_THREADS = 1024


class Analyzer:
    """Finds persons, organisations, places and dates in Arabic news.

    It can be used any number of times, from several threads at once, and pickled.

    Parameters
    ----------
    lexicon
        Names to add to the built-in ones: the path of a tab-separated file (columns id, type, alias and, if you like,
        needs), a DataFrame with these columns, a dict ``{alias: (id, type)}`` or
        ``{id: {"type": ..., "aliases": [...]}}``, or a list of such. A later one wins over an earlier one, and all
        win over the built-in names.
    builtin_lexicon
        False leaves the built-in names out.
    types
        The types to find: "PER", "ORG", "LOC", "NAT" (nationality words) and any that the lexicon defines.
    recognizer
        False finds only names of the lexicon that need no evidence from the text around them
        (``source == "lexicon"``).
    stop
        Names that are not to be found, as texts have them; spellings that the ``analysis`` profile folds are one.
    model
        The path of a file of tagger weights, as ``make train`` writes them; None means those of the package.
    threads
        Threads for many texts; None means one a core, or ``MARSAD_NUM_THREADS``.

    Examples
    --------
    >>> analyzer = Analyzer(lexicon={"مشروع البحر": ("SEA", "PROJECT")}, types=("LOC", "PROJECT"))
    >>> [(m.text, m.type) for m in analyzer.analyze("بدأ مشروع البحر في تونس").entities]
    [('مشروع البحر', 'PROJECT'), ('تونس', 'LOC')]
    """

    __slots__ = ("_core", "_given")

    def __init__(
        self,
        lexicon: Any = None,
        *,
        builtin_lexicon: bool = True,
        types: Sequence[str] = ("PER", "ORG", "LOC"),
        recognizer: bool = True,
        stop: Iterable[str] = (),
        model: str | os.PathLike[str] | None = None,
        threads: SupportsIndex | None = None,
    ) -> None:
        if isinstance(types, str) or not isinstance(types, Iterable):
            raise TypeError(f"types: found {types!r}; a sequence of str is due, such as ('PER', 'LOC')")
        types = tuple(types)
        if not all(isinstance(name, str) for name in types):
            raise TypeError(f"types: found {types!r}; a sequence of str is due, such as ('PER', 'LOC')")
        for name in types:
            word("types", name)
        for name, value in (("builtin_lexicon", builtin_lexicon), ("recognizer", recognizer)):
            if not isinstance(value, bool):
                raise TypeError(f"{name}: found {type(value).__name__}; True or False is due")
        if isinstance(stop, str) or not isinstance(stop, Iterable):
            raise TypeError(f"stop: found {stop!r}; names are due, such as ['الأهلي']")
        names = tuple(stop)
        for place, one in enumerate(names):
            word(f"stop[{place}]", one)
        weights = None if model is None else path("model", model)
        number = whole("threads", threads, 1, _MOST_THREADS)
        self._given = (_sources(lexicon), builtin_lexicon, types, recognizer, names, weights, number)
        with LOADING:
            self._core = _marsad.Analyzer(
                self._given[0], builtin_lexicon, list(types), recognizer, weights, list(names), number
            )

    def analyze(self, text: str, published: Any = None, id: str | None = None) -> Document:
        """Find the names and dates of one text.

        ``published`` is the document's day: an ISO string, a ``datetime.date`` or None, in which case it is read off
        a dateline at the head of the text, if there is one.
        """
        mentions, dates, day, source, warnings = self._core.analyze(text, published)
        return Document(
            text,
            id=None if id is None or frames.is_missing(id) else str(id),
            published=day,
            published_source=source,
            entities=[Mention(text[row[0] : row[1]], *row) for row in mentions],
            dates=[DateMention(text[row[0] : row[1]], *row) for row in dates],
            warnings=warnings,
        )

    def explain(self, text: str) -> list[Reason]:
        """Say why each mention of a text is one, and why other names are none.

        Each mention has a row, and so has every name of the lexicon, and every name that a rule proposes, where no
        mention stands. What is missing can be mended by a line of a lexicon, what is wrong by the stop list.

        Examples
        --------
        >>> for reason in Analyzer().explain("قال محمد شياع السوداني"):
        ...     print(reason.text, reason.found, reason.why.split(";")[0])
        محمد شياع السوداني True the lexicon has it as an alias of MOHAMMED_SHIA_AL_SUDANI that needs nothing
        """
        return [Reason(text[row[0] : row[1]], *row) for row in self._core.explain(text)]

    def analyze_corpus(
        self, data: Any, *, text: str = "text", id: str = "id", published: str = "published", progress: Any = None
    ) -> Analysis:
        """Find the names and dates of many texts, in parallel.

        Parameters
        ----------
        data
            A pandas, Polars or Arrow table, a DuckDB relation, a list of str or dicts, an iterator of any of these, or
            what ``marsad.read`` returns.
        text, id, published
            The columns that hold the text, its identifier (else its number in the data) and its day (else its
            dateline). Only the text must be there.
        progress
            None shows progress where a person watches, True and False say so; or a function that takes the number of
            documents done.

        Raises
        ------
        Interrupted
            A ``KeyboardInterrupt`` whose ``found`` has the documents that were done.
        TypeError, KeyError, ValueError
            For data that are no texts, columns that are missing, days that are none.
        MemoryError
            Where the system would not give what the next batch takes.
        """
        fields = Fields(text, id, published)
        found = Analysis(self)
        tell, close = watcher(progress, frames.total(data))
        try:
            for batch in frames.batches(data, fields):
                found._add(batch, fields, None, tell)
        except KeyboardInterrupt as stop:
            raise Interrupted(found) from stop
        finally:
            close()
        return found

    def analyze_batches(
        self,
        batches: Iterable[Any],
        *,
        table: Literal["documents", "mentions", "dates"] = "mentions",
        text: str = "text",
        id: str = "id",
        published: str = "published",
    ) -> Iterator[Table]:
        """Analyze batch by batch, holding one at a time: for each batch of ``batches`` one table of its findings.

        A batch is anything that ``analyze_corpus`` takes; each result streams Arrow (``__arrow_c_stream__``).
        """
        if not (isinstance(table, str) and table in TABLES):
            raise ValueError(f"table: found {table!r}; one of {', '.join(TABLES)} is due")
        found = type(batches).__name__
        if isinstance(batches, (str, bytes, Mapping)) or hasattr(type(batches), "columns"):
            raise TypeError(f"batches: found {found}; an iterable of batches is due (for one table use analyze_corpus)")
        if not isinstance(batches, Iterable):
            raise TypeError(f"batches: found {found}; an iterable of batches is due")
        return self._analyze_batches(batches, table, Fields(text, id, published))

    def _analyze_batches(self, batches: Iterable[Any], table: str, fields: Fields) -> Iterator[Table]:
        first = 0
        for data in batches:
            for batch in frames.batches(data, fields):
                found = Analysis(self, first)
                found._add(batch, fields, None, None)
                first += len(found)
                yield getattr(found, table)

    def __reduce__(self) -> tuple[Any, ...]:
        return _analyzer, self._given

    def __repr__(self) -> str:
        sources, builtin, types, recognizer, _, model, _ = self._given
        aliases, entities, _ = self._core.lexicon()
        names = [os.path.basename(source["name"]) for source in sources]
        names = ["built-in", *names] if builtin else names or ["no lexicon"]
        lexicon = f"{' + '.join(names)}: {entities:,} entities, {aliases:,} aliases"
        given = f"types={types}, recognizer={recognizer}"
        if model is not None:
            given += f", model={model!r}"
        return f"Analyzer({lexicon}; {given}, threads={self._core.threads})"


def _analyzer(
    sources: list[_Source],
    builtin: bool,
    types: tuple[str, ...],
    recognizer: bool,
    stop: tuple[str, ...],
    model: str | None,
    threads: int | None,
) -> Analyzer:
    """Make an analyzer as pickle has kept it."""
    return Analyzer(
        sources,
        builtin_lexicon=builtin,
        types=types,
        recognizer=recognizer,
        stop=stop,
        model=model,
        threads=threads,
    )


def _sources(lexicon: Any) -> list[_Source]:
    if lexicon is None:
        return []
    if not isinstance(lexicon, (list, tuple)):
        lexicon = [lexicon]
    return [_source(one, f"lexicon[{place}]") for place, one in enumerate(lexicon)]


def _source(lexicon: Any, name: str) -> _Source:
    """One source as the core takes it: a name, and a file's bytes or rows of id, type, needs and alias."""
    if isinstance(lexicon, (str, os.PathLike)):
        shown = os.fsencode(path(name, lexicon)).decode("utf-8", "replace")
        return {"name": shown, "data": Path(lexicon).read_bytes(), "rows": []}
    if isinstance(lexicon, Mapping):
        if set(lexicon) == {"name", "data", "rows"}:
            return dict(lexicon)
        return {"name": name, "data": None, "rows": _rows_of_dict(lexicon, name)}
    if type(lexicon).__name__ == "LazyFrame":
        lexicon = lexicon.collect()
    if hasattr(type(lexicon), "columns"):
        return {"name": name, "data": None, "rows": _rows_of_frame(lexicon, name)}
    due = "a path, a DataFrame with columns id, type and alias, a dict, or a list of these"
    raise TypeError(f"{name}: found {type(lexicon).__name__}; {due} is due")


def _rows_of_dict(lexicon: Mapping[Any, Any], name: str) -> list[tuple[str, str, str, str]]:
    rows: list[tuple[str, str, str, str]] = []
    for key, value in lexicon.items():
        if isinstance(value, Mapping) and "type" in value and "aliases" in value:
            aliases = value["aliases"]
            if isinstance(aliases, str) or not isinstance(aliases, Iterable):
                raise TypeError(f"{name}[{key!r}]: aliases is {type(aliases).__name__}; a list of str is due")
            rows += [(str(key), str(value["type"]), str(value.get("needs", "-")), alias) for alias in aliases]
        elif isinstance(value, (tuple, list)) and len(value) == 2:
            rows.append((str(value[0]), str(value[1]), "-", key))
        else:
            due = "{alias: (id, type)} or {id: {'type': ..., 'aliases': [...]}}"
            raise ValueError(f"{name}[{key!r}]: found {value!r}; {due} is due")
    for id, _, _, alias in rows:
        if not isinstance(alias, str):
            raise TypeError(f"{name}: an alias of {id} is {type(alias).__name__}; a str is due")
    return _sound(rows, name)


def _rows_of_frame(lexicon: Any, name: str) -> list[tuple[str, str, str, str]]:
    columns = [str(column) for column in getattr(lexicon, "column_names", lexicon.columns)]
    for column in ("id", "type", "alias"):
        if column not in columns:
            raise KeyError(f"{name}: there is no column {column!r}; the columns are {', '.join(columns)}")
    kept = [column for column in ("id", "type", "needs", "alias") if column in columns]
    values = {}
    for column in kept:
        cells = lexicon[column]
        cells = cells.to_pylist() if hasattr(cells, "to_pylist") else cells
        values[column] = [_text(value, name, column, row) for row, value in enumerate(cells)]
    needs = values.get("needs") or ["-"] * len(values["id"])
    return _sound(list(zip(values["id"], values["type"], needs, values["alias"], strict=True)), name)


def _sound(rows: list[tuple[str, str, str, str]], name: str) -> list[tuple[str, str, str, str]]:
    for place, row in enumerate(rows, 1):
        for cell in row:
            try:
                cell.encode()
            except UnicodeEncodeError:
                raise ValueError(f"{name}:{place}: {cell!r} holds a lone surrogate, which no text can hold") from None
    return rows


def _text(value: Any, name: str, column: str, row: int) -> str:
    if isinstance(value, str):
        return value
    if column == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if column == "needs" and (value is None or frames.is_missing(value)):
        return "-"
    raise TypeError(f"{name}: {column} in row {row} is {type(value).__name__}; a str is due")


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in the middle of ``analyze_corpus``: the documents that were done are in ``found``.

    In a notebook, right after it: ``found = sys.last_value.found``.
    """

    def __init__(self, found: Analysis) -> None:
        super().__init__(
            f"{len(found):,} documents are done; they are in .found of this exception (sys.last_value.found)"
        )
        #: The Analysis of the documents that were done, from the first on.
        self.found = found

    def __reduce__(self) -> tuple[Any, ...]:
        return Interrupted, (self.found,)


class Analysis:
    """What a run found: tables of documents, mentions and dates, and counts over them."""

    __slots__ = ("_analyzer", "_core")

    def __init__(self, analyzer: Analyzer, first: int = 0) -> None:
        self._analyzer = analyzer
        self._core = _marsad.Analysis(analyzer._core, first)

    def _add(self, batch: Batch, fields: Fields, otherwise: Any, tell: Any) -> None:
        if batch.arrow is not None:
            self._core.add_arrow(batch.arrow, fields.names(), otherwise, tell)
        else:
            self._core.add_lists(batch.texts, batch.ids, batch.published, otherwise, tell)

    def __len__(self) -> int:
        return len(self._core)

    @property
    def documents(self) -> Table:
        """One row a document, also those that name nothing."""
        return Table(self._core.documents())

    @property
    def mentions(self) -> Table:
        """One row a mention, in the order of the texts."""
        return Table(self._core.mentions())

    @property
    def dates(self) -> Table:
        """One row a date expression, in the order of the texts."""
        return Table(self._core.dates())

    def counts(
        self,
        by: Literal["type", "document", "day", "week", "month", "year"] | None = None,
        *,
        top: int | None = None,
    ) -> Table:
        """How often each entity is named, the most named first.

        ``by`` counts apart by type, by document, or by the day, week (from Monday), month or year of the document.
        ``top`` keeps so many entities: of the whole run where counts are by period, so that each keeps all of its
        periods, and of each group otherwise.
        """
        return Table(self._core.counts(None if by is None else word("by", by), whole("top", top)))

    def timeline(self, freq: Literal["day", "week", "month", "year"] = "month") -> Table:
        """How many of the dates named IN the texts begin in each period, document by document."""
        return Table(self._core.timeline(word("freq", freq)))

    def cooccurrence(self, within: Literal["document", "sentence"] = "document", *, top: int | None = None) -> Table:
        """Pairs of entities by the number of documents or sentences that name both, the most first."""
        return Table(self._core.cooccurrence(word("within", within), whole("top", top)))

    def save(self, folder: str | os.PathLike[str], format: Literal["parquet", "csv", "jsonl"] = "parquet") -> Path:
        """Write documents, mentions, dates and counts to files of a folder, and return the folder.

        Files appear under their names only when all are whole.
        """
        if not (isinstance(format, str) and format in ("parquet", "csv", "jsonl")):
            raise ValueError(f"format: found {format!r}; 'parquet', 'csv' or 'jsonl' is due")
        target = Path(path("folder", folder))
        target.mkdir(parents=True, exist_ok=True)
        files = Tables(target, format)
        for name in (*TABLES, "counts"):
            table = self.counts() if name == "counts" else getattr(self, name)
            files.write(name, table._batches)
        files.finish()
        return target

    def report(self, path: str | os.PathLike[str], *, title: str | None = None, articles: SupportsIndex = 50) -> Path:
        """Write a report to one HTML file that needs no network, and return its path.

        It has a table of entities to search, filter and sort, charts, the dates named in the texts, pairs, and
        ``articles`` of the articles, chosen evenly, with their names and dates marked; it says what it leaves out.
        """
        from marsad.report import write

        return write(self, path, title=title, articles=articles)

    def __reduce__(self) -> tuple[Any, ...]:
        tables = tuple(getattr(self._core, name)().to_parquet() for name in TABLES)
        return _analysis, (self._analyzer, tables, self._core.facts(), self._core.sample())

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(getattr(self, name)):,} {name}" for name in TABLES)
        return f"Analysis({counts})"

    def _repr_html_(self) -> str:
        return f"<p>{self!r}</p>{self.counts(top=10)._repr_html_()}"


def _analysis(
    analyzer: Analyzer,
    tables: tuple[bytes, ...],
    facts: tuple[bytes, bytes, list[tuple[str, str, str]]],
    sample: list[tuple[int, str]],
) -> Analysis:
    found = Analysis(analyzer)
    documents, mentions, dates = (_marsad.Batches.from_parquet(table) for table in tables)
    found._core = _marsad.Analysis.restore(analyzer._core, documents, mentions, dates, facts, sample)
    return found
