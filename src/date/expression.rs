//! What a date expression says, before anything is known about the day on which it was said.
//!
//! Input: made by `make` from the parts that a shape matched. Output: for `resolve`, which turns it into days.
//! Contract: an [`Expression`] is sound by itself (no 31 June, no month 13); what it leaves out, such as a year,
//! is said to be left out and is not guessed here.

use super::{Calendar, Grain, Modifier};
use crate::calendar::Weekday;
use crate::span::NormSpan;

/// A date expression in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expression {
    /// Where it stands in the normalized text.
    pub span: NormSpan,
    /// What it says.
    pub when: When,
    /// The calendar in which it says so, Hijri where it says so in both.
    pub calendar: Calendar,
    /// The part of the period, or how near the number is.
    pub modifier: Option<Modifier>,
}

/// The kinds of date expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// One day, week, month or year.
    Point(Point),
    /// From one to another, both inside.
    Interval(Point, Point),
    /// A length of time.
    Duration(Length),
    /// A length of time before (-1) or after (1) the document's day.
    Offset(Length, i8),
    /// Once in each such length of time.
    Set(Length),
}

/// A number of units of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// How many.
    pub count: u16,
    /// Of what.
    pub unit: Grain,
}

/// A place on the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A day of a month.
    Day {
        /// The calendar of year and month.
        calendar: Calendar,
        /// The year, or what is said of it.
        year: Year,
        /// The month, 1 to 12.
        month: u8,
        /// The day of the month.
        day: u8,
        /// The weekday that stands beside it.
        weekday: Option<Weekday>,
        /// Days from the document's day, where "اليوم" or "أمس" stands beside it.
        today: Option<i8>,
    },
    /// A month.
    Month {
        /// The calendar of year and month.
        calendar: Calendar,
        /// The year, or what is said of it.
        year: Year,
        /// The month, 1 to 12.
        month: u8,
    },
    /// A year.
    Year {
        /// The year's calendar.
        calendar: Calendar,
        /// The year.
        year: u16,
    },
    /// A day of the last (-1), this (0) or the next (1) month.
    DayOfMonth {
        /// The day of the month.
        day: u8,
        /// Which month.
        direction: i8,
    },
    /// A weekday.
    Weekday {
        /// Which.
        weekday: Weekday,
        /// The last (-1), this week's (0) or the next (1).
        direction: Option<i8>,
    },
    /// A day counted from the document's day.
    Today {
        /// 0 for "اليوم", -1 for "أمس".
        days: i8,
        /// The weekday that stands beside it.
        weekday: Option<Weekday>,
    },
    /// The last (-1), this (0) or the next (1) week, month or year.
    Unit {
        /// Which unit.
        unit: Grain,
        /// Which of them.
        direction: i8,
    },
}

/// What an expression says of its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Year {
    /// The year itself.
    Given(u16),
    /// Last year (-1), this year (0), next year (1).
    Of(i8),
    /// The latest such month or day (-1), that of the running period (0), the next (1).
    Toward(i8),
    /// Nothing: the nearest that fits.
    Nearest,
    /// Nothing, and the nearest would be wrong: an event called by its day.
    Unknown,
}

impl Point {
    /// How long the point is.
    pub fn grain(&self) -> Grain {
        match *self {
            Point::Day { .. } | Point::DayOfMonth { .. } | Point::Weekday { .. } | Point::Today { .. } => Grain::Day,
            Point::Month { .. } => Grain::Month,
            Point::Year { .. } => Grain::Year,
            Point::Unit { unit, .. } => unit,
        }
    }

    /// The calendar in which it is said.
    pub fn calendar(&self) -> Calendar {
        match *self {
            Point::Day { calendar, .. } | Point::Month { calendar, .. } | Point::Year { calendar, .. } => calendar,
            _ => Calendar::Gregorian,
        }
    }
}
