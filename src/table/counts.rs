//! Counting what was found.
//!
//! Input: [`Facts`], which document names which entity in which sentence and which days. Output: tables of counts,
//! pairs and days. Contract: a count of mentions adds up to the rows of `mentions`, a count of documents to their
//! distinct documents; order never depends on threads or hashing.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int32Type};
use arrow_array::{Array, RecordBatch};
use rustc_hash::FxHashMap;

use super::builder::Builder;
use super::columns::{Counts, DocumentCounts, Pairs, PeriodCounts, Timeline};
use super::rows::{CountRow, PairRow, TimelineRow};
use crate::calendar::Day;
use crate::cancel;
use crate::error::{Error, Result};
use crate::lexicon::Lexicon;
use crate::mention::Who;

/// The entities of a run: those of the lexicon, and after them those that texts name.
#[derive(Debug, Clone, Default)]
pub struct Names {
    rows: Vec<Named>,
    places: FxHashMap<Box<str>, u32>,
}

/// An entity that no lexicon lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Identifier.
    pub id: Box<str>,
    /// Display name: the first that stood in the run.
    pub name: Box<str>,
    /// Type.
    pub kind: Box<str>,
}

impl Names {
    /// The place of an entity, which is added if it is new.
    pub fn place(&mut self, id: &str, name: &str, kind: &str) -> u32 {
        if let Some(place) = self.places.get(id) {
            return *place;
        }
        let place = u32::try_from(self.rows.len()).expect("fewer than 4,294,967,296 names in memory");
        self.rows.push(Named { id: id.into(), name: name.into(), kind: kind.into() });
        self.places.insert(id.into(), place);
        place
    }

    /// The entities, by place.
    pub fn rows(&self) -> &[Named] {
        &self.rows
    }

    /// The places here of the entities of `more`, in their order.
    fn adopt(&mut self, more: &Names) -> Vec<u32> {
        more.rows.iter().map(|row| self.place(&row.id, &row.name, &row.kind)).collect()
    }
}

/// What entities' numbers stand for.
#[derive(Clone, Copy)]
struct Entities<'a> {
    lexicon: &'a Lexicon,
    names: &'a Names,
}

impl<'a> Entities<'a> {
    fn id(self, who: Who) -> &'a str {
        match who {
            Who::Listed(entity) => &self.lexicon.entities()[entity as usize].id,
            Who::Named(name) => &self.names.rows[name as usize].id,
        }
    }

    fn name(self, who: Who) -> &'a str {
        match who {
            Who::Listed(entity) => &self.lexicon.entities()[entity as usize].name,
            Who::Named(name) => &self.names.rows[name as usize].name,
        }
    }

    fn kind(self, who: Who) -> &'a str {
        match who {
            Who::Listed(entity) => &self.lexicon.types()[usize::from(self.lexicon.entities()[entity as usize].kind)],
            Who::Named(name) => &self.names.rows[name as usize].kind,
        }
    }
}

/// One mention, as counting needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Index into [`Facts::documents`].
    pub doc: u32,
    /// The sentence, counted from 0 in its document.
    pub sentence: u32,
    /// The entity; names are those of [`Facts::names`].
    pub who: Who,
}

/// What a run found, as counting needs it.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Each document's id and day.
    pub documents: Vec<(Box<str>, Option<Day>)>,
    /// The mentions, in order.
    pub mentions: Vec<Fact>,
    /// The document and first day of every resolved date.
    pub days: Vec<(u32, Day)>,
    /// The entities that no lexicon lists.
    pub names: Names,
}

