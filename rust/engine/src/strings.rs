//! Which bytes stand in strings, 64 at a time.
//!
//! From "Parsing Gigabytes of JSON per Second" (Langdale, Lemire, 2019) and its later form in simdjson: a backslash escapes the byte after it
//! unless it is escaped itself, which an addition finds out for whole runs at once; and a byte is in a string where the quotes before it are
//! odd in number, which a prefix of exclusive-ors tells.

use crate::kernel::Kernel;

/// What of the chunks so far bears on the next one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Strings {
    /// 1 where the next byte is escaped.
    escaped: u64,
    /// All bits set where the next byte is in a string.
    within: u64,
}

/// The strings of one chunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quoting {
    /// Bytes after a backslash that is not escaped itself, wherever they stand.
    pub(crate) escaped: u64,
    /// Quotes that are not escaped.
    pub(crate) quotes: u64,
    /// Bytes in strings, opening quotes included, closing ones not.
    pub(crate) within: u64,
}

impl Quoting {
    /// What bears on the byte at `place`, as if the chunk ended before it.
    pub(crate) fn strings_before(&self, place: usize) -> Strings {
        let within = if self.within >> place & 1 == 1 { u64::MAX } else { 0 };
        Strings { escaped: self.escaped >> place & 1, within }
    }
}

impl Strings {
    /// Stands after an opening quote.
    pub(crate) fn in_string() -> Self {
        Self { escaped: 0, within: u64::MAX }
    }

    /// Whether the next byte is in a string.
    pub(crate) fn are_open(self) -> bool {
        self.within != 0
    }

    #[inline(always)]
    pub(crate) fn next<K: Kernel>(&mut self, kernel: K, bytes: K::Bytes) -> Quoting {
        let escaped = self.escape(kernel.equal(bytes, b'\\'));
        let quotes = kernel.equal(bytes, b'"') & !escaped;
        let within = kernel.prefix_xor(quotes) ^ self.within;
        self.within = (within as i64 >> 63) as u64;
        Quoting { escaped, quotes, within }
    }

    #[inline(always)]
    fn escape(&mut self, backslashes: u64) -> u64 {
        const EVEN: u64 = 0x5555_5555_5555_5555;
        let backslashes = backslashes & !self.escaped;
        let follow = backslashes << 1 | self.escaped;
        // Adding the start of a run that begins at an odd place to the run carries to the place after it, and turns its bits over.
        let odd_starts = backslashes & !EVEN & !follow;
        let (turned, carried) = odd_starts.overflowing_add(backslashes);
        self.escaped = carried.into();
        (EVEN ^ turned << 1) & follow
    }
}
