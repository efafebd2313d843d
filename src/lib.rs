//! Arabic news in, tidy tables out: who is named, where, and when.

pub mod calendar;
pub mod data;
pub mod date;
pub mod error;
pub mod normalize;
pub mod offset;
pub mod span;
pub mod token;

pub use error::{Error, Result};
