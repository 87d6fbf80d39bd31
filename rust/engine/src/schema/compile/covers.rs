//! What other keywords evaluate, for `unevaluatedProperties` and `unevaluatedItems`.

use super::Compiler;
use crate::schema::names::Names;
use crate::schema::node::{Condition, Cover, Covered, Expected, Unevaluated};
use crate::schema::positions::PositionId;
use crate::schema::problem::Problem;
use referencing::Draft;
use serde_json::{Map, Value};

type Members = Map<String, Value>;
/// The numbers of conditions, and how they are to turn out.
type Conditions = Vec<(u32, bool)>;

impl<'r> Compiler<'_, 'r> {
    /// What `keyword` of a position asks of what nothing else at the same value evaluates.
    pub(super) fn unevaluated(
        &mut self,
        position: PositionId,
        keyword: &'static str,
        schema: &'r Value,
    ) -> Result<Unevaluated, Problem> {
        let of_keys = keyword == "unevaluatedProperties";
        let what = if of_keys { "properties" } else { "items" };
        let origin = self.origin(position, keyword, Expected::NoneUnevaluated(what));
        let node = if schema == &Value::Bool(false) { None } else { Some(self.child_node(position, schema)?) };
        let mut unevaluated = Unevaluated { node, origin, conditions: Vec::new(), covers: Vec::new() };
        let mut due: Vec<(PositionId, Conditions)> = vec![(position, Vec::new())];
        while let Some((at, conditions)) = due.pop() {
            let Some(members) = self.positions.members(at) else { continue };
            self.spend(1 + conditions.len())?;
            let (draft, own) = (self.positions.draft(at), at == position);
            for joined in self.joined(at)? {
                due.push((joined, conditions.clone()));
            }
            if super::is_only_reference(draft, members) {
                continue;
            }
            let mut add = |what| unevaluated.covers.push(Cover { conditions: conditions.clone(), what });
            if of_keys {
                self.covered_keys(at, members, own, &mut add)?;
            } else {
                self.covered_items(at, members, own, &mut add)?;
            }
            self.choices(at, members, &conditions, &mut unevaluated.conditions, &mut due)?;
        }
        Ok(unevaluated)
    }

    fn covered_keys(
        &mut self,
        at: PositionId,
        members: &'r Members,
        own: bool,
        add: &mut impl FnMut(Covered),
    ) -> Result<(), Problem> {
        let draft = self.positions.draft(at);
        let nested = !own && draft >= Draft::Draft201909 && members.contains_key("unevaluatedProperties");
        if nested || members.contains_key("additionalProperties") {
            add(Covered::All);
            return Ok(());
        }
        if let Some(properties) = members.get("properties").and_then(Value::as_object) {
            self.spend(properties.len())?;
            let names: Vec<&[u8]> = properties.keys().map(|name| name.as_bytes()).collect();
            add(Covered::Keys(Names::new(&names)));
        }
        for (source, _) in members.get("patternProperties").and_then(Value::as_object).into_iter().flatten() {
            add(Covered::Pattern(self.pattern(at, "patternProperties", source)?));
        }
        Ok(())
    }

    fn covered_items(
        &mut self,
        at: PositionId,
        members: &'r Members,
        own: bool,
        add: &mut impl FnMut(Covered),
    ) -> Result<(), Problem> {
        let draft = self.positions.draft(at);
        let is_new = draft >= Draft::Draft202012;
        let first = if is_new { members.get("prefixItems") } else { members.get("items") };
        let count = first.and_then(Value::as_array).map(Vec::len);
        let all = match (members.get("items"), is_new) {
            (items, true) => items.is_some(),
            (Some(Value::Array(_)), false) => members.contains_key("additionalItems"),
            (items, false) => items.is_some(),
        };
        if all || !own && members.contains_key("unevaluatedItems") {
            add(Covered::All);
            return Ok(());
        }
        if let Some(count) = count {
            add(Covered::First(count as u64));
        }
        if let Some(schema) = members.get("contains").filter(|_| is_new) {
            add(Covered::Matching(self.child_node(at, schema)?));
        }
        Ok(())
    }

    /// Goes on to what is only evaluated where it holds.
    fn choices(
        &mut self,
        at: PositionId,
        members: &'r Members,
        conditions: &Conditions,
        all: &mut Vec<Condition>,
        due: &mut Vec<(PositionId, Conditions)>,
    ) -> Result<(), Problem> {
        let mut number = |condition: Condition| {
            let known = all.iter().position(|it| *it == condition);
            known.unwrap_or_else(|| {
                all.push(condition);
                all.len() - 1
            }) as u32
        };
        let with = |number: u32, holds: bool| -> Conditions { conditions.iter().copied().chain([(number, holds)]).collect() };
        for keyword in ["anyOf", "oneOf"] {
            for schema in members.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                let child = self.positions.child(at, schema)?;
                due.push((child, with(number(Condition::Is(self.node(&[child])?)), true)));
            }
        }
        if let Some(schema) = members.get("if") {
            let child = self.positions.child(at, schema)?;
            let condition = number(Condition::Is(self.node(&[child])?));
            due.push((child, with(condition, true)));
            for (keyword, holds) in [("then", true), ("else", false)] {
                if let Some(schema) = members.get(keyword) {
                    due.push((self.positions.child(at, schema)?, with(condition, holds)));
                }
            }
        }
        for (name, schema) in members.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten() {
            let child = self.positions.child(at, schema)?;
            due.push((child, with(number(Condition::HasKey(name.as_str().into())), true)));
        }
        Ok(())
    }
}
