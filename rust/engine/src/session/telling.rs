//! Tells of blocks in their order, as they retire: samples to the report, violations and records to whoever listens.

use super::block::{Block, BlockReport, Candidate, Holds};
use super::judging::Judging;
use super::line_feeds;
use crate::Halt;
use crate::frame::{Extent, Framer, Reached, is_white, trim, trimmed_length};
use crate::live::{Live, Record};
use crate::plan::Plan;
use crate::proto::{Format, LiveViolations};
use crate::report::Place;
use memchr::{memchr, memchr_iter};

impl Judging {
    /// Adds a block to the report: its positions become absolute. `lines` are the line feeds before it.
    pub(super) fn retire(&mut self, block: &Block<'_>, found: &BlockReport, lines: u64) -> Result<(), Halt> {
        self.tell_violations(block, found, lines)?;
        self.tell_records(block, found, lines)?;
        Ok(self.findings.report.add(&found.tally)?)
    }

    /// The same of a block that is one record, of which `whole` is all, with the white space up to what ends it, unless it passed.
    pub(super) fn retire_one(&mut self, block: &Block<'_>, found: &BlockReport, lines: u64, whole: &[u8]) -> Result<(), Halt> {
        self.tell_violations(block, found, lines)?;
        let (index, format) = (self.records(), self.findings.report.format());
        if let (Some(live), Holds::One { length, .. }) = (&mut self.live, block.holds) {
            if !live.end_passing(length, format)? {
                let (length, valid) = (block.bytes.len(), found.tally.counts.valid > 0);
                let record = Record { index, line: lines + 1, at: block.at, bytes: whole, length, valid, oversize: false };
                live.output(&record, format)?;
                live.event(&record)?;
            }
        }
        Ok(self.findings.report.add(&found.tally)?)
    }

    fn tell_violations(&mut self, block: &Block<'_>, found: &BlockReport, mut lines: u64) -> Result<(), Halt> {
        let told = self.live.as_ref().map_or(LiveViolations::None, Live::violations_told);
        let mut counted = 0;
        for candidate in &found.candidates {
            if self.findings.report.samples().are_full() && told != LiveViolations::All {
                break;
            }
            lines += line_feeds(&block.bytes[counted..candidate.start()]);
            counted = candidate.start();
            let place = Place {
                record_index: self.records() + candidate.number(),
                line: lines + 1,
                byte_offset: block.at + candidate.start() as u64,
            };
            for sample in self.workers[0].explain(block, candidate, &self.plan)? {
                let sample = sample.at(place);
                if let (Some(live), LiveViolations::All) = (&mut self.live, told) {
                    live.violation(sample.violation())?;
                }
                let taken = self.findings.report.sample(sample)?;
                if let (Some(live), LiveViolations::Samples, Some(taken)) = (&mut self.live, told, taken) {
                    live.violation(taken)?;
                }
            }
        }
        Ok(())
    }

    fn tell_records(&mut self, block: &Block<'_>, found: &BlockReport, lines: u64) -> Result<(), Halt> {
        let (first, format) = (self.records(), self.findings.report.format());
        let Some(live) = self.live.as_mut().filter(|live| live.needs_records()) else { return Ok(()) };
        let plain = live.has_outputs() && format == Format::Ndjson && is_plain(block, found);
        if plain {
            let end =
                |it: &Candidate| memchr(b'\n', &block.bytes[it.start()..]).map_or(block.bytes.len(), |at| it.start() + at + 1);
            live.output_lines(block.bytes, found.candidates.iter().map(|it| (it.start(), end(it))))?;
        }
        let to_output = live.has_outputs() && !plain;
        let every_record = to_output || live.tells_valid_records();
        let mut telling = Telling { live, block, plan: &self.plan, format, to_output, first, line: lines + 1, counted: 0 };
        match &found.framer {
            _ if !every_record => telling.invalid(&found.candidates),
            Some(framer) => telling.values(framer.clone(), &found.candidates),
            None => telling.lines(&found.candidates),
        }
    }
}

/// Whether all lines of a block are records that begin with their line.
fn is_plain(block: &Block<'_>, found: &BlockReport) -> bool {
    let begins = |at: usize| block.bytes.get(at).is_none_or(|byte| !is_white(*byte));
    found.tally.counts.blank_lines == 0 && begins(0) && memchr_iter(b'\n', block.bytes).all(|at| begins(at + 1))
}

/// The records of one block on their way to whoever listens.
struct Telling<'a> {
    live: &'a mut Live,
    block: &'a Block<'a>,
    plan: &'a Plan,
    format: Format,
    /// Whether the outputs have not been told of the block yet.
    to_output: bool,
    /// Index of the block's first record.
    first: u64,
    line: u64,
    /// Where in the block the line is known.
    counted: usize,
}

impl Telling<'_> {
    /// Tells the invalid ones.
    fn invalid(&mut self, invalid: &[Candidate]) -> Result<(), Halt> {
        for candidate in invalid {
            let (start, length) = (candidate.start(), candidate.length());
            self.tell(candidate.number(), Extent { start: start as u32, end: (start + length) as u32 }, length, false)?;
        }
        Ok(())
    }

    /// Tells all lines that are records.
    fn lines(&mut self, invalid: &[Candidate]) -> Result<(), Halt> {
        let (mut number, mut from) = (0, 0);
        let mut invalid = invalid.iter().peekable();
        for line_feed in memchr_iter(b'\n', self.block.bytes) {
            let (start, end) = trim(&self.block.bytes[from..line_feed]);
            if start < end {
                let valid = invalid.next_if(|it| it.number() == number).is_none();
                let extent = Extent { start: (from + start) as u32, end: line_feed as u32 };
                self.tell(number, extent, end - start, valid)?;
                number += 1;
            }
            from = line_feed + 1;
        }
        Ok(())
    }

    /// Tells all values; `framer` stands at the block's beginning.
    fn values(&mut self, mut framer: Framer, invalid: &[Candidate]) -> Result<(), Halt> {
        let bytes = self.block.bytes;
        let mut extents = Vec::new();
        if let Reached::Open(start) = framer.frame(bytes, bytes.len(), &mut extents) {
            // What ends it is the next block's first byte.
            extents.push(Extent { start: start as u32, end: bytes.len() as u32 });
        }
        let mut invalid = invalid.iter().peekable();
        for (number, extent) in (0..).zip(extents) {
            let valid = invalid.next_if(|it| it.number() == number).is_none();
            let length = trimmed_length(&bytes[extent.start as usize..extent.end as usize]);
            self.tell(number, extent, length, valid)?;
        }
        Ok(())
    }

    fn tell(&mut self, number: u64, extent: Extent, length: usize, valid: bool) -> Result<(), Halt> {
        let (start, end) = (extent.start as usize, extent.end as usize);
        self.line += line_feeds(&self.block.bytes[self.counted..start]);
        self.counted = start;
        let record = Record {
            index: self.first + number,
            line: self.line,
            at: self.block.at + start as u64,
            bytes: &self.block.bytes[start..end],
            length,
            valid,
            oversize: length as u64 > self.plan.rules.max_record_bytes,
        };
        if self.to_output {
            self.live.output(&record, self.format)?;
        }
        self.live.event(&record)
    }
}
