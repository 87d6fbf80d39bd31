//! Takes one stream through: decompresses it, frames it, has blocks of whole records judged by workers, and keeps the report.
//!
//! A slab becomes, in this order: the end of the record that the slab before it left open; blocks of whole records; the beginning of
//! the next open record. Workers number records from the start of their block; blocks retire in their order, and only then do
//! positions become absolute. That is the one ordered step.

mod beginning;
mod block;
mod carry;
mod intake;
mod judging;
mod source;
mod telling;

use crate::decompress::Magic;
use crate::findings::Findings;
use crate::frame::{Ending, Framer, Reached, Rest, Walked};
use crate::live::{Listener, Wanted};
use crate::memory::ReservedBuffer;
use crate::proto::{Limits, Termination};
use crate::report::Times;
use crate::{Engine, Halt, Plan};
use beginning::{Beginning, Decision};
use block::{Block, Holds, Values};
use carry::Carry;
use intake::Intake;
use judging::Judging;
use source::{BLOCK_BYTES, Source};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Blocks a thread may judge before they retire; bounds what their reports take.
const BLOCKS_PER_THREAD: usize = 16;
/// Bytes framed at once: offsets into them fit 32 bits.
const PIECE_BYTES: usize = 1 << 30;

/// Whether more bytes can change the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// They can.
    More,
    /// They cannot.
    Done,
}

/// How far a stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that have been framed.
    pub bytes: u64,
    /// Records that have been judged.
    pub records: u64,
    /// Those of them that are invalid.
    pub invalid: u64,
    /// How it ended; unspecified until it has.
    pub termination: Termination,
    /// Where it ended, if not well.
    pub stopped_at: u64,
}

/// What was found in streams that are parts of a whole, to be given to a [`Merge`](crate::Merge).
#[derive(Debug)]
pub struct Part {
    pub(crate) findings: Findings,
    pub(crate) limits: Limits,
    pub(crate) received: u64,
    pub(crate) busy: Duration,
}

/// One stream under way. One thread at a time.
#[derive(Debug)]
pub struct Session {
    cancelled: Arc<AtomicBool>,
    intake: Intake,
    /// No more is decompressed; and why, where that is not the end of the stream.
    is_cut: bool,
    cut: Option<Termination>,
    phase: Phase,
    /// Bytes of the stream that have been framed.
    offset: u64,
    /// Line feeds among them.
    lines: u64,
    carry: Carry,
    judging: Judging,
    ended: bool,
    state_taken: bool,
    received: u64,
    opened: Instant,
    busy: Duration,
}

#[derive(Debug)]
enum Phase {
    Beginning(Beginning),
    Records(Framer),
    Stopped,
}

impl Session {
    /// Opens a stream. Its clock starts now.
    pub fn new(engine: Arc<Engine>, plan: Arc<Plan>) -> Self {
        let budget = engine.budget().clone();
        let max_record_bytes = plan.rules.max_record_bytes;
        let cancelled = Arc::<AtomicBool>::default();
        let judging = Judging::new(engine, plan, cancelled.clone());
        Self {
            intake: Intake::Undecided(Magic::default()),
            is_cut: false,
            cut: None,
            phase: Phase::Beginning(judging.beginning()),
            offset: 0,
            lines: 0,
            carry: Carry::new(max_record_bytes, budget),
            judging,
            cancelled,
            ended: false,
            state_taken: false,
            received: 0,
            opened: Instant::now(),
            busy: Duration::ZERO,
        }
    }

    /// Set it from any thread to make a running or later call return [`Halt::Cancelled`].
    pub fn cancellation(&self) -> Arc<AtomicBool> {
        self.cancelled.clone()
    }

    /// Has a listener hear of the stream. To be called once at most, before anything is fed.
    pub fn listen(&mut self, listener: Box<dyn Listener>, wanted: Wanted) -> Result<(), Halt> {
        self.carry.pass_what_is_beyond();
        self.judging.listen(listener, wanted)
    }

    /// Judges what has been decompressed and waits, and tells the listener what waits to be told. At most 16 KiB of a compressed stream wait
    /// on.
    pub fn flush(&mut self) -> Result<(), Halt> {
        let began = Instant::now();
        self.watch()?;
        self.judge_decompressed()?;
        self.judging.flush()?;
        self.busy += began.elapsed();
        Ok(())
    }

