//! Judges a record by a compiled schema, over its tape.
//!
//! What is under way is a stack of frames, so that no schema and no record can drive the native stack: the members of an object, the elements
//! of an array, and trials. A trial is a value judged by a node where failing is an outcome and not yet a fault, as of each alternative of an
//! `anyOf`; a fault inside ends it at once. Outside of trials, a fault ends the judgement where a verdict is all that is asked, and is noted
//! where it is to be explained, and the judgement goes on. So verdict and explanation come from one and the same code.
//!
//! Each value costs few steps, but trials inside of trials multiply. Once a record has taken [`REMEMBER_AFTER`] steps, outcomes of trials are
//! remembered, so that none is made twice.

mod arrays;
mod choices;
mod objects;
mod trials;
mod unevaluated;
mod values;

use super::found::{About, Found};
use super::known::KnownKeys;
use super::node::{NodeId, OriginId, Program};
use super::tape::{At, Here, Types, View};
use super::values::Canonical;
use crate::Halt;
use crate::memory::{Budget, MemoryRefused};
use ahash::RandomState;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering as Memory};

/// Steps after which the flag that cancels is read: far less than 100 ms.
const WATCH_STEPS: u64 = 10_000;
/// Steps of a record after which outcomes of trials are remembered: far more than records take whose schemas do not multiply.
const REMEMBER_AFTER: u64 = 10_000;
/// Outcomes that are remembered at most: some two megabytes a thread.
const MAX_REMEMBERED: usize = 1 << 16;
/// Frames that may be under way, each 64 bits of marks a quarter of one: some twelve megabytes a thread, and far more than records take whose
/// schemas do not multiply. A record that takes more takes too many steps.
const MAX_FRAMES: usize = 1 << 18;
/// Bytes of a string that count as one step of looking through it.
const BYTES_A_STEP: usize = 64;
/// Stands for no key.
const NO_KEY: At = 0;

/// How a record stands to its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Valid,
    Invalid,
    /// To tell took more steps than a record may take.
    TooManySteps,
}

/// Why work on a record stopped.
#[derive(Debug)]
enum Reason {
    Halt(Halt),
    TooManySteps,
}

/// Work on the record has stopped; why is noted in [`Judging`], so that what functions return stays small.
struct Stop;

/// What is under way.
#[derive(Debug, Clone, Copy)]
pub(super) enum Frame {
    Object(Object),
    Array(Array),
    /// The value is still to be judged by a node.
    Due {
        node: NodeId,
        at: At,
    },
    Trial(Trial),
}

/// An object, member by member.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object {
    node: NodeId,
    pub(super) open: At,
    /// The key of the member under way, if one is.
    pub(super) current: At,
    /// The next key.
    key: At,
    /// The bracket that closes it.
    close: At,
    seen: u64,
    count: u32,
    /// Where the marks beyond the first 64 stand.
    marks: u32,
}

/// An array, element by element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Array {
    node: NodeId,
    pub(super) open: At,
    /// The element under way, or the first one.
    at: At,
    /// The bracket that closes it.
    close: At,
    pub(super) index: u32,
    /// Whether the element has been looked at.
    begun: bool,
}

/// Trials of one keyword.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial {
    kind: Kind,
    node: NodeId,
    /// Which of the node's keywords of that kind.
    which: u32,
    at: At,
    /// The element, key or alternative that is tried.
    next: u32,
    /// What was counted or found out so far.
    count: u32,
    /// Whether an outcome is awaited, and of what.
    awaits: Awaits,
    tried: (NodeId, At),
    /// The trial around this one.
    outer: u32,
    /// Where its marks stand.
    marks: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Branch,
    KeyNames,
    Contains,
    UnevaluatedProperties,
    UnevaluatedItems,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaits {
    Nothing,
    /// The alternative, the condition, the key, the element.
    First,
    /// What follows from a condition.
    Then,
}

