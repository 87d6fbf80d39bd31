//! Objects, member by member.

use super::trials::trial;
use super::{BYTES_A_STEP, Flow, Frame, Kind, NO_KEY, Object, Run, Stop};
use crate::schema::found::About;
use crate::schema::known::KnownKey;
use crate::schema::node::{ANY, Additional, Dependency, NO_MARK, NodeId, ObjectChecks};
use crate::schema::pattern::Matched;
use crate::schema::tape::{At, Member, Types};
use crate::screen::PathId;

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

impl<const EXPLAIN: bool> Run<'_, EXPLAIN> {
    #[inline(always)]
    pub(super) fn push_object(&mut self, node: NodeId, checks: &ObjectChecks, open: At) -> Object {
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

    #[inline(never)]
    pub(super) fn object(&mut self, mut object: Object) -> Result<(), Stop> {
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
                let asked = &program.nodes[node as usize];
                match value.begun {
                    // So does one inside of it, where nothing is asked but of its members.
                    Types::OBJECT => {
                        if let Some(inner) = asked.members_alone() {
                            self.put_back(Frame::Object(object));
                            object = self.push_object(node, inner, value.at);
                            checks = inner;
                            self.check_frames()?;
                            continue;
                        }
                    }
                    Types::ARRAY => {
                        if let Some(inner) = asked.elements_alone() {
                            self.put_back(Frame::Object(object));
                            self.push_array(node, inner, value.at);
                            return self.check_frames();
                        }
                    }
                    _ => {}
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
                if slot.is_forbidden {
                    self.judging.about = About::Key(key);
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
                    self.judging.about = About::Key(key);
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
}
