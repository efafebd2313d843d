//! Reading articles: folders and files, and the Arrow columns that other libraries hand over.
//!
//! Input: paths, or Arrow arrays. Output: batches of id, text and day. Contract: every article of every readable
//! file comes out once, in order of path and place; what cannot be read is an error that names file and line, and
//! the rows and files after it are still read. No article is longer than a limit, and no more than a few are held.

pub mod arrow;
mod delimited;
mod encoding;
mod json;
mod lines;
mod open;
mod parquet_file;
mod records;
mod told;
mod walk;

use std::collections::VecDeque;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{Date32Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use crate::calendar::Day;
use crate::error::{Error, Result};
use open::{Stream, Watch};
use told::quoted;

pub use walk::{Format, Found, expand};

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

/// Bytes that one article may have, as its file has them unpacked, if nothing else is said.
pub const MAX_BYTES: usize = 256 << 20;
/// The most that may be said: a batch of Arrow holds less than two gibibytes.
pub const MOST_BYTES: usize = 2_000_000_000;
/// Faults that wait for the batch to fill.
const WAITING: usize = 1000;

/// The articles of one file, one after another. It ends after a fault that the rest cannot be read for.
type Articles = Box<dyn Iterator<Item = Result<Article>> + Send>;

/// Reads files one after another into batches.
pub struct Reader {
    fields: Fields,
    limit: usize,
    gather: bool,
    files: VecDeque<Result<Found>>,
    open: Option<(Articles, Option<Watch>)>,
    faults: VecDeque<Error>,
}

impl Reader {
    /// A reader of files and folders (searched to any depth; hidden files are left out).
    pub fn new(paths: &[PathBuf], fields: Fields) -> Result<Self> {
        let files = expand(paths)?.into();
        Ok(Self { fields, limit: MAX_BYTES, gather: false, files, open: None, faults: VecDeque::new() })
    }

    /// A reader of one stream that has no name: lines of JSON if it begins with "{", else one text.
    pub fn stream(input: impl Read + Send + 'static, fields: Fields, limit: usize) -> Result<Self> {
        let open = Some((stream(input, &fields, limit)?, None));
        Ok(Self { fields, limit, gather: false, files: VecDeque::new(), open, faults: VecDeque::new() })
    }

    /// Sets how many bytes one article may have.
    pub fn max_bytes(self, limit: usize) -> Self {
        Self { limit: limit.min(MOST_BYTES), ..self }
    }

    /// Lets faults wait until a batch is full, so that many of them do not make many small batches.
    pub fn gather(self, gather: bool) -> Self {
        Self { gather, ..self }
    }

    /// The files that are still to be read, in order, and those that cannot be.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|found| match found {
            Ok((path, ..)) => path.as_path(),
            Err(Error::Io { path, .. } | Error::Data { path, .. }) => path.as_path(),
            Err(_) => Path::new(""),
        })
    }

    /// How many files are still to be read.
    pub fn files_left(&self) -> usize {
        self.files.len()
    }

    fn article(&mut self) -> Option<Result<Article>> {
        loop {
            if let Some((articles, _)) = &mut self.open {
                if let Some(article) = articles.next() {
                    return Some(article);
                }
                let watch = self.open.take().and_then(|(_, watch)| watch);
                self.faults.extend(watch.map(Watch::end).unwrap_or_default());
            }
            if let Some(fault) = self.faults.pop_front() {
                return Some(Err(fault));
            }
            match self.files.pop_front()?.and_then(|found| articles(found, &self.fields, self.limit)) {
                Ok((articles, watch)) => self.open = Some((articles, Some(watch))),
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
        let mut waiting = VecDeque::new();
        while !batch.is_full() && waiting.len() < WAITING {
            match self.article() {
                Some(Ok(article)) => batch.push(&article),
                Some(Err(fault)) => {
                    waiting.push_back(fault);
                    if !self.gather {
                        break;
                    }
                }
                None => break,
            }
        }
        waiting.append(&mut self.faults);
        self.faults = waiting;
        if batch.rows > 0 { Some(Ok(batch.finish())) } else { self.faults.pop_front().map(Err) }
    }
}

fn articles((path, format, name): Found, fields: &Fields, limit: usize) -> Result<(Articles, Watch)> {
    let path = path.as_path();
    let (file, watch) = open::open(path)?;
    if format.kind == walk::Kind::Parquet {
        if !format.gz {
            let again = watch.again().map_err(|fault| Error::io(path, fault))?;
            let source = move || again.try_clone();
            return Ok((parquet_file::articles(path, source, name, fields, limit)?, watch));
        }
        let mend = "unpack the file (gunzip), for a .parquet is read piece by piece, or give a larger max_bytes";
        let bytes = bytes::Bytes::from(open::whole(path, watch.unpacked(file), limit, mend)?);
        return Ok((parquet_file::articles(path, move || Ok(bytes.clone()), name, fields, limit)?, watch));
    }
    let input = if format.gz { watch.unpacked(file) } else { Box::new(file) };
    let articles = match format.kind {
        walk::Kind::Lines => {
            let input = open::text(path, input, true)?;
            Box::new(json::articles(path.to_owned(), input, name, fields.clone(), limit))
        }
        walk::Kind::Delimited => delimited::articles(path, open::text(path, input, true)?, name, fields, limit)?,
        walk::Kind::Text | walk::Kind::Parquet => one(path, open::text(path, input, false)?, name, limit)?,
    };
    Ok((articles, watch))
}

/// A stream that is one article.
fn one(path: &Path, input: Stream, id: String, limit: usize) -> Result<Articles> {
    let bytes = open::whole(path, input, limit, "split the text, or give a larger max_bytes")?;
    let text = encoding::utf8(path, 1, bytes)?;
    Ok(Box::new(std::iter::once(Ok(Article { id, text: Some(text), published: None }))))
}

/// Articles from one stream that has no name: lines of JSON if it begins with "{", else one text.
pub fn stream(input: impl Read + Send + 'static, fields: &Fields, limit: usize) -> Result<Articles> {
    let path = Path::new("<stdin>");
    let (head, input) = open::head(path, Box::new(input))?;
    let begins = head.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&head).trim_ascii_start();
    let lines = begins.starts_with(b"{");
    let input = open::text(path, Box::new(std::io::Cursor::new(head).chain(input)), lines)?;
    if lines {
        return Ok(Box::new(json::articles(path.to_owned(), input, "stdin".into(), fields.clone(), limit)));
    }
    one(path, input, "stdin".into(), limit)
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
        self.bytes += article.id.len() + article.text.as_ref().map_or(0, String::len);
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
    encoding::utf8(path, 1, bytes)
}

/// A day as files write it: ISO, with or without a time of day.
pub(crate) fn day(path: &Path, line: usize, field: &str, value: &str) -> Result<Option<Day>> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    let day = Day::parse(value);
    let message = || format!("{field} is {}; a day such as 2025-03-19 is due", quoted(value));
    day.map(Some).ok_or_else(|| Error::data(path, line, message()))
}
