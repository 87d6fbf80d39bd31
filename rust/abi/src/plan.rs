//! Compiled configs.
#![allow(unsafe_code)]

use crate::alive::{Alive, PLANS};
use crate::boundary::{Error, Failure, Status, free, guard, hand_out, input, object};
use crate::engine::EngineHandle;
use jassay_engine::merge::MergePlan;
use jassay_engine::plan::ConfigError;
use jassay_engine::{Engine, Plan};
use std::sync::Arc;

/// `jassay_plan`.
pub struct PlanHandle {
    pub(crate) plan: AnyPlan,
    _alive: Alive,
}

/// What a session is to do.
pub(crate) enum AnyPlan {
    Process(Arc<Plan>),
    Merge(MergePlan),
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
    let compile = |engine: &Engine, config: &[u8]| {
        Ok(AnyPlan::Process(Arc::new(Plan::compile_with(config, engine.schemas(), engine.budget())?)))
    };
    // SAFETY: the caller's terms.
    unsafe { guard(error, || new_plan(engine, (config, config_length), plan, compile)) }
}

/// See the header.
///
/// # Safety
/// As of [`jassay_plan_new`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_merge_plan_new(
    engine: *mut EngineHandle,
    config: *const u8,
    config_length: u64,
    plan: *mut *mut PlanHandle,
    error: *mut Error,
) -> i32 {
    let compile = |_: &Engine, config: &[u8]| Ok(AnyPlan::Merge(MergePlan::compile(config)?));
    // SAFETY: the caller's terms.
    unsafe { guard(error, || new_plan(engine, (config, config_length), plan, compile)) }
}

/// # Safety
/// As of [`jassay_plan_new`].
unsafe fn new_plan(
    engine: *mut EngineHandle,
    (config, config_length): (*const u8, u64),
    plan: *mut *mut PlanHandle,
    compile: impl Fn(&Engine, &[u8]) -> Result<AnyPlan, ConfigError>,
) -> Result<Status, Failure> {
    // SAFETY: this function's own terms.
    unsafe {
        let engine = object(engine)?;
        let config = input(config, config_length)?;
        hand_out(plan, || Ok(PlanHandle { plan: compile(&engine.engine, config)?, _alive: PLANS.one() }))
    }
}

/// See the header.
///
/// # Safety
/// `plan` is null or came from a function that makes plans, and nobody uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_plan_free(plan: *mut PlanHandle) {
    // SAFETY: the caller's terms.
    unsafe { free(plan) };
}
