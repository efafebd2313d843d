//! The Hijri calendar by the table of Umm al-Qura (King Abdulaziz City for Science and Technology), from icu_calendar.
//!
//! Input: a Hijri year, month and day. Output: the [`Day`]. Contract: a month has 29 or 30 days as the table says,
//! and the 30th of a month of 29 is no day. The table is the official one for 1420 to 1450 AH (1999 to 2029);
//! from 1300 to 1600 it is KACST's computation, which other countries' announcements differ from by a day in
//! about a third of the months, and before 1300 icu_calendar falls back to the tabular calendar.

use icu_calendar::Date;
use icu_calendar::cal::Hijri;
use icu_calendar::cal::hijri::UmmAlQura;
use icu_calendar::types::RataDie;

use super::Day;

/// The Rata Die number of 1970-01-01.
const EPOCH: i64 = 719_163;

/// The years that the conversion takes.
const YEARS: std::ops::RangeInclusive<i32> = 1..=1600;

/// The years whose days are settled: there the printed calendar of Umm al-Qura and the table agree.
pub const SETTLED: std::ops::RangeInclusive<i32> = 1420..=1450;

fn date(year: i32, month: u8, day: u8) -> Option<Date<Hijri<UmmAlQura>>> {
    if !YEARS.contains(&year) {
        return None;
    }
    Date::try_new_hijri_with_calendar(year, month, day, Hijri::new_umm_al_qura()).ok()
}

fn day_of(date: &Date<Hijri<UmmAlQura>>) -> Day {
    Day::from_days((date.to_rata_die().to_i64_date() - EPOCH) as i32)
}

/// The day of a Hijri date, and whether it is exact: inside [`SETTLED`]; outside, a country's own count may differ by
/// a day.
///
/// `None` outside 1 to 1600 AH, and for a day that the month does not have by the table (the 30th of a month of 29).
///
/// ```
/// use marsad::calendar::{Day, hijri_to_day};
/// assert_eq!(hijri_to_day(1446, 9, 19), Some((Day::new(2025, 3, 19).unwrap(), true)));
/// assert_eq!(hijri_to_day(1446, 9, 30), None);
/// ```
pub fn hijri_to_day(year: i32, month: u8, day: u8) -> Option<(Day, bool)> {
    Some((day_of(&date(year, month, day)?), SETTLED.contains(&year)))
}

/// The Hijri year, month and day of a day; `None` outside 1 to 1600 AH.
pub fn day_to_hijri(day: Day) -> Option<(i32, u8, u8)> {
    let date = Date::from_rata_die(RataDie::new(i64::from(day.days_since_epoch()) + EPOCH), Hijri::new_umm_al_qura());
    let year = date.year().extended_year();
    YEARS.contains(&year).then(|| (year, date.month().ordinal, date.day_of_month().0))
}

/// First and last day of a Hijri month.
pub fn hijri_month(year: i32, month: u8) -> Option<(Day, Day)> {
    let first = date(year, month, 1)?;
    let start = day_of(&first);
    Some((start, start.add(i32::from(first.days_in_month()) - 1)))
}

/// First and last day of a Hijri year.
pub fn hijri_year(year: i32) -> Option<(Day, Day)> {
    let first = date(year, 1, 1)?;
    let start = day_of(&first);
    Some((start, start.add(i32::from(first.days_in_year()) - 1)))
}
