//! How many different values there are, and which are frequent.
//!
//! Up to [`MAX_DIFFERENT`] different values are counted one by one, by a hash of 64 bits. Beyond, HyperLogLog (Flajolet and others, 2007)
//! estimates their number, with the estimator of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017). Frequent
//! values are exact while the texts of all different values fit [`MAX_TEXT_BYTES`]; beyond, they are estimated from a sample of
//! [`SAMPLE`] occurrences, those whose place in the stream has the lowest hash, which is the same sample whoever comes first.

use super::told::Told;
use crate::plan::MAX_PREVIEW_BYTES;
use crate::proto::Distinct;
use crate::state::{Bounds, Damage, ensure, restore_list, store_list, stored};
use std::collections::BinaryHeap;

/// Different values that are counted one by one.
const MAX_DIFFERENT: usize = 1024;
/// Bytes of their texts that are kept.
const MAX_TEXT_BYTES: usize = 8 << 10;
/// Bytes of a value as it is told, at most: each of its bytes escaped, between quotes.
const MAX_TOLD_BYTES: usize = 6 * MAX_PREVIEW_BYTES as usize + 2;
/// Occurrences in a sample.
const SAMPLE: usize = 512;
/// Bits of a hash that choose a register, and registers: a standard error of 1.04 / sqrt(4096), 1.625 %.
const REGISTER_BITS: u32 = 12;
const REGISTERS: usize = 1 << REGISTER_BITS;
const RELATIVE_ERROR: f64 = 0.01625;
/// Bits of a hash that are left for a rank.
const RANK_BITS: usize = 64 - REGISTER_BITS as usize;
/// 1 / (2 ln 2), the limit of the estimator's bias.
const ALPHA: f64 = 0.721_347_520_444_481_7;
/// Slots at first; there are always twice as many as different values.
const FIRST_SLOTS: usize = 8;
/// An estimated value must be twice at least in the sample, or it is nothing but chance.
const LEAST_IN_SAMPLE: usize = 2;

/// A value that occurred, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occurrence {
    /// Of the value, the same for equal ones alone.
    pub(super) hash: u64,
    /// Offset in the stream.
    pub(super) place: u64,
}

/// A frequent value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frequent<T = Box<[u8]>> {
    pub(super) text: T,
    pub(super) count: u64,
    /// `None` where the count is exact.
    pub(super) max_error: Option<u64>,
}

#[derive(Debug, Default)]
pub(super) struct Values {
    count: u64,
    different: Different,
    sample: Sample,
}

impl Values {
    /// Adds an occurrence; `text` gives the value as it is to be told. What memory that takes is added to `grown`.
    #[inline]
    pub(super) fn add(&mut self, occurrence: Occurrence, text: impl Fn() -> Box<[u8]>, grown: &mut isize) {
        self.count += 1;
        let known = match &mut self.different {
            Different::Few(few) => few.count(occurrence.hash, 1),
            Different::Many(many) => {
                many.add(occurrence.hash);
                true
            }
        };
        let key = spread(occurrence.place);
        if !known || key < self.sample.limit {
            let before = self.bytes();
            if !known {
                self.meet(occurrence.hash, 1, &text);
            }
            if key < self.sample.limit {
                let with_text = !self.is_exact();
                self.sample.take(key, occurrence.hash, || if with_text { text() } else { Box::default() });
            }
            *grown += self.bytes() as isize - before as isize;
        }
    }

    /// Adds an occurrence of a value that was told of before, while frequent values are exact; else tells that it was not, or they are not.
    #[inline(always)]
    pub(super) fn add_known(&mut self, occurrence: Occurrence, grown: &mut isize) -> bool {
        let Different::Few(few @ Few { texts: Some(_), .. }) = &mut self.different else { return false };
        if !few.count(occurrence.hash, 1) {
            return false;
        }
        self.count += 1;
        let key = spread(occurrence.place);
        if key < self.sample.limit {
            let before = self.sample.bytes();
            self.sample.take(key, occurrence.hash, Box::default);
            *grown += self.sample.bytes() as isize - before as isize;
        }
        true
    }

