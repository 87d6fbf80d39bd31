//! The profile against a clear and slow one that keeps all values, and its bounds.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use bigdecimal::{BigDecimal, RoundingMode, ToPrimitive, Zero};
use common::records::records;
use common::{Random, engine, run, run_whole};
use jassay_engine::kernel::Choice;
use jassay_engine::proto::{
    DuplicateKeys, FieldProfile, Format, ProcessConfig, ProcessResult, Profile, ProfileScope, Redaction, Report, TypeCounts,
    Validation, WarningCode,
};
use jassay_engine::{Engine, Halt, Plan, Session};
use prost::Message;
use serde_json::{Number, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

fn config(format: Format, profile: Profile) -> ProcessConfig {
    let profile = Profile { scope: ProfileScope::Valid.into(), ..profile };
    ProcessConfig { format: format.into(), profile: Some(profile), ..ProcessConfig::default() }
}

fn profile(input: &str) -> ProcessResult {
    run_whole(&config(Format::Ndjson, Profile::default()), input)
}

fn field<'a>(result: &'a ProcessResult, path: &str) -> &'a FieldProfile {
    let found = result.fields.iter().find(|field| field.path == path);
    found.unwrap_or_else(|| panic!("{path} is not among {:?}", paths(result)))
}

fn paths(result: &ProcessResult) -> Vec<&str> {
    result.fields.iter().map(|field| field.path.as_str()).collect()
}

fn warned(result: &ProcessResult, code: WarningCode) -> bool {
    result.warnings.iter().any(|warning| warning.code() == code)
}

/// All that was at one path.
#[derive(Default)]
struct Seen {
    present: u64,
    objects: u64,
    /// By type, in the order of `TypeCounts`: how many, and the first record.
    types: [(u64, Option<u64>); 7],
    numbers: Vec<BigDecimal>,
    strings: Vec<String>,
    lengths: Vec<usize>,
    trues: u64,
    values: BTreeMap<String, u64>,
}

#[derive(Default)]
struct Oracle {
    /// In order of first sight.
    order: Vec<String>,
    seen: BTreeMap<String, Seen>,
}

impl Oracle {
    fn of(records: &[Value]) -> Self {
        let mut oracle = Self::default();
        for (record, value) in records.iter().enumerate() {
            oracle.value(String::new(), value, record as u64);
        }
        oracle
    }

    fn value(&mut self, path: String, value: &Value, record: u64) {
        let seen = self.seen.entry(path.clone()).or_insert_with(|| {
            self.order.push(path.clone());
            Seen::default()
        });
        seen.present += 1;
        let kind = match value {
            Value::Null => 0,
            Value::Bool(is_true) => {
                seen.trues += u64::from(*is_true);
                1
            }
            Value::Number(number) => {
                let decimal = decimal(number);
                let is_integer = decimal.is_integer();
                seen.numbers.push(decimal);
                if is_integer { 2 } else { 3 }
            }
            Value::String(text) => {
                seen.strings.push(text.clone());
                4
            }
            Value::Array(elements) => {
                seen.lengths.push(elements.len());
                5
            }
            Value::Object(_) => {
                seen.objects += 1;
                6
            }
        };
        seen.types[kind].0 += 1;
        seen.types[kind].1.get_or_insert(record);
        if (1..5).contains(&kind) {
            *seen.values.entry(canonical(value)).or_default() += 1;
        }
        match value {
            Value::Array(elements) => {
                elements.iter().for_each(|element| self.value(format!("{path}/*"), element, record));
            }
            Value::Object(members) => members.iter().for_each(|(key, member)| {
                let key = key.replace('~', "~0").replace('/', "~1").replace('*', "~2");
                self.value(format!("{path}/{key}"), member, record);
            }),
            _ => {}
        }
    }

    fn check(&self, result: &ProcessResult) {
        assert!(paths(result) == self.order, "{} paths, not {}", result.fields.len(), self.order.len());
        for field in &result.fields {
            self.check_field(field);
        }
    }

