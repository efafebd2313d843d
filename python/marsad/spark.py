"""Marsad on Spark: tables of findings and counts over DataFrames of any size, by ``DataFrame.mapInArrow``.

Each partition is analyzed by itself, on one thread, by an analyzer that a Python worker makes once from what is
broadcast once a session. The rows are those of a run on one machine over the same documents in the order of the
partitions, and so are their ids: an entity that no lexicon has is called after its type and folded full name, which
the document alone says.

    from marsad import spark
    articles = session.read.parquet("articles")  # columns id, text and, if there are days, published
    spark.counts(articles, by="month", top=50).show()

Every function takes a DataFrame of PySpark 4 with a column of text and a column of ids. ``published`` may be missing;
it holds ISO strings, dates, or timestamps, whose day is that of the session's time zone. Results are as lazy as Spark
is: an error in a row, such as a malformed day, comes out of the action that reads it. Spark may ask for a partition
again, so ``cache()`` a result that is read twice.
"""

from __future__ import annotations

import functools
import pickle
from collections.abc import Iterator
from typing import Any, Literal
from weakref import WeakKeyDictionary

from marsad.analysis import Analysis, Analyzer
from marsad.frames import Fields
from marsad.optional import need
from marsad.table import Table

__all__ = ["counts", "dates", "documents", "mentions"]

#: What Spark calls the types of our columns.
_TYPES = {
    "utf8": "StringType",
    "int32": "IntegerType",
    "int64": "LongType",
    "float64": "DoubleType",
    "date32": "DateType",
}
#: The types that a column of the caller's may have.
_WHOLE = ("ByteType", "ShortType", "IntegerType", "LongType")
_DUE = {
    "text": (("StringType",), "a column of strings"),
    "id": (("StringType", *_WHOLE), "a column of strings or whole numbers"),
    "published": (
        ("StringType", "DateType", "TimestampType", "TimestampNTZType", "NullType"),
        "a column of dates, timestamps or ISO strings",
    ),
}
#: Bits that number a row within its partition, as in Spark's monotonically_increasing_id.
_PLACES = 33
#: What each Spark context has been sent.
_broadcasts: WeakKeyDictionary[Any, dict[bytes, Any]] = WeakKeyDictionary()


def documents(
    df: Any, *, analyzer: Analyzer | None = None, text: str = "text", id: str = "id", published: str = "published"
) -> Any:
    """One row a document, as ``Analysis.documents`` has them. For parameters and errors see ``mentions``."""
    return _table("documents", df, analyzer, Fields(text, id, published))


def mentions(
    df: Any, *, analyzer: Analyzer | None = None, text: str = "text", id: str = "id", published: str = "published"
) -> Any:
    """One row a mention, as ``Analysis.mentions`` has them.

    Parameters
    ----------
    df
        A DataFrame of PySpark; rows without a text are documents that name nothing.
    analyzer
        What finds the names and dates; None means ``Analyzer()``. Its lexicons travel with it. A ``model`` given by
        path must lie under that path on every machine. Whatever its ``threads``, a worker uses one.
    text, id, published
        The columns that hold the text, its identifier and its day. A row has no number that holds across
        partitions, so the ids must be there.

    Returns
    -------
    pyspark.sql.DataFrame
        Start and end are code points of the source text.

    Raises
    ------
    KeyError
        For a column that is not there.
    TypeError
        For a column, DataFrame or analyzer of another type.
    pyspark.errors.PythonException
        From the action that reads the rows: for an id that is null, and for a day that is none.
    """
    return _table("mentions", df, analyzer, Fields(text, id, published))


def dates(
    df: Any, *, analyzer: Analyzer | None = None, text: str = "text", id: str = "id", published: str = "published"
) -> Any:
    """One row a date expression, as ``Analysis.dates`` has them. For parameters and errors see ``mentions``."""
    return _table("dates", df, analyzer, Fields(text, id, published))


