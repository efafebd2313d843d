//! Documents in, tables out: all stages, in parallel over documents.
//!
//! Input: [`Documents`], borrowed columns. Output: [`Findings`], record batches in input order. Contract: the same
//! rows for any number of threads and any way of cutting the input into batches; any text gives a result.

pub mod column;
pub mod pool;
pub mod sample;

use arrow_array::RecordBatch;

use crate::calendar::Day;
use crate::date::{self, DateMention, Dates, DocumentDay, Expression};
use crate::documents::Documents;
use crate::error::Result;
use crate::lexicon::Lexicon;
use crate::mention::{self, Finder, Mention, Reason, Who};
use crate::normalize::{Normalized, Normalizer};
use crate::span::{CodePoints, NormSpan, SourceSpan};
use crate::table::columns::{self, Table as _};
use crate::table::counts::{Fact, Facts};
use crate::table::rows::{DateRow, DocumentRow, MentionRow};
use crate::table::{Builder, builder};
use crate::tagger;
use crate::token::{self, Token, sentence};
use pool::{Pool, soon};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut, Range};
use std::sync::{Arc, Mutex};

/// Finds names and dates in texts.
#[derive(Debug)]
pub struct Analyzer {
    normalizer: &'static Normalizer,
    finder: Finder,
    dates: &'static Dates,
    pool: Pool,
    /// Memory that no thread uses at the moment.
    idle: Mutex<Vec<Scratch>>,
}

/// An analyzer's memory, given back when it is dropped: it keeps what was worked out for words.
#[derive(Debug)]
pub struct Lent<'a> {
    scratch: Scratch,
    idle: &'a Mutex<Vec<Scratch>>,
}

impl Lent<'_> {
    /// Begins anew after work that was called off, which leaves its memory as it was at that place.
    pub fn forget(&mut self) {
        self.scratch = Scratch::default();
    }
}

impl Deref for Lent<'_> {
    type Target = Scratch;

    fn deref(&self) -> &Scratch {
        &self.scratch
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Scratch {
        &mut self.scratch
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let scratch = std::mem::take(&mut self.scratch);
        if let Some(mut idle) = soon(self.idle) {
            idle.push(scratch);
        }
    }
}

/// A text with what was found in it.
#[derive(Debug, Default)]
pub struct Scratch {
    normalized: Normalized,
    tokens: Vec<Token>,
    sentences: Vec<u32>,
    entities: mention::Scratch,
    mentions: Vec<Mention>,
    grammar: date::Scratch,
    expressions: Vec<Expression>,
    dates: Vec<DateMention>,
}

impl Scratch {
    /// Of findings that lie in one indivisible part of the source ("\u{FDFB}", which is written as two words), keeps
    /// the first.
    fn keep_apart(&mut self, source: &str) {
        let normalized = &self.normalized;
        let apart = |end: &mut usize, span: NormSpan| {
            let span = normalized.to_source(source, span);
            let is_apart = *end <= span.start;
            *end = if is_apart { span.end } else { *end };
            is_apart
        };
        let mut end = 0;
        self.mentions.retain(|mention| apart(&mut end, mention.span));
        end = 0;
        self.expressions.retain(|date| apart(&mut end, date.span));
    }
}

/// What was found in one text; spans are of the source.
#[derive(Debug)]
pub struct Found<'s> {
    scratch: &'s Scratch,
    lexicon: &'s Lexicon,
    source: &'s str,
    /// The document's day, and what was odd about it.
    pub day: DocumentDay,
}

impl<'s> Found<'s> {
    /// How many tokens the text has.
    pub fn tokens(&self) -> usize {
        self.scratch.tokens.len()
    }

    /// The mentions, in order, with their places in the source and their sentences.
    pub fn mentions(&self) -> impl Iterator<Item = (&'s Mention, SourceSpan, u32)> + '_ {
        self.scratch.mentions.iter().map(|mention| {
            let span = self.scratch.normalized.to_source(self.source, mention.span);
            (mention, span, self.scratch.sentences[mention.token as usize])
        })
    }

    /// Whom a mention names.
    pub fn entity(&self, mention: &Mention) -> Entity<'s> {
        match mention.who {
            Who::Listed(entity) => {
                let entity = &self.lexicon.entities()[entity as usize];
                let kind = &self.lexicon.types()[usize::from(entity.kind)];
                Entity { id: &entity.id, name: &entity.name, kind }
            }
            Who::Named(name) => {
                let name = &self.scratch.entities.names()[name as usize];
                let span = self.scratch.normalized.to_source(self.source, name.span);
                Entity { id: &name.id, name: span.of(self.source), kind: tagger::TYPES[name.kind] }
            }
        }
    }