impl Facts {
    /// The facts that count, read off the tables of a run: all but sentences and the days named in the texts.
    pub fn of_tables(documents: &[RecordBatch], mentions: &[RecordBatch]) -> Result<Self> {
        let column = |batch: &RecordBatch, name: &str| {
            let found = batch.column_by_name(name).map(Arc::clone);
            found.ok_or_else(|| Error::option("tables", format!("no column {name:?}"), "tables of a run are due"))
        };
        let mut facts = Self::default();
        let mut left = Vec::new();
        for batch in documents {
            let (ids, days) = (column(batch, "doc")?, column(batch, "published")?);
            let (ids, days) = (ids.as_string::<i32>(), days.as_primitive::<Date32Type>());
            for row in 0..batch.num_rows() {
                facts
                    .documents
                    .push((ids.value(row).into(), days.is_valid(row).then(|| Day::from_days(days.value(row)))));
            }
            left.extend(column(batch, "mentions")?.as_primitive::<Int32Type>().values());
        }
        // Documents may share an id: the number of their mentions says whose each row is.
        let mut doc = 0;
        for batch in mentions {
            let columns = [column(batch, "entity_id")?, column(batch, "name")?, column(batch, "type")?];
            let [ids, names, kinds] = [0, 1, 2].map(|place| columns[place].as_string::<i32>());
            for row in 0..batch.num_rows() {
                while left.get(doc) == Some(&0) {
                    doc += 1;
                }
                let Some(left) = left.get_mut(doc) else {
                    return Err(Error::option(
                        "tables",
                        "more mentions than documents have",
                        "tables of a run are due",
                    ));
                };
                *left -= 1;
                let who = Who::Named(facts.names.place(ids.value(row), names.value(row), kinds.value(row)));
                facts.mentions.push(Fact { doc: doc as u32, sentence: 0, who });
            }
        }
        Ok(facts)
    }

    /// Adds the facts of further documents.
    pub fn append(&mut self, mut more: Facts) {
        let base = u32::try_from(self.documents.len()).expect("fewer than 4,294,967,296 documents in memory");
        self.documents.append(&mut more.documents);
        let places = self.names.adopt(&more.names);
        self.mentions.extend(more.mentions.into_iter().map(|fact| {
            let who = adopted(fact.who, &places);
            Fact { doc: fact.doc + base, who, ..fact }
        }));
        self.days.extend(more.days.into_iter().map(|(doc, day)| (doc + base, day)));
    }
}

fn adopted(who: Who, places: &[u32]) -> Who {
    match who {
        Who::Listed(_) => who,
        Who::Named(name) => Who::Named(places[name as usize]),
    }
}

/// A length of time that documents are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A day.
    Day,
    /// A week from Monday.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Period {
    const NAMES: [(&'static str, Period); 4] =
        [("day", Period::Day), ("week", Period::Week), ("month", Period::Month), ("year", Period::Year)];

    /// The period with this name; `argument` is named in the error.
    pub fn parse(argument: &str, name: &str) -> Result<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, period)| *period);
        found.ok_or_else(|| {
            Error::option(argument, format!("{name:?}"), "\"day\", \"week\", \"month\" or \"year\" is due".to_owned())
        })
    }

    /// The first day of the period that holds `day`.
    pub fn start(self, day: Day) -> Day {
        match self {
            Period::Day => day,
            Period::Week => day.add(1 - day.weekday() as i32),
            Period::Month => Day::new(day.year(), day.month(), 1).unwrap_or(day),
            Period::Year => Day::new(day.year(), 1, 1).unwrap_or(day),
        }
    }
}

/// What counts are by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Nothing: one row an entity.
    Everything,
    /// The entity's type.
    Type,
    /// The document.
    Document,
    /// The document's day.
    Period(Period),
}

