//! Counts, groups and samples what the judge found, and makes the result of it.

mod groups;
mod over_stream;
mod parts;
mod preview;
mod result;
mod samples;

pub use groups::Kind;
pub use result::Times;
pub use samples::{Place, Placed, Sample, Samples};

use crate::memory::{Budget, MemoryRefused, Reservation};
use crate::plan::Plan;
use crate::proto::{Compression, Counts, Format, Termination, Violation, ViolationCode};
use crate::state::PartKey;
use groups::Groups;
use over_stream::OverStream;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Counts and groups of some records that follow one another.
#[derive(Debug, Default)]
pub struct Tally {
    /// Of these records. Bytes are counted by the stream's offset.
    pub counts: Counts,
    groups: Groups,
    /// Invalid records of a stream; not of parts of a whole.
    over_stream: OverStream,
    /// Of valid records, where they are allowed.
    duplicate_keys: u64,
    /// Records in which a pattern took more steps than it may.
    pub(crate) pattern_limits: u64,
}

impl Tally {
    /// Counts a valid record.
    pub fn pass(&mut self, valid: u64, duplicate_keys: u64) {
        self.counts.records += valid;
        self.counts.valid += valid;
        self.duplicate_keys += duplicate_keys;
    }

    /// Counts a violation of the schema by the record that is counted next; how many of its group were counted before it.
    pub fn violates(&mut self, kind: Kind<'_>, path: &str) -> u64 {
        self.counts.violations += 1;
        self.groups.count(kind, path, self.counts.records)
    }

    /// Counts a record whose violations of the schema have been counted, and which begins at `offset` in the stream.
    pub fn schema_invalid(&mut self, offset: u64) {
        self.over_stream.count(offset);
        self.counts.records += 1;
        self.counts.invalid += 1;
        self.counts.schema_invalid += 1;
    }

    /// Counts an invalid record that no schema was asked about, and which begins at `offset` in the stream; how many of its group were
    /// counted before it.
    pub fn invalid(&mut self, code: ViolationCode, path: &str, offset: u64) -> u64 {
        self.over_stream.count(offset);
        let earlier = self.groups.count(Kind::of(code), path, self.counts.records);
        self.counts.records += 1;
        self.counts.invalid += 1;
        self.counts.violations += 1;
        match code {
            ViolationCode::Oversize => self.counts.oversize += 1,
            _ => self.counts.malformed += 1,
        }
        earlier
    }

    /// Counts the records of `next`, which follow `before` others.
    fn add(&mut self, next: &Self, before: u64) {
        self.groups.merge(&next.groups, before);
        self.over_stream.add(&next.over_stream);
        self.duplicate_keys += next.duplicate_keys;
        self.pattern_limits += next.pattern_limits;
        let (sum, next) = (&mut self.counts, &next.counts);
        sum.records += next.records;
        sum.valid += next.valid;
        sum.invalid += next.invalid;
        sum.malformed += next.malformed;
        sum.oversize += next.oversize;
        sum.schema_invalid += next.schema_invalid;
        sum.blank_lines += next.blank_lines;
        sum.violations += next.violations;
    }
}

/// All that was found in a stream so far. One thread at a time.
#[derive(Debug)]
pub struct Report {
    plan: Arc<Plan>,
    tally: Tally,
    samples: Samples,
    format: Format,
    /// None before a stream has told; unspecified where streams differ.
    compression: Option<Compression>,
    has_mark: bool,
    /// Bytes judged.
    bytes: u64,
    /// Where the stream did not end well.
    ending: Option<Ending>,
    /// Of the parts that have ended, where the stream is one of several.
    ended: Option<EndedParts>,
    /// Of a merge: none where parts differ.
    source: Option<String>,
    labels: BTreeMap<String, String>,
    /// Of a merge: whether the part whose format it is has records, and which it is.
    format_of: Option<(bool, PartKey)>,
    /// Of a merge whose parts' places are not known: why.
    missing: Option<String>,
    /// For groups, samples and the encoded result.
    reservation: Reservation,
}

/// What of parts is neither counted by record nor sampled.
#[derive(Debug)]
struct EndedParts {
    bytes: u64,
    ending: Option<Ending>,
    /// As of a merge.
    format: (Format, Option<(bool, PartKey)>),
}

#[derive(Debug, Clone, Copy)]
struct Ending {
    /// In a merge.
    part: Option<PartKey>,
    termination: Termination,
    /// First byte that was not judged, or the length.
    at: u64,
}

impl Ending {
    /// The first in this order is that of a whole: where somebody interrupted it, that; else that of its first part that did not end well.
    fn order(&self) -> impl Ord + use<> {
        (self.termination != Termination::Interrupted, self.part, self.at, self.termination)
    }
}

/// How all streams are compressed, of which some are so and others so.
fn common_compression(one: Option<Compression>, other: Option<Compression>) -> Option<Compression> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => Some(Compression::Unspecified),
        (one, other) => one.or(other),
    }
}

impl Report {
    /// Nothing yet.
    pub fn new(plan: Arc<Plan>, budget: Arc<Budget>) -> Self {
        Self {
            samples: Samples::new(&plan),
            source: Some(plan.source.clone()),
            labels: plan.labels.clone(),
            plan,
            tally: Tally::default(),
            format: Format::Unspecified,
            compression: None,
            has_mark: false,
            bytes: 0,
            ending: None,
            ended: None,
            format_of: None,
            missing: None,
            reservation: Reservation::new(budget),
        }
    }

    /// The stream has this format and begins with a byte order mark of `mark` bytes.
    pub fn begin(&mut self, format: Format, mark: usize) {
        self.format = format;
        self.has_mark |= mark > 0;
    }

    /// A stream is compressed so.
    pub fn decompress(&mut self, compression: Compression) {
        self.compression = common_compression(self.compression, Some(compression));
    }

    /// The stream ended so; `at` is the offset of the first byte that was not judged.
    pub fn end(&mut self, termination: Termination, at: u64) {
        self.bytes = at;
        self.ending = (termination != Termination::Complete).then_some(Ending { part: None, termination, at });
    }

    /// Records counted.
    pub fn records(&self) -> u64 {
        self.tally.counts.records
    }

    /// Counts but for bytes.
    pub(crate) fn counts(&self) -> &Counts {
        &self.tally.counts
    }

    /// How the stream ended, as far as it has, and where, if not well.
    pub(crate) fn ending(&self) -> (Termination, u64) {
        self.ending.map_or((Termination::Complete, 0), |ending| (ending.termination, ending.at))
    }

    /// Bytes judged, once the stream has ended.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The samples taken.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// What was declared or detected.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Takes `sample` if there is room for it; those before it in the stream have been offered before. Gives the violation, if taken.
    pub fn sample(&mut self, sample: Placed) -> Result<Option<&Violation>, MemoryRefused> {
        let taken = self.samples.offer(sample);
        self.reserve(0)?;
        Ok(if taken { self.samples.last() } else { None })
    }

    /// Counts records that follow those counted.
    pub fn add(&mut self, next: &Tally) -> Result<(), MemoryRefused> {
        self.tally.add(next, self.tally.counts.records);
        self.reserve(0)
    }

    /// Holds what groups and samples take, and `more`.
    fn reserve(&mut self, more: u64) -> Result<(), MemoryRefused> {
        self.reservation.set(self.tally.groups.bytes() + self.tally.over_stream.bytes() + self.samples.bytes() + more)
    }
}
