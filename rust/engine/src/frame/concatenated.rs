//! Values one after the other.

use super::scan::{Scan, Text};
use super::{Ending, Extent, Reached, Rest, is_white, skip_white};
use crate::kernel::Kernel;
use crate::proto::Termination;

/// Finds values that follow one another.
#[derive(Debug, Clone, Default)]
pub(super) struct Concatenated {
    place: Place,
}

#[derive(Debug, Clone, Default)]
enum Place {
    #[default]
    Between,
    /// Inside a value that began with a bracket.
    Container(Scan),
    /// Inside a value that began with a quote.
    Text(Scan),
    /// Inside any other value. `escaped` is after an odd number of backslashes.
    Scalar { escaped: bool },
}

impl Concatenated {
    pub(super) fn is_between(&self) -> bool {
        matches!(self.place, Place::Between)
    }

    #[inline(always)]
    pub(super) fn close<K: Kernel>(&mut self, kernel: K, bytes: &[u8]) -> Option<usize> {
        self.value_end(kernel, &mut Text::new(bytes), 0)
    }

    #[inline(always)]
    pub(super) fn frame<K: Kernel>(&mut self, kernel: K, bytes: &[u8], target: usize, mut found: impl FnMut(Extent)) -> Reached {
        let text = &mut Text::new(bytes);
        let mut at = 0;
        loop {
            at = skip_white(bytes, at);
            let Some(&byte) = bytes.get(at) else { return Reached::End };
            if at >= target && at > 0 {
                return Reached::Boundary(at);
            }
            let inside = match byte {
                // A separator or closing bracket where a value should begin is a record of its own.
                b',' | b':' | b']' | b'}' => {
                    found(Extent { start: at as u32, end: at as u32 + 1 });
                    at += 1;
                    continue;
                }
                b'[' | b'{' => {
                    self.place = Place::Container(Scan::in_container());
                    at + 1
                }
                b'"' => {
                    self.place = Place::Text(Scan::in_string());
                    at + 1
                }
                _ => {
                    self.place = Place::Scalar { escaped: false };
                    at
                }
            };
            let Some(end) = self.value_end(kernel, text, inside) else { return Reached::Open(at) };
            found(Extent { start: at as u32, end: end as u32 });
            at = end;
        }
    }

    /// Goes on inside a value to its end.
    #[inline(always)]
    fn value_end<K: Kernel>(&mut self, kernel: K, text: &mut Text<'_>, at: usize) -> Option<usize> {
        let end = match &mut self.place {
            Place::Between => return None,
            Place::Container(scan) => scan.container_end(kernel, text, at)? + 1,
            Place::Text(scan) => scan.string_end(kernel, text, at)? + 1,
            Place::Scalar { escaped } => scalar_end(text.bytes(), at, escaped)?,
        };
        self.place = Place::Between;
        Some(end)
    }

    pub(super) fn end(&self) -> Ending {
        match self.place {
            Place::Between | Place::Scalar { .. } => Ending { termination: Termination::Complete, rest: Rest::AsItStands },
            Place::Container(_) | Place::Text(_) => Ending { termination: Termination::InputTruncated, rest: Rest::CutOff },
        }
    }
}

/// The first white space, bracket, comma, colon, or quote that is not escaped.
fn scalar_end(bytes: &[u8], from: usize, escaped: &mut bool) -> Option<usize> {
    for (at, &byte) in bytes.iter().enumerate().skip(from) {
        let ends = match byte {
            b'"' => !*escaped,
            b',' | b':' | b'[' | b']' | b'{' | b'}' => true,
            _ => is_white(byte),
        };
        if ends {
            return Some(at);
        }
        *escaped = byte == b'\\' && !*escaped;
    }
    None
}