    fn check_field(&self, field: &FieldProfile) {
        let path = &field.path;
        let seen = &self.seen[path];
        assert_eq!(field.present, seen.present, "{path}");
        let parent = path.rfind('/').map(|end| &self.seen[&path[..end]]);
        let missing = parent.filter(|_| !path.ends_with("/*")).map(|parent| parent.objects - seen.present);
        assert_eq!(field.missing, missing, "{path}");
        assert_eq!(field.types, Some(types(seen.types.map(|(count, _)| (count > 0).then_some(count)))), "{path}");
        assert_eq!(field.first_seen, Some(types(seen.types.map(|(_, first)| first))), "{path}");
        assert_eq!(field.booleans_true, (seen.types[1].0 > 0).then_some(seen.trues), "{path}");
        check_numbers(field, &seen.numbers);
        check_strings(field, &seen.strings);
        check_arrays(field, &seen.lengths);
        check_values(field, &seen.values);
    }
}

fn types(
    [null_value, boolean_value, integer_value, fraction_value, string_value, array_value, object_value]: [Option<u64>; 7],
) -> TypeCounts {
    TypeCounts { null_value, boolean_value, integer_value, fraction_value, string_value, array_value, object_value }
}

fn decimal(number: &Number) -> BigDecimal {
    BigDecimal::from_str(number.as_str()).unwrap().normalized()
}

fn canonical(value: &Value) -> String {
    match value {
        // Of this one, all forms of a number are equal.
        Value::Number(number) => decimal(number).to_scientific_notation(),
        other => other.to_string(),
    }
}

fn double(decimal: &BigDecimal) -> f64 {
    decimal.to_scientific_notation().parse().unwrap()
}

/// As the contract says: what has few digits is itself, any other is its nearest double.
fn summed(decimal: &BigDecimal) -> BigDecimal {
    let (_, scale) = decimal.as_bigint_and_exponent();
    let small = scale <= 18 && decimal.abs() * ten_to(scale.max(0)) < ten_to(19);
    if small { decimal.clone() } else { BigDecimal::try_from(double(decimal)).unwrap() }
}

fn ten_to(power: i64) -> BigDecimal {
    BigDecimal::new(1.into(), -power)
}

/// The nearest double of a quotient, and of its root, by many digits.
fn rounded(numerator: &BigDecimal, denominator: u64) -> f64 {
    double(
        &(numerator.with_prec(2000) / BigDecimal::from(denominator))
            .with_precision_round(800.try_into().unwrap(), RoundingMode::Down),
    )
}

fn check_numbers(field: &FieldProfile, all: &[BigDecimal]) {
    let path = &field.path;
    let Some(told) = &field.numbers else {
        assert!(all.is_empty(), "{path}");
        return;
    };
    assert_eq!(told.count, all.len() as u64, "{path}");
    let value = |text: &str| BigDecimal::from_str(text).unwrap();
    assert_eq!(&value(&told.min), all.iter().min().unwrap(), "{path}");
    assert_eq!(&value(&told.max), all.iter().max().unwrap(), "{path}");
    assert_eq!(told.zeros, all.iter().filter(|n| n.is_zero()).count() as u64);
    assert_eq!(told.negatives, all.iter().filter(|n| **n < BigDecimal::zero()).count() as u64);
    let finite: Vec<&BigDecimal> = all.iter().filter(|n| double(n).is_finite()).collect();
    assert_eq!(told.beyond_double, (all.len() - finite.len()) as u64);
    if finite.is_empty() {
        assert_eq!((told.mean, told.stddev), (None, None));
        return;
    }
    let count = finite.len() as u64;
    let sum: BigDecimal = finite.iter().map(|n| summed(n)).sum();
    let squares: BigDecimal = finite.iter().map(|n| summed(n).square()).sum();
    assert_eq!(told.sum, rounded(&sum, 1), "{path}");
    assert_eq!(told.mean, Some(rounded(&sum, count)), "{path}");
    let variance = squares * count - sum.square();
    let stddev = if variance.is_zero() { 0.0 } else { rounded(&variance.with_prec(2000).sqrt().unwrap(), count) };
    let close = (told.stddev.unwrap() - stddev).abs() <= stddev * 1e-15;
    assert!(close, "{path}: {:?}, not {stddev}", told.stddev);
    let mut doubles: Vec<f64> = finite.iter().map(|n| double(n)).collect();
    doubles.sort_unstable_by(f64::total_cmp);
    for quantile in &told.quantiles {
        let rank = ((quantile.q * 100.0).round() as u64 * count).div_ceil(100).max(1) as usize;
        let expected = doubles[rank - 1];
        assert!(
            (quantile.value - expected).abs() <= expected.abs() * told.relative_error,
            "{path}: {quantile:?}, not {expected}"
        );
    }
    assert_eq!(told.histogram.iter().map(|bar| bar.count).sum::<u64>(), count);
    for bar in &told.histogram {
        let within = doubles.iter().filter(|n| (bar.lower..=bar.upper).contains(*n)).count() as u64;
        assert!(within >= bar.count, "{path}: {bar:?} has {within}");
    }
}

