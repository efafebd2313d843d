//! Names that someone listed, found as whole words.
//!
//! Input: rows of id, type, what the alias needs, alias (files under `data/entities/`, a user's file or rows).
//! Output: [`Lexicon::hits`], every alias that stands in a text. Contract: an alias is found wherever its words
//! stand in order as whole words, the first one possibly behind proclitics, and nowhere inside a word.
//! The trie is keyed on word hashes, which the tokenizer has made; a hit is compared letter by letter before it
//! counts, so a collision of hashes cannot make a name. Built-in lists and a user's go through the same loader.

mod compile;
mod lookup;
mod rows;

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use rustc_hash::{FxHashMap, FxHashSet};

pub use lookup::Hit;
pub use rows::{Needs, Row, Source};

use crate::data;
use crate::error::Result;
use crate::token::{self, clitic::Clitics};

/// An entity that a lexicon defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Stable identifier ("NATO", "IRQ").
    pub id: Box<str>,
    /// Index into [`Lexicon::types`].
    pub kind: u16,
    /// Display name: the first alias listed.
    pub name: Box<str>,
}

/// What an alias may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Index into [`Lexicon::entities`].
    pub entity: u32,
    /// What the alias needs before it counts as a mention.
    pub needs: Needs,
    /// True if the caller's own lexicon lists it.
    pub own: bool,
}

/// Compiled names.
#[derive(Debug)]
pub struct Lexicon {
    entities: Vec<Entity>,
    types: Vec<String>,
    nodes: Vec<Node>,
    /// The letters of all aliases, one after another.
    words: String,
    /// What all aliases may stand for, one after another.
    candidates: Vec<Candidate>,
    first: FxHashMap<u64, u32>,
    edges: FxHashMap<(u32, u64), u32>,
    filter: Box<[u64]>,
    aliases: usize,
}

/// The end of an alias, or a place on the way to one.
#[derive(Debug, Default)]
struct Node {
    /// Where the alias's normalized words stand, joined by line feeds; empty where none ends here.
    words: Range<usize>,
    /// Where its candidates stand, the likeliest first.
    candidates: Range<u32>,
    leads_on: bool,
}

/// The class above which a word is too common to be known for a given name; "محمد" is of this one.
const COMMON: u8 = 19;

static BUILTIN: LazyLock<Arc<Lexicon>> = LazyLock::new(|| Arc::new(data::builtin(|| Lexicon::new(&rows::builtin()?))));

impl Lexicon {
    /// The lists that the package ships.
    pub fn builtin() -> Arc<Lexicon> {
        Arc::clone(&BUILTIN)
    }

    /// Compiles sources: an alias of one of higher rank goes before the same alias of one of lower rank.
    pub fn new(sources: &[Source]) -> Result<Self> {
        compile::compile(sources)
    }

    /// The built-in lists with more sources on top of them.
    pub fn extended(more: Vec<Source>, builtin: bool) -> Result<Arc<Self>> {
        if more.is_empty() && builtin {
            return Ok(Self::builtin());
        }
        let mut sources = if builtin { rows::builtin()? } else { Vec::new() };
        sources.extend(more);
        Ok(Arc::new(Self::new(&sources)?))
    }

    /// The built-in lists as they are read, for tests and tools.
    pub fn builtin_sources() -> Result<Vec<Source>> {
        rows::builtin()
    }

    /// The entities, in the order of the sources.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// The names of the types ("PER", "ORG", "LOC", a user's own).
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// How many aliases there are, spelling variants not counted.
    pub fn len(&self) -> usize {
        self.aliases
    }

    /// True if there is no alias.
    pub fn is_empty(&self) -> bool {
        self.aliases == 0
    }

    /// Hashes of the words that begin the full names of at least two entities of a type: of persons, given names.
    /// Very common words are left out, and words that may be another behind a proclitic: they tell nothing.
    pub fn openings(&self, kind: &str) -> FxHashSet<u64> {
        let mut seen: FxHashMap<u64, (u32, bool)> = FxHashMap::default();
        let mut openings = FxHashSet::default();
        let clitics = Clitics::builtin();
        for node in &self.nodes {
            let Some((first, _)) = self.words[node.words.clone()].split_once('\n') else { continue };
            let full = self.candidates_of(node).iter().find(|candidate| {
                let entity = &self.entities[candidate.entity as usize];
                candidate.needs == Needs::Nothing && self.types[usize::from(entity.kind)] == kind
            });
            let Some(full) = full else { continue };
            let word = token::hash(first);
            let (entity, judged) = seen.entry(word).or_insert((full.entity, false));
            if *entity == full.entity || *judged {
                continue;
            }
            *judged = true;
            let tells = clitics.class(word).is_none_or(|class| class <= COMMON);
            if tells && clitics.proclitics(first).is_empty() {
                openings.insert(word);
            }
        }
        openings
    }

    /// What the hit's alias may stand for, the likeliest first.
    pub fn candidates(&self, hit: &Hit) -> &[Candidate] {
        self.candidates_of(&self.nodes[hit.node as usize])
    }

    fn candidates_of(&self, node: &Node) -> &[Candidate] {
        &self.candidates[node.candidates.start as usize..node.candidates.end as usize]
    }
}
