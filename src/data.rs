//! The data files: found, read and checked in one way, whether built in or given by a user.
//!
//! Input: embedded files (`FILES`, listed by build.rs) or text that a user's path held. Output: TOML values by
//! serde, or rows of tab-separated tables. Contract: a file that is malformed, or lacks its source or licence
//! where it must have them, gives an [`Error::Data`] with file and line; nothing is skipped in silence.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::cancel::Token;
use crate::error::{Error, Result};

/// Declares what a TOML data file holds: the three keys that every file owes, and its own; any other is an error.
macro_rules! file_of {
    ($(#[$about:meta])* $vis:vis struct $name:ident { $($fields:tt)* }) => {
        $(#[$about])*
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        $vis struct $name {
            #[serde(rename = "about")]
            _about: String,
            #[serde(rename = "source")]
            _source: String,
            #[serde(rename = "licence")]
            _licence: String,
            $($fields)*
        }
    };
}
pub(crate) use file_of;

/// What a static is made of once, from embedded data. Work that is called off meanwhile ends after it: a static that
/// was begun in vain is broken for good.
///
/// # Panics
/// If the data are malformed, which the data lints would have shown.
pub fn builtin<T>(load: impl FnOnce() -> Result<T>) -> T {
    Token::default().within(load).unwrap_or_else(|fault| panic!("built-in data: {fault}"))
}

/// Every file under `data/`: its path there and its text, sorted by path.
pub static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/data_files.rs"));

/// The embedded file at `path`.
///
/// # Panics
/// If the build did not embed it, which the data lints would have shown.
pub fn file(path: &str) -> &'static str {
    FILES.iter().find(|(name, _)| *name == path).map_or_else(|| panic!("data/{path} is not embedded"), |(_, text)| text)
}

/// The embedded files under a folder (with its trailing slash), sorted by path.
pub fn folder(prefix: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().copied().filter(move |(name, _)| name.starts_with(prefix))
}

/// Reads a TOML data file; unknown keys are the type's to refuse (`deny_unknown_fields`).
pub fn toml<T: DeserializeOwned>(path: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|fault| {
        let at = fault.span().map_or(0, |span| span.start);
        let before = &text[..at.min(text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
        Error::data_at(path, line, column, fault.message())
    })
}

/// A table of tab-separated values with `# key: value` lines at its head and a row of column names.
#[derive(Debug)]
pub struct Table<'t> {
    /// Where it came from, for messages.
    pub path: &'t Path,
    /// The `# key: value` lines before the first row.
    pub header: Vec<(&'t str, &'t str)>,
    /// The names in the first row.
    pub columns: Vec<&'t str>,
    rows: Vec<(usize, &'t str)>,
}

/// One row of a [`Table`]: its line number and its cells, as many as there are columns.
#[derive(Debug, Clone)]
pub struct Row<'t> {
    /// Line, counted from 1.
    pub line: usize,
    /// The cells, in the order of the columns.
    pub cells: Vec<&'t str>,
}

impl<'t> Table<'t> {
    /// Splits a table into header, column names and rows. Empty lines and lines that begin with `#` are no rows.
    /// `default` names the columns of a table whose first row does not name them (it has none of these names).
    pub fn parse(path: &'t Path, text: &'t str, default: &[&'t str]) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut header = Vec::new();
        let mut rows = Vec::new();
        for (index, line) in text.lines().enumerate() {
            if let Some(comment) = line.strip_prefix('#') {
                if let Some((key, value)) = comment.split_once(':').filter(|_| rows.is_empty()) {
                    header.push((key.trim(), value.trim()));
                }
            } else if !line.trim().is_empty() {
                rows.push((index + 1, line));
            }
        }
        let named = rows.first().is_some_and(|(_, line)| line.split('\t').any(|cell| default.contains(&cell)));
        let columns = if named { rows.remove(0).1.split('\t').collect() } else { default.to_vec() };
        Ok(Self { path, header, columns, rows })
    }

    /// The value of a header line.
    pub fn header(&self, key: &str) -> Option<&'t str> {
        self.header.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    /// The place of a column, if the table has it.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| *column == name)
    }

    /// The rows, each checked for its number of cells.
    pub fn rows(&self) -> impl Iterator<Item = Result<Row<'t>>> + '_ {
        self.rows.iter().map(|&(line, text)| {
            let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
            if cells.len() == self.columns.len() {
                return Ok(Row { line, cells });
            }
            Err(Error::data(
                self.path,
                line,
                format!(
                    "found {} tab-separated cell{} where there are {} columns ({})",
                    cells.len(),
                    if cells.len() == 1 { "" } else { "s" },
                    self.columns.len(),
                    self.columns.join(", "),
                ),
            ))
        })
    }
}
