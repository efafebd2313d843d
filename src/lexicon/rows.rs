//! The rows of a lexicon, from wherever they come.
//!
//! Input: the text of a tab-separated file, or rows given one by one. Output: [`Source`]. Contract: every row has
//! an id, a type and an alias with a letter in it, or the error says which line has not.

use std::path::{Path, PathBuf};

use crate::data::{self, Table};
use crate::error::{Error, Result};

/// What an alias needs before it counts as a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Needs {
    /// Nothing: it is a mention wherever it stands.
    Nothing,
    /// A preposition of place or a head word of its class right before it, or the entity named so or in full in the
    /// same document.
    Place,
    /// A head word of its class right before it, or the entity named in full in the same document.
    Head,
    /// The entity named in full in the same document.
    FullName,
}

impl Needs {
    const NAMES: [(&'static str, Needs); 4] =
        [("-", Needs::Nothing), ("place", Needs::Place), ("head", Needs::Head), ("full-name", Needs::FullName)];

    fn parse(name: &str) -> Option<Self> {
        let name = if name.is_empty() { "-" } else { name };
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, needs)| *needs)
    }
}

/// One alias of one entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands in its source, counted from 1.
    pub line: usize,
    /// The entity's identifier.
    pub id: String,
    /// The entity's type.
    pub kind: String,
    /// What the alias needs.
    pub needs: Needs,
    /// The name.
    pub alias: String,
}

/// A list of aliases with the name of where it came from.
#[derive(Debug, Clone)]
pub struct Source {
    /// For messages: a path, or "lexicon[0]".
    pub path: PathBuf,
    /// An alias that two sources list goes to the one of higher rank; the built-in lists have rank 0.
    pub rank: u32,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Source {
    /// Reads a tab-separated list: columns id, type, alias and, if named in the first row, needs.
    ///
    /// ```
    /// use marsad::lexicon::{Lexicon, Source};
    /// let mine = Source::parse("mine.tsv", 1, "id\ttype\talias\nSEA\tPROJECT\tمشروع البحر\n")?;
    /// assert_eq!(Lexicon::new(&[mine])?.len(), 1);
    /// # Ok::<(), marsad::Error>(())
    /// ```
    pub fn parse(path: impl Into<PathBuf>, rank: u32, text: &str) -> Result<Self> {
        let path = path.into();
        let table = Table::parse(&path, text, &["id", "type", "alias"])?;
        let column = |name: &str| {
            table.column(name).ok_or_else(|| {
                let found = table.columns.join(", ");
                Error::data(&path, 1, format!("no column {name:?}; found {found}, and id, type, alias are due"))
            })
        };
        let (id, kind, alias) = (column("id")?, column("type")?, column("alias")?);
        let needs = table.column("needs");
        let mut rows = Vec::new();
        for row in table.rows() {
            let row = row?;
            let needs = needs.map_or("-", |at| row.cells[at]);
            let [id, kind, alias] = [id, kind, alias].map(|at| row.cells[at].to_owned());
            rows.push(Self::row(&path, row.line, id, kind, needs, alias)?);
        }
        Ok(Self { path, rank, rows })
    }

    /// Checks one row.
    pub fn row(path: &Path, line: usize, id: String, kind: String, needs: &str, alias: String) -> Result<Row> {
        let fault = |message: String| Err(Error::data(path, line, message));
        if id.is_empty() {
            return fault("the id is empty".into());
        }
        if kind.is_empty() {
            return fault(format!("the type of {id} is empty"));
        }
        if !alias.chars().any(char::is_alphanumeric) {
            return fault(format!("the alias {alias:?} of {id} has no letter or digit"));
        }
        let Some(needs) = Needs::parse(needs) else {
            return fault(format!("needs is {needs:?}; it may be \"-\", \"place\", \"head\" or \"full-name\""));
        };
        Ok(Row { line, id, kind, needs, alias })
    }
}

/// The entity lists under `data/entities/`: every table in a folder of its own kind.
pub(super) fn builtin() -> Result<Vec<Source>> {
    data::folder("entities/")
        .filter(|(path, _)| path.ends_with(".tsv") && path.matches('/').count() == 2)
        .map(|(path, text)| Source::parse(path, 0, text))
        .collect()
}

/// For an alias of several entities, their ids, the likeliest first (`data/entities/ambiguous.tsv`).
pub(super) fn ambiguous() -> Result<Vec<(&'static str, Vec<&'static str>)>> {
    let path = "entities/ambiguous.tsv";
    let table = Table::parse(Path::new(path), data::file(path), &["ids", "alias"])?;
    table.rows().map(|row| row.map(|row| (row.cells[1], row.cells[0].split(',').collect()))).collect()
}
