//! Judges a block of whole records.

use super::line_feeds;
use crate::Halt;
use crate::frame::{Due, Extent, Framer, Reached, Rest, trim, trimmed_length};
use crate::judge::{Detail, Fault, Judge, Judgement};
use crate::plan::Plan;
use crate::profile::{ClearTokens, Profile, Valid};
use crate::proto::{ProfileScope, Redaction, ViolationCode};
use crate::report::{Kind, Sample, Samples, Tally};
use crate::schema::{self, SchemaJudge, Shown, Violation};
use crate::screen::{Measures, Passed, Records, Rejected, Screen, Screened};
use memchr::memchr;

/// Bytes of the stream that begin and end between records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    /// Offset in the stream.
    pub(super) at: u64,
    pub(super) bytes: &'a [u8],
    pub(super) holds: Holds,
}

/// What a block's records are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holds {
    Lines,
    /// Values, which a framer finds.
    Values,
    /// One record, of which the block has the beginning, or all.
    One {
        length: u64,
        rest: Rest,
    },
}

/// What all blocks are judged by.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) plan: &'a Plan,
    /// Those of the blocks that have retired.
    pub(super) samples: &'a Samples,
    /// Whether all invalid records are told of, or those alone that may become samples.
    pub(super) every_invalid: bool,
    /// Whether values have to be found once more.
    pub(super) framers: bool,
}

/// What a worker found in a block. Records are numbered from the block's first, offsets counted from its first byte.
#[derive(Debug, Default)]
pub(super) struct BlockReport {
    pub(super) tally: Tally,
    /// Invalid records that are told of, or may become samples, in their order.
    pub(super) candidates: Vec<Candidate>,
    /// Of values that have to be found once more: stands at the block's beginning.
    pub(super) framer: Option<Framer>,
    pub(super) line_feeds: u64,
}

/// An invalid record of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    number: u32,
    start: u32,
    length: u32,
}

impl Candidate {
    pub(super) fn number(&self) -> u64 {
        self.number.into()
    }

    pub(super) fn start(&self) -> usize {
        self.start as usize
    }

    pub(super) fn length(&self) -> usize {
        self.length as usize
    }
}

/// A record without white space around it.
#[derive(Clone, Copy)]
struct Record<'a> {
    /// All of it, or its beginning where it is too long.
    bytes: &'a [u8],
    length: u64,
    standing: Standing,
}

/// What is known of a record beside its bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Whole,
    /// The stream ended before it was certain to be whole.
    CutOff,
    /// An element of an array that is nothing.
    Nothing,
}

impl<'a> Record<'a> {
    fn new(bytes: &'a [u8], standing: Standing) -> Self {
        Self { bytes, length: bytes.len() as u64, standing }
    }

    fn of_candidate(block: &Block<'a>, candidate: &Candidate) -> Self {
        let bytes = || &block.bytes[candidate.start()..][..candidate.length as usize];
        match block.holds {
            Holds::Lines => Self::new(bytes(), Standing::Whole),
            Holds::Values if candidate.length == 0 => Self::new(&[], Standing::Nothing),
            Holds::Values => Self::new(bytes(), Standing::Whole),
            Holds::One { length, rest: Rest::AsItStands } => Self { bytes: block.bytes, length, standing: Standing::Whole },
            Holds::One { length, rest: Rest::CutOff } => Self { bytes: block.bytes, length, standing: Standing::CutOff },
        }
    }

    /// Judges it by all rules, first by those that need not look inside.
    fn judge(self, judge: &mut Judge, plan: &Plan) -> Result<Judgement, Halt> {
        let max_record_bytes = plan.rules.max_record_bytes;
        let fault = |code, at, detail| Ok(Judgement::Invalid(Fault::of_record(code, at, detail)));
        if self.length > max_record_bytes {
            return fault(ViolationCode::Oversize, max_record_bytes as usize, Detail::TooLong { max_record_bytes });
        }
        if self.standing == Standing::Nothing {
            return fault(ViolationCode::EmptyElement, 0, Detail::EmptyElement);
        }
        match judge.judge(self.bytes)? {
            Judgement::Valid { .. } if self.standing == Standing::CutOff => {
                fault(ViolationCode::Syntax, self.bytes.len(), Detail::CutOff)
            }
            judgement => Ok(judgement),
        }
    }
}

