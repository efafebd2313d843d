//! Parquet files, by the parquet crate; only the columns asked for are read.
//!
//! Contract: a row that cannot be read is an error with its number, from 1, and the rows after it are read; where that
//! cannot be done the next group of rows is. What the crate panics at is an error too.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use super::arrow::Columns;
use super::told::{grouped, listed, quoted};
use super::{Article, Articles, Fields, encoding};
use crate::error::{Error, Result, shown};

/// Rows that are read at a time.
const ROWS: usize = 1024;
/// Rows of a group that are looked for one by one behind a bad one, before the group is given up.
const BAD_ROWS: usize = 64;
/// Bad rows on end for which a group is given up.
const BAD_RUN: usize = 4;

/// What says that a call into the crate failed.
type Outcome<T> = std::result::Result<T, String>;

/// Calls into the parquet crate, whose panics on damaged files are faults of the files.
fn guarded<T>(call: impl FnOnce() -> parquet::errors::Result<T>) -> Outcome<T> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(cause)) => {
            let cause = cause.to_string();
            // An error that went through several hands has all their names before it.
            let mut cause = cause.as_str();
            while let Some((_, rest)) = cause
                .split_once(": ")
                .filter(|(by, _)| matches!(*by, "External" | "Parquet error" | "Parquet argument error"))
            {
                cause = rest;
            }
            let line: String = cause.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect();
            Err(line)
        }
        Err(_) => Err("its pages contradict one another".to_owned()),
    }
}

/// A source that is never asked for more than it has: the crate makes room for what a damaged file promises.
struct Bounded<T>(T);

impl<T: ChunkReader> Length for Bounded<T> {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl<T: ChunkReader> ChunkReader for Bounded<T> {
    type T = T::T;

    fn get_read(&self, start: u64) -> parquet::errors::Result<T::T> {
        self.0.get_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<bytes::Bytes> {
        if start.checked_add(length as u64).is_none_or(|end| end > self.len()) {
            return Err(ParquetError::EOF("a page would go on behind the end of the file".into()));
        }
        self.0.get_bytes(start, length)
    }
}

struct Rows<S> {
    path: PathBuf,
    source: S,
    name: String,
    fields: Fields,
    limit: usize,
    metadata: ArrowReaderMetadata,
    length: u64,
    mask: ProjectionMask,
    /// The group that is read, the first of its rows, and how many of them have been.
    group: usize,
    first: usize,
    done: usize,
    reader: Option<ParquetRecordBatchReader>,
    /// True if rows are read one by one, for there is a bad one among them.
    single: bool,
    bad: usize,
    run: usize,
    ready: VecDeque<Result<Article>>,
}

/// The articles of a parquet file; `source` opens it once more.
pub(super) fn articles<T: ChunkReader + 'static>(
    path: &Path,
    source: impl Fn() -> io::Result<T> + Send + 'static,
    name: String,
    fields: &Fields,
    limit: usize,
) -> Result<Articles> {
    let unsound = |cause: String| Error::data(path, 0, format!("not a sound parquet file: {cause}"));
    let file = Bounded(source().map_err(|fault| Error::io(path, fault))?);
    if let Some(message) = guarded(|| ends(&file)).map_err(unsound)? {
        return Err(unsound(message));
    }
    let metadata = guarded(|| ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()))
        .map_err(|cause| unsound(format!("its footer is damaged ({cause}); fetch or write it again")))?;
    let schema = metadata.schema().clone();
    let wanted = [&fields.text, &fields.id, &fields.published];
    let places = schema.fields().iter().enumerate();
    let roots: Vec<usize> =
        places.filter(|(_, field)| wanted.contains(&field.name())).map(|(place, _)| place).collect();
    for (place, root) in roots.iter().enumerate() {
        let name = schema.field(*root).name();
        if let Some(other) = roots[..place].iter().find(|other| schema.field(**other).name() == name) {
            let (first, second) = (other + 1, root + 1);
            let message = format!("columns {first} and {second} are both {name:?}; name one of them otherwise");
            return Err(Error::data(path, 0, message));
        }
    }
    if schema.column_with_name(&fields.text).is_none() {
        return Err(Error::Column {
            argument: format!("{}: text", shown(path)),
            found: fields.text.clone(),
            columns: listed(schema.fields().iter().map(|field| field.name().as_str())),
        });
    }
    let kinds = schema.project(&roots).map_err(|cause| unsound(cause.to_string()))?;
    Columns::of(&RecordBatch::new_empty(kinds.into()), fields)
        .map_err(|fault| Error::data(path, 0, fault.to_string()))?;
    let mask = guarded(|| Ok(ProjectionMask::roots(metadata.parquet_schema(), roots))).map_err(unsound)?;
    Ok(Box::new(Rows {
        path: path.to_owned(),
        source,
        name,
        fields: fields.clone(),
        limit,
        metadata,
        length: file.len(),
        mask,
        group: 0,
        first: 0,
        done: 0,
        reader: None,
        single: false,
        bad: 0,
        run: 0,
        ready: VecDeque::new(),
    }))
}

