//! Records of schemas that are published, again and again.

use std::fs;
use std::io;
use std::path::Path;

/// What each folder of [`names`] has: a schema beside records of it, one a line.
const RECORDS: &str = "instances.jsonl";

/// The folders in `schemas` that have records, in their order.
pub(super) fn names(schemas: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(schemas)? {
        let entry = entry?;
        if entry.path().join(RECORDS).is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// The records of one of [`names`], a line each, until they have `bytes`. The beginning of a longer stream is a shorter one.
pub(super) fn lines(schemas: &Path, name: &str, bytes: usize) -> io::Result<Vec<u8>> {
    Ok(repeated(&compact(&fs::read(schemas.join(name).join(RECORDS))?), bytes))
}

fn repeated(records: &[u8], bytes: usize) -> Vec<u8> {
    let mut lines = Vec::with_capacity(bytes + records.len());
    for record in records.split(|byte| *byte == b'\n').filter(|record| !record.is_empty()).cycle() {
        if lines.len() >= bytes {
            break;
        }
        lines.extend_from_slice(record);
        lines.push(b'\n');
    }
    lines
}

/// Without the white space that stands between tokens; line feeds stay.
fn compact(records: &[u8]) -> Vec<u8> {
    let (mut in_text, mut escaped) = (false, false);
    let is_kept = |byte: &u8| {
        if in_text {
            (escaped, in_text) = (!escaped && *byte == b'\\', escaped || *byte != b'"');
            return true;
        }
        in_text = *byte == b'"';
        !matches!(byte, b' ' | b'\t' | b'\r')
    };
    records.iter().copied().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compact_takes_white_space_between_tokens_and_none_in_texts() {
        let records = b"{\"a b\": [1, \"\\\" \\\\\", \" \"]}\r\n\t{}\n";
        assert_eq!(compact(records), b"{\"a b\":[1,\"\\\" \\\\\",\" \"]}\n{}\n");
    }

    #[test]
    fn repeated_begins_anew_until_there_is_enough() {
        assert_eq!(repeated(b"1\n\n2", 5), b"1\n2\n1\n");
        assert_eq!(repeated(b"", 5), b"");
    }
}
