//! A compiled schema: nodes, each of which is all that is asked of a value at once.
//!
//! A node is a set of schemas that hold together, those that `allOf` and references join among them, so that a value is looked at once for
//! all of them. What is asked of a member of an object is one node again, whichever of these schemas ask it. Node 0 asks nothing.

use super::documents::Pointers;
use super::format::Format;
use super::names::Names;
use super::number::{Divisor, Limit};
use super::pattern::Pattern;
use super::tape::Types;
use super::values::ValueSet;
use std::sync::Arc;

/// The number of a node.
pub(super) type NodeId = u32;

/// The node that takes every value.
pub(super) const ANY: NodeId = 0;

/// The number of a keyword at its place: see [`Origin`].
pub(super) type OriginId = u32;

impl Head {
    /// Of the node that takes every value.
    pub(super) const ANY: Self = Self { types: Types::ALL, more: Types::NONE };

    /// Whether a value that begins so is taken, whatever comes after.
    #[inline(always)]
    pub(super) fn takes_at_once(self, begun: Types) -> bool {
        self.types.0 & !self.more.0 & begun.0 == begun.0
    }
}

/// What is looked at first of a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    /// Types that it may take.
    pub(super) types: Types,
    /// Of those, the types for which more is asked.
    pub(super) more: Types,
}

/// What is asked of a value, by kind; each with where it is asked.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// `type`.
    pub(super) types: Vec<(Types, OriginId)>,
    /// Schemas that are `false`.
    pub(super) nothing: Vec<OriginId>,
    /// `enum` and `const`.
    pub(super) values: Vec<(ValueSet, OriginId)>,
    pub(super) numbers: Vec<(NumberCheck, OriginId)>,
    pub(super) strings: Vec<(StringCheck, OriginId)>,
    pub(super) array: Option<Box<ArrayChecks>>,
    pub(super) object: Option<Box<ObjectChecks>>,
    pub(super) branches: Vec<(Branch, OriginId)>,
}

#[derive(Debug)]
pub(super) enum NumberCheck {
    AtLeast(Limit),
    AtMost(Limit),
    Above(Limit),
    Below(Limit),
    Multiple(Divisor),
}

#[derive(Debug)]
pub(super) enum StringCheck {
    /// Code points.
    MinLength(u64),
    MaxLength(u64),
    Pattern(Arc<Pattern>),
    Format(Format),
}

/// What is asked of an array.
#[derive(Debug, Default)]
pub(super) struct ArrayChecks {
    /// Of the first elements.
    pub(super) prefix: Vec<NodeId>,
    /// Of the elements after them.
    pub(super) rest: NodeId,
    /// There may be no element from this index on.
    pub(super) ends: Vec<(u64, OriginId)>,
    pub(super) min: Vec<(u64, OriginId)>,
    pub(super) max: Vec<(u64, OriginId)>,
    pub(super) unique: Vec<OriginId>,
    pub(super) contains: Vec<Contains>,
    pub(super) unevaluated: Vec<Unevaluated>,
}

/// How many elements are as a node asks.
#[derive(Debug)]
pub(super) struct Contains {
    pub(super) node: NodeId,
    pub(super) min: u64,
    pub(super) min_origin: OriginId,
    pub(super) max: Option<(u64, OriginId)>,
}

/// What is asked of an object.
#[derive(Debug)]
pub(super) struct ObjectChecks {
    /// The keys that it mentions, by the number of their slot.
    pub(super) names: Names,
    pub(super) slots: Vec<Slot>,
    /// By slot: who says that it may not be there.
    pub(super) forbidden: Vec<Vec<OriginId>>,
    /// What is asked of other keys, one for each schema that asks something.
    pub(super) others: Vec<Others>,
    /// Marks of required keys.
    pub(super) required: u64,
    /// Required keys by slot, in the order of the schema.
    pub(super) required_slots: Vec<(u32, OriginId)>,
    pub(super) min: Vec<(u64, OriginId)>,
    pub(super) max: Vec<(u64, OriginId)>,
    pub(super) key_nodes: Vec<(NodeId, OriginId)>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) unevaluated: Vec<Unevaluated>,
    /// 64 bits each for the marks of slots beyond the first 64.
    pub(super) more_marks: u32,
    /// Whether anything is asked once all members have been seen, beside the required keys of [`ObjectChecks::required`].
    pub(super) asks_at_end: bool,
}