/// Judges one record after the other, reusing its memory. One thread at a time.
#[derive(Debug)]
pub(super) struct Judging {
    frames: Vec<Frame>,
    /// The number after that of the innermost frame of a trial; 0 outside of trials.
    trial: u32,
    /// Whether the trial at the top has failed.
    failed: bool,
    verdict: bool,
    steps: u64,
    next_watch: u64,
    max_steps: u64,
    marks: Vec<u64>,
    /// Nodes that the member under way is to be judged by, beside the first.
    extra: Vec<NodeId>,
    known_keys: KnownKeys,
    remembered: HashMap<(NodeId, At), bool, RandomState>,
    canonical: Canonical,
    /// Whether a pattern took more steps than it may, since this was last asked.
    pattern_limit: bool,
    /// More of the fault that is noted next.
    about: About,
    stopped: Option<Reason>,
    cancelled: Arc<AtomicBool>,
}

impl Judging {
    pub(super) fn new(budget: Arc<Budget>, cancelled: Arc<AtomicBool>) -> Self {
        Self {
            frames: Vec::new(),
            trial: 0,
            failed: false,
            verdict: true,
            steps: 0,
            next_watch: WATCH_STEPS,
            max_steps: u64::MAX,
            marks: Vec::new(),
            extra: Vec::new(),
            known_keys: KnownKeys::new(),
            remembered: HashMap::default(),
            canonical: Canonical::new(budget),
            pattern_limit: false,
            about: About::Value,
            stopped: None,
            cancelled,
        }
    }

    /// Paths are of this generation from now on.
    #[inline(always)]
    pub(super) fn expect_paths(&mut self, generation: u64) {
        self.known_keys.expect(generation);
    }

    /// Whether a pattern of the record that was judged last reached its limit.
    pub(super) fn reached_pattern_limit(&self) -> bool {
        self.pattern_limit
    }

    /// Tells whether the record of `view` is valid.
    #[inline(always)]
    pub(super) fn verdict(&mut self, program: &Program, view: View<'_>, max_steps: u64) -> Result<Outcome, Halt> {
        Run::<false> { program, view, judging: self, found: None }.run(max_steps)
    }

    /// The same, and notes all that fails.
    pub(super) fn explain(
        &mut self,
        program: &Program,
        view: View<'_>,
        max_steps: u64,
        found: &mut Found,
    ) -> Result<Outcome, Halt> {
        Run::<true> { program, view, judging: self, found: Some(found) }.run(max_steps)
    }
}

struct Run<'a, const EXPLAIN: bool> {
    program: &'a Program,
    view: View<'a>,
    judging: &'a mut Judging,
    found: Option<&'a mut Found>,
}

