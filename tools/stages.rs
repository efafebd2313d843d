//! The stages one by one, each made ready to read a sample once, for what counts instructions and what takes times.

use std::error::Error;
use std::fs;
use std::hint::black_box;

use arrow_array::StringArray;
use marsad::date::{self, Dates, Expression};
use marsad::documents::Documents;
use marsad::entity::{self, Recognizer, rule};
use marsad::lexicon::Lexicon;
use marsad::mention::{self, Finder};
use marsad::normalize::{Normalized, Normalizer};
use marsad::pipeline::pool::Pool;
use marsad::pipeline::{Analyzer, Findings, column};
use marsad::tagger::{self, Evidence, Tagger};
use marsad::token::{self, Token, sentence};
use marsad::words::{Cache, Look, Reading, Words};

pub type Fault = Box<dyn Error>;

/// A stage made ready: reads every article once, and gives a number that hangs on what it found.
pub type Run = Box<dyn FnMut() -> usize>;

/// Makes a stage ready.
pub type Prepare = fn(&'static Sample) -> Result<Run, Fault>;

/// The stages in the order of their work.
pub const STAGES: [(&str, Prepare); 15] = [
    ("normalize_search", |sample| normalize(sample, "search")),
    ("normalize_analysis", |sample| normalize(sample, "analysis")),
    ("normalize_skeleton", |sample| normalize(sample, "skeleton")),
    ("normalize_with_map", with_map),
    ("normalize_arrow", arrow),
    ("tokenize", tokenize),
    ("sentences", sentences),
    ("lexicon_hits", lexicon_hits),
    ("entity_find", entity_find),
    ("dates", dates),
    ("tagger", tag),
    ("names", names),
    ("analyze", analyze),
    ("tables", tables),
    ("compile_lexicon", compile_lexicon),
];

/// The articles of `examples/news`, in order.
pub fn news() -> Result<Vec<String>, Fault> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/news");
    let mut files: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, Fault>>()?;
    files.sort();
    Ok(files.iter().map(fs::read_to_string).collect::<Result<_, _>>()?)
}

/// An article, normalized, with its tokens and their sentences.
struct Read {
    text: String,
    tokens: Vec<Token>,
    sentences: Vec<u32>,
}

/// What the stages read.
pub struct Sample {
    /// As they are written.
    pub texts: Vec<String>,
    read: Vec<Read>,
}

impl Sample {
    /// These texts.
    pub fn new(texts: Vec<String>) -> Result<Self, Fault> {
        let normalizer = Normalizer::profile("analysis")?;
        let read = |text: &String| {
            let (text, mut tokens, mut sentences) = (normalizer.normalize(text), Vec::new(), Vec::new());
            token::tokenize(&text, &mut tokens);
            sentence::number(&text, &tokens, &mut sentences);
            Read { text, tokens, sentences }
        };
        Ok(Self { read: texts.iter().map(read).collect(), texts })
    }
}

fn normalize(sample: &'static Sample, profile: &str) -> Result<Run, Fault> {
    let normalizer = Normalizer::profile(profile)?;
    let mut out = Vec::new();
    Ok(Box::new(move || {
        out.clear();
        sample.texts.iter().for_each(|text| normalizer.append(black_box(text), &mut out));
        out.len()
    }))
}

fn with_map(sample: &'static Sample) -> Result<Run, Fault> {
    let normalizer = Normalizer::profile("analysis")?;
    let mut out = Normalized::default();
    Ok(Box::new(move || {
        sample.texts.iter().for_each(|text| normalizer.align_into(black_box(text), &mut out));
        out.text.len()
    }))
}

fn arrow(sample: &'static Sample) -> Result<Run, Fault> {
    let normalizer = Normalizer::profile("search")?;
    let pool = Pool::new(Some(1))?;
    let array = StringArray::from_iter_values(&sample.texts);
    Ok(Box::new(move || column::normalize(&normalizer, &pool, "x", black_box(&array)).map_or(0, |column| column.len())))
}

fn tokenize(sample: &'static Sample) -> Result<Run, Fault> {
    let mut tokens = Vec::new();
    Ok(Box::new(move || {
        sample.read.iter().for_each(|read| token::tokenize(black_box(&read.text), &mut tokens));
        tokens.len()
    }))
}

fn sentences(sample: &'static Sample) -> Result<Run, Fault> {
    let mut sentences = Vec::new();
    Ok(Box::new(move || {
        let number = |read: &Read| {
            sentence::number(black_box(&read.text), &read.tokens, &mut sentences);
            sentences.last().map_or(0, |last| *last as usize + 1)
        };
        sample.read.iter().map(number).sum()
    }))
}

fn lexicon_hits(sample: &'static Sample) -> Result<Run, Fault> {
    let lexicon = Lexicon::builtin();
    let mut hits = Vec::new();
    Ok(Box::new(move || {
        sample.read.iter().for_each(|read| lexicon.hits(black_box(&read.text), &read.tokens, &mut hits));
        hits.len()
    }))
}

