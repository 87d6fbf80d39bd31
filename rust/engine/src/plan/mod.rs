//! A config, checked, with its defaults resolved.

mod check;

use self::check::Check;
use crate::frame::RecordsPath;
use crate::judge::Rules;
use crate::live::Split;
use crate::memory::{Budget, MemoryRefused, Reservation};
use crate::proto::{
    self, Compression, DuplicateKeys, Format, Limits, LiveViolations, ProcessConfig, Profile, ProfileScope, Redaction, Report,
    Validation,
};
use crate::schema::{self, Problems, Schema, Schemas};
use prost::Message;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes of a source's name: enough for any path people use.
pub const MAX_SOURCE_BYTES: usize = 512;
/// Labels a config may have, and bytes of a key or a value: room for a job's coordinates, not for data.
pub const MAX_LABELS: usize = 64;
/// See [`MAX_LABELS`].
pub const MAX_LABEL_BYTES: usize = 256;
/// Bytes of a path to the records: enough for any key people write in full.
pub const MAX_RECORDS_PATH_BYTES: usize = 512;
/// Its segments: far beyond real exports, and a bit each in a word tells what the containers on the way are.
pub const MAX_RECORDS_PATH_SEGMENTS: usize = 64;
/// Deepest nesting that may be allowed, and the default: far beyond real data, small enough for a fixed stack of levels.
pub const MAX_DEPTH: u32 = 1024;
/// Longest record that may be allowed: offsets inside a record fit 32 bits with room to spare.
pub const MAX_RECORD_BYTES: u64 = 256 << 20;
/// Default: real records are far smaller, and a call may hold one whole.
pub const DEFAULT_RECORD_BYTES: u64 = 16 << 20;
/// Samples that may be asked for.
pub const MAX_VIOLATIONS: u32 = 100_000;
/// Default: more than a person reads.
pub const DEFAULT_VIOLATIONS: u32 = 1_000;
/// Samples of one group that may be asked for.
pub const MAX_PER_GROUP: u32 = 1_000;
/// Default: enough to see a pattern, so that one frequent fault does not hide the others.
pub const DEFAULT_PER_GROUP: u32 = 10;
/// Preview bytes that may be asked for.
pub const MAX_PREVIEW_BYTES: u32 = 64 << 10;
/// Default: a few lines of a terminal.
pub const DEFAULT_PREVIEW_BYTES: u32 = 256;
/// Sizes of an encoded result that may be asked for. The least holds every count and all groups.
pub const MIN_RESULT_BYTES: u64 = 2 << 20;
/// See [`MIN_RESULT_BYTES`].
pub const MAX_RESULT_BYTES: u64 = 64 << 20;
/// Default: below the 4 MiB that gRPC clients take without being told.
pub const DEFAULT_RESULT_BYTES: u64 = 3_670_016;

/// Frequent values of a path that may be asked for: more would be a table of its own.
pub const MAX_TOP_VALUES: u32 = 100;
/// Default: as many as a person looks at.
pub const DEFAULT_TOP_VALUES: u32 = 10;
/// Paths that may be asked for: a few kilobytes each.
pub const MAX_PATHS: u32 = 65_536;
/// Default: wider than most data, and no more than a result of the default size can tell.
pub const DEFAULT_PATHS: u32 = 2_048;
/// Keys of the objects at one path that may be asked for.
pub const MAX_KEYS: u32 = 65_536;
/// Default: objects with more different keys are maps, whose keys are data.
pub const DEFAULT_KEYS: u32 = 1_024;

/// A value of the config that is out of its range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldViolation {
    /// The field's path in `ProcessConfig`, as in `validation.max_depth`.
    pub field: &'static str,
    /// What is wrong and what would be right.
    pub description: String,
}

