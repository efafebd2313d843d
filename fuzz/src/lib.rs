//! The fuzz targets' checks; the tests of the package run them too.

mod checks;
#[path = "../../tests/it/reference.rs"]
mod reference;

pub use checks::{analyze, differential, lists, normalize, tokenize, weights};
