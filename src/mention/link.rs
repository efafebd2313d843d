//! Which names of a document are one entity.
//!
//! Input: drafts in order. Output: [`Mention`]s with [`Who`], and the [`Name`]s that no lexicon lists. Contract: names
//! of one entity are alike in one of the ways below; two entities of the lexicon are never joined, nor are two people
//! whose given names differ. The work is linear in the number of names.
//!
//! * the same words, whatever their hamza carriers, hyphens and joined parts;
//! * a person's longer name whose first and last words are the shorter's, with its words in order;
//! * a single name that is the last or the first of a full one, or the last with the link before it ("بن غنيسة"): of
//!   several, the nearest before it;
//! * a body with and without its head word, the adjectives of its head, or a nationality or place at its end;
//! * a body between brackets or quotes right after another; any name between brackets in another script;
//! * long names that differ in one letter, unless both spellings are known words.

use rustc_hash::FxHashMap;

use super::form::{Form, Forms, letters};
use super::{BODY, Draft, Mention, Name, PERSON, Source, Who, short};
use crate::cancel;
use crate::span::NormSpan;
use crate::tagger::TYPES;
use crate::token::{self, Kind};
use crate::words::Reading;

/// A single letter may differ in names of so many letters or more.
const LONG: usize = 7;
/// The word that a letter differs in has so many letters or more, by type.
const LONG_WORD: [usize; TYPES.len()] = [5, 6, 6];
/// Names longer than this, in letters, are not compared letter by letter.
const LONGEST: usize = 40;
/// So many first and last letters are alike in names that differ in one letter.
const EDGE: usize = 3;
/// So many names with the same first or last letters are compared letter by letter.
const COMPARED: usize = 32;

/// So many groups at most one short form may stand for.
const CALLED: usize = 64;

/// Memory that one thread uses for one document after another.
#[derive(Debug, Default)]
pub(super) struct Linker {
    forms: Forms,
    web: Web,
    /// By name: its group, once that is known.
    placed: Vec<Option<u32>>,
    /// By group: its place among the names that no lexicon lists.
    named: FxHashMap<u32, u32>,
}

/// A document's names, in order.
#[derive(Debug, Clone, Copy)]
struct Names<'d> {
    reading: Reading<'d>,
    drafts: &'d [Draft],
    forms: &'d Forms,
}

impl<'d> Names<'d> {
    fn at(self, place: usize) -> (&'d Draft, Form<'d>) {
        (&self.drafts[place], self.forms.of(place))
    }
}

/// The groups found so far, and how they are looked up.
#[derive(Debug, Default)]
struct Web {
    groups: Vec<Group>,
    /// By type and key: the group with this name.
    keys: FxHashMap<(usize, u64), u32>,
    /// By type and key: which of [`Web::lists`] holds the groups that a short form may stand for, as they come.
    shorts: FxHashMap<(usize, u64), usize>,
    /// The lists of this document, and behind them those that have been made for others.
    lists: Vec<Vec<u32>>,
    /// By type and the first or last letters of a long name: the last of [`Web::alike`] with them.
    near: FxHashMap<(usize, u64), u32>,
    /// A group with a long name, and the one before it with the same letters.
    alike: Vec<(u32, Option<u32>)>,
}

/// Names that are one entity.
#[derive(Debug)]
struct Group {
    kind: usize,
    entity: Option<u32>,
    /// The fullest name.
    span: NormSpan,
    /// The place of the fullest name.
    form: usize,
    /// The last token at which it stands.
    seen: u32,
    /// A group that this one has been joined to.
    joined: Option<u32>,
}