/// A config that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The bytes are no `ProcessConfig`.
    #[error("the config is not an encoded ProcessConfig: {0}")]
    Unreadable(#[from] prost::DecodeError),
    /// The bytes are no `CheckSchemaRequest`.
    #[error("the request is not an encoded CheckSchemaRequest: {0}")]
    UnreadableRequest(prost::DecodeError),
    /// Values are out of their range, one entry for each.
    #[error("{}", lines(.0))]
    Invalid(Vec<FieldViolation>),
    /// The schema cannot be judged by.
    #[error(transparent)]
    Schema(#[from] Problems),
    /// The budget did not allow what the compiled schema takes.
    #[error(transparent)]
    MemoryRefused(#[from] MemoryRefused),
}

fn lines(violations: &[FieldViolation]) -> String {
    violations.iter().map(|v| format!("{}: {}", v.field, v.description)).collect::<Vec<_>>().join("\n")
}

/// What is measured of the fields of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// Of which records.
    pub scope: ProfileScope,
    /// Frequent values of a path.
    pub top_values: u32,
    /// Paths.
    pub max_paths: u32,
    /// Different keys of the objects at one path.
    pub max_keys: u32,
    /// Whether a schema is inferred.
    pub infer_schema: bool,
}

/// A compiled config. Immutable; any thread.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Echoed in the result.
    pub source: String,
    /// Echoed in the result.
    pub labels: BTreeMap<String, String>,
    /// `None` asks for detection.
    pub format: Option<Format>,
    /// Where in a document the array is; `None` where it is the document.
    pub records_path: Option<RecordsPath>,
    /// `None` asks for detection.
    pub compression: Option<Compression>,
    /// What makes a record valid.
    pub rules: Rules,
    /// What is measured of fields.
    pub measured: Measured,
    /// Whether values are left out of the result.
    pub redaction: Redaction,
    /// Samples in all.
    pub max_violations: u32,
    /// Samples of one group.
    pub max_per_group: u32,
    /// Bytes of a record shown around an error.
    pub max_preview_bytes: u32,
    /// Size of the encoded result without timing and provenance.
    pub max_result_bytes: u64,
    /// Which violations are told while the stream is judged, if anybody listens.
    pub live_violations: LiveViolations,
    /// Which records are told then.
    pub split: Option<Split>,
    /// Whether a state is asked for.
    pub with_state: bool,
    /// Place of the input among the parts of a data set.
    pub part: Option<u32>,
    /// By what records are judged beside the rules.
    pub schema: Option<PlannedSchema>,
    /// Of all that the schema was compiled from; empty without one. Of a merge, that of its parts.
    pub schema_digest: String,
    /// Of the schema's bytes; empty without one. Of a merge, that of its parts.
    pub schema_sha256: String,
}

/// A compiled schema, and the memory that is reserved for it.
#[derive(Debug, Clone)]
pub struct PlannedSchema {
    /// Any thread.
    pub schema: Arc<Schema>,
    _reservation: Arc<Reservation>,
}

impl Plan {
    /// Compiles an encoded `ProcessConfig`, its schema with it; no bytes at all are the defaults.
    pub fn compile(config: &[u8]) -> Result<Self, ConfigError> {
        Self::compile_with(config, &Schemas::default(), &Arc::new(Budget::new(u64::MAX)))
    }

