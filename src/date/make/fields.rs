//! What the slots of one side of a match hold, and the point that it makes.
//!
//! Input: [`Meaning`]s, one at a time. Output: a [`Point`]. Contract: two meanings for one field make nothing, and so
//! does what is on no calendar (31 June, month 13, a Hijri year past 1600).

use crate::calendar::{Day, Weekday, day_to_hijri, hijri_month, hijri_to_day, month_days};
use crate::date::expression::{Every, Length, Part, Point, Unit, Whole, Year};
use crate::date::vocabulary::{Field, Meaning};
use crate::date::{Calendar, Modifier};

/// The last Hijri year that there are tables for.
const LAST_HIJRI: u16 = 1600;

/// Two digits below this are a year of the twenty-first century, others of the twentieth.
const PIVOT: u16 = 36;

/// What the slots of one side hold.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fields {
    pub day: Option<u8>,
    pub month: Option<(Calendar, u8)>,
    /// The month is a number.
    pub numeric: bool,
    pub year: Option<u16>,
    pub era: Option<Calendar>,
    pub before_era: bool,
    pub weekday: Option<Weekday>,
    pub today: Option<i8>,
    pub direction: Option<i8>,
    pub unit: Option<Unit>,
    pub count: Option<u16>,
    pub quarters: Option<u8>,
    pub modifier: Option<Modifier>,
    pub sign: Option<i8>,
    pub same: Option<i8>,
    repeat: Option<Unit>,
    rank: Option<i8>,
    part: Option<Unit>,
    season: Option<u8>,
    decade: Option<u16>,
    century: Option<u8>,
}

/// Sets a field; none where it holds something else already.
fn set<T: PartialEq + Copy>(field: &mut Option<T>, value: T) -> Option<()> {
    match *field {
        Some(old) if old != value => None,
        _ => {
            *field = Some(value);
            Some(())
        }
    }
}

impl Fields {
    /// Takes a meaning in; none where it contradicts what is there.
    pub fn take(&mut self, meaning: Meaning) -> Option<()> {
        match meaning {
            Meaning::Number(Field::Day, number) => set(&mut self.day, number as u8),
            Meaning::Number(Field::Month, number) => {
                self.numeric = true;
                set(&mut self.month, (Calendar::Gregorian, number as u8))
            }
            Meaning::Number(Field::Year, number) => set(&mut self.year, number),
            Meaning::Number(Field::ShortYear, number) => {
                set(&mut self.year, if number < PIVOT { 2000 } else { 1900 } + number)
            }
            Meaning::Number(Field::Century, number) => set(&mut self.century, number as u8),
            Meaning::Number(Field::Count, number) => set(&mut self.count, number),
            Meaning::Number(Field::Rank, number) => set(&mut self.rank, number as i8),
            Meaning::Month(calendar, number) => set(&mut self.month, (calendar, number)),
            Meaning::Weekday(weekday) => set(&mut self.weekday, weekday),
            Meaning::Days(days) => set(&mut self.today, days),
            Meaning::Direction(direction) => {
                self.direction = Some(direction);
                Some(())
            }
            Meaning::Unit(unit, number) => {
                self.unit = Some(unit);
                self.count = self.count.or(number);
                Some(())
            }
            Meaning::Modifier(modifier) => {
                self.modifier = Some(modifier);
                Some(())
            }
            Meaning::Era(era) => set(&mut self.era, era),
            Meaning::BeforeEra => {
                self.before_era = true;
                Some(())
            }
            Meaning::Sign(sign) => {
                self.sign = Some(sign);
                Some(())
            }
            Meaning::SignThat(sign) => {
                (self.sign, self.same) = (Some(sign), Some(0));
                Some(())
            }
            Meaning::Repeat(unit) => set(&mut self.repeat, unit),
            Meaning::Rank(rank) => set(&mut self.rank, rank),
            Meaning::Part(unit) => set(&mut self.part, unit),
            Meaning::Season(season) => set(&mut self.season, season),
            Meaning::Decade(decade) => set(&mut self.decade, decade),
            Meaning::Same(by) => set(&mut self.same, by),
            Meaning::Quarters(quarters) => {
                // "نصف عام" is a half and no whole.
                self.count = self.count.or(self.unit.is_none().then_some(0));
                set(&mut self.quarters, quarters)
            }
            Meaning::Feast(calendar, month, day) => {
                set(&mut self.month, (calendar, month))?;
                set(&mut self.day, day)
            }
            Meaning::Dotted => None,
        }
    }

