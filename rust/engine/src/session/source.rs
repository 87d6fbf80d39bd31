//! Cuts a slab into blocks of whole records, one after the other, for whichever thread asks next.

use super::block::{Block, Holds};
use crate::frame::{Extent, Framer, Reached};

/// Bytes of a block: enough to make claiming it cheap, few enough that a slab of 1 MiB keeps several threads busy and that a block
/// with its report stays in a core's cache.
pub(super) const BLOCK_BYTES: usize = 128 << 10;

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

impl<'a> Source<'a> {
    /// Of `bytes`, which stand at `offset`, at most `blocks` blocks.
    pub(super) fn new(framer: &'a mut Framer, bytes: &'a [u8], offset: u64, blocks: usize) -> Self {
        Self { framer, bytes, offset, framed: 0, blocks, reached: Reached::Boundary(0) }
    }

    /// Blocks of the usual size that there are at least.
    pub(super) fn estimate(&self) -> usize {
        self.bytes.len().div_ceil(BLOCK_BYTES).min(self.blocks)
    }

    /// The next block; its records, unless they are lines, go to `extents`.
    pub(super) fn next(&mut self, extents: &mut Vec<Extent>) -> Option<Block<'a>> {
        extents.clear();
        if self.blocks == 0 || !matches!(self.reached, Reached::Boundary(_)) {
            return None;
        }
        let rest = &self.bytes[self.framed..];
        let reached = self.framer.frame(rest, BLOCK_BYTES, extents);
        let length = match reached {
            Reached::Boundary(end) | Reached::Open(end) | Reached::Stopped(end) => end,
            Reached::End => rest.len(),
        };
        let block = Block {
            at: self.offset + self.framed as u64,
            bytes: &rest[..length],
            holds: if self.framer.by_lines() { Holds::Lines } else { Holds::Values },
        };
        self.blocks -= 1;
        self.framed += length;
        self.reached = reached;
        Some(block)
    }

    /// How many bytes have been framed, and what was reached with the last of them.
    pub(super) fn end(self) -> (usize, Reached) {
        (self.framed, self.reached)
    }
}
