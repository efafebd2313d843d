//! Arrow arrays as columns of text, ids and days, whatever their exact type.
//!
//! Input: arrays of utf8, large_utf8, utf8_view or a dictionary of these; integers for ids; dates, timestamps or ISO
//! strings for days. Output: borrowed values. Contract: no text is copied; any other type is an error that names it.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, LargeStringArray, RecordBatch, StringArray, StringViewArray};
use arrow_schema::{DataType, TimeUnit};

use super::Fields;
use crate::calendar::Day;
use crate::documents::Documents;
use crate::error::{Error, Result};

/// A column of text.
pub enum Text<'a> {
    /// utf8.
    Small(&'a StringArray),
    /// large_utf8.
    Large(&'a LargeStringArray),
    /// utf8_view.
    View(&'a StringViewArray),
    /// A dictionary: the place of each row's value, and the values.
    Dictionary(Vec<Option<usize>>, Box<Text<'a>>),
    /// Nothing but nulls.
    Null,
}

impl<'a> Text<'a> {
    /// Reads an array as text; `argument` is named in the error.
    pub fn of(argument: &str, array: &'a dyn Array) -> Result<Self> {
        match array.data_type() {
            DataType::Utf8 => Ok(Text::Small(array.as_string())),
            DataType::LargeUtf8 => Ok(Text::Large(array.as_string())),
            DataType::Utf8View => Ok(Text::View(array.as_string_view())),
            DataType::Null => Ok(Text::Null),
            DataType::Dictionary(_, _) => {
                let dictionary = array.as_any_dictionary();
                let values = Text::of(argument, dictionary.values().as_ref())?;
                let keys = if dictionary.values().is_empty() {
                    vec![None; array.len()]
                } else {
                    let keys = dictionary.normalized_keys();
                    keys.into_iter().enumerate().map(|(row, key)| array.is_valid(row).then_some(key)).collect()
                };
                Ok(Text::Dictionary(keys, Box::new(values)))
            }
            other => Err(Error::Type {
                argument: argument.to_owned(),
                found: format!("a column of {other}"),
                accepted: "a column of strings is due".to_owned(),
            }),
        }
    }

    /// The value in a row.
    pub fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Text::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Text::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Text::View(array) => array.is_valid(row).then(|| array.value(row)),
            Text::Dictionary(keys, values) => keys[row].and_then(|key| values.get(key)),
            Text::Null => None,
        }
    }
}

/// A column of ids.
enum Ids<'a> {
    Text(Text<'a>),
    Numbers(Vec<Option<i128>>),
    Missing,
}

/// A column of days.
enum Days<'a> {
    Known(Vec<Option<Day>>),
    Text(Text<'a>),
    Missing,
}

/// The columns of a batch that the analyzer reads.
pub struct Columns<'a> {
    text: Text<'a>,
    id: Ids<'a>,
    published: Days<'a>,
    field: String,
    rows: usize,
}

impl<'a> Columns<'a> {
    /// Finds the columns by name. The text must be there; the others may be missing.
    pub fn of(batch: &'a RecordBatch, fields: &Fields) -> Result<Self> {
        let Some(text) = batch.column_by_name(&fields.text) else {
            let schema = batch.schema();
            let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            return Err(Error::Column {
                argument: "text".into(),
                found: fields.text.clone(),
                columns: columns.join(", "),
            });
        };
        let id = match batch.column_by_name(&fields.id) {
            None => Ids::Missing,
            Some(array) => ids(&fields.id, array.as_ref())?,
        };
        let published = match batch.column_by_name(&fields.published) {
            None => Days::Missing,
            Some(array) => days(&fields.published, array.as_ref())?,
        };
        let text = Text::of(&fields.text, text.as_ref())?;
        Ok(Self { text, id, published, field: fields.published.clone(), rows: batch.num_rows() })
    }

