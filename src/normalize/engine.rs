//! The one pass over the bytes.
//!
//! Input: a composed [`Table`] and a text. Output: the normalized bytes, appended, and the edits of an
//! [`OffsetMap`] where asked. Contract: linear time, valid UTF-8, nothing written but what the table says.

use super::block::{BLOCK, Block, WINDOW};
use super::stretch;
use super::table::{Entry, RARE, Table};
#[cfg(target_arch = "x86_64")]
use super::vector::Vector;
use crate::offset::OffsetMap;
use crate::span::{NormSpan, SourceSpan};

/// Turns the engine's bytes into a string without a second validation.
pub(super) fn into_string(bytes: Vec<u8>) -> String {
    debug_assert!(std::str::from_utf8(&bytes).is_ok());
    // SAFETY: `run` copies whole characters of a `&str` and whole characters of the table's strings; the
    // property tests check its output with the standard library's validation.
    unsafe { String::from_utf8_unchecked(bytes) }
}

/// Normalizes `text` onto the end of `out`.
pub(super) fn run(table: &Table, text: &str, out: &mut Vec<u8>, map: Option<&mut OffsetMap>) {
    let end = write(table, text, out, out.len(), map);
    out.truncate(end);
}

/// Normalizes `text` into `out` from `base` on, makes it longer where there is no room, and says where the
/// normalized text ends. What `out` holds after that is of no use.
pub(super) fn write(table: &Table, text: &str, out: &mut Vec<u8>, base: usize, map: Option<&mut OffsetMap>) -> usize {
    let Some(map) = map else {
        let mut none = OffsetMap::default();
        if !table.shorten {
            return Pass::<false, false>::run(table, text, out, base, &mut none).at;
        }
        if table.cuts_after() {
            let pass = Pass::<false, false>::run(table, text, out, base, &mut none);
            if !pass.joins {
                let end = pass.at;
                return base + stretch::cut(&mut out[base..end], |letter| table.is_shortened(letter));
            }
        }
        return Pass::<false, true>::run(table, text, out, base, &mut none).at;
    };
    if table.shorten {
        Pass::<true, true>::run(table, text, out, base, map).at
    } else {
        Pass::<true, false>::run(table, text, out, base, map).at
    }
}

/// How many marks may stand between a letter and the mark that joins it.
pub(super) const MARKS_BACK: usize = 8;

/// The most bytes that go letter by letter after blocks that came to little.
const LONGEST_WAIT: usize = 512;

/// Bytes that the output has beyond its end, for blocks that are written whole.
pub(super) const ROOM: usize = BLOCK;

/// State of a pass. `TRACK` records edits; `SHORTEN` cuts elongated letters.
struct Pass<'a, const TRACK: bool, const SHORTEN: bool> {
    table: &'a Table,
    text: &'a str,
    out: &'a mut Vec<u8>,
    map: &'a mut OffsetMap,
    /// Where this text's output begins in `out`.
    base: usize,
    /// Where the next byte goes.
    at: usize,
    /// True once the text had a mark that joins letters.
    joins: bool,
    /// The letter that the output ends with, and how often it stood in the text in a row.
    run: (char, usize),
}

impl<'a, const TRACK: bool, const SHORTEN: bool> Pass<'a, TRACK, SHORTEN> {
    fn run(table: &'a Table, text: &'a str, out: &'a mut Vec<u8>, base: usize, map: &'a mut OffsetMap) -> Self {
        let mut pass = Self { table, text, out, map, base, at: base, joins: false, run: ('\0', 0) };
        pass.make_room(text.len());
        pass.go();
        pass.trim_end();
        pass
    }

    /// Sees to it that what is left of the text fits, and a block beyond it.
    fn make_room(&mut self, left: usize) {
        let least = self.at + left + ROOM;
        if self.out.len() < least {
            self.out.resize(least, 0);
        }
    }

    fn go(&mut self) {
        #[cfg(target_arch = "x86_64")]
        if let Some(vector) = self.table.vector.as_ref().filter(|_| !SHORTEN) {
            return self.vectors(vector);
        }
        let Some(block) = self.table.block.as_ref().filter(|_| !SHORTEN) else {
            self.letters(0, usize::MAX);
            return;
        };
        let mut i = self.letters(0, 1);
        let mut wait = 0;
        while i < self.text.len() {
            let good = self.block(block, i);
            i += good;
            if good >= BLOCK - 1 {
                continue;
            }
            wait = if good < BLOCK / 2 { (wait + BLOCK).min(LONGEST_WAIT) } else { 0 };
            i = self.letters(i, i + 1 + wait);
        }
    }

