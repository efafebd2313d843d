//! Sets of classes, one bit a class.
//!
//! Input: numbers of classes. Output: [`Classes`]. Contract: a set holds any of the first [`Classes::ROOM`] classes.

use std::ops::{BitOr, BitOrAssign};

/// How many words of 64 bits hold a set.
const WORDS: usize = 3;

/// A set of classes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::date) struct Classes([u64; WORDS]);

impl Classes {
    /// No class.
    pub const NONE: Classes = Classes([0; WORDS]);

    /// How many classes there is room for.
    pub const ROOM: usize = WORDS * 64;

    /// The set of one class.
    #[inline]
    pub fn only(class: u8) -> Self {
        let mut set = Self::NONE;
        set.add(class);
        set
    }

    #[inline]
    pub fn add(&mut self, class: u8) {
        self.0[usize::from(class >> 6)] |= 1 << (class & 63);
    }

    #[inline]
    pub fn has(self, class: u8) -> bool {
        self.0[usize::from(class >> 6)] >> (class & 63) & 1 == 1
    }

    #[inline]
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// True if the sets share a class.
    #[inline]
    pub fn meets(self, other: Classes) -> bool {
        self.0.iter().zip(other.0).any(|(mine, its)| mine & its != 0)
    }

    /// The classes that both sets hold, in order.
    pub fn shared(self, other: Classes) -> impl Iterator<Item = u8> {
        self.0.into_iter().zip(other.0).enumerate().flat_map(|(at, (mine, its))| {
            let mut rest = mine & its;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some((at * 64) as u8 + bit as u8)
            })
        })
    }
}

impl BitOr for Classes {
    type Output = Classes;

    #[inline]
    fn bitor(mut self, other: Classes) -> Classes {
        self |= other;
        self
    }
}

impl BitOrAssign for Classes {
    #[inline]
    fn bitor_assign(&mut self, other: Classes) {
        for (mine, its) in self.0.iter_mut().zip(other.0) {
            *mine |= its;
        }
    }
}
