//! The record that a slab left open.

use crate::frame::trimmed_length;
use crate::memory::{Budget, MemoryRefused, ReservedBuffer};
use std::sync::Arc;

/// Capacity above which the buffer is given back with its record, so that one long record does not hold memory for the whole call.
const KEPT_CAPACITY: usize = 1 << 20;

/// Keeps the bytes of one record across slabs, up to the longest that will be judged. Of what is beyond, only the length is kept.
#[derive(Debug)]
pub(super) struct Carry {
    max_record_bytes: u64,
    /// Whether somebody is told of what is too long to be kept: then white space that may yet belong to it is kept too.
    passes: bool,
    kept: ReservedBuffer,
    is_open: bool,
    start: u64,
    /// Line feeds before the record.
    lines: u64,
    /// Bytes pushed.
    pushed: u64,
    /// Bytes up to the last that is not white space, among those that are beyond what is kept; 0 where they are all white space.
    length_beyond: u64,
}

impl Carry {
    pub(super) fn new(max_record_bytes: u64, budget: Arc<Budget>) -> Self {
        let kept = ReservedBuffer::new(budget);
        Self { max_record_bytes, passes: false, kept, is_open: false, start: 0, lines: 0, pushed: 0, length_beyond: 0 }
    }

    /// From now on, all of every record is told or kept.
    pub(super) fn pass_what_is_beyond(&mut self) {
        self.passes = true;
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// A record begins at `start`, after `lines` line feeds.
    pub(super) fn open(&mut self, start: u64, lines: u64) {
        self.kept.clear();
        (self.is_open, self.start, self.lines, self.pushed, self.length_beyond) = (true, start, lines, 0, 0);
    }

    /// The next bytes of the record, or white space after it.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), MemoryRefused> {
        let room = (self.max_record_bytes as usize).saturating_sub(self.kept.as_slice().len());
        let (fitting, beyond) = bytes.split_at(room.min(bytes.len()));
        self.kept.extend(fitting, self.max_record_bytes as usize)?;
        let length = trimmed_length(beyond);
        if self.passes && length == 0 && !self.is_oversize() {
            self.kept.extend(beyond, usize::MAX)?;
        }
        if length > 0 {
            self.length_beyond = self.pushed + (fitting.len() + length) as u64;
        }
        self.pushed += bytes.len() as u64;
        Ok(())
    }

    pub(super) fn close(&mut self) {
        self.is_open = false;
        if self.kept.as_slice().len() > KEPT_CAPACITY {
            self.kept.release();
        }
    }

    pub(super) fn start(&self) -> u64 {
        self.start
    }

    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// Whether it is certain to be longer than what is kept.
    pub(super) fn is_oversize(&self) -> bool {
        self.length_beyond > 0
    }

    /// All that is kept: of a record that is not oversize all bytes that were pushed, if what is beyond passes.
    pub(super) fn all_kept(&self) -> &[u8] {
        self.kept.as_slice()
    }

    /// The record without white space at its end, as far as it is kept.
    pub(super) fn kept(&self) -> &[u8] {
        let kept = self.kept.as_slice();
        if self.is_oversize() {
            // White space that was kept beyond does not count.
            &kept[..kept.len().min(self.max_record_bytes as usize)]
        } else {
            &kept[..trimmed_length(kept)]
        }
    }

    /// Bytes of the record without white space at its end.
    pub(super) fn length(&self) -> u64 {
        self.length_beyond.max(self.kept().len() as u64)
    }
}
