//! JSON-Schema-Test-Suite, where its folder is: `JASSAY_CONFORMANCE`, else `shared/conformance` beside the project.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::*;
use jassay_engine::Plan;
use jassay_engine::proto::{Format, ProcessConfig, Report, Validation};
use jassay_engine::schema::Problems;
use prost::Message;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The drafts by their folders, each with its metaschema.
const DRAFTS: [(&str, &str); 5] = [
    ("draft4", "http://json-schema.org/draft-04/schema#"),
    ("draft6", "http://json-schema.org/draft-06/schema#"),
    ("draft7", "http://json-schema.org/draft-07/schema#"),
    ("draft2019-09", "https://json-schema.org/draft/2019-09/schema"),
    ("draft2020-12", "https://json-schema.org/draft/2020-12/schema"),
];

fn suite() -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance"));
    let folder = std::env::var_os("JASSAY_CONFORMANCE").map_or(beside, PathBuf::from).join("JSON-Schema-Test-Suite");
    if !folder.join("tests").is_dir() {
        eprintln!(
            "skipped: JSON-Schema-Test-Suite is not at {}; set JASSAY_CONFORMANCE to the folder that has it",
            folder.display()
        );
        return None;
    }
    Some(folder)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

/// What references of the suite's schemas of a draft lead to.
fn remotes(folder: &Path, draft: &str) -> BTreeMap<String, String> {
    let root = folder.join("remotes");
    let mut resources = BTreeMap::new();
    let mut due = vec![root.clone()];
    while let Some(at) = due.pop() {
        for entry in std::fs::read_dir(&at).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            if entry.is_dir() {
                if !matches!(name.as_str(), "draft3" | "v1") {
                    due.push(entry);
                }
                continue;
            }
            let text = std::fs::read_to_string(&entry).unwrap();
            let top = name.split('/').next().unwrap();
            // What names no metaschema would be taken for the schema's draft.
            if top == draft || !top.starts_with("draft") || text.contains("\"$schema\"") {
                resources.insert(format!("http://localhost:1234/{name}"), text);
            }
        }
    }
    resources
}

/// The schema with the metaschema of its draft, unless it names one itself.
fn of_draft(schema: &Value, metaschema: &str) -> Value {
    match schema {
        Value::Object(members) if !members.contains_key("$schema") => {
            let mut members = members.clone();
            members.insert("$schema".to_owned(), metaschema.into());
            Value::Object(members)
        }
        other => other.clone(),
    }
}

struct Ran {
    tests: usize,
    failed: BTreeSet<String>,
}

/// Runs the tests of some files; those that fail by "file: group: test".
fn run_files(files: &[PathBuf], metaschema: &str, resources: &BTreeMap<String, String>, annotate_formats_only: bool) -> Ran {
    let mut ran = Ran { tests: 0, failed: BTreeSet::new() };
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let groups: Vec<Value> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        for group in &groups {
            let schema = of_draft(&group["schema"], metaschema);
            let tests = group["tests"].as_array().unwrap();
            ran.tests += tests.len();
            let validation = Validation {
                schema_json: schema.to_string(),
                schema_resources: resources_for(&schema, resources),
                annotate_formats_only,
                ..Validation::default()
            };
            let report = Report { max_violations: 100_000, max_per_group: 1000, ..Report::default() };
            let config = ProcessConfig { validation: Some(validation), report: Some(report), ..config(Format::Ndjson) };
            let valid = judge(&config, tests);
            for (number, test) in tests.iter().enumerate() {
                let expected = test["valid"].as_bool().unwrap();
                let outcome = valid.as_ref().map(|invalid| !invalid.contains(&(number as u64)));
                if outcome != Ok(expected) {
                    let why = outcome.map_or_else(|problems| problems.to_string(), |valid| format!("valid: {valid}"));
                    ran.failed.insert(format!(
                        "{name}: {}: {}",
                        group["description"].as_str().unwrap(),
                        test["description"].as_str().unwrap()
                    ));
                    eprintln!("{name}: {}: {}: {why}", group["description"], test["description"]);
                }
            }
        }
    }
    ran
}

/// Resources cost what they take, and most schemas need none.
fn resources_for(schema: &Value, resources: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    if schema.to_string().contains("localhost:1234") { resources.clone() } else { BTreeMap::new() }
}

/// The indexes of the tests whose data is invalid.
fn judge(config: &ProcessConfig, tests: &[Value]) -> Result<BTreeSet<u64>, Problems> {
    match Plan::compile(&config.encode_to_vec()) {
        Ok(_) => {}
        Err(jassay_engine::plan::ConfigError::Schema(problems)) => return Err(problems),
        Err(other) => panic!("{other}"),
    }
    let lines: String = tests.iter().map(|test| format!("{}\n", test["data"])).collect();
    let result = run_whole(config, &lines);
    let counts = result.counts.unwrap();
    assert_eq!((counts.records, counts.malformed), (tests.len() as u64, 0));
    let invalid: BTreeSet<u64> = result.violations.iter().map(|violation| violation.record_index).collect();
    assert_eq!(invalid.len() as u64, counts.schema_invalid);
    Ok(invalid)
}

#[test]
fn mandatory_tests_of_all_drafts_pass() {
    let Some(folder) = suite() else { return };
    let mut tests = 0;
    for (draft, metaschema) in DRAFTS {
        let resources = remotes(&folder, draft);
        let ran = run_files(&files(&folder.join("tests").join(draft)), metaschema, &resources, true);
        tests += ran.tests;
        assert_eq!(ran.failed, BTreeSet::new(), "{draft}");
    }
    assert_eq!(tests, 4942);
}

/// Optional tests that fail, and why.
const FAILING: &[(&str, &str)] = &[
    (
        "draft4: zeroTerminatedFloats: some languages do not distinguish between different types of numeric value: a float is not an integer even without fractional part",
        ONE,
    ),
    ("draft7: content: validation of binary string-encoding: an invalid base64 string (% is not a valid character)", CONTENT),
    ("draft7: content: validation of binary-encoded media type documents: a validly-encoded invalid JSON document", CONTENT),
    ("draft7: content: validation of binary-encoded media type documents: an invalid base64 string that is valid JSON", CONTENT),
    ("draft7: content: validation of string-encoded content based on media type: an invalid JSON document", CONTENT),
];
const ONE: &str = "1.0 is an integer in every draft here, as in all later ones";
const CONTENT: &str = "contentEncoding and contentMediaType are annotations, as in all later drafts";

#[test]
fn optional_tests_fail_only_where_written_down() {
    let Some(folder) = suite() else { return };
    let mut failed = BTreeSet::new();
    let (mut tests, mut format_tests) = (0, 0);
    for (draft, metaschema) in DRAFTS {
        let resources = remotes(&folder, draft);
        let optional = folder.join("tests").join(draft).join("optional");
        let ran = run_files(&files(&optional), metaschema, &resources, false);
        let formats = run_files(&files(&optional.join("format")), metaschema, &resources, false);
        (tests, format_tests) = (tests + ran.tests, format_tests + formats.tests);
        failed.extend(ran.failed.into_iter().chain(formats.failed).map(|name| format!("{draft}: {name}")));
    }
    eprintln!("{tests} optional tests and {format_tests} of formats, {} fail", failed.len());
    let expected: BTreeSet<String> = FAILING.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(failed, expected);
}
