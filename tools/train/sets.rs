//! The marked texts that the tagger learns from.
//!
//! Three forms are read: `.conll` (a token and its tag a line), `.jsonl` (text with spans in code points) and `.txt`
//! (articles with marks in brackets, as `models/articles/` has them). Types but PER, ORG and LOC are left out.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use marsad::span::{SourceSpan, byte_of_point};
use marsad::tagger::TYPES;

/// A marked text.
#[derive(Debug, Clone)]
pub struct Document {
    /// The set it belongs to.
    pub set: String,
    /// Its text.
    pub text: String,
    /// Names in bytes of the text, with the index of their type.
    pub names: Vec<(SourceSpan, usize)>,
}

fn kind(name: &str) -> Option<usize> {
    TYPES.iter().position(|known| *known == name)
}

/// The documents of a file, or of all files of a folder in order of name.
pub fn read(set: &str, path: &Path) -> Result<Vec<Document>, Box<dyn Error>> {
    if path.is_dir() {
        let mut files: Vec<PathBuf> = fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
        files.sort();
        let mut documents = Vec::new();
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "txt")) {
            documents.extend(read(set, file)?);
        }
        return Ok(documents);
    }
    let text = fs::read_to_string(path).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let found = match path.extension().and_then(|ending| ending.to_str()) {
        Some("conll") => conll(&text),
        Some("jsonl") => jsonl(&text)?,
        _ => articles(&text).map_err(|fault| format!("{}:{fault}", path.display()))?,
    };
    Ok(found.into_iter().map(|(text, names)| Document { set: set.to_owned(), text, names }).collect())
}

type Marked = (String, Vec<(SourceSpan, usize)>);

fn conll(file: &str) -> Vec<Marked> {
    let mut documents = Vec::new();
    for sentence in file.split("\n\n") {
        let mut text = String::new();
        let mut names: Vec<(SourceSpan, usize)> = Vec::new();
        let mut open: Option<usize> = None;
        for line in sentence.lines() {
            let Some((token, tag)) = line.split_once('\t') else { continue };
            let tag = tag.rsplit('\t').next().unwrap_or(tag);
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(token);
            let (begin, name) = tag.split_once('-').unwrap_or(("O", ""));
            match kind(name) {
                Some(kind) if begin == "I" && open == Some(kind) => {
                    names.last_mut().expect("an open name").0.end = text.len();
                }
                Some(kind) => {
                    names.push((SourceSpan::new(start, text.len()), kind));
                    open = Some(kind);
                }
                None => open = None,
            }
        }
        if !text.is_empty() {
            documents.push((text, names));
        }
    }
    documents
}

fn jsonl(file: &str) -> Result<Vec<Marked>, Box<dyn Error>> {
    let mut documents = Vec::new();
    for line in file.lines().filter(|line| !line.trim().is_empty()) {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let text = row["text"].as_str().ok_or("no text")?.to_owned();
        let mut names = Vec::new();
        for name in row["entities"].as_array().ok_or("no entities")? {
            let at = |key: &str| name[key].as_u64().map(|at| byte_of_point(&text, at as usize)).ok_or("no position");
            if let Some(kind) = name["type"].as_str().and_then(kind) {
                names.push((SourceSpan::new(at("start")?, at("end")?), kind));
            }
        }
        names.sort();
        documents.push((text, names));
    }
    Ok(documents)
}

fn articles(file: &str) -> Result<Vec<Marked>, String> {
    let mut documents: Vec<Marked> = Vec::new();
    for (number, line) in file.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        if line.starts_with('@') {
            documents.push((String::new(), Vec::new()));
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let (text, names) = documents.last_mut().ok_or(format!("{}: text before the first @ line", number + 1))?;
        if !text.is_empty() {
            text.push('\n');
        }
        let mut rest = line;
        while let Some((before, mark)) = rest.split_once('[') {
            let whole = mark.split_once(']').and_then(|(mark, after)| Some((mark.split_once(' ')?, after)));
            let ((name, surface), after) = whole.ok_or(format!("{}: a mark is not closed", number + 1))?;
            let kind = kind(name).ok_or(format!("{}: {name:?} is no type", number + 1))?;
            text.push_str(before);
            let start = text.len();
            text.push_str(surface);
            names.push((SourceSpan::new(start, text.len()), kind));
            rest = after;
        }
        text.push_str(rest);
    }
    Ok(documents)
}
