//! Eight words of eight bytes, for any processor.

use super::{CHUNK, Kernel, WINDOW, classes};

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

#[derive(Clone, Copy)]
pub(super) struct Portable;

/// The high bit of each byte.
fn gather(words: [u64; 8]) -> u64 {
    // The product brings the high bits of eight bytes together in its highest byte.
    words.iter().rev().fold(0, |bits, word| bits << 8 | ((word & HIGHS) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56)
}

fn equal(words: [u64; 8], byte: u8) -> [u64; 8] {
    words.map(|word| {
        let different = word ^ (ONES * u64::from(byte));
        // The sum sets the high bit of every byte that has another bit, and carries into no neighbour.
        !(((different & !HIGHS) + !HIGHS) | different)
    })
}

/// Bytes that are `byte`, which has the bit 0x20, or the same without that bit.
fn without_case(words: [u64; 8], byte: u8) -> u64 {
    gather(equal(words.map(|word| word | (ONES * 0x20)), byte))
}

const STRUCTURAL: u8 = 0x80;
const WHITE: u8 = 0x40;
const ESCAPABLE: u8 = 0x20;

/// The classes of each byte.
const CLASSES: [u8; 256] = classes([STRUCTURAL, WHITE, ESCAPABLE]);

/// Bytes, and the classes of each.
#[derive(Clone, Copy)]
pub(super) struct Classified {
    words: [u64; 8],
    classes: [u64; 8],
}

fn word(bytes: &[u8]) -> u64 {
    bytes.first_chunk::<8>().map_or(0, |eight| u64::from_le_bytes(*eight))
}

impl Kernel for Portable {
    type Bytes = Classified;

    #[inline(always)]
    fn vectorize<R>(self, work: impl FnOnce() -> R) -> R {
        work()
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; CHUNK]) -> Classified {
        let (mut words, mut classes) = ([0; 8], [0; 8]);
        for (place, eight) in bytes.chunks_exact(8).enumerate() {
            words[place] = word(eight);
            classes[place] = eight.iter().rev().fold(0, |classes, byte| classes << 8 | u64::from(CLASSES[*byte as usize]));
        }
        Classified { words, classes }
    }

    #[inline(always)]
    fn equal(self, bytes: Classified, byte: u8) -> u64 {
        gather(equal(bytes.words, byte))
    }

    #[inline(always)]
    fn at_least(self, bytes: Classified, least: u8) -> u64 {
        gather(bytes.words.map(|word| {
            // Compares the low seven bits by a sum that carries into the high bit only, then the high bits themselves.
            let low = (word & !HIGHS) + ONES * u64::from(0x80 - (least & 0x7F));
            if least < 0x80 { low | word } else { low & word }
        }))
    }

    #[inline(always)]
    fn non_ascii(self, bytes: Classified) -> u64 {
        gather(bytes.words)
    }

    #[inline(always)]
    fn control_or_non_ascii(self, bytes: Classified) -> u64 {
        !self.at_least(bytes, 0x20) | self.non_ascii(bytes)
    }

    #[inline(always)]
    fn structural(self, bytes: Classified) -> u64 {
        gather(bytes.classes)
    }

    #[inline(always)]
    fn white(self, bytes: Classified) -> u64 {
        gather(bytes.classes.map(|classes| classes << 1))
    }

    #[inline(always)]
    fn escapable(self, bytes: Classified) -> u64 {
        gather(bytes.classes.map(|classes| classes << 2))
    }

    #[inline(always)]
    fn opening(self, bytes: Classified) -> u64 {
        without_case(bytes.words, b'{')
    }

    #[inline(always)]
    fn closing(self, bytes: Classified) -> u64 {
        without_case(bytes.words, b'}')
    }

    #[inline(always)]
    fn rare_leads(self, bytes: Classified) -> u64 {
        let never = self.equal(bytes, 0xC0) | self.equal(bytes, 0xC1);
        never | self.equal(bytes, 0xE0) | self.equal(bytes, 0xED) | self.at_least(bytes, 0xF4)
    }

    #[inline(always)]
    fn digits(self, bytes: &[u8; WINDOW]) -> u32 {
        let mut words = [u64::MAX; 8];
        for (place, eight) in bytes.chunks_exact(8).enumerate() {
            // With the high bit cleared, a sum of 0x76 sets it for all above 9, and carries into no neighbour.
            let values = word(eight) ^ (ONES * 0x30);
            words[place] = ((values & !HIGHS) + ONES * 0x76) | values;
        }
        !gather(words) as u32
    }

    #[inline(always)]
    fn begin_alike(self, one: &[u8; WINDOW], other: &[u8; WINDOW], length: u8) -> bool {
        let mut left = 8 * u32::from(length);
        one.chunks_exact(8).zip(other.chunks_exact(8)).all(|(one, other)| {
            let different = word(one) ^ word(other);
            let compared = if left >= 64 { different } else { different & ((1 << left) - 1) };
            left = left.saturating_sub(64);
            compared == 0
        })
    }

    #[inline(always)]
    fn prefix_xor(self, bits: u64) -> u64 {
        [1, 2, 4, 8, 16, 32].iter().fold(bits, |bits, shift| bits ^ bits << shift)
    }

    #[inline(always)]
    fn flatten(self, mut bits: u64, base: u32, places: &mut [u32; CHUNK]) {
        let mut count = 0;
        while bits != 0 {
            places[count] = base + bits.trailing_zeros();
            bits &= bits - 1;
            count += 1;
        }
    }
}
