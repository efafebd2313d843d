//! Makes expressions of what a shape's slots hold.
//!
//! Input: the atoms of a match in their slots, one side for each date. Output: [`Expression`]s. Contract: what is no
//! date makes nothing (31 June, month 13, two names of different months), so that a shorter match may be tried;
//! where one side of a range leaves something out, the other says it.

use super::atom::{Atom, dotted};
use super::expression::{Expression, Length, Point, When, Year};
use super::shape::{Capture, Make};
use super::vocabulary::{Field, Meaning, Vocabulary};
use super::{Calendar, Grain, Modifier};
use crate::calendar::{Day, Weekday, day_to_hijri, hijri_month, hijri_to_day, month_days};
use crate::span::NormSpan;

/// What the slots of one side hold.
#[derive(Debug, Clone, Copy, Default)]
struct Fields {
    day: Option<u8>,
    month: Option<(Calendar, u8)>,
    /// The month is a number.
    numeric: bool,
    year: Option<u16>,
    era: Option<Calendar>,
    weekday: Option<Weekday>,
    today: Option<i8>,
    direction: Option<i8>,
    unit: Option<Grain>,
    count: Option<u16>,
    modifier: Option<Modifier>,
    sign: Option<i8>,
    repeat: Option<Grain>,
}

/// The most sides of a match.
const SIDES: usize = 24;

/// A match, ready to be made into expressions.
pub(super) struct Match<'m> {
    pub vocabulary: &'m Vocabulary,
    pub text: &'m str,
    pub atoms: &'m [Atom],
    pub captures: &'m [Capture],
    pub span: NormSpan,
    /// The nearest year would be wrong.
    pub no_nearest: bool,
}

