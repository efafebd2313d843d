//! Dates: found in the text, resolved against the document's day.
//!
//! Input: text normalized with the `analysis` profile and its tokens. Output: [`Expression`]s, what the text says;
//! [`DocumentDay`], the day it was said; [`DateMention`]s, the days that are meant. Contract: spans lie within the
//! text, in order, without overlap; `first_day <= last_day`; without a sure document day a relative date has no
//! value. The words and shapes are data (`data/dates/`): [`Dates::load`] reads any files of that form.

/// Declares a list of names: the variants, and what Python and the data files call them.
macro_rules! names {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The name in tables and data files.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The value of a name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    };
}

mod atom;
mod dateline;
mod expression;
mod make;
mod number;
mod resolve;
mod scan;
mod shape;
mod tense;
mod vocabulary;

use std::sync::LazyLock;

pub use expression::{Anchor, Every, Expression, Length, Part, Point, Tense, Unit, When, Whole, Year};

use crate::calendar::{Day, Weekday, hijri_to_day};
use crate::data;
use crate::error::{Error, Result};
use crate::span::NormSpan;
use crate::token::Token;
use atom::Atom;
use scan::Scan;
use shape::{Capture, Shapes};
use tense::Tenses;
use vocabulary::{Classes, Vocabulary};

names! {
    /// What an expression does.
    Kind {
        /// Places something on the calendar.
        Date = "date",
        /// Says how long.
        Duration = "duration",
        /// Says how often.
        Set = "set",
    }
}

names! {
    /// How long the unit is that an expression speaks of.
    Grain {
        /// A day.
        Day = "day",
        /// An ISO week.
        Week = "week",
        /// A month.
        Month = "month",
        /// Three months from January, April, July or October on.
        Quarter = "quarter",
        /// Three months.
        Season = "season",
        /// A year.
        Year = "year",
        /// Ten years.
        Decade = "decade",
        /// A hundred years.
        Century = "century",
    }
}

names! {
    /// The calendar in which a date is written.
    Calendar {
        /// The Gregorian calendar, by any month names.
        Gregorian = "gregorian",
        /// The Hijri calendar, by the table of Umm al-Qura.
        Hijri = "hijri",
    }
}

impl Calendar {
    /// The day of a date of this calendar.
    fn day(self, year: i32, month: u8, day: u8) -> Option<Day> {
        match self {
            Calendar::Gregorian => Day::new(year, month, day),
            Calendar::Hijri => hijri_to_day(year, month, day).map(|(day, _)| day),
        }
    }
}

names! {
    /// Which part of the period is meant, or how near the value is.
    Modifier {
        /// Its beginning.
        Start = "START",
        /// Its middle.
        Mid = "MID",
        /// Its end.
        End = "END",
        /// About.
        Approx = "APPROX",
        /// Before it.
        Before = "BEFORE",
        /// After it.
        After = "AFTER",
    }
}

names! {
    /// Where the document's day comes from.
    Source {
        /// The caller gave it.
        Given = "given",
        /// The text bears it.
        Dateline = "dateline",
    }
}

names! {
    /// What is doubtful about a document's day or dates.
    Warning {
        /// The text contradicts its dateline, or itself: there is no sure day.
        PublishedConflict = "published_conflict",
        /// The text's weekday moved the given day.
        PublishedShifted = "published_shifted",
        /// A date stands beside a weekday that it is not.
        WeekdayMismatch = "weekday_mismatch",
    }
}

/// A date, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateMention {
    /// Where it stands in the normalized text.
    pub span: NormSpan,
    /// What it does.
    pub kind: Kind,
    /// ISO 8601 or EDTF; none where it cannot be told.
    pub value: Option<String>,
    /// The first day that it covers.
    pub first_day: Option<Day>,
    /// The last day that it covers, itself inside.
    pub last_day: Option<Day>,
    /// The unit that it speaks of.
    pub grain: Grain,
    /// The calendar that it is written in.
    pub calendar: Calendar,
    /// Which part of the value is meant.
    pub modifier: Option<Modifier>,
    /// The day that a relative expression was counted from.
    pub reference: Option<Day>,
    /// The weekday that the day is, where the text names another beside it.
    pub mismatch: Option<Weekday>,
}

/// When a document was published, as far as can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentDay {
    /// The day of publication, for the table.
    pub published: Option<Day>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// The day that relative dates count from; none leaves them unresolved.
    pub reference: Option<Day>,
    /// What is doubtful.
    pub warnings: Vec<Warning>,
}

/// Memory that is used again from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    run: Vec<Atom>,
    machine: shape::Scratch,
    captures: Vec<Capture>,
}

/// The grammar of dates.
///
/// ```
/// use marsad::calendar::Day;
/// use marsad::date::{Dates, Scratch};
/// use marsad::normalize::Normalizer;
///
/// let text = Normalizer::profile("analysis")?.normalize("افتُتح المعرض يوم الأربعاء 19 مارس 2025 ويستمر حتى نهاية الشهر المقبل");
/// let mut tokens = Vec::new();
/// marsad::token::tokenize(&text, &mut tokens);
/// let dates = Dates::builtin();
/// let (mut expressions, mut mentions) = (Vec::new(), Vec::new());
/// dates.find(&text, &tokens, &mut Scratch::default(), &mut expressions);
/// let day = dates.document_day(&text, &tokens, &expressions, Day::new(2025, 3, 20));
/// dates.resolve(&expressions, &day, &mut mentions);
/// let values: Vec<_> = mentions.iter().map(|mention| mention.value.as_deref().unwrap()).collect();
/// assert_eq!(values, ["2025-03-19", "2025-04"]);
/// # Ok::<(), marsad::Error>(())
/// ```
pub struct Dates {
    vocabulary: Vocabulary,
    shapes: Shapes,
    tenses: Tenses,
    marks: Marks,
}

