//! From rows to the trie.
//!
//! Input: [`Source`]s. Output: [`Lexicon`]. Contract: aliases pass through the same normalizer and tokenizer as
//! text; an alias of several entities keeps them all, ordered by their source's rank, then by
//! `ambiguous.tsv`, then by what they need.

use rustc_hash::FxHashMap;

use super::rows::{Row, Source, ambiguous};
use super::{Candidate, Entity, Lexicon, Node};
use crate::cancel;
use crate::data;
use crate::error::{Error, Result};
use crate::normalize::Normalizer;
use crate::token::{self, Token};

/// Bits of the filter in front of the first-word table.
pub(super) const FILTER_BITS: u32 = 18;

data::file_of! {
    struct Joins {
        first: Vec<String>,
        last: Vec<String>,
    }
}

impl Joins {
    fn load() -> Result<Self> {
        let path = "entities/joins.toml";
        let mut joins: Joins = data::toml(path, data::file(path))?;
        for word in joins.first.iter_mut().chain(&mut joins.last) {
            *word = Normalizer::analysis().normalize(word);
        }
        Ok(joins)
    }

    /// Adds the other ways to write the words: joined where they are apart, apart where they are joined. Most names
    /// have none, and then nothing is made.
    fn variants(&self, words: &[&str], variants: &mut Vec<Vec<String>>) {
        variants.clear();
        let joined = self.joined(words);
        if let Some(apart) = self.apart(joined.as_ref().map_or(words.to_vec(), |words| borrowed(words)).as_slice()) {
            variants.push(apart);
        }
        if joined.is_some() {
            variants.extend(self.apart(words));
        }
        variants.extend(joined);
        variants.sort();
        variants.dedup();
        variants.retain(|variant| variant != words);
    }

    /// The words, joined where two may be; None where none may.
    fn joined(&self, words: &[&str]) -> Option<Vec<String>> {
        let joins = |two: &[&str]| contains(&self.first, two[0]) || contains(&self.last, two[1]);
        if !words.windows(2).any(joins) {
            return None;
        }
        let mut out: Vec<String> = Vec::new();
        let mut joins_next = false;
        for word in words {
            match out.last_mut() {
                Some(last) if joins_next || contains(&self.last, word) => last.push_str(word),
                _ => out.push((*word).to_owned()),
            }
            joins_next = contains(&self.first, word);
        }
        Some(out)
    }

    /// The words, apart where two are joined; None where none are.
    fn apart(&self, words: &[&str]) -> Option<Vec<String>> {
        if !words.iter().any(|word| self.cut(word).is_some()) {
            return None;
        }
        let parts = words.iter().flat_map(|word| match self.cut(word) {
            Some(at) => [Some(&word[..at]), Some(&word[at..])],
            None => [Some(*word), None],
        });
        Some(parts.flatten().map(str::to_owned).collect())
    }

    /// Where a word that is two joined ones comes apart.
    fn cut(&self, word: &str) -> Option<usize> {
        let enough = |rest: &str| rest.chars().nth(2).is_some();
        let first = self.first.iter().find(|first| word.strip_prefix(first.as_str()).is_some_and(enough));
        let last = || self.last.iter().find(|last| word.strip_suffix(last.as_str()).is_some_and(enough));
        first.map(String::len).or_else(|| last().map(|last| word.len() - last.len()))
    }
}

fn contains(list: &[String], word: &str) -> bool {
    list.iter().any(|one| one == word)
}

fn borrowed(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

pub(super) fn compile(sources: &[Source]) -> Result<Lexicon> {
    let normalizer = Normalizer::analysis();
    let joins = Joins::load()?;
    let aliases = sources.iter().map(|source| source.rows.len()).sum();
    let mut builder = Builder::with_capacity(aliases);
    let (mut text, mut tokens, mut variants) = (String::new(), Vec::new(), Vec::new());
    for source in sources {
        for (place, row) in source.rows.iter().enumerate() {
            cancel::step(place);
            text.clear();
            normalizer.append_to(&row.alias, &mut text);
            token::tokenize(&text, &mut tokens);
            if tokens.is_empty() {
                let message =
                    format!("nothing is left of the alias {:?} of {} once it is normalized", row.alias, row.id);
                return Err(Error::data(&source.path, row.line, message));
            }
            let entity = builder.entity(source, row)?;
            let words: Vec<&str> = tokens.iter().map(|token: &Token| token.word(&text)).collect();
            let candidate = Candidate { entity, needs: row.needs, own: source.rank > 0 };
            let listed = Listed { candidate, rank: source.rank };
            builder.insert(&words, listed);
            joins.variants(&words, &mut variants);
            for variant in &variants {
                builder.insert(&borrowed(variant), listed);
            }
        }
    }
    builder.finish(aliases)
}

/// A candidate with what orders it.
#[derive(Debug, Clone, Copy)]
struct Listed {
    candidate: Candidate,
    rank: u32,
}

#[derive(Default)]
struct Builder<'s> {
    entities: Vec<Entity>,
    types: Vec<String>,
    places: FxHashMap<&'s str, u32>,
    nodes: Vec<Node>,
    words: String,
    /// What the aliases stand for, by node, in the order of the rows.
    listed: Vec<(u32, Listed)>,
    first: FxHashMap<u64, u32>,
    edges: FxHashMap<(u32, u64), u32>,
}

