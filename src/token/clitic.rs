//! What is written on the front of an Arabic word: conjunction, particle, article.
//!
//! Input: a normalized word. Output: the ways to cut it ([`Clitics::cuts`], for look-ups) and the likely one
//! ([`Clitics::proclitics`]). Contract: a cut leaves at least two letters, and the pieces with the rest make the
//! word again, but for the article's alif that li takes away. A word commoner than its rest is not cut.

use std::path::Path;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::data;
use crate::error::Result;
use crate::token::hash;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "licence")]
    _licence: String,
    conjunction: Vec<Proclitic>,
    particle: Vec<Proclitic>,
    article: Article,
    whole: Whole,
}

#[derive(Deserialize, Debug, Clone)]
#[serde(deny_unknown_fields)]
struct Proclitic {
    margin: i32,
    letters: String,
    #[serde(default)]
    before: Vec<String>,
}

#[derive(Deserialize, Debug, Clone)]
#[serde(deny_unknown_fields)]
struct Article {
    letters: String,
    contracted: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    words: Vec<String>,
}

/// The proclitics and the words they stand on.
#[derive(Debug)]
pub struct Clitics {
    conjunctions: Vec<Proclitic>,
    particles: Vec<Proclitic>,
    article: Article,
    whole: FxHashSet<u64>,
    /// Class of each common word: a doubling of its frequency is one more.
    classes: FxHashMap<u64, u8>,
}

/// One way to cut the front off a word, as look-ups of names need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Bytes cut off the front.
    pub len: usize,
    /// True where li has taken the article's alif: the rest must be read with the article before it, and a
    /// span cannot leave the li out.
    pub contracted: bool,
}

static BUILTIN: LazyLock<Clitics> = LazyLock::new(|| Clitics::load().unwrap_or_else(|fault| panic!("built-in data: {fault}")));

