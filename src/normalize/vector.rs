//! Thirty-two bytes at a time with AVX2: letters, marks, digits and blanks, in one go.
//!
//! Input: a composed table and a text. Output: the bytes that the table gives, up to the first character that is for
//! the engine, and their edits where asked. Contract: what [`Vector::run`] has written and recorded is what the
//! engine would letter by letter; a `Vector` exists only where the processor has what it needs.
//!
//! A second byte of U+0600..U+067F lies in one of eight rows: two lead bytes, four high halves. A row is a bit, so
//! that any set of letters is one shuffle by the low half and one `and`.

use std::arch::x86_64::*;

use super::table::{RARE, Table};
use crate::offset::OffsetMap;
use crate::span::{NormSpan, SourceSpan};

/// Bytes that are read and written at once.
pub(super) const WIDTH: usize = 32;

/// A byte for each low half of a second byte.
type Halves = [u8; 16];

/// What a row's second bytes are xored with: the low six bits of a flip. Its top two bits say what becomes of the lead
/// byte: [`MOVED`], [`ASCII`], [`GONE`] or nothing.
type Flips = (u8, Halves);
/// The lead byte becomes the other one.
const MOVED: u8 = 0x40;
/// The lead byte goes, the second becomes ASCII.
const ASCII: u8 = 0x80;
/// Both go.
const GONE: u8 = 0xC0;

/// What follows the end of a text: UTF-8 never has this byte.
const END: u8 = 0xFF;

/// Letters and marks whose rows are looked up in each block; other rows only where one of their letters stands.
const COMMON: &str = "آأؤإئةىي،\u{64B}\u{64C}\u{64D}\u{64E}\u{64F}\u{650}\u{651}\u{652}";

/// The table's letters of U+0600..U+067F and its blanks.
#[derive(Debug, Clone)]
pub(super) struct Vector {
    /// The rows in which the low half belongs to a letter that needs no engine.
    known: Halves,
    /// The common rows in which something changes, by the row's bit: three or four, some of them none.
    flips: Vec<Flips>,
    /// The others.
    rare_flips: Vec<Flips>,
    /// The bits of the others.
    rare: u8,
    /// ASCII bytes above this one stay; 0xFF is less than all of them.
    floor: u8,
    /// True where a run of blanks leaves one.
    squeeze: bool,
}

/// How far a text was read and the output written.
pub(super) struct Reached {
    pub read: usize,
    pub at: usize,
}

impl Vector {
    /// The table's letters; none where it changes ASCII letters, or where the processor lacks AVX2.
    pub fn of(table: &Table) -> Option<Self> {
        let able = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        let squeeze = table.squeeze;
        if !able || table.ascii[0x21..].contains(&true) || (table.ascii[..0x21].contains(&true) && !squeeze) {
            return None;
        }
        let mut vector = Self {
            known: [0; 16],
            flips: Vec::new(),
            rare_flips: Vec::new(),
            rare: 0,
            floor: if squeeze { 0x1F } else { 0xFF },
            squeeze,
        };
        for (row, letters) in table.arabic[..128].chunks_exact(16).enumerate() {
            let mut flips = [0; 16];
            let mut common = false;
            for (half, &packed) in letters.iter().enumerate() {
                let lead = 0xD8 | (row / 4) as u8;
                let second = 0x80 | (row as u8 & 3) << 4 | half as u8;
                let [first, next, length, _] = packed.to_le_bytes();
                let flip = match length {
                    _ if packed == RARE => None,
                    0 => Some(GONE),
                    1 => (0x21..0x40).contains(&first).then_some(second ^ first | ASCII),
                    _ if first & 0xFE != 0xD8 => None,
                    _ => Some(second ^ next | if first == lead { 0 } else { MOVED }),
                };
                if let Some(flip) = flip {
                    vector.known[half] |= 1 << row;
                    flips[half] = flip;
                    common |= flip != 0 && COMMON.as_bytes().chunks_exact(2).any(|pair| pair == [lead, second]);
                }
            }
            if common {
                vector.flips.push((1 << row, flips));
            } else if flips != [0; 16] {
                vector.rare_flips.push((1 << row, flips));
                vector.rare |= 1 << row;
            }
        }
        let rows = if vector.flips.len() <= 3 { 3 } else { 4 };
        vector.flips.resize(rows, (0, [0; 16]));
        Some(vector)
    }

