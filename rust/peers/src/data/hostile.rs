//! Streams that somebody might send to keep the engine busy. Not all of them are JSON.

use super::colliding::{Colliding, KEY_BYTES};
use jassay_engine::proto::Format;
use std::io::Write;

/// Bytes of a member of [`Hostile::Keys`].
const MEMBER_BYTES: usize = 100;

/// What the records consist of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hostile {
    /// Arrays that open and never close.
    Openings,
    /// Quotes.
    Quotes,
    /// Backslashes.
    Backslashes,
    /// An object with one key again and again.
    RepeatedKey,
    /// An object of different keys, 100 bytes a member.
    Keys,
    /// An object of different short keys.
    ShortKeys,
    /// An object of different keys that have the same hash, where the hash is a common one without a secret.
    CollidingKeys,
}

impl Hostile {
    /// All there are.
    pub const ALL: [Self; 7] =
        [Self::Openings, Self::Quotes, Self::Backslashes, Self::RepeatedKey, Self::Keys, Self::ShortKeys, Self::CollidingKeys];

    /// The name it is asked for by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Openings => "openings",
            Self::Quotes => "quotes",
            Self::Backslashes => "backslashes",
            Self::RepeatedKey => "repeated-key",
            Self::Keys => "keys",
            Self::ShortKeys => "short-keys",
            Self::CollidingKeys => "colliding-keys",
        }
    }

    /// A stream of about `bytes`, in records of `record_bytes` or the least that is more. Keys differ in the whole stream.
    pub fn stream(self, format: Format, record_bytes: usize, bytes: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes + MEMBER_BYTES + KEY_BYTES);
        let (begin, between, end): (&[u8], &[u8], &[u8]) = match format {
            Format::Array => (b"[", b",\n", b"]\n"),
            _ => (b"", b"\n", b"\n"),
        };
        let mut key = self.keys();
        let mut between_records = begin;
        while out.len() < bytes {
            out.extend_from_slice(between_records);
            let end = bytes.min(out.len() + record_bytes);
            self.record(end, &mut key, &mut out);
            between_records = between;
        }
        out.extend_from_slice(end);
        out
    }

    /// Writes one record that ends at `end` of `out` or a member later.
    fn record(self, end: usize, key: &mut impl FnMut(&mut Vec<u8>), out: &mut Vec<u8>) {
        match self {
            Self::Openings => out.resize(end, b'['),
            Self::Quotes => out.resize(end, b'"'),
            Self::Backslashes => out.resize(end, b'\\'),
            Self::RepeatedKey | Self::Keys | Self::ShortKeys | Self::CollidingKeys => {
                out.push(b'{');
                loop {
                    out.push(b'"');
                    key(out);
                    out.extend_from_slice(b"\":0");
                    if out.len() + 1 >= end {
                        break;
                    }
                    out.push(b',');
                }
                out.push(b'}');
            }
        }
    }

    /// Writes the next key each time.
    fn keys(self) -> impl FnMut(&mut Vec<u8>) {
        let colliding = (self == Self::CollidingKeys).then(Colliding::new);
        let mut number = 0;
        move |out| {
            let _ = match (self, &colliding) {
                (_, Some(colliding)) => out.write_all(&colliding.key(number)),
                (Self::RepeatedKey, _) => out.write_all(b"a"),
                (Self::Keys, _) => write!(out, "{number:0width$}", width = MEMBER_BYTES - "\"\":0,".len()),
                _ => write!(out, "{number:08}"),
            };
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Judge;
    const BYTES: usize = 1 << 18;

    fn records(stream: &[u8]) -> Vec<&[u8]> {
        stream.split(|byte| *byte == b'\n').filter(|record| !record.is_empty()).collect()
    }

    #[test]
    fn stream_has_the_bytes_and_records_that_were_asked_for() {
        for kind in Hostile::ALL {
            for record_bytes in [BYTES, 1 << 16] {
                let stream = kind.stream(Format::Ndjson, record_bytes, BYTES);
                assert!(stream.len().abs_diff(BYTES) < 1000, "{kind:?}: {} bytes", stream.len());
                assert!(
                    records(&stream).len().abs_diff(BYTES / record_bytes) <= 1,
                    "{kind:?}: {} records",
                    records(&stream).len()
                );
            }
        }
    }

    #[test]
    fn stream_of_different_keys_is_valid_in_every_format() {
        for kind in [Hostile::Keys, Hostile::ShortKeys, Hostile::CollidingKeys] {
            for format in [Format::Ndjson, Format::Array, Format::Concatenated] {
                let result = Judge::with_default_rules(format, 1).unwrap().judge(&kind.stream(format, 1 << 16, BYTES)).unwrap();
                let counts = result.counts.unwrap();
                assert!(counts.valid >= 4 && counts.invalid == 0, "{kind:?}, {format:?}: {counts:?}");
            }
        }
    }

    #[test]
    fn stream_of_one_byte_records_has_a_member_in_each() {
        let stream = Hostile::ShortKeys.stream(Format::Ndjson, 1, 100);
        assert_eq!(records(&stream)[..2], [b"{\"00000000\":0}", b"{\"00000001\":0}"]);
    }
}
