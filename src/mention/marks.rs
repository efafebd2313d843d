//! What brackets and hyphens say of names.
//!
//! Input: the names found so far. Output: the same, with more and with other types. Contract:
//!
//! * what stands alone between brackets right after a body's name, in capital letters, in single letters or as a word
//!   that no list knows, is a name of that body, and a body wherever it stands again;
//! * what stands there in Latin letters after an Arabic name is of that name's type;
//! * two persons with nothing but a hyphen between them are one.

use rustc_hash::FxHashSet;

use super::{BODY, Draft, PERSON, PLACE, Source};
use crate::span::NormSpan;
use crate::tagger::TYPES;
use crate::token::{Gap, Kind};
use crate::words::Reading;

/// So many tokens at most stand between the brackets.
const INSIDE: usize = 5;
/// A name in another script has so many words at most.
const WORDS: usize = 4;

/// Memory that one thread uses for one document after another.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Words that stand between brackets as the names of bodies.
    announced: FxHashSet<u64>,
    found: Vec<Draft>,
}

/// Reads the marks between the names.
pub(super) fn read(reading: Reading<'_>, marks: &mut Marks, drafts: &mut Vec<Draft>) {
    hyphens(reading, drafts);
    let Marks { announced, found } = marks;
    announced.clear();
    found.clear();
    for place in 0..drafts.len() {
        let before = drafts[place];
        let Some((first, last)) = inside(reading, before.last as usize) else { continue };
        let acronym = before.kind == BODY && is_acronym(reading, first, last);
        let transcript = before.kind < TYPES.len() && is_transcript(reading, &before, first, last);
        if !acronym && !transcript {
            continue;
        }
        if acronym && first + 1 == last {
            announced.insert(reading.tokens[first].hash);
        }
        let whole = NormSpan::new(reading.tokens[first].span.start, reading.tokens[last - 1].span.end);
        let within = drafts[place + 1..].iter().take_while(|draft| (draft.first as usize) < last).count();
        match &mut drafts[place + 1..place + 1 + within] {
            [] => found.push(Draft {
                span: whole,
                first: first as u32,
                last: last as u32,
                entity: None,
                source: Source::Rule,
                own: false,
                ..before
            }),
            [one] if one.entity.is_none() && !(acronym && one.kind == PLACE) => {
                (one.span, one.first, one.last, one.kind) = (whole, first as u32, last as u32, before.kind);
            }
            _ => {}
        }
    }
    for draft in drafts.iter_mut().filter(|draft| draft.entity.is_none() && draft.first + 1 == draft.last) {
        if announced.contains(&reading.looks[draft.first as usize].stem) {
            draft.kind = BODY;
        }
    }
    if !found.is_empty() {
        drafts.append(found);
        drafts.sort_unstable_by_key(|draft| draft.first);
    }
}

/// The tokens between brackets that open at a place, as first and one past the last.
fn inside(reading: Reading<'_>, open: usize) -> Option<(usize, usize)> {
    let is = |at: usize, sign: &str| {
        let token = reading.tokens.get(at)?;
        (token.kind == Kind::Punctuation && token.gap != Gap::Line && token.text(reading.text) == sign).then_some(at)
    };
    let first = is(open, "(")? + 1;
    let last = (first + 1..=first + INSIDE).find(|at| is(*at, ")").is_some())?;
    Some((first, last))
}

/// True for capital letters, single letters, or a word that no list knows.
fn is_acronym(reading: Reading<'_>, first: usize, last: usize) -> bool {
    let single = |at: usize| {
        let token = &reading.tokens[at];
        token.kind == Kind::Word && token.text(reading.text).chars().nth(1).is_none()
    };
    if last - first > 1 {
        return (first..last).all(single);
    }
    let (token, look) = (&reading.tokens[first], &reading.looks[first]);
    let letters = token.text(reading.text);
    match token.kind {
        Kind::Latin => letters.chars().all(char::is_uppercase) && (2..=12).contains(&letters.len()),
        Kind::Word => look.likeness > 0,
        _ => false,
    }
}

/// True for words in Latin letters, each with a capital, after an Arabic name.
fn is_transcript(reading: Reading<'_>, before: &Draft, first: usize, last: usize) -> bool {
    let latin = |at: usize| {
        let token = &reading.tokens[at];
        let letters = token.text(reading.text);
        let proper = letters.starts_with(char::is_uppercase) && letters.chars().skip(1).any(char::is_lowercase);
        token.kind == Kind::Latin && (proper || before.kind != PERSON)
    };
    let arabic = reading.tokens[before.first as usize].kind == Kind::Word;
    arabic && last - first <= WORDS && (first..last).all(latin)
}

/// Joins persons that a hyphen joins.
fn hyphens(reading: Reading<'_>, drafts: &mut Vec<Draft>) {
    drafts.dedup_by(|later, first| {
        let between = first.last as usize;
        let joins =
            [first.kind, later.kind] == [PERSON; 2] && !first.own && !later.own && between + 1 == later.first as usize;
        let tight = joins
            && reading.tokens[between].text(reading.text) == "-"
            && reading.tokens[between..=between + 1].iter().all(|token| token.gap == Gap::None);
        if tight {
            (first.last, first.entity) = (later.last, None);
            first.span = NormSpan::new(first.span.start, later.span.end);
        }
        tight
    });
}
