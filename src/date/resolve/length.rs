//! Lengths of time: their ISO 8601 value, and the date that lies so far away.
//!
//! Input: a [`Length`]. Output: "P2Y6M", or the period that it leads to. Contract: an offset is as exact as its unit
//! (three months ago is a month), but that from a day named in the text a day stays a day; hours lead to no day.

use super::period::unit;
use super::{Context, Last, Resolved};
use crate::calendar::Day;
use crate::date::Grain;
use crate::date::expression::{Anchor, Length, Unit};

/// The value of a length of time.
pub(super) fn iso(length: Length) -> Option<String> {
    let mut parts: Vec<(u32, Unit)> = Vec::new();
    for (count, unit) in [Some((length.count, length.unit)), length.more].into_iter().flatten() {
        parts.push((u32::from(count), unit));
    }
    let quarters = u32::from(length.quarters);
    if quarters > 0 {
        // A half of the unit, in the next smaller one that holds it whole.
        parts.push(match length.unit {
            Unit::Year => (quarters * 3, Unit::Month),
            Unit::Month => (quarters * 15 / 2, Unit::Day),
            Unit::Week => (quarters * 7 / 4, Unit::Day),
            Unit::Day => (quarters * 6, Unit::Hour),
            Unit::Hour => (quarters * 15, Unit::Minute),
            Unit::Minute => (quarters * 15, Unit::Second),
            Unit::Century => (quarters * 25, Unit::Year),
            Unit::Decade if quarters == 2 => (5, Unit::Year),
            _ => return None,
        });
    }
    let mut written: Vec<(u32, char, bool)> = Vec::new();
    for (count, unit) in parts.into_iter().filter(|(count, _)| *count > 0) {
        let (count, letter, clock) = match unit {
            Unit::Second => (count, 'S', true),
            Unit::Minute => (count, 'M', true),
            Unit::Hour => (count, 'H', true),
            Unit::Day => (count, 'D', false),
            Unit::Week | Unit::Weekend => (count, 'W', false),
            Unit::Month => (count, 'M', false),
            Unit::Quarter => (count * 3, 'M', false),
            Unit::Half => (count * 6, 'M', false),
            Unit::Year | Unit::Term => (count, 'Y', false),
            Unit::Decade => (count * 10, 'Y', false),
            Unit::Century => (count * 100, 'Y', false),
        };
        match written.last_mut() {
            Some(last) if (last.1, last.2) == (letter, clock) => last.0 += count,
            _ => written.push((count, letter, clock)),
        }
    }
    let mut value = String::from("P");
    let mut clock = false;
    for (count, letter, of_day) in &written {
        if *of_day && !clock {
            value.push('T');
            clock = true;
        }
        value.push_str(&format!("{count}{letter}"));
    }
    (!written.is_empty()).then_some(value)
}

/// The period that lies a length before or after the document's day or the last date named, and its grain.
pub(super) fn offset(length: Length, sign: i8, anchor: Anchor, context: &Context) -> Option<(Resolved, Grain)> {
    let by = |count: u16| i32::from(sign) * i32::from(count);
    let (from, grain) = match (anchor, context.last) {
        (Anchor::Document, _) => (context.reference?, None),
        (Anchor::Last, Last::Named(day, grain)) => (day, Some(grain)),
        (Anchor::Last, _) => (context.anchor()?, None),
    };
    let (more, finest) = length.more.map_or((0, length.unit), |(count, unit)| (count, unit));
    let half = i32::from(sign) * i32::from(length.quarters);
    let shifted = shift(shift(from, length.unit, by(length.count))?, finest, by(more))?;
    let (shifted, finest) = match (length.unit, half) {
        (_, 0) => (shifted, finest),
        (Unit::Century, half) => (shift(shifted, Unit::Year, half * 25)?, Unit::Year),
        (Unit::Year, half) => (shift(shifted, Unit::Month, half * 3)?, Unit::Month),
        (Unit::Month, half) => (shifted.add(half * 15 / 2), Unit::Day),
        (Unit::Week, half) => (shifted.add(half * 7 / 4), Unit::Day),
        _ => return None,
    };
    let finest = match finest {
        Unit::Decade | Unit::Century => Unit::Year,
        unit => unit,
    };
    match grain {
        Some(Grain::Day) => Some((Resolved::day(shifted), Grain::Day)),
        // What is counted from a month is a month.
        Some(Grain::Month) if finest == Unit::Year => unit(Unit::Month, shifted, 0).map(|found| (found, Grain::Month)),
        _ => unit(finest, shifted, 0).map(|found| (found, finest.grain())),
    }
}

/// The day so many units away; hours lead to no day.
fn shift(day: Day, unit: Unit, by: i32) -> Option<Day> {
    Some(match unit {
        Unit::Day => day.add(by),
        Unit::Week => day.add(by.saturating_mul(7)),
        Unit::Month => day.add_months(by),
        Unit::Quarter => day.add_months(by.saturating_mul(3)),
        Unit::Half => day.add_months(by.saturating_mul(6)),
        Unit::Year | Unit::Term => day.add_months(by.saturating_mul(12)),
        Unit::Decade => day.add_months(by.saturating_mul(120)),
        Unit::Century => day.add_months(by.saturating_mul(1200)),
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Weekend => return None,
    })
}
