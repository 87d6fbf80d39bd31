//! The violations that are told one by one.
//!
//! They are offered in the order of the stream and taken while there is room, in all and in their group, so which are taken depends on
//! the stream alone. Memory is bounded by the largest result: where all previews together would not fit, the result will have none,
//! and where the rest would not fit, it will end before the last ones; so neither is kept.

use super::preview::preview;
use crate::judge::Fault;
use crate::plan::Plan;
use crate::proto::{Redaction, Violation, ViolationCode};
use prost::Message;
use std::collections::HashMap;
use xxhash_rust::xxh3::xxh3_128;

/// Of a violation and of its group's entry, beside the encoded text.
const ENTRY_BYTES: usize = size_of::<Violation>() + 64;

/// Where in the stream a record is.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// From 0.
    pub record_index: u64,
    /// From 1.
    pub line: u64,
    /// Of its first byte.
    pub byte_offset: u64,
}

/// A violation, told but for its place in the stream.
#[derive(Debug)]
pub struct Sample {
    group: u128,
    violation: Violation,
}

impl Sample {
    /// Tells `fault`, which is at `path` and `pointer` of a record of `length` bytes. `shown` is as much of it as there is to show; how
    /// much of that will be is in the plan.
    pub fn new(fault: &Fault, path: &str, pointer: String, shown: &[u8], length: u64, plan: &Plan) -> Self {
        let (preview_bytes, message) = match plan.redaction {
            Redaction::Omit => (0, fault.detail.without_values()),
            Redaction::Show | Redaction::Unspecified => (plan.max_preview_bytes as usize, fault.detail.to_string()),
        };
        let (preview, preview_truncated) = preview(shown, fault.at, preview_bytes, length);
        let violation = Violation {
            code: fault.code.into(),
            byte_length: length,
            error_offset: fault.at as u64,
            instance_pointer: pointer,
            message,
            preview,
            preview_truncated,
            ..Violation::default()
        };
        Self { group: group(fault.code, path), violation }
    }

    fn at(mut self, place: Place) -> Violation {
        self.violation.record_index = place.record_index;
        self.violation.line = place.line;
        self.violation.byte_offset = place.byte_offset;
        self.violation.error_offset += place.byte_offset;
        self.violation
    }
}

/// Names a group; wide enough that no two have the same name.
fn group(code: ViolationCode, path: &str) -> u128 {
    xxh3_128(path.as_bytes()) ^ code as u128
}

/// Samples taken so far.
#[derive(Debug)]
pub struct Samples {
    max_violations: usize,
    max_per_group: u32,
    max_bytes: usize,
    taken: HashMap<u128, u32>,
    violations: Vec<Violation>,
    /// Encoded, with previews while there are any.
    encoded_bytes: usize,
    previews: Previews,
    /// What is taken would not fit into a result.
    overflowing: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Previews {
    Kept,
    Dropped,
}

impl Samples {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            max_violations: plan.max_violations as usize,
            max_per_group: plan.max_per_group,
            max_bytes: plan.max_result_bytes as usize,
            taken: HashMap::new(),
            violations: Vec::new(),
            encoded_bytes: 0,
            previews: Previews::Kept,
            overflowing: false,
        }
    }

    /// Whether none will be taken any more.
    pub fn are_full(&self) -> bool {
        self.overflowing || self.violations.len() >= self.max_violations
    }

    /// Whether one more of a group may be taken, beside `others` of it that are not yet.
    pub fn have_room(&self, code: ViolationCode, path: &str, others: u64) -> bool {
        if self.are_full() || others >= u64::from(self.max_per_group) {
            return false;
        }
        let taken = self.taken.get(&group(code, path)).copied().unwrap_or_default();
        others + u64::from(taken) < u64::from(self.max_per_group)
    }

    /// Takes `sample` if there is room.
    pub(super) fn offer(&mut self, sample: Sample, place: Place) {
        let taken = self.taken.entry(sample.group).or_default();
        if *taken >= self.max_per_group {
            return;
        }
        *taken += 1;
        let mut violation = sample.at(place);
        if self.previews == Previews::Dropped {
            drop_preview(&mut violation);
        }
        self.encoded_bytes += violation.encoded_len();
        self.violations.push(violation);
        if self.encoded_bytes > self.max_bytes {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        if self.previews == Previews::Kept {
            self.previews = Previews::Dropped;
            self.violations.iter_mut().for_each(drop_preview);
            self.encoded_bytes = self.violations.iter().map(Message::encoded_len).sum();
        }
        self.overflowing = self.encoded_bytes > self.max_bytes;
    }

    /// Memory in use.
    pub(super) fn bytes(&self) -> u64 {
        (self.encoded_bytes + self.violations.len() * ENTRY_BYTES) as u64
    }

    /// The samples, which are given up, and whether previews had to be dropped.
    pub(super) fn take(&mut self) -> (Vec<Violation>, bool) {
        (std::mem::take(&mut self.violations), self.previews == Previews::Dropped)
    }
}

/// Leaves a violation without its preview, as in a result that is cut.
pub(super) fn drop_preview(violation: &mut Violation) {
    violation.preview = String::new();
    violation.preview_truncated = true;
}
