//! Turns what expressions say into days, counting from the document's day, or the last date named, where it must.
//!
//! Input: [`Expression`]s in order, and the day that relative expressions count from, if there is one. Output: a
//! [`DateMention`] each. Contract: an expression that needs the day and has none gets no value; `first_day` is never
//! after `last_day`; a value and its days say the same, but that a Hijri date which the tables do not settle covers
//! a day more on either side.

mod length;
mod period;
mod point;

use super::expression::{Anchor, Every, Expression, Length, Point, Tense, Unit, When, Whole, Year};
use super::{Calendar, DateMention, Grain, Kind, Modifier};
use crate::calendar::Day;

/// The value of a point, and the days that it covers; an open side has no day.
#[derive(Debug, Clone)]
struct Resolved {
    value: String,
    first: Option<Day>,
    last: Option<Day>,
    /// False where a Hijri date may lie a day off.
    exact: bool,
}

impl Resolved {
    fn new(value: String, first: Day, last: Day) -> Self {
        Self { value, first: Some(first), last: Some(last), exact: true }
    }

    fn days(first: Day, last: Day) -> Self {
        Self::new(format!("{first}/{last}"), first, last)
    }

    fn day(day: Day) -> Self {
        Self::new(day.to_string(), day, day)
    }

    fn about(self, exact: bool) -> Self {
        Self { exact, ..self }
    }

    /// Both ends, where both are days.
    fn ends(&self) -> Option<(Day, Day)> {
        self.first.zip(self.last)
    }

    /// The value of an end of an interval: that of the period, or a day where the period is itself from one to another.
    fn end(&self, last: bool) -> String {
        match (self.value.contains('/'), if last { self.last } else { self.first }) {
            (true, Some(day)) => day.to_string(),
            _ => self.value.clone(),
        }
    }
}

/// The last date named before an expression.
#[derive(Debug, Clone, Copy)]
enum Last {
    None,
    Named(Day, Grain),
    /// One that has no days.
    Unknown,
}

/// What an expression is resolved against.
#[derive(Debug, Clone, Copy)]
struct Context {
    reference: Option<Day>,
    tense: Tense,
    last: Last,
}

impl Context {
    /// The day that "the same" and "the next" count from: the last date named; in a query
    /// the document's day.
    fn anchor(&self) -> Option<Day> {
        match self.last {
            Last::None => self.reference.filter(|_| self.tense == Tense::Query),
            Last::Named(day, _) => Some(day),
            Last::Unknown => None,
        }
    }

    /// True where the last date named lies in one such unit: a year has no next day.
    fn anchor_is_within(&self, unit: Unit) -> bool {
        match self.last {
            Last::Named(_, grain) => grain <= unit.grain(),
            Last::None | Last::Unknown => true,
        }
    }
}

/// Resolves the expressions of a text.
pub(super) fn resolve(expressions: &[Expression], reference: Option<Day>, into: &mut Vec<DateMention>) {
    let mut last = Last::None;
    for expression in expressions {
        let context = Context { reference, tense: expression.tense, last };
        let mention = one(expression, &context);
        let moment = matches!(expression.when, When::Offset(Length { unit, .. }, ..) if unit < Unit::Day);
        // "That day" is no today.
        let today = matches!(expression.when, When::Point(Point::Today { days: 0, .. }));
        if mention.kind == Kind::Date && !moment && !today {
            last = match mention.first_day.or(mention.last_day) {
                // A day out of a doubtful pair is the middle one.
                Some(day) if mention.modifier == Some(Modifier::Approx) && mention.grain == Grain::Day => {
                    Last::Named(mention.value.as_deref().and_then(Day::parse).unwrap_or(day), mention.grain)
                }
                Some(day) => Last::Named(day, mention.grain),
                None => Last::Unknown,
            };
        }
        into.push(mention);
    }
}

fn one(expression: &Expression, context: &Context) -> DateMention {
    let Expression { span, when, calendar, modifier, .. } = *expression;
    let reference = context.reference;
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
        mismatch: None,
    };
    let resolved = match when {
        When::Point(point) => {
            mention.grain = point.grain();
            mention.reference = counts_from(&point, context);
            mention.mismatch = point.contradiction();
            point::point(&point, context)
        }
        When::Interval(from, to) => {
            mention.grain = from.grain();
            mention.reference = counts_from(&from, context).or(counts_from(&to, context));
            interval(from, to, context)
        }
        When::Open(point, sign) => {
            mention.grain = point.grain();
            mention.reference = counts_from(&point, context);
            point::point(&point, context).map(|found| open(&found, sign))
        }
        When::Offset(length, sign, anchor) => {
            mention.grain = length.unit.grain();
            mention.reference = if anchor == Anchor::Last { context.anchor() } else { reference };
            length::offset(length, sign, anchor, context).map(|(found, grain)| {
                mention.grain = grain;
                found
            })
        }
        When::Duration(length) => {
            (mention.kind, mention.grain, mention.value) = (Kind::Duration, length.unit.grain(), length::iso(length));
            None
        }
        When::Set(every) => {
            (mention.kind, mention.grain, mention.value) = (Kind::Set, grain(every), set(every));
            None
        }
    };
    let sound = |found: &Resolved| found.ends().is_none_or(|(first, last)| first <= last);
    if let Some(found) = resolved.filter(sound) {
        (mention.value, mention.first_day, mention.last_day) = (Some(found.value), found.first, found.last);
        if !found.exact {
            mention.modifier = mention.modifier.or(Some(Modifier::Approx));
            mention.first_day = mention.first_day.map(|day| day.add(-1));
            mention.last_day = mention.last_day.map(|day| day.add(1));
        }
    }
    mention
}

