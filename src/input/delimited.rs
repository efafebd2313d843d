//! Articles as comma- and tab-separated values with a row of names.

use std::path::{Path, PathBuf};

use super::open::Stream;
use super::records::Records;
use super::told::{listed, quoted};
use super::{Article, Articles, Fields, day, encoding};
use crate::error::{Error, Result, shown};

struct Delimited {
    path: PathBuf,
    records: Records,
    name: String,
    field: String,
    /// How many columns there are, and which of them are the text, the id and the day.
    width: usize,
    text: usize,
    id: Option<usize>,
    published: Option<usize>,
}

/// The articles of a delimited file; the name of the file tells the delimiter.
pub(super) fn articles(path: &Path, input: Stream, name: String, fields: &Fields, limit: usize) -> Result<Articles> {
    let tabs = path.to_string_lossy().to_ascii_lowercase().trim_end_matches(".gz").ends_with(".tsv");
    let mut records = Records::new(input, if tabs { b'\t' } else { b',' }, limit);
    match records.read(path) {
        None => return Ok(Box::new(std::iter::empty())),
        Some(read) => read?,
    }
    let mut names = Vec::new();
    for place in 0..records.len() {
        names.push(encoding::utf8(path, records.line, records.cell(place).to_vec())?);
    }
    let line = records.line;
    let place = |field: &str| -> Result<Option<usize>> {
        let mut places = (0..names.len()).filter(|place| names[*place] == field);
        let (first, second) = (places.next(), places.next());
        if let (Some(first), Some(second)) = (first, second) {
            let (first, second) = (first + 1, second + 1);
            let message = format!("columns {first} and {second} are both {field:?}; name one of them otherwise");
            return Err(Error::data(path, line, message));
        }
        Ok(first)
    };
    let (text, id, published) = (place(&fields.text)?, place(&fields.id)?, place(&fields.published)?);
    let Some(text) = text else {
        return Err(without_text(path, line, &records, &names, fields));
    };
    let (path, width, field) = (path.to_owned(), names.len(), fields.published.clone());
    Ok(Box::new(Delimited { path, records, name, field, width, text, id, published }))
}

/// The error for a row of names without the text's.
fn without_text(path: &Path, line: usize, records: &Records, names: &[String], fields: &Fields) -> Error {
    let other = [';', '\t', ',', '|'].into_iter().find(|other| match names {
        [one] => one.split(*other).any(|name| name.trim_matches(['"', ' ']) == fields.text),
        _ => false,
    });
    if let Some(other) = other {
        let found = quoted(&names[0]);
        let mend = match (other, records.shown()) {
            ('\t', _) => "let the name of the file end in .tsv".to_owned(),
            (',', "tabs") => "let the name of the file end in .csv".to_owned(),
            _ => format!("in Python: pd.read_csv(OLD, sep={other:?}).to_csv(NEW, index=False)"),
        };
        let message = format!(
            "found one column, {found}, with {other:?} in it; {} between columns are due; {mend}",
            records.shown()
        );
        return Error::data(path, line, message);
    }
    Error::Column {
        argument: format!("{}: text", shown(path)),
        found: fields.text.clone(),
        columns: listed(names.iter().map(String::as_str)),
    }
}

impl Iterator for Delimited {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.records.read(&self.path)?.and_then(|()| self.article()))
    }
}

impl Delimited {
    fn article(&self) -> Result<Article> {
        let (records, line) = (&self.records, self.records.line);
        if records.len() != self.width {
            let (found, due, by) = (records.len(), self.width, records.shown());
            let message = format!(
                "found {found} cell{} where the first row names {due} columns; \
                 a cell with {by} in it has quotes around it",
                if found == 1 { "" } else { "s" }
            );
            return Err(Error::data(&self.path, line, message));
        }
        // The row has been looked at as a whole.
        let cell = |place: usize| encoding::utf8(&self.path, line, records.cell(place).to_vec());
        let id = match self.id.map(cell).transpose()?.filter(|id| !id.is_empty()) {
            Some(id) => id,
            None => format!("{}:{line}", self.name),
        };
        let published = match self.published.map(cell).transpose()? {
            Some(value) => day(&self.path, line, &self.field, &value)?,
            None => None,
        };
        Ok(Article { id, text: Some(cell(self.text)?), published })
    }
}
