//! Which Python exception each error becomes.

use pyo3::exceptions::{PyKeyError, PyMemoryError, PyOSError, PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::Error;

pyo3::create_exception!(
    marsad,
    DataError,
    PyValueError,
    "A file or table that does not hold what it should: the message names it, the line, what was found and what is due."
);

impl From<Error> for PyErr {
    fn from(fault: Error) -> Self {
        let message = fault.to_string();
        match fault {
            Error::Option { .. } => PyValueError::new_err(message),
            Error::Column { .. } => PyKeyError::new_err(message),
            Error::Type { .. } => PyTypeError::new_err(message),
            Error::Memory { .. } => PyMemoryError::new_err(message),
            Error::Data { .. } => DataError::new_err(message),
            Error::Io { path, source } => match source.raw_os_error() {
                Some(code) => PyOSError::new_err((code, strip_code(&source), path.into_os_string())),
                None if source.kind() == std::io::ErrorKind::InvalidInput
                    || source.kind() == std::io::ErrorKind::UnexpectedEof
                    || source.kind() == std::io::ErrorKind::InvalidData =>
                {
                    DataError::new_err(message)
                }
                None => PyOSError::new_err(message),
            },
        }
    }
}

/// The system's sentence without the code, which Python prints itself.
fn strip_code(fault: &std::io::Error) -> String {
    let message = fault.to_string();
    message.split(" (os error").next().unwrap_or(&message).to_owned()
}

/// A TypeError that names the argument, what was found and what is due.
pub(super) fn type_error(argument: &str, found: &Bound<'_, PyAny>, accepted: &str) -> PyErr {
    let name = found.get_type().name().map_or_else(|_| "an object".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("{argument}: found {name}; {accepted}"))
}
