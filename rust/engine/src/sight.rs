//! Where a record stands: in its block while that is under way, then in the stream, and for a merge in its part.

use crate::state::PartKey;

/// A record, told from others and in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sight {
    /// 0 where the number is the record's index in the whole; else one more than the block's offset, or, of a merge, the key of the part.
    /// So what is known came first.
    group: u64,
    number: u64,
}

impl Sight {
    /// After all others.
    pub(crate) const NEVER: Self = Self { group: u64::MAX, number: u64::MAX };

    /// The record with this index.
    pub(crate) fn known(index: u64) -> Self {
        Self { group: 0, number: index }
    }

    pub(crate) fn in_block(at: u64, number: u64) -> Self {
        Self { group: at + 1, number }
    }

    pub(crate) fn in_part(part: PartKey, number: u64) -> Self {
        Self { group: part.get(), number }
    }

    /// The part and the place in it; what is known is of the part `own`.
    pub(crate) fn part(self, own: PartKey) -> (PartKey, u64) {
        (if self.group == 0 { own } else { PartKey::from_stored(self.group) }, self.number)
    }

    /// The same of a record that comes `records` later.
    pub(crate) fn moved(self, records: u64) -> Self {
        Self { number: self.number + records, ..self }
    }

    /// What is known becomes that of a part. The parts follow one another; `starts` are the indexes of their first records.
    pub(crate) fn put_into(&mut self, starts: &[(u64, PartKey)]) {
        if self.group != 0 {
            return;
        }
        // Of those that begin here, all but the last have no records.
        let after = starts.partition_point(|(start, _)| *start <= self.number);
        if let Some((start, part)) = after.checked_sub(1).and_then(|last| starts.get(last)) {
            *self = Self::in_part(*part, self.number - start);
        }
    }

    /// The index becomes known: `first_of` tells that of the first record of the block at an offset.
    pub(crate) fn settle(&mut self, first_of: &impl Fn(u64) -> u64) {
        if self.group != 0 && *self != Self::NEVER {
            *self = Self::known(first_of(self.group - 1) + self.number);
        }
    }

    /// The index, if there is such a record: while the whole is not known, that in its part.
    pub(crate) fn told(self) -> Option<u64> {
        (self != Self::NEVER).then_some(self.number)
    }
}
