//! Words that announce a name: "city", "newspaper", "president", and the prepositions of place.
//!
//! Input: `data/entities/heads.tsv`. Output: [`Heads::announce`]. Contract: a head announces what follows it on the
//! same line, with nothing but an opening quote or bracket between. Heads of one class announce one type; prepositions,
//! events and the heads that belong to a name are classes of their own.

use std::path::Path;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::data;
use crate::error::Result;
use crate::normalize::Normalizer;
use crate::token::clitic::{Clitics, Cut};
use crate::token::{self, Gap, Kind, Token};

/// The class of prepositions that a place stands after.
pub(super) const PREPOSITION: &str = "preposition";

/// The class of cups, leagues and agreements: a name right after one is part of theirs.
pub(super) const EVENT: &str = "event";

/// The class of heads that belong to the name of the organisation they announce: "نادي", "حزب".
pub(super) const PART: &str = "part";

/// The preposition that is written on the word after it.
pub(super) const ATTACHED_PREPOSITION: char = 'ب';

/// The head words of each type of entity.
#[derive(Debug)]
pub(super) struct Heads {
    types: Vec<String>,
    /// By hash of the last word: bits of the types, and the hash of the word before it in a head of two words.
    heads: FxHashMap<u64, Vec<(u8, Option<u64>)>>,
}

static BUILTIN: LazyLock<Heads> = LazyLock::new(|| data::builtin(Heads::load));

impl Heads {
    pub fn builtin() -> &'static Heads {
        &BUILTIN
    }

    fn load() -> Result<Self> {
        let path = "entities/heads.tsv";
        let normalizer = Normalizer::analysis();
        let table = data::Table::parse(Path::new(path), data::file(path), &["kind", "type", "head"])?;
        let mut heads = Heads { types: Vec::new(), heads: FxHashMap::default() };
        for row in table.rows() {
            let row = row?;
            let own = [PREPOSITION, EVENT, PART].into_iter().find(|kind| *kind == row.cells[0]);
            let class = own.unwrap_or(row.cells[1]);
            let known = heads.types.iter().position(|name| name == class);
            let class = known.unwrap_or_else(|| {
                heads.types.push(class.to_owned());
                heads.types.len() - 1
            }) as u8;
            let text = normalizer.normalize(row.cells[2]);
            let mut words = text.split(' ').rev();
            let last = token::hash(words.next().unwrap_or_default());
            heads.heads.entry(last).or_default().push((class, words.next().map(token::hash)));
        }
        Ok(heads)
    }

    /// The class of heads that announce a type, if any do.
    pub fn class(&self, kind: &str) -> Option<u8> {
        self.types.iter().position(|name| name == kind).map(|place| place as u8)
    }

    /// True if the word alone is a head of the class.
    pub fn contains(&self, class: u8, word: u64) -> bool {
        self.heads.get(&word).is_some_and(|known| known.contains(&(class, None)))
    }

    /// True if the token at `place` stands right after a head of the class.
    pub fn announce(&self, class: u8, text: &str, tokens: &[Token], place: u32) -> bool {
        self.head(class, text, tokens, place).is_some()
    }

    /// Where the word of the head begins that the token at `place` stands right after, with nothing between, without
    /// the proclitics that can be left out.
    pub fn part(&self, class: u8, text: &str, tokens: &[Token], place: u32) -> Option<(u32, usize)> {
        let (at, cut) = self.head(class, text, tokens, place)?;
        (at + 1 == place as usize).then(|| (at as u32, tokens[at].span.start + cut))
    }

    /// The token of the head before `place`, and the bytes of proclitics on it that are no part of it.
    fn head(&self, class: u8, text: &str, tokens: &[Token], place: u32) -> Option<(usize, usize)> {
        let mut at = place as usize;
        if tokens[at].gap == Gap::Line {
            return None;
        }
        let before = at.checked_sub(1).map(|before| &tokens[before])?;
        if before.kind == Kind::Punctuation {
            let opens = before.is_quote(text) || matches!(before.text(text), "(" | "[");
            if !opens || before.gap == Gap::Line {
                return None;
            }
            at -= 1;
        }
        let head = at.checked_sub(1).map(|before| &tokens[before]).filter(|head| head.kind == Kind::Word)?;
        let earlier = at.checked_sub(2).map(|earlier| &tokens[earlier]).filter(|_| head.gap == Gap::Space);
        let clitics = Clitics::builtin();
        let matches = |hash: u64| {
            self.heads.get(&hash).is_some_and(|known| {
                known.iter().any(|&(of, first)| {
                    of == class
                        && first.is_none_or(|first| {
                            earlier.is_some_and(|token| {
                                token.hash == first
                                    || clitics
                                        .cuts(token.text(text))
                                        .any(|cut| behind(clitics, token.text(text), cut) == Some(first))
                            })
                        })
                })
            })
        };
        if matches(head.hash) {
            return Some((at - 1, 0));
        }
        let word = head.text(text);
        let cut = clitics.cuts(word).find(|&cut| behind(clitics, word, cut).is_some_and(matches))?;
        Some((at - 1, clitics.before_name(cut)))
    }
}

/// The hash of the word behind a cut, with its article given back.
fn behind(clitics: &Clitics, word: &str, cut: Cut) -> Option<u64> {
    let rest = &word[cut.len..];
    if cut.contracted { clitics.hash_with_article(rest) } else { Some(token::hash(rest)) }
}
