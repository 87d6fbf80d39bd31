//! Two vectors of 32 bytes.
//!
//! Classes of bytes are found as simdjson finds them (Langdale, Lemire: Parsing Gigabytes of JSON per Second, 2019): the lower half of a byte
//! looks up the one byte of the class that has it.
#![allow(unsafe_code)]

use super::{CHUNK, Kernel, WINDOW};
use std::arch::asm;
use std::arch::x86_64::*;

/// Proof that the processor has AVX2, BMI, population count and carry-less multiplication: only [`Avx2::detect`] makes one.
#[derive(Clone, Copy)]
pub(super) struct Avx2(());

/// A table of 16 in which the lower half of a byte looks up what it has to be to be one of `bytes`, of which no two have the same lower half. A
/// byte of 0x80 or more finds 0.
const fn by_lower_half(bytes: &[u8]) -> [u8; 16] {
    // In each place a byte that has another lower half.
    let mut table = [0xF0; 16];
    table[0] = 0xFF;
    let mut i = 0;
    while i < bytes.len() {
        table[(bytes[i] & 15) as usize] = bytes[i];
        i += 1;
    }
    table
}

/// With the bit 0x20 set, brackets that open are one byte, and those that close; so are some control characters commas and colons.
const STRUCTURAL: [u8; 16] = by_lower_half(b",:{}");
const WHITE: [u8; 16] = by_lower_half(b" \t\n\r");
/// Without the letters of which another one has the same lower half.
const ESCAPABLE: [u8; 16] = by_lower_half(b"\"\\/fntu");

/// For each byte, the places of its bits, lowest first.
const PLACES: [[u8; 8]; 256] = {
    let mut places = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut count = 0;
        let mut bit = 0;
        while bit < 8 {
            if byte >> bit & 1 == 1 {
                places[byte][count] = bit as u8;
                count += 1;
            }
            bit += 1;
        }
        byte += 1;
    }
    places
};

/// The set of the bytes for which a vector of 32, computed of each half, has its high bit. A macro, since a closure is not compiled for the
/// processors that the function around it is compiled for.
macro_rules! both {
    ($bytes:expr, $half:ident => $vector:expr) => {{
        let [$half, other] = $bytes;
        let low = _mm256_movemask_epi8($vector) as u32;
        let $half = other;
        let high = _mm256_movemask_epi8($vector) as u32;
        opaque(u64::from(low) | u64::from(high) << 32)
    }};
}

/// `bits`, of which the compiler does not see whence they come: else it does with single bits of vectors what is meant for sets, by hundreds
/// of instructions.
#[inline(always)]
fn opaque(mut bits: u64) -> u64 {
    // SAFETY: there is no instruction.
    unsafe { asm!("/* {0} */", inout(reg) bits, options(pure, nomem, nostack, preserves_flags)) };
    bits
}

impl Avx2 {
    pub(super) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
            && is_x86_feature_detected!("pclmulqdq"))
        .then_some(Self(()))
    }

    /// Bytes that are `byte`, which has the bit 0x20, or the same without that bit.
    #[inline(always)]
    fn without_case(self, bytes: [__m256i; 2], byte: u8) -> u64 {
        // SAFETY: `self` proves AVX2.
        unsafe {
            both!(bytes, half => {
                _mm256_cmpeq_epi8(_mm256_or_si256(half, _mm256_set1_epi8(0x20)), _mm256_set1_epi8(byte as i8))
            })
        }
    }

    /// Bytes that, with the bits of `with` set, are what their lower half finds in `table`.
    #[inline(always)]
    fn found(self, bytes: [__m256i; 2], table: [u8; 16], with: u8) -> u64 {
        // SAFETY: `self` proves AVX2; the load reads 16 bytes from an array of 16.
        unsafe {
            let table = _mm256_broadcastsi128_si256(_mm_loadu_si128(table.as_ptr().cast()));
            both!(bytes, half => {
                let found = _mm256_shuffle_epi8(table, half);
                _mm256_cmpeq_epi8(_mm256_or_si256(half, _mm256_set1_epi8(with as i8)), found)
            })
        }
    }
}

impl Kernel for Avx2 {
    type Bytes = [__m256i; 2];

