//! Where in a stream the invalid records lie.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::compress::*;
use common::*;
use jassay_engine::proto::Format::{Array, Concatenated, Document, Ndjson};
use jassay_engine::proto::{Format, InvalidOverStream, ProcessConfig, ProcessResult, Report, Validation};
use jassay_engine::{Engine, Plan, Session};
use prost::Message;
use std::sync::Arc;

fn told(result: &ProcessResult) -> Option<(u64, Vec<u64>)> {
    result.invalid_over_stream.as_ref().map(|told| (told.bucket_bytes, told.counts.clone()))
}

/// A stream of so many bytes of valid records but for those at some of these places, which are one after the other.
fn stream(format: Format, bytes: usize, invalid: impl Fn(usize) -> bool) -> Vec<u8> {
    let mut text = if format == Array { "[" } else { "" }.to_owned();
    let separator = if format == Array { ",\n" } else { "\n" };
    for number in 0.. {
        let record = if invalid(number) { "{\"a\":x}" } else { "{\"a\":1}" };
        if text.len() + record.len() + 3 > bytes {
            break;
        }
        text = text + if number > 0 { separator } else { "" } + record;
    }
    text += &" ".repeat(bytes - text.len() - 1);
    text += if format == Array { "]" } else { "\n" };
    text.into_bytes()
}

#[test]
fn counts_are_those_of_the_invalid_records_by_where_they_begin() {
    let engines: Vec<Arc<Engine>> = (1..=4).map(engine).collect();
    // Each at a place of its own group, so that none is left out.
    let all = Report { max_violations: 100_000, max_per_group: 1000, ..Report::default() };
    for format in [Ndjson, Array, Concatenated] {
        for bytes in [900, 70_000, (512 << 10) - 1, 512 << 10, 3_000_000] {
            let input = stream(format, bytes, |number| number % 977 == 3 || number / 100 == 7);
            let config = with_report(format, all);
            let whole = run(&engines[0], &config, [&input[..]]);
            assert_eq!((whole.violations.len() as u64, input.len()), (counts(&whole).invalid, bytes));
            let offsets = whole.violations.iter().map(|violation| violation.byte_offset);
            assert_eq!(whole.invalid_over_stream, over_stream(offsets, bytes as u64), "{format:?} {bytes}");
            for engine in &engines {
                for size in [1_003, 100_000, 1 << 20] {
                    assert_eq!(run(engine, &config, input.chunks(size)), whole, "{format:?} {bytes}, slabs of {size}");
                }
            }
            let packed = run(&engines[1], &config, [&zstd(&input)[..]]);
            assert_eq!(packed.invalid_over_stream, whole.invalid_over_stream);
        }
    }
}

#[test]
fn width_doubles_where_the_stream_has_as_many_bytes_as_all_buckets() {
    for (bytes, expected) in [(512 << 10, 2048), ((512 << 10) - 1, 1024), (1 << 20, 4096), ((1 << 20) - 1, 2048)] {
        let result = run_whole(&config(Ndjson), stream(Ndjson, bytes, |number| number == 0));
        assert_eq!(told(&result), Some((expected, vec![1])));
        // A record of the last byte is in the last bucket that the stream reaches.
        let mut input = vec![b' '; bytes];
        input[bytes - 1] = b'x';
        let last = (bytes as u64 - 1) / expected;
        let counts = (0..=last).map(|bucket| u64::from(bucket == last)).collect();
        assert_eq!(told(&run_whole(&config(Concatenated), input)), Some((expected, counts)));
    }
    // A record of no bytes begins at the end.
    assert_eq!(told(&run_whole(&config(Document), " ".repeat(512 << 10))), Some((2048, [vec![0; 256], vec![1]].concat())));
}

#[test]
fn every_kind_of_invalid_record_counts_once() {
    let validation = Validation {
        schema_json: "{\"items\":{\"type\":\"null\"},\"maxItems\":1}".to_owned(),
        max_record_bytes: 40,
        ..Validation::default()
    };
    let config = ProcessConfig { validation: Some(validation), ..config(Array) };
    let input = format!("[[],{}[1,2],{}\"{}\",,[null],\"\\ud800\"]", " ".repeat(1024), " ".repeat(1024), "x".repeat(5000));
    let result = run_whole(&config, &input);
    assert_eq!((counts(&result).schema_invalid, counts(&result).oversize, counts(&result).malformed), (1, 1, 2));
    assert_eq!(told(&result), Some((1024, vec![0, 1, 1, 0, 0, 0, 2])));
}

#[test]
fn streams_without_invalid_records_tell_nothing() {
    for input in ["", "1\n", "[1]\n{}"] {
        assert_eq!(judge(Ndjson, input).invalid_over_stream, None, "{input}");
    }
    // Nor where the stream itself ends badly.
    assert_eq!(judge(Array, "x").invalid_over_stream, None);
}

#[test]
fn merges_and_parts_leave_it_out() {
    let engine = engine(2);
    let first = state(&engine, &ProcessConfig { part: Some(0), ..config(Ndjson) }, "x\n");
    let second = state(&engine, &ProcessConfig { part: Some(1), ..config(Ndjson) }, "1\n{\n");
    for states in [&[&first[..]][..], &[&first[..], &second[..]]] {
        let (result, _) = merge(&engine, states.iter().copied()).unwrap();
        assert!(counts(&result).invalid > 0);
        assert_eq!(result.invalid_over_stream, None);
    }
    let config = ProcessConfig {
        profile: Some(jassay_engine::proto::Profile { with_state: true, ..Default::default() }),
        ..config(Ndjson)
    };
    let mut session = Session::new(engine.clone(), Arc::new(Plan::compile(&config.encode_to_vec()).unwrap()));
    for number in 0..2 {
        session.feed(b"x\n").unwrap();
        session.end_part(number, "file").unwrap();
    }
    let mut merge = jassay_engine::Merge::new(engine, jassay_engine::merge::MergePlan::default());
    merge.absorb(session.parts().unwrap()).unwrap();
    let result = ProcessResult::decode(&merge.finish().unwrap()[..]).unwrap();
    assert_eq!((counts(&result).invalid, result.invalid_over_stream), (2, None::<InvalidOverStream>));
}
