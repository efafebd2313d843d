//! Points: each kind of place on the calendar, and how a year that is left out is found.
//!
//! Input: a [`Point`] and what it is resolved against. Output: its value and days. Contract: a year left out is the
//! nearest that fits: in news the latest day, or one at most [`AHEAD`] days off; ahead, where the clause says so.

use super::period::{self, unit};
use super::{Context, Resolved};
use crate::calendar::{Day, SETTLED, hijri_month, hijri_year};
use crate::date::Calendar;
use crate::date::expression::{Point, Tense, Unit, Whole, Year};
use crate::date::make::hijri_year_of;

/// How many days ahead a day without its year may lie in news; else it is the latest one.
pub(super) const AHEAD: i32 = 60;

/// How many months ahead a month without its year may lie in news.
const MONTHS_AHEAD: i32 = 2;

/// A day or month of the future is that of this year though it has just gone by, for so many days.
const STALE: i32 = 31;

/// The season that ends in the year after it begins.
const WINTER: u8 = 3;

pub(super) fn point(point: &Point, context: &Context) -> Option<Resolved> {
    let reference = context.reference;
    match *point {
        Point::Day { calendar, year, month, day, weekday, today } => {
            let on = |year: i32| calendar.day(year, month, day);
            let fits = |found: &Day| weekday.is_none_or(|weekday| found.weekday() == weekday);
            let near = |reference: Day| {
                let years = running_year(calendar, reference)?;
                if let Some(days) = today {
                    let today = reference.add(i32::from(days)).days_since_epoch();
                    let candidates = (-1..=1).filter_map(|by| on(years + by));
                    return candidates.min_by_key(|found| (found.days_since_epoch() - today).abs());
                }
                // The weekday beside a date tells its year.
                let named = weekday.and_then(|_| {
                    let candidates = (-2..=1).filter_map(|by| on(years + by)).filter(fits);
                    candidates.min_by_key(|found| (found.days_since_epoch() - reference.days_since_epoch()).abs())
                });
                named.or_else(|| nearest(years, on, reference, context.tense))
            };
            let found = match (year, reference) {
                (Year::Given(year), _) => on(i32::from(year)),
                (Year::Same(by), _) => on(running_year(calendar, context.anchor()?)? + i32::from(by)),
                (Year::Unknown, _) | (_, None) => None,
                (Year::Of(by), Some(reference)) => on(running_year(calendar, reference)? + i32::from(by)),
                (Year::Nearest, Some(reference)) => near(reference),
                (Year::Toward(by), Some(reference)) => {
                    let years = running_year(calendar, reference)?;
                    match by {
                        0 => on(years),
                        1.. => (years..=years + 8).filter_map(on).find(|found| *found > reference),
                        _ => latest(years, on, |found| found < reference),
                    }
                }
            }?;
            Some(Resolved::day(found).about(calendar == Calendar::Gregorian || is_exact(found)))
        }
        Point::Month { calendar, year, month } => {
            let (year, (first, last)) = month_of(calendar, year, month, context)?;
            match calendar {
                Calendar::Gregorian => period::month(year, month),
                Calendar::Hijri => Some(Resolved::days(first, last).about(SETTLED.contains(&year))),
            }
        }
        Point::Year { calendar: Calendar::Gregorian, year } => period::year(i32::from(year)),
        Point::Year { calendar: Calendar::Hijri, year } => {
            let (first, last) = hijri_year(i32::from(year))?;
            Some(Resolved::days(first, last).about(SETTLED.contains(&i32::from(year))))
        }
        Point::Season { season, year } => match year {
            Year::Given(year) => period::season(season, i32::from(year)),
            Year::Same(by) => period::season(season, context.anchor()?.year() + i32::from(by)),
            Year::Unknown => None,
            Year::Of(by) => period::season(season, reference?.year() + i32::from(by)),
            // "هذا الصيف" is that of the running year, gone by or not.
            Year::Toward(0) => {
                let (year, month, _) = reference?.civil();
                period::season(season, year - i32::from(season == WINTER && month <= 2))
            }
            Year::Toward(by) => nearest_period(by, reference?, |year| period::season(season, year)),
            Year::Nearest => nearest_period(if context.tense.is_ahead() { 0 } else { -1 }, reference?, |year| {
                period::season(season, year)
            }),
        },
        Point::Decade { first } => period::decade(i32::from(first)),
        Point::Century { calendar, number } => {
            let exact = calendar == Calendar::Gregorian;
            period::century(calendar, i32::from(number)).map(|found| found.about(exact))
        }
        Point::Part { part, of } => whole(of, context, |days| period::part(part, days)),
        Point::DayOfMonth { day, direction } => {
            let month = unit(Unit::Month, reference?, i32::from(direction))?.first?;
            Day::new(month.year(), month.month(), day).map(Resolved::day)
        }
        Point::Weekday { weekday, direction } => {
            let reference = reference?;
            Some(Resolved::day(match (direction, context.tense) {
                (None, Tense::News | Tense::Behind) => reference.on_or_before(weekday),
                (None, Tense::Ahead) => reference.on_or_after(weekday),
                (Some(0), tense) if tense.is_ahead() => reference.on_or_after(weekday),
                (Some(0), _) => reference.week_start().on_or_after(weekday),
                (None, Tense::Query) => reference.add(1).on_or_after(weekday),
                // "الأحد بعد المقبل" is a week after the next.
                (Some(by @ 1..), _) => reference.add(1).on_or_after(weekday).add(7 * (i32::from(by) - 1)),
                (Some(by), _) => reference.add(-1).on_or_before(weekday).add(7 * (i32::from(by) + 1)),
            }))
        }
        Point::WeekdayOfWeek { weekday, direction } => {
            let monday = unit(Unit::Week, reference?, i32::from(direction))?.first?;
            Some(Resolved::day(monday.on_or_after(weekday)))
        }
        Point::Today { days, weekday } => {
            let day = reference?.add(i32::from(days));
            // A quote may speak of another today: its weekday wins.
            Some(Resolved::day(match weekday {
                Some(weekday) if days > 0 => day.on_or_after(weekday),
                Some(weekday) => day.on_or_before(weekday),
                None => day,
            }))
        }
        Point::SameWeekday { weekday, by } => {
            let anchor = context.anchor()?;
            Some(Resolved::day(match by {
                ..0 => anchor.add(-1).on_or_before(weekday),
                0 => anchor.week_start().on_or_after(weekday),
                1.. => anchor.add(1).on_or_after(weekday),
            }))
        }
        Point::Unit { unit: Unit::Weekend, direction: None } => period::weekend(context),
        Point::Unit { unit: Unit::Decade, direction: Some(direction) } if direction != 0 => {
            period::count(1, Unit::Decade, direction, reference?)
        }
        Point::Unit { unit, direction } => self::unit(unit, reference?, i32::from(direction.unwrap_or(0))),
        Point::Count { count, unit, direction } => period::count(count, unit, direction, reference?),
        Point::Same { unit, by, day } => {
            if !context.anchor_is_within(unit) {
                return None;
            }
            let found = self::unit(unit, context.anchor()?, i32::from(by))?;
            match day {
                Some(day) => {
                    let month = found.first?;
                    Day::new(month.year(), month.month(), day).map(Resolved::day)
                }
                None => Some(found),
            }
        }
        Point::SameDay { unit, year } => {
            let anchor = context.anchor()?;
            let year = match year {
                Year::Given(year) => i32::from(year),
                Year::Of(by) => reference?.year() + i32::from(by),
                _ => return None,
            };
            if !context.anchor_is_within(unit) {
                return None;
            }
            match unit {
                Unit::Day => Day::new(year, anchor.month(), anchor.day()).map(Resolved::day),
                unit => self::unit(unit, Day::new(year, anchor.month(), 1)?, 0),
            }
        }
    }
}

