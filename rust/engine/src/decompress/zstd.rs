//! zstd, RFC 8878: frames one after the other, some of them to be skipped.
//!
//! The stream is walked here, header by header, for three reasons: a window is judged by our bound, and its memory reserved, before the
//! decoder allocates it; the decoder gets no more than one block at a time, since what it has written in a call is lost where that call
//! fails; and whether the stream may end is known without it.

use super::{Step, Stop};
use crate::memory::{Budget, MemoryRefused, Reservation};
use std::fmt;
use std::sync::Arc;
use zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer};

const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Of skippable frames; their first byte has any low four bits.
const SKIPPABLE: [u8; 4] = [0x50, 0x2a, 0x4d, 0x18];
/// The longest header of a frame.
const MOST_HEADER_BYTES: usize = 18;
const BLOCK_HEADER_BYTES: usize = 3;
const CHECKSUM_BYTES: u64 = 4;
const MOST_BLOCK_BYTES: u64 = 128 << 10;
/// The decoder's tables, rounded up.
const STATE_BYTES: u64 = 160 << 10;
/// Beside the window it keeps one block that comes in, two that go out, and a margin.
const BUFFER_BYTES: u64 = 3 * MOST_BLOCK_BYTES + (1 << 10);

/// Whether bytes are the beginning of a frame, as far as they come.
pub(super) fn begins_frame(bytes: &[u8]) -> bool {
    let is = |magic: [u8; 4], mask: u8| {
        bytes
            .iter()
            .zip(magic)
            .enumerate()
            .all(|(at, (byte, wanted))| if at == 0 { byte & mask == wanted } else { *byte == wanted })
    };
    is(MAGIC, 0xff) || is(SKIPPABLE, 0xf0)
}

/// Where in the stream the next byte stands.
#[derive(Debug, Clone, Copy)]
enum Place {
    FrameHeader,
    /// Inside a skippable frame.
    Skipped {
        left: u64,
    },
    BlockHeader,
    Block {
        left: u64,
        is_last: bool,
    },
    Checksum {
        left: u64,
    },
}

/// What a header tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Header {
    Skippable { length: u64 },
    Frame { window: u64, has_checksum: bool },
}

pub(super) struct Zstd {
    context: DCtx<'static>,
    max_window: u64,
    place: Place,
    /// The header that comes together.
    header: [u8; MOST_HEADER_BYTES],
    header_length: usize,
    has_checksum: bool,
    has_frames: bool,
    /// The decoder may have more to write; it must before it gets more, for the reason above.
    pending: bool,
    reservation: Reservation,
}

