//! Folds the spellings of Arabic text onto one, and remembers where each letter stood.
//!
//! Input: any string and [`Options`]. Output: the normalized text, with an [`OffsetMap`] where asked.
//! Contract: normalizing is total, idempotent for every set of options, and equal to applying the enabled
//! options one after another to every character (a reference in the tests does just that).
//! Options are data (`data/fold/*.toml`, one file each; `data/profiles.toml` orders and groups them),
//! composed once into one table and applied in one pass.

mod block;
mod engine;
mod fold;
mod options;
mod stretch;
mod table;
#[cfg(target_arch = "x86_64")]
mod vector;
mod wide;

use std::sync::{LazyLock, OnceLock};

use crate::data;
use crate::error::Result;
use crate::offset::OffsetMap;
use crate::span::SourceSpan;
use table::Table;
use wide::Wide;

pub use fold::Fold;
pub use options::{OptionSet, Options};
pub use table::Path;

/// A text, normalized, with the way back to its source.
#[derive(Debug, Clone, Default)]
pub struct Normalized {
    /// The normalized text.
    pub text: String,
    /// Where each position lies in the source.
    pub map: OffsetMap,
}

/// Applies one set of options to any number of texts.
///
/// ```
/// let search = marsad::normalize::Normalizer::profile("search")?;
/// assert_eq!(search.normalize("إِنَّ الـعِـراقَ ٢٠٢٥"), "ان العراق 2025");
/// # Ok::<(), marsad::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Normalizer {
    options: Options,
    table: Table,
    /// Composed when first asked for: most normalizers never see code points.
    wide: OnceLock<Wide>,
}

impl Normalizer {
    /// Composes the table of the enabled options.
    pub fn new(options: Options) -> Self {
        let table = Table::compose(&options);
        Self { options, table, wide: OnceLock::new() }
    }

    /// The normalizer of a named profile: "light", "search", "skeleton" or "analysis".
    pub fn profile(name: &str) -> Result<Self> {
        Ok(Self::new(Options::profile(name)?))
    }

    /// The normalizer of the profile "analysis", which texts, names and words are read by wherever they are compared.
    pub fn analysis() -> &'static Normalizer {
        static ANALYSIS: LazyLock<Normalizer> = LazyLock::new(|| data::builtin(|| Normalizer::profile("analysis")));
        &ANALYSIS
    }

    /// The same normalizer on one [`Path`] alone, to compare them; none where this machine, or these options, lack it.
    ///
    /// ```
    /// use marsad::normalize::{Normalizer, Path};
    ///
    /// let plain = Normalizer::profile("search")?.by(Path::Letters).expect("the path that is always there");
    /// assert_eq!(plain.normalize("إِنَّ الـعِـراقَ"), "ان العراق");
    /// # Ok::<(), marsad::Error>(())
    /// ```
    pub fn by(mut self, path: Path) -> Option<Self> {
        self.table.keep(path).then_some(self)
    }

    /// The options in force.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The normalized text.
    pub fn normalize(&self, text: &str) -> String {
        let mut bytes = Vec::new();
        self.append(text, &mut bytes);
        engine::into_string(bytes)
    }

    /// Appends the normalized text's UTF-8 to `out`: one buffer for a whole column.
    pub fn append(&self, text: &str, out: &mut Vec<u8>) {
        engine::run(&self.table, text, out, None);
    }

    /// Bytes that [`Normalizer::write`] wants beyond a text.
    pub(crate) const ROOM: usize = engine::ROOM;

    /// Writes the normalized text's UTF-8 into `out` from `at` on and says where it ends. What stands there is
    /// written over; `out` becomes longer where it is not long enough for the text and [`Normalizer::ROOM`].
    pub(crate) fn write(&self, text: &str, out: &mut Vec<u8>, at: usize) -> usize {
        engine::write(&self.table, text, out, at, None)
    }

    /// Appends the normalized text to `out`.
    pub fn append_to(&self, text: &str, out: &mut String) {
        let mut bytes = std::mem::take(out).into_bytes();
        self.append(text, &mut bytes);
        *out = engine::into_string(bytes);
    }

    /// Appends the normalized text's UTF-16 to `out`, from code points: for strings that are not UTF-8 and would only
    /// be turned into it and back. A code point that is no character is read as U+FFFD.
    ///
    /// ```
    /// let light = marsad::normalize::Normalizer::profile("light")?;
    /// let mut units = Vec::new();
    /// light.append_utf16(&['ق' as u32, 'َ' as u32, 'د' as u32, 0xD800], &mut units);
    /// assert_eq!(String::from_utf16_lossy(&units), light.normalize("قَد\u{FFFD}"));
    /// # Ok::<(), marsad::Error>(())
    /// ```
    pub fn append_utf16(&self, points: &[u32], out: &mut Vec<u16>) {
        wide::run(&self.table, self.wide.get_or_init(|| Wide::of(&self.table)), points, out);
    }

    /// The normalized text with the way back.
    pub fn align(&self, text: &str) -> Normalized {
        let mut normalized = Normalized::default();
        self.align_into(text, &mut normalized);
        normalized
    }

    /// [`Normalizer::align`] into memory that is used again.
    pub fn align_into(&self, text: &str, into: &mut Normalized) {
        let mut bytes = std::mem::take(&mut into.text).into_bytes();
        bytes.clear();
        into.map.clear();
        engine::run(&self.table, text, &mut bytes, Some(&mut into.map));
        into.map.finish(bytes.len(), text.len());
        into.text = engine::into_string(bytes);
    }
}

impl Normalized {
    /// The source bytes of a normalized range, with the marks deleted right after its last letter.
    pub fn to_source(&self, source: &str, span: crate::span::NormSpan) -> SourceSpan {
        let inner = self.map.to_source(span);
        if span.start == span.end {
            return inner;
        }
        let gap = self.map.gap_after(span.end);
        if gap.start != inner.end || gap.start == gap.end {
            return inner;
        }
        let marks: usize = gap.of(source).chars().take_while(|&c| is_mark(c)).map(char::len_utf8).sum();
        SourceSpan::new(inner.start, inner.end + marks)
    }
}

/// True for characters that are written on the letter before them: combining marks and tatweel.
pub fn is_mark(c: char) -> bool {
    c == '\u{0640}' || unicode_normalization::char::is_combining_mark(c)
}
