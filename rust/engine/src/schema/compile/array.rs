//! Keywords about arrays.

use super::scalar::count_of;
use super::{Asked, Compiler};
use crate::schema::node::{ArrayChecks, Contains, Expected, Node, OriginId};
use crate::schema::positions::PositionId;
use crate::schema::problem::Problem;
use referencing::Draft;
use serde_json::{Map, Value};

/// What one schema asks of elements.
#[derive(Default)]
pub(super) struct ArrayPart {
    prefix: Vec<PositionId>,
    rest: Option<PositionId>,
    ends: Option<OriginId>,
}

impl<'r> Compiler<'_, 'r> {
    pub(super) fn array_keywords(
        &mut self,
        position: PositionId,
        members: &'r Map<String, Value>,
        asked: &mut Asked<'r>,
    ) -> Result<(), Problem> {
        let draft = self.positions.draft(position);
        let part = self.elements(position, members, draft)?;
        let mut checks = ArrayChecks::default();
        if self.positions.asserts(position) {
            for (keyword, what) in [("minItems", "at least"), ("maxItems", "at most")] {
                if let Some(count) = members.get(keyword).and_then(count_of) {
                    let origin = self.origin(position, keyword, Expected::Items(what, count));
                    if keyword == "minItems" { &mut checks.min } else { &mut checks.max }.push((count, origin));
                }
            }
            if members.get("uniqueItems") == Some(&Value::Bool(true)) {
                checks.unique.push(self.origin(position, "uniqueItems", Expected::Unique));
            }
        }
        self.contains(position, members, draft, &mut checks)?;
        if let Some(schema) = members.get("unevaluatedItems").filter(|_| draft >= Draft::Draft201909) {
            checks.unevaluated.push(self.unevaluated(position, "unevaluatedItems", schema)?);
        }
        let asks = !(checks.min.is_empty() && checks.max.is_empty() && checks.unique.is_empty());
        if asks || !checks.contains.is_empty() || !checks.unevaluated.is_empty() {
            let all = asked.node.array.get_or_insert_default();
            all.min.append(&mut checks.min);
            all.max.append(&mut checks.max);
            all.unique.append(&mut checks.unique);
            all.contains.append(&mut checks.contains);
            all.unevaluated.append(&mut checks.unevaluated);
        }
        asked.arrays.extend(part);
        Ok(())
    }

    fn elements(
        &mut self,
        position: PositionId,
        members: &'r Map<String, Value>,
        draft: Draft,
    ) -> Result<Option<ArrayPart>, Problem> {
        let is_new = draft >= Draft::Draft202012;
        let (first, rest, keyword) = match (members.get("items"), is_new) {
            (items, true) => (members.get("prefixItems"), items, "items"),
            (Some(items @ Value::Array(_)), false) => (Some(items), members.get("additionalItems"), "additionalItems"),
            (items, false) => (None, items, "items"),
        };
        let mut part = ArrayPart::default();
        for schema in first.and_then(Value::as_array).into_iter().flatten() {
            self.spend(1)?;
            part.prefix.push(self.positions.child(position, schema)?);
        }
        match rest {
            Some(Value::Bool(false)) => {
                let expected = Expected::NoMoreItems(part.prefix.len() as u64);
                part.ends = Some(self.origin(position, keyword, expected));
            }
            Some(schema @ (Value::Object(_) | Value::Bool(_))) => part.rest = Some(self.positions.child(position, schema)?),
            _ => {}
        }
        let asks = !part.prefix.is_empty() || part.rest.is_some() || part.ends.is_some();
        Ok(asks.then_some(part))
    }

    fn contains(
        &mut self,
        position: PositionId,
        members: &'r Map<String, Value>,
        draft: Draft,
        checks: &mut ArrayChecks,
    ) -> Result<(), Problem> {
        let Some(schema) = members.get("contains").filter(|_| draft >= Draft::Draft6) else { return Ok(()) };
        let node = self.child_node(position, schema)?;
        let counted = draft >= Draft::Draft201909 && self.positions.asserts(position);
        let count = |keyword: &str| members.get(keyword).and_then(count_of).filter(|_| counted);
        let min = count("minContains");
        let keyword = if min.is_some() { "minContains" } else { "contains" };
        let min_origin = self.origin(position, keyword, Expected::Contains("at least", min.unwrap_or(1)));
        let max = count("maxContains").map(|max| (max, self.origin(position, "maxContains", Expected::Contains("at most", max))));
        checks.contains.push(Contains { node, min: min.unwrap_or(1), min_origin, max });
        Ok(())
    }

    pub(super) fn finish_array(&mut self, node: &mut Node, parts: Vec<ArrayPart>) -> Result<(), Problem> {
        if parts.is_empty() {
            return Ok(());
        }
        let mut checks = node.array.take().unwrap_or_default();
        let longest = parts.iter().map(|part| part.prefix.len()).max().unwrap_or_default();
        let at = |index: usize| -> Vec<PositionId> {
            parts.iter().filter_map(|part| part.prefix.get(index).copied().or(part.rest)).collect()
        };
        for index in 0..longest {
            self.spend(parts.len())?;
            checks.prefix.push(self.node(&at(index))?);
        }
        checks.rest = self.node(&at(usize::MAX))?;
        checks.ends = parts.iter().filter_map(|part| Some((part.prefix.len() as u64, part.ends?))).collect();
        node.array = Some(checks);
        Ok(())
    }
}
