//! Where in its record a fault is.

use super::{Fault, Judge, Level, Place, Unescaped};

/// Bytes of a group's path.
pub(crate) const MAX_PATH_BYTES: usize = 1024;
/// Bytes of a pointer.
pub(crate) const MAX_POINTER_BYTES: usize = 512;

const ELLIPSIS: &str = "\u{2026}";

/// One step of the way to a value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Segment<'a> {
    Index(u32),
    /// What stands between the quotes of a key.
    Key(&'a [u8]),
}

/// The RFC 6901 pointer to what the segments lead to.
pub(crate) fn pointer<'a>(segments: impl Iterator<Item = Segment<'a>>) -> String {
    let mut pointer = String::new();
    for segment in segments {
        pointer.push('/');
        match segment {
            Segment::Index(index) => pointer.push_str(&index.to_string()),
            Segment::Key(raw) => escape_into(&mut pointer, &text(raw), Star::Literal),
        }
        if pointer.len() > MAX_POINTER_BYTES {
            return cut(pointer, MAX_POINTER_BYTES);
        }
    }
    pointer
}

/// Writes the path of the same, which is the pointer with `*` for every index, to `path`.
pub(crate) fn write_path<'a>(segments: impl Iterator<Item = Segment<'a>>, path: &mut String) {
    path.clear();
    for segment in segments {
        let before = path.len();
        path.push('/');
        match segment {
            Segment::Index(_) => path.push('*'),
            Segment::Key(raw) => escape_into(path, &text(raw), Star::Escaped),
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

impl Judge {
    /// The RFC 6901 pointer of the fault that this judge found last, in the same record.
    pub fn pointer(&self, record: &[u8], fault: &Fault) -> String {
        pointer(self.segments(fault).iter().map(|level| level.segment(record)))
    }

    /// Writes the path of the same fault, which is the pointer with `*` for every index, to `path`.
    pub fn path(&self, record: &[u8], fault: &Fault, path: &mut String) {
        write_path(self.segments(fault).iter().map(|level| level.segment(record)), path);
    }

    fn segments(&self, fault: &Fault) -> &[Level] {
        match fault.place {
            Place::Record => &[],
            Place::Container => &self.levels[..self.levels.len().saturating_sub(1)],
            Place::Inside => &self.levels,
        }
    }
}

impl Level {
    fn segment(self, record: &[u8]) -> Segment<'_> {
        match self {
            Self::Array { index } => Segment::Index(index),
            Self::Object { key, .. } => Segment::Key(key.of(record)),
        }
    }
}

/// The text of a key, as far as it can matter: six bytes of an escape stand for one byte at least.
fn text(raw: &[u8]) -> String {
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