/// The mentions that the drafts are, and the names of their entities.
pub(super) fn link(
    reading: Reading<'_>,
    drafts: &[Draft],
    linker: &mut Linker,
    names: &mut Vec<Name>,
    mentions: &mut Vec<Mention>,
) {
    let Linker { forms, web, placed, named } = linker;
    forms.read(reading, drafts);
    web.clear();
    let all = Names { reading, drafts, forms };
    // Full names first, so that a headline's short form finds the name that comes after it.
    placed.clear();
    placed.extend((0..drafts.len()).map(|place| {
        cancel::step(place);
        let (draft, form) = all.at(place);
        let full = draft.kind != PERSON || !form.is_short() || draft.entity.is_some();
        full.then(|| web.full(all, place))
    }));
    for place in 1..drafts.len() {
        if in_brackets(reading, &drafts[place - 1], &drafts[place])
            && let (Some(before), Some(here)) = (placed[place - 1], placed[place])
        {
            web.join(before, here);
        }
    }
    for (place, placed) in placed.iter_mut().enumerate() {
        cancel::step(place);
        let group = match *placed {
            Some(group) => web.root(group),
            None => web.short(all, place),
        };
        web.groups[group as usize].seen = drafts[place].first;
        *placed = Some(group);
    }
    named.clear();
    for (draft, group) in drafts.iter().zip(placed) {
        let Some(group) = *group else { continue };
        let group = web.root(group);
        let found = &web.groups[group as usize];
        let alone = draft.entity.is_none() && draft.source == Source::Model;
        let who = match found.entity {
            Some(entity) => Who::Listed(entity),
            None => Who::Named(*named.entry(group).or_insert_with(|| {
                let id = id(found.kind, forms.of(found.form));
                names.push(Name { kind: found.kind, id, span: found.span });
                names.len() as u32 - 1
            })),
        };
        let source = if alone && found.entity.is_some() { Source::Link } else { draft.source };
        mentions.push(Mention {
            span: draft.span,
            token: draft.first,
            last: draft.last,
            who,
            source,
            score: (draft.score * 100.0).round() / 100.0,
        });
    }
}

/// The identifier of a name that no lexicon lists, in memory of its size.
fn id(kind: usize, form: Form<'_>) -> Box<str> {
    let (kind, name) = (TYPES[kind], form.text());
    let mut id = String::with_capacity(kind.len() + 1 + name.len());
    id.extend([kind, ":", name]);
    id.into_boxed_str()
}

/// True if the second name is all that stands between brackets or quotes right after the first: bodies, or names of one
/// type in two scripts.
fn in_brackets(reading: Reading<'_>, first: &Draft, second: &Draft) -> bool {
    let is = |at: Option<usize>, signs: &[&str]| {
        let token = at.and_then(|at| reading.tokens.get(at)).filter(|token| token.kind == Kind::Punctuation);
        token.is_some_and(|token| signs.contains(&token.text(reading.text)))
    };
    let script = |draft: &Draft| reading.tokens[draft.first as usize].kind == Kind::Latin;
    let (mut open, mut close) = ((second.first as usize).checked_sub(1), Some(second.last as usize));
    let quote =
        |at: Option<usize>| at.and_then(|at| reading.tokens.get(at)).is_some_and(|mark| mark.is_quote(reading.text));
    let quoted = quote(open) && quote(close);
    if quoted && !(second.last == second.first + 1 && open == Some(first.last as usize)) {
        (open, close) = (open.and_then(|at| at.checked_sub(1)), close.map(|at| at + 1));
    }
    let closed = is(open, &["(", "["]) && is(close, &[")", "]"]);
    first.kind == second.kind
        && open == Some(first.last as usize)
        && (closed || quoted && second.kind == BODY)
        && (second.kind == BODY || script(first) != script(second))
}

impl Web {
    fn clear(&mut self) {
        self.groups.clear();
        self.keys.clear();
        self.shorts.clear();
        self.near.clear();
        self.alike.clear();
    }

    fn root(&self, mut group: u32) -> u32 {
        while let Some(joined) = self.groups[group as usize].joined {
            group = joined;
        }
        group
    }

