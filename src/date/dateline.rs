//! The document's day: given, or read off a dateline, and held against what the text says of today.
//!
//! Input: tokens and expressions of a text, and the day that the caller gives, if any. Output: [`DocumentDay`].
//! Contract: the clock is never asked. A dateline that the text contradicts is worth nothing; a given day is near
//! the truth, and the text's weekday corrects it. Without a sure day there is none.

use super::expression::{Expression, Point, When};
use super::vocabulary::Classes;
use super::{Dates, DocumentDay, Source, Warning};
use crate::calendar::{Day, Weekday};
use crate::token::{Gap, Kind, Token};

/// Lines that may come before the body.
const HEAD_LINES: usize = 12;
/// A line of more tokens than this is the body: a dateline may open it, and none follows.
const BODY_LINE: usize = 24;
/// The most words beside the date on a line that is a dateline.
const WORDS_BESIDE: usize = 5;
/// The most tokens before the date where a dateline opens the body.
const OPENING: usize = 8;

/// What a text says of its own day.
#[derive(Default)]
struct Evidence {
    /// How often each weekday is said to be today ("اليوم الأربعاء").
    today: [u32; 7],
    /// The same with what follows from yesterday and tomorrow.
    all: [u32; 7],
    /// The day said to be today in full ("اليوم الأربعاء 19 مارس 2025").
    dated: Option<Day>,
    /// Two different days are said to be today.
    torn: bool,
}

impl Evidence {
    fn read(expressions: &[Expression]) -> Self {
        let mut evidence = Self::default();
        for expression in expressions {
            let When::Point(point) = expression.when else { continue };
            match point {
                Point::Today { days, weekday: Some(weekday) } => evidence.add(days, weekday),
                Point::Day { today: Some(days), weekday, .. } => match point.explicit() {
                    // "اليوم الأحد 4 ماي 2017", which was a Thursday: one of the two is a slip, and the day is not sure.
                    Some(day) if point.contradiction().is_none() => {
                        let today = day.add(-i32::from(days));
                        evidence.torn |= evidence.dated.is_some_and(|other| other != today);
                        evidence.dated = evidence.dated.or(Some(today));
                        evidence.add(days, day.weekday());
                    }
                    _ => {
                        if let Some(weekday) = weekday {
                            evidence.add(days, weekday);
                        }
                    }
                },
                _ => {}
            }
        }
        evidence
    }

    fn add(&mut self, days: i8, weekday: Weekday) {
        let today = usize::from(weekday.plus(-i32::from(days)).iso()) - 1;
        self.all[today] += 1;
        self.today[today] += u32::from(days == 0);
    }

    fn contradicts(&self, day: Day) -> bool {
        let mine = usize::from(day.weekday().iso()) - 1;
        self.torn
            || self.dated.is_some_and(|dated| dated != day)
            || self.all.iter().enumerate().any(|(at, count)| at != mine && *count > 0)
    }

    /// The weekday that today is: the only one said, else the one that most of "اليوم" say.
    fn weekday(&self) -> Result<Option<Weekday>, ()> {
        let only = |counts: &[u32; 7]| {
            let mut said = counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(at, _)| at);
            said.next().filter(|_| said.next().is_none())
        };
        if self.all.iter().all(|count| *count == 0) {
            return Ok(None);
        }
        let most = self.today.iter().max().filter(|most| **most > 0);
        let sole = |most: &u32| {
            let mut best = self.today.iter().enumerate().filter(|(_, count)| *count == most).map(|(at, _)| at);
            best.next().filter(|_| best.next().is_none())
        };
        let found = only(&self.all).or_else(|| most.and_then(sole)).ok_or(())?;
        Ok(Weekday::from_iso(found as u8 + 1))
    }
}

