//! What is told of a stream while it is judged.
//!
//! A listener hears of violations and records in the order of the stream, as events of the contract in batches, or of records as two
//! outputs, the valid ones and the invalid ones. It is told by the thread that feeds the session, and may take its time: nothing is judged
//! meanwhile, so that one batch of each kind is all that is ever held for it.

mod batch;
mod outputs;
mod records;

use crate::Halt;
use crate::memory::{Budget, MemoryRefused, Reservation};
use crate::plan::Plan;
use crate::proto::{
    Accepted, Format, LiveViolations, ProcessEvent, RecordContent, SplitRecords, Violation, process_event::Event,
};
use batch::{BATCH_BYTES, Batch};
use outputs::Outputs;
use prost::Message;
use records::RecordEvents;
use std::fmt::Debug;
use std::sync::Arc;

/// Hears of a stream. It may wait, and halts the session by an error.
pub trait Listener: Debug + Send {
    /// Takes what is told.
    fn hear(&mut self, told: Told<'_>) -> Result<(), Halt>;
}

/// What a listener is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told<'a> {
    /// An encoded `ProcessEvent`: accepted, violations or records; of 1 MiB at most.
    Event(&'a [u8]),
    /// The next bytes of the output of valid records.
    Valid(&'a [u8]),
    /// The next bytes of the output of invalid records.
    Invalid(&'a [u8]),
}

/// What a listener wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Events, as the config asks.
    pub events: bool,
    /// Both outputs. In each, NDJSON stays lines, with what white space stands at their end; elements of an array become those of an array, one
    /// a line; other values stand one after the other, on lines of their own. Blank lines and white space before records are left out.
    pub outputs: bool,
}

/// A record that is told of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) index: u64,
    /// From 1.
    pub(crate) line: u64,
    /// Of its first byte.
    pub(crate) at: u64,
    /// With the white space up to what ends it.
    pub(crate) bytes: &'a [u8],
    /// Without that.
    pub(crate) length: usize,
    pub(crate) valid: bool,
    pub(crate) oversize: bool,
}

/// Tells a listener. One thread at a time.
#[derive(Debug)]
pub(crate) struct Live {
    listener: Box<dyn Listener>,
    violations: Option<Batch>,
    told: LiveViolations,
    records: Option<RecordEvents>,
    outputs: Option<Outputs>,
    /// The record that passes, if one does, and where its next bytes stand.
    passing: Option<(Passing, u64)>,
    _reservation: Reservation,
}

/// A record that is told while its end has not come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passing {
    pub(crate) index: u64,
    /// From 1.
    pub(crate) line: u64,
    /// Of its first byte.
    pub(crate) start: u64,
}

impl Passing {
    fn piece<'a>(&self, at: u64, bytes: &'a [u8]) -> Record<'a> {
        Record { index: self.index, line: self.line, at, bytes, length: bytes.len(), valid: false, oversize: true }
    }
}

impl Live {
    pub(crate) fn new(
        listener: Box<dyn Listener>,
        wanted: Wanted,
        plan: &Plan,
        budget: Arc<Budget>,
    ) -> Result<Self, MemoryRefused> {
        let told = if wanted.events { plan.live_violations } else { LiveViolations::None };
        let violations = (told != LiveViolations::None).then(|| Batch::new(batch::VIOLATIONS));
        let records = plan.split.filter(|_| wanted.events).map(RecordEvents::new);
        let outputs = wanted.outputs.then(Outputs::default);
        let mut reservation = Reservation::new(budget);
        let batches = u64::from(violations.is_some()) + u64::from(records.is_some());
        reservation.set(batches * BATCH_BYTES as u64 + if outputs.is_some() { outputs::PENDING_BYTES } else { 0 })?;
        Ok(Self { listener, violations, told, records, outputs, passing: None, _reservation: reservation })
    }

    /// Tells that the config is understood, if events are wanted.
    pub(crate) fn accept(&mut self, plan: &Plan) -> Result<(), Halt> {
        let accepted = Accepted { config: Some(plan.effective()), limits: Some(plan.limits()) };
        self.listener.hear(Told::Event(&ProcessEvent { event: Some(Event::Accepted(accepted)) }.encode_to_vec()))
    }

