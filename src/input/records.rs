//! Rows of comma- or tab-separated values, as RFC 4180 has them, in bounded memory.
//!
//! Input: lines. Output: rows of cells with the line that they begin on. Contract: a quote that is never closed, or is
//! closed inside another cell, costs the line that it stands on and no other; rows end as lines do, in `\n`, `\r\n` or
//! `\r`, and lines without anything on them are no rows.

use std::path::Path;

use super::encoding;
use super::lines::{Line, Lines};
use super::open::Stream;
use crate::error::{Error, Result};

/// Reads one row after another; the cells are those of the row read last.
pub(super) struct Records {
    lines: Option<Lines>,
    limit: usize,
    delimiter: u8,
    /// The lines of the row, and where each begins.
    raw: Vec<u8>,
    starts: Vec<usize>,
    cells: Vec<u8>,
    ends: Vec<usize>,
    /// The line that the row begins on.
    pub line: usize,
}

/// What a line did to its row.
#[derive(PartialEq, Eq)]
enum Fed {
    /// The row ends.
    Done,
    /// The row goes on in the next line.
    Open,
    /// A quote of an earlier line closes inside a cell: it was never meant to reach here.
    Torn,
}

impl Records {
    pub fn new(input: Stream, delimiter: u8, limit: usize) -> Self {
        let lines = Some(Lines::new(input, true, limit));
        Self { lines, limit, delimiter, raw: vec![], starts: vec![], cells: vec![], ends: vec![], line: 0 }
    }

    /// How many cells the row has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell of the row; empty where there is none.
    pub fn cell(&self, place: usize) -> &[u8] {
        let start = if place == 0 { 0 } else { self.ends.get(place - 1).copied().unwrap_or(0) };
        self.ends.get(place).map_or(&[], |end| &self.cells[start..*end])
    }

