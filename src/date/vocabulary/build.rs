//! Gathers the words of all files, and writes each with the proclitics that it may bear.
//!
//! Input: rows of the data files. Output: the [`Vocabulary`]. Contract: a spelling stands once in a class, with one
//! meaning; a word with a proclitic never hides a word that is listed whole.

use std::ops::RangeInclusive;

use rustc_hash::{FxHashMap, FxHashSet};

use super::file::{FeastRow, GroupRow, NumberRow, ProcliticRow, WordFile};
use super::{
    Classes, Entry, FILTER, Field, Form, Forms, Lexeme, Meaning, Numbers, Phrase, Phrases, Vocabulary, filter_bit,
    number_classes,
};
use crate::calendar::month_days;
use crate::date::expression::Unit;
use crate::date::{Calendar, Modifier};
use crate::error::{Error, Result};
use crate::normalize::Normalizer;
use crate::token::clitic::Clitics;
use crate::token::{self, Kind, hash};

/// The names of the seasons in data files, in order.
const SEASONS: [&str; 4] = ["spring", "summer", "autumn", "winter"];

pub(super) struct Builder {
    pub path: String,
    normalizer: &'static Normalizer,
    classes: Vec<String>,
    /// Place of each first word in `phrases`.
    firsts: FxHashMap<String, u32>,
    phrases: Vec<Phrases>,
    lexemes: Vec<Lexeme>,
    by_words: FxHashMap<String, u32>,
    numbers: Vec<Numbers>,
    dotted: u8,
}

impl Builder {
    pub fn new() -> Result<Self> {
        let mut builder = Builder {
            path: String::new(),
            normalizer: Normalizer::analysis(),
            classes: Vec::new(),
            firsts: FxHashMap::default(),
            phrases: Vec::new(),
            lexemes: Vec::new(),
            by_words: FxHashMap::default(),
            numbers: Vec::new(),
            dotted: 0,
        };
        builder.dotted = builder.class("dotted")?;
        Ok(builder)
    }

    pub fn fault(&self, message: impl Into<String>) -> Error {
        Error::data(&self.path, 0, message)
    }

    pub fn class(&mut self, name: &str) -> Result<u8> {
        if let Some(at) = self.classes.iter().position(|class| class == name) {
            return Ok(at as u8);
        }
        if self.classes.len() == Classes::ROOM {
            return Err(self.fault(format!("class {name:?} is one more than there is room for")));
        }
        self.classes.push(name.to_owned());
        Ok(self.classes.len() as u8 - 1)
    }

    /// The months of a family. A name of two words also counts without the article of its second.
    pub fn months(&mut self, file: &WordFile) -> Result<()> {
        if file.month.is_empty() {
            return Ok(());
        }
        let (Some(family), Some(calendar)) = (&file.family, &file.calendar) else {
            return Err(self.fault("months belong to a `family` and a `calendar`"));
        };
        let calendar = self.calendar(calendar)?;
        let mut seen = FxHashSet::default();
        for row in &file.month {
            if !(1..=12).contains(&row.number) || !seen.insert(row.number) {
                return Err(self.fault(format!("month {} is given twice or is none of 1 to 12", row.number)));
            }
            let meaning = Some(Meaning::Month(calendar, row.number));
            for (names, classes) in [
                (&row.names, &["month", "month_known", "month_sure"][..]),
                (&row.weak, &["month", "month_known"]),
                (&row.dated, &["month"]),
            ] {
                for name in names {
                    let indefinite = indefinite(name);
                    for class in classes {
                        self.add(class, meaning, name, false)?;
                        if let Some(name) = &indefinite {
                            self.add_again(class, meaning, name)?;
                        }
                    }
                }
            }
        }
        if seen.len() < 12 {
            return Err(self.fault(format!("family {family:?} has {} months of 12", seen.len())));
        }
        Ok(())
    }

    fn calendar(&self, name: &str) -> Result<Calendar> {
        Calendar::named(name)
            .ok_or_else(|| self.fault(format!("calendar {name:?} is not known; the calendars are gregorian and hijri")))
    }

    fn unit(&self, name: &str) -> Result<Unit> {
        Unit::named(name).ok_or_else(|| {
            let known: Vec<&str> = Unit::ALL.iter().map(|unit| unit.name()).collect();
            self.fault(format!("unit {name:?} is not known; the units are {}", known.join(", ")))
        })
    }

    /// A feast: a day of each year.
    pub fn feast(&mut self, row: &FeastRow) -> Result<()> {
        let calendar = self.calendar(&row.calendar)?;
        let longest = if calendar == Calendar::Hijri { 30 } else { month_days(2000, row.month) };
        if !(1..=12).contains(&row.month) || !(1..=longest).contains(&row.day) {
            return Err(self.fault(format!("there is no day {} of month {}", row.day, row.month)));
        }
        self.add_all("feast", Some(Meaning::Feast(calendar, row.month, row.day)), &row.names, false)
    }