    /// Normalizes `text[i..]` onto `out[at..]`, up to the first character that is for the engine. The text's output
    /// begins at `base`; `out` has room for the rest of the text and [`WIDTH`] bytes more.
    #[inline]
    pub fn run<const TRACK: bool>(
        &self,
        text: &str,
        i: usize,
        out: &mut [u8],
        base: usize,
        at: usize,
        map: &mut OffsetMap,
    ) -> Reached {
        let text = text.as_bytes();
        let reached = self.dispatch::<TRACK>(text, 0, i, out, base, at, map);
        let rest = &text[reached.read..];
        if rest.is_empty() || rest.len() >= WIDTH {
            return reached;
        }
        let mut end = [END; WIDTH];
        end[..rest.len()].copy_from_slice(rest);
        let origin = reached.read;
        let reached = self.dispatch::<TRACK>(&end, origin, 0, out, base, reached.at, map);
        Reached { read: origin + reached.read, at: reached.at }
    }

    #[expect(clippy::too_many_arguments, reason = "the state of the engine's loop, in registers")]
    #[inline]
    fn dispatch<const TRACK: bool>(
        &self,
        text: &[u8],
        origin: usize,
        i: usize,
        out: &mut [u8],
        base: usize,
        at: usize,
        map: &mut OffsetMap,
    ) -> Reached {
        // SAFETY: `of` has made sure of the features.
        unsafe {
            match (self.flips.len(), self.squeeze) {
                (3, false) => self.blocks::<TRACK, 3, false>(text, origin, i, out, base, at, map),
                (3, true) => self.blocks::<TRACK, 3, true>(text, origin, i, out, base, at, map),
                (_, false) => self.blocks::<TRACK, 4, false>(text, origin, i, out, base, at, map),
                (_, true) => self.blocks::<TRACK, 4, true>(text, origin, i, out, base, at, map),
            }
        }
    }

