//! Record batches and arrays as Python objects.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyList, PyTuple};

use super::capsule;
use crate::table::columns::{self as registry, ColumnType};
use crate::{calendar::Day, output};

/// Record batches of one schema: what `marsad.Table` wraps.
#[pyclass(frozen, module = "marsad._marsad")]
pub struct Batches {
    pub batches: Vec<RecordBatch>,
    pub schema: SchemaRef,
}

impl Batches {
    pub fn one(batch: RecordBatch) -> Self {
        Self { schema: batch.schema(), batches: vec![batch] }
    }
}

#[pymethods]
impl Batches {
    /// Takes in any object that streams Arrow batches.
    #[staticmethod]
    fn from_arrow(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        let batches = capsule::batches(data)?.collect::<PyResult<Vec<_>>>()?;
        let schema = batches.first().map(RecordBatch::schema);
        let schema = schema.ok_or_else(|| PyValueError::new_err("data: no batch, so no schema"))?;
        Ok(Self { batches, schema })
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer give its own types where it does not cast.
        drop(requested_schema);
        capsule::export(py, self.batches.clone(), SchemaRef::clone(&self.schema))
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Name, type, nullability and meaning of each column.
    fn schema<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let fields = self.schema.fields().iter().map(|field| {
            let about = field.metadata().get("about").cloned().unwrap_or_default();
            (field.name().clone(), type_name(field.data_type()), field.is_nullable(), about)
        });
        PyList::new(py, fields)
    }

    /// Rows `start..start + count` as tuples.
    fn rows<'py>(&self, py: Python<'py>, start: usize, count: usize) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        let mut rows = Vec::new();
        let mut first = 0;
        for batch in &self.batches {
            let end = first + batch.num_rows();
            for row in start.max(first)..end.min(start.saturating_add(count)) {
                let cells = batch.columns().iter().map(|array| cell(py, array.as_ref(), row - first));
                rows.push(PyTuple::new(py, cells.collect::<PyResult<Vec<_>>>()?)?);
            }
            first = end;
        }
        Ok(rows)
    }

    /// A column as a list.
    fn column<'py>(&self, py: Python<'py>, place: usize) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for batch in &self.batches {
            let array = batch.column(place);
            for row in 0..array.len() {
                list.append(cell(py, array.as_ref(), row)?)?;
            }
        }
        Ok(list)
    }

    /// The rows as a parquet file in memory.
    fn to_parquet<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| output::to_parquet(&self.batches, SchemaRef::clone(&self.schema)))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The rows of a parquet file in memory.
    #[staticmethod]
    fn from_parquet(py: Python<'_>, bytes: Vec<u8>) -> PyResult<Self> {
        let (batches, schema) = py.detach(|| output::from_parquet(bytes))?;
        Ok(Self { batches, schema })
    }
}

/// One array, for other Arrow libraries to take.
#[pyclass(frozen, module = "marsad._marsad")]
pub struct Chunk {
    pub array: ArrayRef,
}

#[pymethods]
impl Chunk {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        drop(requested_schema);
        capsule::export_array(py, &self.array)
    }

    fn __len__(&self) -> usize {
        self.array.len()
    }
}

fn type_name(kind: &DataType) -> String {
    match kind {
        DataType::Utf8 => "utf8".to_owned(),
        other => other.to_string().to_ascii_lowercase(),
    }
}

fn cell<'py>(py: Python<'py>, array: &dyn Array, row: usize) -> PyResult<Bound<'py, PyAny>> {
    if array.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    match array.data_type() {
        DataType::Utf8 => Ok(array.as_string::<i32>().value(row).into_pyobject(py)?.into_any()),
        DataType::Int32 => Ok(array.as_primitive::<Int32Type>().value(row).into_pyobject(py)?.into_any()),
        DataType::Int64 => Ok(array.as_primitive::<Int64Type>().value(row).into_pyobject(py)?.into_any()),
        DataType::Float64 => Ok(array.as_primitive::<Float64Type>().value(row).into_pyobject(py)?.into_any()),
        DataType::Date32 => date(py, Day::from_days(array.as_primitive::<Date32Type>().value(row))),
        other => Err(PyValueError::new_err(format!("a column of {other} has no Python values here"))),
    }
}

/// A `datetime.date`; the ISO string for a year that Python's dates do not reach.
pub(super) fn date<'py>(py: Python<'py>, day: Day) -> PyResult<Bound<'py, PyAny>> {
    match pyo3::types::PyDate::new(py, day.year(), day.month(), day.day()) {
        Ok(date) => Ok(date.into_any()),
        Err(_) => Ok(day.to_string().into_pyobject(py)?.into_any()),
    }
}

/// The columns of every table: name, type, nullability and meaning.
#[pyfunction]
pub fn columns(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let tables = PyDict::new(py);
    macro_rules! add {
        ($($key:expr => $table:ty),* $(,)?) => {
            $(
                let columns = registry::describe::<$table>().into_iter().map(|(name, kind, nullable, about)| {
                    let kind = match kind {
                        ColumnType::Text => "utf8",
                        ColumnType::Int => "int32",
                        ColumnType::Long => "int64",
                        ColumnType::Float => "float64",
                        ColumnType::Day => "date32",
                    };
                    (name, kind, nullable, about)
                });
                tables.set_item($key, PyList::new(py, columns)?)?;
            )*
        };
    }
    add! {
        "documents" => registry::Documents,
        "mentions" => registry::Mentions,
        "dates" => registry::Dates,
        "counts" => registry::Counts,
        "counts by document" => registry::DocumentCounts,
        "counts by period" => registry::PeriodCounts,
        "cooccurrence" => registry::Pairs,
        "timeline" => registry::Timeline,
    }
    Ok(tables)
}