/// What is wrong with the first and last bytes of a file.
fn ends(file: &impl ChunkReader) -> parquet::errors::Result<Option<String>> {
    const AGAIN: &str = "fetch or write it again";
    let length = file.len();
    if length == 0 {
        return Ok(Some(format!("it is empty; {AGAIN}")));
    }
    let head = file.get_bytes(0, length.min(encoding::HEAD as u64) as usize)?;
    let tail = file.get_bytes(length - length.min(8), length.min(8) as usize)?;
    let told = match (head.starts_with(b"PAR1"), tail.ends_with(b"PAR1")) {
        _ if head.starts_with(b"PARE") || tail.ends_with(b"PARE") => {
            "it is encrypted; write it without encryption".into()
        }
        (true, true) if length >= 12 => {
            let footer = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
            if footer + 12 <= length {
                return Ok(None);
            }
            let (footer, length) = (grouped(footer), grouped(length));
            format!("its footer would have {footer} bytes where the file has {length}; {AGAIN}")
        }
        (true, _) => format!("it has no end (PAR1) after {} bytes: it is cut; {AGAIN}", grouped(length)),
        (false, true) => format!("it has no beginning (PAR1): its head is cut or overwritten; {AGAIN}"),
        (false, false) => match encoding::content(&head) {
            Some(content) => format!("it is {}; {}", content.what, content.mend),
            None if std::str::from_utf8(&head[..head.len().min(64)]).is_ok_and(|text| !text.contains('\0')) => {
                "it is text; let its name end in .txt, .csv or .jsonl, as it holds".into()
            }
            None => format!("neither its first nor its last bytes are PAR1; {AGAIN}"),
        },
    };
    Ok(Some(told))
}

impl<T: ChunkReader + 'static, S: Fn() -> io::Result<T>> Iterator for Rows<S> {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(article) = self.ready.pop_front() {
                return Some(article);
            }
            if self.group >= self.metadata.metadata().num_row_groups() {
                return None;
            }
            self.more();
        }
    }
}

