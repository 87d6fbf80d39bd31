//! An event that is encoded while it grows.

use super::{Listener, Told};
use crate::Halt;
use prost::Message;
use prost::bytes::BufMut;
use prost::encoding::{WireType, encode_key, encode_varint, encoded_len_varint, key_len};

/// Bytes of an encoded event: few messages, and no more than a call may hold twice.
pub(super) const BATCH_BYTES: usize = 1 << 20;
/// Before the entries: the tag of the event and its length.
const HEADER_BYTES: usize = 8;
/// Of the entries in a batch; those of `ViolationBatch` and `RecordBatch` have the same number.
const ENTRY: u32 = 1;

/// Number of the field in `ProcessEvent`.
pub(super) const VIOLATIONS: u32 = 3;
/// Number of the field in `ProcessEvent`.
pub(super) const RECORDS: u32 = 4;

/// Entries of one event, as they will be sent.
#[derive(Debug)]
pub(super) struct Batch {
    event: u32,
    /// Room for the header, and entries; nothing while there are none.
    bytes: Vec<u8>,
}

impl Batch {
    /// Of the event that has this number.
    pub(super) fn new(event: u32) -> Self {
        Self { event, bytes: Vec::new() }
    }

    /// Whether an entry of `length` bytes has room beside those that are there.
    pub(super) fn fits(&self, length: usize) -> bool {
        self.bytes.len().max(HEADER_BYTES) + key_len(ENTRY) + encoded_len_varint(length as u64) + length <= BATCH_BYTES
    }

    pub(super) fn push(&mut self, entry: &impl Message) {
        self.begin(entry.encoded_len());
        entry.encode_raw(&mut self.bytes);
    }

    /// Begins an entry, whose bytes are then to be put.
    pub(super) fn begin(&mut self, length: usize) {
        if self.bytes.is_empty() {
            self.bytes.resize(HEADER_BYTES, 0);
        }
        encode_key(ENTRY, WireType::LengthDelimited, &mut self.bytes);
        encode_varint(length as u64, &mut self.bytes);
    }

    /// Where the bytes of the entry go that has begun.
    pub(super) fn entry(&mut self) -> &mut impl BufMut {
        &mut self.bytes
    }

    /// Tells what is there, if anything.
    pub(super) fn tell(&mut self, listener: &mut dyn Listener) -> Result<(), Halt> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let entries = (self.bytes.len() - HEADER_BYTES) as u64;
        let from = HEADER_BYTES - key_len(self.event) - encoded_len_varint(entries);
        let mut header = &mut self.bytes[from..HEADER_BYTES];
        encode_key(self.event, WireType::LengthDelimited, &mut header);
        encode_varint(entries, &mut header);
        listener.hear(Told::Event(&self.bytes[from..]))?;
        self.bytes.clear();
        Ok(())
    }
}