/// Works out the document's day.
pub(super) fn document_day(
    dates: &Dates,
    text: &str,
    tokens: &[Token],
    expressions: &[Expression],
    given: Option<Day>,
) -> DocumentDay {
    let evidence = Evidence::read(expressions);
    let mut found = DocumentDay::default();
    let mismatch = expressions
        .iter()
        .any(|expression| matches!(expression.when, When::Point(point) if point.contradiction().is_some()));
    if let Some(given) = given {
        (found.published, found.source) = (Some(given), Some(Source::Given));
        found.reference = match evidence.weekday() {
            Ok(None) => Some(given),
            // The text contradicts itself, and one of its voices bears the given day out.
            _ if evidence.all[usize::from(given.weekday().iso()) - 1] > 0 && evidence.dated.is_none() => Some(given),
            Ok(Some(weekday)) => match evidence.dated.filter(|dated| !evidence.torn && *dated <= given) {
                Some(dated) => Some(dated),
                None => Some(given.on_or_before(weekday)),
            },
            Err(()) => None,
        };
        match found.reference {
            None => found.warnings.push(Warning::PublishedConflict),
            Some(day) if day != given => found.warnings.push(Warning::PublishedShifted),
            Some(_) => {}
        }
    } else if let Some(day) = dateline(dates, text, tokens, expressions).or(evidence.dated) {
        if evidence.contradicts(day) {
            found.warnings.push(Warning::PublishedConflict);
        } else {
            (found.published, found.source, found.reference) = (Some(day), Some(Source::Dateline), Some(day));
        }
    }
    if mismatch {
        found.warnings.push(Warning::WeekdayMismatch);
    }
    found
}

/// The day on the dateline, if the head of the text has one.
fn dateline(dates: &Dates, text: &str, tokens: &[Token], expressions: &[Expression]) -> Option<Day> {
    let mut unsure = None;
    let mut start = 0;
    let mut next = 0;
    for _ in 0..HEAD_LINES {
        if start >= tokens.len() {
            break;
        }
        let end = tokens[start + 1..]
            .iter()
            .position(|token| token.gap == Gap::Line)
            .map_or(tokens.len(), |at| start + 1 + at);
        let line = &tokens[start..end];
        let limit = line[line.len() - 1].span.end;
        while let Some(expression) = expressions.get(next).filter(|expression| expression.span.end <= limit) {
            next += 1;
            let When::Point(point) = expression.when else { continue };
            let Some(day) = point.explicit() else { continue };
            match rank(dates, text, line, expression) {
                Some(true) => return Some(day),
                Some(false) => unsure = unsure.or(Some(day)),
                None => {}
            }
        }
        if line.len() > BODY_LINE {
            break;
        }
        start = end;
    }
    unsure
}

/// Whether a date on a line is its dateline: surely (it says that it is the day of publication), likely, or not.
fn rank(dates: &Dates, text: &str, line: &[Token], expression: &Expression) -> Option<bool> {
    let span = expression.span;
    let before = line.partition_point(|token| token.span.end <= span.start);
    let after = line.partition_point(|token| token.span.start < span.end);
    let words = |tokens: &[Token]| tokens.iter().filter(|token| token.kind == Kind::Word).count();
    let (words_before, words_after) = (words(&line[..before]), words(&line[after..]));
    let classes = |tokens: &[Token]| tokens.iter().fold(Classes::NONE, |all, token| all | dates.word_classes(token));
    let is = |classes: Classes, class: u8| classes.has(class);
    let short = line.len() <= BODY_LINE && words_before + words_after <= WORDS_BESIDE;
    if short && is(classes(line), dates.marks.published) {
        return Some(true);
    }
    let last = line[..before].last();
    let beside = last.map_or(Classes::NONE, |token| dates.word_classes(token));
    if is(beside, dates.marks.time_word) || is(beside, dates.marks.event) || is(beside, dates.marks.place) {
        return None;
    }
    if short && (words_before == 0 || words_after == 0) {
        return Some(false);
    }
    // "بغداد، 5 مارس 2024 (وكالة) - ..."
    let set_off = last.is_none_or(|token| token.kind == Kind::Punctuation);
    let opens =
        line.get(after).is_some_and(|token| matches!(token.text(text), "(" | "-" | "–" | "—" | ":" | "/" | "|"));
    (before <= OPENING && set_off && opens).then_some(false)
}
