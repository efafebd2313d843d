//! Makes expressions of what a shape's slots hold.
//!
//! Input: the atoms of a match in their slots, one side for each date. Output: [`Expression`]s. Contract: what is no
//! date makes nothing (31 June, month 13, two names of different months), so that a shorter match may be tried;
//! where one side of a range leaves something out, the other says it.

mod fields;
mod sides;

use self::fields::Fields;
pub(super) use self::fields::hijri_year_of;
use super::atom::{Atom, dotted};
use super::expression::{Anchor, Expression, Length, Point, Tense, When};
use super::shape::{Capture, Make};
use super::vocabulary::{Meaning, Vocabulary};
use super::{Calendar, Modifier};
use crate::span::NormSpan;

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
    /// What the word before the match makes of it: about, before, after.
    pub aside: Option<Modifier>,
    /// The class of ordinals that are days of a month.
    pub ordinal: u8,
}

impl Match<'_> {
    /// Appends the expressions of the match; false where it makes none.
    pub fn make(&self, make: Make, into: &mut Vec<Expression>) -> bool {
        if make == Make::Nothing {
            return true;
        }
        // Most matches have one side, and clearing many takes its time.
        match self.captures.last().map_or(0, |capture| usize::from(capture.side)) + 1 {
            1 => self.make_of(make, &mut [Fields::default(); 1], into),
            2 => self.make_of(make, &mut [Fields::default(); 2], into),
            count @ ..=SIDES => self.make_of(make, &mut [Fields::default(); SIDES][..count], into),
            _ => false,
        }
    }

    fn make_of(&self, make: Make, sides: &mut [Fields], into: &mut Vec<Expression>) -> bool {
        if self.fill(sides).is_none() {
            return false;
        }
        let first = sides[0];
        let plain = |when| (when, Calendar::Gregorian);
        let made = match make {
            Make::Point if self.ranks_a_weekday(&first) => None,
            Make::Point => self.point(&first).map(|point| (When::Point(point), point.calendar())),
            Make::Open => {
                first.sign.and_then(|sign| self.point(&first).map(|point| (When::Open(point, sign), point.calendar())))
            }
            Make::Interval => self.interval(sides),
            Make::Twin => self.twin(sides),
            Make::Duration => self.length(sides).map(|length| plain(When::Duration(length))),
            Make::Offset => self.length(sides).zip(first.sign).map(|(length, sign)| {
                let anchor = if first.same.is_some() { Anchor::Last } else { Anchor::Document };
                plain(When::Offset(length, sign, anchor))
            }),
            Make::Set if sides.len() > 1 => return self.sets(sides, into),
            Make::Set => first.every().map(|every| plain(When::Set(every))),
            Make::Nothing => None,
            Make::List => return self.list(sides, into),
        };
        let Some((when, calendar)) = made else { return false };
        let modifier = match when {
            When::Interval(..) => None,
            // More than two years are about two years; before and after are of dates.
            When::Duration(_) | When::Set(_) => {
                first.modifier.or(self.aside.filter(|aside| *aside == Modifier::Approx)).map(|_| Modifier::Approx)
            }
            // More than two years after is later than two years after.
            When::Offset(_, 1, _) if first.modifier == Some(Modifier::Before) => Some(Modifier::After),
            _ => first.modifier.or(self.aside),
        };
        into.push(Expression { span: self.span, when, calendar, modifier, tense: Tense::News });
        true
    }

    /// True where an ordinal beside a weekday is not its day: "الثلاثاء الثالث من سبتمبر 2014" was the third Tuesday.
    fn ranks_a_weekday(&self, fields: &Fields) -> bool {
        let ordinal = self.captures.iter().any(|capture| capture.class == self.ordinal);
        ordinal
            && self.point(fields).is_some_and(|point| {
                matches!(point, Point::Day { calendar: Calendar::Gregorian, day: ..=5, .. })
                    && point.contradiction().is_some()
            })
    }

    /// A length of time, in one unit or with a smaller one on top.
    fn length(&self, sides: &[Fields]) -> Option<Length> {
        let mut length = sides[0].length()?;
        if let [_, rest] = sides {
            length.more = rest.count.zip(rest.unit);
        }
        length.more.is_none_or(|(_, unit)| unit < length.unit).then_some(length)
    }

    fn point(&self, fields: &Fields) -> Option<Point> {
        fields.point(self.no_nearest)
    }

    /// Reads the slots into fields, a row for each side; none where they contradict each other.
    fn fill(&self, sides: &mut [Fields]) -> Option<()> {
        let mut word: Option<&Atom> = None;
        for capture in self.captures {
            let fields = &mut sides[usize::from(capture.side)];
            let atom = &self.atoms[capture.atom];
            if word.replace(atom).is_some_and(|before| before.repeats(atom)) {
                return None;
            }
            match atom.meaning(capture.class, self.vocabulary) {
                Some(Meaning::Modifier(modifier)) if capture.context => fields.modifier = Some(modifier),
                None => {}
                Some(_) if capture.context => {}
                Some(Meaning::Dotted) => fields.take_dotted(dotted(atom.span.of(self.text))?)?,
                Some(meaning) => fields.take(meaning)?,
            }
        }
        Some(())
    }
}