    /// Joins two groups, unless the lexicon has both.
    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        let listed = |group: u32| self.groups[group as usize].entity;
        match (listed(one), listed(other)) {
            _ if one == other => {}
            (Some(first), Some(second)) if first != second => {}
            (None, Some(_)) => self.groups[one as usize].joined = Some(other),
            _ => self.groups[other as usize].joined = Some(one),
        }
    }

    /// The words of a group's fullest name.
    fn words<'d>(&self, names: Names<'d>, group: u32) -> Form<'d> {
        names.forms.of(self.groups[self.root(group) as usize].form)
    }

    /// The groups that a short form may stand for, as they came.
    fn called(&self, kind: usize, key: u64) -> Option<&[u32]> {
        self.shorts.get(&(kind, key)).map(|list| &self.lists[*list][..])
    }

    /// A new group of one name.
    fn group(&mut self, names: Names<'_>, place: usize) -> u32 {
        let draft = &names.drafts[place];
        self.groups.push(Group {
            kind: draft.kind,
            entity: draft.entity,
            span: draft.span,
            form: place,
            seen: draft.first,
            joined: None,
        });
        self.groups.len() as u32 - 1
    }

    /// The group of a name that is no short form.
    fn full(&mut self, names: Names<'_>, place: usize) -> u32 {
        let (draft, form) = names.at(place);
        let key = form.key();
        let same = self.keys.get(&(draft.kind, key)).copied();
        let alike = |web: &Self, group: u32| {
            let group = &web.groups[web.root(group) as usize];
            draft.entity.is_none() || group.entity.is_none() || group.entity == draft.entity
        };
        let found = same.filter(|group| alike(self, *group)).or_else(|| {
            let shortened = self.longer_or_shorter(names, place);
            shortened.or_else(|| self.one_letter(names, place)).filter(|group| alike(self, *group))
        });
        let group = match found {
            Some(group) => {
                let group = self.root(group);
                let known = &mut self.groups[group as usize];
                if known.entity.is_none() && draft.entity.is_some() {
                    known.entity = draft.entity;
                }
                if form.len() > names.forms.of(known.form).len() {
                    (known.form, known.span) = (place, draft.span);
                }
                group
            }
            None => self.group(names, place),
        };
        if same.is_none() {
            self.keys.insert((draft.kind, key), group);
            self.note_shorts(names, place, group);
            self.note_near(names, place, group);
        }
        group
    }

    /// A person's name of several words with the same first and last word, the words of one in order in the other.
    fn longer_or_shorter(&self, names: Names<'_>, place: usize) -> Option<u32> {
        let (draft, form) = names.at(place);
        if draft.kind == PERSON {
            let (first, last) = (form.first()?, form.last()?);
            let groups = self.called(PERSON, token::hash(last))?;
            return groups.iter().rev().copied().find(|group| {
                let words = self.words(names, *group);
                let (short, long) = if words.len() < form.len() { (words, form) } else { (form, words) };
                words.first() == Some(first) && words.last() == Some(last) && in_order(short, long)
            });
        }
        let only = |key: u64| match self.called(draft.kind, key) {
            Some([group]) => Some(*group),
            _ => None,
        };
        let core = || names.forms.core(place).and_then(|(core, full)| only(core ^ u64::from(!full)));
        only(form.key()).or_else(core).or_else(|| {
            // With its head the name of a body that stood without it.
            let rest = short::behind_head(names.reading, draft.first as usize, form).filter(|_| draft.kind == BODY)?;
            let group = self.keys.get(&(BODY, rest.key())).map(|group| self.root(*group))?;
            self.words(names, group).words().eq(rest.words()).then_some(group)
        })
    }

    /// A long name that differs in one letter.
    fn one_letter(&self, names: Names<'_>, place: usize) -> Option<u32> {
        let (draft, form) = names.at(place);
        if !(LONG..=LONGEST).contains(&form.letters()) {
            return None;
        }
        let typo = |group: &u32| {
            let other = self.words(names, *group);
            // A single word is compared with a family name.
            let family = if form.len() == 1 { other.part(other.len().saturating_sub(1)..other.len()) } else { other };
            is_misspelt(family, form, LONG_WORD[draft.kind.min(LONG_WORD.len() - 1)])
        };
        edges(form.text()).into_iter().find_map(|edge| {
            let first = self.near.get(&(draft.kind, edge)).copied();
            let chain = std::iter::successors(first, |at| self.alike[*at as usize].1);
            chain.take(COMPARED).map(|at| self.alike[at as usize].0).find(typo)
        })
    }

    /// Notes a long name, and a person's long family name, for names that differ in one letter.
    fn note_near(&mut self, names: Names<'_>, place: usize, group: u32) {
        let (draft, form) = names.at(place);
        let family = form.last().filter(|_| draft.kind == PERSON && form.len() > 1);
        for name in std::iter::once(form.text()).chain(family) {
            if (LONG..=LONGEST).contains(&letters(name)) {
                for edge in edges(name) {
                    let before = self.near.insert((draft.kind, edge), self.alike.len() as u32);
                    self.alike.push((group, before));
                }
            }
        }
    }

    /// Notes the short forms that may stand for a group.
    fn note_shorts(&mut self, names: Names<'_>, place: usize, group: u32) {
        let (draft, form) = names.at(place);
        if form.len() < 2 {
            return;
        }
        let Self { shorts, lists, .. } = self;
        let mut note = |key: u64| {
            let next = shorts.len();
            let list = *shorts.entry((draft.kind, key)).or_insert_with(|| {
                match lists.get_mut(next) {
                    Some(list) => list.clear(),
                    None => lists.push(Vec::new()),
                }
                next
            });
            let groups = &mut lists[list];
            if !groups.contains(&group) && groups.len() < CALLED {
                groups.push(group);
            }
        };
        match draft.kind {
            PERSON => short::of_person(form, note),
            BODY => {
                if let Some((core, full)) = names.forms.core(place) {
                    note(core ^ u64::from(full));
                }
                short::of_body(names.reading, draft.first as usize..draft.last as usize, form, note);
            }
            _ => {}
        }
    }

    /// The group of a person's single name: the nearest before it that it is a part of, else the next after it.
    fn short(&mut self, names: Names<'_>, place: usize) -> u32 {
        let (draft, form) = names.at(place);
        let key = form.key();
        if let Some(groups) = self.called(PERSON, key) {
            let of_family = |group: &u32| self.words(names, *group).last() == form.last();
            let families = || groups.iter().copied().filter(of_family);
            let seen = |group: u32| self.groups[self.root(group) as usize].seen;
            let nearest = families().filter(|group| seen(*group) <= draft.first).max_by_key(|group| seen(*group));
            let alone = || (groups.len() == 1).then(|| groups[0]);
            if let Some(group) = nearest.or_else(|| families().next()).or_else(alone) {
                return self.root(group);
            }
        }
        if let Some(group) = self.keys.get(&(PERSON, key)) {
            return self.root(*group);
        }
        if let Some(group) = self.one_letter(names, place) {
            return self.root(group);
        }
        let group = self.group(names, place);
        self.keys.insert((PERSON, key), group);
        self.note_near(names, place, group);
        group
    }
}

