//! Days: the proleptic Gregorian calendar, ISO weeks, and the Hijri calendar by the table of Umm al-Qura.
//!
//! Input: years, months and days as people write them. Output: [`Day`], a count of days since 1970-01-01, which
//! is what Arrow's `date32` holds. Contract: every day that is made from a year, month and day gives them back;
//! what is not a day of the calendar gives `None`, and arithmetic never leaves the range of years 1 to 9999.

mod hijri;

use std::fmt;

pub use hijri::{SETTLED, day_to_hijri, hijri_month, hijri_to_day, hijri_year};

/// A day of the Gregorian calendar, of the years 1 to 9999.
///
/// ```
/// use marsad::calendar::{Day, Weekday};
/// let day = Day::new(2025, 3, 19).unwrap();
/// assert_eq!(day.weekday(), Weekday::Wednesday);
/// assert_eq!(day.to_string(), "2025-03-19");
/// assert_eq!(Day::new(2025, 2, 29), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(i32);

/// A day of the week; the numbers are those of ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Weekday {
    Monday = 1,
    Tuesday = 2,
    Wednesday = 3,
    Thursday = 4,
    Friday = 5,
    Saturday = 6,
    Sunday = 7,
}

impl Weekday {
    /// The days of the week from Monday on.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// The weekday of an ISO number, 1 for Monday to 7 for Sunday.
    pub fn from_iso(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// The English name.
    pub fn name(self) -> &'static str {
        match self {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        }
    }

    /// The ISO number, 1 for Monday to 7 for Sunday.
    pub fn iso(self) -> u8 {
        self as u8
    }

    /// The weekday `days` later, or earlier where it is negative.
    ///
    /// ```
    /// use marsad::calendar::Weekday;
    /// assert_eq!(Weekday::Friday.plus(1), Weekday::Saturday);
    /// assert_eq!(Weekday::Monday.plus(-1), Weekday::Sunday);
    /// ```
    pub fn plus(self, days: i32) -> Self {
        Self::ALL[(i64::from(self.iso()) - 1 + i64::from(days)).rem_euclid(7) as usize]
    }
}

/// The days in a month of the Gregorian calendar; 0 for a month that there is not.
pub fn month_days(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

impl Day {
    /// 0001-01-01.
    pub const MIN: Day = Day(-719_162);
    /// 9999-12-31.
    pub const MAX: Day = Day(2_932_896);

    /// The day of a Gregorian date; `None` where the month has no such day or the year is not 1 to 9999.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year) && day >= 1 && day <= month_days(year, month);
        valid.then(|| Day(days_of_civil(year, month, day)))
    }

    /// Reads an ISO date, alone or before a time of day that a `T` or a space sets off.
    ///
    /// ```
    /// use marsad::calendar::Day;
    /// assert_eq!(Day::parse("2025-03-19T08:00:00+01:00"), Day::new(2025, 3, 19));
    /// assert_eq!(Day::parse("2025-3-19"), None);
    /// ```
    pub fn parse(iso: &str) -> Option<Self> {
        let iso = iso.trim();
        let date = iso.get(..10)?;
        if !matches!(iso.as_bytes().get(10), None | Some(b'T' | b't' | b' ')) {
            return None;
        }
        let bytes = date.as_bytes();
        let digits = |range: std::ops::Range<usize>| {
            let part = &date[range];
            part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i32>().ok()).flatten()
        };
        if bytes[4] != b'-' || bytes[7] != b'-' || !date.is_ascii() {
            return None;
        }
        Self::new(digits(0..4)?, digits(5..7)? as u8, digits(8..10)? as u8)
    }

    /// The day that is `days` after 1970-01-01, or the nearest day of the years 1 to 9999.
    pub fn from_days(days: i32) -> Self {
        Day(days.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Days since 1970-01-01.
    pub fn days_since_epoch(self) -> i32 {
        self.0
    }

    /// Year, month and day.
    pub fn civil(self) -> (i32, u8, u8) {
        civil_of_days(self.0)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.civil().0
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.civil().1
    }

    /// The day of the month.
    pub fn day(self) -> u8 {
        self.civil().2
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::ALL[(i64::from(self.0) + 3).rem_euclid(7) as usize]
    }

    /// The day `days` later, kept within the years 1 to 9999.
    #[allow(clippy::should_implement_trait)]
    pub fn add(self, days: i32) -> Self {
        Self::from_days(self.0.saturating_add(days))
    }

    /// The same day of the month `months` later, or the month's last day where it is shorter.
    ///
    /// ```
    /// use marsad::calendar::Day;
    /// assert_eq!(Day::new(2025, 3, 31).unwrap().add_months(-1), Day::new(2025, 2, 28).unwrap());
    /// ```
    pub fn add_months(self, months: i32) -> Self {
        let (year, month, day) = self.civil();
        let count = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as u8 + 1);
        match i32::try_from(year) {
            Ok(year) if (1..=9999).contains(&year) => {
                Self::new(year, month, day.min(month_days(year, month))).unwrap_or(self)
            }
            _ if months < 0 => Self::MIN,
            _ => Self::MAX,
        }
    }

    /// The ISO year and week that hold the day.
    ///
    /// ```
    /// use marsad::calendar::Day;
    /// assert_eq!(Day::new(2025, 10, 15).unwrap().iso_week(), (2025, 42));
    /// assert_eq!(Day::new(2027, 1, 1).unwrap().iso_week(), (2026, 53));
    /// ```
    pub fn iso_week(self) -> (i32, u8) {
        let thursday = self.0 - i32::from(self.weekday().iso()) + 4;
        let (year, _, _) = civil_of_days(thursday);
        let first = days_of_civil(year, 1, 1);
        (year, ((thursday - first) / 7 + 1) as u8)
    }

    /// The Monday of the day's ISO week.
    pub fn week_start(self) -> Self {
        self.add(1 - i32::from(self.weekday().iso()))
    }

    /// The latest such weekday on or before the day.
    pub fn on_or_before(self, weekday: Weekday) -> Self {
        self.add(-(i32::from(self.weekday().iso()) - i32::from(weekday.iso())).rem_euclid(7))
    }

    /// The first such weekday on or after the day.
    pub fn on_or_after(self, weekday: Weekday) -> Self {
        self.add((i32::from(weekday.iso()) - i32::from(self.weekday().iso())).rem_euclid(7))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Days from 1970-01-01 by Howard Hinnant's `days_from_civil`: years begin in March, so that the leap day is last.
fn days_of_civil(year: i32, month: u8, day: u8) -> i32 {
    let (month, day) = (i32::from(month), i32::from(day));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_of_civil`].
fn civil_of_days(days: i32) -> (i32, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month as u8, day as u8)
}