    /// The whole blocks of `text[i..]`, which begins at `origin` in the source.
    #[expect(clippy::too_many_arguments, reason = "the state of the engine's loop, in registers")]
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    fn blocks<const TRACK: bool, const ROWS: usize, const SQUEEZE: bool>(
        &self,
        text: &[u8],
        origin: usize,
        mut i: usize,
        out: &mut [u8],
        base: usize,
        mut at: usize,
        map: &mut OffsetMap,
    ) -> Reached {
        let flips: &[Flips; ROWS] = self.flips.as_slice().try_into().expect("as many as `run` has counted");
        let flips = flips.each_ref().map(|(bit, flips)| (every(*bit), halves(flips)));
        let zero = _mm256_setzero_si256();
        let known = halves(&self.known);
        let rare = every(self.rare);
        let rows = halves(&[0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x22, 0x44, 0x88, 0, 0, 0, 0]);
        let leads = halves(&[0x0F, 0xF0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let floor = every(self.floor);
        // Whether the output ends with a blank, as the lowest bit.
        let mut after_blank = u64::from(SQUEEZE && (at == base || matches!(out[at - 1], b' ' | b'\n')));

        while let Some(block) = text.get(i..).and_then(<[u8]>::first_chunk) {
            let bytes = load(block);
            let before = _mm256_alignr_epi8::<15>(bytes, _mm256_permute2x128_si256::<0x08>(bytes, bytes));
            // Above 15 the sum has the top bit, and the shuffle gives zero.
            let of_lead = _mm256_adds_epu8(_mm256_xor_si256(before, every(0xD8)), every(0x70));
            let half = _mm256_and_si256(bytes, every(0x0F));
            let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), every(0x0F));
            let row = _mm256_and_si256(_mm256_shuffle_epi8(rows, high), _mm256_shuffle_epi8(leads, of_lead));
            let lead = _mm256_cmpeq_epi8(_mm256_and_si256(bytes, every(0xFE)), every(0xD8));
            let mut fine = _mm256_or_si256(_mm256_cmpgt_epi8(bytes, floor), lead);
            let (is_space, is_line) = (_mm256_cmpeq_epi8(bytes, every(b' ')), _mm256_cmpeq_epi8(bytes, every(b'\n')));
            if SQUEEZE {
                fine = _mm256_or_si256(fine, is_line);
            }
            let letter = _mm256_and_si256(_mm256_shuffle_epi8(known, half), row);
            let stop = bits(_mm256_andnot_si256(fine, _mm256_cmpeq_epi8(letter, zero)));
            // The next block's place hangs on one byte and not on all that is found out about this one: the
            // processor has begun with it before this one is done.
            let whole = WIDTH as u32 - u32::from(block[WIDTH - 1] & 0xFE == 0xD8);
            let mut length = if stop == 0 { whole } else { stops(stop, bits(lead)) };

            let mut flip = zero;
            for (bit, flips) in flips {
                let mine = _mm256_cmpeq_epi8(row, bit);
                flip = _mm256_or_si256(flip, _mm256_and_si256(mine, _mm256_shuffle_epi8(flips, half)));
            }
            if _mm256_testz_si256(row, rare) == 0 {
                for (bit, flips) in &self.rare_flips {
                    let mine = _mm256_cmpeq_epi8(row, every(*bit));
                    flip = _mm256_or_si256(flip, _mm256_and_si256(mine, _mm256_shuffle_epi8(halves(flips), half)));
                }
            }
            let moved = _mm256_and_si256(_mm256_srli_epi16::<6>(flip), every(1));
            let moved = _mm256_alignr_epi8::<1>(_mm256_permute2x128_si256::<0x81>(moved, moved), moved);
            let flipped = _mm256_xor_si256(bytes, _mm256_and_si256(flip, every(0xBF)));
            let written = _mm256_xor_si256(flipped, moved);

            let mut span = below(length);
            // Second bytes whose lead byte goes, and those among them that go too.
            let mut ended = bits(flip) & span;
            let gone = if ended == 0 { 0 } else { ended & bits(_mm256_slli_epi16::<1>(flip)) };
            let mut dropped = 0;
            let blanks = if SQUEEZE { bits(_mm256_or_si256(is_space, is_line)) & span } else { 0 };
            if SQUEEZE {
                let silent = blanks | gone | gone >> 1;
                if (blanks << 1 | after_blank) & silent != 0 {
                    // A line break takes the place of the space before it, which may be written already.
                    let spaces = bits(is_space) & span;
                    let after_space = u64::from(at > base && out[at - 1] == b' ');
                    let cut = blanks & !spaces & along(spaces << 1 | after_space, silent);
                    if cut != 0 {
                        length = cut.trailing_zeros();
                        span = below(length);
                        ended &= span;
                    }
                    dropped = blanks & along(blanks << 1 | after_blank, silent) & span;
                }
            }
            let room: &mut [u8; WIDTH] = out[at..].first_chunk_mut().expect("room for a block");
            if ended | dropped == 0 {
                store(written, room);
                at += length as usize;
                after_blank = blanks >> (length.wrapping_sub(1) & 63) & 1;
            } else {
                let gone = gone & span;
                let kept = span & !(gone | ended >> 1 | dropped);
                if TRACK {
                    let mut edits = (gone & !(gone >> 2)) | (ended & !gone) | dropped;
                    while edits != 0 {
                        let place = edits.trailing_zeros();
                        edits &= edits - 1;
                        let norm = at - base + (kept & below(place + 1)).count_ones() as usize;
                        let source = origin + i + place as usize + 1;
                        if kept >> place & 1 == 1 {
                            map.replace(NormSpan::new(norm - 1, norm), SourceSpan::new(source - 2, source));
                        } else {
                            map.resume(norm, source);
                        }
                    }
                }
                at += compress(written, kept, room);
                if kept != 0 {
                    after_blank = blanks >> (u64::BITS - 1 - kept.leading_zeros()) & 1;
                }
            }
            i += length as usize;
            if (length as usize) < WIDTH - 1 {
                break;
            }
        }
        Reached { read: i, at }
    }
}

