//! Has blocks judged, by this thread and by the pool, and adds what was found to the report in the order of the stream.

use super::beginning::Beginning;
use super::block::{Block, BlockJudge, BlockReport, Holds, Terms, Values};
use super::source::{Piece, Source};
use crate::findings::Findings;
use crate::frame::{Framer, Reached};
use crate::judge::Judge;
use crate::live::{Listener, Live, Passing, Wanted};
use crate::memory::ReservedBuffer;
use crate::plan::PlannedSchema;
use crate::profile::Profile;
use crate::proto::{Compression, Counts, Format, Limits, ProfileScope};
use crate::report::{Report, Times};
use crate::schema::SchemaJudge;
use crate::screen::Screen;
use crate::state::{Extent, PartKey, Parts};
use crate::{Engine, Halt, Plan};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

#[derive(Debug)]
pub(super) struct Judging {
    engine: Arc<Engine>,
    pub(super) plan: Arc<Plan>,
    cancelled: Arc<AtomicBool>,
    pub(super) workers: Vec<BlockJudge>,
    pub(super) findings: Findings,
    /// Whoever listens.
    pub(super) live: Option<Live>,
    /// Streams that have ended as parts of a whole, and what was counted in them.
    parts: Vec<(u32, Extent)>,
    before: Counts,
}

impl Judging {
    pub(super) fn new(engine: Arc<Engine>, plan: Arc<Plan>, cancelled: Arc<AtomicBool>) -> Self {
        let findings = Findings::new(Report::new(plan.clone(), engine.budget().clone()));
        Self { engine, plan, cancelled, workers: Vec::new(), findings, live: None, parts: Vec::new(), before: Counts::default() }
    }

    /// From now on, tells a listener.
    pub(super) fn listen(&mut self, listener: Box<dyn Listener>, wanted: Wanted) -> Result<(), Halt> {
        let mut live = Live::new(listener, wanted, &self.plan, self.engine.budget().clone())?;
        if wanted.events {
            live.accept(&self.plan)?;
        }
        self.live = Some(live);
        Ok(())
    }

    /// Whether records that are too long to be kept are told of as they come.
    pub(super) fn passes(&self) -> bool {
        self.live.as_ref().is_some_and(Live::needs_records)
    }

    /// Tells the next bytes of such a record, which began at `at`, after `lines` line feeds.
    pub(super) fn pass(&mut self, bytes: &[u8], at: u64, lines: u64) -> Result<(), Halt> {
        let (index, format) = (self.records(), self.findings.report.format());
        let Some(live) = &mut self.live else { return Ok(()) };
        live.pass(&Passing { index, line: lines + 1, start: at }, bytes, format)
    }

    /// Tells what waits to be told.
    pub(super) fn flush(&mut self) -> Result<(), Halt> {
        self.live.as_mut().map_or(Ok(()), Live::flush)
    }

    /// Of a stream.
    pub(super) fn beginning(&self) -> Beginning {
        Beginning::new(self.plan.format, self.engine.kernel(), self.engine.budget().clone())
    }

    /// Of a stream of this format.
    pub(super) fn framer(&self, format: Format) -> Framer {
        let kernel = self.engine.kernel();
        self.plan.records_path.clone().map_or_else(|| Framer::new(format, kernel), |path| Framer::within(path, kernel))
    }

    pub(super) fn engine(&self) -> Arc<Engine> {
        self.engine.clone()
    }

    /// How the stream is declared to be compressed.
    pub(super) fn compression(&self) -> Option<Compression> {
        self.plan.compression
    }

    pub(super) fn threads(&self) -> usize {
        self.engine.threads()
    }

    /// Whether fields are measured.
    pub(super) fn are_measured(&self) -> bool {
        self.plan.measured.scope != ProfileScope::None
    }

    /// The stream has ended; there were so many line feeds in it.
    pub(super) fn end(&mut self, line_feeds: u64) -> Result<(), Halt> {
        if let Some(live) = &mut self.live {
            live.end(self.findings.report.format())?;
        }
        self.join_profiles()?;
        self.findings.parts = Parts::one(self.plan.part, self.extent(line_feeds));
        Ok(())
    }

