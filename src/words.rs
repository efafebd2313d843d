//! What is known of the words that stand in and around names.
//!
//! Input: `data/words/`: classes of words and phrases (titles, heads of bodies, verbs of speech), the words that
//! personal names are made of, clusters of words that stand between the same words, and what letters speak for a name.
//! Output: [`Words::look`], for
//! each token what is known of it. Contract: a word is known with its proclitics or behind them; a phrase is known
//! where all its words stand in order on one line; the work is linear in the text.

pub(crate) mod kept;
pub mod letter;

use std::path::Path;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::cancel;
use crate::data::{self, Table};
use crate::error::{Error, Result};
use crate::normalize::Normalizer;
use crate::token::clitic::{Clitics, Front};
use crate::token::{self, Gap, Kind, Token};
use kept::Kept;
use letter::Letters;

/// Declares the classes of words, each with the name of its file under `data/words/classes/`.
macro_rules! classes {
    ($($(#[$about:meta])* $name:ident = $file:literal),+ $(,)?) => {
        /// A class of words or phrases.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Class { $($(#[$about])* $name),+ }

        impl Class {
            /// Every class.
            pub const ALL: &[Class] = &[$(Class::$name),+];

            /// The name of the class's file.
            pub fn name(self) -> &'static str {
                match self { $(Class::$name => $file),+ }
            }
        }
    };
}

classes! {
    /// Stands right before a person's name: "الدكتور".
    Title = "title",
    /// Begins a role that a complement and then a name follow: "وزير".
    Role = "role",
    /// A relative of the person named after it or before: "نجل".
    Kin = "kin",
    /// Says that someone speaks or acts: "قال".
    Speech = "speech",
    /// Joins the parts of a personal name: "بن".
    Link = "name_link",
    /// The second word of a given name of two: "الله", "الدين".
    Second = "allah_second",
    /// Heads of bodies of the state.
    Government = "org_government",
    /// Heads of courts.
    Court = "org_court",
    /// Heads of armed bodies.
    Force = "org_force",
    /// Heads of parties.
    Party = "org_party",
    /// Heads of companies.
    Company = "org_company",
    /// Heads of media.
    Media = "org_media",
    /// Heads of schools and universities.
    Education = "org_education",
    /// Heads of unions and associations.
    Union = "org_union",
    /// Heads of clubs and teams.
    Sport = "org_sport",
    /// Heads of international bodies.
    World = "org_world",
    /// Heads in the plural, which stay outside the name.
    Plural = "org_plural",
    /// Bodies that are named by no name: "الوزارة".
    Generic = "org_generic",
    /// Class nouns before a place that stay outside its name.
    Place = "place",
    /// Class nouns that belong to the name of a place.
    Facility = "facility",
    /// Heads of events, cups, agreements.
    Event = "event",
    /// Heads of works of art.
    Work = "work",
    /// Words after which a place often stands.
    Preposition = "preposition",
    /// Words that are part of no name.
    Function = "function",
    /// Given names that are common words.
    CommonGiven = "common_given",
}

/// A set of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Classes(pub u32);

impl Classes {
    /// Heads of organisations' names, which belong to them.
    pub const ORGANISATION: Classes = Classes(
        1 << Class::Government as u32
            | 1 << Class::Court as u32
            | 1 << Class::Force as u32
            | 1 << Class::Party as u32
            | 1 << Class::Company as u32
            | 1 << Class::Media as u32
            | 1 << Class::Education as u32
            | 1 << Class::Union as u32
            | 1 << Class::Sport as u32
            | 1 << Class::World as u32,
    );

    /// Words that announce a name and may stand outside it.
    pub const HEADS: Classes = Classes(
        Self::ORGANISATION.0
            | 1 << Class::Title as u32
            | 1 << Class::Place as u32
            | 1 << Class::Facility as u32
            | 1 << Class::Plural as u32
            | 1 << Class::Generic as u32,
    );

    /// The set of one class.
    pub const fn of(class: Class) -> Self {
        Self(1 << class as u32)
    }

    /// True if the class is in the set.
    pub const fn has(self, class: Class) -> bool {
        self.0 & 1 << class as u32 != 0
    }

    /// True if the sets share a class.
    pub const fn meets(self, other: Classes) -> bool {
        self.0 & other.0 != 0
    }
}

/// What the lists say of one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// The classes it is in, alone or as part of a phrase.
    pub classes: Classes,
    /// In how many sources it is a given name.
    pub given: u8,
    /// In how many sources it is a family name.
    pub family: u8,
    /// The logarithm of how many people of other languages bear it.
    pub foreign: u8,
    /// Its cluster, counted from 1; 0 for a rare word.
    pub cluster: u16,
    /// The cluster of its cluster, counted from 1; 0 for a rare word.
    pub coarse: u8,
}

