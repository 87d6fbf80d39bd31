//! Judges a record by a compiled schema, over its tape.
//!
//! What is under way is a stack of frames, so that no schema and no record can drive the native stack: the members of an object, the elements
//! of an array, and trials. A trial is a value judged by a node where failing is an outcome and not yet a fault, as of each alternative of an
//! `anyOf`; a fault inside ends it at once. Outside of trials, a fault ends the judgement where a verdict is all that is asked, and is noted
//! where it is to be explained, and the judgement goes on. So verdict and explanation come from one and the same code.
//!
//! Each value costs few steps, but trials inside of trials multiply. Once a record has taken [`REMEMBER_AFTER`] steps, outcomes of trials are
//! remembered, so that none is made twice.

use super::found::Found;
use super::known::{KnownKey, KnownKeys};
use super::node::{
    ANY, Additional, Alternatives, ArrayChecks, Branch, ByKey, Condition, Covered, Dependency, Head, NO_MARK, NOBODY, Node,
    NodeId, NumberCheck, ObjectChecks, OriginId, SEVERAL,
};
use super::node::{Program, StringCheck, Unevaluated};
use super::number::Written;
use super::pattern::Matched;
use super::tape::{At, Here, Member, Types, View};
use super::values::Canonical;
use crate::Halt;
use crate::memory::{Budget, MemoryRefused};
use crate::screen::PathId;
use ahash::RandomState;
use std::borrow::Cow;
use std::cmp::Ordering;
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

impl Trial {
    const NEW: Self = Self {
        kind: Kind::Branch,
        node: ANY,
        which: 0,
        at: 0,
        next: 0,
        count: 0,
        awaits: Awaits::Nothing,
        tried: (ANY, 0),
        outer: 0,
        marks: 0,
    };
}

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

/// What a choice among nodes comes down to.
enum Choice {
    /// Its outcome.
    Told(bool),
    /// All that is left to ask is this node, by which the value alone is as it asks.
    Node(NodeId),
    /// Several nodes are to be tried.
    Trial,
}

/// How far the members of an object were taken.
enum Taken {
    All,
    /// Up to this one, which needs frames: it is to be judged by this node, alone or with extra ones.
    Member {
        key: At,
        node: NodeId,
        alone: bool,
    },
    /// Up to one that is not as asked.
    Failed,
    /// A fault that was noted has ended it.
    Ended,
}

