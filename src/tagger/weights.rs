//! The weights of a model: read from a file, looked up by feature.
//!
//! Input: the bytes of a file that `make train` has written. Output: [`Weights`]. Contract: a file that is cut short,
//! changed in one bit or of another version is an error that names it, never a model. The form, little endian:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | "MARSADTG" |
//! | 4 | version of the form and of the features ([`VERSION`]) |
//! | 8 | checksum of all that follows, FNV-1a of 64 bits |
//! | 4 | how many weights' worth one unit of score is, a 32-bit float |
//! | a table for each [`Register`] | number of features (4), transitions (2 each), keys in rising order (4 each), weights (1 each) |

use std::path::Path;

use super::{LABELS, Register};
use crate::error::{Error, Result};

/// The version of the form and of the features; a file of another one is refused.
pub const VERSION: u32 = 1;

const MAGIC: &[u8; 8] = b"MARSADTG";

/// Labels, padded to a vector register.
pub(super) const WIDTH: usize = 16;

/// One register's weights before they are written.
#[derive(Debug, Clone, Default)]
pub struct Trained {
    /// From label to label, row after row.
    pub transitions: Vec<i16>,
    /// Key and weights of each feature, in rising order of keys.
    pub features: Vec<(u32, [i8; LABELS])>,
}

/// One register's weights, ready for look-ups.
#[derive(Debug)]
pub(super) struct Table {
    pub transitions: [[i32; WIDTH]; LABELS],
    /// The same as factors.
    pub steps: [[f32; WIDTH]; LABELS],
    /// Places in `rows`, one more than they are; 0 for an empty slot.
    slots: Vec<(u32, u32)>,
    rows: Vec<[i8; WIDTH]>,
    mask: usize,
    /// A bit for each key, which most features that have no weights do not find set.
    filter: Vec<u64>,
}

/// Bits of a place in the filter.
const FILTER: u32 = 21;

/// The word and bit of the filter for a key.
#[inline]
fn filter_place(key: u32) -> (usize, u64) {
    let place = key >> (32 - FILTER);
    ((place >> 6) as usize, 1 << (place & 63))
}

/// A model's weights.
#[derive(Debug)]
pub struct Weights {
    pub(super) tables: Vec<Table>,
    /// What a label weighs by how much its score is less than the best one's.
    pub(super) powers: Vec<f32>,
    checksum: u64,
}

/// The key by which a feature is looked up.
#[inline]
pub fn key(feature: u64) -> u32 {
    (feature >> 32) as u32
}

/// FNV-1a of 64 bits (Fowler, Noll and Vo).
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

/// The bytes of a file of these weights.
pub fn write(tables: &[Trained], scale: f32) -> Vec<u8> {
    let mut body = scale.to_le_bytes().to_vec();
    for table in tables {
        body.extend((table.features.len() as u32).to_le_bytes());
        body.extend(table.transitions.iter().flat_map(|weight| weight.to_le_bytes()));
        body.extend(table.features.iter().flat_map(|(key, _)| key.to_le_bytes()));
        body.extend(table.features.iter().flat_map(|(_, weights)| weights.map(i8::cast_unsigned)));
    }
    let mut file = MAGIC.to_vec();
    file.extend(VERSION.to_le_bytes());
    file.extend(checksum(&body).to_le_bytes());
    file.extend(body);
    file
}

/// Takes bytes off the front of a file.
struct Cursor<'b> {
    bytes: &'b [u8],
}

impl<'b> Cursor<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
}

