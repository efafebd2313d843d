//! The words of dates: data files in, one look-up table out.
//!
//! Input: `data/dates/*.toml`, spelled as good Arabic is. Output: [`Vocabulary`], which gives a word's classes and
//! meanings by the hash of the word, with any proclitic on it. Contract: words pass through the same normalizer as
//! text; a family lacks no month; a word that means two things in one class is an error. Looking a word up that is
//! not here costs one test of a bit, as a rule.

mod build;
mod file;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use self::build::Builder;
use self::file::{DigitsRow, WordFile};
use super::{Calendar, Grain, Modifier};
use crate::calendar::Weekday;
use crate::data;
use crate::error::Result;

/// A set of classes, one bit a class.
pub(super) type Classes = u128;

/// What a word or number means where a shape reads it in one of its classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Number(Field, u16),
    Month(Calendar, u8),
    Weekday(Weekday),
    Days(i8),
    Direction(i8),
    Unit(Grain, Option<u16>),
    Modifier(Modifier),
    Era(Calendar),
    Sign(i8),
    Repeat(Grain),
    /// Three numbers with dots between them, in one token.
    Dotted,
}

/// What a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Field {
    Day,
    Month,
    Year,
    Count,
}

/// Numbers in digits that may stand for something.
#[derive(Debug, Clone)]
pub(super) struct Digits {
    pub class: u8,
    pub field: Field,
    least: u16,
    most: u16,
    widths: Vec<usize>,
}

impl Digits {
    pub fn takes(&self, number: u16, width: usize) -> bool {
        (self.least..=self.most).contains(&number) && self.widths.contains(&width)
    }
}

/// A word or phrase: its classes, and what it means in those where it means something.
#[derive(Debug, Clone, Default)]
pub(super) struct Lexeme {
    pub classes: Classes,
    pub meanings: Vec<(u8, Meaning)>,
    alone: bool,
}

/// A phrase by the words after its first.
#[derive(Debug)]
pub(super) struct Phrase {
    pub rest: Box<[u64]>,
    pub lexeme: u32,
}

/// What a word form holds: proclitics, and the phrases that begin with the word behind them.
#[derive(Debug)]
pub(super) struct Entry {
    /// Class and length in bytes of each proclitic.
    pub proclitics: Vec<(u8, usize)>,
    /// Place in [`Vocabulary::phrases`].
    pub phrases: u32,
}

/// Words, numbers and their classes.
#[derive(Debug)]
pub(super) struct Vocabulary {
    classes: Vec<String>,
    filter: Box<[u64; 1024]>,
    entries: FxHashMap<u64, Entry>,
    /// For each first word, the phrases that it begins, longest first.
    pub phrases: Vec<Vec<Phrase>>,
    pub lexemes: Vec<Lexeme>,
    pub digits: Vec<Digits>,
    pub dotted: u8,
}

impl Vocabulary {
    /// Reads every file of words.
    pub fn load<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Self> {
        let mut builder = Builder::new()?;
        let mut proclitics = Vec::new();
        for (path, text) in files {
            let file: WordFile = data::toml(path, text)?;
            builder.path = path.to_owned();
            builder.months(&file)?;
            for row in &file.weekday {
                let weekday = Weekday::from_iso(row.iso).ok_or_else(|| builder.fault("iso is a number from 1 to 7"))?;
                builder.add_all("weekday", Some(Meaning::Weekday(weekday)), &row.names, false)?;
            }
            for row in &file.group {
                let meaning = builder.meaning(row)?;
                builder.add_all(&row.class, meaning, &row.words, row.alone)?;
            }
            for row in file.digits {
                let class = builder.class(&row.class)?;
                let DigitsRow { field, least, most, widths, .. } = row;
                builder.digits.push(Digits { class, field, least, most, widths });
            }
            for row in &file.number {
                builder.add_all("count", Some(Meaning::Number(Field::Count, row.value)), &row.cardinal, false)?;
                builder.add_all("ordinal", Some(Meaning::Number(Field::Day, row.value)), &row.ordinal, false)?;
                builder.add_all("construct", Some(Meaning::Number(Field::Day, row.value)), &row.construct, false)?;
            }
            proclitics.extend(file.proclitic);
        }
        builder.build(&proclitics)
    }

    /// The number of a class, if there is one of the name.
    pub fn class(&self, name: &str) -> Option<u8> {
        self.classes.iter().position(|class| class == name).map(|at| at as u8)
    }

    /// The names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// What the word with this hash holds.
    #[inline]
    pub fn entry(&self, word: u64) -> Option<&Entry> {
        let bit = (word ^ word >> 32) as u16;
        if self.filter[usize::from(bit >> 6)] >> (bit & 63) & 1 == 0 {
            return None;
        }
        self.entries.get(&word)
    }
}
