//! What is told of some values, by the hashes of these.

use crate::state::{Damage, ensure, restore_list, store_list, stored};

/// Texts in one piece of memory, found by hash. There are few of them, so that to make room among the places costs little.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// In the order of hashes.
    places: Vec<Place>,
    bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    hash: u64,
    start: u32,
    length: u32,
}

impl Place {
    fn of<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        &bytes[self.start as usize..][..self.length as usize]
    }
}

impl Told {
    /// As in a state.
    pub(super) fn store(&self) -> stored::Told {
        stored::Told {
            hashes: store_list(self.places.iter().map(|place| place.hash.to_le_bytes())),
            lengths: store_list(self.places.iter().map(|place| place.length.to_le_bytes())),
            texts: self.iter().flat_map(|(_, text)| text).copied().collect(),
        }
    }

    pub(super) fn restore(from: stored::Told) -> Result<Self, Damage> {
        let stored::Told { hashes, lengths, texts } = from;
        let count = lengths.len() / size_of::<u32>();
        let hashes = restore_list(&hashes, count)?.map(u64::from_le_bytes);
        let lengths = restore_list(&lengths, count)?.map(u32::from_le_bytes);
        let total: u64 = lengths.clone().map(u64::from).sum();
        ensure(total == texts.len() as u64 && total <= u32::MAX.into(), "texts are not as long as they are told to be")?;
        ensure(hashes.clone().is_sorted_by(|one, other| one < other), "texts are not in their order")?;
        let mut start = 0;
        let place = |(hash, length): (u64, u32)| {
            let place = Place { hash, start, length };
            start += length;
            place
        };
        Ok(Self { places: hashes.zip(lengths).map(place).collect(), bytes: texts })
    }

    /// Bytes of the longest text.
    pub(super) fn longest(&self) -> usize {
        self.places.iter().map(|place| place.length as usize).max().unwrap_or_default()
    }

    /// Texts.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Bytes of all texts, of some that are no longer told among them.
    pub(super) fn text_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Memory in use beside the value itself.
    pub(super) fn memory(&self) -> usize {
        self.places.capacity() * size_of::<Place>() + self.bytes.capacity()
    }

    /// In the order of hashes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.places.iter().map(|place| (place.hash, place.of(&self.bytes)))
    }

    pub(super) fn get(&self, hash: u64) -> Option<&[u8]> {
        let found = self.places.binary_search_by_key(&hash, |place| place.hash).ok()?;
        Some(self.places[found].of(&self.bytes))
    }

    /// Tells of one more value; of one that is told of already, nothing changes.
    pub(super) fn insert(&mut self, hash: u64, text: &[u8]) {
        if let Err(at) = self.places.binary_search_by_key(&hash, |place| place.hash) {
            self.places.insert(at, Place { hash, start: self.bytes.len() as u32, length: text.len() as u32 });
            self.bytes.extend_from_slice(text);
        }
    }

    /// All that both tell.
    pub(super) fn merge(&mut self, other: &Self) {
        let ours = std::mem::take(&mut self.places);
        let moved = self.bytes.len() as u32;
        self.bytes.extend_from_slice(&other.bytes);
        let theirs = |place: Place| Place { start: place.start + moved, ..place };
        self.places.reserve_exact(ours.len() + other.places.len());
        let (mut at, mut their_at) = (0, 0);
        while at < ours.len() && their_at < other.places.len() {
            // Without a branch, for there is no telling which it is.
            let (one, two) = (ours[at], theirs(other.places[their_at]));
            self.places.push(if one.hash <= two.hash { one } else { two });
            at += usize::from(one.hash <= two.hash);
            their_at += usize::from(two.hash <= one.hash);
        }
        self.places.extend_from_slice(&ours[at..]);
        self.places.extend(other.places[their_at..].iter().copied().map(theirs));
    }

    /// What both tell of these values, whose hashes come in their order.
    pub(super) fn chosen(&self, other: &Self, hashes: impl Iterator<Item = u64>) -> Self {
        let (mut ours, mut theirs) = (self.places.iter().peekable(), other.places.iter().peekable());
        let mut chosen = Self::default();
        for hash in hashes {
            while ours.next_if(|place| place.hash < hash).is_some() {}
            while theirs.next_if(|place| place.hash < hash).is_some() {}
            let found = ours.next_if(|place| place.hash == hash).map(|place| place.of(&self.bytes));
            let text = found.or_else(|| theirs.next_if(|place| place.hash == hash).map(|place| place.of(&other.bytes)));
            if let Some(text) = text {
                chosen.places.push(Place { hash, start: chosen.bytes.len() as u32, length: text.len() as u32 });
                chosen.bytes.extend_from_slice(text);
            }
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(texts: &[(u64, &str)]) -> Told {
        let mut told = Told::default();
        texts.iter().for_each(|(hash, text)| told.insert(*hash, text.as_bytes()));
        told
    }

    #[test]
    fn texts_are_found_by_hash_and_come_in_its_order() {
        let told = told(&[(7, "seven"), (2, ""), (9, "nine"), (7, "again")]);
        assert_eq!(told.iter().collect::<Vec<_>>(), [(2, &b""[..]), (7, b"seven"), (9, b"nine")]);
        assert_eq!((told.get(9), told.get(8)), (Some(&b"nine"[..]), None));
        assert_eq!((told.len(), told.text_bytes()), (3, 9));
    }

    #[test]
    fn chosen_are_the_texts_of_either() {
        let chosen =
            told(&[(1, "a"), (3, "c"), (5, "e")]).chosen(&told(&[(2, "b"), (3, "c"), (9, "i")]), [2, 3, 4, 5].into_iter());
        assert_eq!(chosen, told(&[(2, "b"), (3, "c"), (5, "e")]));
    }

    #[test]
    fn merged_are_all_texts_of_both() {
        let mut sum = told(&[(1, "a"), (3, "c"), (5, "e")]);
        sum.merge(&told(&[(0, "z"), (3, "c"), (4, "d"), (9, "i")]));
        assert_eq!(sum.store(), told(&[(0, "z"), (1, "a"), (3, "c"), (4, "d"), (5, "e"), (9, "i")]).store());
    }

    #[test]
    fn restore_takes_only_what_fits() {
        let told = told(&[(4, "c"), (1, "ab")]);
        assert_eq!(Told::restore(told.store()).unwrap().store(), told.store());
        for (hashes, lengths, texts) in
            [(&[4, 1][..], &[2, 1][..], &b"abc"[..]), (&[1, 1], &[2, 1], b"abc"), (&[1], &[2, 1], b"abc"), (&[1], &[2], b"abc")]
        {
            let hashes = store_list(hashes.iter().map(|hash: &u64| hash.to_le_bytes()));
            let lengths = store_list(lengths.iter().map(|length: &u32| length.to_le_bytes()));
            let texts = texts.to_vec();
            assert!(Told::restore(stored::Told { hashes, lengths, texts }).is_err());
        }
    }
}
