//! The ABI as a caller in C sees it.
#![allow(unsafe_code, missing_docs)]

mod caller;

use caller::{Caller, INVALID_ARGUMENT, SPENT, end_part, feed, finish, state, text};
use std::ffi::c_void;
use std::ptr::{null, null_mut};

const HEADER: &str = include_str!("../../include/jassay.h");

/// The number that the header gives to `name`.
fn header(name: &str) -> i64 {
    let after = HEADER.split(name).nth(1).map(|rest| rest.trim_start_matches([' ', '=']));
    let digits: String = after.into_iter().flat_map(str::chars).take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("the header gives no number to {name}"))
}

#[test]
fn header_statuses_and_sizes_are_those_of_the_library() {
    use jassay::Status;
    let statuses = [
        ("JASSAY_OK =", Status::Ok),
        ("JASSAY_DONE =", Status::Done),
        ("JASSAY_INVALID_ARGUMENT =", Status::InvalidArgument),
        ("JASSAY_CONFIG_UNREADABLE =", Status::ConfigUnreadable),
        ("JASSAY_CONFIG_INVALID =", Status::ConfigInvalid),
        ("JASSAY_MEMORY_REFUSED =", Status::MemoryRefused),
        ("JASSAY_CANCELLED =", Status::Cancelled),
        ("JASSAY_ENGINE_FAULT =", Status::EngineFault),
        ("JASSAY_SESSION_SPENT =", Status::SessionSpent),
        ("JASSAY_STATE_INCOMPATIBLE =", Status::StateIncompatible),
        ("JASSAY_STATE_DAMAGED =", Status::StateDamaged),
    ];
    for (name, status) in statuses {
        assert_eq!(header(name), status as i64, "{name}");
    }
    assert_eq!(header("#define JASSAY_ABI_VERSION"), i64::from(jassay::ABI_VERSION));
    let text_bytes = header("#define JASSAY_ERROR_TEXT_BYTES") as usize;
    assert_eq!(size_of::<jassay::Error>(), 8 + text_bytes);
    assert_eq!(std::mem::offset_of!(jassay::Error, text), 8);
    assert_eq!(size_of::<jassay::Usage>(), 32);
    assert_eq!(size_of::<jassay::SessionProgress>(), 40);
}

#[test]
fn version_and_kernel_are_terminated_text() {
    assert_eq!(text(jassay::jassay_version()), env!("CARGO_PKG_VERSION"));
    assert!(!text(jassay::jassay_kernel()).is_empty());
}

#[test]
fn session_fed_a_stream_gives_its_result() {
    let caller = Caller::new(2, 1 << 28);
    let result = caller.process(&[], &[b"{\"a\":1}\n{\"a\"", b":x}\n"]);
    let counts = result.counts.unwrap_or_default();
    assert_eq!((counts.records, counts.valid), (2, 1));
    assert_eq!(result.violations[0].error_offset, 13);
}

/// Counts what it is told by kind, and refuses to go on with invalid bytes after the first ones.
unsafe extern "C" fn listener(context: *mut c_void, told: u32, bytes: *const u8, length: u64) -> i32 {
    // SAFETY: the test's own counts, and bytes lent for the call.
    let (counts, bytes) = unsafe { (&mut *context.cast::<[u64; 4]>(), std::slice::from_raw_parts(bytes, length as usize)) };
    counts[told as usize] += bytes.len() as u64;
    i32::from(told == 3 && counts[3] > 2)
}

