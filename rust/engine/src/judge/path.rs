//! Where in its record a fault is.

use super::{Fault, Judge, Level, Place, Unescaped};

/// Bytes of a group's path.
pub(crate) const MAX_PATH_BYTES: usize = 1024;
/// Bytes of a pointer.
const MAX_POINTER_BYTES: usize = 512;

const ELLIPSIS: &str = "\u{2026}";

impl Judge {
    /// The RFC 6901 pointer of the fault that this judge found last, in the same record.
    pub fn pointer(&self, record: &[u8], fault: &Fault) -> String {
        let mut pointer = String::new();
        for level in self.segments(fault) {
            pointer.push('/');
            match level {
                Level::Array { index } => pointer.push_str(&index.to_string()),
                Level::Object { key, .. } => escape_into(&mut pointer, &segment(key.of(record)), Star::Literal),
            }
            if pointer.len() > MAX_POINTER_BYTES {
                return cut(pointer, MAX_POINTER_BYTES);
            }
        }
        pointer
    }

    /// Writes the path of the same fault, which is the pointer with `*` for every index, to `path`.
    pub fn path(&self, record: &[u8], fault: &Fault, path: &mut String) {
        path.clear();
        for level in self.segments(fault) {
            let before = path.len();
            path.push('/');
            match level {
                Level::Array { .. } => path.push('*'),
                Level::Object { key, .. } => escape_into(path, &segment(key.of(record)), Star::Escaped),
            }
            if path.len() > MAX_PATH_BYTES {
                path.truncate(before);
                path.push_str("/*");
            }
            if path.len() > MAX_PATH_BYTES {
                path.truncate(before);
                return;
            }
        }
    }

    fn segments(&self, fault: &Fault) -> &[Level] {
        match fault.place {
            Place::Record => &[],
            Place::Container => &self.levels[..self.levels.len().saturating_sub(1)],
            Place::Inside => &self.levels,
        }
    }
}

/// The text of a key, as far as it can matter: six bytes of an escape stand for one byte at least.
fn segment(raw: &[u8]) -> String {
    const ENOUGH: usize = 6 * (MAX_PATH_BYTES + 2);
    Unescaped::text(&raw[..raw.len().min(ENOUGH)])
}

/// What a star in a key becomes: itself in a pointer; in a path, where it would stand for every element, `~2`.
#[derive(PartialEq, Eq)]
enum Star {
    Literal,
    Escaped,
}

/// Appends a segment, `~` and `/` escaped as RFC 6901 says.
fn escape_into(out: &mut String, segment: &str, star: Star) {
    for character in segment.chars() {
        match character {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            '*' if star == Star::Escaped => out.push_str("~2"),
            other => out.push(other),
        }
    }
}

/// The longest prefix of whole characters that fits into `most` bytes with an ellipsis after it.
pub(crate) fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        let mut end = most - ELLIPSIS.len();
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push_str(ELLIPSIS);
    }
    text
}