impl By {
    /// What this name in Python means.
    pub fn parse(name: Option<&str>) -> Result<Self> {
        match name {
            None => Ok(By::Everything),
            Some("type") => Ok(By::Type),
            Some("document") => Ok(By::Document),
            Some(name) => Period::parse("by", name).map(By::Period).map_err(|_| {
                let accepted = "None, \"type\", \"document\", \"day\", \"week\", \"month\" or \"year\" is due";
                Error::option("by", format!("{name:?}"), accepted)
            }),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Tally {
    mentions: i64,
    documents: i64,
    last_doc: u64,
    first_seen: Option<i32>,
    last_seen: Option<i32>,
}

/// Counts mentions of one batch of documents after another; holds one row an entity and group.
#[derive(Debug, Clone)]
pub struct Counter {
    by: By,
    tallies: FxHashMap<(i64, Who), Tally>,
    names: Names,
    /// The types, in the order in which they were met.
    kinds: Vec<Box<str>>,
    documents: u64,
    ids: Vec<Box<str>>,
}

/// The group of documents without a day: after every period.
const UNDATED: i64 = i64::MAX;

impl Counter {
    /// A counter that has seen nothing.
    pub fn new(by: By) -> Self {
        Self {
            by,
            tallies: FxHashMap::default(),
            names: Names::default(),
            kinds: Vec::new(),
            documents: 0,
            ids: Vec::new(),
        }
    }

    /// Counts further documents.
    pub fn add(&mut self, facts: &Facts, lexicon: &Lexicon) {
        let places = self.names.adopt(&facts.names);
        for (place, fact) in facts.mentions.iter().enumerate() {
            cancel::step(place);
            let who = adopted(fact.who, &places);
            let day = facts.documents[fact.doc as usize].1;
            let doc = self.documents + u64::from(fact.doc);
            let group = match self.by {
                By::Everything => 0,
                By::Type => {
                    let kind = Entities { lexicon, names: &self.names }.kind(who);
                    let known = self.kinds.iter().position(|known| **known == *kind);
                    known.unwrap_or_else(|| {
                        self.kinds.push(kind.into());
                        self.kinds.len() - 1
                    }) as i64
                }
                By::Document => doc as i64,
                By::Period(period) => day.map_or(UNDATED, |day| i64::from(period.start(day).days_since_epoch())),
            };
            let tally = self.tallies.entry((group, who)).or_insert(Tally {
                mentions: 0,
                documents: 0,
                last_doc: u64::MAX,
                first_seen: None,
                last_seen: None,
            });
            tally.mentions += 1;
            if tally.last_doc != doc {
                tally.last_doc = doc;
                tally.documents += 1;
            }
            if let Some(day) = day.map(Day::days_since_epoch) {
                tally.first_seen = Some(tally.first_seen.map_or(day, |seen| seen.min(day)));
                tally.last_seen = Some(tally.last_seen.map_or(day, |seen| seen.max(day)));
            }
        }
        self.documents += facts.documents.len() as u64;
        if self.by == By::Document {
            self.ids.extend(facts.documents.iter().map(|(id, _)| id.clone()));
        }
    }

    /// The counts, the most named first within each group. `top` keeps so many entities: of the whole run where
    /// counts are by period (so that each keeps all its periods), of each group otherwise.
    pub fn finish(self, lexicon: &Lexicon, top: Option<usize>) -> RecordBatch {
        let entities = Entities { lexicon, names: &self.names };
        let kinds = &self.kinds;
        let mut rows: Vec<((i64, Who), Tally)> = self.tallies.into_iter().collect();
        let id = |who: Who| entities.id(who);
        rows.sort_unstable_by(|((group, entity), tally), ((other_group, other), other_tally)| {
            let by_group = match self.by {
                By::Type => kinds[*group as usize].cmp(&kinds[*other_group as usize]),
                _ => group.cmp(other_group),
            };
            by_group.then(other_tally.mentions.cmp(&tally.mentions)).then_with(|| id(*entity).cmp(id(*other)))
        });
        if let Some(top) = top {
            match self.by {
                By::Period(_) => {
                    let kept = most_named(&rows, top, &id);
                    rows.retain(|((_, entity), _)| kept.contains_key(entity));
                }
                _ => {
                    let mut group = (i64::MIN, 0);
                    rows.retain(|((of, _), _)| {
                        group = if group.0 == *of { (*of, group.1 + 1) } else { (*of, 1) };
                        group.1 <= top
                    });
                }
            }
        }
        let row = |((group, who), tally): &((i64, Who), Tally)| CountRow {
            doc: if self.by == By::Document { &self.ids[*group as usize] } else { "" },
            period: i32::try_from(*group).ok(),
            entity_id: entities.id(*who),
            name: entities.name(*who),
            kind: entities.kind(*who),
            mentions: tally.mentions,
            documents: tally.documents,
            first_seen: tally.first_seen,
            last_seen: tally.last_seen,
        };
        macro_rules! build {
            ($table:ty) => {{
                let mut builder = Builder::<$table>::default();
                rows.iter().for_each(|found| builder.push(&row(found)));
                builder.finish()
            }};
        }
        match self.by {
            By::Everything | By::Type => build!(Counts),
            By::Document => build!(DocumentCounts),
            By::Period(_) => build!(PeriodCounts),
        }
    }
}

/// The `top` entities with the most mentions over all groups.
fn most_named<'e>(rows: &[((i64, Who), Tally)], top: usize, id: &impl Fn(Who) -> &'e str) -> FxHashMap<Who, i64> {
    let mut totals: FxHashMap<Who, i64> = FxHashMap::default();
    for ((_, entity), tally) in rows {
        *totals.entry(*entity).or_default() += tally.mentions;
    }
    let mut order: Vec<(Who, i64)> = totals.into_iter().collect();
    order.sort_unstable_by(|(entity, total), (other, more)| more.cmp(total).then_with(|| id(*entity).cmp(id(*other))));
    order.truncate(top);
    order.into_iter().collect()
}

/// Where two entities must be named to count as named together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// In one document.
    Document,
    /// In one sentence.
    Sentence,
}

impl Within {
    /// What this name in Python means.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "document" => Ok(Within::Document),
            "sentence" => Ok(Within::Sentence),
            _ => Err(Error::option("within", format!("{name:?}"), "\"document\" or \"sentence\" is due")),
        }
    }
}

