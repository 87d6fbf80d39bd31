//! Memory, cancellation, and the size of a result.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::compress::*;
use common::*;
use jassay_engine::proto::Format::{Array, Concatenated, Document, Ndjson, Unspecified};
use jassay_engine::proto::{Format, ProcessConfig, ProcessResult, Report, WarningCode};
use jassay_engine::{Engine, Flow, Halt, Plan, Session};
use prost::Message;
use std::sync::Arc;
use std::sync::atomic::Ordering;

fn session(memory: u64, config: &ProcessConfig) -> (Arc<Engine>, Session) {
    let engine = Arc::new(Engine::new(2, memory).unwrap());
    let plan = Arc::new(Plan::compile(&config.encode_to_vec()).unwrap());
    (engine.clone(), Session::new(engine, plan))
}

/// The most that was reserved while `slabs` were fed, and whether all were taken.
fn most_reserved(memory: u64, config: &ProcessConfig, slabs: impl Iterator<Item = Vec<u8>>) -> (u64, Result<(), Halt>) {
    let (engine, mut session) = session(memory, config);
    let mut most = 0;
    for slab in slabs {
        let fed = session.feed(&slab);
        most = most.max(engine.budget().reserved());
        if let Err(halt) = fed {
            drop(session);
            assert_eq!(engine.budget().reserved(), 0);
            return (most, Err(halt));
        }
    }
    let finished = session.finish().map(drop);
    drop(session);
    assert_eq!(engine.budget().reserved(), 0);
    (most, finished)
}

#[test]
fn endless_record_keeps_at_most_the_longest_that_is_judged() {
    let endless = |opening: &'static [u8]| {
        std::iter::once(opening.to_vec()).chain(std::iter::repeat_with(|| vec![b'x'; 1 << 16]).take(1000))
    };
    for format in [Ndjson, Concatenated, Document] {
        let (most, fed) = most_reserved(MEMORY, &with_record_bytes(format, 1 << 20), endless(b"\""));
        assert_eq!(fed, Ok(()));
        assert!((1 << 20..=3 << 20).contains(&most), "{format:?}: {most}");
    }
    let (most, fed) = most_reserved(MEMORY, &with_record_bytes(Array, 1 << 20), endless(b"[\""));
    assert!(fed.is_ok() && most <= 3 << 20);
    // An unknown format holds what may decide it besides.
    let (most, fed) = most_reserved(MEMORY, &with_record_bytes(Unspecified, 1 << 20), endless(b"\""));
    assert!(fed.is_ok() && most <= 6 << 20, "{most}");
}

#[test]
fn endless_white_space_keeps_nothing() {
    for format in [Ndjson, Array, Concatenated, Document] {
        let white = std::iter::repeat_with(|| vec![b' '; 1 << 16]).take(1000);
        let (most, fed) = most_reserved(MEMORY, &config(format), white);
        assert!(fed.is_ok() && most <= 1 << 12, "{format:?}: {most}");
    }
}

#[test]
fn record_with_white_space_beyond_the_limit_is_not_oversize() {
    for format in [Ndjson, Document] {
        let (_, mut session) = session(MEMORY, &with_record_bytes(format, 8));
        for slab in [&b"   [1,2"[..], b",3]    ", b"       ", b"    ", b"  \n"] {
            session.feed(slab).unwrap();
        }
        let result = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
        assert_eq!((counts(&result).valid, counts(&result).oversize), (1, 0));
    }
}

#[test]
fn record_longer_than_memory_ends_the_call_and_frees_all() {
    let slabs = std::iter::once(b"[\"".to_vec()).chain(std::iter::repeat_with(|| vec![b'x'; 1 << 16]).take(200));
    let (_, fed) = most_reserved(4 << 20, &config(Ndjson), slabs);
    assert!(matches!(fed, Err(Halt::MemoryRefused(_))));
}

#[test]
fn reports_of_many_places_stay_bounded() {
    let line = |number: u32| format!("{{\"key{number}\":x}}\n");
    let slabs = (0..100).map(|slab| (0..5000).map(|i| line(slab * 5000 + i)).collect::<String>().into_bytes());
    let config = with_report(Ndjson, Report { max_violations: 100_000, max_result_bytes: 2 << 20, ..Report::default() });
    let (most, fed) = most_reserved(MEMORY, &config, slabs);
    assert!(fed.is_ok() && most <= 24 << 20, "{most}");
}

#[test]
fn cancelled_session_halts_and_stays_so() {
    let (_, mut session) = session(MEMORY, &config(Ndjson));
    assert_eq!(session.feed(b"1\n"), Ok(Flow::More));
    session.cancellation().store(true, Ordering::Relaxed);
    assert_eq!(session.feed(b"1\n"), Err(Halt::Cancelled));
    assert_eq!(session.finish(), Err(Halt::Cancelled));
}

#[test]
fn feed_after_the_stream_stopped_is_done_and_ignored() {
    let (_, mut session) = session(MEMORY, &config(Array));
    assert_eq!(session.feed(b"[1]"), Ok(Flow::More));
    assert_eq!(session.feed(b" x"), Ok(Flow::Done));
    assert_eq!(session.feed(b"[2]"), Ok(Flow::Done));
    let result = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
    assert_eq!((counts(&result).records, result.stopped_at), (1, Some(4)));
}