/// True inside the years whose days are settled.
fn is_exact(day: Day) -> bool {
    hijri_year_of(day).is_some_and(|year| SETTLED.contains(&year))
}

/// The day without its year that is meant.
fn nearest(years: i32, on: impl Fn(i32) -> Option<Day>, reference: Day, tense: Tense) -> Option<Day> {
    let next = || (years - 1..=years + 8).filter_map(&on).find(|found| *found >= reference);
    let past = |fits: &dyn Fn(Day) -> bool| latest(years, &on, |found| found < reference).filter(|found| fits(*found));
    match tense {
        Tense::News => latest(years, &on, |found| found <= reference.add(AHEAD)),
        Tense::Behind => latest(years, &on, |found| found <= reference),
        Tense::Ahead => past(&|found| found >= reference.add(-STALE)).or_else(next),
        // A day of the running month is this year's.
        Tense::Query => {
            let month = |day: Day| (day.year(), day.month());
            past(&|found| month(found) == month(reference)).or_else(next)
        }
    }
}

/// The latest of this year's, next year's and the last years' days that will do (29 February has to be sought).
fn latest(years: i32, on: impl Fn(i32) -> Option<Day>, fits: impl Fn(Day) -> bool) -> Option<Day> {
    (-8..=1).rev().filter_map(|by| on(years + by)).find(|found| fits(*found))
}