/// Pairs of entities by how many documents or sentences name both, the most first.
pub fn cooccurrence(facts: &Facts, lexicon: &Lexicon, within: Within, top: Option<usize>) -> RecordBatch {
    let entities = Entities { lexicon, names: &facts.names };
    let mut pairs: FxHashMap<(Who, Who), i64> = FxHashMap::default();
    let same = |a: &Fact, b: &Fact| a.doc == b.doc && (within == Within::Document || a.sentence == b.sentence);
    for group in facts.mentions.chunk_by(same) {
        cancel::point();
        let mut named: Vec<Who> = group.iter().map(|fact| fact.who).collect();
        named.sort_unstable_by_key(|who| entities.id(*who));
        named.dedup();
        for (place, &who) in named.iter().enumerate() {
            for &other in &named[place + 1..] {
                *pairs.entry((who, other)).or_default() += 1;
            }
        }
    }
    let mut rows: Vec<((Who, Who), i64)> = pairs.into_iter().collect();
    rows.sort_unstable_by(|((a, b), count), ((c, d), more)| {
        let ids = |one: Who, other: Who| (entities.id(one), entities.id(other));
        more.cmp(count).then_with(|| ids(*a, *b).cmp(&ids(*c, *d)))
    });
    rows.truncate(top.unwrap_or(usize::MAX));
    let mut builder = Builder::<Pairs>::default();
    for ((one, other), together) in rows {
        builder.push(&PairRow {
            entity_id: entities.id(one),
            name: entities.name(one),
            other_id: entities.id(other),
            other_name: entities.name(other),
            together,
        });
    }
    builder.finish()
}

/// The days named in the texts, by period and document.
pub fn timeline(facts: &Facts, period: Period) -> RecordBatch {
    let mut counts: FxHashMap<(i32, u32), i64> = FxHashMap::default();
    for (doc, day) in &facts.days {
        *counts.entry((period.start(*day).days_since_epoch(), *doc)).or_default() += 1;
    }
    let mut rows: Vec<((i32, u32), i64)> = counts.into_iter().collect();
    rows.sort_unstable();
    let mut builder = Builder::<Timeline>::default();
    for ((period, doc), dates) in rows {
        builder.push(&TimelineRow { period, doc: &facts.documents[doc as usize].0, dates });
    }
    builder.finish()
}