impl Match<'_> {
    /// Appends the expressions of the match; false where it makes none.
    pub fn make(&self, make: Make, into: &mut Vec<Expression>) -> bool {
        if make == Make::Nothing {
            return true;
        }
        let mut sides = [Fields::default(); SIDES];
        let Some(count) = self.fields(&mut sides) else { return false };
        let sides = &mut sides[..count];
        let made = match make {
            Make::Point => self.point(&sides[0]).map(|point| (When::Point(point), point.calendar())),
            Make::Interval => self.interval(sides),
            Make::Twin => self.twin(sides),
            Make::Duration => sides[0].length().map(|length| (When::Duration(length), Calendar::Gregorian)),
            Make::Offset => sides[0]
                .length()
                .zip(sides[0].sign)
                .map(|(length, sign)| (When::Offset(length, sign), Calendar::Gregorian)),
            Make::Set => {
                let repeat = sides[0].repeat.map(|unit| Length { count: 1, unit });
                repeat.or(sides[0].length()).map(|length| (When::Set(length), Calendar::Gregorian))
            }
            Make::Nothing => None,
            Make::List => return self.list(sides, into),
        };
        let Some((when, calendar)) = made else { return false };
        let modifier = if matches!(when, When::Interval(..)) { None } else { sides[0].modifier };
        into.push(Expression { span: self.span, when, calendar, modifier });
        true
    }

    /// Reads the slots into fields, a row for each side, and counts the sides.
    fn fields(&self, sides: &mut [Fields; SIDES]) -> Option<usize> {
        let mut count = 1;
        for capture in self.captures {
            let side = usize::from(capture.side);
            count = count.max(side + 1);
            let fields = sides.get_mut(side)?;
            let atom = &self.atoms[capture.atom];
            let Some(meaning) = atom.meaning(capture.class, self.vocabulary) else { continue };
            if capture.context && !matches!(meaning, Meaning::Modifier(_)) {
                continue;
            }
            match meaning {
                Meaning::Number(Field::Day, number) => set(&mut fields.day, number as u8)?,
                Meaning::Number(Field::Month, number) => {
                    set(&mut fields.month, (Calendar::Gregorian, number as u8))?;
                    fields.numeric = true;
                }
                Meaning::Number(Field::Year, number) => set(&mut fields.year, number)?,
                Meaning::Number(Field::Count, number) => set(&mut fields.count, number)?,
                Meaning::Month(calendar, number) => set(&mut fields.month, (calendar, number))?,
                Meaning::Weekday(weekday) => set(&mut fields.weekday, weekday)?,
                Meaning::Days(days) => set(&mut fields.today, days)?,
                Meaning::Direction(direction) => fields.direction = Some(direction),
                Meaning::Unit(unit, number) => {
                    fields.unit = Some(unit);
                    if number.is_some() && fields.count.is_none() {
                        fields.count = number;
                    }
                }
                Meaning::Modifier(modifier) => fields.modifier = Some(modifier),
                Meaning::Era(era) => set(&mut fields.era, era)?,
                Meaning::Sign(sign) => fields.sign = Some(sign),
                Meaning::Repeat(unit) => fields.repeat = Some(unit),
                Meaning::Dotted => {
                    let (first, month, last) = dotted(atom.span.of(self.text))?;
                    let (day, month, year) = if first > 31 { (last, month, first) } else { (first, month, last) };
                    // "09.25.2025": month first, where nothing else will do.
                    let (day, month) = if month > 12 { (month, day) } else { (day, month) };
                    if !(1..=31).contains(&day) || !(1..=12).contains(&month) || !(1000..=2999).contains(&year) {
                        return None;
                    }
                    (fields.day, fields.year, fields.numeric) = (Some(day as u8), Some(year), true);
                    fields.month = Some((Calendar::Gregorian, month as u8));
                }
            }
        }
        Some(count)
    }

    fn point(&self, fields: &Fields) -> Option<Point> {
        let Fields { day, weekday, today, .. } = *fields;
        if let Some((calendar, month)) = fields.month {
            let calendar = fields.calendar(calendar)?;
            let year = match fields.year(self.no_nearest) {
                // "رمضان 2017": the Hijri month of a Gregorian year.
                Year::Given(year) if calendar == Calendar::Hijri && year > 1600 => {
                    Year::Given(hijri_year_with(i32::from(year), month)?)
                }
                year => year,
            };
            let Some(day) = day else {
                let sound = match (calendar, year) {
                    (Calendar::Hijri, Year::Given(year)) => hijri_month(i32::from(year), month).is_some(),
                    (_, year) => year != Year::Given(0),
                };
                return sound.then_some(Point::Month { calendar, year, month });
            };
            let sound = match (calendar, year) {
                (Calendar::Hijri, Year::Given(year)) => hijri_to_day(i32::from(year), month, day).is_some(),
                (Calendar::Hijri, _) => day <= 30,
                (Calendar::Gregorian, Year::Given(year)) => Day::new(i32::from(year), month, day).is_some(),
                // A leap year may be meant.
                (Calendar::Gregorian, _) => day <= month_days(2000, month),
            };
            return sound.then_some(Point::Day { calendar, year, month, day, weekday, today });
        }
        if let (Some(day), Some(direction)) = (day, fields.direction) {
            return Some(Point::DayOfMonth { day, direction });
        }
        if let Some(year) = fields.year {
            let calendar = fields.era.unwrap_or(Calendar::Gregorian);
            let sound = year > 0 && (calendar == Calendar::Gregorian || year <= 1600);
            return sound.then_some(Point::Year { calendar, year });
        }
        if let Some(days) = today {
            return Some(Point::Today { days, weekday });
        }
        if let Some(weekday) = weekday {
            return Some(Point::Weekday { weekday, direction: fields.direction });
        }
        Some(Point::Unit { unit: fields.unit?, direction: fields.direction.unwrap_or(0) })
    }

    fn interval(&self, sides: &mut [Fields]) -> Option<(When, Calendar)> {
        let [first, last] = sides else { return None };
        let borrowed = first.borrow(last);
        if !borrowed && last.year.is_none() && last.direction.is_none() && last.month.is_some() {
            last.year_from(first);
        }
        let (from, to) = (self.point(first)?, self.point(last)?);
        if from.calendar() != to.calendar() || from.grain() > to.grain() {
            return None;
        }
        let (from, to) = match (from, to) {
            // "2020/2016": the years of a period, the later first.
            (Point::Year { year: a, .. }, Point::Year { year: b, .. }) if a > b && a - b < 100 => (to, from),
            (Point::Year { year: a, .. }, Point::Year { year: b, .. }) if a >= b || b - a > 200 => return None,
            _ if !in_order(&from, &to) => return None,
            other => other,
        };
        Some((When::Interval(from, to), from.calendar()))
    }

    /// One date in two calendars: the Gregorian one, which is said to be Hijri.
    fn twin(&self, sides: &mut [Fields]) -> Option<(When, Calendar)> {
        let half = sides.len() / 2;
        let said = self.captures.iter().any(|capture| self.vocabulary.classes()[usize::from(capture.class)] == "twin");
        let (first, second) = sides.split_at_mut(half);
        let calendar = |sides: &[Fields]| {
            let last = sides.last()?;
            match last.month {
                Some((calendar, _)) => last.calendar(calendar),
                None => Some(last.era.unwrap_or(Calendar::Gregorian)),
            }
        };
        let (hijri, gregorian) = match (calendar(first)?, calendar(second)?) {
            (Calendar::Hijri, Calendar::Gregorian) => (first, second),
            (Calendar::Gregorian, Calendar::Hijri) => (second, first),
            _ => return None,
        };
        if let (Some(year), Some(other)) = (hijri[0].year, gregorian[0].year) {
            // A Hijri year began 622 years after the Gregorian ones and is eleven days shorter.
            let near = i32::from(year) - i32::from(year) / 33 + 622;
            if (i32::from(other) - near).abs() > 2 {
                return None;
            }
        }
        let weekday = hijri.iter().chain(gregorian.iter()).find_map(|fields| fields.weekday);
        if let ([hijri], [gregorian]) = (&*hijri, &mut *gregorian) {
            gregorian.weekday = weekday;
            gregorian.today = gregorian.today.or(hijri.today);
            let hijri_day = match self.point(hijri)? {
                Point::Day { year: Year::Given(year), month, day, .. } => hijri_to_day(i32::from(year), month, day),
                _ => None,
            };
            if let Some(((day, _), (_, month))) = hijri_day.zip(gregorian.month) {
                if gregorian.year.is_none() {
                    // The last days of December may be the Hijri date's first of January.
                    let turn = i32::from(day.month() == 1 && month == 12) - i32::from(day.month() == 12 && month == 1);
                    gregorian.year = u16::try_from(day.year() - turn).ok();
                }
                let other = Day::new(i32::from(gregorian.year?), month, gregorian.day?)?;
                if !said && (other.days_since_epoch() - day.days_since_epoch()).abs() > 3 {
                    return None;
                }
            }
            return Some((When::Point(self.point(gregorian)?), Calendar::Hijri));
        }
        let [from, to] = gregorian else { return None };
        from.borrow(to);
        let (from, to) = (self.point(from)?, self.point(to)?);
        in_order(&from, &to).then_some((When::Interval(from, to), Calendar::Hijri))
    }

    /// Dates that adjoin are one interval; others stand alone, without their head.
    fn list(&self, sides: &mut [Fields], into: &mut Vec<Expression>) -> bool {
        let (last, others) = sides.split_last_mut().expect("a match has a side");
        for fields in others.iter_mut() {
            fields.borrow(last);
        }
        let mut points = [None; SIDES];
        for (point, fields) in points.iter_mut().zip(&*sides) {
            let Some(made) = self.point(fields) else { return false };
            *point = Some(made);
        }
        let points = &points[..sides.len()];
        let adjoin = points.windows(2).all(|pair| match (pair[0], pair[1]) {
            (Some(from), Some(to)) => follows(&from, &to),
            _ => false,
        });
        if let (true, Some(from), Some(to)) = (adjoin, points[0], points[points.len() - 1]) {
            into.push(Expression {
                span: self.span,
                when: When::Interval(from, to),
                calendar: from.calendar(),
                modifier: None,
            });
            return true;
        }
        for (side, point) in points.iter().enumerate() {
            let own = self.captures.iter().filter(|capture| {
                usize::from(capture.side) == side
                    && self.atoms[capture.atom].meaning(capture.class, self.vocabulary).is_some()
            });
            let mut atoms = own.map(|capture| self.atoms[capture.atom].span);
            let (Some(first), Some(point)) = (atoms.next(), point) else { continue };
            let end = atoms.next_back().map_or(first.end, |last| last.end);
            into.push(Expression {
                span: NormSpan::new(first.start, end),
                when: When::Point(*point),
                calendar: point.calendar(),
                modifier: None,
            });
        }
        true
    }
}

