//! Two vectors of 32 bytes.
//!
//! Classes of bytes are found as simdjson finds them (Langdale, Lemire: Parsing Gigabytes of JSON per Second, 2019): the high and the low
//! half of a byte each look up a set of classes, and the byte is of those that are in both.
#![allow(unsafe_code)]

use super::{CHUNK, Kernel, WINDOW};
use std::arch::x86_64::*;

/// Proof that the processor has AVX2, BMI, population count and carry-less multiplication: only [`Avx2::detect`] makes one.
#[derive(Clone, Copy)]
pub(super) struct Avx2(());

/// Classes that each half of a byte may be of.
#[derive(Clone, Copy)]
struct Halves {
    low: [u8; 16],
    high: [u8; 16],
}

impl Halves {
    /// Of bytes that are listed by class. Bytes of one class have all combinations of their halves, none more.
    const fn new(classes: &[&[u8]]) -> Self {
        let mut halves = Self { low: [0; 16], high: [0; 16] };
        let mut class = 0;
        while class < classes.len() {
            let mut i = 0;
            while i < classes[class].len() {
                let byte = classes[class][i];
                halves.low[(byte & 15) as usize] |= 1 << class;
                halves.high[(byte >> 4) as usize] |= 1 << class;
                i += 1;
            }
            class += 1;
        }
        halves
    }
}

const STRUCTURAL: Halves = Halves::new(&[b",", b":", b"[]{}"]);
const WHITE: Halves = Halves::new(&[b" ", b"\t\n\r"]);
const ESCAPABLE: Halves = Halves::new(&[b"\"/", b"\\", b"bfn", b"rtu"]);

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
        u64::from(low) | u64::from(high) << 32
    }};
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
    fn without_case(self, half: __m256i, byte: u8) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_cmpeq_epi8(_mm256_or_si256(half, _mm256_set1_epi8(0x20)), _mm256_set1_epi8(byte as i8)) }
    }

    #[inline(always)]
    fn of_halves(self, bytes: [__m256i; 2], halves: Halves) -> u64 {
        // SAFETY: `self` proves AVX2; the loads read 16 bytes from arrays of 16.
        unsafe {
            let low = _mm256_broadcastsi128_si256(_mm_loadu_si128(halves.low.as_ptr().cast()));
            let high = _mm256_broadcastsi128_si256(_mm_loadu_si128(halves.high.as_ptr().cast()));
            let zero = _mm256_setzero_si256();
            both!(bytes, half => {
                // A look-up by a byte of 0x80 or more gives 0, which is no class.
                let by_low = _mm256_shuffle_epi8(low, half);
                let by_high = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(half, 4), _mm256_set1_epi8(15)));
                _mm256_cmpgt_epi8(_mm256_and_si256(by_low, by_high), zero)
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
    fn structural(self, bytes: [__m256i; 2]) -> u64 {
        self.of_halves(bytes, STRUCTURAL)
    }

    #[inline(always)]
    fn white(self, bytes: [__m256i; 2]) -> u64 {
        self.of_halves(bytes, WHITE)
    }

    #[inline(always)]
    fn escapable(self, bytes: [__m256i; 2]) -> u64 {
        self.of_halves(bytes, ESCAPABLE)
    }

    #[inline(always)]
    fn opening(self, bytes: [__m256i; 2]) -> u64 {
        // SAFETY: `self` proves AVX2.
        unsafe { both!(bytes, half => self.without_case(half, b'{')) }
    }

    #[inline(always)]
    fn closing(self, bytes: [__m256i; 2]) -> u64 {
        // SAFETY: `self` proves AVX2.
        unsafe { both!(bytes, half => self.without_case(half, b'}')) }
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
    fn begin_alike(self, one: &[u8; WINDOW], other: &[u8; WINDOW], length: u32) -> bool {
        // SAFETY: `self` proves AVX2 and BMI2; the loads read 32 bytes from arrays of 32.
        unsafe {
            let (one, other) = (_mm256_loadu_si256(one.as_ptr().cast()), _mm256_loadu_si256(other.as_ptr().cast()));
            let different = !(_mm256_movemask_epi8(_mm256_cmpeq_epi8(one, other)) as u32);
            _bzhi_u32(different, length) == 0
        }
    }

    #[inline(always)]
    fn prefix_xor(self, bits: u64) -> u64 {
        // SAFETY: `self` proves carry-less multiplication.
        unsafe { _mm_cvtsi128_si64(_mm_clmulepi64_si128(_mm_set_epi64x(0, bits as i64), _mm_set1_epi8(-1), 0)) as u64 }
    }

    #[inline(always)]
    fn flatten(self, bits: u64, base: u32, places: &mut [u32; CHUNK]) {
        let mut count = 0;
        for (at, byte) in bits.to_le_bytes().into_iter().enumerate() {
            // SAFETY: `self` proves AVX2. The load reads 8 bytes from an array of 8. The store writes 8 places from `count` on, which is at
            // most the 8 x `at` bits of the bytes before this one: 56 at most.
            unsafe {
                let within = _mm256_cvtepu8_epi32(_mm_loadl_epi64(PLACES[byte as usize].as_ptr().cast()));
                let offset = _mm256_set1_epi32((base + 8 * at as u32) as i32);
                _mm256_storeu_si256(places.as_mut_ptr().add(count).cast(), _mm256_add_epi32(within, offset));
            }
            count += byte.count_ones() as usize;
        }
    }
}
