//! Articles as one JSON object a line.
//!
//! Contract: a line that is no article is an error with its number, and the lines after it are read.

use std::fmt;
use std::path::PathBuf;

use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::lines::{Line, Lines};
use super::open::Stream;
use super::told::{listed, quoted};
use super::{Article, Fields, day, encoding};
use crate::error::{Error, Result};

struct JsonLines {
    path: PathBuf,
    /// None after what the rest cannot be read for.
    lines: Option<Lines>,
    name: String,
    fields: Fields,
    /// Whether no line with anything on it has come.
    fresh: bool,
}

/// The articles of a file of JSON lines.
pub(super) fn articles(
    path: PathBuf,
    input: Stream,
    name: String,
    fields: Fields,
    limit: usize,
) -> impl Iterator<Item = Result<Article>> + Send {
    JsonLines { path, lines: Some(Lines::new(input, false, limit)), name, fields, fresh: true }
}

impl Iterator for JsonLines {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let lines = self.lines.as_mut()?;
            let bytes = match lines.next() {
                Ok(Some(Line::Whole(bytes))) => bytes,
                Ok(Some(Line::Long { bytes, .. })) => {
                    return Some(Err(lines.too_long(&self.path, lines.number, bytes)));
                }
                Ok(Some(Line::Endless)) => {
                    let fault = lines.endless(&self.path, lines.number);
                    self.lines = None;
                    return Some(Err(fault));
                }
                Ok(None) => return None,
                Err(fault) => {
                    let fault = lines.broken(&self.path, fault);
                    self.lines = None;
                    return Some(Err(fault));
                }
            };
            let (number, ended) = (lines.number, bytes.ends_with(b"\n"));
            let text = match encoding::utf8(&self.path, number, bytes) {
                Ok(text) => text,
                Err(fault) => return Some(Err(fault)),
            };
            let line = text.trim_start_matches('\u{feff}').trim();
            if line.is_empty() {
                continue;
            }
            if std::mem::take(&mut self.fresh)
                && let Some(message) = spread(line)
            {
                self.lines = None;
                return Some(Err(Error::data(&self.path, number, message)));
            }
            return Some(self.article(number, line, ended));
        }
    }
}

const LIST: &str = "one JSON object a line is due; in Python: \
    pd.read_json(OLD).to_json(NEW, orient=\"records\", lines=True, force_ascii=False)";

/// Why a file that begins with this line does not have one object a line at all.
fn spread(line: &str) -> Option<String> {
    match line {
        "{" => Some("found an object on several lines; write each on one line: json.dumps(row) without indent".into()),
        _ if line.starts_with('[') && serde_json::from_str::<IgnoredAny>(line).is_err_and(|fault| fault.is_eof()) => {
            Some(format!("found a list on several lines; {LIST}"))
        }
        _ => None,
    }
}

impl JsonLines {
    fn article(&self, number: usize, line: &str, ended: bool) -> Result<Article> {
        let fault = |message: String| Error::data(&self.path, number, message);
        let object = Object::read(line, &self.fields).map_err(|cause| {
            // A column of bytes, which may stand inside a letter.
            let bytes = cause.column().saturating_sub(1).min(line.len());
            let start = (0..=bytes).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
            let (before, rest) = line.split_at(start);
            Error::data_at(&self.path, number, before.chars().count() + 1, reason(line, rest, &cause, ended))
        })?;
        let Fields { text, id, published } = &self.fields;
        let text = match object.text {
            None => return Err(fault(format!("no field {text:?}; the fields are {}", object.keys()))),
            Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(other) => return Err(fault(format!("{text} is {}; a string is due", kind(&other)))),
        };
        let id = match object.id {
            None | Some(Value::Null) => format!("{}:{number}", self.name),
            Some(Value::String(id)) => id,
            Some(Value::Number(id)) => match id.as_f64().filter(|_| id.is_f64()) {
                // From here on different numbers would become one.
                Some(value) if value.abs() >= 9e15 => {
                    let message = format!("{id} is a number of which not every digit is kept; a string is due");
                    return Err(fault(format!("{}: {message}", self.fields.id)));
                }
                _ => id.to_string(),
            },
            Some(other) => return Err(fault(format!("{id} is {}; a string is due", kind(&other)))),
        };
        let published = match object.published {
            None | Some(Value::Null) => None,
            Some(Value::String(value)) => day(&self.path, number, published, &value)?,
            Some(other) => {
                let found = kind(&other);
                return Err(fault(format!("{published} is {found}; a day such as \"2025-03-19\" is due")));
            }
        };
        Ok(Article { id, text, published })
    }
}

/// What is wrong with a line that is no object, at `rest`; `ended` says that a line end stands behind it.
fn reason(line: &str, rest: &str, cause: &serde_json::Error, ended: bool) -> String {
    let told = cause.to_string();
    let told = told.rsplit_once(" at line").map_or(told.as_str(), |(message, _)| message);
    let due = "one JSON object a line is due";
    let number = ["NaN", "Infinity", "-Infinity"].iter().find(|name| rest.starts_with(**name));
    match () {
        () if line.starts_with('[') => format!("found a list; {LIST}"),
        () if line.starts_with('"') => format!("found a string; {due}"),
        // An object that is JSON and no article.
        () if cause.is_data() && line.starts_with('{') => format!("{told}; keep one of them"),
        () if cause.is_eof() && !ended => format!("{told}: the file ends here and seems cut; fetch or write it again"),
        () if line.contains('\r') => format!("{told}; {due}, and a line ends in \\n, not in \\r"),
        () if told.contains("hex escape") => format!("half a pair of \\u escapes ({told}); write the letter whole"),
        () => match number {
            Some(name) => format!("{name} is no JSON; null is due"),
            None => format!("{told}; {due}"),
        },
    }
}

/// What a line has for the fields; what it has else is only checked.
struct Object {
    text: Option<Value>,
    id: Option<Value>,
    published: Option<Value>,
    others: Vec<String>,
}

impl Object {
    fn read(line: &str, fields: &Fields) -> serde_json::Result<Self> {
        let mut reader = serde_json::Deserializer::from_str(line);
        let object = reader.deserialize_map(Wanted(fields))?;
        reader.end()?;
        Ok(object)
    }

    /// The keys of an object that has no text.
    fn keys(&self) -> String {
        if self.others.is_empty() { "none".into() } else { listed(self.others.iter().map(String::as_str)) }
    }
}

struct Wanted<'a>(&'a Fields);

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Object;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Object, A::Error> {
        let names = [&self.0.text, &self.0.id, &self.0.published];
        let mut values = [const { None }; 3];
        let mut others = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            match names.iter().position(|name| **name == key) {
                None => drop(map.next_value::<IgnoredAny>()?),
                Some(place) if values[place].is_some() => {
                    return Err(A::Error::custom(format!("the key {} stands twice", quoted(&key))));
                }
                Some(place) => values[place] = Some(map.next_value()?),
            }
            if values[0].is_none() {
                others.push(key);
            }
        }
        for place in 1..names.len() {
            // Two fields may be one key.
            if let Some(first) = names[..place].iter().position(|name| *name == names[place]) {
                values[place] = values[first].clone();
            }
        }
        let [text, id, published] = values;
        Ok(Object { text, id, published, others })
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