fn entity_find(sample: &'static Sample) -> Result<Run, Fault> {
    let recognizer = Recognizer::new(Lexicon::builtin(), &entity::TYPES, true)?;
    let (mut scratch, mut mentions) = (entity::Scratch::default(), Vec::new());
    Ok(Box::new(move || {
        let mut found = 0;
        for read in &sample.read {
            recognizer.find(black_box(&read.text), &read.tokens, &mut scratch, &mut mentions);
            found += mentions.len();
        }
        found
    }))
}

/// From expressions to days.
fn dates(sample: &'static Sample) -> Result<Run, Fault> {
    let dates = Dates::builtin();
    let (mut scratch, mut expressions, mut found) = (date::Scratch::default(), Vec::new(), Vec::new());
    Ok(Box::new(move || {
        found.clear();
        for Read { text, tokens, .. } in &sample.read {
            expressions.clear();
            dates.find(black_box(text), tokens, &mut scratch, &mut expressions);
            let day = dates.document_day(text, tokens, &expressions, None);
            dates.resolve(&expressions, &day, &mut found);
        }
        found.len()
    }))
}

/// The labels alone, from evidence that is there.
fn tag(sample: &'static Sample) -> Result<Run, Fault> {
    let tagger = Tagger::builtin();
    let recognizer = Recognizer::new(Lexicon::builtin(), &entity::TYPES, true)?;
    let (mut cache, mut lexical, mut listed) = (Cache::default(), entity::Scratch::default(), Vec::new());
    let mut ready: Vec<(&Read, Vec<Look>, Evidence)> = Vec::new();
    for read in &sample.read {
        let (mut looks, mut proposals, mut evidence) = (Vec::new(), Vec::new(), Evidence::default());
        Words::builtin().look(&read.text, &read.tokens, &mut cache, &mut looks);
        recognizer.find(&read.text, &read.tokens, &mut lexical, &mut listed);
        let reading = read.reading(&looks);
        rule::propose(reading, &mut proposals);
        let dates = expressions(read);
        let spans = dates.iter().map(|date| date.span);
        evidence.read(reading, recognizer.lexicon(), lexical.hits(), &listed, &proposals, spans);
        ready.push((read, looks, evidence));
    }
    let mut scratch = tagger::Scratch::default();
    Ok(Box::new(move || {
        let mut found = 0;
        for (read, looks, evidence) in &ready {
            tagger.tag(black_box(read.reading(looks)), evidence, &mut scratch);
            found += scratch.names().len();
        }
        found
    }))
}

/// Everything that makes names of tokens: lexicon, rules, evidence, tagger, votes, links.
fn names(sample: &'static Sample) -> Result<Run, Fault> {
    let finder = finder()?;
    let dates: Vec<Vec<Expression>> = sample.read.iter().map(expressions).collect();
    let (mut scratch, mut mentions) = (mention::Scratch::default(), Vec::new());
    Ok(Box::new(move || {
        let mut found = 0;
        for (Read { text, tokens, sentences }, dates) in sample.read.iter().zip(&dates) {
            let spans = dates.iter().map(|date| date.span);
            finder.find(black_box(text), tokens, sentences, spans, &mut scratch, &mut mentions);
            found += mentions.len();
        }
        found
    }))
}

/// Text to names and dates.
fn analyze(sample: &'static Sample) -> Result<Run, Fault> {
    let analyzer: &'static Analyzer = Box::leak(Box::new(Analyzer::new(finder()?, Some(1))?));
    let mut scratch = analyzer.scratch();
    Ok(Box::new(move || {
        let mut found = 0;
        for text in &sample.texts {
            found += analyzer.analyze(black_box(text), None, &mut scratch).mentions().count();
        }
        found
    }))
}

/// Text to tables.
fn tables(sample: &'static Sample) -> Result<Run, Fault> {
    let analyzer = Analyzer::new(finder()?, Some(1))?;
    let texts = sample.texts.iter().map(|text| Some(text.as_str())).collect();
    let documents = Documents { texts, ..Documents::default() };
    Ok(Box::new(move || {
        let mut found = Findings::default();
        analyzer.analyze_documents(black_box(&documents), 0, &mut found, |_| ());
        found.facts.mentions.len()
    }))
}

/// From the built-in files to a lexicon.
fn compile_lexicon(_: &'static Sample) -> Result<Run, Fault> {
    Ok(Box::new(|| {
        let sources = Lexicon::builtin_sources().expect("the built-in lists");
        Lexicon::new(black_box(&sources)).expect("a lexicon").len()
    }))
}

impl Read {
    fn reading<'r>(&'r self, looks: &'r [Look]) -> Reading<'r> {
        Reading { text: &self.text, tokens: &self.tokens, sentences: &self.sentences, looks }
    }
}

fn expressions(read: &Read) -> Vec<Expression> {
    let mut found = Vec::new();
    Dates::builtin().find(&read.text, &read.tokens, &mut date::Scratch::default(), &mut found);
    found
}

fn finder() -> Result<Finder, Fault> {
    Ok(Finder::new(Lexicon::builtin(), &entity::TYPES, Some(Tagger::builtin()), &[])?)
}
