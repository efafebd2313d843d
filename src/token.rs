//! Cuts normalized text into words, numbers, punctuation and the things that news is littered with.
//!
//! Input: text normalized with the `analysis` profile. Output: [`Token`]s in order, without the white space.
//! Contract: tokens do not overlap, and tokens and white space together tile the text: every byte is in exactly
//! one of them. Each word is hashed once, here; every recogniser looks words up by that hash.

pub mod clitic;
pub mod sentence;
pub mod tile;

use std::hash::Hasher;

use crate::cancel;
use crate::span::NormSpan;

/// What kind of thing a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// Arabic letters.
    Word,
    /// Digits, with separators inside ("1,250.5").
    Number,
    /// Letters of another script, with digits inside ("F16").
    Latin,
    /// A run of one punctuation mark or symbol.
    Punctuation,
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// "#" and the words tied to it.
    Hashtag,
    /// "@" and a user's name.
    Mention,
    /// A run of emoji.
    Emoji,
}

impl Kind {
    /// Every kind, in the order of the declaration.
    pub const ALL: [Kind; 9] = [
        Kind::Word,
        Kind::Number,
        Kind::Latin,
        Kind::Punctuation,
        Kind::Url,
        Kind::Email,
        Kind::Hashtag,
        Kind::Mention,
        Kind::Emoji,
    ];

    /// The kind's name in Python.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Word => "word",
            Kind::Number => "number",
            Kind::Latin => "latin",
            Kind::Punctuation => "punctuation",
            Kind::Url => "url",
            Kind::Email => "email",
            Kind::Hashtag => "hashtag",
            Kind::Mention => "mention",
            Kind::Emoji => "emoji",
        }
    }
}

/// What stands between a token and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Gap {
    /// Nothing.
    None,
    /// White space within a line.
    Space,
    /// A line break, or the start of the text.
    Line,
}

/// A piece of normalized text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it stands in the normalized text.
    pub span: NormSpan,
    /// [`hash`] of its word: the text, for a hashtag without its sign.
    pub hash: u64,
    /// What it is.
    pub kind: Kind,
    /// What stands before it.
    pub gap: Gap,
}

impl Token {
    /// The token's text.
    pub fn text<'t>(&self, normalized: &'t str) -> &'t str {
        self.span.of(normalized)
    }

    /// Where the word that [`Token::hash`] speaks of stands: all of the token but a hashtag's sign.
    pub fn word_span(&self) -> NormSpan {
        match self.kind {
            Kind::Hashtag => NormSpan::new(self.span.start + 1, self.span.end),
            _ => self.span,
        }
    }

    /// True for a quotation mark, of any script, opening or closing.
    pub fn is_quote(&self, normalized: &str) -> bool {
        let mark = self.text(normalized);
        let quote = matches!(mark, "\"" | "«" | "»" | "“" | "”" | "„" | "'" | "‘" | "’" | "\"\"" | "''");
        self.kind == Kind::Punctuation && quote
    }

    /// The word that [`Token::hash`] speaks of.
    pub fn word<'t>(&self, normalized: &'t str) -> &'t str {
        self.word_span().of(normalized)
    }
}

/// The hash of a word, by which lexicon, clitics and date words are looked up.
#[inline]
pub fn hash(word: &str) -> u64 {
    hash_bytes(word.as_bytes())
}

#[inline]
fn hash_bytes(word: &[u8]) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

/// Cuts `normalized` into tokens, replacing what `tokens` held.
///
/// ```
/// use marsad::token::{self, Kind};
/// let text = "وصل 2,500 جندي الي بغداد.";
/// let mut tokens = Vec::new();
/// token::tokenize(text, &mut tokens);
/// let words: Vec<&str> = tokens.iter().map(|token| token.text(text)).collect();
/// assert_eq!(words, ["وصل", "2,500", "جندي", "الي", "بغداد", "."]);
/// assert_eq!(tokens[1].kind, Kind::Number);
/// ```
pub fn tokenize(normalized: &str, tokens: &mut Vec<Token>) {
    tokens.clear();
    let bytes = normalized.as_bytes();
    let mut at = 0;
    let mut gap = Gap::Line;
    while at < bytes.len() {
        cancel::step(tokens.len());
        let (class, len) = class_at(normalized, at);
        let start = at;
        let (kind, end) = match class {
            Class::Space => {
                gap = gap.max(Gap::Space);
                at += len;
                continue;
            }
            Class::Line => {
                gap = Gap::Line;
                at += len;
                continue;
            }
            Class::Arabic => (Kind::Word, arabic_end(normalized, start)),
            Class::Digit => (Kind::Number, number_end(normalized, start)),
            Class::Letter => letters(normalized, start),
            Class::Emoji => (Kind::Emoji, run_end(normalized, start, Class::Emoji)),
            Class::Mark => (Kind::Punctuation, start + len),
            Class::Other => signs(normalized, start, gap, tokens.last()),
        };
        let word = if kind == Kind::Hashtag { start + 1 } else { start };
        tokens.push(Token { span: NormSpan::new(start, end), hash: hash_bytes(&bytes[word..end]), kind, gap });
        gap = Gap::None;
        at = end;
    }
}

