//! Schemas and records that are out to cost time or memory, or to reach what they may not.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::*;
use jassay_engine::proto::{Format, ProcessConfig, ProcessResult, Validation};
use jassay_engine::schema::{MAX_SCHEMA_BYTES, Problem, Reason, Schema};
use jassay_engine::{Halt, Plan, Session};
use prost::Message;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Ten times what the slowest of these may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// What `work` gives, which comes in time.
fn in_time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    let took = start.elapsed();
    println!("{what}: {took:?}");
    assert!(took < DEADLINE, "{what} took {took:?}");
    result
}

fn compile(text: &str) -> Result<Schema, Vec<Problem>> {
    in_time("compiling", || Schema::compile(text, &BTreeMap::new(), false)).map_err(|problems| problems.iter().cloned().collect())
}

/// The reason and place of the first problem.
fn refused(schema: &str) -> (Reason, String) {
    let problem = compile(schema).err().unwrap_or_else(|| panic!("usable: {}", &schema[..schema.len().min(200)])).remove(0);
    assert_eq!(problem.resource, "");
    (problem.reason, problem.pointer)
}

fn config_of(schema: &Value) -> ProcessConfig {
    let validation = Validation { schema_json: schema.to_string(), ..Validation::default() };
    ProcessConfig { validation: Some(validation), ..config(Format::Ndjson) }
}

/// The result of one record.
fn judged(schema: &Value, record: &str) -> ProcessResult {
    in_time("judging", || run_whole(&config_of(schema), record))
}

/// What is told of one record: keywords with the pointers to where they stand.
fn told(schema: &Value, record: &str) -> Vec<(String, String)> {
    let result = judged(schema, record);
    assert_eq!(result.counts.unwrap().records, 1);
    result.violations.into_iter().map(|violation| (violation.keyword, violation.schema_pointer)).collect()
}

/// Definitions each of which has the next one twice by `keyword`.
fn doubling(keyword: &str, depth: usize) -> Value {
    let mut definitions = serde_json::Map::new();
    for number in 0..depth {
        let next = json!({ "$ref": format!("#/$defs/d{}", number + 1) });
        definitions.insert(format!("d{number}"), json!({ keyword: [next, next] }));
    }
    definitions.insert(format!("d{depth}"), json!({ "type": "string" }));
    json!({ "$ref": "#/$defs/d0", "$defs": definitions })
}

/// `depth` objects in each other.
fn nested(depth: usize) -> String {
    format!("{}{}", "{\"not\":".repeat(depth - 1), "{}") + &"}".repeat(depth - 1)
}

#[test]
fn tree_of_all_of_that_doubles_is_told_once() {
    let violations = told(&doubling("allOf", 100), "1");
    assert_eq!(violations, [("type".to_owned(), "/$defs/d100/type".to_owned())]);
}

#[test]
fn tree_of_any_of_that_doubles_but_is_the_same_is_one() {
    assert_eq!(told(&doubling("anyOf", 100), "1"), [("anyOf".to_owned(), "/$defs/d0/anyOf".to_owned())]);
}

#[test]
fn tree_of_one_of_that_doubles_is_too_complex() {
    assert_eq!(refused(&doubling("oneOf", 100).to_string()), (Reason::TooComplex, String::new()));
}

#[test]
fn choices_that_multiply_are_too_complex() {
    // Written out: each has two that differ.
    let mut schema = json!({ "type": "string" });
    for level in 0..18 {
        schema = json!({ "anyOf": [schema, { "minLength": level, "not": schema }] });
    }
    assert_eq!(refused(&schema.to_string()), (Reason::TooComplex, String::new()));
}

#[test]
fn ways_of_keys_that_multiply_are_bounded() {
    // Each of these asks for a set of its own at the same key: as many sets as there are subsets, were they all made.
    let mut definitions = serde_json::Map::new();
    for number in 0..40 {
        let one = json!({ "$ref": format!("#/$defs/d{}", (number + 1) % 40) });
        let other = json!({ "$ref": format!("#/$defs/d{}", (number * 7 + 3) % 40) });
        definitions
            .insert(format!("d{number}"), json!({ "properties": { "a": { "allOf": [one, other] }, "b": one, "c": other } }));
    }
    let schema = json!({ "$ref": "#/$defs/d0", "$defs": definitions }).to_string();
    match compile(&schema) {
        Ok(_) => {}
        Err(problems) => assert_eq!((problems[0].reason, &*problems[0].pointer), (Reason::TooComplex, "")),
    }
}

