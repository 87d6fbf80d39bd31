//! Cuts a slab into blocks of whole records, one after the other, for whichever thread asks next.

use crate::frame::{Framer, Reached};

/// Bytes of a block: enough to make claiming it cheap, few enough that a slab of 1 MiB keeps several threads busy and that a block
/// with its report stays in a core's cache.
pub(super) const BLOCK_BYTES: usize = 128 << 10;

/// Bytes for which it pays to wake another thread, which takes about as long as judging them.
const THREAD_BYTES: usize = 512 << 10;
/// The same where fields are measured, which takes some four times as long; a little less than a block.
const MEASURED_THREAD_BYTES: usize = 120 << 10;

/// The bytes of a slab that stand between records, and how far they have been framed.
#[derive(Debug)]
pub(super) struct Source<'a> {
    framer: &'a mut Framer,
    bytes: &'a [u8],
    /// Offset of the bytes in the stream.
    offset: u64,
    framed: usize,
    /// Blocks that may still be cut.
    blocks: usize,
    reached: Reached,
}

/// What was cut: some records, from one boundary to another.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// Where it stands in the stream.
    pub(super) at: u64,
    /// The piece, and for values the byte after it, where there is one, which tells that the last one is whole.
    pub(super) text: &'a [u8],
    pub(super) length: usize,
    /// Stands at its beginning.
    pub(super) framer: Framer,
}

impl<'a> Source<'a> {
    /// Of `bytes`, which stand at `offset`, at most `blocks` blocks.
    pub(super) fn new(framer: &'a mut Framer, bytes: &'a [u8], offset: u64, blocks: usize) -> Self {
        Self { framer, bytes, offset, framed: 0, blocks, reached: Reached::Boundary(0) }
    }

    /// Threads for which there is enough to do.
    pub(super) fn worthwhile_threads(&self, are_measured: bool) -> usize {
        (self.bytes.len() / if are_measured { MEASURED_THREAD_BYTES } else { THREAD_BYTES }).max(1)
    }

    /// The next piece, of about a block; none is empty.
    pub(super) fn next(&mut self) -> Option<Piece<'a>> {
        if self.blocks == 0 || !matches!(self.reached, Reached::Boundary(_)) {
            return None;
        }
        let rest = &self.bytes[self.framed..];
        let framer = self.framer.clone();
        self.reached = self.framer.pass(rest, BLOCK_BYTES);
        let length = match self.reached {
            Reached::Boundary(end) | Reached::Open(end) | Reached::Stopped(end) => end,
            Reached::End => rest.len(),
        };
        if length == 0 {
            return None;
        }
        let after = usize::from(!framer.by_lines());
        let at = self.offset + self.framed as u64;
        self.blocks -= 1;
        self.framed += length;
        Some(Piece { at, text: &rest[..rest.len().min(length + after)], length, framer })
    }

    /// How many bytes have been framed, and what was reached with the last of them.
    pub(super) fn end(self) -> (usize, Reached) {
        (self.framed, self.reached)
    }
}