/// The classes that the code itself asks for.
#[derive(Debug)]
struct Marks {
    published: u8,
    time_word: u8,
    event: u8,
    place: u8,
    ordinal: u8,
    count: u8,
    span: u8,
    to: u8,
    comma: u8,
    today: u8,
    aside: u8,
}

impl std::fmt::Debug for Dates {
    /// How much it knows, not all of it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (classes, shapes) = (self.vocabulary.classes().len(), self.shapes.shapes.len());
        f.debug_struct("Dates").field("classes", &classes).field("shapes", &shapes).finish_non_exhaustive()
    }
}

static BUILTIN: LazyLock<Dates> = LazyLock::new(|| {
    let files = data::folder("dates/").collect::<Vec<_>>();
    data::builtin(|| Dates::load(&files))
});

/// The folder of shapes; files elsewhere hold words of dates.
const SHAPES: &str = "shapes/";

/// The name of the file of words that tell a tense.
const TENSES: &str = "tense.toml";

impl Dates {
    /// The built-in grammar.
    pub fn builtin() -> &'static Dates {
        &BUILTIN
    }

    /// Reads a grammar from its files, each a path and a text: a folder `shapes/`, one `tense.toml`, and files of words.
    pub fn load(files: &[(&str, &str)]) -> Result<Self> {
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let only = |sought: &str| {
            let found = files.iter().copied().find(|(path, _)| name(path) == sought);
            found.ok_or_else(|| Error::data(sought, 0, "a grammar of dates needs this file"))
        };
        let is_shapes = |path: &str| path.contains(SHAPES);
        let words = files.iter().copied().filter(|(path, _)| !is_shapes(path) && name(path) != TENSES);
        let vocabulary = Vocabulary::load(words)?;
        let shapes = Shapes::load(files.iter().copied().filter(|(path, _)| is_shapes(path)), &vocabulary)?;
        let (path, text) = only(TENSES)?;
        let tenses = Tenses::load(path, text)?;
        let class = |name: &str| {
            vocabulary.class(name).ok_or_else(|| Error::data("words.toml", 0, format!("class {name:?} is missing")))
        };
        let marks = Marks {
            published: class("published")?,
            time_word: class("in")?,
            event: class("event")?,
            place: class("place")?,
            ordinal: class("ordinal")?,
            count: class("count")?,
            span: class("span")?,
            to: class("to")?,
            comma: class("comma")?,
            today: class("today")?,
            aside: class("aside")?,
        };
        Ok(Self { vocabulary, shapes, tenses, marks })
    }

    /// Appends the date expressions of a text, in order.
    pub fn find(&self, text: &str, tokens: &[Token], scratch: &mut Scratch, into: &mut Vec<Expression>) {
        self.scan(text, tokens, false, scratch, into);
    }

    /// [`Dates::find`] without its short cuts: the same, slowly. Tests compare the two.
    pub fn find_thoroughly(&self, text: &str, tokens: &[Token], scratch: &mut Scratch, into: &mut Vec<Expression>) {
        self.scan(text, tokens, true, scratch, into);
    }

    fn scan(&self, text: &str, tokens: &[Token], thorough: bool, scratch: &mut Scratch, into: &mut Vec<Expression>) {
        let Scratch { run, machine, captures } = std::mem::take(scratch);
        let mut scan = Scan { dates: self, text, tokens, run, machine, captures, thorough };
        scan.all(into);
        let Scan { run, machine, captures, .. } = scan;
        *scratch = Scratch { run, machine, captures };
    }

    /// Works out the document's day from what is given and what the text says of itself.
    pub fn document_day(
        &self,
        text: &str,
        tokens: &[Token],
        expressions: &[Expression],
        given: Option<Day>,
    ) -> DocumentDay {
        dateline::document_day(self, text, tokens, expressions, given)
    }

    /// Appends the expressions, resolved: one mention for each, in order.
    pub fn resolve(&self, expressions: &[Expression], day: &DocumentDay, into: &mut Vec<DateMention>) {
        resolve::resolve(expressions, day.reference, into);
    }

    /// Every shape by name, with the example that its file gives.
    pub fn examples(&self) -> impl Iterator<Item = (&str, &str)> {
        self.shapes.shapes.iter().map(|shape| (shape.name.as_str(), shape.example.as_str()))
    }

    /// The classes of a number in digits.
    fn digit_classes(&self, digits: &str) -> Classes {
        atom::digit_classes(&self.vocabulary, digits).map_or(Classes::NONE, |(classes, _)| classes)
    }

    /// True for a word of dates with a proclitic on it.
    fn has_proclitic(&self, token: &Token) -> bool {
        self.vocabulary.entry(token.hash).is_some_and(|entry| !entry.proclitics.is_empty())
    }

    /// The classes of a word, taken alone.
    fn word_classes(&self, token: &Token) -> Classes {
        let Some(entry) = self.vocabulary.entry(token.hash) else { return Classes::NONE };
        let alone = self.vocabulary.phrases[entry.phrases as usize].alone;
        alone.map_or(Classes::NONE, |lexeme| self.vocabulary.lexemes[lexeme as usize].classes)
    }
}
