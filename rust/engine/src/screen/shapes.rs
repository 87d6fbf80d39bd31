//! The shapes of objects: which keys followed which, so that the next key is predicted and not looked up.
//!
//! A node stands for the keys of an object so far, in their order; node 0 for none that are known. Taking a key leads to the next node. An
//! edge is only made once its key is known to be new among those that led to it, so taking an edge proves that the object has no key twice,
//! by one comparison of bytes.

use crate::judge::Unescaped;
use crate::kernel::{Kernel, WINDOW};
use crate::memory::{Budget, Reservation};
use ahash::RandomState;
use std::sync::Arc;

/// Nodes that may be: what they take stays within a core's second-level cache.
const MAX_NODES: usize = 4096;
/// Keys of an object that are followed: the hash of each new one is compared with those of all before it.
const MAX_KEYS: u16 = 512;
/// Nodes that may follow one node, each of which is compared with on a miss.
const MAX_SIBLINGS: usize = 64;
/// Bytes of a key, with its quotes and colon, that is followed.
const MAX_KEY_BYTES: usize = 256;
/// Records that could not be followed, one after the other, after which only every such one is tried.
const LOST_IN_A_ROW: usize = 16;
/// Comparisons of keys that a lost record pays for: it costs as long as so many.
const COMPARISONS_A_LOSS: usize = 32;
/// Nodes that room is made for at once.
const STEP: usize = 512;
/// Nodes and long keys are reserved in steps of so many bytes, the first of them free of charge.
const STEP_BYTES: usize = 64 << 10;

/// A node's number; 0 is none.
pub(super) type Node = u32;

pub(super) const NONE: Node = 0;

/// What is looked at for each key: one line of a cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Shape {
    /// The first bytes of the key that led here, with its quotes and a colon, and zeros.
    key: [u8; WINDOW],
    /// The node whose key came last after this one.
    predicted: Node,
    /// The node before the key.
    before: Node,
    /// The nodes that follow this one: the first, and for each the next one.
    first: Node,
    sibling: Node,
    /// What an object as the value of the key begins with.
    object: Node,
    /// Of what the key stands for.
    hash: u32,
    /// Bytes of the key, with its quotes and a colon.
    length: u16,
    /// Keys up to this one.
    count: u16,
    /// As much of the length as is in the window.
    in_window: u8,
    /// Whether the key has escapes.
    escaped: bool,
    /// Whether the object has had the key before: taking it leads back to the node before.
    repeats: bool,
    /// Whether the key is longer than the window, or repeats.
    special: bool,
}

const EMPTY: Shape = Shape {
    key: [0; WINDOW],
    predicted: NONE,
    before: NONE,
    first: NONE,
    sibling: NONE,
    object: NONE,
    hash: 0,
    length: 0,
    count: 0,
    in_window: 0,
    escaped: false,
    repeats: false,
    special: false,
};

/// Node 0, which is predicted where nothing is: no token begins with a space.
const NO_SHAPE: Shape = Shape { key: [b' '; WINDOW], in_window: WINDOW as u8, ..EMPTY };

/// A key that was taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    /// The node of its value.
    pub(super) value: Node,
    /// The node of the object after it.
    pub(super) next: Node,
    /// Whether the object has had it before.
    pub(super) repeats: bool,
}

/// Why a key has no node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    /// The object has it already.
    Repeated,
    /// There are too many nodes, or the key is not one to follow.
    Untracked,
}

#[derive(Debug)]
pub(super) struct Shapes {
    shapes: Vec<Shape>,
    /// The rest of keys that are longer than the window, by node.
    tails: Vec<Box<[u8]>>,
    /// Records that could not be followed since the nodes were last forgotten, and since one could.
    lost: usize,
    lost_in_a_row: usize,
    /// Keys that new ones were compared with since then.
    compared: usize,
    /// Bytes of the tails.
    tail_bytes: usize,
    /// With random keys, so that nobody can prepare keys that fall together.
    hashing: RandomState,
    reservation: Reservation,
}

impl Shapes {
    pub(super) fn new(budget: Arc<Budget>) -> Self {
        Self {
            shapes: vec![NO_SHAPE, EMPTY],
            tails: vec![Box::default(); 2],
            lost: 0,
            lost_in_a_row: 0,
            compared: 0,
            tail_bytes: 0,
            hashing: RandomState::new(),
            reservation: Reservation::new(budget),
        }
    }