    /// Whether every invalid record is told of in some way.
    pub(crate) fn needs_every_invalid(&self) -> bool {
        self.told == LiveViolations::All || self.needs_records()
    }

    /// Whether records are told of.
    pub(crate) fn needs_records(&self) -> bool {
        self.records.is_some() || self.outputs.is_some()
    }

    /// Whether there are outputs.
    pub(crate) fn has_outputs(&self) -> bool {
        self.outputs.is_some()
    }

    /// Whether valid records have events.
    pub(crate) fn tells_valid_records(&self) -> bool {
        self.records.as_ref().is_some_and(|records| records.wants(true))
    }

    /// Whether violations of every record are told, or those that become samples.
    pub(crate) fn violations_told(&self) -> LiveViolations {
        self.told
    }

    /// Tells a violation.
    pub(crate) fn violation(&mut self, violation: &Violation) -> Result<(), Halt> {
        let Some(batch) = &mut self.violations else { return Ok(()) };
        if !batch.fits(violation.encoded_len()) {
            batch.tell(&mut *self.listener)?;
        }
        batch.push(violation);
        Ok(())
    }

    /// Tells a record of a stream of this format to its output.
    pub(crate) fn output(&mut self, record: &Record<'_>, format: Format) -> Result<(), Halt> {
        match &mut self.outputs {
            Some(outputs) => outputs.record(record, format, &mut *self.listener),
            None => Ok(()),
        }
    }

    /// The same of lines that are valid but for those at `invalid`, all with their line feeds and without white space before them.
    pub(crate) fn output_lines(&mut self, bytes: &[u8], invalid: impl Iterator<Item = (usize, usize)>) -> Result<(), Halt> {
        match &mut self.outputs {
            Some(outputs) => outputs.lines(bytes, invalid, &mut *self.listener),
            None => Ok(()),
        }
    }

    /// Tells a record whose violations have been told by an event, if that is wanted.
    pub(crate) fn event(&mut self, record: &Record<'_>) -> Result<(), Halt> {
        match &mut self.records {
            Some(records) if records.wants(record.valid) => records.record(record, &mut self.violations, &mut *self.listener),
            _ => Ok(()),
        }
    }

    /// Goes on with an oversize record whose end has not come, the next bytes of which these are.
    pub(crate) fn pass(&mut self, record: &Passing, bytes: &[u8], format: Format) -> Result<(), Halt> {
        let (record, at) = self.passing.get_or_insert((*record, record.start));
        let piece = record.piece(*at, bytes);
        *at += bytes.len() as u64;
        if let Some(outputs) = &mut self.outputs {
            outputs.piece(bytes, format, &mut *self.listener)?;
        }
        match &mut self.records {
            Some(records) if records.wants(false) => records.piece(&piece, &mut self.violations, &mut *self.listener),
            _ => Ok(()),
        }
    }

    /// Ends the record that passes, of `length` bytes without the white space at its end; whether one did.
    pub(crate) fn end_passing(&mut self, length: u64, format: Format) -> Result<bool, Halt> {
        let Some((record, at)) = self.passing.take() else { return Ok(false) };
        if let Some(outputs) = &mut self.outputs {
            outputs.end_pieces(format, &mut *self.listener)?;
        }
        if let Some(records) = self.records.as_mut().filter(|records| records.wants(false)) {
            let end = record.piece(at, &[]);
            records.end_pieces(&end, (record.start, length), &mut self.violations, &mut *self.listener)?;
        }
        Ok(true)
    }

    /// Tells what waits for its batch to be full.
    pub(crate) fn flush(&mut self) -> Result<(), Halt> {
        if let Some(violations) = &mut self.violations {
            violations.tell(&mut *self.listener)?;
        }
        if let Some(records) = &mut self.records {
            records.flush(&mut *self.listener)?;
        }
        match &mut self.outputs {
            Some(outputs) => outputs.flush(&mut *self.listener),
            None => Ok(()),
        }
    }

    /// The stream is at an end.
    pub(crate) fn end(&mut self, format: Format) -> Result<(), Halt> {
        if let Some(outputs) = &mut self.outputs {
            outputs.end(format);
        }
        self.flush()
    }
}

/// Which records are told of by events, and what of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// Valid ones, invalid ones, or both.
    pub records: SplitRecords,
    /// Their bytes, or where they stand.
    pub content: RecordContent,
}
