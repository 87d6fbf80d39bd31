//! Takes the compression off a stream: gzip with all its members, zstd with all its frames.
//!
//! What comes out, and where it ends, must not depend on how the compressed stream was cut. Decoders do not promise that: what they have
//! read when their output is full, and what they have written when they fail, depends on what they were given at once. So a decoder is
//! given the stream in pieces of one size, and room in pieces of one size, however the stream comes; then all that it does is the same.

mod gzip;
mod magic;
mod zstd;

pub(crate) use magic::Magic;

use crate::Halt;
use crate::memory::{Budget, MemoryRefused, Reservation};
use crate::proto::{Compression, Termination};
use gzip::Gzip;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use zstd::Zstd;

/// Compressed bytes that a decoder is given at once: few, since they wait until they are that many, and enough to be decoded fast.
const PIECE_BYTES: usize = 16 << 10;
/// Decompressed bytes that are judged at once. The expansion is judged at their multiples.
const OUTPUT_BYTES: usize = 1 << 20;

/// How much a compressed stream may ask of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Decompressed bytes for each compressed one, beyond `free_bytes`.
    pub max_expansion: u64,
    /// Decompressed bytes up to which the expansion does not matter.
    pub free_bytes: u64,
    /// Window of a zstd frame, which is how far back it refers and what its decoder keeps.
    pub max_zstd_window: u64,
}

impl Bounds {
    /// gzip reaches 1,032:1 at most, and zstd of real records less; beyond twice that, a stream is made to keep the engine busy.
    pub const DEFAULT_EXPANSION: u64 = 2_000;
    /// Judged within a second or so, and more than a stream of few bytes that means no harm expands to.
    pub const DEFAULT_FREE_BYTES: u64 = 1 << 30;
    /// What RFC 8878 asks every decoder to take, and all levels up to 19 keep to.
    pub const DEFAULT_ZSTD_WINDOW: u64 = 8 << 20;
    /// The least that may be set: RFC 8878 has no smaller window.
    pub const MIN_ZSTD_WINDOW: u64 = 1 << 10;
    /// The most that may be set: zstd's own bound.
    pub const MAX_ZSTD_WINDOW: u64 = 1 << 31;
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            max_expansion: Self::DEFAULT_EXPANSION,
            free_bytes: Self::DEFAULT_FREE_BYTES,
            max_zstd_window: Self::DEFAULT_ZSTD_WINDOW,
        }
    }
}

/// What a decoder did with bytes and room that it was given.
#[derive(Debug, Default)]
struct Step {
    read: usize,
    written: usize,
    stop: Option<Stop>,
}

/// Why a decoder cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Corrupt,
    Window,
    Memory(MemoryRefused),
}

#[derive(Debug)]
enum Decoder {
    Gzip(Gzip),
    Zstd(Zstd),
}

impl Decoder {
    fn step(&mut self, bytes: &[u8], room: &mut [u8]) -> Step {
        match self {
            Self::Gzip(gzip) => gzip.step(bytes, room),
            Self::Zstd(zstd) => zstd.step(bytes, room),
        }
    }

    /// Whether a stream may end here.
    fn is_whole(&self) -> bool {
        match self {
            Self::Gzip(gzip) => gzip.is_whole(),
            Self::Zstd(zstd) => zstd.is_whole(),
        }
    }
}

/// Decompressed bytes.
#[derive(Debug)]
pub(crate) struct Output {
    bytes: Vec<u8>,
    filled: usize,
    taken: usize,
    reservation: Reservation,
}

impl Output {
    pub(crate) fn new(budget: Arc<Budget>) -> Self {
        Self { bytes: Vec::new(), filled: 0, taken: 0, reservation: Reservation::new(budget) }
    }

    /// What has not been taken yet.
    pub(crate) fn filled(&self) -> &[u8] {
        &self.bytes[self.taken..self.filled]
    }

    /// What is filled has been taken; what is free stays.
    pub(crate) fn take(&mut self) {
        self.taken = self.filled;
    }

    pub(crate) fn clear(&mut self) {
        (self.filled, self.taken) = (0, 0);
    }

    fn is_full(&self) -> bool {
        self.filled == OUTPUT_BYTES
    }

    /// What is free, allocated when it is first asked for.
    fn room(&mut self) -> Result<&mut [u8], MemoryRefused> {
        if self.bytes.is_empty() {
            self.reservation.set(OUTPUT_BYTES as u64)?;
            self.bytes = vec![0; OUTPUT_BYTES];
        }
        Ok(&mut self.bytes[self.filled..])
    }
}

/// Whether more compressed bytes come after some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coming {
    More,
    Nothing,
}

/// How far filling an output came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filled {
    /// It is full.
    Full,
    /// More of the compressed stream is needed.
    Hungry,
    /// No more comes; where the stream did not end well, why.
    Ended(Option<Termination>),
}

