//! Runs streams through a session.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, unreachable_pub)]

pub mod compress;
pub mod fragments;
pub mod oracle;
pub mod records;

use jassay_engine::kernel::Choice;
use jassay_engine::merge::MergePlan;
use jassay_engine::proto::{
    Counts, DuplicateKeys, Format, InvalidOverStream, ProcessConfig, ProcessResult, Profile, Report, Termination, Validation,
    Verdict, ViolationCode,
};
use jassay_engine::{Engine, Flow, Halt, Merge, Plan, Session};
use prost::Message;
use std::sync::Arc;

pub const MEMORY: u64 = 1 << 30;

pub fn config(format: Format) -> ProcessConfig {
    ProcessConfig { format: format.into(), ..ProcessConfig::default() }
}

pub fn allowing_duplicates(format: Format) -> ProcessConfig {
    let validation = Validation { duplicate_keys: DuplicateKeys::Allow.into(), ..Validation::default() };
    ProcessConfig { validation: Some(validation), ..config(format) }
}

pub fn with_record_bytes(format: Format, max_record_bytes: u64) -> ProcessConfig {
    ProcessConfig { validation: Some(Validation { max_record_bytes, ..Validation::default() }), ..config(format) }
}

pub fn with_report(format: Format, report: Report) -> ProcessConfig {
    ProcessConfig { report: Some(report), ..config(format) }
}

/// An engine of so many threads. Engines of different thread counts use different kernels, so that what is compared between them is
/// compared between kernels too.
pub fn engine(threads: usize) -> Arc<Engine> {
    let kernels = Choice::available();
    Arc::new(Engine::with_kernel(threads, MEMORY, kernels[threads % kernels.len()]).unwrap())
}

/// The result of the stream that `slabs` make, without timing and provenance.
pub fn run<'a>(engine: &Arc<Engine>, config: &ProcessConfig, slabs: impl IntoIterator<Item = &'a [u8]>) -> ProcessResult {
    let plan = Arc::new(Plan::compile(&config.encode_to_vec()).unwrap());
    let mut session = Session::new(engine.clone(), plan);
    for slab in slabs {
        if session.feed(slab).unwrap() == Flow::Done {
            break;
        }
    }
    let mut result = ProcessResult::decode(&session.finish().unwrap()[..]).unwrap();
    drop(session);
    result.timing = None;
    result.provenance = None;
    result
}

/// The state that the stream leaves behind.
pub fn state(engine: &Arc<Engine>, config: &ProcessConfig, input: impl AsRef<[u8]>) -> Vec<u8> {
    let profile = Profile { with_state: true, ..config.profile.unwrap_or_default() };
    let config = ProcessConfig { profile: Some(profile), ..config.clone() };
    let mut session = Session::new(engine.clone(), Arc::new(Plan::compile(&config.encode_to_vec()).unwrap()));
    session.feed(input.as_ref()).unwrap();
    session.state().unwrap().unwrap().as_slice().to_vec()
}

/// The result of the states, without timing and provenance, and their state.
pub fn merge<'a>(engine: &Arc<Engine>, slabs: impl IntoIterator<Item = &'a [u8]>) -> Result<(ProcessResult, Vec<u8>), Halt> {
    let mut merge = Merge::new(engine.clone(), MergePlan { with_state: true, keep_positions: false });
    for slab in slabs {
        merge.feed(slab)?;
    }
    let state = merge.state()?.map(|state| state.as_slice().to_vec()).unwrap_or_default();
    let mut result = ProcessResult::decode(&merge.finish()?[..]).unwrap();
    result.timing = None;
    result.provenance = None;
    Ok((result, state))
}

pub fn run_whole(config: &ProcessConfig, input: impl AsRef<[u8]>) -> ProcessResult {
    run(&engine(1), config, [input.as_ref()])
}

pub fn judge(format: Format, input: impl AsRef<[u8]>) -> ProcessResult {
    run_whole(&config(format), input)
}

/// What tests look at first: code, record, line, offset, length and error offset of each violation.
pub type Found = (ViolationCode, u64, u64, u64, u64, u64);

pub fn found(result: &ProcessResult) -> Vec<Found> {
    let of =
        |v: &jassay_engine::proto::Violation| (v.code(), v.record_index, v.line, v.byte_offset, v.byte_length, v.error_offset);
    result.violations.iter().map(of).collect()
}

pub fn counts(result: &ProcessResult) -> Counts {
    result.counts.unwrap()
}

/// Records, valid ones, termination and where it stopped.
pub fn outcome(result: &ProcessResult) -> (u64, u64, Termination, Option<u64>) {
    let counts = counts(result);
    let pass = counts.invalid == 0 && result.termination() == Termination::Complete;
    assert_eq!(result.verdict(), if pass { Verdict::Pass } else { Verdict::Fail });
    assert_eq!(counts.records, counts.valid + counts.invalid);
    assert_eq!(counts.invalid, counts.malformed + counts.oversize);
    assert_eq!(counts.violations, counts.invalid);
    assert_eq!(counts.invalid, result.groups.iter().map(|group| group.count).sum::<u64>());
    (counts.records, counts.valid, result.termination(), result.stopped_at)
}

/// What a result tells of invalid records that begin at these offsets of so many bytes.
pub fn over_stream(offsets: impl IntoIterator<Item = u64>, bytes: u64) -> Option<InvalidOverStream> {
    let mut bucket_bytes = 1024;
    while bucket_bytes * 512 <= bytes {
        bucket_bytes *= 2;
    }
    let buckets: Vec<u64> = offsets.into_iter().map(|offset| offset / bucket_bytes).collect();
    let last = *buckets.iter().max()?;
    let counts = (0..=last).map(|bucket| buckets.iter().filter(|of| **of == bucket).count() as u64).collect();
    Some(InvalidOverStream { bucket_bytes, counts })
}

/// A small generator of numbers that is the same for ever (SplitMix64, Steele, Lea and Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}