    /// Takes in "05.09.2025", "2025.09.05", or "09.25.2025" where nothing else will do.
    pub fn take_dotted(&mut self, (first, month, last): (u16, u16, u16)) -> Option<()> {
        let (day, month, year) = if first > 31 { (last, month, first) } else { (first, month, last) };
        let (day, month) = if month > 12 { (month, day) } else { (day, month) };
        if !(1..=31).contains(&day) || !(1..=12).contains(&month) || !(1000..=2999).contains(&year) {
            return None;
        }
        (self.day, self.year, self.numeric) = (Some(day as u8), Some(year), true);
        self.month = Some((Calendar::Gregorian, month as u8));
        Some(())
    }

    /// The point that the fields speak of; `no_nearest` where a year left out is not the nearest.
    pub fn point(&self, no_nearest: bool) -> Option<Point> {
        if let Some(rank) = self.rank.filter(|_| self.day.is_none() && (self.part.is_some() || self.weekday.is_some()))
        {
            return self.part(rank, no_nearest);
        }
        if let Some((calendar, month)) = self.month {
            return self.dated(self.calendar(calendar)?, month, no_nearest);
        }
        if let (Some(weekday), Some(by), None) = (self.weekday, self.same, self.unit) {
            return Some(Point::SameWeekday { weekday, by });
        }
        if let Some(by) = self.same {
            return Some(match (self.year, self.direction) {
                (None, None) => {
                    // "19 منه" is a day of that month.
                    let unit = self.unit.or(self.part).or(self.day.map(|_| Unit::Month))?;
                    Point::Same { unit, by, day: self.day }
                }
                _ => {
                    let year = Fields { same: None, ..*self }.year(no_nearest);
                    Point::SameDay { unit: self.part.unwrap_or(Unit::Day), year }
                }
            });
        }
        if let (Some(day), Some(direction)) = (self.day, self.direction) {
            return Some(Point::DayOfMonth { day, direction });
        }
        if let Some(season) = self.season {
            return Some(Point::Season { season, year: self.year(no_nearest) });
        }
        if let Some(decade) = self.decade {
            let hundreds = i16::from(self.century.unwrap_or(20)) - 1;
            return Some(Point::Decade { first: hundreds * 100 + decade as i16 });
        }
        if let Some(century) = self.century {
            let number = century as i8;
            let calendar = self.era.unwrap_or(Calendar::Gregorian);
            return Some(Point::Century { calendar, number: if self.before_era { -number } else { number } });
        }
        if let Some(year) = self.year {
            let calendar = self.era.unwrap_or(Calendar::Gregorian);
            let sound = year > 0 && (calendar == Calendar::Gregorian || year <= LAST_HIJRI);
            let year = if self.before_era { 1 - year as i16 } else { year as i16 };
            return sound.then_some(Point::Year { calendar, year });
        }
        if let Some(days) = self.today {
            return Some(Point::Today { days, weekday: self.weekday });
        }
        if let Some(weekday) = self.weekday {
            let direction = self.direction;
            return Some(match (self.unit, direction) {
                (Some(Unit::Week), direction) => Point::WeekdayOfWeek { weekday, direction: direction.unwrap_or(0) },
                _ => Point::Weekday { weekday, direction },
            });
        }
        match (self.count, self.direction) {
            (Some(count), Some(direction)) => {
                (count > 0 && direction != 0).then_some(Point::Count { count, unit: self.unit?, direction })
            }
            (_, direction) => Some(Point::Unit { unit: self.unit.or(self.part)?, direction }),
        }
    }

