//! What a date expression says, before anything is known about the day on which it was said.
//!
//! Input: made by `make` from the parts that a shape matched. Output: for `resolve`, which turns it into days.
//! Contract: an [`Expression`] is sound by itself (no 31 June, no month 13); what it leaves out, such as a year,
//! is said to be left out and is not guessed here.

use super::{Calendar, Grain, Modifier};
use crate::calendar::{Day, Weekday};
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
    /// What the words beside it say of its direction.
    pub tense: Tense,
}

/// Whether a date that leaves its direction out lies behind or ahead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tense {
    /// Nothing is said; news tells what was, or is near.
    #[default]
    News,
    /// The clause speaks of the past.
    Behind,
    /// The clause speaks of the future.
    Ahead,
    /// The text is nothing but the date: it asks for the next one.
    Query,
}

impl Tense {
    /// True where a date lies ahead.
    pub fn is_ahead(self) -> bool {
        matches!(self, Tense::Ahead | Tense::Query)
    }
}

/// The kinds of date expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// One day, week, month or year.
    Point(Point),
    /// From one to another, both inside.
    Interval(Point, Point),
    /// Up to a point (-1) or from a point on (1), the point inside.
    Open(Point, i8),
    /// A length of time.
    Duration(Length),
    /// A length of time before (-1) or after (1) something.
    Offset(Length, i8, Anchor),
    /// Again and again.
    Set(Every),
}

/// What an offset counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The document's day.
    Document,
    /// The last date named.
    Last,
}

/// What a set repeats on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Once in each such length of time.
    Length(Length),
    /// On each such weekday.
    Weekday(Weekday),
    /// On a day of a month, or of every month.
    Day(Option<u8>, u8),
    /// In a month of every year.
    Month(u8),
}

names! {
    /// What lengths of time are counted in, and what periods are named by.
    Unit {
        /// A second.
        Second = "second",
        /// A minute.
        Minute = "minute",
        /// An hour.
        Hour = "hour",
        /// A day.
        Day = "day",
        /// An ISO week.
        Week = "week",
        /// Its Saturday and Sunday.
        Weekend = "weekend",
        /// A month.
        Month = "month",
        /// Three months from January, April, July or October on.
        Quarter = "quarter",
        /// Six months from January or July on; of a month, its first fifteen days or the rest.
        Half = "half",
        /// A sports season or a school year: from August to July.
        Term = "term",
        /// A year.
        Year = "year",
        /// Ten years.
        Decade = "decade",
        /// A hundred years.
        Century = "century",
    }
}

impl Unit {
    /// The grain that tables give.
    pub fn grain(self) -> Grain {
        match self {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day | Unit::Weekend => Grain::Day,
            Unit::Week => Grain::Week,
            Unit::Month | Unit::Half => Grain::Month,
            Unit::Quarter => Grain::Quarter,
            Unit::Term | Unit::Year => Grain::Year,
            Unit::Decade => Grain::Decade,
            Unit::Century => Grain::Century,
        }
    }
}

