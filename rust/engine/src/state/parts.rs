//! The parts of a data set, and where each begins in the whole.

use super::{Damage, MOST, ensure};
use std::collections::BTreeMap;

/// A part, in the order of parts: by number, those without one last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PartKey(u64);

impl PartKey {
    pub(crate) const UNNUMBERED: Self = Self((1 << 32) + 1);

    pub(crate) fn new(number: Option<u32>) -> Self {
        number.map_or(Self::UNNUMBERED, |number| Self(u64::from(number) + 1))
    }

    pub(crate) fn is_numbered(self) -> bool {
        self != Self::UNNUMBERED
    }

    pub(crate) fn from_stored(key: u64) -> Self {
        Self(key)
    }

    pub(crate) fn get(self) -> u64 {
        self.0
    }
}

/// How much a part holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) records: u64,
    pub(crate) bytes: u64,
    pub(crate) line_feeds: u64,
}

impl Extent {
    fn after(self, other: Self) -> Self {
        Self {
            records: self.records + other.records,
            bytes: self.bytes + other.bytes,
            line_feeds: self.line_feeds + other.line_feeds,
        }
    }
}

/// Where the parts of a data set begin, by key.
pub(crate) type Places = BTreeMap<u64, Extent>;

/// Which parts there are.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    numbered: BTreeMap<u32, Extent>,
    unnumbered: u64,
    /// How many there are, and bytes of all of them.
    count: u64,
    bytes: u64,
}

impl Parts {
    /// Of one input.
    pub(crate) fn one(number: Option<u32>, extent: Extent) -> Self {
        let numbered = number.map(|number| (number, extent)).into_iter().collect();
        Self { numbered, unnumbered: u64::from(number.is_none()), count: 1, bytes: extent.bytes }
    }

    /// `count` parts of so many `bytes` in all, of which those with a number are still to be added.
    pub(crate) fn restore(count: u64, unnumbered: u64, bytes: u64) -> Result<Self, Damage> {
        ensure(unnumbered <= count && count <= MOST / 2 && bytes <= MOST / 2, "its inputs are larger than any")?;
        Ok(Self { numbered: BTreeMap::new(), unnumbered, count, bytes })
    }

    /// A part that an entry tells of.
    pub(crate) fn add(&mut self, number: u32, extent: Extent) -> Result<(), Damage> {
        let within = extent.bytes <= self.bytes && extent.line_feeds <= extent.bytes && extent.records <= extent.bytes + 1;
        ensure(within, "a part is larger than the whole")?;
        ensure(self.numbered.insert(number, extent).is_none(), "a part stands twice in it")
    }

    /// Whether all have been added, and are no more than the whole together.
    pub(crate) fn are_complete(&self) -> bool {
        let sum = |figure: fn(&Extent) -> u64| self.numbered.values().map(|extent| u128::from(figure(extent))).sum::<u128>();
        let within = sum(|extent| extent.bytes) <= self.bytes.into()
            && sum(|extent| extent.records) <= self.most().into()
            && sum(|extent| extent.line_feeds) <= self.bytes.into();
        within && self.numbered.len() as u64 + self.unnumbered == self.count
    }

