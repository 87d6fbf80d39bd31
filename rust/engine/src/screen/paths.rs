//! The keys of objects, each by its path from the record on, so that the next key is predicted and not looked up.
//!
//! A path stands for the keys that lead to a value, whatever elements of arrays lie between. Each remembers which key came last after its own,
//! which is nearly always the one that comes next: one comparison of bytes then takes a key. Another one is looked up by its hash. Each path
//! also remembers in which object it was last taken, which tells at once whether that object has the key already: while an object is open,
//! no other one can have its paths, for those of objects inside of it are longer.
//!
//! Where there are too many paths, or an object has ever new keys, keys have none, nor do those with a backslash. Whether a key has one does not change while a record lasts,
//! unless it is given one when it first comes, so that a key which has none can only repeat one that has none.

use crate::judge::Unescaped;
use crate::kernel::{Kernel, WINDOW};
use crate::memory::{Budget, Reservation};
use ahash::RandomState;
use hashbrown::HashTable;
use std::sync::Arc;

/// Paths that may be: what they take stays within a core's second-level cache.
const MAX_PATHS: usize = 8192;
/// Different keys that an object may have had at one path; one that has had more takes others to come, and keys of objects there have no paths.
const MAX_KEYS: u16 = 512;
/// Bytes of a key that may have a path.
const MAX_KEY_BYTES: usize = 255;
/// Keys without path after which all paths are forgotten, for the data may have changed. Learning them anew costs far less than those keys.
const FORGET_AFTER: usize = 8 * MAX_PATHS;
/// Paths that room is made for first; after that, for twice as many.
const FIRST_PATHS: usize = 512;
/// Paths and keys are reserved in steps of so many bytes, the first of them free of charge.
const STEP_BYTES: usize = 64 << 10;

/// A path's number.
pub(crate) type PathId = u32;

/// Where there is no path.
pub(crate) const NO_PATH: PathId = 0;

/// What is looked at for each key: one line of a cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Path {
    /// The first bytes of its last key, with quotes and a colon, and zeros.
    key: [u8; WINDOW],
    /// The object that had it last.
    object: u64,
    /// The path whose key came last after this one.
    predicted: PathId,
    /// The one before that.
    second: PathId,
    /// Where objects that are its value begin: the path before their first key.
    begin: PathId,
    /// Where its own object begins. Of such a beginning, itself.
    begun: PathId,
    hash: u32,
    /// Of a beginning: different keys that came, as far as they are counted.
    keys: u16,
    /// As much of the key, with quotes and a colon, as is in the window.
    in_window: u8,
    /// Whether the key is longer than the window.
    is_long: bool,
}

/// Predicted where nothing is: no token begins with a space.
const NOTHING: Path = Path {
    key: [b' '; WINDOW],
    object: 0,
    predicted: NO_PATH,
    second: NO_PATH,
    begin: NO_PATH,
    begun: NO_PATH,
    hash: 0,
    keys: 0,
    in_window: WINDOW as u8,
    is_long: false,
};

#[derive(Debug)]
pub(super) struct Paths {
    paths: Vec<Path>,
    /// The last key of each, unescaped.
    keys: Vec<Box<[u8]>>,
    /// By their hash.
    table: HashTable<PathId>,
    /// Whether there is no room for more.
    full: bool,
    /// Bytes of the keys.
    key_bytes: usize,
    /// Keys without path since paths were last forgotten.
    without: usize,
    /// How many times they were.
    generation: u64,
    /// Objects so far.
    objects: u64,
    /// With random keys, so that nobody can prepare keys that fall together.
    hashing: RandomState,
    reservation: Reservation,
}

impl Paths {
    /// The path of a record.
    pub(super) const RECORD: PathId = 1;

    pub(super) fn new(budget: Arc<Budget>) -> Self {
        Self {
            paths: vec![NOTHING; 2],
            keys: vec![Box::default(); 2],
            table: HashTable::new(),
            full: false,
            key_bytes: 0,
            without: 0,
            generation: 0,
            objects: 0,
            hashing: RandomState::new(),
            reservation: Reservation::new(budget),
        }
    }

    /// A record begins: paths that are known now stay so until the next one does.
    #[inline(always)]
    pub(super) fn begin_record(&mut self) {
        if self.without >= FORGET_AFTER {
            self.forget();
        }
    }

    #[cold]
    fn forget(&mut self) {
        self.paths.truncate(2);
        self.paths.fill(NOTHING);
        self.keys.truncate(2);
        self.table.clear();
        (self.full, self.key_bytes, self.without) = (false, 0, 0);
        self.generation += 1;
    }

    /// Tells apart paths of the same number that stand for other keys.
    #[inline(always)]
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Names the object that opens now as the value of `path`, and tells where it begins.
    #[inline(always)]
    pub(super) fn open(&mut self, path: PathId) -> (u64, PathId) {
        self.objects += 1;
        let begin = match self.paths[path as usize].begin {
            NO_PATH => self.new_beginning(path),
            begin if self.paths[begin as usize].keys < MAX_KEYS => begin,
            _ => NO_PATH,
        };
        (self.objects, begin)
    }

    #[cold]
    #[inline(never)]
    fn new_beginning(&mut self, path: PathId) -> PathId {
        if path == NO_PATH {
            return NO_PATH;
        }
        let begin = self.push(Path { begun: self.paths.len() as PathId, ..NOTHING }, Box::default());
        self.paths[path as usize].begin = begin;
        begin
    }

