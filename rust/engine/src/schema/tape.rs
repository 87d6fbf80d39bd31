//! The values of one record, in their order, each with the place of the one after it: what a record is judged by a schema over, any number of
//! times and in any order, without a tree.

use super::number::Written;
use crate::judge::Unescaped;
use crate::memory::{Budget, MemoryRefused, Reservation};
use crate::profile::ClearTokens;
use crate::screen::{PathId, Trail};
use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

/// The number of an entry of a tape.
pub(super) type At = u32;

/// Entries whose memory is free of charge: those of all but very large records.
const FREE_ENTRIES: usize = 16 << 10;

/// Types of JSON values, as a set. A number is an integer by its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Types(pub(super) u8);

impl Types {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(2);
    pub(super) const INTEGER: Self = Self(4);
    pub(super) const FRACTION: Self = Self(8);
    pub(super) const NUMBER: Self = Self(4 | 8);
    pub(super) const STRING: Self = Self(16);
    pub(super) const ARRAY: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    pub(super) const ALL: Self = Self(127);
    /// Each alone, in the order of their bits.
    pub(super) const EACH: [Self; 7] =
        [Self::NULL, Self::BOOLEAN, Self::INTEGER, Self::FRACTION, Self::STRING, Self::ARRAY, Self::OBJECT];

    #[inline(always)]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[inline(always)]
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline(always)]
    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[inline(always)]
    pub(super) const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What begins with each byte, where a value of a valid record begins.
const BEGUN: [Types; 256] = {
    let mut begun = [Types::NUMBER; 256];
    begun[b'"' as usize] = Types::STRING;
    begun[b'{' as usize] = Types::OBJECT;
    begun[b'[' as usize] = Types::ARRAY;
    begun[b't' as usize] = Types::BOOLEAN;
    begun[b'f' as usize] = Types::BOOLEAN;
    begun[b'n' as usize] = Types::NULL;
    begun
};

/// Room that is made first: for all but large records.
const MIN_ENTRIES: usize = 256;
/// Records after which what a very large one took is given back.
const SHRINK_AFTER: u32 = 10_000;
/// What finding repeated keys takes for each entry while it lasts.
const BYTES_TO_DROP: usize = 64;

#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    /// Offset of its first byte in the text.
    start: u32,
    /// Entries to the one after it, or after the bracket that closes it. Of a key on a tape that has paths, its path.
    length: u32,
}

/// Entries stand for values, keys and closing brackets, and the last two for the end of the record. A key stands right before its value.
#[derive(Debug)]
pub(super) struct Tape {
    /// As many as there is room for.
    entries: Vec<Entry>,
    /// How many of them are the record's.
    count: usize,
    /// Containers that are open while it is written.
    open: Vec<At>,
    /// Whether keys tell their paths.
    has_paths: bool,
    /// Whether there was room for all of the record.
    is_whole: bool,
    /// Records that were not very large since one was.
    small: u32,
    reservation: Reservation,
}

/// Writes a tape, as far as there is room.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    entries: &'a [Cell<Entry>],
    /// Those that are not written.
    rest: std::slice::Iter<'a, Cell<Entry>>,
    open: &'a mut Vec<At>,
    count: &'a mut usize,
    is_whole: &'a mut bool,
}

impl Writer<'_> {
    #[inline(always)]
    fn push(&mut self, start: usize, length: u32) {
        match self.rest.next() {
            Some(entry) => entry.set(Entry { start: start as u32, length }),
            None => *self.is_whole = false,
        }
    }

    #[inline(always)]
    fn written(&self) -> usize {
        self.entries.len() - self.rest.len()
    }
}