    /// The same, with a schema that may be compiled already, and a budget that pays for one that is not kept.
    pub fn compile_with(config: &[u8], schemas: &Schemas, budget: &Arc<Budget>) -> Result<Self, ConfigError> {
        let config = ProcessConfig::decode(config)?;
        let mut check = Check::default();
        let Validation { schema_json, schema_resources, annotate_formats_only, duplicate_keys, max_depth, max_record_bytes } =
            config.validation.unwrap_or_default();
        let Report { max_violations, max_per_group, max_preview_bytes, max_result_bytes, live_violations } =
            config.report.unwrap_or_default();
        let profile = config.profile.unwrap_or_default();
        check.source(&config.source);
        check.labels(&config.labels);
        if schema_json.is_empty() && !schema_resources.is_empty() {
            check.fail("validation.schema_resources", "resources are of use to a schema, and schema_json is empty".to_owned());
        }
        let format = check.format(config.format);
        let records_path = check.records_path(&config.records_path, format);
        let mut plan = Self {
            source: config.source,
            labels: config.labels,
            format: if records_path.is_some() { Some(Format::Array) } else { format },
            records_path,
            compression: check.compression(config.compression),
            rules: Rules {
                allow_duplicate_keys: check.duplicate_keys(duplicate_keys) == DuplicateKeys::Allow,
                max_depth: check.at_most("validation.max_depth", max_depth, MAX_DEPTH, MAX_DEPTH),
                max_record_bytes: check.at_most(
                    "validation.max_record_bytes",
                    max_record_bytes,
                    DEFAULT_RECORD_BYTES,
                    MAX_RECORD_BYTES,
                ),
            },
            measured: check.measured(&profile),
            redaction: check.redaction(profile.redaction),
            max_violations: check.at_most("report.max_violations", max_violations, DEFAULT_VIOLATIONS, MAX_VIOLATIONS),
            max_per_group: check.at_most("report.max_per_group", max_per_group, DEFAULT_PER_GROUP, MAX_PER_GROUP),
            max_preview_bytes: check.at_most(
                "report.max_preview_bytes",
                max_preview_bytes,
                DEFAULT_PREVIEW_BYTES,
                MAX_PREVIEW_BYTES,
            ),
            max_result_bytes: check.result_bytes(max_result_bytes),
            live_violations: check.live_violations(live_violations),
            split: config.split.map(|split| check.split(split)),
            with_state: profile.with_state,
            part: config.part,
            schema: None,
            schema_digest: String::new(),
            schema_sha256: String::new(),
        };
        if !check.violations.is_empty() {
            return Err(ConfigError::Invalid(check.violations));
        }
        if !schema_json.is_empty() {
            let mut reservation = schema::reserve(&schema_json, &schema_resources, budget)?;
            let (schema, pays) = schemas.get(&schema_json, &schema_resources, annotate_formats_only)?;
            reservation.set(pays)?;
            (plan.schema_digest, plan.schema_sha256) = (schema.digest().to_owned(), schema.sha256().to_owned());
            plan.schema = Some(PlannedSchema { schema, _reservation: Arc::new(reservation) });
        }
        Ok(plan)
    }

    /// The plan that has these limits, if there is one: its input is of all formats and has no name, and a state is asked for.
    pub(crate) fn of_limits(limits: &Limits, schema_sha256: &str) -> Option<Self> {
        let validation = Validation {
            duplicate_keys: limits.duplicate_keys,
            max_depth: limits.max_depth,
            max_record_bytes: limits.max_record_bytes,
            ..Validation::default()
        };
        let profile = Profile {
            scope: limits.profile_scope,
            top_values: limits.top_values,
            max_paths: limits.max_paths,
            redaction: limits.redaction,
            infer_schema: limits.infer_schema,
            with_state: true,
            max_keys: limits.max_keys,
        };
        let report = Report {
            max_violations: limits.max_violations,
            max_per_group: limits.max_per_group,
            max_preview_bytes: limits.max_preview_bytes,
            max_result_bytes: limits.max_result_bytes,
            live_violations: LiveViolations::Unspecified.into(),
        };
        let parts = (Some(validation), Some(profile), Some(report));
        let config = ProcessConfig { validation: parts.0, profile: parts.1, report: parts.2, ..ProcessConfig::default() };
        // What comes out otherwise was never in force.
        let mut plan = Self::compile(&config.encode_to_vec()).ok()?;
        let both = [&*limits.schema_digest, schema_sha256];
        if !both.iter().all(|it| it.is_empty()) && !both.iter().all(|it| is_sha256(it)) {
            return None;
        }
        let [digest, sha256] = both.map(str::to_owned);
        (plan.schema_digest, plan.schema_sha256) = (digest, sha256);
        Some(plan).filter(|plan| plan.limits() == *limits)
    }

