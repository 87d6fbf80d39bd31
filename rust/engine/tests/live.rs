//! What is told of a stream while it is judged: the same for every cut and every number of threads, and what an oracle says.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod common;

use common::compress::gzip;
use common::fragments::random_input;
use common::*;
use jassay_engine::live::{Listener, Told, Wanted};
use jassay_engine::proto::process_event::Event;
use jassay_engine::proto::{
    Format, LiveViolations, ProcessConfig, ProcessEvent, ProcessResult, Record, RecordContent, Report, Split, SplitRecords,
    Termination, Validation, Violation,
};
use jassay_engine::{Engine, Halt, Plan, Session};
use prost::Message;
use std::ops::Range;
use std::sync::{Arc, Mutex};

const FORMATS: [Format; 5] = [Format::Unspecified, Format::Ndjson, Format::Array, Format::Concatenated, Format::Document];
const ALL: Wanted = Wanted { events: true, outputs: true };
const EVENTS: Wanted = Wanted { events: true, outputs: false };
const OUTPUTS: Wanted = Wanted { events: false, outputs: true };

/// All that was heard, in its order.
#[derive(Debug, Default, Clone, PartialEq)]
struct Heard {
    accepted: Vec<ProcessConfig>,
    violations: Vec<Violation>,
    records: Vec<Record>,
    valid: Vec<u8>,
    invalid: Vec<u8>,
    largest: usize,
    events: usize,
}

impl Heard {
    /// Pieces of a record become one.
    fn whole_records(&self) -> Vec<Record> {
        let mut whole: Vec<Record> = Vec::new();
        for piece in &self.records {
            match whole.last_mut().filter(|before| !before.last) {
                Some(before) => {
                    assert_eq!((before.record_index, before.line, before.valid), (piece.record_index, piece.line, piece.valid));
                    assert_eq!(before.byte_offset + before.byte_length, piece.byte_offset);
                    before.byte_length += piece.byte_length;
                    before.content.extend(&piece.content);
                    before.last = piece.last;
                }
                None => whole.push(piece.clone()),
            }
        }
        whole
    }
}

#[derive(Debug, Clone, Default)]
struct Ear(Arc<Mutex<Heard>>);