#[test]
fn session_that_is_listened_to_tells_events_and_outputs() {
    let caller = Caller::new(2, 1 << 28);
    let session = caller.session(&[]);
    let mut counts = [0_u64; 4];
    let context = (&raw mut counts).cast::<c_void>();
    // SAFETY: the session is alive, and the counts outlive it.
    unsafe {
        let listen = |wanted, function| jassay::jassay_session_listen(session, wanted, function, context, null_mut());
        assert_eq!(listen(1, None), INVALID_ARGUMENT);
        assert_eq!(listen(0, Some(listener)), INVALID_ARGUMENT);
        assert_eq!(listen(4, Some(listener)), INVALID_ARGUMENT);
        assert_eq!(listen(3, Some(listener)), 0);
        assert_eq!(feed(session, b"{}\nx\n"), 0);
        let accepted = counts[1];
        assert!(accepted > 0 && counts[2..] == [0, 0], "{counts:?}");
        assert_eq!(jassay::jassay_session_flush(session, null_mut()), 0);
        assert!(counts[1] > accepted && counts[2..] == [3, 2], "{counts:?}");
        assert_eq!(feed(session, b"y\n"), 0);
        assert_eq!(jassay::jassay_session_flush(session, null_mut()), jassay::Status::Cancelled as i32);
        assert_eq!(jassay::jassay_session_flush(session, null_mut()), SPENT);
        jassay::jassay_session_free(session);
    }
    let merge = caller.merge_session(&[]);
    // SAFETY: the session is alive.
    unsafe {
        assert_eq!(jassay::jassay_session_listen(merge, 1, Some(listener), context, null_mut()), INVALID_ARGUMENT);
        jassay::jassay_session_free(merge);
    }
    assert_eq!(caller.usage().memory_reserved, 0);
}

#[test]
fn states_of_sessions_merge_to_the_result_of_the_whole() {
    let caller = Caller::new(2, 1 << 28);
    // profile { with_state: true } part: 0, then 1
    let part = |part: u8, input: &[u8]| {
        let session = caller.session(&[0x2a, 2, 0x30, 1, 0x48, part]);
        assert_eq!(feed(session, input), 0);
        let state = state(session);
        assert_eq!(feed(session, b"ignored"), jassay::Status::Done as i32);
        assert_eq!(finish(session), 0);
        // SAFETY: nobody uses it any more.
        unsafe { jassay::jassay_session_free(session) };
        state
    };
    let states = [part(1, b"{\"a\":x}\n"), part(0, b"{\"a\":1}\n")];
    let merge = caller.merge_session(&[]);
    states.iter().for_each(|state| assert_eq!(feed(merge, state), 0));
    let result = caller.result(merge);
    assert_eq!(result.counts.unwrap_or_default().records, 2);
    assert_eq!((result.violations[0].record_index, result.violations[0].error_offset), (1, 13));
    for (slabs, expected) in [
        (&[&states[0][..], &states[0][..]][..], jassay::Status::StateIncompatible),
        (&[b"no state at all"], jassay::Status::StateDamaged),
    ] {
        let merge = caller.merge_session(&[]);
        assert_eq!(slabs.iter().map(|slab| feed(merge, slab)).max(), Some(expected as i32));
        // SAFETY: nobody uses it any more.
        unsafe { jassay::jassay_session_free(merge) };
    }
    assert_eq!(caller.usage().memory_reserved, 0);
}

#[test]
fn parts_that_end_in_a_session_are_merged_and_leave_it_spent() {
    let caller = Caller::new(2, 1 << 28);
    // profile { with_state: true }; keep_positions: true
    let (parts, merge) = (caller.session(&[0x2a, 2, 0x30, 1]), caller.merge_session(&[0x10, 1]));
    for (number, (source, input)) in [("a", &b"1\n"[..]), ("b", b"{\"a\":x}\n{")].into_iter().enumerate() {
        assert_eq!(feed(parts, input), 0);
        let progress = end_part(parts, number as u32, source.as_bytes());
        assert_eq!((progress.bytes, progress.records), (input.len() as u64, number as u64 + 1));
        assert_eq!((progress.invalid, progress.termination, progress.stopped_at), (2 * number as u64, 1, 0));
    }
    // SAFETY: both are alive.
    unsafe {
        assert_eq!(jassay::jassay_session_merge(parts, merge, null_mut()), INVALID_ARGUMENT);
        jassay::jassay_session_free(parts);
        let parts = caller.session(&[0x2a, 2, 0x30, 1]);
        assert_eq!(feed(parts, b"x\n"), 0);
        end_part(parts, 0, b"a");
        let merge_again = caller.merge_session(&[0x10, 1]);
        assert_eq!(jassay::jassay_session_merge(merge_again, parts, null_mut()), 0);
        assert_eq!(feed(parts, b"1"), SPENT);
        jassay::jassay_session_free(parts);
        let result = caller.result(merge_again);
        assert_eq!((result.violations[0].source.as_str(), result.violations[0].error_offset), ("a", 0));
        jassay::jassay_session_free(merge);
    }
    assert_eq!(caller.usage().memory_reserved, 0);
}

