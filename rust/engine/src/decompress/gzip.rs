//! gzip, RFC 1952: members one after the other.

use super::{Step, Stop};
use crate::memory::{Budget, MemoryRefused, Reservation};
use flate2::{Decompress, FlushDecompress, Status};
use std::sync::Arc;

/// A window of 32 KiB, tables, and what they are aligned to.
const STATE_BYTES: u64 = 64 << 10;
/// log2 of the largest window there is.
const WINDOW_BITS: u8 = 15;
/// What every member begins with.
const FIRST_BYTE: u8 = 0x1f;

#[derive(Debug)]
pub(super) struct Gzip {
    inflate: Option<Decompress>,
    has_members: bool,
    _reservation: Reservation,
}

impl Gzip {
    pub(super) fn new(budget: Arc<Budget>) -> Result<Self, MemoryRefused> {
        let mut reservation = Reservation::new(budget);
        reservation.set(STATE_BYTES)?;
        Ok(Self { inflate: None, has_members: false, _reservation: reservation })
    }

    /// A file has one member at least.
    pub(super) fn is_whole(&self) -> bool {
        self.has_members && self.inflate.is_none()
    }

    /// Header, checksum and length are judged on the way.
    pub(super) fn step(&mut self, bytes: &[u8], room: &mut [u8]) -> Step {
        if self.inflate.is_none() {
            match bytes.first() {
                None => return Step::default(),
                // The decoder would wait for a second byte.
                Some(first) if *first != FIRST_BYTE => return Step { stop: Some(Stop::Corrupt), ..Step::default() },
                Some(_) => self.has_members = true,
            }
        }
        let inflate = self.inflate.get_or_insert_with(|| Decompress::new_gzip(WINDOW_BITS));
        let before = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(bytes, room, FlushDecompress::None);
        let read = (inflate.total_in() - before.0) as usize;
        let written = (inflate.total_out() - before.1) as usize;
        let stop = match status {
            Ok(Status::StreamEnd) => {
                self.inflate = None;
                None
            }
            Ok(Status::Ok | Status::BufError) => None,
            Err(_) => Some(Stop::Corrupt),
        };
        Step { read, written, stop }
    }
}
