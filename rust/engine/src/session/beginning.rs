//! The first bytes of a stream, until its encoding and format are certain.

use crate::frame::{DETECTION_BYTES, Detector, Encoding, Ended, encoding};
use crate::kernel::Choice;
use crate::memory::{Budget, MemoryRefused, ReservedBuffer};
use crate::proto::Format;
use std::sync::Arc;

/// Bytes that are enough for any decision: one beyond those that may decide.
const ENOUGH: usize = DETECTION_BYTES + 1;

/// What the beginning of a stream told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) format: Format,
    /// UTF-16 or UTF-32.
    pub(super) unsupported: bool,
    /// Bytes of the byte order mark.
    pub(super) mark: usize,
    /// How many of the bytes pushed last are among those that were held.
    pub(super) bytes_of_last: usize,
}

#[derive(Debug)]
pub(super) struct Beginning {
    decider: Decider,
    held: ReservedBuffer,
}

impl Beginning {
    pub(super) fn new(declared: Option<Format>, kernel: Choice, budget: Arc<Budget>) -> Self {
        Self { decider: Decider { declared, kernel, detector: None, read: 0 }, held: ReservedBuffer::new(budget) }
    }

    /// Reads the next bytes, and holds them unless they decide and nothing had to be held before them.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Option<Decision>, MemoryRefused> {
        if self.held.as_slice().is_empty() {
            let decision = self.decider.decide(bytes, Ended::No);
            if decision.is_some() {
                return Ok(decision);
            }
        }
        let bytes_of_last = bytes.len().min(ENOUGH - self.held.as_slice().len());
        self.held.extend(&bytes[..bytes_of_last], ENOUGH)?;
        let decision = self.decider.decide(self.held.as_slice(), Ended::No);
        Ok(decision.map(|decision| Decision { bytes_of_last, ..decision }))
    }

    /// Decides by what is held, after which no more comes.
    pub(super) fn end(&mut self) -> Option<Decision> {
        self.decider.decide(self.held.as_slice(), Ended::Yes)
    }

    /// The format as far as it is known: what is declared, else the one that what does not decide is taken for.
    pub(super) fn likely_format(&self) -> Format {
        self.decider.declared.unwrap_or(Format::Ndjson)
    }

    /// What is held.
    pub(super) fn into_held(self) -> ReservedBuffer {
        self.held
    }
}

#[derive(Debug)]
struct Decider {
    declared: Option<Format>,
    kernel: Choice,
    detector: Option<Detector>,
    /// Bytes that the detector has read, the byte order mark among them.
    read: usize,
}

impl Decider {
    /// Decides by `all` bytes that came so far, always where the stream has ended.
    fn decide(&mut self, all: &[u8], ended: Ended) -> Option<Decision> {
        let (mark, unsupported) = match encoding(all, ended) {
            Encoding::Undecided => return None,
            Encoding::Unsupported => (0, true),
            Encoding::Utf8 => (0, false),
            Encoding::Utf8WithMark => (3, false),
        };
        let format = match self.declared {
            Some(declared) => Some(declared),
            None if unsupported => Some(Format::Ndjson),
            None => self.detect(all, mark, ended),
        };
        format.map(|format| Decision { format, unsupported, mark, bytes_of_last: 0 })
    }

    fn detect(&mut self, all: &[u8], mark: usize, ended: Ended) -> Option<Format> {
        let detector = self.detector.get_or_insert_with(|| Detector::new(self.kernel, mark));
        let from = self.read.max(mark);
        self.read = all.len();
        detector.push(&all[from..]).or_else(|| (ended == Ended::Yes).then(|| detector.end()))
    }
}
