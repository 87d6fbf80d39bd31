//! Any schema is compiled or refused, and of any record something is told exactly where it is invalid.
#![no_main]

use jassay_engine::proto::{Format, ProcessConfig, ProcessResult, Report, Validation, ViolationCode};
use jassay_engine::{Engine, Plan, Session};
use libfuzzer_sys::fuzz_target;
use prost::Message;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| Arc::new(Engine::new(1, 1 << 30).expect("a thread can be had")));

const KEYWORDS: [&str; 48] = [
    "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
    "pattern", "format", "items", "prefixItems", "additionalItems", "contains", "minContains", "maxContains", "minItems", "maxItems",
    "uniqueItems", "properties", "patternProperties", "additionalProperties", "required", "dependentRequired", "dependentSchemas",
    "dependencies", "propertyNames", "minProperties", "maxProperties", "unevaluatedProperties", "unevaluatedItems", "allOf", "anyOf",
    "oneOf", "not", "if", "then", "else", "$ref", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$id", "$anchor",
    "$defs",
];
const TEXTS: [&str; 24] = [
    "a", "b", "", "object", "array", "string", "number", "integer", "null", "boolean", "#", "#/$defs/a", "#/$defs/b", "#a", "a#", "^a",
    "(a|b)*$", "(?=a)b", "[^a]+", "date-time", "uri", "regex", "http://json-schema.org/draft-04/schema#", "\u{e9}\u{1f600}",
];
const DRAFTS: [&str; 5] = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
];

/// Makes values of bytes, so that most of them are schemas of some sort.
struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl Bytes<'_> {
    fn below(&mut self, most: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % most)
    }

    fn text(&mut self) -> &'static str {
        TEXTS[self.below(TEXTS.len())]
    }

    fn number(&mut self) -> Value {
        ["0", "1", "2", "-1", "0.5", "1.0", "3e0", "1e400", "18446744073709551616"][self.below(9)].parse().expect("it is a number")
    }

    fn list(&mut self, depth: usize, one: fn(&mut Self, usize) -> Value) -> Value {
        (0..1 + self.below(3)).map(|_| one(self, depth + 1)).collect::<Vec<_>>().into()
    }

    fn map(&mut self, depth: usize, one: fn(&mut Self, usize) -> Value) -> Value {
        (0..1 + self.below(3)).map(|_| (self.text().to_owned(), one(self, depth + 1))).collect::<Map<_, _>>().into()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth < 4 { 9 } else { 5 }) {
            0 => Value::Null,
            1 => (self.below(2) == 0).into(),
            2 | 3 => self.text().into(),
            4 => self.number(),
            5 | 6 => self.list(depth, Self::value),
            _ => self.map(depth, Self::value),
        }
    }

    fn schema(&mut self, depth: usize) -> Value {
        if depth > 5 || self.below(8) == 0 {
            return (self.below(2) == 0).into();
        }
        let mut members = Map::new();
        for _ in 0..1 + self.below(3) {
            let keyword = KEYWORDS[self.below(KEYWORDS.len())];
            let value = match keyword {
                "type" | "pattern" | "format" | "$ref" | "$dynamicRef" | "$dynamicAnchor" | "$id" | "$anchor" => self.text().into(),
                "$recursiveRef" => "#".into(),
                "uniqueItems" | "$recursiveAnchor" => true.into(),
                "enum" | "required" => self.list(depth, Self::value),
                "const" => self.value(depth),
                "prefixItems" | "allOf" | "anyOf" | "oneOf" => self.list(depth, Self::schema),
                "properties" | "patternProperties" | "dependentSchemas" | "dependencies" | "$defs" => self.map(depth, Self::schema),
                "dependentRequired" => self.map(depth, |bytes, depth| bytes.list(depth, |bytes, _| bytes.text().into())),
                _ if keyword.starts_with("min") || keyword.starts_with("max") || keyword.starts_with("excl") || keyword == "multipleOf" => {
                    self.number()
                }
                _ => self.schema(depth + 1),
            };
            members.insert(keyword.to_owned(), value);
        }
        members.into()
    }
}

fn judge(schema: String, records: &[u8], annotate_formats_only: bool) {
    let validation = Validation { schema_json: schema, annotate_formats_only, ..Validation::default() };
    let report = Report { max_violations: 10_000, max_per_group: 1_000, ..Report::default() };
    let config = ProcessConfig {
        format: Format::Ndjson.into(),
        validation: Some(validation),
        report: Some(report),
        ..ProcessConfig::default()
    };
    let Ok(plan) = Plan::compile(&config.encode_to_vec()) else { return };
    let mut session = Session::new(ENGINE.clone(), Arc::new(plan));
    session.feed(records).expect("memory is ample");
    let result = ProcessResult::decode(&session.finish().expect("memory is ample")[..]).expect("encoded here");
    let told = result.violations.iter().filter(|violation| violation.code() == ViolationCode::Schema);
    let told: BTreeSet<u64> = told.map(|violation| violation.record_index).collect();
    assert_eq!(told.len() as u64, result.counts.expect("always there").schema_invalid);
}

// An even first byte: a line with a schema, then records; an odd one: bytes that a schema and records are made of.
fuzz_target!(|data: &[u8]| {
    let [kind, data @ ..] = data else { return };
    if kind % 2 == 0 {
        let Ok(text) = std::str::from_utf8(data) else { return };
        let (schema, records) = text.split_once('\n').unwrap_or((text, ""));
        return judge(schema.to_owned(), records.as_bytes(), kind / 2 % 2 == 0);
    }
    let mut bytes = Bytes(data.iter());
    let mut schema = bytes.schema(0);
    if let Some(members) = schema.as_object_mut() {
        members.insert("$schema".to_owned(), DRAFTS[usize::from(kind / 4) % DRAFTS.len()].into());
    }
    let records: String = (0..8).map(|_| format!("{}\n", bytes.value(0))).collect();
    judge(schema.to_string(), records.as_bytes(), kind / 2 % 2 == 0);
});
