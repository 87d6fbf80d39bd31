//! Has blocks judged, by this thread and by the pool, and adds what was found to the report in the order of the stream.

use super::block::{Block, BlockJudge, BlockReport, Terms};
use super::line_feeds;
use super::source::Source;
use crate::frame::Extent;
use crate::judge::Judge;
use crate::memory::{Budget, Reservation};
use crate::report::{Place, Report, Times};
use crate::screen::Screen;
use crate::{Engine, Halt, Plan};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

#[derive(Debug)]
pub(super) struct Judging {
    engine: Arc<Engine>,
    plan: Arc<Plan>,
    cancelled: Arc<AtomicBool>,
    workers: Vec<Worker>,
    pub(super) report: Report,
}

impl Judging {
    pub(super) fn new(engine: Arc<Engine>, plan: Arc<Plan>, cancelled: Arc<AtomicBool>) -> Self {
        let report = Report::new(plan.clone(), engine.budget().clone());
        Self { engine, plan, cancelled, workers: Vec::new(), report }
    }

    pub(super) fn threads(&self) -> usize {
        self.engine.threads()
    }

    pub(super) fn encode(&mut self, times: &Times) -> Result<Vec<u8>, Halt> {
        Ok(self.report.encode(times, self.engine.threads(), self.engine.kernel())?)
    }

    /// Judges all blocks of `source`, the first of them after `lines` line feeds. Returns the line feeds in them.
    pub(super) fn judge_all(&mut self, source: &Mutex<Source<'_>>, threads: usize, lines: u64) -> Result<u64, Halt> {
        self.need_workers(threads);
        let terms = Terms { plan: &self.plan, samples: self.report.samples() };
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
        for (block, report) in judged {
            self.retire(&block, &report, lines + line_feeds)?;
            line_feeds += report.line_feeds;
        }
        Ok(line_feeds)
    }

    /// Judges a block that holds one record, after `lines` line feeds.
    pub(super) fn judge_one(&mut self, block: &Block<'_>, lines: u64) -> Result<(), Halt> {
        self.need_workers(1);
        let terms = Terms { plan: &self.plan, samples: self.report.samples() };
        let report = self.workers[0].judge.judge(block, &[], terms)?;
        self.retire(block, &report, lines)
    }

    fn need_workers(&mut self, count: usize) {
        while self.workers.len() < count {
            let budget = self.engine.budget();
            let screen = Screen::new(self.plan.rules, self.engine.kernel(), budget.clone(), self.cancelled.clone());
            let judge = Judge::new(self.plan.rules, budget.clone(), self.cancelled.clone());
            self.workers.push(Worker::new(BlockJudge::new(screen, judge), budget.clone()));
        }
    }

    /// Adds a block to the report: its positions become absolute. `lines` are the line feeds before it.
    fn retire(&mut self, block: &Block<'_>, found: &BlockReport, mut lines: u64) -> Result<(), Halt> {
        let mut counted = 0;
        for candidate in &found.candidates {
            if self.report.samples().are_full() {
                break;
            }
            lines += line_feeds(&block.bytes[counted..candidate.start()]);
            counted = candidate.start();
            let place = Place {
                record_index: self.report.records() + candidate.number(),
                line: lines + 1,
                byte_offset: block.at + candidate.start() as u64,
            };
            if let Some(sample) = self.workers[0].judge.explain(block, candidate, &self.plan)? {
                self.report.sample(sample, place)?;
            }
        }
        Ok(self.report.add(&found.tally)?)
    }
}

/// What a thread needs to judge, kept from slab to slab.
#[derive(Debug)]
struct Worker {
    judge: BlockJudge,
    extents: Vec<Extent>,
    extents_reservation: Reservation,
}

impl Worker {
    fn new(judge: BlockJudge, budget: Arc<Budget>) -> Self {
        Self { judge, extents: Vec::new(), extents_reservation: Reservation::new(budget) }
    }

    /// Takes the next block from `source` and judges it.
    fn judge_next<'a>(&mut self, source: &Mutex<Source<'a>>, terms: Terms<'_>) -> Result<Option<(Block<'a>, BlockReport)>, Halt> {
        let extents = &mut self.extents;
        // A thread that panicked inside has ended the session; what is left is not needed.
        let Some(block) = source.lock().ok().and_then(|mut source| source.next(extents)) else { return Ok(None) };
        self.extents_reservation.grow_to((extents.capacity() * size_of::<Extent>()) as u64)?;
        Ok(Some((block, self.judge.judge(&block, extents, terms)?)))
    }
}

/// What one worker does for a slab.
struct Turn<'a, 'w> {
    worker: &'w mut Worker,
    judged: Vec<(Block<'a>, BlockReport)>,
    halted: Option<Halt>,
}

impl<'a, 'w> Turn<'a, 'w> {
    fn new(worker: &'w mut Worker) -> Self {
        Self { worker, judged: Vec::new(), halted: None }
    }

    /// Judges block after block until there are none.
    fn take(&mut self, source: &Mutex<Source<'a>>, terms: Terms<'_>) {
        loop {
            match self.worker.judge_next(source, terms) {
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