    /// The node of the value that a record is.
    pub(super) const RECORD: Node = 1;

    /// The node that an object as the value of `value` begins with.
    #[inline(always)]
    pub(super) fn object(&mut self, value: Node) -> Node {
        match self.shapes[value as usize].object {
            NONE => self.new_object(value),
            object => object,
        }
    }

    #[cold]
    #[inline(never)]
    fn new_object(&mut self, value: Node) -> Node {
        let object = self.push(EMPTY, &[]).unwrap_or(NONE);
        self.shapes[value as usize].object = object;
        object
    }

    /// The node of the key at `quote`, if it is the one that came last after `node`, is new to its object, and a colon follows at once. It is
    /// the node of the object after it, too.
    #[inline(always)]
    pub(super) fn predict<K: Kernel>(&self, kernel: K, node: Node, text: &[u8], quote: usize) -> Option<Node> {
        let value = self.shapes[node as usize].predicted;
        let shape = &self.shapes[value as usize];
        let window = text.get(quote..quote + WINDOW)?.first_chunk()?;
        let taken = kernel.begin_alike(window, &shape.key, shape.in_window)
            && (!shape.special || !shape.repeats && self.is_long_key(value, &text[quote + WINDOW..]));
        taken.then_some(value)
    }

    /// The node of the value of the key at `quote`, if the same holds but that the object has had it before. The object stays at `node`.
    #[inline(always)]
    pub(super) fn predict_repeated<K: Kernel>(&self, kernel: K, node: Node, text: &[u8], quote: usize) -> Option<Node> {
        let value = self.shapes[node as usize].predicted;
        let shape = &self.shapes[value as usize];
        if !shape.repeats {
            return None;
        }
        let window = text.get(quote..quote + WINDOW)?.first_chunk()?;
        let taken = kernel.begin_alike(window, &shape.key, shape.in_window) && self.is_long_key(value, &text[quote + WINDOW..]);
        taken.then_some(value)
    }

    #[cold]
    #[inline(never)]
    fn is_long_key(&self, node: Node, rest: &[u8]) -> bool {
        let tail = &self.tails[node as usize];
        // Comparing nothing calls memcmp all the same, which takes 100 ns where it loads by a mask, from where nothing is.
        tail.is_empty() || rest.starts_with(tail)
    }

    fn taken(&self, value: Node, before: Node) -> Taken {
        let repeats = self.shapes[value as usize].repeats;
        Taken { value, next: if repeats { before } else { value }, repeats }
    }

    /// Takes `key`, with its quotes, after `node`.
    #[cold]
    #[inline(never)]
    pub(super) fn take(&mut self, node: Node, key: &[u8], may_repeat: bool) -> Result<Taken, Unknown> {
        if node == NONE || key.len() >= MAX_KEY_BYTES {
            return Err(Unknown::Untracked);
        }
        let mut value = self.shapes[node as usize].first;
        let mut siblings = 0;
        while value != NONE {
            let shape = &self.shapes[value as usize];
            if self.is(value, key) {
                self.shapes[node as usize].predicted = value;
                return Ok(self.taken(value, node));
            }
            value = shape.sibling;
            siblings += 1;
        }
        self.follow(node, key, may_repeat, siblings)
    }

    /// A record could not be followed. After as many of them as there may be nodes, all nodes are forgotten, for the data may have changed,
    /// if learning them cost less than those records did.
    pub(super) fn lose(&mut self) {
        self.lost += 1;
        self.lost_in_a_row += 1;
        if self.lost >= MAX_NODES && self.compared <= self.lost * COMPARISONS_A_LOSS {
            self.shapes.clear();
            self.shapes.extend([NO_SHAPE, EMPTY]);
            self.tails.truncate(2);
            (self.tail_bytes, self.lost, self.lost_in_a_row, self.compared) = (0, 0, 0, 0);
        }
    }

    /// A record was followed to its end.
    #[inline(always)]
    pub(super) fn win(&mut self) {
        self.lost_in_a_row = 0;
    }

