//! What is known of each token before any weight is read.
//!
//! Input: a text's tokens, sentences and looks, the names that the lexicon found, the dates. Output: [`Evidence`], a
//! [`Row`] a token. Contract: a row depends on the document alone, never on weights; making them is linear.

use rustc_hash::FxHashMap;

use super::{Place, Register, TYPES};
use crate::cancel;
use crate::entity::Mention;
use crate::entity::rule::{Announced, Proposal};
use crate::lexicon::{Hit, Lexicon};
use crate::span::NormSpan;
use crate::token::clitic::Front;
use crate::token::{Gap, Kind, Token};
use crate::words::{Class, Classes, Known, Look, Reading};

/// What is known of one token.
#[derive(Debug, Clone, Copy, Default)]
pub struct Row {
    /// What the lists of words say.
    pub look: Look,
    /// Its word's hash.
    pub word: u64,
    /// Kind and length.
    pub shape: u8,
    /// The lexicon's name here: type, place in it, source; 0 for none.
    pub listed: u8,
    /// An alias here that lacks what it needs: type and place in it; 0 for none.
    pub alias: u8,
    /// What rules propose here: kind and place in the name; 0 for none.
    pub person: u8,
    /// The same of bodies.
    pub proposed_body: u8,
    /// The same of places.
    pub proposed_place: u8,
    /// True for a nationality.
    pub nationality: bool,
    /// Class of the head of a body before it that nothing ends, with the distance; 0 for none.
    pub body: u8,
    /// The same for the first of several heads.
    pub outer: u8,
    /// Title, role or kin before it that nothing ends, with the distance; 0 for none.
    pub role: u8,
    /// Inside quotes: 1 first, 2 later; 0 outside.
    pub quoted: u8,
    /// Part of a date.
    pub dated: bool,
    /// Right after a line break or at the head of the text.
    pub opens: bool,
    /// What other places of the document say of the same word, a bit each.
    pub elsewhere: u8,
    /// The number of its sentence.
    pub sentence: u32,
}

impl Row {
    /// What stands beyond the edge of a line.
    pub const EDGE: Row = Row {
        look: Look {
            known: Known { classes: Classes(0), given: 0, family: 0, foreign: 0, cluster: 0, coarse: 0 },
            front: Front { conjunction: None, particle: None, article: false, contracted: false, noun: 0, stem: 0 },
            stem: 1,
            frequency: 0,
            likeness: 0,
        },
        word: 1,
        shape: 0,
        listed: 0,
        alias: 0,
        person: 0,
        proposed_body: 0,
        proposed_place: 0,
        nationality: false,
        body: 0,
        outer: 0,
        role: 0,
        quoted: 0,
        dated: false,
        opens: false,
        elsewhere: 0,
        sentence: 0,
    };
}

/// What is known of a document's tokens.
#[derive(Debug, Default)]
pub struct Evidence {
    rows: Vec<Row>,
    register: Register,
    elsewhere: FxHashMap<u64, [u8; SIGNS]>,
}

/// The type of the lexicon's nationalities.
const NATIONALITY: &str = "NAT";

/// How many things may be said of a word elsewhere in the document.
const SIGNS: usize = 8;

/// The place of an entity's type in [`TYPES`].
pub fn kind_of(lexicon: &Lexicon, entity: u32) -> Option<usize> {
    let kind = usize::from(lexicon.entities()[entity as usize].kind);
    TYPES.iter().position(|known| lexicon.types()[kind] == *known)
}

impl Evidence {
    /// The rows, one a token.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How the text is written.
    pub fn register(&self) -> Register {
        self.register
    }

