//! Arabic news in, tidy tables out: who is named, where, and when.

pub mod calendar;
pub mod cancel;
pub mod data;
pub mod date;
pub mod documents;
pub mod entity;
pub mod error;
pub mod input;
pub mod lexicon;
pub mod memory;
pub mod mention;
pub mod normalize;
pub mod offset;
pub mod output;
pub mod pipeline;
pub mod span;
pub mod table;
pub mod tagger;
pub mod token;
pub mod words;

#[cfg(feature = "python")]
mod python;

pub use error::{Error, Result};
