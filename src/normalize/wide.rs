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

/// Code points of the flat table; a power of two, so that a masked code point is a place in it.
const SIZE: usize = 0x4000;
/// Code points of a block.
const BLOCK: usize = 16;
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

/// The composed table, flat.
#[derive(Debug, Clone)]
pub(super) struct Wide {
    units: Box<[Unit; SIZE]>,
}

impl Wide {
    pub fn of(table: &Table) -> Self {
        let mut units = Box::new([RARE; SIZE]);
        for (unit, c) in units.iter_mut().zip('\0'..) {
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

    /// What becomes of any code point.
    #[inline(always)]
    fn unit(&self, point: u32) -> Unit {
        if (point as usize) < SIZE { self.units[point as usize] } else { RARE }
    }
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
    wide: &'a Wide,
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
        let mut pass = Self { table, wide, text, out, base, at: base, word: String::new(), made: Vec::new() };
        let (mut i, mut wait) = (0, BLOCK);
        while i < text.len() {
            let good = pass.blocks(i);
            wait = if good == 0 { (wait * 2).min(LONGEST_WAIT) } else { BLOCK };
            i = pass.letters(i + good, i + good + wait);
        }
        pass.trim_end();
        pass.out.truncate(pass.at);
    }

    /// Writes the blocks from `i` on up to the first that is not unit for unit, and gives their length.
    fn blocks(&mut self, i: usize) -> usize {
        let [mut before, mut last] = self.last();
        let mut good = 0;
        let (blocks, _) = self.text[i..].as_chunks::<BLOCK>();
        let (room, _) = self.out[self.at..].as_chunks_mut::<BLOCK>();
        for (block, out) in blocks.iter().zip(room) {
            let (mut points, mut flags, mut doubled) = (0, 0, 0);
            for (&point, out) in block.iter().zip(out) {
                let unit = self.wide.units[point as usize & (SIZE - 1)];
                *out = unit as u16;
                points |= point;
                flags |= unit;
                doubled |= unit & last;
                if SHORTEN {
                    doubled |= stretched(before, last, unit);
                    before = last;
                }
                last = unit;
            }
            if points as usize >= SIZE || flags & (DELETED | RARE) != 0 || doubled & BLANK != 0 {
                break;
            }
            good += BLOCK;
        }
        self.at += good;
        good
    }

    /// Letter by letter from `i` to `until` or a little further.
    fn letters(&mut self, mut i: usize, until: usize) -> usize {
        let until = until.min(self.text.len());
        while i < until {
            i += self.plain(&self.text[i..until]);
            let Some(&point) = self.text[i..until].first() else { break };
            let unit = self.wide.unit(point);
            if unit & BLANK != 0 {
                self.drop_blank(unit);
                i += 1;
            } else {
                i = self.word(i);
            }
        }
        i
    }

    /// Writes what the flat table says of these code points up to the first that it says nothing of, that is a blank
    /// after a blank or a third letter of a run, and gives their number.
    fn plain(&mut self, points: &[u32]) -> usize {
        let [mut before, mut last] = self.last();
        let room = &mut self.out[self.at..];
        let mut written = 0;
        let mut done = 0;
        for &point in points {
            let unit = self.wide.unit(point);
            if unit & (RARE | last & BLANK) != 0 || SHORTEN && stretched(before, last, unit) != 0 {
                break;
            }
            room[written] = unit as u16;
            written += usize::from(unit & DELETED == 0);
            if SHORTEN {
                before = if unit & DELETED == 0 { last } else { before };
            }
            last = if unit & DELETED == 0 { unit } else { last };
            done += 1;
        }
        self.at += written;
        done
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
        let ends = |&point: &u32| is_blank(self.wide.unit(point));
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

/// A flag in [`BLANK`]'s place if the unit is the third letter of a run that is cut.
#[inline(always)]
fn stretched(before: Unit, last: Unit, unit: Unit) -> Unit {
    let same = unit as u16 == last as u16 && unit as u16 == before as u16;
    (unit & SHORTENED) >> 2 & Unit::from(same).wrapping_neg()
}
