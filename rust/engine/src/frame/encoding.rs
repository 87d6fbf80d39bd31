//! Which encoding a stream begins in.

/// What the first bytes of a stream tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// More bytes are needed.
    Undecided,
    /// UTF-8, or what the judge will say is not.
    Utf8,
    /// UTF-8 with a byte order mark of three bytes.
    Utf8WithMark,
    /// UTF-16 or UTF-32, which no record can be found in.
    Unsupported,
}

/// Tells the encoding by the first four bytes of a stream, or fewer where it `ended`.
pub fn encoding(first: &[u8], ended: Ended) -> Encoding {
    match *first {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, 0, 0xFE, 0xFF, ..] => Encoding::Unsupported,
        [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8WithMark,
        [0, 0, 0, x, ..] | [x, 0, 0, 0, ..] if x != 0 => Encoding::Unsupported,
        [0, x, 0, y, ..] | [x, 0, y, 0, ..] if x != 0 && y != 0 => Encoding::Unsupported,
        [_, _, _, _, ..] => Encoding::Utf8,
        _ if ended == Ended::Yes => Encoding::Utf8,
        _ => Encoding::Undecided,
    }
}

/// Whether more bytes can come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// None can.
    Yes,
    /// They can.
    No,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_of_four_bytes_is_decided() {
        let cases: [(&[u8], Encoding); 14] = [
            (b"\xFF\xFE{\0", Encoding::Unsupported),
            (b"\xFE\xFF\0{", Encoding::Unsupported),
            (b"\0\0\xFE\xFF", Encoding::Unsupported),
            (b"\xFF\xFE\0\0", Encoding::Unsupported),
            (b"\0\0\0{", Encoding::Unsupported),
            (b"{\0\0\0", Encoding::Unsupported),
            (b"\0{\0\"", Encoding::Unsupported),
            (b"{\0\"\0", Encoding::Unsupported),
            (b"\0\0\0\0", Encoding::Utf8),
            (b"{\0\0x", Encoding::Utf8),
            (b"{\0\"x", Encoding::Utf8),
            (b"\0{\0\0", Encoding::Utf8),
            (b"{\"a\"", Encoding::Utf8),
            (b"\xEF\xBB\xBF1", Encoding::Utf8WithMark),
        ];
        for (first, expected) in cases {
            assert_eq!(encoding(first, Ended::No), expected, "{first:?}");
        }
    }

    #[test]
    fn encoding_of_fewer_bytes_waits_until_the_end() {
        for first in [&b""[..], b"{", b"{}", b"1 \n", b"\xEF\xBB", b"{\0\"", b"\0{\0"] {
            assert_eq!(encoding(first, Ended::No), Encoding::Undecided);
            assert_eq!(encoding(first, Ended::Yes), Encoding::Utf8);
        }
        assert_eq!(encoding(b"\xFF\xFE", Ended::No), Encoding::Unsupported);
        assert_eq!(encoding(b"\xEF\xBB\xBF", Ended::Yes), Encoding::Utf8WithMark);
    }
}