    /// The text in a row.
    pub fn text(&self, row: usize) -> Option<&'a str> {
        self.text.get(row)
    }

    /// The id in a row.
    pub fn id(&self, row: usize) -> Option<Cow<'a, str>> {
        match &self.id {
            Ids::Text(text) => text.get(row).map(Cow::Borrowed),
            Ids::Numbers(numbers) => numbers[row].map(|number| Cow::Owned(number.to_string())),
            Ids::Missing => None,
        }
    }

    /// The day in a row.
    pub fn published(&self, row: usize) -> Result<Option<Day>> {
        self.day(row).map_err(|value| {
            let accepted = "a day such as 2025-03-19 is due";
            Error::option(&self.field, format!("{value:?} in row {row}"), accepted)
        })
    }

    /// The day in a row, or what stands there and is none.
    pub(super) fn day(&self, row: usize) -> std::result::Result<Option<Day>, &'a str> {
        match &self.published {
            Days::Known(days) => Ok(days[row]),
            Days::Missing => Ok(None),
            Days::Text(text) => match text.get(row).map(str::trim).filter(|value| !value.is_empty()) {
                None => Ok(None),
                Some(value) => Day::parse(value).map(Some).ok_or(value),
            },
        }
    }

    /// All rows, for the analyzer.
    pub fn documents(&self) -> Result<Documents<'a>> {
        let rows = 0..self.rows;
        Ok(Documents {
            texts: rows.clone().map(|row| self.text(row)).collect(),
            ids: match self.id {
                Ids::Missing => Vec::new(),
                _ => rows.clone().map(|row| self.id(row)).collect(),
            },
            published: match self.published {
                Days::Missing => Vec::new(),
                _ => rows.map(|row| self.published(row)).collect::<Result<_>>()?,
            },
        })
    }
}

fn ids<'a>(argument: &str, array: &'a dyn Array) -> Result<Ids<'a>> {
    macro_rules! numbers {
        ($type:ty) => {
            Ok(Ids::Numbers(array.as_primitive::<$type>().iter().map(|value| value.map(i128::from)).collect()))
        };
    }
    match array.data_type() {
        DataType::Int8 => numbers!(Int8Type),
        DataType::Int16 => numbers!(Int16Type),
        DataType::Int32 => numbers!(Int32Type),
        DataType::Int64 => numbers!(Int64Type),
        DataType::UInt8 => numbers!(UInt8Type),
        DataType::UInt16 => numbers!(UInt16Type),
        DataType::UInt32 => numbers!(UInt32Type),
        DataType::UInt64 => numbers!(UInt64Type),
        _ => Text::of(argument, array).map(Ids::Text).map_err(|_| Error::Type {
            argument: argument.to_owned(),
            found: format!("a column of {}", array.data_type()),
            accepted: "a column of strings or whole numbers is due".to_owned(),
        }),
    }
}

fn days<'a>(argument: &str, array: &'a dyn Array) -> Result<Days<'a>> {
    macro_rules! instants {
        ($type:ty, $per_second:expr, $offset:expr) => {{
            let (per_second, offset): (i64, i64) = ($per_second, $offset);
            let day = |value: i64| {
                let seconds = value.div_euclid(per_second) + offset;
                i32::try_from(seconds.div_euclid(86_400)).ok().map(Day::from_days)
            };
            Ok(Days::Known(array.as_primitive::<$type>().iter().map(|value| value.and_then(day)).collect()))
        }};
    }
    match array.data_type() {
        DataType::Date32 => {
            Ok(Days::Known(array.as_primitive::<Date32Type>().iter().map(|day| day.map(Day::from_days)).collect()))
        }
        DataType::Date64 => instants!(Date64Type, 1000, 0),
        DataType::Timestamp(unit, zone) => {
            let offset = offset(argument, zone.as_deref())?;
            match unit {
                TimeUnit::Second => instants!(TimestampSecondType, 1, offset),
                TimeUnit::Millisecond => instants!(TimestampMillisecondType, 1000, offset),
                TimeUnit::Microsecond => instants!(TimestampMicrosecondType, 1_000_000, offset),
                TimeUnit::Nanosecond => instants!(TimestampNanosecondType, 1_000_000_000, offset),
            }
        }
        _ => Text::of(argument, array).map(Days::Text).map_err(|_| Error::Type {
            argument: argument.to_owned(),
            found: format!("a column of {}", array.data_type()),
            accepted: "a column of dates, timestamps or ISO strings is due".to_owned(),
        }),
    }
}

/// Seconds that a zone's clock is ahead of UTC. A named zone changes its clock with the seasons: only UTC is known.
fn offset(argument: &str, zone: Option<&str>) -> Result<i64> {
    let Some(zone) = zone.filter(|zone| !matches!(*zone, "UTC" | "Etc/UTC" | "Z" | "GMT")) else { return Ok(0) };
    let fixed = || -> Option<i64> {
        let (sign, clock) = match zone.split_at_checked(1)? {
            ("+", clock) => (1, clock),
            ("-", clock) => (-1, clock),
            _ => return None,
        };
        let (hours, minutes) = clock.split_once(':').or_else(|| clock.split_at_checked(2))?;
        Some(sign * (hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60))
    };
    fixed().ok_or_else(|| Error::Type {
        argument: argument.to_owned(),
        found: format!("timestamps of the time zone {zone}"),
        accepted: "days, or timestamps of UTC, a fixed offset or no time zone are due".to_owned(),
    })
}
