//! Finds out what tells alternatives apart: the type of the value, or the value of one key.

use super::Compiler;
use crate::schema::names::Names;
use crate::schema::node::{ANY, Alternatives, Branch, ByKey, Head, NOBODY, Node, NodeId, SEVERAL};
use crate::schema::tape::Types;
use crate::schema::values::ValueSet;
use std::collections::HashMap;

impl Compiler<'_, '_> {
    /// Notes what tells alternatives apart, and in the heads what then is not asked any more. All nodes have been compiled.
    pub(super) fn tell_apart(&mut self) {
        let mut nodes = std::mem::take(&mut self.nodes);
        for number in 0..nodes.len() {
            let mut branches = std::mem::take(&mut nodes[number].branches);
            for (branch, _) in &mut branches {
                let only_one = matches!(branch, Branch::OneOf(_));
                if let Branch::AnyOf(alternatives) | Branch::OneOf(alternatives) = branch {
                    self.by_type(alternatives, only_one);
                    alternatives.by_key = self.by_key(&nodes, alternatives);
                }
            }
            if !branches.is_empty() {
                let others = super::head(&nodes[number]);
                self.heads[number] = self.head_of_branches(others, branches.iter().map(|(branch, _)| branch));
            }
            nodes[number].branches = branches;
        }
        self.nodes = nodes;
    }

    /// Notes for each type the only alternative that may take such values.
    fn by_type(&self, alternatives: &mut Alternatives, only_one: bool) {
        for (place, one) in alternatives.by_type.iter_mut().zip(Types::EACH) {
            let heads = alternatives.nodes.iter().map(|node| (*node, self.heads[*node as usize]));
            let mut takers = heads.filter(|(_, head)| head.types.has_any(one));
            let takes_all = |(_, head): &(NodeId, Head)| !head.more.has_any(one);
            *place = match (takers.next(), takers.next()) {
                (None, _) => NOBODY,
                (Some((node, _)), None) => node,
                (Some(first), Some(second)) => {
                    let any = !only_one && (takes_all(&first) || takes_all(&second) || takers.any(|taker| takes_all(&taker)));
                    if any { ANY } else { SEVERAL }
                }
            };
        }
    }

    /// The head of a node of which `others` is the head without its branches.
    fn head_of_branches<'b>(&self, others: Head, branches: impl Iterator<Item = &'b Branch>) -> Head {
        let mut head = others;
        for branch in branches {
            let (Branch::AnyOf(alternatives) | Branch::OneOf(alternatives)) = branch else {
                head.more = Types::ALL;
                continue;
            };
            for (node, one) in alternatives.by_type.iter().zip(Types::EACH) {
                match *node {
                    NOBODY => head.types = Types(head.types.0 & !one.0),
                    SEVERAL => head.more = head.more.or(one),
                    node if self.heads[node as usize].more.has_any(one) => head.more = head.more.or(one),
                    _ => {}
                }
            }
        }
        head
    }

    /// The key whose value most alternatives list values for, if at least two do.
    fn by_key(&self, nodes: &[Node], alternatives: &Alternatives) -> Option<Box<ByKey>> {
        let slot = |alternative: NodeId, name: &str| {
            let object = nodes[alternative as usize].object.as_ref()?;
            Some((object, object.names.get(name.as_bytes())?))
        };
        let asked = |alternative: NodeId, name: &str| {
            slot(alternative, name).map_or(ANY, |(object, slot)| object.slots[slot as usize].node)
        };
        let lists = |node: NodeId| !nodes[node as usize].values.is_empty();
        let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
        for alternative in &alternatives.nodes {
            for name in self.slot_names.get(alternative).into_iter().flatten().filter(|name| lists(asked(*alternative, name))) {
                let first = counts.len();
                counts.entry(name).or_insert((0, first)).0 += 1;
            }
        }
        // The one that comes first, of those that tell most apart.
        let best = counts.iter().max_by_key(|(_, (count, first))| (*count, usize::MAX - first));
        let (name, _) = best.filter(|(_, (count, _))| *count > 1)?;
        let requires = |alternative: NodeId| {
            slot(alternative, name)
                .is_some_and(|(object, slot)| object.required_slots.iter().any(|(required, _)| *required == slot))
        };
        let each: Vec<NodeId> = alternatives.nodes.iter().map(|alternative| asked(*alternative, name)).collect();
        let sets = |node: &NodeId| nodes[*node as usize].values.iter().map(|(values, _)| values);
        let only = |takes: &dyn Fn(usize) -> bool| {
            let mut takers = (0..each.len()).filter(|number| takes(*number)).map(|number| alternatives.nodes[number]);
            match (takers.next(), takers.next()) {
                (None, _) => NOBODY,
                (Some(node), None) => node,
                _ => SEVERAL,
            }
        };
        let absent = only(&|number| !requires(alternatives.nodes[number]));
        let mut written: Vec<&[u8]> = each.iter().flat_map(sets).flat_map(ValueSet::written).collect();
        written.sort_unstable();
        written.dedup();
        let by_value =
            written.iter().map(|text| only(&|number| sets(&each[number]).all(|values| values.is_among(text)))).collect();
        // What is not listed as it is written may be listed in another way, unless it is a string.
        let all_are_listed = each.iter().flat_map(sets).all(ValueSet::lists_all_strings);
        let other_string = if all_are_listed { only(&|number| !lists(each[number])) } else { SEVERAL };
        let values = Names::new(&written);
        Some(Box::new(ByKey { key: name.as_bytes().into(), asked: each, values, by_value, other_string, absent }))
    }
}
