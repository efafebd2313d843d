//! Bytes as text, and what they are where they are none: another encoding, a packed file, a file of another program.
//!
//! Input: bytes. Output: text in UTF-8, or an error. Contract: the error says where the bytes stop being UTF-8, what
//! they look like, and how one makes UTF-8 of them. A guess is only ever made about bytes that are not UTF-8, or that
//! no text has.

use std::path::Path;

use crate::error::{Error, Result};

/// What a file is by its first bytes.
pub(super) struct Content {
    /// With its article: "a zip archive".
    pub what: &'static str,
    /// What to do about it.
    pub mend: Mend,
}

/// How something is made readable.
#[derive(Clone, Copy)]
pub(super) enum Mend {
    /// By words of its own.
    Do(&'static str),
    /// By writing the text again; the name is Python's for the encoding.
    Encode(&'static str),
}

impl std::fmt::Display for Mend {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Mend::Do(words) => out.write_str(words),
            Mend::Encode(codec) => {
                write!(out, "re-encode it in Python: Path(NEW).write_text(Path(OLD).read_text(\"{codec}\"), \"utf-8\")")
            }
        }
    }
}

const UNPACK: Mend = Mend::Do("unpack it first");
const EXPORT: Mend = Mend::Do("save what it holds as .csv or .txt first");

/// First bytes that say what a file is.
const MAGIC: [(&[u8], &str, Mend); 17] = [
    (b"\x1F\x8B", "gzip", Mend::Do("let its name end in .gz, or unpack it")),
    (b"PK\x03\x04", "a zip archive or an Office file", UNPACK),
    (b"PK\x05\x06", "an empty zip archive", UNPACK),
    (b"\xFD7zXZ\0", "xz", UNPACK),
    (b"\x28\xB5\x2F\xFD", "zstd", UNPACK),
    (b"BZh", "bzip2", UNPACK),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
    (b"Rar!\x1A\x07", "a rar archive", UNPACK),
    (b"PAR1", "a parquet file", Mend::Do("let its name end in .parquet")),
    (b"PARE", "an encrypted parquet file", Mend::Do("write it without encryption")),
    (b"ARROW1", "an Arrow file", Mend::Do("write it as .parquet")),
    (b"SQLite format 3\0", "an SQLite database", EXPORT),
    (b"\xD0\xCF\x11\xE0", "an old Office file", EXPORT),
    (b"%PDF-", "a PDF", EXPORT),
    (b"\xFF\xFE\0\0", "UTF-32", Mend::Encode("utf-32")),
    (b"\0\0\xFE\xFF", "UTF-32", Mend::Encode("utf-32")),
    (b"\xFE\xFF", "UTF-16", Mend::Encode("utf-16")),
];

/// What the first bytes of a file show it to be, where that is not text in UTF-8 or an encoding near to it.
pub(super) fn content(head: &[u8]) -> Option<Content> {
    let known = |what, mend| Some(Content { what, mend });
    let magic = |magic: &[u8]| match magic {
        // Letters that a text may begin with, so that more is asked for.
        b"BZh" => head.len() > 9 && head[3].is_ascii_digit() && head[4..10] == *b"1AY&SY",
        _ => head.starts_with(magic),
    };
    if let Some(&(_, what, mend)) = MAGIC.iter().find(|(bytes, ..)| magic(bytes)) {
        return known(what, mend);
    }
    if head.starts_with(b"\xFF\xFE") {
        return known("UTF-16", Mend::Encode("utf-16"));
    }
    if head.len() >= 16 {
        // Arabic letters and ASCII have 6 and 0 as their upper byte.
        let share = |width: usize, upper: usize| {
            let units = head.chunks_exact(width);
            let of = units.len();
            let like = units.filter(|unit| {
                let between = if width == 4 { &unit[1..3] } else { &[] };
                matches!(unit[upper], 0 | 6)
                    && unit[width - 1 - upper] > 6
                    && between.iter().all(|b| matches!(b, 0 | 6))
            });
            like.count() * 10 >= of * 9
        };
        for (width, upper, what, codec) in [
            (4, 3, "UTF-32 without a byte order mark", "utf-32-le"),
            (4, 0, "UTF-32 without a byte order mark", "utf-32-be"),
            (2, 1, "UTF-16 without a byte order mark", "utf-16-le"),
            (2, 0, "UTF-16 without a byte order mark", "utf-16-be"),
        ] {
            if share(width, upper) {
                return known(what, Mend::Encode(codec));
            }
        }
    }
    let nulls = memchr::memchr_iter(0, head).count();
    (nulls * 10 > head.len())
        .then_some(Content { what: "binary data", mend: Mend::Do("give the file that the text is in") })
}

