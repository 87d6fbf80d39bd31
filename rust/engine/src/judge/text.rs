//! The text that a string of a record stands for.

/// The bytes of a valid string's content, its escapes resolved to UTF-8.
#[derive(Debug, Clone)]
pub struct Unescaped<'a> {
    raw: &'a [u8],
    at: usize,
    /// Bytes of a resolved escape that are still to come.
    pending: [u8; 4],
    pending_from: usize,
    pending_to: usize,
}

impl<'a> Unescaped<'a> {
    /// Of `raw`, the bytes between the quotes of a valid string.
    pub fn new(raw: &'a [u8]) -> Self {
        Self { raw, at: 0, pending: [0; 4], pending_from: 0, pending_to: 0 }
    }

    /// The same as a string; a sequence that is no UTF-8 becomes U+FFFD.
    pub fn text(raw: &[u8]) -> String {
        if memchr::memchr(b'\\', raw).is_none() {
            return String::from_utf8_lossy(raw).into_owned();
        }
        String::from_utf8_lossy(&Unescaped::new(raw).collect::<Vec<_>>()).into_owned()
    }

    /// Appends the same to `out`, whole runs between escapes at once.
    pub fn append(raw: &'a [u8], out: &mut Vec<u8>) {
        let mut text = Self::new(raw);
        while let Some(length) = memchr::memchr(b'\\', &raw[text.at..]) {
            out.extend_from_slice(&raw[text.at..text.at + length]);
            text.at += length;
            text.escape();
            out.extend_from_slice(&text.pending[..text.pending_to]);
        }
        out.extend_from_slice(&raw[text.at..]);
    }

    fn unit(&self, at: usize) -> u32 {
        self.raw.iter().skip(at).take(4).fold(0, |unit, byte| unit << 4 | char::from(*byte).to_digit(16).unwrap_or_default())
    }

    fn escape(&mut self) -> u8 {
        let kind = self.raw.get(self.at + 1).copied().unwrap_or_default();
        let mut length = 2;
        let character = match kind {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                length = 6;
                let mut code = self.unit(self.at + 2);
                if (0xD800..0xDC00).contains(&code) {
                    length = 12;
                    code = 0x10000 + ((code & 0x3FF) << 10) + (self.unit(self.at + 8) & 0x3FF);
                }
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            itself => char::from(itself),
        };
        self.at += length;
        self.pending_to = character.encode_utf8(&mut self.pending).len();
        self.pending_from = 1;
        self.pending[0]
    }
}

impl Iterator for Unescaped<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.pending_from < self.pending_to {
            self.pending_from += 1;
            return Some(self.pending[self.pending_from - 1]);
        }
        match self.raw.get(self.at)? {
            b'\\' => Some(self.escape()),
            &byte => {
                self.at += 1;
                Some(byte)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_escapes_is_what_they_stand_for() {
        let raw = br#"\"\\\/\b\f\n\r\tA\u00e9\u20ac\ud83d\ude00\u0000z"#;
        assert_eq!(Unescaped::text(raw), "\"\\/\u{8}\u{c}\n\r\tA\u{e9}\u{20ac}\u{1f600}\0z");
    }

    #[test]
    fn append_is_what_the_bytes_are() {
        for raw in [&br"\\"[..], b"", b"plain", br"a\u00e9b\ud83d\ude00\n", br#"\"\\\/\b\f\n\r\t"#] {
            let mut out = b"before".to_vec();
            Unescaped::append(raw, &mut out);
            assert_eq!(&out[6..], Unescaped::new(raw).collect::<Vec<_>>());
        }
    }

    #[test]
    fn text_without_escapes_is_itself() {
        assert_eq!(Unescaped::text("käse".as_bytes()), "käse");
    }
}
