//! Writing tables to files, batch by batch.
//!
//! Input: record batches of one schema. Output: a file of parquet, csv or jsonl. Contract: a file appears under its
//! name only when it is whole; until then it is "NAME.part" beside it, which goes away if it is never finished.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::calendar::Day;
use crate::error::{Error, Result};

/// The formats that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Parquet, packed by zstd.
    Parquet,
    /// Comma-separated values; null is an empty cell.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    const NAMES: [(&'static str, Format); 3] =
        [("parquet", Format::Parquet), ("csv", Format::Csv), ("jsonl", Format::Jsonl)];

    /// The format with this name.
    pub fn parse(name: &str) -> Result<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, format)| *format);
        found.ok_or_else(|| Error::option("format", format!("{name:?}"), "\"parquet\", \"csv\" or \"jsonl\" is due"))
    }

    /// The ending of its files' names.
    pub fn extension(self) -> &'static str {
        Self::NAMES.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }
}

/// Rows that a parquet writer holds in memory before it writes them as a group.
const GROUP: usize = 1 << 15;
/// Bytes of a column that it holds before it packs them.
const PAGE: usize = 1 << 17;

enum Sink {
    Parquet(Box<ArrowWriter<BufWriter<File>>>),
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Jsonl(BufWriter<File>),
}

/// A file that is being written.
pub struct TableWriter {
    path: PathBuf,
    part: PathBuf,
    /// None once the file is whole.
    sink: Option<Sink>,
    has_its_name: bool,
}

impl Drop for TableWriter {
    fn drop(&mut self) {
        if !self.has_its_name {
            self.sink = None;
            // Nothing more can be done about a file that will not go.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

impl TableWriter {
    /// Begins the file `path`.
    pub fn create(path: &Path, schema: SchemaRef, format: Format) -> Result<Self> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = BufWriter::new(anew(&part).map_err(|fault| Error::io(&part, fault))?);
        let sink = match format {
            Format::Parquet => {
                Sink::Parquet(Box::new(parquet_writer(file, schema).map_err(|fault| of_parquet(path, &fault))?))
            }
            Format::Jsonl => Sink::Jsonl(file),
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(file);
                let names = schema.fields().iter().map(|field| field.name().as_str());
                writer.write_record(names).map_err(|fault| of_csv(path, fault))?;
                Sink::Csv(Box::new(writer))
            }
        };
        Ok(Self { path: path.to_owned(), part, sink: Some(sink), has_its_name: false })
    }

    /// Adds the rows of a batch.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let path = &self.path;
        let Some(sink) = self.sink.as_mut() else { return Err(Error::data(path, 0, "the file is whole")) };
        match sink {
            Sink::Parquet(writer) => writer.write(batch).map_err(|fault| of_parquet(path, &fault)),
            Sink::Csv(writer) => {
                for row in 0..batch.num_rows() {
                    for array in batch.columns() {
                        writer.write_field(cell(array.as_ref(), row)).map_err(|fault| of_csv(path, fault))?;
                    }
                    writer.write_record(None::<&[u8]>).map_err(|fault| of_csv(path, fault))?;
                }
                Ok(())
            }
            Sink::Jsonl(writer) => json_lines(batch, writer).map_err(|fault| Error::io(path, fault)),
        }
    }

    /// Makes the file whole, beside its name. A `durable` one outlives a failure of power.
    pub fn end(&mut self, durable: bool) -> Result<()> {
        let Some(sink) = self.sink.take() else { return Ok(()) };
        let path = &self.path;
        let io = |fault| Error::io(path, fault);
        let file = match sink {
            Sink::Parquet(writer) => writer.into_inner().map_err(|fault| of_parquet(path, &fault))?,
            Sink::Csv(writer) => writer.into_inner().map_err(|fault| io(fault.into_error()))?,
            Sink::Jsonl(writer) => writer,
        };
        let file = file.into_inner().map_err(|fault| io(fault.into_error()))?;
        if durable { file.sync_all().map_err(io) } else { Ok(()) }
    }

    /// Makes the file whole and gives it its name.
    pub fn finish(mut self, durable: bool) -> Result<PathBuf> {
        self.end(durable)?;
        std::fs::rename(&self.part, &self.path).map_err(|fault| Error::io(&self.path, fault))?;
        self.has_its_name = true;
        Ok(self.path.clone())
    }
}

/// A file that was not there: what an earlier run has left goes, and a link is not followed to what it points to.
fn anew(path: &Path) -> std::io::Result<File> {
    match std::fs::remove_file(path) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(fault),
        _ => {}
    }
    File::options().write(true).create_new(true).open(path)
}

fn parquet_writer<W: Write + Send>(out: W, schema: SchemaRef) -> parquet::errors::Result<ArrowWriter<W>> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(Some(GROUP))
        .set_data_page_size_limit(PAGE)
        .set_dictionary_page_size_limit(PAGE)
        .build();
    ArrowWriter::try_new(out, schema, Some(properties))
}

/// Batches as the bytes of a parquet file.
pub fn to_parquet(batches: &[RecordBatch], schema: SchemaRef) -> Result<Vec<u8>> {
    let path = Path::new("<memory>");
    let write = || -> parquet::errors::Result<Vec<u8>> {
        let mut writer = parquet_writer(Vec::new(), schema)?;
        for batch in batches {
            writer.write(batch)?;
        }
        writer.into_inner()
    };
    write().map_err(|fault| of_parquet(path, &fault))
}

/// Batches from the bytes of a parquet file.
pub fn from_parquet(bytes: Vec<u8>) -> Result<(Vec<RecordBatch>, SchemaRef)> {
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    let path = Path::new("<memory>");
    let bytes: bytes::Bytes = bytes.into();
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|fault| of_parquet(path, &fault))?;
    let schema = builder.schema().clone();
    let reader = builder.build().map_err(|fault| of_parquet(path, &fault))?;
    let batches = reader.collect::<std::result::Result<Vec<_>, _>>();
    Ok((batches.map_err(|fault| Error::data(path, 0, fault.to_string()))?, schema))
}

fn json_lines(batch: &RecordBatch, out: &mut impl Write) -> std::io::Result<()> {
    let schema = batch.schema();
    for row in 0..batch.num_rows() {
        let mut object = serde_json::Map::new();
        for (field, array) in schema.fields().iter().zip(batch.columns()) {
            object.insert(field.name().clone(), value(array.as_ref(), row));
        }
        serde_json::to_writer(&mut *out, &object)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn value(array: &dyn Array, row: usize) -> serde_json::Value {
    if array.is_null(row) {
        return serde_json::Value::Null;
    }
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).into(),
        DataType::Date32 => Day::from_days(array.as_primitive::<Date32Type>().value(row)).to_string().into(),
        other => unreachable!("no table has a column of {other}"),
    }
}

fn cell(array: &dyn Array, row: usize) -> String {
    match value(array, row) {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}

fn of_parquet(path: &Path, fault: &parquet::errors::ParquetError) -> Error {
    Error::data(path, 0, format!("not written as parquet: {fault}"))
}

fn of_csv(path: &Path, fault: csv::Error) -> Error {
    match fault.into_kind() {
        csv::ErrorKind::Io(cause) => Error::io(path, cause),
        other => Error::data(path, 0, format!("not written as csv: {other:?}")),
    }
}
