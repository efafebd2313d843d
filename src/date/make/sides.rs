//! Matches of more than one side: ranges, dates in two calendars, lists.
//!
//! Input: the [`Fields`] of each side. Output: what they say together. Contract: what one side leaves out, the later
//! one says; sides that contradict each other make nothing.

use super::fields::Fields;
use super::{Match, SIDES};
use crate::calendar::Day;
use crate::date::Calendar;
use crate::date::expression::{Expression, Point, Tense, When, Year};
use crate::span::NormSpan;

impl Match<'_> {
    pub(super) fn interval(&self, sides: &mut [Fields]) -> Option<(When, Calendar)> {
        let [first, last] = sides else { return None };
        let borrowed = first.borrow(last, true);
        if last.day.is_some() && last.month.is_none() {
            // "يوليو 13-15".
            last.borrow(first, false);
        }
        if !borrowed && last.year.is_none() && last.direction.is_none() && last.month.is_some() {
            last.year_from(first, Some(1));
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
    pub(super) fn twin(&self, sides: &mut [Fields]) -> Option<(When, Calendar)> {
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
            let hijri_day = self.point(hijri)?.explicit();
            if let Some((day, (_, month))) = hijri_day.zip(gregorian.month) {
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
        from.borrow(to, true);
        let (from, to) = (self.point(from)?, self.point(to)?);
        in_order(&from, &to).then_some((When::Interval(from, to), Calendar::Hijri))
    }

    /// Weekdays of a habit, a set each.
    pub(super) fn sets(&self, sides: &[Fields], into: &mut Vec<Expression>) -> bool {
        for (side, fields) in sides.iter().enumerate() {
            let (Some(every), Some(span)) = (fields.every(), self.own_span(side)) else { return false };
            let (when, calendar) = (When::Set(every), Calendar::Gregorian);
            into.push(Expression { span, when, calendar, modifier: None, tense: Tense::News });
        }
        true
    }

    /// From the first to the last word of a side that means something.
    fn own_span(&self, side: usize) -> Option<NormSpan> {
        let own = self.captures.iter().filter(|capture| {
            usize::from(capture.side) == side
                && self.atoms[capture.atom].meaning(capture.class, self.vocabulary).is_some()
        });
        let mut atoms = own.map(|capture| self.atoms[capture.atom].span);
        let first = atoms.next()?;
        let end = atoms.next_back().map_or(first.end, |last| last.end);
        Some(NormSpan::new(first.start, end))
    }

    /// Dates that adjoin are one interval; others stand alone, without their head.
    pub(super) fn list(&self, sides: &mut [Fields], into: &mut Vec<Expression>) -> bool {
        let (last, others) = sides.split_last_mut().expect("a match has a side");
        // "5 مارس و6 مارس" are two days; "5 و6 مارس" are an interval.
        let whole = others.iter().any(|fields| fields.day.is_some() && fields.month.is_some());
        for fields in others.iter_mut() {
            fields.borrow(last, false);
        }
        let mut points = [None; SIDES];
        for (point, fields) in points.iter_mut().zip(&*sides) {
            let Some(made) = self.point(fields) else { return false };
            *point = Some(made);
        }
        let points = &points[..sides.len()];
        let adjoin = !whole
            && points.windows(2).all(|pair| match (pair[0], pair[1]) {
                (Some(from), Some(to)) => follows(&from, &to),
                _ => false,
            });
        if let (true, Some(from), Some(to)) = (adjoin, points[0], points[points.len() - 1]) {
            into.push(Expression {
                span: self.span,
                when: When::Interval(from, to),
                calendar: from.calendar(),
                modifier: None,
                tense: Tense::News,
            });
            return true;
        }
        for (side, point) in points.iter().enumerate() {
            let (Some(span), Some(point)) = (self.own_span(side), point) else { continue };
            into.push(Expression {
                span,
                when: When::Point(*point),
                calendar: point.calendar(),
                modifier: None,
                tense: Tense::News,
            });
        }
        true
    }
}

/// False where both are known and the second is not after the first.
fn in_order(from: &Point, to: &Point) -> bool {
    let key = |point: &Point| match *point {
        Point::Day { year: Year::Given(year), month, day, .. } => Some((i32::from(year), month, day)),
        Point::Month { year: Year::Given(year), month, .. } => Some((i32::from(year), month, 0)),
        Point::Year { year, .. } => Some((i32::from(year), 0, 0)),
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
        (Point::Month { calendar: a, year: y, month: m }, Point::Month { calendar: b, year: z, month: n }) => {
            (a, y, m + 1) == (b, z, n)
        }
        (Point::Weekday { weekday: a, .. }, Point::Weekday { weekday: b, .. }) => a.plus(1) == b,
        (Point::Same { day: Some(a), by: m, .. }, Point::Same { day: Some(b), by: n, .. }) => (a + 1, m) == (b, n),
        (Point::Today { days: a, .. }, Point::Today { days: b, .. }) => a + 1 == b,
        (Point::DayOfMonth { day: a, direction: m }, Point::DayOfMonth { day: b, direction: n }) => {
            (a + 1, m) == (b, n)
        }
        (Point::Year { calendar: a, year: y }, Point::Year { calendar: b, year: z }) => a == b && y + 1 == z,
        _ => false,
    }
}