/// A key that an object is asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// What is asked of its value.
    pub(super) node: NodeId,
    /// The number of the bit that is set where it is there; none where nobody asks.
    pub(super) mark: u32,
    /// It may not be there, as `additionalProperties` says.
    pub(super) is_forbidden: bool,
}

/// The mark of a slot whose presence does not matter.
pub(super) const NO_MARK: u32 = u32::MAX;

/// What one schema asks of keys that are in no slot.
#[derive(Debug)]
pub(super) struct Others {
    pub(super) patterns: Vec<(Arc<Pattern>, NodeId)>,
    /// Of keys that none of these patterns takes.
    pub(super) additional: Additional,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Additional {
    Node(NodeId),
    Forbidden(OriginId),
}

/// What is asked where a key is there.
#[derive(Debug)]
pub(super) enum Dependency {
    Keys { slot: u32, needs: Vec<u32>, origin: OriginId },
    Node { slot: u32, node: NodeId },
}

/// A choice among nodes for the same value.
#[derive(Debug)]
pub(super) enum Branch {
    AnyOf(Alternatives),
    OneOf(Alternatives),
    Not(NodeId),
    If { condition: NodeId, then: NodeId, otherwise: NodeId },
}

/// Nodes of which some are to take a value.
#[derive(Debug, Default)]
pub(super) struct Alternatives {
    pub(super) nodes: Vec<NodeId>,
    /// For each of [`Types::EACH`], the only one that may take such a value; or [`NOBODY`] or [`SEVERAL`]. [`ANY`] where one takes it certainly,
    /// and that is enough.
    pub(super) by_type: [NodeId; 7],
    pub(super) by_key: Option<Box<ByKey>>,
}

/// None of the alternatives may take a value.
pub(super) const NOBODY: NodeId = NodeId::MAX;
/// More than one of them may.
pub(super) const SEVERAL: NodeId = NodeId::MAX - 1;

/// A key by whose value alternatives can be told apart.
#[derive(Debug)]
pub(super) struct ByKey {
    pub(super) key: Box<[u8]>,
    /// What each alternative asks of the value.
    pub(super) asked: Vec<NodeId>,
    /// Values as they are most often written, strings with their quotes.
    pub(super) values: Names,
    /// By the number of the value: the only alternative that may take an object with it, or [`NOBODY`] or [`SEVERAL`].
    pub(super) by_value: Vec<NodeId>,
    /// The same for all other strings, as far as they are written without escapes.
    pub(super) other_string: NodeId,
    /// The same where the key is not there.
    pub(super) absent: NodeId,
}

/// What is asked of members or elements that no other keyword has evaluated.
#[derive(Debug)]
pub(super) struct Unevaluated {
    /// What they are to be; [`None`] where there may be none.
    pub(super) node: Option<NodeId>,
    pub(super) origin: OriginId,
    pub(super) conditions: Vec<Condition>,
    pub(super) covers: Vec<Cover>,
}

/// Whether a schema evaluated anything depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Condition {
    Is(NodeId),
    HasKey(Box<str>),
}

/// What is evaluated where its conditions, by number, turn out as told.
#[derive(Debug)]
pub(super) struct Cover {
    pub(super) conditions: Vec<(u32, bool)>,
    pub(super) what: Covered,
}

#[derive(Debug)]
pub(super) enum Covered {
    All,
    Keys(Names),
    Pattern(Arc<Pattern>),
    /// So many elements from the first on.
    First(u64),
    /// Elements that are as the node asks.
    Matching(NodeId),
}

/// A keyword at its place in a schema.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) keyword: &'static str,
    /// Of the keyword: see [`super::documents::Places`].
    pub(super) place: u32,
    pub(super) expected: Expected,
}

