//! Strings, numbers and literals.

use super::table::{Kind, first_not_plain, is_plain, kind};
use super::{Detail, Expected, Fault, Judge, Place, Stop, WATCH_BYTES, syntax};
use crate::Halt;
use crate::proto::ViolationCode;

/// A string that was taken.
pub(super) struct Quoted {
    /// After its closing quote.
    pub(super) end: usize,
    /// Whether it has escapes.
    pub(super) escaped: bool,
}

impl Judge {
    /// Takes the string whose first byte after the opening quote is at `at`.
    #[inline]
    pub(super) fn string(&self, record: &[u8], at: usize, place: Place) -> Result<Quoted, Stop> {
        let at = self.skip_plain(record, at)?;
        if record.get(at) == Some(&b'"') {
            return Ok(Quoted { end: at + 1, escaped: false });
        }
        self.string_with_escapes(record, at, place)
    }

    /// Goes on with a string at a byte that neither is plain nor ends it, or at the end of the record.
    #[inline(never)]
    fn string_with_escapes(&self, record: &[u8], mut at: usize, place: Place) -> Result<Quoted, Stop> {
        loop {
            match record.get(at) {
                Some(b'"') => return Ok(Quoted { end: at + 1, escaped: true }),
                Some(b'\\') => at = escape(record, at, place)?,
                Some(_) => return Err(syntax(record, at, Expected::NoControl, place)),
                None => return Err(syntax(record, at, Expected::CloseQuote, place)),
            }
            at = self.skip_plain(record, at)?;
        }
    }

    #[inline]
    fn skip_plain(&self, record: &[u8], mut at: usize) -> Result<usize, Halt> {
        loop {
            let end = record.len().min(at + WATCH_BYTES);
            while let Some(word) = record[at..end].first_chunk::<8>() {
                match first_not_plain(*word) {
                    Some(place) => return Ok(at + place),
                    None => at += 8,
                }
            }
            // Fewer than eight bytes are left.
            while at < end && is_plain(record[at]) {
                at += 1;
            }
            if at < end || end == record.len() {
                return Ok(at);
            }
            self.watch()?;
        }
    }

    /// Takes the number at `at`, RFC 8259 section 6; returns the offset after it.
    pub(super) fn number(&self, record: &[u8], mut at: usize) -> Result<usize, Stop> {
        if record[at] == b'-' {
            at += 1;
        }
        if record.get(at) == Some(&b'0') {
            at += 1;
        } else {
            at = self.digits(record, at)?;
        }
        if record.get(at) == Some(&b'.') {
            at = self.digits(record, at + 1)?;
        }
        if let Some(b'e' | b'E') = record.get(at) {
            at += 1;
            if let Some(b'+' | b'-') = record.get(at) {
                at += 1;
            }
            at = self.digits(record, at)?;
        }
        Ok(at)
    }

    /// Takes one digit or more.
    fn digits(&self, record: &[u8], at: usize) -> Result<usize, Stop> {
        let end = self.skip(record, at, Kind::is_digit)?;
        if end > at { Ok(end) } else { Err(scalar_fault(record, at, Expected::Digit)) }
    }

    /// Takes the literal at `at`; returns the offset after it.
    pub(super) fn literal(&self, record: &[u8], at: usize) -> Result<usize, Stop> {
        let (word, expected): (&[u8], _) = match record[at] {
            b't' => (b"true", Expected::True),
            b'f' => (b"false", Expected::False),
            _ => (b"null", Expected::Null),
        };
        let same = record[at..].iter().zip(word).take_while(|(found, letter)| found == letter).count();
        if same == word.len() { Ok(at + same) } else { Err(scalar_fault(record, at + same, expected)) }
    }
}

/// A number or literal is under way until a byte that ends scalars.
fn scalar_fault(record: &[u8], at: usize, expected: Expected) -> Stop {
    let ended = record.get(at).is_some_and(|byte| kind(*byte).ends_scalar());
    syntax(record, at, expected, if ended { Place::Container } else { Place::Inside })
}

/// Takes the escape whose backslash is at `backslash`, with the low surrogate of a pair; returns the offset after it.
fn escape(record: &[u8], backslash: usize, place: Place) -> Result<usize, Stop> {
    match record.get(backslash + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => return Ok(backslash + 2),
        Some(b'u') => {}
        _ => return Err(syntax(record, backslash + 1, Expected::Escape, place)),
    }
    let end = backslash + 6;
    let unit = match code_unit(record, backslash + 2) {
        Ok(unit) => unit,
        Err(at) => return Err(syntax(record, at, Expected::HexDigit, place)),
    };
    match unit {
        0xD800..=0xDBFF if low_follows(record, end) => Ok(end + 6),
        0xD800..=0xDFFF => {
            let code = ViolationCode::LoneSurrogate;
            Err(Stop::Fault(Fault { code, at: backslash, detail: Detail::LoneSurrogate { unit }, place }))
        }
        _ => Ok(end),
    }
}

fn low_follows(record: &[u8], at: usize) -> bool {
    record.get(at..at + 2) == Some(b"\\u") && matches!(code_unit(record, at + 2), Ok(0xDC00..=0xDFFF))
}

/// The four hexadecimal digits at `at`, or the offset of the first byte that is none.
fn code_unit(record: &[u8], at: usize) -> Result<u16, usize> {
    (at..at + 4).try_fold(0, |unit, at| {
        let digit = record.get(at).and_then(|byte| char::from(*byte).to_digit(16)).ok_or(at)?;
        Ok(unit << 4 | digit as u16)
    })
}
