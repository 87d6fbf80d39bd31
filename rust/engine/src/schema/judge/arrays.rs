//! Arrays, element by element.

use super::trials::trial;
use super::{Array, Flow, Frame, Kind, Run, Stop};
use crate::schema::node::{ANY, ArrayChecks, NodeId};
use crate::schema::tape::{At, Types};

impl<const EXPLAIN: bool> Run<'_, EXPLAIN> {
    #[inline(always)]
    pub(super) fn push_array(&mut self, node: NodeId, checks: &ArrayChecks, open: At) {
        let close = self.view.next(open) - 1;
        let judging = &mut *self.judging;
        judging.frames.push(Frame::Array(Array { node, open, at: open + 1, close, index: 0, begun: false }));
        for which in 0..checks.contains.len() {
            judging.frames.push(trial(Kind::Contains, node, which, open, open + 1));
        }
    }

    pub(super) fn array(&mut self, mut array: Array) -> Result<(), Stop> {
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
            if let (Types::OBJECT, Some(inner), false) = (here.begun, program.nodes[node as usize].members_alone(), notes) {
                if program.heads[node as usize].types.has_any(Types::OBJECT) {
                    array.begun = true;
                    self.put_back(Frame::Array(array));
                    self.push_object(node, inner, here.at);
                    return self.check_frames();
                }
            }
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
}
