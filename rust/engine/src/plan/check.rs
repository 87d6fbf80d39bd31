//! The values of a config, one by one.

use super::{
    DEFAULT_KEYS, DEFAULT_PATHS, DEFAULT_RESULT_BYTES, DEFAULT_TOP_VALUES, FieldViolation, MAX_KEYS, MAX_LABEL_BYTES, MAX_LABELS,
    MAX_PATHS, MAX_RECORDS_PATH_BYTES, MAX_RECORDS_PATH_SEGMENTS, MAX_RESULT_BYTES, MAX_SOURCE_BYTES, MAX_TOP_VALUES,
    MIN_RESULT_BYTES, Measured,
};
use crate::frame::RecordsPath;
use crate::live::Split;
use crate::proto::{
    self, Compression, DuplicateKeys, Format, LiveViolations, Profile, ProfileScope, RecordContent, Redaction, SplitRecords,
};
use std::collections::BTreeMap;

/// Collects what is out of range, so that a client sees all of it at once.
#[derive(Default)]
pub(super) struct Check {
    pub(super) violations: Vec<FieldViolation>,
}

impl Check {
    pub(super) fn fail(&mut self, field: &'static str, description: String) {
        self.violations.push(FieldViolation { field, description });
    }

    pub(super) fn source(&mut self, source: &str) {
        if source.len() > MAX_SOURCE_BYTES {
            self.fail("source", format!("at most {MAX_SOURCE_BYTES} bytes, got {}", source.len()));
        }
    }

    pub(super) fn labels(&mut self, labels: &BTreeMap<String, String>) {
        if labels.len() > MAX_LABELS {
            self.fail("labels", format!("at most {MAX_LABELS} labels, got {}", labels.len()));
        }
        if labels.iter().any(|(key, value)| key.len() > MAX_LABEL_BYTES || value.len() > MAX_LABEL_BYTES) {
            self.fail("labels", format!("a key and a value are at most {MAX_LABEL_BYTES} bytes each"));
        }
    }

    pub(super) fn format(&mut self, number: i32) -> Option<Format> {
        match Format::try_from(number) {
            Ok(Format::Unspecified) => None,
            Ok(format) => Some(format),
            Err(_) => {
                self.fail("format", format!("no format has the number {number}; the server's info lists those it knows"));
                None
            }
        }
    }

    pub(super) fn records_path(&mut self, pointer: &str, format: Option<Format>) -> Option<RecordsPath> {
        if pointer.is_empty() {
            return None;
        }
        let mut fail = |description: String| self.fail("records_path", description);
        if pointer.len() > MAX_RECORDS_PATH_BYTES {
            fail(format!("at most {MAX_RECORDS_PATH_BYTES} bytes, got {}", pointer.len()));
            return None;
        }
        if format.is_some_and(|format| format != Format::Array) {
            fail("it leads to an array, and format says that there is none: leave format out, or say ARRAY".to_owned());
        }
        match RecordsPath::parse(pointer) {
            Ok(path) if path.length() > MAX_RECORDS_PATH_SEGMENTS => {
                fail(format!("at most {MAX_RECORDS_PATH_SEGMENTS} segments, got {}", path.length()));
                None
            }
            Ok(path) => Some(path),
            Err(what) => {
                fail(what.to_owned());
                None
            }
        }
    }

    pub(super) fn compression(&mut self, number: i32) -> Option<Compression> {
        match Compression::try_from(number) {
            Ok(Compression::Unspecified) => None,
            Ok(compression) => Some(compression),
            Err(_) => {
                self.fail("compression", format!("IDENTITY, GZIP or ZSTD, got the number {number}"));
                None
            }
        }
    }

    pub(super) fn duplicate_keys(&mut self, number: i32) -> DuplicateKeys {
        DuplicateKeys::try_from(number).unwrap_or_else(|_| {
            self.fail("validation.duplicate_keys", format!("REJECT or ALLOW, got the number {number}"));
            DuplicateKeys::Unspecified
        })
    }

    pub(super) fn measured(&mut self, profile: &Profile) -> Measured {
        let scope = ProfileScope::try_from(profile.scope).unwrap_or_else(|_| {
            self.fail("profile.scope", format!("NONE, WELL_FORMED or VALID, got the number {}", profile.scope));
            ProfileScope::None
        });
        if profile.infer_schema && matches!(scope, ProfileScope::Unspecified | ProfileScope::None) {
            self.fail("profile.infer_schema", "a schema is made of a profile: set profile.scope too".to_owned());
        }
        Measured {
            scope: if scope == ProfileScope::Unspecified { ProfileScope::None } else { scope },
            top_values: self.at_most("profile.top_values", profile.top_values, DEFAULT_TOP_VALUES, MAX_TOP_VALUES),
            max_paths: self.at_most("profile.max_paths", profile.max_paths, DEFAULT_PATHS, MAX_PATHS),
            max_keys: self.at_most("profile.max_keys", profile.max_keys, DEFAULT_KEYS, MAX_KEYS),
            infer_schema: profile.infer_schema,
        }
    }

    pub(super) fn redaction(&mut self, number: i32) -> Redaction {
        match Redaction::try_from(number) {
            Ok(Redaction::Unspecified) => Redaction::Show,
            Ok(redaction) => redaction,
            Err(_) => {
                self.fail("profile.redaction", format!("SHOW or OMIT, got the number {number}"));
                Redaction::Show
            }
        }
    }

    pub(super) fn live_violations(&mut self, number: i32) -> LiveViolations {
        match LiveViolations::try_from(number) {
            Ok(LiveViolations::Unspecified) => LiveViolations::All,
            Ok(told) => told,
            Err(_) => {
                self.fail("report.live_violations", format!("ALL, SAMPLES or NONE, got the number {number}"));
                LiveViolations::All
            }
        }
    }

    pub(super) fn split(&mut self, split: proto::Split) -> Split {
        let records = SplitRecords::try_from(split.records).unwrap_or_else(|_| {
            self.fail("split.records", format!("INVALID, VALID or BOTH, got the number {}", split.records));
            SplitRecords::Invalid
        });
        let content = RecordContent::try_from(split.content).unwrap_or_else(|_| {
            self.fail("split.content", format!("BYTES or RANGES, got the number {}", split.content));
            RecordContent::Bytes
        });
        Split {
            records: if records == SplitRecords::Unspecified { SplitRecords::Invalid } else { records },
            content: if content == RecordContent::Unspecified { RecordContent::Bytes } else { content },
        }
    }

    pub(super) fn at_most<N: Copy + PartialOrd + Default + std::fmt::Display>(
        &mut self,
        field: &'static str,
        value: N,
        default: N,
        most: N,
    ) -> N {
        if value > most {
            self.fail(field, format!("at most {most}, got {value}"));
        }
        if value == N::default() { default } else { value }
    }

    pub(super) fn result_bytes(&mut self, value: u64) -> u64 {
        if value != 0 && value < MIN_RESULT_BYTES {
            self.fail("report.max_result_bytes", format!("at least {MIN_RESULT_BYTES}, got {value}"));
        }
        self.at_most("report.max_result_bytes", value, DEFAULT_RESULT_BYTES, MAX_RESULT_BYTES)
    }
}
