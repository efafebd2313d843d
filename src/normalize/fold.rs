//! One normalization option, as its data file says it.
//!
//! Input: `data/fold/<name>.toml`. Output: [`Fold`], what the option does to each character.
//! Contract: the characters an option speaks of are disjoint, and none of them is what another becomes
//! (no chains inside one option); the data lints hold every file to it.

use std::path::Path;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::data;
use crate::error::{Error, Result};

/// What an option does to one character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Delete,
    Replace(String),
    Decompose,
    Compose,
    Space,
    Line,
    Shorten,
}

/// A normalization option: its name, what it says of itself, and its characters.
#[derive(Debug, Clone)]
pub struct Fold {
    /// The option's name, which is its file's.
    pub name: String,
    /// One sentence for users.
    pub about: String,
    /// Where the characters come from.
    pub source: String,
    pub(crate) actions: FxHashMap<char, Action>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    source: String,
    #[serde(rename = "licence")]
    _licence: String,
    #[serde(default)]
    delete: Vec<String>,
    #[serde(default)]
    decompose: Vec<String>,
    #[serde(default)]
    compose: Vec<String>,
    #[serde(default)]
    space: Vec<String>,
    #[serde(default)]
    line: Vec<String>,
    #[serde(default)]
    shorten: Vec<String>,
    #[serde(default)]
    replace: Vec<Replace>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replace {
    to: String,
    from: Vec<String>,
}

impl Fold {
    /// Reads one option's file; a character named twice is an error.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let file: File = data::toml(path, text)?;
        let mut actions = FxHashMap::default();
        let mut add = |spec: &[String], action: &Action| -> Result<()> {
            for item in spec {
                for c in characters(path, item)? {
                    if actions.insert(c, action.clone()).is_some() {
                        return Err(Error::data(path, 0, format!("U+{:04X} is named twice", c as u32)));
                    }
                }
            }
            Ok(())
        };
        add(&file.delete, &Action::Delete)?;
        add(&file.decompose, &Action::Decompose)?;
        add(&file.compose, &Action::Compose)?;
        add(&file.space, &Action::Space)?;
        add(&file.line, &Action::Line)?;
        add(&file.shorten, &Action::Shorten)?;
        for replace in &file.replace {
            add(&replace.from, &Action::Replace(replace.to.clone()))?;
        }
        let name = Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or(path).to_owned();
        let chained = actions.values().any(|action| match action {
            Action::Replace(to) => to.chars().any(|c| actions.contains_key(&c)),
            _ => false,
        });
        if chained {
            return Err(Error::data(path, 0, "a letter becomes one that the same option changes again"));
        }
        Ok(Self { name, about: file.about, source: file.source, actions })
    }
}

/// What the option does, one question at a time; the engine reads the composed table instead.
impl Fold {
    /// The characters that the option speaks of, in code point order.
    pub fn characters(&self) -> Vec<char> {
        let mut characters: Vec<char> = self.actions.keys().copied().collect();
        characters.sort_unstable();
        characters
    }

    /// True if the option joins this mark to the letter before it.
    pub fn composes(&self, c: char) -> bool {
        self.actions.get(&c) == Some(&Action::Compose)
    }

    /// True if the option writes a run of this letter once.
    pub fn shortens(&self, c: char) -> bool {
        self.actions.get(&c) == Some(&Action::Shorten)
    }

    /// What a run of this blank becomes: a space or a line feed.
    pub fn blank(&self, c: char) -> Option<char> {
        match self.actions.get(&c) {
            Some(Action::Space) => Some(' '),
            Some(Action::Line) => Some('\n'),
            _ => None,
        }
    }

    /// What one character becomes by itself.
    pub fn apply(&self, c: char) -> Vec<char> {
        match self.actions.get(&c) {
            Some(Action::Delete) => Vec::new(),
            Some(Action::Replace(to)) => to.chars().collect(),
            Some(Action::Decompose) => super::table::decompose(c).chars().collect(),
            Some(Action::Space | Action::Line) => vec![' '],
            Some(Action::Compose | Action::Shorten) | None => vec![c],
        }
    }
}

/// The characters of "U+0640", "U+064B..U+0652" or a letter that stands for itself.
fn characters(path: &str, item: &str) -> Result<Vec<char>> {
    let point =
        |code: &str| code.strip_prefix("U+").and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
    let mut letters = item.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Ok(vec![letter]);
    }
    let range = match item.split_once("..") {
        Some((first, last)) => point(first).zip(point(last)),
        None => point(item).map(|c| (c, c)),
    };
    match range {
        Some((first, last)) if first <= last => Ok((first..=last).collect()),
        _ => {
            Err(Error::data(path, 0, format!("found {item:?}; one letter, \"U+0640\" or \"U+064B..U+0652\" is meant")))
        }
    }
}