    /// Takes the key at `quote` of an object, if it is the one that came last after `path`, and a colon follows at once. Tells its path, and
    /// whether the object had it before.
    #[inline(always)]
    pub(super) fn take_predicted<K: Kernel>(
        &mut self,
        kernel: K,
        path: PathId,
        object: u64,
        text: &[u8],
        quote: usize,
    ) -> Option<(PathId, bool)> {
        let predicted = self.paths[path as usize].predicted;
        let known = &self.paths[predicted as usize];
        let window = text.get(quote..)?.first_chunk()?;
        if !kernel.begin_alike(window, &known.key, known.in_window)
            || known.is_long && !self.is_long_key(predicted, &text[quote + WINDOW..])
        {
            return None;
        }
        Some((predicted, self.repeats(predicted, object)))
    }

    /// Whether what the window has no room for, of the key and what must follow it, is here.
    #[cold]
    #[inline(never)]
    fn is_long_key(&self, path: PathId, rest: &[u8]) -> bool {
        let key = &self.keys[path as usize];
        let tail = key.get(WINDOW - 1..).unwrap_or_default();
        match rest.split_at_checked(tail.len()) {
            // Comparing nothing calls memcmp all the same, which takes 100 ns where it loads by a mask, from where nothing is.
            Some((begun, ended)) => {
                (tail.is_empty() || begun == tail) && ended.starts_with(&b"\":"[(WINDOW - 1).saturating_sub(key.len())..])
            }
            None => false,
        }
    }

    /// Notes that an object has the key of `path`, and tells whether it had it before.
    #[inline(always)]
    pub(super) fn repeats(&mut self, path: PathId, object: u64) -> bool {
        std::mem::replace(&mut self.paths[path as usize].object, object) == object
    }

    /// The path of the key that stands between quotes as `raw`, after `path`, if it has one.
    #[cold]
    #[inline(never)]
    pub(super) fn look_up(&mut self, path: PathId, raw: &[u8], may_be_escaped: bool) -> PathId {
        let Path { begun, predicted, second, .. } = self.paths[path as usize];
        let found = if begun == NO_PATH {
            NO_PATH
        } else if second != NO_PATH && *self.keys[second as usize] == *raw {
            // No key that has a path has a backslash, so that this one is not escaped.
            second
        } else {
            self.find_or_add(begun, raw, may_be_escaped)
        };
        if found == NO_PATH {
            self.without += 1;
        } else if found != predicted {
            let known = &mut self.paths[path as usize];
            (known.predicted, known.second) = (found, predicted);
        }
        found
    }

    fn find_or_add(&mut self, begun: PathId, raw: &[u8], may_be_escaped: bool) -> PathId {
        let hash = self.hash(begun, raw);
        if let Some(found) = self.find(begun, raw, hash) {
            return found;
        }
        if may_be_escaped && raw.contains(&b'\\') {
            let mut key = Vec::with_capacity(raw.len());
            Unescaped::append(raw, &mut key);
            let hash = self.hash(begun, &key);
            self.find(begun, &key, hash).unwrap_or_else(|| self.add(begun, &key, hash))
        } else {
            self.add(begun, raw, hash)
        }
    }

    fn hash(&self, begun: PathId, key: &[u8]) -> u64 {
        self.hashing.hash_one((begun, key))
    }

    fn find(&self, begun: PathId, key: &[u8], hash: u64) -> Option<PathId> {
        let is_it = |other: &PathId| {
            let path = &self.paths[*other as usize];
            path.hash == hash as u32 && path.begun == begun && *self.keys[*other as usize] == *key
        };
        self.table.find(hash, is_it).copied()
    }

    fn add(&mut self, begun: PathId, key: &[u8], hash: u64) -> PathId {
        if key.len() > MAX_KEY_BYTES || key.contains(&b'\\') {
            return NO_PATH;
        }
        let keys = &mut self.paths[begun as usize].keys;
        *keys += u16::from(*keys < MAX_KEYS);
        if *keys == MAX_KEYS {
            return NO_PATH;
        }
        let mut path = Path { begun, hash: hash as u32, ..NOTHING };
        // A key that must be escaped is never predicted.
        if !key.iter().any(|byte| matches!(byte, b'"' | 0..0x20)) {
            let written = [b"\"", key, b"\":"].concat();
            let (head, tail) = written.split_at(written.len().min(WINDOW));
            path.key = [0; WINDOW];
            path.key[..head.len()].copy_from_slice(head);
            (path.in_window, path.is_long) = (head.len() as u8, !tail.is_empty());
        }
        let added = self.push(path, key.into());
        if added != NO_PATH {
            let (paths, keys) = (&self.paths, &self.keys);
            let hash_of = |other: &PathId| self.hashing.hash_one((paths[*other as usize].begun, &*keys[*other as usize]));
            self.table.insert_unique(hash, added, hash_of);
        }
        added
    }

    fn push(&mut self, path: Path, key: Box<[u8]>) -> PathId {
        self.full |= self.paths.len() == MAX_PATHS || !self.make_room(key.len());
        if self.full {
            return NO_PATH;
        }
        self.key_bytes += key.len();
        self.paths.push(path);
        self.keys.push(key);
        self.paths.len() as PathId - 1
    }

    fn make_room(&mut self, key_bytes: usize) -> bool {
        let paths = (self.paths.len() + 1).next_power_of_two().max(FIRST_PATHS);
        let of_each = size_of::<Path>() + size_of::<Box<[u8]>>() + 2 * size_of::<PathId>();
        let steps = (paths * of_each + self.key_bytes + key_bytes).div_ceil(STEP_BYTES) - 1;
        if self.reservation.grow_to((steps * STEP_BYTES) as u64).is_err() {
            return false;
        }
        if self.paths.len() == self.paths.capacity() {
            self.paths.reserve_exact(paths - self.paths.len());
            self.keys.reserve_exact(paths - self.keys.len());
        }
        true
    }
}
