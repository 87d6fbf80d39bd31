//! The violations that are told one by one.
//!
//! They are offered in the order of the stream and taken while there is room, in all and in their group, so which are taken depends on
//! the stream alone. Memory is bounded by the largest result: where all previews together would not fit, the result will have none,
//! and where the rest would not fit, it will end before the last ones; so neither is kept. A state keeps all: what does not fit here may fit
//! the result of the whole.

use super::preview::preview;
use crate::judge::Fault;
use crate::plan::{MAX_SOURCE_BYTES, Plan};
use crate::proto::{Redaction, Violation, ViolationCode};
use crate::report::Kind;
use crate::schema;
use crate::state::{Bounds, Damage, Extent, PartKey, Places, ensure, stored};
use prost::Message;
use std::cmp::Ordering;
use std::collections::HashMap;
use xxhash_rust::xxh3::xxh3_128;

/// Of a violation and of its group's entry, beside the encoded text.
const ENTRY_BYTES: usize = size_of::<Taken>() + 64;

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
        Self { group: group(Kind::of(fault.code), path), violation }
    }

    /// Tells a violation of the schema by `record`, with this message.
    pub(crate) fn of_schema(found: &schema::Violation, message: String, record: &[u8], plan: &Plan) -> Self {
        let preview_bytes = if plan.redaction == Redaction::Omit { 0 } else { plan.max_preview_bytes as usize };
        let (preview, preview_truncated) = preview(record, found.offset, preview_bytes, record.len() as u64);
        let violation = Violation {
            code: ViolationCode::Schema.into(),
            byte_length: record.len() as u64,
            error_offset: found.offset as u64,
            instance_pointer: found.instance_pointer.clone(),
            keyword: found.keyword.to_owned(),
            schema_pointer: found.schema_pointer.clone(),
            message,
            preview,
            preview_truncated,
            ..Violation::default()
        };
        Self { group: group(found.kind(), &found.path), violation }
    }

    /// Gives it its place.
    pub fn at(mut self, place: Place) -> Placed {
        self.violation.record_index = place.record_index;
        self.violation.line = place.line;
        self.violation.byte_offset = place.byte_offset;
        self.violation.error_offset += place.byte_offset;
        Placed(self)
    }
}

/// A violation, told with its place in the stream.
#[derive(Debug)]
pub struct Placed(Sample);

impl Placed {
    /// As it will be in the result.
    pub fn violation(&self) -> &Violation {
        &self.0.violation
    }
}

/// Names a group; wide enough that no two have the same name.
fn group(kind: Kind<'_>, path: &str) -> u128 {
    let Kind { code, keyword, schema_pointer } = kind;
    let of_path = xxh3_128(path.as_bytes()) ^ code as u128;
    if keyword.is_empty() && schema_pointer.is_empty() {
        return of_path;
    }
    // No text has a byte of 0xFF, so that it is clear where each ends.
    let of_keyword = [keyword.as_bytes(), schema_pointer.as_bytes()].join(&0xFF);
    xxh3_128(&[&of_path.to_le_bytes()[..], &of_keyword].concat())
}

/// Samples taken so far.
#[derive(Debug)]
pub struct Samples {
    max_violations: usize,
    max_per_group: u32,
    max_bytes: usize,
    /// Whether all are kept, for a state.
    keep_all: bool,
    taken: HashMap<u128, u32>,
    violations: Vec<Taken>,
    /// Encoded, with previews while there are any.
    encoded_bytes: usize,
    previews: Previews,
    /// What is taken would not fit into a result.
    overflowing: bool,
}

#[derive(Debug)]
struct Taken {
    /// In a merge.
    part: Option<PartKey>,
    sample: Sample,
}

