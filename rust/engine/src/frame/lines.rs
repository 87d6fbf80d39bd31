//! NDJSON: a line feed ends a record, whatever stands before it.

use super::{Reached, skip_white};
use memchr::{memchr, memrchr};

/// Finds lines.
#[derive(Debug, Clone)]
pub(super) struct Lines;

impl Lines {
    /// The offset after the line feed that ends the line under way.
    pub(super) fn close(&mut self, bytes: &[u8]) -> Option<usize> {
        memchr(b'\n', bytes).map(|line_feed| line_feed + 1)
    }

    /// A boundary is the offset after a line feed, the last one before the target where there is one. A line that is under way begins
    /// with its first byte that is not white space; where it has none yet, there is no line under way.
    pub(super) fn frame(&mut self, bytes: &[u8], target: usize) -> Reached {
        let near = target.min(bytes.len());
        let after = || memchr(b'\n', &bytes[near..]).map(|length| near + length);
        match memrchr(b'\n', &bytes[..near]).or_else(after) {
            Some(line_feed) => Reached::Boundary(line_feed + 1),
            None => match skip_white(bytes, 0) {
                start if start < bytes.len() => Reached::Open(start),
                _ => Reached::End,
            },
        }
    }
}
