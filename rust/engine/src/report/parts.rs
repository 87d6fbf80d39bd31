//! What a report adds to a state, and takes from the states of parts.

use super::over_stream::OverStream;
use super::{EndedParts, Ending, Report, common_compression};
use crate::memory::{Budget, MemoryRefused};
use crate::plan::{MAX_LABEL_BYTES, MAX_LABELS, MAX_SOURCE_BYTES, Plan};
use crate::proto::{Compression, Format, Termination};
use crate::schema::MAX_FOUND;
use crate::state::stored::entry::Entry;
use crate::state::{Bounds, Damage, Extent, PartKey, Parts, Places, Writer, ensure, stored};
use std::sync::Arc;

/// The first in this order is the format of a whole: those of parts with records first.
fn format_order((format, of): &(Format, Option<(bool, PartKey)>)) -> impl Ord + use<> {
    (of.map(|(has_records, part)| (!has_records, part)), *format)
}

impl Report {
    /// Writes all that it has found but for paths of the profile. What is known is of the part `own`, of the `parts` that there are.
    pub(crate) fn store(
        &mut self,
        own: PartKey,
        parts: &Parts,
        (paths_dropped, paths_cut): (bool, bool),
        writer: &mut Writer,
    ) -> Result<(), MemoryRefused> {
        let counts = crate::proto::Counts { bytes: self.bytes, ..self.tally.counts };
        let ending = self.ending.map(|ending| stored::Ending {
            part: ending.part.unwrap_or(own).get(),
            termination: ending.termination.into(),
            at: ending.at,
        });
        let (format_has_records, format_part) = self.format_of.unwrap_or((self.tally.counts.records > 0, own));
        writer.write(Entry::Head(stored::Head {
            limits: Some(self.plan.limits()),
            counts: Some(counts),
            duplicate_keys: self.tally.duplicate_keys,
            pattern_limits: self.tally.pattern_limits,
            schema_sha256: self.plan.schema_sha256.clone(),
            has_mark: self.has_mark,
            format: self.format.into(),
            compression: self.compression.unwrap_or_default().into(),
            format_has_records,
            format_part: format_part.get(),
            ending,
            source: self.source.clone(),
            labels: self.labels.clone(),
            parts: parts.count(),
            unnumbered: parts.unnumbered(),
            paths_dropped,
            paths_cut,
        }))?;
        for (number, Extent { records, bytes, line_feeds }) in parts.numbered() {
            writer.write(Entry::Part(stored::Part { number, records, bytes, line_feeds }))?;
        }
        for group in self.tally.groups.store(own) {
            writer.write(Entry::Group(group))?;
        }
        for sample in self.samples.store(own) {
            writer.write(Entry::Sample(sample))?;
        }
        Ok(())
    }

    /// What the head of a state tells.
    pub(crate) fn restore(head: stored::Head, plan: Arc<Plan>, budget: Arc<Budget>, parts: &Parts) -> Result<Self, Damage> {
        let bounds = Bounds { parts };
        let mut report = Self::new(plan, budget);
        let counts = head.counts.unwrap_or_default();
        let of_records = [counts.records, counts.valid, counts.invalid, counts.malformed, counts.oversize, counts.schema_invalid];
        for count in of_records.into_iter().chain([counts.blank_lines, head.duplicate_keys, head.pattern_limits]) {
            bounds.count(count)?;
        }
        let of_invalid = counts.malformed + counts.oversize + counts.schema_invalid;
        let add_up = counts.valid + counts.invalid == counts.records && of_invalid == counts.invalid;
        let found = counts.invalid..=counts.invalid - counts.schema_invalid + counts.schema_invalid * MAX_FOUND as u64;
        ensure(add_up && found.contains(&counts.violations), "its counts do not add up")?;
        report.bytes = counts.bytes;
        report.tally.counts = counts;
        (report.tally.duplicate_keys, report.tally.pattern_limits) = (head.duplicate_keys, head.pattern_limits);
        report.has_mark = head.has_mark;
        report.format = Format::try_from(head.format).map_err(|_| Damage("it is of an unknown format"))?;
        let compression = Compression::try_from(head.compression).map_err(|_| Damage("it is compressed in no known way"))?;
        report.compression = Some(compression);
        report.format_of = Some((head.format_has_records, PartKey::from_stored(head.format_part)));
        if let Some(stored::Ending { part, termination, at }) = head.ending {
            let termination = Termination::try_from(termination).unwrap_or_default();
            let ended = !matches!(termination, Termination::Unspecified | Termination::Complete);
            ensure(ended, "it ended in no known way")?;
            let part = Some(PartKey::from_stored(part));
            report.ending = Some(Ending { part, termination, at: bounds.count(at)? });
        }
        ensure(head.source.as_ref().is_none_or(|source| source.len() <= MAX_SOURCE_BYTES), "its source is too long")?;
        let labels_within = head.labels.iter().all(|(key, value)| key.len().max(value.len()) <= MAX_LABEL_BYTES);
        ensure(head.labels.len() <= MAX_LABELS && labels_within, "its labels are too many or too long")?;
        (report.source, report.labels) = (head.source, head.labels);
        Ok(report)
    }

