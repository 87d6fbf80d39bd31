//! Keys that differ and have the same hash, for hashes that are in common use and that anybody can compute.
//!
//! Such a hash takes byte after byte into 32 bits. So two pieces of text that lead from one state to the same next state can stand for
//! each other, and keys that choose between two pieces again and again all end in one state (Joux 2004).

use crate::random::Random;
use std::collections::HashMap;

/// Choices in a key: enough for a million keys.
const CHOICES: usize = 20;
/// Bytes of a piece: so many that letters alone tell more pieces than there are hashes. CRC-32C tells all of 6 letters apart.
const PIECE_BYTES: usize = 8;
/// Bytes of a key.
pub(super) const KEY_BYTES: usize = CHOICES * PIECE_BYTES;

/// A hash: the state after a byte.
type Step = fn(u32, u8) -> u32;
type Piece = [u8; PIECE_BYTES];

/// Hashes, each with the state it begins with: times 31, times 33, FNV-1a, CRC-32C.
const HASHES: [(u32, Step); 4] = [
    (0, |state, byte| state.wrapping_mul(31).wrapping_add(byte.into())),
    (5381, |state, byte| state.wrapping_mul(33).wrapping_add(byte.into())),
    (0x811C_9DC5, |state, byte| (state ^ u32::from(byte)).wrapping_mul(0x0100_0193)),
    (!0, crc32c),
];

fn crc32c(state: u32, byte: u8) -> u32 {
    (0..8).fold(state ^ u32::from(byte), |state, _| (state >> 1) ^ ((state & 1) * 0x82F6_3B78))
}

/// For each hash the pieces of its keys, two to choose from each time.
pub(super) struct Colliding {
    families: Vec<Vec<[Piece; 2]>>,
}

impl Colliding {
    pub(super) fn new() -> Self {
        Self { families: HASHES.iter().map(|(start, step)| family(*start, *step)).collect() }
    }

    /// The key of a number; one family after the other has its turn.
    pub(super) fn key(&self, number: usize) -> Vec<u8> {
        let family = &self.families[number % self.families.len()];
        let number = number / self.families.len();
        family.iter().enumerate().flat_map(|(choice, pieces)| pieces[number >> choice & 1]).collect()
    }
}

fn family(mut state: u32, step: Step) -> Vec<[Piece; 2]> {
    let mut random = Random::new(0);
    let mut pairs = Vec::with_capacity(CHOICES);
    for _ in 0..CHOICES {
        let (pair, next) = pair(state, step, &mut random);
        pairs.push(pair);
        state = next;
    }
    pairs
}

/// Two pieces that lead from `state` to one other state, and that state.
fn pair(state: u32, step: Step, random: &mut Random) -> ([Piece; 2], u32) {
    let mut seen: HashMap<u32, Piece> = HashMap::new();
    loop {
        let piece: Piece = std::array::from_fn(|_| b'a' + random.below(26) as u8);
        let next = piece.iter().fold(state, |state, byte| step(state, *byte));
        match seen.insert(next, piece) {
            Some(other) if other != piece => return ([other, piece], next),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn keys_of_a_family_differ_and_have_one_hash() {
        let colliding = Colliding::new();
        let keys: Vec<Vec<u8>> = (0..4000).map(|number| colliding.key(number)).collect();
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
        for (family, (start, step)) in HASHES.iter().enumerate() {
            let of_family = keys.iter().skip(family).step_by(HASHES.len());
            let hashes: HashSet<u32> = of_family.map(|key| key.iter().fold(*start, |state, byte| step(state, *byte))).collect();
            assert_eq!(hashes.len(), 1, "family {family}");
        }
    }

    #[test]
    fn crc32c_of_the_check_text_is_the_one_that_was_published() {
        assert_eq!(!b"123456789".iter().fold(!0, |state, byte| crc32c(state, *byte)), 0xE306_9283);
    }
}
