//! Thirty-two bytes at a time, where all of them are common letters, blanks between words and ASCII.
//!
//! Input: a composed table and a text. Output: the bytes that the table gives, for as many of a block's first bytes
//! as keep their number. Contract: what [`Block::run`] says it has written is what the engine would write letter by
//! letter. The loops are over arrays of fixed length and have no branches, so that the compiler makes vectors of them.

use super::table::Table;

/// Bytes of a block.
pub(super) const BLOCK: usize = 32;
/// Bytes that a block reads: itself, the one before and the one after.
pub(super) const WINDOW: usize = BLOCK + 2;

/// The letters and signs that Arabic text consists of.
const COMMON: &str = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي،";

/// One byte, as often as a block has places: loading it so is cheaper than spreading it out for each block.
type Lane = [u8; BLOCK];

/// What becomes of the common letters with one first byte, by their second byte.
#[derive(Debug, Clone)]
struct Letters<const SWAPS: usize> {
    lead: Lane,
    /// The first second byte that may pass, and how many after it.
    passes: [(Lane, Lane); 2],
    /// A second byte, and what it is xored with.
    swaps: [(Lane, Lane); SWAPS],
}

/// The table's common letters.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// U+0600..U+063F.
    upper: Letters<4>,
    /// U+0640..U+067F.
    lower: Letters<1>,
    /// The second byte of the letter of `upper` that moves to `lower`.
    moves: Lane,
    /// The blank, where a second one after it is dropped; else a byte that UTF-8 never has.
    single: Lane,
    /// True where a blank after a blank is dropped.
    pub squeeze: bool,
}

impl Block {
    /// The table's common letters; none where it changes ASCII letters.
    pub fn of(table: &Table) -> Option<Self> {
        if table.ascii[0x21..0x7F].contains(&true) {
            return None;
        }
        let squeeze = table.squeeze;
        if table.ascii[0x20] && !squeeze {
            return None;
        }
        let mut block = Self {
            upper: Letters::of(0xD8),
            lower: Letters::of(0xD9),
            moves: [0; BLOCK],
            single: [if squeeze { b' ' } else { 0xFF }; BLOCK],
            squeeze,
        };
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        for letter in COMMON.chars() {
            let mut buffer = [0; 2];
            letter.encode_utf8(&mut buffer);
            let [lead, second] = buffer;
            let Some([to_lead, to]) = table.pair(letter) else { continue };
            let passes = match (lead, to_lead) {
                (0xD8, 0xD8) => block.upper.swap(second, to),
                (0xD9, 0xD9) => block.lower.swap(second, to),
                (0xD8, 0xD9) if block.moves[0] == 0 && block.upper.swap(second, to) => {
                    block.moves = [second; BLOCK];
                    true
                }
                _ => false,
            };
            if passes {
                if lead == 0xD8 { upper.push(second) } else { lower.push(second) }
            }
        }
        block.upper.passes = longest_runs(upper);
        block.lower.passes = longest_runs(lower);
        Some(block)
    }

    /// Writes the block that the window holds and says how many bytes of it count: whole letters, up to the first
    /// byte that is for the engine.
    #[inline]
    pub fn run(&self, window: &[u8; WINDOW], out: &mut [u8; BLOCK]) -> usize {
        let (mut before, mut bytes, mut after) = ([0; BLOCK], [0; BLOCK], [0; BLOCK]);
        before.copy_from_slice(&window[..BLOCK]);
        bytes.copy_from_slice(&window[1..=BLOCK]);
        after.copy_from_slice(&window[2..]);
        let mut good = [0u8; BLOCK];
        for i in 0..BLOCK {
            let byte = bytes[i];
            let printable = u8::from(byte.wrapping_sub(0x20) < 0x5F);
            let lead = u8::from(byte & 0xFE == 0xD8);
            let doubled = u8::from(byte == self.single[i]) & u8::from(before[i] == b' ');
            let (upper, up) = self.upper.letter(i, before[i], byte);
            let (lower, low) = self.lower.letter(i, before[i], byte);
            let moved = u8::from(byte == 0xD8) & u8::from(after[i] == self.moves[i]);
            good[i] = (printable | lead | up | low) & (doubled ^ 1);
            out[i] = byte ^ upper ^ lower ^ moved;
        }
        let first = first_zero(&good);
        match bytes.get(first) {
            None => BLOCK - usize::from(bytes[BLOCK - 1] & 0xFE == 0xD8),
            Some(byte) if byte & 0xC0 == 0x80 => first.saturating_sub(1),
            Some(_) => first,
        }
    }
}

impl<const SWAPS: usize> Letters<SWAPS> {
    fn of(lead: u8) -> Self {
        let none = ([0; BLOCK], [0; BLOCK]);
        Self { lead: [lead; BLOCK], passes: [none; 2], swaps: [none; SWAPS] }
    }

    /// Takes note of what the letter with this second byte becomes, if there is room.
    fn swap(&mut self, second: u8, to: u8) -> bool {
        if second == to {
            return true;
        }
        let free = self.swaps.iter_mut().find(|(from, _)| from[0] == 0);
        free.map(|place| *place = ([second; BLOCK], [second ^ to; BLOCK])).is_some()
    }

    /// What a second byte is xored with, and 1 if its letter passes.
    #[inline(always)]
    fn letter(&self, place: usize, before: u8, byte: u8) -> (u8, u8) {
        let mine = u8::from(before == self.lead[place]);
        let mut change = 0;
        for (from, flip) in &self.swaps {
            change |= u8::from(byte == from[place]).wrapping_neg() & flip[place];
        }
        let mut passes = 0;
        for (first, more) in &self.passes {
            passes |= u8::from(byte.wrapping_sub(first[place]) <= more[place]);
        }
        (change & mine.wrapping_neg(), passes & mine)
    }
}

/// The place of the first zero among zeros and ones.
fn first_zero(flags: &[u8; BLOCK]) -> usize {
    for (place, eight) in flags.chunks_exact(8).enumerate() {
        let word = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
        let zeros = word ^ 0x0101_0101_0101_0101;
        if zeros != 0 {
            return place * 8 + (zeros.trailing_zeros() / 8) as usize;
        }
    }
    BLOCK
}

/// The two longest runs of neighbours, each as its first and how many follow it. No second byte is zero.
fn longest_runs(mut seconds: Vec<u8>) -> [(Lane, Lane); 2] {
    seconds.sort_unstable();
    let mut runs: Vec<(u8, u8)> = Vec::new();
    for second in seconds {
        match runs.last_mut() {
            Some((first, more)) if *first + *more + 1 == second => *more += 1,
            _ => runs.push((second, 0)),
        }
    }
    runs.sort_by_key(|(_, more)| std::cmp::Reverse(*more));
    runs.resize(2, (0, 0));
    [runs[0], runs[1]].map(|(first, more)| ([first; BLOCK], [more; BLOCK]))
}
