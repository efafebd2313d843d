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
use crate::token::{arabic_place, hash, is_arabic_lead};

data::file_of! {
    struct File {
        conjunction: Vec<Proclitic>,
        particle: Vec<Proclitic>,
        article: Article,
        whole: Whole,
    }
}

#[derive(Deserialize, Debug, Clone)]
#[serde(deny_unknown_fields)]
struct Proclitic {
    margin: i32,
    #[serde(default)]
    rare: Option<usize>,
    #[serde(default)]
    common: Option<u8>,
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
    /// What each letter of Arabic's block may be at the front of a word.
    roles: [u8; 256],
    /// Class of each common word: a doubling of its frequency is one more.
    classes: FxHashMap<u64, u8>,
}

/// One way to cut the front off a word, as look-ups of names need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cut {
    /// Bytes cut off the front.
    pub len: usize,
    /// True where li has taken the article's alif: the rest must be read with the article before it, and a
    /// span cannot leave the li out.
    pub contracted: bool,
}

/// The most ways to cut a word: a conjunction, and before and behind it a particle and a contraction.
const WAYS: usize = 5;

/// The ways to cut a word.
#[derive(Debug, Clone, Default)]
pub struct Cuts {
    found: [Cut; WAYS],
    next: usize,
    end: usize,
}

impl Cuts {
    /// Adds a way, if it leaves two letters.
    fn add(&mut self, word: &str, len: usize, contracted: bool) {
        let rest = &word[len..];
        if rest.len() > 4 || rest.chars().nth(1).is_some() {
            self.found[self.end] = Cut { len, contracted };
            self.end += 1;
        }
    }
}

impl Iterator for Cuts {
    type Item = Cut;

    #[inline]
    fn next(&mut self) -> Option<Cut> {
        let cut = self.found[..self.end].get(self.next).copied();
        self.next += 1;
        cut
    }
}

/// Bytes of a letter of Arabic's block.
const LETTER: usize = 2;

/// What a letter may be at the front of a word: bits of [`Clitics::roles`].
const CONJUNCTION: u8 = 1;
/// A particle that stands before any word.
const PARTICLE: u8 = 2;
/// The first letter of li with the article.
const CONTRACTION: u8 = 4;

/// The likely proclitics of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Front {
    /// The place of the conjunction in the data file.
    pub conjunction: Option<u8>,
    /// The place of the particle in the data file.
    pub particle: Option<u8>,
    /// True if the article stands on the word.
    pub article: bool,
    /// True where li has taken the article's alif; `noun` is then where li begins.
    pub contracted: bool,
    /// Byte of the word at which the noun with its article begins.
    pub noun: usize,
    /// Byte of the word at which the noun without its article begins.
    pub stem: usize,
}

/// Longest word, in bytes, that is looked up with its article given back; a name is never longer.
const LONGEST: usize = 96;

/// What a rest of two letters needs on top of its proclitic's margin.
const SHORT_MARGIN: i32 = 4;

/// The class of words such as "هو" and "في", which stand behind a proclitic however short they are.
const VERY_COMMON: u8 = 20;

static BUILTIN: LazyLock<Clitics> = LazyLock::new(|| data::builtin(Clitics::load));

