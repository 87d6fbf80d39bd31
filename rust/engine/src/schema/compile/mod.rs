//! Compiles schemas to nodes: from the positions that hold together for a value to those that hold for each of its members and elements.
//!
//! This is the subset construction by which automata are made deterministic, over paths instead of texts: a node is a set of positions, and
//! each set is compiled once, so that recursion in a schema is a circle of nodes. Everything is bounded by the work that it takes.

mod alternatives;
mod array;
mod covers;
mod object;
mod scalar;

use super::node::{ANY, Head, Node, NodeId, Origin, OriginId, Program};
use super::pattern::{Pattern, PatternError};
use super::positions::{PositionId, Positions};
use super::problem::{Problem, Reason};
use super::tape::Types;
use super::{MAX_NODES, MAX_STEPS_A_VALUE, MAX_WORK};
use ahash::RandomState;
use array::ArrayPart;
use object::ObjectPart;
use referencing::Draft;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Keywords by which a schema asks nothing of a value itself.
const ASKS_NOTHING: [&str; 16] = [
    "$ref",
    "allOf",
    "$dynamicRef",
    "$recursiveRef",
    "$defs",
    "definitions",
    "$id",
    "id",
    "$schema",
    "$anchor",
    "$dynamicAnchor",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
];

/// How far it is known that a position does not lead back to itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    UnderWay,
    Made,
}

pub(super) struct Compiler<'p, 'r> {
    pub(super) positions: &'p mut Positions<'r>,
    /// Whether `format` asserts.
    formats: bool,
    nodes: Vec<Node>,
    heads: Vec<Head>,
    known: HashMap<Box<[PositionId]>, NodeId, RandomState>,
    /// Nodes that are not compiled yet.
    due: Vec<(NodeId, Box<[PositionId]>)>,
    origins: Vec<Origin>,
    patterns: HashMap<&'r str, Arc<Pattern>, RandomState>,
    pattern_bytes: usize,
    progress: HashMap<PositionId, Progress, RandomState>,
    /// The names of the slots of each node that has some.
    slot_names: HashMap<NodeId, Vec<&'r str>, RandomState>,
    work: usize,
}

/// What the positions of one node ask, before it is put together.
#[derive(Default)]
struct Asked<'r> {
    node: Node,
    objects: Vec<ObjectPart<'r>>,
    arrays: Vec<ArrayPart>,
}

impl<'p, 'r> Compiler<'p, 'r> {
    pub(super) fn new(positions: &'p mut Positions<'r>, formats: bool) -> Self {
        Self {
            positions,
            formats,
            nodes: vec![Node::default()],
            heads: vec![Head::ANY],
            known: HashMap::default(),
            due: Vec::new(),
            origins: Vec::new(),
            patterns: HashMap::default(),
            pattern_bytes: 0,
            progress: HashMap::default(),
            slot_names: HashMap::default(),
            work: 0,
        }
    }

    /// Compiles the schema at `root`.
    pub(super) fn compile(mut self, root: PositionId) -> Result<Program, Problem> {
        let root = self.node(&[root])?;
        while let Some((number, positions)) = self.due.pop() {
            let node = self.compile_node(number, &positions)?;
            self.heads[number as usize] = head(&node);
            self.nodes[number as usize] = node;
        }
        self.check_steps()?;
        self.tell_apart();
        let pointers = std::mem::take(&mut self.positions.places).into_pointers();
        let Self { heads, nodes, origins, pattern_bytes, .. } = self;
        Ok(Program { heads, nodes, origins, root, pointers, pattern_bytes })
    }

    /// Notes that so much is done.
    fn spend(&mut self, work: usize) -> Result<(), Problem> {
        self.work += work;
        if self.work > MAX_WORK || self.positions.len() > MAX_NODES || self.nodes.len() > MAX_NODES {
            let text =
                "to compile it takes too much: it has too many keywords that hold at once, or too many ways that references lead";
            return Err(Problem::of_all(Reason::TooComplex, text));
        }
        Ok(())
    }

