//! What a person sees of a record.

/// The part of `shown` around offset `at`, at most `most` bytes of it, and whether that is less than `length` bytes.
///
/// The part lies so that `at` is in its middle, or as near to it as the ends allow. Characters that it would cut are left out; what is
/// no UTF-8 becomes U+FFFD.
pub(super) fn preview(shown: &[u8], at: usize, most: usize, length: u64) -> (String, bool) {
    let mut start = at.saturating_sub(most / 2).min(shown.len().saturating_sub(most));
    let mut end = shown.len().min(start + most);
    if start > 0 {
        let cut = shown[start..end].iter().take(3).take_while(|byte| is_continuation(**byte)).count();
        start += cut;
    }
    if end < shown.len() {
        end -= cut_at_end(&shown[start..end]);
    }
    (String::from_utf8_lossy(&shown[start..end]).into_owned(), ((end - start) as u64) < length)
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// Bytes at the end that begin a character but do not end it.
fn cut_at_end(bytes: &[u8]) -> usize {
    for (count, &byte) in bytes.iter().rev().take(4).enumerate() {
        if !is_continuation(byte) {
            let needed = match byte {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => 1,
            };
            return if needed > count + 1 { count + 1 } else { 0 };
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preview_of_a_short_record_is_all_of_it() {
        assert_eq!(preview(b"{\"a\":x}", 5, 256, 7), ("{\"a\":x}".to_owned(), false));
    }

    #[test]
    fn preview_has_the_error_in_its_middle_or_reaches_the_end() {
        let record = b"0123456789abcdefghij";
        assert_eq!(preview(record, 0, 10, 20), ("0123456789".to_owned(), true));
        assert_eq!(preview(record, 10, 10, 20), ("56789abcde".to_owned(), true));
        assert_eq!(preview(record, 20, 10, 20), ("abcdefghij".to_owned(), true));
    }

    #[test]
    fn preview_leaves_out_characters_that_it_would_cut() {
        let record = "\u{20ac}".repeat(10);
        let (text, truncated) = preview(record.as_bytes(), 15, 10, 30);
        assert_eq!(text, "\u{20ac}".repeat(2));
        assert!(truncated);
    }

    #[test]
    fn preview_shows_bad_sequences_as_replacement_characters() {
        assert_eq!(preview(b"\"\xff\xe2\x82\"", 1, 256, 5).0, "\"\u{fffd}\u{fffd}\"");
    }

    #[test]
    fn preview_of_the_beginning_of_a_longer_record_is_truncated() {
        assert_eq!(preview(b"abc", 3, 256, 10), ("abc".to_owned(), true));
    }
}
