//! Reading articles from files and writing tables to files.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::tables::Batches;
use crate::input::{self, Fields};
use crate::output::{Format, TableWriter};

/// Batches of articles from files: an iterator of tables with the columns id, text and published.
#[pyclass(frozen, module = "marsad._marsad")]
pub struct Reader {
    inner: Mutex<input::Reader>,
}

#[pymethods]
impl Reader {
    /// Faults come one by one between the batches; `gather` lets them wait for full batches.
    #[new]
    #[pyo3(signature = (paths, text, id, published, max_bytes = input::MAX_BYTES, gather = false))]
    fn new(
        py: Python<'_>,
        paths: Vec<PathBuf>,
        text: String,
        id: String,
        published: String,
        max_bytes: usize,
        gather: bool,
    ) -> PyResult<Self> {
        let reader = py.detach(|| input::Reader::new(&paths, Fields { text, id, published }))?;
        Ok(Self { inner: Mutex::new(reader.max_bytes(max_bytes).gather(gather)) })
    }

    /// The articles that bytes of a stream hold: lines of JSON, or one text.
    #[staticmethod]
    #[pyo3(signature = (bytes, text, id, published, max_bytes = input::MAX_BYTES))]
    fn stream(bytes: Vec<u8>, text: String, id: String, published: String, max_bytes: usize) -> PyResult<Self> {
        let fields = Fields { text, id, published };
        let reader = input::Reader::stream(std::io::Cursor::new(bytes), fields, max_bytes.min(input::MOST_BYTES))?;
        Ok(Self { inner: Mutex::new(reader) })
    }

    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Batches>> {
        let batch = py.detach(|| self.inner.lock().unwrap_or_else(PoisonError::into_inner).next());
        Ok(batch.transpose()?.map(Batches::one))
    }

    /// The files still to be opened, in order.
    fn files(&self, py: Python<'_>) -> Vec<PathBuf> {
        py.detach(|| self.inner.lock().unwrap_or_else(PoisonError::into_inner).files().map(Path::to_owned).collect())
    }

    /// How many files are still to be opened.
    fn files_left(&self, py: Python<'_>) -> usize {
        py.detach(|| self.inner.lock().unwrap_or_else(PoisonError::into_inner).files_left())
    }
}

/// Bytes as text, or a DataError that says where they stop being UTF-8.
#[pyfunction]
pub fn read_text(path: PathBuf, bytes: Vec<u8>) -> PyResult<String> {
    Ok(input::utf8(&path, bytes)?)
}

/// A file of parquet, csv or jsonl that grows batch by batch.
///
/// Its lock is waited for without the GIL: the thread that has the lock asks for the GIL before it lets go.
#[pyclass(frozen, module = "marsad._marsad")]
pub struct Writer {
    inner: Mutex<Option<TableWriter>>,
}

#[pymethods]
impl Writer {
    #[new]
    fn new(path: PathBuf, like: &Batches, format: &str) -> PyResult<Self> {
        let writer = TableWriter::create(&path, like.schema.clone(), Format::parse(format)?)?;
        Ok(Self { inner: Mutex::new(Some(writer)) })
    }

    fn write(&self, py: Python<'_>, table: &Batches) -> PyResult<()> {
        py.detach(|| {
            let mut writer = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            let writer = writer.as_mut().ok_or_else(finished)?;
            Ok(table.batches.iter().try_for_each(|batch| writer.write(batch))?)
        })
    }

    /// Makes the file whole, beside its name.
    fn end(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| {
            let mut writer = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(writer.as_mut().ok_or_else(finished)?.end(true)?)
        })
    }

    /// Makes the file whole and gives it its name; a durable one outlives a failure of power.
    #[pyo3(signature = (durable=true))]
    fn finish(&self, py: Python<'_>, durable: bool) -> PyResult<PathBuf> {
        py.detach(|| {
            let writer = self.inner.lock().unwrap_or_else(PoisonError::into_inner).take();
            Ok(writer.ok_or_else(finished)?.finish(durable)?)
        })
    }
}

fn finished() -> PyErr {
    PyValueError::new_err("the file is finished")
}