    /// The node for what holds together.
    fn node(&mut self, positions: &[PositionId]) -> Result<NodeId, Problem> {
        let mut all = Vec::new();
        let mut due = positions.to_vec();
        while let Some(position) = due.pop() {
            if self.positions.value(position) == &Value::Bool(true) || all.contains(&position) {
                continue;
            }
            self.spend(1 + all.len() / 16)?;
            self.check_progress(position)?;
            all.push(position);
            due.extend(self.joined(position)?);
        }
        // What only joins others asks nothing itself, and two ways to the same are one.
        all.retain(|position| self.asks(*position));
        if all.is_empty() {
            return Ok(ANY);
        }
        all.sort_unstable();
        if let Some(known) = self.known.get(all.as_slice()) {
            return Ok(*known);
        }
        let number = self.nodes.len() as NodeId;
        self.nodes.push(Node::default());
        self.heads.push(Head::ANY);
        self.due.push((number, all.clone().into()));
        self.known.insert(all.into(), number);
        Ok(number)
    }

    fn asks(&self, position: PositionId) -> bool {
        let Some(members) = self.positions.members(position) else { return true };
        !is_only_reference(self.positions.draft(position), members)
            && members.keys().any(|keyword| !ASKS_NOTHING.contains(&keyword.as_str()))
    }

    /// The node of one schema that stands in another.
    fn child_node(&mut self, parent: PositionId, value: &'r Value) -> Result<NodeId, Problem> {
        let child = self.positions.child(parent, value)?;
        self.node(&[child])
    }

