//! Parts that are judged and merged in one process, against what their states give; and streams that are interrupted.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::compress::{gzip, zstd};
use common::records::records;
use common::{config, engine, run_whole, state};
use jassay_engine::merge::MergePlan;
use jassay_engine::proto::{Format, ProcessConfig, ProcessResult, Profile, ProfileScope, Termination};
use jassay_engine::{Engine, Halt, Merge, Plan, Session};
use prost::Message;
use std::sync::Arc;

const KEEPING: MergePlan = MergePlan { with_state: false, keep_positions: true };

fn measured() -> ProcessConfig {
    let profile = Profile { scope: ProfileScope::Valid.into(), with_state: true, ..Profile::default() };
    ProcessConfig { profile: Some(profile), ..ProcessConfig::default() }
}

fn open(engine: &Arc<Engine>, config: &ProcessConfig) -> Session {
    Session::new(engine.clone(), Arc::new(Plan::compile(&config.encode_to_vec()).unwrap()))
}

/// Without what differs from run to run, and without top values that are estimated.
fn result(merge: &mut Merge) -> ProcessResult {
    let mut result = ProcessResult::decode(&merge.finish().unwrap()[..]).unwrap();
    (result.timing, result.provenance) = (None, None);
    for field in &mut result.fields {
        if field.top_values.iter().any(|value| !value.exact) {
            field.top_values.clear();
        }
    }
    result
}

/// Inputs of all formats, good and bad, empty ones among them, some of them compressed, and one of these cut off.
fn inputs() -> Vec<(String, Vec<u8>)> {
    // A first line that is an array would make all of it one.
    let lines = |seed, count| format!("0\n{}", records(seed, count).join("\n"));
    let texts = [
        lines(1, 40),
        String::new(),
        "[1, {\"a\": x}, 2".to_owned(),
        "{\"a\": 1}\n{\"a\": \n{\"b\": 2}\n".to_owned(),
        "\u{feff}[]".to_owned(),
        lines(2, 90),
        "[1}".to_owned(),
        "{\"a\": 2}\n{]".to_owned(),
    ];
    let mut inputs: Vec<Vec<u8>> = texts.iter().map(|text| text.clone().into_bytes()).collect();
    let cut_off = gzip(texts[5].as_bytes());
    inputs.extend([
        gzip(texts[0].as_bytes()),
        zstd(texts[3].as_bytes()),
        cut_off[..cut_off.len() / 2].to_vec(),
        inputs[0].clone(),
    ]);
    inputs.into_iter().enumerate().map(|(number, input)| (format!("source {number}"), input)).collect()
}

/// The result where each of so many sessions judges every so many-th part.
fn merged(engine: &Arc<Engine>, inputs: &[(String, Vec<u8>)], sessions: usize) -> ProcessResult {
    let mut merge = Merge::new(engine.clone(), KEEPING);
    for session in (0..sessions).rev() {
        let mut judging = open(engine, &measured());
        for (number, (source, text)) in inputs.iter().enumerate().skip(session).step_by(sessions) {
            judging.feed(text).unwrap();
            judging.end_part(number as u32, source).unwrap();
        }
        merge.absorb(judging.parts().unwrap()).unwrap();
    }
    result(&mut merge)
}

#[test]
fn parts_judged_by_any_number_of_sessions_give_what_their_states_give() {
    let inputs = inputs();
    let engine = engine(2);
    let mut merge = Merge::new(engine.clone(), KEEPING);
    for (number, (source, text)) in inputs.iter().enumerate() {
        let config = ProcessConfig { part: Some(number as u32), source: source.clone(), ..measured() };
        merge.feed(&state(&engine, &config, text)).unwrap();
    }
    let expected = result(&mut merge);
    assert_eq!(expected.termination(), Termination::InputTruncated);
    assert_eq!(expected.stopped_at, Some(15), "in its part");
    assert!(expected.violations.iter().all(|violation| !violation.source.is_empty()));
    for sessions in [1, 2, 3, inputs.len()] {
        assert_eq!(merged(&engine, &inputs, sessions), expected, "{sessions} sessions");
    }
}

#[test]
fn part_that_has_ended_tells_how() {
    let engine = engine(1);
    let mut session = open(&engine, &measured());
    session.feed(b"{\"a\":1}\n{]\n").unwrap();
    assert_eq!((session.progress().records, session.progress().invalid), (2, 1));
    let first = session.end_part(0, "a").unwrap();
    assert_eq!((first.bytes, first.records, first.invalid, first.termination), (11, 2, 1, Termination::Complete));
    assert_eq!((session.progress().records, session.progress().bytes), (0, 0));
    session.feed(b"[1,").unwrap();
    let second = session.end_part(1, "b").unwrap();
    assert_eq!((second.records, second.termination, second.stopped_at), (1, Termination::InputTruncated, 3));
}

#[test]
fn parts_that_come_twice_are_refused() {
    let engine = engine(1);
    let mut merge = Merge::new(engine.clone(), KEEPING);
    let mut part = || {
        let mut session = open(&engine, &measured());
        session.end_part(0, "a").unwrap();
        merge.absorb(session.parts().unwrap())
    };
    assert_eq!(part(), Ok(()));
    assert!(matches!(part(), Err(Halt::StateIncompatible { .. })));
}

#[test]
fn interruption_anywhere_gives_the_result_of_what_was_judged() {
    for (format, input) in [
        (Format::Ndjson, "{\"a\":1}\n{]\n\n[1,\"\u{e4}\"]\n  7"),
        (Format::Array, " [1, {\"a\": x}, [2,\"]\"], 3 ] "),
        (Format::Concatenated, "{\"a\":1} 2 \"three\" ] {\n \"b\": 4}"),
    ] {
        for cut in 0..=input.len() {
            let mut session = open(&engine(1), &config(format));
            session.feed(&input.as_bytes()[..cut]).unwrap();
            session.interrupt().unwrap();
            let told = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
            assert_eq!(told.termination(), Termination::Interrupted, "{format:?} {cut}");
            let at = told.stopped_at.unwrap() as usize;
            assert!(at <= cut);
            let expected = run_whole(&config(format), &input.as_bytes()[..at]);
            assert_eq!(told.counts, expected.counts, "{format:?} {cut}");
            assert_eq!(told.violations, expected.violations, "{format:?} {cut}");
        }
    }
}

#[test]
fn interruption_of_a_stream_that_has_ended_by_itself_changes_nothing() {
    let mut session = open(&engine(1), &config(Format::Array));
    session.feed(b"x").unwrap();
    session.feed(b"yz, ").unwrap();
    session.interrupt().unwrap();
    let told = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
    assert_eq!((told.termination(), told.stopped_at), (Termination::UnrecoverableSyntax, Some(0)));
}