impl Trail for Writer<'_> {
    #[inline(always)]
    fn key(&mut self, quote: usize, path: PathId) {
        self.push(quote, path);
    }

    #[inline(always)]
    fn value(&mut self, at: usize) {
        self.push(at, 1);
    }

    #[inline(always)]
    fn open(&mut self, bracket: usize) {
        self.open.push(self.written() as At);
        self.push(bracket, 1);
    }

    #[inline(always)]
    fn close(&mut self, bracket: usize) {
        self.push(bracket, 1);
        let after = self.written() as u32;
        if let Some(open) = self.open.pop() {
            // There is none where there was no room.
            if let Some(entry) = self.entries.get(open as usize) {
                entry.set(Entry { length: after - open, ..entry.get() });
            }
        }
    }

    #[inline(always)]
    fn end(self) {
        *self.count = self.written();
    }
}

impl Tape {
    pub(super) fn new(budget: Arc<Budget>) -> Self {
        Self {
            entries: Vec::new(),
            count: 0,
            open: Vec::new(),
            has_paths: false,
            is_whole: true,
            small: 0,
            reservation: Reservation::new(budget),
        }
    }

    /// Begins a record.
    #[inline(always)]
    pub(super) fn begin(&mut self) -> Writer<'_> {
        self.open.clear();
        (self.has_paths, self.is_whole) = (true, true);
        let entries = Cell::from_mut(&mut self.entries[..]).as_slice_of_cells();
        let (count, is_whole) = (&mut self.count, &mut self.is_whole);
        Writer { entries, rest: entries.iter(), open: &mut self.open, count, is_whole }
    }

    /// Ends the record that was written, and which stands at `place`.
    #[inline(always)]
    pub(super) fn end(&mut self, text: &[u8], place: Range<usize>) -> Result<(), MemoryRefused> {
        if self.is_whole && self.finish(place.end) { Ok(()) } else { self.build_clearly(text, place) }
    }

    /// Writes what comes after the record, if there is room.
    #[inline(always)]
    fn finish(&mut self, end: usize) -> bool {
        // Two entries, so that after every key there are three.
        let Some(after) = self.entries.get_mut(self.count..).and_then(<[Entry]>::first_chunk_mut) else { return false };
        *after = [Entry { start: end as u32, length: 0 }; 2];
        self.count += 2;
        true
    }

    /// Takes the valid record at `place`, of which nothing else is known.
    #[cold]
    pub(super) fn build_clearly(&mut self, text: &[u8], place: Range<usize>) -> Result<(), MemoryRefused> {
        // There are no more tokens than bytes.
        if place.len() + 2 > self.entries.len() {
            self.make_room(ClearTokens::new(text, place.start, place.end).count() + 2)?;
        }
        let mut writer = self.begin();
        for token in ClearTokens::new(text, place.start, place.end) {
            match text[token] {
                b'{' | b'[' => writer.open(token),
                b'}' | b']' => writer.close(token),
                b',' | b':' => {}
                _ => writer.value(token),
            }
        }
        writer.end();
        self.has_paths = false;
        self.finish(place.end);
        Ok(())
    }

    fn make_room(&mut self, count: usize) -> Result<(), MemoryRefused> {
        if count <= self.entries.len() {
            return Ok(());
        }
        let length = count.max(2 * self.entries.len()).max(MIN_ENTRIES);
        let paid = length.saturating_sub(FREE_ENTRIES);
        // While they move, the old ones and the new ones are both there.
        self.reservation.set(((paid + paid / 2) * size_of::<Entry>()) as u64)?;
        self.entries.reserve_exact(length - self.entries.len());
        self.entries.resize(length, Entry::default());
        self.reservation.set((paid * size_of::<Entry>()) as u64)
    }

    /// Gives back what a very large record took, once many that are not have followed.
    #[inline(always)]
    pub(super) fn shrink(&mut self) {
        if self.entries.len() > FREE_ENTRIES {
            self.shrink_after_many();
        }
    }

    #[cold]
    fn shrink_after_many(&mut self) {
        self.small = if self.count > FREE_ENTRIES { 0 } else { self.small + 1 };
        if self.small == SHRINK_AFTER {
            (self.entries, self.small) = (Vec::new(), 0);
            // A smaller share is never refused.
            let _ = self.reservation.set(0);
        }
    }

    /// Entries, that for the end among them.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    #[inline(always)]
    pub(super) fn view<'a>(&'a self, text: &'a [u8], escaped: bool) -> View<'a> {
        View { text, entries: &self.entries[..self.count], escaped, path_bits: if self.has_paths { PathId::MAX } else { 0 } }
    }

    /// Leaves of the keys that are equal in one object only the last, with its value.
    pub(super) fn drop_repeats(&mut self, text: &[u8]) -> Result<(), MemoryRefused> {
        let before = self.reservation.bytes();
        if self.count > FREE_ENTRIES {
            self.reservation.set(before + (self.count * BYTES_TO_DROP) as u64)?;
        }
        let mut kept = vec![true; self.count];
        let view = self.view(text, true);
        let mut seen = std::collections::HashMap::new();
        for open in (0..self.count as At).filter(|at| view.byte(*at) == b'{') {
            seen.clear();
            let mut key = open + 1;
            while view.byte(key) != b'}' {
                if let Some(earlier) = seen.insert(view.string(key), key) {
                    kept[earlier as usize..view.next(earlier + 1) as usize].fill(false);
                }
                key = view.next(key + 1);
            }
        }
        // Where each kept entry will stand, and each dropped one would.
        let mut places = Vec::with_capacity(kept.len() + 1);
        let mut count = 0;
        for keep in &kept {
            places.push(count);
            count += At::from(*keep);
        }
        places.push(count);
        for (at, keep) in kept.iter().enumerate() {
            if *keep {
                let Entry { start, length } = self.entries[at];
                let after = places[at + length as usize];
                self.entries[places[at] as usize] = Entry { start, length: after - places[at] };
            }
        }
        self.count = count as usize;
        self.reservation.set(before)
    }
}