fn check_strings(field: &FieldProfile, all: &[String]) {
    let path = &field.path;
    let Some(told) = &field.strings else {
        assert!(all.is_empty(), "{path}");
        return;
    };
    let lengths: Vec<u64> = all.iter().map(|text| text.chars().count() as u64).collect();
    assert_eq!(told.count, all.len() as u64, "{path}");
    assert_eq!(Some(&told.min_length), lengths.iter().min(), "{path}");
    assert_eq!(Some(&told.max_length), lengths.iter().max(), "{path}");
    assert_eq!(told.mean_length, lengths.iter().sum::<u64>() as f64 / all.len() as f64, "{path}");
    assert_eq!(told.bytes, all.iter().map(|text| text.len() as u64).sum::<u64>(), "{path}");
    assert_eq!(told.empty, all.iter().filter(|text| text.is_empty()).count() as u64, "{path}");
    assert_eq!(told.escaped_nul, all.iter().filter(|text| text.contains('\0')).count() as u64, "{path}");
    assert_eq!(Some(&told.min), all.iter().min(), "{path}");
    assert_eq!(Some(&told.max), all.iter().max(), "{path}");
}

fn check_arrays(field: &FieldProfile, lengths: &[usize]) {
    let Some(told) = &field.arrays else {
        assert!(lengths.is_empty(), "{}", field.path);
        return;
    };
    assert_eq!(told.count, lengths.len() as u64);
    assert_eq!(told.min_length, *lengths.iter().min().unwrap() as u64);
    assert_eq!(told.max_length, *lengths.iter().max().unwrap() as u64);
    assert_eq!(told.mean_length, lengths.iter().sum::<usize>() as f64 / lengths.len() as f64);
}

fn check_values(field: &FieldProfile, values: &BTreeMap<String, u64>) {
    let path = &field.path;
    let Some(distinct) = &field.distinct else {
        assert!(values.is_empty(), "{path}");
        return;
    };
    assert_eq!((distinct.value, distinct.exact), (values.len() as u64, true), "{path}");
    if field.top_values.iter().any(|value| !value.exact) {
        return;
    }
    let mut counts: Vec<u64> = values.values().copied().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts.truncate(10);
    assert_eq!(field.top_values.iter().map(|value| value.count).collect::<Vec<_>>(), counts, "{path}");
    for value in &field.top_values {
        let json: Value = serde_json::from_str(&value.value_json).unwrap();
        assert_eq!(values.get(&canonical(&json)), Some(&value.count), "{path}: {}", value.value_json);
    }
}

fn parsed(records: &[String]) -> Vec<Value> {
    records.iter().map(|record| serde_json::from_str(record).unwrap_or_else(|error| panic!("{record}: {error}"))).collect()
}

#[test]
fn profile_of_generated_records_is_that_of_the_oracle() {
    // Keys of an object come in the order of their text there, so the order of paths is that of one key after the other.
    for seed in 0..60 {
        let records = records(seed, 1 + seed * 5);
        let all = Profile { max_paths: 65_536, ..Profile::default() };
        let result = run_whole(&config(Format::Ndjson, all), records.join("\n"));
        assert_eq!(result.counts.unwrap().invalid, 0, "{:?}", result.violations);
        let oracle = Oracle::of(&parsed(&records));
        let mut told = result.clone();
        // serde_json sorts keys, so the order of first sight is compared elsewhere.
        told.fields.sort_by_key(|field| oracle.order.iter().position(|path| *path == field.path));
        oracle.check(&told);
    }
}

#[test]
fn fields_are_in_order_of_first_sight() {
    let result = profile("{\"b\":1,\"a\":{\"z\":[1],\"y\":2}}\n{\"a\":{\"x\":1},\"b\":2,\"0\":3}");
    assert_eq!(paths(&result), ["", "/b", "/a", "/a/z", "/a/z/*", "/a/y", "/a/x", "/0"]);
}