impl Listener for Ear {
    fn hear(&mut self, told: Told<'_>) -> Result<(), Halt> {
        let heard = &mut *self.0.lock().unwrap();
        match told {
            Told::Valid(bytes) => heard.valid.extend(bytes),
            Told::Invalid(bytes) => heard.invalid.extend(bytes),
            Told::Event(bytes) => {
                heard.largest = heard.largest.max(bytes.len());
                heard.events += 1;
                match ProcessEvent::decode(bytes).unwrap().event.unwrap() {
                    Event::Accepted(accepted) => heard.accepted.push(accepted.config.unwrap()),
                    Event::Violations(batch) => heard.violations.extend(batch.violations),
                    Event::Records(batch) => {
                        // No record is told before its violations.
                        let told = heard.violations.last().map_or(0, |last| last.record_index + 1);
                        let all = heard.accepted[0].report.unwrap().live_violations() == LiveViolations::All;
                        assert!(!all || batch.records.iter().filter(|it| !it.valid && it.last).all(|it| it.record_index < told));
                        heard.records.extend(batch.records);
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
        Ok(())
    }
}

fn listen<'a>(
    engine: &Arc<Engine>,
    config: &ProcessConfig,
    wanted: Wanted,
    slabs: impl IntoIterator<Item = &'a [u8]>,
    flush: bool,
) -> (ProcessResult, Heard) {
    let ear = Ear::default();
    let mut session = Session::new(engine.clone(), Arc::new(Plan::compile(&config.encode_to_vec()).unwrap()));
    session.listen(Box::new(ear.clone()), wanted).unwrap();
    for slab in slabs {
        session.feed(slab).unwrap();
        if flush {
            session.flush().unwrap();
        }
    }
    let mut result = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
    (result.timing, result.provenance) = (None, None);
    drop(session);
    let heard = ear.0.lock().unwrap().clone();
    (result, heard)
}

fn split(config: ProcessConfig, records: SplitRecords, content: RecordContent) -> ProcessConfig {
    ProcessConfig { split: Some(Split { records: records.into(), content: content.into() }), ..config }
}

fn every_sample() -> Report {
    Report { max_violations: 100_000, max_per_group: 1000, ..Report::default() }
}

/// What must not depend on the cut.
fn comparable(mut heard: Heard) -> Heard {
    heard.records = heard.whole_records();
    (heard.largest, heard.events) = (0, 0);
    heard
}

#[test]
fn what_is_heard_of_small_inputs_is_the_same_for_every_cut_and_flush() {
    let engine = engine(1);
    for seed in 0..1500 {
        let mut random = Random(seed ^ 0x11fe);
        let input = random_input(&mut random);
        let validation = Validation { max_record_bytes: [0, 1, 4, 7, 20][random.below(5)], ..Validation::default() };
        let report =
            Report { live_violations: random.below(4) as i32, max_per_group: random.below(3) as u32, ..Report::default() };
        let format = FORMATS[random.below(FORMATS.len())].into();
        let config = ProcessConfig { format, validation: Some(validation), report: Some(report), ..ProcessConfig::default() };
        let config = split(config, SplitRecords::Both, RecordContent::Bytes);
        let (result, heard) = listen(&engine, &config, ALL, [&input[..]], false);
        assert_eq!(result, run(&engine, &config, [&input[..]]), "seed {seed}: listening changes nothing");
        let heard = comparable(heard);
        for cut in 0..=input.len() {
            let (head, tail) = input.split_at(cut);
            let (_, other) = listen(&engine, &config, ALL, [head, tail], cut % 2 == 0);
            assert_eq!(comparable(other), heard, "seed {seed}, cut at {cut}, {:?}", String::from_utf8_lossy(&input));
        }
        let (_, bytewise) = listen(&engine, &config, ALL, input.chunks(1), true);
        assert_eq!(comparable(bytewise), heard, "seed {seed}");
    }
}

/// Where a record's content ends that is too long to be kept: where the white space after it does.
fn end_of_oversize(format: Format, input: &[u8], record: &Range<usize>, truncated: bool) -> usize {
    let is_white = |at: &usize| match format {
        Format::Ndjson => input[*at] != b'\n',
        Format::Array => b" \t\r\n".contains(&input[*at]),
        _ => truncated,
    };
    (record.end..input.len()).find(|at| !is_white(at)).unwrap_or(input.len())
}

#[test]
fn records_and_violations_are_those_that_the_oracle_finds() {
    let engine = engine(2);
    for seed in 0..6000 {
        let mut random = Random(seed ^ 0x0ac1_e000);
        let input = random_input(&mut random);
        let first = input.first_chunk::<2>().copied().unwrap_or_default();
        if first.contains(&0) && input.len() > 1 || first == [0xff, 0xfe] || input.starts_with(b"\xef\xbb\xbf") {
            continue;
        }
        let max_record_bytes = [1 << 20, 5, 9][random.below(3)];
        for format in [Format::Ndjson, Format::Array, Format::Concatenated] {
            let config = ProcessConfig { report: Some(every_sample()), ..with_record_bytes(format, max_record_bytes) };
            let config = split(config, SplitRecords::Both, RecordContent::Bytes);
            let (result, heard) = listen(&engine, &config, ALL, input.chunks(1 + seed as usize % 7), seed % 2 == 0);
            let about = || format!("seed {seed} {format:?} {:?}", String::from_utf8_lossy(&input));
            let (records, termination) = oracle::frame(format, &input);
            assert_eq!(heard.violations, result.violations, "{}", about());
            let told = heard.whole_records();
            assert_eq!(told.len(), records.len(), "{}", about());
            let mut outputs: [Vec<&[u8]>; 2] = [Vec::new(), Vec::new()];
            for (index, (told, record)) in (0..).zip(told.iter().zip(&records)) {
                let oversize = record.len() as u64 > max_record_bytes;
                let truncated = termination == Termination::InputTruncated && index + 1 == records.len() as u64;
                let padded = end_of_oversize(format, &input, record, truncated);
                let end = if oversize { padded } else { record.end };
                assert_eq!(told.content, &input[record.start..end], "{}", about());
                let lines = input[..record.start].iter().filter(|byte| **byte == b'\n').count() as u64;
                let place = (told.record_index, told.line, told.byte_offset, told.byte_length, told.last);
                assert_eq!(place, (index, lines + 1, record.start as u64, (end - record.start) as u64, true), "{}", about());
                assert_eq!(told.valid, result.violations.iter().all(|it| it.record_index != index), "{}", about());
                let output = if format == Format::Ndjson { record.start..padded } else { record.start..end };
                outputs[usize::from(!told.valid)].push(&input[output]);
            }
            for (found, expected) in [&heard.valid, &heard.invalid].into_iter().zip(outputs) {
                let mut expected = expected;
                expected.retain(|record| !record.is_empty());
                let layout: Vec<u8> = match format {
                    Format::Array if expected.is_empty() => b"[]\n".to_vec(),
                    Format::Array => [b"[\n", &expected.join(&b",\n"[..])[..], b"\n]\n"].concat(),
                    _ => expected.into_iter().flat_map(|record| [record, b"\n"].concat()).collect(),
                };
                assert_eq!(String::from_utf8_lossy(found), String::from_utf8_lossy(&layout), "{}", about());
            }
        }
    }
}

/// Lines of some length, of which every seventh is faulty; more than one slab.
fn long_stream(lines: usize) -> Vec<u8> {
    (0..lines)
        .map(|n| match n % 7 {
            3 => format!("{{\"n\":{n},\"broken\":\"{}\",}}\n", "x".repeat(n % 90)),
            _ => format!("{{\"n\":{n},\"text\":\"{}\"}}\n", "y".repeat(n % 150)),
        })
        .flat_map(String::into_bytes)
        .collect()
}

#[test]
fn what_is_heard_of_large_inputs_is_the_same_for_threads_formats_and_compression() {
    let lines = long_stream(30_000);
    let joined = lines.strip_suffix(b"\n").unwrap().split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b" ,\n "[..]);
    let array = [b"[ ".as_slice(), &joined, b"\n]"].concat();
    for (format, input) in [(Format::Ndjson, &lines), (Format::Array, &array), (Format::Concatenated, &lines)] {
        let config = ProcessConfig { report: Some(every_sample()), ..config(format) };
        let config = split(config, SplitRecords::Both, RecordContent::Bytes);
        let (result, heard) = listen(&engine(1), &config, ALL, [&input[..]], false);
        assert!(heard.violations.len() > 1000 && heard.largest <= 1 << 20 && heard.events > 4, "{}", heard.events);
        assert_eq!(heard.whole_records().len() as u64, counts(&result).records);
        let heard = comparable(heard);
        for threads in 1..=4 {
            let (again, other) = listen(&engine(threads), &config, ALL, input.chunks(700_001), threads % 2 == 0);
            assert_eq!(again, result);
            assert!(comparable(other) == heard, "{format:?}, {threads} threads");
        }
        let packed = gzip(input);
        let (_, other) = listen(&engine(2), &config, ALL, packed.chunks(10_001), true);
        assert!(comparable(other) == heard, "{format:?}, compressed");
    }
}

#[test]
fn valid_output_of_lines_is_the_input_without_the_invalid_lines() {
    let lines = long_stream(30_000);
    let (_, heard) = listen(&engine(2), &config(Format::Ndjson), OUTPUTS, lines.chunks(1 << 20), false);
    let of = |invalid: bool| -> Vec<u8> {
        let keep = |(n, _): &(usize, &[u8])| (n % 7 == 3) == invalid;
        lines.split_inclusive(|byte| *byte == b'\n').enumerate().filter(keep).flat_map(|(_, line)| line.to_vec()).collect()
    };
    assert!(heard.valid == of(false) && heard.invalid == of(true));
    assert_eq!((heard.events, heard.records.len()), (0, 0));
}

#[test]
fn record_longer_than_a_batch_comes_in_pieces_of_which_the_last_is_marked() {
    let long = format!("{{\"text\":\"{}\"}}", "z".repeat(3 << 20));
    let input = format!("1\n{long}\n2\n");
    let config = split(config(Format::Ndjson), SplitRecords::Valid, RecordContent::Bytes);
    let (_, heard) = listen(&engine(1), &config, EVENTS, input.as_bytes().chunks(1 << 20), false);
    assert!(heard.largest <= 1 << 20);
    let marks: Vec<_> = heard.records.iter().map(|record| (record.record_index, record.last)).collect();
    assert_eq!(marks, [(0, true), (1, false), (1, false), (1, false), (1, true), (2, true)]);
    assert_eq!(heard.records[1].byte_length, 1_047_552);
    assert_eq!(heard.whole_records()[1].content, long.as_bytes());
}

#[test]
fn oversize_record_passes_in_pieces_and_its_violation_comes_before_the_last() {
    let long = "9".repeat(3 << 20);
    let input = format!("1\n{long}  \r\n2\n");
    let config = split(with_record_bytes(Format::Ndjson, 1000), SplitRecords::Invalid, RecordContent::Bytes);
    let (result, heard) = listen(&engine(1), &config, ALL, input.as_bytes().chunks(100_000), true);
    assert_eq!(counts(&result).oversize, 1);
    assert_eq!(heard.violations, result.violations);
    let whole = heard.whole_records();
    assert!(whole.len() == 1 && whole[0].content == format!("{long}  \r").as_bytes() && heard.records.len() > 10);
    assert!(heard.invalid == format!("{long}  \r\n").as_bytes() && heard.valid == b"1\n2\n");
    let ranges = split(config, SplitRecords::Invalid, RecordContent::Ranges);
    let (_, heard) = listen(&engine(1), &ranges, EVENTS, input.as_bytes().chunks(100_000), true);
    let place = |it: &Record| (it.record_index, it.line, it.byte_offset, it.byte_length, it.last, it.content.len());
    assert_eq!(heard.records.iter().map(place).collect::<Vec<_>>(), [(1, 2, 2, 3 << 20, true, 0)]);
}

#[test]
fn white_space_where_a_record_becomes_too_long_is_passed_too() {
    let input = b"1234 \t \t   5\n";
    let config = split(with_record_bytes(Format::Ndjson, 4), SplitRecords::Both, RecordContent::Bytes);
    for size in 1..=input.len() {
        let (_, heard) = listen(&engine(1), &config, ALL, input.chunks(size), false);
        assert_eq!(heard.whole_records()[0].content, b"1234 \t \t   5", "slabs of {size}");
        assert_eq!(heard.invalid, input);
    }
}

#[test]
fn violations_told_are_all_or_the_samples_or_none() {
    let input = "x\n".repeat(50);
    let told = |live_violations: LiveViolations| {
        let report = Report { max_per_group: 3, live_violations: live_violations.into(), ..Report::default() };
        let (result, heard) = listen(&engine(1), &with_report(Format::Ndjson, report), EVENTS, [input.as_bytes()], false);
        assert_eq!(result.violations.len(), 3);
        assert!(heard.violations.starts_with(&result.violations[..heard.violations.len().min(3)]));
        heard.violations.len()
    };
    let counts = [LiveViolations::Unspecified, LiveViolations::All, LiveViolations::Samples, LiveViolations::None].map(told);
    assert_eq!(counts, [50, 50, 3, 0]);
}

#[test]
fn accepted_comes_first_with_the_defaults_in_place() {
    let (_, heard) = listen(
        &engine(1),
        &split(config(Format::Unspecified), SplitRecords::Unspecified, RecordContent::Unspecified),
        EVENTS,
        [],
        false,
    );
    assert_eq!(heard.accepted.len(), 1);
    let config = &heard.accepted[0];
    assert_eq!(config.validation.as_ref().unwrap().max_record_bytes, 16 << 20);
    assert_eq!(config.report.unwrap().live_violations(), LiveViolations::All);
    let split = config.split.unwrap();
    assert_eq!((split.records(), split.content()), (SplitRecords::Invalid, RecordContent::Bytes));
    assert_eq!((config.format(), config.profile.as_ref().unwrap().max_paths), (Format::Unspecified, 2048));
}

#[test]
fn flush_tells_what_was_fed_so_far_compressed_or_not() {
    let lines = long_stream(60_000);
    for (input, held) in [(lines.clone(), 0), (gzip(&lines), 16 << 10)] {
        let ear = Ear::default();
        let mut session = Session::new(engine(2), Arc::new(Plan::compile(&[]).unwrap()));
        session.listen(Box::new(ear.clone()), EVENTS).unwrap();
        let share = (input.len() - held) as u64 * 9 / 10 / (input.len() as u64 / 1000);
        session.feed(&input[..input.len() - held]).unwrap();
        session.flush().unwrap();
        let records = session.progress().records;
        assert!(records >= 60 * share, "{records} of 60000, {share}");
        assert_eq!(ear.0.lock().unwrap().violations.len() as u64, (records + 3) / 7);
    }
}

#[test]
fn listener_that_fails_halts_the_session_and_all_memory_returns() {
    #[derive(Debug)]
    struct Deaf;
    impl Listener for Deaf {
        fn hear(&mut self, told: Told<'_>) -> Result<(), Halt> {
            if matches!(told, Told::Event(bytes) if bytes.len() > 5000) { Err(Halt::Cancelled) } else { Ok(()) }
        }
    }
    let engine = engine(2);
    let mut session = Session::new(engine.clone(), Arc::new(Plan::compile(&[]).unwrap()));
    session.listen(Box::new(Deaf), EVENTS).unwrap();
    let halted = session.feed(&long_stream(60_000));
    assert!(matches!(halted, Err(Halt::Cancelled)), "{halted:?}");
    drop(session);
    assert_eq!(engine.budget().reserved(), 0);
}
