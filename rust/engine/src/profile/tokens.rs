//! The tokens of one record, found in the clear way: for records that the screen's index does not hold.

/// Appends the offsets of brackets, opening quotes, and first bytes of numbers and literals to `tokens`. The record is valid.
pub(crate) fn tokens(record: &[u8], tokens: &mut Vec<u32>) {
    let mut at = 0;
    while let Some(byte) = record.get(at) {
        match byte {
            b'"' => {
                tokens.push(at as u32);
                at = string_end(record, at + 1);
            }
            b'{' | b'}' | b'[' | b']' => {
                tokens.push(at as u32);
                at += 1;
            }
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            _ => {
                tokens.push(at as u32);
                let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
                at = record[at..].iter().position(ends).map_or(record.len(), |length| at + length);
            }
        }
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
    use super::tokens;

    #[test]
    fn tokens_of_a_record() {
        let record = br#"{"a\"b" : [1, -2.5e1,true ],"c":{},"d":""}"#;
        let mut found = Vec::new();
        tokens(record, &mut found);
        let bytes: Vec<_> = found.iter().map(|at| char::from(record[*at as usize])).collect();
        assert_eq!(bytes.iter().collect::<String>(), "{\"[1-t]\"{}\"\"}");
    }
}
