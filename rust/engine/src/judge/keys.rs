//! The keys of the objects that are open, to tell whether a key is new in its object.
//!
//! Keys stand on one stack, those of inner objects above those of outer ones, so that closing an object is a truncation. While an object has
//! few keys, a new one is compared with each by its tag, a few bytes of its text. From [`NARROW`] on, or from the first key with an escape,
//! all keys of that object are hashed by what they stand for. Who
//! must know at once finds them through a hash table, which all open objects share. Who can wait until the object closes has the hashes
//! sorted then, which needs no memory at random places: for a million keys it takes half the time.
//!
//! The hash is aHash with random keys, so that nobody can prepare keys that fall together.

use super::{Span, Unescaped};
use crate::memory::{Budget, MemoryRefused, Reservation};
use ahash::RandomState;
use hashbrown::HashTable;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

/// Keys up to which comparing with each is faster than hashing.
const NARROW: usize = 64;
/// Keys that need no reservation: 120 KiB.
const FREE_KEYS: usize = 4096;
/// Bytes that are hashed at once.
const PIECE: usize = 64;
/// A key, its tag, and two places of the table, of five bytes each, or less for a hash.
const BYTES_PER_KEY: usize = size_of::<Key>() + size_of::<u32>() + 2 * 5;

#[derive(Debug, Clone, Copy)]
struct Key {
    span: Span,
    /// 0 where the key is not in the table.
    hash: u32,
    escaped: bool,
}

/// When to tell that a key of an object with many keys repeats an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Telling {
    /// When it is added.
    AtOnce,
    /// When the object closes.
    AtClose,
}

#[derive(Debug)]
pub(crate) struct Keys {
    telling: Telling,
    keys: Vec<Key>,
    /// Of each key. Different tags belong to different keys, unless one of them is escaped.
    tags: Vec<u32>,
    /// The open objects whose keys are hashed, the innermost last: the number of the first key, and of the first one that was entered by
    /// its hash alone.
    hashed: Vec<(usize, usize)>,
    /// Numbers of keys, by their hash. It has room for all keys where telling is at once.
    table: HashTable<u32>,
    /// Else hashes of keys, each above its number.
    hashes: Vec<u64>,
    hashing: RandomState,
    reservation: Reservation,
}

impl Keys {
    pub(crate) fn new(telling: Telling, budget: Arc<Budget>) -> Self {
        Self {
            telling,
            keys: Vec::new(),
            tags: Vec::new(),
            hashed: Vec::new(),
            table: HashTable::new(),
            hashes: Vec::new(),
            hashing: RandomState::new(),
            reservation: Reservation::new(budget),
        }
    }

    /// Forgets all keys. Tables that had grown beyond what is free of charge are given back.
    #[inline]
    pub(crate) fn clear(&mut self) {
        if self.keys.capacity() > FREE_KEYS {
            (self.keys, self.tags) = (Vec::new(), Vec::new());
            (self.table, self.hashes) = (HashTable::new(), Vec::new());
            // A smaller share is never refused.
            let _ = self.reservation.set(0);
        }
        self.keys.clear();
        self.tags.clear();
        self.hashes.clear();
        self.hashed.clear();
        if !self.table.is_empty() {
            self.table.clear();
        }
    }

    /// The number of keys that are open, which names the object that opens now.
    pub(crate) fn open(&self) -> u32 {
        self.keys.len() as u32
    }

    /// Forgets the keys of the object named `first`, the innermost one. Tells how many repeat an earlier one that [`Keys::add`] did not tell.
    pub(crate) fn close(&mut self, record: &[u8], first: u32) -> u64 {
        let first = first as usize;
        let count = self.keys.len() - first;
        let mut repeated = 0;
        if let Some((_, untold)) = self.hashed.last().copied().filter(|(object, _)| *object == first) {
            self.hashed.pop();
            match self.telling {
                Telling::AtClose => {
                    // Those of this object are all hashed, and on top.
                    let from = self.hashes.len() - count;
                    self.hashes[from..].sort_unstable();
                    repeated = self.repeated(record, &self.hashes[from..], untold);
                    self.hashes.truncate(from);
                }
                Telling::AtOnce => {
                    for number in first..self.keys.len() {
                        let hash = wide(self.keys[number].hash);
                        if let Ok(entry) = self.table.find_entry(hash, |other| *other as usize == number) {
                            entry.remove();
                        }
                    }
                }
            }
        }
        self.keys.truncate(first);
        self.tags.truncate(first);
        repeated
    }

