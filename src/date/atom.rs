//! Tokens as the shapes read them: proclitics cut off, phrases made one, each with its classes.
//!
//! Input: tokens, and the [`Vocabulary`]. Output: a run of [`Atom`]s: neighbours on one line that are all words,
//! numbers or signs of dates. Contract: the atoms of a run lie in order in the text and do not overlap; a run ends
//! at the first token that is none, at a line break, and at [`LONGEST`] atoms.

use super::number::{self, Spelled};
use super::vocabulary::{Classes, Entry, Form, Forms, Meaning, Vocabulary, number_classes};
use crate::span::NormSpan;
use crate::token::{Gap, Kind, Token};

/// The most atoms in a run; longer ones are read in pieces.
pub(super) const LONGEST: usize = 256;

/// A word, proclitic, number or sign that may be part of a date.
#[derive(Debug, Clone, Copy)]
pub(super) struct Atom {
    pub span: NormSpan,
    pub classes: Classes,
    /// The first token that it belongs to.
    pub token: usize,
    /// One past the last.
    pub token_end: usize,
    /// Whether nothing stands between it and the atom before.
    pub glued: bool,
    /// Place of its lexeme, or `NUMBER`.
    lexeme: u32,
    /// The number that it is or spells, and how it is written.
    number: u16,
    forms: Forms,
}

const NUMBER: u32 = u32::MAX;
const PROCLITIC: u32 = u32::MAX - 1;

impl Atom {
    /// True if the atom is of the class.
    #[inline]
    pub fn is(&self, class: u8) -> bool {
        self.classes.has(class)
    }

    /// True if the next atom is the same word again, as in the name "رجب رجب".
    pub fn repeats(&self, next: &Atom) -> bool {
        self.lexeme == next.lexeme && !matches!(self.lexeme, NUMBER | PROCLITIC)
    }

    /// What the atom means in a class.
    pub fn meaning(&self, class: u8, vocabulary: &Vocabulary) -> Option<Meaning> {
        if self.lexeme == NUMBER && class == vocabulary.dotted {
            return Some(Meaning::Dotted);
        }
        if let Some(row) = vocabulary.numbers.iter().find(|row| row.class == class && self.forms.has(row.form)) {
            return Some(Meaning::Number(row.field, self.number));
        }
        let lexeme = vocabulary.lexemes.get(self.lexeme as usize)?;
        lexeme.meanings.iter().find(|(at, _)| *at == class).map(|(_, meaning)| *meaning)
    }
}

/// Fills `run` with the atoms from token `at` on, and gives the first token not read.
pub(super) fn read(vocabulary: &Vocabulary, text: &str, tokens: &[Token], at: usize, run: &mut Vec<Atom>) -> usize {
    run.clear();
    let mut next = at;
    while next < tokens.len() && run.len() < LONGEST {
        if next > at && tokens[next].gap == Gap::Line {
            break;
        }
        match read_token(vocabulary, text, tokens, next, run) {
            Some(after) => next = after,
            None => break,
        }
    }
    next
}

/// True if the tokens begin with these words, on one line.
pub(super) fn begin_with(tokens: &[Token], words: &[u64]) -> bool {
    words.len() <= tokens.len()
        && words.iter().zip(tokens).all(|(word, token)| token.hash == *word && token.gap != Gap::Line)
}

/// Appends the atoms of one token, or of the phrase that it begins.
pub(super) fn read_token(
    vocabulary: &Vocabulary,
    text: &str,
    tokens: &[Token],
    at: usize,
    run: &mut Vec<Atom>,
) -> Option<usize> {
    let token = tokens[at];
    let glued = token.gap == Gap::None;
    if token.kind == Kind::Number {
        let (classes, number) = digit_classes(vocabulary, token.text(text))?;
        let forms = Forms::of(Form::Digits);
        run.push(Atom {
            span: token.span,
            classes,
            token: at,
            token_end: at + 1,
            glued,
            lexeme: NUMBER,
            number,
            forms,
        });
        return Some(at + 1);
    }
    if !matches!(token.kind, Kind::Word | Kind::Punctuation) {
        return None;
    }
    let Entry { proclitics, phrases } = vocabulary.entry(token.hash)?;
    let rest = &tokens[at + 1..];
    let (lexeme_at, more) = vocabulary.phrases[*phrases as usize].longest(rest)?;
    let mut start = token.span.start;
    for (place, &(class, len)) in proclitics.iter().enumerate() {
        run.push(Atom {
            span: NormSpan::new(start, start + len),
            classes: Classes::only(class),
            token: at,
            token_end: at + 1,
            glued: glued || place > 0,
            lexeme: PROCLITIC,
            number: 0,
            forms: Forms::default(),
        });
        start += len;
    }
    let lexeme = &vocabulary.lexemes[lexeme_at as usize];
    let glued = glued || !proclitics.is_empty();
    let spelled = lexeme.number.filter(|_| more == 0);
    if let Some(number) = spelled.and_then(|first| number::spelled(vocabulary, tokens, at + 1, first)) {
        let span = NormSpan::new(start, tokens[number.next - 1].span.end);
        let (classes, lexeme) = match number.next == at + 1 {
            true => (lexeme.classes, lexeme_at),
            false => (number_classes(&vocabulary.numbers, number.forms, number.value, 0), NUMBER),
        };
        let Spelled { value: number, forms, next: token_end } = number;
        run.push(Atom { span, classes, token: at, token_end, glued, lexeme, number, forms });
        return Some(token_end);
    }
    let last = at + more;
    let forms = Forms::default();
    let span = NormSpan::new(start, tokens[last].span.end);
    let classes = lexeme.classes;
    run.push(Atom { span, classes, token: at, token_end: last + 1, glued, lexeme: lexeme_at, number: 0, forms });
    Some(last + 1)
}

/// The classes of a number, and its value where it is a whole one of four digits at most.
pub(super) fn digit_classes(vocabulary: &Vocabulary, text: &str) -> Option<(Classes, u16)> {
    if text.len() > 10 {
        return None;
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        let parts = dotted(text)?;
        return (parts.1 <= 12 || parts.0 <= 12).then_some((Classes::only(vocabulary.dotted), 0));
    }
    if text.len() > 4 {
        return None;
    }
    let number = text.parse().ok()?;
    let classes = number_classes(&vocabulary.numbers, Forms::of(Form::Digits), number, text.len());
    (!classes.is_empty()).then_some((classes, number))
}

/// The three numbers of "05.09.2025".
pub(super) fn dotted(text: &str) -> Option<(u16, u16, u16)> {
    let mut parts = text.split('.').map(|part| part.parse::<u16>().ok().filter(|_| part.len() <= 4));
    let found = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(found)
}
