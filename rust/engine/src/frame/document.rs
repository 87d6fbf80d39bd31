//! The whole stream is one record.

use super::{Reached, skip_white};

/// Finds where a document begins; it ends with the stream.
#[derive(Debug, Clone)]
pub(super) struct Document;

impl Document {
    pub(super) fn frame(&mut self, bytes: &[u8]) -> Reached {
        match skip_white(bytes, 0) {
            start if start < bytes.len() => Reached::Open(start),
            _ => Reached::End,
        }
    }
}
