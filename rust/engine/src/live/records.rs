//! Records as events.

use super::batch::{self, BATCH_BYTES, Batch};
use super::{Listener, Record, Split};
use crate::Halt;
use crate::proto::{self, RecordContent, SplitRecords};
use prost::Message;
use prost::bytes::BufMut;
use prost::encoding::{WireType, encode_key, encode_varint, encoded_len_varint, key_len};

/// Bytes of a record that come in one piece: what a batch has room for, whatever stands beside them.
const PIECE_BYTES: usize = BATCH_BYTES - 1024;
/// Number of the field in `Record`.
const CONTENT: u32 = 6;

/// Whether a piece is the last of its record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Within,
    Last,
}

/// The records that are asked for.
#[derive(Debug)]
pub(super) struct RecordEvents {
    split: Split,
    batch: Batch,
}

impl RecordEvents {
    pub(super) fn new(split: Split) -> Self {
        Self { split, batch: Batch::new(batch::RECORDS) }
    }

    /// Whether records of this verdict are asked for.
    pub(super) fn wants(&self, valid: bool) -> bool {
        self.split.records == SplitRecords::Both || (self.split.records == SplitRecords::Valid) == valid
    }

    /// Tells a record, after the violations that wait.
    pub(super) fn record(
        &mut self,
        record: &Record<'_>,
        before: &mut Option<Batch>,
        listener: &mut dyn Listener,
    ) -> Result<(), Halt> {
        if self.split.content == RecordContent::Ranges {
            return self.range(record, record.length as u64, before, listener);
        }
        let content = if record.oversize { record.bytes } else { &record.bytes[..record.length] };
        self.pieces(&Record { bytes: content, ..*record }, Place::Last, before, listener)
    }

    /// Tells a piece of a record that passes.
    pub(super) fn piece(
        &mut self,
        piece: &Record<'_>,
        before: &mut Option<Batch>,
        listener: &mut dyn Listener,
    ) -> Result<(), Halt> {
        if self.split.content == RecordContent::Ranges {
            return Ok(());
        }
        self.pieces(piece, Place::Within, before, listener)
    }

    /// Tells that the record that passes ended with the last piece, which `end` follows, and where it stood.
    pub(super) fn end_pieces(
        &mut self,
        end: &Record<'_>,
        (start, length): (u64, u64),
        before: &mut Option<Batch>,
        listener: &mut dyn Listener,
    ) -> Result<(), Halt> {
        if self.split.content == RecordContent::Ranges {
            return self.range(&Record { at: start, ..*end }, length, before, listener);
        }
        self.pieces(end, Place::Last, before, listener)
    }

    pub(super) fn flush(&mut self, listener: &mut dyn Listener) -> Result<(), Halt> {
        self.batch.tell(listener)
    }

    fn pieces(
        &mut self,
        record: &Record<'_>,
        place: Place,
        before: &mut Option<Batch>,
        listener: &mut dyn Listener,
    ) -> Result<(), Halt> {
        let (mut at, mut rest) = (record.at, record.bytes);
        loop {
            let (piece, after) = rest.split_at(rest.len().min(PIECE_BYTES));
            let last = after.is_empty() && place == Place::Last;
            let entry = entry(record, at, piece.len() as u64, last);
            let of_content =
                if piece.is_empty() { 0 } else { key_len(CONTENT) + encoded_len_varint(piece.len() as u64) + piece.len() };
            let length = entry.encoded_len() + of_content;
            self.make_room(length, before, listener)?;
            self.batch.begin(length);
            let to = self.batch.entry();
            entry.encode_raw(to);
            if !piece.is_empty() {
                encode_key(CONTENT, WireType::LengthDelimited, to);
                encode_varint(piece.len() as u64, to);
                to.put_slice(piece);
            }
            (at, rest) = (at + piece.len() as u64, after);
            if rest.is_empty() {
                return Ok(());
            }
        }
    }

    fn range(
        &mut self,
        record: &Record<'_>,
        length: u64,
        before: &mut Option<Batch>,
        listener: &mut dyn Listener,
    ) -> Result<(), Halt> {
        let entry = entry(record, record.at, length, true);
        self.make_room(entry.encoded_len(), before, listener)?;
        self.batch.push(&entry);
        Ok(())
    }

    fn make_room(&mut self, length: usize, before: &mut Option<Batch>, listener: &mut dyn Listener) -> Result<(), Halt> {
        if self.batch.fits(length) {
            return Ok(());
        }
        // So that no record is told before its violations.
        if let Some(violations) = before {
            violations.tell(listener)?;
        }
        self.batch.tell(listener)
    }
}

fn entry(record: &Record<'_>, at: u64, length: u64, last: bool) -> proto::Record {
    proto::Record {
        record_index: record.index,
        line: record.line,
        byte_offset: at,
        byte_length: length,
        valid: record.valid,
        content: Vec::new(),
        last,
    }
}
