//! The result is the same however the stream is cut and however many threads judge it, and it is what an oracle too simple to be wrong
//! says.
#![allow(missing_docs)]

mod common;

use common::fragments::random_input;
use common::*;
use jassay_engine::Engine;
use jassay_engine::proto::Format::{Array, Concatenated, Document, Ndjson, Unspecified};
use jassay_engine::proto::{Format, ProcessConfig, ProcessResult, Report, Validation};
use std::sync::Arc;

const FORMATS: [Format; 5] = [Unspecified, Ndjson, Array, Concatenated, Document];

fn random_config(random: &mut Random) -> ProcessConfig {
    let validation = Validation {
        duplicate_keys: random.below(3) as i32,
        max_depth: [0, 1, 3][random.below(3)],
        max_record_bytes: [0, 0, 1, 7, 20][random.below(5)],
        ..Validation::default()
    };
    let report = Report {
        max_violations: [0, 1, 3][random.below(3)],
        max_per_group: [0, 1, 2][random.below(3)],
        max_preview_bytes: [0, 1, 5][random.below(3)],
        ..Report::default()
    };
    ProcessConfig {
        format: FORMATS[random.below(FORMATS.len())].into(),
        validation: Some(validation),
        report: Some(report),
        ..ProcessConfig::default()
    }
}

