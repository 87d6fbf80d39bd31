//! What is told of the strings of a field.

use super::formats::{NAMES, NOT_OF_SCHEMA, formats};
use crate::plan::MAX_PREVIEW_BYTES;
use crate::proto::{FormatCount, StringProfile};
use crate::state::{Bounds, Damage, ensure, stored};
use std::cmp::Ordering;

#[derive(Debug, Default)]
pub(super) struct Texts {
    count: u64,
    min_length: u64,
    max_length: u64,
    length: u64,
    bytes: u64,
    empty: u64,
    with_nul: u64,
    formats: [u64; NAMES.len()],
    /// Cut; none where values are omitted.
    least: Option<Extreme>,
    greatest: Option<Extreme>,
}

/// A text, and its first bytes as a number, which settles most comparisons.
#[derive(Debug, Clone)]
struct Extreme {
    first: u64,
    text: Box<[u8]>,
}

/// The first eight bytes; where there are fewer, zeros. In the order of their texts, but for ties.
#[inline]
fn first(text: &[u8]) -> u64 {
    if let Some(first) = text.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        // The last four bytes, less those that are among the first.
        let last = u64::from(u32::from_be_bytes(*last)) << (8 * (8 - text.len())) & 0xFFFF_FFFF;
        return u64::from(u32::from_be_bytes(*first)) << 32 | last;
    }
    text.iter().rev().fold(0, |first, byte| first >> 8 | u64::from(*byte) << 56)
}

impl Texts {
    /// Adds `text`, unescaped. `most` bytes of it may be kept, if any; what memory that takes is added to `grown`.
    #[inline]
    pub(super) fn add(&mut self, text: &[u8], escaped: bool, most: Option<usize>, grown: &mut isize) {
        self.count_times(text, escaped, 1);
        if let Some(most) = most {
            self.extend(&text[..text.len().min(most)], grown);
        }
    }

    /// Adds a text that has been added before, so many times.
    pub(super) fn add_again(&mut self, text: &[u8], times: u64) {
        self.count_times(text, true, times);
    }

    #[inline(always)]
    fn count_times(&mut self, text: &[u8], escaped: bool, times: u64) {
        let length = bytecount::num_chars(text) as u64;
        self.min_length = if self.count == 0 { length } else { self.min_length.min(length) };
        self.max_length = self.max_length.max(length);
        self.count += times;
        self.length += length * times;
        self.bytes += text.len() as u64 * times;
        self.empty += if text.is_empty() { times } else { 0 };
        // Only an escape can stand for it.
        self.with_nul += if escaped && text.contains(&0) { times } else { 0 };
        let mut found = formats(text);
        while found != 0 {
            self.formats[found.trailing_zeros() as usize] += times;
            found &= found - 1;
        }
    }

    #[inline]
    fn extend(&mut self, text: &[u8], grown: &mut isize) {
        let first = first(text);
        let between = |least: &Extreme, greatest: &Extreme| least.first < first && first < greatest.first;
        if !matches!((&self.least, &self.greatest), (Some(least), Some(greatest)) if between(least, greatest)) {
            self.extend_rare(first, text, grown);
        }
    }

