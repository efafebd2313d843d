//! From marked texts to features and labels, by the same stages that read any text.

use marsad::date::{self, Dates};
use marsad::entity::{self, Recognizer, rule};
use marsad::lexicon::Lexicon;
use marsad::normalize::{Normalized, Normalizer};
use marsad::tagger::evidence::Evidence;
use marsad::tagger::{Label, Place, TYPES, follows, label, place};
use marsad::token::{self, Token, sentence};
use marsad::words::{Cache, Look, Reading, Words};

use crate::sets::Document;

/// Reads documents as the analyzer does, up to the tagger.
pub struct Preparer {
    normalizer: Normalizer,
    recognizer: Recognizer,
}

/// A document that has been read.
pub struct Prepared {
    pub set: String,
    pub evidence: Evidence,
    pub labels: Vec<Label>,
    pub words: Vec<String>,
    text: String,
    tokens: Vec<Token>,
    sentences: Vec<u32>,
    looks: Vec<Look>,
}

impl Prepared {
    pub fn reading(&self) -> Reading<'_> {
        Reading { text: &self.text, tokens: &self.tokens, sentences: &self.sentences, looks: &self.looks }
    }
}

impl Preparer {
    pub fn new() -> marsad::Result<Self> {
        let recognizer = Recognizer::new(Lexicon::builtin(), &TYPES, true)?;
        Ok(Self { normalizer: Normalizer::profile("analysis")?, recognizer })
    }

    pub fn prepare(&self, document: &Document) -> Prepared {
        let mut normalized = Normalized::default();
        let (mut tokens, mut sentences, mut looks) = (Vec::new(), Vec::new(), Vec::new());
        let (mut scratch, mut mentions) = (entity::Scratch::default(), Vec::new());
        let (mut grammar, mut expressions) = (date::Scratch::default(), Vec::new());
        self.normalizer.align_into(&document.text, &mut normalized);
        let text = &normalized.text;
        token::tokenize(text, &mut tokens);
        sentence::number(text, &tokens, &mut sentences);
        Words::builtin().look(text, &tokens, &mut Cache::default(), &mut looks);
        self.recognizer.find(text, &tokens, &mut scratch, &mut mentions);
        Dates::builtin().find(text, &tokens, &mut grammar, &mut expressions);
        let mut labels = vec![0; tokens.len()];
        for (span, kind) in &document.names {
            let span = normalized.map.to_normalized(*span);
            let within = |at: &usize| tokens[*at].span.start < span.end && span.start < tokens[*at].span.end;
            let within: Vec<usize> = (0..tokens.len()).filter(within).collect();
            for (at, token) in within.iter().enumerate() {
                labels[*token] = label(*kind, Place::of(at, within.len()));
            }
        }
        join(&labels, &mut sentences);
        repair(&mut labels, &sentences);
        let lexicon = self.recognizer.lexicon();
        let reading = Reading { text, tokens: &tokens, sentences: &sentences, looks: &looks };
        let mut proposals = Vec::new();
        rule::propose(reading, &mut proposals);
        let mut evidence = Evidence::default();
        evidence.read(
            reading,
            lexicon,
            scratch.hits(),
            &mentions,
            &proposals,
            expressions.iter().map(|date| date.span),
        );
        let words = tokens.iter().map(|token| token.text(text).to_owned()).collect();
        let text = std::mem::take(&mut normalized.text);
        Prepared { set: document.set.clone(), evidence, labels, words, text, tokens, sentences, looks }
    }
}

/// Joins sentences that a name runs across.
fn join(labels: &[Label], sentences: &mut [u32]) {
    for at in 1..labels.len() {
        let inside = place(labels[at]).is_some_and(|(_, place)| matches!(place, Place::Inside | Place::Last));
        if inside && sentences[at] != sentences[at - 1] {
            let (old, new) = (sentences[at], sentences[at - 1]);
            sentences[at..].iter_mut().take_while(|number| **number == old).for_each(|number| *number = new);
        }
    }
}

/// Takes out labels that may not follow each other: marks that cut a word in two.
fn repair(labels: &mut [Label], sentences: &[u32]) {
    let apart = |at: usize| at == 0 || at == sentences.len() || sentences[at] != sentences[at - 1];
    for at in 0..labels.len() {
        let before = if apart(at) { 0 } else { labels[at - 1] };
        if !follows(before, labels[at]) {
            labels[at] = 0;
        }
    }
    for at in (0..labels.len()).rev() {
        let after = if apart(at + 1) { 0 } else { labels[at + 1] };
        if !follows(labels[at], after) {
            labels[at] = 0;
        }
    }
}

/// Names as first token, one past the last, type.
pub fn names(labels: &[Label]) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, found_label) in labels.iter().enumerate() {
        match place(*found_label) {
            Some((kind, Place::Alone)) => found.push((at, at + 1, kind)),
            Some((_, Place::First)) => start = at,
            Some((kind, Place::Last)) => found.push((start, at + 1, kind)),
            _ => {}
        }
    }
    found
}
