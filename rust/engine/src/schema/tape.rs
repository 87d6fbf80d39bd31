//! The values of one record, in their order, each with the place of the one after it: what a record is judged by a schema over, any number of
//! times and in any order, without a tree.

use crate::judge::Unescaped;
use crate::memory::{Budget, MemoryRefused, Reservation};
use std::borrow::Cow;
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

/// What each byte is to who builds a tape.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Value,
    Open,
    Close,
    Between,
}

const ROLES: [Role; 256] = {
    let mut roles = [Role::Value; 256];
    roles[b'{' as usize] = Role::Open;
    roles[b'[' as usize] = Role::Open;
    roles[b'}' as usize] = Role::Close;
    roles[b']' as usize] = Role::Close;
    roles[b',' as usize] = Role::Between;
    roles[b':' as usize] = Role::Between;
    roles
};

#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    /// Offset of its first byte in the text.
    start: u32,
    /// The entry after it, or after the bracket that closes it.
    next: At,
}

/// Entries stand for values, keys and closing brackets, and the last one for the end of the record. A key stands right before its value.
#[derive(Debug)]
pub(super) struct Tape {
    entries: Vec<Entry>,
    /// Containers that are open while it is built.
    open: Vec<At>,
    reservation: Reservation,
}

impl Tape {
    pub(super) fn new(budget: Arc<Budget>) -> Self {
        Self { entries: Vec::new(), open: Vec::new(), reservation: Reservation::new(budget) }
    }

    /// Takes the valid record that ends at `end` and has these tokens; those for commas and colons do not matter.
    #[inline(always)]
    pub(super) fn build(&mut self, text: &[u8], tokens: impl Iterator<Item = usize>, end: usize) -> Result<(), MemoryRefused> {
        self.entries.clear();
        self.open.clear();
        for token in tokens {
            let role = ROLES[usize::from(text[token])];
            if role == Role::Between {
                continue;
            }
            let at = self.entries.len();
            if at == self.entries.capacity() {
                self.grow()?;
            }
            self.entries.push(Entry { start: token as u32, next: at as At + 1 });
            match role {
                Role::Open => self.open.push(at as At),
                Role::Close => {
                    if let Some(open) = self.open.pop() {
                        self.entries[open as usize].next = at as At + 1;
                    }
                }
                Role::Value | Role::Between => {}
            }
        }
        if self.entries.len() == self.entries.capacity() {
            self.grow()?;
        }
        self.entries.push(Entry { start: end as u32, next: self.entries.len() as At });
        Ok(())
    }

    #[cold]
    fn grow(&mut self) -> Result<(), MemoryRefused> {
        let capacity = (2 * self.entries.capacity()).max(256);
        let paid = capacity.saturating_sub(FREE_ENTRIES);
        // While they move, the old ones and the new ones are both there.
        self.reservation.set(((paid + paid / 2) * size_of::<Entry>()) as u64)?;
        self.entries.reserve_exact(capacity - self.entries.len());
        self.reservation.set((paid * size_of::<Entry>()) as u64)
    }

    /// Gives back what a very large record took.
    pub(super) fn shrink(&mut self) {
        if self.entries.capacity() > FREE_ENTRIES {
            self.entries = Vec::new();
            // A smaller share is never refused.
            let _ = self.reservation.set(0);
        }
    }

    /// Entries, that for the end among them.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline(always)]
    pub(super) fn view<'a>(&'a self, text: &'a [u8], escaped: bool) -> View<'a> {
        View { text, entries: &self.entries, escaped }
    }

    /// Leaves of the keys that are equal in one object only the last, with its value.
    pub(super) fn drop_repeats(&mut self, text: &[u8]) {
        let mut kept = vec![true; self.entries.len()];
        let view = View { text, entries: &self.entries, escaped: true };
        let mut seen = std::collections::HashMap::new();
        for open in (0..self.entries.len() as At).filter(|at| view.byte(*at) == b'{') {
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
        let mut at = 0;
        self.entries.retain_mut(|entry| {
            entry.next = places[entry.next as usize];
            at += 1;
            kept[at - 1]
        });
    }
}

/// A tape with its text.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    text: &'a [u8],
    entries: &'a [Entry],
    /// Whether strings may have escapes.
    escaped: bool,
}

impl<'a> View<'a> {
    #[inline(always)]
    pub(super) fn start(self, at: At) -> usize {
        self.entries[at as usize].start as usize
    }

    /// The entry after the value, or after the key or bracket, at `at`.
    #[inline(always)]
    pub(super) fn next(self, at: At) -> At {
        self.entries[at as usize].next
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
            Types::NUMBER if super::number::is_integer(self.number(at)) => Types::INTEGER,
            Types::NUMBER => Types::FRACTION,
            other => other,
        }
    }

    /// What stands between the quotes of the string or key at `at`.
    #[inline(always)]
    pub(super) fn raw(self, at: At) -> &'a [u8] {
        let (start, next) = (self.start(at), self.start(at + 1));
        match self.text.get(start + 1..next) {
            // The quote that closes it, right before what comes next; or with a comma or colon between.
            Some([raw @ .., b'"', b':' | b',']) => raw,
            Some([raw @ .., b'"']) => raw,
            Some(rest) => spaced(rest),
            None => &[],
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
    #[inline(always)]
    pub(super) fn number(self, at: At) -> &'a [u8] {
        let rest = self.text.get(self.start(at)..self.start(at + 1)).unwrap_or_default();
        let length = rest.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
        &rest[..length.unwrap_or(rest.len())]
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
