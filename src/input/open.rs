//! Opening a file: what may be opened, how gzip is unpacked, and whether the file is the same at the end.
//!
//! Input: a path. Output: a stream of plain bytes. Contract: nothing that could wait for ever is opened; a stream of
//! lines or text begins with text; what breaks a stream is an error that says what to do.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::bufread::GzDecoder;

use super::encoding::{self, Mend, content};
use super::told::grouped;
use crate::error::{Error, Result};

/// Plain bytes.
pub(super) type Stream = Box<dyn Read + Send>;

/// A file that is open, as it was then.
pub(super) struct Watch {
    path: PathBuf,
    file: File,
    before: Metadata,
    /// What the stream has to say when all is read.
    notes: Arc<Mutex<Vec<String>>>,
}

/// What is neither a file nor a folder, by its name.
fn special(about: &Metadata) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = about.file_type();
        let named = [
            (kind.is_fifo(), "a pipe"),
            (kind.is_socket(), "a socket"),
            (kind.is_char_device() || kind.is_block_device(), "a device"),
        ];
        if let Some((_, name)) = named.iter().find(|(is, _)| *is) {
            return Some(name);
        }
    }
    (!about.is_file() && !about.is_dir()).then_some("what is neither a file nor a folder")
}

/// Opens a file to read it.
pub(super) fn open(path: &Path) -> Result<(File, Watch)> {
    let io = |fault| Error::io(path, fault);
    // A pipe without a writer would be waited for when it is opened, so it is asked for before.
    if let Some(what) = special(&std::fs::metadata(path).map_err(io)?) {
        let message = format!("found {what}; a file is due; copy what comes out of it to a file");
        return Err(Error::data(path, 0, message));
    }
    let file = File::open(path).map_err(io)?;
    let watch = Watch {
        path: path.to_owned(),
        before: file.metadata().map_err(io)?,
        file: file.try_clone().map_err(io)?,
        notes: Arc::default(),
    };
    Ok((file, watch))
}

impl Watch {
    /// The file's bytes, unpacked.
    pub fn unpacked(&self, file: File) -> Stream {
        Box::new(Gunzip { at: Some(At::Start(BufReader::new(file))), bytes: 0, notes: self.notes.clone() })
    }

    /// Another handle of the same file.
    pub fn again(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// What is to be said once all is read.
    pub fn end(self) -> Vec<Error> {
        let notes = std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner));
        let mut faults: Vec<Error> = notes.into_iter().map(|note| Error::data(&self.path, 0, note)).collect();
        let (before, after) = match self.file.metadata() {
            Ok(after) => (&self.before, after),
            Err(fault) => return vec![Error::io(&self.path, fault)],
        };
        let changed = match (before.modified(), after.modified()) {
            (Ok(before), Ok(after)) => before != after,
            _ => false,
        };
        if changed || before.len() != after.len() {
            let (before, after) = (grouped(before.len()), grouped(after.len()));
            let message = format!(
                "the file has changed while it was read ({before} bytes before, {after} after); \
                 rows may be missing or torn; read it again"
            );
            faults.push(Error::data(&self.path, 0, message));
        }
        faults
    }
}

/// A stream of text: what its first bytes show to be something else is an error. `lines` says that it is read line by
/// line, so that a file in another encoding is told once and not for every line.
pub(super) fn text(path: &Path, input: Stream, lines: bool) -> Result<Stream> {
    let (head, input) = head(path, input)?;
    if let Some(mut content) = content(&head) {
        let twice = content.what == "gzip" && path.to_string_lossy().to_ascii_lowercase().ends_with(".gz");
        if twice {
            content.mend = Mend::Do("it is packed twice: unpack it once");
        }
        return Err(encoding::is_not_text(path, &content));
    }
    if let Some(fault) = lines.then(|| encoding::is_encoded(path, &head)).flatten() {
        return Err(fault);
    }
    Ok(Box::new(Cursor::new(head).chain(input)))
}

