//! The documents of one batch, as columns.
//!
//! Input: texts with their ids and days, from wherever they were read. Output: [`Documents`], which the pipeline
//! takes. Contract: columns are as long as the texts, or empty where the input has no such column.

use std::borrow::Cow;
use std::ops::Range;

use crate::calendar::Day;

/// Columns of documents, borrowed.
#[derive(Debug, Default, Clone)]
pub struct Documents<'a> {
    /// The texts; none is read as an empty one.
    pub texts: Vec<Option<&'a str>>,
    /// The ids; none is replaced by the document's number in the run.
    pub ids: Vec<Option<Cow<'a, str>>>,
    /// The days that the caller gives.
    pub published: Vec<Option<Day>>,
}

impl Documents<'_> {
    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Ranges of documents, of about `bytes` of text each, that together are all of them.
    pub fn pieces(&self, bytes: usize) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let (mut start, mut size) = (0, 0);
        for (place, text) in self.texts.iter().enumerate() {
            size += text.map_or(0, str::len) + 64;
            if size >= bytes {
                pieces.push(start..place + 1);
                (start, size) = (place + 1, 0);
            }
        }
        if start < self.texts.len() {
            pieces.push(start..self.texts.len());
        }
        pieces
    }
}