    /// A day or month of a calendar.
    fn dated(&self, calendar: Calendar, month: u8, no_nearest: bool) -> Option<Point> {
        let year = self.year_in(calendar, month, no_nearest)?;
        let Some(day) = self.day else {
            let sound = match (calendar, year) {
                (Calendar::Hijri, Year::Given(year)) => hijri_month(i32::from(year), month).is_some(),
                (_, year) => year != Year::Given(0),
            };
            return sound.then_some(Point::Month { calendar, year, month });
        };
        // "ثاني أيام عيد الفطر".
        let day = day.checked_add_signed(self.rank.map_or(0, |rank| rank - 1))?;
        let sound = match (calendar, year) {
            (Calendar::Hijri, Year::Given(year)) => hijri_to_day(i32::from(year), month, day).is_some(),
            (Calendar::Hijri, _) => day <= 30,
            (Calendar::Gregorian, Year::Given(year)) => Day::new(i32::from(year), month, day).is_some(),
            // A leap year may be meant.
            (Calendar::Gregorian, _) => day <= month_days(2000, month),
        };
        let Fields { weekday, today, .. } = *self;
        sound.then_some(Point::Day { calendar, year, month, day, weekday, today })
    }

    /// The ranked part of a month or year.
    fn part(&self, rank: i8, no_nearest: bool) -> Option<Point> {
        let year = self.year(no_nearest);
        if self.part == Some(Unit::Decade) {
            // "القرن الماضي" is the twentieth, "الحالي" the one after it.
            let said = self.direction.map_or(20, |direction| if direction < 0 { 20 } else { 21 });
            let hundreds = i16::from(self.century.unwrap_or(said)) - 1;
            let first = hundreds * 100 + 10 * (i16::from(rank) - 1);
            return (1..=10).contains(&rank).then_some(Point::Decade { first });
        }
        let of = match self.month {
            Some((calendar, month)) => {
                let calendar = self.calendar(calendar)?;
                Whole::Month(calendar, self.year_in(calendar, month, no_nearest)?, month)
            }
            None if self.unit == Some(Unit::Month) => Whole::ThisMonth(self.direction.unwrap_or(0)),
            // "الربع الأخير" alone is the last one.
            None if self.year.is_none() && self.unit.is_none() && rank < 0 => {
                return Some(Point::Unit { unit: self.part?, direction: Some(-1) });
            }
            None => Whole::Year(self.era.unwrap_or(Calendar::Gregorian), year),
        };
        let count = u8::try_from(self.count.unwrap_or(1)).ok()?;
        let part = Part { unit: self.part.unwrap_or(Unit::Day), weekday: self.weekday, rank, count };
        let most = match (part.unit, of) {
            _ if part.weekday.is_some() => 5,
            (Unit::Quarter, Whole::Year(..)) => 4,
            (Unit::Half, _) => 2,
            (Unit::Month, Whole::Year(..)) => 12,
            (Unit::Week, Whole::Year(..)) => 53,
            (Unit::Week, _) => 5,
            (Unit::Day, Whole::Year(..)) => 100,
            (Unit::Day, _) => 31,
            _ => return None,
        };
        (rank.unsigned_abs() <= most && (1..=most).contains(&count)).then_some(Point::Part { part, of })
    }

    /// What the fields repeat on.
    pub fn every(&self) -> Option<Every> {
        if let Some(unit) = self.repeat {
            return Some(Every::Length(Length { count: 1, unit, quarters: 0, more: None }));
        }
        match (self.weekday, self.month, self.day) {
            (Some(weekday), None, None) => Some(Every::Weekday(weekday)),
            (_, Some((_, month)), Some(day)) => {
                (day <= month_days(2000, month)).then_some(Every::Day(Some(month), day))
            }
            (_, None, Some(day)) => Some(Every::Day(None, day)),
            (_, Some((_, month)), None) => Some(Every::Month(month)),
            _ => self.length().map(Every::Length),
        }
    }

