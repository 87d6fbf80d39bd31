//! Whatever a kernel lets pass or not, the counts are those of the clear judge, and serde_json agrees where its rules are the same.
#![no_main]

use jassay_engine::frame::trim;
use jassay_engine::judge::{Judge, Judgement, Rules};
use jassay_engine::kernel::Choice;
use jassay_engine::memory::Budget;
use jassay_engine::proto::{DuplicateKeys, Format, ProcessConfig, ProcessResult, Validation};
use jassay_engine::{Engine, Plan, Session};
use libfuzzer_sys::fuzz_target;
use prost::Message;
use std::sync::{Arc, LazyLock};

/// serde_json gives up beyond.
const MAX_DEPTH: u32 = 127;

static ENGINES: LazyLock<Vec<Arc<Engine>>> = LazyLock::new(|| {
    let engine = |kernel| Arc::new(Engine::with_kernel(1, 1 << 30, kernel).expect("a thread can be had"));
    Choice::available().into_iter().map(engine).collect()
});

/// Valid and invalid records by the engine.
fn counts(engine: &Arc<Engine>, format: Format, keys: DuplicateKeys, data: &[u8]) -> (u64, u64) {
    let validation = Validation { duplicate_keys: keys.into(), max_depth: MAX_DEPTH, ..Validation::default() };
    let config = ProcessConfig { format: format.into(), validation: Some(validation), ..ProcessConfig::default() };
    let plan = Plan::compile(&config.encode_to_vec()).expect("the config is right");
    let mut session = Session::new(engine.clone(), Arc::new(plan));
    session.feed(data).expect("memory is ample");
    let result = ProcessResult::decode(&session.finish().expect("memory is ample")[..]).expect("the result is a message");
    result.counts.map_or((0, 0), |counts| (counts.valid, counts.invalid))
}

fuzz_target!(|data: &[u8]| {
    // Four bytes decide on other encodings, and three on a byte order mark, before any record is looked at.
    let data = [b"[1]\n\n", data].concat();
    for keys in [DuplicateKeys::Reject, DuplicateKeys::Allow] {
        let rules = Rules { allow_duplicate_keys: keys == DuplicateKeys::Allow, max_depth: MAX_DEPTH, max_record_bytes: 1 << 20 };
        let mut judge = Judge::new(rules, Arc::new(Budget::new(1 << 30)), Arc::default());
        let mut expected = (0, 0);
        for line in data.split(|byte| *byte == b'\n') {
            let (start, end) = trim(line);
            if start < end {
                match judge.judge(&line[start..end]).expect("memory is ample") {
                    Judgement::Valid { .. } => expected.0 += 1,
                    Judgement::Invalid(_) => expected.1 += 1,
                }
            }
        }
        for engine in &*ENGINES {
            assert_eq!(counts(engine, Format::Ndjson, keys, &data), expected, "{:?}", engine.kernel());
        }
    }
    let document = &data[4..];
    for engine in &*ENGINES {
        let (valid, _) = counts(engine, Format::Document, DuplicateKeys::Allow, document);
        // What is ignored is not looked into there: bad UTF-8 and half surrogate pairs may pass.
        let theirs = serde_json::from_slice::<serde::de::IgnoredAny>(document);
        assert!(valid == 0 || theirs.is_ok(), "{:?}: {theirs:?}", engine.kernel());
    }
});
