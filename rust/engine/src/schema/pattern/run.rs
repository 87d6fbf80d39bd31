//! Texts that are one run of characters of a set: `^[set]{2,5}$`.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look};

/// Of bytes: a character of the set.
const IN: u8 = 0;
/// An ASCII character that is not in the set.
const OUT: u8 = 1;
/// A part of a longer character, which may be in the set.
const PART: u8 = 2;

/// How many bytes are looked at before it is asked whether one was out of the set.
const STRIDE: usize = 16;

/// `^[set]{min,max}$`.
#[derive(Debug)]
pub(super) struct Run {
    bytes: Box<[u8; 256]>,
    /// All of the set but ASCII.
    others: Box<[(char, char)]>,
    min: usize,
    max: usize,
}

impl Run {
    /// The run that a pattern asks for, if that is all.
    pub(super) fn of(hir: &Hir) -> Option<Run> {
        let HirKind::Concat(terms) = hir.kind() else { return None };
        let [start, repeated, end] = &terms[..] else { return None };
        if *start.kind() != HirKind::Look(Look::Start) || *end.kind() != HirKind::Look(Look::End) {
            return None;
        }
        let (set, min, max) = match repeated.kind() {
            HirKind::Repetition(repetition) => (repetition.sub.kind(), repetition.min, repetition.max),
            set => (set, 1, Some(1)),
        };
        let HirKind::Class(Class::Unicode(set)) = set else { return None };
        Some(Run::new(set, min as usize, max.map_or(usize::MAX, |max| max as usize)))
    }

    fn new(set: &ClassUnicode, min: usize, max: usize) -> Run {
        let mut bytes = Box::new([OUT; 256]);
        let others: Box<[_]> =
            set.iter().map(|range| (range.start().max('\u{80}'), range.end())).filter(|(low, high)| low <= high).collect();
        if !others.is_empty() {
            bytes[0x80..].fill(PART);
        }
        for range in set.iter().filter(|range| range.start().is_ascii()) {
            for byte in range.start() as u8..=range.end().min('\u{7f}') as u8 {
                bytes[usize::from(byte)] = IN;
            }
        }
        Run { bytes, others, min, max }
    }

    #[inline]
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        // No text has more characters than bytes.
        if text.len() < self.min {
            return false;
        }
        let mut seen = IN;
        for bytes in text.chunks(STRIDE) {
            seen |= bytes.iter().fold(IN, |seen, byte| seen | self.bytes[usize::from(*byte)]);
            if seen & OUT != 0 {
                return false;
            }
        }
        if seen == IN {
            text.len() <= self.max
        } else {
            std::str::from_utf8(text).is_ok_and(|text| self.is_match_of_others(text))
        }
    }

    /// The same for a text that has more than ASCII.
    fn is_match_of_others(&self, text: &str) -> bool {
        let mut count = 0;
        for c in text.chars() {
            count += 1;
            if count > self.max || !c.is_ascii() && !self.has_other(c) {
                return false;
            }
        }
        count >= self.min
    }

    fn has_other(&self, c: char) -> bool {
        let after = self.others.partition_point(|(low, _)| *low <= c);
        after > 0 && c <= self.others[after - 1].1
    }

    pub(super) fn cost(&self) -> usize {
        size_of::<[u8; 256]>() + size_of_val(&*self.others)
    }
}