    /// The positions that hold where this one does: references and `allOf`.
    fn joined(&mut self, position: PositionId) -> Result<Vec<PositionId>, Problem> {
        let Some(members) = self.positions.members(position) else { return Ok(Vec::new()) };
        let draft = self.positions.draft(position);
        let mut joined = Vec::new();
        for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
            let known = match keyword {
                "$dynamicRef" => draft >= Draft::Draft202012,
                "$recursiveRef" => draft == Draft::Draft201909,
                _ => true,
            };
            if let Some(reference) = members.get(keyword).and_then(Value::as_str).filter(|_| known) {
                joined.push(self.positions.follow(position, keyword, reference)?);
            }
        }
        if is_only_reference(draft, members) {
            return Ok(joined);
        }
        for schema in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            joined.push(self.positions.child(position, schema)?);
        }
        Ok(joined)
    }

    /// All positions that are about the same value as this one and are reached from it.
    fn in_place(&mut self, position: PositionId) -> Result<Vec<PositionId>, Problem> {
        let mut reached = self.joined(position)?;
        let Some(members) = self.positions.members(position) else { return Ok(reached) };
        if is_only_reference(self.positions.draft(position), members) {
            return Ok(reached);
        }
        let mut schemas: Vec<&'r Value> = Vec::new();
        for keyword in ["anyOf", "oneOf"] {
            schemas.extend(members.get(keyword).and_then(Value::as_array).into_iter().flatten());
        }
        schemas.extend(["not", "if", "then", "else"].iter().filter_map(|keyword| members.get(*keyword)));
        for keyword in ["dependentSchemas", "dependencies"] {
            schemas.extend(members.get(keyword).and_then(Value::as_object).into_iter().flat_map(|members| members.values()));
        }
        for schema in schemas.into_iter().filter(|schema| schema.is_object() || schema.is_boolean()) {
            reached.push(self.positions.child(position, schema)?);
        }
        Ok(reached)
    }

    /// Sees to it that no way leads from `position` back to it without going into the value.
    fn check_progress(&mut self, position: PositionId) -> Result<(), Problem> {
        if self.progress.contains_key(&position) {
            return Ok(());
        }
        let reached = self.in_place(position)?;
        self.progress.insert(position, Progress::UnderWay);
        let mut way = vec![(position, reached)];
        while let Some((position, reached)) = way.last_mut() {
            let Some(next) = reached.pop() else {
                self.progress.insert(*position, Progress::Made);
                way.pop();
                continue;
            };
            match self.progress.get(&next) {
                Some(Progress::Made) => {}
                Some(Progress::UnderWay) => {
                    let text = "it leads back to itself without going into the value: nothing could ever be judged by it";
                    return Err(self.positions.problem(next, "", Reason::Invalid, text));
                }
                None => {
                    self.spend(1)?;
                    let reached = self.in_place(next)?;
                    self.progress.insert(next, Progress::UnderWay);
                    way.push((next, reached));
                }
            }
        }
        Ok(())
    }

    fn compile_node(&mut self, number: NodeId, positions: &[PositionId]) -> Result<Node, Problem> {
        let mut asked = Asked::default();
        for position in positions {
            self.spend(1)?;
            let position = *position;
            let Some(members) = self.positions.members(position) else {
                let origin = self.origin(position, "false", super::node::Expected::Nothing);
                asked.node.nothing.push(origin);
                continue;
            };
            if is_only_reference(self.positions.draft(position), members) {
                continue;
            }
            if self.positions.asserts(position) {
                self.scalars(position, members, &mut asked.node)?;
            } else {
                self.formats(position, members, &mut asked.node)?;
            }
            self.branches(position, members, &mut asked.node)?;
            self.array_keywords(position, members, &mut asked)?;
            self.object_keywords(position, members, &mut asked)?;
        }
        let Asked { mut node, objects, arrays } = asked;
        self.finish_array(&mut node, arrays)?;
        self.finish_object(number, &mut node, objects)?;
        Ok(node)
    }

    /// Where `keyword` of a position stands, and what it expects.
    fn origin(&mut self, position: PositionId, keyword: &'static str, expected: super::node::Expected) -> OriginId {
        self.origins.push(Origin { keyword, place: self.positions.place(position), expected });
        self.origins.len() as OriginId - 1
    }

    fn pattern(&mut self, position: PositionId, keyword: &str, source: &'r str) -> Result<Arc<Pattern>, Problem> {
        if let Some(known) = self.patterns.get(source) {
            return Ok(known.clone());
        }
        let pattern = Pattern::compile(source).map_err(|error| {
            let (reason, text) = match error {
                PatternError::Invalid(text) => (Reason::Invalid, text),
                PatternError::TooLarge(text) => (Reason::TooComplex, text),
            };
            self.positions.problem(position, keyword, reason, format!("{source:?} is no pattern to judge by: {text}"))
        })?;
        self.pattern_bytes += pattern.cost();
        if self.pattern_bytes > super::MAX_COMPILED_BYTES {
            let text = format!("its patterns take more than {} bytes together", super::MAX_COMPILED_BYTES);
            return Err(Problem::of_all(Reason::TooComplex, text));
        }
        let pattern = Arc::new(pattern);
        self.patterns.insert(source, pattern.clone());
        Ok(pattern)
    }

    /// Estimates the steps that a value may take at most, but for those of what is inside it.
    fn check_steps(&self) -> Result<(), Problem> {
        let mut steps: Vec<Option<u64>> = vec![None; self.nodes.len()];
        for root in 0..self.nodes.len() {
            let mut due = vec![root];
            while let Some(node) = due.last().copied() {
                if steps[node].is_some() {
                    due.pop();
                    continue;
                }
                let alternatives = self.nodes[node].alternatives();
                let unknown: Vec<usize> = alternatives.iter().map(|it| *it as usize).filter(|it| steps[*it].is_none()).collect();
                if unknown.is_empty() {
                    let sum = alternatives.iter().filter_map(|it| steps[*it as usize]).fold(0, u64::saturating_add);
                    steps[node] = Some(sum.saturating_add(self.nodes[node].own_steps()));
                    due.pop();
                } else {
                    due.extend(unknown);
                }
            }
            if steps[root].is_some_and(|steps| steps > MAX_STEPS_A_VALUE) {
                let text = format!(
                    "to judge one value by it may take more than {MAX_STEPS_A_VALUE} steps: its anyOf, oneOf, not and if multiply"
                );
                return Err(Problem::of_all(Reason::TooComplex, text));
            }
        }
        Ok(())
    }
}

/// Whether all but `$ref` is without meaning, as in the drafts up to 7.
fn is_only_reference(draft: Draft, members: &serde_json::Map<String, Value>) -> bool {
    draft <= Draft::Draft7 && members.get("$ref").is_some_and(Value::is_string)
}

fn head(node: &Node) -> Head {
    let mut types = if node.nothing.is_empty() { Types::ALL } else { Types::NONE };
    node.types.iter().for_each(|(allowed, _)| types = types.and(*allowed));
    let mut more = Types::NONE;
    for (values, _) in &node.values {
        types = types.and(values.types());
        for one in [Types::NULL, Types::BOOLEAN, Types::INTEGER, Types::FRACTION, Types::STRING, Types::ARRAY, Types::OBJECT] {
            if !values.is_all_of(one) {
                more = more.or(one);
            }
        }
    }
    if !node.numbers.is_empty() {
        more = more.or(Types::NUMBER);
    }
    if !node.strings.is_empty() {
        more = more.or(Types::STRING);
    }
    if node.array.is_some() {
        more = more.or(Types::ARRAY);
    }
    if node.object.is_some() {
        more = more.or(Types::OBJECT);
    }
    if !node.branches.is_empty() {
        more = Types::ALL;
    }
    Head { types, more }
}