/// Values to be judged, and what finds them.
#[derive(Debug)]
pub(super) struct Values<'a, 'f> {
    /// The text that they stand in.
    pub(super) text: &'a [u8],
    /// Where the first one may begin in it; 0 begins a new text.
    pub(super) from: usize,
    /// Where no more may begin; greater than `from`.
    pub(super) until: usize,
    /// Stands at `from`.
    pub(super) framer: &'f mut Framer,
}

/// Judges blocks, one at a time.
#[derive(Debug)]
pub(super) struct BlockJudge {
    screen: Screen,
    judge: Judge,
    /// Judges the records that are JSON.
    schema: Option<SchemaJudge>,
    /// Measures the records that are valid.
    profile: Option<Profile>,
    path: String,
    /// Of the value that the screen did not let pass.
    extents: Vec<Extent>,
}

impl BlockJudge {
    pub(super) fn new(screen: Screen, judge: Judge, schema: Option<SchemaJudge>, profile: Option<Profile>) -> Self {
        Self { screen, judge, schema, profile, path: String::new(), extents: Vec::new() }
    }

    /// What was measured so far.
    pub(super) fn profile(&mut self) -> Option<&mut Profile> {
        self.profile.as_mut()
    }

    /// Gives up what was measured.
    pub(super) fn take_profile(&mut self) -> Option<Profile> {
        self.profile.take()
    }

    /// Judges the lines of `block`, or the one record that it holds.
    pub(super) fn judge(&mut self, block: &Block<'_>, terms: Terms<'_>) -> Result<BlockReport, Halt> {
        self.begin(terms)?;
        let mut report = BlockReport::default();
        match block.holds {
            Holds::One { length, rest: Rest::AsItStands } if length == block.bytes.len() as u64 && length > 0 => {
                self.screen.begin(Records::One);
                if let Screened::Suspect(_) = self.screen(block, block.bytes, block.bytes.len(), &mut report)? {
                    self.judge_record(block, (block.bytes, 0), trimmed_length(block.bytes), terms, &mut report)?;
                }
            }
            Holds::One { .. } => self.judge_record(block, (block.bytes, 0), block.bytes.len(), terms, &mut report)?,
            Holds::Lines | Holds::Values => self.judge_lines(block, terms, &mut report)?,
        }
        Ok(report)
    }

    fn begin(&mut self, terms: Terms<'_>) -> Result<(), Halt> {
        provoke_fault(terms.plan);
        self.screen.forget_rejected();
        self.judge.watch()
    }

    fn judge_lines(&mut self, block: &Block<'_>, terms: Terms<'_>, report: &mut BlockReport) -> Result<(), Halt> {
        self.screen.begin(Records::Lines);
        while let Screened::Suspect(start) = self.screen(block, block.bytes, block.bytes.len(), report)? {
            // What is after the last line feed is white space, and no line yet.
            let Some(length) = memchr(b'\n', &block.bytes[start..]) else { break };
            let (white, end) = trim(&block.bytes[start..start + length]);
            if white == end {
                report.tally.counts.blank_lines += 1;
            } else {
                self.judge_record(block, (block.bytes, start + white), end - white, terms, report)?;
            }
            self.screen.skip(start + length + 1);
        }
        report.line_feeds = report.tally.counts.records + report.tally.counts.blank_lines;
        Ok(())
    }

