//! Turns what an expression says into days, counting from the document's day where it must.
//!
//! Input: an [`Expression`], and the day that relative expressions count from, if there is one. Output: a
//! [`DateMention`]. Contract: an expression that needs the day and has none gets no value; `first_day` is never
//! after `last_day`; a value and its days say the same.

use super::expression::{Expression, Length, Point, When, Year};
use super::make::hijri_year_of;
use super::{Calendar, DateMention, Grain, Kind};
use crate::calendar::{Day, hijri_month, hijri_to_day, hijri_year, month_days};

/// How many days ahead a day without its year may lie; else it is the latest one.
const AHEAD: i32 = 60;

/// How many months ahead a month without its year may lie.
const MONTHS_AHEAD: i32 = 1;

/// The value of a point, and the days that it covers.
struct Resolved {
    value: String,
    first: Day,
    last: Day,
}

impl Resolved {
    fn days(first: Day, last: Day) -> Self {
        Self { value: format!("{first}/{last}"), first, last }
    }

    fn day(day: Day) -> Self {
        Self { value: day.to_string(), first: day, last: day }
    }
}

/// Resolves one expression.
pub(super) fn resolve(expression: &Expression, reference: Option<Day>) -> DateMention {
    let Expression { span, when, calendar, modifier } = *expression;
    let mut mention = DateMention {
        span,
        kind: Kind::Date,
        value: None,
        first_day: None,
        last_day: None,
        grain: Grain::Day,
        calendar,
        modifier,
        reference: None,
    };
    let resolved = match when {
        When::Point(point) => {
            mention.grain = point.grain();
            mention.reference = reference.filter(|_| counts(&point));
            self::point(&point, reference)
        }
        When::Interval(from, to) => {
            mention.grain = from.grain();
            mention.reference = reference.filter(|_| counts(&from) || counts(&to));
            interval(from, to, reference)
        }
        When::Offset(length, sign) => {
            mention.grain = length.unit;
            mention.reference = reference;
            reference.and_then(|day| unit(length.unit, day, i32::from(sign) * i32::from(length.count)))
        }
        When::Duration(length) => {
            (mention.kind, mention.grain, mention.value) = (Kind::Duration, length.unit, duration(length));
            None
        }
        When::Set(length) => {
            (mention.kind, mention.grain, mention.value) = (Kind::Set, length.unit, duration(length));
            None
        }
    };
    if let Some(Resolved { value, first, last }) = resolved.filter(|found| found.first <= found.last) {
        (mention.value, mention.first_day, mention.last_day) = (Some(value), Some(first), Some(last));
    }
    mention
}

/// True if the point counts from the document's day.
fn counts(point: &Point) -> bool {
    match *point {
        Point::Day { year, .. } | Point::Month { year, .. } => !matches!(year, Year::Given(_)),
        Point::Year { .. } => false,
        Point::DayOfMonth { .. } | Point::Weekday { .. } | Point::Today { .. } | Point::Unit { .. } => true,
    }
}