/// How many random streams each property tries.
fn cases(default: u64) -> u64 {
    std::env::var("JASSAY_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(default)
}

#[test]
fn result_of_small_inputs_is_the_same_for_every_cut() {
    let engine = engine(1);
    for seed in 0..cases(4000) {
        let mut random = Random(seed);
        let (input, config) = (random_input(&mut random), random_config(&mut random));
        let whole = run(&engine, &config, [&input[..]]);
        outcome(&whole);
        for cut in 0..=input.len() {
            let (head, tail) = input.split_at(cut);
            assert_eq!(run(&engine, &config, [head, tail]), whole, "seed {seed}, cut at {cut}");
        }
        for size in [1, 2, 3] {
            assert_eq!(run(&engine, &config, input.chunks(size)), whole, "seed {seed}, slabs of {size}");
        }
    }
}

#[test]
fn framing_is_what_the_oracle_says() {
    for seed in 0..cases(20_000) {
        let mut random = Random(seed ^ 0x0f0f_0000);
        let input = random_input(&mut random);
        if input.first_chunk::<2>().is_some_and(|first| first.contains(&0) || *first == [0xff, 0xfe])
            || input.starts_with(b"\xef\xbb\xbf")
        {
            continue;
        }
        for format in [Ndjson, Array, Concatenated] {
            let result = run_whole(&with_report(format, Report { max_per_group: 1000, ..Report::default() }), &input);
            let (records, termination) = oracle::frame(format, &input);
            assert_eq!(result.termination(), termination, "seed {seed} {format:?} {:?}", String::from_utf8_lossy(&input));
            assert_eq!(
                counts(&result).records,
                records.len() as u64,
                "seed {seed} {format:?} {:?}",
                String::from_utf8_lossy(&input)
            );
            for violation in &result.violations {
                let expected = &records[violation.record_index as usize];
                let found = (violation.byte_offset as usize, violation.byte_length as usize);
                assert_eq!(found, (expected.start, expected.end - expected.start), "seed {seed} {format:?}");
                let lines = input[..expected.start].iter().filter(|byte| **byte == b'\n').count();
                assert_eq!(violation.line, lines as u64 + 1);
            }
        }
    }
}

/// Some blocks full of records, good and bad, as `format` has them.
fn large_input(format: Format, seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    let mut input = Vec::new();
    if format == Array {
        input.push(b'[');
    }
    while input.len() < 5_000_000 {
        let number = random.next();
        let name = "n".repeat(random.below(300));
        let record = match random.below(40) {
            0 => format!("{{\"id\":{number},\"bad\":[1,{{\"x\":nul}}]}}"),
            1 => format!("{{\"id\":{number},\"id\":1}}"),
            2 => format!("{{\"id\":{number},\"k{}\":x}}", random.below(3000)),
            3 => format!("{{\"id\":{number},\"s\":\"\\ud800\"}}"),
            _ => format!("{{\"id\":{number},\"name\":\"{name}\",\"tags\":[\"a\",\"b\\n\"],\"n\":{{\"x\":-1.5e3}}}}"),
        };
        if format == Array && input.len() > 1 {
            input.push(b',');
        }
        input.extend_from_slice(record.as_bytes());
        input.extend_from_slice(random.pick(&["\n", "\n", "\r\n", "\n\n"]).as_bytes());
    }
    if format == Array {
        input.push(b']');
    }
    input
}

#[test]
fn result_of_large_inputs_is_the_same_for_every_thread_count_and_slab_size() {
    let engines: Vec<Arc<Engine>> = (1..=8).map(engine).collect();
    for format in [Ndjson, Array, Concatenated] {
        let input = large_input(format, 7);
        for report in [Report::default(), Report { max_violations: 100_000, max_per_group: 2, ..Report::default() }] {
            let config = with_report(format, report);
            let expected = run(&engines[0], &config, [&input[..]]);
            assert!(counts(&expected).invalid > 100 && expected.groups.len() > 10);
            for engine in &engines {
                for size in [1_000, 65_537, 1 << 20, input.len()] {
                    let result: ProcessResult = run(engine, &config, input.chunks(size));
                    assert_eq!(result, expected, "{format:?}, {} threads, slabs of {size}", engine.threads());
                }
            }
        }
    }
}

/// Streams whose slabs of a mebibyte end in ways that are awkward for several threads.
fn awkward_inputs() -> Vec<(Format, Vec<u8>)> {
    let long = format!("{{\"long\":\"{}\"}}", "x".repeat(1_200_000));
    let numbers = |separator: &str| format!("1{separator}").repeat(1_100_000);
    let mut inputs = vec![
        (Concatenated, format!("{long}{long}1{long}")),
        (Array, format!("[{long},{long},1,{long}]")),
        (Array, format!("[{}5}}", numbers(","))),
        (Array, format!("[{}x}}", numbers(","))),
        (Array, format!("[{} 5 ] x", numbers(","))),
    ];
    // A long value, or what ends an array, at and around the ends of slabs and of blocks.
    for length in [(1 << 17) - 1, 1 << 17, (1 << 20) - 1, 1 << 20, 2 << 20] {
        let fill = |separator: &str| numbers(separator)[..length & !1].to_owned() + &" ".repeat(length & 1);
        inputs.extend([
            (Concatenated, format!("{}{long}2", fill(" "))),
            (Concatenated, format!("{}1{long}2", &fill(" ")[1..])),
            (Concatenated, format!("{}1\"{long}", &fill(" ")[1..])),
            (Array, format!("[{}{long},2]", &fill(",")[2..])),
            (Array, format!("[{}{long},2]", &fill(",")[..length & !1])),
            (Array, format!("[{}}} {long}", &fill(",")[..length & !1])),
        ]);
    }
    inputs.into_iter().map(|(format, input)| (format, input.into_bytes())).collect()
}

#[test]
fn result_of_awkward_inputs_is_the_same_for_every_thread_count_and_slab_size() {
    let engines: Vec<Arc<Engine>> = (1..=3).map(engine).collect();
    for (format, input) in awkward_inputs() {
        let config = with_report(format, Report::default());
        let expected = run(&engines[0], &config, input.chunks(1000));
        for engine in &engines {
            for size in [1 << 20, 2 << 20, input.len()] {
                let result: ProcessResult = run(engine, &config, input.chunks(size));
                let shown = String::from_utf8_lossy(&input[input.len() - 20..]).into_owned();
                assert_eq!(
                    result,
                    expected,
                    "{format:?}, {} bytes, ...{shown}, {} threads, {size}",
                    input.len(),
                    engine.threads()
                );
            }
        }
    }
}

#[test]
fn samples_are_the_first_of_their_groups_in_the_order_of_the_stream() {
    let input = large_input(Ndjson, 11);
    let all = Report { max_violations: 100_000, max_per_group: 1000, ..Report::default() };
    let all = run_whole(&with_report(Ndjson, all), &input);
    assert_eq!(all.violations.len() as u64, counts(&all).invalid);
    let some = Report { max_violations: 300, max_per_group: 3, ..Report::default() };
    let some = run(&engine(3), &with_report(Ndjson, some), input.chunks(70_000));
    let mut taken = std::collections::HashMap::new();
    let star =
        |pointer: &str| pointer.split('/').map(|s| if s.parse::<u32>().is_ok() { "*" } else { s }).collect::<Vec<_>>().join("/");
    let mut expected: Vec<_> = all.violations.clone();
    expected.retain(|violation| {
        let count = taken.entry((violation.code, star(&violation.instance_pointer))).or_insert(0);
        *count += 1;
        *count <= 3
    });
    expected.truncate(300);
    assert_eq!(some.violations, expected);
}
