//! Tells by the first bytes of a stream how it is compressed.

use super::zstd;
use crate::proto::Compression;

/// The first bytes of a gzip member. No JSON and no UTF-8 begins so.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Bytes that decide.
const MOST: usize = 4;

/// The first bytes of a stream, for as long as they may be those of a compressed one.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Magic {
    held: [u8; MOST],
    length: usize,
}

impl Magic {
    /// Reads the next bytes, as many as it needs. The compression, once it is certain.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Option<Compression> {
        for byte in bytes {
            self.held[self.length] = *byte;
            self.length += 1;
            if let Some(compression) = decide(self.held()) {
                return Some(compression);
            }
        }
        None
    }

    /// What it has read.
    pub(crate) fn held(&self) -> &[u8] {
        &self.held[..self.length]
    }
}

/// None while the bytes are the beginning of a magic number. Four always decide.
fn decide(first: &[u8]) -> Option<Compression> {
    let length = first.len().min(GZIP.len());
    if first[..length] == GZIP[..length] {
        return (length == GZIP.len()).then_some(Compression::Gzip);
    }
    match zstd::begins_frame(first) {
        false => Some(Compression::Identity),
        true => (first.len() >= MOST).then_some(Compression::Zstd),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magic_numbers_are_told_in_any_slices_and_all_else_at_once() {
        let cases: [(&[u8], Compression, usize); 7] = [
            (b"\x1f\x8b\x08\0\0", Compression::Gzip, 2),
            (b"\x28\xb5\x2f\xfd\0", Compression::Zstd, 4),
            (b"\x5a\x2a\x4d\x18\0", Compression::Zstd, 4),
            (b"{\"a\":1}", Compression::Identity, 1),
            (b"\x1f{}", Compression::Identity, 2),
            (b"\x28\xb5\x2f\xfe", Compression::Identity, 4),
            (b"PPPP", Compression::Identity, 2),
        ];
        for (bytes, compression, enough) in cases {
            assert_eq!(Magic::default().push(bytes), Some(compression), "{bytes:x?}");
            let mut magic = Magic::default();
            for at in 0..enough - 1 {
                assert_eq!(magic.push(&bytes[at..=at]), None);
            }
            assert_eq!(magic.push(&bytes[enough - 1..]), Some(compression));
            assert_eq!(magic.held(), &bytes[..enough]);
        }
    }
}