#[test]
fn profile_is_the_same_for_every_cut_thread_count_kernel_and_format() {
    let mut records = records(7, 4000);
    // Wide enough that sets overflow.
    (0..3000).for_each(|i| records.push(format!("{{\"id\":{i},\"text\":\"number {}\",\"n\":{}.25}}", i * 7, i % 1500)));
    (0..300).for_each(|i| records.insert(i * 9, "{\"broken\": [1, 2".to_owned()));
    let good: Vec<&String> = records.iter().filter(|record| !record.contains("broken")).collect();
    let array = format!("[{}]", good.iter().map(|record| record.as_str()).collect::<Vec<_>>().join(",\n"));
    let concatenated = good.iter().map(|record| record.as_str()).collect::<Vec<_>>().join("\n ");
    for (format, input) in [(Format::Ndjson, records.join("\n")), (Format::Array, array), (Format::Concatenated, concatenated)] {
        let config = config(format, Profile::default());
        let whole = run(&engine(1), &config, [input.as_bytes()]);
        assert!(whole.fields.iter().any(|field| field.distinct.is_some_and(|distinct| !distinct.exact)));
        assert!(!paths(&whole).contains(&"/broken"));
        for threads in 1..=4 {
            for size in [1000, 65_537, 3 << 20] {
                let mut result = run(&engine(threads), &config, input.as_bytes().chunks(size));
                assert_eq!(result.fields.len(), whole.fields.len());
                for (field, expected) in result.fields.iter().zip(&whole.fields) {
                    assert_eq!(field, expected, "{threads} threads, slabs of {size}");
                }
                result.fields.clone_from(&whole.fields);
                assert_eq!(result, whole);
            }
        }
    }
}

#[test]
fn invalid_records_leave_no_trace() {
    for broken in ["{\"a\":1,\"b\":2", "{\"a\":1,\"b\":2}x", "{\"a\":1,\"a\":2}", "{\"b\":\"\\ud800\"}", "{\"a\":1e}"] {
        let result = profile(&format!("{{\"a\":5}}\n{broken}\n"));
        assert_eq!(result.counts.unwrap().invalid, 1, "{broken}");
        assert_eq!(paths(&result), ["", "/a"]);
        assert_eq!((field(&result, "/a").present, field(&result, "").present), (1, 1), "{broken}");
    }
}

#[test]
fn oversize_records_leave_no_trace() {
    let limit = Validation { max_record_bytes: 20, ..Validation::default() };
    let config = ProcessConfig { validation: Some(limit), ..config(Format::Ndjson, Profile::default()) };
    let result = run_whole(&config, "{\"a\":5}\n{\"b\":5, \"c\":            1}\n");
    assert_eq!((paths(&result), result.counts.unwrap().oversize), (vec!["", "/a"], 1));
}

#[test]
fn repeated_keys_are_present_once_and_all_their_values_measured() {
    let allowing = Validation { duplicate_keys: DuplicateKeys::Allow.into(), ..Validation::default() };
    for max_keys in [1024, 1] {
        let profile = Profile { max_keys, ..Profile::default() };
        let config = ProcessConfig { validation: Some(allowing.clone()), ..config(Format::Ndjson, profile) };
        let result = run_whole(&config, "{\"a\":1,\"b\":2,\"a\":3,\"\\u0061\":4}\n{\"a\":5,\"c\":1,\"c\":1}\n");
        let told: Vec<_> = result.fields[1..]
            .iter()
            .map(|field| (field.path.as_str(), field.present, field.numbers.as_ref().unwrap().count))
            .collect();
        if max_keys > 1 {
            assert_eq!(told, [("/a", 2, 4), ("/b", 1, 1), ("/c", 1, 2)]);
        } else {
            assert_eq!(told, [("/*", 4, 7)]);
        }
    }
}

