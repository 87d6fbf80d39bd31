//! The class of each byte.

use super::word::Word;

/// What a byte can be outside a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// Begins no token.
    Other,
    White,
    Quote,
    Digit,
    Minus,
    /// First byte of `true`, `false` or `null`.
    Letter,
    OpenArray,
    CloseArray,
    OpenObject,
    CloseObject,
    Comma,
    Colon,
}

impl Kind {
    pub(super) fn is_white(self) -> bool {
        self == Self::White
    }

    pub(super) fn is_digit(self) -> bool {
        self == Self::Digit
    }

    /// Whether a number or literal ends before such a byte.
    pub(super) fn ends_scalar(self) -> bool {
        !matches!(self, Self::Other | Self::Digit | Self::Minus | Self::Letter)
    }
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' => Kind::White,
            b'"' => Kind::Quote,
            b'0'..=b'9' => Kind::Digit,
            b'-' => Kind::Minus,
            b't' | b'f' | b'n' => Kind::Letter,
            b'[' => Kind::OpenArray,
            b']' => Kind::CloseArray,
            b'{' => Kind::OpenObject,
            b'}' => Kind::CloseObject,
            b',' => Kind::Comma,
            b':' => Kind::Colon,
            _ => Kind::Other,
        };
        byte += 1;
    }
    kinds
};

#[inline]
pub(super) fn kind(byte: u8) -> Kind {
    KINDS[byte as usize]
}

/// Whether a byte stands for itself in a string: no quote, no backslash, no control character.
#[inline]
pub(super) fn is_plain(byte: u8) -> bool {
    const PLAIN: [bool; 256] = {
        let mut plain = [true; 256];
        let mut byte = 0;
        while byte < 0x20 {
            plain[byte] = false;
            byte += 1;
        }
        plain[b'"' as usize] = false;
        plain[b'\\' as usize] = false;
        plain
    };
    PLAIN[byte as usize]
}

/// The place of the first of eight bytes that does not stand for itself in a string.
#[inline]
pub(super) fn first_not_plain(bytes: [u8; 8]) -> Option<usize> {
    let word = Word::new(bytes);
    word.below(0x20).or(word.equal(b'"')).or(word.equal(b'\\')).first()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_not_plain_agrees_with_is_plain_for_every_byte_at_every_place() {
        for byte in 0..=255u8 {
            for place in 0..8 {
                for filler in [b'a', 0x80, 0xff, 0x20, b'!', b'#', b'[', b']', 0x1f, b'"'] {
                    let mut bytes = [filler; 8];
                    bytes[place] = byte;
                    let expected = bytes.iter().position(|byte| !is_plain(*byte));
                    assert_eq!(first_not_plain(bytes), expected, "{byte:#x} at {place} in {filler:#x}");
                }
            }
        }
    }
}
