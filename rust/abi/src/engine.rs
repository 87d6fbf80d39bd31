//! Versions, engines and what they share.
#![allow(unsafe_code)]

use crate::ABI_VERSION;
use crate::alive::{PLANS, SESSIONS};
use crate::boundary::{Error, Failure, Status, free, guard, hand_out, object};
use jassay_engine::decompress::Bounds;
use jassay_engine::engine::chosen_kernel;
use jassay_engine::kernel::Choice;
use jassay_engine::{Engine, EngineError, VERSION};
use std::ffi::{CStr, CString, c_char};
use std::sync::{Arc, OnceLock};

const MAX_THREADS: u32 = 1024;

/// `jassay_engine`.
pub struct EngineHandle {
    pub(crate) engine: Arc<Engine>,
}

/// `jassay_usage`.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Usage {
    /// Bytes that may be reserved.
    pub memory_limit: u64,
    /// Bytes that are.
    pub memory_reserved: u64,
    /// Alive in the process.
    pub plans: u64,
    /// Alive in the process.
    pub sessions: u64,
}

const fn terminated<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    let mut at = 0;
    while at < text.len() {
        bytes[at] = text.as_bytes()[at];
        at += 1;
    }
    bytes
}

static VERSION_TEXT: [u8; VERSION.len() + 1] = terminated(VERSION);
static KERNEL_TEXT: OnceLock<CString> = OnceLock::new();

fn text(bytes: &'static [u8]) -> *const c_char {
    CStr::from_bytes_with_nul(bytes).map_or(std::ptr::null(), CStr::as_ptr)
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn jassay_abi_version() -> u32 {
    ABI_VERSION
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn jassay_version() -> *const c_char {
    text(&VERSION_TEXT)
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn jassay_kernel() -> *const c_char {
    let name = || CString::new(chosen_kernel().unwrap_or_else(|_| Choice::best()).name()).unwrap_or_default();
    KERNEL_TEXT.get_or_init(name).as_ptr()
}

/// See the header.
///
/// # Safety
/// `engine` and `error` are each null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_engine_new(
    threads: u32,
    memory_limit: u64,
    engine: *mut *mut EngineHandle,
    error: *mut Error,
) -> i32 {
    // SAFETY: the caller's terms.
    unsafe { guard(error, || new_engine(threads, memory_limit, Bounds::default(), engine)) }
}

/// See the header.
///
/// # Safety
/// As of [`jassay_engine_new`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_engine_new_bounded(
    threads: u32,
    memory_limit: u64,
    max_expansion: u64,
    max_zstd_window: u64,
    engine: *mut *mut EngineHandle,
    error: *mut Error,
) -> i32 {
    let work = || {
        if max_expansion == 0 {
            return Err(Failure::argument("the largest expansion must be at least 1"));
        }
        if !(Bounds::MIN_ZSTD_WINDOW..=Bounds::MAX_ZSTD_WINDOW).contains(&max_zstd_window) {
            return Err(Failure::argument("the largest zstd window must be 1 KiB to 2 GiB"));
        }
        let bounds = Bounds { max_expansion, max_zstd_window, ..Bounds::default() };
        // SAFETY: the caller's terms for `engine`.
        unsafe { new_engine(threads, memory_limit, bounds, engine) }
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// # Safety
/// `engine` is null or valid for writes.
unsafe fn new_engine(threads: u32, memory_limit: u64, bounds: Bounds, engine: *mut *mut EngineHandle) -> Result<Status, Failure> {
    if !(1..=MAX_THREADS).contains(&threads) {
        return Err(Failure::argument("threads must be 1 to 1024"));
    }
    if memory_limit == 0 {
        return Err(Failure::argument("the memory limit must be at least 1 byte"));
    }
    let make = || match Engine::new(threads as usize, memory_limit) {
        Ok(engine) => Ok(EngineHandle { engine: Arc::new(engine.bounded(bounds)) }),
        Err(error @ EngineError::Kernel(_)) => Err(Failure::argument(&error.to_string())),
        Err(error) => Err(Failure { status: Status::EngineFault, text: error.to_string() }),
    };
    // SAFETY: this function's own terms.
    unsafe { hand_out(engine, make) }
}

/// See the header.
///
/// # Safety
/// `engine` is null or came from a function that makes engines, and nobody uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_engine_free(engine: *mut EngineHandle) {
    // SAFETY: the caller's terms.
    unsafe { free(engine) };
}

/// See the header.
///
/// # Safety
/// `engine` is null or alive; `error` is null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_engine_reserve(engine: *mut EngineHandle, bytes: u64, error: *mut Error) -> i32 {
    let work = || {
        // SAFETY: the caller's terms for `engine`.
        let handle = unsafe { object(engine) }?;
        match handle.engine.budget().reserve(bytes) {
            Ok(()) => Ok(Status::Ok),
            Err(refused) => Err(Failure { status: Status::MemoryRefused, text: refused.to_string() }),
        }
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `engine` is null or alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_engine_release(engine: *mut EngineHandle, bytes: u64) {
    // SAFETY: the caller's terms.
    if let Ok(handle) = unsafe { object(engine) } {
        handle.engine.budget().release(bytes);
    }
}

/// See the header.
///
/// # Safety
/// `engine` is null or alive; `usage` and `error` are each null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_engine_usage(engine: *const EngineHandle, usage: *mut Usage, error: *mut Error) -> i32 {
    let work = || {
        // SAFETY: the caller's terms for `engine`.
        let handle = unsafe { object(engine) }?;
        // SAFETY: the caller's terms for `usage`.
        let usage = unsafe { usage.as_mut() }.ok_or_else(|| Failure::argument("the place for the usage is null"))?;
        let budget = handle.engine.budget();
        *usage = Usage {
            memory_limit: budget.limit(),
            memory_reserved: budget.reserved(),
            plans: PLANS.count(),
            sessions: SESSIONS.count(),
        };
        Ok(Status::Ok)
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}
