//! The words of dates: data files in, one look-up table out.
//!
//! Input: `data/dates/*.toml`, spelled as good Arabic is. Output: [`Vocabulary`], which gives a word's classes and
//! meanings by the hash of the word, with any proclitic on it. Contract: words pass through the same normalizer as
//! text; a family lacks no month; a word that means two things in one class is an error. Looking a word up that is
//! not here costs one test of a bit, as a rule.

mod build;
mod classes;
mod file;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use self::build::Builder;
pub(super) use self::classes::Classes;
use self::file::{DigitsRow, SpelledRow, WordFile};
use super::atom::begin_with;
use super::expression::Unit;
use super::{Calendar, Modifier};
use crate::calendar::Weekday;
use crate::data;
use crate::error::Result;
use crate::token::Token;

/// What a word or number means where a shape reads it in one of its classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Number(Field, u16),
    Month(Calendar, u8),
    Weekday(Weekday),
    Days(i8),
    Direction(i8),
    Unit(Unit, Option<u16>),
    Modifier(Modifier),
    Era(Calendar),
    /// Before the era of the calendar.
    BeforeEra,
    Sign(i8),
    /// Before or after the last date named.
    SignThat(i8),
    Repeat(Unit),
    /// First, second, or from the end where it is negative.
    Rank(i8),
    /// The unit that a rank counts.
    Part(Unit),
    /// 0 for spring to 3 for winter.
    Season(u8),
    /// The first year of a decade, of the twentieth century where no other is named.
    Decade(u16),
    /// That (0), the one before it (-1) or after it (1), where it is the last date named.
    Same(i8),
    /// So many quarters of a unit.
    Quarters(u8),
    /// A day of each year.
    Feast(Calendar, u8, u8),
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
    /// The last two digits of a year.
    #[serde(rename = "short_year")]
    ShortYear,
    Century,
    Count,
    Rank,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    Digits,
    /// خمسة
    Cardinal,
    /// الخمسة
    Definite,
    /// الخامس
    Ordinal,
    /// غرة: a name of the day that the month follows.
    Construct,
    /// اثنا: half of a cardinal, no number by itself.
    Part,
    /// الاثنا
    #[serde(rename = "definite_part")]
    DefinitePart,
    /// الحادي
    #[serde(rename = "ordinal_part")]
    OrdinalPart,
}

/// The ways in which one word or row of words may be read as a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Forms(u16);

impl Forms {
    pub fn of(form: Form) -> Self {
        Forms(1 << form as u16)
    }

    pub fn has(self, form: Form) -> bool {
        self.0 >> form as u16 & 1 == 1
    }

    pub fn add(&mut self, form: Form) {
        self.0 |= 1 << form as u16;
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Numbers that may stand for something.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    pub class: u8,
    pub field: Field,
    pub form: Form,
    least: u16,
    most: u16,
    /// How many digits there may be.
    widths: Vec<usize>,
}

impl Numbers {
    /// True if a number of one of these forms may stand here; `width` counts its digits.
    pub fn takes(&self, forms: Forms, number: u16, width: usize) -> bool {
        forms.has(self.form)
            && (self.least..=self.most).contains(&number)
            && (self.form != Form::Digits || self.widths.contains(&width))
    }
}

/// A word or phrase: its classes, and what it means in those where it means something.
#[derive(Debug, Clone, Default)]
pub(super) struct Lexeme {
    pub classes: Classes,
    pub meanings: Vec<(u8, Meaning)>,
    /// The number that the word spells, and the ways in which it may be read.
    pub number: Option<(u16, Forms)>,
    alone: bool,
}

/// A phrase of several words, by those after its first.
#[derive(Debug)]
pub(super) struct Phrase {
    pub rest: Box<[u64]>,
    pub lexeme: u32,
}

/// The phrases that one word begins.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// Of several words, longest first.
    pub longer: Vec<Phrase>,
    /// A bit for each second word: most words that follow are none.
    seconds: u64,
    /// The lexeme of the word alone.
    pub alone: Option<u32>,
}

