//! Compiled configs.
#![allow(unsafe_code)]

use crate::alive::{Alive, PLANS};
use crate::boundary::{Error, free, guard, hand_out, input, object};
use crate::engine::EngineHandle;
use jassay_engine::Plan;
use std::sync::Arc;

/// `jassay_plan`.
pub struct PlanHandle {
    pub(crate) plan: Arc<Plan>,
    _alive: Alive,
}

/// See the header.
///
/// # Safety
/// `engine` is null or alive; `config` is valid for reads of `config_length` bytes; `plan` and `error` are each null or valid for
/// writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_plan_new(
    engine: *mut EngineHandle,
    config: *const u8,
    config_length: u64,
    plan: *mut *mut PlanHandle,
    error: *mut Error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's terms for `engine`.
        unsafe { object(engine) }?;
        // SAFETY: the caller's terms for `config`, which outlives this call.
        let config = unsafe { input(config, config_length) }?;
        let make = || Ok(PlanHandle { plan: Arc::new(Plan::compile(config)?), _alive: PLANS.one() });
        // SAFETY: the caller's terms for `plan`.
        unsafe { hand_out(plan, make) }
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `plan` is null or came from `jassay_plan_new`, and nobody uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_plan_free(plan: *mut PlanHandle) {
    // SAFETY: the caller's terms.
    unsafe { free(plan) };
}
