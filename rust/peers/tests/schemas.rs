//! The engine and the crate jsonschema agree by every schema: which records are valid, and what is wrong with the others.
//!
//! Where they differ: draft 4 has integers by how they are written there, and by their value here, so that numbers such as 1.0 are left out
//! with it; draft 2019-09 does not say that `contains` evaluates elements, which the crate takes from the next draft, so that it is not tried
//! beside `unevaluatedItems` there; what is not evaluated only because a schema beside it fails: see [`is_consequence`]; a required
//! property that is there but forbidden: see [`is_mistaken`]; and the rules by which the crate's errors are told, at [`told`].

#![allow(missing_docs, clippy::unwrap_used)]

#[path = "schemas/generated.rs"]
mod generated;
#[path = "schemas/told.rs"]
mod told;

use generated::{Generator, mutate};
use jassay_engine::plan::ConfigError;
use jassay_engine::proto::{Format, ProcessConfig, ProcessResult, Report, Validation};
use jassay_engine::schema::Reason;
use jassay_engine::{Engine, Plan, Session};
use peers::random::Random;
use prost::Message;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use told::{Told, all_told, as_the_crate, write};

/// Records judged when [`CASES_VARIABLE`] does not say how many.
const DEFAULT_CASES: u64 = 24_000;
const CASES_VARIABLE: &str = "JASSAY_SCHEMA_CASES";
/// Records for each schema.
const RECORDS: u64 = 8;
/// What the engine tells of one record at most.
const MAX_FOUND: usize = 16;
/// Bytes of a pointer that is not cut.
const MAX_POINTER_BYTES: usize = 512;
/// Differences that are collected, of which the shortest are told.
const MAX_DIFFERENCES: usize = 200;
const SHOWN_DIFFERENCES: usize = 5;

fn cases() -> u64 {
    std::env::var(CASES_VARIABLE).map_or(DEFAULT_CASES, |count| count.parse().unwrap())
}

/// How many records there were of each kind.
#[derive(Debug, Default)]
struct Seen {
    valid: u64,
    invalid: u64,
    with_many: u64,
    refused: u64,
}

struct Record {
    value: Value,
    text: String,
    offsets: HashMap<String, usize>,
}

impl Record {
    fn new(value: Value) -> Self {
        let (mut text, mut offsets) = (String::new(), HashMap::new());
        write(&value, "", &mut text, &mut offsets);
        Self { value, text, offsets }
    }
}

struct Comparison {
    engine: Arc<Engine>,
    seen: Seen,
    differences: Vec<String>,
}

impl Comparison {
    fn new() -> Self {
        Self { engine: Arc::new(Engine::new(1, 1 << 30).unwrap()), seen: Seen::default(), differences: Vec::new() }
    }

    /// The violations of each record by the engine.
    fn ours(&self, plan: Arc<Plan>, records: &[Record]) -> Vec<Vec<Told>> {
        let mut session = Session::new(self.engine.clone(), plan);
        let lines: String = records.iter().map(|record| format!("{}\n", record.text)).collect();
        session.feed(lines.as_bytes()).unwrap();
        let result = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
        let mut all = vec![Vec::new(); records.len()];
        for violation in result.violations {
            let offset = violation.error_offset - violation.byte_offset;
            let record = violation.record_index as usize;
            let pointer = violation.instance_pointer.clone();
            if pointer.len() < MAX_POINTER_BYTES {
                assert_eq!(
                    Some(&(offset as usize)),
                    records[record].offsets.get(&pointer),
                    "{pointer} of {}",
                    records[record].text
                );
            }
            all[record].push(Told { keyword: violation.keyword, instance: pointer, schema: violation.schema_pointer });
        }
        let invalid = all.iter().filter(|told| !told.is_empty()).count() as u64;
        let counts = result.counts.unwrap();
        assert_eq!((counts.records, counts.malformed, counts.schema_invalid), (records.len() as u64, 0, invalid));
        all
    }

    fn compare(&mut self, schema: &Value, schema_text: &str, records: &[Record], case: &str) {
        let validation = Validation { schema_json: schema_text.to_owned(), annotate_formats_only: true, ..Validation::default() };
        let report = Report { max_violations: 10_000, max_per_group: 1_000, ..Report::default() };
        let config = ProcessConfig {
            format: Format::Ndjson.into(),
            validation: Some(validation),
            report: Some(report),
            ..ProcessConfig::default()
        };
        let plan = match Plan::compile(&config.encode_to_vec()) {
            Ok(plan) => Arc::new(plan),
            // The crate would not come to an end by what leads back to itself.
            Err(ConfigError::Schema(problems)) if problems.to_string().contains("leads back to itself") => {
                return self.seen.refused += 1;
            }
            Err(ConfigError::Schema(problems)) if problems.reason() == Reason::TooComplex => return self.seen.refused += 1,
            Err(error) => return self.differ(format!("{case}: refused: {error}\nschema {schema_text}")),
        };
        let validator = match jsonschema::options().should_validate_formats(false).build(schema) {
            Ok(validator) => validator,
            Err(error) => {
                return self
                    .differ(format!("{case}: the crate refuses it: {error} at {}\nschema {schema_text}", error.instance_path()));
            }
        };
        for (record, ours) in records.iter().zip(self.ours(plan, records)) {
            let errors = validator.iter_errors(&record.value).map(|error| error.to_owned());
            let theirs = all_told(errors, schema);
            assert_eq!(validator.is_valid(&record.value), theirs.is_empty(), "the crate differs from itself");
            if ours.is_empty() {
                self.seen.valid += 1
            } else {
                self.seen.invalid += 1
            }
            self.seen.with_many += u64::from(ours.len() == MAX_FOUND);
            if let Some(why) = difference(&ours, &theirs, record, schema) {
                let by = |told: &mut dyn Iterator<Item = &Told>| told.map(|told| format!("    {told:?}\n")).collect::<String>();
                let (ours, theirs) = (by(&mut ours.iter()), by(&mut theirs.iter()));
                let text = &record.text;
                self.differ(format!("{case}: {why}\nschema {schema_text}\nrecord {text}\nours\n{ours}theirs\n{theirs}"));
            }
        }
    }