    /// A class of numbers, by form and size.
    pub fn number_class(
        &mut self,
        class: &str,
        form: Form,
        field: Field,
        range: RangeInclusive<u16>,
        widths: Vec<usize>,
    ) -> Result<()> {
        let class = self.class(class)?;
        self.numbers.push(Numbers { class, field, form, least: *range.start(), most: *range.end(), widths });
        Ok(())
    }

    /// The words that spell a number. A cardinal from three on also
    /// counts with the article before it; "الاثنين" is Monday.
    pub fn number_words(&mut self, row: &NumberRow) -> Result<()> {
        let forms = [
            (Form::Cardinal, &row.cardinal),
            (Form::Ordinal, &row.ordinal),
            (Form::Construct, &row.construct),
            (Form::Part, &row.part),
            (Form::DefinitePart, &row.definite_part),
            (Form::OrdinalPart, &row.ordinal_part),
        ];
        for (form, words) in forms {
            for word in words {
                self.number_word(form, word, row.value)?;
                if form == Form::Cardinal && row.value >= 3 {
                    let definite = format!("{}{word}", Clitics::builtin().article());
                    self.number_word(Form::Definite, &definite, row.value)?;
                }
            }
        }
        Ok(())
    }

    fn number_word(&mut self, form: Form, word: &str, value: u16) -> Result<()> {
        let lexeme = self.lexeme(word, false)?;
        let (known, forms) = self.lexemes[lexeme].number.get_or_insert((value, Forms::default()));
        if *known != value {
            let known = *known;
            return Err(self.fault(format!("{word:?} spells both {known} and {value}")));
        }
        forms.add(form);
        Ok(())
    }

    pub fn meaning(&self, row: &GroupRow) -> Result<Option<Meaning>> {
        let unit = |name: &Option<String>| name.as_deref().map(|unit| self.unit(unit)).transpose();
        let modifier = row
            .modifier
            .as_deref()
            .map(|name| Modifier::named(name).ok_or_else(|| self.fault(format!("modifier {name:?} is not known"))));
        let era = match row.era.as_deref() {
            Some("before") => Some(Meaning::BeforeEra),
            era => era.map(|era| self.calendar(era)).transpose()?.map(Meaning::Era),
        };
        let season = row
            .season
            .as_deref()
            .map(|name| SEASONS.iter().position(|season| *season == name).map(|at| Meaning::Season(at as u8)))
            .map(|found| found.ok_or_else(|| self.fault(format!("a season is one of {}", SEASONS.join(", ")))));
        let mut meanings = [
            row.days.map(Meaning::Days),
            row.direction.map(Meaning::Direction),
            unit(&row.unit)?.map(|unit| Meaning::Unit(unit, row.count)),
            modifier.transpose()?.map(Meaning::Modifier),
            era,
            row.sign.map(Meaning::Sign),
            row.sign_that.map(Meaning::SignThat),
            unit(&row.repeat)?.map(Meaning::Repeat),
            row.rank.map(Meaning::Rank),
            unit(&row.part)?.map(Meaning::Part),
            season.transpose()?,
            row.decade.map(Meaning::Decade),
            row.same.map(Meaning::Same),
            row.quarters.map(Meaning::Quarters),
        ]
        .into_iter()
        .flatten();
        let meaning = meanings.next();
        if meanings.next().is_some() || (row.count.is_some() && row.unit.is_none()) {
            return Err(self.fault(format!("a group of class {:?} says two things at once", row.class)));
        }
        Ok(meaning)
    }

    pub fn add_all(&mut self, class: &str, meaning: Option<Meaning>, words: &[String], alone: bool) -> Result<()> {
        words.iter().try_for_each(|word| self.add(class, meaning, word, alone))
    }

    fn add(&mut self, class: &str, meaning: Option<Meaning>, words: &str, alone: bool) -> Result<()> {
        let class_at = self.class(class)?;
        let lexeme = self.lexeme(words, alone)?;
        let old = self.lexemes[lexeme].meanings.iter().find(|(at, _)| *at == class_at).map(|(_, meaning)| *meaning);
        let known = self.lexemes[lexeme].classes.has(class_at);
        if known && old != meaning {
            return Err(self.fault(format!("{words:?} means two things in class {class:?}")));
        }
        let lexeme = &mut self.lexemes[lexeme];
        lexeme.classes.add(class_at);
        if let Some(meaning) = meaning.filter(|_| !known) {
            lexeme.meanings.push((class_at, meaning));
        }
        Ok(())
    }

    /// [`Builder::add`] for a spelling made here, which may be a listed word already.
    fn add_again(&mut self, class: &str, meaning: Option<Meaning>, words: &str) -> Result<()> {
        self.add(class, meaning, words, false)
    }

