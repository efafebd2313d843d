//! Every column of every table, once: name, meaning, type, and where its value comes from.
//!
//! A new column is one line here (and a field in [`super::rows`], if the value is new): schemas, empty tables, the
//! Python documentation and the command line's headers are derived from these slices. The tests lint them.

use super::rows::{CountRow, DateRow, DocumentRow, MentionRow, PairRow, TimelineRow};

/// A value of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// utf8, or null.
    Text(Option<&'a str>),
    /// int32, or null.
    Int(Option<i32>),
    /// int64, or null.
    Long(Option<i64>),
    /// float64, or null.
    Float(Option<f64>),
    /// date32, or null.
    Day(Option<i32>),
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// utf8.
    Text,
    /// int32.
    Int,
    /// int64.
    Long,
    /// float64.
    Float,
    /// date32.
    Day,
}

/// A table: the type of its rows.
pub trait Table: Sized + 'static {
    /// A row, borrowed.
    type Row<'a>;
    /// The table's name.
    const NAME: &'static str;
    /// Its columns, in order.
    const COLUMNS: &'static [Column<Self>];
}

/// A column: what it is called, what it means, and how a row answers it.
pub struct Column<T: Table> {
    /// Name, in snake case.
    pub name: &'static str,
    /// What it holds, as a sentence.
    pub about: &'static str,
    /// Its type.
    pub kind: ColumnType,
    /// True if it may be null.
    pub nullable: bool,
    /// The value in a row.
    pub read: Read<T>,
}

/// How a column's value is read off a row.
pub type Read<T> = for<'r> fn(&'r <T as Table>::Row<'r>) -> Cell<'r>;

const fn column<T: Table>(
    name: &'static str,
    kind: ColumnType,
    nullable: bool,
    about: &'static str,
    read: Read<T>,
) -> Column<T> {
    Column { name, about, kind, nullable, read }
}

const fn text<T: Table>(name: &'static str, about: &'static str, read: Read<T>) -> Column<T> {
    column(name, ColumnType::Text, false, about, read)
}

const fn opt_text<T: Table>(name: &'static str, about: &'static str, read: Read<T>) -> Column<T> {
    column(name, ColumnType::Text, true, about, read)
}

const fn int<T: Table>(name: &'static str, about: &'static str, read: Read<T>) -> Column<T> {
    column(name, ColumnType::Int, false, about, read)
}

const fn long<T: Table>(name: &'static str, about: &'static str, read: Read<T>) -> Column<T> {
    column(name, ColumnType::Long, false, about, read)
}

const fn float<T: Table>(name: &'static str, about: &'static str, read: Read<T>) -> Column<T> {
    column(name, ColumnType::Float, false, about, read)
}

const fn day<T: Table>(name: &'static str, about: &'static str, read: Read<T>) -> Column<T> {
    column(name, ColumnType::Day, false, about, read)
}

const fn opt_day<T: Table>(name: &'static str, about: &'static str, read: Read<T>) -> Column<T> {
    column(name, ColumnType::Day, true, about, read)
}

/// One row a document, named or not.
pub struct Documents;
/// One row a mention.
pub struct Mentions;
/// One row a date expression.
pub struct Dates;
/// One row an entity.
pub struct Counts;
/// The same, document by document.
pub struct DocumentCounts;
/// The same, period by period.
pub struct PeriodCounts;
/// One row a pair of entities.
pub struct Pairs;
/// One row a period and document.
pub struct Timeline;

impl Table for Documents {
    type Row<'a> = DocumentRow<'a>;
    const NAME: &'static str = "documents";
    const COLUMNS: &'static [Column<Self>] = &[
        text("doc", "The document's id: the caller's, or its number in the input.", |r| Cell::Text(Some(r.doc))),
        opt_day("published", "The document's day, given or read from a dateline.", |r| Cell::Day(r.published)),
        opt_text("published_source", "Where the day comes from: given or dateline.", |r| {
            Cell::Text(r.published_source)
        }),
        long("characters", "Length of the text in code points.", |r| Cell::Long(Some(r.characters))),
        long("tokens", "Words, numbers and signs in the text.", |r| Cell::Long(Some(r.tokens))),
        int("mentions", "Rows of this document in the table mentions.", |r| Cell::Int(Some(r.mentions))),
        int("dates", "Rows of this document in the table dates.", |r| Cell::Int(Some(r.dates))),
        opt_text("warnings", "Names of warnings, joined by commas.", |r| Cell::Text(r.warnings)),
    ];
}