/// The kinds of character that decide where tokens end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Arabic,
    Digit,
    Letter,
    Space,
    Line,
    Emoji,
    /// A combining mark without a letter.
    Mark,
    Other,
}

#[inline(always)]
fn class_at(text: &str, at: usize) -> (Class, usize) {
    match text.as_bytes()[at..] {
        [byte @ 0..=0x7F, ..] => (ASCII[usize::from(byte)], 1),
        [lead, second, ..] if is_arabic_lead(lead) => (ARABIC[arabic_place(lead, second)], 2),
        _ => class_of_first(&text[at..]),
    }
}

#[inline(never)]
fn class_of_first(text: &str) -> (Class, usize) {
    let c = text.chars().next().expect("a character");
    (class_of(c), c.len_utf8())
}

/// The class of each ASCII character.
static ASCII: [Class; 128] = {
    let mut classes = [Class::Other; 128];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => Class::Digit,
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'\n' | b'\r' | 0x0B | 0x0C => Class::Line,
            b' ' | b'\t' => Class::Space,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// True for the first byte of a letter of Arabic's block.
#[inline]
fn is_arabic_lead(lead: u8) -> bool {
    lead & 0xFC == 0xD8
}

/// The place in Arabic's block of the letter with these bytes.
#[inline]
fn arabic_place(lead: u8, second: u8) -> usize {
    usize::from(lead & 3) << 6 | usize::from(second & 0x3F)
}

/// [`arabic_class`] of each place.
static ARABIC: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut place = 0;
    while place < classes.len() {
        classes[place] = arabic_class(place as u32);
        place += 1;
    }
    classes
};

/// True for the letters and marks of Arabic's block, which words consist of, by the number that their two bytes are
/// above those of its first letter.
static IN_WORD: [bool; 0x400] = {
    let mut all = [false; 0x400];
    let mut place = 0;
    while place < 256 {
        let bytes = (place >> 6) << 8 | place & 0x3F;
        all[bytes] = matches!(arabic_class(place as u32), Class::Arabic | Class::Mark);
        place += 1;
    }
    all
};

/// The bytes of U+0600, the first letter of Arabic's block.
const FIRST: u16 = 0xD880;

/// The class of U+0600 plus `place`.
const fn arabic_class(place: u32) -> Class {
    match place {
        0x20..=0x4A | 0x6E..=0x6F | 0x71..=0xD3 | 0xD5 | 0xE5 | 0xE6 | 0xEE | 0xEF | 0xFA..=0xFC | 0xFF => {
            Class::Arabic
        }
        0x60..=0x69 | 0xF0..=0xF9 => Class::Digit,
        0x10..=0x1A | 0x4B..=0x5F | 0x70 | 0xD6..=0xDC | 0xDF..=0xE4 | 0xE7 | 0xE8 | 0xEA..=0xED => Class::Mark,
        _ => Class::Other,
    }
}

fn class_of(c: char) -> Class {
    match c {
        '\u{2028}' | '\u{2029}' | '\u{85}' => Class::Line,
        '\u{600}'..='\u{6FF}' => arabic_class(c as u32 - 0x600),
        '\u{750}'..='\u{77F}'
        | '\u{870}'..='\u{887}'
        | '\u{8A0}'..='\u{8C9}'
        | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}'
            if c.is_alphabetic() =>
        {
            Class::Arabic
        }
        '\u{203C}' | '\u{2049}' | '\u{2600}'..='\u{27BF}' | '\u{2B05}'..='\u{2B55}' | '\u{1F000}'..='\u{1FAFF}' => {
            Class::Emoji
        }
        _ if c.is_whitespace() => Class::Space,
        _ if unicode_normalization::char::is_combining_mark(c) => Class::Mark,
        _ if c.is_numeric() && c.to_digit(36).is_none() && !c.is_alphabetic() => Class::Other,
        _ if c.is_alphabetic() => Class::Letter,
        _ => Class::Other,
    }
}

