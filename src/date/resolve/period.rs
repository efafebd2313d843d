//! Periods: units of time, parts of years and months, seasons, decades, centuries.
//!
//! Input: a day inside a unit, or the name of a period. Output: its value and its days. Contract: weeks are ISO weeks;
//! a week belongs to a month only if it lies in it whole; seasons are the meteorological ones (WMO), from the first of
//! March, June, September and December on; a school year or sports season turns on the first of August.

use super::{Context, Resolved};
use crate::calendar::{Day, Weekday, hijri_year, month_days};
use crate::date::Calendar;
use crate::date::expression::{Part, Tense, Unit};

/// The month in which school years and sports seasons begin.
const TERM_BEGINS: u8 = 8;

/// The unit that lies `by` units after the one that holds `day`.
pub(super) fn unit(unit: Unit, day: Day, by: i32) -> Option<Resolved> {
    match unit {
        Unit::Day => Some(Resolved::day(day.add(by))),
        Unit::Week => Some(week(day.week_start().add(by.saturating_mul(7)))),
        Unit::Weekend => {
            let saturday = day.week_start().add(by.saturating_mul(7).saturating_add(5));
            Some(Resolved::days(saturday, saturday.add(1)))
        }
        Unit::Month => {
            let (year, month, _) = day.add_months(by).civil();
            self::month(year, month)
        }
        Unit::Quarter => {
            let (year, month, _) = day.add_months(by.saturating_mul(3)).civil();
            quarter(year, (month - 1) / 3 + 1)
        }
        Unit::Half => {
            let (year, month, _) = day.add_months(by.saturating_mul(6)).civil();
            half(year, (month - 1) / 6 + 1)
        }
        Unit::Term => {
            let begins = day.year() - i32::from(day.month() < TERM_BEGINS) + by;
            years(begins, begins + 1)
        }
        Unit::Year => year(day.year().checked_add(by)?),
        Unit::Decade => decade(day.year() / 10 * 10 + by.saturating_mul(10)),
        Unit::Century => century(Calendar::Gregorian, day.year() / 100 + 1 + by),
        Unit::Second | Unit::Minute | Unit::Hour => None,
    }
}

/// The weekend that is meant where nothing is said of it.
pub(super) fn weekend(context: &Context) -> Option<Resolved> {
    let reference = context.reference?;
    match context.tense {
        Tense::News | Tense::Behind => {
            let saturday = reference.on_or_before(Weekday::Saturday);
            Some(Resolved::days(saturday, saturday.add(1)))
        }
        Tense::Ahead | Tense::Query => unit(Unit::Weekend, reference, 0),
    }
}

/// The last or next so many units.
pub(super) fn count(count: u16, of: Unit, direction: i8, reference: Day) -> Option<Resolved> {
    let by = i32::from(direction) * i32::from(count);
    let ordered = |there: Day| if by < 0 { (there, reference) } else { (reference, there) };
    match of {
        // A day is as good as its hours.
        Unit::Second | Unit::Minute | Unit::Hour => {
            let hours = if of == Unit::Hour { i32::from(count) } else { 1 };
            let (first, last) = ordered(reference.add(i32::from(direction) * ((hours + 23) / 24)));
            Some(Resolved::days(first, last))
        }
        Unit::Day => {
            let (first, last) = ordered(reference.add(by));
            Some(Resolved::days(first, last))
        }
        Unit::Week => {
            let this = reference.week_start();
            let (first, last) = if by < 0 { (this.add(7 * by), this.add(-7)) } else { (this.add(7), this.add(7 * by)) };
            span(week(first), week(last))
        }
        Unit::Month => {
            let (first, last) = ordered(reference.add_months(by));
            span(unit(Unit::Month, first, 0)?, unit(Unit::Month, last, 0)?)
        }
        Unit::Quarter => {
            let (near, far) = (unit(of, reference, i32::from(direction))?, unit(of, reference, by)?);
            if by < 0 { span(far, near) } else { span(near, far) }
        }
        Unit::Year => {
            let (first, last) = ordered(reference.add_months(by.saturating_mul(12)));
            Some(Resolved::days(first, last))
        }
        Unit::Decade | Unit::Century => {
            let length = if of == Unit::Decade { 10 } else { 100 };
            let there = reference.year() + by * length;
            years(there.min(reference.year()), there.max(reference.year()))
        }
        Unit::Term => {
            let (near, far) = (unit(of, reference, i32::from(direction))?, unit(of, reference, by)?);
            let (first, last) = if by < 0 { (far, near) } else { (near, far) };
            years(first.first?.year(), last.last?.year())
        }
        Unit::Half | Unit::Weekend => None,
    }
}

fn span(first: Resolved, last: Resolved) -> Option<Resolved> {
    let (start, end) = (first.first?, last.last?);
    Some(Resolved::new(format!("{}/{}", first.value, last.value), start, end))
}

fn week(monday: Day) -> Resolved {
    let (year, week) = monday.iso_week();
    Resolved::new(format!("{year:04}-W{week:02}"), monday, monday.add(6))
}

pub(super) fn month(year: i32, month: u8) -> Option<Resolved> {
    let (first, last) = months(year, month, month)?;
    Some(Resolved::new(format!("{year:04}-{month:02}"), first, last))
}