/// The day that a point counts from: the document's, that of the last date named, or none.
fn counts_from(point: &Point, context: &Context) -> Option<Day> {
    let year = match *point {
        Point::Day { year, .. } | Point::Month { year, .. } | Point::Season { year, .. } => year,
        Point::Part { of, .. } => match of {
            Whole::Year(_, year) | Whole::Month(_, year, _) => year,
            Whole::ThisMonth(_) => Year::Of(0),
        },
        Point::Year { .. } | Point::Decade { .. } | Point::Century { .. } => return None,
        Point::Same { .. } | Point::SameDay { .. } | Point::SameWeekday { .. } => return context.anchor(),
        Point::DayOfMonth { .. }
        | Point::Weekday { .. }
        | Point::WeekdayOfWeek { .. }
        | Point::Today { .. }
        | Point::Count { .. }
        | Point::Unit { .. } => return context.reference,
    };
    match year {
        Year::Given(_) => None,
        Year::Same(_) => context.anchor(),
        _ => context.reference,
    }
}

fn interval(from: Point, to: Point, context: &Context) -> Option<Resolved> {
    let first = point::point(&from, context)?;
    let mut last = point::point(&to, context)?;
    let (start, end) = (first.ends()?.0, last.ends()?.1);
    let first = match (from, to) {
        // "جرت من الاثنين إلى الخميس": what is over has an end that is.
        (Point::Weekday { weekday: begins, direction: None }, Point::Weekday { weekday: ends, direction: None })
            if context.tense == Tense::Behind && begins.plus(1) != ends =>
        {
            last = Resolved::day(context.reference?.on_or_before(ends));
            Resolved::day(last.first?.on_or_before(begins))
        }
        // A weekday is the one after the beginning.
        (_, Point::Weekday { weekday, direction: None }) => {
            last = Resolved::day(start.on_or_after(weekday));
            first
        }
        // "من الأربعاء إلى السبت المقبل": the beginning is the one before the end.
        (Point::Weekday { weekday: begins, direction: Some(1..) }, Point::Weekday { weekday: ends, .. })
            if begins.plus(1) != ends =>
        {
            Resolved::day(last.first?.on_or_before(begins))
        }
        // Of two weekdays of one week to come, the later is named by it.
        (Point::Weekday { direction: Some(1..), .. }, Point::Weekday { weekday, .. }) => {
            last = Resolved::day(start.on_or_after(weekday));
            first
        }
        // The year of the later day is the nearest; the earlier day is the one before it.
        (Point::Day { year: Year::Nearest | Year::Toward(_), .. }, _) if start > end => {
            let before = Context { reference: last.first.map(|day| day.add(-point::AHEAD - 1)), ..*context };
            point::point(&from, &Context { tense: Tense::News, ..before })?
        }
        _ => first,
    };
    let exact = first.exact && last.exact;
    let (start, end) = (first.ends()?.0, last.ends()?.1);
    Some(match (&from, &to) {
        (Point::Month { .. } | Point::Year { .. }, _) if from.calendar() == Calendar::Hijri => {
            Resolved::days(start, end).about(exact)
        }
        _ => Resolved::new(format!("{}/{}", first.end(false), last.end(true)), start, end).about(exact),
    })
}

fn open(found: &Resolved, sign: i8) -> Resolved {
    let Resolved { first, last, exact, .. } = *found;
    match sign {
        ..0 => Resolved { value: format!("../{}", found.end(true)), first: None, last, exact },
        _ => Resolved { value: format!("{}/..", found.end(false)), first, last: None, exact },
    }
}

fn grain(every: Every) -> Grain {
    match every {
        Every::Length(length) => length.unit.grain(),
        Every::Weekday(_) | Every::Day(..) => Grain::Day,
        Every::Month(_) => Grain::Month,
    }
}

/// The value of a set: a length of time, or a date with its repeating digits left out.
fn set(every: Every) -> Option<String> {
    match every {
        Every::Length(length) => length::iso(length),
        Every::Weekday(weekday) => Some(format!("XXXX-WXX-{}", weekday.iso())),
        Every::Day(Some(month), day) => Some(format!("XXXX-{month:02}-{day:02}")),
        Every::Day(None, day) => Some(format!("XXXX-XX-{day:02}")),
        Every::Month(month) => Some(format!("XXXX-{month:02}")),
    }
}
