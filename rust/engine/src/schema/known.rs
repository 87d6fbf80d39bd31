//! What is asked of the value of a key, by the key's path: found out once, and then not looked up again.

use super::node::{Head, NodeId};
use crate::screen::{NO_PATH, PathId};

/// Keys that are known: more than most records have together, in 128 KiB. Those that fall together displace each other.
const KEYS: usize = 4096;
/// Spreads the nodes by which objects of one path are judged.
const SPREAD: u32 = 0x9E37_79B1;

/// A key whose value is to be judged by one node, and by nothing else.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
pub(super) struct KnownKey {
    pub(super) path: PathId,
    /// By what the object is judged.
    pub(super) object: NodeId,
    /// By what the value is.
    pub(super) node: NodeId,
    pub(super) head: Head,
    /// Steps that finding it out took.
    pub(super) steps: u32,
    /// Its mark, if it has one.
    pub(super) mark: u64,
}

const NO_KEY: KnownKey = KnownKey { path: NO_PATH, object: NodeId::MAX, node: 0, head: Head::ANY, steps: 0, mark: 0 };

#[derive(Debug)]
pub(super) struct KnownKeys {
    /// Empty, or as many as there may be.
    keys: Vec<KnownKey>,
    /// Of the paths.
    generation: u64,
}

impl KnownKeys {
    pub(super) fn new() -> Self {
        Self { keys: Vec::new(), generation: 0 }
    }

    /// Paths are of this generation from now on.
    #[inline(always)]
    pub(super) fn expect(&mut self, generation: u64) {
        if self.generation != generation {
            self.keys.fill(NO_KEY);
            self.generation = generation;
        }
    }

    /// What is known of the key at `path` of an object that is judged by `object`.
    #[inline(always)]
    pub(super) fn get(&self, path: PathId, object: NodeId) -> Option<&KnownKey> {
        self.keys.get(place(path, object)).filter(|known| known.path == path && known.object == object)
    }

    pub(super) fn put(&mut self, key: KnownKey) {
        if key.path == NO_PATH {
            return;
        }
        if self.keys.is_empty() {
            self.keys.resize(KEYS, NO_KEY);
        }
        self.keys[place(key.path, key.object)] = key;
    }
}

#[inline(always)]
fn place(path: PathId, object: NodeId) -> usize {
    (path ^ object.wrapping_mul(SPREAD) >> 16) as usize % KEYS
}