/// A compressed stream under way.
#[derive(Debug)]
pub(crate) struct Decompressor {
    decoder: Decoder,
    bounds: Bounds,
    cancelled: Arc<AtomicBool>,
    /// The piece that comes together, or that is being read.
    piece: Vec<u8>,
    /// How much of the piece the decoder has read, once it is whole.
    read: Option<usize>,
    /// Compressed bytes that the decoder has read, and decompressed ones that it has written.
    total_read: u64,
    total_written: u64,
    /// The decoder may have more to write without reading more.
    pending: bool,
    ended: Option<Filled>,
}

impl Decompressor {
    /// Of a stream that is compressed so; none where it is not.
    pub(crate) fn new(
        compression: Compression,
        bounds: Bounds,
        budget: Arc<Budget>,
        cancelled: Arc<AtomicBool>,
    ) -> Result<Option<Self>, Halt> {
        let decoder = match compression {
            Compression::Gzip => Decoder::Gzip(Gzip::new(budget)?),
            Compression::Zstd => Decoder::Zstd(Zstd::new(bounds.max_zstd_window, budget)?),
            Compression::Identity | Compression::Unspecified => return Ok(None),
        };
        let piece = Vec::with_capacity(PIECE_BYTES);
        let (total_read, total_written) = (0, 0);
        Ok(Some(Self { decoder, bounds, cancelled, piece, read: None, total_read, total_written, pending: false, ended: None }))
    }

    /// Whether `more` bytes are too few for anything to be decoded.
    pub(crate) fn stays_hungry(&self, more: usize) -> bool {
        self.ended.is_none() && !self.pending && self.read.is_none() && self.piece.len() + more < PIECE_BYTES
    }

    /// Decompresses into `output`, and takes what it needs of `bytes` for that. Where nothing comes after them, it ends once they are done with.
    pub(crate) fn fill(&mut self, bytes: &mut &[u8], coming: Coming, output: &mut Output) -> Result<Filled, Halt> {
        if let Some(ended) = self.ended {
            return Ok(ended);
        }
        loop {
            if self.cancelled.load(Ordering::Relaxed) {
                return Err(Halt::Cancelled);
            }
            if output.is_full() {
                return Ok(Filled::Full);
            }
            if self.read.is_none() && !self.pending && !self.gather(bytes, coming) {
                return Ok(if coming == Coming::Nothing { self.end(None) } else { Filled::Hungry });
            }
            if let Some(termination) = self.step(output)? {
                return Ok(self.end(Some(termination)));
            }
        }
    }

    /// Ends the stream; where the decoder stopped, with what it stopped for.
    fn end(&mut self, stopped: Option<Termination>) -> Filled {
        let truncated = (!self.decoder.is_whole()).then_some(Termination::InputTruncated);
        let ended = Filled::Ended(stopped.or(truncated));
        self.ended = Some(ended);
        ended
    }

    /// Goes on with the piece that comes together. Whether there is one to be read.
    fn gather(&mut self, bytes: &mut &[u8], coming: Coming) -> bool {
        let (taken, rest) = bytes.split_at(bytes.len().min(PIECE_BYTES - self.piece.len()));
        self.piece.extend_from_slice(taken);
        *bytes = rest;
        let is_whole = self.piece.len() == PIECE_BYTES || (coming == Coming::Nothing && !self.piece.is_empty());
        self.read = is_whole.then_some(0);
        is_whole
    }

    /// Has the decoder go on. Why it cannot, if it cannot.
    fn step(&mut self, output: &mut Output) -> Result<Option<Termination>, Halt> {
        let from = self.read.unwrap_or(self.piece.len());
        let unread = &self.piece[from..];
        let room = output.room()?;
        let Step { read, written, stop } = self.decoder.step(unread, room);
        // Where there is something to read and room for it, a decoder moves; else it is waiting for what it will never get.
        let stuck = read == 0 && written == 0 && !unread.is_empty() && !self.pending;
        self.pending = written == room.len();
        output.filled += written;
        self.total_read += read as u64;
        self.total_written += written as u64;
        if self.read.is_some() {
            self.read = Some(from + read);
            if from + read == self.piece.len() {
                self.piece.clear();
                self.read = None;
            }
        }
        match stop {
            Some(Stop::Memory(refused)) => Err(refused.into()),
            Some(Stop::Window) => Ok(Some(Termination::Limit)),
            Some(Stop::Corrupt) => Ok(Some(Termination::CorruptCompression)),
            None if stuck => Ok(Some(Termination::CorruptCompression)),
            None => Ok((output.is_full() && self.expands_too_much()).then_some(Termination::Limit)),
        }
    }

    /// To be asked at multiples of the output's size, so that it does not depend on anything but the stream.
    fn expands_too_much(&self) -> bool {
        let most = u128::from(self.bounds.max_expansion) * u128::from(self.total_read);
        self.total_written > self.bounds.free_bytes && u128::from(self.total_written) > most
    }
}
