//! Elongation, after the fact: a letter three times in a row is written once.
//!
//! Input: normalized bytes with every letter still as often as the text has it. Output: the same bytes without the
//! surplus. Contract: what the engine leaves that cuts while it writes, where no mark has joined a letter.

/// Bytes that are looked through at once.
const BLOCK: usize = 32;
/// A letter three times.
const TRIPLE: usize = 6;

/// Cuts the letters of two bytes that `shortened` names, and says how many bytes are left.
pub(super) fn cut(bytes: &mut [u8], shortened: impl Fn(char) -> bool) -> usize {
    let (mut read, mut at) = (0, 0);
    while let Some(first) = triple(bytes, read) {
        bytes.copy_within(read..first, at);
        at += first - read;
        let letter = [bytes[first], bytes[first + 1]];
        let times = bytes[first..].chunks_exact(2).take_while(|&pair| pair == letter).count();
        let c = char::from_u32(u32::from(letter[0] & 0x1F) << 6 | u32::from(letter[1] & 0x3F));
        let left = if c.is_some_and(&shortened) { 1 } else { times };
        read = first + 2 * times;
        bytes.copy_within(first..first + 2 * left, at);
        at += 2 * left;
    }
    if read == 0 {
        return bytes.len();
    }
    bytes.copy_within(read.., at);
    at + bytes.len() - read
}

/// Where the first character of two bytes begins, from `from` on, that stands three times in a row.
fn triple(bytes: &[u8], from: usize) -> Option<usize> {
    let mut start = from;
    while let Some(window) = bytes.get(start..).and_then(|rest| rest.first_chunk::<{ BLOCK + TRIPLE }>()) {
        let mut any = 0;
        for i in 0..BLOCK {
            any |= u8::from(is_triple(&window[i..]));
        }
        if any != 0 {
            break;
        }
        start += BLOCK;
    }
    (start..(bytes.len() + 1).saturating_sub(TRIPLE)).find(|&place| is_triple(&bytes[place..]))
}

/// True where the bytes begin with a character of two bytes, three times.
#[inline(always)]
fn is_triple(bytes: &[u8]) -> bool {
    let same = |i: usize| (bytes[i] == bytes[i + 2]) & (bytes[i] == bytes[i + 4]);
    (bytes[0] >= 0xC0) & same(0) & same(1)
}