impl<T: ChunkReader + 'static, S: Fn() -> io::Result<T>> Rows<S> {
    /// Rows that the group has, if the file can be believed.
    fn due(&self) -> usize {
        usize::try_from(self.metadata.metadata().row_group(self.group).num_rows()).unwrap_or(0)
    }

    /// Whether the columns of the group that are read lie inside the file.
    fn placed(&self) -> bool {
        let columns = self.metadata.metadata().row_group(self.group).columns().iter().enumerate();
        columns.filter(|(leaf, _)| self.mask.leaf_included(*leaf)).all(|(_, column)| {
            let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
            let length = u64::try_from(column.compressed_size()).ok();
            let end = u64::try_from(start).ok().zip(length).and_then(|(start, length)| start.checked_add(length));
            end.is_some_and(|end| end <= self.length)
        })
    }

    /// A reader of what is left of the group.
    fn begin(&self) -> Outcome<ParquetRecordBatchReader> {
        let file = Bounded((self.source)().map_err(|fault| fault.to_string())?);
        guarded(|| {
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_projection(self.mask.clone())
                .with_row_groups(vec![self.group])
                .with_offset(self.done)
                .with_batch_size(if self.single { 1 } else { ROWS })
                .build()
        })
    }

    /// Reads on: some rows become ready, or the group ends, or a row is given up.
    fn more(&mut self) {
        let reader = match self.reader.take() {
            Some(reader) => Ok(reader),
            None if self.done >= self.due() => return self.end(),
            None if !self.placed() => return self.give_up("its footer puts them where the file is not"),
            None => self.begin(),
        };
        let read = reader.and_then(|mut reader| {
            let batch = guarded(|| reader.next().transpose().map_err(Into::into))?;
            Ok((reader, batch))
        });
        match read {
            Ok((reader, Some(batch))) if self.done + batch.num_rows() <= self.due() => match self.take(&batch) {
                Ok(()) => {
                    (self.reader, self.run) = (Some(reader), 0);
                }
                Err(fault) => {
                    self.ready.push_back(Err(fault));
                    self.end();
                }
            },
            Ok((_, None)) if self.done == self.due() => self.end(),
            Ok((_, batch)) => {
                let found = self.done + batch.map_or(0, |batch| batch.num_rows());
                self.give_up(&format!(
                    "its rows are {} and not, as the footer says, {}",
                    grouped(found),
                    grouped(self.due())
                ));
            }
            Err(_) if !self.single => self.single = true,
            Err(cause) => self.bad_row(&cause),
        }
    }

    /// Tells of the row that cannot be read, and goes on behind it.
    fn bad_row(&mut self, cause: &str) {
        (self.bad, self.run) = (self.bad + 1, self.run + 1);
        if self.run >= BAD_RUN || self.bad >= BAD_ROWS {
            return self.give_up(cause);
        }
        self.done += 1;
        let message = format!("row {} cannot be read: {cause}; write it again", grouped(self.first + self.done));
        self.ready.push_back(Err(Error::data(&self.path, 0, message)));
    }

    /// Tells of the rest of the group, and leaves it.
    fn give_up(&mut self, cause: &str) {
        let (first, last) = (self.first + self.done + 1, self.first.saturating_add(self.due()));
        let rows =
            if first < last { format!("rows {} to {}", grouped(first), grouped(last)) } else { format!("row {first}") };
        let message = format!("not a sound parquet file: {rows} cannot be read: {cause}; fetch or write it again");
        self.ready.push_back(Err(Error::data(&self.path, 0, message)));
        self.end();
    }

    /// Goes on to the next group.
    fn end(&mut self) {
        self.first = self.first.saturating_add(self.due());
        (self.group, self.done, self.bad, self.run) = (self.group + 1, 0, 0, 0);
        (self.reader, self.single) = (None, false);
    }

    fn take(&mut self, batch: &RecordBatch) -> Result<()> {
        let columns =
            Columns::of(batch, &self.fields).map_err(|fault| Error::data(&self.path, 0, fault.to_string()))?;
        for place in 0..batch.num_rows() {
            self.done += 1;
            let row = self.first + self.done;
            let fault = |message: String| Error::data(&self.path, 0, format!("row {}: {message}", grouped(row)));
            let text = columns.text(place);
            let article = match columns.day(place) {
                _ if text.is_some_and(|text| text.len() > self.limit) => {
                    let (bytes, limit) = (grouped(text.map_or(0, str::len)), grouped(self.limit));
                    Err(fault(format!("the text has {bytes} bytes; at most {limit} are read; give a larger max_bytes")))
                }
                Err(value) => {
                    let (field, value) = (&self.fields.published, quoted(value));
                    Err(fault(format!("{field} is {value}; a day such as 2025-03-19 is due")))
                }
                Ok(published) => Ok(Article {
                    id: columns.id(place).map_or_else(|| format!("{}:{row}", self.name), std::borrow::Cow::into_owned),
                    text: text.map(str::to_owned),
                    published,
                }),
            };
            self.ready.push_back(article);
        }
        Ok(())
    }
}
