//! How much the letters of a word look like those of a name.
//!
//! Input: `data/words/letters.tsv`, weights of one to four letters in a row, from `tools/letters.rs`. Output: a step
//! from 1 to [`STEPS`]. Contract: it hangs on the letters alone, the first [`LONGEST`] of a word; linear in them.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::data::Table;
use crate::error::{Error, Result};
use crate::token;

/// Stand before and after a word's letters.
const EDGES: [char; 2] = ['^', '$'];
/// So many letters in a row at most.
const ROW: usize = 4;
/// Letters beyond these are not looked at.
const LONGEST: usize = 20;
/// The score up to which a word is on the first step, in natural units; each further unit is one step more.
const FIRST: i32 = -1;
/// How many steps there are.
pub const STEPS: u8 = 7;
/// How many units of weight are one natural unit.
pub const UNIT: i32 = 50;

/// Stands in every word.
const ALWAYS: &str = "^$";

/// Weights of letters in a row; `^$` stands in every word.
#[derive(Debug, Default)]
pub struct Letters {
    weights: FxHashMap<u64, i32>,
}

impl Letters {
    /// Reads the table of weights.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let mut weights = FxHashMap::default();
        for row in Table::parse(Path::new(path), text, &["weight", "letters"])?.rows() {
            let row = row?;
            let fault = |_| Error::data(path, row.line, format!("{:?} is not a whole number", row.cells[0]));
            weights.insert(token::hash(row.cells[1]), row.cells[0].parse().map_err(fault)?);
        }
        Ok(Self { weights })
    }

    /// How much a word without proclitics and article looks like a name, from 1 to [`STEPS`].
    pub fn likeness(&self, word: &str) -> u8 {
        let steps = self.score(word).div_euclid(UNIT) - FIRST;
        steps.clamp(0, i32::from(STEPS) - 1) as u8 + 1
    }

    /// The same as a logarithm of odds, in parts of [`UNIT`].
    pub fn score(&self, word: &str) -> i32 {
        let mut sum = 0;
        rows(word, |letters| sum += self.weights.get(&token::hash(letters)).copied().unwrap_or(0));
        sum
    }
}

/// The letters in a row that stand in a word, its edges among them; first what stands in every word.
pub fn rows(word: &str, mut add: impl FnMut(&str)) {
    add(ALWAYS);
    let padded: String = EDGES[..1].iter().copied().chain(word.chars().take(LONGEST)).chain([EDGES[1]]).collect();
    let starts: Vec<usize> = padded.char_indices().map(|(at, _)| at).chain([padded.len()]).collect();
    for count in 1..=ROW {
        for window in starts.windows(count + 1) {
            add(&padded[window[0]..window[count]]);
        }
    }
}
