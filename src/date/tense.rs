//! Tense: whether the clause around a date speaks of what is ahead.
//!
//! Input: tokens, and where a date stands among them. Output: [`Tense`]. Contract: the nearest evidence to the left in
//! the sentence decides, where a verb of speech or a relative clause ends the search; then an imperfect that opens the
//! sentence; then the nearest evidence to the right in the clause. A future verb is س with an imperfect behind it that
//! is a likelier word than the whole. The words are data (`data/dates/tense.toml`); at most [`LEFT`] and [`RIGHT`] tokens
//! are looked at.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::atom::begin_with;
use super::expression::Tense;
use crate::data;
use crate::error::{Error, Result};
use crate::normalize::Normalizer;
use crate::token::clitic::Clitics;
use crate::token::{self, Gap, Kind, Token, hash};

/// The most tokens looked at before a date.
const LEFT: usize = 40;
/// The most tokens looked at after a date.
const RIGHT: usize = 12;
/// How far before a date its past verb may stand.
const VERB: usize = 6;
/// The letters of the future particle, and of the verbs' prefixes behind it.
const FUTURE: char = 'س';
/// The pronouns that a verb may end with, longest first.
const OBJECTS: [&str; 3] = ["ها", "هم", "ه"];
const PREFIXES: [char; 4] = ['ي', 'ت', 'ن', 'ا'];

/// What a word tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    Ahead,
    Behind,
    Said,
    Until,
    Call,
    NotFuture,
    Clause,
    Relative,
}

const CLASSES: [(&str, Evidence); 8] = [
    ("ahead", Evidence::Ahead),
    ("behind", Evidence::Behind),
    ("said", Evidence::Said),
    ("until", Evidence::Until),
    ("call", Evidence::Call),
    ("not_future", Evidence::NotFuture),
    ("clause", Evidence::Clause),
    ("relative", Evidence::Relative),
];

