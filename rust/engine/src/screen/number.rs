//! Numbers and literals, of which the index tells only where they begin.

/// Offset after the number at `at` (RFC 8259, section 6), or `None` where it has a fault. What follows is for the caller to look at.
#[inline(always)]
pub(super) fn number_end(text: &[u8], at: usize) -> Option<usize> {
    let first = at + usize::from(text[at] == b'-');
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
#[inline(always)]
fn digits(text: &[u8], at: usize) -> usize {
    let mut end = at;
    while let Some(eight) = text.get(end..).and_then(<[u8]>::first_chunk::<8>) {
        // The high bit of a byte becomes set where it is no digit: with the high bits cleared, nothing carries from byte to byte.
        let word = u64::from_le_bytes(*eight) ^ 0x3030_3030_3030_3030;
        let others = (((word & 0x7F7F_7F7F_7F7F_7F7F) + 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080;
        if others != 0 {
            return end + others.trailing_zeros() as usize / 8 - at;
        }
        end += 8;
    }
    while text.get(end).is_some_and(u8::is_ascii_digit) {
        end += 1;
    }
    end - at
}

/// Offset after the `true`, `false` or `null` at `at`, or `None` where there is none of them.
#[inline(always)]
pub(super) fn literal_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    match rest.first_chunk::<4>()? {
        b"true" | b"null" => Some(at + 4),
        b"fals" if rest.get(4) == Some(&b'e') => Some(at + 5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("1x", Some(1)),
            ("1.5.5", Some(3)),
            ("1:", Some(1)),
            ("1/", Some(1)),
            ("1\u{e9}", Some(1)),
        ];
        for (number, end) in cases {
            for (before, after) in [("", ""), ("[", "]"), ("  ", ",                    ")] {
                let text = format!("{before}{number}{after}");
                assert_eq!(number_end(text.as_bytes(), before.len()), end.map(|end| before.len() + end), "{text:?}");
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
