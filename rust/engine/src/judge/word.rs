//! Looks at eight bytes at once.
//!
//! A byte is below n exactly where subtracting n borrows from a byte whose high bit was clear ("Determine if a word has a byte less than
//! n", Bit Twiddling Hacks by Sean Eron Anderson); it equals m where it is below 1 after exclusive-or with m. Borrows only run upwards
//! from a byte that is itself a hit, so the lowest hit is always one, and the others need not be.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Eight bytes, the first the lowest.
#[derive(Clone, Copy)]
pub(super) struct Word(u64);

/// High bits of bytes that are hits.
#[derive(Clone, Copy)]
pub(super) struct Hits(u64);

impl Word {
    #[inline]
    pub(super) fn new(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes))
    }

    /// Bytes below `bound`, which is at most 0x80.
    #[inline]
    pub(super) fn below(self, bound: u8) -> Hits {
        Hits(self.0.wrapping_sub(ONES * u64::from(bound)) & !self.0 & HIGHS)
    }

    /// Bytes equal to `byte`.
    #[inline]
    pub(super) fn equal(self, byte: u8) -> Hits {
        Self(self.0 ^ (ONES * u64::from(byte))).below(1)
    }
}

impl Hits {
    /// Hits of either.
    #[inline]
    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The place of the lowest.
    #[inline]
    pub(super) fn first(self) -> Option<usize> {
        if self.0 == 0 { None } else { Some(self.0.trailing_zeros() as usize / 8) }
    }
}
