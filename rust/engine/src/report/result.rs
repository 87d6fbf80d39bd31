//! Makes the result of a report.

use super::Report;
use super::groups::without_paths;
use super::over_stream;
use super::samples::drop_preview;
use crate::engine::VERSION;
use crate::kernel;
use crate::memory::MemoryRefused;
use crate::profile::Profile;
use crate::proto::{Counts, FieldProfile, ProcessResult, Provenance, Termination, Timing, Verdict, Warning, WarningCode};
use crate::schema::{JUDGE, MAX_BACKTRACKS};
use prost::Message;
use std::time::Duration;

/// Of a field profile or violation in a result: its field number is below 16.
const TAG_BYTES: usize = 1;

/// How long a stream took.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// From opening to result.
    pub wall: Duration,
    /// Of these, judging.
    pub engine: Duration,
    /// Bytes fed.
    pub received: u64,
}

impl Report {
    /// The encoded `ProcessResult`, no larger than the plan allows; with this state, if it fits. Samples are given up; what the bytes take
    /// stays reserved.
    pub(crate) fn encode(
        &mut self,
        profile: Option<Profile>,
        state: Option<&[u8]>,
        times: &Times,
        threads: usize,
        kernel: kernel::Choice,
    ) -> Result<Vec<u8>, MemoryRefused> {
        let mut result = self.result();
        let state_bytes = state.map_or(0, <[u8]>::len) as u64;
        let described = profile.as_ref().map_or(0, Profile::described_bytes) + state_bytes.min(self.plan.max_result_bytes);
        self.reserve(described)?;
        if state_bytes > self.plan.max_result_bytes {
            name_cut(&mut result, "state");
        } else {
            result.state = state.unwrap_or_default().to_vec();
        }
        if let Some(mut profile) = profile {
            result.fields = profile.describe();
            result.inferred_schema_json = profile.infer_schema().unwrap_or_default();
            result.warnings.extend(profile.warnings(result.fields.len()));
            result.warnings.sort_by_key(|warning| warning.code);
        }
        self.fit(&mut result);
        result.invalid_over_stream = std::mem::take(&mut self.tally.over_stream).describe(self.bytes);
        result.timing = Some(timing(times, threads));
        result.provenance = Some(Provenance {
            engine_version: VERSION.to_owned(),
            kernel: kernel.name().to_owned(),
            schema_judge: if self.plan.schema_sha256.is_empty() { String::new() } else { JUDGE.to_owned() },
            schema_sha256: self.plan.schema_sha256.clone(),
            limits: Some(self.plan.limits()),
        });
        let length = result.encoded_len();
        self.reserve(described + 2 * length as u64)?;
        let bytes = result.encode_to_vec();
        drop(result);
        self.reservation.set(length as u64)?;
        Ok(bytes)
    }

    fn result(&mut self) -> ProcessResult {
        let counts = Counts { bytes: self.bytes, ..self.tally.counts };
        let complete = self.ending.is_none();
        let verdict = if complete && counts.invalid == 0 { Verdict::Pass } else { Verdict::Fail };
        let (violations, previews_dropped) = self.samples.take();
        let mut result = ProcessResult {
            verdict: verdict.into(),
            termination: self.ending.map_or(Termination::Complete, |ending| ending.termination).into(),
            stopped_at: self.ending.map(|ending| ending.at),
            counts: Some(counts),
            format: self.format.into(),
            compression: self.compression.unwrap_or_default().into(),
            groups: self.tally.groups.describe(),
            violations,
            warnings: self.warnings(),
            source: self.source.clone().unwrap_or_default(),
            labels: self.labels.clone(),
            ..ProcessResult::default()
        };
        if previews_dropped {
            name_cut(&mut result, "previews");
        }
        result
    }

    fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut warn = |code: WarningCode, text: String| warnings.push(Warning { code: code.into(), text });
        if self.has_mark {
            warn(WarningCode::Bom, "the input begins with a byte order mark, which was skipped".to_owned());
        }
        if self.tally.duplicate_keys > 0 {
            let count = self.tally.duplicate_keys;
            warn(WarningCode::DuplicateKeys, format!("{count} keys of valid records repeat an earlier key of their object"));
        }
        if self.tally.counts.records == 0 && self.ending.is_none() {
            warn(WarningCode::EmptyInput, "the input has no records".to_owned());
        }
        if self.tally.pattern_limits > 0 {
            let count = self.tally.pattern_limits;
            let text = format!(
                "in {count} records a string failed a pattern because matching it took more than {MAX_BACKTRACKS} steps back: \
                 write the pattern without look-around and back-references"
            );
            warn(WarningCode::PatternLimit, text);
        }
        if let Some(why) = &self.missing {
            warn(WarningCode::PartsMissing, why.clone());
        }
        warnings
    }

    /// Cuts `result`, which has no figures over the stream, timing and provenance yet, to the size that the plan allows. Room is kept for the
    /// first, also of a merge, which has none: it is cut as the whole is.
    fn fit(&self, result: &mut ProcessResult) {
        let kept = if self.tally.counts.invalid > 0 { over_stream::MOST_ENCODED_BYTES } else { 0 };
        let most = self.plan.max_result_bytes as usize - kept;
        if result.encoded_len() <= most {
            return;
        }
        if !result.state.is_empty() {
            result.state = Vec::new();
            name_cut(result, "state");
        }
        if result.encoded_len() > most && !result.inferred_schema_json.is_empty() {
            result.inferred_schema_json.clear();
            name_cut(result, "inferred schema");
        }
        if result.encoded_len() <= most {
            return;
        }
        let numbers = |field: &FieldProfile| field.numbers.as_ref().is_some_and(|numbers| !numbers.histogram.is_empty());
        if result.fields.iter().any(numbers) {
            result.fields.iter_mut().filter_map(|field| field.numbers.as_mut()).for_each(|numbers| numbers.histogram.clear());
            name_cut(result, "histograms");
        }
        if result.encoded_len() > most && result.fields.iter().any(|field| !field.top_values.is_empty()) {
            result.fields.iter_mut().for_each(|field| field.top_values.clear());
            name_cut(result, "top values");
        }
        if result.encoded_len() > most && result.violations.iter().any(|violation| !violation.preview.is_empty()) {
            result.violations.iter_mut().for_each(drop_preview);
            name_cut(result, "previews");
        }
        if result.encoded_len() > most && !result.fields.is_empty() {
            name_cut(result, "fields");
            cut_from_last(result, most, |result| &mut result.fields);
        }
        if result.encoded_len() > most && !result.violations.is_empty() {
            name_cut(result, "violations");
            cut_from_last(result, most, |result| &mut result.violations);
        }
        if result.encoded_len() > most && !result.groups.is_empty() {
            name_cut(result, "paths of groups");
            result.groups = without_paths(std::mem::take(&mut result.groups));
        }
    }
}

/// Takes the last ones out of `list` until the result has at most `most` bytes, or there are none.
fn cut_from_last<M: Message>(result: &mut ProcessResult, most: usize, list: impl Fn(&mut ProcessResult) -> &mut Vec<M>) {
    let mut length = result.encoded_len();
    while length > most {
        let Some(last) = list(result).pop() else { return };
        let of_last = last.encoded_len();
        length -= TAG_BYTES + prost::length_delimiter_len(of_last) + of_last;
    }
}

/// Names `what` in the warning that the result is cut.
fn name_cut(result: &mut ProcessResult, what: &str) {
    let code = WarningCode::ResultCut;
    match result.warnings.iter_mut().find(|warning| warning.code() == code) {
        Some(warning) if warning.text.ends_with(what) => {}
        Some(warning) => warning.text = format!("{}, {what}", warning.text),
        None => {
            let text = format!("the result was larger than max_result_bytes; cut: {what}");
            result.warnings.push(Warning { code: code.into(), text });
        }
    }
}

fn timing(times: &Times, threads: usize) -> Timing {
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    let seconds = times.wall.as_secs_f64();
    Timing {
        wall_nanos: nanos(times.wall),
        receive_nanos: nanos(times.wall.saturating_sub(times.engine)),
        engine_nanos: nanos(times.engine),
        threads: threads as u32,
        received_bytes: times.received,
        bytes_per_second: if seconds > 0.0 { times.received as f64 / seconds } else { 0.0 },
    }
}