#[test]
fn session_interrupted_tells_what_was_judged() {
    let caller = Caller::new(1, 1 << 28);
    let session = caller.session(&[]);
    assert_eq!(feed(session, b"{\"a\":1}\n{\"open"), 0);
    // SAFETY: the session is alive.
    assert_eq!(unsafe { jassay::jassay_session_interrupt(session, null_mut()) }, 0);
    assert_eq!(feed(session, b"ignored"), jassay::Status::Done as i32);
    let result = caller.result(session);
    assert_eq!((result.termination, result.stopped_at), (7, Some(8)));
    assert_eq!(result.counts.unwrap_or_default().records, 1);
}

#[test]
fn session_without_a_state_gives_no_bytes_of_one() {
    let caller = Caller::new(1, 1 << 28);
    let session = caller.session(&[]);
    assert!(state(session).is_empty());
    assert_eq!(finish(session), 0);
    // SAFETY: nobody uses it any more.
    unsafe { jassay::jassay_session_free(session) };
}

#[test]
fn config_at_fault_is_told_field_by_field() {
    let caller = Caller::new(1, 1 << 20);
    // validation { max_depth: 2000 } report { max_per_group: 5000 }
    let (status, error) = caller.plan_error(&[0x22, 3, 0x28, 0xd0, 0x0f, 0x32, 3, 0x10, 0x88, 0x27]);
    assert_eq!(status, jassay::Status::ConfigInvalid as i32);
    assert_eq!(error, "validation.max_depth: at most 1024, got 2000\nreport.max_per_group: at most 1000, got 5000");
    assert_eq!(caller.plan_error(&[0xff]).0, jassay::Status::ConfigUnreadable as i32);
}