/// What a message says was expected.
#[derive(Debug, Clone)]
pub(super) enum Expected {
    Types(Types),
    Nothing,
    /// The value as JSON.
    Value(Box<str>),
    OneOfValues(Box<str>),
    /// A comparison and its limit.
    Number(&'static str, Box<str>),
    Length(&'static str, u64),
    Items(&'static str, u64),
    Properties(&'static str, u64),
    Pattern(Box<str>),
    Format(&'static str),
    Unique,
    Key(Box<str>),
    /// With another key.
    KeyWith(Box<str>, Box<str>),
    NoMoreKeys,
    NoMoreItems(u64),
    KeyNames,
    Contains(&'static str, u64),
    AnyOf(usize),
    OneOf(usize),
    Not,
    Then,
    NoneUnevaluated(&'static str),
}

/// A compiled schema without what it was compiled from. Immutable; any thread.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) heads: Vec<Head>,
    pub(super) nodes: Vec<Node>,
    pub(super) origins: Vec<Origin>,
    pub(super) root: NodeId,
    pub(super) pointers: Pointers,
    /// Bytes of compiled patterns.
    pub(super) pattern_bytes: usize,
}

impl Program {
    /// Bytes in use, roughly.
    pub(super) fn memory(&self) -> usize {
        let of_values = |node: &Node| node.values.iter().map(|(values, _)| values.memory()).sum::<usize>();
        let of_object = |node: &Node| {
            let object = node.object.as_ref();
            object
                .map_or(0, |object| object.names.memory() + object.slots.len() * (size_of::<Slot>() + size_of::<Vec<OriginId>>()))
        };
        let nodes: usize = self.nodes.iter().map(|node| NODE_BYTES + of_values(node) + of_object(node)).sum();
        nodes + self.origins.len() * ORIGIN_BYTES + self.pattern_bytes + self.pointers.memory()
    }
}

/// Of a node with what is asked of numbers, strings and arrays, roughly.
const NODE_BYTES: usize = size_of::<Node>() + 256;
/// Of an origin with its text, roughly.
const ORIGIN_BYTES: usize = size_of::<Origin>() + 32;

impl Node {
    /// Whether it asks something of what is in values that begin so.
    #[inline(always)]
    pub(super) fn looks_into(&self, begun: Types) -> bool {
        match begun {
            Types::OBJECT => self.object.is_some(),
            Types::ARRAY => self.array.is_some(),
            _ => false,
        }
    }

    /// What it asks of an object, if it asks nothing but of members and their keys.
    #[inline(always)]
    pub(super) fn members_alone(&self) -> Option<&ObjectChecks> {
        let object = self.object.as_deref()?;
        (self.branches.is_empty() && self.values.is_empty() && object.key_nodes.is_empty()).then_some(object)
    }

    /// What it asks of an array, if it asks nothing but of elements one by one.
    #[inline(always)]
    pub(super) fn elements_alone(&self) -> Option<&ArrayChecks> {
        let array = self.array.as_deref()?;
        (self.branches.is_empty() && self.values.is_empty() && array.contains.is_empty()).then_some(array)
    }

    /// The nodes by which the same value is judged too.
    pub(super) fn alternatives(&self) -> Vec<NodeId> {
        let mut all = Vec::new();
        for (branch, _) in &self.branches {
            match branch {
                Branch::AnyOf(alternatives) | Branch::OneOf(alternatives) => all.extend(&alternatives.nodes),
                Branch::Not(node) => all.push(*node),
                Branch::If { condition, then, otherwise } => all.extend([*condition, *then.max(otherwise)]),
            }
        }
        let dependencies = self.object.iter().flat_map(|object| &object.dependencies);
        all.extend(dependencies.filter_map(|dependency| match dependency {
            Dependency::Node { node, .. } => Some(*node),
            Dependency::Keys { .. } => None,
        }));
        let of_object = self.object.iter().flat_map(|object| &object.unevaluated);
        let of_array = self.array.iter().flat_map(|array| &array.unevaluated);
        let conditions = of_object.chain(of_array).flat_map(|unevaluated| &unevaluated.conditions);
        all.extend(conditions.filter_map(|condition| match condition {
            Condition::Is(node) => Some(*node),
            Condition::HasKey(_) => None,
        }));
        all
    }

    /// Steps that a value takes by it alone.
    pub(super) fn own_steps(&self) -> u64 {
        let of_object = |object: &ObjectChecks| 1 + object.dependencies.len() + object.key_nodes.len();
        let object = self.object.as_deref().map_or(0, of_object);
        1 + (self.values.len() + self.numbers.len() + self.strings.len() + self.branches.len() + object) as u64
    }
}