    /// How many of the keys with these `hashes`, which are sorted, and with numbers from `untold` on repeat an earlier one.
    fn repeated(&self, record: &[u8], hashes: &[u64], untold: usize) -> u64 {
        let mut repeated = 0;
        let mut different: Vec<u32> = Vec::new();
        for run in hashes.chunk_by(|one, other| one >> 32 == other >> 32).filter(|run| run.len() > 1) {
            // Nearly always they are all equal.
            different.clear();
            for number in run.iter().map(|hash| *hash as u32) {
                let equal = |other: &u32| is_equal(record, &self.keys[number as usize], &self.keys[*other as usize]);
                if !different.iter().any(equal) {
                    different.push(number);
                } else if number as usize >= untold {
                    repeated += 1;
                }
            }
        }
        repeated
    }

    /// Adds the key at `span`, which has escapes or not, to the object named `first`, the innermost one; tells whether an equal one was there.
    pub(crate) fn add(&mut self, record: &[u8], span: Span, escaped: bool, first: u32) -> Result<bool, MemoryRefused> {
        let first = first as usize;
        if self.keys.len() == self.keys.capacity() {
            self.grow()?;
        }
        let tag = tag(span.of(record));
        let mut key = Key { span, hash: 0, escaped };
        let is_hashed = self.hashed.last().is_some_and(|(object, _)| *object == first);
        let found = if !is_hashed && !escaped && self.keys.len() - first < NARROW {
            self.is_among(record, &key, tag, first)
        } else {
            self.enter(record, &mut key, first, is_hashed)
        };
        self.keys.push(key);
        self.tags.push(tag);
        Ok(found)
    }

    /// Whether a key is one of those from number `first` on, none of which has escapes.
    #[inline]
    fn is_among(&self, record: &[u8], key: &Key, tag: u32, first: usize) -> bool {
        // All are looked at, so that several are looked at at once.
        let may_be = self.tags[first..].iter().fold(false, |found, other| found | (*other == tag));
        may_be && (first..self.keys.len()).any(|other| self.tags[other] == tag && is_equal(record, key, &self.keys[other]))
    }

    /// Hashes a key, after those of its object that are not hashed yet, and enters it. Whether an equal one was there, if that is to be told.
    #[inline(never)]
    fn enter(&mut self, record: &[u8], key: &mut Key, first: usize, is_hashed: bool) -> bool {
        if !is_hashed {
            self.hashed.push((first, self.keys.len()));
            for number in first..self.keys.len() {
                let hash = self.hash(record, &self.keys[number], first);
                self.keys[number].hash = hash;
                self.insert(number, hash);
            }
        }
        key.hash = self.hash(record, key, first);
        let found = self.telling == Telling::AtOnce
            && self
                .table
                .find(wide(key.hash), |other| {
                    let (number, other) = (*other as usize, &self.keys[*other as usize]);
                    number >= first && other.hash == key.hash && is_equal(record, key, other)
                })
                .is_some();
        self.insert(self.keys.len(), key.hash);
        found
    }

