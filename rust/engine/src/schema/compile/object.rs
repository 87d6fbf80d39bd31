//! Keywords about objects.

use super::scalar::count_of;
use super::{ANY, Asked, Compiler};
use crate::schema::names::Names;
use crate::schema::node::{
    Additional, Dependency, Expected, NO_MARK, Node, NodeId, ObjectChecks, OriginId, Others, Slot, Unevaluated,
};
use crate::schema::pattern::{Matched, Pattern};
use crate::schema::positions::PositionId;
use crate::schema::problem::Problem;
use referencing::Draft;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;

type Members = Map<String, Value>;

/// What one schema asks of an object.
#[derive(Default)]
pub(super) struct ObjectPart<'r> {
    properties: Vec<(&'r str, PositionId)>,
    patterns: Vec<(Arc<Pattern>, PositionId)>,
    additional: Option<AdditionalPart>,
    required: Vec<(&'r str, OriginId)>,
    min: Vec<(u64, OriginId)>,
    max: Vec<(u64, OriginId)>,
    key_nodes: Vec<(NodeId, OriginId)>,
    depends_on_keys: Vec<(&'r str, &'r str, OriginId)>,
    dependent_nodes: Vec<(&'r str, NodeId)>,
    unevaluated: Option<Unevaluated>,
}

#[derive(Clone, Copy)]
enum AdditionalPart {
    Position(PositionId),
    Forbidden(OriginId),
}

impl<'r> Compiler<'_, 'r> {
    pub(super) fn object_keywords(
        &mut self,
        position: PositionId,
        members: &'r Members,
        asked: &mut Asked<'r>,
    ) -> Result<(), Problem> {
        let mut part = ObjectPart::default();
        self.members_asked(position, members, &mut part)?;
        if self.positions.asserts(position) {
            self.presence_asked(position, members, &mut part)?;
        }
        let draft = self.positions.draft(position);
        if let Some(schema) = members.get("propertyNames").filter(|_| draft >= Draft::Draft6) {
            let node = self.child_node(position, schema)?;
            if node != ANY {
                part.key_nodes.push((node, self.origin(position, "propertyNames", Expected::KeyNames)));
            }
        }
        self.dependencies_asked(position, members, draft, &mut part)?;
        if let Some(schema) = members.get("unevaluatedProperties").filter(|_| draft >= Draft::Draft201909) {
            part.unevaluated = Some(self.unevaluated(position, "unevaluatedProperties", schema)?);
        }
        if part.asks() {
            asked.objects.push(part);
        }
        Ok(())
    }

    fn members_asked(&mut self, position: PositionId, members: &'r Members, part: &mut ObjectPart<'r>) -> Result<(), Problem> {
        for (name, schema) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
            self.spend(1)?;
            part.properties.push((name, self.positions.child(position, schema)?));
        }
        for (source, schema) in members.get("patternProperties").and_then(Value::as_object).into_iter().flatten() {
            self.spend(1)?;
            let pattern = self.pattern(position, "patternProperties", source)?;
            part.patterns.push((pattern, self.positions.child(position, schema)?));
        }
        match members.get("additionalProperties") {
            Some(Value::Bool(false)) => {
                let origin = self.origin(position, "additionalProperties", Expected::NoMoreKeys);
                part.additional = Some(AdditionalPart::Forbidden(origin));
            }
            Some(schema @ Value::Object(_)) => {
                part.additional = Some(AdditionalPart::Position(self.positions.child(position, schema)?));
            }
            _ => {}
        }
        Ok(())
    }

    fn presence_asked(&mut self, position: PositionId, members: &'r Members, part: &mut ObjectPart<'r>) -> Result<(), Problem> {
        for name in members.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            self.spend(1)?;
            let origin = self.origin(position, "required", Expected::Key(name.into()));
            part.required.push((name, origin));
        }
        for (keyword, what) in [("minProperties", "at least"), ("maxProperties", "at most")] {
            if let Some(count) = members.get(keyword).and_then(count_of) {
                let origin = self.origin(position, keyword, Expected::Properties(what, count));
                if keyword == "minProperties" { &mut part.min } else { &mut part.max }.push((count, origin));
            }
        }
        Ok(())
    }

    fn dependencies_asked(
        &mut self,
        position: PositionId,
        members: &'r Members,
        draft: Draft,
        part: &mut ObjectPart<'r>,
    ) -> Result<(), Problem> {
        let is_new = draft >= Draft::Draft201909;
        for keyword in ["dependencies", "dependentRequired", "dependentSchemas"] {
            if keyword != "dependencies" && !is_new {
                continue;
            }
            for (name, dependency) in members.get(keyword).and_then(Value::as_object).into_iter().flatten() {
                self.spend(1)?;
                match dependency {
                    Value::Array(needs) if keyword != "dependentSchemas" => {
                        for need in needs.iter().filter_map(Value::as_str) {
                            let expected = Expected::KeyWith(need.into(), name.as_str().into());
                            let origin = self.origin(position, keyword, expected);
                            part.depends_on_keys.push((name, need, origin));
                        }
                    }
                    schema @ (Value::Object(_) | Value::Bool(_)) if keyword != "dependentRequired" => {
                        part.dependent_nodes.push((name, self.child_node(position, schema)?));
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    pub(super) fn finish_object(
        &mut self,
        number: NodeId,
        node: &mut Node,
        mut parts: Vec<ObjectPart<'r>>,
    ) -> Result<(), Problem> {
        if parts.is_empty() {
            return Ok(());
        }
        let mut slots = Slots::default();
        for part in &parts {
            for (name, _) in &part.properties {
                slots.of(name);
            }
            let of_keys = part.depends_on_keys.iter().flat_map(|(name, need, _)| [*name, *need]);
            let others = part.required.iter().map(|(name, _)| *name).chain(part.dependent_nodes.iter().map(|(name, _)| *name));
            of_keys.chain(others).for_each(|name| slots.mark(name));
        }
        self.fill_slots(&mut slots, &parts)?;
        let others = self.others(&parts)?;
        let Slots { mut list, names, forbidden, by_name } = slots;
        let marks = order_marks(&mut list, &parts, &by_name);
        let slot_of = |name: &str| by_name.get(name).copied().unwrap_or_default();
        let named: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
        let mut checks = ObjectChecks {
            names: Names::new(&named),
            others,
            required: 0,
            required_slots: Vec::new(),
            min: Vec::new(),
            max: Vec::new(),
            key_nodes: Vec::new(),
            dependencies: Vec::new(),
            unevaluated: Vec::new(),
            more_marks: marks.div_ceil(64).saturating_sub(1),
            asks_at_end: marks > 64,
            slots: Vec::new(),
            forbidden,
        };
        for part in &mut parts {
            for (name, origin) in &part.required {
                let slot = slot_of(name);
                checks.required_slots.push((slot, *origin));
                let mark = list[slot as usize].mark;
                checks.required |= if mark < 64 { 1 << mark } else { 0 };
            }
            checks.min.append(&mut part.min);
            checks.max.append(&mut part.max);
            checks.key_nodes.append(&mut part.key_nodes);
            let on_keys = part.depends_on_keys.iter().map(|(name, need, origin)| Dependency::Keys {
                slot: slot_of(name),
                needs: vec![slot_of(need)],
                origin: *origin,
            });
            checks.dependencies.extend(on_keys);
            let on_nodes = part.dependent_nodes.iter().filter(|(_, node)| *node != ANY);
            checks.dependencies.extend(on_nodes.map(|(name, node)| Dependency::Node { slot: slot_of(name), node: *node }));
            checks.unevaluated.extend(part.unevaluated.take());
        }
        checks.asks_at_end |= !(checks.min.is_empty() && checks.max.is_empty() && checks.dependencies.is_empty());
        checks.asks_at_end |= !checks.unevaluated.is_empty();
        checks.slots = list;
        self.slot_names.insert(number, names);
        node.object = Some(Box::new(checks));
        Ok(())
    }

    /// What is asked of the value of each key that is mentioned.
    fn fill_slots(&mut self, slots: &mut Slots<'_>, parts: &[ObjectPart<'r>]) -> Result<(), Problem> {
        let by_part: Vec<HashMap<&str, PositionId>> =
            parts.iter().map(|part| part.properties.iter().copied().collect()).collect();
        for (number, name) in slots.names.iter().enumerate() {
            let mut positions = Vec::new();
            for (part, properties) in parts.iter().zip(&by_part) {
                self.spend(1 + part.patterns.len())?;
                let own = properties.get(name).copied();
                let by_pattern = part.patterns.iter().filter(|(pattern, _)| pattern.is_match(name.as_bytes()) == Matched::Yes);
                let before = positions.len();
                positions.extend(own.into_iter().chain(by_pattern.map(|(_, position)| *position)));
                match part.additional {
                    Some(AdditionalPart::Position(position)) if positions.len() == before => positions.push(position),
                    Some(AdditionalPart::Forbidden(origin)) if positions.len() == before => slots.forbidden[number].push(origin),
                    _ => {}
                }
            }
            let is_forbidden = !slots.forbidden[number].is_empty();
            slots.list[number] = Slot { node: self.node(&positions)?, is_forbidden, ..slots.list[number] };
        }
        Ok(())
    }

    /// What is asked of the values of all other keys.
    fn others(&mut self, parts: &[ObjectPart<'r>]) -> Result<Vec<Others>, Problem> {
        let mut others = Vec::new();
        // What holds for all of them holds at once.
        let plain = |part: &&ObjectPart<'_>| part.patterns.is_empty();
        let additional: Vec<PositionId> = parts.iter().filter(plain).filter_map(|part| part.additional?.position()).collect();
        let node = self.node(&additional)?;
        if node != ANY {
            others.push(Others { patterns: Vec::new(), additional: Additional::Node(node) });
        }
        for part in parts {
            let mut patterns = Vec::new();
            for (pattern, position) in &part.patterns {
                patterns.push((pattern.clone(), self.node(&[*position])?));
            }
            let additional = match part.additional {
                Some(AdditionalPart::Forbidden(origin)) => Additional::Forbidden(origin),
                Some(AdditionalPart::Position(position)) if !patterns.is_empty() => Additional::Node(self.node(&[position])?),
                _ => Additional::Node(ANY),
            };
            if !patterns.is_empty() || matches!(additional, Additional::Forbidden(_)) {
                others.push(Others { patterns, additional });
            }
        }
        Ok(others)
    }
}

impl ObjectPart<'_> {
    fn asks(&self) -> bool {
        let lists = [
            self.properties.len(),
            self.patterns.len(),
            self.required.len(),
            self.min.len(),
            self.max.len(),
            self.key_nodes.len(),
            self.depends_on_keys.len(),
            self.dependent_nodes.len(),
        ];
        lists.iter().any(|length| *length > 0) || self.additional.is_some() || self.unevaluated.is_some()
    }
}

impl AdditionalPart {
    fn position(self) -> Option<PositionId> {
        match self {
            Self::Position(position) => Some(position),
            Self::Forbidden(_) => None,
        }
    }
}

/// The keys that are mentioned.
#[derive(Default)]
struct Slots<'r> {
    list: Vec<Slot>,
    names: Vec<&'r str>,
    forbidden: Vec<Vec<OriginId>>,
    by_name: HashMap<&'r str, u32>,
}

impl<'r> Slots<'r> {
    fn of(&mut self, name: &'r str) -> u32 {
        *self.by_name.entry(name).or_insert_with(|| {
            self.list.push(Slot { node: ANY, mark: NO_MARK, is_forbidden: false });
            self.names.push(name);
            self.forbidden.push(Vec::new());
            self.list.len() as u32 - 1
        })
    }

    /// Sees to it that its presence is noted.
    fn mark(&mut self, name: &'r str) {
        let slot = self.of(name);
        self.list[slot as usize].mark = 0;
    }
}

/// Numbers the marks, those of required keys first, and tells how many there are.
fn order_marks(slots: &mut [Slot], parts: &[ObjectPart<'_>], by_name: &HashMap<&str, u32>) -> u32 {
    let mut numbered = vec![false; slots.len()];
    let mut count = 0;
    let required = parts.iter().flat_map(|part| &part.required).filter_map(|(name, _)| by_name.get(name).copied());
    let all = 0..slots.len() as u32;
    for slot in required.chain(all) {
        let slot = slot as usize;
        if slots[slot].mark != NO_MARK && !numbered[slot] {
            (slots[slot].mark, numbered[slot]) = (count, true);
            count += 1;
        }
    }
    count
}