    /// Judges the next bytes of the stream. After an error the session is of no further use.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Flow, Halt> {
        let began = Instant::now();
        self.received += bytes.len() as u64;
        for piece in bytes.chunks(PIECE_BYTES) {
            self.watch()?;
            self.take_in(piece)?;
        }
        self.busy += began.elapsed();
        Ok(if matches!(self.phase, Phase::Stopped) || self.cut.is_some() { Flow::Done } else { Flow::More })
    }

    /// Judges the next bytes of what the stream decompresses to.
    fn judge(&mut self, bytes: &[u8]) -> Result<(), Halt> {
        match self.phase {
            Phase::Beginning(_) => self.begin(bytes),
            Phase::Records(_) => self.take(bytes),
            Phase::Stopped => Ok(()),
        }
    }

    /// Ends the stream and returns its state, if the plan asks for one; the result will then be without it. What is fed afterwards is
    /// ignored. To be called once at most, before [`Session::finish`].
    pub fn state(&mut self) -> Result<Option<ReservedBuffer>, Halt> {
        self.end()?;
        self.state_taken = true;
        self.judging.state()
    }

    /// Ends the stream and returns the encoded `ProcessResult`, with the state if the plan asks for it. Afterwards the session is of no
    /// further use; what the result takes stays reserved until it is dropped.
    pub fn finish(&mut self) -> Result<Vec<u8>, Halt> {
        let began = Instant::now();
        self.end()?;
        let state = if self.state_taken { None } else { self.judging.state()? };
        self.busy += began.elapsed();
        let times = Times { wall: self.opened.elapsed(), engine: self.busy, received: self.received };
        self.judging.encode(state.as_ref(), &times)
    }

    /// Ends the stream before the first record that has not been judged, as if no more of it were known. To be called before any other
    /// function that ends it.
    pub fn interrupt(&mut self) -> Result<(), Halt> {
        self.watch()?;
        let at = match &self.phase {
            Phase::Stopped => return Ok(()),
            Phase::Beginning(beginning) => {
                self.judging.findings.report.begin(beginning.likely_format(), 0);
                0
            }
            Phase::Records(_) if self.carry.is_open() => {
                self.lines = self.carry.lines();
                self.carry.start()
            }
            Phase::Records(_) => self.offset,
        };
        self.stop(Termination::Interrupted, at);
        Ok(())
    }

    /// How far the stream is.
    pub fn progress(&self) -> Progress {
        Progress {
            bytes: self.offset,
            records: self.judging.records(),
            invalid: self.judging.invalid(),
            termination: Termination::Unspecified,
            stopped_at: 0,
        }
    }

    /// Ends the stream as part `number` of a whole, whose source is named so, and begins another one. The numbers rise. Tells how the part
    /// ended.
    pub fn end_part(&mut self, number: u32, source: &str) -> Result<Progress, Halt> {
        let began = Instant::now();
        self.end_stream()?;
        let (termination, stopped_at) = self.judging.findings.report.ending();
        let progress = Progress { termination, stopped_at, ..self.progress() };
        self.judging.end_part(number, source, self.lines);
        (self.offset, self.lines) = (0, 0);
        self.carry.close();
        self.phase = Phase::Beginning(self.judging.beginning());
        (self.intake, self.is_cut, self.cut) = (Intake::Undecided(Magic::default()), false, None);
        self.busy += began.elapsed();
        Ok(progress)
    }

    /// What was found in the parts that have ended. Afterwards the session is of no further use.
    pub fn parts(&mut self) -> Result<Part, Halt> {
        let (findings, limits) = self.judging.parts()?;
        Ok(Part { findings, limits, received: self.received, busy: self.busy })
    }

    /// Ends the stream, unless that has been done.
    fn end(&mut self) -> Result<(), Halt> {
        self.watch()?;
        if self.ended {
            return Ok(());
        }
        self.end_stream()?;
        self.judging.end(self.lines)?;
        (self.ended, self.phase) = (true, Phase::Stopped);
        Ok(())
    }

    fn end_stream(&mut self) -> Result<(), Halt> {
        self.watch()?;
        self.end_intake()?;
        if let Phase::Beginning(beginning) = &mut self.phase {
            if let Some(decision) = beginning.end() {
                self.resolve(decision, &[])?;
            }
        }
        self.end_records()
    }

    fn watch(&self) -> Result<(), Halt> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Halt::Cancelled) } else { Ok(()) }
    }

    /// Looks for encoding and format, and goes on to records once both are certain.
    fn begin(&mut self, bytes: &[u8]) -> Result<(), Halt> {
        let Phase::Beginning(beginning) = &mut self.phase else { return Ok(()) };
        match beginning.push(bytes)? {
            Some(decision) => self.resolve(decision, bytes),
            None => Ok(()),
        }
    }

    /// Acts on what the beginning told, with the bytes that were held for it and then with the rest of `last`, those pushed last.
    fn resolve(&mut self, decision: Decision, last: &[u8]) -> Result<(), Halt> {
        self.judging.findings.report.begin(decision.format, decision.mark);
        self.offset = decision.mark as u64;
        let framing = Phase::Records(self.judging.framer(decision.format));
        let Phase::Beginning(beginning) = std::mem::replace(&mut self.phase, framing) else { return Ok(()) };
        if decision.unsupported {
            self.stop(Termination::UnsupportedEncoding, 0);
            return Ok(());
        }
        let held = beginning.into_held();
        let (held, rest) = (held.as_slice(), &last[decision.bytes_of_last..]);
        self.take(held.get(decision.mark..).unwrap_or_default())?;
        self.take(&rest[decision.mark.saturating_sub(held.len())..])
    }

    fn stop(&mut self, termination: Termination, at: u64) {
        self.phase = Phase::Stopped;
        self.judging.findings.report.end(termination, at);
    }

    /// Frames and judges bytes that stand at the offset.
    fn take(&mut self, bytes: &[u8]) -> Result<(), Halt> {
        let mut from = self.close_carry(bytes)?;
        while from < bytes.len() {
            from += self.wave(&bytes[from..])?;
        }
        Ok(())
    }

    /// Goes on with the record that is open, if one is. Returns the offset in `bytes` after it.
    fn close_carry(&mut self, bytes: &[u8]) -> Result<usize, Halt> {
        let Phase::Records(framer) = &mut self.phase else { return Ok(bytes.len()) };
        if !self.carry.is_open() {
            return Ok(0);
        }
        let end = framer.close(bytes);
        let of_record = &bytes[..end.unwrap_or(bytes.len())];
        self.keep(of_record, end.is_some())?;
        self.advance(of_record);
        if end.is_some() {
            self.judge_carry(Rest::AsItStands)?;
        }
        Ok(of_record.len())
    }

    /// Frames some blocks of `bytes`, which stand between records, and has them judged. Returns how many bytes that took.
    fn wave(&mut self, bytes: &[u8]) -> Result<usize, Halt> {
        let Phase::Records(framer) = &mut self.phase else { return Ok(bytes.len()) };
        let near = &bytes[..bytes.len().min(BLOCK_BYTES)];
        if let Some(walked) = framer.walk_around(near) {
            self.watch()?;
            return Ok(self.walk_around(near, walked));
        }
        let threads = self.judging.threads();
        let by_lines = framer.by_lines();
        let source = Source::new(framer, bytes, self.offset, BLOCKS_PER_THREAD * threads);
        let threads = threads.min(source.worthwhile_threads(self.judging.are_measured()));
        if threads == 1 && !by_lines {
            return self.values(bytes);
        }
        let source = Mutex::new(source);
        self.lines += self.judging.judge_all(&source, threads, self.lines)?;
        // No worker panicked, or this thread would have.
        let (framed, reached) = source.into_inner().unwrap_or_else(PoisonError::into_inner).end();
        self.offset += framed as u64;
        self.reach(bytes, framed, reached)
    }

    /// Acts on how far a walk through `bytes` came that is no record's. Returns how many are done with.
    fn walk_around(&mut self, bytes: &[u8], walked: Walked) -> usize {
        let length = match walked {
            Walked::Elements(at) | Walked::Stopped { at, .. } => at,
            Walked::End => bytes.len(),
        };
        self.advance(&bytes[..length]);
        match walked {
            Walked::Stopped { back, .. } => {
                self.stop(Termination::UnrecoverableSyntax, self.offset - back);
                bytes.len()
            }
            Walked::Elements(_) | Walked::End => length,
        }
    }

    /// Judges the values of `bytes` on this thread, which frames them as it judges. Returns how many bytes that took.
    fn values(&mut self, bytes: &[u8]) -> Result<usize, Halt> {
        let Phase::Records(framer) = &mut self.phase else { return Ok(bytes.len()) };
        let mut from = 0;
        loop {
            let values = Values { text: bytes, from, until: bytes.len().min(from + BLOCK_BYTES), framer };
            let (length, line_feeds, reached) = self.judging.judge_values(values, self.offset, self.lines)?;
            from += length;
            self.offset += length as u64;
            self.lines += line_feeds;
            if from == bytes.len() || !matches!(reached, Reached::Boundary(_)) {
                return self.reach(bytes, from, reached);
            }
        }
    }

    /// Acts on what was reached in `bytes`, of which `framed` have been judged. Returns how many are done with.
    fn reach(&mut self, bytes: &[u8], framed: usize, reached: Reached) -> Result<usize, Halt> {
        match reached {
            Reached::Open(_) => {
                let open = &bytes[framed..];
                self.carry.open(self.offset, self.lines);
                self.keep(open, false)?;
                self.advance(open);
                Ok(bytes.len())
            }
            Reached::Stopped(_) if matches!(&self.phase, Phase::Records(framer) if framer.is_around()) => Ok(framed),
            Reached::Stopped(_) => {
                self.stop(Termination::UnrecoverableSyntax, self.offset);
                Ok(bytes.len())
            }
            Reached::Boundary(_) | Reached::End => Ok(framed),
        }
    }

    /// Keeps the next bytes of the open record, and passes on what will not be kept. `ends` tells whether it ends with them.
    fn keep(&mut self, bytes: &[u8], ends: bool) -> Result<(), Halt> {
        let passed = self.carry.is_oversize();
        let before = self.carry.all_kept().len();
        self.carry.push(bytes)?;
        if !self.judging.passes() || !self.carry.is_oversize() {
            return Ok(());
        }
        let (at, lines) = (self.carry.start(), self.carry.lines());
        let by_lines = matches!(&self.phase, Phase::Records(framer) if framer.by_lines());
        let bytes = if ends && by_lines { bytes.strip_suffix(b"\n").unwrap_or(bytes) } else { bytes };
        if !passed {
            self.judging.pass(&self.carry.all_kept()[..before], at, lines)?;
        }
        self.judging.pass(bytes, at, lines)
    }

    fn advance(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as u64;
        self.lines += line_feeds(bytes);
    }

    /// Judges the open record, of which `rest` tells whether it is whole.
    fn judge_carry(&mut self, rest: Rest) -> Result<(), Halt> {
        let holds = Holds::One { length: self.carry.length(), rest };
        let block = Block { at: self.carry.start(), bytes: self.carry.kept(), holds };
        let whole = self.carry.all_kept();
        let by_lines = matches!(&self.phase, Phase::Records(framer) if framer.by_lines());
        let whole = if by_lines { whole.strip_suffix(b"\n").unwrap_or(whole) } else { whole };
        self.judging.judge_one(&block, self.carry.lines(), whole)?;
        self.carry.close();
        Ok(())
    }

    /// Judges what is open at the end of the stream.
    fn end_records(&mut self) -> Result<(), Halt> {
        let Phase::Records(framer) = &self.phase else { return Ok(()) };
        let mut ending = framer.end();
        if let Some(termination) = self.cut {
            ending = Ending { termination, rest: framer.cut_off(self.carry.kept()) };
        }
        if framer.has_one_record() && !self.carry.is_open() {
            self.carry.open(self.offset, self.lines);
        }
        if self.carry.is_open() {
            self.judge_carry(ending.rest)?;
        }
        self.judging.findings.report.end(ending.termination, self.offset);
        Ok(())
    }
}

fn line_feeds(bytes: &[u8]) -> u64 {
    bytecount::count(bytes, b'\n') as u64
}