#[test]
fn objects_with_too_many_keys_collapse() {
    let record = |i: u64| format!("{{\"fixed\":{{\"k{}\":{{\"x\":{i},\"y{}\":[1]}}}}}}\n", i % 11, i % 2);
    let input: String = (0..100).map(record).collect();
    let config_of = |max_keys| config(Format::Ndjson, Profile { max_keys, ..Profile::default() });
    let result = run_whole(&config_of(11), &input);
    assert!(!warned(&result, WarningCode::KeysCollapsed));
    assert_eq!(result.fields.len(), 2 + 11 * 6);
    let result = run_whole(&config_of(10), &input);
    assert!(warned(&result, WarningCode::KeysCollapsed));
    assert_eq!(
        paths(&result),
        ["", "/fixed", "/fixed/*", "/fixed/*/x", "/fixed/*/y0", "/fixed/*/y0/*", "/fixed/*/y1", "/fixed/*/y1/*"]
    );
    let star = field(&result, "/fixed/*");
    assert_eq!((star.collapsed, star.present, star.missing), (true, 100, None));
    let x = field(&result, "/fixed/*/x");
    assert_eq!((x.present, x.missing, x.distinct.unwrap().value), (100, Some(0), 100));
    assert_eq!(field(&result, "/fixed/*/y1").missing, Some(50));
    for threads in 1..=3 {
        let sliced = run(&engine(threads), &config_of(10), input.as_bytes().chunks(777));
        assert_eq!(sliced.fields, result.fields, "{threads} threads");
    }
}

#[test]
fn paths_past_the_cap_are_the_lowest_and_whole() {
    let input: String = (0..3000_u64).map(|i| format!("{{\"a\":1,\"k{}\":{{\"in\":{i}}}}}\n", i % 500)).collect();
    let config_of = |max_paths| config(Format::Ndjson, Profile { max_paths, ..Profile::default() });
    let all = run_whole(&config_of(1002), &input);
    assert!(!warned(&all, WarningCode::PathsCut));
    assert_eq!(all.fields.len(), 1002);
    let cut = run_whole(&config_of(1001), &input);
    assert!(warned(&cut, WarningCode::PathsCut));
    assert_eq!(cut.fields.len(), 1001);
    for max_paths in [1, 2, 100, 400] {
        let few = run_whole(&config_of(max_paths), &input);
        assert_eq!(few.fields.len(), max_paths as usize);
        for field in &few.fields {
            assert_eq!(all.fields.iter().find(|other| other.path == field.path), Some(field));
        }
        for threads in 1..=3 {
            assert_eq!(run(&engine(threads), &config_of(max_paths), input.as_bytes().chunks(5000)).fields, few.fields);
        }
    }
}

#[test]
fn paths_longer_than_the_most_bytes_count_as_stars_or_are_left_out() {
    let fits = "x".repeat(1023);
    let result = profile(&format!("{{\"{fits}\":1,\"{fits}y\":2,\"{fits}z\":\"3\"}}"));
    assert_eq!(paths(&result), ["", &format!("/{fits}"), "/*"]);
    assert_eq!(field(&result, "/*").present, 2);
    let deep = format!("{}1{}", "[".repeat(1024), "]".repeat(1024));
    let result = profile(&deep);
    assert_eq!((result.counts.unwrap().valid, result.fields.len()), (1, 513));
    assert!(warned(&result, WarningCode::PathsCut));
}

#[test]
fn values_that_come_often_are_counted_in_full_wherever_their_texts_end_to_fit() {
    // The texts of different values fit 8,192 bytes to the byte, or all but one, and then one comes that is told in a few.
    for short in 0..3 {
        for last in ["true", "1", "\"z\"", "-0.5e3", "null"] {
            let lengths = std::iter::repeat_n(62, 127).chain([62 - short]);
            let texts: Vec<String> = lengths.enumerate().map(|(i, length)| format!("\"{i:0length$}\"")).collect();
            let mut records: Vec<String> = texts.iter().chain(&texts).cloned().collect();
            records.extend(std::iter::repeat_n(last.to_owned(), 5));
            records.extend(texts);
            Oracle::of(&parsed(&records)).check(&profile(&records.join("\n")));
        }
    }
}

#[test]
fn values_that_cannot_be_deferred_make_no_difference_to_those_that_were() {
    let often = ["\"a\\u0000b\"", "\"\\ud83d\\ude00\"", "1.50", "15e-1", "-3", "0.0", "\"2024-01-01\"", "true"];
    for rare in [
        "1e400",
        "123456789012345678901",
        &format!("\"{}\"", "x".repeat(65)),
        &format!("\"{}\"", "x".repeat(64)),
        "9007199254740993",
    ] {
        let mut records: Vec<String> = (0..40).map(|i| often[i % often.len()].to_owned()).collect();
        records.insert(17, rare.to_owned());
        records.push(rare.to_owned());
        Oracle::of(&parsed(&records)).check(&profile(&records.join("\n")));
    }
}