fn point(point: &Point, reference: Option<Day>) -> Option<Resolved> {
    match *point {
        Point::Day { calendar, year, month, day, weekday, .. } => {
            let on = |year: i32| match calendar {
                Calendar::Gregorian => Day::new(year, month, day),
                Calendar::Hijri => hijri_to_day(year, month, day).map(|(day, _)| day),
            };
            let near = |reference: Day| {
                let fits = |found: &Day| weekday.is_none_or(|weekday| found.weekday() == weekday);
                let years = running_year(calendar, reference)?;
                // The weekday beside a date tells its year.
                let named = weekday.and_then(|_| {
                    let candidates = (-2..=1).filter_map(|by| on(years + by)).filter(|found| fits(found));
                    candidates.min_by_key(|found| (found.days_since_epoch() - reference.days_since_epoch()).abs())
                });
                named.or_else(|| latest(years, on, |found| found <= reference.add(AHEAD)))
            };
            let found = match (year, reference) {
                (Year::Given(year), _) => on(i32::from(year)),
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
            };
            found.map(Resolved::day)
        }
        Point::Month { calendar, year, month } => {
            let on = |year: i32| match calendar {
                Calendar::Gregorian => {
                    Some((Day::new(year, month, 1)?, Day::new(year, month, month_days(year, month))?))
                }
                Calendar::Hijri => hijri_month(year, month),
            };
            let first = |year: i32| on(year).map(|(first, _)| first);
            let year = match (year, reference) {
                (Year::Given(year), _) => i32::from(year),
                (Year::Unknown, _) | (_, None) => return None,
                (Year::Of(by), Some(reference)) => running_year(calendar, reference)? + i32::from(by),
                (Year::Nearest, Some(reference)) => {
                    let years = running_year(calendar, reference)?;
                    let limit = reference.add_months(MONTHS_AHEAD);
                    (0..=2)
                        .map(|back| years + 1 - back)
                        .find(|&year| first(year).is_some_and(|first| first <= limit))?
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
            let (first, last) = on(year)?;
            match calendar {
                Calendar::Gregorian => Some(Resolved { value: format!("{year:04}-{month:02}"), first, last }),
                Calendar::Hijri => Some(Resolved::days(first, last)),
            }
        }
        Point::Year { calendar: Calendar::Gregorian, year } => {
            let first = Day::new(i32::from(year), 1, 1)?;
            Some(Resolved { value: format!("{year:04}"), first, last: Day::new(i32::from(year), 12, 31)? })
        }
        Point::Year { calendar: Calendar::Hijri, year } => {
            hijri_year(i32::from(year)).map(|(first, last)| Resolved::days(first, last))
        }
        Point::DayOfMonth { day, direction } => {
            let month = unit(Grain::Month, reference?, i32::from(direction))?.first;
            Day::new(month.year(), month.month(), day).map(Resolved::day)
        }
        Point::Weekday { weekday, direction } => {
            let reference = reference?;
            Some(Resolved::day(match direction {
                None => reference.on_or_before(weekday),
                Some(0) => reference.week_start().on_or_after(weekday),
                Some(1..) => reference.add(1).on_or_after(weekday),
                Some(_) => reference.add(-1).on_or_before(weekday),
            }))
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
        Point::Unit { unit, direction } => self::unit(unit, reference?, i32::from(direction)),
    }
}

/// The latest of this year's, next year's and the last years' days that will do (29 February has to be sought).
fn latest(years: i32, on: impl Fn(i32) -> Option<Day>, fits: impl Fn(Day) -> bool) -> Option<Day> {
    (-8..=1).rev().filter_map(|by| on(years + by)).find(|found| fits(*found))
}

fn running_year(calendar: Calendar, reference: Day) -> Option<i32> {
    match calendar {
        Calendar::Gregorian => Some(reference.year()),
        Calendar::Hijri => hijri_year_of(reference),
    }
}

/// The unit that lies `by` units after the one that holds `day`.
fn unit(unit: Grain, day: Day, by: i32) -> Option<Resolved> {
    match unit {
        Grain::Day => Some(Resolved::day(day.add(by))),
        Grain::Week => {
            let first = day.week_start().add(7 * by);
            let (year, week) = first.iso_week();
            Some(Resolved { value: format!("{year:04}-W{week:02}"), first, last: first.add(6) })
        }
        Grain::Month => {
            let (year, month, _) = day.add_months(by).civil();
            let (first, last) = (Day::new(year, month, 1)?, Day::new(year, month, month_days(year, month))?);
            Some(Resolved { value: format!("{year:04}-{month:02}"), first, last })
        }
        Grain::Year => {
            let year = day.year() + by;
            let (first, last) = (Day::new(year, 1, 1)?, Day::new(year, 12, 31)?);
            Some(Resolved { value: format!("{year:04}"), first, last })
        }
        Grain::Quarter | Grain::Season | Grain::Decade | Grain::Century => None,
    }
}

fn interval(from: Point, to: Point, reference: Option<Day>) -> Option<Resolved> {
    let (first, last) = match (from, to) {
        // The weekdays of a list follow one another.
        (Point::Weekday { direction: None, .. }, Point::Weekday { weekday, .. }) => {
            let first = point(&from, reference)?;
            let last = Resolved::day(first.first.on_or_after(weekday));
            (first, last)
        }
        _ => {
            let last = point(&to, reference)?;
            let first = point(&from, reference)?;
            // The year of the later day is the nearest; the earlier day is the one before it.
            match from {
                Point::Day { year: Year::Nearest | Year::Toward(_), .. } if first.first > last.last => {
                    (point(&from, Some(last.first.add(-AHEAD - 1)))?, last)
                }
                _ => (first, last),
            }
        }
    };
    let value = match (&from, &to) {
        (Point::Month { .. } | Point::Year { .. }, _) if from.calendar() == Calendar::Hijri => {
            return Some(Resolved::days(first.first, last.last));
        }
        _ => format!("{}/{}", first.value, last.value),
    };
    Some(Resolved { value, first: first.first, last: last.last })
}

fn duration(Length { count, unit }: Length) -> Option<String> {
    let (count, letter) = match unit {
        Grain::Day => (u32::from(count), 'D'),
        Grain::Week => (u32::from(count), 'W'),
        Grain::Month => (u32::from(count), 'M'),
        Grain::Quarter | Grain::Season => (u32::from(count) * 3, 'M'),
        Grain::Year => (u32::from(count), 'Y'),
        Grain::Decade => (u32::from(count) * 10, 'Y'),
        Grain::Century => (u32::from(count) * 100, 'Y'),
    };
    Some(format!("P{count}{letter}"))
}