/// What is asked of the value of a key.
struct Asked {
    node: NodeId,
    /// Of the key.
    mark: u64,
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
        if judging.trial > 0 {
            judging.frames.truncate(judging.trial as usize);
            judging.failed = true;
            return Flow::Ended;
        }
        judging.verdict = false;
        match &mut self.found {
            Some(found) => {
                found.note(self.program, self.view, &judging.frames, origin, at);
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
    fn check_frames(&mut self) -> Result<(), Stop> {
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

    #[inline(always)]
    fn push_object(&mut self, node: NodeId, checks: &ObjectChecks, open: At) -> Object {
        let close = self.view.next(open) - 1;
        let judging = &mut *self.judging;
        let marks = judging.marks.len() as u32;
        if checks.more_marks > 0 {
            judging.marks.resize(marks as usize + checks.more_marks as usize, 0);
        }
        let object = Object { node, open, current: NO_KEY, key: open + 1, close, seen: 0, count: 0, marks };
        judging.frames.push(Frame::Object(object));
        for which in 0..checks.key_nodes.len() {
            judging.frames.push(trial(Kind::KeyNames, node, which, open, open + 1));
        }
        object
    }

    #[inline(always)]
    fn push_array(&mut self, node: NodeId, checks: &ArrayChecks, open: At) {
        let close = self.view.next(open) - 1;
        let judging = &mut *self.judging;
        judging.frames.push(Frame::Array(Array { node, open, at: open + 1, close, index: 0, begun: false }));
        for which in 0..checks.contains.len() {
            judging.frames.push(trial(Kind::Contains, node, which, open, open + 1));
        }
    }

    fn push_branches(&mut self, node: NodeId, branches: &[(Branch, OriginId)], here: Here<'_>) -> Result<(), Stop> {
        let at = here.at;
        for (which, (branch, origin)) in branches.iter().enumerate() {
            let choice = self.choose(branch, here)?;
            match choice {
                Choice::Told(true) => {}
                Choice::Told(false) => {
                    if self.fail(*origin, at) == Flow::Ended {
                        self.judging.extra.clear();
                        return Ok(());
                    }
                }
                // What fails inside of it is to be noted as the choice.
                Choice::Trial => self.judging.frames.push(trial(Kind::Branch, node, which, at, 0)),
                Choice::Node(_) if self.notes() => self.judging.frames.push(trial(Kind::Branch, node, which, at, 0)),
                Choice::Node(chosen) => self.judging.extra.push(chosen),
            }
        }
        Ok(())
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

    /// The outcome, where it needs no frames.
    #[inline(always)]
    fn judge_alone(&mut self, node: NodeId, here: Here<'_>) -> Result<Option<bool>, Stop> {
        self.judge_with_head(self.program.heads[node as usize], node, here)
    }

    /// The same, called.
    #[inline(never)]
    fn judge_one(&mut self, node: NodeId, here: Here<'_>) -> Result<Option<bool>, Stop> {
        self.judge_alone(node, here)
    }

    #[inline(always)]
    fn judge_with_head(&mut self, head: Head, node: NodeId, here: Here<'_>) -> Result<Option<bool>, Stop> {
        match self.judge_flat_with_head(head, node, here)? {
            None => self.choose_all(node, here),
            told => Ok(told),
        }
    }

    /// The outcome of all choices for the value at `at`, where it needs no frames.
    #[inline(never)]
    fn choose_all(&mut self, node: NodeId, here: Here<'_>) -> Result<Option<bool>, Stop> {
        let asked = &self.program.nodes[node as usize];
        if asked.looks_into(here.begun) {
            return Ok(None);
        }
        for (branch, _) in &asked.branches {
            match self.choose(branch, here)? {
                Choice::Told(true) => {}
                Choice::Told(false) => return Ok(Some(false)),
                Choice::Node(_) | Choice::Trial => return Ok(None),
            }
        }
        Ok(Some(true))
    }

    /// The outcome by a node that asks for no choice itself, where it needs no frames.
    #[inline(always)]
    fn judge_flat(&mut self, node: NodeId, here: Here<'_>) -> Result<Option<bool>, Stop> {
        self.judge_flat_with_head(self.program.heads[node as usize], node, here)
    }

    #[inline(always)]
    fn judge_flat_with_head(&mut self, head: Head, node: NodeId, here: Here<'_>) -> Result<Option<bool>, Stop> {
        let Head { types, more } = head;
        let begun = here.begun;
        let types = types.and(begun);
        if types.is_empty() {
            return Ok(Some(false));
        }
        let asked = &self.program.nodes[node as usize];
        let is_as_asked = match begun {
            Types::STRING => !more.has_any(begun) || self.takes_string(asked, here),
            Types::NUMBER => takes_number(asked, head, here) && self.is_listed(asked, here)?,
            _ => !more.has_any(begun) || self.is_listed(asked, here)?,
        };
        if !is_as_asked {
            return Ok(Some(false));
        }
        Ok(if more.has_any(begun) && (asked.looks_into(begun) || !asked.branches.is_empty()) { None } else { Some(true) })
    }

    /// The only alternative that may take the value, as far as its type tells; or [`NOBODY`] or [`SEVERAL`].
    #[inline(always)]
    fn only_by_type(&self, alternatives: &Alternatives, here: Here<'_>) -> NodeId {
        let of = |types: Types| alternatives.by_type[types.0.trailing_zeros() as usize];
        if here.begun != Types::NUMBER || of(Types::INTEGER) == of(Types::FRACTION) {
            of(here.begun)
        } else {
            of(if here.number().is_integer() { Types::INTEGER } else { Types::FRACTION })
        }
    }

    /// The value by which the alternatives can be told apart, if the value at `at` has it.
    fn telling_value(&mut self, alternatives: &Alternatives, at: At) -> Result<Option<At>, Stop> {
        match &alternatives.by_key {
            Some(by_key) if self.view.byte(at) == b'{' => self.value_of(at, &by_key.key),
            _ => Ok(None),
        }
    }

    /// The only alternative that may take an object, as far as the value that tells them apart does; or [`NOBODY`] or [`SEVERAL`].
    fn only_by_key(&self, by_key: &ByKey, value: Option<At>) -> NodeId {
        let Some(value) = value else { return by_key.absent };
        let here = self.view.here(value);
        let text = match here.begun {
            Types::STRING => here.quoted(),
            Types::NUMBER => here.number().number(),
            Types::ARRAY | Types::OBJECT => return SEVERAL,
            _ => self.view.written(value),
        };
        match by_key.values.get(text) {
            Some(number) => by_key.by_value[number as usize],
            None if here.begun == Types::STRING && !self.view.is_escaped(text) => by_key.other_string,
            None => SEVERAL,
        }
    }

    fn is_excluded(&mut self, alternatives: &Alternatives, number: usize, telling: Option<At>) -> Result<bool, Stop> {
        let (Some(by_key), Some(value)) = (&alternatives.by_key, telling) else { return Ok(false) };
        let asked = by_key.asked[number];
        Ok(asked != ANY && self.judge_flat(asked, self.view.here(value))? == Some(false))
    }

    /// What is left of a choice where only one alternative may take the value, or none.
    fn choose_only(&mut self, only: NodeId, here: Here<'_>) -> Result<Choice, Stop> {
        if only == NOBODY {
            return Ok(Choice::Told(false));
        }
        Ok(self.judge_flat(only, here)?.map_or(Choice::Node(only), Choice::Told))
    }

    /// What a choice comes down to for the value at `at`, as far as it can be told without frames.
    fn choose(&mut self, branch: &Branch, here: Here<'_>) -> Result<Choice, Stop> {
        let (alternatives, only_one) = match branch {
            Branch::AnyOf(alternatives) => (alternatives, false),
            Branch::OneOf(alternatives) => (alternatives, true),
            Branch::Not(node) => {
                let told = self.judge_flat(*node, here)?;
                return Ok(told.map_or(Choice::Trial, |passed| Choice::Told(!passed)));
            }
            Branch::If { condition, then, otherwise } => {
                let Some(holds) = self.judge_flat(*condition, here)? else { return Ok(Choice::Trial) };
                let next = if holds { *then } else { *otherwise };
                return Ok(self.judge_flat(next, here)?.map_or(Choice::Node(next), Choice::Told));
            }
        };
        self.spend(alternatives.nodes.len() as u64)?;
        let only = self.only_by_type(alternatives, here);
        if only != SEVERAL {
            return self.choose_only(only, here);
        }
        let value = self.telling_value(alternatives, here.at)?;
        if let Some(by_key) = alternatives.by_key.as_ref().filter(|_| here.begun == Types::OBJECT) {
            let only = self.only_by_key(by_key, value);
            if only != SEVERAL {
                return self.choose_only(only, here);
            }
        }
        let (mut passed, mut open, mut last) = (0, 0, ANY);
        for (number, node) in alternatives.nodes.iter().enumerate() {
            if self.is_excluded(alternatives, number, value)? {
                continue;
            }
            match self.judge_flat(*node, here)? {
                Some(true) if !only_one => return Ok(Choice::Told(true)),
                Some(true) => passed += 1,
                Some(false) => {}
                None => (open, last) = (open + 1, *node),
            }
            if passed > 1 {
                return Ok(Choice::Told(false));
            }
        }
        Ok(match (passed, open) {
            (passed, 0) => Choice::Told(passed == 1),
            (0, 1) => Choice::Node(last),
            _ => Choice::Trial,
        })
    }

    /// Whether the value is one of those listed.
    #[inline(always)]
    fn is_listed(&mut self, asked: &Node, here: Here<'_>) -> Result<bool, Stop> {
        for (values, _) in &asked.values {
            self.spend(u64::from(self.view.next(here.at) - here.at))?;
            let contained = values.contains(self.view, here.at, &mut self.judging.canonical);
            if !self.paid(contained)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    #[inline(never)]
    fn takes_string(&mut self, asked: &Node, here: Here<'_>) -> bool {
        let raw = here.raw();
        let unescaped;
        let text = if self.view.is_escaped(raw) {
            unescaped = self.view.string(here.at);
            &*unescaped
        } else {
            raw
        };
        if text.len() >= BYTES_A_STEP {
            // Whoever asks for the next step sees whether they are too many.
            self.judging.steps += ((asked.values.len() + asked.strings.len()) * (text.len() / BYTES_A_STEP)) as u64;
        }
        asked.values.iter().all(|(values, _)| values.contains_string(text))
            && asked.strings.iter().all(|(check, _)| self.takes(check, text))
    }

    #[inline(always)]
    fn takes(&mut self, check: &StringCheck, text: &[u8]) -> bool {
        match check {
            StringCheck::MinLength(count) => is_length_at_least(text, *count),
            StringCheck::MaxLength(count) => !is_length_at_least(text, count.saturating_add(1)),
            StringCheck::Pattern(pattern) => match pattern.is_match(text) {
                Matched::Yes => true,
                Matched::No => false,
                Matched::Limit => {
                    self.judging.pattern_limit = true;
                    false
                }
            },
            StringCheck::Format(format) => format.is_valid(utf8(text)),
        }
    }

    /// Notes all that the value itself fails.
    #[cold]
    fn note_value(&mut self, node: NodeId, here: Here<'_>) -> Result<(), Stop> {
        let Here { at, begun, .. } = here;
        let asked = &self.program.nodes[node as usize];
        for origin in &asked.nothing {
            self.fail(*origin, at);
        }
        if !asked.types.is_empty() {
            let own = self.view.type_of(at);
            for (_, origin) in asked.types.iter().filter(|(types, _)| !types.has_any(own)) {
                self.fail(*origin, at);
            }
        }
        for (values, origin) in &asked.values {
            let contained = values.contains(self.view, at, &mut self.judging.canonical);
            if !self.paid(contained)? {
                self.fail(*origin, at);
            }
        }
        if begun == Types::NUMBER {
            let number = here.number();
            for (_, origin) in asked.numbers.iter().filter(|(check, _)| !check.takes(&number)) {
                self.fail(*origin, at);
            }
        }
        if begun == Types::STRING && !asked.strings.is_empty() {
            let text = self.view.string(at);
            for (check, origin) in &asked.strings {
                if !self.takes(check, &text) {
                    self.fail(*origin, at);
                }
            }
        }
        Ok(())
    }

    /// Takes members as far as whether they are as asked can be told at once.
    #[inline(always)]
    fn take_members(&mut self, object: &mut Object, checks: &ObjectChecks) -> Result<Taken, Stop> {
        let (view, program, notes) = (self.view, self.program, self.notes());
        let (mut key, mut seen, mut count, mut steps) = (object.key, object.seen, object.count, 0);
        let taken = loop {
            if key == object.close {
                break Taken::All;
            }
            let Some(Member { path, begun, next }) = view.member(key) else { break Taken::All };
            let (node, head);
            match self.judging.known_keys.get(path, object.node) {
                Some(known) => {
                    (node, head) = (known.node, known.head);
                    (seen, steps) = (seen | known.mark, steps + u64::from(known.steps));
                }
                None => match self.look_up(object, checks, key, path)? {
                    Some(asked) => {
                        (node, head) = (asked.node, program.heads[asked.node as usize]);
                        seen |= asked.mark;
                    }
                    None => return Ok(Taken::Ended),
                },
            }
            let before = key;
            (key, count) = (next, count + 1);
            if notes || !self.judging.extra.is_empty() {
                break Taken::Member { key: before, node, alone: false };
            }
            if head.takes_at_once(begun) {
                continue;
            }
            if !head.types.has_any(begun) {
                break Taken::Failed;
            }
            match self.tell_scalar(&program.nodes[node as usize], head, begun, view.here(before + 1)) {
                Some(true) => {}
                Some(false) => break Taken::Failed,
                None => break Taken::Member { key: before, node, alone: true },
            }
        };
        (object.key, object.seen, object.count) = (key, seen, count);
        self.spend(steps)?;
        Ok(taken)
    }

    /// Whether a string or number is as a node asks, where that can be told by looking at it alone.
    #[inline(always)]
    fn tell_scalar(&mut self, asked: &Node, head: Head, begun: Types, here: Here<'_>) -> Option<bool> {
        if !asked.branches.is_empty() {
            return None;
        }
        match begun {
            Types::STRING => Some(self.takes_string(asked, here)),
            Types::NUMBER if asked.values.is_empty() => Some(takes_number(asked, head, here)),
            _ => None,
        }
    }

    #[inline(never)]
    fn object(&mut self, mut object: Object) -> Result<(), Stop> {
        let program = self.program;
        let Some(mut checks) = program.nodes[object.node as usize].object.as_deref() else { return Ok(()) };
        loop {
            let (key, node, alone) = match self.take_members(&mut object, checks)? {
                Taken::Member { key, node, alone } => (key, node, alone),
                Taken::All if checks.asks_at_end || object.seen & checks.required != checks.required => {
                    return self.at_end(object, checks);
                }
                Taken::All => {
                    self.judging.frames.pop();
                    // The one around it goes on at once.
                    let Some(Frame::Object(around)) = self.judging.frames.last() else { return Ok(()) };
                    object = *around;
                    let Some(around) = program.nodes[object.node as usize].object.as_deref() else { return Ok(()) };
                    checks = around;
                    continue;
                }
                Taken::Failed => {
                    self.fail_value();
                    return Ok(());
                }
                Taken::Ended => return Ok(()),
            };
            let value = self.view.here(key + 1);
            object.current = key;
            if alone {
                // So does one inside of it, where nothing is asked but of its members.
                if let (Types::OBJECT, Some(inner)) = (value.begun, program.nodes[node as usize].members_alone()) {
                    self.put_back(Frame::Object(object));
                    object = self.push_object(node, inner, value.at);
                    checks = inner;
                    self.check_frames()?;
                    continue;
                }
                match self.judge_one(node, value)? {
                    Some(true) => continue,
                    Some(false) => {
                        self.fail_value();
                        return Ok(());
                    }
                    None => {
                        self.put_back(Frame::Object(object));
                        return self.push(node, value);
                    }
                }
            }
            self.put_back(Frame::Object(object));
            while let Some(extra) = self.judging.extra.pop() {
                self.judging.frames.push(Frame::Due { node: extra, at: value.at });
            }
            return if node == ANY { Ok(()) } else { self.enter(node, value.at) };
        }
    }

    /// What is asked of the value of a key: one node, and the extra ones. `None` where a fault has ended it.
    #[inline(never)]
    fn look_up(&mut self, object: &Object, checks: &ObjectChecks, key: At, path: PathId) -> Result<Option<Asked>, Stop> {
        let before = self.judging.steps;
        let (mut mark, mut is_beyond) = (0, false);
        self.spend(1)?;
        let raw = self.view.raw(key);
        let found = if self.view.is_escaped(raw) { checks.names.get(&self.view.string(key)) } else { checks.names.get(raw) };
        let node = match found {
            Some(number) => {
                let slot = &checks.slots[number as usize];
                if slot.mark < 64 {
                    mark = 1 << slot.mark;
                } else if slot.mark != NO_MARK {
                    is_beyond = true;
                    let mark = slot.mark - 64;
                    self.judging.marks[(object.marks + mark / 64) as usize] |= 1 << (mark % 64);
                }
                if slot.is_forbidden && self.fail_all(&checks.forbidden[number as usize], object.open) == Flow::Ended {
                    return Ok(None);
                }
                slot.node
            }
            None if checks.others.is_empty() => ANY,
            None => match self.other(checks, key, object.open)? {
                Some(node) => node,
                None => return Ok(None),
            },
        };
        // Marks beyond the first 64 are set where they are looked up, and what is noted is noted there.
        if !EXPLAIN && !is_beyond && self.judging.extra.is_empty() {
            self.judging.known_keys.put(KnownKey {
                path,
                object: object.node,
                node,
                head: self.program.heads[node as usize],
                steps: (self.judging.steps - before) as u32,
                mark,
            });
        }
        Ok(Some(Asked { node, mark }))
    }

    /// Writes back the frame at the top of the stack.
    #[inline(always)]
    fn put_back(&mut self, frame: Frame) {
        if let Some(top) = self.judging.frames.last_mut() {
            *top = frame;
        }
    }

    /// What is asked of the value of a key that is in no slot: one node, and the extra ones. `None` where a fault has ended it.
    #[inline(never)]
    fn other(&mut self, checks: &ObjectChecks, key: At, open: At) -> Result<Option<NodeId>, Stop> {
        let name = &*self.view.string(key);
        let mut all: NodeId = ANY;
        for others in &checks.others {
            let mut taken = false;
            for (pattern, node) in &others.patterns {
                self.spend(1 + (name.len() / BYTES_A_STEP) as u64)?;
                if pattern.is_match(name) == Matched::Yes {
                    taken = true;
                    self.add(&mut all, *node);
                }
            }
            match others.additional {
                _ if taken => {}
                Additional::Node(node) => self.add(&mut all, node),
                Additional::Forbidden(origin) => {
                    if self.fail(origin, open) == Flow::Ended {
                        self.judging.extra.clear();
                        return Ok(None);
                    }
                }
            }
        }
        Ok(Some(all))
    }

    fn add(&mut self, first: &mut NodeId, node: NodeId) {
        if *first == ANY {
            *first = node;
        } else if node != ANY {
            self.judging.extra.push(node);
        }
    }

    #[inline(never)]
    fn at_end(&mut self, object: Object, checks: &ObjectChecks) -> Result<(), Stop> {
        let open = object.open;
        let has = |marks: &[u64], slot: u32| {
            let mark = checks.slots[slot as usize].mark;
            if mark < 64 {
                object.seen >> mark & 1 == 1
            } else {
                marks[(object.marks + (mark - 64) / 64) as usize] >> (mark % 64) & 1 == 1
            }
        };
        macro_rules! fail_if {
            ($fails:expr, $origin:expr) => {
                if $fails && self.fail($origin, open) == Flow::Ended {
                    return Ok(());
                }
            };
        }
        self.put_back(Frame::Object(Object { current: NO_KEY, ..object }));
        for (slot, origin) in &checks.required_slots {
            fail_if!(!has(&self.judging.marks, *slot), *origin);
        }
        let count = u64::from(object.count);
        for (least, origin) in &checks.min {
            fail_if!(count < *least, *origin);
        }
        for (most, origin) in &checks.max {
            fail_if!(count > *most, *origin);
        }
        let mut due = Vec::new();
        for dependency in &checks.dependencies {
            match dependency {
                Dependency::Keys { slot, needs, origin } if has(&self.judging.marks, *slot) => {
                    for need in needs {
                        fail_if!(!has(&self.judging.marks, *need), *origin);
                    }
                }
                Dependency::Node { slot, node } if has(&self.judging.marks, *slot) => due.push(*node),
                _ => {}
            }
        }
        self.judging.frames.pop();
        if checks.more_marks > 0 {
            self.judging.marks.truncate(object.marks as usize);
        }
        self.spend((checks.required_slots.len() + checks.dependencies.len()) as u64)?;
        self.judging.frames.extend(due.into_iter().map(|node| Frame::Due { node, at: open }));
        self.unevaluated_due(Kind::UnevaluatedProperties, object.node, open, checks.unevaluated.len());
        Ok(())
    }

    fn unevaluated_due(&mut self, kind: Kind, node: NodeId, at: At, count: usize) {
        for which in 0..count {
            self.judging.frames.push(trial(kind, node, which, at, 0));
        }
    }

    /// Takes elements as far as whether they are as `node` asks can be told at once. `false` where one is not.
    #[inline(never)]
    fn take_elements(&mut self, array: &mut Array, node: NodeId) -> bool {
        let (view, asked, head) = (self.view, &self.program.nodes[node as usize], self.program.heads[node as usize]);
        let (mut at, mut index) = (array.at, array.index);
        let taken = loop {
            if at == array.close {
                break true;
            }
            let (begun, next) = view.glance(at);
            if !head.takes_at_once(begun) {
                if !head.types.has_any(begun) {
                    break false;
                }
                match self.tell_scalar(asked, head, begun, view.here(at)) {
                    Some(true) => {}
                    Some(false) => break false,
                    None => break true,
                }
            }
            (at, index) = (next, index + 1);
        };
        self.judging.steps += u64::from(index - array.index);
        (array.at, array.index) = (at, index);
        taken
    }

    fn array(&mut self, mut array: Array) -> Result<(), Stop> {
        let program = self.program;
        let Some(checks) = &program.nodes[array.node as usize].array else { return Ok(()) };
        let notes = self.notes();
        if array.begun {
            (array.at, array.index, array.begun) = (self.view.next(array.at), array.index + 1, false);
        }
        loop {
            if array.index as usize >= checks.prefix.len() && !notes {
                if !self.take_elements(&mut array, checks.rest) {
                    self.fail_value();
                    return Ok(());
                }
                self.spend(0)?;
            }
            if array.at == array.close {
                break;
            }
            self.spend(1)?;
            let node = checks.prefix.get(array.index as usize).copied().unwrap_or(checks.rest);
            if node == ANY {
                (array.at, array.index) = (self.view.next(array.at), array.index + 1);
                continue;
            }
            let here = self.view.here(array.at);
            match if notes { None } else { self.judge_one(node, here)? } {
                Some(true) => (array.at, array.index) = (self.view.next(array.at), array.index + 1),
                Some(false) => {
                    self.fail_value();
                    return Ok(());
                }
                None => {
                    array.begun = true;
                    self.put_back(Frame::Array(array));
                    if notes {
                        self.note_value(node, here)?;
                    }
                    return self.push(node, here);
                }
            }
        }
        let (open, count) = (array.open, u64::from(array.index));
        let short = checks.min.iter().filter(|(least, _)| count < *least).map(|(_, origin)| *origin);
        let long = checks.max.iter().chain(&checks.ends).filter(|(most, _)| count > *most).map(|(_, origin)| *origin);
        for origin in short.chain(long) {
            if self.fail(origin, open) == Flow::Ended {
                return Ok(());
            }
        }
        if !checks.unique.is_empty() && count > 1 {
            self.spend(u64::from(array.at - open))?;
            let equal = self.judging.canonical.has_equal_elements(self.view, open);
            if self.paid(equal)? {
                for origin in &checks.unique {
                    if self.fail(*origin, open) == Flow::Ended {
                        return Ok(());
                    }
                }
            }
        }
        self.judging.frames.pop();
        self.unevaluated_due(Kind::UnevaluatedItems, array.node, open, checks.unevaluated.len());
        Ok(())
    }

    /// Goes on with the trial at the top of the stack.
    fn resume(&mut self, mut trial: Trial) -> Result<(), Stop> {
        let judging = &mut *self.judging;
        let outcome = match trial.awaits {
            Awaits::Nothing => {
                trial.outer = judging.trial;
                judging.trial = judging.frames.len() as u32;
                trial.marks = judging.marks.len() as u32;
                None
            }
            _ => {
                let passed = !std::mem::take(&mut judging.failed);
                if !matches!(trial.kind, Kind::UnevaluatedItems | Kind::UnevaluatedProperties) {
                    judging.marks.truncate(trial.marks as usize);
                }
                if judging.steps > REMEMBER_AFTER && judging.remembered.len() < MAX_REMEMBERED {
                    judging.remembered.insert(trial.tried, passed);
                }
                Some(passed)
            }
        };
        let program = self.program;
        let node = &program.nodes[trial.node as usize];
        match (trial.kind, &node.object, &node.array) {
            (Kind::Branch, _, _) => {
                let (branch, origin) = &node.branches[trial.which as usize];
                let passed = match branch {
                    Branch::AnyOf(alternatives) => self.any_of(&mut trial, alternatives, outcome)?,
                    Branch::OneOf(alternatives) => self.one_of(&mut trial, alternatives, outcome)?,
                    Branch::Not(node) => {
                        let at = trial.at;
                        self.try_now(&mut trial, outcome, *node, at, Awaits::First)?.map(|passed| !passed)
                    }
                    Branch::If { condition, then, otherwise } => {
                        self.conditional(&mut trial, outcome, [*condition, *then, *otherwise])?
                    }
                };
                self.settle(&trial, passed, *origin);
            }
            (Kind::KeyNames, Some(checks), _) => {
                let (node, origin) = checks.key_nodes[trial.which as usize];
                let passed = self.key_names(&mut trial, node, outcome)?;
                self.settle(&trial, passed, origin);
            }
            (Kind::Contains, _, Some(checks)) => {
                let contains = &checks.contains[trial.which as usize];
                if let Some(count) = self.count(&mut trial, contains, outcome)? {
                    let few = u64::from(count) < contains.min;
                    let many = contains.max.filter(|(max, _)| u64::from(count) > *max);
                    let origin = many.map_or(contains.min_origin, |(_, origin)| origin);
                    self.settle(&trial, Some(!few && many.is_none()), origin);
                }
            }
            (Kind::UnevaluatedProperties, Some(checks), _) => {
                self.unevaluated(trial, &checks.unevaluated[trial.which as usize], outcome)?
            }
            (Kind::UnevaluatedItems, _, Some(checks)) => {
                self.unevaluated(trial, &checks.unevaluated[trial.which as usize], outcome)?
            }
            _ => self.settle(&trial, Some(true), 0),
        }
        Ok(())
    }

    /// Ends a trial whose outcome is known.
    #[inline(always)]
    fn settle(&mut self, trial: &Trial, passed: Option<bool>, origin: OriginId) {
        let Some(passed) = passed else { return };
        self.judging.frames.pop();
        self.judging.trial = trial.outer;
        self.judging.marks.truncate(trial.marks as usize);
        if !passed {
            self.fail(origin, trial.at);
        }
    }

    /// The outcome of the value at `at` by `node`; `None` where it is awaited.
    #[inline(always)]
    fn try_value(&mut self, trial: &mut Trial, node: NodeId, at: At, awaits: Awaits) -> Result<Option<bool>, Stop> {
        self.spend(1)?;
        let here = self.view.here(at);
        if let Some(outcome) = self.judge_alone(node, here)? {
            return Ok(Some(outcome));
        }
        if self.judging.steps > REMEMBER_AFTER {
            if let Some(outcome) = self.judging.remembered.get(&(node, at)) {
                return Ok(Some(*outcome));
            }
        }
        (trial.awaits, trial.tried) = (awaits, (node, at));
        self.put_back(Frame::Trial(*trial));
        self.push(node, here)?;
        Ok(None)
    }

    /// The outcome that has come, or that of a trial which begins now.
    fn try_now(
        &mut self,
        trial: &mut Trial,
        outcome: Option<bool>,
        node: NodeId,
        at: At,
        awaits: Awaits,
    ) -> Result<Option<bool>, Stop> {
        if outcome.is_some() { Ok(outcome) } else { self.try_value(trial, node, at, awaits) }
    }

    /// The same for the alternative that is due, of which the telling value may say at once that it does not hold.
    fn try_alternative(
        &mut self,
        trial: &mut Trial,
        alternatives: &Alternatives,
        telling: Option<At>,
        outcome: Option<bool>,
    ) -> Result<Option<bool>, Stop> {
        let number = trial.next as usize;
        if outcome.is_none() && self.is_excluded(alternatives, number, telling)? {
            return Ok(Some(false));
        }
        let at = trial.at;
        self.try_now(trial, outcome, alternatives.nodes[number], at, Awaits::First)
    }

    fn any_of(
        &mut self,
        trial: &mut Trial,
        alternatives: &Alternatives,
        mut outcome: Option<bool>,
    ) -> Result<Option<bool>, Stop> {
        let telling = self.telling_value(alternatives, trial.at)?;
        while (trial.next as usize) < alternatives.nodes.len() {
            match self.try_alternative(trial, alternatives, telling, outcome.take())? {
                Some(false) => trial.next += 1,
                passed_or_awaited => return Ok(passed_or_awaited),
            }
        }
        Ok(Some(false))
    }

    fn one_of(
        &mut self,
        trial: &mut Trial,
        alternatives: &Alternatives,
        mut outcome: Option<bool>,
    ) -> Result<Option<bool>, Stop> {
        let telling = self.telling_value(alternatives, trial.at)?;
        while (trial.next as usize) < alternatives.nodes.len() {
            let Some(passed) = self.try_alternative(trial, alternatives, telling, outcome.take())? else { return Ok(None) };
            trial.count += u32::from(passed);
            trial.next += 1;
            if trial.count > 1 {
                return Ok(Some(false));
            }
        }
        Ok(Some(trial.count == 1))
    }

    fn conditional(
        &mut self,
        trial: &mut Trial,
        outcome: Option<bool>,
        [condition, then, otherwise]: [NodeId; 3],
    ) -> Result<Option<bool>, Stop> {
        if trial.awaits == Awaits::Then {
            return Ok(outcome);
        }
        let Some(holds) = self.try_now(trial, outcome, condition, trial.at, Awaits::First)? else { return Ok(None) };
        self.try_value(trial, if holds { then } else { otherwise }, trial.at, Awaits::Then)
    }

    fn key_names(&mut self, trial: &mut Trial, node: NodeId, mut outcome: Option<bool>) -> Result<Option<bool>, Stop> {
        while self.view.byte(trial.next) != b'}' {
            match self.try_now(trial, outcome.take(), node, trial.next, Awaits::First)? {
                Some(true) => trial.next = self.view.next(trial.next + 1),
                failed_or_awaited => return Ok(failed_or_awaited),
            }
        }
        Ok(Some(true))
    }

    fn count(
        &mut self,
        trial: &mut Trial,
        contains: &super::node::Contains,
        mut outcome: Option<bool>,
    ) -> Result<Option<u32>, Stop> {
        while self.view.byte(trial.next) != b']' {
            if contains.max.is_none() && u64::from(trial.count) >= contains.min {
                break;
            }
            let Some(passed) = self.try_now(trial, outcome.take(), contains.node, trial.next, Awaits::First)? else {
                return Ok(None);
            };
            trial.count += u32::from(passed);
            trial.next = self.view.next(trial.next);
        }
        Ok(Some(trial.count))
    }

    /// First finds out how the conditions turn out, one bit each, then looks at each member or element that nothing covers.
    #[inline(never)]
    fn unevaluated(&mut self, mut trial: Trial, asked: &Unevaluated, mut outcome: Option<bool>) -> Result<(), Stop> {
        let words = asked.conditions.len().div_ceil(64);
        if trial.awaits == Awaits::Nothing {
            self.judging.marks.resize(trial.marks as usize + words, 0);
        } else {
            self.judging.marks.truncate(trial.marks as usize + words);
        }
        // `count` is how many conditions are known; once all are, `next` is the entry that is due.
        while (trial.count as usize) < asked.conditions.len() {
            let (number, at) = (trial.count as usize, trial.at);
            let holds = match &asked.conditions[number] {
                Condition::HasKey(name) => Some(self.value_of(at, name.as_bytes())?.is_some()),
                Condition::Is(node) => self.try_now(&mut trial, outcome.take(), *node, at, Awaits::First)?,
            };
            let Some(holds) = holds else { return Ok(()) };
            self.judging.marks[trial.marks as usize + number / 64] |= u64::from(holds) << (number % 64);
            trial.count += 1;
        }
        let of_keys = trial.kind == Kind::UnevaluatedProperties;
        if trial.next == 0 {
            (trial.next, trial.awaits) = (trial.at + 1, Awaits::Nothing);
        }
        let total = asked.conditions.len() as u32;
        // What comes now is about the entry at `next`: by a cover, or by the node of what nothing covers.
        let mut index = trial.count - total;
        let passed = loop {
            if matches!(self.view.byte(trial.next), b'}' | b']') {
                break true;
            }
            let value = trial.next + u32::from(of_keys);
            let covered = match (outcome, trial.awaits) {
                (Some(true), _) => true,
                (Some(false), Awaits::Then) => break false,
                (waited, _) => {
                    let after = if waited.is_some() { Some(trial.tried.0) } else { None };
                    match self.is_covered(&mut trial, asked, index, after)? {
                        Some(covered) => covered,
                        None => return Ok(()),
                    }
                }
            };
            outcome = None;
            if !covered {
                let Some(node) = asked.node else { break false };
                match self.try_value(&mut trial, node, value, Awaits::Then)? {
                    Some(true) => {}
                    Some(false) => break false,
                    None => return Ok(()),
                }
            }
            trial.next = self.view.next(value);
            trial.awaits = Awaits::Nothing;
            trial.count += 1;
            index += 1;
        };
        self.settle(&trial, Some(passed), asked.origin);
        Ok(())
    }

    /// Whether the entry at `next` is covered, by what comes after the cover whose node is `after`, which does not take it.
    fn is_covered(
        &mut self,
        trial: &mut Trial,
        asked: &Unevaluated,
        index: u32,
        after: Option<NodeId>,
    ) -> Result<Option<bool>, Stop> {
        self.spend(asked.covers.len() as u64)?;
        let entry = trial.next;
        let name: Cow<'_, [u8]> =
            if trial.kind == Kind::UnevaluatedProperties { self.view.string(entry) } else { Cow::Borrowed(&[]) };
        let mut skipped = after;
        for cover in &asked.covers {
            let holds = |(number, holds): &(u32, bool)| {
                (self.judging.marks[trial.marks as usize + *number as usize / 64] >> (number % 64) & 1 == 1) == *holds
            };
            if !cover.conditions.iter().all(holds) {
                continue;
            }
            let covered = match &cover.what {
                Covered::All => true,
                Covered::Keys(names) => names.get(&name).is_some(),
                Covered::Pattern(pattern) => pattern.is_match(&name) == Matched::Yes,
                Covered::First(count) => u64::from(index) < *count,
                Covered::Matching(node) => match skipped {
                    Some(tried) => {
                        if tried == *node {
                            skipped = None;
                        }
                        false
                    }
                    None => match self.try_value(trial, *node, entry, Awaits::First)? {
                        Some(covered) => covered,
                        None => return Ok(None),
                    },
                },
            };
            if covered {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    }

    /// The value of a key of the object at `open`.
    fn value_of(&mut self, open: At, name: &[u8]) -> Result<Option<At>, Stop> {
        let mut key = open + 1;
        while self.view.byte(open) == b'{' && self.view.byte(key) != b'}' {
            self.spend(1)?;
            if self.view.is_named(key, name) {
                return Ok(Some(key + 1));
            }
            key = self.view.next(key + 1);
        }
        Ok(None)
    }
}

/// Whether a number is of the types that a node takes, and as it asks of numbers.
#[inline(never)]
fn takes_number(asked: &Node, head: Head, here: Here<'_>) -> bool {
    let types = head.types.and(Types::NUMBER);
    let number = here.number();
    // Either integers alone, or fractions alone.
    (types == Types::NUMBER || number.is_integer() == (types == Types::INTEGER))
        && asked.numbers.iter().all(|(check, _)| check.takes(&number))
}

fn trial(kind: Kind, node: NodeId, which: usize, at: At, next: u32) -> Frame {
    Frame::Trial(Trial { kind, node, which: which as u32, at, next, ..Trial::NEW })
}

impl NumberCheck {
    #[inline(always)]
    fn takes(&self, number: &Written<'_>) -> bool {
        match self {
            Self::AtLeast(limit) => limit.compare(number) != Ordering::Less,
            Self::AtMost(limit) => limit.compare(number) != Ordering::Greater,
            Self::Above(limit) => limit.compare(number) == Ordering::Greater,
            Self::Below(limit) => limit.compare(number) == Ordering::Less,
            Self::Multiple(divisor) => divisor.divides(number),
        }
    }
}

/// Whether `text` has at least `count` code points.
#[inline(always)]
fn is_length_at_least(text: &[u8], count: u64) -> bool {
    let bytes = text.len() as u64;
    // A code point takes one byte to four.
    if bytes < count {
        return false;
    }
    bytes >= count.saturating_mul(4) || bytecount::num_chars(text) as u64 >= count
}

/// The text of a valid record's string.
#[inline(always)]
fn utf8(text: &[u8]) -> &str {
    simdutf8::basic::from_utf8(text).unwrap_or_default()
}
