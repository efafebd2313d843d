//! The folded words of a document's names.
//!
//! Input: names, as drafts. Output: a [`Form`] for each. Contract: the words of a form lie one after another with a
//! space between, so that any of its words in a row are one piece of text; all forms share memory that serves for the
//! next document.

use std::ops::Range;

use super::short::{self, Core};
use super::words::{fold_onto, word};
use super::{BODY, Draft, PERSON};
use crate::token;
use crate::words::Reading;

/// The forms of one document's names, in the order of the names.
#[derive(Debug, Default)]
pub(super) struct Forms {
    letters: String,
    /// Where each word lies in `letters`.
    words: Vec<Range<usize>>,
    /// The words of each form, and what a body's name is beyond its adjectives.
    forms: Vec<(Range<usize>, Option<Core>)>,
}

/// One name's words, folded, or some of them in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<'f> {
    letters: &'f str,
    words: &'f [Range<usize>],
}

impl Forms {
    /// Folds the names, in place of those before.
    pub(super) fn read(&mut self, reading: Reading<'_>, drafts: &[Draft]) {
        self.letters.clear();
        self.words.clear();
        self.forms.clear();
        drafts.iter().for_each(|draft| self.add(reading, draft));
    }

    fn add(&mut self, reading: Reading<'_>, draft: &Draft) {
        let first = self.words.len();
        let tokens = draft.first as usize..draft.last as usize;
        let mut joins = false;
        for at in tokens.clone() {
            let before = self.letters.len();
            if self.words.len() > first && !joins {
                self.letters.push(' ');
            }
            let start = self.letters.len();
            let (article, rest) = word(reading, draft.span, tokens.start, at);
            fold_onto(article, &mut self.letters);
            fold_onto(rest, &mut self.letters);
            let (folded, end) = (&self.letters[start..], self.letters.len());
            match self.words[first..].last_mut() {
                Some(last) if joins => last.end = end,
                // "دخل الله" is one name.
                Some(last) if draft.kind == PERSON && short::is_second(folded) => last.end = end,
                _ if folded.is_empty() => self.letters.truncate(before),
                _ => self.words.push(start..end),
            }
            let last = self.words[first..].last();
            joins = last.is_some_and(|last| matches!(&self.letters[last.clone()], "عبد" | "ابو"));
        }
        let end = self.letters.len();
        let core = (draft.kind == BODY).then(|| short::core(reading, tokens, &mut self.letters)).flatten();
        self.letters.truncate(end);
        self.forms.push((first..self.words.len(), core));
    }

    /// The form of the name at a place.
    pub(super) fn of(&self, place: usize) -> Form<'_> {
        Form { letters: &self.letters, words: &self.words[self.forms[place].0.clone()] }
    }

    /// What the body's name at a place shares with its short one or its full one.
    pub(super) fn core(&self, place: usize) -> Option<Core> {
        self.forms[place].1
    }
}

impl<'f> Form<'f> {
    /// How many words there are.
    pub(super) fn len(self) -> usize {
        self.words.len()
    }

    /// One of the words.
    pub(super) fn word(self, at: usize) -> &'f str {
        &self.letters[self.words[at].clone()]
    }

    /// The first word.
    pub(super) fn first(self) -> Option<&'f str> {
        self.words().next()
    }

    /// The last word.
    pub(super) fn last(self) -> Option<&'f str> {
        self.words().next_back()
    }

    /// The words.
    pub(super) fn words(self) -> impl DoubleEndedIterator<Item = &'f str> {
        self.words.iter().map(move |word| &self.letters[word.clone()])
    }

    /// The words from one on and before another.
    pub(super) fn part(self, range: Range<usize>) -> Form<'f> {
        Form { words: &self.words[range], ..self }
    }

    /// The words with a space between.
    pub(super) fn text(self) -> &'f str {
        match self.words {
            [] => "",
            [first, .., last] => &self.letters[first.start..last.end],
            [only] => &self.letters[only.clone()],
        }
    }

    /// What the words are looked up by.
    pub(super) fn key(self) -> u64 {
        token::hash(self.text())
    }

    /// True if a person's name of these words is short for another: one word, or one behind a link.
    pub(super) fn is_short(self) -> bool {
        self.len() < 2 || self.len() == 2 && short::is_link(self.word(0))
    }

    /// How many letters there are.
    pub(super) fn letters(self) -> usize {
        letters(self.text())
    }
}

/// How many letters a name has.
pub(super) fn letters(name: &str) -> usize {
    name.chars().filter(|letter| *letter != ' ').count()
}
