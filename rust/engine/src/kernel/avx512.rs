//! One vector of 64 bytes.
//!
//! With VBMI a byte looks up its classes in one table of 128; with VBMI2 the places of a set are compressed out of the row 0 to 63, as in
//! simdjson's kernel for Ice Lake.
#![allow(unsafe_code)]
// The build compiles this with compilers that have it.
#![allow(clippy::incompatible_msrv)]

use super::avx2::Avx2;
use super::{CHUNK, Kernel, WINDOW, classes};
use std::arch::x86_64::*;

/// Proof that the processor has AVX-512 with BW, VBMI and VBMI2, and what [`Avx2`] needs: only [`Avx512::detect`] makes one.
#[derive(Clone, Copy)]
pub(super) struct Avx512(Avx2);

/// 64 bytes, and the classes of each.
#[derive(Clone, Copy)]
pub(super) struct Classified {
    bytes: __m512i,
    classes: __m512i,
}

const STRUCTURAL: u8 = 1;
const WHITE: u8 = 2;
const ESCAPABLE: u8 = 4;

/// The classes of each ASCII character.
const CLASSES: [u8; 128] = classes([STRUCTURAL, WHITE, ESCAPABLE]);

/// For each byte of 0x80 and above, the high bit where it is a rare lead.
const RARE_LEADS: [u8; 128] = {
    let mut rare = [0; 128];
    let mut byte = 0x80;
    while byte < 0x100 {
        if matches!(byte, 0xC0 | 0xC1 | 0xE0 | 0xED | 0xF4..) {
            rare[byte - 0x80] = 0x80;
        }
        byte += 1;
    }
    rare
};

/// The numbers from 0 to 63.
const ROW: [u8; CHUNK] = {
    let mut row = [0; CHUNK];
    let mut i = 0;
    while i < CHUNK {
        row[i] = i as u8;
        i += 1;
    }
    row
};

impl Avx512 {
    pub(super) fn detect() -> Option<Self> {
        let avx2 = Avx2::detect()?;
        (is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("avx512vbmi2"))
        .then_some(Self(avx2))
    }

    #[inline(always)]
    fn of_class(self, bytes: Classified, class: u8) -> u64 {
        // SAFETY: `self` proves AVX-512BW.
        unsafe { _mm512_test_epi8_mask(bytes.classes, _mm512_set1_epi8(class as i8)) }
    }

    /// Bytes that are `byte`, which has the bit 0x20, or the same without that bit. Not by class: whoever asks for this alone needs none.
    #[inline(always)]
    fn without_case(self, bytes: Classified, byte: u8) -> u64 {
        // SAFETY: `self` proves AVX-512BW.
        unsafe { _mm512_cmpeq_epi8_mask(_mm512_or_si512(bytes.bytes, _mm512_set1_epi8(0x20)), _mm512_set1_epi8(byte as i8)) }
    }
}

impl Kernel for Avx512 {
    type Bytes = Classified;

