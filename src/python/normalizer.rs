//! Normalizer, alignment and tokens.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::capsule;
use super::errors::type_error;
use super::strings::{self, Text};
use super::tables::Chunk;
use super::watched::quiet;
use super::wide::Strings;
use crate::memory;
use crate::normalize::{self, Normalized, OptionSet, Options};
use crate::pipeline::column;
use crate::pipeline::pool::Pool;
use crate::span::{CodePoints, NormSpan, SourceSpan, byte_of_point};
use crate::token::clitic::Clitics;
use crate::token::{self, Kind, tile};

/// The core of `marsad.Normalizer`.
#[pyclass(frozen, module = "marsad._marsad")]
pub struct Normalizer {
    inner: normalize::Normalizer,
    pool: Pool,
}

#[pymethods]
impl Normalizer {
    #[new]
    fn new(profile: &str, changes: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut options = Options::profile(profile)?;
        for (name, on) in changes {
            let name: String = name.extract()?;
            let on = on.extract::<bool>().map_err(|_| type_error(&name, &on, "True or False is due"))?;
            options = options.with(&name, on)?;
        }
        Ok(Self { inner: normalize::Normalizer::new(options), pool: Pool::new(None)? })
    }

    /// The names of the enabled options, in the order in which they apply.
    fn enabled(&self) -> Vec<&'static str> {
        self.inner.options().folds().map(|fold| fold.name.as_str()).collect()
    }

    fn text<'py>(&self, x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
        let text = x.cast::<PyString>().map_err(|_| type_error("x", x, "a str is due"))?;
        let mut strings = Strings::take();
        let normalized = strings.normalize(&self.inner, text);
        strings.give_back();
        normalized
    }

    /// A sequence of str and None to a list of the same.
    fn list<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        let mut strings = Strings::take();
        let mut normalized = Vec::new();
        for (place, value) in x.try_iter()?.enumerate() {
            let value = value?;
            if place % 4096 == 4095 {
                py.check_signals()?;
            }
            normalized.push(match strings::string("x", place, &value)? {
                None => py.None().into_bound(py),
                Some(text) => strings.normalize(&self.inner, text)?.into_any(),
            });
        }
        strings.give_back();
        PyList::new(py, normalized)
    }

    /// An Arrow column to its chunks.
    fn chunks(&self, py: Python<'_>, x: &Bound<'_, PyAny>) -> PyResult<Vec<Chunk>> {
        let arrays = capsule::arrays(x)?;
        let bytes = arrays.iter().map(|array| array.get_buffer_memory_size()).sum::<usize>();
        memory::room(bytes * memory::NORMALIZATION)?;
        let normalized = quiet(py, bytes, || {
            arrays
                .iter()
                .map(|array| column::normalize(&self.inner, &self.pool, "x", array.as_ref()))
                .collect::<crate::Result<Vec<_>>>()
        })?;
        Ok(normalized?.into_iter().map(|array| Chunk { array }).collect())
    }

    fn align(&self, py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<Alignment> {
        let text = Text::of("text", text)?;
        let normalized = py.detach(|| self.inner.align(text.as_str()));
        Ok(Alignment { source: text.as_str().to_owned(), normalized })
    }
}

/// A normalized text with the way back to its source; all positions are code points.
#[pyclass(frozen, module = "marsad._marsad")]
pub struct Alignment {
    source: String,
    normalized: Normalized,
}

fn bytes_of(text: &str, start: usize, end: usize) -> PyResult<(usize, usize)> {
    if start > end {
        let message = format!("start: {start} is after end, {end}; start must not be greater than end");
        return Err(pyo3::exceptions::PyValueError::new_err(message));
    }
    Ok((byte_of_point(text, start), byte_of_point(text, end)))
}

#[pymethods]
impl Alignment {
    /// The normalized text.
    #[getter]
    fn text(&self) -> &str {
        &self.normalized.text
    }

    /// The source text, lone surrogates replaced.
    #[getter]
    fn source(&self) -> &str {
        &self.source
    }

    fn to_source(&self, start: usize, end: usize) -> PyResult<(usize, usize)> {
        let (from, to) = bytes_of(&self.normalized.text, start, end)?;
        let span = self.normalized.to_source(&self.source, NormSpan::new(from, to));
        let mut points = CodePoints::new(&self.source);
        Ok((points.at(span.start), points.at(span.end)))
    }

    fn to_normalized(&self, start: usize, end: usize) -> PyResult<(usize, usize)> {
        let (from, to) = bytes_of(&self.source, start, end)?;
        let span = self.normalized.map.to_normalized(SourceSpan::new(from, to));
        let mut points = CodePoints::new(&self.normalized.text);
        Ok((points.at(span.start), points.at(span.end)))
    }
}

/// Start, end, kind, normalized text and proclitics of each token, white space with them.
type TokenRow = (usize, usize, &'static str, String, Vec<&'static str>);

/// The tokens of a text, which tile it.
#[pyfunction]
pub fn tokenize(py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<Vec<TokenRow>> {
    let text = Text::of("text", text)?;
    // Loaded before the GIL is let go, so that no fork falls in between.
    let (normalizer, clitics) = (normalize::Normalizer::analysis(), Clitics::builtin());
    let source = text.as_str();
    memory::room(source.len() * memory::ANALYSIS)?;
    quiet(py, source.len(), || {
        let normalized = normalizer.align(source);
        let mut tokens = Vec::new();
        token::tokenize(&normalized.text, &mut tokens);
        let mut points = CodePoints::new(source);
        let row = |tile: tile::Tile| {
            let word = tile.normalized.of(&normalized.text);
            let proclitics = if tile.kind == Some(Kind::Word) { clitics.proclitics(word) } else { Vec::new() };
            let kind = tile.kind.map_or("space", Kind::name);
            (points.at(tile.source.start), points.at(tile.source.end), kind, word.to_owned(), proclitics)
        };
        tile::tiles(source, &normalized, &tokens).into_iter().map(row).collect()
    })
}

/// Name and meaning of every normalization option, in the order in which they apply.
#[pyfunction]
pub fn options() -> Vec<(&'static str, &'static str)> {
    OptionSet::builtin().folds().iter().map(|fold| (fold.name.as_str(), fold.about.as_str())).collect()
}

/// The profiles and their options.
#[pyfunction]
pub fn profiles() -> PyResult<Vec<(&'static str, Vec<&'static str>)>> {
    let names = OptionSet::builtin().profiles();
    let of = |name| Ok((name, Options::profile(name)?.folds().map(|fold| fold.name.as_str()).collect()));
    names.map(of).collect()
}
