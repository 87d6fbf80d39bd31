//! How often doubles fall into buckets whose width grows with the value: 64 to an octave, so that a value is known to 0.78 %.
//!
//! Where the data fill more than [`MAX_BUCKETS`], neighbours join and the resolution halves, again and again. How often depends on the
//! data alone: a part of them never fills more buckets than the whole.

use crate::proto::HistogramBar;
use crate::state::{Bounds, Damage, ensure, restore_list, store_list, stored};

/// Buckets that may be filled: sixteen octaves of them.
const MAX_BUCKETS: usize = 1024;
/// Bars that are told.
const MAX_BARS: usize = 64;
/// Bits of a double that a bucket does not look at: all of its fraction but six.
const FRACTION_BITS: u32 = 46;
/// Slots of a table at first; there are always twice as many as filled buckets.
const FIRST_SLOTS: usize = 16;
const EMPTY: i32 = i32::MIN;
/// The bucket of the greatest double, and how often buckets can be joined until there is one of each sign.
const MAX_MAGNITUDE: i32 = (f64::MAX.to_bits() >> FRACTION_BITS) as i32;
const MAX_JOINED: u32 = MAX_MAGNITUDE.ilog2() + 1;

/// A bucket and how many values it has; none is that of zeros.
pub(super) type Bucket = (Option<i32>, u64);

/// Counts of finite doubles that are not zero.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    /// How often neighbours have joined.
    joined: u32,
    filled: usize,
    slots: Vec<Slot>,
}

/// The bucket of a negative value is below 0: -1 - that of its magnitude.
#[derive(Debug, Clone, Copy)]
struct Slot {
    bucket: i32,
    count: u64,
}

impl Histogram {
    /// Adds a value so many times; what memory that takes is added to `grown`.
    #[inline(always)]
    pub(super) fn add(&mut self, double: f64, times: u64, grown: &mut isize) {
        let magnitude = ((double.to_bits() & (u64::MAX >> 1)) >> FRACTION_BITS) as i32 >> self.joined;
        let bucket = if double < 0.0 { -1 - magnitude } else { magnitude };
        if !self.count(bucket, times) {
            let before = self.bytes();
            self.fill(bucket, times);
            *grown += self.bytes() as isize - before as isize;
        }
    }

    /// Counts values of a bucket that is filled; else tells that it is not.
    #[inline]
    fn count(&mut self, bucket: i32, count: u64) -> bool {
        match self.find(bucket) {
            Some(slot) if slot.bucket == bucket => {
                slot.count += count;
                true
            }
            _ => false,
        }
    }