    /// All that the vectors can do, and the rest letter by letter.
    #[cfg(target_arch = "x86_64")]
    fn vectors(&mut self, vector: &Vector) {
        let (mut i, mut wait) = (0, 0);
        while i < self.text.len() {
            let reached = vector.run::<TRACK>(self.text, i, self.out, self.base, self.at, self.map);
            self.at = reached.at;
            wait = if reached.read - i < BLOCK / 2 { (wait + BLOCK / 2).min(LONGEST_WAIT) } else { 0 };
            i = self.letters(reached.read, reached.read + 1 + wait);
        }
    }

    /// Letter by letter from `i` to the first that begins at `until` or after it.
    fn letters(&mut self, mut i: usize, until: usize) -> usize {
        let bytes = self.text.as_bytes();
        let until = until.min(bytes.len());
        while i < until {
            let lead = bytes[i];
            if lead < 0x80 {
                if self.table.ascii[lead as usize] && !self.is_lone_blank(lead) {
                    i = self.rare(i);
                } else {
                    self.out[self.at] = lead;
                    self.at += 1;
                    i += 1;
                    if SHORTEN {
                        self.run.1 = 0;
                    }
                }
                continue;
            }
            if lead & 0xFC == 0xD8 && !SHORTEN {
                let packed = self.table.arabic[usize::from(lead & 3) << 6 | usize::from(bytes[i + 1] & 0x3F)];
                if packed != RARE {
                    let len = (packed >> 16) as usize;
                    self.out[self.at] = packed as u8;
                    self.out[self.at + 1] = (packed >> 8) as u8;
                    self.at += len;
                    i += 2;
                    if TRACK && len != 2 {
                        self.note(len, i - 2, i);
                    }
                    continue;
                }
            }
            i = self.rare(i);
        }
        i
    }

    /// Writes the whole letters at the head of the block at `i` that need nothing but the block's own rules, and
    /// gives their length.
    #[inline]
    fn block(&mut self, block: &Block, i: usize) -> usize {
        let Some(window) = self.text.as_bytes().get(i - 1..i + BLOCK + 1) else { return 0 };
        // What stands before a blank may be deleted, and a blank before that still be the last byte written.
        if block.squeeze
            && window[1] == b' '
            && matches!(self.out[self.base..self.at].last(), None | Some(b' ' | b'\n'))
        {
            return 0;
        }
        let window: &[u8; WINDOW] = window.try_into().expect("a window's length");
        let out: &mut [u8; BLOCK] = (&mut self.out[self.at..self.at + BLOCK]).try_into().expect("a block's length");
        let good = block.run(window, out);
        self.at += good;
        good
    }

    /// True for a blank after a letter, which stays.
    #[inline]
    fn is_lone_blank(&self, byte: u8) -> bool {
        byte == b' ' && self.table.squeeze && self.at > self.base && !matches!(self.out[self.at - 1], b' ' | b'\n')
    }

    /// Records that the last `len` bytes written stand for the source bytes `from..to`.
    fn note(&mut self, len: usize, from: usize, to: usize) {
        let several = len > 2 && self.out[self.at - len..self.at].iter().filter(|&&b| b & 0xC0 != 0x80).count() > 1;
        if TRACK && (several || len != to - from) {
            let end = self.at - self.base;
            self.map.replace(NormSpan::new(end - len, end), SourceSpan::new(from, to));
        }
    }

    /// One character that is not a plain letter: returns where the next one begins.
    #[inline(never)]
    fn rare(&mut self, i: usize) -> usize {
        let c = self.text[i..].chars().next().expect("on a character boundary");
        let next = i + c.len_utf8();
        match self.table.entry(c) {
            None => self.write(c.encode_utf8(&mut [0; 4]), i, next),
            Some(Entry::Text(text)) => self.write(text, i, next),
            Some(Entry::Space) => self.blank(b' ', i, next),
            Some(Entry::Line) => self.blank(b'\n', i, next),
            Some(Entry::Join(alone)) => {
                self.joins = true;
                if !self.join(c, next) {
                    self.write(alone, i, next);
                }
            }
        }
        next
    }

    /// Writes what the source bytes `from..to` became.
    fn write(&mut self, text: &str, from: usize, to: usize) {
        self.make_room(text.len() + self.text.len() - to);
        self.out[self.at..self.at + text.len()].copy_from_slice(text.as_bytes());
        self.at += text.len();
        if SHORTEN && !text.is_empty() {
            return self.write_shortened(text, from, to);
        }
        self.note(text.len(), from, to);
    }

