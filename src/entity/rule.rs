//! Names that their surroundings announce, listed or not.
//!
//! Input: a document's tokens with what is known of each word. Output: [`Proposal`]s. Contract: a proposal says what a
//! grammar of names allows, not that it is a name: titles and roles announce persons, whose names are made of names;
//! heads of bodies begin names that reach as far as what is definite, in construct or attached goes; class nouns
//! announce places. Linear: each proposal looks at a bounded number of tokens.

use crate::cancel;
use crate::token::{Gap, Kind};
use crate::words::{Class, Classes, Look, Reading};

/// What a rule takes for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// The first token.
    pub first: u32,
    /// One past the last token.
    pub last: u32,
    /// What is announced.
    pub kind: Announced,
}

/// What a rule announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Announced {
    /// A person, after a title or role.
    Person,
    /// A person, by names alone: a given name and what may be a family's.
    Names,
    /// A body, from its head on.
    Body,
    /// A body whose quoted name follows its head.
    Quoted,
    /// A place, after its class noun.
    Place,
    /// A building or other place whose head belongs to its name.
    Facility,
}

impl Announced {
    /// The type of what is announced: 0 a person, 1 a body, 2 a place.
    pub const fn kind(self) -> usize {
        match self {
            Announced::Person | Announced::Names => 0,
            Announced::Body | Announced::Quoted => 1,
            Announced::Place | Announced::Facility => 2,
        }
    }
}

/// The longest name of a person, and of a body, in tokens.
const PERSON: usize = 6;
const BODY: usize = 10;
/// The longest role before a name, in tokens.
const ROLE: usize = 8;
/// From this class of frequency on a word is too common to be a name that nobody listed.
const COMMON: u8 = 12;

/// The proposals of a document, replacing what `into` held.
pub fn propose(reading: Reading<'_>, into: &mut Vec<Proposal>) {
    into.clear();
    let rules = Rules { reading };
    let mut person = 0;
    for at in 0..reading.tokens.len() {
        cancel::step(at);
        let classes = reading.looks[at].known.classes;
        if at >= person
            && let Some(found) = rules.announced_person(at).or_else(|| rules.plain_person(at))
        {
            person = found.last as usize;
            into.push(found);
        }
        if classes.meets(Classes::ORGANISATION) && !reading.looks[at].front.article {
            into.extend(rules.quoted(at).or_else(|| rules.body(at, Announced::Body)));
        }
        if classes.has(Class::Facility) && !reading.looks[at].front.article {
            into.extend(rules.body(at, Announced::Facility));
        }
        if classes.has(Class::Place) && !reading.looks[at].front.article {
            into.extend(rules.place(at));
        }
    }
}

struct Rules<'t> {
    reading: Reading<'t>,
}