impl fmt::Debug for Zstd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zstd").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Zstd {
    pub(super) fn new(max_window: u64, budget: Arc<Budget>) -> Result<Self, MemoryRefused> {
        let mut reservation = Reservation::new(budget);
        reservation.set(STATE_BYTES)?;
        let mut context = DCtx::create();
        // Larger windows do not get as far as the decoder, whose own bound would be another one. Where it does not take this, it keeps that.
        let _ = context.set_parameter(DParameter::WindowLogMax(max_window.next_power_of_two().ilog2().clamp(10, 31)));
        Ok(Self {
            context,
            max_window,
            place: Place::FrameHeader,
            header: [0; MOST_HEADER_BYTES],
            header_length: 0,
            has_checksum: false,
            has_frames: false,
            pending: false,
            reservation,
        })
    }

    /// Between frames, of which there is one at least.
    pub(super) fn is_whole(&self) -> bool {
        self.has_frames && self.header_length == 0 && !self.pending && matches!(self.place, Place::FrameHeader)
    }

    pub(super) fn step(&mut self, bytes: &[u8], room: &mut [u8]) -> Step {
        if self.pending {
            return self.decode(&[], room);
        }
        if bytes.is_empty() {
            return Step::default();
        }
        match self.place {
            Place::FrameHeader => self.frame_header(bytes, room),
            Place::BlockHeader => self.block_header(bytes, room),
            Place::Skipped { left } => {
                let read = of(left, bytes).len();
                self.place = after(left, read, |left| Place::Skipped { left }, Place::FrameHeader);
                Step { read, ..Step::default() }
            }
            Place::Block { left, is_last } => {
                let step = self.decode(of(left, bytes), room);
                let next = if is_last { self.after_blocks() } else { Place::BlockHeader };
                self.place = after(left, step.read, |left| Place::Block { left, is_last }, next);
                step
            }
            Place::Checksum { left } => {
                let step = self.decode(of(left, bytes), room);
                self.place = after(left, step.read, |left| Place::Checksum { left }, Place::FrameHeader);
                step
            }
        }
    }

    fn after_blocks(&self) -> Place {
        if self.has_checksum { Place::Checksum { left: CHECKSUM_BYTES } } else { Place::FrameHeader }
    }

    fn frame_header(&mut self, bytes: &[u8], room: &mut [u8]) -> Step {
        for (at, byte) in bytes.iter().enumerate() {
            self.header[self.header_length] = *byte;
            self.header_length += 1;
            let read = at + 1;
            let header = match parse(&self.header[..self.header_length]) {
                Ok(None) => continue,
                Ok(Some(header)) => header,
                Err(stop) => return Step { read, written: 0, stop: Some(stop) },
            };
            self.has_frames = true;
            return match header {
                Header::Skippable { length } => {
                    self.header_length = 0;
                    self.place = after(length, 0, |left| Place::Skipped { left }, Place::FrameHeader);
                    Step { read, ..Step::default() }
                }
                Header::Frame { window, has_checksum } => {
                    (self.has_checksum, self.place) = (has_checksum, Place::BlockHeader);
                    let stop = self.admit(window).err();
                    if stop.is_some() { Step { read, written: 0, stop } } else { self.decode_header(read, room) }
                }
            };
        }
        Step { read: bytes.len(), ..Step::default() }
    }

    /// Pays for a window, if it is within the bound.
    fn admit(&mut self, window: u64) -> Result<(), Stop> {
        if window > self.max_window {
            return Err(Stop::Window);
        }
        self.reservation.grow_to(STATE_BYTES + BUFFER_BYTES + window).map_err(Stop::Memory)
    }

    fn block_header(&mut self, bytes: &[u8], room: &mut [u8]) -> Step {
        let taken = &bytes[..bytes.len().min(BLOCK_HEADER_BYTES - self.header_length)];
        self.header[self.header_length..][..taken.len()].copy_from_slice(taken);
        self.header_length += taken.len();
        let read = taken.len();
        if self.header_length < BLOCK_HEADER_BYTES {
            return Step { read, ..Step::default() };
        }
        let [low, middle, high, ..] = self.header;
        let header = u64::from(u32::from_le_bytes([low, middle, high, 0]));
        let (is_last, kind, size) = (header & 1 == 1, header >> 1 & 3, header >> 3);
        // Of a block that repeats one byte, the size is that of what it stands for.
        let left = if kind == 1 { 1 } else { size };
        let next = if is_last { self.after_blocks() } else { Place::BlockHeader };
        self.place = after(left, 0, |left| Place::Block { left, is_last }, next);
        self.decode_header(read, room)
    }

    /// Gives the decoder a header that has come together, with the last `read` bytes.
    fn decode_header(&mut self, read: usize, room: &mut [u8]) -> Step {
        let (header, length) = (self.header, std::mem::take(&mut self.header_length));
        let step = self.decode(&header[..length], room);
        let is_taken = step.read == length;
        Step { read, written: step.written, stop: step.stop.or((!is_taken).then_some(Stop::Corrupt)) }
    }

    fn decode(&mut self, bytes: &[u8], room: &mut [u8]) -> Step {
        let most = room.len();
        let (mut input, mut output) = (InBuffer::around(bytes), OutBuffer::around(room));
        let decoded = self.context.decompress_stream(&mut output, &mut input);
        let (read, written) = (input.pos(), output.pos());
        self.pending = decoded.is_ok() && written == most;
        Step { read, written, stop: decoded.err().map(|_| Stop::Corrupt) }
    }
}

/// The first `left` of `bytes`.
fn of(left: u64, bytes: &[u8]) -> &[u8] {
    &bytes[..usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len())]
}

/// The place after `read` of `left` bytes.
fn after(left: u64, read: usize, within: impl Fn(u64) -> Place, next: Place) -> Place {
    match left - read as u64 {
        0 => next,
        left => within(left),
    }
}

/// Reads the header of a frame; none where more of it must come.
fn parse(bytes: &[u8]) -> Result<Option<Header>, Stop> {
    if !begins_frame(bytes) {
        return Err(Stop::Corrupt);
    }
    if bytes.first().is_some_and(|first| *first != MAGIC[0]) {
        let length = bytes.get(4..8).map(little_endian);
        return Ok(length.map(|length| Header::Skippable { length }));
    }
    let Some(descriptor) = bytes.get(4) else { return Ok(None) };
    let is_single = descriptor & 0x20 != 0;
    if descriptor & 0x08 != 0 {
        return Err(Stop::Corrupt);
    }
    let window_at = 5;
    let content_at = window_at + usize::from(!is_single) + [0, 1, 2, 4][usize::from(descriptor & 3)];
    let content_length = [usize::from(is_single), 2, 4, 8][usize::from(descriptor >> 6)];
    let Some(content) = bytes.get(content_at..content_at + content_length) else { return Ok(None) };
    let window = match is_single {
        true if content_length == 2 => little_endian(content) + 256,
        true => little_endian(content),
        false => {
            let base = 1 << (10 + u32::from(bytes[window_at] >> 3));
            base + base / 8 * u64::from(bytes[window_at] & 7)
        }
    };
    Ok(Some(Header::Frame { window, has_checksum: descriptor & 0x04 != 0 }))
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
