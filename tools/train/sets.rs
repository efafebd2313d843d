//! The marked texts that the tagger learns from.
//!
//! Four forms are read: `.conll` (a token and its tag a line), `.jsonl` (text with spans in code points), `.txt`
//! (articles with marks in brackets, as `models/articles/` has them) and `.tsv` (names by article, as `models/marks/`
//! has them, of a corpus that lies elsewhere: `MARKS.tsv+CORPUS.jsonl.gz`). Types but PER, ORG and LOC are left out.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::io::Read;
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
        let mut files: Vec<PathBuf> =
            fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
        files.sort();
        let mut documents = Vec::new();
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "txt")) {
            documents.extend(read(set, file)?);
        }
        return Ok(documents);
    }
    let name = path.to_string_lossy();
    if let Some((marks, corpus)) = name.split_once('+') {
        let found = marked(Path::new(marks), Path::new(corpus))?;
        return Ok(found.into_iter().map(|(text, names)| Document { set: set.to_owned(), text, names }).collect());
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

/// The texts of a corpus (gzipped JSON lines of id and text), by id.
fn corpus(path: &Path) -> Result<HashMap<String, String>, Box<dyn Error>> {
    let file = fs::File::open(path).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let mut lines = String::new();
    flate2::read::MultiGzDecoder::new(file).read_to_string(&mut lines)?;
    let mut texts = HashMap::new();
    for line in lines.lines() {
        let row: serde_json::Value = serde_json::from_str(line)?;
        if let (Some(id), Some(text)) = (row["id"].as_str(), row["text"].as_str()) {
            texts.insert(id.to_owned(), text.to_owned());
        }
    }
    Ok(texts)
}

/// Articles of a corpus with the names that a table of marks gives them.
fn marked(marks: &Path, path: &Path) -> Result<Vec<Marked>, Box<dyn Error>> {
    let texts = corpus(path)?;
    let file = fs::read_to_string(marks).map_err(|fault| format!("{}: {fault}", marks.display()))?;
    let rows = file.lines().filter(|line| !line.starts_with('#')).skip(1);
    let rows: Vec<Vec<&str>> = rows.map(|line| line.split('\t').collect()).collect();
    let mut documents = Vec::new();
    for group in rows.chunk_by(|one, other| one[0] == other[0]) {
        let text = texts.get(group[0][0]).ok_or(format!("{}: no article {}", path.display(), group[0][0]))?;
        let mut names: Vec<(&str, usize, Vec<usize>)> = Vec::new();
        for row in group {
            let [_, name, only, surface] = row[..] else { return Err(format!("{}: {row:?}", marks.display()).into()) };
            if let Some(kind) = kind(name) {
                names.push((surface, kind, only.split(',').filter_map(|number| number.parse().ok()).collect()));
            }
        }
        names.sort_by_key(|(surface, ..)| std::cmp::Reverse(surface.chars().count()));
        let mut spans: Vec<(SourceSpan, usize)> = Vec::new();
        for (surface, kind, only) in names {
            let mut count = 0;
            for (start, _) in text.match_indices(surface) {
                let span = SourceSpan::new(start, start + surface.len());
                let free = spans.iter().all(|(other, _)| other.end <= span.start || span.end <= other.start);
                if !free || !is_whole(text, span) {
                    continue;
                }
                count += 1;
                if only.is_empty() || only.contains(&count) {
                    spans.push((span, kind));
                }
            }
        }
        spans.sort();
        documents.push((text.clone(), spans));
    }
    Ok(documents)
}

/// True if no letter stands beside the span but proclitics before it.
fn is_whole(text: &str, span: SourceSpan) -> bool {
    let letter = |c: char| c.is_alphanumeric() || marsad::normalize::is_mark(c);
    if text[span.end..].starts_with(letter) {
        return false;
    }
    let before = &text[..span.start];
    let word = &before[before.trim_end_matches(letter).len()..];
    let rest = word.strip_prefix(['و', 'ف']).unwrap_or(word);
    rest.strip_prefix(['ب', 'ل', 'ك']).unwrap_or(rest).is_empty()
}
