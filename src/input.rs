//! Reading articles: folders and files, and the Arrow columns that other libraries hand over.
//!
//! Input: paths, or Arrow arrays. Output: batches of id, text and day. Contract: every article of every readable
//! file comes out once, in order of path and place; what cannot be read is an error that names file and line, and
//! the rows and files after it are still read.

pub mod arrow;
mod delimited;
mod lines;
mod parquet_file;
mod walk;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{Date32Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use crate::calendar::Day;
use crate::error::{Error, Result};

pub use walk::{Format, expand};

/// What the columns of a file are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// The article's text; it must be there.
    pub text: String,
    /// Its identifier; without one, files give "path:line".
    pub id: String,
    /// Its day.
    pub published: String,
}

impl Default for Fields {
    fn default() -> Self {
        Self { text: "text".into(), id: "id".into(), published: "published".into() }
    }
}

/// One article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its identifier.
    pub id: String,
    /// Its text; none where the file has a null.
    pub text: Option<String>,
    /// Its day.
    pub published: Option<Day>,
}

/// Text that one batch holds, in bytes, before it is handed over.
const BATCH_BYTES: usize = 4 << 20;
/// Articles that one batch holds at most.
const BATCH_ROWS: usize = 8192;

/// The articles of one file, one after another.
type Articles = Box<dyn Iterator<Item = Result<Article>> + Send>;

/// Reads files one after another into batches.
pub struct Reader {
    fields: Fields,
    files: VecDeque<(PathBuf, Format, String)>,
    open: Option<Articles>,
    faults: VecDeque<Error>,
}

impl Reader {
    /// A reader of files and folders (searched to any depth; hidden files are left out).
    pub fn new(paths: &[PathBuf], fields: Fields) -> Result<Self> {
        Ok(Self { fields, files: expand(paths)?.into(), open: None, faults: VecDeque::new() })
    }

    /// The files that are still to be read, in order.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, ..)| path.as_path())
    }

    /// How many files are still to be read.
    pub fn files_left(&self) -> usize {
        self.files.len()
    }

    fn article(&mut self) -> Option<Result<Article>> {
        loop {
            if let Some(open) = &mut self.open {
                match open.next() {
                    Some(Ok(article)) => return Some(Ok(article)),
                    Some(Err(fault)) => {
                        if !matches!(fault, Error::Data { line: 1.., .. }) {
                            self.open = None;
                        }
                        return Some(Err(fault));
                    }
                    None => self.open = None,
                }
            }
            let (path, format, name) = self.files.pop_front()?;
            match articles(&path, format, name, &self.fields) {
                Ok(articles) => self.open = Some(articles),
                Err(fault) => return Some(Err(fault)),
            }
        }
    }
}

impl Iterator for Reader {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(fault) = self.faults.pop_front() {
            return Some(Err(fault));
        }
        let mut batch = BatchBuilder::default();
        while !batch.is_full() {
            match self.article() {
                Some(Ok(article)) => batch.push(&article),
                Some(Err(fault)) => {
                    if batch.rows == 0 {
                        return Some(Err(fault));
                    }
                    self.faults.push_back(fault);
                    break;
                }
                None => break,
            }
        }
        (batch.rows > 0).then(|| Ok(batch.finish()))
    }
}

fn articles(path: &Path, format: Format, name: String, fields: &Fields) -> Result<Articles> {
    let file = File::open(path).map_err(|fault| Error::io(path, fault))?;
    let plain: Box<dyn Read + Send> = match format {
        Format { gz: true, .. } => Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(file))),
        Format { kind: walk::Kind::Parquet, .. } => return parquet_file::articles(path, file, name, fields),
        Format { gz: false, .. } => Box::new(file),
    };
    match format.kind {
        walk::Kind::Text => {
            let text = lines::whole(path, plain)?;
            Ok(Box::new(std::iter::once(Ok(Article { id: name, text: Some(text), published: None }))))
        }
        walk::Kind::Lines => Ok(Box::new(lines::articles(path.to_owned(), plain, name, fields.clone()))),
        walk::Kind::Delimited => delimited::articles(path, plain, name, fields),
        walk::Kind::Parquet => {
            let mut bytes = Vec::new();
            BufReader::new(plain).read_to_end(&mut bytes).map_err(|fault| Error::io(path, fault))?;
            parquet_file::articles(path, bytes_of(bytes), name, fields)
        }
    }
}

fn bytes_of(bytes: Vec<u8>) -> bytes::Bytes {
    bytes.into()
}

/// Articles from one stream that has no name: lines of JSON if it begins with "{", else one text.
pub fn stream(input: impl Read + Send + 'static, fields: &Fields) -> Result<Articles> {
    let path = Path::new("<stdin>");
    let text = lines::whole(path, Box::new(input))?;
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        let lines = std::io::Cursor::new(text.into_bytes());
        return Ok(Box::new(lines::articles(path.to_owned(), Box::new(lines), "stdin".into(), fields.clone())));
    }
    Ok(Box::new(std::iter::once(Ok(Article { id: "stdin".into(), text: Some(text), published: None }))))
}

/// The schema of a batch of articles.
pub fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("text", DataType::Utf8, true),
        Field::new("published", DataType::Date32, true),
    ]))
}

/// Gathers articles into a batch.
#[derive(Default)]
pub struct BatchBuilder {
    ids: StringBuilder,
    texts: StringBuilder,
    days: Date32Builder,
    bytes: usize,
    rows: usize,
}

impl BatchBuilder {
    /// Adds an article.
    pub fn push(&mut self, article: &Article) {
        self.bytes += article.text.as_ref().map_or(0, String::len);
        self.rows += 1;
        self.ids.append_value(&article.id);
        self.texts.append_option(article.text.as_ref());
        self.days.append_option(article.published.map(Day::days_since_epoch));
    }

    fn is_full(&self) -> bool {
        self.rows >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    /// The articles as a batch.
    pub fn finish(&mut self) -> RecordBatch {
        (self.bytes, self.rows) = (0, 0);
        let arrays: Vec<ArrayRef> =
            vec![Arc::new(self.ids.finish()), Arc::new(self.texts.finish()), Arc::new(self.days.finish())];
        RecordBatch::try_new(schema(), arrays).expect("three arrays of one length")
    }
}

/// Bytes as text, or the error that says where they stop being UTF-8.
pub fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String> {
    lines::utf8(path, 1, bytes)
}

/// A day as files write it: ISO, with or without a time of day.
pub(crate) fn day(path: &Path, line: usize, field: &str, value: &str) -> Result<Option<Day>> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    let day = Day::parse(value);
    let message = || format!("{field} is {value:?}; a day such as 2025-03-19 is due");
    day.map(Some).ok_or_else(|| Error::data(path, line, message()))
}
