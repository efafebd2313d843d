//! Plain text, and JSON line by line.
//!
//! Contract: text is UTF-8 or an error that says where it stops being so and, where it shows, what it is instead.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{Article, Fields, day};
use crate::error::{Error, Result};

/// A whole stream as text, exactly as it is.
pub(super) fn whole(path: &Path, mut input: Box<dyn Read + Send>) -> Result<String> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(|fault| Error::io(path, fault))?;
    utf8(path, 1, bytes)
}

/// Checks bytes that begin on line `line`.
pub(super) fn utf8(path: &Path, line: usize, bytes: Vec<u8>) -> Result<String> {
    if simdutf8::basic::from_utf8(&bytes).is_err() {
        let at = std::str::from_utf8(&bytes).map_or_else(|fault| fault.valid_up_to(), str::len);
        let before = &bytes[..at];
        let line = line + memchr::memchr_iter(b'\n', before).count();
        let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        let guess = guess(&bytes, at);
        let message = format!("byte 0x{:02X} is not UTF-8{guess}; re-encode the file as UTF-8", bytes[at]);
        return Err(Error::data_at(path, line, column, message));
    }
    String::from_utf8(bytes).map_err(|fault| Error::data(path, line, fault.to_string()))
}

/// What bytes that stop being UTF-8 at `at` look like. A text in Windows-1256 stops at its first Arabic letter; one
/// that has Arabic letters before is UTF-8 with a broken place.
fn guess(bytes: &[u8], at: usize) -> &'static str {
    let head = &bytes[..bytes.len().min(4096)];
    let arabic = head.iter().filter(|&&b| matches!(b, 0xC7..=0xED)).count();
    match head {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => " (it looks like UTF-16)",
        [0x1F, 0x8B, ..] => " (it looks like gzip; the name should end in .gz)",
        _ if head.contains(&0) => " (it looks like UTF-16 or binary data)",
        _ if bytes[..at].is_ascii() && arabic * 3 > head.len() => " (it looks like Windows-1256)",
        _ => "",
    }
}

struct JsonLines {
    path: PathBuf,
    input: BufReader<Box<dyn Read + Send>>,
    name: String,
    fields: Fields,
    line: usize,
}

/// The articles of a file of JSON lines.
pub(super) fn articles(
    path: PathBuf,
    input: Box<dyn Read + Send>,
    name: String,
    fields: Fields,
) -> impl Iterator<Item = Result<Article>> + Send {
    JsonLines { path, input: BufReader::with_capacity(1 << 18, input), name, fields, line: 0 }
}

impl Iterator for JsonLines {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut bytes = Vec::new();
            match self.input.read_until(b'\n', &mut bytes) {
                Ok(0) => return None,
                Ok(_) => self.line += 1,
                Err(fault) => return Some(Err(Error::io(&self.path, fault))),
            }
            match utf8(&self.path, self.line, bytes) {
                Ok(line) => {
                    let line = line.trim_start_matches('\u{feff}').trim();
                    if !line.is_empty() {
                        return Some(self.article(line));
                    }
                }
                Err(fault) => return Some(Err(fault)),
            }
        }
    }
}

impl JsonLines {
    fn article(&self, line: &str) -> Result<Article> {
        let fault = |message: String| Error::data(&self.path, self.line, message);
        let object: Map<String, Value> = serde_json::from_str(line).map_err(|cause| {
            let place = cause.column();
            let message = cause.to_string();
            let message = message.rsplit_once(" at line").map_or(message.as_str(), |(message, _)| message);
            Error::data_at(&self.path, self.line, place, format!("{message}; one JSON object a line is due"))
        })?;
        let Some(text) = object.get(&self.fields.text) else {
            let keys: Vec<&str> = object.keys().map(String::as_str).collect();
            return Err(fault(format!("no field {:?}; the fields are {}", self.fields.text, keys.join(", "))));
        };
        let text = match text {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => return Err(fault(format!("{} is {}; a string is due", self.fields.text, kind(other)))),
        };
        let id = match object.get(&self.fields.id) {
            None | Some(Value::Null) => format!("{}:{}", self.name, self.line),
            Some(Value::String(id)) => id.clone(),
            Some(Value::Number(id)) => id.to_string(),
            Some(other) => return Err(fault(format!("{} is {}; a string is due", self.fields.id, kind(other)))),
        };
        let published = match object.get(&self.fields.published) {
            None | Some(Value::Null) => None,
            Some(Value::String(value)) => day(&self.path, self.line, &self.fields.published, value)?,
            Some(other) => {
                return Err(fault(format!(
                    "{} is {}; a day such as \"2025-03-19\" is due",
                    self.fields.published,
                    kind(other)
                )));
            }
        };
        Ok(Article { id, text, published })
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