    /// Reads a document, replacing what was held.
    pub fn read(
        &mut self,
        reading: Reading<'_>,
        lexicon: &Lexicon,
        hits: &[Hit],
        listed: &[Mention],
        proposals: &[Proposal],
        dates: impl Iterator<Item = NormSpan>,
    ) {
        self.rows.clear();
        self.register = register(reading);
        for (place, token) in reading.tokens.iter().enumerate() {
            cancel::step(place);
            self.rows.push(row(reading, place, token));
        }
        for name in listed {
            let (first, last) = (name.token as usize, name.last as usize);
            let kind = kind_of(lexicon, name.entity).unwrap_or(TYPES.len()) as u8;
            for at in first..last {
                let place = Place::of(at - first, last - first) as u8;
                self.rows[at].listed = 1 + (kind * 4 + place) * 3 + name.source as u8;
            }
        }
        self.aliases(lexicon, hits);
        for proposal in proposals {
            let (first, last) = (proposal.first as usize, proposal.last as usize);
            for at in first..last {
                let row = &mut self.rows[at];
                let slot = match proposal.kind {
                    Announced::Person | Announced::Names => &mut row.person,
                    Announced::Body | Announced::Quoted => &mut row.proposed_body,
                    Announced::Place | Announced::Facility => &mut row.proposed_place,
                };
                if *slot == 0 {
                    *slot = 1 + proposal.kind as u8 * 4 + Place::of(at - first, last - first) as u8;
                }
            }
        }
        let mut at = 0;
        for date in dates {
            while at < reading.tokens.len() && reading.tokens[at].span.end <= date.start {
                at += 1;
            }
            while at < reading.tokens.len() && reading.tokens[at].span.start < date.end {
                self.rows[at].dated = true;
                at += 1;
            }
        }
        self.chains(reading);
        self.quotes(reading);
        self.signs();
    }

    /// Notes aliases, the longest first at each place.
    fn aliases(&mut self, lexicon: &Lexicon, hits: &[Hit]) {
        let mut end = 0;
        for hits in hits.chunk_by(|one, other| one.first == other.first) {
            for hit in hits.iter().rev() {
                let Some(candidate) = lexicon.candidates(hit).first() else { continue };
                let (first, last) = (hit.first as usize, hit.last as usize);
                let kind = lexicon.entities()[candidate.entity as usize].kind;
                if lexicon.types()[usize::from(kind)] == NATIONALITY {
                    self.rows[first..last].iter_mut().for_each(|row| row.nationality = true);
                    continue;
                }
                let kind = kind_of(lexicon, candidate.entity).unwrap_or(TYPES.len()) as u8;
                if first < end {
                    continue;
                }
                end = last;
                for at in first..last {
                    self.rows[at].alias = 1 + kind * 4 + Place::of(at - first, last - first) as u8;
                }
            }
        }
    }

    /// Follows heads of bodies, and titles and roles, until something ends them.
    fn chains(&mut self, reading: Reading<'_>) {
        let mut body: Option<(u8, usize, usize)> = None;
        let mut role: Option<(u8, usize)> = None;
        for at in 0..self.rows.len() {
            let token = &reading.tokens[at];
            let row = &mut self.rows[at];
            let classes = row.look.known.classes;
            if row.opens {
                (body, role) = (None, None);
            }
            let mark = token.kind == Kind::Punctuation;
            let quote = token.is_quote(reading.text);
            if mark && !quote {
                (body, role) = (None, None);
                continue;
            }
            if quote {
                continue;
            }
            let bare = !row.look.front.article;
            let head = (classes.0 & Classes::ORGANISATION.0).trailing_zeros() as u8;
            if classes.has(Class::Speech) && bare || classes.has(Class::Function) {
                let joins = row.look.front.conjunction.is_some() && !classes.has(Class::Function);
                if !joins {
                    (body, role) = (None, None);
                }
            }
            if head < 32 && !row.look.front.article {
                body = Some(match body {
                    Some((_, _, first)) => (head, at, first),
                    None => (head, at, at),
                });
            }
            if let Some((head, start, first)) = body {
                row.body = 1 + (head - Class::Government as u8) * 8 + (at - start).min(7) as u8;
                row.outer = 1 + (at - first).min(15) as u8;
            }
            let kind = [Class::Title, Class::Role, Class::Kin].iter().position(|class| classes.has(*class));
            if let Some(kind) = kind {
                role = Some((kind as u8, at));
            }
            if let Some((kind, start)) = role {
                row.role = 1 + kind * 8 + (at - start).min(7) as u8;
            }
        }
    }

