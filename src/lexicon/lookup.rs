//! Finding the aliases that stand in a text.
//!
//! Input: normalized text and its tokens. Output: [`Hit`]s, in the order of their first token; of one first token
//! the names that the whole word begins come before those behind proclitics ("وجدة": Oujda, or "and Jeddah").
//! Contract: linear in the number of tokens times the longest alias.

use super::Lexicon;
use super::compile::filter_place;
use crate::cancel;
use crate::span::NormSpan;
use crate::token::clitic::{Clitics, Cut};
use crate::token::{self, Gap, Kind, Token};

/// An alias that stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Where the name stands, without the proclitics that can be left out.
    pub span: NormSpan,
    /// The first token.
    pub first: u32,
    /// One past the last token.
    pub last: u32,
    pub(super) node: u32,
}

impl Lexicon {
    /// Every alias in the text, replacing what `hits` held.
    pub fn hits(&self, text: &str, tokens: &[Token], hits: &mut Vec<Hit>) {
        hits.clear();
        let clitics = Clitics::builtin();
        for (place, token) in tokens.iter().enumerate() {
            cancel::step(place);
            match token.kind {
                Kind::Word | Kind::Hashtag => {}
                Kind::Latin | Kind::Number => {
                    if let Some(node) = self.first_node(token.hash) {
                        self.walk(text, tokens, place, token.span.start, node, None, hits);
                    }
                    continue;
                }
                _ => continue,
            }
            if let Some(node) = self.first_node(token.hash) {
                self.walk(text, tokens, place, token.word_span().start, node, None, hits);
            }
            let word = token.word(text);
            for cut in clitics.cuts(word) {
                if let Some(node) = self.node_after(clitics, token.hash, word, cut) {
                    let start = token.word_span().start + clitics.before_name(cut);
                    let before = hits.len();
                    self.walk(text, tokens, place, start, node, Some(cut), hits);
                    if hits.len() > before {
                        break;
                    }
                }
            }
        }
    }

    #[inline]
    fn first_node(&self, hash: u64) -> Option<u32> {
        let (word, bit) = filter_place(hash);
        if self.filter[word] & bit == 0 {
            return None;
        }
        self.first.get(&hash).copied()
    }

    /// The node of the word behind a cut, unless the word as it stands is the commoner one.
    fn node_after(&self, clitics: &Clitics, whole: u64, word: &str, cut: Cut) -> Option<u32> {
        let rest = &word[cut.len..];
        let hash = if cut.contracted { clitics.hash_with_article(rest)? } else { token::hash(rest) };
        let node = self.first_node(hash)?;
        match (clitics.class(whole), clitics.class(hash)) {
            (Some(word), Some(rest)) if word > rest => None,
            (Some(word), None) if word > 12 => None,
            _ => Some(node),
        }
    }

    /// Follows the trie from a first word and keeps every alias that ends on the way.
    #[allow(clippy::too_many_arguments)]
    fn walk(
        &self,
        text: &str,
        tokens: &[Token],
        first: usize,
        start: usize,
        node: u32,
        cut: Option<Cut>,
        hits: &mut Vec<Hit>,
    ) {
        let mut node = node;
        let mut at = first;
        loop {
            let here = &self.nodes[node as usize];
            if !here.candidates.is_empty() && spells(&self.words[here.words.clone()], text, &tokens[first..=at], cut) {
                let span = NormSpan::new(start, tokens[at].span.end);
                hits.push(Hit { span, first: first as u32, last: at as u32 + 1, node });
            }
            if !here.leads_on {
                return;
            }
            match self.step(text, tokens, node, at + 1) {
                Some((next, place)) => (node, at) = (next, place),
                None => return,
            }
        }
    }

    /// The node after one more word; a hyphen between two words of a name may be left out of its alias.
    fn step(&self, text: &str, tokens: &[Token], node: u32, place: usize) -> Option<(u32, usize)> {
        let token = tokens.get(place).filter(|token| token.gap != Gap::Line)?;
        if let Some(&next) = self.edges.get(&(node, token.hash)) {
            return Some((next, place));
        }
        if token.kind == Kind::Punctuation && matches!(token.text(text), "-" | "\u{2011}" | "\u{2013}") {
            let after =
                tokens.get(place + 1).filter(|after| after.gap == token.gap && after.kind != Kind::Punctuation)?;
            return self.edges.get(&(node, after.hash)).map(|&next| (next, place + 1));
        }
        None
    }
}

/// True if the tokens, without the cut and the hyphens that the alias leaves out, are the alias.
fn spells(alias: &str, text: &str, tokens: &[Token], cut: Option<Cut>) -> bool {
    let mut rest = alias;
    for (place, token) in tokens.iter().enumerate() {
        if rest.is_empty() {
            return false;
        }
        let word = token.word(text);
        let after = match cut.filter(|_| place == 0) {
            Some(cut) if cut.contracted => {
                let noun = rest.strip_prefix(Clitics::builtin().article());
                noun.and_then(|noun| noun.strip_prefix(&word[cut.len..]))
            }
            Some(cut) => rest.strip_prefix(&word[cut.len..]),
            None => rest.strip_prefix(word),
        };
        match after {
            Some("") => rest = "",
            Some(after) if after.starts_with('\n') => rest = &after[1..],
            _ if token.kind == Kind::Punctuation => {}
            _ => return false,
        }
    }
    rest.is_empty()
}