impl Taken {
    /// The order of parts and of records in them. What stands at one place in a part with a number is of one record, and in its order there;
    /// in parts without one it need not be, and is ordered by its bytes.
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |it: &Self| (it.part, it.sample.violation.record_index, it.sample.violation.error_offset);
        if place(self) == place(other) && self.part.is_some_and(PartKey::is_numbered) {
            return Ordering::Equal;
        }
        // Without the source, which may be named later.
        let bytes = |it: &Self| Violation { source: String::new(), ..it.sample.violation.clone() }.encode_to_vec();
        place(self)
            .cmp(&place(other))
            .then_with(|| bytes(self).cmp(&bytes(other)))
            .then_with(|| self.sample.violation.source.cmp(&other.sample.violation.source))
    }
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
            keep_all: plan.with_state,
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
    pub fn have_room(&self, kind: Kind<'_>, path: &str, others: u64) -> bool {
        if self.are_full() || others >= u64::from(self.max_per_group) {
            return false;
        }
        let taken = self.taken.get(&group(kind, path)).copied().unwrap_or_default();
        others + u64::from(taken) < u64::from(self.max_per_group)
    }

    /// Takes `sample` if there is room, and tells whether there was.
    pub(super) fn offer(&mut self, Placed(mut sample): Placed) -> bool {
        let taken = self.taken.entry(sample.group).or_default();
        if self.overflowing || self.violations.len() >= self.max_violations || *taken >= self.max_per_group {
            return false;
        }
        *taken += 1;
        if self.previews == Previews::Dropped {
            drop_preview(&mut sample.violation);
        }
        self.encoded_bytes += sample.violation.encoded_len();
        self.violations.push(Taken { part: None, sample });
        if self.encoded_bytes > self.max_bytes && !self.keep_all {
            self.shrink();
        }
        true
    }

    /// The one taken last.
    pub(super) fn last(&self) -> Option<&Violation> {
        self.violations.last().map(|taken| &taken.sample.violation)
    }

    fn shrink(&mut self) {
        if self.previews == Previews::Kept {
            self.previews = Previews::Dropped;
            self.violations.iter_mut().for_each(|taken| drop_preview(&mut taken.sample.violation));
            self.encoded_bytes = self.count_bytes();
        }
        self.overflowing = self.encoded_bytes > self.max_bytes;
    }

    fn count_bytes(&self) -> usize {
        self.violations.iter().map(|taken| taken.sample.violation.encoded_len()).sum()
    }

    /// As in a state, one after the other; what has no part is of the part `own`.
    pub(super) fn store(&self, own: PartKey) -> impl Iterator<Item = stored::Sample> {
        self.violations.iter().map(move |taken| stored::Sample {
            part: taken.part.unwrap_or(own).get(),
            group: taken.sample.group.to_le_bytes().to_vec(),
            violation: Some(taken.sample.violation.clone()),
        })
    }

    /// Those since the last part become those of one more, whose source is named.
    pub(super) fn end_part(&mut self, part: PartKey, source: &str) {
        for Taken { part: of, sample } in self.violations.iter_mut().rev().take_while(|taken| taken.part.is_none()) {
            *of = Some(part);
            self.encoded_bytes -= sample.violation.encoded_len();
            source.clone_into(&mut sample.violation.source);
            self.encoded_bytes += sample.violation.encoded_len();
        }
    }

    /// Takes a sample of a state; they come in their order.
    pub(super) fn restore(&mut self, sample: stored::Sample, bounds: Bounds<'_>) -> Result<(), Damage> {
        let part = bounds.part(sample.part)?;
        let group = sample.group.as_slice().try_into().map(u128::from_le_bytes).map_err(|_| Damage("a group has no name"))?;
        let violation = sample.violation.ok_or(Damage("a sample is empty"))?;
        let Violation { record_index, line, byte_offset, byte_length, error_offset, .. } = violation;
        for figure in [record_index, line, byte_offset, byte_length] {
            bounds.count(figure)?;
        }
        ensure((byte_offset..=byte_offset + byte_length).contains(&error_offset), "an error stands outside of its record")?;
        ensure(violation.source.len() <= MAX_SOURCE_BYTES, "a source is too long")?;
        ensure(self.violations.len() < self.max_violations, "it has more samples than its limits allow")?;
        self.encoded_bytes += violation.encoded_len();
        self.violations.push(Taken { part: Some(part), sample: Sample { group, violation } });
        Ok(())
    }

    /// Names the source of all that have none yet.
    pub(super) fn name_source(&mut self, source: &str) {
        for Taken { sample, .. } in &mut self.violations {
            if sample.violation.source.is_empty() {
                source.clone_into(&mut sample.violation.source);
            }
        }
    }

    /// Adds those of other parts, and keeps what the caps allow of all.
    ///
    /// What is taken of the whole is taken of each part: where a part has a sample that the whole has not, for there are enough of its group
    /// before it, these are as many as the part's and stand before it too.
    pub(super) fn merge(&mut self, other: Self) {
        if other.violations.is_empty() {
            return;
        }
        self.violations.extend(other.violations);
        self.violations.sort_by(Taken::cmp);
        let mut taken: HashMap<u128, u32> = HashMap::new();
        self.violations.retain(|it| {
            let count = taken.entry(it.sample.group).or_default();
            *count += 1;
            *count <= self.max_per_group
        });
        self.violations.truncate(self.max_violations);
        self.encoded_bytes = self.count_bytes();
    }

    /// Positions become those in the whole, where parts begin as `places` tells.
    pub(super) fn settle(&mut self, places: &Places) {
        for Taken { part, sample: Sample { violation, .. } } in &mut self.violations {
            let place = part.take().and_then(|part| places.get(&part.get())).copied();
            let Extent { records, bytes, line_feeds } = place.unwrap_or_default();
            violation.record_index += records;
            violation.line += line_feeds;
            violation.byte_offset += bytes;
            violation.error_offset += bytes;
        }
        self.encoded_bytes = self.count_bytes();
    }

    /// Memory in use.
    pub(super) fn bytes(&self) -> u64 {
        (self.encoded_bytes + self.violations.len() * ENTRY_BYTES) as u64
    }

    /// The samples, which are given up, and whether previews had to be dropped.
    pub(super) fn take(&mut self) -> (Vec<Violation>, bool) {
        if self.encoded_bytes > self.max_bytes {
            self.shrink();
        }
        let violations = std::mem::take(&mut self.violations).into_iter().map(|taken| taken.sample.violation).collect();
        (violations, self.previews == Previews::Dropped)
    }
}

/// Leaves a violation without its preview, as in a result that is cut.
pub(super) fn drop_preview(violation: &mut Violation) {
    violation.preview = String::new();
    violation.preview_truncated = true;
}