    /// After a write with elongation on: drops the letter if it only stretches the one before.
    fn write_shortened(&mut self, text: &str, from: usize, to: usize) {
        let mut letters = text.chars();
        let (first, single) = (letters.next(), letters.next().is_none());
        let letter = first.expect("text is not empty");
        if !single {
            return self.write_run(text, from, to);
        }
        if !self.table.is_shortened(letter) {
            self.run = ('\0', 0);
            return self.note(text.len(), from, to);
        }
        if self.run.0 != letter || self.run.1 == 0 {
            self.run = (letter, 1);
            return self.note(text.len(), from, to);
        }
        self.run.1 += 1;
        if self.run.1 == 2 {
            return self.note(text.len(), from, to);
        }
        let surplus = if self.run.1 == 3 { 2 } else { 1 };
        self.at -= surplus * letter.len_utf8();
        self.forget_to(to);
    }

    /// A replacement of several letters, with elongation on: shortens inside it and across its start.
    fn write_run(&mut self, text: &str, from: usize, to: usize) {
        let start = self.at - text.len();
        let mut kept = start;
        let mut first = start;
        for c in text.chars() {
            let len = c.len_utf8();
            c.encode_utf8(&mut self.out[kept..kept + len]);
            kept += len;
            if !self.table.is_shortened(c) {
                self.run = ('\0', 0);
            } else if self.run.0 != c || self.run.1 == 0 {
                self.run = (c, 1);
            } else {
                self.run.1 += 1;
                if self.run.1 > 2 {
                    kept -= len * if self.run.1 == 3 { 2 } else { 1 };
                    first = first.min(kept);
                }
            }
        }
        self.at = kept;
        if !TRACK {
            return;
        }
        self.map.truncate(first - self.base);
        self.map.replace(NormSpan::new(first - self.base, kept - self.base), SourceSpan::new(from, to));
    }

    /// One blank or line break of a run: the run leaves one, and none at the start.
    fn blank(&mut self, kind: u8, from: usize, to: usize) {
        if SHORTEN {
            self.run.1 = 0;
        }
        let last = if self.at == self.base { None } else { Some(self.out[self.at - 1]) };
        match last {
            None | Some(b'\n') => self.forget_to(to),
            Some(b' ') => {
                if kind == b'\n' {
                    self.out[self.at - 1] = b'\n';
                }
                self.forget_to(to);
            }
            Some(_) => {
                self.out[self.at] = kind;
                self.at += 1;
                self.note(1, from, to);
            }
        }
    }

    /// The source up to `to` has left nothing after what is written.
    fn forget_to(&mut self, to: usize) {
        if TRACK {
            let norm = self.at - self.base;
            self.map.truncate(norm);
            self.map.resume(norm, to);
        }
    }

    /// Puts the one letter that Unicode has for the last letter written and the mark, folded, in that letter's
    /// place. Returns false where there is none, or where it would make a run that elongation cuts.
    fn join(&mut self, mark: char, to: usize) -> bool {
        let Some((place, carrier)) = self.carrier() else { return false };
        let before = &self.out[self.base..place];
        let Some(letter) = unicode_normalization::char::compose(carrier, mark) else { return false };
        let mut buffer = [0; 4];
        let folded: &str = match self.table.entry(letter) {
            Some(Entry::Text(text)) => text,
            _ => letter.encode_utf8(&mut buffer),
        };
        if folded.len() != carrier.len_utf8() {
            return false;
        }
        if SHORTEN {
            if before.ends_with(folded.repeat(2).as_bytes()) {
                return false;
            }
            if place + carrier.len_utf8() == self.at {
                let first = folded.chars().next().unwrap_or('\0');
                self.run = (first, 1 + usize::from(before.ends_with(folded.as_bytes())));
            }
        }
        self.out[place..place + folded.len()].copy_from_slice(folded.as_bytes());
        self.forget_to(to);
        true
    }

    /// The last letter written and its place, looking back over a few marks (text may hold any number).
    fn carrier(&self) -> Option<(usize, char)> {
        let mut place = self.at;
        for _ in 0..=MARKS_BACK {
            let end = place;
            place = place.checked_sub(1).filter(|&byte| byte >= self.base)?;
            while self.out[place] & 0xC0 == 0x80 {
                place -= 1;
            }
            let c = std::str::from_utf8(&self.out[place..end]).expect("a whole character").chars().next()?;
            if !super::is_mark(c) {
                return Some((place, c));
            }
        }
        None
    }

    fn trim_end(&mut self) {
        if !self.table.ascii[usize::from(b' ')] {
            return;
        }
        while self.at > self.base && matches!(self.out[self.at - 1], b' ' | b'\n') {
            self.at -= 1;
        }
        if TRACK {
            self.map.truncate(self.at - self.base);
        }
    }
}
