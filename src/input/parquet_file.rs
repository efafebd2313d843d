//! Parquet files, by the parquet crate; only the columns asked for are read.

use std::path::Path;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;

use super::arrow::Columns;
use super::{Article, Articles, Fields};
use crate::error::{Error, Result};

/// The articles of a parquet file.
pub(super) fn articles(
    path: &Path,
    file: impl ChunkReader + 'static,
    name: String,
    fields: &Fields,
) -> Result<Articles> {
    let fault = |cause: &dyn std::fmt::Display| Error::data(path, 0, format!("not a sound parquet file: {cause}"));
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|cause| fault(&cause))?;
    let schema = builder.schema().clone();
    let wanted = [&fields.text, &fields.id, &fields.published];
    let places = schema.fields().iter().enumerate();
    let roots = places.filter(|(_, field)| wanted.contains(&field.name())).map(|(place, _)| place);
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots.collect::<Vec<_>>());
    if schema.column_with_name(&fields.text).is_none() {
        let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        return Err(Error::Column {
            argument: format!("{}: text", path.display()),
            found: fields.text.clone(),
            columns: columns.join(", "),
        });
    }
    let reader = builder.with_projection(mask).with_batch_size(1024).build().map_err(|cause| fault(&cause))?;
    let (path, fields) = (path.to_owned(), fields.clone());
    let mut row = 0;
    let batches = reader.flat_map(move |batch| -> Vec<Result<Article>> {
        let read = || -> Result<Vec<Article>> {
            let batch = batch.map_err(|cause| Error::data(&path, 0, format!("not a sound parquet file: {cause}")))?;
            let named = |fault: Error| Error::data(&path, 0, fault.to_string());
            let columns = Columns::of(&batch, &fields).map_err(named)?;
            let mut articles = Vec::with_capacity(batch.num_rows());
            for place in 0..batch.num_rows() {
                row += 1;
                articles.push(Article {
                    id: columns.id(place).map_or_else(|| format!("{name}:{row}"), std::borrow::Cow::into_owned),
                    text: columns.text(place).map(str::to_owned),
                    published: columns.published(place).map_err(named)?,
                });
            }
            Ok(articles)
        };
        match read() {
            Ok(articles) => articles.into_iter().map(Ok).collect(),
            Err(fault) => vec![Err(fault)],
        }
    });
    Ok(Box::new(batches))
}