    /// A group of a state.
    pub(crate) fn restore_group(&mut self, group: &stored::Group, bounds: Bounds<'_>) -> Result<(), Damage> {
        self.tally.groups.restore(group, bounds)
    }

    /// A sample of a state.
    pub(crate) fn restore_sample(&mut self, sample: stored::Sample, bounds: Bounds<'_>) -> Result<(), Damage> {
        self.samples.restore(sample, bounds)
    }

    /// Sees to it that the parts that it names are there, now that all have come.
    pub(crate) fn check_parts(&self, bounds: Bounds<'_>) -> Result<(), Damage> {
        let named = [self.format_of.map(|(_, part)| part), self.ending.and_then(|ending| ending.part)];
        named.into_iter().flatten().try_for_each(|part| bounds.part(part.get()).map(drop))
    }

    /// Violations in all.
    pub(crate) fn violations(&self) -> u64 {
        self.tally.counts.violations
    }

    /// Holds what has been restored so far, and `more`.
    pub(crate) fn hold(&mut self, more: u64) -> Result<(), MemoryRefused> {
        self.reserve(more)
    }

    /// Adds what was found in other parts.
    pub(crate) fn merge(&mut self, mut other: Self) -> Result<(), MemoryRefused> {
        if self.source != other.source {
            for it in [&mut *self, &mut other] {
                if let Some(source) = it.source.take() {
                    it.samples.name_source(&source);
                }
            }
        }
        self.labels.retain(|key, value| other.labels.get(key) == Some(value));
        self.has_mark |= other.has_mark;
        self.compression = common_compression(self.compression, other.compression);
        self.bytes += other.bytes;
        let formats = [(self.format, self.format_of), (other.format, other.format_of)];
        (self.format, self.format_of) = formats.into_iter().min_by_key(format_order).unwrap_or(formats[0]);
        self.ending = [self.ending, other.ending].into_iter().flatten().min_by_key(Ending::order);
        self.samples.merge(other.samples);
        self.tally.add(&other.tally, 0);
        self.reserve(0)
    }

    /// The stream ends as a part of a whole, whose source is named so; what comes next is of another stream.
    pub(crate) fn end_part(&mut self, part: PartKey, source: &str, records: u64) {
        self.samples.end_part(part, source);
        self.tally.over_stream = OverStream::default();
        let ending = self.ending.take().map(|ending| Ending { part: Some(part), ..ending });
        let format = (self.format, Some((records > 0, part)));
        let bytes = std::mem::take(&mut self.bytes);
        self.source = match &self.ended {
            None => Some(source.to_owned()),
            Some(_) => None,
        };
        let ended = self.ended.get_or_insert(EndedParts { bytes: 0, ending: None, format });
        ended.bytes += bytes;
        ended.ending = [ended.ending, ending].into_iter().flatten().min_by_key(Ending::order);
        ended.format = [ended.format, format].into_iter().min_by_key(format_order).unwrap_or(format);
    }

    /// Becomes what was found in the parts that have ended; `starts` are the indexes of their first records.
    pub(crate) fn put_into(&mut self, starts: &[(u64, PartKey)]) {
        self.tally.groups.put_into(starts);
        if let Some(EndedParts { bytes, ending, format }) = self.ended.take() {
            (self.bytes, self.ending) = (bytes, ending);
            (self.format, self.format_of) = format;
        }
    }

    /// Positions become those in the whole, where the places of the parts are known, unless they are kept.
    pub(crate) fn settle(&mut self, parts: &Parts, places: Option<&Places>, keep_positions: bool) {
        let Some(places) = places else {
            self.missing = Some(parts.describe_missing());
            return;
        };
        let of = |part: u64| places.get(&part).copied().unwrap_or_default();
        self.tally.groups.settle(&|before| of(before + 1).records);
        if keep_positions {
            return;
        }
        self.samples.settle(places);
        if let Some(ending) = &mut self.ending {
            ending.at += ending.part.take().map_or(0, |part| of(part.get()).bytes);
        }
    }
}
