//! Tells the format of a stream by its beginning.
//!
//! After white space, `[` is an array. Where the first line that is not blank leaves a bracket open, and either ends in an opening
//! bracket or is followed by what only the inside of a container can begin with, the values are pretty-printed and concatenated.
//! Everything else, and whatever the first [`DETECTION_BYTES`] do not decide, is NDJSON.

use super::is_white;
use super::scan::Scan;
use super::trimmed_length;
use crate::kernel::{Choice, Kernel, Task};
use crate::proto::Format;
use memchr::memchr;

/// Bytes within which the format is decided, a byte order mark included: more than any first line of a pretty-printed value.
pub const DETECTION_BYTES: usize = 1_048_576;

/// Reads the beginning of a stream piece by piece.
#[derive(Debug)]
pub struct Detector {
    kernel: Choice,
    place: Place,
    /// Bytes that may still decide.
    left: usize,
}

#[derive(Debug)]
enum Place {
    Leading,
    /// In the first line that is not blank; `open_last` where its last byte so far that is not white space is an opening bracket.
    Line {
        scan: Scan,
        open_last: bool,
    },
    /// After that line.
    Next,
}

impl Detector {
    /// Stands after a byte order mark of `skipped` bytes.
    pub fn new(kernel: Choice, skipped: usize) -> Self {
        Self { kernel, place: Place::Leading, left: DETECTION_BYTES - skipped }
    }

    /// Reads the next bytes. A format, as soon as it is decided.
    pub fn push(&mut self, bytes: &[u8]) -> Option<Format> {
        let enough = bytes.len().min(self.left);
        let decided = self.read(&bytes[..enough]);
        self.left -= enough;
        decided.or((enough < bytes.len()).then_some(Format::Ndjson))
    }

    /// The stream is at an end.
    pub fn end(&self) -> Format {
        match self.place {
            Place::Line { scan, open_last: true } if scan.depth() > 0 => Format::Concatenated,
            _ => Format::Ndjson,
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Option<Format> {
        let mut at = 0;
        loop {
            match &mut self.place {
                Place::Leading => {
                    at += bytes[at..].iter().position(|byte| !is_white(*byte))?;
                    if bytes[at] == b'[' {
                        return Some(Format::Array);
                    }
                    self.place = Place::Line { scan: Scan::default(), open_last: false };
                }
                Place::Line { scan, open_last } => {
                    let line_feed = memchr(b'\n', &bytes[at..]).map(|count| at + count);
                    let line = &bytes[at..line_feed.unwrap_or(bytes.len())];
                    *open_last = self.kernel.run(ReadLine { scan, open_last: *open_last, line });
                    at = line_feed? + 1;
                    if scan.depth() == 0 {
                        return Some(Format::Ndjson);
                    }
                    if *open_last {
                        return Some(Format::Concatenated);
                    }
                    self.place = Place::Next;
                }
                Place::Next => {
                    let next = bytes[at..].iter().find(|byte| !is_white(**byte))?;
                    let inside = matches!(next, b'"' | b'}' | b']');
                    return Some(if inside { Format::Concatenated } else { Format::Ndjson });
                }
            }
        }
    }
}

/// Reads more of a line: whether the last byte that is not white space, of it or else of what stood before it, is an opening bracket.
struct ReadLine<'a> {
    scan: &'a mut Scan,
    open_last: bool,
    line: &'a [u8],
}

impl Task for ReadLine<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> bool {
        let last_opening = kernel.vectorize(
            #[inline(always)]
            || self.scan.last_opening(kernel, self.line),
        );
        match trimmed_length(self.line) {
            0 => self.open_last,
            length => last_opening == Some(length - 1),
        }
    }
}
