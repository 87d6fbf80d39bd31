//! Trials: values judged by nodes where failing is an outcome.

use super::{Awaits, Frame, Kind, MAX_REMEMBERED, REMEMBER_AFTER, Run, Stop, Trial};
use crate::schema::found::About;
use crate::schema::node::{ANY, Alternatives, Branch, Contains, NodeId, OriginId};
use crate::schema::tape::At;

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

/// A trial that begins when it comes to the top of the stack.
pub(super) fn trial(kind: Kind, node: NodeId, which: usize, at: At, next: u32) -> Frame {
    Frame::Trial(Trial { kind, node, which: which as u32, at, next, ..Trial::NEW })
}

impl<const EXPLAIN: bool> Run<'_, EXPLAIN> {
    /// Goes on with the trial at the top of the stack.
    pub(super) fn resume(&mut self, mut trial: Trial) -> Result<(), Stop> {
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
    pub(super) fn settle(&mut self, trial: &Trial, passed: Option<bool>, origin: OriginId) {
        let Some(passed) = passed else { return };
        self.judging.frames.pop();
        self.judging.trial = trial.outer;
        self.judging.marks.truncate(trial.marks as usize);
        if !passed {
            if matches!(trial.kind, Kind::KeyNames | Kind::UnevaluatedProperties) {
                self.judging.about = About::Key(trial.next);
            }
            self.fail(origin, trial.at);
        }
    }

    /// The outcome of the value at `at` by `node`; `None` where it is awaited.
    #[inline(always)]
    pub(super) fn try_value(&mut self, trial: &mut Trial, node: NodeId, at: At, awaits: Awaits) -> Result<Option<bool>, Stop> {
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
    pub(super) fn try_now(
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

    fn count(&mut self, trial: &mut Trial, contains: &Contains, mut outcome: Option<bool>) -> Result<Option<u32>, Stop> {
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
}
