//! Where a normalized position lies in the source.
//!
//! Input: the edits that normalization made, in order. Output: [`OffsetMap`], which answers both ways.
//! Contract: the map is monotone, lands on character boundaries, and takes the whole to the whole. A span
//! never cuts an indivisible replacement (a ligature written as four letters): it takes in all of it.
//! Text that is only re-lettered (two bytes for two bytes) costs nothing; a deletion costs sixteen bytes.

use crate::span::{NormSpan, SourceSpan};

/// From `norm` on, until the next jump, normalized and source run in step starting at `source`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Jump {
    norm: usize,
    source: usize,
}

/// An indivisible replacement: the normalized bytes stand for the source bytes as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Atom {
    norm: NormSpan,
    source: SourceSpan,
}

/// The alignment of a normalized text with its source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffsetMap {
    jumps: Vec<Jump>,
    atoms: Vec<Atom>,
    norm_len: usize,
    source_len: usize,
}

impl OffsetMap {
    /// Empties the map, keeping its memory.
    pub fn clear(&mut self) {
        self.jumps.clear();
        self.atoms.clear();
        (self.norm_len, self.source_len) = (0, 0);
    }

    /// The normalized text goes on at `norm` with what stands at `source` in the source.
    #[inline]
    pub(crate) fn resume(&mut self, norm: usize, source: usize) {
        match self.jumps.last_mut() {
            Some(last) if last.norm == norm => last.source = source,
            _ => self.jumps.push(Jump { norm, source }),
        }
    }

    /// The bytes `norm` stand for the bytes `source` as a whole.
    pub(crate) fn replace(&mut self, norm: NormSpan, source: SourceSpan) {
        if norm.start == norm.end {
            return self.resume(norm.end, source.end);
        }
        self.atoms.push(Atom { norm, source });
        self.resume(norm.start, source.start);
        self.resume(norm.end, source.end);
    }

    /// Takes back everything that says something about `norm` or later.
    pub(crate) fn truncate(&mut self, norm: usize) {
        while self.jumps.last().is_some_and(|jump| jump.norm > norm) {
            self.jumps.pop();
        }
        while self.atoms.last().is_some_and(|atom| atom.norm.end > norm) {
            self.atoms.pop();
        }
    }

    /// Ends the map with the lengths of both texts in bytes.
    pub(crate) fn finish(&mut self, norm_len: usize, source_len: usize) {
        (self.norm_len, self.source_len) = (norm_len, source_len);
    }

    /// True if several letters stand for something indivisible somewhere, so that different spans of the normalized
    /// text may have the same source.
    pub fn has_replacements(&self) -> bool {
        !self.atoms.is_empty()
    }

    /// True if every position is the same in both texts.
    pub fn is_identity(&self) -> bool {
        self.jumps.is_empty() && self.norm_len == self.source_len
    }

    /// Where the text before `norm` ends in the source.
    fn before(&self, norm: usize) -> usize {
        let at = self.atoms.partition_point(|atom| atom.norm.end < norm);
        if let Some(atom) = self.atoms.get(at).filter(|atom| atom.norm.start < norm) {
            return atom.source.end;
        }
        let at = self.jumps.partition_point(|jump| jump.norm < norm);
        match at.checked_sub(1).map(|last| self.jumps[last]) {
            Some(jump) => jump.source + (norm - jump.norm),
            None => norm,
        }
    }

    /// Where the text after `norm` begins in the source.
    fn after(&self, norm: usize) -> usize {
        let at = self.atoms.partition_point(|atom| atom.norm.end <= norm);
        if let Some(atom) = self.atoms.get(at).filter(|atom| atom.norm.start < norm) {
            return atom.source.start;
        }
        let at = self.jumps.partition_point(|jump| jump.norm <= norm);
        match at.checked_sub(1).map(|last| self.jumps[last]) {
            Some(jump) => jump.source + (norm - jump.norm),
            None => norm,
        }
    }

    /// The source bytes that the normalized bytes came from: the first letter's start to the last letter's
    /// end. Deleted characters at the edges stay outside; see [`OffsetMap::gap_after`] for taking them in.
    pub fn to_source(&self, span: NormSpan) -> SourceSpan {
        if span.start == 0 && span.end == self.norm_len {
            return SourceSpan::new(0, self.source_len);
        }
        let start = self.after(span.start);
        if span.start == span.end {
            return SourceSpan::new(start, start);
        }
        SourceSpan::new(start, self.before(span.end))
    }

    /// The source bytes deleted right after normalized position `norm`; empty inside a replacement.
    pub fn gap_after(&self, norm: usize) -> SourceSpan {
        let start = if norm == 0 { 0 } else { self.before(norm) };
        let end = if norm == self.norm_len { self.source_len } else { self.after(norm) };
        SourceSpan::new(start, end.max(start))
    }

    /// The normalized bytes that came from the source bytes; empty where all of them were deleted.
    pub fn to_normalized(&self, span: SourceSpan) -> NormSpan {
        if span.start == 0 && span.end == self.source_len {
            return NormSpan::new(0, self.norm_len);
        }
        let start = self.norm_start(span.start);
        let end = self.norm_end(span.end);
        NormSpan::new(start.min(end), end)
    }

    fn norm_start(&self, source: usize) -> usize {
        let at = self.atoms.partition_point(|atom| atom.source.end <= source);
        if let Some(atom) = self.atoms.get(at).filter(|atom| atom.source.start <= source) {
            return atom.norm.start;
        }
        self.norm_near(source)
    }

    fn norm_end(&self, source: usize) -> usize {
        let at = self.atoms.partition_point(|atom| atom.source.end < source);
        if let Some(atom) = self.atoms.get(at).filter(|atom| atom.source.start < source) {
            return atom.norm.end;
        }
        self.norm_near(source)
    }

    fn norm_near(&self, source: usize) -> usize {
        let at = self.jumps.partition_point(|jump| jump.source <= source);
        let (norm, base) = match at.checked_sub(1).map(|last| self.jumps[last]) {
            Some(jump) => (jump.norm, jump.source),
            None => (0, 0),
        };
        let limit = self.jumps.get(at).map_or(self.norm_len, |next| next.norm);
        (norm + (source - base)).min(limit)
    }
}
