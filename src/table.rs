//! Findings as columns.
//!
//! Input: rows ([`rows`]), in the order of the documents. Output: Arrow record batches. Contract: a table's schema
//! is its registry of columns ([`columns`]) and nothing else; types are ones that pandas, Polars, DuckDB and Spark
//! all take; positions are code points of the source text.

pub mod builder;
pub mod columns;
pub mod counts;
pub mod rows;

pub use builder::Builder;
pub use columns::{Cell, Column, ColumnType};