impl<'s> Builder<'s> {
    fn with_capacity(aliases: usize) -> Self {
        Self { listed: Vec::with_capacity(aliases), ..Self::default() }
    }

    fn entity(&mut self, source: &Source, row: &'s Row) -> Result<u32> {
        let known = self.types.iter().position(|name| *name == row.kind);
        let kind = known.unwrap_or_else(|| {
            self.types.push(row.kind.clone());
            self.types.len() - 1
        });
        let kind = u16::try_from(kind).map_err(|_| Error::data(&source.path, row.line, "more than 65,535 types"))?;
        if let Some(&place) = self.places.get(&*row.id) {
            let entity = &self.entities[place as usize];
            if entity.kind != kind {
                let other = &self.types[usize::from(entity.kind)];
                let message = format!("{} is of type {} here and of type {other} before", row.id, row.kind);
                return Err(Error::data(&source.path, row.line, message));
            }
            return Ok(place);
        }
        let place = u32::try_from(self.entities.len())
            .map_err(|_| Error::data(&source.path, row.line, "more than 4,294,967,295 entities"))?;
        self.entities.push(Entity { id: row.id.as_str().into(), kind, name: row.alias.as_str().into() });
        self.places.insert(&row.id, place);
        Ok(place)
    }

    fn node(&mut self) -> u32 {
        self.nodes.push(Node::default());
        u32::try_from(self.nodes.len() - 1).expect("fewer nodes than letters of the lists")
    }

    fn insert(&mut self, words: &[&str], listed: Listed) {
        let mut node = u32::MAX;
        for (place, word) in words.iter().enumerate() {
            let hash = token::hash(word);
            let known = if place == 0 { self.first.get(&hash) } else { self.edges.get(&(node, hash)) };
            let next = match known {
                Some(&next) => next,
                None => {
                    let next = self.node();
                    if place == 0 {
                        self.first.insert(hash, next);
                    } else {
                        self.edges.insert((node, hash), next);
                        self.nodes[node as usize].leads_on = true;
                    }
                    next
                }
            };
            node = next;
        }
        let end = &mut self.nodes[node as usize];
        if end.words.is_empty() {
            let start = self.words.len();
            for (place, word) in words.iter().enumerate() {
                self.words.push_str(if place == 0 { "" } else { "\n" });
                self.words.push_str(word);
            }
            end.words = start..self.words.len();
        }
        self.listed.push((node, listed));
    }

    /// Gives each node its candidates in order: a user's before the built-in ones, then as `ambiguous.tsv` says.
    fn order(&mut self) -> Result<Vec<Candidate>> {
        let mut places: FxHashMap<String, Vec<&str>> = FxHashMap::default();
        for (alias, ids) in ambiguous()? {
            places.insert(Normalizer::analysis().normalize(alias).replace(' ', "\n"), ids);
        }
        self.listed.sort_by_key(|(node, _)| *node);
        let mut candidates = Vec::with_capacity(self.listed.len());
        let mut ranked: Vec<Listed> = Vec::new();
        for listed in self.listed.chunk_by(|one, other| one.0 == other.0) {
            ranked.clear();
            for (_, one) in listed {
                match ranked.iter_mut().find(|other| other.candidate.entity == one.candidate.entity) {
                    Some(Listed { candidate: other, .. }) => {
                        other.needs = other.needs.min(one.candidate.needs);
                        other.own |= one.candidate.own;
                    }
                    None => ranked.push(*one),
                }
            }
            let node = &mut self.nodes[listed[0].0 as usize];
            if ranked.len() > 1 {
                let ids = places.get(&self.words[node.words.clone()]);
                ranked.sort_by_key(|ranked| {
                    let id = &*self.entities[ranked.candidate.entity as usize].id;
                    let place = ids.and_then(|ids| ids.iter().position(|known| *known == id)).unwrap_or(usize::MAX);
                    (std::cmp::Reverse(ranked.rank), place, ranked.candidate.needs)
                });
            }
            let start = candidates.len() as u32;
            candidates.extend(ranked.iter().map(|ranked| ranked.candidate));
            node.candidates = start..candidates.len() as u32;
        }
        Ok(candidates)
    }

    fn finish(mut self, aliases: usize) -> Result<Lexicon> {
        let candidates = self.order()?;
        let mut filter = vec![0u64; 1 << (FILTER_BITS - 6)].into_boxed_slice();
        for hash in self.first.keys() {
            let (word, bit) = filter_place(*hash);
            filter[word] |= bit;
        }
        Ok(Lexicon {
            entities: self.entities,
            types: self.types,
            nodes: self.nodes,
            words: self.words,
            candidates,
            first: self.first,
            edges: self.edges,
            filter,
            aliases,
        })
    }
}

/// The word and bit of the filter for a hash.
#[inline]
pub(super) fn filter_place(hash: u64) -> (usize, u64) {
    let place = hash >> (64 - FILTER_BITS);
    ((place >> 6) as usize, 1 << (place & 63))
}