impl Clitics {
    /// The built-in proclitics.
    pub fn builtin() -> &'static Clitics {
        &BUILTIN
    }

    fn load() -> Result<Self> {
        let path = "token/clitics.toml";
        let file: File = data::toml(path, data::file(path))?;
        let path = "token/words.tsv";
        let table = data::Table::parse(Path::new(path), data::file(path), &["class", "word"])?;
        let mut classes = FxHashMap::default();
        for row in table.rows() {
            let row = row?;
            let class = row.cells[0].parse().map_err(|_| {
                crate::Error::data(path, row.line, format!("class {:?} is not a number from 0 to 255", row.cells[0]))
            })?;
            classes.insert(hash(row.cells[1]), class);
        }
        Ok(Self {
            conjunctions: file.conjunction,
            particles: file.particle,
            article: file.article,
            whole: file.whole.words.iter().map(|word| hash(word)).collect(),
            classes,
        })
    }

    /// How common a word is, in doublings; none for a rare one.
    pub fn class(&self, word: u64) -> Option<u8> {
        self.classes.get(&word).copied()
    }

    /// The ways to cut conjunction and particle off `word`, shortest first: for looking up a name that may stand
    /// behind them. The article belongs to names and is not cut, but given back where li has taken its alif.
    pub fn cuts<'w>(&'w self, word: &'w str) -> impl Iterator<Item = Cut> + 'w {
        let conjunction = self.conjunctions.iter().find(|c| word.starts_with(c.letters.as_str()));
        let after = conjunction.map_or(0, |c| c.letters.len());
        let particles = move |start: usize| {
            let rest = &word[start..];
            let plain = self.particles.iter().filter(|p| p.before.is_empty()).find(|p| rest.starts_with(p.letters.as_str()));
            let plain = plain.map(|p| Cut { len: start + p.letters.len(), contracted: false });
            let contracted = rest
                .starts_with(self.article.contracted.as_str())
                .then(|| Cut { len: start + self.article.contracted.len(), contracted: true });
            plain.into_iter().chain(contracted)
        };
        let first = conjunction.map(|_| Cut { len: after, contracted: false });
        let cuts = first.into_iter().chain(particles(0)).chain(particles(after).filter(move |_| after > 0));
        cuts.filter(move |cut| word[cut.len..].chars().nth(1).is_some())
    }

    /// The word that a look-up reads after a cut: the rest, with the article where li has taken its alif.
    pub fn rest(&self, word: &str, cut: Cut) -> String {
        let rest = &word[cut.len..];
        if cut.contracted { format!("{}{rest}", self.article.letters) } else { rest.to_owned() }
    }

    /// Bytes of a word that stand before the name behind a cut: all that is cut, but of a contraction only the
    /// conjunction before it, for the lams hold the name's article.
    pub fn before_name(&self, cut: Cut) -> usize {
        if cut.contracted { cut.len - self.article.contracted.len() } else { cut.len }
    }

    /// The article's letters.
    pub fn article(&self) -> &str {
        &self.article.letters
    }

    /// True where `rest` is a likelier word than `word`, by at least `margin` doublings.
    fn leaves_word(&self, word: &str, rest: &str, margin: i32) -> bool {
        if self.whole.contains(&hash(word)) || rest.chars().nth(1).is_none() {
            return false;
        }
        let (word, rest_class) = (self.class(hash(word)), self.class(hash(rest)));
        match (word, rest_class) {
            (Some(word), Some(rest)) => i32::from(rest) - i32::from(word) >= margin,
            (None, Some(_)) => true,
            (None, None) => rest.starts_with(self.article.letters.as_str()) && rest.chars().nth(4).is_some(),
            (Some(_), None) => false,
        }
    }

    /// The likely proclitics of a word, in order: ["و", "ب", "ال"].
    ///
    /// ```
    /// let clitics = marsad::token::clitic::Clitics::builtin();
    /// assert_eq!(clitics.proclitics("وبالرياض"), ["و", "ب", "ال"]);
    /// assert_eq!(clitics.proclitics("للعراق"), ["ل", "ال"]);
    /// assert!(clitics.proclitics("والد").is_empty());
    /// assert!(clitics.proclitics("لبنان").is_empty());
    /// ```
    pub fn proclitics(&self, word: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut rest = word;
        for conjunction in &self.conjunctions {
            if let Some(cut) = rest.strip_prefix(conjunction.letters.as_str()) {
                if self.leaves_word(rest, cut, conjunction.margin) || self.is_cut_further(rest, cut) {
                    found.push(conjunction.letters.as_str());
                    rest = cut;
                    break;
                }
            }
        }
        if let Some(noun) = rest.strip_prefix(self.article.contracted.as_str()) {
            let restored = format!("{}{noun}", self.article.letters);
            let plain = &rest[self.article.contracted.len() / 2..];
            if noun.chars().nth(1).is_some()
                && !self.whole.contains(&hash(rest))
                && self.class(hash(&restored)) >= self.class(hash(plain))
            {
                found.extend([&self.article.contracted[..self.article.contracted.len() / 2], &self.article.letters]);
                return found;
            }
        }
        for particle in &self.particles {
            if let Some(cut) = rest.strip_prefix(particle.letters.as_str()) {
                let fits = particle.before.is_empty() || particle.before.iter().any(|next| cut.starts_with(next.as_str()));
                if fits && self.leaves_word(rest, cut, particle.margin) {
                    found.push(particle.letters.as_str());
                    rest = cut;
                    break;
                }
            }
        }
        if let Some(noun) = rest.strip_prefix(self.article.letters.as_str()) {
            let letters = if self.class(hash(noun)).is_some() { 2 } else { 3 };
            if !self.whole.contains(&hash(rest)) && noun.chars().count() >= letters {
                found.push(&self.article.letters);
            }
        }
        found
    }

    /// True where a rare word's rest is itself a particle with a word: "وببغداد".
    fn is_cut_further(&self, word: &str, rest: &str) -> bool {
        !self.whole.contains(&hash(word))
            && self.class(hash(word)).is_none()
            && self.particles.iter().any(|particle| {
                rest.strip_prefix(particle.letters.as_str()).is_some_and(|cut| self.class(hash(cut)).is_some_and(|class| class > 10))
            })
    }
}
