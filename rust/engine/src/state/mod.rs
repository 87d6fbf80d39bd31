//! What an input leaves behind, so that the results of the parts of a data set can become the result of the whole.
//!
//! A state begins with [`MAGIC`] and the number of its [`VERSION`], 32 bits. Entries follow, each an encoded
//! [`Entry`](stored::Entry) after its length in 64 bits. A length of 0 ends them; then comes the XXH3 hash, 64 bits, of all that stands before
//! it. Numbers have their low byte first. States can stand one after the other.

mod parts;
mod reader;

pub(crate) use crate::messages::jassay::state::v1 as stored;
pub(crate) use parts::{Extent, PartKey, Parts, Places};
pub(crate) use reader::{Piece, Reader};

use crate::memory::{Budget, MemoryRefused, ReservedBuffer};
use prost::Message;
use std::sync::Arc;
use stored::entry::Entry as Kind;
use xxhash_rust::xxh3::Xxh3Default;

/// What a state begins with.
const MAGIC: [u8; 8] = *b"\x89JASSAY\n";
/// Raised when what entries hold, or how a value is hashed, changes.
const VERSION: u32 = 1;
const HEAD_BYTES: usize = MAGIC.len() + size_of::<u32>();
const LENGTH_BYTES: usize = size_of::<u64>();
const HASH_BYTES: usize = size_of::<u64>();
/// No count of a state is more than the bytes of its inputs and their number, and that is no more than this. So no sum overflows.
pub(crate) const MOST: u64 = 1 << 62;

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damage(pub(crate) &'static str);

/// Takes a figure that can be, for a reason to name where it cannot.
pub(crate) fn ensure(can_be: bool, what: &'static str) -> Result<(), Damage> {
    if can_be { Ok(()) } else { Err(Damage(what)) }
}

/// A list as it is stored, of 64 or 32 bits each.
pub(crate) fn store_list<const N: usize>(list: impl Iterator<Item = [u8; N]>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(list.size_hint().0 * N);
    list.for_each(|item| bytes.extend_from_slice(&item));
    bytes
}

/// A stored list, of which there are so many.
pub(crate) fn restore_list<const N: usize>(bytes: &[u8], count: usize) -> Result<impl Iterator<Item = [u8; N]> + Clone, Damage> {
    ensure(bytes.len() == count.saturating_mul(N), "a list is longer or shorter than the one beside it")?;
    Ok(bytes.chunks_exact(N).filter_map(|item| item.first_chunk().copied()))
}

/// What the figures of a state must keep to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds<'a> {
    pub(crate) parts: &'a Parts,
}

impl Bounds<'_> {
    /// A count of anything.
    pub(crate) fn count(&self, count: u64) -> Result<u64, Damage> {
        ensure(count <= self.parts.most(), "a count is larger than its input")?;
        Ok(count)
    }

    /// A part that is there.
    pub(crate) fn part(&self, part: u64) -> Result<PartKey, Damage> {
        let key = PartKey::from_stored(part);
        ensure(self.parts.has(key), "a part that is not there is named")?;
        Ok(key)
    }
}

/// Writes a state.
pub(crate) struct Writer {
    bytes: ReservedBuffer,
    hash: Xxh3Default,
    scratch: Vec<u8>,
}

impl Writer {
    /// What is written is paid from `budget`.
    pub(crate) fn new(budget: Arc<Budget>) -> Result<Self, MemoryRefused> {
        let mut writer = Self { bytes: ReservedBuffer::new(budget), hash: Xxh3Default::new(), scratch: Vec::new() };
        writer.append(&MAGIC)?;
        writer.append(&VERSION.to_le_bytes())?;
        Ok(writer)
    }

    pub(crate) fn write(&mut self, entry: Kind) -> Result<(), MemoryRefused> {
        let entry = stored::Entry { entry: Some(entry) };
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        // An entry is small, and stands for something that is in memory already, but for texts of the longest values.
        scratch.extend_from_slice(&(entry.encoded_len() as u64).to_le_bytes());
        scratch.extend_from_slice(&entry.encode_to_vec());
        self.append(&scratch)?;
        self.scratch = scratch;
        Ok(())
    }

    /// The whole state.
    pub(crate) fn end(mut self) -> Result<ReservedBuffer, MemoryRefused> {
        self.append(&0_u64.to_le_bytes())?;
        let hash = self.hash.digest();
        self.append(&hash.to_le_bytes())?;
        Ok(self.bytes)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), MemoryRefused> {
        self.hash.update(bytes);
        self.bytes.extend(bytes, usize::MAX)
    }
}