    /// The date expressions, in order, with their places in the source.
    pub fn dates(&self) -> impl Iterator<Item = (&'s DateMention, SourceSpan)> + '_ {
        self.scratch.dates.iter().map(|date| (date, self.scratch.normalized.to_source(self.source, date.span)))
    }
}

/// An entity that a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entity<'s> {
    /// Identifier: the lexicon's, or the type and the normalized name.
    pub id: &'s str,
    /// Display name: the lexicon's, or the fullest in the text.
    pub name: &'s str,
    /// Type.
    pub kind: &'s str,
}

/// Tables of one batch of documents, and the facts for counting.
#[derive(Debug, Default)]
pub struct Findings {
    /// The table `documents`.
    pub documents: Vec<RecordBatch>,
    /// The table `mentions`.
    pub mentions: Vec<RecordBatch>,
    /// The table `dates`.
    pub dates: Vec<RecordBatch>,
    /// For counts.
    pub facts: Facts,
}

impl Findings {
    /// Adds the findings of further documents.
    pub fn append(&mut self, more: Findings) {
        self.documents.extend(more.documents);
        self.mentions.extend(more.mentions);
        self.dates.extend(more.dates);
        self.facts.append(more.facts);
    }
}

/// Text of one piece of work for a thread.
const PIECE: usize = 1 << 17;

impl Analyzer {
    /// An analyzer with `threads` threads of its own; none means one a core.
    pub fn new(finder: Finder, threads: Option<usize>) -> Result<Self> {
        Ok(Self {
            normalizer: Normalizer::analysis(),
            finder,
            dates: Dates::builtin(),
            pool: Pool::new(threads)?,
            idle: Mutex::default(),
        })
    }

    /// The lexicon it reads.
    pub fn lexicon(&self) -> &Arc<Lexicon> {
        self.finder.lexicon()
    }