    /// Whether frequent values stay exact with one more value, told in so many bytes.
    pub(super) fn have_room(&self, bytes: usize) -> bool {
        matches!(&self.different, Different::Few(few @ Few { texts: Some(texts), .. })
            if few.filled < MAX_DIFFERENT && texts.text_bytes() + bytes <= MAX_TEXT_BYTES)
    }

    /// What is told of the values, and how often they came, while frequent ones are exact.
    pub(super) fn counted(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let exact = match &self.different {
            Different::Few(few) => few.texts.as_ref().map(|texts| (few, texts)),
            Different::Many(_) => None,
        };
        exact.into_iter().flat_map(|(few, texts)| texts.iter().map(|(hash, text)| (text, few.count_of(hash))))
    }

    /// Whether frequent values are exact.
    fn is_exact(&self) -> bool {
        matches!(&self.different, Different::Few(few) if few.texts.is_some())
    }

    /// Enters a value that is not among the few.
    #[cold]
    #[inline(never)]
    fn meet(&mut self, hash: u64, count: u64, text: &dyn Fn() -> Box<[u8]>) {
        let Different::Few(few) = &mut self.different else { return };
        if few.filled == MAX_DIFFERENT {
            self.give_up_texts();
            self.become_many().add(hash);
            return;
        }
        few.enter(hash, count);
        if let Some(texts) = &mut few.texts {
            texts.insert(hash, &text());
            if texts.text_bytes() > MAX_TEXT_BYTES {
                self.give_up_texts();
            }
        }
    }

    pub(super) fn merge(&mut self, mut other: Self) {
        self.count += other.count;
        // The texts of both samples must be there before either side gives up its own.
        if !(self.is_exact() && other.is_exact()) {
            self.give_up_texts();
            other.give_up_texts();
        }
        match &other.different {
            Different::Few(theirs) => {
                for slot in theirs.slots.iter().filter(|slot| slot.count > 0) {
                    let known = match &mut self.different {
                        Different::Few(few) => few.count(slot.hash, slot.count),
                        Different::Many(many) => {
                            many.add(slot.hash);
                            true
                        }
                    };
                    if !known {
                        let text = || theirs.texts.as_ref().and_then(|texts| texts.get(slot.hash)).unwrap_or_default().into();
                        self.meet(slot.hash, slot.count, &text);
                    }
                }
            }
            Different::Many(theirs) => self.become_many().merge(theirs),
        }
        if !self.is_exact() {
            other.give_up_texts();
        }
        self.sample.merge(other.sample);
    }

    /// As in a state.
    pub(super) fn store(&self) -> stored::Values {
        let mut stored = stored::Values { count: self.count, ..stored::Values::default() };
        match &self.different {
            Different::Few(few) => {
                let mut slots: Vec<_> = few.slots.iter().filter(|slot| slot.count > 0).collect();
                slots.sort_unstable_by_key(|slot| slot.hash);
                stored.hashes = store_list(slots.iter().map(|slot| slot.hash.to_le_bytes()));
                stored.counts = store_list(slots.iter().map(|slot| slot.count.to_le_bytes()));
                stored.told = few.texts.as_ref().map(Told::store);
            }
            Different::Many(many) => stored.registers = many.registers.to_vec(),
        }
        self.sample.store(&mut stored);
        stored
    }

    pub(super) fn restore(mut from: stored::Values, bounds: Bounds<'_>) -> Result<Self, Damage> {
        let count = bounds.count(from.count)?;
        let sample = Sample::restore(&mut from, count)?;
        if from.registers.is_empty() {
            let few = Few::restore(from, count, bounds)?;
            return Ok(Self { count, different: Different::Few(few), sample });
        }
        let registers = from.registers.try_into().map_err(|_| Damage("there are more or fewer registers"))?;
        let many = Many { registers };
        let within = many.registers.iter().all(|rank| usize::from(*rank) <= RANK_BITS + 1);
        ensure(within && from.hashes.is_empty() && from.told.is_none(), "a register is too large")?;
        Ok(Self { count, different: Different::Many(Box::new(many)), sample })
    }