/// A number of units of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// How many.
    pub count: u16,
    /// Of what.
    pub unit: Unit,
    /// Quarters of a unit on top: 2 for "عامين ونصف".
    pub quarters: u8,
    /// Smaller units on top: "عام وثلاثة أشهر".
    pub more: Option<(u16, Unit)>,
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
    /// A year; 0 and less are before the calendar's era, as in ISO 8601 (0 is 1 BCE).
    Year {
        /// The year's calendar.
        calendar: Calendar,
        /// The year.
        year: i16,
    },
    /// Three months by the name of their weather.
    Season {
        /// 0 for spring to 3 for winter, which ends in the year after.
        season: u8,
        /// The year, or what is said of it.
        year: Year,
    },
    /// Ten years.
    Decade {
        /// The first of them.
        first: i16,
    },
    /// A hundred years.
    Century {
        /// The calendar that it is counted in.
        calendar: Calendar,
        /// Which, 1 for the first; negative before the era.
        number: i8,
    },
    /// A part of a month or year: its first quarter, its last Friday.
    Part {
        /// The part.
        part: Part,
        /// What it is a part of.
        of: Whole,
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
    /// A weekday of the last (-1), this (0) or the next (1) week.
    WeekdayOfWeek {
        /// Which.
        weekday: Weekday,
        /// Of which week.
        direction: i8,
    },
    /// A day counted from the document's day.
    Today {
        /// 0 for "اليوم", -1 for "أمس".
        days: i8,
        /// The weekday that stands beside it.
        weekday: Option<Weekday>,
    },
    /// The last (-1), this (0) or the next (1) unit; none where nothing is said.
    Unit {
        /// Which unit.
        unit: Unit,
        /// Which of them.
        direction: Option<i8>,
    },
    /// The last (-1) or next (1) so many units.
    Count {
        /// How many.
        count: u16,
        /// Of what.
        unit: Unit,
        /// Where.
        direction: i8,
    },
    /// The unit that holds the last date named, or the one before (-1) or after (1) it.
    Same {
        /// Which unit.
        unit: Unit,
        /// How far from it.
        by: i8,
        /// A day of that month.
        day: Option<u8>,
    },
    /// The weekday before (-1) or after (1) the last date named.
    SameWeekday {
        /// Which.
        weekday: Weekday,
        /// On which side of it.
        by: i8,
    },
    /// The day and month of the last date named, or its month or quarter, in another year.
    SameDay {
        /// How much of it.
        unit: Unit,
        /// The year, or what is said of it.
        year: Year,
    },
}

/// Which part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// What is counted.
    pub unit: Unit,
    /// Or the weekday that is counted.
    pub weekday: Option<Weekday>,
    /// From the beginning, 1 for the first; from the end where it is negative.
    pub rank: i8,
    /// How many of them: 9 in "the first nine months".
    pub count: u8,
}

/// What a part is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// A year.
    Year(Calendar, Year),
    /// A month.
    Month(Calendar, Year, u8),
    /// The last (-1), this (0) or the next (1) month.
    ThisMonth(i8),
}

/// What an expression says of its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Year {
    /// The year itself.
    Given(u16),
    /// Last year (-1), this year (0), next year (1).
    Of(i8),
    /// The year of the last date named, or one counted from it.
    Same(i8),
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
            Point::Day { .. }
            | Point::DayOfMonth { .. }
            | Point::Weekday { .. }
            | Point::WeekdayOfWeek { .. }
            | Point::SameWeekday { .. }
            | Point::Today { .. } => Grain::Day,
            Point::Month { .. } => Grain::Month,
            Point::Year { .. } => Grain::Year,
            Point::Season { .. } => Grain::Season,
            Point::Decade { .. } => Grain::Decade,
            Point::Century { .. } => Grain::Century,
            Point::Part { part: Part { weekday: Some(_), .. }, .. } => Grain::Day,
            Point::Part { part: Part { unit: Unit::Half, .. }, of: Whole::Month(..) | Whole::ThisMonth(_) } => {
                Grain::Day
            }
            Point::Part { part, .. } => part.unit.grain(),
            Point::Unit { unit, .. }
            | Point::Count { unit, .. }
            | Point::Same { unit, .. }
            | Point::SameDay { unit, .. } => unit.grain(),
        }
    }

    /// The day of a point that says its day, month and year.
    pub fn explicit(&self) -> Option<Day> {
        let Point::Day { calendar, year: Year::Given(year), month, day, .. } = *self else { return None };
        calendar.day(i32::from(year), month, day)
    }

    /// The weekday that such a day is, where another stands beside it.
    pub fn contradiction(&self) -> Option<Weekday> {
        let Point::Day { weekday: Some(said), .. } = *self else { return None };
        self.explicit().map(Day::weekday).filter(|is| *is != said)
    }

    /// The calendar in which it is said.
    pub fn calendar(&self) -> Calendar {
        match *self {
            Point::Day { calendar, .. }
            | Point::Month { calendar, .. }
            | Point::Year { calendar, .. }
            | Point::Century { calendar, .. }
            | Point::Part { of: Whole::Year(calendar, _) | Whole::Month(calendar, ..), .. } => calendar,
            _ => Calendar::Gregorian,
        }
    }
}
