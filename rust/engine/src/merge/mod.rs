//! Makes the results of the parts of a data set the result of the whole, from their states.

use crate::findings::Findings;
use crate::memory::ReservedBuffer;
use crate::plan::{ConfigError, Plan};
use crate::profile::Profile;
use crate::proto::{Limits, MergeConfig, Termination};
use crate::report::{Report, Times};
use crate::session::{Part, Progress};
use crate::state::stored::entry::Entry;
use crate::state::{Bounds, Damage, Extent, PartKey, Parts, Piece, Reader, ensure, stored};
use crate::{Engine, Flow, Halt};
use prost::Message;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const NONE: Damage = Damage("there is none");

/// A compiled `MergeConfig`. Immutable; any thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MergePlan {
    /// Whether the result has a state.
    pub with_state: bool,
    /// Whether positions stay those in their part.
    pub keep_positions: bool,
}

impl MergePlan {
    /// Compiles an encoded `MergeConfig`; no bytes at all are the defaults.
    pub fn compile(config: &[u8]) -> Result<Self, ConfigError> {
        let MergeConfig { with_state, keep_positions } = MergeConfig::decode(config)?;
        Ok(Self { with_state, keep_positions })
    }
}

/// Why a state cannot be merged, though it is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Incompatible {
    /// Another version of the engine wrote it.
    #[error("it is of version {0} of states, which this engine does not read")]
    Version(u32),
    /// Its config is not that of the states before it.
    #[error("its config differs from that of the states before it in {0}")]
    Config(&'static str),
    /// A part came twice.
    #[error("part {0} has come before")]
    Part(u32),
    /// All together would be more than can be counted.
    #[error("with it there would be more bytes than can be counted")]
    Size,
}

/// Merges states. One thread at a time.
#[derive(Debug)]
pub struct Merge {
    engine: Arc<Engine>,
    plan: MergePlan,
    cancelled: Arc<AtomicBool>,
    reader: Reader,
    /// The state under way, counted from 1.
    number: u64,
    incoming: Option<Incoming>,
    /// Of the states so far, and their limits.
    findings: Option<(Findings, Limits)>,
    state_taken: bool,
    received: u64,
    opened: Instant,
    busy: Duration,
}

/// A state of which the head has come.
#[derive(Debug)]
struct Incoming {
    findings: Findings,
    limits: Limits,
    /// Invalid records of its groups so far.
    grouped: u64,
    /// Whether paths were dropped by their rank, and left out for whatever reason.
    told: (bool, bool),
    stage: Stage,
}

/// What has come of a state: its entries stand in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Parts,
    Groups,
    Samples,
    Paths,
}

impl Merge {
    /// Opens a merge of no states yet. Its clock starts now.
    pub fn new(engine: Arc<Engine>, plan: MergePlan) -> Self {
        Self {
            reader: Reader::new(engine.budget().clone()),
            engine,
            plan,
            cancelled: Arc::default(),
            number: 1,
            incoming: None,
            findings: None,
            state_taken: false,
            received: 0,
            opened: Instant::now(),
            busy: Duration::ZERO,
        }
    }

    /// Set it from any thread to make a running or later call return [`Halt::Cancelled`].
    pub fn cancellation(&self) -> Arc<AtomicBool> {
        self.cancelled.clone()
    }