/// The latest (-1), the running (0) or the next (1) of periods that come once a year.
fn nearest_period(by: i8, reference: Day, of: impl Fn(i32) -> Option<Resolved>) -> Option<Resolved> {
    let mut near = (-2..=2).filter_map(|turn| of(reference.year() + turn));
    match by {
        0 => near.find(|found| found.last.is_some_and(|last| last >= reference)),
        1.. => near.find(|found| found.first.is_some_and(|first| first > reference)),
        _ => near.rfind(|found| found.last.is_some_and(|last| last < reference)),
    }
}

fn running_year(calendar: Calendar, reference: Day) -> Option<i32> {
    match calendar {
        Calendar::Gregorian => Some(reference.year()),
        Calendar::Hijri => hijri_year_of(reference),
    }
}

/// A month's year and days.
fn month_of(calendar: Calendar, year: Year, month: u8, context: &Context) -> Option<(i32, (Day, Day))> {
    let on = |year: i32| match calendar {
        Calendar::Gregorian => period::months(year, month, month),
        Calendar::Hijri => hijri_month(year, month),
    };
    let first = |year: i32| on(year).map(|(first, _)| first);
    let year = match (year, context.reference) {
        (Year::Given(year), _) => i32::from(year),
        (Year::Same(by), _) => running_year(calendar, context.anchor()?)? + i32::from(by),
        (Year::Unknown, _) | (_, None) => return None,
        (Year::Of(by), Some(reference)) => running_year(calendar, reference)? + i32::from(by),
        (Year::Nearest, Some(reference)) => {
            let years = running_year(calendar, reference)?;
            match context.tense {
                Tense::News | Tense::Behind => {
                    let ahead = if context.tense == Tense::News { MONTHS_AHEAD } else { 0 };
                    let limit = reference.add_months(ahead);
                    (0..=2)
                        .map(|back| years + 1 - back)
                        .find(|&year| first(year).is_some_and(|first| first <= limit))?
                }
                Tense::Ahead | Tense::Query => {
                    (-1..=1).map(|by| years + by).find(|&year| on(year).is_some_and(|(_, last)| last >= reference))?
                }
            }
        }
        (Year::Toward(by), Some(reference)) => {
            let years = running_year(calendar, reference)?;
            let mut near = (-2..=2).map(|by| years + by);
            match by {
                0 => years,
                1.. => near.find(|&year| first(year).is_some_and(|first| first > reference))?,
                // "شهر جوان الماضي" in June is June of the year before.
                _ => near.rfind(|&year| on(year).is_some_and(|(_, last)| last < reference))?,
            }
        }
    };
    Some((year, on(year)?))
}

/// The part of a whole; where the year is left out, the latest part that has begun, or the next to end.
fn whole(of: Whole, context: &Context, part: impl Fn((Day, Day)) -> Option<Resolved>) -> Option<Resolved> {
    let in_year = |calendar: Calendar, year: i32| match calendar {
        Calendar::Gregorian => part(period::months(year, 1, 12)?),
        Calendar::Hijri => part(hijri_year(year)?),
    };
    match of {
        Whole::Month(calendar, year, month) => part(month_of(calendar, year, month, context)?.1),
        Whole::ThisMonth(direction) => part(unit(Unit::Month, context.reference?, i32::from(direction))?.ends()?),
        Whole::Year(calendar, Year::Given(year)) => in_year(calendar, i32::from(year)),
        Whole::Year(calendar, Year::Same(by)) => in_year(calendar, context.anchor()?.year() + i32::from(by)),
        Whole::Year(calendar, Year::Of(by)) => {
            in_year(calendar, running_year(calendar, context.reference?)? + i32::from(by))
        }
        Whole::Year(calendar, Year::Nearest) => {
            let reference = context.reference?;
            let years = running_year(calendar, reference)?;
            let mut near = (-1..=1).filter_map(|by| in_year(calendar, years + by));
            match context.tense {
                Tense::News | Tense::Behind => near.rfind(|found| found.first.is_some_and(|first| first <= reference)),
                Tense::Ahead | Tense::Query => near.find(|found| found.last.is_some_and(|last| last >= reference)),
            }
        }
        Whole::Year(_, Year::Toward(_) | Year::Unknown) => None,
    }
}