impl Table for Mentions {
    type Row<'a> = MentionRow<'a>;
    const NAME: &'static str = "mentions";
    const COLUMNS: &'static [Column<Self>] = &[
        text("doc", "The document's id.", |r| Cell::Text(Some(r.doc))),
        long("start", "First code point of the name in the source text.", |r| Cell::Long(Some(r.start))),
        long("end", "One past its last code point.", |r| Cell::Long(Some(r.end))),
        text("text", "The name as the text has it.", |r| Cell::Text(Some(r.text))),
        text("type", "PER, ORG, LOC or a type of the caller's lexicon.", |r| Cell::Text(Some(r.kind))),
        text("entity_id", "Identifier of the entity, one in the whole run.", |r| Cell::Text(Some(r.entity_id))),
        text("name", "Display name of the entity.", |r| Cell::Text(Some(r.name))),
        text("source", "Who found it: lexicon, rule, link or model.", |r| Cell::Text(Some(r.source))),
        float("score", "How sure the finding is, from 0 to 1.", |r| Cell::Float(Some(r.score))),
    ];
}

impl Table for Dates {
    type Row<'a> = DateRow<'a>;
    const NAME: &'static str = "dates";
    const COLUMNS: &'static [Column<Self>] = &[
        text("doc", "The document's id.", |r| Cell::Text(Some(r.doc))),
        long("start", "First code point of the expression in the source text.", |r| Cell::Long(Some(r.start))),
        long("end", "One past its last code point.", |r| Cell::Long(Some(r.end))),
        text("text", "The expression as the text has it.", |r| Cell::Text(Some(r.text))),
        text("kind", "date, duration or set.", |r| Cell::Text(Some(r.kind))),
        opt_text("value", "What it says, in ISO 8601 or EDTF; null if unresolved.", |r| Cell::Text(r.value)),
        opt_day("first_day", "First day that it covers.", |r| Cell::Day(r.first_day)),
        opt_day("last_day", "Last day that it covers.", |r| Cell::Day(r.last_day)),
        text("grain", "day, week, month, quarter, season, year, decade or century.", |r| Cell::Text(Some(r.grain))),
        text("calendar", "gregorian or hijri, as written; the value is Gregorian.", |r| Cell::Text(Some(r.calendar))),
        opt_text("modifier", "START, MID, END, APPROX, BEFORE or AFTER.", |r| Cell::Text(r.modifier)),
    ];
}

/// The columns that the tables of counts end with.
macro_rules! count_columns {
    ($($first:expr,)?) => {
        &[
            $($first,)?
            text("entity_id", "Identifier of the entity.", |r| Cell::Text(Some(r.entity_id))),
            text("name", "Display name of the entity.", |r| Cell::Text(Some(r.name))),
            text("type", "Type of the entity.", |r| Cell::Text(Some(r.kind))),
            long("mentions", "How often it is named.", |r| Cell::Long(Some(r.mentions))),
            long("documents", "In how many documents it is named.", |r| Cell::Long(Some(r.documents))),
            opt_day("first_seen", "Day of the earliest dated document that names it.", |r| Cell::Day(r.first_seen)),
            opt_day("last_seen", "Day of the latest dated document that names it.", |r| Cell::Day(r.last_seen)),
        ]
    };
}

impl Table for Counts {
    type Row<'a> = CountRow<'a>;
    const NAME: &'static str = "counts";
    const COLUMNS: &'static [Column<Self>] = count_columns!();
}

impl Table for DocumentCounts {
    type Row<'a> = CountRow<'a>;
    const NAME: &'static str = "counts";
    const COLUMNS: &'static [Column<Self>] =
        count_columns!(text("doc", "Id of the document that is counted.", |r| Cell::Text(Some(r.doc))),);
}

impl Table for PeriodCounts {
    type Row<'a> = CountRow<'a>;
    const NAME: &'static str = "counts";
    const COLUMNS: &'static [Column<Self>] = count_columns!(opt_day(
        "period",
        "First day of the day, week, month or year counted; null for documents without a day.",
        |r| Cell::Day(r.period)
    ),);
}

impl Table for Pairs {
    type Row<'a> = PairRow<'a>;
    const NAME: &'static str = "cooccurrence";
    const COLUMNS: &'static [Column<Self>] = &[
        text("entity_id", "Identifier of one entity.", |r| Cell::Text(Some(r.entity_id))),
        text("name", "Its display name.", |r| Cell::Text(Some(r.name))),
        text("other_id", "Identifier of the other.", |r| Cell::Text(Some(r.other_id))),
        text("other_name", "Its display name.", |r| Cell::Text(Some(r.other_name))),
        long("together", "Documents or sentences that name both.", |r| Cell::Long(Some(r.together))),
    ];
}

impl Table for Timeline {
    type Row<'a> = TimelineRow<'a>;
    const NAME: &'static str = "timeline";
    const COLUMNS: &'static [Column<Self>] = &[
        day("period", "First day of the period.", |r| Cell::Day(Some(r.period))),
        text("doc", "Id of the document that names the dates.", |r| Cell::Text(Some(r.doc))),
        long("dates", "How many dates that begin in the period it names.", |r| Cell::Long(Some(r.dates))),
    ];
}

/// Name, type, nullability and meaning of a table's columns.
pub type Described = (&'static str, ColumnType, bool, &'static str);

/// What a table's columns are, without the type of its rows.
pub fn describe<T: Table>() -> Vec<Described> {
    T::COLUMNS.iter().map(|column| (column.name, column.kind, column.nullable, column.about)).collect()
}
