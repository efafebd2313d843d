//! Cuts normalized text into words, numbers, punctuation and the things that news is littered with.
//!
//! Input: text normalized with the `analysis` profile. Output: [`Token`]s in order, without the white space.
//! Contract: tokens do not overlap, and tokens and white space together tile the text: every byte is in exactly
//! one of them. Each word is hashed once, here; every recogniser looks words up by that hash.

pub mod clitic;
pub mod sentence;
pub mod tile;

use std::hash::Hasher;

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
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(word.as_bytes());
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
        tokens.push(Token {
            span: NormSpan::new(start, end),
            hash: hash(&normalized[word..end]),
            kind,
            gap: if tokens.is_empty() { Gap::Line } else { gap },
        });
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

#[inline]
fn class_at(text: &str, at: usize) -> (Class, usize) {
    let bytes = text.as_bytes();
    match bytes[at] {
        b'0'..=b'9' => (Class::Digit, 1),
        b'a'..=b'z' | b'A'..=b'Z' => (Class::Letter, 1),
        b'\n' | b'\r' | 0x0B | 0x0C => (Class::Line, 1),
        b' ' | b'\t' => (Class::Space, 1),
        0..=0x7F => (Class::Other, 1),
        lead if lead & 0xFC == 0xD8 => (ARABIC[arabic_place(lead, bytes[at + 1])], 2),
        _ => {
            let c = text[at..].chars().next().expect("on a character boundary");
            (class_of(c), c.len_utf8())
        }
    }
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
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        // Letters of Arabic's own block, which nearly all are.
        while let Some(&[lead, second]) = bytes.get(at..at + 2)
            && lead & 0xFC == 0xD8
            && matches!(ARABIC[arabic_place(lead, second)], Class::Arabic | Class::Mark)
        {
            at += 2;
        }
        match bytes.get(at) {
            Some(lead) if *lead >= 0x80 => match class_at(text, at) {
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