data::file_of! {
    struct File {
        group: Vec<Row>,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    class: String,
    words: Vec<String>,
}

/// Words after a first one, and what the phrase tells.
type Phrase = (Box<[u64]>, Evidence);

/// The words that tell a tense.
#[derive(Debug)]
pub(super) struct Tenses {
    /// By first word, with or without a conjunction; longest first.
    phrases: FxHashMap<u64, Vec<Phrase>>,
}

impl Tenses {
    /// Reads the file of words.
    pub fn load(path: &str, text: &str) -> Result<Self> {
        let file: File = data::toml(path, text)?;
        let normalizer = Normalizer::analysis();
        let mut phrases: FxHashMap<u64, Vec<Phrase>> = FxHashMap::default();
        let mut tokens = Vec::new();
        for row in &file.group {
            let evidence = CLASSES.iter().find(|(name, _)| *name == row.class).map(|(_, evidence)| *evidence);
            let evidence = evidence.ok_or_else(|| {
                let known: Vec<&str> = CLASSES.iter().map(|(name, _)| *name).collect();
                Error::data(
                    path,
                    0,
                    format!("class {:?} is not known; the classes are {}", row.class, known.join(", ")),
                )
            })?;
            for words in &row.words {
                let words = normalizer.normalize(words);
                tokens.clear();
                token::tokenize(&words, &mut tokens);
                let Some((first, rest)) = tokens.split_first() else {
                    return Err(Error::data(path, 0, "an empty word"));
                };
                let rest: Box<[u64]> = rest.iter().map(|token| token.hash).collect();
                let first = first.text(&words);
                for conjunction in ["", "و", "ف"] {
                    let known = phrases.entry(hash(&format!("{conjunction}{first}"))).or_default();
                    known.push((rest.clone(), evidence));
                }
            }
        }
        for known in phrases.values_mut() {
            known.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        Ok(Self { phrases })
    }

    /// The tense of the clause in which a date covers `tokens[from..to]`.
    pub fn of(&self, text: &str, tokens: &[Token], from: usize, to: usize) -> Tense {
        let (mut term, mut clause, mut first) = (false, false, None);
        let left = (from.saturating_sub(LEFT)..from).rev();
        for at in left.take_while(|&at| !ends_sentence(text, tokens, at)) {
            first = Some(at);
            match self.evidence(text, tokens, at) {
                Some(Evidence::Ahead) => return Tense::Ahead,
                Some(Evidence::Behind) if term || from - at > VERB => return Tense::News,
                Some(Evidence::Behind) => return Tense::Behind,
                Some(Evidence::Until) => term = true,
                Some(Evidence::Call) => return if term { Tense::Ahead } else { Tense::News },
                Some(Evidence::Clause) => clause = true,
                Some(Evidence::Relative | Evidence::Said) => return Tense::News,
                _ => {}
            }
        }
        // "يجتمع الخبراء الأحد": a sentence that an imperfect opens tells what is to be.
        let opens = first.filter(|&at| !clause && (at == 0 || ends_sentence(text, tokens, at - 1)));
        let opening = opens.map(|at| &tokens[at]).filter(|token| token.kind == Kind::Word);
        if opening.is_some_and(|token| is_imperfect(token.text(text)) && !self.phrases.contains_key(&token.hash)) {
            return Tense::Ahead;
        }
        for at in to..tokens.len().min(to + RIGHT) {
            if tokens[at].gap == Gap::Line || at > to && ends_sentence(text, tokens, at - 1) {
                break;
            }
            match self.evidence(text, tokens, at) {
                // "قتل سائق الاثنين وستعلن الشرطة": what "و" adds is another clause.
                Some(Evidence::Ahead) if tokens[at].text(text).starts_with(['و', 'ف']) => break,
                Some(Evidence::Ahead) => return Tense::Ahead,
                Some(Evidence::Behind | Evidence::Said | Evidence::Clause | Evidence::Relative) => break,
                _ => {}
            }
        }
        Tense::News
    }

    /// True if the verb that tells of what `tokens[from]` begins is a past one, however far before it.
    pub fn is_told(&self, text: &str, tokens: &[Token], from: usize) -> bool {
        let left = (from.saturating_sub(LEFT)..from).rev();
        let mut evidence =
            left.take_while(|&at| !ends_sentence(text, tokens, at)).filter_map(|at| self.evidence(text, tokens, at));
        evidence.find(|found| !matches!(found, Evidence::Until | Evidence::Clause)) == Some(Evidence::Behind)
    }

    fn evidence(&self, text: &str, tokens: &[Token], at: usize) -> Option<Evidence> {
        let token = &tokens[at];
        if token.kind != Kind::Word {
            return None;
        }
        if let Some(known) = self.phrases.get(&token.hash) {
            let rest = &tokens[at + 1..];
            if let Some((_, evidence)) = known.iter().find(|(words, _)| begin_with(rest, words)) {
                return Some(*evidence).filter(|evidence| *evidence != Evidence::NotFuture);
            }
        }
        let word = token.text(text);
        if is_future(word) {
            return Some(Evidence::Ahead);
        }
        // "أعلنته": a verb with its object. وزارة is no "وزار" with one.
        if Clitics::builtin().class(token.hash).is_some() {
            return None;
        }
        let verb = OBJECTS.iter().find_map(|object| word.strip_suffix(object))?;
        let known = self.phrases.get(&hash(verb))?;
        let alone = known.iter().find(|(rest, _)| rest.is_empty())?;
        matches!(alone.1, Evidence::Behind | Evidence::Said).then_some(alone.1)
    }
}

/// True where a token ends what is said, or a line ends with it.
fn ends_sentence(text: &str, tokens: &[Token], at: usize) -> bool {
    let line = tokens.get(at + 1).is_some_and(|next| next.gap == Gap::Line);
    line || tokens[at].kind == Kind::Punctuation && matches!(tokens[at].text(text), "." | "!" | "؟" | "?" | "؛" | ";")
}

/// True for an imperfect verb: both its ي and its ت forms are words, which those of nouns are not.
fn is_imperfect(word: &str) -> bool {
    let clitics = Clitics::builtin();
    let other = match word.chars().next() {
        Some('ي') => 'ت',
        Some('ت') => 'ي',
        _ => return false,
    };
    let (Some(mine), Some(its)) =
        (clitics.class(hash(word)), clitics.class(hash(&format!("{other}{}", &word[other.len_utf8()..]))))
    else {
        return false;
    };
    word.chars().count() > 3 && (other == 'ت' || its + 2 >= mine)
}

/// True for س before an imperfect verb, with or without a conjunction: "سيعقد", "وستنطلق".
fn is_future(word: &str) -> bool {
    let clitics = Clitics::builtin();
    let bare = word.strip_prefix(['و', 'ف']).filter(|rest| rest.starts_with(FUTURE)).unwrap_or(word);
    let Some(verb) = bare.strip_prefix(FUTURE).filter(|verb| verb.starts_with(PREFIXES)) else { return false };
    let letters = verb.chars().count();
    match (clitics.class(hash(bare)), clitics.class(hash(verb))) {
        (Some(whole), Some(rest)) => letters > 2 && rest >= whole,
        (None, Some(_)) => letters > 3,
        (_, None) => false,
    }
}
