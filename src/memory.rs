//! Asking for memory before it is needed.
//!
//! Contract: where the system would not give what work on a text takes at most, the work is not begun and nothing is
//! lost. Rust ends the process where memory runs out in the middle, so that this is looked at between texts.

use crate::error::{Error, Result};

/// What the analysis of one text takes while it goes on, in bytes for each of the text's.
pub const ANALYSIS: usize = 72;
/// What is kept of a text's findings.
pub const FINDINGS: usize = 9;
/// What normalizing a text takes.
pub const NORMALIZATION: usize = 4;
/// What is kept free for all else.
const SPARE: usize = 64 << 20;

/// An error unless the system would give so many bytes more.
pub fn room(bytes: usize) -> Result<()> {
    let due = bytes.saturating_add(SPARE);
    let mut probe: Vec<u8> = Vec::new();
    probe.try_reserve_exact(due).map_err(|_| Error::Memory { due })?;
    // A vector that nobody looks at need not be made.
    std::hint::black_box(probe.as_ptr());
    Ok(())
}