#[test]
fn a_key_that_is_too_long_where_the_caps_renumber_all_paths_is_a_star() {
    let long = "k".repeat(1100);
    let input = format!("{{\"a\":1,\"b\":1,\"c\":1,\"d\":{{\"{long}\":1}}}}");
    let few = run_whole(&config(Format::Ndjson, Profile { max_paths: 2, ..Profile::default() }), input);
    assert_eq!(few.fields.len(), 2);
    let wide = |letter: char, count: u32| (0..count).map(|i| format!("\"{letter}{i}\":1")).collect::<Vec<_>>().join(",");
    let objects: Vec<String> = (0..4).map(|i| format!("\"o{i}\":{{{}}}", wide('k', 1000))).collect();
    let input = format!("{{{},{},\"z\":{{\"{long}\":1}}}}", objects.join(","), wide('p', 91));
    assert_eq!(profile(&input).fields.len(), 2048);
}

#[test]
fn short_keys_of_different_objects_are_told_apart_where_keys_repeat() {
    let validation = Validation { duplicate_keys: DuplicateKeys::Allow.into(), ..Validation::default() };
    let config = ProcessConfig { validation: Some(validation), ..config(Format::Ndjson, Profile::default()) };
    let all: Vec<String> = ('a'..='z').flat_map(|one| ('a'..='z').map(move |other| format!("k{one}{other}"))).collect();
    let objects: Vec<String> = all.iter().map(|key| format!("{{\"{key}\":1}}")).collect();
    let result = run_whole(&config, format!("[{},{{\"z\":1,\"z\":2}}]", objects.join(",")));
    for key in &all {
        assert_eq!(field(&result, &format!("/*/{key}")).present, 1, "{key}");
    }
    assert_eq!(field(&result, "/*/z").present, 1);
}

#[test]
fn a_key_is_too_long_where_it_was_seen_whenever_its_object_collapses() {
    let long = "k".repeat(1000);
    let records = [
        "{\"a\":1,\"b\":2,\"c\":3}".to_owned(),
        format!("{{\"{long}\":{{\"a key that is not long itself\":[1]}}}}"),
        "{\"d\":[0]}".to_owned(),
    ];
    let keys = Profile { max_keys: 2, ..Profile::default() };
    let mut found = BTreeSet::new();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let input = order.map(|at| records[at].as_str()).join("\n");
        let result = run_whole(&config(Format::Ndjson, keys), input);
        let told: BTreeSet<(String, u64)> = result.fields.iter().map(|field| (field.path.clone(), field.present)).collect();
        found.insert(told);
    }
    assert_eq!(found.len(), 1, "{found:?}");
    let expected = [("", 3), ("/*", 5), ("/*/*", 2), ("/*/*/*", 1)].map(|(path, present)| (path.to_owned(), present));
    assert_eq!(found.pop_first(), Some(expected.into()));
}

#[test]
fn wide_objects_that_collapse_into_one_are_added_up_at_once() {
    // A search of each key among all took ten seconds; ten times what it should take leaves room for a busy machine.
    let count = 40_000;
    let wide = |letter: char, count: u32| (0..count).map(|i| format!("\"{letter}{i}\":1")).collect::<Vec<_>>().join(",");
    let (x, y, z) = (wide('a', count - 1), wide('b', count - 1), wide('c', count + 1));
    let keys = Profile { max_keys: count, max_paths: 65_536, ..Profile::default() };
    let began = std::time::Instant::now();
    let result = run_whole(&config(Format::Ndjson, keys), format!("{{\"x\":{{{x}}}}}\n{{\"y\":{{{y}}}}}\n{{{z}}}"));
    assert!(warned(&result, WarningCode::KeysCollapsed));
    assert!(began.elapsed() < std::time::Duration::from_secs(5));
}