    fn quotes(&mut self, reading: Reading<'_>) {
        let mut since = None;
        for at in 0..self.rows.len() {
            let token = &reading.tokens[at];
            if self.rows[at].opens {
                since = None;
            }
            if token.is_quote(reading.text) {
                since = if since.is_some() { None } else { Some(at) };
            } else if let Some(start) = since {
                self.rows[at].quoted = if at == start + 1 { 1 } else { 2 };
            }
        }
    }

    /// Notes at each word what other places of the document say of it.
    fn signs(&mut self) {
        self.elsewhere.clear();
        for at in 0..self.rows.len() {
            cancel::step(at);
            let signs = self.signs_at(at);
            if signs != 0 {
                let counts = self.elsewhere.entry(self.rows[at].look.stem).or_default();
                for (sign, count) in counts.iter_mut().enumerate() {
                    *count = count.saturating_add(signs >> sign & 1);
                }
            }
        }
        for at in 0..self.rows.len() {
            let Some(counts) = self.elsewhere.get(&self.rows[at].look.stem) else { continue };
            let own = self.signs_at(at);
            let mut elsewhere = 0;
            for (sign, count) in counts.iter().enumerate() {
                elsewhere |= u8::from(*count > (own >> sign & 1)) << sign;
            }
            self.rows[at].elsewhere = elsewhere;
        }
    }

    /// What this place says of its word: after a title, after a given name, in a listed person, body or place, after
    /// a head of a body, after a class noun of places, between quotes.
    fn signs_at(&self, at: usize) -> u8 {
        let row = &self.rows[at];
        if row.look.known.classes.has(Class::Function) || row.shape < 4 || row.look.frequency > 18 {
            return 0;
        }
        let before = at.checked_sub(1).map(|before| &self.rows[before]).filter(|_| !row.opens);
        let class = |class: Class| before.is_some_and(|before| before.look.known.classes.has(class));
        let kind = row.listed.checked_sub(1).map(|listed| listed / 12);
        let given = before.is_some_and(|before| before.look.known.given > 1 || before.look.known.foreign > 3);
        u8::from(class(Class::Title))
            | u8::from(given) << 1
            | u8::from(kind == Some(0)) << 2
            | u8::from(kind == Some(1)) << 3
            | u8::from(kind == Some(2)) << 4
            | u8::from(before.is_some_and(|before| before.look.known.classes.meets(Classes::ORGANISATION))) << 5
            | u8::from(class(Class::Place) || class(Class::Preposition)) << 6
            | u8::from(row.quoted == 1) << 7
    }
}

/// Tokenized where more than four of five marks that end something stand apart from the word before them.
fn register(reading: Reading<'_>) -> Register {
    let (mut apart, mut attached) = (0, 0);
    for (place, token) in reading.tokens.iter().enumerate().skip(1) {
        let ends = token.kind == Kind::Punctuation
            && reading.text[token.span.start..].starts_with(['.', '،', ',', '؛', ';', ':', '؟', '?', '!'])
            && reading.tokens.get(place + 1).is_none_or(|next| next.gap != Gap::None);
        match token.gap {
            Gap::None if ends => attached += 1,
            Gap::Space if ends => apart += 1,
            _ => {}
        }
    }
    if apart > 4 * attached { Register::Tokenized } else { Register::Running }
}

fn row(reading: Reading<'_>, place: usize, token: &Token) -> Row {
    let mut row = Row {
        look: reading.looks[place],
        word: token.hash,
        opens: token.gap == Gap::Line,
        sentence: reading.sentences[place],
        ..Row::default()
    };
    let word = token.word(reading.text);
    let letters = word.chars().take(16).count();
    row.shape = match token.kind {
        Kind::Punctuation => 1,
        Kind::Number => 2,
        Kind::Url | Kind::Email | Kind::Mention | Kind::Emoji => 3,
        Kind::Latin => 4 + u8::from(word.chars().all(char::is_uppercase)),
        Kind::Hashtag => 6,
        Kind::Word => 7 + letters.min(9) as u8,
    };
    row
}
