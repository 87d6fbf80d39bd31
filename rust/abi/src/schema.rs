//! Checks of schemas.
#![allow(unsafe_code)]

use crate::boundary::{Error, Failure, Status, free, guard, hand_out, input, object};
use crate::engine::EngineHandle;
use jassay_engine::schema;

/// `jassay_schema_report`.
pub struct SchemaReportHandle {
    bytes: Vec<u8>,
}

/// See the header.
///
/// # Safety
/// `engine` is null or alive; `request` is valid for reads of `request_length` bytes; `report` and `error` are each null or valid for
/// writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_schema_check(
    engine: *mut EngineHandle,
    request: *const u8,
    request_length: u64,
    report: *mut *mut SchemaReportHandle,
    error: *mut Error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's terms.
        let (engine, request) = unsafe { (object(engine)?, input(request, request_length)?) };
        // SAFETY: the caller's terms.
        unsafe { hand_out(report, || Ok(SchemaReportHandle { bytes: schema::check(request, engine.engine.budget())? })) }
    };
    // SAFETY: the caller's terms.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `report` is null or alive; `bytes`, `length` and `error` are each null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_schema_report_bytes(
    report: *const SchemaReportHandle,
    bytes: *mut *const u8,
    length: *mut u64,
    error: *mut Error,
) -> i32 {
    let work = || {
        if bytes.is_null() || length.is_null() {
            return Err(Failure::argument("the place for the bytes is null"));
        }
        // SAFETY: the caller's terms.
        let report = unsafe { object(report) }?;
        // SAFETY: not null, and otherwise the caller's terms. The bytes stay where they are until the report is freed.
        unsafe {
            bytes.write(report.bytes.as_ptr());
            length.write(report.bytes.len() as u64);
        }
        Ok(Status::Ok)
    };
    // SAFETY: the caller's terms.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `report` is null or came from [`jassay_schema_check`], and nobody uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_schema_report_free(report: *mut SchemaReportHandle) {
    // SAFETY: the caller's terms.
    unsafe { free(report) };
}
