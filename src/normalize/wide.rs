//! The one pass over code points, for callers whose strings are not UTF-8.
//!
//! Input: a composed [`Table`] and a text's code points. Output: the normalized UTF-16, appended. Contract: what the
//! engine gives for the same text; a code point that is no character, as a lone surrogate, is read as U+FFFD.
//! Nearly all of a text becomes unit for unit what a flat table says, a block at a time; marks are deleted and runs of
//! blanks cut letter by letter. Anything else is left to the engine, with the whole word around it: what becomes of a
//! character depends on the characters around it only up to the next blank, which nothing joins and which ends every
//! run of letters, so that a word alone becomes what it becomes in the text.

use super::engine;
use super::table::{Entry, Table};

/// Code points of the flat table. No blank lies beyond.
const SIZE: usize = 0x3100;
/// Code points of a block: as many as the loop over it has registers for.
const BLOCK: usize = 8;
/// The most code points that go letter by letter after blocks that came to nothing.
const LONGEST_WAIT: usize = 512;

/// What becomes of a code point: a UTF-16 unit, with these flags above it.
type Unit = u32;
/// It leaves nothing.
const DELETED: Unit = 1 << 16;
/// It is a blank or line break of a run.
const BLANK: Unit = 1 << 17;
/// The flat table has no answer.
const RARE: Unit = 1 << 18;
/// It becomes a letter that is written once where it stands three times or more.
const SHORTENED: Unit = 1 << 19;

/// What becomes of each code point, and last of all that lie beyond.
type Units = [Unit; SIZE + 1];

/// The composed table, flat.
#[derive(Debug, Clone)]
pub(super) struct Wide {
    units: Box<Units>,
}

impl Wide {
    pub fn of(table: &Table) -> Self {
        let mut units = Box::new([RARE; SIZE + 1]);
        for (unit, c) in units[..SIZE].iter_mut().zip('\0'..) {
            *unit = match table.entry(c) {
                None => letter(table, c),
                Some(Entry::Text(text)) => one_unit(table, text),
                Some(Entry::Space) => Unit::from(b' ') | BLANK,
                Some(Entry::Line) => Unit::from(b'\n') | BLANK,
                Some(Entry::Join(_)) => RARE,
            };
        }
        if units.iter().any(|unit| unit & BLANK != 0) {
            // A blank after one of these is dropped, but they are no blanks of a run: none are left to the loops.
            for unit in units.iter_mut().filter(|unit| **unit & BLANK == 0 && is_blank(**unit)) {
                *unit = RARE;
            }
        }
        Self { units }
    }
}

/// What becomes of any code point.
#[inline(always)]
fn unit(units: &Units, point: u32) -> Unit {
    units[(point as usize).min(SIZE)]
}

/// The unit of a replacement; rare where it is several.
fn one_unit(table: &Table, text: &str) -> Unit {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (None, _) => DELETED,
        (Some(c), None) if c < '\u{10000}' => letter(table, c),
        _ => RARE,
    }
}

fn letter(table: &Table, c: char) -> Unit {
    u32::from(c) | if table.is_shortened(c) { SHORTENED } else { 0 }
}

/// True for what writes a space or line feed: the end of a word.
fn is_blank(unit: Unit) -> bool {
    matches!(unit as u16, 0x20 | 0x0A)
}

/// Normalizes `text` onto the end of `out`.
pub(super) fn run(table: &Table, wide: &Wide, text: &[u32], out: &mut Vec<u16>) {
    let base = out.len();
    out.resize(base + text.len(), 0);
    if table.shorten {
        Pass::<true>::run(table, wide, text, out, base);
    } else {
        Pass::<false>::run(table, wide, text, out, base);
    }
}

/// State of a pass. `SHORTEN` sends words with elongated letters to the engine. There is always room in `out` for one
/// unit a code point still to come.
struct Pass<'a, const SHORTEN: bool> {
    table: &'a Table,
    units: &'a Units,
    text: &'a [u32],
    out: &'a mut Vec<u16>,
    /// Where this text's output begins in `out`.
    base: usize,
    /// Where the next unit goes.
    at: usize,
    /// A word for the engine, and what it made of it.
    word: String,
    made: Vec<u8>,
}

impl<'a, const SHORTEN: bool> Pass<'a, SHORTEN> {
    fn run(table: &'a Table, wide: &'a Wide, text: &'a [u32], out: &'a mut Vec<u16>, base: usize) {
        let units = &wide.units;
        let mut pass = Self { table, units, text, out, base, at: base, word: String::new(), made: Vec::new() };
        let (mut i, mut wait) = (0, BLOCK);
        while i < text.len() {
            let last = pass.last();
            let good = blocks::<SHORTEN>(units, &text[i..], &mut pass.out[pass.at..], last);
            pass.at += good;
            wait = if good == 0 { (wait * 2).min(LONGEST_WAIT) } else { BLOCK };
            i = pass.letters(i + good, i + good + wait);
        }
        pass.trim_end();
        pass.out.truncate(pass.at);
    }