    fn join_profiles(&mut self) -> Result<(), Halt> {
        let mut profiles = self.workers.iter_mut().filter_map(BlockJudge::take_profile);
        if let Some(mut merged) = profiles.next() {
            for profile in profiles {
                merged.merge(profile)?;
            }
            self.findings.profile = Some(merged);
        }
        Ok(())
    }

    /// Of the stream, in which there were so many line feeds.
    fn extent(&self, line_feeds: u64) -> Extent {
        Extent { records: self.records(), bytes: self.findings.report.bytes(), line_feeds }
    }

    /// Records of the stream so far.
    pub(super) fn records(&self) -> u64 {
        self.findings.report.records() - self.before.records
    }

    /// Those of them that are invalid.
    pub(super) fn invalid(&self) -> u64 {
        self.findings.report.counts().invalid - self.before.invalid
    }

    /// The stream ends as a part of a whole. Workers and what they have learned stay for the next one: to start anew, and to merge what each
    /// part has, would take longer than to judge a small one.
    pub(super) fn end_part(&mut self, number: u32, source: &str, line_feeds: u64) {
        let extent = self.extent(line_feeds);
        self.parts.push((number, extent));
        self.findings.report.end_part(PartKey::new(Some(number)), source, extent.records);
        self.before = *self.findings.report.counts();
    }

    /// What was found in the parts, and the limits that were in force; nothing of it is left here.
    pub(super) fn parts(&mut self) -> Result<(Findings, Limits), Halt> {
        self.join_profiles()?;
        let nothing = Findings::new(Report::new(self.plan.clone(), self.engine.budget().clone()));
        let mut findings = std::mem::replace(&mut self.findings, nothing);
        findings.put_into(&self.parts);
        Ok((findings, self.plan.limits()))
    }

    /// What was found, as a state, if the plan has one.
    pub(super) fn state(&mut self) -> Result<Option<ReservedBuffer>, Halt> {
        if !self.plan.with_state {
            return Ok(None);
        }
        Ok(Some(self.findings.store(PartKey::new(self.plan.part), self.engine.budget().clone())?))
    }

    pub(super) fn encode(&mut self, state: Option<&ReservedBuffer>, times: &Times) -> Result<Vec<u8>, Halt> {
        Ok(self.findings.encode(state, times, &self.engine)?)
    }

    /// Judges all blocks of `source`, the first of them after `lines` line feeds. Returns the line feeds in them.
    pub(super) fn judge_all(&mut self, source: &Mutex<Source<'_>>, threads: usize, lines: u64) -> Result<u64, Halt> {
        self.need_workers(threads);
        let terms = terms(&self.plan, &self.findings, self.live.as_ref());
        let mut turns: Vec<_> = self.workers[..threads].iter_mut().map(Turn::new).collect();
        self.engine.share(&mut turns, |turn| turn.take(source, terms));
        let mut judged = Vec::new();
        for turn in turns {
            if let Some(halt) = turn.halted {
                return Err(halt);
            }
            judged.extend(turn.judged);
        }
        judged.sort_unstable_by_key(|(block, _)| block.at);
        let mut line_feeds = 0;
        let mut firsts = Vec::with_capacity(judged.len());
        for (block, report) in judged {
            firsts.push((block.at, self.findings.report.records()));
            self.retire(&block, &report, lines + line_feeds)?;
            line_feeds += report.line_feeds;
        }
        self.settle(&firsts);
        Ok(line_feeds)
    }

    /// Judges a block that holds one record, after `lines` line feeds. For whoever listens, `whole` is all of it.
    pub(super) fn judge_one(&mut self, block: &Block<'_>, lines: u64, whole: &[u8]) -> Result<(), Halt> {
        self.need_workers(1);
        let terms = terms(&self.plan, &self.findings, self.live.as_ref());
        let report = self.workers[0].judge(block, terms)?;
        self.settle(&[(block.at, self.findings.report.records())]);
        self.retire_one(block, &report, lines, whole)
    }