    #[cold]
    #[inline(never)]
    fn extend_rare(&mut self, first: u64, text: &[u8], grown: &mut isize) {
        for (extreme, beyond) in [(&mut self.least, Ordering::Less), (&mut self.greatest, Ordering::Greater)] {
            let passes = |it: &Extreme| {
                let order = first.cmp(&it.first);
                order == beyond || order == Ordering::Equal && text.cmp(&it.text) == beyond
            };
            if extreme.as_ref().is_none_or(passes) {
                *grown += text.len() as isize - extreme.as_ref().map_or(0, |extreme| extreme.text.len() as isize);
                *extreme = Some(Extreme { first, text: text.into() });
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if self.count == 0 || other.count > 0 && other.min_length < self.min_length {
            self.min_length = other.min_length;
        }
        self.max_length = self.max_length.max(other.max_length);
        self.count += other.count;
        self.length += other.length;
        self.bytes += other.bytes;
        self.empty += other.empty;
        self.with_nul += other.with_nul;
        self.formats.iter_mut().zip(other.formats).for_each(|(count, more)| *count += more);
        for extreme in [&other.least, &other.greatest].into_iter().flatten() {
            self.extend(&extreme.text, &mut 0);
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// As in a state.
    pub(super) fn store(&self) -> stored::Texts {
        let text = |extreme: &Option<Extreme>| extreme.as_ref().map(|it| it.text.to_vec());
        stored::Texts {
            count: self.count,
            min_length: self.min_length,
            max_length: self.max_length,
            length: self.length,
            bytes: self.bytes,
            empty: self.empty,
            with_nul: self.with_nul,
            formats: self.formats.to_vec(),
            min: text(&self.least),
            max: text(&self.greatest),
        }
    }

    pub(super) fn restore(from: stored::Texts, bounds: Bounds<'_>) -> Result<Self, Damage> {
        let count = bounds.count(from.count)?;
        let formats = from.formats.try_into().map_err(|_| Damage("there are more or fewer formats"))?;
        let texts = Self {
            count,
            min_length: bounds.count(from.min_length)?,
            max_length: bounds.count(from.max_length)?,
            length: bounds.count(from.length)?,
            bytes: bounds.count(from.bytes)?,
            empty: from.empty,
            with_nul: from.with_nul,
            formats,
            ..Self::default()
        };
        let of_all = [texts.empty, texts.with_nul].into_iter().chain(texts.formats).all(|some| some <= count);
        ensure(count > 0 && of_all, "more strings are counted than there are")?;
        let extreme = |text: Option<Vec<u8>>| match text {
            Some(text) if text.len() > MAX_PREVIEW_BYTES as usize => Err(Damage("a minimum or maximum is too long")),
            text => Ok(text.map(|text| Extreme { first: first(&text), text: text.into() })),
        };
        Ok(Self { least: extreme(from.min)?, greatest: extreme(from.max)?, ..texts })
    }

    /// The format of JSON Schema that all of them have, if they are so many.
    pub(super) fn common_format(&self, least: u64) -> Option<&'static str> {
        let common = |(name, count): &(&&'static str, u64)| *count == self.count && !NOT_OF_SCHEMA.contains(*name);
        NAMES.iter().zip(self.formats).filter(|_| self.count >= least).find(common).map(|(name, _)| *name)
    }

    /// Memory in use beside the value itself.
    pub(super) fn bytes(&self) -> usize {
        [&self.least, &self.greatest].into_iter().flatten().map(|extreme| extreme.text.len()).sum()
    }

    pub(super) fn describe(&self) -> StringProfile {
        let text = |extreme: &Option<Extreme>| extreme.as_ref().map_or(String::new(), |it| whole_characters(&it.text));
        let counted = NAMES.iter().zip(self.formats).filter(|(_, count)| *count > 0);
        let mut formats: Vec<_> = counted.map(|(name, count)| FormatCount { name: (*name).to_owned(), count }).collect();
        formats.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        StringProfile {
            count: self.count,
            min_length: self.min_length,
            max_length: self.max_length,
            mean_length: self.length as f64 / self.count as f64,
            bytes: self.bytes,
            empty: self.empty,
            min: text(&self.least),
            max: text(&self.greatest),
            formats,
            escaped_nul: self.with_nul,
        }
    }
}

/// UTF-8 without the character that a cut has broken.
pub(super) fn whole_characters(text: &[u8]) -> String {
    let valid = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default(),
    };
    valid.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[&str]) -> Texts {
        let mut texts = Texts::default();
        all.iter().for_each(|text| texts.add(text.as_bytes(), text.contains('\0'), Some(9), &mut 0));
        texts
    }

    #[test]
    fn describe_counts_code_points_and_bytes() {
        let told = texts(&["k\u{e4}se", "", "\u{1f600}", "a\0b"]).describe();
        assert_eq!((told.count, told.min_length, told.max_length, told.mean_length), (4, 0, 4, 2.0));
        assert_eq!((told.bytes, told.empty, told.escaped_nul), (12, 1, 1));
        assert_eq!((told.min.as_str(), told.max.as_str()), ("", "\u{1f600}"));
    }

    #[test]
    fn first_is_the_first_eight_bytes_and_zeros() {
        let text = b"abcdefghij";
        for length in 0..=text.len() {
            let mut expected = [0; 8];
            expected[..length.min(8)].copy_from_slice(&text[..length.min(8)]);
            assert_eq!(first(&text[..length]), u64::from_be_bytes(expected), "{length}");
        }
    }

    #[test]
    fn describe_cuts_extremes_to_whole_characters() {
        let told = texts(&["12345678\u{e4}", "12345678", "123456789z"]).describe();
        assert_eq!((told.min.as_str(), told.max.as_str()), ("12345678", "12345678"));
    }

    #[test]
    fn merge_in_any_partition_is_the_whole() {
        let all = ["b", "2024-01-01", "", "12", "a\0", "zz", "true"];
        let whole = texts(&all).describe();
        for cut in 0..=all.len() {
            let mut sum = texts(&all[cut..]);
            sum.merge(&texts(&all[..cut]));
            assert_eq!(sum.describe(), whole);
        }
    }
}
