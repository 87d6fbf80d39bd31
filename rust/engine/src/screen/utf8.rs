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
    /// 1 where the last byte was F0, E0, ED, F4.
    after: [u64; 4],
}

impl Utf8 {
    /// Whether the next byte must continue a sequence.
    #[inline(always)]
    pub(super) fn is_within(&self) -> bool {
        self.asked != 0
    }

    /// Whether all `bytes` are right after those before. A sequence that they leave unfinished is for the next chunk to find.
    #[inline(always)]
    pub(super) fn next<K: Kernel>(&mut self, kernel: K, bytes: K::Bytes) -> bool {
        let non_ascii = kernel.non_ascii(bytes);
        let (c0, e0, f0) = (kernel.at_least(bytes, 0xC0), kernel.at_least(bytes, 0xE0), kernel.at_least(bytes, 0xF0));
        let asked = self.asked | c0 << 1 | e0 << 2 | f0 << 3;
        let four = kernel.equal(bytes, 0xF0);
        let wrong = asked ^ (non_ascii & !c0) | (self.after[0] | four << 1) & !kernel.at_least(bytes, 0x90);
        let [_, e0_before, ed_before, f4_before] = self.after;
        let rare = kernel.rare_leads(bytes);
        self.asked = c0 >> 63 | e0 >> 62 | f0 >> 61;
        self.after = [four >> 63, 0, 0, 0];
        wrong == 0
            && (rare | e0_before | ed_before | f4_before == 0 || self.rare(kernel, bytes, [e0_before, ed_before, f4_before]))
    }

    /// Looks at the leads that the common rules do not cover.
    #[inline(always)]
    fn rare<K: Kernel>(&mut self, kernel: K, bytes: K::Bytes, before: [u64; 3]) -> bool {
        let (e0, ed, f4) = (kernel.equal(bytes, 0xE0), kernel.equal(bytes, 0xED), kernel.equal(bytes, 0xF4));
        let never = kernel.rare_leads(bytes) & !(e0 | ed | f4);
        let (from_90, from_a0) = (kernel.at_least(bytes, 0x90), kernel.at_least(bytes, 0xA0));
        let wrong = never | (before[0] | e0 << 1) & !from_a0 | (before[1] | ed << 1) & from_a0 | (before[2] | f4 << 1) & from_90;
        self.after = [self.after[0], e0 >> 63, ed >> 63, f4 >> 63];
        wrong == 0
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
            padded.chunks_exact(CHUNK).all(|chunk| utf8.next(kernel, kernel.load(chunk.try_into().unwrap())))
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
