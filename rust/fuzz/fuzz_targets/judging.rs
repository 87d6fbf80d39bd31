//! serde_json agrees on every text, where its rules are the same.
#![no_main]

use jassay_engine::judge::{Detail, Judge, Judgement, Rules};
use jassay_engine::memory::Budget;
use jassay_engine::proto::ViolationCode;
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

/// serde_json gives up beyond.
const MAX_DEPTH: u32 = 127;

fuzz_target!(|data: &[u8]| {
    let record = data.trim_ascii();
    let rules = Rules { allow_duplicate_keys: true, max_depth: MAX_DEPTH, max_record_bytes: 1 << 28 };
    let mut judge = Judge::new(rules, Arc::new(Budget::new(1 << 30)), Arc::default());
    let judgement = judge.judge(record).expect("memory is ample");
    let theirs = serde_json::from_slice::<serde::de::IgnoredAny>(record);
    match judgement {
        Judgement::Valid { .. } => assert!(theirs.is_ok(), "{theirs:?}"),
        Judgement::Invalid(fault) => {
            assert!(fault.at <= record.len());
            let _ = (judge.pointer(record, &fault), fault.detail.to_string());
            let mut path = String::new();
            judge.path(record, &fault, &mut path);
            // What is ignored is not looked into: bad UTF-8 and half surrogate pairs pass there.
            let not_looked_at = matches!(fault.code, ViolationCode::InvalidUtf8 | ViolationCode::LoneSurrogate);
            assert!(theirs.is_err() || not_looked_at, "{:?} {}", fault.code, matches!(fault.detail, Detail::Unexpected { .. }));
        }
    }
});
