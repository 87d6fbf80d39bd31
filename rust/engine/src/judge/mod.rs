//! Decides whether one record is valid JSON under the rules of a plan and, if not, where it first goes wrong.
//!
//! This is the clear judge: one pass over the bytes with an explicit stack, table-driven, portable, with no tree of values and no
//! allocation per record. It favours being seen to be right over speed.
//!
//! The order of faults falls out of the pass. It stops at the first fault it meets, and it meets faults in the order of their
//! offsets; the two that are only certain later than their offset (a duplicate key, a lone surrogate) are decided before anything
//! behind their offset can be wrong. Bad UTF-8 is looked for ahead of the pass: the record is then judged up to the bad sequence only,
//! so that a fault before it wins, and otherwise the place where the pass ended is the place of the bad sequence.

mod describe;
mod keys;
mod path;
mod scalar;
mod table;
mod text;
mod word;

pub use describe::{Detail, Expected};
pub(crate) use path::{MAX_PATH_BYTES, MAX_POINTER_BYTES, Segment, cut, pointer, write_path};
pub use text::Unescaped;

use crate::Halt;
use crate::memory::Budget;
use crate::proto::ViolationCode;
pub(crate) use keys::{Keys, Telling};
use scalar::Quoted;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use table::{Kind, kind};

/// Bytes after which a long run looks whether it was cancelled: some 0.1 ms of work.
pub const WATCH_BYTES: usize = 256 << 10;

/// What makes a record valid, beside RFC 8259 and UTF-8.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Whether keys of one object may be equal.
    pub allow_duplicate_keys: bool,
    /// Containers that may be open at once.
    pub max_depth: u32,
    /// Bytes of a record; a longer one is never judged.
    pub max_record_bytes: u64,
}

/// Where a record first goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The rule that is broken.
    pub code: ViolationCode,
    /// Offset in the record; its length where the record ends too early.
    pub at: usize,
    /// What a message can say about it.
    pub detail: Detail,
    /// What its pointer names.
    pub(crate) place: Place,
}

impl Fault {
    /// A fault of a record as a whole.
    pub fn of_record(code: ViolationCode, at: usize, detail: Detail) -> Self {
        Self { code, at, detail, place: Place::Record }
    }
}

/// What the pointer of a fault names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The record.
    Record,
    /// The innermost container that is open.
    Container,
    /// What is under way or due in that container.
    Inside,
}

/// What the judge found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// The record is valid; with duplicate keys allowed, how many keys repeat an earlier one of their object.
    Valid {
        /// Keys that repeat an earlier one of their object.
        duplicate_keys: u64,
    },
    /// The record is invalid.
    Invalid(Fault),
}

/// Why a pass stopped before the end of its record.
enum Stop {
    Fault(Fault),
    Halt(Halt),
}

impl From<Halt> for Stop {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

/// An open container.
#[derive(Debug, Clone, Copy)]
enum Level {
    Array {
        index: u32,
    },
    /// `first_key` is the number of keys that were open before this object; `key` is the current one, without its quotes.
    Object {
        first_key: u32,
        key: Span,
    },
}

/// A range of bytes of the record. Records are shorter than 2^32 bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    pub(crate) fn of(self, record: &[u8]) -> &[u8] {
        &record[self.start as usize..self.end as usize]
    }
}

/// What may stand next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    FirstElement,
    FirstKey,
    Key,
    Colon,
    After,
}

/// Judges one record after the other, reusing its stack and tables. One thread at a time.
#[derive(Debug)]
pub struct Judge {
    rules: Rules,
    cancelled: Arc<AtomicBool>,
    levels: Vec<Level>,
    keys: Keys,
    duplicate_keys: u64,
}

impl Judge {
    /// A judge that stops when `cancelled` is set, and pays for large tables of keys from `budget`.
    pub fn new(rules: Rules, budget: Arc<Budget>, cancelled: Arc<AtomicBool>) -> Self {
        Self { rules, cancelled, levels: Vec::new(), keys: Keys::new(Telling::AtOnce, budget), duplicate_keys: 0 }
    }