    fn differ(&mut self, text: String) {
        self.differences.push(text);
        assert!(self.differences.len() < MAX_DIFFERENCES, "{}", self.shortest());
    }

    fn shortest(&self) -> String {
        let mut all: Vec<&str> = self.differences.iter().map(String::as_str).collect();
        all.sort_unstable_by_key(|text| text.len());
        all.truncate(SHOWN_DIFFERENCES);
        format!("{} differences, of which the shortest are\n{}", self.differences.len(), all.join("\n"))
    }
}

/// Whether it only says that a schema beside it fails: what that one evaluates then counts as not evaluated for the crate, and as evaluated
/// for the engine, which so tells what is wrong and not what follows from it.
fn is_consequence(told: &Told, all: &BTreeSet<Told>) -> bool {
    let is_within =
        |other: &Told| other.instance.strip_prefix(&told.instance).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    told.keyword.starts_with("unevaluated") && all.iter().any(|other| other != told && is_within(other))
}

/// Whether it says of a property that is there that it is not, as the crate does of those that `additionalProperties` forbids.
fn is_mistaken(told: &Told, record: &Record, schema: &Value) -> bool {
    let members = told.schema.strip_suffix("/required").and_then(|at| schema.pointer(at));
    let Some(members) = members.filter(|members| members["additionalProperties"] == false) else { return false };
    let names = members["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let object = record.value.pointer(&told.instance);
    object.is_some_and(|object| names.into_iter().all(|name| object.get(name).is_some()))
}

/// How what the engine tells differs from what the crate tells.
fn difference(ours: &[Told], theirs: &BTreeSet<Told>, record: &Record, schema: &Value) -> Option<&'static str> {
    let set: BTreeSet<Told> = ours.iter().map(|told| as_the_crate(told, schema)).collect();
    if ours.is_empty() != theirs.is_empty() {
        return Some("verdict");
    }
    let order = |told: &Told| (record.offsets.get(&told.instance).copied(), told.schema.clone());
    if !ours.is_sorted_by_key(order) {
        return Some("order");
    }
    let excepted = |told: &Told| is_consequence(told, theirs) || is_mistaken(told, record, schema);
    let due: BTreeSet<Told> = theirs.iter().filter(|told| set.contains(told) || !excepted(told)).cloned().collect();
    if ours.len() < MAX_FOUND {
        return (set != due).then_some("explanation");
    }
    let last = order(&ours[ours.len() - 1]);
    let complete = due.iter().all(|told| order(told) >= last || set.contains(told));
    (!complete || !set.is_subset(theirs)).then_some("explanation of many")
}

#[test]
fn verdict_and_explanation_by_any_schema_are_those_of_the_crate() {
    let mut comparison = Comparison::new();
    let count = cases() / RECORDS;
    for seed in 0..count {
        let mut generator = Generator::new(seed);
        let schema = generator.schema();
        let records: Vec<Record> = (0..RECORDS).map(|_| Record::new(generator.value(0))).collect();
        comparison.compare(&schema, &schema.to_string(), &records, &format!("seed {seed}"));
    }
    let seen = &comparison.seen;
    println!("{seen:?}");
    assert!(comparison.differences.is_empty(), "{}", comparison.shortest());
    // Each kind is met often, so that none of the comparisons above is empty.
    let records = count * RECORDS;
    assert!(seen.valid > records / 5 && seen.invalid > records / 5 && seen.refused < count / 100, "{seen:?}");
}

/// Schemas that are published, and records of theirs, where they are: `JASSAY_SCHEMAS`, else `shared/data/schemas` beside the project.
fn published() -> Vec<(Value, String, Vec<Value>)> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/schemas"));
    let folder = std::env::var_os("JASSAY_SCHEMAS").map_or(beside, PathBuf::from);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: no schemas are at {}; set JASSAY_SCHEMAS to the folder that has them", folder.display());
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.join("schema.json").is_file()).collect();
    folders.sort();
    let read = |folder: PathBuf| {
        let text = std::fs::read_to_string(folder.join("schema.json")).unwrap();
        let lines = std::fs::read_to_string(folder.join("instances.jsonl")).unwrap();
        let records = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (serde_json::from_str(&text).unwrap(), text, records)
    };
    folders.into_iter().map(read).collect()
}

#[test]
fn verdict_and_explanation_by_published_schemas_are_those_of_the_crate() {
    let mut comparison = Comparison::new();
    let schemas = published();
    let each = (cases() / (4 * schemas.len().max(1)) as u64).max(1);
    for (number, (schema, text, values)) in schemas.into_iter().enumerate() {
        let mut random = Random::new(number as u64);
        let mut records = Vec::new();
        for _ in 0..each {
            let mut value = values[random.below(values.len())].clone();
            for _ in 0..random.below(4) {
                mutate(&mut random, &mut value);
            }
            records.push(Record::new(value));
        }
        records.chunks(1_000).for_each(|records| comparison.compare(&schema, &text, records, &format!("schema {number}")));
    }
    println!("{:?}", comparison.seen);
    assert!(comparison.differences.is_empty(), "{}", comparison.shortest());
    assert_eq!(comparison.seen.refused, 0);
}
