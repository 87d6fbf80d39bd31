//! Framing written down from its rules, one byte after the other, over the whole input.

use jassay_engine::proto::{Format, Termination};
use std::ops::Range;

fn white(byte: u8) -> bool {
    b" \t\r\n".contains(&byte)
}

/// Whether each byte is inside a string, its quotes included, when scanning starts between records at `from`.
struct Scan {
    string: bool,
    backslashes: usize,
    depth: usize,
}

enum Seen {
    Nothing,
    Quote,
    Close,
    CloseNone,
}

impl Scan {
    fn new() -> Self {
        Self { string: false, backslashes: 0, depth: 0 }
    }

    fn see(&mut self, byte: u8) -> Seen {
        let escaped = self.backslashes % 2 == 1;
        self.backslashes = if byte == b'\\' { self.backslashes + 1 } else { 0 };
        match byte {
            b'"' if !escaped => {
                self.string = !self.string;
                Seen::Quote
            }
            b'[' | b'{' if !self.string => {
                self.depth += 1;
                Seen::Nothing
            }
            b']' | b'}' if !self.string && self.depth == 0 => Seen::CloseNone,
            b']' | b'}' if !self.string => {
                self.depth -= 1;
                Seen::Close
            }
            _ => Seen::Nothing,
        }
    }
}

fn trimmed(input: &[u8], range: Range<usize>) -> Range<usize> {
    let end = range.clone().rev().find(|at| !white(input[*at])).map_or(range.start, |at| at + 1);
    let start = range.clone().find(|at| !white(input[*at])).unwrap_or(range.end).min(end);
    if start == end { range.end..range.end } else { start..end }
}

/// Where the records are, and how the stream ends.
pub fn frame(format: Format, input: &[u8]) -> (Vec<Range<usize>>, Termination) {
    match format {
        Format::Ndjson => (lines(input), Termination::Complete),
        Format::Array => array(input),
        _ => concatenated(input),
    }
}

fn lines(input: &[u8]) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut records = Vec::new();
    for line in input.split(|byte| *byte == b'\n') {
        records.push(trimmed(input, start..start + line.len()));
        start += line.len() + 1;
    }
    records.retain(|record| !record.is_empty());
    records
}

fn array(input: &[u8]) -> (Vec<Range<usize>>, Termination) {
    let mut records = Vec::new();
    let Some(open) = input.iter().position(|byte| !white(*byte)) else { return (records, Termination::Complete) };
    if input[open] != b'[' {
        return (records, Termination::UnrecoverableSyntax);
    }
    let mut start = open + 1;
    let mut scan = Scan::new();
    for at in open + 1..input.len() {
        let byte = input[at];
        let top = !scan.string && scan.depth == 0;
        let closes = matches!(scan.see(byte), Seen::CloseNone);
        let separates = top && byte == b',';
        if !closes && !separates {
            continue;
        }
        let blank = input[start..at].iter().all(|byte| white(*byte));
        let none = blank && (byte == b'}' || byte == b']' && start == open + 1);
        if !none {
            records.push(trimmed(input, start..at));
        }
        start = at + 1;
        scan = Scan::new();
        if byte == b'}' {
            return (records, Termination::UnrecoverableSyntax);
        }
        if byte == b']' {
            let rest = input[at + 1..].iter().all(|byte| white(*byte));
            return (records, if rest { Termination::Complete } else { Termination::UnrecoverableSyntax });
        }
    }
    if !input[start..].iter().all(|byte| white(*byte)) {
        records.push(trimmed(input, start..input.len()));
    }
    (records, Termination::InputTruncated)
}

fn concatenated(input: &[u8]) -> (Vec<Range<usize>>, Termination) {
    let mut records = Vec::new();
    let mut at = 0;
    loop {
        while at < input.len() && white(input[at]) {
            at += 1;
        }
        if at == input.len() {
            return (records, Termination::Complete);
        }
        let start = at;
        let mut scan = Scan::new();
        match input[at] {
            b',' | b':' | b']' | b'}' => at += 1,
            b'[' | b'{' | b'"' => loop {
                if at == input.len() {
                    records.push(trimmed(input, start..at));
                    return (records, Termination::InputTruncated);
                }
                let seen = scan.see(input[at]);
                at += 1;
                let text_ends = input[start] == b'"' && matches!(seen, Seen::Quote) && !scan.string;
                if text_ends || matches!(seen, Seen::Close) && scan.depth == 0 && input[start] != b'"' {
                    break;
                }
            },
            _ => {
                while at < input.len() {
                    let quote = input[at] == b'"' && scan.backslashes % 2 == 0;
                    if white(input[at]) || b"[]{},:".contains(&input[at]) || quote {
                        break;
                    }
                    scan.see(input[at]);
                    at += 1;
                }
            }
        }
        records.push(start..at);
    }
}
