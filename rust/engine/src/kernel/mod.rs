//! How 64 bytes are looked at at once: the one part of the engine that differs between processors, and the only one with unsafe code.
//!
//! A kernel turns 64 bytes into sets of places, one bit each, the first byte the lowest. All kernels give the same sets; the portable
//! one says what they are. A kernel can only be had where the processor has its instructions, which makes its use safe.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(all(target_arch = "x86_64", has_avx512))]
mod avx512;
mod portable;

use portable::Portable;
use std::fmt;
use std::str::FromStr;

/// Bytes looked at at once.
pub(crate) const CHUNK: usize = 64;

/// Bytes of a key or a number that are looked at at once.
pub(crate) const WINDOW: usize = 32;

/// The operations on 64 bytes. A set has bit i for byte i.
pub(crate) trait Kernel: Copy {
    /// 64 bytes, loaded.
    type Bytes: Copy;

    /// Runs `work`, compiled for the processors of this kernel as far as it is inlined.
    fn vectorize<R>(self, work: impl FnOnce() -> R) -> R;
    fn load(self, bytes: &[u8; CHUNK]) -> Self::Bytes;
    /// Bytes that are `byte`.
    fn equal(self, bytes: Self::Bytes, byte: u8) -> u64;
    /// Bytes that are `least` or greater, unsigned; `least` is not 0.
    fn at_least(self, bytes: Self::Bytes, least: u8) -> u64;
    /// Bytes that are 0x80 or greater.
    fn non_ascii(self, bytes: Self::Bytes) -> u64;
    /// Bytes below 0x20 and bytes that are 0x80 or greater.
    fn control_or_non_ascii(self, bytes: Self::Bytes) -> u64;
    /// Brackets, commas and colons; it may also have bytes below 0x20 that are not white space.
    fn structural(self, bytes: Self::Bytes) -> u64;
    /// Space, tab, line feed and carriage return.
    fn white(self, bytes: Self::Bytes) -> u64;
    /// What may follow a backslash, `u` among it.
    fn escapable(self, bytes: Self::Bytes) -> u64;
    /// `[` and `{`.
    fn opening(self, bytes: Self::Bytes) -> u64;
    /// `]` and `}`.
    fn closing(self, bytes: Self::Bytes) -> u64;
    /// First bytes of UTF-8 sequences after which not all continuations may stand, but for F0, and bytes that never stand in UTF-8: C0, C1,
    /// E0, ED, F4 and above.
    fn rare_leads(self, bytes: Self::Bytes) -> u64;
    /// Digits among 32 bytes, bit i for byte i.
    fn digits(self, bytes: &[u8; WINDOW]) -> u32;
    /// Whether the first `length` bytes of both are the same, or all where it is more than there are.
    fn begin_alike(self, one: &[u8; WINDOW], other: &[u8; WINDOW], length: u8) -> bool;
    /// Each bit of the result is the exclusive-or of the bits up to and with its own.
    fn prefix_xor(self, bits: u64) -> u64;
    /// Writes the places of `bits`, each plus `base`, to `places`; what is there behind them is overwritten as well.
    fn flatten(self, bits: u64, base: u32, places: &mut [u32; CHUNK]);
}

/// A table of which each byte has the bits given for what it is: structural, white, escapable.
const fn classes<const BYTES: usize>(bits: [u8; 3]) -> [u8; BYTES] {
    let lists: [&[u8]; 3] = [b"[]{},:", b" \t\n\r", b"\"\\/bfnrtu"];
    let mut classes = [0; BYTES];
    let mut list = 0;
    while list < lists.len() {
        let mut i = 0;
        while i < lists[list].len() {
            classes[lists[list][i] as usize] |= bits[list];
            i += 1;
        }
        list += 1;
    }
    classes
}

/// Work that is compiled for each kernel.
pub(crate) trait Task {
    type Output;
    fn run<K: Kernel>(self, kernel: K) -> Self::Output;
}

/// A kernel that this processor can run.
#[derive(Clone, Copy)]
pub struct Choice(Chosen);

#[derive(Clone, Copy)]
enum Chosen {
    Portable(Portable),
    #[cfg(target_arch = "x86_64")]
    Avx2(avx2::Avx2),
    #[cfg(all(target_arch = "x86_64", has_avx512))]
    Avx512(avx512::Avx512),
}

impl Choice {
    /// The kernels of this processor, the best one first. The last is the portable one.
    pub fn available() -> Vec<Self> {
        let mut available = Vec::new();
        #[cfg(all(target_arch = "x86_64", has_avx512))]
        available.extend(avx512::Avx512::detect().map(Chosen::Avx512));
        #[cfg(target_arch = "x86_64")]
        available.extend(avx2::Avx2::detect().map(Chosen::Avx2));
        available.push(Chosen::Portable(Portable));
        available.into_iter().map(Self).collect()
    }

    /// The best kernel of this processor.
    pub fn best() -> Self {
        Self::available()[0]
    }

    /// Its name in results and in `JASSAY_KERNEL`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Chosen::Portable(_) => "portable",
            #[cfg(target_arch = "x86_64")]
            Chosen::Avx2(_) => "avx2",
            #[cfg(all(target_arch = "x86_64", has_avx512))]
            Chosen::Avx512(_) => "avx512",
        }
    }

    pub(crate) fn run<T: Task>(self, task: T) -> T::Output {
        match self.0 {
            Chosen::Portable(kernel) => task.run(kernel),
            #[cfg(target_arch = "x86_64")]
            Chosen::Avx2(kernel) => task.run(kernel),
            #[cfg(all(target_arch = "x86_64", has_avx512))]
            Chosen::Avx512(kernel) => task.run(kernel),
        }
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no kernel of this processor has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no kernel '{asked}' on this processor; it has: {available}")]
pub struct UnknownKernel {
    asked: String,
    available: String,
}

impl FromStr for Choice {
    type Err = UnknownKernel;

    fn from_str(name: &str) -> Result<Self, UnknownKernel> {
        let available = Self::available();
        available.iter().copied().find(|choice| choice.name() == name).ok_or_else(|| UnknownKernel {
            asked: name.to_owned(),
            available: available.iter().map(|choice| choice.name()).collect::<Vec<_>>().join(", "),
        })
    }
}

#[cfg(test)]
mod tests;