impl Known {
    /// True if it may be part of a personal name.
    pub fn is_name(&self) -> bool {
        self.given > 0 || self.family > 0 || self.foreign > 0
    }
}

/// A token with what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// What the lists say.
    pub known: Known,
    /// The proclitics on it; none for what is no Arabic word.
    pub front: Front,
    /// [`token::hash`] of the word behind its proclitics.
    pub stem: u64,
    /// How common the word is, in doublings; 0 for a rare one.
    pub frequency: u8,
    /// How much a word that no list knows looks like a name, from 1 to [`letter::STEPS`]; 0 for any other.
    pub likeness: u8,
}

/// The document as the recognisers read it.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'t> {
    /// Normalized text.
    pub text: &'t str,
    /// Its tokens.
    pub tokens: &'t [Token],
    /// The number of each token's sentence.
    pub sentences: &'t [u32],
    /// What is known of each word.
    pub looks: &'t [Look],
}

/// What is known of the words that one thread has met.
#[derive(Debug, Default)]
pub struct Cache(Kept<Look>);

/// The lists of words.
#[derive(Debug)]
pub struct Words {
    known: FxHashMap<u64, Known>,
    /// Phrases, by their first word.
    phrases: FxHashMap<u64, Vec<Phrase>>,
    letters: Letters,
}

/// The words of a phrase after its first, and its class.
type Phrase = (Box<[u64]>, Class);

static BUILTIN: LazyLock<Words> = LazyLock::new(|| data::builtin(|| Words::load(data::FILES)));

