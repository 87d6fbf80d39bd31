//! Numbers and literals, of which the index tells only where they begin.

use crate::kernel::{Kernel, WINDOW};

/// Whether what stands at `at`, beginning with the byte `sign_or_digit`, is a number (RFC 8259, section 6) that ends where it should.
#[inline(always)]
pub(super) fn is_number<K: Kernel>(kernel: K, text: &[u8], at: usize, sign_or_digit: u8) -> bool {
    let first = at + usize::from(sign_or_digit == b'-');
    let Some(window) = text.get(first..).and_then(<[u8]>::first_chunk::<WINDOW>) else {
        return is_long_number(text, first);
    };
    let digits = kernel.digits(window);
    let whole = (!digits).trailing_zeros() as usize;
    if whole == 0 || window[0] == b'0' && whole > 1 {
        return false;
    }
    let mut length = whole;
    if length < WINDOW - 1 && window[length] == b'.' {
        let fraction = (!(digits >> length >> 1)).trailing_zeros() as usize;
        if fraction == 0 {
            return false;
        }
        length += 1 + fraction;
    }
    match window.get(length) {
        Some(byte) if ENDS[*byte as usize] => true,
        Some(b'e' | b'E') => is_exponent(text, first + length + 1),
        Some(b'.') | None => is_long_number(text, first),
        Some(_) => false,
    }
}

/// The same for a number that may be longer than the window, from its first digit on.
#[cold]
#[inline(never)]
fn is_long_number(text: &[u8], first: usize) -> bool {
    let mut end = first + digits(text, first);
    let leading_zero = text.get(first) == Some(&b'0') && end > first + 1;
    if end == first || leading_zero {
        return false;
    }
    if text.get(end) == Some(&b'.') {
        let count = digits(text, end + 1);
        if count == 0 {
            return false;
        }
        end += 1 + count;
    }
    match text.get(end) {
        Some(b'e' | b'E') => is_exponent(text, end + 1),
        _ => ends(text, end),
    }
}

#[inline(never)]
fn is_exponent(text: &[u8], at: usize) -> bool {
    let first = at + usize::from(matches!(text.get(at), Some(b'+' | b'-')));
    let count = digits(text, first);
    count > 0 && ends(text, first + count)
}

/// How many digits there are from `at` on.
fn digits(text: &[u8], at: usize) -> usize {
    text.get(at..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

/// Whether what stands at `at` is `true`, `false` or `null`.
#[inline(always)]
pub(super) fn is_literal(text: &[u8], at: usize) -> bool {
    let Some(word) = text.get(at..).and_then(<[u8]>::first_chunk::<4>) else { return false };
    match word {
        b"true" | b"null" => ends(text, at + 4),
        b"fals" => text.get(at + 4) == Some(&b'e') && ends(text, at + 5),
        _ => false,
    }
}

/// Bytes that may follow a number or literal in a container or line.
const ENDS: [bool; 256] = {
    let mut ends = [false; 256];
    let bytes = b",]} \t\n\r";
    let mut i = 0;
    while i < bytes.len() {
        ends[bytes[i] as usize] = true;
        i += 1;
    }
    ends
};

#[inline(always)]
fn ends(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|byte| ENDS[*byte as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Choice, Task};

    struct IsNumber<'a>(&'a [u8], usize);

    impl Task for IsNumber<'_> {
        type Output = bool;

        fn run<K: Kernel>(self, kernel: K) -> bool {
            kernel.vectorize(|| is_number(kernel, self.0, self.1, self.0[self.1]))
        }
    }

    #[test]
    fn is_number_tells_by_the_grammar_wherever_it_stands_in_a_text() {
        let cases = [
            ("0", true),
            ("-0", true),
            ("01", false),
            ("-01", false),
            ("-", false),
            ("--1", false),
            ("1.", false),
            (".5", false),
            ("1.5", true),
            ("0.00", true),
            ("1e", false),
            ("1e+", false),
            ("1E-7", true),
            ("1e400", true),
            ("1e4x", false),
            ("1.25e+10", true),
            ("12345678", true),
            ("123456789", true),
            ("1234567890123456789012345678901234567890", true),
            ("1234567890123456789012345678901234567890x", false),
            ("12345678.12345678e12345678", true),
            ("1234567890123456789012345678901", true),
            ("12345678901234567890123456789012", true),
            ("-123456789012345678901234567890.5", true),
            ("1234567890123456789012345678901.", false),
            ("123456789012345678901234567890.", false),
            ("1234567890123456789012345678901.5", true),
            ("0.1234567890123456789012345678901", true),
            ("123456789012345678901234567890e1", true),
            ("1234567890123456789012345678901e1", true),
            ("01234567890123456789012345678901234", false),
            ("1x", false),
            ("1.5.5", false),
            ("1:", false),
            ("1/", false),
            ("1[", false),
            ("1\"", false),
            ("1\0", false),
            ("1\u{e9}", false),
        ];
        for (number, expected) in cases {
            for (before, after) in [("", ""), ("[", "]"), ("  ", ",                                 "), ("", "\n")] {
                let text = format!("{before}{number}{after}");
                for kernel in Choice::available() {
                    assert_eq!(kernel.run(IsNumber(text.as_bytes(), before.len())), expected, "{kernel:?}: {text:?}");
                }
            }
        }
    }

    #[test]
    fn is_literal_takes_the_three_words() {
        for (text, expected) in [
            ("true", true),
            ("null]", true),
            ("false ", true),
            ("fals", false),
            ("falsy", false),
            ("falsey", false),
            ("tru", false),
            ("nulL", false),
            ("nulll", false),
            ("true\0", false),
        ] {
            assert_eq!(is_literal(text.as_bytes(), 0), expected, "{text}");
        }
    }
}
