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

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::short::{self, key};
use super::words::{fold, words};
use super::{BODY, Draft, Mention, Name, PERSON, Source, Who};
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

/// Memory that one thread uses for one document after another.
#[derive(Debug, Default)]
pub(super) struct Linker {
    groups: Vec<Group>,
    /// By type and key: the group with this name.
    keys: FxHashMap<(usize, u64), u32>,
    /// By type and key: groups that a short form may stand for, as they come.
    shorts: FxHashMap<(usize, u64), Vec<u32>>,
    /// By type and the first or last letters of a long name: the last of [`Linker::alike`] with them.
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
    words: Vec<String>,
    /// The last token at which it stands.
    seen: u32,
    /// A group that this one has been joined to.
    joined: Option<u32>,
}

/// One name's words, folded.
struct Words {
    folded: Vec<String>,
    key: u64,
}

impl Words {
    fn of(reading: Reading<'_>, draft: &Draft) -> Self {
        let plain = words(reading, draft.span, draft.first as usize..draft.last as usize);
        let mut folded: Vec<String> = Vec::with_capacity(plain.len());
        let mut joins = false;
        for word in plain.iter().map(Cow::as_ref) {
            let word = fold(word);
            match folded.last_mut() {
                Some(last) if joins => last.push_str(&word),
                // "دخل الله" is one name.
                Some(last) if draft.kind == PERSON && short::is_second(&word) => {
                    last.push(' ');
                    last.push_str(&word);
                }
                _ if word.is_empty() => {}
                _ => folded.push(word),
            }
            joins = folded.last().is_some_and(|last| matches!(last.as_str(), "عبد" | "ابو"));
        }
        let key = key(&folded);
        Self { folded, key }
    }

    /// True if a person's name of these words is short for another: one word, or one behind a link.
    fn is_short(&self) -> bool {
        match &self.folded[..] {
            [] | [_] => true,
            [link, _] => short::is_link(link),
            _ => false,
        }
    }

    fn letters(&self) -> usize {
        self.folded.iter().map(|word| letters(word)).sum()
    }
}