    /// Whether to follow the next record: not each, where many before it could not be.
    #[inline(always)]
    pub(super) fn are_worth_a_try(&self) -> bool {
        self.lost_in_a_row < LOST_IN_A_ROW || self.lost_in_a_row % LOST_IN_A_ROW == 0
    }

    /// The key that led to `node`, as it was written, with its quotes.
    fn key(&self, node: Node) -> Vec<u8> {
        let shape = &self.shapes[node as usize];
        let mut key = [&shape.key[..WINDOW.min(shape.length.into())], &self.tails[node as usize]].concat();
        key.pop();
        key
    }

    /// Whether `key`, with its quotes, led to `node`.
    fn is(&self, node: Node, key: &[u8]) -> bool {
        let shape = &self.shapes[node as usize];
        let (head, tail) = key.split_at(key.len().min(WINDOW));
        usize::from(shape.length) == key.len() + 1
            && shape.key[..head.len()] == *head
            && (tail.is_empty() || self.tails[node as usize].starts_with(tail))
    }

    /// Whether the key that led to `node` is equal to `key`, which has that hash, after unescaping.
    fn is_equal(&self, node: Node, key: &[u8], hash: u32, escaped: bool) -> bool {
        let shape = &self.shapes[node as usize];
        if shape.hash != hash || shape.length == 0 {
            return false;
        }
        if !(escaped || shape.escaped) {
            return self.is(node, key);
        }
        let other = self.key(node);
        Unescaped::new(&key[1..key.len() - 1]).eq(Unescaped::new(&other[1..other.len() - 1]))
    }

    /// Of what `key`, with its quotes, stands for.
    fn hash(&self, key: &[u8], escaped: bool) -> u32 {
        let raw = &key[1..key.len() - 1];
        if !escaped {
            return self.hashing.hash_one(raw) as u32;
        }
        let mut text = Vec::with_capacity(raw.len());
        Unescaped::append(raw, &mut text);
        self.hashing.hash_one(&*text) as u32
    }

    /// Makes the edge for `key` after `node`.
    fn follow(&mut self, node: Node, key: &[u8], may_repeat: bool, siblings: usize) -> Result<Taken, Unknown> {
        let before = self.shapes[node as usize];
        if before.count >= MAX_KEYS || siblings >= MAX_SIBLINGS {
            return Err(Unknown::Untracked);
        }
        let escaped = key.contains(&b'\\');
        let hash = self.hash(key, escaped);
        self.compared += usize::from(before.count);
        let mut earlier = node;
        while earlier != NONE && !self.is_equal(earlier, key, hash, escaped) {
            earlier = self.shapes[earlier as usize].before;
        }
        let repeated = earlier != NONE;
        if repeated && !may_repeat {
            return Err(Unknown::Repeated);
        }
        let stored = [key, b":"].concat();
        let (head, tail) = stored.split_at(stored.len().min(WINDOW));
        let mut shape = Shape {
            before: node,
            sibling: before.first,
            length: stored.len() as u16,
            count: before.count + 1,
            hash,
            in_window: head.len() as u8,
            escaped,
            repeats: repeated,
            special: repeated || !tail.is_empty(),
            ..EMPTY
        };
        shape.key[..head.len()].copy_from_slice(head);
        let value = self.push(shape, tail).ok_or(Unknown::Untracked)?;
        self.shapes[node as usize].first = value;
        self.shapes[node as usize].predicted = value;
        Ok(self.taken(value, node))
    }

    fn push(&mut self, shape: Shape, tail: &[u8]) -> Option<Node> {
        if self.shapes.len() == MAX_NODES {
            return None;
        }
        let nodes = self.shapes.len().next_multiple_of(STEP) + STEP;
        let bytes = nodes * (size_of::<Shape>() + size_of::<Box<[u8]>>()) + self.tail_bytes + tail.len();
        let steps = bytes.div_ceil(STEP_BYTES) - 1;
        self.reservation.grow_to((steps * STEP_BYTES) as u64).ok()?;
        if self.shapes.len() == self.shapes.capacity() {
            self.shapes.reserve_exact(STEP);
            self.tails.reserve_exact(STEP);
        }
        self.tail_bytes += tail.len();
        self.shapes.push(shape);
        self.tails.push(tail.into());
        Some(self.shapes.len() as Node - 1)
    }
}