    /// The delimiter as messages have it.
    pub fn shown(&self) -> &'static str {
        if self.delimiter == b'\t' { "tabs" } else { "commas" }
    }

    /// Reads the next row; none at the end. After an error the next row can be read, as far as there is one.
    pub fn read(&mut self, path: &Path) -> Option<Result<()>> {
        let mut lines = self.lines.take()?;
        let read = self.row(path, &mut lines);
        if !matches!(read, Row::Last(_) | Row::None) {
            self.lines = Some(lines);
        }
        match read {
            Row::None => None,
            Row::Read(Err(fault)) | Row::Last(fault) => Some(Err(fault)),
            Row::Read(Ok(())) if std::str::from_utf8(&self.raw).is_err() => {
                Some(Err(encoding::fault_in(path, self.line, &self.raw)))
            }
            Row::Read(Ok(())) => Some(Ok(())),
        }
    }

    fn row(&mut self, path: &Path, lines: &mut Lines) -> Row {
        self.raw.clear();
        self.starts.clear();
        self.cells.clear();
        self.ends.clear();
        // Where the quote stands that is open: its line and column.
        let mut quote = None;
        loop {
            let line = match lines.next() {
                Ok(Some(Line::Whole(mut line))) => {
                    if lines.number == 1 && line.starts_with("\u{FEFF}".as_bytes()) {
                        line.drain(.."\u{FEFF}".len());
                    }
                    line
                }
                Ok(Some(Line::Long { bytes, quotes })) => {
                    let first = lines.number - self.starts.len();
                    let open = (quotes % 2 == 1) != quote.is_some();
                    return self.pass_over(path, lines, first, bytes + self.raw.len() as u64, open);
                }
                Ok(Some(Line::Endless)) => return Row::Last(lines.endless(path, lines.number)),
                Ok(None) => match quote {
                    None => return Row::None,
                    Some((line, column)) => {
                        self.go_back(lines);
                        return Row::Read(Err(unclosed(path, line, column)));
                    }
                },
                Err(fault) => return Row::Last(lines.broken(path, fault)),
            };
            if quote.is_none() && matches!(line.as_slice(), b"\n" | b"\r\n" | b"\r") {
                continue;
            }
            if self.starts.is_empty() {
                self.line = lines.number;
            }
            self.starts.push(self.raw.len());
            self.raw.extend_from_slice(&line);
            match self.feed(&line, lines.number, &mut quote) {
                Fed::Done => return Row::Read(Ok(())),
                Fed::Open if self.raw.len() > self.limit => {
                    let bytes = self.raw.len() as u64;
                    return self.pass_over(path, lines, self.line, bytes, true);
                }
                Fed::Open => {}
                Fed::Torn => {
                    let (line, column) = quote.unwrap_or((self.line, 0));
                    self.go_back(lines);
                    return Row::Read(Err(unclosed(path, line, column)));
                }
            }
        }
    }

    /// Takes a line into the row. `quote` is where a quote is open, before and after.
    fn feed(&mut self, line: &[u8], number: usize, quote: &mut Option<(usize, usize)>) -> Fed {
        let content = line.len() - line.iter().rev().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let mut at = 0;
        let mut begins = quote.is_none();
        loop {
            if let Some((opened, _)) = *quote {
                let Some(found) = memchr::memchr(b'"', &line[at..]) else {
                    self.cells.extend_from_slice(&line[at..]);
                    return Fed::Open;
                };
                self.cells.extend_from_slice(&line[at..at + found]);
                at += found + 1;
                match line.get(at) {
                    Some(b'"') => {
                        self.cells.push(b'"');
                        at += 1;
                    }
                    Some(next) if *next != self.delimiter && at < content && opened != number => return Fed::Torn,
                    // What stands behind the quote on its line belongs to the cell.
                    _ => *quote = None,
                }
            } else if begins && line.get(at) == Some(&b'"') {
                let column = String::from_utf8_lossy(&line[..at]).chars().count() + 1;
                *quote = Some((number, column));
                begins = false;
                at += 1;
            } else {
                let end = memchr::memchr(self.delimiter, &line[at..content]).map(|found| at + found);
                self.cells.extend_from_slice(&line[at..end.unwrap_or(content)]);
                self.ends.push(self.cells.len());
                match end {
                    None => return Fed::Done,
                    Some(end) => at = end + 1,
                }
                begins = true;
            }
        }
    }

    /// Reads to the end of a row that is too long, without keeping it. `open` says that a quote is.
    fn pass_over(&mut self, path: &Path, lines: &mut Lines, first: usize, mut bytes: u64, mut open: bool) -> Row {
        (self.raw, self.cells) = (Vec::new(), Vec::new());
        while open {
            let quotes = match lines.next() {
                Ok(None) => break,
                Ok(Some(Line::Whole(line))) => {
                    bytes += line.len() as u64;
                    memchr::memchr_iter(b'"', &line).count()
                }
                Ok(Some(Line::Long { bytes: more, quotes })) => {
                    bytes += more;
                    quotes
                }
                Ok(Some(Line::Endless)) => return Row::Last(lines.endless(path, first)),
                Err(fault) => return Row::Last(lines.broken(path, fault)),
            };
            open = (quotes % 2 == 1) != open;
        }
        let fault = lines.too_long(path, first, bytes);
        Row::Read(Err(if open { quoted_to_the_end(path, first, fault) } else { fault }))
    }

    /// Lets all lines of the row but its first come again.
    fn go_back(&mut self, lines: &mut Lines) {
        let ends = self.starts.iter().skip(2).copied().chain([self.raw.len()]);
        let pairs: Vec<(usize, usize)> = self.starts.iter().skip(1).copied().zip(ends).collect();
        lines.put_back(pairs.into_iter().map(|(start, end)| self.raw[start..end].to_vec()));
    }
}

enum Row {
    Read(Result<()>),
    /// Nothing can be read after it.
    Last(Error),
    None,
}

fn unclosed(path: &Path, line: usize, column: usize) -> Error {
    let message = "the quote that opens here is not closed; close it, or write a quote that belongs to the text twice \
                   (\"\") in a cell with quotes around it";
    Error::data_at(path, line, column, message)
}

fn quoted_to_the_end(path: &Path, line: usize, fault: Error) -> Error {
    match fault {
        Error::Data { message, .. } => {
            Error::data(path, line, format!("{message}; or close the quote that opens in it, for it goes to the end"))
        }
        other => other,
    }
}