    /// The config with its defaults in place, but for the schema.
    pub(crate) fn effective(&self) -> ProcessConfig {
        let limits = self.limits();
        ProcessConfig {
            source: self.source.clone(),
            format: self.format.unwrap_or_default().into(),
            compression: self.compression.unwrap_or_default().into(),
            validation: Some(Validation {
                duplicate_keys: limits.duplicate_keys,
                max_depth: limits.max_depth,
                max_record_bytes: limits.max_record_bytes,
                ..Validation::default()
            }),
            profile: Some(Profile {
                scope: limits.profile_scope,
                top_values: limits.top_values,
                max_paths: limits.max_paths,
                redaction: limits.redaction,
                infer_schema: limits.infer_schema,
                with_state: self.with_state,
                max_keys: limits.max_keys,
            }),
            report: Some(Report {
                max_violations: limits.max_violations,
                max_per_group: limits.max_per_group,
                max_preview_bytes: limits.max_preview_bytes,
                max_result_bytes: limits.max_result_bytes,
                live_violations: self.live_violations.into(),
            }),
            labels: self.labels.clone(),
            part: self.part,
            records_path: self.records_path.as_ref().map(RecordsPath::as_str).unwrap_or_default().to_owned(),
            split: self.split.map(|Split { records, content }| proto::Split { records: records.into(), content: content.into() }),
        }
    }

    /// The limits in force, as the result tells them.
    pub fn limits(&self) -> Limits {
        let keys = if self.rules.allow_duplicate_keys { DuplicateKeys::Allow } else { DuplicateKeys::Reject };
        let measured = self.measured;
        Limits {
            profile_scope: measured.scope.into(),
            top_values: measured.top_values,
            max_paths: measured.max_paths,
            redaction: self.redaction.into(),
            infer_schema: measured.infer_schema,
            max_keys: measured.max_keys,
            duplicate_keys: keys.into(),
            max_depth: self.rules.max_depth,
            max_record_bytes: self.rules.max_record_bytes,
            max_violations: self.max_violations,
            max_per_group: self.max_per_group,
            max_preview_bytes: self.max_preview_bytes,
            max_result_bytes: self.max_result_bytes,
            schema_digest: self.schema_digest.clone(),
        }
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(config: ProcessConfig) -> Result<Plan, Vec<&'static str>> {
        Plan::compile(&config.encode_to_vec()).map_err(|error| match error {
            ConfigError::Invalid(violations) => violations.iter().map(|v| v.field).collect(),
            other => panic!("{other}"),
        })
    }

    fn validation(validation: Validation) -> ProcessConfig {
        ProcessConfig { validation: Some(validation), ..Default::default() }
    }

    fn profile(profile: Profile) -> ProcessConfig {
        ProcessConfig { profile: Some(profile), ..Default::default() }
    }

    fn report(report: Report) -> ProcessConfig {
        ProcessConfig { report: Some(report), ..Default::default() }
    }

    #[test]
    fn compile_empty_config_gives_the_defaults() {
        let limits = Plan::compile(&[]).unwrap().limits();
        assert_eq!(limits.duplicate_keys(), DuplicateKeys::Reject);
        assert_eq!(
            (limits.max_depth, limits.max_record_bytes, limits.max_violations, limits.max_per_group),
            (1024, 16 << 20, 1000, 10)
        );
        assert_eq!((limits.max_preview_bytes, limits.max_result_bytes), (256, 3_670_016));
        assert_eq!(
            (limits.profile_scope(), limits.redaction(), limits.infer_schema),
            (ProfileScope::None, Redaction::Show, false)
        );
        assert_eq!((limits.top_values, limits.max_paths, limits.max_keys), (10, 2048, 1024));
    }

    #[test]
    fn compile_values_at_and_beyond_their_bound_are_taken_and_refused() {
        type Make = fn(u64) -> ProcessConfig;
        let cases: [(&str, Make, u64); 9] = [
            ("profile.top_values", |n| profile(Profile { top_values: n as u32, ..Profile::default() }), 100),
            ("profile.max_paths", |n| profile(Profile { max_paths: n as u32, ..Profile::default() }), 65_536),
            ("profile.max_keys", |n| profile(Profile { max_keys: n as u32, ..Profile::default() }), 65_536),
            ("validation.max_depth", |n| validation(Validation { max_depth: n as u32, ..Default::default() }), 1024),
            (
                "validation.max_record_bytes",
                |n| validation(Validation { max_record_bytes: n, ..Default::default() }),
                268_435_456,
            ),
            ("report.max_violations", |n| report(Report { max_violations: n as u32, ..Default::default() }), 100_000),
            ("report.max_per_group", |n| report(Report { max_per_group: n as u32, ..Default::default() }), 1000),
            ("report.max_preview_bytes", |n| report(Report { max_preview_bytes: n as u32, ..Default::default() }), 65_536),
            ("report.max_result_bytes", |n| report(Report { max_result_bytes: n, ..Default::default() }), 67_108_864),
        ];
        for (field, make, bound) in cases {
            assert!(compile(make(bound)).is_ok(), "{field} at its bound");
            assert_eq!(compile(make(bound + 1)).unwrap_err(), [field]);
        }
    }