    /// Judges `record`, which begins and ends with bytes that are not white space, or is empty.
    pub fn judge(&mut self, record: &[u8]) -> Result<Judgement, Halt> {
        let valid = self.valid_utf8(record)?;
        self.levels.clear();
        self.keys.clear();
        self.duplicate_keys = 0;
        let fault = match self.pass(&record[..valid]) {
            Ok(()) if valid == record.len() => return Ok(Judgement::Valid { duplicate_keys: self.duplicate_keys }),
            // A complete text that ends in a number or literal at the bad sequence has no container around it.
            Ok(()) => Fault::of_record(ViolationCode::InvalidUtf8, valid, Detail::BadSequence),
            Err(Stop::Fault(fault)) if fault.at == valid && valid < record.len() => {
                Fault { code: ViolationCode::InvalidUtf8, detail: Detail::BadSequence, ..fault }
            }
            Err(Stop::Fault(fault)) => fault,
            Err(Stop::Halt(halt)) => return Err(halt),
        };
        Ok(Judgement::Invalid(fault))
    }

    /// Length of the longest prefix that is UTF-8.
    fn valid_utf8(&self, record: &[u8]) -> Result<usize, Halt> {
        let mut valid = 0;
        loop {
            let end = record.len().min(valid + WATCH_BYTES);
            match simdutf8::compat::from_utf8(&record[valid..end]) {
                Ok(_) => valid = end,
                // A window may cut a sequence in two; the next one begins with it.
                Err(error) if error.error_len().is_none() && end < record.len() => valid += error.valid_up_to(),
                Err(error) => return Ok(valid + error.valid_up_to()),
            }
            if valid == record.len() {
                return Ok(valid);
            }
            self.watch()?;
        }
    }

