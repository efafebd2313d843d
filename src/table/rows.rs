//! One row of each table, borrowed from the document it speaks of.

/// A row of the table `documents`.
#[derive(Debug, Clone)]
pub struct DocumentRow<'a> {
    /// The document's id.
    pub doc: &'a str,
    /// The document's day, in days since 1970-01-01.
    pub published: Option<i32>,
    /// "given" or "dateline".
    pub published_source: Option<&'a str>,
    /// Code points of the text.
    pub characters: i64,
    /// Tokens of the text.
    pub tokens: i64,
    /// Mentions found in it.
    pub mentions: i32,
    /// Date expressions found in it.
    pub dates: i32,
    /// Names of warnings, joined by commas; none where there are none.
    pub warnings: Option<&'a str>,
}

/// A row of the table `mentions`.
#[derive(Debug, Clone)]
pub struct MentionRow<'a> {
    /// The document's id.
    pub doc: &'a str,
    /// First code point.
    pub start: i64,
    /// One past the last code point.
    pub end: i64,
    /// The name as the text has it.
    pub text: &'a str,
    /// The entity's type.
    pub kind: &'a str,
    /// The entity's identifier.
    pub entity_id: &'a str,
    /// The entity's display name.
    pub name: &'a str,
    /// Who found it.
    pub source: &'a str,
    /// How sure the finding is, from 0 to 1.
    pub score: f64,
}

/// A row of the table `dates`.
#[derive(Debug, Clone)]
pub struct DateRow<'a> {
    /// The document's id.
    pub doc: &'a str,
    /// First code point.
    pub start: i64,
    /// One past the last code point.
    pub end: i64,
    /// The expression as the text has it.
    pub text: &'a str,
    /// "date", "duration" or "set".
    pub kind: &'a str,
    /// ISO 8601 or EDTF; none where it cannot be resolved.
    pub value: Option<&'a str>,
    /// First day covered, in days since 1970-01-01.
    pub first_day: Option<i32>,
    /// Last day covered, in days since 1970-01-01.
    pub last_day: Option<i32>,
    /// "day", "week", "month" and so on.
    pub grain: &'a str,
    /// "gregorian" or "hijri".
    pub calendar: &'a str,
    /// "START", "MID", "END", "APPROX", "BEFORE" or "AFTER".
    pub modifier: Option<&'a str>,
}

/// A row of a table of counts.
#[derive(Debug, Clone)]
pub struct CountRow<'a> {
    /// The document's id, in counts by document.
    pub doc: &'a str,
    /// First day of the period, in days since 1970-01-01; none for documents without a day.
    pub period: Option<i32>,
    /// The entity's identifier.
    pub entity_id: &'a str,
    /// The entity's display name.
    pub name: &'a str,
    /// The entity's type.
    pub kind: &'a str,
    /// Mentions.
    pub mentions: i64,
    /// Documents with a mention.
    pub documents: i64,
    /// The earliest document's day, in days since 1970-01-01.
    pub first_seen: Option<i32>,
    /// The latest document's day, in days since 1970-01-01.
    pub last_seen: Option<i32>,
}

/// A row of the table that counts entities named together.
#[derive(Debug, Clone)]
pub struct PairRow<'a> {
    /// Identifier of the one that comes first in the alphabet of identifiers.
    pub entity_id: &'a str,
    /// Its display name.
    pub name: &'a str,
    /// Identifier of the other.
    pub other_id: &'a str,
    /// Its display name.
    pub other_name: &'a str,
    /// Documents or sentences that name both.
    pub together: i64,
}

/// A row of the timeline of dates named in the texts.
#[derive(Debug, Clone)]
pub struct TimelineRow<'a> {
    /// First day of the period, in days since 1970-01-01.
    pub period: i32,
    /// The document's id.
    pub doc: &'a str,
    /// Date expressions that begin in the period.
    pub dates: i64,
}
