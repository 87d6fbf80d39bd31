//! The keys of the objects that are open, to tell whether a key is new in its object.
//!
//! Keys stand on one stack, those of inner objects above those of outer ones, so that closing an object is a truncation. A key is
//! compared with each earlier one while its object has few; from [`NARROW`] on, all keys of that object are found through a hash
//! table, which all open objects share. Because keys leave in the reverse order of their coming, clearing a slot never breaks the
//! probe sequence of a key that is still there.
//!
//! The hash is aHash with random keys, so that nobody can prepare keys that fall together.

use super::{Span, Unescaped};
use crate::memory::{Budget, MemoryRefused, Reservation};
use ahash::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

/// Keys up to which comparing with each is faster than hashing.
const NARROW: usize = 16;
/// Keys that need no reservation: 80 KiB.
const FREE_KEYS: usize = 4096;
/// Bytes that are hashed at once.
const PIECE: usize = 64;
const BYTES_PER_KEY: usize = size_of::<Key>() + 2 * size_of::<u32>();

#[derive(Debug, Clone, Copy)]
struct Key {
    span: Span,
    /// 0 where the key is not in the table.
    hash: u32,
    /// Equal where the keys are, unless one of them is escaped.
    tag: u16,
    escaped: bool,
}

#[derive(Debug)]
pub(crate) struct Keys {
    keys: Vec<Key>,
    /// Number of a key plus one, or 0. Length a power of two, at least twice the number of keys in it.
    table: Vec<u32>,
    in_table: usize,
    hashing: RandomState,
    reservation: Reservation,
}

impl Keys {
    pub(crate) fn new(budget: Arc<Budget>) -> Self {
        Self {
            keys: Vec::new(),
            table: Vec::new(),
            in_table: 0,
            hashing: RandomState::new(),
            reservation: Reservation::new(budget),
        }
    }

    /// Forgets all keys. Tables that had grown beyond what is free of charge are given back.
    pub(crate) fn clear(&mut self) {
        if self.keys.capacity() > FREE_KEYS {
            self.keys = Vec::new();
            self.table = Vec::new();
            // A smaller share is never refused.
            let _ = self.reservation.set(0);
        } else if self.in_table > 0 {
            self.table.fill(0);
        }
        self.in_table = 0;
        self.keys.clear();
    }

    /// The number of keys that are open, which names the object that opens now.
    pub(crate) fn open(&self) -> u32 {
        self.keys.len() as u32
    }

    /// Forgets the keys of the object named `first`, the innermost one.
    pub(crate) fn close(&mut self, first: u32) {
        if self.in_table == 0 {
            self.keys.truncate(first as usize);
        }
        while self.keys.len() > first as usize {
            let hash = self.keys.pop().map_or(0, |key| key.hash);
            if hash != 0 {
                self.remove(hash, self.keys.len() as u32 + 1);
            }
        }
    }

    /// Adds the key at `span`, which has escapes or not, to the object named `first`, the innermost one; tells whether an equal one was there.
    pub(crate) fn add(&mut self, record: &[u8], span: Span, escaped: bool, first: u32) -> Result<bool, MemoryRefused> {
        let mut key = Key { span, hash: 0, tag: tag(span.of(record)), escaped };
        let first = first as usize;
        let count = self.keys.len() - first;
        if count < NARROW {
            let found = self.keys[first..].iter().any(|other| equal(record, &key, other));
            self.push(key)?;
            return Ok(found);
        }
        if count == NARROW {
            for number in first..self.keys.len() {
                self.keys[number].hash = self.hash(record, &self.keys[number], first);
                self.insert(number as u32 + 1, self.keys[number].hash);
            }
        }
        key.hash = self.hash(record, &key, first);
        let found = self.find(record, &key, first);
        self.push(key)?;
        self.insert(self.keys.len() as u32, key.hash);
        Ok(found)
    }

    #[inline]
    fn push(&mut self, key: Key) -> Result<(), MemoryRefused> {
        if self.keys.len() == self.keys.capacity() {
            self.grow()?;
        }
        self.keys.push(key);
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> Result<(), MemoryRefused> {
        let capacity = (self.keys.capacity() * 2).max(64);
        if capacity > FREE_KEYS {
            // While the keys move, the old stack and table and the new ones are both there.
            self.reservation.set(((capacity + self.keys.capacity()) * BYTES_PER_KEY) as u64)?;
        }
        self.keys.reserve_exact(capacity - self.keys.len());
        self.resize_table();
        if capacity > FREE_KEYS {
            self.reservation.set((capacity * BYTES_PER_KEY) as u64)?;
        }
        Ok(())
    }

    /// Makes the table twice as long as the stack, and enters again what was in it.
    fn resize_table(&mut self) {
        self.table = vec![0; (self.keys.capacity() * 2).next_power_of_two()];
        self.in_table = 0;
        for number in 0..self.keys.len() {
            let hash = self.keys[number].hash;
            if hash != 0 {
                self.insert(number as u32 + 1, hash);
            }
        }
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
        hasher.finish() as u32 | 1
    }

    fn slots(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        let mask = self.table.len() - 1;
        // The lowest bit of a hash is always set.
        let home = (hash >> 1) as usize;
        (0..=mask).map(move |step| (home + step) & mask)
    }

    fn insert(&mut self, number: u32, hash: u32) {
        let free = self.slots(hash).find(|slot| self.table[*slot] == 0);
        if let Some(slot) = free {
            self.table[slot] = number;
            self.in_table += 1;
        }
    }

    fn remove(&mut self, hash: u32, number: u32) {
        if let Some(slot) = self.slots(hash).find(|slot| self.table[*slot] == number) {
            self.table[slot] = 0;
            self.in_table -= 1;
        }
    }

    fn find(&self, record: &[u8], key: &Key, first: usize) -> bool {
        self.slots(key.hash).map(|slot| self.table[slot]).take_while(|number| *number != 0).any(|number| {
            let number = number as usize - 1;
            let other = &self.keys[number];
            number >= first && other.hash == key.hash && equal(record, key, other)
        })
    }
}

/// A first and a last byte tell most keys of one object apart.
#[inline]
fn tag(raw: &[u8]) -> u16 {
    match raw {
        [first, .., last] => u16::from_le_bytes([*first, *last]),
        _ => raw.len() as u16,
    }
}

#[inline]
fn equal(record: &[u8], one: &Key, other: &Key) -> bool {
    (one.tag == other.tag || one.escaped || other.escaped) && equal_text(record, one, other)
}

#[inline(never)]
fn equal_text(record: &[u8], one: &Key, other: &Key) -> bool {
    let (a, b) = (one.span.of(record), other.span.of(record));
    if one.escaped || other.escaped { Unescaped::new(a).eq(Unescaped::new(b)) } else { a == b }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(limit: u64) -> (Keys, Arc<Budget>) {
        let budget = Arc::new(Budget::new(limit));
        (Keys::new(budget.clone()), budget)
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
            keys.close(inner);
        }
        for (number, span) in spans.iter().enumerate() {
            assert_eq!(add(&mut keys, &bytes, *span, 0).unwrap(), number < 50);
        }
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
