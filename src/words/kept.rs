//! What one thread has worked out of words, kept from one text to the next.
//!
//! Input: a word's key and how its value is made. Output: the value's place. Contract: a kept value is the one that
//! would be made; places hold until the next text begins; memory is bounded by twice [`FULL`] words and those of one
//! text. Words live in two generations: a full one becomes the old one, and a word of the old one that is met again
//! comes over, so common words stay and rare ones go.

use rustc_hash::FxHashMap;

/// A generation is full with so many words: what a hash map holds before it doubles.
const FULL: usize = (1 << 15) / 8 * 7;

/// Values of words, in two generations.
#[derive(Debug)]
pub struct Kept<V> {
    young: Generation<V>,
    old: Generation<V>,
}

#[derive(Debug)]
struct Generation<V> {
    places: FxHashMap<u64, u32>,
    values: Vec<V>,
}

impl<V> Default for Generation<V> {
    fn default() -> Self {
        Self { places: FxHashMap::default(), values: Vec::new() }
    }
}

impl<V> Default for Kept<V> {
    fn default() -> Self {
        Self { young: Generation::default(), old: Generation::default() }
    }
}

impl<V: Copy> Kept<V> {
    /// Makes room before a text begins; places from before hold no longer.
    pub fn begin(&mut self) {
        if self.young.values.len() < FULL {
            return;
        }
        std::mem::swap(&mut self.young, &mut self.old);
        if self.young.values.capacity() > 2 * FULL {
            self.young = Generation::default();
        }
        self.young.places.clear();
        self.young.values.clear();
    }

    /// The place of a key's value among [`Kept::values`], which is made if neither generation has it.
    #[inline]
    pub fn place(&mut self, key: u64, make: impl FnOnce() -> V) -> u32 {
        let Self { young, old } = self;
        *young.places.entry(key).or_insert_with(|| {
            let known = old.places.get(&key).map(|place| old.values[*place as usize]);
            young.values.push(known.unwrap_or_else(make));
            young.values.len() as u32 - 1
        })
    }

    /// The values of the words of this text, and of some before it.
    #[inline]
    pub fn values(&self) -> &[V] {
        &self.young.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_stay_and_memory_is_bounded() {
        let mut kept = Kept::default();
        let mut made = 0;
        let mut value = |kept: &mut Kept<u64>, key: u64| {
            let place = kept.place(key, || {
                made += 1;
                key + 1
            });
            assert_eq!(kept.values()[place as usize], key + 1);
            made
        };
        let texts = 10 * FULL as u64 / 100;
        for text in 0..texts {
            kept.begin();
            let before = value(&mut kept, 0);
            assert_eq!(before, value(&mut kept, 0));
            (1..100).for_each(|word| _ = value(&mut kept, text * 100 + word));
            assert!(kept.young.values.len() <= FULL + 100 && kept.old.values.len() <= FULL + 100);
        }
        assert_eq!(value(&mut kept, 0), 1 + texts * 99);
    }

    #[test]
    fn what_one_long_text_took_is_given_back() {
        let mut kept = Kept::default();
        (0..5 * FULL as u64).for_each(|key| _ = kept.place(key, || key));
        for _ in 0..2 {
            kept.begin();
            (0..FULL as u64).for_each(|key| _ = kept.place(key, || key));
        }
        kept.begin();
        assert!(kept.young.values.capacity() <= 2 * FULL && kept.old.values.capacity() <= 2 * FULL);
    }
}
