//! Whether a key is the one that is looked for, byte by byte.

/// A key under way, of which nothing is kept but how much of the one that is looked for it has been so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// Bytes of the other that it has been so far; none where it has differed.
    matched: Option<usize>,
    escape: Escape,
    /// The high surrogate right before, whose low one is due.
    high: Option<u32>,
    /// Bytes since the opening quote, which is the first.
    length: u64,
}

#[derive(Debug, Clone, Copy)]
enum Escape {
    None,
    /// After a backslash.
    Begun,
    /// After `\u` and some digits.
    Unit {
        digits: u8,
        value: u32,
    },
}

/// What a byte makes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    /// It goes on.
    More,
    /// It has ended: whether it is the one that is looked for.
    Ended(bool),
    /// No key goes on so.
    Wrong,
}

impl Key {
    /// Stands after the opening quote.
    pub(super) fn new() -> Self {
        Self { matched: Some(0), escape: Escape::None, high: None, length: 1 }
    }

    /// Bytes since the opening quote, which is the first.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Reads the next byte, looking for `key`, which is UTF-8. Bytes that are no UTF-8 only make it another one.
    pub(super) fn read(&mut self, byte: u8, key: &[u8]) -> Read {
        let read = self.take(byte, key);
        self.length += 1;
        read
    }

    /// Goes over the first of `bytes` that change no more than the length, now that the key is another one. How many they are.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> usize {
        if self.matched.is_some() || !matches!(self.escape, Escape::None) {
            return 0;
        }
        let matters = |byte: &u8| matches!(byte, b'"' | b'\\' | ..0x20);
        let count = bytes.iter().position(matters).unwrap_or(bytes.len());
        self.length += count as u64;
        count
    }

    fn take(&mut self, byte: u8, key: &[u8]) -> Read {
        match (self.escape, byte) {
            (Escape::None, b'"') => return Read::Ended(self.high.is_none() && self.matched == Some(key.len())),
            (Escape::None, b'\\') => self.escape = Escape::Begun,
            (Escape::None, ..0x20) => return Read::Wrong,
            (Escape::None, _) => self.compare(&[byte], key),
            (Escape::Begun, b'u') => self.escape = Escape::Unit { digits: 0, value: 0 },
            (Escape::Begun, _) => {
                let Some(character) = escaped(byte) else { return Read::Wrong };
                self.escape = Escape::None;
                self.compare(&[character], key);
            }
            (Escape::Unit { digits, value }, _) => {
                let Some(digit) = char::from(byte).to_digit(16) else { return Read::Wrong };
                let value = value << 4 | digit;
                self.escape = if digits == 3 { Escape::None } else { Escape::Unit { digits: digits + 1, value } };
                if digits == 3 {
                    self.unit(value, key);
                }
            }
        }
        Read::More
    }

    /// Goes on with an escaped unit of UTF-16. Half of a surrogate pair is no part of any key that is looked for.
    fn unit(&mut self, unit: u32, key: &[u8]) {
        let code = match (self.high, unit) {
            (Some(high), 0xDC00..0xE000) => {
                self.high = None;
                0x10000 + ((high & 0x3FF) << 10) + (unit & 0x3FF)
            }
            (None, 0xD800..0xDC00) => {
                self.high = Some(unit);
                return;
            }
            _ => unit,
        };
        match char::from_u32(code) {
            Some(character) => self.compare(character.encode_utf8(&mut [0; 4]).as_bytes(), key),
            None => self.matched = None,
        }
    }

    fn compare(&mut self, bytes: &[u8], key: &[u8]) {
        if self.high.take().is_some() {
            self.matched = None;
        }
        let Some(matched) = self.matched else { return };
        let goes_on = key.get(matched..).is_some_and(|rest| rest.starts_with(bytes));
        self.matched = goes_on.then_some(matched + bytes.len());
    }
}

/// What a backslash and this byte stand for, if they are an escape.
fn escaped(byte: u8) -> Option<u8> {
    Some(match byte {
        b'"' | b'\\' | b'/' => byte,
        b'b' => 0x8,
        b'f' => 0xC,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], key: &str) -> Read {
        let mut under_way = Key::new();
        let mut read = Read::More;
        for (at, byte) in text.iter().enumerate() {
            assert_eq!((read, under_way.length()), (Read::More, at as u64 + 1));
            read = under_way.read(*byte, key.as_bytes());
        }
        read
    }

    #[test]
    fn read_keys_equal_after_unescaping_are_the_one() {
        let cases = [
            ("\"", ""),
            ("items\"", "items"),
            (r#"\u0069t\u0065ms""#, "items"),
            (r#"a\/b\\c\"""#, "a/b\\c\""),
            (r#"\b\f\n\r\t""#, "\u{8}\u{c}\n\r\t"),
            ("käse\"", "käse"),
            (r#"k\u00e4s\u00E4""#, "käsä"),
            ("😀\"", "😀"),
            (r#"\ud83d\uDE00""#, "😀"),
            (r#"\u0000""#, "\0"),
            (r#"\u20ac""#, "€"),
        ];
        for (text, key) in cases {
            assert_eq!(read(text.as_bytes(), key), Read::Ended(true), "{text}");
        }
    }

    #[test]
    fn read_other_keys_are_not_the_one() {
        let cases: [(&[u8], &str); 12] = [
            (b"item\"", "items"),
            (b"itemss\"", "items"),
            (b"Items\"", "items"),
            (b"\"", "items"),
            (b"a\"", ""),
            (br#"\ud83d""#, "😀"),
            (br#"\ud83d\ud83d\ude00""#, "😀"),
            (br#"\ud83d\ude00\ude00""#, "😀"),
            (br#"\ud83dx\ude00""#, "😀"),
            (br#"\ud83d\n""#, "\n"),
            (br#"\ude00""#, "😀"),
            (b"\xff\"", "\u{ff}"),
        ];
        for (text, key) in cases {
            assert_eq!(read(text, key), Read::Ended(false), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn read_what_no_key_goes_on_with_is_wrong() {
        for text in [&b"\n"[..], b"a\x1f", br"\x", br"\u00g", br#"\u""#, b"\\\n", br"\U"] {
            assert_eq!(read(text, "key"), Read::Wrong, "{}", String::from_utf8_lossy(text));
        }
    }
}
