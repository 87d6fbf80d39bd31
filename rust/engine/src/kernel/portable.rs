//! Eight words of eight bytes, for any processor.

use super::{CHUNK, Kernel, WINDOW};

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

fn any(words: [u64; 8], bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |bits, byte| bits | gather(equal(words, *byte)))
}

impl Kernel for Portable {
    type Bytes = [u64; 8];

    #[inline(always)]
    fn vectorize<R>(self, work: impl FnOnce() -> R) -> R {
        work()
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; CHUNK]) -> [u64; 8] {
        let mut words = [0; 8];
        for (word, eight) in words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = eight.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        words
    }

    #[inline(always)]
    fn equal(self, bytes: [u64; 8], byte: u8) -> u64 {
        gather(equal(bytes, byte))
    }

    #[inline(always)]
    fn at_least(self, bytes: [u64; 8], least: u8) -> u64 {
        gather(bytes.map(|word| {
            // Compares the low seven bits by a sum that carries into the high bit only, then the high bits themselves.
            let low = (word & !HIGHS) + ONES * u64::from(0x80 - (least & 0x7F));
            if least < 0x80 { low | word } else { low & word }
        }))
    }

    #[inline(always)]
    fn non_ascii(self, bytes: [u64; 8]) -> u64 {
        gather(bytes)
    }

    #[inline(always)]
    fn structural(self, bytes: [u64; 8]) -> u64 {
        any(bytes, b"[]{},:")
    }

    #[inline(always)]
    fn white(self, bytes: [u64; 8]) -> u64 {
        any(bytes, b" \t\n\r")
    }

    #[inline(always)]
    fn escapable(self, bytes: [u64; 8]) -> u64 {
        any(bytes, b"\"\\/bfnrtu")
    }

    #[inline(always)]
    fn opening(self, bytes: [u64; 8]) -> u64 {
        any(bytes, b"[{")
    }

    #[inline(always)]
    fn closing(self, bytes: [u64; 8]) -> u64 {
        any(bytes, b"]}")
    }

    #[inline(always)]
    fn rare_leads(self, bytes: [u64; 8]) -> u64 {
        any(bytes, b"\xC0\xC1\xE0\xED") | self.at_least(bytes, 0xF4)
    }

    #[inline(always)]
    fn digits(self, bytes: &[u8; WINDOW]) -> u32 {
        bytes.iter().rev().fold(0, |digits, byte| digits << 1 | u32::from(byte.is_ascii_digit()))
    }

    #[inline(always)]
    fn begin_alike(self, one: &[u8; WINDOW], other: &[u8; WINDOW], length: u32) -> bool {
        let length = WINDOW.min(length as usize);
        one[..length] == other[..length]
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
