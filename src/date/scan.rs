//! Goes through the tokens and lets the shapes try where a date may begin.
//!
//! Input: normalized text and its tokens. Output: [`Expression`]s, in order. Contract: their spans do not overlap
//! and lie on token boundaries but for proclitics cut off; the work is linear in the text, since every attempt
//! looks at [`FARTHEST`] atoms at most, and a token that is no date word costs one look-up.

use super::Dates;
use super::Modifier;
use super::atom::{self, Atom, LONGEST};
use super::expression::{Anchor, Expression, Point, Tense, Unit, When, Whole, Year};
use super::make::Match;
use super::shape::{Accept, Capture, FARTHEST, Scratch, Shape};
use super::vocabulary::{Classes, Meaning};
use crate::cancel;
use crate::span::NormSpan;
use crate::token::clitic::Clitics;
use crate::token::{Gap, Kind, Token};

/// How many tokens before a span are near it.
const NEAR: usize = 7;

/// How many tokens before a year the event may stand that it is the year of.
const CLOSE: usize = 4;

/// The most signs around an expression that is a whole text.
const EDGE: usize = 4;

/// One pass over one text.
pub(super) struct Scan<'s> {
    pub dates: &'s Dates,
    pub text: &'s str,
    pub tokens: &'s [Token],
    pub run: Vec<Atom>,
    pub machine: Scratch,
    pub captures: Vec<Capture>,
    /// Takes no short cut.
    pub thorough: bool,
}

