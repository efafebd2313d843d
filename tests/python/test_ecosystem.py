"""Into other libraries and out of them again: kinds of columns, streams, and counts joined with a table of one's own.

What each kind of table gives as a corpus is in test_corpus, normalized columns in test_normalize, types in test_tables.
The tests hold for pandas 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import marsad
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

Rows = list[dict[str, Any]]
TABLES = ("documents", "mentions", "dates")
#: A table such as a user has: what the lexicon does not say of its entities.
OWN = {"entity_id": ["UN", "BAGHDAD", "NOBODY"], "desk": ["world", "home", "none"]}


def facts(found: marsad.Analysis) -> tuple[Rows, ...]:
    return tuple(getattr(found, name).to_pylist() for name in TABLES)


def streamed(analyzer: marsad.Analyzer, source: Callable[[], Any], **columns: str) -> tuple[Rows, ...]:
    """What is found batch by batch, table by table."""
    return tuple(
        [row for part in analyzer.analyze_batches(source(), table=name, **columns) for row in part.to_pylist()]  # type: ignore[arg-type]
        for name in TABLES
    )


@pytest.fixture
def desks(found: marsad.Analysis) -> dict[str, int]:
    """How often the entities of each desk are named."""
    named = {row["entity_id"]: row["mentions"] for row in found.counts().to_pylist()}
    return {desk: named.get(id, 0) for id, desk in zip(OWN["entity_id"], OWN["desk"], strict=True)}


@pytest.fixture
def frame(corpus: Rows) -> pd.DataFrame:
    return pd.DataFrame(corpus)


class TestPandas:
    @pytest.mark.parametrize(
        "kind",
        [
            "object",
            "string[python]",
            "string[pyarrow]",
            "category",
            pd.ArrowDtype(pa.string()),
            pd.ArrowDtype(pa.large_string()),
            pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())),
        ],
        ids=str,
    )
    def test_kinds_of_text(
        self, kind: Any, frame: pd.DataFrame, texts: list[str | None], analyzer: marsad.Analyzer, found: marsad.Analysis
    ) -> None:
        typed = frame.assign(text=pd.Series(pa.array(texts) if "dictionary" in str(kind) else texts, dtype=kind))
        assert typed["text"].dtype == kind
        assert facts(analyzer.analyze_corpus(typed)) == facts(found)
        # Rows that a filter has kept bring categories that no row has, and an index with holes.
        kept = typed[typed["id"].isin(["b", "e", "g"])]
        expected = [row for row in found.documents.to_pylist() if row["doc"] in ("b", "e", "g")]
        assert analyzer.analyze_corpus(kept).documents.to_pylist() == expected

    @pytest.mark.parametrize(
        ("values", "kind"),
        [
            (["2025-03-05", None], "string[python]"),
            (["2025-03-05", None], "category"),
            ([date(2025, 3, 5), None], "object"),
            (
                [date(2025, 3, 5), None],
                pd.ArrowDtype(pa.date32()),
            ),
            ([pd.Timestamp("2025-03-05 23:59"), None], pd.ArrowDtype(pa.timestamp("us"))),
            ([pd.Timestamp("2025-03-05 23:59"), pd.NaT], "datetime64[ns]"),
            (
                [pd.Timestamp("2025-03-05 00:59", tz="Asia/Riyadh"), None],
                pd.ArrowDtype(pa.timestamp("us", "Asia/Riyadh")),
            ),
            ([pd.Timestamp("2025-03-05 23:59"), pd.NaT], "datetime64[s]"),
        ],
        ids=str,
    )
    def test_kinds_of_days(self, values: list[Any], kind: Any, analyzer: marsad.Analyzer) -> None:
        days = pd.Series(values, dtype=kind, index=[8, 8])
        found = analyzer.analyze_corpus(pd.DataFrame({"text": ["عاد أمس", "عاد أمس"], "published": days}))
        assert found.documents.column("published") == [date(2025, 3, 5), None]
        assert found.dates.column("value") == ["2025-03-04", None]

    @pytest.mark.parametrize("missing", [None, np.nan, pd.NA], ids=str)
    @pytest.mark.parametrize("kind", ["object", "string[pyarrow]", "category"])
    def test_nulls(self, kind: str, missing: Any, analyzer: marsad.Analyzer) -> None:
        texts = pd.Series(["القاهرة", missing, "بغداد"], dtype=kind)
        ids = pd.Series(["a", "b", missing], dtype=kind)
        found = analyzer.analyze_corpus(pd.DataFrame({"text": texts, "id": ids}))
        assert found.documents.column("doc") == ["a", "b", "2"], "a row without an id is called by its number"
        assert found.documents.column("mentions") == [1, 0, 1]

    def test_a_normalized_column_goes_back_where_it_came_from(self, frame: pd.DataFrame) -> None:
        index = pd.MultiIndex.from_arrays([[1, 1, 2, 2, 2, 3, 3], list("abcdefg")], names=["page", "id"])
        paged = frame.set_index(index)
        paged["plain"] = marsad.normalize(paged["text"])
        assert paged["plain"].index.equals(index)
        assert paged.loc[(1, "a"), "plain"] == marsad.normalize(frame["text"][0])
        assert paged["plain"].isna().tolist() == paged["text"].isna().tolist()
        doubled = pd.concat([frame, frame]).sort_index()
        doubled["plain"] = marsad.normalize(doubled["text"])
        assert doubled["plain"].iloc[::2].equals(doubled["plain"].iloc[1::2])

    def test_counts_by_normalized_category(self) -> None:
        places = pd.Series(["القَاهرة", "القاهره", "بغداد", None], dtype="category", index=[3, 3, 1, 0])
        sizes = marsad.normalize(places).value_counts()
        assert sizes.to_dict() == {"القاهره": 2, "بغداد": 1}

    def test_a_joined_table(self, found: marsad.Analysis, desks: dict[str, int]) -> None:
        own = pd.DataFrame(OWN).astype({"entity_id": "category"})
        joined = own.merge(found.counts().to_pandas(), on="entity_id", how="left")
        assert joined.set_index("desk")["mentions"].fillna(0).astype(int).to_dict() == desks

    def test_mentions_beside_the_articles_own_columns(
        self, frame: pd.DataFrame, analyzer: marsad.Analyzer, found: marsad.Analysis
    ) -> None:
        papers = frame.assign(paper=["x", "y", "x", "y", "x", "y", "x"])
        mentions = analyzer.analyze_corpus(papers).mentions.to_pandas()
        joined = mentions.merge(papers[["id", "paper"]], left_on="doc", right_on="id")
        assert len(joined) == len(found.mentions)
        by_paper = joined.groupby("paper")["entity_id"].count().to_dict()
        of_x = [row for row in found.mentions.to_pylist() if row["doc"] in ("a", "c", "e", "g")]
        assert by_paper == {"x": len(of_x), "y": len(found.mentions) - len(of_x)}

    def test_days_are_an_index_for_time(self, found: marsad.Analysis) -> None:
        dated = found.documents.to_pandas().dropna(subset="published").set_index("published")
        by_month = dated["mentions"].resample("MS").sum()
        expected = found.counts(by="month").to_pandas().dropna(subset="period").groupby("period")["mentions"].sum()
        assert by_month[by_month > 0].to_dict() == expected.to_dict()

    def test_out_and_in_again(self, found: marsad.Analysis, tmp_path: Path) -> None:
        for name in TABLES:
            table = getattr(found, name)
            shrunk = table.to_pandas().astype({"doc": "category"})
            shrunk.to_parquet(tmp_path / f"{name}.parquet")
            back = pq.read_table(tmp_path / f"{name}.parquet")
            back = back.set_column(0, "doc", back["doc"].cast(pa.string()))
            assert [
                {**row, **{key: value and getattr(value, "date", lambda v=value: v)() for key, value in row.items()}}
                for row in back.to_pylist()
            ] == table.to_pylist()


class TestPolars:
    def test_a_lazy_frame_batch_by_batch(
        self, corpus: Rows, analyzer: marsad.Analyzer, found: marsad.Analysis, tmp_path: Path
    ) -> None:
        if not hasattr(pl.LazyFrame, "collect_batches"):
            pytest.skip("LazyFrame.collect_batches needs a newer Polars")
        pl.DataFrame(corpus).write_parquet(tmp_path / "news.parquet")
        lazy = pl.scan_parquet(tmp_path / "news.parquet")
        assert streamed(analyzer, lambda: lazy.collect_batches(chunk_size=2)) == facts(found)
        chosen = lazy.filter(pl.col("id") > "c").with_columns(pl.col("published").str.to_date())
        expected = tuple([row for row in rows if row["doc"] > "c"] for rows in facts(found))
        assert streamed(analyzer, lambda: chosen.collect_batches(chunk_size=3)) == expected
        assert facts(analyzer.analyze_corpus(chosen)) == expected

    @pytest.mark.parametrize("kind", ["categorical", "enum"])
    def test_categories(self, kind: str, corpus: Rows, analyzer: marsad.Analyzer, found: marsad.Analysis) -> None:
        table = pl.DataFrame(corpus)
        texts = table["text"].drop_nulls().unique()
        ids = pl.Enum(table["id"])
        cast = pl.Categorical() if kind == "categorical" else pl.Enum([*texts, "ليس في الجدول"])
        typed = table.with_columns(pl.col("text").cast(cast), pl.col("id").cast(ids))
        assert facts(analyzer.analyze_corpus(typed)) == facts(found)
        assert facts(analyzer.analyze_corpus(typed.lazy())) == facts(found)
        apart = pl.concat([typed[:3], typed[3:]], rechunk=False)
        assert facts(analyzer.analyze_corpus(apart)) == facts(found)
        assert streamed(analyzer, lambda: typed.iter_slices(2)) == facts(found)

    def test_nulls(self, analyzer: marsad.Analyzer) -> None:
        table = pl.DataFrame({"id": ["a", None], "text": [None, "القاهرة"], "published": [None, date(2025, 3, 5)]})
        documents = analyzer.analyze_corpus(table).documents.to_polars()
        assert documents["doc"].to_list() == ["a", "1"]
        assert documents["published"].to_list() == [None, date(2025, 3, 5)]
        nothing = analyzer.analyze_corpus(table.with_columns(text=pl.lit(None, pl.String))).documents.to_polars()
        assert nothing["mentions"].to_list() == [0, 0]
        assert documents.schema == nothing.schema

    def test_columns_of_nothing(self, analyzer: marsad.Analyzer) -> None:
        table = pl.DataFrame({"text": ["القاهرة", "بغداد"], "published": [None, None]})
        assert table.schema["published"] == pl.Null
        assert analyzer.analyze_corpus(table).documents.column("published") == [None, None]

    def test_a_corpus_of_lazy_batches(self, corpus: Rows, analyzer: marsad.Analyzer, found: marsad.Analysis) -> None:
        lazy = pl.DataFrame(corpus).lazy()
        assert facts(analyzer.analyze_corpus(lazy.collect_batches(chunk_size=2))) == facts(found)

    def test_a_normalized_column(self, corpus: Rows) -> None:
        table = pl.DataFrame(corpus)
        plain = table.with_columns(marsad.normalize(table["text"]).alias("plain"))
        assert plain["plain"].to_list() == [marsad.normalize(row["text"]) if row["text"] else None for row in corpus]
        lazy = table.lazy().with_columns(
            pl.col("text").map_batches(marsad.Normalizer().normalize, return_dtype=pl.String)
        )
        assert lazy.collect()["text"].to_list() == plain["plain"].to_list()

    def test_a_joined_table(self, found: marsad.Analysis, desks: dict[str, int]) -> None:
        own = pl.LazyFrame(OWN)
        joined = own.join(
            found.counts().to_polars().lazy(), on="entity_id", how="left", maintain_order="left"
        ).collect()
        assert dict(zip(joined["desk"], joined["mentions"].fill_null(0), strict=True)) == desks
        monthly = found.counts(by="month").to_polars().filter(pl.col("period").is_not_null())
        wide = monthly.pivot("entity_id", index="period", values="mentions", aggregate_function="sum")
        assert wide["UN"].sum() == monthly.filter(pl.col("entity_id") == "UN")["mentions"].sum()

    def test_out_and_in_again(self, found: marsad.Analysis) -> None:
        for name in TABLES:
            table = getattr(found, name)
            assert pl.DataFrame(table.to_polars().to_dicts(), table.to_polars().schema).equals(pl.DataFrame(table))


class TestArrow:
    def arrow(self, corpus: Rows) -> pa.Table:
        return pa.Table.from_pylist(corpus)

    def sources(self, corpus: Rows, folder: Path) -> dict[str, Callable[[], Any]]:
        table = self.arrow(corpus)
        view = table.set_column(2, "text", table["text"].cast(pa.string_view()))
        dictionary = pa.concat_tables(
            [
                part.set_column(2, "text", part["text"].combine_chunks().dictionary_encode())
                for part in (table[:3], table[3:])
            ]
        )
        pq.write_table(table, folder / "news.parquet", row_group_size=3)
        return {
            "batches": lambda: table.to_batches(max_chunksize=3),
            "reader": lambda: table.to_reader(max_chunksize=3),
            "views": lambda: view.to_batches(max_chunksize=3),
            "slices": lambda: (view[at : at + 2] for at in range(0, len(view), 2)),
            "dictionaries": lambda: dictionary.to_batches(),
            "parquet": lambda: pq.ParquetFile(folder / "news.parquet").iter_batches(2),
            "dataset": lambda: ds.dataset(folder / "news.parquet").to_batches(batch_size=2),
        }

    def test_streams(self, corpus: Rows, analyzer: marsad.Analyzer, found: marsad.Analysis, tmp_path: Path) -> None:
        for name, source in self.sources(corpus, tmp_path).items():
            assert streamed(analyzer, source) == facts(found), name

    def test_chunks(self, corpus: Rows, analyzer: marsad.Analyzer, found: marsad.Analysis) -> None:
        table = self.arrow(corpus)
        view = table.set_column(2, "text", table["text"].cast(pa.string_view()))
        encoded = pa.chunked_array(
            [part["text"].combine_chunks().dictionary_encode() for part in (table[:4], table[4:])]
        )
        assert encoded.chunk(0).dictionary != encoded.chunk(1).dictionary
        kinds = {
            "view, sliced": pa.concat_tables([view[:1], view])[1:],
            "dictionaries of chunks": table.set_column(2, "text", encoded),
            "unequal chunks": pa.table(
                {
                    "id": pa.chunked_array([table["id"].to_pylist()]),
                    "text": pa.chunked_array([table["text"].to_pylist()[:1], table["text"].to_pylist()[1:]]),
                    "published": pa.chunked_array(
                        [table["published"].to_pylist()[:5], table["published"].to_pylist()[5:]]
                    ),
                }
            ),
            "an empty chunk": pa.concat_tables([table[:0], table[:2], table[2:2], table[2:]]),
        }
        for name, kind in kinds.items():
            assert facts(analyzer.analyze_corpus(kind)) == facts(found), name

    def test_a_reader_is_not_read_before_its_time(self, analyzer: marsad.Analyzer) -> None:
        read: list[int] = []

        def batches() -> Iterator[pa.RecordBatch]:
            for number in range(3):
                read.append(number)
                yield pa.record_batch({"text": ["القاهرة"]})

        reader = pa.RecordBatchReader.from_batches(pa.schema({"text": pa.string()}), batches())
        tables = analyzer.analyze_batches(reader)
        assert len(next(tables)) == 1
        assert read == [0]

    def test_tables_out(self, found: marsad.Analysis, tmp_path: Path) -> None:
        reader = pa.RecordBatchReader.from_stream(found.mentions)
        pq.write_table(reader.read_all(), tmp_path / "mentions.parquet")
        assert pq.read_table(tmp_path / "mentions.parquet").equals(found.mentions.to_arrow())
        encoded = found.mentions.to_arrow()["entity_id"].combine_chunks().dictionary_encode()
        assert len(encoded.dictionary) == len(found.counts())

    def test_a_joined_table(self, found: marsad.Analysis, desks: dict[str, int]) -> None:
        joined = pa.table(OWN).join(pa.table(found.counts()), "entity_id").to_pylist()
        assert {row["desk"]: row["mentions"] or 0 for row in joined} == desks
        grouped = found.mentions.to_arrow().group_by("entity_id").aggregate([("doc", "count_distinct")]).to_pylist()
        assert {row["entity_id"]: row["doc_count_distinct"] for row in grouped} == {
            row["entity_id"]: row["documents"] for row in found.counts().to_pylist()
        }


class TestDuckdb:
    def test_a_relation_batch_by_batch(self, corpus: Rows, analyzer: marsad.Analyzer, found: marsad.Analysis) -> None:
        with duckdb.connect() as connection:
            connection.register("news", pa.Table.from_pylist(corpus))
            query = "select id as url, text as body, published::date as day from news order by id"
            names = {"text": "body", "id": "url", "published": "day"}
            assert facts(analyzer.analyze_corpus(connection.sql(query), **names)) == facts(found)

            def reader() -> Any:
                relation = connection.sql(query)
                return relation.to_arrow_reader(2) if hasattr(relation, "to_arrow_reader") else relation.record_batch(2)

            assert streamed(analyzer, reader, **names) == facts(found)

    def test_enums_and_nulls(self, corpus: Rows, analyzer: marsad.Analyzer, found: marsad.Analysis) -> None:
        with duckdb.connect() as connection:
            connection.register("news", pa.Table.from_pylist(corpus))
            connection.execute("create type letter as enum ('a', 'b', 'c', 'd', 'e', 'f', 'g')")
            relation = connection.sql("select id::letter as id, text, published::timestamp as published from news")
            assert facts(analyzer.analyze_corpus(relation)) == facts(found)
            empty = connection.sql("select id, text from news where false")
            assert len(analyzer.analyze_corpus(empty)) == 0

    def test_results_by_name(self, found: marsad.Analysis, desks: dict[str, int]) -> None:
        own = pa.table(OWN)
        counts, mentions, documents = found.counts(), found.mentions, found.documents
        joined = duckdb.sql("select desk, coalesce(mentions, 0) from own left join counts using (entity_id)")
        assert dict(joined.fetchall()) == desks
        rows = duckdb.sql(
            "select date_trunc('month', published)::date as period, entity_id, count(*), count(distinct doc) "
            "from mentions join documents using (doc) where published is not null group by all"
        ).fetchall()
        monthly = [row for row in found.counts(by="month").to_pylist() if row["period"]]
        assert set(rows) == {(row["period"], row["entity_id"], row["mentions"], row["documents"]) for row in monthly}
        assert duckdb.sql("select count(*) from counts").fetchall() == [(len(counts),)]
        assert duckdb.sql("from mentions anti join documents using (doc)").fetchall() == []
        assert (len(own), len(mentions), len(documents)) == (3, len(found.mentions), 7)

    def test_a_database_keeps_them(self, found: marsad.Analysis, tmp_path: Path) -> None:
        dates = found.dates
        with duckdb.connect(tmp_path / "news.duckdb") as connection:
            connection.execute("create table dates as from dates")
        with duckdb.connect(tmp_path / "news.duckdb") as connection:
            kept = connection.sql("from dates")
            assert kept.columns == dates.columns
            assert [dict(zip(kept.columns, row, strict=True)) for row in kept.fetchall()] == dates.to_pylist()
