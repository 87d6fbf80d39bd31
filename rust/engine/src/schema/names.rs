//! Finds a name among those that a schema mentions: of a key, or of a string that is listed.
//!
//! The first and the last eight bytes of a name and its length are its hash, and for up to sixteen bytes they are all of it, so that most
//! look-ups load twice, multiply twice and compare once. The table is large enough that most names stand where they belong.

use ahash::RandomState;
use std::collections::HashMap;

/// Places that are looked at; names that find none of them free are found in a map.
const PROBES: usize = 4;
/// Names up to this length are equal where their ends are.
const ENDS: usize = 16;
/// Hashes that are tried to give each name a place of its own.
const TRIES: u64 = 16;

#[derive(Debug, Clone, Copy)]
struct Place {
    first: u64,
    last: u64,
    length: u32,
    number: u32,
}

const FREE: Place = Place { first: 0, last: 0, length: u32::MAX, number: 0 };

/// Names, each with a number. Immutable; any thread.
#[derive(Debug)]
pub(super) struct Names {
    places: Box<[Place]>,
    factors: [u64; 2],
    shift: u32,
    /// By number; empty for names that are their ends.
    long: Box<[Box<[u8]>]>,
    others: HashMap<Box<[u8]>, u32, RandomState>,
}

#[inline(always)]
fn ends(name: &[u8]) -> (u64, u64) {
    match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (short(name), 0),
    }
}

/// Of less than eight bytes.
#[inline(always)]
fn short(name: &[u8]) -> u64 {
    match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32,
        _ => match name {
            [] => 0,
            [first, ..] => u64::from(*first) | u64::from(name[name.len() / 2]) << 8 | u64::from(name[name.len() - 1]) << 16,
        },
    }
}

impl Names {
    /// The names with the numbers 0, 1 and so on; each comes once.
    pub(super) fn new(names: &[&[u8]]) -> Self {
        let long = if names.iter().any(|name| name.len() > ENDS) {
            names.iter().map(|name| if name.len() > ENDS { Box::from(*name) } else { Box::default() }).collect()
        } else {
            Box::default()
        };
        let hashing = RandomState::new();
        let mut best: Option<Self> = None;
        for attempt in 0..TRIES {
            let bits = (2 * names.len()).next_power_of_two().trailing_zeros() + 1 + (attempt / 8) as u32;
            let factors = [2 * attempt, 2 * attempt + 1].map(|seed| hashing.hash_one(seed) | 1);
            let mut table = Self {
                places: vec![FREE; (1 << bits) + PROBES].into(),
                factors,
                shift: u64::BITS - bits,
                long: Box::default(),
                others: HashMap::with_hasher(hashing.clone()),
            };
            let displaced = table.fill(names);
            let better = best.as_ref().is_none_or(|best| table.others.len() < best.others.len());
            if displaced == 0 || better {
                best = Some(table);
            }
            // With many names there is hardly such a table.
            if displaced == 0 || names.len() > 64 {
                break;
            }
        }
        let mut best = best.unwrap_or_else(|| unreachable!("there is an attempt"));
        best.long = long;
        best
    }

    /// Returns how many do not stand where they belong.
    fn fill(&mut self, names: &[&[u8]]) -> usize {
        let mut displaced = 0;
        for (number, name) in names.iter().enumerate() {
            let (first, last) = ends(name);
            let home = self.home(first, last, name.len());
            let place = Place { first, last, length: name.len() as u32, number: number as u32 };
            match (home..home + PROBES).find(|at| self.places[*at].length == u32::MAX) {
                Some(at) => {
                    displaced += usize::from(at != home);
                    self.places[at] = place;
                }
                None => {
                    displaced += 1;
                    self.others.insert(Box::from(*name), number as u32);
                }
            }
        }
        displaced
    }

    #[inline(always)]
    fn home(&self, first: u64, last: u64, length: usize) -> usize {
        let mixed = first.wrapping_mul(self.factors[0])
            ^ (last.wrapping_add(length as u64)).wrapping_mul(self.factors[1]).rotate_left(31);
        (mixed.wrapping_mul(self.factors[0]) >> self.shift) as usize
    }

    /// The number of `name`.
    #[inline(always)]
    pub(super) fn get(&self, name: &[u8]) -> Option<u32> {
        let (first, last) = ends(name);
        let home = self.home(first, last, name.len());
        for place in self.places.get(home..home + PROBES)? {
            if place.first == first && place.last == last && place.length == name.len() as u32 {
                if name.len() <= ENDS || *self.long[place.number as usize] == *name {
                    return Some(place.number);
                }
            } else if place.length == u32::MAX {
                return None;
            }
        }
        if self.others.is_empty() { None } else { self.others.get(name).copied() }
    }

    /// Bytes in use.
    pub(super) fn memory(&self) -> usize {
        let long: usize = self.long.iter().map(|name| name.len() + size_of::<Box<[u8]>>()).sum();
        let others: usize = self.others.keys().map(|name| name.len() + 48).sum();
        self.places.len() * size_of::<Place>() + long + others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(names: &[Vec<u8>]) {
        let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
        let table = Names::new(&names);
        for (number, name) in names.iter().enumerate() {
            assert_eq!(table.get(name), Some(number as u32), "{name:?}");
        }
        for absent in [&b"absent"[..], b"x", b"12345678", b"a longer name that is not there", b"ab\0"] {
            assert_eq!(table.get(absent), None);
        }
    }

    #[test]
    fn get_finds_each_name_of_any_length() {
        holds(&[]);
        holds(&(0..40).map(|length| vec![b'a'; length]).collect::<Vec<_>>());
        holds(&(0..5000).map(|number| format!("key{number}").into_bytes()).collect::<Vec<_>>());
    }

    #[test]
    fn get_names_with_equal_ends_are_told_apart() {
        holds(&(0..300).map(|number| format!("aaaaaaaa{number:04}bbbbbbbb").into_bytes()).collect::<Vec<_>>());
    }
}
