//! The weights of a model: read from a file, looked up by feature.
//!
//! Input: the bytes of a file that `make train` has written. Output: [`Weights`]. Contract: a file that is cut short,
//! changed in one bit or of another version is an error that names it, never a model. A feature has a weight for each
//! label but the first, which stands for no name and always scores nothing. The form, little endian:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | "MARSADTG" |
//! | 4 | version of the form and of the features ([`VERSION`]) |
//! | 8 | checksum of all that follows, FNV-1a of 64 bits |
//! | 4 | how many units of score are one natural unit, a 32-bit float |
//! | for each [`Register`] | number of features (4), scores of steps (2 each), keys in rising order, weights (1 each) |
//!
//! A key is written as its distance from the one before it, seven bits a byte, the last byte's highest bit clear.

use std::path::Path;

use super::{LABELS, Register};
use crate::error::{Error, Result};

/// The version of the form and of the features; a file of another one is refused.
pub const VERSION: u32 = 2;

const MAGIC: &[u8; 8] = b"MARSADTG";

/// So far at most from its own place a feature lies: with hashes as keys a few hundred slots, with others any number,
/// and then reading the file and looking up would take the square of its length.
const FARTHEST: usize = 4096;

/// The labels that a feature has weights for.
pub const NAMED: usize = LABELS - 1;

/// One register's weights before they are written.
#[derive(Debug, Clone, Default)]
pub struct Trained {
    /// From label to label, row after row.
    pub transitions: Vec<i16>,
    /// Key and weights of each feature, in rising order of keys.
    pub features: Vec<(u32, [i8; NAMED])>,
}

/// A slot of a table: four bytes of key and a weight for each label, one cache line's quarter.
type Slot = [i8; 16];

/// Bytes of a slot before its weights.
const KEY: usize = 4;

/// Sums of slots: what is above the key means nothing.
pub(super) type Sum = [i16; 16];

/// One register's weights, ready for look-ups.
#[derive(Debug)]
pub(super) struct Table {
    /// The score of each step from label to label.
    pub transitions: [[i32; LABELS]; LABELS],
    /// A bit for each key, which most features without weights do not find set.
    filter: Vec<u64>,
    slots: Vec<Slot>,
    shift: u32,
    features: usize,
}

/// A model's weights.
#[derive(Debug)]
pub struct Weights {
    pub(super) tables: Vec<Table>,
    /// How many units of score are one natural unit.
    pub(super) scale: f32,
    checksum: u64,
}

/// The key by which a feature is looked up; never 0, which an empty slot has.
#[inline]
pub fn key(feature: u64) -> u32 {
    ((feature >> 32) as u32).max(1)
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
        let mut before = 0;
        for (key, _) in &table.features {
            write_distance(key - before, &mut body);
            before = *key;
        }
        body.extend(table.features.iter().flat_map(|(_, weights)| weights.map(i8::cast_unsigned)));
    }
    sealed(&body)
}

/// A file with this body: what tells its form and checksum stands before it.
pub fn sealed(body: &[u8]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    file.extend(VERSION.to_le_bytes());
    file.extend(checksum(body).to_le_bytes());
    file.extend(body);
    file
}

fn write_distance(mut distance: u32, body: &mut Vec<u8>) {
    while distance > 0x7F {
        body.push(distance as u8 | 0x80);
        distance >>= 7;
    }
    body.push(distance as u8);
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

    fn distance(&mut self) -> Option<u32> {
        let mut distance = 0;
        for shift in (0..u32::BITS).step_by(7) {
            let [byte] = self.array()?;
            distance |= u32::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(distance);
            }
        }
        None
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
        let version = cursor.array().map(u32::from_le_bytes);
        let (Some(version), Some(noted)) = (version, cursor.array().map(u64::from_le_bytes)) else {
            return fault(format!("the file of tagger weights ends after {} bytes; get it again", bytes.len()));
        };
        if version != VERSION {
            return fault(format!(
                "tagger weights of version {version} (checksum {noted:016x}), where this build reads version {VERSION}; \
                 train them again with `make train`"
            ));
        }
        let found = checksum(cursor.bytes);
        if found != noted {
            return fault(format!(
                "the checksum of the tagger weights is {found:016x} where the file notes {noted:016x}: it is damaged, \
                 get it again"
            ));
        }
        match Self::body(cursor, found) {
            Some(weights) => Ok(weights),
            None => fault(format!("the tagger weights (checksum {found:016x}) do not hold what their head says")),
        }
    }

    fn body(mut cursor: Cursor<'_>, checksum: u64) -> Option<Self> {
        let scale = f32::from_le_bytes(cursor.array()?);
        let mut tables = Vec::new();
        for _ in Register::ALL {
            let count = u32::from_le_bytes(cursor.array()?) as usize;
            let mut transitions = [[0; LABELS]; LABELS];
            for weight in transitions.iter_mut().flatten() {
                *weight = i32::from(i16::from_le_bytes(cursor.array()?));
            }
            // Each key and its weights take a byte each at least.
            if count.checked_mul(1 + NAMED)? > cursor.bytes.len() {
                return None;
            }
            let mut key = 0u32;
            let keys = (0..count).map(|_| {
                key = key.checked_add(cursor.distance()?)?;
                Some(key)
            });
            let keys: Vec<u32> = keys.collect::<Option<_>>()?;
            let mut table = Table::new(transitions, count);
            for (key, weights) in keys.iter().zip(cursor.take(count * NAMED)?.chunks_exact(NAMED)) {
                if !table.insert(*key, weights) {
                    return None;
                }
            }
            tables.push(table);
        }
        (cursor.bytes.is_empty() && scale.is_finite() && scale > 0.0).then_some(Self { tables, scale, checksum })
    }

    /// The scores of the labels that features give, added up one by one: what the short cuts must come to.
    pub fn sum(&self, features: &[u64], register: Register) -> [i32; LABELS] {
        let mut sum = [0; 16];
        features.iter().for_each(|feature| self.tables[register as usize].add(*feature, &mut sum));
        scores(&sum)
    }

    /// The checksum of the file.
    pub fn checksum(&self) -> u64 {
        self.checksum
    }

    /// How many features have weights, register by register.
    pub fn features(&self) -> impl Iterator<Item = usize> + '_ {
        self.tables.iter().map(|table| table.features)
    }
}

