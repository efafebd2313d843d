//! Which shorter names a name may be called by later.
//!
//! Input: a name's tokens and folded words. Output: keys of word sequences. Contract: a short form leaves words out at
//! the beginning or the end, or what agrees with a body's head; it never puts other words in.

use super::form::Form;
use super::words::fold_onto;
use crate::token;
use crate::words::{Class, Classes, Reading};

/// Keeps what leaves the adjectives out apart from words as they stand.
const CORE: &str = "\u{2}";

/// Stand after a person's name and name nobody alone, folded.
const SUFFIXES: [&str; 10] = ["جونيور", "سينيور", "الابن", "الاب", "الاول", "الثاني", "الثالث", "الرابع", "الخامس", "عشر"];

/// The key that a body's full name shares with its short one, and true for a full name, which has adjectives to leave
/// out.
pub(super) type Core = (u64, bool);

/// Keys of what a person of these words is called by: the family name with the link before it, the last word, the
/// first word.
pub(super) fn of_person(words: Form<'_>, mut add: impl FnMut(u64)) {
    let (last, end) = (words.len() - 1, words.len());
    let suffix = SUFFIXES.contains(&words.word(last));
    if last > 1 && (suffix || is_link(words.word(last - 1))) {
        add(words.part(last - 1..end).key());
    }
    if !suffix {
        add(words.part(last..end).key());
    }
    add(words.part(0..1).key());
}

/// True if a folded word links the parts of a personal name ("بن").
pub(super) fn is_link(word: &str) -> bool {
    crate::words::Words::builtin().is_in(word, Class::Link)
}

/// A body's words behind its head; none where it has no head, or nothing else.
pub(super) fn behind_head<'w>(reading: Reading<'_>, first: usize, words: Form<'w>) -> Option<Form<'w>> {
    let look = &reading.looks[first];
    let head = look.known.classes.meets(Classes::ORGANISATION) && !look.front.article && !look.front.contracted;
    (head && words.len() > 1).then(|| words.part(1..words.len()))
}

/// True if a folded word makes one name with the word before it ("دخل الله").
pub(super) fn is_second(word: &str) -> bool {
    matches!(word, "الله" | "الدين" | "الاسلام")
}

/// Keys of what a body of these tokens and words is called by: without its head, without a definite word or a place at
/// its end.
pub(super) fn of_body(reading: Reading<'_>, tokens: std::ops::Range<usize>, words: Form<'_>, mut add: impl FnMut(u64)) {
    if let Some(rest) = behind_head(reading, tokens.start, words) {
        add(rest.key());
    }
    let last = &reading.looks[tokens.end - 1];
    if words.len() > 2 && (last.front.article || last.front.particle.is_some()) {
        add(words.part(0..words.len() - 1).key());
    }
    let preposition = words.len() > 3 && words.word(words.len() - 2) == "في";
    if preposition {
        add(words.part(0..words.len() - 2).key());
    }
}

/// The core of a body's name: "الجمعية الأردنية لحماية السلاحف" and "جمعية حماية السلاحف" have one. Its words are put
/// together at the end of `letters`, and left there.
pub(super) fn core(reading: Reading<'_>, tokens: std::ops::Range<usize>, letters: &mut String) -> Option<Core> {
    let head = &reading.looks[tokens.start];
    if tokens.len() < 3 || !head.known.classes.meets(Classes::ORGANISATION) {
        return None;
    }
    let full = head.front.article || head.front.contracted;
    let agrees = |at: &usize| full && reading.looks[*at].front.article;
    let adjectives = tokens.clone().skip(1).take_while(agrees).count();
    let rest = tokens.start + 1 + adjectives;
    // What an article's head governs stands behind a preposition; else the adjectives are its complement.
    if full && (adjectives == 0 || rest >= tokens.end || reading.looks[rest].front.particle.is_none()) {
        return None;
    }
    let start = letters.len();
    letters.push_str(CORE);
    for at in std::iter::once(tokens.start).chain(rest..tokens.end) {
        let word = reading.tokens[at].word(reading.text);
        letters.push(' ');
        fold_onto(&word[reading.looks[at].front.stem.min(word.len())..], letters);
    }
    Some((token::hash(&letters[start..]), full))
}