    /// Judges values on this thread alone, the first of which stands at `at` and after `lines` line feeds. Returns how many bytes they are,
    /// the line feeds in them, and how far the framer came.
    pub(super) fn judge_values(&mut self, values: Values<'_, '_>, at: u64, lines: u64) -> Result<(usize, u64, Reached), Halt> {
        self.need_workers(1);
        let terms = terms(&self.plan, &self.findings, self.live.as_ref());
        let (block, report, reached) = self.workers[0].judge_values(values, at, terms)?;
        self.settle(&[(block.at, self.findings.report.records())]);
        self.retire(&block, &report, lines)?;
        Ok((block.bytes.len(), report.line_feeds, reached))
    }

    /// Tells the workers the indexes of the blocks' first records, of which there are some by offset, in their order.
    fn settle(&mut self, firsts: &[(u64, u64)]) {
        let first_of = |at: u64| firsts.binary_search_by_key(&at, |(at, _)| *at).map_or(0, |found| firsts[found].1);
        for profile in self.workers.iter_mut().filter_map(BlockJudge::profile).filter(|profile| profile.is_unsettled()) {
            profile.settle(first_of);
        }
    }

    fn need_workers(&mut self, count: usize) {
        while self.workers.len() < count {
            let budget = self.engine.budget();
            let screen = Screen::new(self.plan.rules, self.engine.kernel(), budget.clone(), self.cancelled.clone());
            let judge = Judge::new(self.plan.rules, budget.clone(), self.cancelled.clone());
            let profile = Profile::new(&self.plan, budget.clone(), self.cancelled.clone());
            let by_schema =
                |planned: &PlannedSchema| SchemaJudge::new(planned.schema.clone(), budget.clone(), self.cancelled.clone());
            let schema = self.plan.schema.as_ref().map(by_schema);
            self.workers.push(BlockJudge::new(screen, judge, schema, profile));
        }
    }
}

fn terms<'a>(plan: &'a Plan, findings: &'a Findings, live: Option<&Live>) -> Terms<'a> {
    let samples = findings.report.samples();
    let every_invalid = live.is_some_and(Live::needs_every_invalid);
    let framers =
        findings.report.format() != Format::Ndjson && live.is_some_and(|live| live.has_outputs() || live.tells_valid_records());
    Terms { plan, samples, every_invalid, framers }
}

/// What one worker does for a slab.
struct Turn<'a, 'w> {
    judge: &'w mut BlockJudge,
    judged: Vec<(Block<'a>, BlockReport)>,
    halted: Option<Halt>,
}

impl<'a, 'w> Turn<'a, 'w> {
    fn new(judge: &'w mut BlockJudge) -> Self {
        Self { judge, judged: Vec::new(), halted: None }
    }

    /// Takes the next block from `source` and judges it.
    fn judge_next(&mut self, source: &Mutex<Source<'a>>, terms: Terms<'_>) -> Result<Option<(Block<'a>, BlockReport)>, Halt> {
        // A thread that panicked inside has ended the session; what is left is not needed.
        let piece = source.lock().ok().and_then(|mut source| source.next());
        let Some(Piece { at, text, length, mut framer }) = piece else { return Ok(None) };
        if framer.by_lines() {
            let block = Block { at, bytes: text, holds: Holds::Lines };
            return Ok(Some((block, self.judge.judge(&block, terms)?)));
        }
        let values = Values { text, from: 0, until: length, framer: &mut framer };
        let (block, report, _) = self.judge.judge_values(values, at, terms)?;
        Ok(Some((block, report)))
    }

    /// Judges block after block until there are none.
    fn take(&mut self, source: &Mutex<Source<'a>>, terms: Terms<'_>) {
        loop {
            match self.judge_next(source, terms) {
                Ok(Some(judged)) => self.judged.push(judged),
                Ok(None) => return,
                Err(halt) => {
                    self.halted = Some(halt);
                    return;
                }
            }
        }
    }
}
