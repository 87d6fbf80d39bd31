//! The JSON Pointer to the array whose elements are the records.

use std::sync::Arc;

/// A JSON Pointer (RFC 6901) of one segment at least. Immutable; cheap to clone; any thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordsPath {
    text: Arc<str>,
    segments: Arc<[Segment]>,
}

/// What a pointer says of one container on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// Of an object, the key after unescaping.
    pub(super) key: Box<[u8]>,
    /// Of an array, the element, if there can be such a one.
    pub(super) index: Option<u64>,
}

impl RecordsPath {
    /// Reads a pointer. What is wrong with it, if it is none.
    pub fn parse(pointer: &str) -> Result<Self, &'static str> {
        let segments = pointer.strip_prefix('/').ok_or("a JSON Pointer begins with '/'")?;
        let text = pointer.into();
        let segments: Option<Vec<Segment>> = segments.split('/').map(Segment::parse).collect();
        Ok(Self { text, segments: segments.ok_or("in a JSON Pointer '~' is written '~0', and '/' in a key '~1'")?.into() })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its segments, as many as containers are on the way.
    pub fn length(&self) -> usize {
        self.segments.len()
    }

    /// Of the container at this depth, from 0.
    pub(super) fn segment(&self, depth: usize) -> Option<&Segment> {
        self.segments.get(depth)
    }
}

impl Segment {
    fn parse(text: &str) -> Option<Self> {
        let mut key = Vec::with_capacity(text.len());
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            key.push(match byte {
                b'~' => match bytes.next()? {
                    b'0' => b'~',
                    b'1' => b'/',
                    _ => return None,
                },
                itself => itself,
            });
        }
        let is_index =
            text == "0" || !text.starts_with('0') && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // No array has as many elements as what does not fit.
        let index = is_index.then(|| text.parse().unwrap_or(u64::MAX));
        Some(Self { key: key.into(), index })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_pointers_gives_keys_and_indexes() {
        type Segments = &'static [(&'static str, Option<u64>)];
        let cases: [(&str, Segments); 8] = [
            ("/data/items", &[("data", None), ("items", None)]),
            ("/", &[("", None)]),
            ("//a", &[("", None), ("a", None)]),
            ("/~01/~1~0", &[("~1", None), ("/~", None)]),
            ("/0/17/007", &[("0", Some(0)), ("17", Some(17)), ("007", None)]),
            ("/-/-1/+1", &[("-", None), ("-1", None), ("+1", None)]),
            ("/99999999999999999999", &[("99999999999999999999", Some(u64::MAX))]),
            ("/käse", &[("käse", None)]),
        ];
        for (pointer, expected) in cases {
            let path = RecordsPath::parse(pointer).unwrap();
            let found: Vec<_> = path.segments.iter().map(|it| (std::str::from_utf8(&it.key).unwrap(), it.index)).collect();
            assert_eq!(found, expected, "{pointer}");
        }
    }

    #[test]
    fn parse_what_is_no_pointer_is_refused() {
        for pointer in ["", "a", "data/items", "#/a", "/~", "/a~", "/~2", "/a~/b", "/~~0"] {
            assert!(RecordsPath::parse(pointer).is_err(), "{pointer}");
        }
    }
}