/// A value, and what is known of it at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here<'a> {
    pub(super) at: At,
    /// From its first byte to that of the entry after it.
    text: &'a [u8],
    /// Types that it may be of, by its first byte.
    pub(super) begun: Types,
}

impl<'a> Here<'a> {
    /// The number that it is.
    #[inline(always)]
    pub(super) fn number(self) -> Written<'a> {
        Written::new(self.text)
    }

    /// The string that it is, as it is written.
    pub(super) fn quoted(self) -> &'a [u8] {
        self.text.get(..self.raw().len() + 2).unwrap_or_default()
    }

    /// What stands between the quotes of the string that it is.
    #[inline(always)]
    pub(super) fn raw(self) -> &'a [u8] {
        raw(self.text)
    }
}

/// What stands between the quotes of the string or key that `text` begins with; what comes after it is a separator and white space.
#[inline(always)]
fn raw(text: &[u8]) -> &[u8] {
    match text {
        // The quote that closes it, right before what comes next; or with a comma or colon between, and white space after that.
        [_, raw @ .., b'"', b':' | b','] => raw,
        [_, raw @ .., b'"'] => raw,
        [_, raw @ .., b'"', b':' | b',', b' ' | b'\n'] => raw,
        [_, rest @ ..] => spaced(rest),
        [] => &[],
    }
}

/// A member of an object, at a glance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    /// Of its key.
    pub(super) path: PathId,
    /// Types that its value may be of.
    pub(super) begun: Types,
    /// The key after it, or the closing bracket.
    pub(super) next: At,
}

/// A tape with its text.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    text: &'a [u8],
    entries: &'a [Entry],
    /// Whether strings may have escapes.
    escaped: bool,
    /// The bits of a key's entry that are its path.
    path_bits: PathId,
}

impl<'a> View<'a> {
    #[inline(always)]
    pub(super) fn start(self, at: At) -> usize {
        self.entries[at as usize].start as usize
    }

    /// The entry after the value or bracket at `at`.
    #[inline(always)]
    pub(super) fn next(self, at: At) -> At {
        at + self.entries[at as usize].length
    }

    /// The first byte of an entry; at the end of the text, a space.
    #[inline(always)]
    pub(super) fn byte(self, at: At) -> u8 {
        self.text.get(self.start(at)).copied().unwrap_or(b' ')
    }

