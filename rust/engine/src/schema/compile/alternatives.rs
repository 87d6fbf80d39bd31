//! Finds keys by which alternatives can be told apart.

use super::Compiler;
use crate::schema::node::{ANY, Alternatives, Branch, Node, NodeId};
use std::collections::HashMap;

impl Compiler<'_, '_> {
    /// Notes for all alternatives the key whose value most of them list values for, if at least two do. All nodes have been compiled.
    pub(super) fn find_keys(&mut self) {
        let mut nodes = std::mem::take(&mut self.nodes);
        for number in 0..nodes.len() {
            for branch in 0..nodes[number].branches.len() {
                let (Branch::AnyOf(alternatives) | Branch::OneOf(alternatives)) = &mut nodes[number].branches[branch].0 else {
                    continue;
                };
                let mut taken = std::mem::take(alternatives);
                self.find_key(&nodes, &mut taken);
                let (Branch::AnyOf(alternatives) | Branch::OneOf(alternatives)) = &mut nodes[number].branches[branch].0 else {
                    continue;
                };
                *alternatives = taken;
            }
        }
        self.nodes = nodes;
    }

    fn find_key(&self, nodes: &[Node], alternatives: &mut Alternatives) {
        let asked = |alternative: NodeId, name: &str| {
            let object = nodes[alternative as usize].object.as_ref();
            let slot = object.and_then(|object| Some(object.slots[object.names.get(name.as_bytes())? as usize].node));
            slot.unwrap_or(ANY)
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
        if let Some((name, _)) = best.filter(|(_, (count, _))| *count > 1) {
            alternatives.key = Some(name.as_bytes().into());
            alternatives.by_key = alternatives.nodes.iter().map(|alternative| asked(*alternative, name)).collect();
        }
    }
}