    fn give_up_texts(&mut self) {
        if let Different::Few(few) = &mut self.different {
            if let Some(texts) = few.texts.take() {
                self.sample.keep_texts(&texts);
            }
        }
    }

    fn become_many(&mut self) -> &mut Many {
        if let Different::Few(few) = &self.different {
            let mut many = Many::default();
            few.slots.iter().filter(|slot| slot.count > 0).for_each(|slot| many.add(slot.hash));
            self.different = Different::Many(Box::new(many));
        }
        match &mut self.different {
            Different::Many(many) => many,
            Different::Few(_) => unreachable!("it has just become many"),
        }
    }

    /// Memory in use beside the value itself.
    pub(super) fn bytes(&self) -> usize {
        let different = match &self.different {
            Different::Few(few) => few.slots.capacity() * size_of::<Slot>() + few.texts.as_ref().map_or(0, Told::memory),
            Different::Many(_) => size_of::<Many>(),
        };
        different + self.sample.bytes()
    }

    pub(super) fn distinct(&self) -> Distinct {
        match &self.different {
            Different::Few(few) => Distinct { value: few.filled as u64, exact: true, relative_error: 0.0 },
            Different::Many(many) => {
                // No more can differ than there are.
                let value = many.estimate().min(self.count);
                Distinct { value, exact: false, relative_error: RELATIVE_ERROR }
            }
        }
    }

    /// The texts of all different values, in their order, if they are no more than `most` and were all kept.
    pub(super) fn all(&self, most: usize) -> Option<Vec<&[u8]>> {
        let Different::Few(Few { texts: Some(texts), .. }) = &self.different else { return None };
        let mut all: Vec<&[u8]> = texts.iter().map(|(_, text)| text).collect();
        all.sort_unstable();
        (all.len() <= most).then_some(all)
    }

    /// At most so many values: the largest count first, then by text.
    pub(super) fn frequent(&self, most: usize) -> Vec<Frequent> {
        let mut frequent: Vec<Frequent<&[u8]>> = match &self.different {
            Different::Few(few @ Few { texts: Some(texts), .. }) => {
                texts.iter().map(|(hash, text)| Frequent { text, count: few.count_of(hash), max_error: None }).collect()
            }
            _ => self.sample.frequent(self.count),
        };
        let order = |a: &Frequent<&[u8]>, b: &Frequent<&[u8]>| b.count.cmp(&a.count).then_with(|| a.text.cmp(b.text));
        if most > 0 && frequent.len() > most {
            frequent.select_nth_unstable_by(most - 1, order);
        }
        frequent.truncate(most);
        frequent.sort_unstable_by(order);
        frequent.into_iter().map(|Frequent { text, count, max_error }| Frequent { text: text.into(), count, max_error }).collect()
    }
}

#[derive(Debug)]
enum Different {
    Few(Few),
    Many(Box<Many>),
}

impl Default for Different {
    fn default() -> Self {
        Self::Few(Few { slots: Vec::new(), filled: 0, texts: Some(Told::default()) })
    }
}

/// All different values.
#[derive(Debug)]
struct Few {
    slots: Vec<Slot>,
    filled: usize,
    /// While they are few enough.
    texts: Option<Told>,
}

/// Empty where the count is 0.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    hash: u64,
    count: u64,
}

impl Few {
    /// Counts a value that is known; else tells that it is not.
    #[inline]
    fn count(&mut self, hash: u64, count: u64) -> bool {
        let Some(at) = self.find(hash) else { return false };
        self.slots[at].count += count;
        true
    }

    fn count_of(&self, hash: u64) -> u64 {
        self.find(hash).map_or(0, |at| self.slots[at].count)
    }