/// Whether what is under way goes on; it does not where a fault has ended it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    GoOn,
    Ended,
}
impl<const EXPLAIN: bool> Run<'_, EXPLAIN> {
    fn run(mut self, max_steps: u64) -> Result<Outcome, Halt> {
        let judging = &mut *self.judging;
        judging.frames.clear();
        judging.marks.clear();
        judging.extra.clear();
        if !judging.remembered.is_empty() {
            judging.remembered = HashMap::default();
        }
        (judging.trial, judging.failed, judging.verdict, judging.pattern_limit) = (0, false, true, false);
        (judging.steps, judging.next_watch, judging.max_steps) = (0, WATCH_STEPS, max_steps);
        let ended = self.judge_all();
        match (ended, self.judging.stopped.take()) {
            (Ok(()), _) if self.judging.verdict => Ok(Outcome::Valid),
            (Ok(()), _) => Ok(Outcome::Invalid),
            (Err(Stop), Some(Reason::Halt(halt))) => Err(halt),
            (Err(Stop), _) => Ok(Outcome::TooManySteps),
        }
    }

    fn judge_all(&mut self) -> Result<(), Stop> {
        self.enter(self.program.root, 0)?;
        while let Some(frame) = self.judging.frames.last() {
            match *frame {
                Frame::Object(object) => self.object(object)?,
                Frame::Array(array) => self.array(array)?,
                Frame::Due { node, at } => {
                    self.judging.frames.pop();
                    self.enter(node, at)?;
                }
                Frame::Trial(trial) => self.resume(trial)?,
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn spend(&mut self, steps: u64) -> Result<(), Stop> {
        self.judging.steps += steps;
        if self.judging.steps >= self.judging.next_watch { self.watch() } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    fn watch(&mut self) -> Result<(), Stop> {
        let judging = &mut *self.judging;
        judging.next_watch = judging.steps + WATCH_STEPS;
        if judging.cancelled.load(Memory::Relaxed) {
            return self.stop(Reason::Halt(Halt::Cancelled));
        }
        if judging.steps > judging.max_steps { self.stop(Reason::TooManySteps) } else { Ok(()) }
    }

    #[cold]
    fn stop<T>(&mut self, reason: Reason) -> Result<T, Stop> {
        self.judging.stopped = Some(reason);
        Err(Stop)
    }

    fn paid<T>(&mut self, paid: Result<T, MemoryRefused>) -> Result<T, Stop> {
        match paid {
            Ok(value) => Ok(value),
            Err(refused) => self.stop(Reason::Halt(refused.into())),
        }
    }

    /// Whether faults are noted and judging goes on.
    #[inline(always)]
    fn notes(&self) -> bool {
        EXPLAIN && self.judging.trial == 0
    }

    /// The value at `at` is not as the keyword asks.
    #[cold]
    #[inline(never)]
    fn fail(&mut self, origin: OriginId, at: At) -> Flow {
        let judging = &mut *self.judging;
        let about = std::mem::replace(&mut judging.about, About::Value);
        if judging.trial > 0 {
            judging.frames.truncate(judging.trial as usize);
            judging.failed = true;
            return Flow::Ended;
        }
        judging.verdict = false;
        match &mut self.found {
            Some(found) => {
                found.note(self.program, self.view, &judging.frames, origin, (at, about));
                Flow::GoOn
            }
            None => {
                judging.frames.clear();
                Flow::Ended
            }
        }
    }

    /// Judges the value at `at` by a node; what is left of it are frames.
    #[inline(always)]
    fn enter(&mut self, node: NodeId, at: At) -> Result<(), Stop> {
        self.spend(1)?;
        let here = self.view.here(at);
        if self.notes() {
            self.note_value(node, here)?;
            return self.push(node, here);
        }
        match self.judge_alone(node, here)? {
            Some(true) => {}
            Some(false) => self.fail_value(),
            None => self.push(node, here)?,
        }
        Ok(())
    }

    /// Pushes what is to be done for the value at `at` beside looking at it alone.
    fn push(&mut self, mut node: NodeId, here: Here<'_>) -> Result<(), Stop> {
        // What a choice comes down to is judged by in place of it, one after the other, and nothing of that recurses.
        loop {
            self.push_one(node, here)?;
            self.check_frames()?;
            // A fault has dropped those that were left.
            let Some(next) = self.judging.extra.pop() else { return Ok(()) };
            node = next;
        }
    }

    #[inline(always)]
    pub(super) fn check_frames(&mut self) -> Result<(), Stop> {
        let many = self.judging.frames.len() + self.judging.marks.len() / 4 > MAX_FRAMES;
        if many { self.stop(Reason::TooManySteps) } else { Ok(()) }
    }

    #[inline(always)]
    fn push_one(&mut self, node: NodeId, here: Here<'_>) -> Result<(), Stop> {
        let program = self.program;
        let Here { at, begun, .. } = here;
        let asked = &program.nodes[node as usize];
        match (begun, &asked.object, &asked.array) {
            (Types::OBJECT, Some(object), _) => {
                self.push_object(node, object, at);
            }
            (Types::ARRAY, _, Some(array)) => self.push_array(node, array, at),
            _ => {}
        }
        if asked.branches.is_empty() { Ok(()) } else { self.push_branches(node, &asked.branches, here) }
    }

    fn fail_all(&mut self, origins: &[OriginId], at: At) -> Flow {
        for origin in origins {
            if self.fail(*origin, at) == Flow::Ended {
                return Flow::Ended;
            }
        }
        Flow::GoOn
    }

    /// A value of a verdict, or of a trial, failed.
    #[inline(always)]
    fn fail_value(&mut self) {
        // Nothing is noted there, so that it does not matter what failed.
        self.fail(0, 0);
    }

    /// Writes back the frame at the top of the stack.
    #[inline(always)]
    fn put_back(&mut self, frame: Frame) {
        if let Some(top) = self.judging.frames.last_mut() {
            *top = frame;
        }
    }
}
