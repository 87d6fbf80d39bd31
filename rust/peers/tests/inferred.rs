//! Records are valid by the schema that was inferred from them, as another implementation of JSON Schema sees it.

#![allow(missing_docs, clippy::unwrap_used)]

use jassay_engine::proto::{Format, ProcessConfig, ProcessResult, Profile, ProfileScope};
use jassay_engine::{Engine, Plan, Session};
use peers::documents::document;
use peers::random::Random;
use prost::Message;
use serde_json::Value;
use std::sync::Arc;

/// A format, and texts that have it.
type Texts = (&'static str, fn(u64) -> String);

fn inferred(records: &[String], max_keys: u32) -> Value {
    let profile = Profile { scope: ProfileScope::Valid.into(), infer_schema: true, max_keys, ..Profile::default() };
    let config = ProcessConfig { format: Format::Ndjson.into(), profile: Some(profile), ..ProcessConfig::default() };
    let plan = Arc::new(Plan::compile(&config.encode_to_vec()).unwrap());
    let mut session = Session::new(Arc::new(Engine::new(1, 1 << 30).unwrap()), plan);
    session.feed(records.join("\n").as_bytes()).unwrap();
    let result = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
    serde_json::from_str(&result.inferred_schema_json).unwrap()
}

fn assert_valid(records: &[String], max_keys: u32) {
    let schema = inferred(records, max_keys);
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for record in records {
        let value: Value = serde_json::from_str(record).unwrap();
        if let Err(error) = validator.validate(&value) {
            panic!("{error} at {} by {}, of {record} and {schema}", error.instance_path(), error.schema_path());
        }
    }
}

/// The crate without arbitrary precision does not know numbers beyond doubles, nor of all others whether they are integers: 1.0 and 1e30.
fn has_integer_as_double(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            let written = number.as_i64().is_some() || number.as_u64().is_some();
            !written && number.as_f64().is_none_or(|double| !double.is_finite() || double.fract() == 0.0)
        }
        Value::Array(elements) => elements.iter().any(has_integer_as_double),
        Value::Object(members) => members.values().any(has_integer_as_double),
        _ => false,
    }
}

#[test]
fn random_documents_are_valid_by_their_schema() {
    let mut random = Random::new(5);
    let mut kept = Vec::new();
    while kept.len() < 4000 {
        let text = String::from_utf8(document(&mut random)).unwrap_or_default();
        // In one line, and such that both know what it is.
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            if !has_integer_as_double(&value) {
                kept.push(value.to_string());
            }
        }
    }
    for (size, max_keys) in [(1, 0), (7, 3), (200, 0), (4000, 5)] {
        kept.chunks(size).take(50).for_each(|records| assert_valid(records, max_keys));
    }
}

#[test]
fn texts_with_formats_are_valid_by_their_schema() {
    let of: [Texts; 8] = [
        ("date", |i| format!("20{:02}-{:02}-{:02}", i % 100, 1 + i % 12, 1 + i % 28)),
        ("date-time", |i| format!("2024-01-{:02}T{:02}:59:5{}.{i}+0{}:30", 1 + i % 31, i % 24, i % 10, i % 10)),
        ("uuid", |i| format!("{:08x}-0000-4000-A000-{i:012x}", i * 7919)),
        ("email", |i| format!("a.b+{i}#!x@mail-{i}.example.co")),
        ("ipv4", |i| format!("10.0.{}.{}", i % 256, i * 7 % 256)),
        ("ipv6", |i| format!("2001:db8::{:x}", i)),
        ("uri", |i| format!("https://u:p@example.com:80{i}/%7E{i}/;a=b,c?q=1&r=(2)#f'!$*+")),
        ("uri", |i| format!("urn:x-{i}:a@b")),
    ];
    for (format, text) in of {
        let records: Vec<String> = (0..150).map(|i| format!("{{\"v\":\"{}\"}}", text(i))).collect();
        assert_eq!(inferred(&records, 0)["properties"]["v"]["format"], format, "{}", records[0]);
        assert_valid(&records, 0);
    }
}
