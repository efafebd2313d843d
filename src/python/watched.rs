//! Long work without the GIL, with Ctrl-C answered and progress told in between.

use pyo3::prelude::*;

use crate::cancel;

/// Bytes of text from which work is long: a few tenths of a second. A thread to watch it costs what 50 bytes do.
const LONG: usize = 1 << 20;

/// Does work on `bytes` of text without the GIL. Where that is long, Python's signals are answered and `between` is
/// called all 50 ms; an exception of either calls the work off and is raised when it has ended.
pub(super) fn watched<R: Send>(
    py: Python<'_>,
    bytes: usize,
    work: impl FnOnce() -> R + Send,
    mut between: impl FnMut(Python<'_>) -> PyResult<()> + Send,
) -> PyResult<R> {
    if bytes < LONG {
        let result = py.detach(work);
        py.check_signals()?;
        return Ok(result);
    }
    py.detach(|| {
        cancel::watch(work, || {
            Python::attach(|py| {
                py.check_signals()?;
                between(py)
            })
        })
    })
}

/// [`watched`], with nothing to tell.
pub(super) fn quiet<R: Send>(py: Python<'_>, bytes: usize, work: impl FnOnce() -> R + Send) -> PyResult<R> {
    watched(py, bytes, work, |_| Ok(()))
}