    /// The slot of a bucket, or an empty one; `None` where there are none at all.
    #[inline]
    fn find(&mut self, bucket: i32) -> Option<&mut Slot> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = place(bucket) & mask;
        let mut step = 0;
        while self.slots[at].bucket != bucket && self.slots[at].bucket != EMPTY {
            // Triangular numbers: they visit every slot, and leave a run of filled ones soon.
            step += 1;
            at = (at + step) & mask;
        }
        Some(&mut self.slots[at])
    }

    #[cold]
    #[inline(never)]
    fn fill(&mut self, bucket: i32, count: u64) {
        if 2 * (self.filled + 1) > self.slots.len() {
            let slots = (2 * self.slots.len()).max(FIRST_SLOTS);
            self.rebuild(slots, 0);
        }
        if let Some(slot) = self.find(bucket) {
            *slot = Slot { bucket, count };
            self.filled += 1;
        }
        while self.filled > MAX_BUCKETS {
            self.rebuild(self.slots.len(), 1);
        }
    }

    /// Puts all buckets anew into so many slots, each joined with its neighbours so often.
    fn rebuild(&mut self, slots: usize, join: u32) {
        let old = std::mem::replace(&mut self.slots, vec![Slot { bucket: EMPTY, count: 0 }; slots]);
        self.filled = 0;
        self.joined += join;
        for Slot { bucket, count } in old.into_iter().filter(|slot| slot.bucket != EMPTY) {
            let bucket = joined(bucket, join);
            if let Some(slot) = self.find(bucket) {
                if slot.bucket == EMPTY {
                    *slot = Slot { bucket, count };
                    self.filled += 1;
                } else {
                    slot.count += count;
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if other.joined > self.joined {
            self.rebuild(self.slots.len(), other.joined - self.joined);
        }
        for slot in other.slots.iter().filter(|slot| slot.bucket != EMPTY) {
            // Filling one may join neighbours once more.
            let bucket = joined(slot.bucket, self.joined - other.joined);
            if !self.count(bucket, slot.count) {
                self.fill(bucket, slot.count);
            }
        }
    }

    /// As in a state.
    pub(super) fn store(&self, into: &mut stored::Numbers) {
        let mut filled: Vec<_> = self.slots.iter().filter(|slot| slot.bucket != EMPTY).collect();
        filled.sort_by_key(|slot| slot.bucket);
        into.joined = self.joined;
        into.buckets = store_list(filled.iter().map(|slot| slot.bucket.to_le_bytes()));
        into.bucket_counts = store_list(filled.iter().map(|slot| slot.count.to_le_bytes()));
    }

    /// The values of a state, and how many there are.
    pub(super) fn restore(from: &stored::Numbers, bounds: Bounds<'_>) -> Result<(Self, u64), Damage> {
        let filled = from.buckets.len() / size_of::<i32>();
        let buckets = restore_list(&from.buckets, filled)?.map(i32::from_le_bytes);
        let counts = restore_list(&from.bucket_counts, filled)?.map(u64::from_le_bytes);
        ensure(filled <= MAX_BUCKETS, "a histogram has too many buckets")?;
        ensure(buckets.clone().is_sorted_by(|one, other| one < other), "buckets are not in their order")?;
        ensure(from.joined <= MAX_JOINED, "buckets are wider than all values")?;
        let most = MAX_MAGNITUDE >> from.joined;
        ensure(buckets.clone().all(|bucket| bucket != EMPTY && magnitude(bucket) <= most), "a bucket is beyond all values")?;
        // Room for as many as there are, at most half full.
        let slots = if filled == 0 { 0 } else { (2 * filled).next_power_of_two().max(FIRST_SLOTS) };
        let mut histogram = Self { joined: from.joined, filled, slots: vec![Slot { bucket: EMPTY, count: 0 }; slots] };
        let mut total = 0;
        for (bucket, count) in buckets.zip(counts) {
            total = bounds.count(total + bounds.count(count)?)?;
            ensure(count > 0, "a bucket is empty")?;
            if let Some(slot) = histogram.find(bucket) {
                *slot = Slot { bucket, count };
            }
        }
        Ok((histogram, total))
    }

    /// Memory in use beside the value itself.
    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
    }

    /// The largest error of a value that is told for a bucket.
    pub(super) fn relative_error(&self) -> f64 {
        let (lower, upper) = bounds(0x3FF << 6 >> self.joined, self.joined);
        // A little more, for that is rounded, and so is the value.
        (upper - lower) / (upper + lower) + 4.0 * f64::EPSILON
    }

    /// Filled buckets from the lowest on, with `zeros` among them.
    pub(super) fn sorted(&self, zeros: u64) -> Vec<Bucket> {
        let mut filled: Vec<&Slot> = self.slots.iter().filter(|slot| slot.bucket != EMPTY).collect();
        // Stable, for that makes use of runs, and neighbours stand side by side.
        filled.sort_by_key(|slot| slot.bucket);
        let negative = filled.partition_point(|slot| slot.bucket < 0);
        let bucket = |slot: &&Slot| (Some(slot.bucket), slot.count);
        let zero = (zeros > 0).then_some((None, zeros));
        filled[..negative].iter().map(bucket).chain(zero).chain(filled[negative..].iter().map(bucket)).collect()
    }

    /// The values at `ranks`, which are from 1 to the number of all values in the sorted buckets and do not fall.
    pub(super) fn values_at(&self, ranks: &[u64], buckets: &[Bucket]) -> Vec<f64> {
        let mut at = 0;
        let mut below = 0;
        let mut values = Vec::with_capacity(ranks.len());
        for rank in ranks {
            while at + 1 < buckets.len() && below + buckets[at].1 < *rank {
                below += buckets[at].1;
                at += 1;
            }
            values.push(buckets.get(at).and_then(|(bucket, _)| *bucket).map_or(0.0, |bucket| self.value(bucket)));
        }
        values
    }

    /// The value whose greatest relative error is least.
    fn value(&self, bucket: i32) -> f64 {
        let (lower, upper) = bounds(magnitude(bucket), self.joined);
        // Twice the product over the sum, without leaving the range of doubles.
        let value = if lower == 0.0 { 0.0 } else { lower * (2.0 / (1.0 + lower / upper)) };
        if bucket < 0 { -value } else { value }
    }

    /// At most [`MAX_BARS`] bars of the sorted buckets, neighbours joined until they are no more.
    pub(super) fn bars(&self, mut buckets: Vec<Bucket>) -> Vec<HistogramBar> {
        let mut join = 0;
        while buckets.len() > MAX_BARS {
            join += 1;
            buckets.iter_mut().for_each(|(bucket, _)| *bucket = bucket.map(|bucket| joined(bucket, 1)));
            buckets.dedup_by(|next, last| {
                let same = next.0 == last.0;
                last.1 += if same { next.1 } else { 0 };
                same
            });
        }
        let bar = |(bucket, count): Bucket| {
            let (lower, upper) = bucket.map_or((0.0, 0.0), |bucket| {
                let (lower, upper) = bounds(magnitude(bucket), self.joined + join);
                if bucket < 0 { (-upper, -lower) } else { (lower, upper) }
            });
            HistogramBar { lower, upper, count }
        };
        buckets.into_iter().map(bar).collect()
    }
}

fn joined(bucket: i32, join: u32) -> i32 {
    // Shifting an integer below 0 rounds down, so that both signs mirror each other.
    bucket >> join
}

fn magnitude(bucket: i32) -> i32 {
    if bucket < 0 { -1 - bucket } else { bucket }
}

/// The bounds of the magnitudes in a bucket; the lower one is in it.
fn bounds(magnitude: i32, joined: u32) -> (f64, f64) {
    let bound = |magnitude: u64| f64::from_bits((magnitude << joined << FRACTION_BITS).min(f64::MAX.to_bits()));
    (bound(magnitude as u64), bound(magnitude as u64 + 1))
}

/// Where a bucket is looked for first: neighbours stand side by side, since most data fill a few octaves, and what is far from them elsewhere.
#[inline(always)]
fn place(bucket: i32) -> usize {
    let far = (bucket >> 11) as u32;
    // Any odd number does.
    (bucket as u32).wrapping_add(far.wrapping_mul(0x9E37_79B1) >> 16) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn histogram(values: &[f64]) -> (Histogram, u64) {
        let mut histogram = Histogram::default();
        values.iter().filter(|value| **value != 0.0).for_each(|value| histogram.add(*value, 1, &mut 0));
        (histogram, values.iter().filter(|value| **value == 0.0).count() as u64)
    }

    #[test]
    fn values_at_are_within_the_error_of_every_value() {
        let mut values: Vec<f64> = (0..5000).map(|i| f64::from(i - 2000) * 1.37).collect();
        let (histogram, zeros) = histogram(&values);
        assert!(histogram.relative_error() < 0.00782);
        values.sort_unstable_by(f64::total_cmp);
        let ranks: Vec<u64> = (1..=values.len() as u64).collect();
        for (found, expected) in histogram.values_at(&ranks, &histogram.sorted(zeros)).iter().zip(&values) {
            assert!((found - expected).abs() <= expected.abs() * histogram.relative_error(), "{found} for {expected}");
        }
    }

    #[test]
    fn add_fills_up_to_the_cap_and_joins_beyond_it() {
        let value = |bucket: u64| f64::from_bits(((0x3FF << 6) + bucket) << FRACTION_BITS);
        let mut histogram = Histogram::default();
        (0..MAX_BUCKETS as u64).for_each(|bucket| histogram.add(value(bucket), 1, &mut 0));
        assert_eq!((histogram.filled, histogram.joined), (MAX_BUCKETS, 0));
        histogram.add(value(MAX_BUCKETS as u64), 1, &mut 0);
        assert_eq!((histogram.filled, histogram.joined), (MAX_BUCKETS / 2 + 1, 1));
    }

    #[test]
    fn bars_cover_all_values_without_overlap() {
        let values: Vec<f64> = (-3000..3000).map(|i| f64::from(i) / 7.0).collect();
        let (histogram, zeros) = histogram(&values);
        let bars = histogram.bars(histogram.sorted(zeros));
        assert!((2..=MAX_BARS).contains(&bars.len()));
        assert_eq!(bars.iter().map(|bar| bar.count).sum::<u64>(), 6000);
        assert!(bars.windows(2).all(|pair| pair[0].upper <= pair[1].lower));
        assert!(bars[0].lower <= values[0] && bars[bars.len() - 1].upper >= values[5999]);
    }

    proptest! {
        #[test]
        fn merge_in_any_partition_is_the_whole(values in prop::collection::vec(any::<f64>(), 1..3000), cut in 0_usize..3000) {
            let values: Vec<_> = values.into_iter().filter(|value| value.is_finite()).collect();
            let cut = cut.min(values.len());
            let (mut one, zeros) = histogram(&values[..cut]);
            let (other, other_zeros) = histogram(&values[cut..]);
            one.merge(&other);
            let (whole, all_zeros) = histogram(&values);
            prop_assert_eq!(zeros + other_zeros, all_zeros);
            prop_assert_eq!(one.joined, whole.joined);
            prop_assert_eq!(one.sorted(all_zeros), whole.sorted(all_zeros));
        }
    }
}