#[test]
fn omitted_values_appear_nowhere() {
    let profile = Profile { redaction: Redaction::Omit.into(), ..Profile::default() };
    let result =
        run_whole(&config(Format::Ndjson, profile), "{\"key\":\"secret\"}\n{\"key\":\"secret\",\"n\":17}\n{\"n\": \"secret}");
    let text = format!("{result:?}");
    assert!(!text.contains("secret"), "{text}");
    let told = field(&result, "/key");
    assert_eq!((told.distinct.unwrap().value, told.strings.as_ref().unwrap().max_length), (1, 6));
    assert!(told.top_values.is_empty());
}

#[test]
fn without_a_scope_nothing_is_measured() {
    let result = run_whole(&common::config(Format::Ndjson), "{\"a\":1}");
    assert!(result.fields.is_empty());
    assert!(!profile("").warnings.is_empty());
    assert!(profile("").fields.is_empty());
}

#[test]
fn memory_of_a_profile_comes_from_the_budget_and_goes_back() {
    let input: String = (0..200_000_u64).map(|i| format!("{{\"k{}\":\"{i:064}\"}}\n", i % 900)).collect();
    let engine = engine(2);
    let before = engine.budget().reserved();
    let result = run(&engine, &config(Format::Ndjson, Profile::default()), input.as_bytes().chunks(1 << 20));
    assert_eq!(result.fields.len(), 901);
    assert_eq!(engine.budget().reserved(), before);
}

#[test]
fn random_keys_stay_within_the_caps() {
    let mut random = Random(1);
    let mut record = || format!("{{\"{:x}\":{{\"{:x}\":[{{\"{:x}\":1}}]}}}}\n", random.next(), random.next(), random.next());
    let input: String = (0..50_000).map(|_| record()).collect();
    let result = run(&engine(2), &config(Format::Ndjson, Profile::default()), input.as_bytes().chunks(1 << 20));
    assert_eq!(paths(&result), ["", "/*", "/*/*", "/*/*/*", "/*/*/*/*"]);
    assert_eq!(field(&result, "/*/*/*/*").present, 50_000);
    let distinct: BTreeSet<_> = paths(&result).into_iter().collect();
    assert_eq!(distinct.len(), 5);
    assert_eq!(field(&result, "/*/*/*/*").numbers.as_ref().unwrap().mean.unwrap().to_f64(), Some(1.0));
}

fn inferred(input: &str, profile: Profile) -> Value {
    let config = config(Format::Ndjson, Profile { infer_schema: true, ..profile });
    let result = run_whole(&config, input);
    serde_json::from_str(&result.inferred_schema_json).unwrap_or_else(|error| panic!("{}: {error}", result.inferred_schema_json))
}

#[test]
fn inferred_schema_tells_types_required_and_what_is_inside() {
    let schema = inferred(
        "{\"id\":1,\"tags\":[\"a\",null],\"o\":{\"x\":1.5}}\n{\"id\":2,\"tags\":[],\"n\\\"e\\/w\":true,\"o\":null}\n",
        Profile::default(),
    );
    let expected = serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "tags": {"type": "array", "items": {"type": ["string", "null"]}},
            "o": {"type": ["object", "null"], "properties": {"x": {"type": "number"}}, "required": ["x"]},
            "n\"e/w": {"type": "boolean"},
        },
        "required": ["id", "tags", "o"],
    });
    assert_eq!(schema, expected);
    assert_eq!(inferred("1\n2.5\nnull", Profile::default())["type"], serde_json::json!(["number", "null"]));
    assert!(
        run_whole(&config(Format::Ndjson, Profile { infer_schema: true, ..Profile::default() }), "")
            .inferred_schema_json
            .is_empty()
    );
    assert!(profile("{}").inferred_schema_json.is_empty());
}

#[test]
fn inferred_schema_has_formats_and_enums_only_where_there_are_enough() {
    let lines = |count: u64| -> String {
        let line = |i: u64| {
            let (code, color) = (100 * (1 + i % 20), ["red", "g\u{fc}n"][i as usize % 2]);
            format!("{{\"day\":\"2024-02-{:02}\",\"code\":{code},\"color\":\"{color}\",\"many\":{i}}}\n", 1 + i % 28)
        };
        (0..count).map(line).collect()
    };
    assert!(inferred(&lines(99), Profile::default())["properties"]["day"].get("format").is_none());
    let schema = inferred(&lines(100), Profile::default());
    assert_eq!(schema["properties"]["day"]["format"], "date");
    assert!(inferred(&lines(999), Profile::default())["properties"]["color"].get("enum").is_none());
    let schema = inferred(&lines(1000), Profile::default());
    assert_eq!(schema["properties"]["color"]["enum"], serde_json::json!(["g\u{fc}n", "red"]));
    assert_eq!(schema["properties"]["code"]["enum"].as_array().unwrap().len(), 20);
    assert!(schema["properties"]["day"].get("enum").is_none());
    assert!(schema["properties"]["many"].get("enum").is_none());
    let omitting = Profile { redaction: Redaction::Omit.into(), ..Profile::default() };
    assert!(inferred(&lines(1000), omitting)["properties"]["color"].get("enum").is_none());
}

