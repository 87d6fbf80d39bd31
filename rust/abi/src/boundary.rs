//! What every function of the ABI shares: statuses, errors, and the place where panics stop.
#![allow(unsafe_code)]

use jassay_engine::Halt;
use jassay_engine::plan::ConfigError;
use jassay_engine::schema::Reason;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// `jassay_status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    /// `JASSAY_OK`
    Ok = 0,
    /// `JASSAY_DONE`
    Done = 1,
    /// `JASSAY_INVALID_ARGUMENT`
    InvalidArgument = 2,
    /// `JASSAY_CONFIG_UNREADABLE`
    ConfigUnreadable = 3,
    /// `JASSAY_CONFIG_INVALID`
    ConfigInvalid = 4,
    /// `JASSAY_MEMORY_REFUSED`
    MemoryRefused = 5,
    /// `JASSAY_CANCELLED`
    Cancelled = 6,
    /// `JASSAY_ENGINE_FAULT`
    EngineFault = 7,
    /// `JASSAY_SESSION_SPENT`
    SessionSpent = 8,
    /// `JASSAY_STATE_INCOMPATIBLE`
    StateIncompatible = 9,
    /// `JASSAY_STATE_DAMAGED`
    StateDamaged = 10,
    /// `JASSAY_SCHEMA_INVALID`
    SchemaInvalid = 11,
    /// `JASSAY_SCHEMA_REF_UNRESOLVED`
    SchemaRefUnresolved = 12,
    /// `JASSAY_SCHEMA_TOO_COMPLEX`
    SchemaTooComplex = 13,
}

const TEXT_BYTES: usize = 2048;

/// `jassay_error`.
#[derive(Debug)]
#[repr(C)]
pub struct Error {
    /// What failed.
    pub status: i32,
    /// Bytes of `text` in use.
    pub text_length: u32,
    /// UTF-8, not terminated.
    pub text: [u8; TEXT_BYTES],
}

/// A failure on its way out.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    pub(crate) text: String,
}

impl Failure {
    pub(crate) fn argument(text: &str) -> Self {
        Self { status: Status::InvalidArgument, text: text.to_owned() }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let status = match &error {
            ConfigError::Unreadable(_) | ConfigError::UnreadableRequest(_) => Status::ConfigUnreadable,
            ConfigError::Invalid(_) => Status::ConfigInvalid,
            ConfigError::MemoryRefused(_) => Status::MemoryRefused,
            ConfigError::Schema(problems) => match problems.reason() {
                Reason::Invalid => Status::SchemaInvalid,
                Reason::RefUnresolved => Status::SchemaRefUnresolved,
                Reason::TooComplex => Status::SchemaTooComplex,
            },
        };
        Self { status, text: error.to_string() }
    }
}

impl From<Halt> for Failure {
    fn from(halt: Halt) -> Self {
        let status = match halt {
            Halt::Cancelled => Status::Cancelled,
            Halt::MemoryRefused(_) => Status::MemoryRefused,
            Halt::StateIncompatible { .. } => Status::StateIncompatible,
            Halt::StateDamaged { .. } => Status::StateDamaged,
        };
        Self { status, text: halt.to_string() }
    }
}

/// Runs `work`; a failure or a panic is written to `error` and becomes the status.
///
/// # Safety
/// `error` is null or valid for writes of an [`Error`].
pub(crate) unsafe fn guard(error: *mut Error, work: impl FnOnce() -> Result<Status, Failure>) -> i32 {
    // What a panic may have left half-done is behind a lock that it poisoned, or was not yet handed out.
    let failure = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(status)) => return status as i32,
        Ok(Err(failure)) => failure,
        Err(_) => Failure { status: Status::EngineFault, text: "a defect of the engine".to_owned() },
    };
    // SAFETY: this function's own terms.
    if let Some(error) = unsafe { error.as_mut() } {
        let mut length = failure.text.len().min(TEXT_BYTES);
        while !failure.text.is_char_boundary(length) {
            length -= 1;
        }
        error.status = failure.status as i32;
        error.text_length = length as u32;
        error.text[..length].copy_from_slice(&failure.text.as_bytes()[..length]);
    }
    failure.status as i32
}

/// The object behind a pointer that a `_new` function returned.
///
/// # Safety
/// `pointer` is null or came from the `_new` function of `T`, and the object is not freed while `'a` lasts.
pub(crate) unsafe fn object<'a, T>(pointer: *const T) -> Result<&'a T, Failure> {
    // SAFETY: this function's own terms.
    unsafe { pointer.as_ref() }.ok_or_else(|| Failure::argument("a pointer is null that must not be"))
}

/// Hands `value` out through `place`, to be taken back by [`free`].
///
/// # Safety
/// `place` is null or valid for writes of a pointer.
pub(crate) unsafe fn hand_out<T>(place: *mut *mut T, value: impl FnOnce() -> Result<T, Failure>) -> Result<Status, Failure> {
    if place.is_null() {
        return Err(Failure::argument("the place for the new object is null"));
    }
    let pointer = Box::into_raw(Box::new(value()?));
    // SAFETY: not null, and otherwise this function's own terms.
    unsafe { place.write(pointer) };
    Ok(Status::Ok)
}

/// Takes back what [`hand_out`] gave.
///
/// # Safety
/// `pointer` is null or came from [`hand_out`], and nobody uses it any more.
pub(crate) unsafe fn free<T>(pointer: *mut T) {
    if !pointer.is_null() {
        // SAFETY: this function's own terms. A panic while dropping must not unwind into C either; it is told by the panic hook.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(unsafe { Box::from_raw(pointer) })));
    }
}

/// The bytes of an input.
///
/// # Safety
/// `bytes` is valid for reads of `length` bytes while `'a` lasts, or `length` is 0.
pub(crate) unsafe fn input<'a>(bytes: *const u8, length: u64) -> Result<&'a [u8], Failure> {
    if length == 0 {
        return Ok(&[]);
    }
    let length = usize::try_from(length).ok().filter(|length| isize::try_from(*length).is_ok());
    match length {
        // SAFETY: not null, no longer than an allocation can be, and otherwise this function's own terms.
        Some(length) if !bytes.is_null() => Ok(unsafe { std::slice::from_raw_parts(bytes, length) }),
        Some(_) => Err(Failure::argument("the input is null but its length is not 0")),
        None => Err(Failure::argument("the input's length is beyond any memory")),
    }
}