    /// Takes the next bytes of the states. After an error the merge is of no further use.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Flow, Halt> {
        let began = Instant::now();
        self.received += bytes.len() as u64;
        self.watch()?;
        let mut rest = bytes;
        while let Some(piece) = self.reader.next(&mut rest)? {
            self.watch()?;
            let piece = piece.map_err(|damage| self.damaged(damage))?;
            self.take(piece)?;
        }
        self.busy += began.elapsed();
        Ok(Flow::More)
    }

    /// Takes parts that were judged in this process, without a state.
    pub fn absorb(&mut self, part: Part) -> Result<(), Halt> {
        let began = Instant::now();
        self.watch()?;
        let Part { findings, limits, received, busy } = part;
        self.received += received;
        self.add(findings, limits)?;
        self.busy += busy + began.elapsed();
        Ok(())
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let report = self.findings.as_ref().map(|(findings, _)| &findings.report);
        let counts = report.map(|report| *report.counts()).unwrap_or_default();
        let (termination, stopped_at) = (Termination::Unspecified, 0);
        Progress { bytes: self.received, records: counts.records, invalid: counts.invalid, termination, stopped_at }
    }

    /// The state of all, if the plan asks for one; the result will then be without it. To be called once at most, before
    /// [`Merge::finish`].
    pub fn state(&mut self) -> Result<Option<ReservedBuffer>, Halt> {
        self.end_states()?;
        self.state_taken = true;
        self.store()
    }

    /// Ends the states and returns the encoded `ProcessResult`. Afterwards the merge is of no further use; what the result takes stays
    /// reserved until it is dropped.
    pub fn finish(&mut self) -> Result<Vec<u8>, Halt> {
        let began = Instant::now();
        self.end_states()?;
        let state = if self.state_taken { None } else { self.store()? };
        let Some((findings, _)) = &mut self.findings else { return Err(self.damaged(NONE)) };
        findings.settle(self.plan.keep_positions);
        self.busy += began.elapsed();
        let wall = self.opened.elapsed();
        // Parts may have been judged at once.
        let times = Times { wall, engine: self.busy.min(wall), received: self.received };
        Ok(findings.encode(state.as_ref(), &times, &self.engine)?)
    }

    /// No more states come: sees to it that those that have are whole.
    fn end_states(&self) -> Result<(), Halt> {
        self.watch()?;
        if self.findings.is_none() && self.reader.is_between_states() {
            return Err(self.damaged(NONE));
        }
        if !self.reader.is_between_states() {
            return Err(self.damaged(Damage("it is cut short")));
        }
        Ok(())
    }

    fn store(&mut self) -> Result<Option<ReservedBuffer>, Halt> {
        match &mut self.findings {
            Some((findings, _)) if self.plan.with_state => {
                Ok(Some(findings.store(PartKey::UNNUMBERED, self.engine.budget().clone())?))
            }
            _ => Ok(None),
        }
    }

    fn watch(&self) -> Result<(), Halt> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Halt::Cancelled) } else { Ok(()) }
    }

    fn damaged(&self, Damage(what): Damage) -> Halt {
        Halt::StateDamaged { number: self.number, what }
    }

    fn incompatible(&self, why: Incompatible) -> Halt {
        Halt::StateIncompatible { number: self.number, why }
    }

    fn take(&mut self, piece: Piece) -> Result<(), Halt> {
        match piece {
            Piece::OtherVersion(version) => Err(self.incompatible(Incompatible::Version(version))),
            Piece::Entry(entry) => {
                let taken = match (*entry, &mut self.incoming) {
                    (Entry::Head(head), None) => self.begin(head).map(|incoming| self.incoming = Some(incoming)),
                    (_, None) => Err(Damage("it has no head")),
                    (entry, Some(incoming)) => incoming.take(entry),
                };
                taken.map_err(|damage| self.damaged(damage))?;
                self.hold()
            }
            Piece::End => self.end(),
        }
    }

    /// Holds the memory of what has come.
    fn hold(&mut self) -> Result<(), Halt> {
        let Some(Incoming { findings, .. }) = &mut self.incoming else { return Ok(()) };
        findings.report.hold(findings.parts.memory())?;
        Ok(findings.profile.as_ref().map_or(Ok(()), Profile::watch)?)
    }

    fn begin(&self, head: stored::Head) -> Result<Incoming, Damage> {
        let limits = head.limits.clone().unwrap_or_default();
        let plan = Plan::of_limits(&limits, &head.schema_sha256).map(Arc::new).ok_or(Damage("its limits were never in force"))?;
        let bytes = head.counts.map_or(0, |counts| counts.bytes);
        let parts = Parts::restore(head.parts, head.unnumbered, bytes)?;
        let told = (head.paths_dropped, head.paths_cut);
        let budget = self.engine.budget().clone();
        let profile = Profile::new(&plan, budget.clone(), self.cancelled.clone());
        let report = Report::restore(head, plan, budget, &parts)?;
        Ok(Incoming { findings: Findings { report, profile, parts }, limits, grouped: 0, told, stage: Stage::Parts })
    }

    /// A state is whole.
    fn end(&mut self) -> Result<(), Halt> {
        let Some(incoming) = self.incoming.take() else { return Err(self.damaged(Damage("it has no head"))) };
        let (findings, limits) = incoming.end().map_err(|damage| self.damaged(damage))?;
        self.add(findings, limits)
    }

    fn add(&mut self, findings: Findings, limits: Limits) -> Result<(), Halt> {
        match &mut self.findings {
            none @ None => *none = Some((findings, limits)),
            Some((ours, our_limits)) => {
                let difference = difference(our_limits, &limits).map(Incompatible::Config);
                let shared = ours.parts.shared(&findings.parts).map(Incompatible::Part);
                if let Some(why) = difference.or(shared) {
                    return Err(self.incompatible(why));
                }
                if !ours.merge(findings)? {
                    return Err(self.incompatible(Incompatible::Size));
                }
            }
        }
        self.number += 1;
        Ok(())
    }
}

