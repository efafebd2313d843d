//! Python strings as UTF-8.
//!
//! Contract: an ASCII str is read in place, any other is encoded anew: CPython would keep the UTF-8 that it is asked for
//! beside the caller's str, for as long as that lives. A lone surrogate, which UTF-8 cannot hold, is read as U+FFFD
//! REPLACEMENT CHARACTER: one code point for one, so that positions hold.

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyBytes, PyString};

use super::errors::type_error;
use super::wide::seems_ascii;

/// The UTF-8 of a Python str, kept alive without the GIL.
pub(super) enum Text {
    Backed(PyBackedStr),
    Encoded(String),
}

impl Text {
    /// Reads a str; `argument` is named in the error for anything else.
    pub fn of(argument: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::read(value.cast::<PyString>().map_err(|_| type_error(argument, value, "a str is due"))?)
    }

    /// Reads a str.
    pub fn read(text: &Bound<'_, PyString>) -> PyResult<Self> {
        if seems_ascii(text, text.len()?)
            && let Ok(text) = PyBackedStr::try_from(text.clone())
        {
            return Ok(Text::Backed(text));
        }
        if let Ok(encoded) = text.encode_utf8()
            && let Ok(text) = simdutf8::basic::from_utf8(encoded.as_bytes())
        {
            return Ok(Text::Encoded(text.to_owned()));
        }
        mend(text).map(Text::Encoded)
    }

    pub fn as_str(&self) -> &str {
        match self {
            Text::Backed(text) => text,
            Text::Encoded(text) => text,
        }
    }
}

fn mend(text: &Bound<'_, PyString>) -> PyResult<String> {
    let encoded = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
    let mut bytes = encoded.cast::<PyBytes>()?.as_bytes().to_vec();
    let mut at = 0;
    while at + 2 < bytes.len() {
        if bytes[at] == 0xED && bytes[at + 1] >= 0xA0 {
            bytes[at..at + 3].copy_from_slice("\u{FFFD}".as_bytes());
            at += 2;
        }
        at += 1;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads an item of a list of texts: a str, or what stands for a missing one (None, NaN, pandas.NA).
pub(super) fn item(argument: &str, place: usize, value: &Bound<'_, PyAny>) -> PyResult<Option<Text>> {
    string(argument, place, value)?.map(Text::read).transpose()
}

/// An item of a list of texts as it stands, or none for a missing one.
pub(super) fn string<'a, 'py>(
    argument: &str,
    place: usize,
    value: &'a Bound<'py, PyAny>,
) -> PyResult<Option<&'a Bound<'py, PyString>>> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Some(text));
    }
    if is_missing(value) {
        return Ok(None);
    }
    Err(type_error(&format!("{argument}[{place}]"), value, "a str or None is due"))
}

/// True for None, a float that is not a number, and pandas' NA and NaT.
pub(super) fn is_missing(value: &Bound<'_, PyAny>) -> bool {
    if value.is_none() {
        return true;
    }
    if let Ok(number) = value.extract::<f64>() {
        return number.is_nan() && value.is_instance_of::<pyo3::types::PyFloat>();
    }
    value.get_type().name().is_ok_and(|name| name == "NAType" || name == "NaTType")
}