    fn lexeme(&mut self, words: &str, alone: bool) -> Result<usize> {
        let words = self.normalizer.normalize(words);
        if let Some(&lexeme) = self.by_words.get(&words) {
            return Ok(lexeme as usize);
        }
        let mut tokens = Vec::new();
        token::tokenize(&words, &mut tokens);
        let Some((first, rest)) = tokens.split_first() else {
            return Err(self.fault("an empty word"));
        };
        if tokens.len() > 1
            && !tokens.iter().all(|token| matches!(token.kind, Kind::Word | Kind::Punctuation | Kind::Number))
        {
            return Err(self.fault(format!("{words:?} is no row of Arabic words")));
        }
        let count = self.phrases.len() as u32;
        let place = *self.firsts.entry(first.text(&words).to_owned()).or_insert(count) as usize;
        if place == self.phrases.len() {
            self.phrases.push(Phrases::default());
        }
        let lexeme = self.lexemes.len();
        self.phrases[place].add(Phrase { rest: rest.iter().map(|token| token.hash).collect(), lexeme: lexeme as u32 });
        self.lexemes.push(Lexeme { alone, ..Lexeme::default() });
        self.by_words.insert(words, lexeme as u32);
        Ok(lexeme)
    }

    /// Writes each word with each proclitic that the language lets it have.
    pub fn build(mut self, proclitics: &[ProcliticRow]) -> Result<Vocabulary> {
        let and = self.class("and")?;
        let mut pieces = Vec::new();
        for row in proclitics {
            pieces.push((self.normalizer.normalize(&row.letters), self.class(&row.class)?));
        }
        let mut entries = FxHashMap::default();
        for (word, &phrases) in &self.firsts {
            entries.insert(hash(word), Entry { proclitics: Vec::new(), phrases });
        }
        let clitics = Clitics::builtin();
        let mut fronts = vec![(String::new(), Vec::new())];
        for (letters, class) in &pieces {
            fronts.push((letters.clone(), vec![(*class, letters.len())]));
        }
        for (outer, outer_class) in &pieces {
            for (inner, inner_class) in &pieces {
                let both = vec![(*outer_class, outer.len()), (*inner_class, inner.len())];
                fronts.push((format!("{outer}{inner}"), both));
            }
        }
        let mut firsts: Vec<(&String, &u32)> = self.firsts.iter().collect();
        firsts.sort();
        firsts.retain(|(_, phrases)| {
            let mut lexemes = self.phrases[**phrases as usize].lexemes();
            !lexemes.all(|lexeme| self.lexemes[lexeme as usize].alone)
        });
        // Fewer proclitics first: "ولغاية" is و before لغاية and not ول before غاية.
        for (front, classes) in &fronts {
            for &(word, &phrases) in &firsts {
                let whole = format!("{front}{word}");
                if clitics.cuts(&whole).any(|cut| !cut.contracted && cut.len == front.len()) {
                    entries.entry(hash(&whole)).or_insert_with(|| Entry { proclitics: classes.clone(), phrases });
                }
                // li takes the article's alif, and cannot be cut off by letters.
                let Some(noun) = word.strip_prefix(clitics.article()) else { continue };
                let kept = classes.len().saturating_sub(1);
                if classes.last().is_some_and(|(class, _)| self.classes[usize::from(*class)] == "for") {
                    let contracted = format!("{front}{}{noun}", &clitics.article()["ا".len()..]);
                    let front: usize = classes[..kept].iter().map(|(_, len)| len).sum();
                    if clitics.cuts(&contracted).any(|cut| cut.contracted && cut.len == front + 2 * "ل".len()) {
                        entries
                            .entry(hash(&contracted))
                            .or_insert_with(|| Entry { proclitics: classes[..kept].to_vec(), phrases });
                    }
                }
            }
        }
        let mut filter = Box::new([0u64; FILTER]);
        for &word in entries.keys() {
            let bit = filter_bit(word);
            filter[bit / 64] |= 1 << (bit % 64);
        }
        let Builder { classes, phrases, mut lexemes, numbers, dotted, .. } = self;
        // A word that spells a number by itself is in the number's classes.
        for lexeme in &mut lexemes {
            if let Some((value, forms)) = lexeme.number {
                lexeme.classes |= number_classes(&numbers, forms, value, 0);
            }
        }
        Ok(Vocabulary { classes, filter, entries, phrases, lexemes, numbers, dotted, and, and_word: hash("و") })
    }
}

/// "كانون ثاني" for "كانون الثاني".
fn indefinite(name: &str) -> Option<String> {
    let (first, second) = name.rsplit_once(' ')?;
    let second = second.strip_prefix("ال")?;
    Some(format!("{first} {second}"))
}