    #[test]
    fn compile_result_bytes_below_the_least_are_refused() {
        assert!(compile(report(Report { max_result_bytes: 2 << 20, ..Default::default() })).is_ok());
        let below = report(Report { max_result_bytes: (2 << 20) - 1, ..Default::default() });
        assert_eq!(compile(below).unwrap_err(), ["report.max_result_bytes"]);
    }

    #[test]
    fn compile_source_and_labels_beyond_their_bounds_are_all_named() {
        let label = |key: usize, value: usize| [("k".repeat(key), "v".repeat(value))].into();
        let config = |source: usize, labels| ProcessConfig { source: "s".repeat(source), labels, ..Default::default() };
        assert!(compile(config(512, label(256, 256))).is_ok());
        assert_eq!(compile(config(513, label(257, 1))).unwrap_err(), ["source", "labels"]);
        let many = |count: u32| (0..count).map(|i| (i.to_string(), String::new())).collect();
        assert!(compile(config(0, many(64))).is_ok());
        assert_eq!(compile(config(0, many(65))).unwrap_err(), ["labels"]);
    }

    #[test]
    fn compile_records_path_at_and_beyond_its_bounds_is_taken_and_refused() {
        let config = |records_path: String| ProcessConfig { records_path, ..Default::default() };
        assert!(compile(config(format!("/{}", "k".repeat(511)))).is_ok());
        assert_eq!(compile(config(format!("/{}", "k".repeat(512)))).unwrap_err(), ["records_path"]);
        assert!(compile(config("/a".repeat(64))).is_ok());
        assert_eq!(compile(config("/a".repeat(65))).unwrap_err(), ["records_path"]);
        for no_pointer in ["items", "#/items", "/a~2", "/~"] {
            assert_eq!(compile(config(no_pointer.to_owned())).unwrap_err(), ["records_path"], "{no_pointer}");
        }
    }

    #[test]
    fn compile_records_path_leads_to_an_array_whatever_else_the_format_is() {
        let config = |format: Format| ProcessConfig { format: format.into(), records_path: "/a".into(), ..Default::default() };
        for format in [Format::Unspecified, Format::Array] {
            assert_eq!(compile(config(format)).unwrap().format, Some(Format::Array));
        }
        for format in [Format::Ndjson, Format::Concatenated, Format::Document] {
            assert_eq!(compile(config(format)).unwrap_err(), ["records_path"]);
        }
        assert_eq!(compile(ProcessConfig::default()).unwrap().format, None);
    }

    #[test]
    fn compile_unknown_enum_numbers_are_refused() {
        assert_eq!(compile(ProcessConfig { format: 99, ..Default::default() }).unwrap_err(), ["format"]);
        let keys = validation(Validation { duplicate_keys: 3, ..Default::default() });
        assert_eq!(compile(keys).unwrap_err(), ["validation.duplicate_keys"]);
        let told = report(Report { live_violations: 4, ..Report::default() });
        assert_eq!(compile(told).unwrap_err(), ["report.live_violations"]);
        let split = proto::Split { records: 4, content: 3 };
        let split = ProcessConfig { split: Some(split), ..Default::default() };
        assert_eq!(compile(split).unwrap_err(), ["split.records", "split.content"]);
        let scope = Profile { scope: 4, redaction: 3, ..Profile::default() };
        assert_eq!(compile(profile(scope)).unwrap_err(), ["profile.scope", "profile.redaction"]);
    }

    #[test]
    fn compile_bytes_that_are_no_message_are_unreadable() {
        assert!(matches!(Plan::compile(&[0x0a, 0x05, b'x']), Err(ConfigError::Unreadable(_))));
        assert!(matches!(Plan::compile(&[0x0a, 0x01, 0xff]), Err(ConfigError::Unreadable(_))));
    }
}
