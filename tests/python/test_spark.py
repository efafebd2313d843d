"""Spark gives the rows of one machine: on a local session of two workers, several partitions and small batches."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import marsad
import pytest
from marsad import _marsad, spark

pytest.importorskip("pyspark", minversion="4.0", reason="PySpark 4 is not installed: pip install 'marsad[spark]'")
if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
    pytest.skip("Spark needs Java 17, which is not installed", allow_module_level=True)

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

BY = (None, "type", "document", "day", "week", "month", "year")
SCHEMA = "id string, published string, text string"
#: The same person by two spellings, whom no lexicon has: the first in the run is the name.
UNLISTED = [
    ("u1", "2025-03-07", "قالت المهندسة سميرة نصّار إن الجسر سيفتح قريبا."),
    ("u2", "2025-01-02", "قالت المهندسة سميرة نصار إن الجسر أغلق."),
    ("u3", None, "التقت المهندسة سميرة نصار وفدا من بغداد."),
    ("u4", "2025-03-10", "زارت المهندسة سَميرة نصار القاهرة في 3 مارس 2025."),
]
#: No text, no name, a day of the last week of a year, and one id twice.
ODD = [
    ("o1", "2025-03-06", None),
    ("o2", None, ""),
    ("o3", "2024-12-31", "وصلت بعثة الأمم المتحدة إلى الخرطوم يوم 14 رمضان 1446 هـ.\nثم غادرت إلى القاهرة."),
    ("o4", "2025-01-01", "بغداد والخرطوم"),
    ("o4", "2025-01-06", "بغداد ثم بغداد"),
]


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    before = os.environ.get("PYSPARK_PYTHON")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "3")
        .config("spark.sql.session.timeZone", "Asia/Riyadh")
        .getOrCreate()
    )
    made.sparkContext.setLogLevel("OFF")
    yield made
    made.stop()
    if before is None:
        del os.environ["PYSPARK_PYTHON"]
    else:
        os.environ["PYSPARK_PYTHON"] = before


@pytest.fixture(scope="module")
def articles(root: Path) -> list[tuple[str, str | None, str | None]]:
    files = sorted((root / "examples" / "news").glob("*.txt"))
    news = [(path.name, None, path.read_text(encoding="utf-8")) for path in files]
    return [*UNLISTED[:2], *ODD, *news, *UNLISTED[2:]]


@pytest.fixture(scope="module")
def df(session: SparkSession, articles: list[Any]) -> DataFrame:
    return session.createDataFrame(session.sparkContext.parallelize(articles, 4), SCHEMA).cache()


@pytest.fixture(scope="module")
def alone(analyzer: marsad.Analyzer, articles: list[Any]) -> marsad.Analysis:
    return analyzer.analyze_corpus([dict(zip(("id", "published", "text"), row, strict=True)) for row in articles])


def rows(found: DataFrame) -> list[dict[str, Any]]:
    return [row.asDict() for row in found.collect()]


@pytest.mark.parametrize("name", ["documents", "mentions", "dates"])
def test_tables_are_those_of_one_machine(name: str, df: DataFrame, alone: marsad.Analysis) -> None:
    assert df.rdd.getNumPartitions() == 4
    found = getattr(spark, name)(df)
    assert rows(found) == getattr(alone, name).to_pylist()
    fields = [(field.name, field.nullable, field.metadata["about"]) for field in found.schema.fields]
    assert fields == [(column, nullable, about) for column, _, nullable, about in _marsad.columns()[name]]


@pytest.mark.parametrize("by", BY)
def test_counts_are_those_of_one_machine(by: Any, df: DataFrame, alone: marsad.Analysis) -> None:
    found = spark.counts(df, by=by)
    table = alone.counts(by=by)
    assert found.columns == table.columns
    assert rows(found) == table.to_pylist()
    assert [field.metadata["about"] for field in found.schema.fields] == [row[3] for row in table._batches.schema()]


@pytest.mark.parametrize("by", [None, "type", "document", "month"])
def test_the_top_is_that_of_one_machine(by: Any, df: DataFrame, alone: marsad.Analysis) -> None:
    assert rows(spark.counts(df, by=by, top=2)) == alone.counts(by=by, top=2).to_pylist()


def test_partitions_agree_on_entities_of_no_lexicon(df: DataFrame, session: SparkSession) -> None:
    assert {row["entity_id"] for row in rows(spark.mentions(df)) if row["doc"] in ("u1", "u2", "u3", "u4")} >= {
        "PER:سميره نصار"
    }
    each = session.createDataFrame(session.sparkContext.parallelize(UNLISTED, 4), SCHEMA)
    named = [row for row in rows(spark.mentions(each)) if row["type"] == "PER"]
    assert [(row["doc"], row["entity_id"]) for row in named] == [
        ("u1", "PER:سميره نصار"),
        ("u2", "PER:سميره نصار"),
        ("u3", "PER:سميره نصار"),
        ("u4", "PER:سميره نصار"),
    ]
    assert len({row["name"] for row in named}) > 1, "the batches call her by several names"
    (person,) = (row for row in rows(spark.counts(each)) if row["type"] == "PER")
    assert (person["name"], person["mentions"], person["documents"]) == (named[0]["name"], 4, 4)
    assert (person["first_seen"], person["last_seen"]) == (date(2025, 1, 2), date(2025, 3, 10))


def test_an_analyzer_of_ones_own(df: DataFrame, articles: list[Any]) -> None:
    own = marsad.Analyzer(
        {"الجسر": ("BRIDGE", "PROJECT")}, types=("LOC", "PROJECT"), recognizer=False, stop=["بغداد"], threads=2
    )
    data = {"id": [row[0] for row in articles], "text": [row[2] for row in articles]}
    found = rows(spark.mentions(df.drop("published"), analyzer=own))
    assert found == own.analyze_corpus(data).mentions.to_pylist()
    assert {row["type"] for row in found} == {"LOC", "PROJECT"}


def test_an_analyzer_is_sent_once(df: DataFrame) -> None:
    own = marsad.Analyzer({"الجسر": ("BRIDGE", "LOC")})
    before = len(spark._broadcasts[df.sparkSession.sparkContext])
    for function in (spark.mentions, spark.dates, spark.counts):
        function(df, analyzer=own)
    assert len(spark._broadcasts[df.sparkSession.sparkContext]) == before + 1


def test_a_worker_makes_one_analyzer_of_one_thread(session: SparkSession) -> None:
    recipe = spark._sent(session.range(1), marsad.Analyzer(threads=2))

    def tell(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        for _ in batches:
            made = spark._made(recipe.value)
            yield pyarrow.RecordBatch.from_pydict(
                {"worker": [os.getpid()], "made": [id(made)], "threads": pyarrow.array([made._core.threads], "int32")}
            )

    told = session.range(0, 40, 1, 8).mapInArrow(tell, "worker bigint, made bigint, threads int").collect()
    assert len(told) == 8 * 2, "batches of three rows"
    assert {row.threads for row in told} == {1}
    assert len({(row.worker, row.made) for row in told}) == len({row.worker for row in told}) <= 2


def test_names_of_columns(session: SparkSession) -> None:
    named = session.createDataFrame([(7, "زار القاهرة", "x")], "`no.` int, `the text` string, more string")
    assert [row["doc"] for row in rows(spark.mentions(named, text="the text", id="no."))] == ["7"]
    assert rows(spark.mentions(named, text="the text", id="the text"))[0]["doc"] == "زار القاهرة"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", "2025-03-19"),
        ("date", date(2025, 3, 19)),
        ("timestamp_ntz", datetime(2025, 3, 19, 0, 30)),
        # The session's clock is three hours ahead: its day is the nineteenth.
        ("timestamp", "2025-03-18T22:30:00Z"),
    ],
)
def test_kinds_of_days(kind: str, value: Any, session: SparkSession) -> None:
    given = (
        session.createDataFrame([("a", "عاد أمس", value)], f"id string, text string, day {kind}")
        if (kind != "timestamp")
        else session.sql(f"select 'a' id, 'عاد أمس' text, timestamp'{value}' day")
    )
    assert rows(spark.documents(given, published="day"))[0]["published"] == date(2025, 3, 19)
    assert rows(spark.dates(given, published="day"))[0]["value"] == "2025-03-18"


def test_nothing(session: SparkSession) -> None:
    nothing = session.createDataFrame([], SCHEMA)
    for name in ("documents", "mentions", "dates", "counts"):
        assert rows(getattr(spark, name)(nothing)) == []


def test_what_is_not_there(session: SparkSession) -> None:
    df = session.createDataFrame([("a", "x", 1.5)], "url string, text string, score double")
    with pytest.raises(
        KeyError, match=r"id: there is no column 'id'; a column of ids is due.*the columns are url, text"
    ):
        spark.mentions(df)
    with pytest.raises(KeyError, match=r"text: there is no column 'body'; the columns are url, text, score"):
        spark.dates(df, text="body", id="url")
    with pytest.raises(KeyError, match=r"published: there is no column 'day'; the columns are url"):
        spark.dates(df, id="url", published="day")
    with pytest.raises(TypeError, match=r"id: found a column of DoubleType in 'score'; a column of strings or whole"):
        spark.documents(df, id="score")
    with pytest.raises(TypeError, match=r"text: found a column of DoubleType in 'score'; a column of strings is due"):
        spark.documents(df, id="url", text="score")
    with pytest.raises(TypeError, match=r"df: found list; a pyspark.sql.DataFrame is due"):
        spark.mentions([])
    with pytest.raises(TypeError, match=r"analyzer: found str; a marsad.Analyzer or None is due"):
        spark.mentions(df, id="url", analyzer="x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"by: found .*hour.*; None, \"type\", \"document\""):
        spark.counts(df, id="url", by="hour")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"top: found -1; a number from 0 up"):
        spark.counts(df, id="url", top=-1)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((None, None, "x"), "id: found null in 1 of 1 rows of a batch; an id in each row is due"),
        (("a", "soon", "x"), 'published: found "soon" in row 0; a day such as 2025-03-19 is due'),
    ],
)
def test_faults_of_rows_come_out_of_the_action(row: tuple[Any, ...], message: str, session: SparkSession) -> None:
    found = spark.mentions(session.createDataFrame([row], SCHEMA))
    with pytest.raises(PySparkException) as caught:
        found.collect()
    assert message in str(caught.value)