/// True if the names differ in one letter of a long word, and not in two words that are both known ("حسن", "حسين").
fn is_misspelt(one: Form<'_>, other: Form<'_>, least: usize) -> bool {
    let known = |word: &str| crate::words::Words::builtin().is_known(word);
    let long = |word: &str| word.chars().nth(least - 1).is_some();
    let mut differing = one.words().zip(other.words()).filter(|(one, other)| one != other);
    let wrong =
        |(one, other): (&str, &str)| (long(one) || long(other)) && is_typo(one, other) && !(known(one) && known(other));
    one.len() == other.len() && differing.next().is_some_and(wrong) && differing.next().is_none()
}

/// True if the words of the first stand in the second in their order.
fn in_order(short: Form<'_>, long: Form<'_>) -> bool {
    let mut rest = long.words();
    short.words().all(|word| rest.any(|other| other == word))
}

/// Hashes of a long name's first letters and of its last ones, of which a wrong letter leaves one as it is.
fn edges(name: &str) -> [u64; 2] {
    let mut starts = name.char_indices().map(|(at, _)| at);
    let first = starts.clone().nth(EDGE).unwrap_or(name.len());
    let last = starts.nth_back(EDGE - 1).unwrap_or(0);
    [token::hash(&name[..first]), !token::hash(&name[last..])]
}

/// True if one letter is changed, left out, put in, or changes places with its neighbour.
fn is_typo(one: &str, other: &str) -> bool {
    let same: usize = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    match (cut(&one[same..]), cut(&other[same..])) {
        (None, None) => true,
        (Some((_, rest)), None) | (None, Some((_, rest))) => rest.is_empty(),
        (Some((a, rest)), Some((b, others))) => {
            let swapped = cut(rest)
                .zip(cut(others))
                .is_some_and(|((next, rest), (other, others))| (a, next) == (other, b) && rest == others);
            rest == others || rest == &other[same..] || &one[same..] == others || swapped
        }
    }
}

/// The first letter of a word, and what is behind it.
fn cut(word: &str) -> Option<(char, &str)> {
    let mut letters = word.chars();
    Some((letters.next()?, letters.as_str()))
}
