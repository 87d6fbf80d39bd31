//! A stream cut anywhere has the result of the stream whole, in every format, and its counts add up.
#![no_main]

use jassay_engine::proto::{Compression, ProcessConfig, ProcessResult, Validation};
use jassay_engine::{Engine, Flow, Plan, Session};
use libfuzzer_sys::fuzz_target;
use prost::Message;
use std::sync::{Arc, LazyLock};

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| Arc::new(Engine::new(1, 1 << 28).expect("no pool to build")));

fn run<'a>(plan: &Arc<Plan>, slabs: impl Iterator<Item = &'a [u8]>) -> ProcessResult {
    let mut session = Session::new(ENGINE.clone(), plan.clone());
    for slab in slabs {
        if session.feed(slab).expect("memory is ample") == Flow::Done {
            break;
        }
    }
    let mut result = ProcessResult::decode(&session.finish().expect("memory is ample")[..]).expect("encoded here");
    result.timing = None;
    result
}

/// Where the records are, for the formats after the last.
const RECORDS_PATHS: [&str; 3] = ["/a", "/1/b", "/a/0/"];

// The first bytes choose format, or where in a document the array is, limits and the size of slabs.
fuzz_target!(|data: &[u8]| {
    let [format, limits, size, input @ ..] = data else { return };
    let validation = Validation {
        duplicate_keys: i32::from(limits % 3),
        max_depth: u32::from(limits / 3 % 8),
        max_record_bytes: u64::from(limits / 24) * 9,
        ..Validation::default()
    };
    let (format, records_path) = match format % 8 {
        format @ ..5 => (i32::from(format), ""),
        path => (0, RECORDS_PATHS[usize::from(path) - 5]),
    };
    // Offsets are compared with the input, so it must not be taken for a compressed one.
    let compression = Compression::Identity.into();
    let records_path = records_path.to_owned();
    let config = ProcessConfig { format, compression, records_path, validation: Some(validation), ..ProcessConfig::default() };
    let plan = Arc::new(Plan::compile(&config.encode_to_vec()).expect("within bounds"));
    let whole = run(&plan, std::iter::once(input));
    let cut = run(&plan, input.chunks(usize::from(*size).max(1)));
    assert_eq!(whole, cut);
    let counts = whole.counts.expect("always there");
    assert_eq!(counts.records, counts.valid + counts.invalid);
    assert_eq!(counts.invalid, whole.groups.iter().map(|group| group.count).sum::<u64>());
    for violation in &whole.violations {
        assert!(violation.byte_offset + violation.byte_length <= input.len() as u64);
        assert!(violation.error_offset >= violation.byte_offset);
        assert!(violation.error_offset <= violation.byte_offset + violation.byte_length);
    }
});