#[test]
fn compressed_stream_reserves_its_buffers_and_window_and_frees_them() {
    let mut windowed = zstd_with(b"1\n", &[zstd_safe::CParameter::ContentSizeFlag(false)]);
    // A window of 8 MiB.
    windowed[5] = 13 << 3;
    for (input, least, enough) in [(gzip(b"1\n"), 1 << 20, 3 << 20), (windowed.clone(), 9 << 20, 11 << 20)] {
        let (most, fed) = most_reserved(MEMORY, &config(Ndjson), input.chunks(3).map(<[u8]>::to_vec));
        // What a short stream needs, it needs when it ends.
        assert!(fed.is_ok() && most <= enough, "{most}");
        let (_, fed) = most_reserved(enough, &config(Ndjson), std::iter::once(input.clone()));
        assert_eq!(fed, Ok(()));
        let (_, fed) = most_reserved(least, &config(Ndjson), std::iter::once(input));
        assert!(matches!(fed, Err(Halt::MemoryRefused(_))), "{fed:?}");
    }
}

#[test]
fn compressed_stream_cancelled_halts_and_frees_all() {
    for input in [gzip(&[b' '; 4 << 20]), zstd(&[b' '; 4 << 20])] {
        let (engine, mut session) = session(MEMORY, &config(Ndjson));
        let (head, tail) = input.split_at(input.len() / 2);
        assert_eq!(session.feed(head), Ok(Flow::More));
        session.cancellation().store(true, Ordering::Relaxed);
        assert_eq!(session.feed(tail), Err(Halt::Cancelled));
        assert_eq!(session.finish(), Err(Halt::Cancelled));
        assert!(engine.budget().reserved() > 0);
        drop(session);
        assert_eq!(engine.budget().reserved(), 0);
    }
}

fn cut(result: &ProcessResult) -> Option<&str> {
    result.warnings.iter().find(|warning| warning.code() == WarningCode::ResultCut).map(|warning| warning.text.as_str())
}

/// Lines that are invalid at places of their own, each `length` bytes long.
fn invalid_lines(count: usize, length: usize) -> String {
    (0..count).map(|i| format!("{{\"k{i}\":\"{}\\x\"}}\n", "v".repeat(length))).collect()
}

#[test]
fn result_beyond_its_size_loses_previews_first() {
    let report =
        |max_preview_bytes| Report { max_violations: 100_000, max_preview_bytes, max_result_bytes: 2 << 20, ..Report::default() };
    let input = invalid_lines(3000, 2000);
    let whole = run_whole(&with_report(Ndjson, report(64)), &input);
    assert_eq!((cut(&whole), whole.violations.len()), (None, 3000));
    let without = run_whole(&with_report(Ndjson, report(2000)), &input);
    assert_eq!(cut(&without), Some("the result was larger than max_result_bytes; cut: previews"));
    assert_eq!(without.violations.len(), 3000);
    assert!(without.violations.iter().all(|violation| violation.preview.is_empty() && violation.preview_truncated));
    assert_eq!(counts(&without), counts(&whole));
    assert_eq!(without.groups, whole.groups);
}

#[test]
fn result_beyond_its_size_without_previews_loses_the_last_violations() {
    let report = Report { max_violations: 100_000, max_result_bytes: 2 << 20, ..Report::default() };
    let input = invalid_lines(40_000, 10);
    let result = run_whole(&with_report(Ndjson, report), &input);
    assert_eq!(cut(&result), Some("the result was larger than max_result_bytes; cut: previews, violations"));
    assert_eq!((counts(&result).violations, counts(&result).invalid), (40_000, 40_000));
    assert!(result.encoded_len() <= 2 << 20);
    // Room is kept for the figures over the stream, however many they are.
    let length = ProcessResult { invalid_over_stream: None, ..result.clone() }.encoded_len() + 5_152;
    let one_more = result.violations[0].encoded_len() + 10;
    assert!(length <= 2 << 20 && length + 2 * one_more > 2 << 20, "{length}");
    let indices: Vec<_> = result.violations.iter().map(|violation| violation.record_index).collect();
    assert_eq!(indices, (0..indices.len() as u64).collect::<Vec<_>>());
}

#[test]
fn result_tells_source_labels_and_limits() {
    let config = ProcessConfig {
        source: "orders.ndjson".to_owned(),
        labels: [("b".to_owned(), "2".to_owned()), ("a".to_owned(), "1".to_owned())].into(),
        ..config(Format::Ndjson)
    };
    let (_, mut session) = session(MEMORY, &config);
    session.feed(b"1\n").unwrap();
    let result = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
    assert_eq!((result.source, result.labels), (config.source, config.labels));
    let provenance = result.provenance.unwrap();
    assert_eq!(provenance.engine_version, jassay_engine::VERSION);
    assert_eq!(provenance.limits.unwrap().max_record_bytes, 16 << 20);
    let timing = result.timing.unwrap();
    assert_eq!((timing.received_bytes, timing.threads), (2, 2));
    assert!(timing.wall_nanos >= timing.engine_nanos);
}

#[test]
fn duplicate_keys_where_allowed_are_warned_of_with_their_count() {
    let input = "{\"a\":1,\"a\":2}\n{\"a\":1,\"a\":2,\"a\":3}\n{\"a\":1,\"a\":x}\n";
    let result = run_whole(&allowing_duplicates(Ndjson), input);
    assert_eq!(outcome(&result).1, 2);
    let warning = &result.warnings[0];
    assert_eq!(warning.code(), WarningCode::DuplicateKeys);
    assert!(warning.text.starts_with("3 keys"), "{}", warning.text);
}