#[test]
fn inferred_schema_of_collapsed_objects_has_additional_properties() {
    let input = "{\"m\":{\"a\":1}}\n{\"m\":{\"b\":\"x\"}}\n{\"m\":{\"c\":[true]}}\n";
    let schema = inferred(input, Profile { max_keys: 2, ..Profile::default() });
    let expected = serde_json::json!({
        "type": "object",
        "additionalProperties": {"type": ["array", "string", "integer"], "items": {"type": "boolean"}},
    });
    assert_eq!(schema["properties"]["m"], expected);
}

#[test]
fn inferred_schema_of_deep_records_needs_no_deep_stack() {
    let deep = format!("{}1{}", "{\"a\":".repeat(511), "}".repeat(511));
    let result = run_whole(&config(Format::Ndjson, Profile { infer_schema: true, ..Profile::default() }), &deep);
    assert_eq!(result.inferred_schema_json.matches("\"properties\"").count(), 511);
}

#[test]
fn results_beyond_their_size_lose_what_the_contract_says_in_its_order() {
    let record = |i: u64| {
        let members: Vec<String> = (0..200).map(|k| format!("\"key number {k}\":{},\"text {k}\":\"text {i}\"", i * k)).collect();
        format!("{{\"part {}\":{{{}}}}}\n", i % 40, members.join(","))
    };
    let input: String = (0..80).map(record).collect::<String>() + "{\"broken\":\n";
    let profile = Profile { max_paths: 65_536, infer_schema: true, top_values: 100, ..Profile::default() };
    let report = Report { max_result_bytes: 2 << 20, ..Report::default() };
    let cut = run_whole(&ProcessConfig { report: Some(report), ..config(Format::Ndjson, profile) }, &input);
    assert!(cut.encoded_len() <= 2 << 20);
    let warning = cut.warnings.iter().find(|warning| warning.code() == WarningCode::ResultCut).unwrap();
    assert!(warning.text.ends_with("cut: inferred schema, histograms, top values, previews, fields"), "{}", warning.text);
    assert!(cut.inferred_schema_json.is_empty() && cut.violations[0].preview.is_empty());
    let all = ProcessConfig { report: Some(Report { max_result_bytes: 64 << 20, ..report }), ..config(Format::Ndjson, profile) };
    let all = run_whole(&all, &input);
    assert_eq!(all.fields.len(), 1 + 40 * 401);
    let without = |field: &FieldProfile| {
        let mut field = field.clone();
        field.top_values.clear();
        field.numbers.iter_mut().for_each(|numbers| numbers.histogram.clear());
        field
    };
    assert_eq!(cut.fields, all.fields.iter().take(cut.fields.len()).map(without).collect::<Vec<_>>());
    assert_eq!(cut.counts, all.counts);
}

#[test]
fn profile_that_finds_no_memory_ends_the_stream() {
    let engine = Arc::new(Engine::with_kernel(1, 2 << 20, Choice::available()[0]).unwrap());
    let plan = Arc::new(
        Plan::compile(&config(Format::Ndjson, Profile { max_paths: 65_536, ..Profile::default() }).encode_to_vec()).unwrap(),
    );
    let mut session = Session::new(engine.clone(), plan);
    let input: String = (0..20_000).map(|i| format!("{{\"k{}\":{{\"x{i}\":\"some text {i}\"}}}}\n", i % 100)).collect();
    let fed = input.as_bytes().chunks(1 << 16).try_for_each(|slab| session.feed(slab).map(drop));
    assert!(matches!(fed, Err(Halt::MemoryRefused(_))), "{fed:?}");
    drop(session);
    assert_eq!(engine.budget().reserved(), 0);
}
