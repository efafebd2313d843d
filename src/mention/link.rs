//! Which names of a document are one entity.
//!
//! Input: drafts in order. Output: [`Mention`]s with [`Who`], and the [`Name`]s that no lexicon lists. Contract: names
//! of one entity are alike in one of the ways below; two entities of the lexicon are never joined, nor are two people
//! whose given names differ. The work is linear in the number of names.
//!
//! * the same words, whatever their hamza carriers, hyphens and joined parts;
//! * a person's longer name whose first and last words are the shorter's, with its words in order;
//! * a single name that is the last or the first of a full one: of several, the nearest before it;
//! * a body with and without its head word, or with and without a nationality at its end;
//! * a name between brackets right after another of its type;
//! * long names that differ in one letter, unless both spellings are known names.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::words::{fold, words};
use super::{Draft, Mention, Name, Source, Who};
use crate::span::NormSpan;
use crate::tagger::TYPES;
use crate::token::{self, Kind};
use crate::words::{Classes, Reading};

const PERSON: usize = 0;
const BODY: usize = 1;

/// A single letter may differ in names of so many letters or more.
const LONG: usize = 7;
/// Names longer than this, in letters, are not compared letter by letter.
const LONGEST: usize = 40;
/// So many different names of a document are compared letter by letter.
const COMPARED: usize = 2000;

/// Memory that one thread uses for one document after another.
#[derive(Debug, Default)]
pub(super) struct Linker {
    groups: Vec<Group>,
    /// By type and key: the group with this name.
    keys: FxHashMap<(usize, u64), u32>,
    /// By type and key: groups that a short form may stand for, as they come.
    shorts: FxHashMap<(usize, u64), Vec<u32>>,
    /// By type and the key with one letter left out.
    near: FxHashMap<(usize, u64), u32>,
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
                _ if word.is_empty() => {}
                _ => folded.push(word),
            }
            joins = folded.last().is_some_and(|last| matches!(last.as_str(), "عبد" | "ابو"));
        }
        let key = key(&folded);
        Self { folded, key }
    }

    fn letters(&self) -> usize {
        self.folded.iter().map(|word| word.chars().count()).sum()
    }
}

fn key<S: AsRef<str>>(words: &[S]) -> u64 {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    token::hash(&words.join(" "))
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
    let forms: Vec<Words> = drafts.iter().map(|draft| Words::of(reading, draft)).collect();
    // Full names first, so that a headline's short form finds the name that comes after it.
    let mut groups: Vec<Option<u32>> = vec![None; drafts.len()];
    for (place, (draft, form)) in drafts.iter().zip(&forms).enumerate() {
        if draft.kind != PERSON || form.folded.len() > 1 || draft.entity.is_some() {
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

/// True if the second name is all that stands between brackets right after the first, of its type.
fn in_brackets(reading: Reading<'_>, first: &Draft, second: &Draft) -> bool {
    let is = |at: usize, sign: &str| {
        reading.tokens.get(at).is_some_and(|token| token.kind == Kind::Punctuation && token.text(reading.text) == sign)
    };
    let open = first.last as usize;
    first.kind == second.kind
        && second.kind == BODY
        && open + 1 == second.first as usize
        && (is(open, "(") || is(open, "["))
        && (is(second.last as usize, ")") || is(second.last as usize, "]"))
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
            let shortened = self.longer_or_shorter(draft, form);
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
    fn longer_or_shorter(&self, draft: &Draft, form: &Words) -> Option<u32> {
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
        let groups = self.shorts.get(&(draft.kind, form.key))?;
        match groups[..] {
            [group] => Some(group),
            _ => None,
        }
    }

    /// A long name that differs in one letter.
    fn one_letter(&self, draft: &Draft, form: &Words) -> Option<u32> {
        if !(LONG..=LONGEST).contains(&form.letters()) || self.near.len() > COMPARED * LONG {
            return None;
        }
        let whole = form.folded.join(" ");
        let typo = |group: &u32| {
            let other = &self.groups[self.root(*group) as usize].words;
            is_misspelt(other, &form.folded)
        };
        shortened(&whole).find_map(|near| self.near.get(&(draft.kind, near)).copied().filter(typo))
    }

    fn note_near(&mut self, draft: &Draft, form: &Words, group: u32) {
        if (LONG..=LONGEST).contains(&form.letters()) && self.near.len() <= COMPARED * LONG {
            for near in shortened(&form.folded.join(" ")) {
                self.near.entry((draft.kind, near)).or_insert(group);
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
        if draft.kind == PERSON {
            note(token::hash(&words[words.len() - 1]));
            note(token::hash(&words[0]));
        } else if draft.kind == BODY {
            let first = &reading.looks[draft.first as usize];
            if first.known.classes.meets(Classes::ORGANISATION) && !first.front.article {
                note(key(&words[1..]));
            }
            if reading.looks[draft.last as usize - 1].front.article && words.len() > 2 {
                note(key(&words[..words.len() - 1]));
            }
        }
    }

    /// The group of a person's single name: the nearest before it that it is a part of, else the next after it.
    fn short(&mut self, draft: &Draft, form: &Words) -> u32 {
        if let Some(groups) = form.folded.first().and_then(|word| self.shorts.get(&(PERSON, token::hash(word)))) {
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

/// True if the names differ in one letter, and not in two words that are both known as names ("حسن", "حسين").
fn is_misspelt(one: &[String], other: &[String]) -> bool {
    let known = |word: &str| crate::words::Words::builtin().is_name(word);
    let mut differing = one.iter().zip(other).filter(|(one, other)| one != other);
    one.len() == other.len()
        && differing.next().is_some_and(|(one, other)| is_typo(one, other) && !(known(one) && known(other)))
        && differing.next().is_none()
}

/// True if the words of the first stand in the second in their order.
fn in_order(short: &[String], long: &[String]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|word| rest.any(|other| other == word))
}

/// Hashes of the name and of the name with each letter left out: a polynomial in the letters, so that each takes one
/// step.
fn shortened(name: &str) -> impl Iterator<Item = u64> {
    const BASE: u64 = 0x0100_0000_01B3;
    let letters: Vec<u64> = name.chars().map(|letter| u64::from(letter as u32)).collect();
    let mut after = vec![0u64; letters.len() + 1];
    let mut power = 1u64;
    for (at, letter) in letters.iter().enumerate().rev() {
        after[at] = after[at + 1].wrapping_add(letter.wrapping_mul(power));
        power = power.wrapping_mul(BASE);
    }
    let whole = after[0];
    let mut before = 0u64;
    let mut powers = vec![1u64; letters.len()];
    for at in (0..letters.len().saturating_sub(1)).rev() {
        powers[at] = powers[at + 1].wrapping_mul(BASE);
    }
    let without = (0..letters.len()).map(move |at| {
        // Letters before the gap stand one power lower than in the whole.
        let hash = before.wrapping_add(after[at + 1]);
        before = before.wrapping_add(letters[at].wrapping_mul(*powers.get(at + 1).unwrap_or(&1)));
        hash
    });
    std::iter::once(whole).chain(without)
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