#[test]
fn quantifiers_in_each_other_end_in_time() {
    for pattern in [
        "(a*)*$",
        "(a+)+$",
        "(a|aa)+$",
        "(.*a){20}b",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(?=(a+)+$)b",
        "(a+)+\\1$",
        "(?:(?:a{0,30}){0,30}){0,30}",
    ] {
        let schema = json!({ "pattern": pattern });
        match compile(&schema.to_string()) {
            Ok(_) => drop(judged(&schema, &format!("\"{}!\"", "a".repeat(100_000)))),
            Err(problems) => assert_eq!(problems[0].pointer, "/pattern", "{pattern}: {}", problems[0]),
        }
    }
    assert_eq!(refused(r#"{"pattern":"((a{1000}){1000}){1000}"}"#), (Reason::TooComplex, "/pattern".to_owned()));
}

#[test]
fn schema_nested_at_the_edge_is_usable_and_one_deeper_is_not() {
    assert!(compile(&nested(127)).is_ok());
    assert_eq!(refused(&nested(128)), (Reason::TooComplex, String::new()));
    assert_eq!(refused(&"[".repeat(1 << 20)), (Reason::TooComplex, String::new()));
}

#[test]
fn schema_of_most_bytes_is_usable_and_one_byte_more_is_not() {
    let of = |bytes: usize| format!("{{\"title\":\"{}\"}}", "x".repeat(bytes - 12));
    assert_eq!(of(20).len(), 20);
    assert!(compile(&of(MAX_SCHEMA_BYTES)).is_ok());
    assert_eq!(refused(&of(MAX_SCHEMA_BYTES + 1)), (Reason::TooComplex, String::new()));
    // Resources count too.
    let resources = BTreeMap::from([("https://jassay.test/a".to_owned(), of(MAX_SCHEMA_BYTES - 1))]);
    assert!(Schema::compile("{}", &resources, false).is_err());
}

#[test]
fn many_values_and_keys_are_looked_up() {
    let schema = json!({ "enum": (0..100_000).collect::<Vec<u32>>() });
    assert_eq!(told(&schema, "99999"), []);
    assert_eq!(told(&schema, "100000"), [("enum".to_owned(), "/enum".to_owned())]);
    let schema = json!({ "enum": (0..100_000).map(|number| number.to_string()).collect::<Vec<_>>() });
    assert_eq!(told(&schema, "\"99999\""), []);
    assert_eq!(told(&schema, "\"x\"").len(), 1);
    let keys: Vec<String> = (0..10_000).map(|number| format!("k{number}")).collect();
    let schema = json!({ "required": keys });
    let record =
        |count: usize| format!("{{{}}}", keys[..count].iter().map(|key| format!("\"{key}\":1")).collect::<Vec<_>>().join(","));
    assert_eq!(told(&schema, &record(10_000)), []);
    assert_eq!(told(&schema, &record(9_999)), [("required".to_owned(), "/required".to_owned())]);
    // As many as are samples of a group.
    assert_eq!(told(&schema, "{}").len(), 10);
}

#[test]
fn circle_without_progress_is_refused_where_it_closes() {
    for (schema, pointer) in [
        (json!({ "$ref": "#" }), ""),
        (json!({ "allOf": [{ "$ref": "#" }] }), ""),
        (
            json!({ "properties": { "a": { "$ref": "#/$defs/b" } }, "$defs": { "b": { "anyOf": [{ "$ref": "#/$defs/b" }] } } }),
            "/$defs/b",
        ),
        (
            json!({ "$defs": { "a": { "not": { "$ref": "#/$defs/b" } }, "b": { "if": { "$ref": "#/$defs/a" }, "then": false } }, "items": { "$ref": "#/$defs/a" } }),
            "/$defs/a",
        ),
        (json!({ "$dynamicAnchor": "n", "oneOf": [{ "$dynamicRef": "#n" }] }), ""),
    ] {
        assert_eq!(refused(&schema.to_string()), (Reason::Invalid, pointer.to_owned()), "{schema}");
    }
    // What goes into the value comes to an end with it.
    assert!(compile(r##"{"$dynamicAnchor":"n","items":{"$dynamicRef":"#n"}}"##).is_ok());
}

#[test]
fn reference_to_what_is_not_given_is_refused_and_nothing_is_opened() {
    for reference in [
        "https://localhost:1/a",
        "http://127.0.0.1:1/a#/b",
        "file:///etc/hostname",
        "other.json",
        "//host/a",
        "#/$defs/none",
        "#none",
    ] {
        let schema = json!({ "properties": { "a": { "$ref": reference } } });
        assert_eq!(refused(&schema.to_string()), (Reason::RefUnresolved, "/properties/a/$ref".to_owned()), "{reference}");
    }
    let schema = json!({ "$schema": "file:///etc/hostname" });
    assert_eq!(refused(&schema.to_string()), (Reason::RefUnresolved, "/$schema".to_owned()));
}

#[test]
fn references_open_no_file_and_no_connection_as_strace_sees_it() {
    let folder = std::env::temp_dir().join(format!("jassay-trace-{}", std::process::id()));
    let traced = Command::new("strace")
        .args(["-f", "-e", "trace=%network,%file", "-o"])
        .arg(&folder)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "reference_to_what_is_not_given_is_refused_and_nothing_is_opened"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let trace = std::fs::read_to_string(&folder).unwrap_or_default();
    let _ = std::fs::remove_file(&folder);
    if !traced.is_ok_and(|status| status.success()) || !trace.contains("execve") {
        eprintln!("skipped: strace is not there, or may not trace");
        return;
    }
    for line in trace.lines() {
        let reaches = ["connect(", "sendto(", "hostname", "other.json", "resolv.conf"].iter().any(|what| line.contains(what));
        assert!(!reaches, "{line}");
    }
}

#[test]
fn what_is_no_schema_is_refused() {
    for schema in ["5", "\"x\"", "null", "[]"] {
        assert_eq!(refused(schema), (Reason::Invalid, String::new()), "{schema}");
    }
    for schema in [" ", "{", "{} x", "\u{feff}{}", "{\"a\":}", "nul"] {
        assert_eq!(refused(schema), (Reason::Invalid, String::new()), "{schema}");
    }
    assert_eq!(refused(r#"{"$schema":"https://jassay.test/none"}"#), (Reason::RefUnresolved, "/$schema".to_owned()));
    assert_eq!(refused(r#"{"properties":{"a/b":{"type":"text"}}}"#), (Reason::Invalid, "/properties/a~1b/type".to_owned()));
    assert_eq!(refused(r#"{"minLength":-1}"#), (Reason::Invalid, "/minLength".to_owned()));
}

#[test]
fn record_that_is_deep_under_two_branches_that_recurse_ends_in_time() {
    let branch = |key: &str| json!({ "type": "object", "properties": { "a": { "$ref": "#" } }, "required": [key] });
    let schema = json!({ "anyOf": [{ "type": "null" }, branch("b"), branch("c"), branch("a")] });
    for (innermost, valid) in [("null", true), ("1", false)] {
        // Each level has none of b and c, or fails deep inside.
        let record = format!("{}{innermost}{}", "{\"b\":1,\"c\":1,\"a\":".repeat(1023), "}".repeat(1023));
        let violations = told(&schema, &record);
        assert_eq!(violations.is_empty(), valid, "{violations:?}");
        assert!(valid || violations == [("anyOf".to_owned(), "/anyOf".to_owned())], "{violations:?}");
    }
}

#[test]
fn record_that_is_deep_under_negations_and_choices_ends_in_time() {
    let schema = json!({
        "oneOf": [{ "type": "integer" }, { "items": { "not": { "not": { "$ref": "#" } } }, "type": "array" }],
        "if": { "items": { "$ref": "#" }, "type": "array" }, "then": { "maxItems": 2 },
        "unevaluatedItems": { "$ref": "#" },
    });
    let record = format!("{}7{}", "[".repeat(1023), "]".repeat(1023));
    judged(&schema, &record);
}

#[test]
fn equal_elements_of_a_long_array_are_found() {
    let schema = json!({ "uniqueItems": true });
    let element = r#"{"a":[1,2.0,"x"],"b":null}"#;
    let different: Vec<String> = (0..100_000).map(|number| format!("{{\"a\":[{number}],\"b\":\"k\"}}")).collect();
    assert_eq!(told(&schema, &format!("[{}]", different.join(","))), []);
    assert_eq!(told(&schema, &format!("[{},{}]", different.join(","), different[0])).len(), 1);
    assert_eq!(told(&schema, &format!("[{}]", vec![element; 100_000].join(","))).len(), 1);
    // In each other, so that what is inside is compared at every level.
    let schema = json!({ "uniqueItems": true, "items": { "$ref": "#" } });
    let deep = format!("{}{}", "[1,".repeat(1000), "[]") + &"]".repeat(1000);
    assert_eq!(told(&schema, &deep), []);
}

#[test]
fn cancelled_record_halts() {
    let choice = json!({ "anyOf": [{ "items": { "type": "string" }, "minItems": 1 }, { "items": { "$ref": "#/$defs/c" } }, { "type": "integer" }] });
    let schema = json!({ "items": { "$ref": "#/$defs/c" }, "$defs": { "c": choice } });
    let plan = Arc::new(Plan::compile(&config_of(&schema).encode_to_vec()).unwrap());
    let mut session = Session::new(engine(1), plan);
    let cancellation = session.cancellation();
    let record = format!("[{}[[1]]]\n", "[[1,2,[3]],[\"a\"],4],".repeat(200_000));
    let feeding = std::thread::spawn(move || {
        loop {
            if let Err(halt) = session.feed(record.as_bytes()) {
                return halt;
            }
        }
    });
    std::thread::sleep(Duration::from_millis(50));
    cancellation.store(true, Ordering::Relaxed);
    let halt = in_time("halting", || feeding.join().unwrap());
    assert!(matches!(halt, Halt::Cancelled), "{halt:?}");
}
