//! Judging by a JSON Schema: each keyword, what is told of a violation, and that the result does not depend on how it came about.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::*;
use jassay_engine::memory::Budget;
use jassay_engine::plan::ConfigError;
use jassay_engine::proto::{
    CheckSchemaRequest, CheckSchemaResponse, DuplicateKeys, Format, ProcessConfig, ProcessResult, Profile, ProfileScope,
    Redaction, Report, SchemaProblemReason, Validation, ViolationCode, WarningCode,
};
use jassay_engine::schema::{self, Reason};
use jassay_engine::{Engine, Plan, Session};
use prost::Message;
use std::collections::BTreeMap;
use std::sync::Arc;

fn by(schema: &str) -> ProcessConfig {
    let validation = Validation { schema_json: schema.to_owned(), ..Validation::default() };
    ProcessConfig { validation: Some(validation), ..config(Format::Ndjson) }
}

fn judge(schema: &str, records: &[&str]) -> ProcessResult {
    run_whole(&by(schema), records.join("\n") + "\n")
}

/// Keyword, instance pointer and schema pointer of each violation of `record`, in their order.
fn told(schema: &str, record: &str) -> Vec<(String, String, String)> {
    let result = judge(schema, &[record]);
    result.violations.into_iter().map(|it| (it.keyword, it.instance_pointer, it.schema_pointer)).collect()
}

fn reason(schema: &str) -> (Reason, String) {
    match Plan::compile(&by(schema).encode_to_vec()) {
        Err(ConfigError::Schema(problems)) => (problems.reason(), problems.to_string()),
        other => panic!("{schema}: {other:?}"),
    }
}

/// Schema, records that are valid by it, records that are not, with keyword and the two pointers.
type Case = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str, &'static str, &'static str)]);