/// The first bytes of a stream, and the rest.
pub(super) fn head(path: &Path, mut input: Stream) -> Result<(Vec<u8>, Stream)> {
    let mut head = Vec::new();
    match input.by_ref().take(encoding::HEAD as u64).read_to_end(&mut head) {
        Err(fault) if head.is_empty() => Err(of_stream(path, 0, fault)),
        // What came before a fault is read first; the stream tells of the fault again.
        Ok(_) | Err(_) => Ok((head, input)),
    }
}

/// A whole stream, if it is no longer than `limit`.
pub(super) fn whole(path: &Path, input: Stream, limit: usize, mend: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|fault| of_stream(path, 0, fault))?;
    if bytes.len() > limit {
        let message = format!("the file holds more than {} bytes (max_bytes); {mend}", grouped(limit));
        return Err(Error::data(path, 0, message));
    }
    Ok(bytes)
}

/// The error for a stream that broke off on a line.
pub(super) fn of_stream(path: &Path, line: usize, fault: io::Error) -> Error {
    match fault.raw_os_error() {
        Some(_) => Error::io(path, fault),
        None => Error::data(path, line, fault.to_string()),
    }
}

enum At {
    Start(BufReader<File>),
    Inside(GzDecoder<BufReader<File>>),
    Broken(String),
}

/// Unpacks gzip, member after member.
struct Gunzip {
    /// None at the end.
    at: Option<At>,
    bytes: u64,
    notes: Arc<Mutex<Vec<String>>>,
}

impl Gunzip {
    /// Takes up the next member, if there is one.
    fn next(&mut self, mut input: BufReader<File>) -> io::Result<()> {
        let first = io::Seek::stream_position(&mut input)? == 0;
        let head = input.fill_buf()?;
        if head.starts_with(&[0x1F, 0x8B]) {
            self.at = Some(At::Inside(GzDecoder::new(input)));
        } else if first && !head.is_empty() {
            let what = content(head).map_or("no gzip", |content| content.what);
            let message = format!("found {what} where the name promises gzip; let the name not end in .gz");
            return Err(self.broken(message));
        } else if head.iter().any(|byte| *byte != 0) {
            let message = format!(
                "something that is not gzip stands after the end of the gzip, {} bytes of which were read; \
                 if rows are missing, write the file again",
                grouped(self.bytes)
            );
            self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        }
        Ok(())
    }

    /// The error that is told from now on.
    fn broken(&mut self, message: String) -> io::Error {
        self.at = Some(At::Broken(message.clone()));
        io::Error::new(io::ErrorKind::InvalidData, message)
    }

    fn told(&self, fault: &io::Error) -> String {
        let after = grouped(self.bytes);
        match fault.kind() {
            io::ErrorKind::UnexpectedEof => {
                format!("the gzip is cut: it ends after {after} bytes of what was packed; fetch or pack it again")
            }
            _ => {
                format!("the gzip is damaged ({fault}) after {after} bytes of what was packed; fetch or pack it again")
            }
        }
    }
}

impl Read for Gunzip {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            match self.at.take() {
                None => return Ok(0),
                Some(At::Broken(message)) => return Err(self.broken(message)),
                Some(At::Start(input)) => self.next(input)?,
                Some(At::Inside(mut member)) => match member.read(out) {
                    Ok(0) => self.next(member.into_inner())?,
                    Ok(read) => {
                        self.bytes += read as u64;
                        self.at = Some(At::Inside(member));
                        return Ok(read);
                    }
                    Err(fault) if fault.kind() == io::ErrorKind::Interrupted => self.at = Some(At::Inside(member)),
                    Err(fault) if fault.raw_os_error().is_some() => return Err(fault),
                    Err(fault) => {
                        let message = self.told(&fault);
                        return Err(self.broken(message));
                    }
                },
            }
        }
    }
}
