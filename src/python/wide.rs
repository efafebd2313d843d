//! Python strings as code points in and UTF-16 out.
//!
//! Contract: what goes through [`Strings::normalize`] is what the same str read as UTF-8 gives. CPython turns its
//! strings into code points and back several times as fast as into UTF-8 and back, and keeps no UTF-8 beside the str;
//! ASCII is the exception, which is UTF-8 already.

use std::cell::Cell;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::strings::Text;
use crate::normalize::Normalizer;

/// Texts of so many code points and more are normalized without the GIL: letting go of it costs more than a short one.
const LONG: usize = 1 << 12;

/// The most units that a thread keeps between calls.
const KEPT: usize = 1 << 20;

/// Memory that is used for one string after another.
#[derive(Default)]
pub(super) struct Strings {
    points: Vec<u32>,
    units: Vec<u16>,
    bytes: Vec<u8>,
}

thread_local! {
    static SPARE: Cell<Option<Box<Strings>>> = const { Cell::new(None) };
}

impl Strings {
    /// This thread's memory, or new memory where a call on this thread holds it.
    pub fn take() -> Box<Self> {
        SPARE.take().unwrap_or_default()
    }

    /// Gives the memory back for the thread's next call, unless it has grown large.
    pub fn give_back(self: Box<Self>) {
        if self.points.len().max(self.units.capacity()).max(self.bytes.capacity()) <= KEPT {
            SPARE.set(Some(self));
        }
    }

    /// The normalized str.
    pub fn normalize<'py>(
        &mut self,
        normalizer: &Normalizer,
        text: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyString>> {
        let py = text.py();
        let length = text.len()?;
        if seems_ascii(text, length) {
            return self.normalize_utf8(normalizer, text, length);
        }
        self.read(text, length)?;
        let points = &self.points[..length];
        self.units.clear();
        if length < LONG {
            normalizer.append_utf16(points, &mut self.units);
        } else {
            py.detach(|| normalizer.append_utf16(points, &mut self.units));
        }
        string(py, &self.units)
    }

    fn normalize_utf8<'py>(
        &mut self,
        normalizer: &Normalizer,
        text: &Bound<'py, PyString>,
        length: usize,
    ) -> PyResult<Bound<'py, PyString>> {
        let (py, text) = (text.py(), Text::read(text)?);
        self.bytes.clear();
        if length < LONG {
            normalizer.append(text.as_str(), &mut self.bytes);
        } else {
            py.detach(|| normalizer.append(text.as_str(), &mut self.bytes));
        }
        PyString::from_bytes(py, &self.bytes)
    }

    /// Reads the code points, as many as there are, to the head of `points`.
    fn read(&mut self, text: &Bound<'_, PyString>, length: usize) -> PyResult<()> {
        if self.points.len() < length {
            self.points.resize(length, 0);
        }
        let (points, room) = (self.points.as_mut_ptr(), self.points.len() as ffi::Py_ssize_t);
        // SAFETY: `text` is a str, and `points` has room for as many code points as the call is told; it writes no
        // more, and fails if the str is longer.
        let written = unsafe { ffi::PyUnicode_AsUCS4(text.as_ptr(), points, room, 0) };
        if written.is_null() { Err(PyErr::fetch(text.py())) } else { Ok(()) }
    }
}

/// True if four letters, from the first to the last, of a text that has any are ASCII. A wrong guess costs time and
/// nothing else.
pub(super) fn seems_ascii(text: &Bound<'_, PyString>, length: usize) -> bool {
    length > 0
        && (0..4).all(|quarter| {
            let place = (length - 1) * quarter / 3;
            // SAFETY: `text` is a str, and the call checks the place, which lies in it.
            let point = unsafe { ffi::PyUnicode_ReadChar(text.as_ptr(), place as ffi::Py_ssize_t) };
            point < 0x80
        })
}

/// The str of well-formed UTF-16.
fn string<'py>(py: Python<'py>, units: &[u16]) -> PyResult<Bound<'py, PyString>> {
    let bytes = size_of_val(units) as ffi::Py_ssize_t;
    // An order must be named: without one, a byte order mark at the head would be taken off.
    let mut order = if cfg!(target_endian = "little") { -1 } else { 1 };
    // SAFETY: the pointer and the number of bytes are those of a slice, which the call only reads; the str that it
    // returns, or null with an exception set, is ours.
    let text = unsafe {
        let text = ffi::PyUnicode_DecodeUTF16(units.as_ptr().cast(), bytes, std::ptr::null(), &mut order);
        Bound::from_owned_ptr_or_err(py, text)
    };
    Ok(text?.cast_into()?)
}