    /// The most that anything can be counted: a record or value has one byte at least, but for one empty document.
    pub(crate) fn most(&self) -> u64 {
        self.bytes + self.count
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn has(&self, key: PartKey) -> bool {
        match u32::try_from(key.0.wrapping_sub(1)) {
            Ok(number) => self.numbered.contains_key(&number),
            Err(_) => key == PartKey::UNNUMBERED && self.unnumbered > 0,
        }
    }

    pub(crate) fn unnumbered(&self) -> u64 {
        self.unnumbered
    }

    pub(crate) fn numbered(&self) -> impl Iterator<Item = (u32, Extent)> {
        self.numbered.iter().map(|(number, extent)| (*number, *extent))
    }

    /// A part that both have, if there is one.
    pub(crate) fn shared(&self, other: &Self) -> Option<u32> {
        let (few, many) = if self.numbered.len() < other.numbered.len() { (self, other) } else { (other, self) };
        few.numbered.keys().find(|number| many.numbered.contains_key(number)).copied()
    }

    /// Adds other parts, if that is not too much to be counted.
    pub(crate) fn merge(&mut self, other: Self) -> bool {
        if self.most() + other.most() > MOST {
            return false;
        }
        self.numbered.extend(other.numbered);
        self.unnumbered += other.unnumbered;
        self.count += other.count;
        self.bytes += other.bytes;
        true
    }

    /// Where each begins, if that is known: they are 0 to n, or a single one.
    pub(crate) fn places(&self) -> Option<Places> {
        if self.numbered.is_empty() && self.unnumbered == 1 || self.unnumbered == 0 && self.numbered.len() == 1 {
            let key = self.numbered.keys().next().copied();
            return Some([(PartKey::new(key).get(), Extent::default())].into());
        }
        if self.unnumbered > 0 || !self.numbered.keys().copied().eq(0..self.numbered.len() as u32) {
            return None;
        }
        let mut at = Extent::default();
        let place = |(number, extent): (&u32, &Extent)| {
            let place = (PartKey::new(Some(*number)).get(), at);
            at = at.after(*extent);
            place
        };
        Some(self.numbered.iter().map(place).collect())
    }

    /// Why places are not known, for people.
    pub(crate) fn describe_missing(&self) -> String {
        let mut why = Vec::new();
        let wanted = self.numbered.keys().next_back().map_or(0, |last| u64::from(*last) + 1);
        let missing = wanted - self.numbered.len() as u64;
        if missing > 0 {
            let first = (0..u32::MAX).find(|number| !self.numbered.contains_key(number)).unwrap_or_default();
            why.push(format!("parts missing of 0 to {}: {missing}, the first of them {first}", wanted - 1));
        }
        if self.unnumbered > 0 {
            why.push(format!("parts without a number: {}", self.unnumbered));
        }
        format!("{}; positions are those within each part", why.join("; "))
    }

    /// Memory in use.
    pub(crate) fn memory(&self) -> u64 {
        // Of a tree's entry, with what is free in its nodes.
        self.numbered.len() as u64 * 2 * size_of::<(u32, Extent)>() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(numbers: &[Option<u32>]) -> Parts {
        let mut parts = Parts::default();
        for number in numbers {
            let one = Parts::one(*number, Extent { records: 2, bytes: 10, line_feeds: 3 });
            assert_eq!(parts.shared(&one), None);
            assert!(parts.merge(one));
        }
        parts
    }

    #[test]
    fn places_of_parts_that_are_all_there_add_up() {
        let places = parts(&[Some(2), Some(0), Some(1)]).places().unwrap();
        let expected = [(1, 0), (2, 1), (3, 2)]
            .map(|(key, before)| (key, Extent { records: 2 * before, bytes: 10 * before, line_feeds: 3 * before }));
        assert_eq!(places, expected.into());
    }

    #[test]
    fn places_of_a_single_part_are_known_whatever_its_number() {
        assert_eq!(parts(&[None]).places().unwrap().keys().copied().collect::<Vec<_>>(), [PartKey::UNNUMBERED.get()]);
        assert_eq!(parts(&[Some(7)]).places().unwrap()[&8], Extent::default());
    }

    #[test]
    fn places_of_others_are_not_known_and_the_text_says_why() {
        for (numbers, why) in [
            (&[Some(0), Some(2), Some(5)][..], "parts missing of 0 to 5: 3, the first of them 1; "),
            (&[Some(1), Some(2)], "parts missing of 0 to 2: 1, the first of them 0; "),
            (&[None, None], "parts without a number: 2; "),
            (&[Some(1), None], "parts missing of 0 to 1: 1, the first of them 0; parts without a number: 1; "),
        ] {
            let parts = parts(numbers);
            assert_eq!(parts.places(), None);
            assert!(parts.describe_missing().starts_with(why), "{}", parts.describe_missing());
        }
    }

    #[test]
    fn shared_parts_are_found() {
        assert_eq!(parts(&[Some(1), Some(2), None]).shared(&parts(&[Some(2), None])), Some(2));
    }

    #[test]
    fn merge_of_more_than_can_be_counted_is_refused() {
        let large = || Parts::restore(1, 1, MOST / 2).unwrap();
        assert!(!large().merge(large()));
        assert!(Parts::restore(1, 1, MOST / 2 + 1).is_err());
        let mut parts = Parts::restore(2, 0, 10).unwrap();
        parts.add(0, Extent { records: 1, bytes: 6, line_feeds: 1 }).unwrap();
        parts.add(1, Extent { records: 1, bytes: 5, line_feeds: 1 }).unwrap();
        assert!(!parts.are_complete());
    }
}