    /// The slot of a value that is known.
    #[inline]
    fn find(&self, hash: u64) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let slot = &self.slots[at];
            if slot.count == 0 {
                return None;
            }
            if slot.hash == hash {
                return Some(at);
            }
            at = (at + 1) & mask;
        }
    }

    /// For so many different values, without texts.
    fn with_room(count: usize) -> Self {
        let slots = if count == 0 { 0 } else { (2 * count).next_power_of_two().max(FIRST_SLOTS) };
        Self { slots: vec![Slot::default(); slots], filled: 0, texts: None }
    }

    fn restore(from: stored::Values, count: u64, bounds: Bounds<'_>) -> Result<Self, Damage> {
        let stored::Values { hashes, counts, told, .. } = from;
        let different = counts.len() / size_of::<u64>();
        let hashes = restore_list(&hashes, different)?.map(u64::from_le_bytes);
        let counts = restore_list(&counts, different)?.map(u64::from_le_bytes);
        ensure(different <= MAX_DIFFERENT, "there are too many different values")?;
        ensure(hashes.clone().is_sorted_by(|one, other| one < other), "values are not in their order")?;
        let texts = told.map(Told::restore).transpose()?;
        let fit = |texts: &Told| texts.text_bytes() <= MAX_TEXT_BYTES && texts.iter().map(|(hash, _)| hash).eq(hashes.clone());
        ensure(texts.as_ref().is_none_or(fit), "the texts of values are too long, or not theirs")?;
        let mut few = Self { texts, ..Self::with_room(different) };
        let mut total = 0;
        for (hash, count) in hashes.zip(counts) {
            total = bounds.count(total + bounds.count(count)?)?;
            ensure(count > 0, "a value never came")?;
            few.enter(hash, count);
        }
        ensure(total == count, "counts of values do not add up")?;
        Ok(few)
    }

    fn enter(&mut self, hash: u64, count: u64) {
        if 2 * (self.filled + 1) > self.slots.len() {
            let slots = (2 * self.slots.len()).max(FIRST_SLOTS);
            let old = std::mem::replace(&mut self.slots, vec![Slot::default(); slots]);
            old.iter().filter(|slot| slot.count > 0).for_each(|slot| self.put(*slot));
        }
        self.put(Slot { hash, count });
        self.filled += 1;
    }

    fn put(&mut self, slot: Slot) {
        let mask = self.slots.len() - 1;
        let mut at = slot.hash as usize & mask;
        while self.slots[at].count > 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }
}

/// HyperLogLog: of the hashes that chose a register, the most zeros that one begins with, and one more.
#[derive(Debug)]
struct Many {
    registers: [u8; REGISTERS],
}

impl Default for Many {
    fn default() -> Self {
        Self { registers: [0; REGISTERS] }
    }
}

impl Many {
    #[inline]
    fn add(&mut self, hash: u64) {
        let register = &mut self.registers[(hash >> RANK_BITS) as usize];
        // The bit set ends the zeros where there are no others.
        let rank = ((hash << REGISTER_BITS) | 1 << (REGISTER_BITS - 1)).leading_zeros() as u8 + 1;
        if *register < rank {
            *register = rank;
        }
    }

    fn merge(&mut self, other: &Self) {
        self.registers.iter_mut().zip(other.registers).for_each(|(ours, theirs)| *ours = theirs.max(*ours));
    }

    fn estimate(&self) -> u64 {
        let mut with_rank = [0_u32; RANK_BITS + 2];
        self.registers.iter().for_each(|rank| with_rank[usize::from(*rank)] += 1);
        let all = REGISTERS as f64;
        let mut sum = all * tau(1.0 - f64::from(with_rank[RANK_BITS + 1]) / all);
        for count in with_rank[1..=RANK_BITS].iter().rev() {
            sum = 0.5 * (sum + f64::from(*count));
        }
        sum += all * sigma(f64::from(with_rank[0]) / all);
        (ALPHA * all * all / sum).round() as u64
    }
}

/// Of the share of registers that are empty; Ertl's series, until it changes no more.
fn sigma(mut x: f64) -> f64 {
    if x == 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z == before {
            return z;
        }
    }
}

/// Of the share of registers that are not full.
fn tau(mut x: f64) -> f64 {
    if x == 0.0 || x == 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x) * (1.0 - x) * y;
        if z == before {
            return z / 3.0;
        }
    }
}