    /// Types that the value at `at` may be of, by its first byte.
    #[inline(always)]
    pub(super) fn begun(self, at: At) -> Types {
        BEGUN[usize::from(self.byte(at))]
    }

    /// The type of the value at `at`.
    pub(super) fn type_of(self, at: At) -> Types {
        match self.begun(at) {
            Types::NUMBER if self.here(at).number().is_integer() => Types::INTEGER,
            Types::NUMBER => Types::FRACTION,
            other => other,
        }
    }

    /// The value at `at`.
    #[inline(always)]
    pub(super) fn here(self, at: At) -> Here<'a> {
        let text = self.text.get(self.start(at)..self.start(at + 1)).unwrap_or_default();
        Here { at, text, begun: BEGUN[usize::from(text.first().copied().unwrap_or(b' '))] }
    }

    /// The member whose key is at `key`.
    #[inline(always)]
    pub(super) fn member(self, key: At) -> Option<Member> {
        let [name, value] = self.entries.get(key as usize..)?.first_chunk()?;
        let begun = BEGUN[usize::from(*self.text.get(value.start as usize)?)];
        Some(Member { path: name.length & self.path_bits, begun, next: key + 1 + value.length })
    }

    /// Types that the value at `at` may be of, and the entry after it.
    #[inline(always)]
    pub(super) fn glance(self, at: At) -> (Types, At) {
        let Entry { start, length } = self.entries[at as usize];
        (BEGUN[usize::from(self.text[start as usize])], at + length)
    }

    /// What stands between the quotes of the string or key at `at`.
    #[inline(always)]
    pub(super) fn raw(self, at: At) -> &'a [u8] {
        self.here(at).raw()
    }

    /// Whether the key at `key` is `name`.
    #[inline(always)]
    pub(super) fn is_named(self, key: At, name: &[u8]) -> bool {
        let written = self.text.get(self.start(key) + 1..self.start(key + 1)).unwrap_or_default();
        match written.split_at_checked(name.len()) {
            Some((begun, [b'"', ..])) if begun == name && !name.contains(&b'\\') => true,
            _ => self.escaped && *self.string(key) == *name,
        }
    }

    /// Whether what stands between the quotes is not all that the string stands for.
    #[inline(always)]
    pub(super) fn is_escaped(self, raw: &[u8]) -> bool {
        self.escaped && memchr::memchr(b'\\', raw).is_some()
    }

    /// The string or key at `at`, unescaped.
    #[inline(always)]
    pub(super) fn string(self, at: At) -> Cow<'a, [u8]> {
        let raw = self.raw(at);
        if !self.is_escaped(raw) {
            return Cow::Borrowed(raw);
        }
        let mut text = Vec::with_capacity(raw.len());
        Unescaped::append(raw, &mut text);
        Cow::Owned(text)
    }

    /// The text of the number at `at`.
    pub(super) fn number(self, at: At) -> &'a [u8] {
        self.here(at).number().number()
    }

    /// The text of the value at `at`, as it was written.
    pub(super) fn written(self, at: At) -> &'a [u8] {
        let start = self.start(at);
        let end = match self.byte(at) {
            b'{' | b'[' => self.start(self.next(at) - 1) + 1,
            b'"' => start + self.raw(at).len() + 2,
            b't' | b'n' => start + 4,
            b'f' => start + 5,
            _ => start + self.number(at).len(),
        };
        self.text.get(start..end).unwrap_or_default()
    }
}

/// The string whose content begins here, with something after it that is no part of it.
#[cold]
#[inline(never)]
fn spaced(rest: &[u8]) -> &[u8] {
    let after = |byte: &u8| matches!(byte, b',' | b':' | b' ' | b'\t' | b'\n' | b'\r');
    let quote = rest.iter().rposition(|byte| !after(byte)).unwrap_or_default();
    rest.get(..quote).unwrap_or_default()
}