/// So many features are sorted out at once.
const AT_ONCE: usize = 64;

/// Bits of a place in the filter.
const FILTER: u32 = 20;

/// The word and bit of the filter for a key.
#[inline]
fn filter_place(key: u32) -> (usize, u64) {
    let place = key & ((1 << FILTER) - 1);
    ((place >> 6) as usize, 1 << (place & 63))
}

impl Table {
    fn new(transitions: [[i32; LABELS]; LABELS], count: usize) -> Self {
        let bits = (count * 4 / 3).next_power_of_two().max(2).trailing_zeros();
        let slots = vec![[0; 16]; 1 << bits];
        Self { transitions, filter: vec![0; 1 << (FILTER - 6)], slots, shift: 32 - bits, features: count }
    }

    /// Enters a feature; false where so many lie before it that the keys are surely no hashes.
    fn insert(&mut self, key: u32, weights: &[u8]) -> bool {
        let (word, bit) = filter_place(key);
        self.filter[word] |= bit;
        let home = (key >> self.shift) as usize;
        let free = (home..home + FARTHEST).map(|at| at & (self.slots.len() - 1));
        let Some(at) = free.into_iter().find(|at| key_of(&self.slots[*at]) == 0) else { return false };
        let key = key.to_le_bytes();
        self.slots[at].iter_mut().zip(key.iter().chain(weights)).for_each(|(to, from)| *to = from.cast_signed());
        true
    }

    /// Adds the weights of a feature to the scores of the labels.
    #[inline]
    pub fn add(&self, feature: u64, sum: &mut Sum) {
        let key = key(feature);
        if self.passes(key) {
            self.add_key(key, sum);
        }
    }

    /// Adds the weights of features. First those that have none are sorted out, without a jump that a processor could
    /// guess wrong.
    pub fn add_all(&self, features: &[u64], sum: &mut Sum) {
        for features in features.chunks(AT_ONCE) {
            let mut keys = [0u32; AT_ONCE];
            let mut count = 0;
            for feature in features {
                keys[count] = key(*feature);
                count += usize::from(self.passes(keys[count]));
            }
            keys[..count].iter().for_each(|key| self.add_key(*key, sum));
        }
    }

    /// False for most keys that no slot has.
    #[inline]
    fn passes(&self, key: u32) -> bool {
        let (word, bit) = filter_place(key);
        self.filter[word] & bit != 0
    }

    #[inline]
    fn add_key(&self, key: u32, sum: &mut Sum) {
        let mut at = (key >> self.shift) as usize;
        loop {
            let slot = &self.slots[at];
            match key_of(slot) {
                0 => return,
                found if found == key => {
                    // The key's bytes are added too, to places that nobody reads: so the whole slot is one vector.
                    sum.iter_mut().zip(slot).for_each(|(sum, weight)| *sum = sum.wrapping_add(i16::from(*weight)));
                    return;
                }
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
    }
}

#[inline]
fn key_of(slot: &Slot) -> u32 {
    u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]].map(i8::cast_unsigned))
}

/// The score of each label that a sum holds.
#[inline]
pub(super) fn scores(sum: &Sum) -> [i32; LABELS] {
    let mut scores = [0; LABELS];
    scores[1..].iter_mut().zip(&sum[KEY..]).for_each(|(score, sum)| *score = i32::from(*sum));
    scores
}
