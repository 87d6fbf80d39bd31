//! Reads states that come in slices of any size.

use super::{Damage, HASH_BYTES, HEAD_BYTES, Kind, LENGTH_BYTES, MAGIC, VERSION, stored};
use crate::memory::{Budget, MemoryRefused, Reservation, ReservedBuffer};
use prost::Message;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3Default;

/// Memory that an entry may take when it is taken apart, for each of its bytes: a byte can be a count, and lists double as they grow, the old
/// one beside the new.
const DECODED_BYTES: usize = 3 * size_of::<u64>();

/// What came of a state.
#[derive(Debug)]
pub(crate) enum Piece {
    Entry(Box<Kind>),
    /// The last of it: it is whole.
    End,
    /// It is of another version, of which there are so many.
    OtherVersion(u32),
}

/// What is due next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Head,
    Length,
    Entry(usize),
    Hash,
}

/// Takes slices of states apart. What must be kept of a slice is paid from the budget as it comes, whatever length was told.
pub(crate) struct Reader {
    due: Due,
    /// What has come of it, where a slice ended inside.
    held: ReservedBuffer,
    hash: Xxh3Default,
    /// For the entry that was taken apart last.
    decoded: Reservation,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Reader").field("due", &self.due).finish_non_exhaustive()
    }
}

impl Reader {
    pub(crate) fn new(budget: Arc<Budget>) -> Self {
        let decoded = Reservation::new(budget.clone());
        Self { due: Due::Head, held: ReservedBuffer::new(budget), hash: Xxh3Default::new(), decoded }
    }

    /// Whether nothing of a state has come yet.
    pub(crate) fn is_between_states(&self) -> bool {
        self.due == Due::Head && self.held.as_slice().is_empty()
    }

    /// The next piece that `bytes` make whole, and takes off them what it used.
    pub(crate) fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<Result<Piece, Damage>>, MemoryRefused> {
        loop {
            let needed = match self.due {
                Due::Head => HEAD_BYTES,
                Due::Length => LENGTH_BYTES,
                Due::Entry(length) => length,
                Due::Hash => HASH_BYTES,
            };
            let missing = needed - self.held.as_slice().len();
            if bytes.len() < missing {
                self.held.extend(bytes, needed)?;
                *bytes = &[];
                return Ok(None);
            }
            if let Due::Entry(length) = self.due {
                self.decoded.set(length.saturating_mul(DECODED_BYTES) as u64)?;
            }
            let (rest_of_it, rest) = bytes.split_at(missing);
            *bytes = rest;
            let piece = if self.held.as_slice().is_empty() {
                Self::take(&mut self.due, &mut self.hash, rest_of_it)
            } else {
                self.held.extend(rest_of_it, needed)?;
                let piece = Self::take(&mut self.due, &mut self.hash, self.held.as_slice());
                self.held.clear();
                piece
            };
            if let Some(piece) = piece.transpose() {
                return Ok(Some(piece));
            }
        }
    }

    /// Takes what was due, now that it is whole.
    fn take(due: &mut Due, hash: &mut Xxh3Default, bytes: &[u8]) -> Result<Option<Piece>, Damage> {
        if *due != Due::Hash {
            hash.update(bytes);
        }
        match *due {
            Due::Head => {
                let (magic, version) = bytes.split_at(MAGIC.len());
                if magic != MAGIC {
                    return Err(Damage("it does not begin as a state does"));
                }
                let version = version.try_into().map_or(0, u32::from_le_bytes);
                if version != VERSION {
                    return Ok(Some(Piece::OtherVersion(version)));
                }
                *due = Due::Length;
                Ok(None)
            }
            Due::Length => {
                let length = bytes.try_into().map_or(0, u64::from_le_bytes);
                let length = usize::try_from(length).ok().filter(|length| *length <= isize::MAX as usize);
                *due = match length.ok_or(Damage("an entry is longer than any memory"))? {
                    0 => Due::Hash,
                    length => Due::Entry(length),
                };
                Ok(None)
            }
            Due::Entry(_) => {
                *due = Due::Length;
                let entry = stored::Entry::decode(bytes).map_err(|_| Damage("an entry cannot be read"))?;
                entry.entry.map(|kind| Some(Piece::Entry(Box::new(kind)))).ok_or(Damage("an entry is empty"))
            }
            Due::Hash => {
                if bytes != hash.digest().to_le_bytes() {
                    return Err(Damage("its hash is not that of its bytes"));
                }
                *due = Due::Head;
                hash.reset();
                Ok(Some(Piece::End))
            }
        }
    }
}
