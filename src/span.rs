//! Positions that say which text they are in.
//!
//! Input: byte offsets. Output: [`SourceSpan`] (the text as it came) and [`NormSpan`] (the text as the
//! recognisers read it); mixing the two does not compile. Contract: both ends lie on character boundaries
//! and `start <= end`. Code points exist only in the table layer, made by [`CodePoints`].

/// A byte range of the source text, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceSpan {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A byte range of the normalized text, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NormSpan {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl SourceSpan {
    /// The bytes `start..end` of the source text.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    /// The text under the span.
    pub fn of(self, source: &str) -> &str {
        &source[self.start..self.end]
    }
}

impl NormSpan {
    /// The bytes `start..end` of the normalized text.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    /// The text under the span.
    pub fn of(self, normalized: &str) -> &str {
        &normalized[self.start..self.end]
    }

    /// True if the two share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Turns byte offsets into code points; cheapest when asked in rising order.
///
/// ```
/// let mut points = marsad::span::CodePoints::new("في مصر");
/// assert_eq!(points.at("في ".len()), 3);
/// assert_eq!(points.at(0), 0);
/// ```
#[derive(Debug, Clone)]
pub struct CodePoints<'t> {
    text: &'t str,
    byte: usize,
    point: usize,
}

impl<'t> CodePoints<'t> {
    /// A counter at the start of `text`.
    pub fn new(text: &'t str) -> Self {
        Self { text, byte: 0, point: 0 }
    }

    /// The number of code points before `byte`.
    pub fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.point) = (0, 0);
        }
        self.point += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.point
    }
}

/// Byte offset of a code point, clamped to the end of the text.
pub fn byte_of_point(text: &str, point: usize) -> usize {
    text.char_indices().nth(point).map_or(text.len(), |(byte, _)| byte)
}
