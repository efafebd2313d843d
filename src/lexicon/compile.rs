//! From rows to the trie.
//!
//! Input: [`Source`]s. Output: [`Lexicon`]. Contract: aliases pass through the same normalizer and tokenizer as
//! text; an alias of several entities keeps them all, ordered by their source's rank, then by
//! `ambiguous.tsv`, then by what they need.

use rustc_hash::FxHashMap;

use super::rows::{Row, Source, ambiguous};
use super::{Candidate, Entity, Lexicon, Node};
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
    fn load(normalizer: &Normalizer) -> Result<Self> {
        let path = "entities/joins.toml";
        let mut joins: Joins = data::toml(path, data::file(path))?;
        for word in joins.first.iter_mut().chain(&mut joins.last) {
            *word = normalizer.normalize(word);
        }
        Ok(joins)
    }

    /// The other ways to write the words: joined where they are apart, apart where they are joined.
    fn variants(&self, words: &[String]) -> Vec<Vec<String>> {
        let mut variants = vec![words.to_vec()];
        variants.push(self.joined(words));
        variants.push(self.apart(words));
        variants.push(self.apart(&variants[1]));
        variants.sort();
        variants.dedup();
        variants
    }

    fn joined(&self, words: &[String]) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut joins_next = false;
        for word in words {
            match out.last_mut() {
                Some(last) if joins_next || self.last.contains(word) => last.push_str(word),
                _ => out.push(word.clone()),
            }
            joins_next = self.first.contains(word);
        }
        out
    }

    fn apart(&self, words: &[String]) -> Vec<String> {
        let enough = |rest: &str| rest.chars().nth(2).is_some();
        let mut out = Vec::new();
        for word in words {
            let first = self.first.iter().find(|first| word.strip_prefix(first.as_str()).is_some_and(enough));
            let last = self.last.iter().find(|last| word.strip_suffix(last.as_str()).is_some_and(enough));
            match (first, last) {
                (Some(first), _) => out.extend([first.clone(), word[first.len()..].to_owned()]),
                (None, Some(last)) => out.extend([word[..word.len() - last.len()].to_owned(), last.clone()]),
                (None, None) => out.push(word.clone()),
            }
        }
        out
    }
}

pub(super) fn compile(sources: &[Source]) -> Result<Lexicon> {
    let normalizer = Normalizer::profile("analysis")?;
    let joins = Joins::load(&normalizer)?;
    let mut builder = Builder::default();
    let mut tokens = Vec::new();
    for source in sources {
        for row in &source.rows {
            let words = words_of(&normalizer, row, &mut tokens);
            if words.is_empty() {
                let message =
                    format!("nothing is left of the alias {:?} of {} once it is normalized", row.alias, row.id);
                return Err(Error::data(&source.path, row.line, message));
            }
            let entity = builder.entity(source, row)?;
            for variant in joins.variants(&words) {
                builder.insert(&variant, entity, row, source.rank);
            }
        }
    }
    builder.order(&normalizer)?;
    Ok(builder.finish(sources.iter().map(|source| source.rows.len()).sum()))
}

fn words_of(normalizer: &Normalizer, row: &Row, tokens: &mut Vec<Token>) -> Vec<String> {
    let text = normalizer.normalize(&row.alias);
    token::tokenize(&text, tokens);
    tokens.iter().map(|token| token.word(&text).to_owned()).collect()
}

/// A candidate with what orders it.
#[derive(Debug, Clone, Copy)]
struct Ranked {
    candidate: Candidate,
    rank: u32,
}

#[derive(Default)]
struct Builder {
    entities: Vec<Entity>,
    types: Vec<String>,
    places: FxHashMap<String, u32>,
    nodes: Vec<Node>,
    ranked: Vec<Vec<Ranked>>,
    first: FxHashMap<u64, u32>,
    edges: FxHashMap<(u32, u64), u32>,
}

impl Builder {
    fn entity(&mut self, source: &Source, row: &Row) -> Result<u32> {
        let known = self.types.iter().position(|name| *name == row.kind);
        let kind = known.unwrap_or_else(|| {
            self.types.push(row.kind.clone());
            self.types.len() - 1
        });
        let kind = u16::try_from(kind).map_err(|_| Error::data(&source.path, row.line, "more than 65,535 types"))?;
        if let Some(&place) = self.places.get(&row.id) {
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
        self.places.insert(row.id.clone(), place);
        Ok(place)
    }

    fn node(&mut self) -> u32 {
        self.nodes.push(Node::default());
        self.ranked.push(Vec::new());
        u32::try_from(self.nodes.len() - 1).expect("fewer nodes than letters of the lists")
    }

    fn insert(&mut self, words: &[String], entity: u32, row: &Row, rank: u32) {
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
        end.words = words.join("\n").into();
        let ranked = &mut self.ranked[node as usize];
        match ranked.iter_mut().find(|other| other.candidate.entity == entity) {
            Some(other) => {
                other.candidate.needs = other.candidate.needs.min(row.needs);
                other.candidate.own |= rank > 0;
            }
            None => ranked.push(Ranked { candidate: Candidate { entity, needs: row.needs, own: rank > 0 }, rank }),
        }
    }

    /// Puts the candidates of each alias in order: a user's before the built-in ones, then as `ambiguous.tsv` says.
    fn order(&mut self, normalizer: &Normalizer) -> Result<()> {
        let mut places: FxHashMap<String, Vec<&str>> = FxHashMap::default();
        for (alias, ids) in ambiguous()? {
            places.insert(normalizer.normalize(alias).replace(' ', "\n"), ids);
        }
        for (node, ranked) in self.nodes.iter_mut().zip(&mut self.ranked) {
            let listed = places.get(&*node.words);
            ranked.sort_by_key(|ranked| {
                let id = &*self.entities[ranked.candidate.entity as usize].id;
                let place = listed.and_then(|ids| ids.iter().position(|known| *known == id)).unwrap_or(usize::MAX);
                (std::cmp::Reverse(ranked.rank), place, ranked.candidate.needs)
            });
            node.candidates = ranked.iter().map(|ranked| ranked.candidate).collect();
        }
        Ok(())
    }

    fn finish(self, aliases: usize) -> Lexicon {
        let mut filter = vec![0u64; 1 << (FILTER_BITS - 6)].into_boxed_slice();
        for hash in self.first.keys() {
            let (word, bit) = filter_place(*hash);
            filter[word] |= bit;
        }
        Lexicon {
            entities: self.entities,
            types: self.types,
            nodes: self.nodes,
            first: self.first,
            edges: self.edges,
            filter,
            aliases,
        }
    }
}

/// The word and bit of the filter for a hash.
#[inline]
pub(super) fn filter_place(hash: u64) -> (usize, u64) {
    let place = hash >> (64 - FILTER_BITS);
    ((place >> 6) as usize, 1 << (place & 63))
}
