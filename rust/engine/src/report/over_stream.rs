//! Where in a stream the invalid records lie: buckets of equal width, which widen as the stream goes on.
//!
//! A width is a power of two, and two neighbours of one width are one of the next. So counts come out the same in whatever order records
//! are counted and added up.

use crate::proto::InvalidOverStream;

/// Enough for a picture, in a few KiB.
const BUCKETS: usize = 512;
/// The narrowest are of so many bits of an offset: 1 KiB, a record or a few.
const NARROWEST_BITS: u32 = 10;
/// Bytes that it takes at most in an encoded result: ten a count, and what tells that they follow.
pub(super) const MOST_ENCODED_BYTES: usize = BUCKETS * 10 + 32;

/// Invalid records by the offset at which they begin.
#[derive(Debug, Default)]
pub(super) struct OverStream {
    /// How often the width has doubled.
    doublings: u32,
    /// Of each bucket, up to the last that has any. Takes no memory where no record is invalid.
    counts: Vec<u64>,
}

/// How often the narrowest width has to double, for an offset to lie in the last bucket or before.
fn doublings(offset: u64) -> u32 {
    let bits = u64::BITS - offset.leading_zeros();
    bits.saturating_sub(BUCKETS.ilog2() + NARROWEST_BITS)
}

impl OverStream {
    /// Counts a record that begins there.
    pub(super) fn count(&mut self, offset: u64) {
        self.widen(doublings(offset));
        self.put((offset >> self.bits()) as usize, 1);
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.widen(other.doublings);
        let shift = self.doublings - other.doublings;
        for (bucket, count) in other.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            self.put(bucket >> shift, *count);
        }
    }

    /// Bytes of memory that it takes.
    pub(super) fn bytes(&self) -> u64 {
        (self.counts.capacity() * size_of::<u64>()) as u64
    }

    /// What a result tells, of a stream of so many bytes.
    pub(super) fn describe(mut self, stream_bytes: u64) -> Option<InvalidOverStream> {
        if self.counts.is_empty() {
            return None;
        }
        self.widen(doublings(stream_bytes));
        Some(InvalidOverStream { bucket_bytes: 1 << self.bits(), counts: self.counts })
    }

    /// Bits of an offset that a bucket leaves open.
    fn bits(&self) -> u32 {
        NARROWEST_BITS + self.doublings
    }

    fn put(&mut self, bucket: usize, count: u64) {
        if self.counts.len() <= bucket {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += count;
    }

    fn widen(&mut self, doublings: u32) {
        if doublings <= self.doublings {
            return;
        }
        let shift = doublings - self.doublings;
        self.doublings = doublings;
        let narrower = std::mem::take(&mut self.counts);
        for (bucket, count) in narrower.into_iter().enumerate() {
            self.put(bucket >> shift, count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost::Message;

    fn counted(offsets: impl IntoIterator<Item = u64>) -> OverStream {
        let mut counted = OverStream::default();
        offsets.into_iter().for_each(|offset| counted.count(offset));
        counted
    }

    fn told(counted: OverStream, stream_bytes: u64) -> Option<(u64, Vec<u64>)> {
        counted.describe(stream_bytes).map(|told| (told.bucket_bytes, told.counts))
    }

    #[test]
    fn describe_nothing_counted_is_nothing() {
        assert_eq!(told(OverStream::default(), 1 << 40), None);
    }

    #[test]
    fn describe_offsets_at_the_edges_of_buckets_are_in_theirs() {
        assert_eq!(told(counted([0, 1023, 1024, 3072]), 4000), Some((1024, vec![2, 1, 0, 1])));
    }

    #[test]
    fn width_doubles_with_the_first_byte_beyond_the_last_bucket() {
        const ROOM: u64 = 512 << 10;
        let last = |offset| {
            let (width, counts) = told(counted([offset]), offset).unwrap();
            (width, counts.len())
        };
        assert_eq!((last(ROOM - 1), last(ROOM)), ((1024, 512), (2048, 257)));
        assert_eq!((last(2 * ROOM - 1), last(2 * ROOM)), ((2048, 512), (4096, 257)));
        assert_eq!(last(u64::MAX), (1 << 55, 512));
        // By the stream's length alone, wherever records lie.
        assert_eq!(told(counted([5, 1030]), ROOM - 1), Some((1024, vec![1, 1])));
        assert_eq!(told(counted([5, 1030]), ROOM), Some((2048, vec![2])));
    }

    #[test]
    fn counts_in_any_order_and_grouping_are_the_same() {
        let offsets: Vec<u64> = (0..2000).map(|i: u64| i * i * 7919).collect();
        let expected = told(counted(offsets.iter().copied()), 1 << 35);
        assert_eq!(told(counted(offsets.iter().rev().copied()), 1 << 35), expected);
        for size in [1, 7, 500] {
            let mut sum = OverStream::default();
            offsets.chunks(size).rev().for_each(|chunk| sum.add(&counted(chunk.iter().copied())));
            assert_eq!(told(sum, 1 << 35), expected, "{size}");
        }
        assert_eq!(expected.unwrap().1.iter().sum::<u64>(), 2000);
    }

    #[test]
    fn encoded_counts_are_never_more_than_the_room_kept_for_them() {
        let most = InvalidOverStream { bucket_bytes: 1 << 55, counts: vec![u64::MAX; BUCKETS] };
        let result = crate::proto::ProcessResult { invalid_over_stream: Some(most), ..Default::default() };
        assert!(result.encoded_len() <= MOST_ENCODED_BYTES, "{}", result.encoded_len());
    }
}
