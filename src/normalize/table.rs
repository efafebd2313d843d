//! The enabled options, composed into one look-up table.
//!
//! Input: [`Options`]. Output: [`Table`], what becomes of each character. Contract: the entry of a character is
//! what the options, applied one after another to it and to what it becomes, leave.
//! Arabic's own block has a flat table of packed bytes; other characters are rare and go through a hash map
//! behind a bit per 64 code points.

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::block::Block;
use super::fold::{Action, Fold};
use super::options::Options;
#[cfg(target_arch = "x86_64")]
use super::vector::Vector;

/// A way over the text. All give the same; a [`Normalizer`](super::Normalizer) takes the fastest that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// Letter by letter.
    Letters,
    /// Blocks of common letters, on any machine.
    Blocks,
    /// Blocks of letters, marks, digits and blanks, with AVX2.
    Vectors,
}

/// What becomes of one character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// These characters; none at all deletes it.
    Text(String),
    /// A blank of a run that becomes one space.
    Space,
    /// A line break of a run that becomes one line feed.
    Line,
    /// A mark that joins the letter before it, or else becomes this text.
    Join(String),
}

/// Packed entry of the flat table: the bytes in the low half, their number above; or [`RARE`].
pub(super) type Packed = u32;
/// The flat table has no answer: ask [`Table::entry`].
pub(super) const RARE: Packed = u32::MAX;
const FIRST: u32 = 0x0600;

/// The composed table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// U+0600..U+06FF.
    pub arabic: [Packed; 256],
    /// True for an ASCII byte that is not kept as it is.
    pub ascii: [bool; 128],
    /// True where a run of blanks leaves one blank or line break.
    pub squeeze: bool,
    /// True where a letter three times in a row is written once.
    pub shorten: bool,
    shortened: Vec<char>,
    rare: FxHashMap<char, Entry>,
    blocks: Vec<u64>,
    /// The common letters, for whole blocks.
    pub block: Option<Block>,
    /// The same and more, where the processor has AVX2.
    #[cfg(target_arch = "x86_64")]
    pub vector: Option<Vector>,
}

impl Table {
    pub fn compose(options: &Options) -> Self {
        let folds: Vec<&Fold> = options.folds().collect();
        let mut table = Table {
            arabic: [RARE; 256],
            ascii: [false; 128],
            squeeze: false,
            shorten: false,
            shortened: Vec::new(),
            rare: FxHashMap::default(),
            blocks: vec![0; (0x11_0000 >> 6) / 64],
            block: None,
            #[cfg(target_arch = "x86_64")]
            vector: None,
        };
        let mut touched: Vec<char> = folds.iter().flat_map(|fold| fold.characters()).collect();
        touched.sort_unstable();
        touched.dedup();
        for c in touched {
            let entry = compose_one(&folds, c);
            if entry == Entry::Text(c.to_string()) {
                continue;
            }
            table.blocks[(c as usize >> 6) / 64] |= 1 << (c as usize >> 6 & 63);
            if c.is_ascii() {
                table.ascii[c as usize] = true;
            }
            table.rare.insert(c, entry);
        }
        for fold in &folds {
            table.shortened.extend(fold.characters().into_iter().filter(|&c| fold.shortens(c)));
        }
        table.shortened.sort_unstable();
        table.shorten = !table.shortened.is_empty();
        for place in 0..256u32 {
            let c = char::from_u32(FIRST + place).expect("no surrogate in the Arabic block");
            table.arabic[place as usize] = match table.rare.get(&c) {
                None => pack(&c.to_string()),
                Some(Entry::Text(text)) => pack(text),
                Some(_) => RARE,
            };
        }
        table.squeeze = table.entry(' ') == Some(&Entry::Space) && table.entry('\n') == Some(&Entry::Line);
        table.block = Block::of(&table);
        #[cfg(target_arch = "x86_64")]
        {
            table.vector = Vector::of(&table);
        }
        table
    }

    /// Leaves this path alone; false where there is none.
    pub fn keep(&mut self, path: Path) -> bool {
        if path != Path::Blocks {
            self.block = None;
        }
        #[cfg(target_arch = "x86_64")]
        if path != Path::Vectors {
            self.vector = None;
        }
        match path {
            Path::Letters => true,
            Path::Blocks => self.block.is_some(),
            #[cfg(target_arch = "x86_64")]
            Path::Vectors => self.vector.is_some(),
            #[cfg(not(target_arch = "x86_64"))]
            Path::Vectors => false,
        }
    }

    /// The two bytes that a letter of Arabic's block becomes, where it becomes two.
    pub fn pair(&self, c: char) -> Option<[u8; 2]> {
        let packed = self.arabic[(c as usize).checked_sub(FIRST as usize)?];
        (packed != RARE && packed >> 16 == 2).then_some([packed as u8, (packed >> 8) as u8])
    }

    /// True where elongated letters may be cut after the pass, so that blocks can be written: two bytes each.
    pub fn cuts_after(&self) -> bool {
        #[cfg(target_arch = "x86_64")]
        let blocks = self.block.is_some() || self.vector.is_some();
        #[cfg(not(target_arch = "x86_64"))]
        let blocks = self.block.is_some();
        blocks && self.shortened.iter().all(|c| c.len_utf8() == 2)
    }

    /// What becomes of `c`; none if it stays.
    pub fn entry(&self, c: char) -> Option<&Entry> {
        let block = c as usize >> 6;
        if self.blocks[block / 64] >> (block & 63) & 1 == 0 {
            return None;
        }
        self.rare.get(&c)
    }

    /// True for a letter that is written once where it stands three times or more.
    pub fn is_shortened(&self, c: char) -> bool {
        self.shortened.binary_search(&c).is_ok()
    }
}

fn pack(text: &str) -> Packed {
    match *text.as_bytes() {
        [] => 0,
        [a] => u32::from(a) | 1 << 16,
        [a, b] => u32::from(a) | u32::from(b) << 8 | 2 << 16,
        _ => RARE,
    }
}

fn compose_one(folds: &[&Fold], c: char) -> Entry {
    let mut text = String::from(c);
    let mut joins = false;
    for fold in folds {
        let mut next = String::new();
        for c in text.chars() {
            let blank = text.chars().count() == 1;
            match fold.actions.get(&c) {
                Some(Action::Space) if blank => return Entry::Space,
                Some(Action::Line) if blank => return Entry::Line,
                Some(Action::Compose) => joins = true,
                _ => {}
            }
            next.extend(fold.apply(c));
        }
        text = next;
    }
    if joins { Entry::Join(text) } else { Entry::Text(text) }
}

/// NFKC of one character; the blank that carries an isolated mark in it is left out.
pub(super) fn decompose(c: char) -> String {
    let text: String = std::iter::once(c).nfkc().collect();
    match text.strip_prefix(' ') {
        Some(marks) if marks.chars().next().is_some_and(super::is_mark) => marks.to_owned(),
        _ => text,
    }
}