/// Occurrences whose place has the lowest hash.
#[derive(Debug)]
struct Sample {
    /// Hashes of places and values.
    taken: Taken,
    /// Of values in the sample, or that were in it, once they are needed.
    texts: Told,
    /// What is below it is taken.
    limit: u64,
}

/// While values come the highest must be found; once all have, they are best in their order, the highest last.
#[derive(Debug)]
enum Taken {
    Heap(BinaryHeap<(u64, u64)>),
    Sorted(Vec<(u64, u64)>),
}

impl Default for Taken {
    fn default() -> Self {
        Self::Heap(BinaryHeap::new())
    }
}

impl Taken {
    fn heap(&mut self) -> &mut BinaryHeap<(u64, u64)> {
        if let Self::Sorted(taken) = self {
            *self = Self::Heap(std::mem::take(taken).into());
        }
        match self {
            Self::Heap(heap) => heap,
            Self::Sorted(_) => unreachable!("it has just become a heap"),
        }
    }

    fn into_sorted(self) -> Vec<(u64, u64)> {
        match self {
            Self::Heap(heap) => heap.into_sorted_vec(),
            Self::Sorted(taken) => taken,
        }
    }

    fn as_slice(&self) -> &[(u64, u64)] {
        match self {
            Self::Heap(heap) => heap.as_slice(),
            Self::Sorted(taken) => taken,
        }
    }

    fn capacity(&self) -> usize {
        match self {
            Self::Heap(heap) => heap.capacity(),
            Self::Sorted(taken) => taken.capacity(),
        }
    }
}

impl Default for Sample {
    fn default() -> Self {
        Self { taken: Taken::default(), texts: Told::default(), limit: u64::MAX }
    }
}

impl Sample {
    #[cold]
    #[inline(never)]
    fn take(&mut self, key: u64, hash: u64, text: impl Fn() -> Box<[u8]>) {
        let heap = self.taken.heap();
        heap.push((key, hash));
        if heap.len() > SAMPLE {
            heap.pop();
            self.limit = heap.peek().map_or(u64::MAX, |(key, _)| *key);
        }
        let text = text();
        if !text.is_empty() {
            self.texts.insert(hash, &text);
            self.tidy_texts();
        }
    }

    /// Drops texts that are no longer needed, once there are many.
    fn tidy_texts(&mut self) {
        if self.texts.len() > 2 * SAMPLE {
            self.keep_texts(&Told::default());
        }
    }