impl Fields {
    /// The calendar of a month with its era and year; none where they contradict each other.
    fn calendar(&self, month: Calendar) -> Option<Calendar> {
        if !self.numeric {
            return self.era.is_none_or(|era| era == month).then_some(month);
        }
        let hijri = self.year.is_some_and(|year| (1300..=1500).contains(&year));
        Some(self.era.unwrap_or(if hijri { Calendar::Hijri } else { Calendar::Gregorian }))
    }

    fn year(&self, no_nearest: bool) -> Year {
        match (self.year, self.unit, self.direction) {
            (Some(year), ..) => Year::Given(year),
            (None, Some(Grain::Year), direction) => Year::Of(direction.unwrap_or(0)),
            (None, _, Some(direction)) => Year::Toward(direction),
            _ if no_nearest => Year::Unknown,
            _ => Year::Nearest,
        }
    }

    /// Takes from `other` what is not said here; false where nothing was left out.
    fn borrow(&mut self, other: &Fields) -> bool {
        let mut borrowed = false;
        if self.day.is_some() && self.month.is_none() {
            (self.month, self.numeric) = (other.month, other.numeric);
            borrowed = true;
        }
        if self.year.is_none() && self.unit.is_none() && self.direction.is_none() {
            self.year_from(other);
            borrowed = true;
        }
        self.era = self.era.or(other.era);
        borrowed
    }

