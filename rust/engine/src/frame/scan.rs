//! Quotes and brackets: what every framer but that of lines looks at.

use crate::word::Word;

/// Whether the bytes so far end inside a string, and how many brackets are open.
///
/// A quote after an odd number of backslashes opens and closes nothing, wherever it stands. Brackets count outside strings, whatever
/// their kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Scan {
    pub(super) in_string: bool,
    /// After an odd number of backslashes.
    escaped: bool,
    pub(super) depth: u64,
}

/// A byte that a framer may care for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// An opening bracket outside strings, already counted.
    Open,
    /// A closing bracket outside strings where one was open, already counted.
    Close,
    /// A closing bracket outside strings where none was open.
    CloseNone,
    /// A comma outside strings.
    Comma,
    /// A quote that opens a string.
    Quote,
    /// A quote that closes a string.
    Unquote,
}

/// What a byte may be, before it is known whether it stands in a string.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Quote,
    Backslash,
    Open,
    Close,
    Comma,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    classes[b'"' as usize] = Class::Quote;
    classes[b'\\' as usize] = Class::Backslash;
    classes[b'[' as usize] = Class::Open;
    classes[b'{' as usize] = Class::Open;
    classes[b']' as usize] = Class::Close;
    classes[b'}' as usize] = Class::Close;
    classes[b',' as usize] = Class::Comma;
    classes
};

impl Scan {
    /// A scan that stands after the opening quote of a string.
    pub(super) fn in_string() -> Self {
        Self { in_string: true, ..Self::default() }
    }

    /// A scan that stands after the opening bracket of a container.
    pub(super) fn in_container() -> Self {
        Self { depth: 1, ..Self::default() }
    }

    /// Goes on at `at` to the first mark that is to `stop` it, told with the depth after it. The offset of that mark.
    #[inline]
    pub(super) fn until(&mut self, bytes: &[u8], mut at: usize, mut stop: impl FnMut(Mark, u64) -> bool) -> Option<usize> {
        loop {
            if self.escaped {
                let byte = *bytes.get(at)?;
                self.escaped = false;
                // Any other byte is what it is without the backslash.
                at += usize::from(byte == b'"' || byte == b'\\');
            }
            at = if self.in_string { skip_in_string(bytes, at)? } else { skip_outside(bytes, at)? };
            let mark = match CLASSES[bytes[at] as usize] {
                Class::Backslash => {
                    self.escaped = true;
                    at += 1;
                    continue;
                }
                Class::Quote if self.in_string => Mark::Unquote,
                Class::Quote => Mark::Quote,
                Class::Open => Mark::Open,
                Class::Close if self.depth == 0 => Mark::CloseNone,
                Class::Close => Mark::Close,
                Class::Comma | Class::Other => Mark::Comma,
            };
            match mark {
                Mark::Quote | Mark::Unquote => self.in_string = !self.in_string,
                Mark::Open => self.depth += 1,
                Mark::Close => self.depth -= 1,
                Mark::CloseNone | Mark::Comma => {}
            }
            if stop(mark, self.depth) {
                return Some(at);
            }
            at += 1;
        }
    }
}

/// The first byte from `at` on that is a quote or a backslash.
#[inline]
fn skip_in_string(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(word) = bytes[at..].first_chunk::<8>() {
        match first_quote_or_backslash(*word) {
            Some(place) => return Some(at + place),
            None => at += 8,
        }
    }
    bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\\')).map(|count| at + count)
}

/// The first byte from `at` on that is of any class.
#[inline]
fn skip_outside(bytes: &[u8], at: usize) -> Option<usize> {
    bytes[at..].iter().position(|byte| CLASSES[*byte as usize] != Class::Other).map(|count| at + count)
}

/// The place of the first quote or backslash among eight bytes.
#[inline]
fn first_quote_or_backslash(bytes: [u8; 8]) -> Option<usize> {
    let word = Word::new(bytes);
    word.equal(b'"').or(word.equal(b'\\')).first()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_quote_or_backslash_is_found_at_every_place() {
        for place in 0..8 {
            for byte in 0..=255u8 {
                for filler in [0, b'!', b'#', b'[', b']', 0xa2, 0xdc, 0xff] {
                    let mut bytes = [filler; 8];
                    bytes[place] = byte;
                    let expected = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\'));
                    assert_eq!(first_quote_or_backslash(bytes), expected, "{byte:#x} at {place} in {filler:#x}");
                }
            }
        }
    }
}