    /// Keeps the texts of the values in the sample alone, and takes over some of `others`.
    fn keep_texts(&mut self, others: &Told) {
        let mut hashes: Vec<u64> = self.taken.as_slice().iter().map(|(_, hash)| *hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        self.texts = self.texts.chosen(others, hashes.into_iter());
    }

    fn store(&self, into: &mut stored::Values) {
        let mut taken = self.taken.as_slice().to_vec();
        taken.sort_unstable();
        into.sample_places = store_list(taken.iter().map(|(key, _)| key.to_le_bytes()));
        into.sample_hashes = store_list(taken.iter().map(|(_, hash)| hash.to_le_bytes()));
        let mut hashes: Vec<u64> = taken.into_iter().map(|(_, hash)| hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        into.sample_told = Some(self.texts.chosen(&Told::default(), hashes.into_iter()).store());
    }

    fn restore(from: &mut stored::Values, count: u64) -> Result<Self, Damage> {
        let size = from.sample_places.len() / size_of::<u64>();
        ensure(size <= SAMPLE && size as u64 <= count, "a sample is too large")?;
        let keys = restore_list(&from.sample_places, size)?.map(u64::from_le_bytes);
        let hashes = restore_list(&from.sample_hashes, size)?.map(u64::from_le_bytes);
        let texts = Told::restore(from.sample_told.take().unwrap_or_default())?;
        ensure(texts.len() <= SAMPLE && texts.longest() <= MAX_TOLD_BYTES, "a sample has too many texts, or too long ones")?;
        let taken: Vec<(u64, u64)> = keys.zip(hashes).collect();
        ensure(taken.is_sorted(), "a sample is not in its order")?;
        Ok(Self { taken: Taken::Sorted(taken), texts, ..Self::default() })
    }

    /// Of several inputs the same places can be in it; of these, the hashes decide.
    fn merge(&mut self, other: Self) {
        let ours = std::mem::take(&mut self.taken).into_sorted();
        let theirs = other.taken.into_sorted();
        self.limit = self.limit.min(other.limit);
        let both = SAMPLE.min(ours.len() + theirs.len());
        let mut taken = Vec::with_capacity(both);
        let (mut at, mut their_at) = (0, 0);
        while taken.len() < both && at < ours.len() && their_at < theirs.len() {
            // Without a branch, for there is no telling which it is.
            let is_ours = ours[at] <= theirs[their_at];
            taken.push(if is_ours { ours[at] } else { theirs[their_at] });
            at += usize::from(is_ours);
            their_at += usize::from(!is_ours);
        }
        let missing = both - taken.len();
        taken.extend(ours[at..].iter().chain(&theirs[their_at..]).take(missing));
        if let (Some((highest, _)), true) = (taken.last(), both < ours.len() + theirs.len()) {
            self.limit = self.limit.min(*highest);
        }
        self.taken = Taken::Sorted(taken);
        self.texts.merge(&other.texts);
        self.tidy_texts();
    }

    fn bytes(&self) -> usize {
        self.taken.capacity() * size_of::<(u64, u64)>() + self.texts.memory()
    }

    /// Values that are twice at least in the sample, with what that lets expect of all `count` occurrences.
    fn frequent(&self, count: u64) -> Vec<Frequent<&[u8]>> {
        let taken = self.taken.as_slice();
        let size = taken.len() as f64;
        let estimate = |equal: &[u64]| {
            let share = equal.len() as f64 / size;
            let error = 3.0 * (share * (1.0 - share) / size).sqrt();
            Some(Frequent {
                text: self.texts.get(equal[0])?,
                count: (share * count as f64).round() as u64,
                max_error: Some((error * count as f64).ceil() as u64),
            })
        };
        may_repeat(taken).chunk_by(PartialEq::eq).filter(|equal| equal.len() >= LEAST_IN_SAMPLE).filter_map(estimate).collect()
    }
}

/// The hashes of values, in their order, less most of those that come once: those whose last bits no other one has.
fn may_repeat(taken: &[(u64, u64)]) -> Vec<u64> {
    const BITS: usize = 16 * SAMPLE;
    let (mut once, mut again) = ([0_u64; BITS / 64], [0_u64; BITS / 64]);
    let place = |hash: u64| ((hash as usize % BITS) / 64, 1 << (hash % 64));
    for (_, hash) in taken {
        let (word, bit) = place(*hash);
        again[word] |= once[word] & bit;
        once[word] |= bit;
    }
    let repeats = |hash: &u64| {
        let (word, bit) = place(*hash);
        again[word] & bit != 0
    };
    let mut hashes: Vec<u64> = taken.iter().map(|(_, hash)| *hash).filter(repeats).collect();
    hashes.sort_unstable();
    hashes
}

/// Spreads places over all numbers; no two of them to one.
#[inline]
fn spread(place: u64) -> u64 {
    // The finalizer of MurmurHash3 (Appleby), less its last step, which the order does not need.
    let mixed = (place ^ place >> 33).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    (mixed ^ mixed >> 33).wrapping_mul(0xC4CE_B9FE_1A85_EC53)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Extent, Parts};
    use proptest::prelude::*;
    use xxhash_rust::xxh3::xxh3_64;

    fn add(values: &mut Values, place: u64, text: &str) {
        values.add(Occurrence { hash: xxh3_64(text.as_bytes()), place }, || text.as_bytes().into(), &mut 0);
    }

    #[test]
    fn distinct_is_exact_up_to_the_cap_and_near_beyond() {
        let mut values = Values::default();
        for i in 0..2 * MAX_DIFFERENT as u64 {
            add(&mut values, i, &format!("{}", i % MAX_DIFFERENT as u64));
        }
        assert_eq!(values.distinct(), Distinct { value: 1024, exact: true, relative_error: 0.0 });
        add(&mut values, 1 << 20, "one more");
        let found = values.distinct();
        assert!(!found.exact && (991..=1059).contains(&found.value), "{found:?}");
    }

    #[test]
    fn distinct_is_never_more_than_there_are() {
        for count in (1_100..9_000).step_by(100) {
            let mut values = Values::default();
            (0..count).for_each(|i| add(&mut values, i, &i.to_string()));
            assert!(values.distinct().value <= count, "{count}: {}", values.distinct().value);
        }
    }

    #[test]
    fn distinct_estimates_keep_their_standard_error() {
        let mut far = 0;
        for seed in 0..100_u64 {
            let count = 2000 * (1 + seed % 50);
            let mut many = Many::default();
            (0..count).for_each(|i| many.add(xxh3_64(format!("{seed}:{i}").as_bytes())));
            let error = (many.estimate() as f64 / count as f64 - 1.0).abs();
            assert!(error <= 0.065, "{count}: {error}");
            far += u32::from(error > 0.033);
        }
        assert!(far <= 5, "{far}");
    }

    #[test]
    fn frequent_is_exact_while_texts_fit_and_estimated_beyond() {
        let mut values = Values::default();
        let long = "x".repeat(MAX_TEXT_BYTES - 1);
        add(&mut values, 0, &long);
        (1..=3).for_each(|place| add(&mut values, place, "y"));
        let exact = values.frequent(1);
        assert_eq!(exact, [Frequent { text: b"y"[..].into(), count: 3, max_error: None }]);
        add(&mut values, 4, "z");
        let estimated = values.frequent(5);
        assert_eq!(values.distinct().value, 3);
        assert_eq!((estimated.len(), estimated[0].count), (1, 3));
        assert_eq!(&*estimated[0].text, b"y");
        assert!(estimated[0].max_error.is_some());
    }

    #[test]
    fn frequent_among_many_is_found_within_its_error() {
        let mut values = Values::default();
        for i in 0..200_000_u64 {
            let text = if i % 5 == 0 { "often".to_owned() } else { format!("value {i}") };
            add(&mut values, 17 * i, &text);
        }
        let frequent = values.frequent(10);
        assert_eq!(&*frequent[0].text, b"often");
        assert!(frequent[0].count.abs_diff(40_000) <= frequent[0].max_error.unwrap());
        assert_eq!(frequent.len(), 1, "what is rare is not told");
    }

    #[test]
    fn bytes_stay_bounded_however_many_values() {
        let mut values = Values::default();
        for i in 0..100_000_u64 {
            add(&mut values, i, &format!("{i:0200}"));
            assert!(values.bytes() < 400 << 10, "{}", values.bytes());
        }
    }

    proptest! {
        #[test]
        fn merge_in_any_partition_is_the_whole(kinds in prop::collection::vec(1..3000_u64, 1..6), parts in 1..7_u64, long in 0..2_usize) {
            let count = 4000;
            let text = |i: u64| format!("{}{}", i % kinds[i as usize % kinds.len()], "x".repeat(40 * long));
            let mut whole = Values::default();
            (0..count).for_each(|i| add(&mut whole, 31 * i, &text(i)));
            let mut sum = Values::default();
            for part in 0..parts {
                let mut one = Values::default();
                (0..count).filter(|i| i * 7919 % parts == part).for_each(|i| add(&mut one, 31 * i, &text(i)));
                let stored = one.store();
                let within = Parts::one(None, Extent { bytes: count, ..Extent::default() });
                let restored = Values::restore(stored.clone(), Bounds { parts: &within }).unwrap();
                prop_assert_eq!(restored.store(), stored);
                sum.merge(restored);
            }
            prop_assert_eq!(sum.distinct(), whole.distinct());
            prop_assert_eq!(sum.frequent(100), whole.frequent(100));
            prop_assert_eq!(sum.store(), whole.store());
        }
    }
}
