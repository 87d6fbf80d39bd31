//! Whether bytes are UTF-8, 64 at a time.
//!
//! By Table 3-7 of the Unicode standard: a byte of 0x80 to 0xBF stands exactly where one of the three bytes before it asks for it, and the
//! byte after E0, ED, F0 and F4 has a narrower range. Each rule is a set of places, moved by one to three.

use crate::kernel::Kernel;

/// What of the chunk before reaches into the next one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Utf8 {
    /// The first bytes, one bit each, that continue a sequence.
    asked: u64,
    /// The last byte, where it asked for more.
    last: u8,
}

impl Utf8 {
    /// Whether the next byte must continue a sequence.
    #[inline(always)]
    pub(super) fn is_within(&self) -> bool {
        self.asked != 0
    }

    /// Whether all `bytes`, the last of which is `last`, are right after those before. A sequence that they leave unfinished is for the next
    /// chunk to find.
    #[inline(always)]
    pub(super) fn next<K: Kernel>(&mut self, kernel: K, bytes: K::Bytes, last: u8) -> bool {
        let (c0, e0, f0) = (kernel.at_least(bytes, 0xC0), kernel.at_least(bytes, 0xE0), kernel.at_least(bytes, 0xF0));
        let asked = self.asked | c0 << 1 | e0 << 2 | f0 << 3;
        let four = kernel.equal(bytes, 0xF0) << 1 | u64::from(self.last == 0xF0);
        let wrong = asked ^ (kernel.non_ascii(bytes) & !c0) | four & !kernel.at_least(bytes, 0x90);
        let is_rare = kernel.rare_leads(bytes) != 0 || matches!(self.last, 0xE0 | 0xED | 0xF4);
        let right = wrong == 0 && !(is_rare && self.is_rare_fault(kernel, bytes));
        self.asked = c0 >> 63 | e0 >> 62 | f0 >> 61;
        self.last = last;
        right
    }

    /// Whether there is a fault that the common rules do not find.
    #[inline(always)]
    fn is_rare_fault<K: Kernel>(&self, kernel: K, bytes: K::Bytes) -> bool {
        let (e0, ed, f4) = (kernel.equal(bytes, 0xE0), kernel.equal(bytes, 0xED), kernel.equal(bytes, 0xF4));
        let never = kernel.rare_leads(bytes) & !(e0 | ed | f4);
        let after = |lead: u8, leads: u64| leads << 1 | u64::from(self.last == lead);
        let (from_90, from_a0) = (kernel.at_least(bytes, 0x90), kernel.at_least(bytes, 0xA0));
        never | after(0xE0, e0) & !from_a0 | after(0xED, ed) & from_a0 | after(0xF4, f4) & from_90 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{CHUNK, Choice, Task};

    /// Whether all of a text is UTF-8, with white space after it.
    struct Check<'a>(&'a [u8]);

    impl Task for Check<'_> {
        type Output = bool;

        fn run<K: Kernel>(self, kernel: K) -> bool {
            let mut padded = self.0.to_vec();
            padded.resize((padded.len() / CHUNK + 1) * CHUNK, b' ');
            let mut utf8 = Utf8::default();
            padded.chunks_exact(CHUNK).all(|chunk| utf8.next(kernel, kernel.load(chunk.try_into().unwrap()), chunk[CHUNK - 1]))
        }
    }

    #[test]
    fn next_agrees_with_the_standard_library_on_all_short_sequences_at_the_edges_of_chunks() {
        let bytes = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
            0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ];
        let count = bytes.len();
        for choice in Choice::available() {
            for before in [0, 61, 62, 63] {
                for number in 0..count.pow(4) {
                    let mut text = vec![b'a'; before];
                    text.extend([0, 1, 2, 3].map(|digit| bytes[number / count.pow(digit) % count]));
                    let expected = std::str::from_utf8(&text).is_ok();
                    assert_eq!(choice.run(Check(&text)), expected, "{choice:?}: {text:x?}");
                }
            }
        }
    }
}