impl Weights {
    /// Reads a file's bytes; `path` is named in errors.
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self> {
        let fault = |message: String| Err(Error::data(path, 1, message));
        let mut cursor = Cursor { bytes };
        if cursor.array() != Some(*MAGIC) {
            return fault("this is no file of tagger weights; `make train` writes one".to_owned());
        }
        let (Some(version), Some(noted)) = (cursor.array().map(u32::from_le_bytes), cursor.array().map(u64::from_le_bytes))
        else {
            return fault(format!("the file of tagger weights ends after {} bytes; get it again", bytes.len()));
        };
        if version != VERSION {
            return fault(format!(
                "tagger weights of version {version}, where this build reads version {VERSION}; train them again with `make train`"
            ));
        }
        let found = checksum(cursor.bytes);
        if found != noted {
            return fault(format!(
                "the checksum of the tagger weights is {found:016x} where the file notes {noted:016x}: it is damaged, get it again"
            ));
        }
        match Self::body(cursor, found) {
            Some(weights) => Ok(weights),
            None => fault(format!("the file of tagger weights (checksum {found:016x}) does not hold what its head says")),
        }
    }

    fn body(mut cursor: Cursor<'_>, checksum: u64) -> Option<Self> {
        let scale = f32::from_le_bytes(cursor.array()?);
        let mut tables = Vec::new();
        for _ in Register::ALL {
            let count = u32::from_le_bytes(cursor.array()?) as usize;
            let mut transitions = [[0; WIDTH]; LABELS];
            for row in &mut transitions {
                for weight in row.iter_mut().take(LABELS) {
                    *weight = i32::from(i16::from_le_bytes(cursor.array()?));
                }
            }
            let keys = cursor.take(count.checked_mul(4)?)?;
            let weights = cursor.take(count.checked_mul(LABELS)?)?;
            let mut table = Table::new(transitions, scale, count);
            for (key, weights) in keys.chunks_exact(4).zip(weights.chunks_exact(LABELS)) {
                let mut row = [0; WIDTH];
                row.iter_mut().zip(weights).for_each(|(to, from)| *to = from.cast_signed());
                table.insert(u32::from_le_bytes(key.try_into().ok()?), row);
            }
            tables.push(table);
        }
        (cursor.bytes.is_empty() && scale.is_finite() && scale > 0.0).then(|| Self { tables, powers: super::decode::powers(scale), checksum })
    }

    /// The checksum of the file.
    pub fn checksum(&self) -> u64 {
        self.checksum
    }

    /// How many features have weights, register by register.
    pub fn features(&self) -> impl Iterator<Item = usize> + '_ {
        self.tables.iter().map(|table| table.rows.len())
    }
}

impl Table {
    fn new(transitions: [[i32; WIDTH]; LABELS], scale: f32, count: usize) -> Self {
        let slots = (count * 2).next_power_of_two().max(2);
        let steps = super::decode::steps(&transitions, scale);
        Self { transitions, steps, slots: vec![(0, 0); slots], rows: Vec::with_capacity(count), mask: slots - 1, filter: vec![0; 1 << (FILTER - 6)] }
    }

    fn insert(&mut self, key: u32, row: [i8; WIDTH]) {
        self.rows.push(row);
        let (word, bit) = filter_place(key);
        self.filter[word] |= bit;
        let mut at = key as usize & self.mask;
        while self.slots[at].1 != 0 {
            at = (at + 1) & self.mask;
        }
        self.slots[at] = (key, self.rows.len() as u32);
    }

    /// Adds the weights of a feature to the scores of the labels.
    #[inline]
    pub fn add(&self, feature: u64, sum: &mut [i16; WIDTH]) {
        if let Some(weights) = self.get(feature) {
            sum.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i16::from(*weight));
        }
    }

    /// The weights of a feature for each label.
    #[inline]
    fn get(&self, feature: u64) -> Option<&[i8; WIDTH]> {
        let key = key(feature);
        let (word, bit) = filter_place(key);
        if self.filter[word] & bit == 0 {
            return None;
        }
        let mut at = key as usize & self.mask;
        loop {
            match self.slots[at] {
                (_, 0) => return None,
                (known, row) if known == key => return Some(&self.rows[row as usize - 1]),
                _ => at = (at + 1) & self.mask,
            }
        }
    }
}