    /// Memory to analyze texts in.
    pub fn scratch(&self) -> Lent<'_> {
        let idle = soon(&self.idle).and_then(|mut idle| idle.pop());
        Lent { scratch: idle.unwrap_or_default(), idle: &self.idle }
    }

    /// What one text holds, in memory that is used again.
    pub fn analyze<'s>(&'s self, text: &'s str, published: Option<Day>, scratch: &'s mut Scratch) -> Found<'s> {
        self.normalizer.align_into(text, &mut scratch.normalized);
        let normalized = &scratch.normalized.text;
        token::tokenize(normalized, &mut scratch.tokens);
        sentence::number(normalized, &scratch.tokens, &mut scratch.sentences);
        scratch.expressions.clear();
        scratch.dates.clear();
        self.dates.find(normalized, &scratch.tokens, &mut scratch.grammar, &mut scratch.expressions);
        let dates = scratch.expressions.iter().map(|date| date.span);
        let (tokens, sentences, found) = (&scratch.tokens, &scratch.sentences, &mut scratch.mentions);
        self.finder.find(normalized, tokens, sentences, dates, &mut scratch.entities, found);
        if scratch.normalized.map.has_replacements() {
            scratch.keep_apart(text);
        }
        let normalized = &scratch.normalized.text;
        let day = self.dates.document_day(normalized, &scratch.tokens, &scratch.expressions, published);
        self.dates.resolve(&scratch.expressions, &day, &mut scratch.dates);
        Found { scratch, lexicon: self.finder.lexicon(), source: text, day }
    }

    /// Why what was just found in a text is there, and why other names are not: the reasons with their places in it.
    pub fn explain(&self, text: &str, scratch: &Scratch) -> Vec<(Reason, SourceSpan)> {
        let normalized = &scratch.normalized.text;
        let (tokens, sentences) = (&scratch.tokens, &scratch.sentences);
        let reasons = self.finder.explain(normalized, tokens, sentences, &scratch.entities, &scratch.mentions);
        let placed = |reason: Reason| {
            let span = scratch.normalized.to_source(text, reason.span);
            (reason, span)
        };
        reasons.into_iter().map(placed).collect()
    }

    /// Adds what many texts hold to `findings`, in order, so that they are whole documents also where the work is
    /// called off. `first` is the number of the first document in the run. Tells after every piece of work, on the
    /// calling thread, the number of documents done.
    pub fn analyze_documents(
        &self,
        documents: &Documents<'_>,
        first: usize,
        findings: &mut Findings,
        mut tell: impl FnMut(usize),
    ) {
        let pieces = documents.pieces(PIECE);
        let analyze =
            |scratch: &mut Lent<'_>, place: usize| self.analyze_piece(documents, pieces[place].clone(), first, scratch);
        let (mut waiting, mut next, mut done) = (BTreeMap::new(), 0, 0);
        let keep = |place: usize, found: Findings| {
            done += found.facts.documents.len();
            waiting.insert(place, found);
            while let Some(found) = waiting.remove(&next) {
                findings.append(found);
                next += 1;
            }
            tell(done);
        };
        self.pool.each(&largest_first(documents, &pieces), || self.scratch(), analyze, keep);
    }

    /// How many threads work at once.
    pub fn threads(&self) -> usize {
        self.pool.threads()
    }

    fn analyze_piece(
        &self,
        documents: &Documents<'_>,
        piece: Range<usize>,
        first: usize,
        scratch: &mut Scratch,
    ) -> Findings {
        let mut rows = Builder::<columns::Documents>::default();
        let mut mentions = Builder::<columns::Mentions>::default();
        let mut dates = Builder::<columns::Dates>::default();
        let mut facts = Facts::default();
        for place in piece {
            let text = documents.texts[place].unwrap_or_default();
            let given = documents.published.get(place).copied().flatten();
            let number = (first + place).to_string();
            let id = documents.ids.get(place).and_then(Option::as_deref).unwrap_or(&number);
            let found = self.analyze(text, given, scratch);
            let doc = facts.documents.len() as u32;
            let mut points = CodePoints::new(text);
            for (mention, span, sentence) in found.mentions() {
                let entity = found.entity(mention);
                mentions.push(&MentionRow {
                    doc: id,
                    start: points.at(span.start) as i64,
                    end: points.at(span.end) as i64,
                    text: span.of(text),
                    kind: entity.kind,
                    entity_id: entity.id,
                    name: entity.name,
                    source: mention.source.name(),
                    score: mention.score,
                });
                let who = match mention.who {
                    Who::Listed(_) => mention.who,
                    Who::Named(_) => Who::Named(facts.names.place(entity.id, entity.name, entity.kind)),
                };
                facts.mentions.push(Fact { doc, sentence, who });
            }
            let mut points = CodePoints::new(text);
            for (date, span) in found.dates() {
                dates.push(&DateRow {
                    doc: id,
                    start: points.at(span.start) as i64,
                    end: points.at(span.end) as i64,
                    text: span.of(text),
                    kind: date.kind.name(),
                    value: date.value.as_deref(),
                    first_day: date.first_day.map(Day::days_since_epoch),
                    last_day: date.last_day.map(Day::days_since_epoch),
                    grain: date.grain.name(),
                    calendar: date.calendar.name(),
                    modifier: date.modifier.map(|modifier| modifier.name()),
                });
                if let Some(day) = date.first_day.filter(|_| date.kind == crate::date::Kind::Date) {
                    facts.days.push((doc, day));
                }
            }
            let warnings: Vec<&str> = found.day.warnings.iter().map(|warning| warning.name()).collect();
            let warnings = warnings.join(",");
            rows.push(&DocumentRow {
                doc: id,
                published: found.day.published.map(Day::days_since_epoch),
                published_source: found.day.source.map(|source| source.name()),
                characters: points.at(text.len()) as i64,
                tokens: found.tokens() as i64,
                mentions: found.scratch.mentions.len() as i32,
                dates: found.scratch.dates.len() as i32,
                warnings: (!warnings.is_empty()).then_some(&warnings),
            });
            facts.documents.push((id.into(), found.day.published));
        }
        let batch = |batch: RecordBatch| if batch.num_rows() == 0 { Vec::new() } else { vec![batch] };
        Findings {
            documents: batch(rows.finish()),
            mentions: batch(mentions.finish()),
            dates: batch(dates.finish()),
            facts,
        }
    }
}

/// The order in which pieces are begun: a long document first, so that at the end no thread waits for it alone.
fn largest_first(documents: &Documents<'_>, pieces: &[Range<usize>]) -> Vec<usize> {
    let size = |piece: &Range<usize>| documents.texts[piece.clone()].iter().flatten().map(|text| text.len()).sum();
    let sizes: Vec<usize> = pieces.iter().map(size).collect();
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_key(|&place| std::cmp::Reverse(if sizes[place] > 2 * PIECE { sizes[place] } else { 0 }));
    order
}

/// The schema of a findings table by its name.
pub fn schema(table: &str) -> Option<arrow_schema::SchemaRef> {
    match table {
        columns::Documents::NAME => Some(builder::schema::<columns::Documents>()),
        columns::Mentions::NAME => Some(builder::schema::<columns::Mentions>()),
        columns::Dates::NAME => Some(builder::schema::<columns::Dates>()),
        columns::Counts::NAME => Some(builder::schema::<columns::Counts>()),
        _ => None,
    }
}
