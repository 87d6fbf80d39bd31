//! What a choice among nodes comes down to, as far as that can be told without trials.

use super::trials::trial;
use super::{Flow, Kind, Run, Stop};
use crate::schema::node::{ANY, Alternatives, Branch, ByKey, NOBODY, NodeId, OriginId, SEVERAL};
use crate::schema::tape::{At, Here, Types};

/// What a choice among nodes comes down to.
pub(super) enum Choice {
    /// Its outcome.
    Told(bool),
    /// All that is left to ask is this node, by which the value alone is as it asks.
    Node(NodeId),
    /// Several nodes are to be tried.
    Trial,
}

impl<const EXPLAIN: bool> Run<'_, EXPLAIN> {
    pub(super) fn push_branches(&mut self, node: NodeId, branches: &[(Branch, OriginId)], here: Here<'_>) -> Result<(), Stop> {
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

    /// The outcome of all choices for the value at `at`, where it needs no frames.
    #[inline(never)]
    pub(super) fn choose_all(&mut self, node: NodeId, here: Here<'_>) -> Result<Option<bool>, Stop> {
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
                return self.choose_only(next, here);
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

    /// What is left of a choice where only one alternative may take the value, or none.
    fn choose_only(&mut self, only: NodeId, here: Here<'_>) -> Result<Choice, Stop> {
        if only == NOBODY {
            return Ok(Choice::Told(false));
        }
        Ok(self.judge_flat(only, here)?.map_or(Choice::Node(only), Choice::Told))
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

    /// The value by which the alternatives can be told apart, if the value at `at` has it.
    pub(super) fn telling_value(&mut self, alternatives: &Alternatives, at: At) -> Result<Option<At>, Stop> {
        match &alternatives.by_key {
            Some(by_key) if self.view.byte(at) == b'{' => self.value_of(at, &by_key.key),
            _ => Ok(None),
        }
    }

    pub(super) fn is_excluded(&mut self, alternatives: &Alternatives, number: usize, telling: Option<At>) -> Result<bool, Stop> {
        let (Some(by_key), Some(value)) = (&alternatives.by_key, telling) else { return Ok(false) };
        let asked = by_key.asked[number];
        Ok(asked != ANY && self.judge_flat(asked, self.view.here(value))? == Some(false))
    }

    /// The value of a key of the object at `open`.
    pub(super) fn value_of(&mut self, open: At, name: &[u8]) -> Result<Option<At>, Stop> {
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
