//! Comma- and tab-separated values with a row of names.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::lines::utf8;
use super::{Article, Articles, Fields, day};
use crate::error::{Error, Result};

/// The articles of a delimited file; the name of the file tells the delimiter.
pub(super) fn articles(path: &Path, input: Box<dyn Read + Send>, name: String, fields: &Fields) -> Result<Articles> {
    let tabs = path.to_string_lossy().to_ascii_lowercase().trim_end_matches(".gz").ends_with(".tsv");
    let delimiter = if tabs { b'\t' } else { b',' };
    let mut input = BufReader::with_capacity(1 << 16, input);
    let head = input.fill_buf().map_err(|fault| Error::io(path, fault))?;
    // The reader takes a line feed after a carriage return for part of the next record, and counts it there.
    let behind = usize::from(memchr::memchr(b'\n', head).is_some_and(|end| end > 0 && head[end - 1] == b'\r'));
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(input);
    let header = reader.byte_headers().map_err(|fault| of_csv(path, 0, fault))?.clone();
    let mut names = Vec::new();
    for (place, cell) in header.iter().enumerate() {
        let cell = utf8(path, 1, cell.to_vec())?;
        names.push(if place == 0 { cell.trim_start_matches('\u{feff}').to_owned() } else { cell });
    }
    let place = |field: &str| names.iter().position(|name| name == field);
    let (id, published) = (place(&fields.id), place(&fields.published));
    let Some(text) = place(&fields.text) else {
        return Err(Error::Column {
            argument: format!("{}: text", path.display()),
            found: fields.text.clone(),
            columns: names.join(", "),
        });
    };
    let (path, field) = (path.to_owned(), fields.published.clone());
    let records = reader.into_byte_records().map(move |record| {
        let record = record.map_err(|fault| of_csv(&path, behind, fault))?;
        let line = record.position().map_or(0, |position| position.line() as usize + behind);
        let cell = |place: usize| utf8(&path, line, record.get(place).unwrap_or_default().to_vec());
        let id = match id.map(cell).transpose()?.filter(|id| !id.is_empty()) {
            Some(id) => id,
            None => format!("{name}:{line}"),
        };
        let published = match published.map(cell).transpose()? {
            Some(value) => day(&path, line, &field, &value)?,
            None => None,
        };
        Ok(Article { id, text: Some(cell(text)?), published })
    });
    Ok(Box::new(records))
}

fn of_csv(path: &Path, behind: usize, fault: csv::Error) -> Error {
    let line = fault.position().map_or(0, |position| position.line() as usize + behind);
    match fault.into_kind() {
        csv::ErrorKind::Io(cause) => Error::io(path, cause),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Error::data(path, line, format!("found {len} cells where the first row names {expected_len} columns"))
        }
        other => Error::data(path, line, format!("{other:?}")),
    }
}