/// First and last day of a row of months.
pub(super) fn months(year: i32, from: u8, to: u8) -> Option<(Day, Day)> {
    Some((Day::new(year, from, 1)?, Day::new(year, to, month_days(year, to))?))
}

fn quarter(year: i32, number: u8) -> Option<Resolved> {
    let (first, last) = months(year, 3 * number - 2, 3 * number)?;
    Some(Resolved::new(format!("{year:04}-Q{number}"), first, last))
}

fn half(year: i32, number: u8) -> Option<Resolved> {
    let (first, last) = months(year, 6 * number - 5, 6 * number)?;
    Some(Resolved::days(first, last))
}

/// A year; before the era it has a value and no days.
pub(super) fn year(year: i32) -> Option<Resolved> {
    if year < 1 {
        let sign = if year < 0 { "-" } else { "" };
        let value = format!("{sign}{:04}", year.unsigned_abs());
        return Some(Resolved { value, first: None, last: None, exact: true });
    }
    let (first, last) = months(year, 1, 12)?;
    Some(Resolved::new(format!("{year:04}"), first, last))
}

fn years(from: i32, to: i32) -> Option<Resolved> {
    let (first, last) = (Day::new(from, 1, 1)?, Day::new(to, 12, 31)?);
    Some(Resolved::new(format!("{from:04}/{to:04}"), first, last))
}

pub(super) fn decade(first: i32) -> Option<Resolved> {
    let days = (Day::new(first.max(1), 1, 1)?, Day::new(first + 9, 12, 31)?);
    Some(Resolved::new(format!("{:03}X", first / 10), days.0, days.1))
}

/// A century, 1 for the first; before the era it has a value and no days.
pub(super) fn century(calendar: Calendar, number: i32) -> Option<Resolved> {
    match calendar {
        Calendar::Hijri => {
            let (first, _) = hijri_year(number.checked_mul(100)? - 99)?;
            let (_, last) = hijri_year(number * 100)?;
            Some(Resolved::days(first, last))
        }
        Calendar::Gregorian if number < 0 => {
            Some(Resolved { value: format!("-{:02}XX", -number - 1), first: None, last: None, exact: true })
        }
        Calendar::Gregorian => {
            let hundreds = number - 1;
            let first = Day::new((hundreds * 100).max(1), 1, 1)?;
            let last = Day::new(hundreds * 100 + 99, 12, 31)?;
            Some(Resolved::new(format!("{hundreds:02}XX"), first, last))
        }
    }
}

/// Spring (0) to winter (3) of a year; winter ends in the next.
pub(super) fn season(season: u8, year: i32) -> Option<Resolved> {
    let begins = 3 * season + 3;
    let first = Day::new(year, begins, 1)?;
    Some(Resolved::days(first, first.add_months(3).add(-1)))
}

/// A part of a whole that lasts from one day to another.
pub(super) fn part(part: Part, (first, last): (Day, Day)) -> Option<Resolved> {
    let rank = i32::from(part.rank);
    let inside = |found: Resolved| {
        let (start, end) = found.ends()?;
        (first <= start && end <= last).then_some(found)
    };
    if let Some(weekday) = part.weekday {
        let day = if rank > 0 {
            first.on_or_after(weekday).add(7 * (rank - 1))
        } else {
            last.on_or_before(weekday).add(7 * (rank + 1))
        };
        return inside(Resolved::day(day));
    }
    let one_year = last.days_since_epoch() - first.days_since_epoch() > 31;
    let counted = i32::from(part.count);
    match part.unit {
        Unit::Day if counted > 1 => {
            let start = if rank > 0 { first } else { last.add(1 - counted) };
            inside(Resolved::days(start, start.add(counted - 1)))
        }
        Unit::Day => inside(Resolved::day(if rank > 0 { first.add(rank - 1) } else { last.add(rank + 1) })),
        Unit::Week => {
            let start = if rank > 0 {
                first.on_or_after(Weekday::Monday).add(7 * (rank - 1))
            } else {
                last.on_or_before(Weekday::Sunday).add(-6 + 7 * (rank + 1))
            };
            let until = start.add(7 * (counted - 1));
            inside(if counted == 1 { week(start) } else { span(week(start), week(until))? })
        }
        Unit::Month if one_year => {
            let from = match (rank > 0, counted) {
                (true, 1) => rank,
                (true, _) => 1,
                (false, 1) => 13 + rank,
                (false, counted) => 13 - counted,
            };
            let from = u8::try_from(from).ok()?;
            let to = from + part.count - 1;
            let year = first.year();
            if part.count == 1 { month(year, from) } else { span(month(year, from)?, month(year, to)?) }
        }
        Unit::Quarter if one_year => quarter(first.year(), u8::try_from(if rank > 0 { rank } else { 5 + rank }).ok()?),
        Unit::Half if one_year => half(first.year(), u8::try_from(if rank > 0 { rank } else { 3 + rank }).ok()?),
        Unit::Half => {
            let middle = first.add(15);
            Some(if rank == 1 { Resolved::days(first, middle.add(-1)) } else { Resolved::days(middle, last) })
        }
        _ => None,
    }
}
