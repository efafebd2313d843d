//! The tokens of a text with its white space, placed in the source.
//!
//! Input: a source text, its normalized form and tokens. Output: [`Tile`]s. Contract: the tiles' source spans, one
//! after another, are the whole source. A deleted character belongs to the tile before it, at the head of the text to
//! the first; what one indivisible character became is one tile.

use super::{Kind, Token};
use crate::cancel;
use crate::normalize::Normalized;
use crate::span::{NormSpan, SourceSpan};

/// A token, or the white space between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Where it stands in the source.
    pub source: SourceSpan,
    /// Where it stands in the normalized text.
    pub normalized: NormSpan,
    /// Its kind; none for white space.
    pub kind: Option<Kind>,
}

/// The tiles of a source text.
pub fn tiles(source: &str, normalized: &Normalized, tokens: &[Token]) -> Vec<Tile> {
    let mut pieces: Vec<(NormSpan, Option<Kind>)> = Vec::with_capacity(tokens.len() * 2);
    let mut at = 0;
    for token in tokens {
        if token.span.start > at {
            pieces.push((NormSpan::new(at, token.span.start), None));
        }
        pieces.push((token.span, Some(token.kind)));
        at = token.span.end;
    }
    if at < normalized.text.len() {
        pieces.push((NormSpan::new(at, normalized.text.len()), None));
    }
    if pieces.is_empty() && !source.is_empty() {
        let whole = SourceSpan::new(0, source.len());
        return vec![Tile { source: whole, normalized: NormSpan::new(0, 0), kind: None }];
    }
    let start = |piece: NormSpan| normalized.map.to_source(NormSpan::new(piece.start, piece.start)).start;
    let mut tiles: Vec<Tile> = Vec::with_capacity(pieces.len());
    for (place, (span, kind)) in pieces.iter().enumerate() {
        cancel::step(place);
        let from = tiles.last().map_or(0, |tile| tile.source.end);
        let to = pieces.get(place + 1).map_or(source.len(), |(next, _)| start(*next));
        match tiles.last_mut() {
            Some(last) if to <= from || last.source.start == last.source.end => {
                last.normalized.end = span.end;
                last.source.end = last.source.end.max(to);
            }
            _ => tiles.push(Tile { source: SourceSpan::new(from, to.max(from)), normalized: *span, kind: *kind }),
        }
    }
    tiles
}
