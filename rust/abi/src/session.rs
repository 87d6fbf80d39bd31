//! Streams under way.
#![allow(unsafe_code)]

use crate::alive::{Alive, SESSIONS};
use crate::boundary::{Error, Failure, Status, free, guard, hand_out, input, object};
use crate::engine::EngineHandle;
use crate::plan::{AnyPlan, PlanHandle};
use jassay_engine::live::{Listener, Told, Wanted};
use jassay_engine::memory::ReservedBuffer;
use jassay_engine::plan::MAX_SOURCE_BYTES;
use jassay_engine::{Engine, Flow, Halt, Merge, Progress, Session};
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// `jassay_session`.
pub struct SessionHandle {
    cancelled: Arc<AtomicBool>,
    state: Mutex<State>,
    _alive: Alive,
}

enum State {
    Open(Work),
    /// The work stays because what the result takes is reserved as long as it does.
    Finished {
        _result: Vec<u8>,
        _work: Work,
    },
    Spent,
}

/// A session at work.
struct Work {
    kind: Kind,
    /// Handed out already.
    state: Option<ReservedBuffer>,
}

enum Kind {
    Process(Box<Session>),
    Merge(Box<Merge>),
}

impl Work {
    fn new(engine: &Arc<Engine>, plan: &AnyPlan) -> Self {
        let kind = match plan {
            AnyPlan::Process(plan) => Kind::Process(Box::new(Session::new(engine.clone(), plan.clone()))),
            AnyPlan::Merge(plan) => Kind::Merge(Box::new(Merge::new(engine.clone(), *plan))),
        };
        Self { kind, state: None }
    }

    fn cancellation(&self) -> Arc<AtomicBool> {
        match &self.kind {
            Kind::Process(session) => session.cancellation(),
            Kind::Merge(merge) => merge.cancellation(),
        }
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<Flow, Halt> {
        match &mut self.kind {
            Kind::Process(session) => session.feed(bytes),
            Kind::Merge(merge) => merge.feed(bytes),
        }
    }

    fn progress(&self) -> Progress {
        match &self.kind {
            Kind::Process(session) => session.progress(),
            Kind::Merge(merge) => merge.progress(),
        }
    }

    fn session(&mut self) -> Result<&mut Session, Failure> {
        match &mut self.kind {
            Kind::Process(session) => Ok(session),
            Kind::Merge(_) => Err(Failure::argument("the session is of a merge")),
        }
    }

    fn merge(&mut self) -> Result<&mut Merge, Failure> {
        match &mut self.kind {
            Kind::Merge(merge) => Ok(merge),
            Kind::Process(_) => Err(Failure::argument("the session is not of a merge")),
        }
    }

    /// None where the plan asks for none.
    fn state(&mut self) -> Result<Option<&[u8]>, Halt> {
        if self.state.is_none() {
            self.state = match &mut self.kind {
                Kind::Process(session) => session.state(),
                Kind::Merge(merge) => merge.state(),
            }?;
        }
        Ok(self.state.as_ref().map(ReservedBuffer::as_slice))
    }

    fn finish(&mut self) -> Result<Vec<u8>, Halt> {
        match &mut self.kind {
            Kind::Process(session) => session.finish(),
            Kind::Merge(merge) => merge.finish(),
        }
    }
}

/// `JASSAY_WANT_EVENTS`.
const WANT_EVENTS: u32 = 1;
/// `JASSAY_WANT_OUTPUTS`.
const WANT_OUTPUTS: u32 = 2;

/// `jassay_listener`.
type ListenerFunction = unsafe extern "C" fn(*mut c_void, u32, *const u8, u64) -> i32;

/// A listener on the other side.
#[derive(Debug)]
struct Caller {
    function: ListenerFunction,
    context: *mut c_void,
}

// SAFETY: the header asks for a function and a context that any thread may use, one at a time.
unsafe impl Send for Caller {}

impl Listener for Caller {
    fn hear(&mut self, told: Told<'_>) -> Result<(), Halt> {
        let (told, bytes) = match told {
            Told::Event(bytes) => (1, bytes),
            Told::Valid(bytes) => (2, bytes),
            Told::Invalid(bytes) => (3, bytes),
        };
        // SAFETY: whoever gave the function promised that it may be called so while the session is alive.
        let answer = unsafe { (self.function)(self.context, told, bytes.as_ptr(), bytes.len() as u64) };
        if answer == 0 { Ok(()) } else { Err(Halt::Cancelled) }
    }
}

/// `jassay_progress`.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct SessionProgress {
    /// Framed.
    pub bytes: u64,
    /// Judged.
    pub records: u64,
    /// Of them.
    pub invalid: u64,
    /// If it did not end well.
    pub stopped_at: u64,
    /// A `Termination`.
    pub termination: u32,
    /// 0.
    pub reserved: u32,
}