impl Incoming {
    fn take(&mut self, entry: Entry) -> Result<(), Damage> {
        let Findings { report, profile, parts } = &mut self.findings;
        let stage = match entry {
            Entry::Head(_) => return Err(Damage("it has two heads")),
            Entry::Part(_) => Stage::Parts,
            Entry::Group(_) => Stage::Groups,
            Entry::Sample(_) => Stage::Samples,
            Entry::Path(_) => Stage::Paths,
        };
        ensure(stage >= self.stage, "its entries are not in their order")?;
        let is_first = stage > self.stage;
        self.stage = stage;
        ensure(!is_first || parts.are_complete(), "parts of it are not there")?;
        match entry {
            Entry::Head(_) => Ok(()),
            Entry::Part(stored::Part { number, records, bytes, line_feeds }) => {
                parts.add(number, Extent { records, bytes, line_feeds })
            }
            Entry::Group(group) => {
                self.grouped = self.grouped.saturating_add(group.count);
                ensure(self.grouped <= report.violations(), "its groups are of more violations than there are")?;
                report.restore_group(&group, Bounds { parts })
            }
            Entry::Sample(sample) => report.restore_sample(sample, Bounds { parts }),
            Entry::Path(path) => {
                let profile = profile.as_mut().ok_or(Damage("it has paths, though nothing was measured"))?;
                profile.restore(path, is_first, Bounds { parts })
            }
        }
    }

    /// All of it has come.
    fn end(mut self) -> Result<(Findings, Limits), Damage> {
        let Findings { report, profile, parts } = &mut self.findings;
        ensure(parts.are_complete(), "parts of it are not there")?;
        ensure(self.grouped == report.violations(), "its groups are of fewer violations than there are")?;
        report.check_parts(Bounds { parts })?;
        if let Some(profile) = profile {
            profile.restored(self.told);
        }
        Ok((self.findings, self.limits))
    }
}

/// The name of the first field in which two configs differ.
fn difference(one: &Limits, other: &Limits) -> Option<&'static str> {
    let fields = [
        ("validation.schema_json, its resources or annotate_formats_only", one.schema_digest == other.schema_digest),
        ("validation.duplicate_keys", one.duplicate_keys == other.duplicate_keys),
        ("validation.max_depth", one.max_depth == other.max_depth),
        ("validation.max_record_bytes", one.max_record_bytes == other.max_record_bytes),
        ("profile.scope", one.profile_scope == other.profile_scope),
        ("profile.top_values", one.top_values == other.top_values),
        ("profile.max_paths", one.max_paths == other.max_paths),
        ("profile.max_keys", one.max_keys == other.max_keys),
        ("profile.redaction", one.redaction == other.redaction),
        ("profile.infer_schema", one.infer_schema == other.infer_schema),
        ("report.max_violations", one.max_violations == other.max_violations),
        ("report.max_per_group", one.max_per_group == other.max_per_group),
        ("report.max_preview_bytes", one.max_preview_bytes == other.max_preview_bytes),
        ("report.max_result_bytes", one.max_result_bytes == other.max_result_bytes),
    ];
    // What may be added to the limits one day differs too.
    let rest = (one != other).then_some("its limits");
    fields.into_iter().find(|(_, same)| !same).map(|(name, _)| name).or(rest)
}
