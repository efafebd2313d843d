//! The one public error type.
//!
//! Text never fails; only options, data files, input files and tables do. Each variant says where the
//! fault is, what was found and what is accepted; the sentence is made when it is shown. `python/errors.rs`
//! maps every variant to its Python exception by an exhaustive match.

use std::path::{Path, PathBuf};

/// What can be wrong: an option, a column, a data file, a file to read or write.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument or option whose name or value is not accepted.
    #[error("{name}: found {found}; {accepted}")]
    Option {
        /// The argument as the caller wrote it.
        name: String,
        /// What was given.
        found: String,
        /// What would have been accepted, as a clause.
        accepted: String,
    },
    /// A column that the table does not have.
    #[error("{argument}: there is no column {found:?}; the columns are {columns}")]
    Column {
        /// The argument that names the column.
        argument: String,
        /// The name asked for.
        found: String,
        /// The columns there are, joined by commas.
        columns: String,
    },
    /// A file of names, options or articles that does not hold what it should.
    #[error("{}", data_message(.path, *.line, *.column, .message))]
    Data {
        /// The file, or a short name of the source ("lexicon[3]") where there is no file.
        path: PathBuf,
        /// Line, counted from 1; 0 where the fault has none.
        line: usize,
        /// Column in code points, counted from 1; 0 where the fault has none.
        column: usize,
        /// What was found and what is accepted.
        message: String,
    },
    /// The operating system could not read or write a file.
    #[error("{}: {source}", shown(.path))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system would not give the memory that comes next.
    #[error("memory: {} MB more are due than the system gives; hold less at a time: fewer threads, shorter texts, or batch by batch (analyze_batches, marsad analyze)", .due.div_ceil(1_000_000))]
    Memory {
        /// Bytes.
        due: usize,
    },
    /// An Arrow value whose type is not one that holds text or days.
    #[error("{argument}: found {found}; {accepted}")]
    Type {
        /// The argument or column.
        argument: String,
        /// The type found.
        found: String,
        /// The types that would do.
        accepted: String,
    },
}

/// A path on one line: what would break it, turn it round or speak to a terminal is written as an escape.
pub(crate) fn shown(path: &Path) -> String {
    let turns = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let mut shown = String::new();
    for c in path.to_string_lossy().chars() {
        match c {
            c if c.is_control() || turns(c) => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    shown
}

fn data_message(path: &Path, line: usize, column: usize, message: &str) -> String {
    let path = shown(path);
    match (line, column) {
        (0, _) => format!("{path}: {message}"),
        (line, 0) => format!("{path}:{line}: {message}"),
        (line, column) => format!("{path}:{line}:{column}: {message}"),
    }
}

impl Error {
    /// A fault in a data file at a line (0: the whole file).
    pub fn data(path: impl Into<PathBuf>, line: usize, message: impl Into<String>) -> Self {
        Error::Data { path: path.into(), line, column: 0, message: message.into() }
    }

    /// A fault in a data file at a line and column.
    pub fn data_at(path: impl Into<PathBuf>, line: usize, column: usize, message: impl Into<String>) -> Self {
        Error::Data { path: path.into(), line, column, message: message.into() }
    }

    /// What the system said of a file.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Error::Io { path: path.into(), source }
    }

    /// An option value that is not accepted.
    pub fn option(name: impl Into<String>, found: impl Into<String>, accepted: impl Into<String>) -> Self {
        Error::Option { name: name.into(), found: found.into(), accepted: accepted.into() }
    }
}

/// `std::result::Result` with this crate's [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;
