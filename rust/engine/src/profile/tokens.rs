//! The tokens of one record, found in the clear way: for records that the screen's index does not hold.

/// The offsets of brackets, opening quotes, and first bytes of numbers and literals of a valid record, one after the other.
#[derive(Debug, Clone)]
pub(crate) struct ClearTokens<'a> {
    text: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> ClearTokens<'a> {
    /// Of the record from `start` to `end` in `text`.
    pub(crate) fn new(text: &'a [u8], start: usize, end: usize) -> Self {
        Self { text: &text[..end], at: start, end }
    }
}

impl Iterator for ClearTokens<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.at < self.end {
            let token = self.at;
            match self.text[token] {
                b'"' => self.at = string_end(self.text, token + 1),
                b'{' | b'}' | b'[' | b']' => self.at += 1,
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => {
                    self.at += 1;
                    continue;
                }
                _ => {
                    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
                    self.at = self.text[token..].iter().position(ends).map_or(self.end, |length| token + length);
                }
            }
            return Some(token);
        }
        None
    }
}

/// After the closing quote of the string whose content begins at `from`.
fn string_end(record: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = memchr::memchr2(b'"', b'\\', record.get(at..).unwrap_or_default()) {
        if record[at + found] == b'"' {
            return at + found + 1;
        }
        at += found + 2;
    }
    record.len()
}

#[cfg(test)]
mod tests {
    use super::ClearTokens;

    #[test]
    fn tokens_of_a_record() {
        let record = br#"{"a\"b" : [1, -2.5e1,true ],"c":{},"d":""}"#;
        let bytes: Vec<_> = ClearTokens::new(record, 0, record.len()).map(|at| char::from(record[at])).collect();
        assert_eq!(bytes.iter().collect::<String>(), "{\"[1-t]\"{}\"\"}");
    }
}
