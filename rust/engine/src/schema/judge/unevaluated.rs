//! Members and elements that no other keyword has evaluated.

use super::trials::trial;
use super::{Awaits, Kind, Run, Stop, Trial};
use crate::schema::node::{Condition, Covered, NodeId, Unevaluated};
use crate::schema::pattern::Matched;
use crate::schema::tape::At;
use std::borrow::Cow;

impl<const EXPLAIN: bool> Run<'_, EXPLAIN> {
    pub(super) fn unevaluated_due(&mut self, kind: Kind, node: NodeId, at: At, count: usize) {
        for which in 0..count {
            self.judging.frames.push(trial(kind, node, which, at, 0));
        }
    }

    /// First finds out how the conditions turn out, one bit each, then looks at each member or element that nothing covers.
    #[inline(never)]
    pub(super) fn unevaluated(&mut self, mut trial: Trial, asked: &Unevaluated, mut outcome: Option<bool>) -> Result<(), Stop> {
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
}
