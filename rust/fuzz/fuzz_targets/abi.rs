//! Any order of calls with any config and bytes gives statuses, and leaves nothing behind.
#![no_main]

use jassay::SessionProgress;
use libfuzzer_sys::fuzz_target;
use std::ptr::{null, null_mut};

fuzz_target!(|data: &[u8]| {
    let [config_length, merges, rest @ ..] = data else { return };
    let plan_new = if merges % 2 == 0 { jassay::jassay_plan_new } else { jassay::jassay_merge_plan_new };
    let (config, calls) = rest.split_at(rest.len().min(usize::from(*config_length)));
    let (mut engine, mut plan, mut session) = (null_mut(), null_mut(), null_mut());
    // SAFETY: each object is used between its making and its freeing, and every place is valid.
    unsafe {
        assert_eq!(jassay::jassay_engine_new(1, 1 << 22, &mut engine, null_mut()), 0);
        if plan_new(engine, config.as_ptr(), config.len() as u64, &mut plan, null_mut()) == 0 {
            assert_eq!(jassay::jassay_session_new(engine, plan, &mut session, null_mut()), 0);
        }
        let mut calls = calls;
        while let [call, rest @ ..] = calls {
            let (bytes, rest) = rest.split_at(rest.len().min(usize::from(*call)));
            let status = match call {
                0 => {
                    let (mut result, mut length) = (null(), 0);
                    jassay::jassay_session_finish(session, &mut result, &mut length, null_mut())
                }
                2 => {
                    let (mut state, mut length) = (null(), 0);
                    jassay::jassay_session_state(session, &mut state, &mut length, null_mut())
                }
                1 => {
                    jassay::jassay_session_cancel(session);
                    0
                }
                3 => jassay::jassay_session_interrupt(session, null_mut()),
                4 => {
                    let mut progress = SessionProgress { bytes: 0, records: 0, invalid: 0, stopped_at: 0, termination: 0, reserved: 0 };
                    let (source, length) = (bytes.as_ptr(), bytes.len() as u64);
                    jassay::jassay_session_end_part(session, 0, source, length, &mut progress, null_mut())
                }
                _ => jassay::jassay_session_feed(session, bytes.as_ptr(), bytes.len() as u64, null_mut()),
            };
            assert!((0..=10).contains(&status) && status != 7, "{status}");
            calls = rest;
        }
        jassay::jassay_session_free(session);
        jassay::jassay_plan_free(plan);
        let mut usage = jassay::Usage::default();
        assert_eq!(jassay::jassay_engine_usage(engine, &mut usage, null_mut()), 0);
        assert_eq!((usage.memory_reserved, usage.plans, usage.sessions), (0, 0, 0));
        jassay::jassay_engine_free(engine);
    }
});