    fn insert(&mut self, number: usize, hash: u32) {
        let keys = &self.keys;
        match self.telling {
            Telling::AtOnce => {
                self.table.insert_unique(wide(hash), number as u32, |other| wide(keys[*other as usize].hash));
            }
            Telling::AtClose => self.hashes.push(u64::from(hash) << 32 | number as u64),
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> Result<(), MemoryRefused> {
        let capacity = (self.keys.capacity() * 2).max(NARROW);
        if capacity > FREE_KEYS {
            // While the keys move, the old ones and the new ones are both there.
            self.reservation.set(((capacity + self.keys.capacity()) * BYTES_PER_KEY) as u64)?;
        }
        let more = capacity - self.keys.len();
        self.keys.reserve_exact(more);
        self.tags.reserve_exact(more);
        match self.telling {
            Telling::AtOnce => {
                let keys = &self.keys;
                self.table.reserve(capacity - self.table.len(), |other| wide(keys[*other as usize].hash));
            }
            Telling::AtClose => self.hashes.reserve_exact(capacity - self.hashes.len()),
        }
        if capacity > FREE_KEYS {
            self.reservation.set((capacity * BYTES_PER_KEY) as u64)?;
        }
        Ok(())
    }

    /// Of the key's text and its object; never 0.
    fn hash(&self, record: &[u8], key: &Key, first: usize) -> u32 {
        let mut hasher = self.hashing.build_hasher();
        hasher.write_usize(first);
        let raw = key.span.of(record);
        if key.escaped {
            let mut piece = [0; PIECE];
            let mut length = 0;
            for byte in Unescaped::new(raw) {
                piece[length] = byte;
                length += 1;
                if length == piece.len() {
                    hasher.write(&piece);
                    length = 0;
                }
            }
            if length > 0 {
                hasher.write(&piece[..length]);
            }
        } else {
            // The same pieces, for the hash depends on them too.
            raw.chunks(PIECE).for_each(|piece| hasher.write(piece));
        }
        (hasher.finish() as u32).max(1)
    }
}

/// A hash as the table takes it: it looks at both ends.
fn wide(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

/// The first and the last bytes and the length of a text, mixed.
#[inline]
fn tag(raw: &[u8]) -> u32 {
    let (first, last) = match (raw.first_chunk::<4>(), raw.last_chunk::<4>()) {
        (Some(first), Some(last)) => (u32::from_le_bytes(*first), u32::from_le_bytes(*last)),
        _ => (raw.iter().fold(0, |bytes, byte| bytes << 8 | u32::from(*byte)), 0),
    };
    // Any odd number spreads the bits of the first bytes.
    first.wrapping_mul(0x9E37_79B1) ^ last ^ (raw.len() as u32) << 24
}

#[inline(never)]
fn is_equal(record: &[u8], one: &Key, other: &Key) -> bool {
    let (a, b) = (one.span.of(record), other.span.of(record));
    if one.escaped || other.escaped { Unescaped::new(a).eq(Unescaped::new(b)) } else { a == b }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(limit: u64) -> (Keys, Arc<Budget>) {
        let budget = Arc::new(Budget::new(limit));
        (Keys::new(Telling::AtOnce, budget.clone()), budget)
    }

    /// How many of the keys at `spans` repeat an earlier one, told at once and at the end.
    fn repeated(record: &[u8], spans: &[Span]) -> [u64; 2] {
        [Telling::AtOnce, Telling::AtClose].map(|telling| {
            let mut keys = Keys::new(telling, Arc::new(Budget::new(1 << 30)));
            let told = spans.iter().filter(|span| add(&mut keys, record, **span, 0).unwrap()).count();
            told as u64 + keys.close(record, 0)
        })
    }

    fn add(keys: &mut Keys, record: &[u8], span: Span, first: u32) -> Result<bool, MemoryRefused> {
        keys.add(record, span, span.of(record).contains(&b'\\'), first)
    }

    /// A record that is the concatenation of `names`, and where each stands.
    fn record(names: &[String]) -> (Vec<u8>, Vec<Span>) {
        let mut bytes = Vec::new();
        let spans = names.iter().map(|name| {
            let start = bytes.len();
            bytes.extend_from_slice(name.as_bytes());
            Span::new(start, bytes.len())
        });
        let spans = spans.collect();
        (bytes, spans)
    }

    #[test]
    fn add_finds_the_one_repeated_key_at_every_width() {
        for width in [1, NARROW - 1, NARROW, NARROW + 1, 100, 5000] {
            for repeated in [0, width / 2, width - 1] {
                let mut names: Vec<_> = (0..width).map(|i| format!("k{i}")).collect();
                names.push(names[repeated].clone());
                let (bytes, spans) = record(&names);
                let (mut keys, _) = keys(1 << 30);
                let found: Vec<_> = spans.iter().map(|span| add(&mut keys, &bytes, *span, 0).unwrap()).collect();
                assert_eq!(found.iter().position(|f| *f), Some(width), "width {width}, repeated {repeated}");
                assert_eq!(self::repeated(&bytes, &spans), [1, 1], "width {width}, repeated {repeated}");
            }
        }
    }

    #[test]
    fn add_compares_after_unescaping_at_every_width() {
        for width in [1, NARROW - 1, NARROW, 200] {
            let mut names: Vec<_> = (0..width).map(|i| format!("k{i}")).collect();
            names.push("\\u006b0".to_owned());
            let (bytes, spans) = record(&names);
            let (mut keys, _) = keys(1 << 30);
            let found: Vec<_> = spans.iter().map(|span| add(&mut keys, &bytes, *span, 0).unwrap()).collect();
            assert_eq!(found.iter().position(|f| *f), Some(width));
            assert_eq!(repeated(&bytes, &spans), [1, 1], "{width}");
        }
    }

    #[test]
    fn close_counts_every_key_that_repeats_once() {
        let names: Vec<_> = (0..1000).map(|i| format!("k{}", i * i % 301)).collect();
        let (bytes, spans) = record(&names);
        for count in [names.len(), NARROW, NARROW + 1] {
            let expected = count - names[..count].iter().collect::<std::collections::BTreeSet<_>>().len();
            assert_eq!(repeated(&bytes, &spans[..count]), [expected as u64; 2]);
        }
    }

    #[test]
    fn add_hashes_a_long_escaped_key_as_its_text() {
        for length in [1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 200] {
            let text = "x".repeat(length);
            let mut names: Vec<_> = (0..40).map(|i| format!("k{i}")).collect();
            names.push(text.clone());
            names.push("\\u0078".to_owned() + &text[1..]);
            let (bytes, spans) = record(&names);
            let (mut keys, _) = keys(1 << 30);
            let found: Vec<_> = spans.iter().map(|span| add(&mut keys, &bytes, *span, 0).unwrap()).collect();
            assert_eq!(found.iter().position(|f| *f), Some(41));
        }
    }

    #[test]
    fn close_forgets_an_inner_object_and_keeps_the_outer_one() {
        let names: Vec<_> = (0..100).map(|i| format!("k{i}")).collect();
        let (bytes, spans) = record(&names);
        let (mut keys, _) = keys(1 << 30);
        for span in &spans[..50] {
            assert!(!add(&mut keys, &bytes, *span, 0).unwrap());
        }
        for _ in 0..3 {
            let inner = keys.open();
            for span in &spans {
                assert!(!add(&mut keys, &bytes, *span, inner).unwrap());
            }
            assert_eq!(keys.close(&bytes, inner), 0);
        }
        for (number, span) in spans.iter().enumerate() {
            assert_eq!(add(&mut keys, &bytes, *span, 0).unwrap(), number < 50);
        }
    }

    #[test]
    fn close_tells_of_each_object_alone() {
        let names: Vec<_> = (0..100).map(|i| format!("k{i}")).collect();
        let (bytes, spans) = record(&names);
        let mut keys = Keys::new(Telling::AtClose, Arc::new(Budget::new(1 << 30)));
        let mut objects = Vec::new();
        for _ in 0..3 {
            objects.push(keys.open());
            for span in &spans {
                assert!(!add(&mut keys, &bytes, *span, objects[objects.len() - 1]).unwrap());
            }
        }
        // The outermost gets its last ten keys again, once all within are closed.
        assert_eq!((keys.close(&bytes, objects[2]), keys.close(&bytes, objects[1])), (0, 0));
        for span in &spans[90..] {
            assert!(!add(&mut keys, &bytes, *span, objects[0]).unwrap());
        }
        assert_eq!(keys.close(&bytes, objects[0]), 10);
    }

    #[test]
    fn add_beyond_the_free_keys_reserves_and_clear_gives_back() {
        let names: Vec<_> = (0..FREE_KEYS + 1).map(|i| format!("k{i}")).collect();
        let (bytes, spans) = record(&names);
        let (mut roomy, budget) = keys(1 << 30);
        for span in &spans[..FREE_KEYS] {
            add(&mut roomy, &bytes, *span, 0).unwrap();
        }
        assert_eq!(budget.reserved(), 0);
        add(&mut roomy, &bytes, spans[FREE_KEYS], 0).unwrap();
        assert_eq!(budget.reserved(), (2 * FREE_KEYS * BYTES_PER_KEY) as u64);
        roomy.clear();
        assert_eq!(budget.reserved(), 0);

        let (mut tight, _) = keys(1000);
        let refused = spans.iter().map(|span| add(&mut tight, &bytes, *span, 0)).position(|added| added.is_err());
        assert_eq!(refused, Some(FREE_KEYS));
    }
}