/// The mentions that the drafts are, and the names of their entities.
pub(super) fn link(
    reading: Reading<'_>,
    drafts: &[Draft],
    linker: &mut Linker,
    names: &mut Vec<Name>,
    mentions: &mut Vec<Mention>,
) {
    linker.groups.clear();
    linker.keys.clear();
    linker.shorts.clear();
    linker.near.clear();
    linker.alike.clear();
    let forms: Vec<Words> = drafts.iter().map(|draft| Words::of(reading, draft)).collect();
    // Full names first, so that a headline's short form finds the name that comes after it.
    let mut groups: Vec<Option<u32>> = vec![None; drafts.len()];
    for (place, (draft, form)) in drafts.iter().zip(&forms).enumerate() {
        if draft.kind != PERSON || !form.is_short() || draft.entity.is_some() {
            groups[place] = Some(linker.full(reading, draft, form));
        }
    }
    for (place, draft) in drafts.iter().enumerate() {
        if place > 0
            && in_brackets(reading, &drafts[place - 1], draft)
            && let (Some(before), Some(here)) = (groups[place - 1], groups[place])
        {
            linker.join(before, here);
        }
    }
    for (place, (draft, form)) in drafts.iter().zip(&forms).enumerate() {
        let group = match groups[place] {
            Some(group) => linker.root(group),
            None => linker.short(draft, form),
        };
        linker.groups[group as usize].seen = draft.first;
        groups[place] = Some(group);
    }
    let mut named: FxHashMap<u32, u32> = FxHashMap::default();
    for (draft, group) in drafts.iter().zip(groups) {
        let Some(group) = group else { continue };
        let group = linker.root(group);
        let found = &linker.groups[group as usize];
        let alone = draft.entity.is_none() && draft.source == Source::Model;
        let who = match found.entity {
            Some(entity) => Who::Listed(entity),
            None => Who::Named(*named.entry(group).or_insert_with(|| {
                let id = format!("{}:{}", TYPES[found.kind], found.words.join(" ")).into();
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

impl Linker {
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

    /// A new group of one name.
    fn group(&mut self, draft: &Draft, form: &Words) -> u32 {
        self.groups.push(Group {
            kind: draft.kind,
            entity: draft.entity,
            span: draft.span,
            words: form.folded.clone(),
            seen: draft.first,
            joined: None,
        });
        self.groups.len() as u32 - 1
    }

    /// The group of a name that is no short form.
    fn full(&mut self, reading: Reading<'_>, draft: &Draft, form: &Words) -> u32 {
        let same = self.keys.get(&(draft.kind, form.key)).copied();
        let alike = |linker: &Self, group: u32| {
            let group = &linker.groups[linker.root(group) as usize];
            draft.entity.is_none() || group.entity.is_none() || group.entity == draft.entity
        };
        let found = same.filter(|group| alike(self, *group)).or_else(|| {
            let shortened = self.longer_or_shorter(reading, draft, form);
            shortened.or_else(|| self.one_letter(draft, form)).filter(|group| alike(self, *group))
        });
        let group = match found {
            Some(group) => {
                let group = self.root(group);
                let known = &mut self.groups[group as usize];
                if known.entity.is_none() && draft.entity.is_some() {
                    known.entity = draft.entity;
                }
                if form.folded.len() > known.words.len() {
                    (known.words, known.span) = (form.folded.clone(), draft.span);
                }
                group
            }
            None => self.group(draft, form),
        };
        if same.is_none() {
            self.keys.insert((draft.kind, form.key), group);
            self.note_shorts(reading, draft, form, group);
            self.note_near(draft, form, group);
        }
        group
    }

    /// A person's name of several words with the same first and last word, the words of one in order in the other.
    fn longer_or_shorter(&self, reading: Reading<'_>, draft: &Draft, form: &Words) -> Option<u32> {
        if draft.kind == PERSON {
            let (first, last) = (form.folded.first()?, form.folded.last()?);
            let groups = self.shorts.get(&(PERSON, token::hash(last)))?;
            return groups.iter().rev().copied().find(|group| {
                let words = &self.groups[self.root(*group) as usize].words;
                let (short, long) =
                    if words.len() < form.folded.len() { (words, &form.folded) } else { (&form.folded, words) };
                words.first() == Some(first) && words.last() == Some(last) && in_order(short, long)
            });
        }
        let only = |key: u64| match self.shorts.get(&(draft.kind, key)).map(Vec::as_slice) {
            Some([group]) => Some(*group),
            _ => None,
        };
        only(form.key)
            .or_else(|| {
                let tokens = draft.first as usize..draft.last as usize;
                let core = (draft.kind == BODY).then(|| short::core(reading, tokens)).flatten();
                core.and_then(|(core, full)| only(core ^ u64::from(!full)))
            })
            .or_else(|| {
                // With its head the name of a body that stood without it.
                let rest =
                    short::behind_head(reading, draft.first as usize, &form.folded).filter(|_| draft.kind == BODY)?;
                let group = self.keys.get(&(BODY, key(rest))).map(|group| self.root(*group))?;
                (self.groups[group as usize].words == rest).then_some(group)
            })
    }

    /// A long name that differs in one letter.
    fn one_letter(&self, draft: &Draft, form: &Words) -> Option<u32> {
        if !(LONG..=LONGEST).contains(&form.letters()) {
            return None;
        }
        let typo = |group: &u32| {
            let other = &self.groups[self.root(*group) as usize].words;
            // A single word is compared with a family name.
            let family = if form.folded.len() == 1 { &other[other.len().saturating_sub(1)..] } else { other };
            is_misspelt(family, &form.folded, LONG_WORD[draft.kind.min(LONG_WORD.len() - 1)])
        };
        edges(&form.folded.join(" ")).into_iter().find_map(|edge| {
            let first = self.near.get(&(draft.kind, edge)).copied();
            let chain = std::iter::successors(first, |at| self.alike[*at as usize].1);
            chain.take(COMPARED).map(|at| self.alike[at as usize].0).find(typo)
        })
    }

    /// Notes a long name, and a person's long family name, for names that differ in one letter.
    fn note_near(&mut self, draft: &Draft, form: &Words, group: u32) {
        let family = form.folded.last().filter(|_| draft.kind == PERSON && form.folded.len() > 1);
        for name in std::iter::once(form.folded.join(" ")).chain(family.cloned()) {
            if (LONG..=LONGEST).contains(&letters(&name)) {
                for edge in edges(&name) {
                    let before = self.near.insert((draft.kind, edge), self.alike.len() as u32);
                    self.alike.push((group, before));
                }
            }
        }
    }

    /// Notes the short forms that may stand for a group.
    fn note_shorts(&mut self, reading: Reading<'_>, draft: &Draft, form: &Words, group: u32) {
        let mut note = |key: u64| {
            let groups = self.shorts.entry((draft.kind, key)).or_default();
            if !groups.contains(&group) && groups.len() < 64 {
                groups.push(group);
            }
        };
        let words = &form.folded;
        if words.len() < 2 {
            return;
        }
        let tokens = draft.first as usize..draft.last as usize;
        match draft.kind {
            PERSON => short::of_person(words, note),
            BODY => {
                if let Some((core, full)) = short::core(reading, tokens.clone()) {
                    note(core ^ u64::from(full));
                }
                short::of_body(reading, tokens, words, note);
            }
            _ => {}
        }
    }

    /// The group of a person's single name: the nearest before it that it is a part of, else the next after it.
    fn short(&mut self, draft: &Draft, form: &Words) -> u32 {
        if let Some(groups) = self.shorts.get(&(PERSON, form.key)) {
            let family = |group: &u32| self.groups[self.root(*group) as usize].words.last() == form.folded.last();
            let nearest = |groups: &[u32]| {
                let before = groups.iter().filter(|group| self.groups[self.root(**group) as usize].seen <= draft.first);
                let before = before.max_by_key(|group| self.groups[self.root(**group) as usize].seen);
                before.or_else(|| groups.first()).copied()
            };
            let families: Vec<u32> = groups.iter().copied().filter(family).collect();
            let found = match (&families[..], &groups[..]) {
                ([], [one]) => Some(*one),
                ([], _) => None,
                (families, _) => nearest(families),
            };
            if let Some(group) = found {
                return self.root(group);
            }
        }
        if let Some(group) = self.keys.get(&(PERSON, form.key)) {
            return self.root(*group);
        }
        if let Some(group) = self.one_letter(draft, form) {
            return self.root(group);
        }
        let group = self.group(draft, form);
        self.keys.insert((PERSON, form.key), group);
        self.note_near(draft, form, group);
        group
    }
}

/// True if the names differ in one letter of a long word, and not in two words that are both known ("حسن", "حسين").
fn is_misspelt(one: &[String], other: &[String], least: usize) -> bool {
    let known = |word: &str| crate::words::Words::builtin().is_known(word);
    let long = |word: &str| word.chars().nth(least - 1).is_some();
    let mut differing = one.iter().zip(other).filter(|(one, other)| one != other);
    let wrong = |(one, other): (&String, &String)| {
        (long(one) || long(other)) && is_typo(one, other) && !(known(one) && known(other))
    };
    one.len() == other.len() && differing.next().is_some_and(wrong) && differing.next().is_none()
}

fn letters(name: &str) -> usize {
    name.chars().filter(|letter| *letter != ' ').count()
}

/// True if the words of the first stand in the second in their order.
fn in_order(short: &[String], long: &[String]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|word| rest.any(|other| other == word))
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
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (a, b) = (&one[same..], &other[same..]);
    let ends = |a: &[char], b: &[char]| a == b;
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Equal => {
            a.is_empty()
                || ends(&a[1..], &b[1..])
                || a.len() > 1 && a[0] == b[1] && a[1] == b[0] && ends(&a[2..], &b[2..])
        }
        std::cmp::Ordering::Less => ends(a, &b[1..]),
        std::cmp::Ordering::Greater => ends(&a[1..], b),
    }
}