def counts(
    df: Any,
    *,
    by: Literal["type", "document", "day", "week", "month", "year"] | None = None,
    top: int | None = None,
    analyzer: Analyzer | None = None,
    text: str = "text",
    id: str = "id",
    published: str = "published",
) -> Any:
    """How often each entity is named, as ``Analysis.counts(by, top=top)`` has it, in the same order.

    Each batch is counted where it is analyzed, and Spark adds the counts up: only counts travel. An entity that no
    lexicon has goes by the name that it has first in the order of the partitions. For the other parameters and for
    errors see ``mentions``; ValueError says which ``by`` and ``top`` are due.
    """
    analyzer = _checked(analyzer)
    schema = _schema(Analysis(analyzer).counts(by, top=top))
    types = need("pyspark.sql.types")
    placed = types.StructType([*schema.fields, types.StructField("place", types.LongType(), False)])
    # A document is whole where it is analyzed; other groups are not.
    first = top if by == "document" else None
    work = functools.partial(_tallies, by, first)
    found = _added(_mapped(df, Fields(text, id, published), analyzer, placed, work), by, top)
    column = need("pyspark.sql.functions").col
    return found.select(*(column(field.name).alias(field.name, metadata=field.metadata) for field in schema.fields))


def _table(name: str, df: Any, analyzer: Analyzer | None, fields: Fields) -> Any:
    analyzer = _checked(analyzer)
    schema = _schema(getattr(Analysis(analyzer), name))
    return _mapped(df, fields, analyzer, schema, functools.partial(_rows, name))


def _checked(analyzer: Analyzer | None) -> Analyzer:
    if analyzer is None:
        return _default()
    if not isinstance(analyzer, Analyzer):
        raise TypeError(f"analyzer: found {type(analyzer).__name__}; a marsad.Analyzer or None is due")
    return analyzer


@functools.lru_cache(maxsize=1)
def _default() -> Analyzer:
    return Analyzer(threads=1)


def _schema(table: Table) -> Any:
    """Say Spark what columns a table has."""
    types = need("pyspark.sql.types")
    return types.StructType(
        [
            types.StructField(name, getattr(types, _TYPES[kind])(), nullable, {"about": about})
            for name, kind, nullable, about in table._batches.schema()
        ]
    )


def _mapped(df: Any, fields: Fields, analyzer: Analyzer, schema: Any, work: Any) -> Any:
    """Run ``work`` over each partition's batches; it takes what makes the analyzer, and the batches."""
    articles = _articles(df, fields)
    recipe = _sent(df, analyzer)
    return articles.mapInArrow(lambda batches: work(recipe, batches), schema)


def _articles(df: Any, fields: Fields) -> Any:
    """Give the columns that are read, under the names text, id and published."""
    functions = need("pyspark.sql.functions")
    if not hasattr(df, "mapInArrow"):
        raise TypeError(f"df: found {type(df).__name__}; a pyspark.sql.DataFrame is due")
    types = {field.name: type(field.dataType).__name__ for field in df.schema.fields}
    known = ", ".join(types)
    if fields.id not in types:
        raise KeyError(
            f"id: there is no column {fields.id!r}; a column of ids is due, for rows have no numbers that hold across "
            f"partitions (pyspark.sql.functions.monotonically_increasing_id makes some); the columns are {known}"
        )
    chosen = fields.chosen(list(types))
    columns = []
    for argument, name in zip(("text", "id", "published"), fields.names(), strict=True):
        if name not in chosen:
            continue
        accepted, due = _DUE[argument]
        if types[name] not in accepted:
            raise TypeError(f"{argument}: found a column of {types[name]} in {name!r}; {due} is due")
        # Names may hold dots, which mean something to Spark.
        column = functions.col("`" + name.replace("`", "``") + "`")
        is_day = types[name].startswith("Timestamp") or types[name] == "NullType"
        columns.append((column.cast("date") if is_day else column).alias(argument))
    return df.select(*columns)