const CASES: &[Case] = &[
    (
        r#"{"type":"integer"}"#,
        &["1", "1.0", "-0", "1e2", "123456789012345678901234567890"],
        &[("1.5", "type", "", "/type"), ("\"1\"", "type", "", "/type")],
    ),
    (r#"{"type":["null","array"]}"#, &["null", "[]"], &[("{}", "type", "", "/type")]),
    (
        r#"{"enum":["a",1,null,{"b":[1,2]}]}"#,
        &[r#""a""#, r#""\u0061""#, "1.0", "null", r#"{"b":[1e0,2]}"#],
        &[(r#""b""#, "enum", "", "/enum"), (r#"{"b":[2,1]}"#, "enum", "", "/enum")],
    ),
    (r#"{"const":0.1}"#, &["0.1", "0.10", "1e-1"], &[("0.1000000000000000000000000001", "const", "", "/const")]),
    (
        r#"{"minimum":1.5,"maximum":9007199254740993}"#,
        &["1.5", "9007199254740993", "\"x\""],
        &[
            ("1.49999999999999999999", "minimum", "", "/minimum"),
            ("9007199254740994", "maximum", "", "/maximum"),
            ("1e400", "maximum", "", "/maximum"),
        ],
    ),
    (
        r#"{"exclusiveMinimum":0,"exclusiveMaximum":1}"#,
        &["0.5", "1e-400"],
        &[("0", "exclusiveMinimum", "", "/exclusiveMinimum"), ("1.0", "exclusiveMaximum", "", "/exclusiveMaximum")],
    ),
    (
        r#"{"$schema":"http://json-schema.org/draft-04/schema#","minimum":1,"exclusiveMinimum":true}"#,
        &["1.1"],
        &[("1", "minimum", "", "/minimum")],
    ),
    (r#"{"multipleOf":0.01}"#, &["0.07", "1e400", "0"], &[("0.075", "multipleOf", "", "/multipleOf")]),
    (
        r#"{"minLength":2,"maxLength":3}"#,
        &[r#""äö""#, r#""\u00e4\ud83d\ude00""#, "1"],
        &[(r#""😀""#, "minLength", "", "/minLength"), (r#""abcd""#, "maxLength", "", "/maxLength")],
    ),
    (r#"{"pattern":"^a\\d+$"}"#, &[r#""a1""#, r#""\u00611""#], &[(r#""a١""#, "pattern", "", "/pattern")]),
    (r#"{"format":"date"}"#, &[r#""2024-02-29""#, "1"], &[(r#""2023-02-29""#, "format", "", "/format")]),
    (
        r#"{"items":{"type":"string"},"prefixItems":[{"type":"number"}]}"#,
        &["[]", r#"[1,"a"]"#],
        &[("[1,2]", "type", "/1", "/items/type"), (r#"["a"]"#, "type", "/0", "/prefixItems/0/type")],
    ),
    (
        r#"{"$schema":"http://json-schema.org/draft-07/schema#","items":[true],"additionalItems":false}"#,
        &["[1]"],
        &[("[1,2]", "additionalItems", "", "/additionalItems")],
    ),
    (
        r#"{"contains":{"const":1},"minContains":2,"maxContains":3}"#,
        &["[1,1]", "[1,0,1,1]"],
        &[("[1]", "minContains", "", "/minContains"), ("[1,1,1,1]", "maxContains", "", "/maxContains")],
    ),
    (r#"{"contains":{"const":1}}"#, &["[0,1]"], &[("[0]", "contains", "", "/contains")]),
    (
        r#"{"minItems":1,"maxItems":2,"uniqueItems":true}"#,
        &["[1,2]", "[1]"],
        &[
            ("[]", "minItems", "", "/minItems"),
            ("[1,2,3]", "maxItems", "", "/maxItems"),
            ("[1,1.0]", "uniqueItems", "", "/uniqueItems"),
            (r#"[{"a":1,"b":2},{"b":2,"a":1}]"#, "uniqueItems", "", "/uniqueItems"),
        ],
    ),
    (
        r#"{"properties":{"a":{"type":"null"},"b":false}}"#,
        &["{}", r#"{"\u0061":null}"#],
        &[(r#"{"a":1}"#, "type", "/a", "/properties/a/type"), (r#"{"b":1}"#, "false", "/b", "/properties/b")],
    ),
    (r#"{"required":["a","b"]}"#, &[r#"{"b":1,"\u0061":2}"#], &[(r#"{"a":1}"#, "required", "", "/required")]),
    (
        r#"{"patternProperties":{"^x":{"type":"null"}},"additionalProperties":false}"#,
        &[r#"{"x1":null}"#],
        &[
            (r#"{"x":1}"#, "type", "/x", "/patternProperties/^x/type"),
            (r#"{"y":1}"#, "additionalProperties", "", "/additionalProperties"),
        ],
    ),
    (
        r#"{"properties":{"a":true},"additionalProperties":{"type":"null"}}"#,
        &[r#"{"a":1,"b":null}"#],
        &[(r#"{"b/~":1}"#, "type", "/b~1~0", "/additionalProperties/type")],
    ),
    (r#"{"propertyNames":{"maxLength":2}}"#, &[r#"{"ab":1}"#], &[(r#"{"abc":1}"#, "propertyNames", "", "/propertyNames")]),
    (
        r#"{"minProperties":1,"maxProperties":2}"#,
        &[r#"{"a":1}"#],
        &[("{}", "minProperties", "", "/minProperties"), (r#"{"a":1,"b":2,"c":3}"#, "maxProperties", "", "/maxProperties")],
    ),
    (
        r#"{"dependentRequired":{"a":["b"]}}"#,
        &["{}", r#"{"b":1}"#, r#"{"a":1,"b":1}"#],
        &[(r#"{"a":1}"#, "dependentRequired", "", "/dependentRequired")],
    ),
    (
        r#"{"dependentSchemas":{"a":{"required":["c"]}}}"#,
        &[r#"{"b":1}"#, r#"{"a":1,"c":1}"#],
        &[(r#"{"a":1}"#, "required", "", "/dependentSchemas/a/required")],
    ),
    (
        r#"{"$schema":"http://json-schema.org/draft-07/schema#","dependencies":{"a":["b"],"c":{"minProperties":2}}}"#,
        &[r#"{"a":1,"b":1}"#, r#"{"c":1,"d":1}"#],
        &[(r#"{"c":1}"#, "minProperties", "", "/dependencies/c/minProperties")],
    ),
    (r#"{"allOf":[{"type":"number"},{"minimum":1}]}"#, &["1"], &[("0", "minimum", "", "/allOf/1/minimum")]),
    (
        r#"{"anyOf":[{"type":"number"},{"type":"object","required":["a"]}]}"#,
        &["1", r#"{"a":1}"#],
        &[("{}", "anyOf", "", "/anyOf"), ("null", "anyOf", "", "/anyOf")],
    ),
    (
        r#"{"oneOf":[{"multipleOf":2},{"multipleOf":3}]}"#,
        &["2", "3"],
        &[("6", "oneOf", "", "/oneOf"), ("1", "oneOf", "", "/oneOf")],
    ),
    (r#"{"not":{"required":["a"]}}"#, &["{}"], &[(r#"{"a":1}"#, "not", "", "/not")]),
    (
        r#"{"if":{"properties":{"k":{"const":1}}},"then":{"required":["a"]},"else":{"required":["b"]}}"#,
        &[r#"{"k":1,"a":0}"#, r#"{"k":2,"b":0}"#],
        &[(r#"{"k":1}"#, "if", "", "/if"), (r#"{"k":2,"a":0}"#, "if", "", "/if")],
    ),
    (
        r##"{"$defs":{"n":{"properties":{"next":{"$ref":"#/$defs/n"},"v":{"type":"number"}}}},"$ref":"#/$defs/n"}"##,
        &[r#"{"next":{"next":{"v":1}}}"#],
        &[(r#"{"next":{"next":{"v":"x"}}}"#, "type", "/next/next/v", "/$defs/n/properties/v/type")],
    ),
    (
        r#"{"properties":{"a":true},"anyOf":[{"properties":{"b":{"type":"null"}},"required":["b"]},true],"unevaluatedProperties":false}"#,
        &[r#"{"a":1,"b":null}"#],
        &[(r#"{"a":1,"b":1}"#, "unevaluatedProperties", "", "/unevaluatedProperties")],
    ),
    (
        r#"{"prefixItems":[true],"contains":{"type":"string"},"unevaluatedItems":false}"#,
        &[r#"[1,"a","b"]"#],
        &[(r#"[1,"a",2]"#, "unevaluatedItems", "", "/unevaluatedItems")],
    ),
    (
        r#"{"properties":{"a":{"const":{"b":1},"properties":{"b":true}}}}"#,
        &[r#"{"a":{"b":1.0}}"#],
        &[(r#"{"a":{"b":2}}"#, "const", "/a", "/properties/a/const")],
    ),
    // Alternatives that the type of the value tells apart, or the value of one key.
    (
        r#"{"oneOf":[{"type":"integer","minimum":3},{"type":"number","not":{"type":"integer"}},{"type":["null","string"]}]}"#,
        &["3", "1.5", "null", "\"x\""],
        &[("2", "oneOf", "", "/oneOf"), ("[]", "oneOf", "", "/oneOf")],
    ),
    (
        r#"{"oneOf":[{"properties":{"k":{"const":"a\\nb"},"v":{"type":"null"}},"required":["k"]},{"properties":{"k":{"enum":["c",1]}},"required":["k"]}]}"#,
        &[r#"{"v":null,"k":"a\\nb"}"#, r#"{"k":"c"}"#, r#"{"k":"\u0063","v":1}"#, r#"{"\u006b":1.0}"#],
        &[
            (r#"{"k":"a\nb"}"#, "oneOf", "", "/oneOf"),
            (r#"{"k":"a\\nb","v":1}"#, "oneOf", "", "/oneOf"),
            (r#"{"k":2}"#, "oneOf", "", "/oneOf"),
            (r#"{"v":null}"#, "oneOf", "", "/oneOf"),
        ],
    ),
    (
        r#"{"properties":{"c":true},"dependentSchemas":{"a\\nb":{"properties":{"d":true}}},"patternProperties":{"a":true},"unevaluatedProperties":false}"#,
        &[r#"{"a\\nb":1,"d":2}"#, r#"{"a\nb":1,"c":2}"#],
        &[(r#"{"a\nb":1,"d":2}"#, "unevaluatedProperties", "", "/unevaluatedProperties")],
    ),
];

#[test]
fn message_names_the_key_that_may_not_be_there() {
    let message = |schema: &str, record: &str| judge(schema, &[record]).violations[0].message.clone();
    let closed = r#"{"properties":{"a":true,"b":false},"additionalProperties":false}"#;
    assert_eq!(message(closed, r#"{"a":1,"key":2}"#), "expected no other properties, found \"key\"");
    let names = r#"{"propertyNames":{"maxLength":2}}"#;
    assert_eq!(message(names, r#"{"a":1,"key":2}"#), "expected other names of properties, found \"key\"");
    let unevaluated = r#"{"properties":{"a":true},"unevaluatedProperties":false}"#;
    assert_eq!(message(unevaluated, r#"{"a":1,"key":2}"#), "expected no other properties, found \"key\"");
}

#[test]
fn key_that_is_forbidden_is_found_in_each_record_that_has_it() {
    let schema = r#"{"properties":{"a":{"type":"integer"},"no":false},"additionalProperties":false}"#;
    let records = [r#"{"a":1,"b":2}"#, r#"{"a":1}"#, r#"{"a":1,"no":2}"#].repeat(3);
    let counts = judge(schema, &records).counts.unwrap();
    assert_eq!((counts.valid, counts.schema_invalid, counts.violations), (3, 6, 6));
}

#[test]
fn each_keyword_judges_and_is_told_with_its_place() {
    for (schema, valid, invalid) in CASES {
        let result = judge(schema, valid);
        assert_eq!(
            (result.counts.unwrap().valid, result.violations.len()),
            (valid.len() as u64, 0),
            "{schema} {:?}",
            result.violations
        );
        for (record, keyword, instance_pointer, schema_pointer) in *invalid {
            let expected = ((*keyword).to_owned(), (*instance_pointer).to_owned(), (*schema_pointer).to_owned());
            assert_eq!(told(schema, record), [expected], "{schema} {record}");
        }
    }
}

#[test]
fn violation_is_located_by_line_byte_and_pointers_with_what_was_expected_and_found() {
    let schema = r#"{"properties":{"items":{"items":{"properties":{"price":{"type":"number"}},"required":["id"]}}}}"#;
    let good = r#"{"items":[{"id":1,"price":2}]}"#;
    let bad = r#"  {"items": [{"id":1},{"id":2, "price": "n/a"},{"price":3}]}"#;
    let result = judge(schema, &[good, "", bad]);
    let start = good.len() + 2;
    let [first, second] = result.violations.as_slice() else { panic!("{:?}", result.violations) };
    assert_eq!(
        (first.code(), first.record_index, first.line, first.byte_offset),
        (ViolationCode::Schema, 1, 3, start as u64 + 2)
    );
    assert_eq!((first.instance_pointer.as_str(), first.keyword.as_str()), ("/items/1/price", "type"));
    assert_eq!(first.schema_pointer, "/properties/items/items/properties/price/type");
    assert_eq!(first.message, r#"expected number, found string "n/a""#);
    assert_eq!(first.error_offset, (start + bad.find("\"n/a\"").unwrap()) as u64);
    assert_eq!(first.preview, bad.trim());
    assert_eq!((second.instance_pointer.as_str(), second.keyword.as_str()), ("/items/2", "required"));
    assert_eq!(second.error_offset, (start + bad.find(r#"{"price":3"#).unwrap()) as u64);
    assert_eq!(second.message, r#"expected the property "id""#);
    let counts = result.counts.unwrap();
    assert_eq!((counts.records, counts.valid, counts.invalid, counts.schema_invalid, counts.malformed), (2, 1, 1, 1, 0));
    assert_eq!((counts.violations, counts.blank_lines), (2, 1));
    let groups: Vec<_> =
        result.groups.iter().map(|it| (it.path.as_str(), it.keyword.as_str(), it.count, it.first_record)).collect();
    assert_eq!(groups, [("/items/*", "required", 1, 1), ("/items/*/price", "type", 1, 1)]);
}

#[test]
fn violations_of_a_record_are_the_lowest_sixteen() {
    let schema = r#"{"items":{"type":"number","minimum":5}}"#;
    let record = format!("[{}]", vec!["\"x\""; 40].join(","));
    let result = judge(schema, &[&record]);
    let pointers: Vec<_> = result.violations.iter().map(|it| it.instance_pointer.clone()).collect();
    assert_eq!(pointers, (0..10).map(|index| format!("/{index}")).collect::<Vec<_>>(), "ten of a group are samples");
    assert_eq!((result.counts.unwrap().violations, result.groups[0].count), (16, 16));
}

#[test]
fn required_keys_that_are_missing_are_told_one_by_one() {
    let result = judge(r#"{"required":["a","b","c"]}"#, &[r#"{"b":1}"#]);
    let messages: Vec<_> = result.violations.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, [r#"expected the property "a""#, r#"expected the property "c""#]);
}

#[test]
fn more_than_64_required_keys_are_all_seen() {
    let names: Vec<_> = (0..200).map(|number| format!("\"k{number}\"")).collect();
    let schema = format!(r#"{{"required":[{}],"dependentRequired":{{"k7":["x"]}}}}"#, names.join(","));
    let members =
        |names: &[String]| format!("{{{}}}", names.iter().map(|name| format!("{name}:1")).collect::<Vec<_>>().join(","));
    let whole = members(&[&names[..], &["\"x\"".to_owned()]].concat());
    assert_eq!(told(&schema, &whole), []);
    assert_eq!(told(&schema, &members(&[&names[..150], &names[151..], &["\"x\"".to_owned()]].concat())).len(), 1);
    assert_eq!(told(&schema, &members(&names)), [("dependentRequired".into(), String::new(), "/dependentRequired".into())]);
}

#[test]
fn repeated_keys_where_they_are_allowed_count_by_their_last_value() {
    let validation = Validation {
        schema_json: r#"{"properties":{"a":{"type":"number"},"b":{"maxProperties":1}}}"#.to_owned(),
        duplicate_keys: DuplicateKeys::Allow.into(),
        ..Validation::default()
    };
    let config = ProcessConfig { validation: Some(validation), ..config(Format::Ndjson) };
    let input = "{\"a\":\"x\",\"\\u0061\":1}\n{\"a\":1,\"a\":[\"x\"]}\n{\"b\":{\"c\":{\"d\":1,\"d\":2},\"c\":3}}\n";
    let result = run_whole(&config, input);
    let invalid: Vec<_> = result.violations.iter().map(|it| (it.record_index, it.error_offset)).collect();
    assert_eq!(invalid, [(1, 21 + 11)]);
    assert_eq!(result.warnings[0].code(), WarningCode::DuplicateKeys);
}

#[test]
fn record_that_is_no_json_is_told_so_and_not_by_the_schema() {
    let result = judge(r#"{"type":"object"}"#, &[r#"{"a":}"#, "[1", "5"]);
    let codes: Vec<_> = result.violations.iter().map(|it| it.code()).collect();
    assert_eq!(codes, [ViolationCode::Syntax, ViolationCode::Syntax, ViolationCode::Schema]);
    let counts = result.counts.unwrap();
    assert_eq!((counts.malformed, counts.schema_invalid, counts.invalid), (2, 1, 3));
}

#[test]
fn profile_of_valid_records_leaves_out_those_that_the_schema_rejects() {
    for (scope, present) in [(ProfileScope::Valid, 1), (ProfileScope::WellFormed, 2)] {
        let profile = Profile { scope: scope.into(), ..Profile::default() };
        let config = ProcessConfig { profile: Some(profile), ..by(r#"{"properties":{"a":{"type":"number"}}}"#) };
        let result = run_whole(&config, "{\"a\":1}\n{\"a\":\"x\"}\n{\"a\":}\n");
        let field = result.fields.iter().find(|field| field.path == "/a").unwrap();
        assert_eq!(field.present, present, "{scope:?}");
    }
}

#[test]
fn omitted_values_are_in_no_message() {
    let profile = Profile { redaction: Redaction::Omit.into(), ..Profile::default() };
    let config = ProcessConfig { profile: Some(profile), ..by(r#"{"additionalProperties":{"type":"number","maximum":5}}"#) };
    let result = run_whole(&config, "{\"a\":\"secret\",\"b\":31337}\n");
    let messages: Vec<_> = result.violations.iter().map(|it| (it.message.as_str(), it.preview.as_str())).collect();
    assert_eq!(messages, [("expected number, found string", ""), ("expected at most 5, found integer", "")]);
}

/// Orders of which some are faulty in several ways, and a schema for them.
fn faulty_orders(count: usize) -> (ProcessConfig, Vec<u8>) {
    let schema = r#"{"type":"object","required":["id","to"],"properties":{"id":{"type":"integer"},"to":{"pattern":"^[a-z]+$"},
        "items":{"items":{"anyOf":[{"type":"null"},{"type":"object","properties":{"n":{"minimum":1}},"required":["n"]}]}}}}"#;
    let mut bytes = Vec::new();
    for number in 0..count {
        let line = match number % 7 {
            3 => format!("{{\"id\":\"{number}\",\"to\":\"A\"}}\n"),
            5 => format!("{{\"id\":{number},\"items\":[null,{{\"n\":0}},{{\"n\":2}}]}}\n"),
            6 => "{\"id\":1,\n".to_owned(),
            _ => format!("{{\"id\":{number},\"to\":\"abc\",\"items\":[{{\"n\":{}}}]}}\n", number + 1),
        };
        bytes.extend_from_slice(line.as_bytes());
    }
    let report = Report { max_violations: 300, max_per_group: 40, ..Report::default() };
    let profile = Profile { scope: ProfileScope::Valid.into(), ..Profile::default() };
    (ProcessConfig { report: Some(report), profile: Some(profile), ..by(schema) }, bytes)
}

#[test]
fn result_is_the_same_for_every_cut_thread_count_and_kernel() {
    let (config, bytes) = faulty_orders(3000);
    let whole = run_whole(&config, &bytes);
    assert_eq!(whole.counts.unwrap().schema_invalid, 857);
    for threads in [1, 2, 3] {
        for slab in [1, 13, 1000, 65_536] {
            assert_eq!(run(&engine(threads), &config, bytes.chunks(slab)), whole, "{threads} threads, slabs of {slab}");
        }
    }
}

#[test]
fn every_format_gives_the_same_violations() {
    let schema = r#"{"properties":{"a":{"type":"number"}}}"#;
    let records = [r#"{"a":1}"#, r#"{"a":"x"}"#, r#"{"a":2}"#];
    for (format, text) in [
        (Format::Ndjson, records.join("\n") + "\n"),
        (Format::Array, format!("[{}]", records.join(" , "))),
        (Format::Concatenated, records.join(" ")),
        (Format::Document, records[1].to_owned()),
    ] {
        let config = ProcessConfig { format: format.into(), ..by(schema) };
        let result = run_whole(&config, &text);
        let [violation] = result.violations.as_slice() else { panic!("{format:?} {:?}", result.violations) };
        assert_eq!(violation.error_offset, text.find("\"x\"").unwrap() as u64, "{format:?}");
    }
}

#[test]
fn merged_parts_are_the_whole() {
    let (config, bytes) = faulty_orders(2000);
    let lines: Vec<_> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let with = |part: Option<u32>| ProcessConfig { part, ..config.clone() };
    // But for what a merge leaves out.
    let whole = ProcessResult { invalid_over_stream: None, ..run_whole(&config, &bytes) };
    let states: Vec<_> =
        lines.chunks(700).zip(0..).map(|(part, number)| state(&engine(1), &with(Some(number)), part.concat())).collect();
    for order in [vec![0, 1, 2], vec![2, 0, 1]] {
        let (merged, _) = merge(&engine(1), order.iter().map(|part| states[*part].as_slice())).unwrap();
        assert_eq!(merged, whole);
    }
}

#[test]
fn states_of_another_schema_are_incompatible() {
    let one = state(&engine(1), &ProcessConfig { part: Some(0), ..by(r#"{"type":"object"}"#) }, "{}\n");
    let other = state(&engine(1), &ProcessConfig { part: Some(1), ..by(r#"{"type":"array"}"#) }, "{}\n");
    let refused = merge(&engine(1), [one.as_slice(), &other]).unwrap_err().to_string();
    assert!(refused.contains("validation.schema_json"), "{refused}");
}

#[test]
fn provenance_tells_the_schema_and_its_judge() {
    let plan = Arc::new(Plan::compile(&by("true").encode_to_vec()).unwrap());
    let mut session = Session::new(engine(1), plan);
    let result = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
    let provenance = result.provenance.unwrap();
    assert_eq!(provenance.schema_sha256, "b5bea41b6c623f7c09f1bf24dcae58ebab3c0cdd90ad966bc43a45b44867e12b");
    assert_eq!(provenance.schema_judge, "tape");
    assert_eq!(provenance.limits.unwrap().schema_digest.len(), 64);
}

#[test]
fn references_lead_only_to_what_is_given() {
    let (kind, text) = reason(r#"{"properties":{"a":{"$ref":"https://example.com/price"}}}"#);
    assert_eq!(kind, Reason::RefUnresolved);
    assert!(text.starts_with("#/properties/a/$ref: "), "{text}");
    let (kind, text) = reason(r##"{"$ref":"#/$defs/none"}"##);
    assert_eq!(kind, Reason::RefUnresolved, "{text}");
    let resources = BTreeMap::from([("https://example.com/price".to_owned(), r#"{"type":"number"}"#.to_owned())]);
    let validation = Validation {
        schema_json: r#"{"properties":{"a":{"$ref":"https://example.com/price"}}}"#.to_owned(),
        schema_resources: resources,
        ..Validation::default()
    };
    let config = ProcessConfig { validation: Some(validation), ..config(Format::Ndjson) };
    let result = run_whole(&config, "{\"a\":\"x\"}\n");
    assert_eq!(result.violations[0].schema_pointer, "https://example.com/price#/type");
}

#[test]
fn schema_that_is_none_is_told_where() {
    for (schema, pointer) in [
        ("{", "#: "),
        (r#"{"type":5}"#, "#/type: "),
        (r#"{"properties":{"a":{"minimum":"1"}}}"#, "#/properties/a/minimum: "),
        (r#"{"pattern":"("}"#, "#/pattern: "),
        (r##"{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}"##, "#/$defs/"),
    ] {
        let (kind, text) = reason(schema);
        assert_eq!(kind, Reason::Invalid, "{text}");
        assert!(text.starts_with(pointer), "{schema}: {text}");
    }
}

#[test]
fn check_tells_draft_and_problems() {
    let check = |schema: &str| {
        let request = CheckSchemaRequest { schema_json: schema.to_owned(), ..CheckSchemaRequest::default() };
        let budget = Arc::new(Budget::new(1 << 30));
        let response = CheckSchemaResponse::decode(&schema::check(&request.encode_to_vec(), &budget).unwrap()[..]).unwrap();
        assert_eq!(budget.reserved(), 0);
        response
    };
    let good = check(r#"{"$schema":"http://json-schema.org/draft-07/schema#"}"#);
    assert_eq!(
        (good.usable, good.draft.as_str(), good.schema_judge.as_str(), good.problems.len()),
        (true, "draft-07", "tape", 0)
    );
    let bad = check(r#"{"type":5,"properties":{"a":{"items":7}}}"#);
    let problems: Vec<_> = bad.problems.iter().map(|it| (it.reason(), it.pointer.as_str())).collect();
    let invalid = SchemaProblemReason::SchemaInvalid;
    assert_eq!((bad.usable, problems), (false, vec![(invalid, "/type"), (invalid, "/properties/a/items")]));
}

#[test]
fn pattern_that_takes_too_many_steps_fails_and_is_warned_of() {
    let schema = r#"{"pattern":"^(?:(a|aa)+)+\\1c$"}"#;
    let long = format!("\"{}\"", "a".repeat(60));
    let result = judge(schema, &[&long, "\"aac\"", "1"]);
    assert_eq!(result.counts.unwrap().schema_invalid, 1);
    let message = &result.violations[0].message;
    assert!(message.contains("which takes more than 100000 steps to tell, found string"), "{message}");
    let warnings: Vec<_> = result.warnings.iter().map(|warning| warning.code()).collect();
    assert_eq!(warnings, [WarningCode::PatternLimit]);
    assert!(result.warnings[0].text.starts_with("in 1 records"), "{}", result.warnings[0].text);
}

#[test]
fn memory_of_schemas_returns_to_its_baseline() {
    let engine = Arc::new(Engine::new(2, 1 << 30).unwrap());
    let (config, bytes) = faulty_orders(2000);
    let large = format!("[{}]\n", vec!["[1,{\"a\":2}]"; 100_000].join(","));
    for schema in [String::new(), r#"{"uniqueItems":true}"#.to_owned()] {
        let config = if schema.is_empty() { config.clone() } else { by(&schema) };
        let plan = Arc::new(Plan::compile_with(&config.encode_to_vec(), engine.schemas(), engine.budget()).unwrap());
        let mut session = Session::new(engine.clone(), plan);
        session.feed(&bytes).unwrap();
        session.feed(large.as_bytes()).unwrap();
        session.finish().unwrap();
        drop(session);
        assert_eq!(engine.budget().reserved(), 0);
    }
}
