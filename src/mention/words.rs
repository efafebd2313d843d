//! The words of a name: where the first begins, and how they are compared.
//!
//! Input: a name's tokens. Output: its span without proclitics ([`span`]), and each [`word`] of it, for [`fold_onto`].
//! Contract: words whose spellings differ in hamza carriers alone are folded to one.

use crate::lexicon::Hit;
use crate::span::NormSpan;
use crate::tagger::Tagged;
use crate::token::clitic::Clitics;
use crate::words::{Reading, Words};

/// The span of a name, without the proclitics that letters can cut off.
pub(super) fn span(reading: Reading<'_>, tagged: &Tagged, hits: &[Hit]) -> NormSpan {
    let end = reading.tokens[tagged.last as usize - 1].span.end;
    let token = &reading.tokens[tagged.first as usize];
    let at = hits.partition_point(|hit| hit.first < tagged.first);
    let hits = hits[at..].iter().take_while(|hit| hit.first == tagged.first && hit.last <= tagged.last);
    let person = tagged.kind == super::PERSON;
    // Part of a person's name may be a place's with a proclitic on it ("كريمة").
    if let Some(hit) = hits.filter(|hit| !person || hit.last == tagged.last).last() {
        return NormSpan::new(hit.span.start, end);
    }
    let start = token.word_span().start;
    let look = &reading.looks[tagged.first as usize];
    let word = token.word(reading.text);
    let words = Words::builtin();
    if words.is_name(word) {
        return NormSpan::new(start, end);
    }
    if look.front.contracted {
        return NormSpan::new(start + look.front.noun, end);
    }
    // Of a rare word the proclitics that leave a name are cut off, of any other the likely ones.
    let clitics = Clitics::builtin();
    let rare = look.frequency < RARE && look.front.noun == 0;
    let mut named = clitics.cuts(word).filter(|cut| rare && !cut.contracted && !(person && word.starts_with(LIKE)));
    let cut = named.find(|cut| words.is_name(&word[cut.len..])).map_or(look.front.noun, |cut| cut.len);
    let cut = word[..cut].strip_suffix(WILL).map_or(cut, str::len);
    let whole = person && cut > 0 && look.likeness > 0 && words.is_likelier(word, &word[cut..]);
    NormSpan::new(if whole { start } else { start + cut }, end)
}

/// The proclitic of verbs, which stands on no name.
const WILL: char = 'س';

/// The proclitic that stands on no person's name in news.
const LIKE: char = 'ك';

/// Below this class of frequency a word is too rare for its proclitics to be known by frequencies.
const RARE: u8 = 8;

/// The word of a name at one of its tokens, of which `first` is the first: with the article that li has taken the alif
/// of, apart, where there is one.
pub(super) fn word<'t>(reading: Reading<'t>, span: NormSpan, first: usize, at: usize) -> (&'static str, &'t str) {
    let (token, look) = (&reading.tokens[at], &reading.looks[at]);
    let whole = token.word_span().start;
    let start = whole.max(span.start);
    if at == first && look.front.contracted && start == whole + look.front.noun {
        return (Clitics::builtin().article(), &reading.text[whole + look.front.stem..token.span.end]);
    }
    ("", &reading.text[start..token.span.end])
}

/// Appends a word with the hamza carriers that are written in many ways made one.
pub(super) fn fold_onto(word: &str, onto: &mut String) {
    onto.extend(word.chars().filter_map(|letter| match letter {
        'ؤ' => Some('و'),
        'ئ' => Some('ي'),
        'ء' | '-' | '\u{2011}' | '\u{2013}' => None,
        'ڤ' => Some('ف'),
        'پ' => Some('ب'),
        'چ' => Some('ج'),
        'گ' => Some('غ'),
        'A'..='Z' => Some(letter.to_ascii_lowercase()),
        _ => Some(letter),
    }));
}
