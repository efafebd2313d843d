//! The analyzer, what a run found, and counts over a stream.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow_array::RecordBatch;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use super::capsule;
use super::errors::type_error;
use super::lexicon::{Given, sources};
use super::strings::{self, Text};
use super::tables::{Batches, date};
use super::watched::{quiet, watched};
use crate::calendar::Day;
use crate::date::Warning;
use crate::documents::Documents;
use crate::input::{Fields, arrow::Columns};
use crate::lexicon::Lexicon;
use crate::memory;
use crate::mention::{Finder, Reason, Who};
use crate::pipeline::{self, Findings, sample::Sample};
use crate::span::{CodePoints, SourceSpan};
use crate::table::counts::{self, By, Fact, Facts, Period, Within};
use crate::tagger::Tagger;
use crate::token::clitic::Clitics;
use crate::words::Words;

/// The core of `marsad.Analyzer`.
#[pyclass(frozen, module = "marsad._marsad")]
pub struct Analyzer {
    inner: Arc<pipeline::Analyzer>,
}

/// text, start, end, type, entity_id, name, source, score
type MentionTuple = (usize, usize, String, String, String, &'static str, f64);
/// start, end, type, entity_id, found, source, why
type ReasonTuple = (usize, usize, String, String, bool, &'static str, String);
/// id, name, type
type NameTuple = (String, String, String);
/// start, end, kind, value, first_day, last_day, grain, calendar, modifier, reference
type DateTuple<'py> = (
    usize,
    usize,
    &'static str,
    Option<String>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<Bound<'py, PyAny>>,
);

#[pymethods]
impl Analyzer {
    #[new]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        lexicon: Vec<Given>,
        builtin: bool,
        types: Vec<String>,
        recognizer: bool,
        model: Option<PathBuf>,
        stop: Vec<String>,
        threads: Option<usize>,
    ) -> PyResult<Self> {
        let rows: usize = lexicon.iter().map(Given::bytes).sum();
        let inner = quiet(py, rows, || {
            let lexicon = Lexicon::extended(sources(lexicon)?, builtin)?;
            let tagger = match model {
                _ if !recognizer => None,
                Some(path) => Some(Arc::new(Tagger::load(&path)?)),
                None => Some(Tagger::builtin()),
            };
            // What the first text would load is loaded here, where no fork can fall in between (marsad/loading.py).
            Clitics::builtin();
            Words::builtin();
            pipeline::Analyzer::new(Finder::new(lexicon, &types, tagger, &stop)?, threads)
        })??;
        Ok(Self { inner: Arc::new(inner) })
    }

    /// How many threads work at once.
    #[getter]
    fn threads(&self) -> usize {
        self.inner.threads()
    }

    /// Aliases and entities of the lexicon, and its types.
    fn lexicon(&self) -> (usize, usize, Vec<String>) {
        let lexicon = self.inner.lexicon();
        (lexicon.len(), lexicon.entities().len(), lexicon.types().to_vec())
    }

    /// Mentions, dates, day, source of the day and warnings of one text.
    #[allow(clippy::type_complexity)]
    fn analyze<'py>(
        &'py self,
        py: Python<'py>,
        text: &Bound<'py, PyAny>,
        published: &Bound<'py, PyAny>,
    ) -> PyResult<(Vec<MentionTuple>, Vec<DateTuple<'py>>, Option<Bound<'py, PyAny>>, Option<&'static str>, Vec<String>)>
    {
        let text = Text::of("text", text)?;
        let given = day("published", published)?;
        let mut scratch = self.inner.scratch();
        let source = text.as_str();
        memory::room(source.len() * memory::ANALYSIS)?;
        let found = quiet(py, source.len(), || self.inner.analyze(source, given, &mut scratch));
        let found = match found {
            Ok(found) => found,
            Err(fault) => {
                scratch.forget();
                return Err(fault);
            }
        };
        let mut points = CodePoints::new(text.as_str());
        let mentions = found.mentions().map(|(mention, span, _)| {
            let entity = found.entity(mention);
            let (start, end) = (points.at(span.start), points.at(span.end));
            let text = |text: &str| text.to_owned();
            (start, end, text(entity.kind), text(entity.id), text(entity.name), mention.source.name(), mention.score)
        });
        let mentions = mentions.collect();
        let mut points = CodePoints::new(text.as_str());
        let opt = |day: Option<Day>| day.map(|day| date(py, day)).transpose();
        let mut dates = Vec::new();
        for (mention, span) in found.dates() {
            dates.push((
                points.at(span.start),
                points.at(span.end),
                mention.kind.name(),
                mention.value.clone(),
                opt(mention.first_day)?,
                opt(mention.last_day)?,
                mention.grain.name(),
                mention.calendar.name(),
                mention.modifier.map(|modifier| modifier.name()),
                opt(mention.reference)?,
            ));
        }
        let mut warnings = Vec::new();
        for warning in &found.day.warnings {
            let name = warning.name();
            let told = found.dates().filter_map(|(mention, span)| {
                let is = mention.mismatch.filter(|_| *warning == Warning::WeekdayMismatch)?;
                Some(format!("{name}: \"{}\" was a {}", span.of(text.as_str()), is.name()))
            });
            let before = warnings.len();
            warnings.extend(told);
            if warnings.len() == before {
                warnings.push(name.to_owned());
            }
        }
        Ok((mentions, dates, opt(found.day.published)?, found.day.source.map(|source| source.name()), warnings))
    }

    /// Why each mention is one, and why other names are none.
    fn explain(&self, py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<Vec<ReasonTuple>> {
        let text = Text::of("text", text)?;
        let mut scratch = self.inner.scratch();
        let source = text.as_str();
        memory::room(source.len() * memory::ANALYSIS)?;
        let reasons = quiet(py, source.len(), || {
            self.inner.analyze(source, None, &mut scratch);
            self.inner.explain(source, &scratch)
        });
        let reasons = reasons.inspect_err(|_| scratch.forget())?;
        let mut points = CodePoints::new(text.as_str());
        let tuple = |(reason, span): (Reason, SourceSpan)| {
            let (start, end) = (points.at(span.start), points.at(span.end));
            (start, end, reason.kind, reason.id, reason.found, reason.source.name(), reason.why)
        };
        Ok(reasons.into_iter().map(tuple).collect())
    }
}

/// A day given from Python: None, an ISO string, or anything with `isoformat`.
pub(super) fn day(argument: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<Day>> {
    if strings::is_missing(value) {
        return Ok(None);
    }
    let accepted = "a day such as \"2025-03-19\", a datetime.date or None is due";
    let iso = if value.is_instance_of::<PyString>() {
        value.clone()
    } else if value.hasattr("isoformat")? {
        value.call_method0("isoformat")?
    } else if value.get_type().name().is_ok_and(|name| name == "datetime64") {
        value.str()?.into_any()
    } else {
        return Err(type_error(argument, value, accepted));
    };
    let iso = Text::of(argument, &iso)?;
    if matches!(iso.as_str().trim(), "" | "NaT") {
        return Ok(None);
    }
    let day = Day::parse(iso.as_str().trim());
    day.map(Some).ok_or_else(|| PyValueError::new_err(format!("{argument}: found {:?}; {accepted}", iso.as_str())))
}

struct State {
    findings: Findings,
    sample: Sample,
    /// The number that the next document without an id gets.
    next: usize,
}

/// What one run found; it grows batch by batch.
#[pyclass(frozen, module = "marsad._marsad")]
pub struct Analysis {
    analyzer: Arc<pipeline::Analyzer>,
    state: Mutex<State>,
}

impl Analysis {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Analyzes documents without the GIL, answering signals and telling `progress` in between.
    /// Documents without a day get `otherwise`.
    fn extend(
        &self,
        py: Python<'_>,
        mut documents: Documents<'_>,
        otherwise: Option<Day>,
        progress: Option<&Py<PyAny>>,
    ) -> PyResult<()> {
        if otherwise.is_some() {
            documents.published.resize(documents.len(), None);
            documents.published.iter_mut().for_each(|day| *day = day.or(otherwise));
        }
        let documents = &documents;
        let first = self.state().next;
        let sizes = documents.texts.iter().flatten().map(|text| text.len());
        let (bytes, longest) = (sizes.clone().sum::<usize>(), sizes.max().unwrap_or(0));
        let threads = self.analyzer.threads().min(documents.len());
        memory::room(bytes * memory::FINDINGS + longest * memory::ANALYSIS * threads)?;
        let (done, mut told) = (AtomicUsize::new(0), 0);
        let mut tell = |py: Python<'_>| {
            let done = done.load(Ordering::Relaxed);
            if let Some(progress) = progress.filter(|_| done > told) {
                told = done;
                progress.call1(py, (first + done,))?;
            }
            Ok(())
        };
        let mut findings = Findings::default();
        let work = || {
            let tell = |count| done.store(count, Ordering::Relaxed);
            self.analyzer.analyze_documents(documents, first, &mut findings, tell);
        };
        let outcome = watched(py, bytes, work, &mut tell);
        // Whole documents are kept also where the work was called off.
        let kept = findings.facts.documents.len();
        {
            let mut state = self.state();
            let before = state.findings.facts.documents.len();
            let texts = documents.texts.iter().take(kept).enumerate();
            texts.for_each(|(row, text)| state.sample.add(before + row, text.unwrap_or("")));
            state.next += kept;
            state.findings.append(findings);
        }
        outcome?;
        tell(py)
    }

    /// About how many bytes of text the mentions stand for.
    fn size(&self) -> usize {
        self.state().findings.facts.mentions.len() * 100
    }

    fn table(&self, name: &'static str, batches: impl Fn(&Findings) -> Vec<RecordBatch>) -> Batches {
        let schema = pipeline::schema(name).expect("a findings table");
        let mut batches = batches(&self.state().findings);
        if batches.is_empty() {
            batches.push(capsule::empty(&schema));
        }
        Batches { batches, schema }
    }
}

#[pymethods]
impl Analysis {
    #[new]
    #[pyo3(signature = (analyzer, first=0))]
    fn new(analyzer: &Analyzer, first: usize) -> Self {
        let state = State { findings: Findings::default(), sample: Sample::default(), next: first };
        Self { analyzer: Arc::clone(&analyzer.inner), state: Mutex::new(state) }
    }

    /// Analyzes every batch of an object that streams Arrow.
    fn add_arrow(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        fields: (String, String, String),
        otherwise: &Bound<'_, PyAny>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let otherwise = day("published", otherwise)?;
        let (text, id, published) = fields;
        let fields = Fields { text, id, published };
        for batch in capsule::batches(data)? {
            let batch = batch?;
            let columns = Columns::of(&batch, &fields)?;
            self.extend(py, columns.documents()?, otherwise, progress.as_ref())?;
        }
        Ok(())
    }

    /// Analyzes lists of texts, ids and days.
    fn add_lists(
        &self,
        py: Python<'_>,
        texts: &Bound<'_, PyAny>,
        ids: Option<Bound<'_, PyAny>>,
        published: Option<Bound<'_, PyAny>>,
        otherwise: &Bound<'_, PyAny>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let otherwise = day("published", otherwise)?;
        let mut held = Vec::new();
        for (place, value) in texts.try_iter()?.enumerate() {
            held.push(strings::item("text", place, &value?)?);
        }
        let mut names: Vec<Option<String>> = Vec::new();
        if let Some(ids) = ids {
            for value in ids.try_iter()? {
                let value = value?;
                names.push(if strings::is_missing(&value) {
                    None
                } else {
                    Some(value.str()?.to_string_lossy().into_owned())
                });
            }
        }
        let mut days = Vec::new();
        if let Some(published) = published {
            for (place, value) in published.try_iter()?.enumerate() {
                days.push(day(&format!("published[{place}]"), &value?)?);
            }
        }
        let documents = Documents {
            texts: held.iter().map(|text| text.as_ref().map(Text::as_str)).collect(),
            ids: names.iter().map(|id| id.as_deref().map(Cow::Borrowed)).collect(),
            published: days,
        };
        self.extend(py, documents, otherwise, progress.as_ref())
    }

    fn __len__(&self) -> usize {
        self.state().findings.facts.documents.len()
    }

    fn documents(&self) -> Batches {
        self.table("documents", |findings| findings.documents.clone())
    }

    fn mentions(&self) -> Batches {
        self.table("mentions", |findings| findings.mentions.clone())
    }

    fn dates(&self) -> Batches {
        self.table("dates", |findings| findings.dates.clone())
    }

    fn counts(&self, py: Python<'_>, by: Option<&str>, top: Option<usize>) -> PyResult<Batches> {
        let by = By::parse(by)?;
        let work = || {
            let mut counter = counts::Counter::new(by);
            counter.add(&self.state().findings.facts, self.analyzer.lexicon());
            counter.finish(self.analyzer.lexicon(), top)
        };
        Ok(Batches::one(quiet(py, self.size(), work)?))
    }

    fn cooccurrence(&self, py: Python<'_>, within: &str, top: Option<usize>) -> PyResult<Batches> {
        let within = Within::parse(within)?;
        let lexicon = self.analyzer.lexicon();
        let work = || counts::cooccurrence(&self.state().findings.facts, lexicon, within, top);
        Ok(Batches::one(quiet(py, self.size(), work)?))
    }

    fn timeline(&self, py: Python<'_>, freq: &str) -> PyResult<Batches> {
        let period = Period::parse("freq", freq)?;
        let work = || counts::timeline(&self.state().findings.facts, period);
        Ok(Batches::one(quiet(py, self.size(), work)?))
    }

    /// Rows of documents with the heads of their texts: all of few, some of many.
    fn sample(&self) -> Vec<(usize, String)> {
        self.state().sample.texts().into_iter().map(|(row, text)| (row, text.to_owned())).collect()
    }

    /// The facts for counting, as bytes, and the names of entities that no lexicon lists, for pickle.
    fn facts<'py>(&self, py: Python<'py>) -> (Bound<'py, PyBytes>, Bound<'py, PyBytes>, Vec<NameTuple>) {
        let state = self.state();
        let facts = &state.findings.facts;
        let words = facts.mentions.iter().flat_map(|fact| match fact.who {
            Who::Listed(entity) => [fact.doc, fact.sentence, 0, entity],
            Who::Named(name) => [fact.doc, fact.sentence, 1, name],
        });
        let mentions: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
        let words = facts.days.iter().flat_map(|(doc, day)| [doc.to_le_bytes(), day.days_since_epoch().to_le_bytes()]);
        let days: Vec<u8> = words.flatten().collect();
        let names =
            facts.names.rows().iter().map(|row| (row.id.to_string(), row.name.to_string(), row.kind.to_string()));
        (PyBytes::new(py, &mentions), PyBytes::new(py, &days), names.collect())
    }

    /// An analysis from its tables and facts.
    #[staticmethod]
    fn restore(
        analyzer: &Analyzer,
        documents: &Batches,
        mentions: &Batches,
        dates: &Batches,
        facts: (Vec<u8>, Vec<u8>, Vec<NameTuple>),
        sample: Vec<(usize, String)>,
    ) -> PyResult<Self> {
        use arrow_array::Array;
        use arrow_array::cast::AsArray;
        let mut restored = Facts::default();
        for batch in &documents.batches {
            let ids = batch.column(0).as_string::<i32>();
            let days = batch.column(1).as_primitive::<arrow_array::types::Date32Type>();
            for row in 0..batch.num_rows() {
                let day = days.is_valid(row).then(|| Day::from_days(days.value(row)));
                restored.documents.push((ids.value(row).into(), day));
            }
        }
        let word = |bytes: &[u8]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let (documents_here, entities) = (restored.documents.len(), analyzer.inner.lexicon().entities().len());
        for (id, name, kind) in &facts.2 {
            restored.names.place(id, name, kind);
        }
        for row in facts.0.chunks_exact(16) {
            let (listed, place) = (word(&row[8..]) == 0, word(&row[12..]));
            let who = if listed { Who::Listed(place) } else { Who::Named(place) };
            let fact = Fact { doc: word(row), sentence: word(&row[4..]), who };
            let known = if listed { entities } else { facts.2.len() };
            if fact.doc as usize >= documents_here || place as usize >= known {
                return Err(PyValueError::new_err(
                    "pickled Analysis: made by another version of the lexicon; run it again",
                ));
            }
            restored.mentions.push(fact);
        }
        for row in facts.1.chunks_exact(8) {
            restored.days.push((word(row), Day::from_days(word(&row[4..]).cast_signed())));
        }
        let findings = Findings {
            documents: documents.batches.clone(),
            mentions: mentions.batches.clone(),
            dates: dates.batches.clone(),
            facts: restored,
        };
        let next = findings.facts.documents.len();
        let mut kept = Sample::default();
        sample.iter().for_each(|(row, text)| kept.add(*row, text));
        let state = State { findings, sample: kept, next };
        Ok(Self { analyzer: Arc::clone(&analyzer.inner), state: Mutex::new(state) })
    }
}

/// Counts entities over a stream of analyses, keeping the counts alone.
#[pyclass(frozen, module = "marsad._marsad")]
pub struct Counter {
    analyzer: Arc<pipeline::Analyzer>,
    inner: Mutex<counts::Counter>,
}

#[pymethods]
impl Counter {
    #[new]
    fn new(analyzer: &Analyzer, by: Option<&str>) -> PyResult<Self> {
        let inner = Mutex::new(counts::Counter::new(By::parse(by)?));
        Ok(Self { analyzer: Arc::clone(&analyzer.inner), inner })
    }

    /// Counts what the tables of a batch hold.
    fn add(&self, py: Python<'_>, documents: &Batches, mentions: &Batches) -> PyResult<()> {
        py.detach(|| {
            let facts = Facts::of_tables(&documents.batches, &mentions.batches)?;
            let mut counter = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            counter.add(&facts, self.analyzer.lexicon());
            Ok(())
        })
    }

    /// The counts so far.
    fn counts(&self, top: Option<usize>) -> Batches {
        let counter = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        Batches::one(counter.clone().finish(self.analyzer.lexicon(), top))
    }
}