    #[inline(always)]
    fn vectorize<R>(self, work: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,pclmulqdq")]
        unsafe fn with<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        // SAFETY: `self` proves these features.
        unsafe { with(work) }
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; CHUNK]) -> [__m256i; 2] {
        // SAFETY: `self` proves AVX2; the loads read the two halves of 64 bytes.
        unsafe { [_mm256_loadu_si256(bytes.as_ptr().cast()), _mm256_loadu_si256(bytes.as_ptr().add(32).cast())] }
    }

    #[inline(always)]
    fn equal(self, bytes: [__m256i; 2], byte: u8) -> u64 {
        // SAFETY: `self` proves AVX2.
        unsafe { both!(bytes, half => _mm256_cmpeq_epi8(half, _mm256_set1_epi8(byte as i8))) }
    }

    #[inline(always)]
    fn at_least(self, bytes: [__m256i; 2], least: u8) -> u64 {
        // SAFETY: `self` proves AVX2.
        unsafe { both!(bytes, half => _mm256_cmpeq_epi8(_mm256_max_epu8(half, _mm256_set1_epi8(least as i8)), half)) }
    }

    #[inline(always)]
    fn non_ascii(self, bytes: [__m256i; 2]) -> u64 {
        // SAFETY: `self` proves AVX2.
        unsafe { both!(bytes, half => half) }
    }

    #[inline(always)]
    fn control_or_non_ascii(self, bytes: [__m256i; 2]) -> u64 {
        // SAFETY: `self` proves AVX2. As signed numbers, bytes of 0x80 and above are less than 0.
        unsafe { both!(bytes, half => _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), half)) }
    }

    #[inline(always)]
    fn structural(self, bytes: [__m256i; 2]) -> u64 {
        self.found(bytes, STRUCTURAL, 0x20)
    }

    #[inline(always)]
    fn white(self, bytes: [__m256i; 2]) -> u64 {
        self.found(bytes, WHITE, 0)
    }

    #[inline(always)]
    fn escapable(self, bytes: [__m256i; 2]) -> u64 {
        self.found(bytes, ESCAPABLE, 0) | self.equal(bytes, b'b') | self.equal(bytes, b'r')
    }

    #[inline(always)]
    fn opening(self, bytes: [__m256i; 2]) -> u64 {
        self.without_case(bytes, b'{')
    }

    #[inline(always)]
    fn closing(self, bytes: [__m256i; 2]) -> u64 {
        self.without_case(bytes, b'}')
    }

    #[inline(always)]
    fn rare_leads(self, bytes: [__m256i; 2]) -> u64 {
        let never = self.at_least(bytes, 0xC0) & !self.at_least(bytes, 0xC2);
        never | self.equal(bytes, 0xE0) | self.equal(bytes, 0xED) | self.at_least(bytes, 0xF4)
    }

    #[inline(always)]
    fn digits(self, bytes: &[u8; WINDOW]) -> u32 {
        // SAFETY: `self` proves AVX2; the load reads 32 bytes from an array of 32.
        unsafe {
            let values = _mm256_sub_epi8(_mm256_loadu_si256(bytes.as_ptr().cast()), _mm256_set1_epi8(b'0' as i8));
            _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(values, _mm256_set1_epi8(9)), values)) as u32
        }
    }

    #[inline(always)]
    fn begin_alike(self, one: &[u8; WINDOW], other: &[u8; WINDOW], length: u8) -> bool {
        // SAFETY: `self` proves AVX2 and BMI2; the loads read 32 bytes from arrays of 32.
        unsafe {
            let (one, other) = (_mm256_loadu_si256(one.as_ptr().cast()), _mm256_loadu_si256(other.as_ptr().cast()));
            let different = !(_mm256_movemask_epi8(_mm256_cmpeq_epi8(one, other)) as u32);
            // The instruction looks at eight bits of the length.
            _bzhi_u32(different, length.into()) == 0
        }
    }

    #[inline(always)]
    fn prefix_xor(self, bits: u64) -> u64 {
        // SAFETY: `self` proves carry-less multiplication.
        unsafe { _mm_cvtsi128_si64(_mm_clmulepi64_si128(_mm_set_epi64x(0, bits as i64), _mm_set1_epi8(-1), 0)) as u64 }
    }

    #[inline(always)]
    fn flatten(self, mut bits: u64, base: u32, places: &mut [u32; CHUNK]) {
        let mut count = 0;
        // SAFETY: `self` proves AVX2. The loads read 8 bytes from arrays of 8. Each store writes 8 places from `count` on, which is at most
        // the 8 bits of each byte before: 56 at most.
        unsafe {
            let mut offset = _mm256_set1_epi32(base as i32);
            for _ in 0..8 {
                let byte = bits as u8;
                let within = _mm256_cvtepu8_epi32(_mm_loadl_epi64(PLACES[usize::from(byte)].as_ptr().cast()));
                _mm256_storeu_si256(places.as_mut_ptr().add(count).cast(), _mm256_add_epi32(within, offset));
                offset = _mm256_add_epi32(offset, _mm256_set1_epi32(8));
                count += u64::from(byte).count_ones() as usize;
                bits >>= 8;
            }
        }
    }
}
