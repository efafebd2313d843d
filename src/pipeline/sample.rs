//! Texts kept from a run, to be shown beside what was found in it.
//!
//! Input: the texts of a run, in order. Output: [`Sample::texts`]. Contract: any text is as likely to be kept as any
//! other, and which ones are hangs on their number and places alone, not on batches; memory is bounded.

use std::collections::BTreeMap;

/// Some of the texts of a run: the first [`Sample::MOST`] of an order that has nothing to do with theirs.
#[derive(Debug, Default, Clone)]
pub struct Sample {
    /// By the rank of their row.
    kept: BTreeMap<u64, (usize, String)>,
}

impl Sample {
    /// So many texts at most.
    pub const MOST: usize = 200;

    /// So many code points of each at most.
    pub const LONGEST: usize = 20_000;

    /// Takes the text of a row into consideration.
    pub fn add(&mut self, row: usize, text: &str) {
        let rank = rank(row as u64);
        if self.kept.len() >= Self::MOST && self.kept.last_key_value().is_some_and(|(last, _)| *last < rank) {
            return;
        }
        let end = text.char_indices().nth(Self::LONGEST).map_or(text.len(), |(end, _)| end);
        self.kept.insert(rank, (row, text[..end].to_owned()));
        if self.kept.len() > Self::MOST {
            self.kept.pop_last();
        }
    }

    /// The rows that are kept and the heads of their texts, in the order of the rows.
    pub fn texts(&self) -> Vec<(usize, &str)> {
        let mut texts: Vec<(usize, &str)> = self.kept.values().map(|(row, text)| (*row, text.as_str())).collect();
        texts.sort_unstable_by_key(|(row, _)| *row);
        texts
    }
}

/// A different number for each row, without order (the finalizer of splitmix64; Steele, Lea and Flood 2014).
fn rank(row: u64) -> u64 {
    let mut x = row.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(rows: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut sample = Sample::default();
        rows.for_each(|row| sample.add(row, "نص"));
        sample.texts().iter().map(|(row, _)| *row).collect()
    }

    #[test]
    fn few_texts_are_all_kept() {
        assert_eq!(sample(0..Sample::MOST), (0..Sample::MOST).collect::<Vec<_>>());
    }

    #[test]
    fn which_are_kept_does_not_hang_on_the_order_and_spreads_over_the_run() {
        let forth = sample(0..10_000);
        assert_eq!(forth, sample((0..10_000).rev()));
        assert_eq!(forth.len(), Sample::MOST);
        for quarter in 0..4 {
            let range = quarter * 2500..(quarter + 1) * 2500;
            let there = forth.iter().filter(|row| range.contains(*row)).count();
            assert!((25..=75).contains(&there), "{there} of {} rows in {range:?}", Sample::MOST);
        }
    }

    #[test]
    fn long_texts_are_cut_between_letters() {
        let mut sample = Sample::default();
        sample.add(0, &"م".repeat(Sample::LONGEST + 5));
        assert_eq!(sample.texts()[0].1.chars().count(), Sample::LONGEST);
    }
}
