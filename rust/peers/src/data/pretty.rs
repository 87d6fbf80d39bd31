//! Records printed for people.

/// The same records, a member or an element a line.
pub fn to_pretty(lines: &[u8]) -> Vec<u8> {
    let mut pretty = Printer { out: Vec::with_capacity(lines.len() * 2), depth: 0 };
    let mut in_text = false;
    let mut escaped = false;
    let mut last = b'\n';
    for byte in lines {
        if in_text {
            pretty.out.push(*byte);
            in_text = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
        } else {
            pretty.print(last, *byte);
            in_text = *byte == b'"';
        }
        last = *byte;
    }
    pretty.out
}

struct Printer {
    out: Vec<u8>,
    depth: usize,
}

impl Printer {
    /// Prints a byte outside of texts, which comes after `last`.
    fn print(&mut self, last: u8, byte: u8) {
        match byte {
            b'}' | b']' => {
                self.depth -= 1;
                if !matches!(last, b'{' | b'[') {
                    self.break_line();
                }
            }
            _ if matches!(last, b'{' | b'[') => self.break_line(),
            _ => {}
        }
        self.out.push(byte);
        match byte {
            b'{' | b'[' => self.depth += 1,
            b',' => self.break_line(),
            b':' => self.out.push(b' '),
            _ => {}
        }
    }

    fn break_line(&mut self) {
        self.out.push(b'\n');
        self.out.resize(self.out.len() + 2 * self.depth, b' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_pretty_breaks_lines_outside_of_texts_only() {
        let lines = br#"{"a":[1,{}],"b":"\\\"{,:"}
[]
"#;
        let expected = r#"{
  "a": [
    1,
    {}
  ],
  "b": "\\\"{,:"
}
[]
"#;
        assert_eq!(String::from_utf8(to_pretty(lines)).unwrap(), expected);
    }
}
