//! Names that the document has once, found wherever they stand again.
//!
//! Input: the names found so far, the tagger's chances. Output: further drafts. Contract: a name of several words is
//! found again wherever its words stand; one of a single word, or the last word of a person's full name, only where the
//! word is rare or the tagger gives a name of that type a chance. Linear in the text.

use std::cmp::Reverse;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Draft, Source};
use crate::cancel;
use crate::span::NormSpan;
use crate::tagger::{self, Label};
use crate::token::{Gap, Kind};
use crate::words::{Class, Reading};

/// The least chance that the tagger gives a word that is a name elsewhere in the document.
const CHANCE: f32 = 0.15;
/// From this class of frequency on a word is too common to be carried without a chance.
const COMMON: u8 = 9;
/// So many names with one first word are looked up.
const MOST: usize = 16;

/// Memory that one thread uses for one document after another.
#[derive(Debug, Default)]
pub(super) struct Carrier {
    names: Vec<Known>,
    /// By first word: where its names lie in `names`.
    known: FxHashMap<u64, Range<usize>>,
    found: Vec<Draft>,
}

/// A name as it is looked up.
#[derive(Debug, Clone)]
struct Known {
    /// Its first word.
    word: u64,
    /// The tokens after its first.
    rest: Range<usize>,
    /// The draft that it is of, or that its end is of.
    draft: usize,
}

impl Known {
    /// True if the tokens after the first are the same words.
    fn ends_like(&self, other: &Known, reading: Reading<'_>) -> bool {
        let words = |known: &Known| reading.tokens[known.rest.clone()].iter().map(|token| token.hash);
        words(self).eq(words(other))
    }
}

/// Adds the names that stand again to `drafts`, which stays in order.
pub(super) fn carry(reading: Reading<'_>, tagged: &tagger::Scratch, carrier: &mut Carrier, drafts: &mut Vec<Draft>) {
    let Carrier { names, known, found } = carrier;
    names.clear();
    for (place, draft) in drafts.iter().enumerate().filter(|(_, draft)| draft.kind < tagger::TYPES.len()) {
        let (first, last) = (draft.first as usize, draft.last as usize);
        let tail = (first + 1 < last && draft.kind == super::PERSON).then_some(last - 1);
        for start in [Some(first), tail].into_iter().flatten() {
            if reading.tokens[start..last].iter().any(|token| token.kind == Kind::Punctuation) {
                continue;
            }
            names.push(Known { word: reading.looks[start].stem, rest: start + 1..last, draft: place });
        }
    }
    if names.is_empty() {
        return;
    }
    list(reading, drafts, names, known);
    found.clear();
    let mut next = 0;
    let mut at = 0;
    while at < reading.tokens.len() {
        cancel::step(at);
        while next < drafts.len() && (drafts[next].last as usize) <= at {
            next += 1;
        }
        let taken = drafts.get(next).map_or(usize::MAX, |draft| draft.first as usize);
        if taken <= at {
            at = drafts[next].last as usize;
            continue;
        }
        let look = &reading.looks[at];
        let names = known.get(&look.stem).map_or(&[][..], |place| &names[place.clone()]);
        let fitting = names.iter().filter(|name| at + 1 + name.rest.len() <= taken.min(reading.tokens.len()));
        let mut stands = fitting.filter(|name| {
            let after = &reading.tokens[at + 1..at + 1 + name.rest.len()];
            let words = &reading.tokens[name.rest.clone()];
            after.iter().zip(words).all(|(token, word)| token.hash == word.hash && token.gap == Gap::Space)
        });
        let may = |name: &&Known| !name.rest.is_empty() || may_stand(reading, tagged, at, drafts[name.draft].kind);
        match stands.find(may) {
            Some(name) => {
                let last = at + 1 + name.rest.len();
                let token = &reading.tokens[at];
                found.push(Draft {
                    span: NormSpan::new(token.word_span().start + look.front.noun, reading.tokens[last - 1].span.end),
                    first: at as u32,
                    last: last as u32,
                    kind: drafts[name.draft].kind,
                    entity: None,
                    own: false,
                    source: Source::Link,
                    score: 0.9,
                });
                at = last;
            }
            None => at += 1,
        }
    }
    drafts.append(found);
    drafts.sort_unstable_by_key(|draft| draft.first);
}

/// Puts names of one first word beside each other, the longest first, each once and not too many, and lists them by it.
fn list(reading: Reading<'_>, drafts: &[Draft], names: &mut Vec<Known>, known: &mut FxHashMap<u64, Range<usize>>) {
    names.sort_unstable_by_key(|name| (name.word, name.draft, Reverse(name.rest.len())));
    known.clear();
    let mut kept = 0;
    for at in 0..names.len() {
        let word = names[at].word;
        let listed = known.entry(word).or_insert(kept..kept);
        let kind = |name: &Known| drafts[name.draft].kind;
        let same = |name: &Known| kind(name) == kind(&names[at]) && name.ends_like(&names[at], reading);
        if listed.len() < MOST && !names[listed.clone()].iter().any(same) {
            names.swap(kept, at);
            kept += 1;
            listed.end = kept;
        }
    }
    names.truncate(kept);
    for place in known.values() {
        names[place.clone()].sort_unstable_by_key(|name| (Reverse(name.rest.len()), name.draft));
    }
}

/// True where a single word may be the name that it is elsewhere.
fn may_stand(reading: Reading<'_>, tagged: &tagger::Scratch, at: usize, kind: usize) -> bool {
    let look = &reading.looks[at];
    let classes = look.known.classes;
    if classes.has(Class::Function) || reading.tokens[at].kind == Kind::Punctuation {
        return false;
    }
    let chance: f32 = (0..4).map(|place| tagged.share(at, (1 + 4 * kind + place) as Label)).sum();
    chance >= CHANCE || look.frequency < COMMON && classes.0 == 0 && look.known.cluster == 0
}
