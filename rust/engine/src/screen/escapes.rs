//! Whether escapes are right: their letters, four hexadecimal digits after `\u`, and surrogates in pairs.

use crate::kernel::{CHUNK, Kernel};

/// What of the escapes so far bears on the next ones.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Escapes {
    /// The offset of the `u` of a low surrogate whose high one was seen.
    paired: usize,
    /// After the last chunk in which something was escaped.
    seen_until: usize,
}

impl Escapes {
    /// After the last chunk in which something was escaped.
    #[inline(always)]
    pub(super) fn seen_until(self) -> usize {
        self.seen_until
    }

    /// What bears on the chunk after the one at `at` in `text`, or `None` where one of its bytes `escaped` may not follow a backslash.
    #[inline(always)]
    pub(super) fn next<K: Kernel>(mut self, kernel: K, bytes: K::Bytes, escaped: u64, text: &[u8], at: usize) -> Option<Self> {
        if escaped == 0 {
            return Some(self);
        }
        if escaped & !kernel.escapable(bytes) != 0 {
            return None;
        }
        self.seen_until = at + CHUNK;
        match escaped & kernel.equal(bytes, b'u') {
            0 => Some(self),
            units => self.units(units, text, at),
        }
    }

    #[inline(never)]
    fn units(mut self, mut units: u64, text: &[u8], at: usize) -> Option<Self> {
        while units != 0 {
            let u = at + units.trailing_zeros() as usize;
            units &= units - 1;
            match unit(text, u + 1) {
                Some(0xD800..0xDC00) => {
                    let low_follows = text.get(u + 5..u + 7) == Some(b"\\u") && matches!(unit(text, u + 7), Some(0xDC00..0xE000));
                    if !low_follows {
                        return None;
                    }
                    self.paired = u + 6;
                }
                Some(0xDC00..0xE000) if self.paired != u => return None,
                Some(_) => {}
                None => return None,
            }
        }
        Some(self)
    }
}

const NO_DIGIT: u16 = 0x8000;

/// The value of each hexadecimal digit.
const DIGITS: [u16; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        let byte = b"0123456789abcdef"[value];
        digits[byte as usize] = value as u16;
        digits[byte.to_ascii_uppercase() as usize] = value as u16;
        value += 1;
    }
    digits
};

/// The four hexadecimal digits at `at`.
#[inline]
fn unit(text: &[u8], at: usize) -> Option<u32> {
    let digits = text.get(at..at + 4)?.first_chunk::<4>()?.map(|byte| DIGITS[byte as usize]);
    if digits.contains(&NO_DIGIT) {
        return None;
    }
    Some(digits.iter().fold(0, |unit, digit| unit << 4 | u32::from(*digit)))
}
