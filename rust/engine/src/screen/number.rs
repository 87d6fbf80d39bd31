//! Numbers and literals, of which the index tells only where they begin.

use crate::kernel::{Kernel, WINDOW};

/// Offset after the number at `at` (RFC 8259, section 6), or `None` where it has a fault. What follows is for the caller to look at.
#[inline(always)]
pub(super) fn number_end<K: Kernel>(kernel: K, text: &[u8], at: usize) -> Option<usize> {
    let first = at + usize::from(text[at] == b'-');
    let Some(window) = text.get(first..).and_then(<[u8]>::first_chunk::<WINDOW>) else { return long_number_end(text, first) };
    let digits = kernel.digits(window);
    let whole = (!digits).trailing_zeros() as usize;
    if whole == 0 || window[0] == b'0' && whole > 1 {
        return None;
    }
    let mut length = whole;
    if length < WINDOW - 1 && window[length] == b'.' {
        let fraction = (!(digits >> length >> 1)).trailing_zeros() as usize;
        if fraction == 0 {
            return None;
        }
        length += 1 + fraction;
    }
    match window[..WINDOW - 1].get(length) {
        Some(b'e' | b'E') => exponent_end(text, first + length + 1),
        Some(_) => Some(first + length),
        None => long_number_end(text, first),
    }
}

/// The same for a number that may be longer than the window, from its first digit on.
#[cold]
#[inline(never)]
fn long_number_end(text: &[u8], first: usize) -> Option<usize> {
    let mut end = first + digits(text, first);
    let leading_zero = text.get(first) == Some(&b'0') && end > first + 1;
    if end == first || leading_zero {
        return None;
    }
    if text.get(end) == Some(&b'.') {
        let count = digits(text, end + 1);
        if count == 0 {
            return None;
        }
        end += 1 + count;
    }
    match text.get(end) {
        Some(b'e' | b'E') => exponent_end(text, end + 1),
        _ => Some(end),
    }
}

#[inline(never)]
fn exponent_end(text: &[u8], at: usize) -> Option<usize> {
    let first = at + usize::from(matches!(text.get(at), Some(b'+' | b'-')));
    let count = digits(text, first);
    (count > 0).then_some(first + count)
}

/// How many digits there are from `at` on.
fn digits(text: &[u8], at: usize) -> usize {
    text.get(at..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

/// Offset after the `true`, `false` or `null` at `at`, or `None` where there is none of them.
#[inline(always)]
pub(super) fn literal_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    match rest.first_chunk::<4>()? {
        b"true" | b"null" => Some(at + 4),
        b"fals" if rest.get(4) == Some(&b'e') => Some(at + 5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Choice, Task};

    struct End<'a>(&'a [u8], usize);

    impl Task for End<'_> {
        type Output = Option<usize>;

        fn run<K: Kernel>(self, kernel: K) -> Option<usize> {
            kernel.vectorize(|| number_end(kernel, self.0, self.1))
        }
    }

    #[test]
    fn number_end_is_that_of_the_grammar_wherever_it_stands_in_a_text() {
        let cases = [
            ("0", Some(1)),
            ("-0", Some(2)),
            ("01", None),
            ("-01", None),
            ("-", None),
            ("--1", None),
            ("1.", None),
            (".5", None),
            ("1.5", Some(3)),
            ("0.00", Some(4)),
            ("1e", None),
            ("1e+", None),
            ("1E-7", Some(4)),
            ("1e400", Some(5)),
            ("1.25e+10", Some(8)),
            ("12345678", Some(8)),
            ("123456789", Some(9)),
            ("1234567890123456789012345678901234567890", Some(40)),
            ("12345678.12345678e12345678", Some(26)),
            ("1234567890123456789012345678901", Some(31)),
            ("12345678901234567890123456789012", Some(32)),
            ("-123456789012345678901234567890.5", Some(33)),
            ("1234567890123456789012345678901.", None),
            ("123456789012345678901234567890.", None),
            ("1234567890123456789012345678901.5", Some(33)),
            ("0.1234567890123456789012345678901", Some(33)),
            ("123456789012345678901234567890e1", Some(32)),
            ("1234567890123456789012345678901e1", Some(33)),
            ("01234567890123456789012345678901234", None),
            ("1x", Some(1)),
            ("1.5.5", Some(3)),
            ("1:", Some(1)),
            ("1/", Some(1)),
            ("1\u{e9}", Some(1)),
        ];
        for (number, end) in cases {
            for (before, after) in [("", ""), ("[", "]"), ("  ", ",                                 ")] {
                let text = format!("{before}{number}{after}");
                for kernel in Choice::available() {
                    assert_eq!(
                        kernel.run(End(text.as_bytes(), before.len())),
                        end.map(|end| before.len() + end),
                        "{kernel:?}: {text:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn literal_end_is_that_of_the_three_words() {
        for (text, end) in [
            ("true", Some(4)),
            ("null]", Some(4)),
            ("false ", Some(5)),
            ("fals", None),
            ("falsy", None),
            ("tru", None),
            ("nulL", None),
        ] {
            assert_eq!(literal_end(text.as_bytes(), 0), end, "{text}");
        }
    }
}
