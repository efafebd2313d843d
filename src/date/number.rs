//! Numbers that are spelled out: "خمسة وعشرين", "ألفين وستة عشر", "الحادي والثلاثون".
//!
//! Input: a number word and the tokens after it. Output: the longest number that they spell, and how it may be read.
//! Contract: units, tens, hundreds and thousands are joined as the language joins them, units before tens and the
//! rest from great to small; "ثلاثة وعشرة" are two numbers. At most [`MOST`].

use super::vocabulary::{Form, Forms, Vocabulary};
use crate::token::{Gap, Token};

/// The greatest number that is read.
const MOST: u16 = 9999;

/// A number that words spell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spelled {
    pub value: u16,
    pub forms: Forms,
    /// One past the last token.
    pub next: usize,
}

/// Reads on from a number word, whose token is the one before `next`.
pub(super) fn spelled(
    vocabulary: &Vocabulary,
    tokens: &[Token],
    next: usize,
    (value, forms): (u16, Forms),
) -> Option<Spelled> {
    let reader = Reader { vocabulary, tokens };
    reader.number(Spelled { value, forms, next }).filter(|number| number.value <= MOST)
}

struct Reader<'r> {
    vocabulary: &'r Vocabulary,
    tokens: &'r [Token],
}

impl Reader<'_> {
    fn number(&self, first: Spelled) -> Option<Spelled> {
        let cardinal = first.forms.has(Form::Cardinal);
        if cardinal && (3..=9).contains(&first.value) {
            // "ثلاث مئة", "خمسة آلاف".
            if let Some(times) = self.word(first.next).filter(|times| matches!(times.value, 100 | 1000)) {
                let of_many = times.value == 100 || times.forms.has(Form::Part);
                if of_many {
                    let forms = Forms::of(Form::Cardinal);
                    return self.great(Spelled { value: first.value * times.value, forms, next: times.next });
                }
            }
        }
        if cardinal && first.value >= 100 {
            return self.great(first);
        }
        self.small(first)
    }

    /// Hundreds or thousands, and what is less.
    fn great(&self, first: Spelled) -> Option<Spelled> {
        let whole = Spelled { forms: Forms::of(Form::Cardinal), ..first };
        let least = if first.value >= 1000 { 1000 } else { 100 };
        // "وأحد عشر" is spelled as واحد عشر once hamzas are folded.
        let eleven = || {
            let ten = self.word(first.next + 1).filter(|ten| ten.value == 10);
            self.word(first.next).filter(|one| one.value == 1 && ten.is_some())
        };
        let next = self.and_word(first.next).or_else(eleven);
        let rest = next.filter(|rest| rest.value < least).and_then(|rest| self.number(rest));
        match rest.filter(|rest| rest.value < least && rest.forms.has(Form::Cardinal)) {
            Some(rest) => Some(Spelled { value: first.value + rest.value, next: rest.next, ..whole }),
            None => Some(whole),
        }
    }

    /// Numbers below a hundred, of every form.
    fn small(&self, first: Spelled) -> Option<Spelled> {
        let mut forms = Forms::default();
        if (1..=9).contains(&first.value) {
            let families = [
                (Form::Cardinal, Form::Part, Form::Cardinal),
                (Form::Definite, Form::DefinitePart, Form::Definite),
                (Form::Ordinal, Form::OrdinalPart, Form::Ordinal),
            ];
            if let Some(ten) = self.word(first.next).filter(|ten| ten.value == 10 && ten.forms.has(Form::Cardinal)) {
                for (whole, part, form) in families {
                    if first.forms.has(whole) || first.forms.has(part) {
                        forms.add(form);
                    }
                }
                return Some(Spelled { value: first.value + 10, forms, next: ten.next });
            }
            if let Some(tens) = self.and_word(first.next).filter(|tens| tens.value >= 20 && tens.value < 100) {
                for (whole, part, form) in families {
                    if (first.forms.has(whole) || first.forms.has(part)) && tens.forms.has(form) {
                        forms.add(form);
                    }
                }
                if !forms.is_empty() {
                    return Some(Spelled { value: first.value + tens.value, forms, next: tens.next });
                }
            }
        }
        for form in [Form::Cardinal, Form::Definite, Form::Ordinal, Form::Construct] {
            if first.forms.has(form) {
                forms.add(form);
            }
        }
        (!forms.is_empty()).then_some(Spelled { forms, ..first })
    }

    /// The number word at a token, without a proclitic.
    fn word(&self, at: usize) -> Option<Spelled> {
        self.read(at, false)
    }

    /// The number word behind "و", written on it or alone.
    fn and_word(&self, at: usize) -> Option<Spelled> {
        let token = self.tokens.get(at).filter(|token| token.gap != Gap::Line)?;
        if token.hash == self.vocabulary.and_word {
            return self.read(at + 1, false);
        }
        self.read(at, true)
    }

    fn read(&self, at: usize, and: bool) -> Option<Spelled> {
        let token = self.tokens.get(at).filter(|token| token.gap != Gap::Line)?;
        let entry = self.vocabulary.entry(token.hash)?;
        let cut = match entry.proclitics.as_slice() {
            [] => false,
            [(class, _)] if *class == self.vocabulary.and => true,
            _ => return None,
        };
        let alone = self.vocabulary.phrases[entry.phrases as usize].alone.filter(|_| cut == and)?;
        let (value, forms) = self.vocabulary.lexemes[alone as usize].number?;
        Some(Spelled { value, forms, next: at + 1 })
    }
}