    /// Halts if somebody asked for it.
    pub fn watch(&self) -> Result<(), Halt> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Halt::Cancelled) } else { Ok(()) }
    }

    fn pass(&mut self, record: &[u8]) -> Result<(), Stop> {
        let mut state = State::Value;
        let mut at = 0;
        let mut next_watch = WATCH_BYTES;
        loop {
            if at >= next_watch {
                self.watch()?;
                next_watch = at + WATCH_BYTES;
            }
            let Some(&byte) = record.get(at) else {
                return if state == State::After && self.levels.is_empty() {
                    Ok(())
                } else {
                    Err(self.unexpected(state, record, at))
                };
            };
            (state, at) = match (state, kind(byte)) {
                (_, Kind::White) => (state, self.skip(record, at, Kind::is_white)?),
                (State::Value | State::FirstElement, Kind::Quote) => {
                    (State::After, self.string(record, at + 1, Place::Inside)?.end)
                }
                (State::Value | State::FirstElement, Kind::Digit | Kind::Minus) => (State::After, self.number(record, at)?),
                (State::Value | State::FirstElement, Kind::Letter) => (State::After, self.literal(record, at)?),
                (State::Value | State::FirstElement, Kind::OpenArray) => {
                    self.open(at, Level::Array { index: 0 })?;
                    (State::FirstElement, at + 1)
                }
                (State::Value | State::FirstElement, Kind::OpenObject) => {
                    let level = Level::Object { first_key: self.keys.open(), key: Span::default() };
                    self.open(at, level)?;
                    (State::FirstKey, at + 1)
                }
                (State::FirstKey | State::Key, Kind::Quote) => match self.key(record, at)? {
                    // The colon nearly always follows at once.
                    end if record.get(end) == Some(&b':') => (State::Value, end + 1),
                    end => (State::Colon, end),
                },
                (State::Colon, Kind::Colon) => (State::Value, at + 1),
                (State::After, Kind::Comma) => match self.levels.last_mut() {
                    Some(Level::Array { index }) => {
                        *index += 1;
                        (State::Value, at + 1)
                    }
                    Some(Level::Object { .. }) => (State::Key, at + 1),
                    None => return Err(self.unexpected(state, record, at)),
                },
                (State::After | State::FirstElement, Kind::CloseArray) => match self.levels.last() {
                    Some(Level::Array { .. }) => (self.close(record), at + 1),
                    _ => return Err(self.unexpected(state, record, at)),
                },
                (State::After | State::FirstKey, Kind::CloseObject) => match self.levels.last() {
                    Some(Level::Object { .. }) => (self.close(record), at + 1),
                    _ => return Err(self.unexpected(state, record, at)),
                },
                _ => return Err(self.unexpected(state, record, at)),
            };
        }
    }

    fn open(&mut self, at: usize, level: Level) -> Result<(), Stop> {
        if self.levels.len() >= self.rules.max_depth as usize {
            let detail = Detail::TooDeep { max_depth: self.rules.max_depth };
            return Err(Stop::Fault(Fault { code: ViolationCode::Depth, at, detail, place: Place::Inside }));
        }
        self.levels.push(level);
        Ok(())
    }

    fn close(&mut self, record: &[u8]) -> State {
        if let Some(Level::Object { first_key, .. }) = self.levels.pop() {
            self.keys.close(record, first_key);
        }
        State::After
    }

    /// Takes the key whose opening quote stands at `quote`; returns the offset after its closing quote.
    fn key(&mut self, record: &[u8], quote: usize) -> Result<usize, Stop> {
        let Quoted { end, escaped } = self.string(record, quote + 1, Place::Container)?;
        let span = Span::new(quote + 1, end - 1);
        if let Some(Level::Object { first_key, key }) = self.levels.last_mut() {
            *key = span;
            if self.keys.add(record, span, escaped, *first_key).map_err(Halt::from)? {
                self.duplicate_keys += 1;
                if !self.rules.allow_duplicate_keys {
                    let code = ViolationCode::DuplicateKey;
                    return Err(Stop::Fault(Fault { code, at: quote, detail: Detail::DuplicateKey, place: Place::Inside }));
                }
            }
        }
        Ok(end)
    }

    /// The fault of a byte, or of the end, that cannot stand where it stands.
    fn unexpected(&self, state: State, record: &[u8], at: usize) -> Stop {
        let expected = match (state, self.levels.last()) {
            (State::Value, _) => Expected::Value,
            (State::FirstElement, _) => Expected::ValueOrClose,
            (State::FirstKey, _) => Expected::KeyOrClose,
            (State::Key, _) => Expected::Key,
            (State::Colon, _) => Expected::Colon,
            (State::After, Some(Level::Array { .. })) => Expected::CommaOrCloseArray,
            (State::After, Some(Level::Object { .. })) => Expected::CommaOrCloseObject,
            (State::After, None) => Expected::End,
        };
        let place = match state {
            State::Value | State::FirstElement => Place::Inside,
            State::After if under_way(record, at) => Place::Inside,
            State::FirstKey | State::Key | State::Colon | State::After => Place::Container,
        };
        syntax(record, at, expected, place)
    }

    /// First offset from `at` on whose byte is not of the kind.
    #[inline]
    fn skip(&self, record: &[u8], mut at: usize, of_kind: impl Fn(Kind) -> bool) -> Result<usize, Halt> {
        loop {
            let end = record.len().min(at + WATCH_BYTES);
            while at < end && of_kind(kind(record[at])) {
                at += 1;
            }
            if at < end || end == record.len() {
                return Ok(at);
            }
            self.watch()?;
        }
    }
}

fn syntax(record: &[u8], at: usize, expected: Expected, place: Place) -> Stop {
    let detail = Detail::Unexpected { expected, found: record.get(at).copied() };
    Stop::Fault(Fault { code: ViolationCode::Syntax, at, detail, place })
}

/// Whether the bytes before `at` are of a number or literal that the byte at `at` does not end.
fn under_way(record: &[u8], at: usize) -> bool {
    let of_scalar = |byte: &u8| !kind(*byte).ends_scalar();
    at > 0 && of_scalar(&record[at - 1]) && record.get(at).is_none_or(of_scalar)
}

#[cfg(test)]
mod tests;