impl Scan<'_> {
    /// Appends the expressions of the text.
    pub fn all(&mut self, into: &mut Vec<Expression>) {
        let vocabulary = &self.dates.vocabulary;
        let mut at = 0;
        while at < self.tokens.len() {
            cancel::step(at);
            let token = &self.tokens[at];
            if !self.thorough && !self.may_begin(token, self.tokens.get(at + 1)) {
                at += 1;
                continue;
            }
            let next = atom::read(vocabulary, self.text, self.tokens, at, &mut self.run);
            let whole = self.run.len() < LONGEST;
            let limit = if whole { self.run.len() } else { LONGEST - FARTHEST };
            let mut place = 0;
            while place < limit {
                place = self.one(place, into).unwrap_or(place + 1);
            }
            // A piece of a longer run: go on with the first token not dealt with.
            let rest = self.run.get(place..).and_then(|rest| rest.iter().find(|atom| !atom.glued || atom.token > at));
            at = match rest {
                Some(atom) if !whole => atom.token.max(at + 1),
                _ => next.max(at + 1),
            };
        }
    }

    /// False where a token is surely no beginning of a date: it is no word of dates, or one that needs another and has
    /// none behind it.
    #[inline]
    fn may_begin(&self, token: &Token, next: Option<&Token>) -> bool {
        let vocabulary = &self.dates.vocabulary;
        match token.kind {
            Kind::Number => {}
            Kind::Word | Kind::Punctuation if vocabulary.may_hold(token.hash) => {}
            _ => return false,
        }
        let company = next.is_some_and(|next| match next.kind {
            Kind::Number => true,
            Kind::Word | Kind::Punctuation => vocabulary.may_hold(next.hash),
            _ => false,
        });
        if company || token.kind == Kind::Number {
            return true;
        }
        vocabulary.entry(token.hash).is_some_and(|entry| {
            let phrases = &vocabulary.phrases[entry.phrases as usize];
            let alone = |lexeme: u32| self.dates.shapes.stands_alone(vocabulary.lexemes[lexeme as usize].classes);
            !entry.proclitics.is_empty() || phrases.may_go_on(next) || phrases.alone.is_some_and(alone)
        })
    }

    /// The expression that begins at an atom, unless one that begins inside it reaches farther. Gives the place
    /// where to go on.
    fn one(&mut self, place: usize, into: &mut Vec<Expression>) -> Option<usize> {
        let kept = into.len();
        let (_, mut end) = self.attempt(place, 0..usize::MAX, into)?;
        if end < self.run.len() {
            for inner in place + 1..end {
                let mark = into.len();
                if let Some((from, to)) = self.attempt(inner, end + 1..usize::MAX, into) {
                    let better: Vec<Expression> = into.drain(mark..).collect();
                    into.truncate(kept);
                    self.attempt(place, 0..from + 1, into);
                    into.extend(better);
                    end = to;
                    break;
                }
            }
        }
        Some(end)
    }

    /// Makes the best match that begins at an atom and whose span ends in `ends`; gives its first atom and its end.
    fn attempt(
        &mut self,
        place: usize,
        ends: std::ops::Range<usize>,
        into: &mut Vec<Expression>,
    ) -> Option<(usize, usize)> {
        let dates = self.dates;
        if !self.thorough
            && !dates.shapes.begins(self.run[place].classes, self.run.get(place + 1).map(|next| next.classes))
        {
            return None;
        }
        dates.shapes.run(&self.run, place, self.thorough, &mut self.machine);
        for index in (0..self.machine.accepts.len()).rev() {
            let accept = self.machine.accepts[index];
            if !ends.contains(&accept.end) {
                continue;
            }
            let mut captures = std::mem::take(&mut self.captures);
            self.machine.captures(&accept, &mut captures);
            let found = self.accept(&accept, &captures, into);
            self.captures = captures;
            if let Some(start) = found {
                return Some((start, accept.end));
            }
        }
        None
    }

    /// Makes a match into expressions, if nothing beside it forbids; gives its first atom.
    fn accept(&self, accept: &Accept, captures: &[Capture], into: &mut Vec<Expression>) -> Option<usize> {
        let shape = &self.dates.shapes.shapes[usize::from(accept.shape)];
        let start = captures.iter().find(|capture| !capture.context)?.atom;
        let (first, last) = (&self.run[start], &self.run[accept.end - 1]);
        let guarded = shape.not_after | shape.unless_year_after;
        let before = if guarded.is_empty() { Classes::NONE } else { self.before(start) };
        if before.meets(shape.not_after) || self.forbids(shape, start, last, captures) {
            return None;
        }
        let found = Match {
            vocabulary: &self.dates.vocabulary,
            text: self.text,
            atoms: &self.run,
            captures,
            span: NormSpan::new(first.span.start, last.span.end),
            no_nearest: before.meets(shape.unless_year_after),
            aside: self.marks_before(start),
            ordinal: self.dates.marks.ordinal,
        };
        let mark = into.len();
        if !found.make(shape.make, into) {
            return None;
        }
        self.set_tense(&mut into[mark..], captures, first, last);
        Some(start)
    }

    /// True where what stands in, beside or near the match says that it is none.
    fn forbids(&self, shape: &Shape, start: usize, last: &Atom, captures: &[Capture]) -> bool {
        let first = &self.run[start];
        let marks = &self.dates.marks;
        if self.number_goes_on(first, last) || self.ranks_a_noun(start, captures) {
            return true;
        }
        if !shape.not_before.is_empty() && self.after(last).meets(shape.not_before) {
            return true;
        }
        if !shape.near.is_empty() && !self.near(first.token, CLOSE, marks.comma).meets(shape.near) {
            return true;
        }
        // Weeks, days and hours are no ages.
        let aged = !shape.not_near.is_empty() && captures.iter().any(|capture| self.may_be_age(capture));
        if aged && self.near(first.token, NEAR, marks.span).meets(shape.not_near) {
            return true;
        }
        shape.whole && !self.is_all(first.token, last.token_end)
    }

    /// Sets the tense of what leaves it to its clause.
    fn set_tense(&self, made: &mut [Expression], captures: &[Capture], first: &Atom, last: &Atom) {
        let tense = || match self.is_all(first.token, last.token_end) {
            true => Tense::Query,
            false => self.dates.tenses.of(self.text, self.tokens, first.token, last.token_end),
        };
        if let [Expression { when: When::Offset(length, 1, Anchor::Document), .. }] = *made {
            // "عاد بعد عامين" is counted from what is over: the length alone is said.
            let counted = captures.iter().find(|capture| !capture.context && self.counts(capture));
            let told = || self.dates.tenses.is_told(self.text, self.tokens, first.token);
            if let Some(counted) = counted.filter(|_| told()) {
                made[0].when = When::Duration(length);
                made[0].span.start = self.run[counted.atom].span.start;
                made[0].modifier = made[0].modifier.map(|_| Modifier::Approx);
            }
        } else if made.iter().any(|expression| asks_for_tense(&expression.when)) {
            let tense = tense();
            made.iter_mut().for_each(|expression| expression.tense = tense);
        }
    }

    /// True for a capture of the units that ages are counted in.
    fn may_be_age(&self, capture: &Capture) -> bool {
        let meaning = self.run[capture.atom].meaning(capture.class, &self.dates.vocabulary);
        matches!(meaning, Some(Meaning::Unit(Unit::Year | Unit::Month, _)))
    }

    /// True for a capture that tells how many of what.
    fn counts(&self, capture: &Capture) -> bool {
        let meaning = self.run[capture.atom].meaning(capture.class, &self.dates.vocabulary);
        matches!(meaning, Some(Meaning::Number(..) | Meaning::Unit(..) | Meaning::Quarters(_)))
    }

    /// True where the text says nothing outside these tokens.
    fn is_all(&self, first: usize, end: usize) -> bool {
        let silent = |tokens: &[Token]| tokens.iter().all(|token| token.kind == Kind::Punctuation);
        silent(&self.tokens[..first.min(EDGE)]) && first <= EDGE && {
            let after = &self.tokens[end..];
            after.len() <= EDGE && silent(after)
        }
    }

    /// What the word before an atom makes of the date: about, before, after.
    fn marks_before(&self, start: usize) -> Option<Modifier> {
        let before = self.run[..start].last()?;
        match before.meaning(self.dates.marks.aside, &self.dates.vocabulary)? {
            Meaning::Modifier(modifier) => Some(modifier),
            _ => None,
        }
    }

    /// True where the match begins with an ordinal up to ten that is the adjective of the noun before it: "الأسبوع
    /// الأول من مايو".
    fn ranks_a_noun(&self, start: usize, captures: &[Capture]) -> bool {
        let ordinal = captures.iter().any(|capture| capture.atom == start && capture.class == self.dates.marks.ordinal);
        let token = self.run[start].token;
        let one_word = self.run[start].token_end == token + 1;
        ordinal && one_word && token > 0 && self.tokens[token].gap != Gap::Line && {
            let noun = &self.tokens[token - 1];
            let word = noun.text(self.text);
            let article = Clitics::builtin().article();
            let classes = self.dates.word_classes(noun);
            // "إلى" begins like the article once its hamza is folded.
            noun.kind == Kind::Word
                && !classes.has(self.dates.marks.to)
                && !classes.has(self.dates.marks.today)
                && (word.starts_with(article)
                    || Clitics::builtin().cuts(word).any(|cut| word[cut.len..].starts_with(article)))
        }
    }

    /// The classes of what stands before an atom on its line.
    fn before(&self, start: usize) -> Classes {
        let mut token = self.run[start].token;
        let mut classes = Classes::NONE;
        for atom in self.run[..start].iter().rev() {
            classes |= atom.classes;
            if atom.token < token {
                return classes;
            }
            token = atom.token;
        }
        match token.checked_sub(1) {
            Some(last) if self.tokens[token].gap != Gap::Line => classes | self.dates.word_classes(&self.tokens[last]),
            _ => classes,
        }
    }

    /// The classes of the words at most `far` before a token in its sentence, back to one of class `until`.
    fn near(&self, token: usize, far: usize, until: u8) -> Classes {
        let before = self.tokens[token.saturating_sub(far)..=token].windows(2).rev();
        let mut classes = Classes::NONE;
        for pair in before {
            if pair[1].gap == Gap::Line || matches!(pair[0].text(self.text), "." | "؟" | "!") {
                break;
            }
            let word = self.dates.word_classes(&pair[0]);
            classes |= word;
            if word.has(until) {
                break;
            }
        }
        classes
    }

    /// The classes of the token after an atom on its line.
    fn after(&self, last: &Atom) -> Classes {
        match self.tokens.get(last.token_end) {
            // "ولعام" begins something else.
            Some(token) if token.gap == Gap::Line || self.dates.has_proclitic(token) => Classes::NONE,
            Some(token) if token.kind == Kind::Number => self.dates.digit_classes(token.text(self.text)),
            Some(token) => self.dates.word_classes(token),
            _ => Classes::NONE,
        }
    }

    /// True if the number at either edge is part of something longer: "14:30", "A320", "-1/2", "5%".
    fn number_goes_on(&self, first: &Atom, last: &Atom) -> bool {
        let tokens = self.tokens;
        // "200 ألف عام": a number that multiplies another.
        let multiplied = first.is(self.dates.marks.count) && first.token > 0 && tokens[first.token].gap != Gap::Line;
        if multiplied && tokens[first.token].kind == Kind::Word && tokens[first.token - 1].kind == Kind::Number {
            return true;
        }
        let is_number = |at: usize| tokens.get(at).is_some_and(|token| token.kind == Kind::Number);
        if is_number(first.token) && tokens[first.token].gap == Gap::None && first.token > 0 {
            let before = &tokens[first.token - 1];
            let joined = before.gap == Gap::None && first.token > 1 && is_number(first.token - 2);
            let goes_on = match before.kind {
                Kind::Number | Kind::Latin => true,
                Kind::Punctuation => match before.text(self.text) {
                    "+" | "=" | "$" | "€" | "#" | "_" | "%" => true,
                    ":" | "." | "/" | "-" | "\\" | "*" | "×" => joined,
                    _ => false,
                },
                _ => false,
            };
            if goes_on {
                return true;
            }
        }
        let Some(after) = tokens.get(last.token_end).filter(|after| after.gap == Gap::None) else { return false };
        if !is_number(last.token) {
            return false;
        }
        match after.kind {
            Kind::Number => true,
            // "2025-03-19T08:00".
            Kind::Latin => !after.text(self.text).starts_with(['T', 't']),
            Kind::Punctuation => match after.text(self.text) {
                "%" | "٪" | "°" => true,
                ":" | "." | "/" | "-" | "\\" | "," => tokens
                    .get(last.token_end + 1)
                    .is_some_and(|token| token.kind == Kind::Number && token.gap == Gap::None),
                _ => false,
            },
            _ => false,
        }
    }
}

/// True where what is said leaves it to the clause whether it lies behind or ahead.
fn asks_for_tense(when: &When) -> bool {
    let asks = |point: &Point| match *point {
        Point::Day { year, .. }
        | Point::Month { year, .. }
        | Point::Season { year, .. }
        | Point::Part { of: Whole::Year(_, year) | Whole::Month(_, year, _), .. } => year == Year::Nearest,
        Point::Weekday { direction, .. } => direction.is_none_or(|direction| direction == 0),
        Point::Unit { unit: Unit::Weekend, direction } => direction.is_none(),
        Point::Same { .. } | Point::SameWeekday { .. } => true,
        _ => false,
    };
    match when {
        When::Point(point) | When::Open(point, _) => asks(point),
        When::Interval(from, to) => asks(from) || asks(to),
        When::Offset(..) | When::Duration(_) | When::Set(_) => false,
    }
}