    fn year_from(&mut self, other: &Fields) {
        (self.year, self.unit, self.direction) = (other.year, other.unit, other.direction);
        if let (Some(year), Some((_, mine)), Some((_, its))) = (self.year, self.month, other.month) {
            // "من 28 ديسمبر إلى 3 يناير 2025" begins in 2024, and the other way round.
            let mine = (mine, self.day.unwrap_or(0));
            let its = (its, other.day.unwrap_or(0));
            if mine.0.abs_diff(its.0) > 6 {
                self.year = if mine > its { year.checked_sub(1) } else { year.checked_add(1) };
            }
        }
    }

    fn length(&self) -> Option<Length> {
        Some(Length { count: self.count.unwrap_or(1), unit: self.unit? })
    }
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

/// False where both are known and the second is not after the first.
fn in_order(from: &Point, to: &Point) -> bool {
    let key = |point: &Point| match *point {
        Point::Day { year: Year::Given(year), month, day, .. } => Some((year, month, day)),
        Point::Month { year: Year::Given(year), month, .. } => Some((year, month, 0)),
        Point::Year { year, .. } => Some((year, 0, 0)),
        _ => None,
    };
    match (from, to) {
        (Point::Day { year: a, month: m, day: d, .. }, Point::Day { year: b, month: n, day: e, .. })
            if a == b && m == n =>
        {
            d < e
        }
        _ => key(from).zip(key(to)).is_none_or(|(from, to)| from.0 < to.0 || (from.0 == to.0 && from < to)),
    }
}

/// True if the second is the very next day, weekday or year.
fn follows(from: &Point, to: &Point) -> bool {
    match (*from, *to) {
        (
            Point::Day { calendar: a, year: y, month: m, day: d, .. },
            Point::Day { calendar: b, year: z, month: n, day: e, .. },
        ) => (a, y, m) == (b, z, n) && d + 1 == e,
        (Point::Weekday { weekday: a, .. }, Point::Weekday { weekday: b, .. }) => a.plus(1) == b,
        (Point::Year { calendar: a, year: y }, Point::Year { calendar: b, year: z }) => a == b && y + 1 == z,
        _ => false,
    }
}

/// The Hijri year that holds a day.
pub(super) fn hijri_year_of(day: Day) -> Option<i32> {
    day_to_hijri(day).map(|(year, ..)| year)
}

/// The Hijri year whose month begins in a Gregorian year: the first, where two do.
fn hijri_year_with(gregorian: i32, month: u8) -> Option<u16> {
    let first = hijri_year_of(Day::new(gregorian, 1, 1)?)?;
    let begins = |year: &i32| hijri_month(*year, month).is_some_and(|(day, _)| day.year() == gregorian);
    (first..=first + 1).find(begins).and_then(|year| u16::try_from(year).ok())
}
