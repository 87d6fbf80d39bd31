//! A caller of the ABI that frees what it was given.
#![allow(unsafe_code, missing_docs, dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

use jassay::{EngineHandle, Error, SessionHandle, SessionProgress, Status, Usage};
use jassay_engine::proto::ProcessResult;
use prost::Message;
use std::ffi::{CStr, c_char};
use std::ptr::{null, null_mut};

pub const INVALID_ARGUMENT: i32 = Status::InvalidArgument as i32;
pub const SPENT: i32 = Status::SessionSpent as i32;

pub fn text(pointer: *const c_char) -> &'static str {
    // SAFETY: the header says that it is terminated and static.
    unsafe { CStr::from_ptr(pointer) }.to_str().unwrap()
}

fn no_error() -> Error {
    Error { status: 0, text_length: 0, text: [0; 2048] }
}

pub struct Caller {
    pub engine: *mut EngineHandle,
}

impl Caller {
    pub fn new(threads: u32, memory: u64) -> Self {
        let mut engine = null_mut();
        // SAFETY: both places are valid.
        assert_eq!(unsafe { jassay::jassay_engine_new(threads, memory, &mut engine, null_mut()) }, 0);
        Self { engine }
    }

    pub fn plan_error(&self, config: &[u8]) -> (i32, String) {
        let (mut plan, mut error) = (null_mut(), no_error());
        // SAFETY: the engine is alive, and the rest is valid.
        let status = unsafe { jassay::jassay_plan_new(self.engine, config.as_ptr(), config.len() as u64, &mut plan, &mut error) };
        assert!(plan.is_null() && error.status == status);
        (status, String::from_utf8_lossy(&error.text[..error.text_length as usize]).into_owned())
    }

    /// A session of a plan that is freed already.
    pub fn session(&self, config: &[u8]) -> *mut SessionHandle {
        let (mut plan, mut session) = (null_mut(), null_mut());
        // SAFETY: the engine is alive, and the rest is valid.
        unsafe {
            assert_eq!(jassay::jassay_plan_new(self.engine, config.as_ptr(), config.len() as u64, &mut plan, null_mut()), 0);
            assert_eq!(jassay::jassay_session_new(self.engine, plan, &mut session, null_mut()), 0);
            jassay::jassay_plan_free(plan);
        }
        session
    }

    /// A session that merges, of a plan that is freed already.
    pub fn merge_session(&self, config: &[u8]) -> *mut SessionHandle {
        let (mut plan, mut session, length) = (null_mut(), null_mut(), config.len() as u64);
        // SAFETY: the engine is alive, and the rest is valid.
        unsafe {
            assert_eq!(jassay::jassay_merge_plan_new(self.engine, config.as_ptr(), length, &mut plan, null_mut()), 0);
            assert_eq!(jassay::jassay_session_new(self.engine, plan, &mut session, null_mut()), 0);
            jassay::jassay_plan_free(plan);
        }
        session
    }

    pub fn process(&self, config: &[u8], slabs: &[&[u8]]) -> ProcessResult {
        let session = self.session(config);
        for slab in slabs {
            let status = feed(session, slab);
            assert!(status == 0 || status == Status::Done as i32);
        }
        self.result(session)
    }

    /// Of a session that is then freed.
    pub fn result(&self, session: *mut SessionHandle) -> ProcessResult {
        let (mut result, mut length) = (null(), 0);
        // SAFETY: the session is alive until it is freed, and its result is read before that.
        unsafe {
            assert_eq!(jassay::jassay_session_finish(session, &mut result, &mut length, null_mut()), 0);
            let result = ProcessResult::decode(std::slice::from_raw_parts(result, length as usize)).unwrap();
            jassay::jassay_session_free(session);
            result
        }
    }

    pub fn usage(&self) -> Usage {
        let mut usage = Usage::default();
        // SAFETY: the engine is alive, and the place is valid.
        assert_eq!(unsafe { jassay::jassay_engine_usage(self.engine, &mut usage, null_mut()) }, 0);
        usage
    }
}

pub fn feed(session: *mut SessionHandle, bytes: &[u8]) -> i32 {
    // SAFETY: the session is alive.
    unsafe { jassay::jassay_session_feed(session, bytes.as_ptr(), bytes.len() as u64, null_mut()) }
}

pub fn end_part(session: *mut SessionHandle, number: u32, source: &[u8]) -> SessionProgress {
    let mut progress = SessionProgress { bytes: 0, records: 0, invalid: 0, stopped_at: 0, termination: 0, reserved: 0 };
    let (source, length) = (source.as_ptr(), source.len() as u64);
    // SAFETY: the session is alive, and the rest is valid.
    let status = unsafe { jassay::jassay_session_end_part(session, number, source, length, &mut progress, null_mut()) };
    assert_eq!(status, 0);
    progress
}

pub fn finish(session: *mut SessionHandle) -> i32 {
    let (mut result, mut length) = (null(), 0);
    // SAFETY: the session is alive.
    unsafe { jassay::jassay_session_finish(session, &mut result, &mut length, null_mut()) }
}

pub fn state(session: *mut SessionHandle) -> Vec<u8> {
    let (mut state, mut length) = (null(), 0);
    // SAFETY: the session is alive, and so is its state.
    unsafe {
        assert_eq!(jassay::jassay_session_state(session, &mut state, &mut length, null_mut()), 0);
        std::slice::from_raw_parts(state, length as usize).to_vec()
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        // SAFETY: nobody uses it any more.
        unsafe { jassay::jassay_engine_free(self.engine) };
    }
}