impl Phrases {
    /// Adds a phrase, after longer ones.
    pub fn add(&mut self, phrase: Phrase) {
        match phrase.rest.first() {
            None => self.alone = Some(phrase.lexeme),
            Some(second) => {
                self.seconds |= second_bit(*second);
                let at = self.longer.partition_point(|other| other.rest.len() >= phrase.rest.len());
                self.longer.insert(at, phrase);
            }
        }
    }

    /// False where a token is surely the second word of none.
    #[inline]
    pub fn may_go_on(&self, next: Option<&Token>) -> bool {
        next.is_some_and(|next| self.seconds & second_bit(next.hash) != 0)
    }

    /// The lexeme of the longest phrase that the tokens behind the word spell, and how many of them.
    #[inline]
    pub fn longest(&self, rest: &[Token]) -> Option<(u32, usize)> {
        let longer = if self.may_go_on(rest.first()) { self.longer.as_slice() } else { &[] };
        let longest = longer.iter().find(|phrase| begin_with(rest, &phrase.rest));
        longest.map(|phrase| (phrase.lexeme, phrase.rest.len())).or(self.alone.map(|lexeme| (lexeme, 0)))
    }

    /// The lexemes of all of them.
    pub fn lexemes(&self) -> impl Iterator<Item = u32> {
        self.longer.iter().map(|phrase| phrase.lexeme).chain(self.alone)
    }
}

#[inline]
fn second_bit(word: u64) -> u64 {
    1 << (word >> 58)
}

/// What a word form holds: proclitics, and the phrases that begin with the word behind them.
#[derive(Debug)]
pub(super) struct Entry {
    /// Class and length in bytes of each proclitic.
    pub proclitics: Vec<(u8, usize)>,
    /// Place in [`Vocabulary::phrases`].
    pub phrases: u32,
}

/// Words of 64 bits in the filter: sixteen bits and more for each word form, so that few strangers pass.
const FILTER: usize = 1 << 13;

/// The bit of the filter that a word sets.
#[inline]
fn filter_bit(word: u64) -> usize {
    (word ^ word >> 32) as usize % (FILTER * 64)
}

/// Words, numbers and their classes.
#[derive(Debug)]
pub(super) struct Vocabulary {
    classes: Vec<String>,
    filter: Box<[u64; FILTER]>,
    entries: FxHashMap<u64, Entry>,
    /// For each first word, the phrases that it begins.
    pub phrases: Vec<Phrases>,
    pub lexemes: Vec<Lexeme>,
    pub numbers: Vec<Numbers>,
    pub dotted: u8,
    /// The class of "و", and the hash of the word.
    pub and: u8,
    pub and_word: u64,
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
                builder.add_all("weekday_bare", Some(Meaning::Weekday(weekday)), &row.bare, false)?;
            }
            for row in &file.group {
                let meaning = builder.meaning(row)?;
                builder.add_all(&row.class, meaning, &row.words, row.alone)?;
            }
            for row in &file.feast {
                builder.feast(row)?;
            }
            for row in file.digits {
                let DigitsRow { field, least, most, widths, .. } = row;
                builder.number_class(&row.class, Form::Digits, field, least..=most, widths)?;
            }
            for row in file.spelled {
                let SpelledRow { form, field, least, most, .. } = row;
                builder.number_class(&row.class, form, field, least..=most, Vec::new())?;
            }
            for row in &file.number {
                builder.number_words(row)?;
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

    /// False where no word of dates has this hash.
    #[inline]
    pub fn may_hold(&self, word: u64) -> bool {
        let bit = filter_bit(word);
        self.filter[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// What the word with this hash holds.
    #[inline]
    pub fn entry(&self, word: u64) -> Option<&Entry> {
        if self.may_hold(word) { self.entries.get(&word) } else { None }
    }
}

/// The classes of a number; `width` counts its digits.
pub(super) fn number_classes(numbers: &[Numbers], forms: Forms, number: u16, width: usize) -> Classes {
    let classes = numbers.iter().filter(|class| class.takes(forms, number, width));
    classes.fold(Classes::NONE, |all, class| all | Classes::only(class.class))
}
