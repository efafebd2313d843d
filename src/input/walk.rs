//! Which files a list of paths means, and what each of them is.
//!
//! Input: paths. Output: files with their format, sorted inside each folder. Contract: a named file must be one that
//! can be read; in a folder, other files are passed over, but a folder without any article is an error. What cannot be
//! looked into below it is an error in its place, and the rest is found. Links to folders are not followed.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One article, plain text.
    Text,
    /// One JSON object a line.
    Lines,
    /// Comma- or tab-separated values with a row of names.
    Delimited,
    /// Parquet.
    Parquet,
}

/// What a file holds, and whether it is packed by gzip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// What it holds.
    pub kind: Kind,
    /// True if its name ends in ".gz".
    pub gz: bool,
}

const KINDS: [(&str, Kind); 6] = [
    ("txt", Kind::Text),
    ("jsonl", Kind::Lines),
    ("ndjson", Kind::Lines),
    ("csv", Kind::Delimited),
    ("tsv", Kind::Delimited),
    ("parquet", Kind::Parquet),
];

impl Format {
    /// The format that a file's name tells.
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let (name, gz) = name.strip_suffix(".gz").map_or((name.as_str(), false), |name| (name, true));
        let (_, extension) = name.rsplit_once('.')?;
        let kind = KINDS.iter().find(|(known, _)| *known == extension)?.1;
        Some(Self { kind, gz })
    }
}

/// A file with its format and the name that its articles' ids begin with.
pub type Found = (PathBuf, Format, String);

/// The files that the paths mean, and what could not be looked into, in order.
pub fn expand(paths: &[PathBuf]) -> Result<Vec<Result<Found>>> {
    let mut files = Vec::new();
    for path in paths {
        let about = std::fs::metadata(path).map_err(|fault| Error::io(path, fault))?;
        if !about.is_dir() {
            let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
            let format = Format::of(path).ok_or_else(|| {
                let known: Vec<&str> = KINDS.iter().map(|(extension, _)| *extension).collect();
                let message =
                    format!("the name tells no format; it may end in .{}, each also with .gz", known.join(", ."));
                Error::data(path, 0, message)
            })?;
            files.push(Ok((path.clone(), format, name.into_owned())));
            continue;
        }
        let before = files.len();
        let listing = std::fs::read_dir(path).map_err(|fault| Error::io(path, fault))?;
        walk(path, path, listing, &mut files);
        if files.len() == before {
            let message = "the folder holds no .txt, .jsonl, .csv, .tsv or .parquet file (plain or .gz)";
            return Err(Error::data(path, 0, message));
        }
    }
    Ok(files)
}

fn walk(root: &Path, folder: &Path, listing: std::fs::ReadDir, files: &mut Vec<Result<Found>>) {
    let (mut paths, mut faults) = (Vec::new(), Vec::new());
    for entry in listing {
        match entry {
            Ok(entry) => paths.push(entry.path()),
            Err(fault) => faults.push(Err(Error::io(folder, fault))),
        }
    }
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        let about = std::fs::metadata(&path);
        if about.as_ref().is_ok_and(std::fs::Metadata::is_dir) {
            if !path.is_symlink() {
                match std::fs::read_dir(&path) {
                    Ok(listing) => walk(root, &path, listing, files),
                    Err(fault) => files.push(Err(Error::io(&path, fault))),
                }
            }
        } else if let Some(format) = Format::of(&path) {
            // What cannot be opened is told when its turn comes.
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push(Ok((path, format, name)));
        }
    }
    files.append(&mut faults);
}