impl From<Progress> for SessionProgress {
    fn from(progress: Progress) -> Self {
        let Progress { bytes, records, invalid, termination, stopped_at } = progress;
        Self { bytes, records, invalid, stopped_at, termination: termination as i32 as u32, reserved: 0 }
    }
}

impl SessionHandle {
    /// Never waits. A call that panicked has spent the session.
    fn lock(&self) -> Result<MutexGuard<'_, State>, Failure> {
        self.state.try_lock().map_err(|error| match error {
            std::sync::TryLockError::WouldBlock => Failure::argument("another call on the session is running"),
            std::sync::TryLockError::Poisoned(_) => spent(),
        })
    }

    /// Takes the work out of its place, which says spent until the caller has put it back.
    fn take(&self) -> Result<(MutexGuard<'_, State>, Work), Failure> {
        let mut state = self.lock()?;
        match std::mem::replace(&mut *state, State::Spent) {
            State::Open(work) => Ok((state, work)),
            finished_or_spent => {
                *state = finished_or_spent;
                Err(spent())
            }
        }
    }
}

fn spent() -> Failure {
    Failure { status: Status::SessionSpent, text: "the session is finished or has failed; free it".to_owned() }
}

/// See the header.
///
/// # Safety
/// `engine` and `plan` are each null or alive; `session` and `error` are each null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_new(
    engine: *mut EngineHandle,
    plan: *const PlanHandle,
    session: *mut *mut SessionHandle,
    error: *mut Error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's terms for `engine` and `plan`.
        let (engine, plan) = unsafe { (object(engine)?, object(plan)?) };
        let make = || {
            let work = Work::new(&engine.engine, &plan.plan);
            Ok(SessionHandle { cancelled: work.cancellation(), state: Mutex::new(State::Open(work)), _alive: SESSIONS.one() })
        };
        // SAFETY: the caller's terms for `session`.
        unsafe { hand_out(session, make) }
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `session` is null or alive; `error` is null or valid for writes; `listener` is null or may be called with `context`, by one thread at a
/// time, while the session is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_listen(
    session: *mut SessionHandle,
    wanted: u32,
    listener: Option<ListenerFunction>,
    context: *mut c_void,
    error: *mut Error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's terms for `session`.
        let handle = unsafe { object(session) }?;
        let function = listener.ok_or_else(|| Failure::argument("the listener is null"))?;
        if wanted == 0 || wanted & !(WANT_EVENTS | WANT_OUTPUTS) != 0 {
            return Err(Failure::argument("what is wanted is neither events nor outputs"));
        }
        let (mut place, mut work) = handle.take()?;
        let wanted = Wanted { events: wanted & WANT_EVENTS != 0, outputs: wanted & WANT_OUTPUTS != 0 };
        work.session()?.listen(Box::new(Caller { function, context }), wanted)?;
        *place = State::Open(work);
        Ok(Status::Ok)
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `session` is null or alive; `error` is null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_flush(session: *mut SessionHandle, error: *mut Error) -> i32 {
    let work = || {
        // SAFETY: the caller's terms for `session`.
        let handle = unsafe { object(session) }?;
        let (mut place, mut work) = handle.take()?;
        work.session()?.flush()?;
        *place = State::Open(work);
        Ok(Status::Ok)
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `session` is null or alive; `bytes` is valid for reads of `length` bytes; `error` is null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_feed(
    session: *mut SessionHandle,
    bytes: *const u8,
    length: u64,
    error: *mut Error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's terms for `session`.
        let handle = unsafe { object(session) }?;
        // SAFETY: the caller's terms for `bytes`, which outlives this call.
        let bytes = unsafe { input(bytes, length) }?;
        let (mut place, mut work) = handle.take()?;
        let flow = work.feed(bytes)?;
        *place = State::Open(work);
        match flow {
            Flow::More => Ok(Status::Ok),
            Flow::Done => Ok(Status::Done),
        }
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `session` is null or alive; `progress` and `error` are each null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_progress(
    session: *mut SessionHandle,
    progress: *mut SessionProgress,
    error: *mut Error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's terms for `session` and `progress`.
        let (handle, progress) = unsafe { (object(session)?, place(progress)?) };
        let State::Open(work) = &*handle.lock()? else { return Err(spent()) };
        *progress = work.progress().into();
        Ok(Status::Ok)
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// # Safety
/// `progress` is null or valid for writes.
unsafe fn place<'a>(progress: *mut SessionProgress) -> Result<&'a mut SessionProgress, Failure> {
    // SAFETY: this function's own terms.
    unsafe { progress.as_mut() }.ok_or_else(|| Failure::argument("the place for the progress is null"))
}

/// See the header.
///
/// # Safety
/// `session` is null or alive; `error` is null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_interrupt(session: *mut SessionHandle, error: *mut Error) -> i32 {
    let work = || {
        // SAFETY: the caller's terms for `session`.
        let handle = unsafe { object(session) }?;
        let (mut place, mut work) = handle.take()?;
        work.session()?.interrupt()?;
        *place = State::Open(work);
        Ok(Status::Ok)
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `session` is null or alive; `source` is valid for reads of `source_length` bytes; `progress` and `error` are each null or valid for
/// writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_end_part(
    session: *mut SessionHandle,
    number: u32,
    source: *const u8,
    source_length: u64,
    progress: *mut SessionProgress,
    error: *mut Error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's terms for all three.
        let (handle, source, progress) = unsafe { (object(session)?, input(source, source_length)?, place(progress)?) };
        let source = std::str::from_utf8(source).ok().filter(|source| source.len() <= MAX_SOURCE_BYTES);
        let source = source.ok_or_else(|| Failure::argument("the source is not UTF-8 of at most 512 bytes"))?;
        let (mut place, mut work) = handle.take()?;
        *progress = work.session()?.end_part(number, source)?.into();
        *place = State::Open(work);
        Ok(Status::Ok)
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `merge` and `parts` are each null or alive; `error` is null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_merge(merge: *mut SessionHandle, parts: *mut SessionHandle, error: *mut Error) -> i32 {
    let work = || {
        // SAFETY: the caller's terms for both.
        let (merge, parts) = unsafe { (object(merge)?, object(parts)?) };
        let (mut place, mut whole) = merge.take()?;
        // Stays spent.
        let (_spent, mut work) = parts.take()?;
        let found = work.session()?.parts()?;
        whole.merge()?.absorb(found)?;
        *place = State::Open(whole);
        Ok(Status::Ok)
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `session` is null or alive; `state`, `state_length` and `error` are each null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_state(
    session: *mut SessionHandle,
    state: *mut *const u8,
    state_length: *mut u64,
    error: *mut Error,
) -> i32 {
    let work = || {
        if state.is_null() || state_length.is_null() {
            return Err(Failure::argument("the place for the state is null"));
        }
        // SAFETY: the caller's terms for `session`.
        let handle = unsafe { object(session) }?;
        let (mut place, mut work) = handle.take()?;
        // What the plan does not ask for is empty.
        let bytes = work.state()?.unwrap_or_default();
        // SAFETY: not null, and otherwise the caller's terms. The buffer stays where it is until the session is freed.
        unsafe {
            state.write(bytes.as_ptr());
            state_length.write(bytes.len() as u64);
        }
        *place = State::Open(work);
        Ok(Status::Ok)
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `session` is null or alive; `result`, `result_length` and `error` are each null or valid for writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_finish(
    session: *mut SessionHandle,
    result: *mut *const u8,
    result_length: *mut u64,
    error: *mut Error,
) -> i32 {
    let work = || {
        if result.is_null() || result_length.is_null() {
            return Err(Failure::argument("the place for the result is null"));
        }
        // SAFETY: the caller's terms for `session`.
        let handle = unsafe { object(session) }?;
        let (mut place, mut work) = handle.take()?;
        let bytes = work.finish()?;
        // SAFETY: not null, and otherwise the caller's terms. Moving the vector does not move its bytes.
        unsafe {
            result.write(bytes.as_ptr());
            result_length.write(bytes.len() as u64);
        }
        *place = State::Finished { _result: bytes, _work: work };
        Ok(Status::Ok)
    };
    // SAFETY: the caller's terms for `error`.
    unsafe { guard(error, work) }
}

/// See the header.
///
/// # Safety
/// `session` is null or alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_cancel(session: *mut SessionHandle) {
    // SAFETY: the caller's terms.
    if let Ok(handle) = unsafe { object(session) } {
        handle.cancelled.store(true, Ordering::Relaxed);
    }
}

/// See the header.
///
/// # Safety
/// `session` is null or came from `jassay_session_new`, and nobody uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jassay_session_free(session: *mut SessionHandle) {
    // SAFETY: the caller's terms.
    unsafe { free(session) };
}