/// The encoding of one byte a letter that bytes look like, with Python's name for it.
fn letters(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let head = &bytes[..bytes.len().min(1 << 16)];
    let high = head.iter().filter(|byte| !byte.is_ascii()).count();
    let pairs = |pair: [u8; 2]| head.windows(2).filter(|two| **two == pair).count();
    let count = |one: u8| memchr::memchr_iter(one, head).count();
    let written = head.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    if high * 4 < written {
        return Some(("Latin-1 or Windows-1252", "cp1252"));
    }
    let arabic = head.iter().filter(|&&byte| matches!(byte, 0xC1..=0xF2)).count();
    if arabic * 3 < high * 2 {
        return None;
    }
    // The article, ya and, by itself, waw, tell the two apart.
    let windows = 2 * pairs([0xC7, 0xE1]) + count(0xED);
    let iso = 2 * pairs([0xC7, 0xE4]) + count(0xEA) + pairs([b' ', 0xE8]);
    if iso <= windows {
        return Some(("Windows-1256", "cp1256"));
    }
    // ISO-8859-6 has no digits, brackets and blanks above ASCII but these.
    let mac = head.iter().any(|&byte| matches!(byte, 0x80..=0xAB | 0xAD..=0xBA | 0xBC..=0xBE) && byte != 0xA4);
    Some(if mac { ("MacArabic", "mac_arabic") } else { ("ISO-8859-6", "iso8859_6") })
}

/// Where and why bytes are not UTF-8: the place, and the message.
fn broken(bytes: &[u8]) -> Option<(usize, String)> {
    let fault = std::str::from_utf8(bytes).err()?;
    let at = fault.valid_up_to();
    let found = format!("byte 0x{:02X} is not UTF-8", bytes[at]);
    let message = if !bytes[..at].is_ascii() {
        // What stands before is UTF-8, and not by chance.
        let why = if fault.error_len().is_none() { "a letter is cut in two" } else { "what stands before it is" };
        format!(
            "{found}, {why}; mend that place, or in Python: \
             Path(NEW).write_text(Path(OLD).read_text(\"utf-8\", \"replace\"), \"utf-8\")"
        )
    } else {
        match letters(bytes) {
            Some((name, codec)) => format!("{found} (it looks like {name}); {}", Mend::Encode(codec)),
            None => format!("{found}; re-encode the file as UTF-8"),
        }
    };
    Some((at, message))
}

/// Checks bytes that begin on line `line`, counted by `\n`.
pub(super) fn utf8(path: &Path, line: usize, bytes: Vec<u8>) -> Result<String> {
    match simdutf8::basic::from_utf8(&bytes) {
        Ok(_) => String::from_utf8(bytes).map_err(|fault| Error::data(path, line, fault.to_string())),
        Err(_) => Err(fault(path, line, &bytes)),
    }
}

/// The error for bytes that are not UTF-8.
pub(super) fn fault(path: &Path, line: usize, bytes: &[u8]) -> Error {
    if let Some(content) = content(&bytes[..bytes.len().min(HEAD)]).filter(|_| line == 1) {
        return is_not_text(path, &content);
    }
    fault_in(path, line, bytes)
}

/// The error for bytes of a file that is text elsewhere.
pub(super) fn fault_in(path: &Path, line: usize, bytes: &[u8]) -> Error {
    let Some((at, message)) = broken(bytes) else {
        return Error::data(path, line, "the bytes are not UTF-8");
    };
    let before = &bytes[..at];
    let line = line + memchr::memchr_iter(b'\n', before).count();
    let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    Error::data_at(path, line, column, message)
}

/// The error for a file that holds no text.
pub(super) fn is_not_text(path: &Path, content: &Content) -> Error {
    Error::data(path, 0, format!("found {}; text in UTF-8 is due; {}", content.what, content.mend))
}

/// Bytes at the beginning of a file that tell what it is.
pub(super) const HEAD: usize = 1 << 14;
/// Bytes above ASCII without which no encoding is told from another.
const TELLING: usize = 16;

/// The error for a file of lines whose head is in another encoding as a whole: two or more of its lines have letters
/// above ASCII, and no line has them in UTF-8. Where one line can be read, the others are faults of their own.
pub(super) fn is_encoded(path: &Path, head: &[u8]) -> Option<Error> {
    let whole = &head[..memchr::memrchr(b'\n', head).map_or(head.len(), |end| end + 1)];
    let mut lines = 0;
    for line in whole.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        let valid = std::str::from_utf8(line).map_or_else(|fault| fault.valid_up_to(), str::len);
        if !line[..valid].is_ascii() {
            return None;
        }
        lines += 1;
    }
    let high = whole.iter().filter(|byte| !byte.is_ascii()).count();
    (lines > 1 && high >= TELLING && letters(whole).is_some()).then(|| fault(path, 1, whole))
}