    /// The length of time that the fields give.
    pub fn length(&self) -> Option<Length> {
        let count = self.count.unwrap_or(u16::from(self.quarters.is_none()));
        Some(Length { count, unit: self.unit?, quarters: self.quarters.unwrap_or(0), more: None })
    }

    /// The calendar of a month with its era and year; none where they contradict each other.
    pub fn calendar(&self, month: Calendar) -> Option<Calendar> {
        if !self.numeric {
            return self.era.is_none_or(|era| era == month).then_some(month);
        }
        let hijri = self.year.is_some_and(|year| (1300..=1500).contains(&year));
        Some(self.era.unwrap_or(if hijri { Calendar::Hijri } else { Calendar::Gregorian }))
    }

    fn year(&self, no_nearest: bool) -> Year {
        match (self.year, self.unit, self.direction) {
            (Some(year), ..) => Year::Given(year),
            (None, Some(Unit::Year), direction) => match self.same {
                Some(by) => Year::Same(by),
                None => Year::Of(direction.unwrap_or(0)),
            },
            (None, _, Some(direction)) => Year::Toward(direction),
            _ if no_nearest => Year::Unknown,
            _ => Year::Nearest,
        }
    }

    /// What is said of the year of a calendar's month. "رمضان 2017" is the Hijri month of a Gregorian year.
    fn year_in(&self, calendar: Calendar, month: u8, no_nearest: bool) -> Option<Year> {
        match self.year(no_nearest) {
            Year::Given(year) if calendar == Calendar::Hijri && year > LAST_HIJRI => {
                let gregorian = self.era != Some(Calendar::Hijri);
                let year = hijri_year_with(i32::from(year), month, self.day.unwrap_or(1)).filter(|_| gregorian);
                year.map(Year::Given)
            }
            year => Some(year),
        }
    }

    /// Takes from `other` what is not said here; false where nothing was left out. In a range (`ordered`) this side is
    /// the earlier: "من نوفمبر إلى مارس 2017" begins in 2016.
    pub fn borrow(&mut self, other: &Fields, ordered: bool) -> bool {
        let mut borrowed = false;
        if self.day.is_some() && self.month.is_none() && self.direction.is_none() {
            (self.month, self.numeric) = (other.month, other.numeric);
            borrowed = true;
        }
        if self.year.is_none() && self.unit.is_none() && self.direction.is_none() {
            self.year_from(other, ordered.then_some(-1));
            borrowed = true;
        }
        self.era = self.era.or(other.era);
        borrowed
    }

    /// Takes the year of `other`, or the one before (-1) or after (1) it where the months are in that order; where no
    /// order is known, only if they are far apart.
    pub fn year_from(&mut self, other: &Fields, order: Option<i8>) {
        (self.year, self.unit, self.direction, self.same) = (other.year, other.unit, other.direction, other.same);
        let (Some(year), Some((_, mine)), Some((_, its))) = (self.year, self.month, other.month) else { return };
        let turns = match order {
            Some(..0) => mine > its,
            Some(_) => mine < its,
            None => mine.abs_diff(its) > 6,
        };
        if turns {
            self.year = if mine > its { year.checked_sub(1) } else { year.checked_add(1) };
        }
    }
}

/// The Hijri year that holds a day.
pub(in crate::date) fn hijri_year_of(day: Day) -> Option<i32> {
    day_to_hijri(day).map(|(year, ..)| year)
}

/// The Hijri year whose month and day fall in a Gregorian year: the first, where two do.
fn hijri_year_with(gregorian: i32, month: u8, day: u8) -> Option<u16> {
    let first = hijri_year_of(Day::new(gregorian, 1, 1)?)?;
    let falls = |year: &i32| hijri_to_day(*year, month, day).is_some_and(|(day, _)| day.year() == gregorian);
    (first..=first + 1).find(falls).and_then(|year| u16::try_from(year).ok())
}
