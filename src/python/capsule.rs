//! Arrow data across the border, by the PyCapsule interface.
//!
//! Input: any object with `__arrow_c_stream__` or `__arrow_c_array__`. Output: arrays or batches that share its
//! memory. Contract: what a capsule holds is moved out of it once, as the interface asks.

use std::ffi::CStr;
use std::ptr::NonNull;
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray, make_array};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

pub(super) fn arrow_error(fault: ArrowError) -> PyErr {
    PyValueError::new_err(format!("Arrow data: {fault}"))
}

fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &'static CStr) -> PyResult<NonNull<T>> {
    let capsule = capsule.cast::<PyCapsule>().map_err(|_| PyTypeError::new_err("an Arrow capsule is due"))?;
    Ok(capsule.pointer_checked(Some(name))?.cast())
}

/// The arrays of an object, one a chunk.
pub(super) fn arrays(data: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayRef>> {
    if data.hasattr("__arrow_c_stream__")? {
        return stream(data)?.collect::<Result<_, _>>().map_err(arrow_error);
    }
    let pair = data.call_method0("__arrow_c_array__")?;
    let pair = pair.cast::<PyTuple>()?;
    let schema = pointer::<FFI_ArrowSchema>(&pair.get_item(0)?, SCHEMA)?;
    let array = pointer::<FFI_ArrowArray>(&pair.get_item(1)?, ARRAY)?;
    // SAFETY: the capsules carry the names that the Arrow PyCapsule interface gives to these structs, so they point
    // to valid ones; both capsules live until the end of this function. `from_raw` moves the array out and leaves a
    // released one behind, and the schema is only borrowed. What is released already is not looked at.
    let data = unsafe {
        if array.as_ref().is_released() || schema.as_ref().release().is_none() {
            return Err(PyValueError::new_err("Arrow data: the array is released; its capsules can be read once"));
        }
        let array = FFI_ArrowArray::from_raw(array.as_ptr());
        from_ffi(array, schema.as_ref())
    };
    Ok(vec![make_array(data.map_err(arrow_error)?)])
}

fn stream(data: &Bound<'_, PyAny>) -> PyResult<ArrayStreamReader> {
    let capsule = data.call_method0("__arrow_c_stream__")?;
    let stream = pointer::<FFI_ArrowArrayStream>(&capsule, STREAM)?;
    // SAFETY: the capsule carries the name that the Arrow PyCapsule interface gives to this struct, so it points to a
    // valid one; `from_raw` moves the stream out and leaves a released one behind, which the capsule may drop.
    unsafe { ArrayStreamReader::from_raw(stream.as_ptr()) }.map_err(arrow_error)
}

/// The batches of an object that streams a table.
pub(super) fn batches(data: &Bound<'_, PyAny>) -> PyResult<impl Iterator<Item = PyResult<RecordBatch>> + Send + use<>> {
    let reader: Box<dyn Iterator<Item = Result<ArrayRef, ArrowError>> + Send> =
        match data.hasattr("__arrow_c_stream__")? {
            true => Box::new(stream(data)?),
            false => Box::new(arrays(data)?.into_iter().map(Ok)),
        };
    Ok(reader.map(|array| {
        let array = array.map_err(arrow_error)?;
        match array.data_type() {
            DataType::Struct(_) => table(StructArray::from(array.to_data())).map_err(arrow_error),
            other => Err(PyTypeError::new_err(format!("data: found a column of {other}; a table is due"))),
        }
    }))
}

/// A struct array as a batch: a row that is null becomes one of nulls.
fn table(rows: StructArray) -> Result<RecordBatch, ArrowError> {
    let (fields, columns, nulls) = rows.into_parts();
    let fields: Vec<_> = fields.iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    let schema = Arc::new(Schema::new(fields));
    if nulls.as_ref().is_none_or(|nulls| nulls.null_count() == 0) {
        return RecordBatch::try_new(schema, columns);
    }
    let masked = columns.iter().map(|column| {
        let both = NullBuffer::union(column.nulls(), nulls.as_ref());
        Ok(make_array(column.to_data().into_builder().nulls(both).build()?))
    });
    RecordBatch::try_new(schema, masked.collect::<Result<_, ArrowError>>()?)
}

/// Batches as a capsule that any Arrow library reads.
pub(super) fn export<'py>(
    py: Python<'py>,
    batches: Vec<RecordBatch>,
    schema: SchemaRef,
) -> PyResult<Bound<'py, PyCapsule>> {
    let reader: Box<dyn RecordBatchReader + Send> =
        Box::new(RecordBatchIterator::new(batches.into_iter().map(Ok), schema));
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), STREAM)
}

/// An array as the pair of capsules that any Arrow library reads.
pub(super) fn export_array<'py>(
    py: Python<'py>,
    array: &ArrayRef,
) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
    let (array, schema) = arrow_array::ffi::to_ffi(&array.to_data()).map_err(arrow_error)?;
    Ok((PyCapsule::new_with_value(py, schema, SCHEMA)?, PyCapsule::new_with_value(py, array, ARRAY)?))
}

/// The schema of a list of fields, empty of batches.
pub(super) fn empty(schema: &SchemaRef) -> RecordBatch {
    RecordBatch::new_empty(Arc::clone(schema))
}
