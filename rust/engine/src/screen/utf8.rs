//! Whether bytes are UTF-8, 64 at a time.
//!
//! By Table 3-7 of the Unicode standard: a byte of 0x80 to 0xBF stands exactly where one of the three bytes before it asks for it, and the
//! byte after E0, ED, F0 and F4 has a narrower range. Each rule is a set of places, moved by one to three.

use crate::kernel::Kernel;

/// The sets of the chunk before that reach into the next one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Utf8 {
    /// Of C0 and above, E0 and above, F0 and above: bytes that ask for one, two, three more.
    leads: [u64; 3],
    /// E0, ED, F0, F4.
    narrow: [u64; 4],
}

impl Utf8 {
    /// Whether all `bytes` are right after those before. A sequence that they leave unfinished is for the next chunk to find.
    #[inline(always)]
    pub(super) fn next<K: Kernel>(&mut self, kernel: K, bytes: K::Bytes) -> bool {
        let non_ascii = kernel.non_ascii(bytes);
        // Fewer than three bytes before the end do not ask for more if none of the last three leads.
        if non_ascii == 0 && self.leads[0] >> 61 == 0 {
            *self = Self::default();
            return true;
        }
        self.look(kernel, bytes, non_ascii)
    }

    #[inline(always)]
    fn look<K: Kernel>(&mut self, kernel: K, bytes: K::Bytes, non_ascii: u64) -> bool {
        let leads = [kernel.at_least(bytes, 0xC0), kernel.at_least(bytes, 0xE0), kernel.at_least(bytes, 0xF0)];
        let narrow = [kernel.equal(bytes, 0xE0), kernel.equal(bytes, 0xED), kernel.equal(bytes, 0xF0), kernel.equal(bytes, 0xF4)];
        let after = |now: u64, before: u64, distance: u32| now << distance | before >> (64 - distance);
        let asked = after(leads[0], self.leads[0], 1) | after(leads[1], self.leads[1], 2) | after(leads[2], self.leads[2], 3);
        let [after_e0, after_ed, after_f0, after_f4] = std::array::from_fn(|i| after(narrow[i], self.narrow[i], 1));
        let (from_90, from_a0) = (kernel.at_least(bytes, 0x90), kernel.at_least(bytes, 0xA0));
        let never = leads[0] & !kernel.at_least(bytes, 0xC2) | kernel.at_least(bytes, 0xF5);
        let wrong = asked ^ (non_ascii & !leads[0])
            | after_e0 & !from_a0
            | after_ed & from_a0
            | after_f0 & !from_90
            | after_f4 & from_90
            | never;
        (self.leads, self.narrow) = (leads, narrow);
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