#[test]
fn null_pointers_are_told_and_freeing_them_does_nothing() {
    // SAFETY: every pointer is null or valid.
    unsafe {
        let mut engine = null_mut();
        assert_eq!(jassay::jassay_engine_new(0, 1, &mut engine, null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_engine_new(1025, 1, &mut engine, null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_engine_new(1, 0, &mut engine, null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_engine_new(1, 1, null_mut(), null_mut()), INVALID_ARGUMENT);
        for (expansion, window) in [(0, 1 << 20), (1, 1023), (1, (1 << 31) + 1)] {
            let status = jassay::jassay_engine_new_bounded(1, 1, expansion, window, &mut engine, null_mut());
            assert_eq!(status, INVALID_ARGUMENT);
        }
        assert!(engine.is_null());
        assert_eq!(jassay::jassay_engine_reserve(null_mut(), 1, null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_engine_usage(null(), null_mut(), null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_plan_new(null_mut(), null(), 0, null_mut(), null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_session_new(null_mut(), null(), null_mut(), null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_session_feed(null_mut(), null(), 0, null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_session_progress(null_mut(), null_mut(), null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_session_interrupt(null_mut(), null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_session_end_part(null_mut(), 0, null(), 0, null_mut(), null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_session_merge(null_mut(), null_mut(), null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_session_finish(null_mut(), null_mut(), null_mut(), null_mut()), INVALID_ARGUMENT);
        jassay::jassay_session_cancel(null_mut());
        jassay::jassay_engine_release(null_mut(), 1);
        jassay::jassay_session_free(null_mut());
        jassay::jassay_plan_free(null_mut());
        jassay::jassay_engine_free(null_mut());
    }
}

#[test]
fn input_null_or_too_long_is_told() {
    let caller = Caller::new(1, 1 << 28);
    let session = caller.session(&[]);
    // SAFETY: the inputs are refused before they are read.
    unsafe {
        assert_eq!(jassay::jassay_session_feed(session, null(), 0, null_mut()), 0);
        assert_eq!(jassay::jassay_session_feed(session, null(), 1, null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_session_feed(session, b"x".as_ptr(), u64::MAX, null_mut()), INVALID_ARGUMENT);
        assert_eq!(jassay::jassay_session_finish(session, null_mut(), null_mut(), null_mut()), INVALID_ARGUMENT);
        // None of that spent the session.
        assert_eq!(jassay::jassay_session_feed(session, b"1".as_ptr(), 1, null_mut()), 0);
        jassay::jassay_session_free(session);
    }
}

#[test]
fn session_finished_cancelled_or_refused_is_spent() {
    let caller = Caller::new(1, 1 << 20);
    let finished = caller.session(&[]);
    assert_eq!((finish(finished), finish(finished), feed(finished, b"1")), (0, SPENT, SPENT));

    let cancelled = caller.session(&[]);
    // SAFETY: the session is alive.
    unsafe { jassay::jassay_session_cancel(cancelled) };
    assert_eq!((feed(cancelled, b"1"), finish(cancelled)), (jassay::Status::Cancelled as i32, SPENT));

    let refused = caller.session(&[]);
    let long = vec![b'"'; 2 << 20];
    assert_eq!((feed(refused, &long), finish(refused)), (jassay::Status::MemoryRefused as i32, SPENT));
    for session in [finished, cancelled, refused] {
        // SAFETY: nobody uses it any more.
        unsafe { jassay::jassay_session_free(session) };
    }
    assert_eq!(caller.usage().memory_reserved, 0);
}

#[test]
fn reserved_memory_is_shared_with_sessions() {
    let caller = Caller::new(1, 1 << 20);
    // SAFETY: the engine is alive.
    unsafe {
        assert_eq!(jassay::jassay_engine_reserve(caller.engine, 1 << 20, null_mut()), 0);
        assert_eq!(jassay::jassay_engine_reserve(caller.engine, 1, null_mut()), jassay::Status::MemoryRefused as i32);
        assert_eq!(caller.usage().memory_reserved, 1 << 20);
        jassay::jassay_engine_release(caller.engine, 1 << 20);
    }
    assert_eq!(caller.usage().memory_reserved, 0);
}

#[test]
fn objects_freed_in_any_order_leave_nothing_reserved() {
    let caller = Caller::new(2, 1 << 28);
    let session = caller.session(&[]);
    let engine = caller.engine;
    drop(caller);
    // The session keeps what it needs of its engine alive.
    let (mut result, mut length) = (null(), 0);
    // SAFETY: the session is alive; the engine's pointer is not used.
    unsafe {
        assert!(!engine.is_null());
        assert_eq!(jassay::jassay_session_feed(session, b"{\"a\":1}\n".as_ptr(), 8, null_mut()), 0);
        assert_eq!(jassay::jassay_session_finish(session, &mut result, &mut length, null_mut()), 0);
        assert!(!std::slice::from_raw_parts(result, length as usize).is_empty());
        jassay::jassay_session_free(session);
    }
}

#[test]
fn cancel_from_another_thread_ends_a_running_call() {
    let caller = Caller::new(1, 1 << 30);
    let session = caller.session(&[]) as usize;
    let bytes = b"{\"a\":1}\n".repeat(1 << 20);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // SAFETY: the session is alive until both threads are done.
            unsafe { jassay::jassay_session_cancel(session as *mut _) };
        });
        loop {
            // SAFETY: as above; this thread alone feeds.
            let status =
                unsafe { jassay::jassay_session_feed(session as *mut _, bytes.as_ptr(), bytes.len() as u64, null_mut()) };
            if status != 0 {
                assert_eq!(status, jassay::Status::Cancelled as i32);
                break;
            }
        }
    });
    // SAFETY: nobody uses it any more.
    unsafe { jassay::jassay_session_free(session as *mut _) };
}
