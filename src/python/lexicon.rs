//! A user's lexicon: rows that Python has read off a dict or a DataFrame, or the text of a file.

use std::path::Path;

use pyo3::prelude::*;

use crate::Result;
use crate::lexicon::Source;

/// One source as it comes from Python: its name, and either the bytes of a file or rows of id, type, needs and alias.
#[derive(FromPyObject)]
pub struct Given {
    #[pyo3(item)]
    name: String,
    #[pyo3(item)]
    data: Option<Vec<u8>>,
    #[pyo3(item)]
    rows: Vec<(String, String, String, String)>,
}

impl Given {
    /// About how many bytes it has.
    pub(super) fn bytes(&self) -> usize {
        self.data.as_ref().map_or(self.rows.len() * 100, Vec::len)
    }
}

/// The sources, in rising rank.
pub(super) fn sources(given: Vec<Given>) -> Result<Vec<Source>> {
    let of = |(place, given): (usize, Given)| {
        let rank = place as u32 + 1;
        if let Some(bytes) = given.data {
            let text = crate::input::utf8(Path::new(&given.name), bytes)?;
            return Source::parse(&given.name, rank, &text);
        }
        let path = Path::new(&given.name);
        let rows = given.rows.into_iter().enumerate();
        let rows = rows.map(|(line, (id, kind, needs, alias))| Source::row(path, line + 1, id, kind, &needs, alias));
        Ok(Source { path: path.to_owned(), rank, rows: rows.collect::<Result<_>>()? })
    };
    given.into_iter().enumerate().map(of).collect()
}