    /// Judges values, the first of which stands at `at` in the stream. Returns the block that they are, and how far the framer came, counted
    /// from its beginning.
    pub(super) fn judge_values<'a>(
        &mut self,
        values: Values<'a, '_>,
        at: u64,
        terms: Terms<'_>,
    ) -> Result<(Block<'a>, BlockReport, Reached), Halt> {
        self.begin(terms)?;
        let Values { text, from, until, framer } = values;
        let all = Block { at, bytes: &text[from..], holds: Holds::Values };
        let mut report = BlockReport { framer: terms.framers.then(|| framer.clone()), ..BlockReport::default() };
        let mut due = from;
        if from == 0 {
            self.screen.begin(Records::Values);
        }
        let reached = loop {
            if due >= until {
                break Reached::Boundary(due - from);
            }
            let records = match framer.due() {
                Due::Elements => Some(Records::Elements),
                Due::Values => Some(Records::Values),
                Due::Other => None,
            };
            if let Some(records) = records {
                self.screen.set_records(records);
                let screened = self.screen(&all, text, until, &mut report)?;
                let (Screened::Suspect(now) | Screened::End(now)) = screened;
                if now > due {
                    framer.pass_elements();
                    due = now;
                }
                if let Screened::End(_) = screened {
                    continue;
                }
            }
            // What the screen does not let pass is framed and judged, one value at a time.
            self.extents.clear();
            let reached = framer.frame(&text[due..], 1, &mut self.extents);
            if let Some(extent) = self.extents.pop() {
                let (start, end) = (due + extent.start as usize, due + extent.end as usize);
                self.judge_record(&all, (text, start), trimmed_length(&text[start..end]), terms, &mut report)?;
            }
            match reached {
                Reached::Boundary(length) => due += length,
                Reached::End => break Reached::End,
                Reached::Open(length) => break Reached::Open(due - from + length),
                Reached::Stopped(length) => break Reached::Stopped(due - from + length),
            }
            self.screen.skip(due);
        };
        let length = match reached {
            Reached::Boundary(end) | Reached::Open(end) | Reached::Stopped(end) => end,
            Reached::End => text.len() - from,
        };
        let block = Block { bytes: &all.bytes[..length], ..all };
        report.line_feeds = line_feeds(block.bytes);
        Ok((block, report, reached))
    }

    /// Lets records of `block` pass that are due before `until`; the block is the end of `text`.
    fn screen(&mut self, block: &Block<'_>, text: &[u8], until: usize, report: &mut BlockReport) -> Result<Screened, Halt> {
        let mut passed = Passed::default();
        let at = block.at - (text.len() - block.bytes.len()) as u64;
        if let Some(profile) = &mut self.profile {
            profile.begin(block.at, report.tally.counts.records);
        }
        let measures = Measures { schema: self.schema.as_mut(), profile: self.profile.as_mut() };
        let screened = self.screen.run(text, at, until, &mut passed, measures);
        report.tally.pattern_limits += self.schema.as_mut().map_or(0, SchemaJudge::take_pattern_limits);
        if let Some(profile) = &self.profile {
            profile.watch()?;
        }
        report.tally.pass(passed.valid, passed.duplicate_keys);
        report.tally.counts.blank_lines += passed.blank_lines;
        Ok(screened)
    }

    fn judge_record(
        &mut self,
        block: &Block<'_>,
        (text, at): (&[u8], usize),
        length: usize,
        terms: Terms<'_>,
        report: &mut BlockReport,
    ) -> Result<(), Halt> {
        self.judge.watch()?;
        let start = at - (text.len() - block.bytes.len());
        let offset = block.at + start as u64;
        let rejected = self.screen.take_rejected(at);
        let number = report.tally.counts.records as u32;
        let candidate = Candidate { number, start: start as u32, length: length as u32 };
        let record = Record::of_candidate(block, &candidate);
        let judgement = match rejected {
            // That it is JSON is known.
            Some(Rejected { duplicate_keys, .. }) => Judgement::Valid { duplicate_keys },
            None => record.judge(&mut self.judge, terms.plan)?,
        };
        match judgement {
            Judgement::Valid { duplicate_keys } => {
                let repeats = duplicate_keys > 0;
                let follows = match (&mut self.schema, rejected) {
                    (None, _) => true,
                    (Some(schema), None) => {
                        let found = schema.explain(record.bytes, repeats, schema::Counts::Record)?;
                        tally_violations(found, &candidate, terms, report)
                    }
                    (Some(schema), Some(_)) => tally_violations(schema.explain_invalid(text, at)?, &candidate, terms, report),
                };
                report.tally.pattern_limits += self.schema.as_mut().map_or(0, SchemaJudge::take_pattern_limits);
                if follows || terms.plan.measured.scope == ProfileScope::WellFormed {
                    self.measure(block, &candidate, record.bytes, repeats, report)?;
                }
                if follows {
                    report.tally.pass(1, duplicate_keys);
                } else {
                    report.tally.schema_invalid(offset);
                }
            }
            Judgement::Invalid(fault) => {
                self.judge.path(record.bytes, &fault, &mut self.path);
                let earlier = report.tally.invalid(fault.code, &self.path, offset);
                if terms.every_invalid || terms.samples.have_room(Kind::of(fault.code), &self.path, earlier) {
                    report.candidates.push(candidate);
                }
            }
        }
        Ok(())
    }

    fn measure(
        &mut self,
        block: &Block<'_>,
        candidate: &Candidate,
        text: &[u8],
        repeats: bool,
        report: &BlockReport,
    ) -> Result<(), Halt> {
        let Some(profile) = &mut self.profile else { return Ok(()) };
        let (at, end) = (block.at + u64::from(candidate.start), text.len());
        profile.begin(block.at, report.tally.counts.records);
        profile.measure(&Valid { text, at, start: 0, end, escaped: true, repeats }, ClearTokens::new(text, 0, end));
        Ok(profile.watch()?)
    }

    /// Judges an invalid record of `block` once more, this time to tell all about it.
    pub(super) fn explain(&mut self, block: &Block<'_>, candidate: &Candidate, plan: &Plan) -> Result<Vec<Sample>, Halt> {
        let record = Record::of_candidate(block, candidate);
        let fault = match record.judge(&mut self.judge, plan)? {
            Judgement::Invalid(fault) => fault,
            Judgement::Valid { duplicate_keys } => return self.explain_schema(record.bytes, duplicate_keys > 0, plan),
        };
        self.judge.path(record.bytes, &fault, &mut self.path);
        let pointer = self.judge.pointer(record.bytes, &fault);
        // Of a record that is too long, no more is shown than would have been kept of it.
        let shown = &record.bytes[..record.bytes.len().min(plan.rules.max_record_bytes as usize)];
        Ok(vec![Sample::new(&fault, &self.path, pointer, shown, record.length, plan)])
    }

    fn explain_schema(&mut self, record: &[u8], repeats: bool, plan: &Plan) -> Result<Vec<Sample>, Halt> {
        let Some(schema) = &mut self.schema else { return Ok(Vec::new()) };
        schema.explain(record, repeats, schema::Counts::Nothing)?;
        let shown = if plan.redaction == Redaction::Omit { Shown::TypesOnly } else { Shown::Values };
        let told = schema.told(record, shown);
        Ok(told.map(|(violation, message)| Sample::of_schema(violation, message, record, plan)).collect())
    }
}

/// Counts the violations of a record that is JSON, and tells whether there is none.
fn tally_violations(found: &[Violation], candidate: &Candidate, terms: Terms<'_>, report: &mut BlockReport) -> bool {
    let mut has_room = terms.every_invalid && !found.is_empty();
    for violation in found {
        let earlier = report.tally.violates(violation.kind(), &violation.path);
        has_room |= terms.samples.have_room(violation.kind(), &violation.path, earlier);
    }
    if has_room {
        report.candidates.push(*candidate);
    }
    found.is_empty()
}

#[cfg(feature = "fault-injection")]
fn provoke_fault(plan: &Plan) {
    if plan.labels.get("jassay.fault").is_some_and(|fault| fault == "panic") {
        panic!("a fault that the config asked for");
    }
}

#[cfg(not(feature = "fault-injection"))]
fn provoke_fault(_: &Plan) {}