    /// Letter by letter from `i` to `until` or a little further.
    fn letters(&mut self, mut i: usize, until: usize) -> usize {
        let until = until.min(self.text.len());
        while i < until {
            let last = self.last();
            let (read, written) = letters::<SHORTEN>(self.units, &self.text[i..until], &mut self.out[self.at..], last);
            i += read;
            self.at += written;
            let Some(&point) = self.text[i..until].first() else { break };
            let unit = unit(self.units, point);
            if unit & BLANK != 0 {
                self.drop_blank(unit);
                i += 1;
            } else {
                i = self.word(i);
            }
        }
        i
    }

    /// The last two units written, with [`BLANK`] on the last if a blank that comes now is dropped.
    fn last(&self) -> [Unit; 2] {
        match self.out[self.base..self.at] {
            [] => [0, BLANK],
            [.., last] if is_blank(last.into()) => [0, BLANK],
            [last] => [0, last.into()],
            [.., before, last] => [before.into(), last.into()],
        }
    }

    /// A blank or line break after a blank, or at the start: a run that holds a line break leaves that.
    fn drop_blank(&mut self, unit: Unit) {
        if self.at > self.base && unit as u16 == u16::from(b'\n') {
            self.out[self.at - 1] = unit as u16;
        }
    }

    /// Gives the whole word around `i` to the engine, and returns where it ends.
    fn word(&mut self, i: usize) -> usize {
        let ends = |&point: &u32| is_blank(unit(self.units, point));
        let first = self.text[..i].iter().rposition(ends).map_or(0, |blank| blank + 1);
        let end = self.text[i..].iter().position(ends).map_or(self.text.len(), |blank| i + blank);
        let written = &self.out[self.base..self.at];
        let blank = written.iter().rposition(|&unit| is_blank(unit.into()));
        self.at = self.base + blank.map_or(0, |blank| blank + 1);
        self.word.clear();
        let character = |&point: &u32| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER);
        self.word.extend(self.text[first..end].iter().map(character));
        self.made.clear();
        engine::run(self.table, &self.word, &mut self.made, None);
        let spare = self.at + self.made.len() + self.text.len() - end;
        if self.out.len() < spare {
            self.out.resize(spare, 0);
        }
        let made = std::str::from_utf8(&self.made).expect("the engine writes whole characters");
        for unit in made.encode_utf16() {
            self.out[self.at] = unit;
            self.at += 1;
        }
        end
    }

    fn trim_end(&mut self) {
        if self.table.entry(' ').is_some() {
            let written = &self.out[self.base..self.at];
            self.at = self.base + written.iter().rposition(|&unit| !is_blank(unit.into())).map_or(0, |last| last + 1);
        }
    }
}

/// Writes blocks up to the first that is not unit for unit, and gives their length. `last` are the last two units
/// before; apart from the pass, so that the loop has the registers to itself.
#[inline(never)]
fn blocks<const SHORTEN: bool>(units: &Units, text: &[u32], out: &mut [u16], last: [Unit; 2]) -> usize {
    let [mut before, mut last] = last;
    let (text, _) = text.as_chunks::<BLOCK>();
    let (out, _) = out.as_chunks_mut::<BLOCK>();
    let mut good = 0;
    while let (Some(block), Some(out)) = (text.get(good), out.get_mut(good)) {
        let (mut flags, mut doubled) = (0, 0);
        for (place, &point) in block.iter().enumerate() {
            let unit = unit(units, point);
            out[place] = unit as u16;
            flags |= unit;
            doubled |= unit & last;
            if SHORTEN {
                doubled |= stretched(before, last, unit);
                before = last;
            }
            last = unit;
        }
        if flags & (DELETED | RARE) != 0 || doubled & BLANK != 0 {
            break;
        }
        good += 1;
    }
    good * BLOCK
}

/// Writes what the flat table says, up to the first code point that it says nothing of, that is a blank after a blank
/// or a third letter of a run; gives how many code points were read and units written.
#[inline(never)]
fn letters<const SHORTEN: bool>(units: &Units, text: &[u32], out: &mut [u16], last: [Unit; 2]) -> (usize, usize) {
    let [mut before, mut last] = last;
    let (mut read, mut written) = (0, 0);
    for &point in text {
        let unit = unit(units, point);
        if unit & (RARE | last & BLANK) != 0 || SHORTEN && stretched(before, last, unit) != 0 {
            break;
        }
        out[written] = unit as u16;
        written += usize::from(unit & DELETED == 0);
        if SHORTEN {
            before = if unit & DELETED == 0 { last } else { before };
        }
        last = if unit & DELETED == 0 { unit } else { last };
        read += 1;
    }
    (read, written)
}

/// A flag in [`BLANK`]'s place if the unit is the third letter of a run that is cut.
#[inline(always)]
fn stretched(before: Unit, last: Unit, unit: Unit) -> Unit {
    let same = unit as u16 == last as u16 && unit as u16 == before as u16;
    (unit & SHORTENED) >> 2 & Unit::from(same).wrapping_neg()
}