def _sent(df: Any, analyzer: Analyzer) -> Any:
    """Send what makes the analyzer to the machines: once a session, or with the function where it is remote."""
    make, given = analyzer.__reduce__()
    # The last of what it was given is the number of threads. Spark has as many workers as cores.
    recipe = pickle.dumps((make, (*given[:-1], 1)))
    if type(df).__module__.startswith("pyspark.sql.connect"):
        return recipe
    context = df.sparkSession.sparkContext
    sent = _broadcasts.setdefault(context, {})
    if recipe not in sent:
        sent[recipe] = context.broadcast(recipe)
    return sent[recipe]


@functools.lru_cache(maxsize=4)
def _made(recipe: bytes) -> Analyzer:
    """Make the analyzer, once a Python worker."""
    make, given = pickle.loads(recipe)
    analyzer: Analyzer = make(*given)
    return analyzer


def _analyses(recipe: Any, batches: Iterator[Any]) -> Iterator[Analysis]:
    analyzer = _made(recipe if isinstance(recipe, bytes) else recipe.value)
    for batch in batches:
        missing = batch.column("id").null_count
        if missing:
            raise ValueError(
                f"id: found null in {missing} of {batch.num_rows} rows of a batch; an id in each row is due"
            )
        yield analyzer.analyze_corpus(batch, progress=False)


def _rows(name: str, recipe: Any, batches: Iterator[Any]) -> Iterator[Any]:
    for found in _analyses(recipe, batches):
        yield from _whole(getattr(found, name)).to_batches()


def _tallies(by: Any, top: int | None, recipe: Any, batches: Iterator[Any]) -> Iterator[Any]:
    """Count each batch; ``place`` puts the rows of the whole run in order."""
    pyarrow = need("pyarrow")
    place = need("pyspark").TaskContext.get().partitionId() << _PLACES
    for found in _analyses(recipe, batches):
        table = _whole(found.counts(by, top=top))
        places = pyarrow.array(range(place, place + len(table)), pyarrow.int64())
        place += len(table)
        yield from table.append_column("place", places).to_batches()


def _whole(table: Table) -> Any:
    # Findings come in a batch a piece of work; Spark has a cost a batch.
    return need("pyarrow").table(table).combine_chunks()


def _added(found: Any, by: str | None, top: int | None) -> Any:
    """Add up the counts of batches. An entity's name is the first in the run, in whatever group."""
    F = need("pyspark.sql.functions")  # noqa: N806
    window = need("pyspark.sql.window").Window
    most = [F.desc("mentions"), F.asc("entity_id")]
    first = F.min(F.struct("place", "name", "type"))
    if by == "document":
        # Entities of a lexicon have one name: their many rows need not meet on one machine.
        is_named = F.startswith("entity_id", F.concat("type", F.lit(":")))
        entity = window.partitionBy("entity_id", F.when(is_named, F.lit(0)).otherwise(F.col("place")))
        return found.withColumn("name", first.over(entity)["name"]).orderBy("place")
    sums = [F.sum(name).alias(name) for name in ("mentions", "documents")]
    sums += [F.min("first_seen").alias("first_seen"), F.max("last_seen").alias("last_seen")]
    if by not in (None, "type"):
        # An entity of the top is kept with all of its periods.
        rows = found.groupBy("entity_id", "period").agg(*sums, first.alias("first"))
        kept = F.struct("period", "mentions", "documents", "first_seen", "last_seen")
        rows = rows.groupBy("entity_id").agg(
            F.min("first")["name"].alias("name"),
            F.min("first")["type"].alias("type"),
            F.sum("mentions").alias("total"),
            F.collect_list(kept).alias("periods"),
        )
        if top is not None:
            rows = rows.orderBy(F.desc("total"), F.asc("entity_id")).limit(top)
        rows = rows.select("entity_id", "name", "type", F.inline("periods"))
        return rows.orderBy(F.asc_nulls_last("period"), *most)
    rows = found.groupBy("entity_id").agg(*sums, first["name"].alias("name"), first["type"].alias("type"))
    if by is None:
        rows = rows.orderBy(*most)
        return rows if top is None else rows.limit(top)
    if top is not None:
        ranked = rows.withColumn("rank", F.row_number().over(window.partitionBy("type").orderBy(*most)))
        rows = ranked.where(F.col("rank") <= top)
    return rows.orderBy("type", *most)
