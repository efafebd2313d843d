//! Names that the document has once, found wherever they stand again.
//!
//! Input: the names found so far, the tagger's chances. Output: further drafts. Contract: a name of several words is
//! found again wherever its words stand; one of a single word, or the last word of a person's full name, only where the
//! word is rare or the tagger gives a name of that type a chance. Linear in the text.

use rustc_hash::FxHashMap;

use super::{Draft, Source};
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

/// A name as it is looked up: hashes of its words, and its draft.
type Known = (Box<[u64]>, usize);

/// Adds the names that stand again to `drafts`, which stays in order.
pub(super) fn carry(reading: Reading<'_>, tagged: &tagger::Scratch, drafts: &mut Vec<Draft>) {
    let mut known: FxHashMap<u64, Vec<Known>> = FxHashMap::default();
    for (place, draft) in drafts.iter().enumerate().filter(|(_, draft)| draft.kind < tagger::TYPES.len()) {
        let (first, last) = (draft.first as usize, draft.last as usize);
        let tail = (first + 1 < last && draft.kind == super::PERSON).then_some(last - 1);
        for start in [Some(first), tail].into_iter().flatten() {
            if reading.tokens[start..last].iter().any(|token| token.kind == Kind::Punctuation) {
                continue;
            }
            let rest: Box<[u64]> = reading.tokens[start + 1..last].iter().map(|token| token.hash).collect();
            let names = known.entry(reading.looks[start].stem).or_default();
            if names.len() < MOST && !names.iter().any(|(words, of)| *words == rest && drafts[*of].kind == draft.kind) {
                names.push((rest, place));
            }
        }
    }
    if known.is_empty() {
        return;
    }
    known.values_mut().for_each(|names| names.sort_by_key(|(words, _)| std::cmp::Reverse(words.len())));
    let mut found = Vec::new();
    let mut next = 0;
    let mut at = 0;
    while at < reading.tokens.len() {
        while next < drafts.len() && (drafts[next].last as usize) <= at {
            next += 1;
        }
        let taken = drafts.get(next).map_or(usize::MAX, |draft| draft.first as usize);
        if taken <= at {
            at = drafts[next].last as usize;
            continue;
        }
        let look = &reading.looks[at];
        let names = known.get(&look.stem).into_iter().flatten();
        let fitting = names.filter(|(rest, _)| at + 1 + rest.len() <= taken.min(reading.tokens.len()));
        let mut stands = fitting.filter(|(rest, _)| {
            let after = &reading.tokens[at + 1..at + 1 + rest.len()];
            after.iter().zip(rest).all(|(token, word)| token.hash == *word && token.gap == Gap::Space)
        });
        let name = stands.find(|(rest, of)| !rest.is_empty() || may_stand(reading, tagged, at, drafts[*of].kind));
        match name {
            Some((rest, of)) => {
                let last = at + 1 + rest.len();
                let token = &reading.tokens[at];
                found.push(Draft {
                    span: NormSpan::new(token.word_span().start + look.front.noun, reading.tokens[last - 1].span.end),
                    first: at as u32,
                    last: last as u32,
                    kind: drafts[*of].kind,
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
    drafts.append(&mut found);
    drafts.sort_unstable_by_key(|draft| draft.first);
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