/// The whole letters before the first byte that is for the engine: a lead byte stays with its second.
#[cold]
#[inline(never)]
fn stops(stop: u64, leads: u64) -> u32 {
    let length = stop.trailing_zeros();
    length - (leads << 1 >> length & 1) as u32
}

/// Ones below a place.
#[inline(always)]
fn below(place: u32) -> u64 {
    (1 << place) - 1
}

/// The places of `from`, and what follows them without a gap along `through`.
#[inline(always)]
fn along(from: u64, through: u64) -> u64 {
    (((from & through) + through) ^ through) | from
}

/// Which of the eight bytes stay, by a bit each, as places for a shuffle.
static SHUFFLES: [u64; 256] = {
    let mut shuffles = [u64::MAX; 256];
    let mut kept = 0;
    while kept < 256 {
        let (mut place, mut at) = (0, 0);
        while place < 8 {
            if kept >> place & 1 == 1 {
                shuffles[kept] = shuffles[kept] & !(0xFF << at) | (place as u64) << at;
                at += 8;
            }
            place += 1;
        }
        kept += 1;
    }
    shuffles
};

/// Writes the bytes that stay, one after another, and says how many.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn compress(bytes: __m256i, kept: u64, out: &mut [u8; WIDTH]) -> usize {
    let (low, high) = (_mm256_castsi256_si128(bytes), _mm256_extracti128_si256::<1>(bytes));
    let mut at = 0;
    for (place, half) in [low, _mm_unpackhi_epi64(low, low), high, _mm_unpackhi_epi64(high, high)].iter().enumerate() {
        let kept = (kept >> (8 * place) & 0xFF) as u8;
        let places = _mm_cvtsi64_si128(SHUFFLES[usize::from(kept)] as i64);
        let eight = _mm_cvtsi128_si64(_mm_shuffle_epi8(*half, places));
        out[at..at + 8].copy_from_slice(&eight.to_le_bytes());
        at += kept.count_ones() as usize;
    }
    at
}

#[target_feature(enable = "avx2")]
#[inline]
fn load(block: &[u8; WIDTH]) -> __m256i {
    // SAFETY: the reference holds for the bytes read; any alignment will do.
    unsafe { _mm256_loadu_si256(block.as_ptr().cast()) }
}

#[target_feature(enable = "avx2")]
#[inline]
fn store(bytes: __m256i, block: &mut [u8; WIDTH]) {
    // SAFETY: the reference holds for the bytes written; any alignment will do.
    unsafe { _mm256_storeu_si256(block.as_mut_ptr().cast(), bytes) }
}

#[target_feature(enable = "avx2")]
#[inline]
fn halves(halves: &Halves) -> __m256i {
    // SAFETY: the reference holds for the bytes read; any alignment will do.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(halves.as_ptr().cast()) })
}

#[target_feature(enable = "avx2")]
#[inline]
fn every(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte as i8)
}

/// The top bit of each byte.
#[target_feature(enable = "avx2")]
#[inline]
fn bits(bytes: __m256i) -> u64 {
    u64::from(_mm256_movemask_epi8(bytes) as u32)
}