impl Clitics {
    /// The built-in proclitics.
    pub fn builtin() -> &'static Clitics {
        &BUILTIN
    }

    fn load() -> Result<Self> {
        let path = "token/clitics.toml";
        let file: File = data::toml(path, data::file(path))?;
        let mut roles = [0; 256];
        let mut add = |letters: &str, role: u8| match *letters.as_bytes() {
            [lead, second] if is_arabic_lead(lead) => {
                roles[arabic_place(lead, second)] |= role;
                Ok(())
            }
            _ => Err(crate::Error::data(path, 0, format!("{letters:?} is not one Arabic letter"))),
        };
        file.conjunction.iter().try_for_each(|proclitic| add(&proclitic.letters, CONJUNCTION))?;
        let mut plain = file.particle.iter().filter(|particle| particle.before.is_empty());
        plain.try_for_each(|proclitic| add(&proclitic.letters, PARTICLE))?;
        add(file.article.contracted.get(..LETTER).unwrap_or_default(), CONTRACTION)?;
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
            roles,
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
    #[inline]
    pub fn cuts(&self, word: &str) -> Cuts {
        let mut cuts = Cuts::default();
        let role = self.role(word, 0);
        if role != 0 {
            self.fill(word, role, &mut cuts);
        }
        cuts
    }

    /// What the letter at a byte of a word may be.
    #[inline]
    fn role(&self, word: &str, at: usize) -> u8 {
        match word.as_bytes()[at..] {
            [lead, second, ..] if is_arabic_lead(lead) => self.roles[arabic_place(lead, second)],
            _ => 0,
        }
    }

    fn fill(&self, word: &str, role: u8, cuts: &mut Cuts) {
        let particles = |start: usize, role: u8, cuts: &mut Cuts| {
            if role & PARTICLE != 0 {
                cuts.add(word, start + LETTER, false);
            }
            if role & CONTRACTION != 0 && word.as_bytes()[start..].starts_with(self.article.contracted.as_bytes()) {
                cuts.add(word, start + self.article.contracted.len(), true);
            }
        };
        if role & CONJUNCTION != 0 {
            cuts.add(word, LETTER, false);
        }
        particles(0, role, cuts);
        if role & CONJUNCTION != 0 {
            particles(LETTER, self.role(word, LETTER), cuts);
        }
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

    /// The hash of a word with the article that li has contracted given back; none for a word that is too long.
    pub fn hash_with_article(&self, rest: &str) -> Option<u64> {
        let mut buffer = [0; LONGEST];
        let len = self.article.letters.len() + rest.len();
        let restored = buffer.get_mut(..len)?;
        restored[..self.article.letters.len()].copy_from_slice(self.article.letters.as_bytes());
        restored[self.article.letters.len()..].copy_from_slice(rest.as_bytes());
        Some(hash(std::str::from_utf8(restored).ok()?))
    }

    /// The article's letters.
    pub fn article(&self) -> &str {
        &self.article.letters
    }

    /// True where `rest` is a likelier word than the whole of `word`.
    fn leaves_word(&self, word: &str, rest: &str, proclitic: &Proclitic) -> bool {
        let letters = rest.chars().count();
        if self.whole.contains(&hash(word)) || letters < 2 {
            return false;
        }
        match (self.class(hash(word)), self.class(hash(rest))) {
            (Some(_), Some(rest)) if proclitic.common.is_some_and(|common| rest >= common && letters > 2) => true,
            (Some(_), Some(rest)) if proclitic.common.is_some() && rest >= VERY_COMMON => true,
            (Some(word), Some(rest)) => {
                let short = if letters == 2 { SHORT_MARGIN } else { 0 };
                i32::from(rest) - i32::from(word) >= proclitic.margin + short
            }
            (None, Some(_)) => letters > 2,
            (None, None) => {
                let has_article = rest.starts_with(self.article.letters.as_str()) && letters > 4;
                has_article || proclitic.rare.is_some_and(|enough| letters >= enough)
            }
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
        let front = self.front(word);
        let article = front.article.then_some(self.article.letters.as_str());
        let li = front.contracted.then(|| &self.article.contracted[..self.article.contracted.len() / 2]);
        [front.conjunction.map(|at| &*self.conjunctions[usize::from(at)].letters)]
            .into_iter()
            .chain([front.particle.map(|at| &*self.particles[usize::from(at)].letters), li, article])
            .flatten()
            .collect()
    }

    /// The likely proclitics of a word, and where what stands behind them begins.
    pub fn front(&self, word: &str) -> Front {
        let mut front = Front::default();
        let mut rest = word;
        if let Some((place, after)) = self.strip(&self.conjunctions, rest) {
            front.conjunction = Some(place);
            rest = after;
        }
        front.noun = word.len() - rest.len();
        front.stem = front.noun;
        if self.is_contraction(rest) {
            (front.article, front.contracted) = (true, true);
            front.stem += self.article.contracted.len();
            return front;
        }
        if let Some((place, after)) = self.strip(&self.particles, rest) {
            front.particle = Some(place);
            rest = after;
            front.noun = word.len() - rest.len();
            front.stem = front.noun;
        }
        if let Some(noun) = rest.strip_prefix(self.article.letters.as_str()) {
            let enough = if self.class(hash(noun)).is_some() { 2 } else { 3 };
            if !self.whole.contains(&hash(rest)) && noun.chars().count() >= enough {
                front.article = true;
                front.stem += self.article.letters.len();
            }
        }
        front
    }

    /// The proclitic that a word begins with, and the rest, where the rest is the likelier word.
    fn strip<'w>(&self, proclitics: &[Proclitic], word: &'w str) -> Option<(u8, &'w str)> {
        proclitics.iter().zip(0..).find_map(|(proclitic, place)| {
            let rest = word.strip_prefix(proclitic.letters.as_str())?;
            let fits =
                proclitic.before.is_empty() || proclitic.before.iter().any(|next| rest.starts_with(next.as_str()));
            let stacked = proclitic.before.is_empty() && self.is_cut_further(word, rest);
            let cut = fits && (self.leaves_word(word, rest, proclitic) || stacked);
            cut.then_some((place, rest))
        })
    }

    /// True where a word begins with li and the article, which has lost its alif.
    fn is_contraction(&self, word: &str) -> bool {
        let Some(noun) = word.strip_prefix(self.article.contracted.as_str()) else { return false };
        let restored = format!("{}{noun}", self.article.letters);
        let plain = &word[self.article.contracted.len() / 2..];
        noun.chars().nth(1).is_some()
            && !self.whole.contains(&hash(word))
            && self.class(hash(&restored)) >= self.class(hash(plain))
    }

    /// True where a rare word's rest is itself a particle with a word: "وببغداد".
    fn is_cut_further(&self, word: &str, rest: &str) -> bool {
        !self.whole.contains(&hash(word))
            && self.class(hash(word)).is_none()
            && self.particles.iter().any(|particle| {
                rest.strip_prefix(particle.letters.as_str())
                    .is_some_and(|cut| self.class(hash(cut)).is_some_and(|class| class > 10))
            })
    }
}