fn run_end(text: &str, start: usize, class: Class) -> usize {
    let mut at = start;
    while at < text.len() {
        let (found, len) = class_at(text, at);
        if found != class {
            break;
        }
        at += len;
    }
    at
}

/// End of a run of Arabic letters, with the marks on them where normalization left any.
fn arabic_end(text: &str, start: usize) -> usize {
    let mut at = start;
    loop {
        // Letters of Arabic's own block, which nearly all are.
        let (pairs, _) = text.as_bytes()[at..].as_chunks::<2>();
        let above = |pair: &[u8; 2]| usize::from(u16::from_be_bytes(*pair).wrapping_sub(FIRST));
        let in_word = |pair: &&[u8; 2]| IN_WORD.get(above(pair)).is_some_and(|in_word| *in_word);
        at += 2 * pairs.iter().take_while(in_word).count();
        match text.as_bytes().get(at) {
            Some(0x80..) => match class_at(text, at) {
                (Class::Arabic | Class::Mark, len) => at += len,
                _ => return at,
            },
            _ => return at,
        }
    }
}

fn number_end(text: &str, start: usize) -> usize {
    let mut at = run_end(text, start, Class::Digit);
    while let Some(separator) = text[at..].chars().next().filter(|c| matches!(c, '.' | ',' | '\u{66B}' | '\u{66C}')) {
        let next = at + separator.len_utf8();
        let end = run_end(text, next, Class::Digit);
        if end == next {
            break;
        }
        at = end;
    }
    at
}

/// A run of letters of another script: a word, a web address or a mail address.
fn letters(text: &str, start: usize) -> (Kind, usize) {
    if let Some(end) = url_end(text, start) {
        return (Kind::Url, end);
    }
    if let Some(end) = email_end(text, start) {
        return (Kind::Email, end);
    }
    let mut at = start;
    while at < text.len() {
        match class_at(text, at) {
            (Class::Letter | Class::Digit | Class::Mark, len) => at += len,
            _ => break,
        }
    }
    (Kind::Latin, at)
}

fn url_end(text: &str, start: usize) -> Option<usize> {
    let rest = &text.as_bytes()[start..];
    let begins = |prefix: &[u8]| rest.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    if !(begins(b"http://") || begins(b"https://") || begins(b"www.")) {
        return None;
    }
    let visible = rest.iter().take_while(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\')).count();
    let shown = &rest[..visible];
    let tail = shown
        .iter()
        .rev()
        .take_while(|b| matches!(b, b'.' | b',' | b')' | b']' | b'!' | b'?' | b';' | b':' | b'\''))
        .count();
    Some(start + visible - tail)
}

/// Longest name of a mailbox, in bytes (RFC 5321).
const MAILBOX: usize = 64;

/// End of a mail address that begins at `start`.
fn email_end(text: &str, start: usize) -> Option<usize> {
    let rest = &text.as_bytes()[start..];
    let named = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'+' | b'-');
    let name = rest.iter().take(MAILBOX).take_while(named).count();
    let rest = rest[name..].strip_prefix(b"@").filter(|_| name > 0)?;
    let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')).count();
    let tail = rest[..len].iter().rev().take_while(|b| matches!(b, b'.' | b'-')).count();
    rest[..len - tail].contains(&b'.').then_some(start + name + 1 + len - tail)
}

/// Punctuation and symbols: a hashtag, a user's name, or a run of one mark.
fn signs(text: &str, start: usize, gap: Gap, last: Option<&Token>) -> (Kind, usize) {
    let sign = text[start..].chars().next().expect("on a character boundary");
    let next = start + sign.len_utf8();
    let free = gap != Gap::None || last.is_none_or(|token| token.kind == Kind::Punctuation);
    if matches!(sign, '#' | '@') && free {
        let mut end = next;
        while end < text.len() {
            match class_at(text, end) {
                (Class::Arabic | Class::Letter | Class::Digit | Class::Mark, len) => end += len,
                (_, 1) if text.as_bytes()[end] == b'_' => end += 1,
                _ => break,
            }
        }
        if end > next {
            return (if sign == '#' { Kind::Hashtag } else { Kind::Mention }, end);
        }
    }
    let run = text[next..].chars().take_while(|&c| c == sign).count();
    (Kind::Punctuation, next + run * sign.len_utf8())
}
