//! The binding: signatures, the GIL, errors and Arrow capsules, and nothing else.
//!
//! Contract: every call that works on text lets go of the GIL; positions that cross are code points; each
//! [`crate::Error`] becomes one Python exception. The package `marsad` in `python/` is what users see.

mod analyzer;
mod capsule;
mod errors;
mod files;
mod lexicon;
mod normalizer;
mod strings;
mod tables;
mod watched;
mod wide;

#[pyo3::pymodule(gil_used = false)]
mod _marsad {
    #[pymodule_export]
    use super::analyzer::{Analysis, Analyzer, Counter};
    #[pymodule_export]
    use super::errors::DataError;
    #[pymodule_export]
    use super::files::{Reader, Writer, read_text};
    #[pymodule_export]
    use super::normalizer::{Alignment, Normalizer, options, profiles, tokenize};
    #[pymodule_export]
    use super::tables::{Batches, Chunk, columns};

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
