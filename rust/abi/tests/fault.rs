//! A panic becomes a status, and the process lives on. Needs the feature that provokes faults.
#![cfg(feature = "fault-injection")]
#![allow(unsafe_code, missing_docs)]

mod caller;

use caller::{Caller, SPENT};
use std::ptr::null_mut;

/// A config with the label `jassay.fault`: `panic`.
const PANICKING: &[u8] = b"\x42\x15\x0a\x0cjassay.fault\x12\x05panic";

#[test]
fn panic_in_a_worker_or_on_the_calling_thread_is_a_fault_that_spends_the_session() {
    let caller = Caller::new(3, 1 << 28);
    let before = caller.usage().sessions;
    for length in [100, 4 << 20] {
        let bytes = b"{\"a\":1}\n".repeat(length / 8);
        for _ in 0..20 {
            let session = caller.session(PANICKING);
            // SAFETY: the session is alive until it is freed.
            unsafe {
                let feed = || jassay::jassay_session_feed(session, bytes.as_ptr(), bytes.len() as u64, null_mut());
                assert_eq!((feed(), feed()), (jassay::Status::EngineFault as i32, SPENT));
                jassay::jassay_session_free(session);
            }
        }
        let counts = caller.process(&[], &[&bytes]).counts.unwrap_or_default();
        assert_eq!(counts.valid, bytes.len() as u64 / 8);
    }
    assert_eq!((caller.usage().memory_reserved, caller.usage().sessions), (0, before));
}