impl Words {
    /// The lists that the package ships.
    pub fn builtin() -> &'static Words {
        &BUILTIN
    }

    /// The lists among files of path and text, as [`data::FILES`] holds them.
    pub fn load(files: &[(&str, &str)]) -> Result<Self> {
        let mut words =
            Words { known: FxHashMap::default(), phrases: FxHashMap::default(), letters: Letters::default() };
        for (path, text) in files {
            let Some(name) = path.strip_prefix("words/") else { continue };
            match name.strip_prefix("classes/") {
                Some(class) => words.class(path, class, text)?,
                None if name == "names.tsv" => words.names(path, text)?,
                None if name == "letters.tsv" => words.letters = Letters::parse(path, text)?,
                None if name == "clusters.tsv" => words.clusters(path, text)?,
                None => return Err(Error::data(path, 1, "no list of words has this name")),
            }
        }
        Ok(words)
    }

    fn class(&mut self, path: &str, name: &str, text: &str) -> Result<()> {
        let name = name.trim_end_matches(".tsv");
        let Some(class) = Class::ALL.iter().find(|class| class.name() == name) else {
            return Err(Error::data(path, 1, format!("no class is named {name:?}; src/words.rs lists them")));
        };
        let table = Table::parse(Path::new(path), text, &["phrase"])?;
        let mut tokens = Vec::new();
        for row in table.rows() {
            let row = row?;
            let phrase = Normalizer::analysis().normalize(row.cells[0]);
            token::tokenize(&phrase, &mut tokens);
            let Some((first, rest)) = tokens.split_first() else {
                return Err(Error::data(path, row.line, "the phrase is empty"));
            };
            if rest.is_empty() {
                self.known.entry(first.hash).or_default().classes.0 |= Classes::of(*class).0;
            } else {
                let rest = rest.iter().map(|token| token.hash).collect();
                self.phrases.entry(first.hash).or_default().push((rest, *class));
            }
        }
        Ok(())
    }

    fn names(&mut self, path: &str, text: &str) -> Result<()> {
        let table = Table::parse(Path::new(path), text, &["given", "family", "foreign", "word"])?;
        for row in table.rows() {
            let row = row?;
            let number = |cell: &str| {
                cell.parse().map_err(|_| Error::data(path, row.line, format!("{cell:?} is not a number from 0 to 255")))
            };
            let known = self.known.entry(token::hash(row.cells[3])).or_default();
            known.given = number(row.cells[0])?;
            known.family = number(row.cells[1])?;
            known.foreign = number(row.cells[2])?;
        }
        Ok(())
    }

    fn clusters(&mut self, path: &str, text: &str) -> Result<()> {
        let table = Table::parse(Path::new(path), text, &["coarse", "fine", "words"])?;
        for row in table.rows() {
            let row = row?;
            let fault = |cell: &str| Error::data(path, row.line, format!("the class {cell:?} is no number that fits"));
            let coarse = row.cells[0].parse().map_err(|_| fault(row.cells[0]))?;
            let fine = row.cells[1].parse().map_err(|_| fault(row.cells[1]))?;
            for word in row.cells[2].split(' ') {
                let known = self.known.entry(token::hash(word)).or_default();
                (known.cluster, known.coarse) = (fine, coarse);
            }
        }
        Ok(())
    }

    /// True if the lists have the word as a given name, a family name or a foreign one.
    pub fn is_name(&self, word: &str) -> bool {
        self.known.get(&token::hash(word)).is_some_and(Known::is_name)
    }

    /// True if the lists have the word, as a name or as one of a cluster.
    pub fn is_known(&self, word: &str) -> bool {
        self.known.get(&token::hash(word)).is_some_and(|known| known.is_name() || known.cluster > 0)
    }

    /// True if by its letters a word looks clearly more like a name than the rest of it does, behind what may be a
    /// proclitic.
    pub fn is_likelier(&self, whole: &str, rest: &str) -> bool {
        self.letters.score(whole) > self.letters.score(rest) + letter::UNIT
    }

    /// True if the word is in the class.
    pub fn is_in(&self, word: &str, class: Class) -> bool {
        self.known.get(&token::hash(word)).is_some_and(|known| known.classes.has(class))
    }

    /// What is known of each token, replacing what `looks` held. `cache` keeps words from one text to the next.
    pub fn look(&self, text: &str, tokens: &[Token], cache: &mut Cache, looks: &mut Vec<Look>) {
        looks.clear();
        cache.0.begin();
        looks.extend(tokens.iter().enumerate().map(|(at, token)| {
            cancel::step(at);
            let key = token.hash ^ (token.kind as u64) << 56;
            let place = cache.0.place(key, || self.word(text, token));
            cache.0.values()[place as usize]
        }));
        for place in 0..tokens.len() {
            let (whole, stem) = (tokens[place].hash, looks[place].stem);
            self.phrase(tokens, looks, place, whole);
            if stem != whole {
                self.phrase(tokens, looks, place, stem);
            }
        }
    }

    fn phrase(&self, tokens: &[Token], looks: &mut [Look], place: usize, first: u64) {
        for (rest, class) in self.phrases.get(&first).into_iter().flatten() {
            let after = tokens.get(place + 1..place + 1 + rest.len());
            let stands = after.is_some_and(|after| {
                after.iter().zip(rest).all(|(token, word)| token.hash == *word && token.gap != Gap::Line)
            });
            if stands {
                for look in &mut looks[place..=place + rest.len()] {
                    look.known.classes.0 |= Classes::of(*class).0;
                }
            }
        }
    }

    fn word(&self, text: &str, token: &Token) -> Look {
        let clitics = Clitics::builtin();
        let frequency = clitics.class(token.hash).unwrap_or(0);
        let whole = self.known.get(&token.hash).copied().unwrap_or_default();
        if !matches!(token.kind, Kind::Word | Kind::Hashtag) {
            return Look { known: whole, stem: token.hash, frequency, ..Look::default() };
        }
        let word = token.word(text);
        let front = clitics.front(word);
        if front.noun == 0 && !front.contracted {
            let likeness = self.likeness(&whole, &word[front.stem..]);
            return Look { known: whole, front, stem: token.hash, frequency, likeness };
        }
        let rest = &word[if front.contracted { front.stem } else { front.noun }..];
        let restored = if front.contracted { clitics.hash_with_article(rest) } else { None };
        let stem = restored.unwrap_or_else(|| token::hash(rest));
        let behind = self.known.get(&stem).copied().unwrap_or_default();
        let clustered = if whole.cluster == 0 { behind } else { whole };
        let known = Known { cluster: clustered.cluster, coarse: clustered.coarse, ..behind };
        let likeness = self.likeness(&known, &word[front.stem..]);
        Look { known, front, stem, frequency, likeness }
    }

    /// How much a word looks like a name, if the lists do not know it.
    fn likeness(&self, known: &Known, stem: &str) -> u8 {
        let listed = known.is_name() || known.cluster > 0 || known.classes.0 != 0;
        let short = stem.chars().nth(2).is_none();
        if listed || short { 0 } else { self.letters.likeness(stem) }
    }
}
