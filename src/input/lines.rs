//! A stream line by line, in bounded memory.
//!
//! Input: plain bytes. Output: lines with what ends them. Contract: a line over the limit is passed over and counted,
//! and the one after it comes next; lines can be put back and come again with the same numbers.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::open::{Stream, of_stream};
use super::told::grouped;
use crate::error::Error;

/// A line that is as many times longer than the limit is not looked for the end of.
const HOPELESS: u64 = 16;

/// What a line is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// All of it, with what ends it.
    Whole(Vec<u8>),
    /// Too long: how many bytes it has, and how many of them are quotes.
    Long {
        /// Bytes without those that end it.
        bytes: u64,
        /// How many of them are `"`.
        quotes: usize,
    },
    /// So long that its end was not looked for.
    Endless,
}

/// Lines of a stream.
pub(super) struct Lines {
    input: BufReader<Stream>,
    /// Whether a carriage return by itself ends a line.
    returns: bool,
    limit: usize,
    back: VecDeque<Vec<u8>>,
    /// The number of the line that was given last, from 1.
    pub number: usize,
}

impl Lines {
    pub fn new(input: Stream, returns: bool, limit: usize) -> Self {
        Self { input: BufReader::with_capacity(1 << 18, input), returns, limit, back: VecDeque::new(), number: 0 }
    }

    /// Puts lines back, in their order; the last of them is the one that was given last.
    pub fn put_back(&mut self, lines: impl DoubleEndedIterator<Item = Vec<u8>>) {
        for line in lines.rev() {
            self.back.push_front(line);
            self.number -= 1;
        }
    }

    /// The next line; none at the end.
    pub fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.back.pop_front() {
            self.number += 1;
            return Ok(Some(Line::Whole(line)));
        }
        let mut line = Vec::new();
        let (mut bytes, mut quotes) = (0, 0);
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
                Err(fault) => return Err(fault),
            };
            if buffer.is_empty() && bytes == 0 {
                return Ok(None);
            }
            if bytes == 0 {
                self.number += 1;
            }
            let end = match self.returns {
                true => memchr::memchr2(b'\n', b'\r', buffer),
                false => memchr::memchr(b'\n', buffer),
            };
            let piece = &buffer[..end.unwrap_or(buffer.len())];
            bytes += piece.len() as u64;
            if bytes > self.limit as u64 {
                if bytes == piece.len() as u64 || !line.is_empty() {
                    quotes += memchr::memchr_iter(b'"', &line).count();
                    line = Vec::new();
                }
                quotes += memchr::memchr_iter(b'"', piece).count();
                if bytes > HOPELESS.saturating_mul(self.limit as u64) {
                    return Ok(Some(Line::Endless));
                }
            } else {
                line.extend_from_slice(piece);
            }
            let (taken, done) = (piece.len(), buffer.is_empty());
            let Some(end) = end else {
                self.input.consume(taken);
                if done {
                    break;
                }
                continue;
            };
            let ending = buffer[end];
            self.input.consume(taken + 1);
            let paired = ending == b'\r' && self.input.fill_buf()?.first() == Some(&b'\n');
            if paired {
                self.input.consume(1);
            }
            if bytes <= self.limit as u64 {
                line.push(ending);
                line.extend(paired.then_some(b'\n'));
            }
            break;
        }
        Ok(Some(if bytes > self.limit as u64 { Line::Long { bytes, quotes } } else { Line::Whole(line) }))
    }

    /// The error for a row that is too long.
    pub fn too_long(&self, path: &Path, line: usize, bytes: u64) -> Error {
        let (bytes, limit) = (grouped(bytes), grouped(self.limit));
        Error::data(path, line, format!("the row has {bytes} bytes; at most {limit} are read; give a larger max_bytes"))
    }

    /// The error for a row whose end was not looked for.
    pub fn endless(&self, path: &Path, line: usize) -> Error {
        let (bytes, limit) = (grouped(HOPELESS.saturating_mul(self.limit as u64)), grouped(self.limit));
        let message = format!(
            "the row has no end in its first {bytes} bytes; at most {limit} are read; \
             the rest of the file is not read; give a larger max_bytes if it is an article"
        );
        Error::data(path, line, message)
    }

    /// The error for a stream that broke off.
    pub fn broken(&self, path: &Path, fault: io::Error) -> Error {
        of_stream(path, self.number.max(1), fault)
    }
}