    #[inline(always)]
    fn vectorize<R>(self, work: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt,pclmulqdq")]
        unsafe fn with<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        // SAFETY: `self` proves these features.
        unsafe { with(work) }
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; CHUNK]) -> Classified {
        // SAFETY: `self` proves AVX-512 with VBMI; the loads read 64 bytes, and the two halves of 128.
        unsafe {
            let bytes = _mm512_loadu_si512(bytes.as_ptr().cast());
            let low = _mm512_loadu_si512(CLASSES.as_ptr().cast());
            let high = _mm512_loadu_si512(CLASSES.as_ptr().add(64).cast());
            // The look-up ignores the high bit of a byte; those that have it are of no class.
            let classes = _mm512_maskz_permutex2var_epi8(!_mm512_movepi8_mask(bytes), low, bytes, high);
            Classified { bytes, classes }
        }
    }

    #[inline(always)]
    fn equal(self, bytes: Classified, byte: u8) -> u64 {
        // SAFETY: `self` proves AVX-512BW.
        unsafe { _mm512_cmpeq_epi8_mask(bytes.bytes, _mm512_set1_epi8(byte as i8)) }
    }

    #[inline(always)]
    fn at_least(self, bytes: Classified, least: u8) -> u64 {
        // SAFETY: `self` proves AVX-512BW.
        unsafe { _mm512_cmpge_epu8_mask(bytes.bytes, _mm512_set1_epi8(least as i8)) }
    }

    #[inline(always)]
    fn non_ascii(self, bytes: Classified) -> u64 {
        // SAFETY: `self` proves AVX-512BW.
        unsafe { _mm512_movepi8_mask(bytes.bytes) }
    }

    #[inline(always)]
    fn control_or_non_ascii(self, bytes: Classified) -> u64 {
        // SAFETY: `self` proves AVX-512BW. As signed numbers, bytes of 0x80 and above are less than 0.
        unsafe { _mm512_cmplt_epi8_mask(bytes.bytes, _mm512_set1_epi8(0x20)) }
    }

    #[inline(always)]
    fn structural(self, bytes: Classified) -> u64 {
        self.of_class(bytes, STRUCTURAL)
    }

    #[inline(always)]
    fn white(self, bytes: Classified) -> u64 {
        self.of_class(bytes, WHITE)
    }

    #[inline(always)]
    fn escapable(self, bytes: Classified) -> u64 {
        self.of_class(bytes, ESCAPABLE)
    }

    #[inline(always)]
    fn opening(self, bytes: Classified) -> u64 {
        self.without_case(bytes, b'{')
    }

    #[inline(always)]
    fn closing(self, bytes: Classified) -> u64 {
        self.without_case(bytes, b'}')
    }

    #[inline(always)]
    fn rare_leads(self, bytes: Classified) -> u64 {
        // SAFETY: `self` proves AVX-512 with VBMI; the loads read the two halves of 128 bytes.
        unsafe {
            let low = _mm512_loadu_si512(RARE_LEADS.as_ptr().cast());
            let high = _mm512_loadu_si512(RARE_LEADS.as_ptr().add(64).cast());
            // The look-up ignores the high bit of a byte; those that lack it are none.
            let found = _mm512_permutex2var_epi8(low, bytes.bytes, high);
            _mm512_test_epi8_mask(found, bytes.bytes)
        }
    }

    #[inline(always)]
    fn digits(self, bytes: &[u8; WINDOW]) -> u32 {
        self.0.digits(bytes)
    }

    #[inline(always)]
    fn begin_alike(self, one: &[u8; WINDOW], other: &[u8; WINDOW], length: u8) -> bool {
        self.0.begin_alike(one, other, length)
    }

    #[inline(always)]
    fn prefix_xor(self, bits: u64) -> u64 {
        self.0.prefix_xor(bits)
    }

    #[inline(always)]
    fn flatten(self, bits: u64, base: u32, places: &mut [u32; CHUNK]) {
        // SAFETY: `self` proves AVX-512 with VBMI2. The load reads 64 bytes from an array of 64; the stores write the four quarters of 64
        // places.
        unsafe {
            let row = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(ROW.as_ptr().cast()));
            let offset = _mm512_set1_epi32(base as i32);
            let to = places.as_mut_ptr();
            let first = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(row));
            _mm512_storeu_si512(to.cast(), _mm512_add_epi32(first, offset));
            let count = bits.count_ones();
            if count > 16 {
                let second = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32::<1>(row));
                _mm512_storeu_si512(to.add(16).cast(), _mm512_add_epi32(second, offset));
            }
            if count > 32 {
                let third = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32::<2>(row));
                let fourth = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32::<3>(row));
                _mm512_storeu_si512(to.add(32).cast(), _mm512_add_epi32(third, offset));
                _mm512_storeu_si512(to.add(48).cast(), _mm512_add_epi32(fourth, offset));
            }
        }
    }
}