impl Rules<'_> {
    fn look(&self, at: usize) -> &Look {
        &self.reading.looks[at]
    }

    /// True for a word that stands in the same line as the one before it.
    fn goes_on(&self, at: usize) -> bool {
        self.reading.tokens.get(at).is_some_and(|token| token.kind == Kind::Word && token.gap == Gap::Space)
    }

    /// True for a word that may be part of a person's name.
    fn names_person(&self, at: usize, first: bool) -> bool {
        let look = self.look(at);
        let known = &look.known;
        if known.classes.has(Class::Function) || known.classes.has(Class::Speech) && !known.is_name() {
            return false;
        }
        if !first && (look.front.conjunction.is_some() || look.front.particle.is_some()) {
            return false;
        }
        if known.classes.has(Class::Link) || known.classes.has(Class::Second) && !first {
            return true;
        }
        let rare = look.frequency < COMMON && known.classes.0 == 0;
        if look.front.article && first {
            return false;
        }
        known.is_name() && (look.frequency < 17 || known.given > 1 || known.foreign > 4) || rare
    }

    /// The name of a person that begins at a token.
    fn person(&self, first: usize, kind: Announced) -> Option<Proposal> {
        let mut last = first;
        while last < first + PERSON && last < self.reading.tokens.len() {
            if last > first && !self.goes_on(last) || !self.names_person(last, last == first) {
                break;
            }
            last += 1;
        }
        while last > first && self.look(last - 1).known.classes.has(Class::Link) {
            last -= 1;
        }
        (last > first).then_some(Proposal { first: first as u32, last: last as u32, kind })
    }

    /// A person's name right after a title, or after a role with its complement.
    fn announced_person(&self, at: usize) -> Option<Proposal> {
        let token = self.reading.tokens[at];
        if token.kind != Kind::Word || token.gap != Gap::Space || at == 0 {
            return None;
        }
        let before = self.look(at - 1).known.classes;
        if before.has(Class::Title) {
            return self.person(at, Announced::Person);
        }
        let known = &self.look(at).known;
        let opens = (known.given > 0 || known.foreign > 1) && !self.look(at).front.article;
        if !opens || self.look(at).front.particle.is_some() || known.classes.has(Class::Role) {
            return None;
        }
        for start in (at.saturating_sub(ROLE)..at).rev() {
            let look = self.look(start);
            if look.known.classes.has(Class::Role) || look.known.classes.has(Class::Kin) {
                return self.person(at, Announced::Person);
            }
            let ends = look.known.classes.has(Class::Function) || look.known.classes.has(Class::Speech);
            if ends || !self.goes_on(start) {
                return None;
            }
        }
        None
    }

    /// A given name that another name follows.
    fn plain_person(&self, at: usize) -> Option<Proposal> {
        let known = &self.look(at).known;
        if known.given < 2 && known.foreign < 4 || self.look(at).front.article {
            return None;
        }
        let found = self.person(at, Announced::Names)?;
        (found.last > found.first + 1).then_some(found)
    }

    /// The name in quotes after a head.
    fn quoted(&self, head: usize) -> Option<Proposal> {
        let opens = |at: usize| {
            let token = self.reading.tokens.get(at)?;
            (token.is_quote(self.reading.text) && token.gap != Gap::Line).then_some(at)
        };
        let first = opens(head + 1)? + 1;
        let last = (first + 1..=first + 6).find(|at| opens(*at).is_some())?;
        Some(Proposal { first: first as u32, last: last as u32, kind: Announced::Quoted })
    }

    /// How far the name of a body reaches that begins with its head.
    fn body(&self, head: usize, kind: Announced) -> Option<Proposal> {
        let mut last = head + 1;
        // A head with no more than its purpose is any of its kind: "شركة للنقل".
        if self.goes_on(last) && (self.look(last).front.contracted || self.look(last).front.particle.is_some()) {
            return None;
        }
        // One past the last token that a name may end with.
        let mut sure = head;
        while last < head + BODY && self.goes_on(last) {
            let look = self.look(last);
            let classes = look.known.classes;
            if classes.has(Class::Function) || classes.has(Class::Title) && look.front.article {
                break;
            }
            let conjunction = look.front.conjunction.is_some();
            let definite = look.front.article;
            if look.front.particle.is_some() && !definite {
                break;
            }
            if conjunction && !definite || classes.has(Class::Speech) && !definite && !look.known.is_name() {
                break;
            }
            last += 1;
            if definite || look.frequency < COMMON || classes.0 == 0 && look.known.is_name() {
                sure = last;
            }
        }
        (sure > head + 1).then_some(Proposal { first: head as u32, last: sure as u32, kind })
    }

    /// The name after a class noun of places.
    fn place(&self, head: usize) -> Option<Proposal> {
        let first = head + 1;
        if !self.goes_on(first) {
            return None;
        }
        let look = self.look(first);
        let classes = look.known.classes;
        if classes.has(Class::Function) || classes.has(Class::Speech) || classes.has(Class::Place) {
            return None;
        }
        let free = look.front.conjunction.is_none() && look.front.particle.is_none();
        (free && look.frequency < 16).then_some(Proposal {
            first: first as u32,
            last: first as u32 + 1,
            kind: Announced::Place,
        })
    }
}
