//! Exact counts by code, path, keyword and schema pointer; at most [`MAX_GROUPS`] of them with their paths.
//!
//! The groups that keep their path are those lowest by depth and then by a hash of the path. What is among the lowest of the whole is
//! among the lowest of each part in which it occurs: so it is never given up, and its count is exact, in whatever order parts come.

use crate::judge::{MAX_PATH_BYTES, MAX_POINTER_BYTES};
use crate::proto::{ViolationCode, ViolationGroup};
use crate::sight::Sight;
use crate::state::{Bounds, Damage, PartKey, ensure, stored};
use hashbrown::HashTable;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use xxhash_rust::xxh3::xxh3_64;

/// Groups that keep their path: more than a person reads.
pub(super) const MAX_GROUPS: usize = 1000;
/// The path of all groups past the cap.
const ALL_OTHERS: &str = "/**";
/// Groups after which those past the cap are looked for, so that looking costs little for each.
const PRUNE_AT: usize = 2 * MAX_GROUPS;
/// Bytes of a keyword; those of JSON Schema are shorter.
const MAX_KEYWORD_BYTES: usize = 64;
/// Of an entry, beside its texts.
const ENTRY_BYTES: u64 = 128;

#[derive(Debug, Clone, Copy)]
struct GroupTally {
    count: u64,
    first: Sight,
}

impl GroupTally {
    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.min(other.first);
    }
}

/// What violations of one group have in common beside their path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind<'a> {
    /// The rule that is broken.
    pub code: ViolationCode,
    /// Of a schema's violation; else empty. So is the next.
    pub keyword: &'a str,
    /// Where the keyword stands.
    pub schema_pointer: &'a str,
}

impl Kind<'_> {
    /// Of a code that has no keyword.
    pub fn of(code: ViolationCode) -> Self {
        Self { code, keyword: "", schema_pointer: "" }
    }
}

/// The same, kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct OwnedKind {
    code: ViolationCode,
    keyword: Box<str>,
    schema_pointer: Box<str>,
}

impl OwnedKind {
    fn get(&self) -> Kind<'_> {
        Kind { code: self.code, keyword: &self.keyword, schema_pointer: &self.schema_pointer }
    }
}

impl From<Kind<'_>> for OwnedKind {
    fn from(kind: Kind<'_>) -> Self {
        Self { code: kind.code, keyword: kind.keyword.into(), schema_pointer: kind.schema_pointer.into() }
    }
}

#[derive(Debug)]
struct Group {
    kind: OwnedKind,
    path: Box<str>,
    tally: GroupTally,
}

impl Group {
    fn is(&self, kind: Kind<'_>, path: &str) -> bool {
        self.kind.get() == kind && *self.path == *path
    }
}

#[derive(Debug, Default)]
pub(super) struct Groups {
    groups: Vec<Group>,
    /// Indices into the groups, by kind and path.
    index: HashTable<u32>,
    hashing: RandomState,
    /// Index of the group counted last, which is often the next one too.
    last: usize,
    others: BTreeMap<OwnedKind, GroupTally>,
    /// Of paths, keywords and pointers.
    text_bytes: u64,
}

impl Groups {
    /// Counts one more; how many there were before.
    pub(super) fn count(&mut self, kind: Kind<'_>, path: &str, record: u64) -> u64 {
        self.add(kind, path, GroupTally { count: 1, first: Sight::known(record) })
    }

    /// Adds the groups of records that follow `records` others.
    pub(super) fn merge(&mut self, next: &Self, records: u64) {
        let moved = |tally: &GroupTally| GroupTally { first: tally.first.moved(records), ..*tally };
        for group in &next.groups {
            self.add(group.kind.get(), &group.path, moved(&group.tally));
        }
        for (kind, tally) in &next.others {
            self.add_other(kind.get(), moved(tally));
        }
    }

    /// Memory in use.
    pub(super) fn bytes(&self) -> u64 {
        self.text_bytes + (self.groups.len() + self.others.len()) as u64 * ENTRY_BYTES
    }

    /// As in a result: largest count first, then by code, path, keyword and schema pointer.
    pub(super) fn describe(&mut self) -> Vec<ViolationGroup> {
        self.prune();
        let with_path = self.groups.iter().map(|group| (&group.kind, &*group.path, group.tally));
        let others = self.others.iter().map(|(kind, tally)| (kind, ALL_OTHERS, *tally));
        let mut groups: Vec<_> = with_path
            .chain(others)
            .map(|(kind, path, tally)| ViolationGroup {
                code: kind.code.into(),
                path: path.to_owned(),
                keyword: kind.keyword.to_string(),
                schema_pointer: kind.schema_pointer.to_string(),
                count: tally.count,
                first_record: tally.first.told().unwrap_or_default(),
            })
            .collect();
        sort(&mut groups);
        groups
    }

    /// Records become known by `first_of`, that of each part.
    pub(super) fn settle(&mut self, first_of: &impl Fn(u64) -> u64) {
        self.groups.iter_mut().for_each(|group| group.tally.first.settle(first_of));
        self.others.values_mut().for_each(|tally| tally.first.settle(first_of));
    }

    /// What is known becomes that of parts.
    pub(super) fn put_into(&mut self, starts: &[(u64, PartKey)]) {
        self.groups.iter_mut().for_each(|group| group.tally.first.put_into(starts));
        self.others.values_mut().for_each(|tally| tally.first.put_into(starts));
    }

    /// As in a state; what is known is of the part `own`.
    pub(super) fn store(&mut self, own: PartKey) -> Vec<stored::Group> {
        self.prune();
        let entry = |kind: &OwnedKind, path: Option<&str>, tally: &GroupTally| {
            let (part, record) = tally.first.part(own);
            let first = Some(stored::Sight { part: part.get(), record });
            stored::Group {
                code: kind.code.into(),
                path: path.map(str::to_owned),
                count: tally.count,
                first,
                keyword: kind.keyword.to_string(),
                schema_pointer: kind.schema_pointer.to_string(),
            }
        };
        let with_path = self.groups.iter().map(|group| entry(&group.kind, Some(&group.path), &group.tally));
        let mut all: Vec<_> = with_path.chain(self.others.iter().map(|(kind, tally)| entry(kind, None, tally))).collect();
        let order = |it: &stored::Group| (it.code, it.path.clone(), it.keyword.clone(), it.schema_pointer.clone());
        all.sort_by_cached_key(order);
        all
    }

    /// Adds a group of a state. The caller has seen to it that all of them together are not too many to count.
    pub(super) fn restore(&mut self, group: &stored::Group, bounds: Bounds<'_>) -> Result<(), Damage> {
        let stored::Sight { part, record } = group.first.unwrap_or_default();
        let first = Sight::in_part(bounds.part(part)?, bounds.count(record)?);
        let tally = GroupTally { count: bounds.count(group.count)?, first };
        let code = ViolationCode::try_from(group.code).unwrap_or_default();
        ensure(code != ViolationCode::Unspecified && tally.count > 0, "a group is of nothing")?;
        let kind = Kind { code, keyword: &group.keyword, schema_pointer: &group.schema_pointer };
        let of_schema = kind.keyword.len() <= MAX_KEYWORD_BYTES && kind.schema_pointer.len() <= MAX_POINTER_BYTES;
        ensure(if code == ViolationCode::Schema { of_schema } else { kind == Kind::of(code) }, "a group has no such keyword")?;
        match &group.path {
            Some(path) => {
                ensure(path.len() <= MAX_PATH_BYTES, "the path of a group is too long")?;
                self.add(kind, path, tally);
            }
            None => self.add_other(kind, tally),
        }
        Ok(())
    }

    fn add(&mut self, kind: Kind<'_>, path: &str, tally: GroupTally) -> u64 {
        let last = self.last;
        if !self.groups.get(last).is_some_and(|group| group.is(kind, path)) {
            self.last = self.find_or_insert(kind, path);
        }
        let group = &mut self.groups[self.last].tally;
        let before = group.count;
        group.merge(tally);
        if self.groups.len() == PRUNE_AT {
            self.prune();
        }
        before
    }

    fn find_or_insert(&mut self, kind: Kind<'_>, path: &str) -> usize {
        let Self { groups, index, hashing, .. } = self;
        let hash = hashing.hash_one((kind, path));
        if let Some(found) = index.find(hash, |at| groups[*at as usize].is(kind, path)) {
            return *found as usize;
        }
        let rehash = |at: &u32| hashing.hash_one((groups[*at as usize].kind.get(), &*groups[*at as usize].path));
        index.insert_unique(hash, groups.len() as u32, rehash);
        groups.push(Group { kind: kind.into(), path: path.into(), tally: GroupTally { count: 0, first: Sight::NEVER } });
        self.text_bytes += (path.len() + kind.keyword.len() + kind.schema_pointer.len()) as u64;
        groups.len() - 1
    }

    fn add_other(&mut self, kind: Kind<'_>, tally: GroupTally) {
        match self.others.entry(kind.into()) {
            Entry::Occupied(mut group) => group.get_mut().merge(tally),
            Entry::Vacant(place) => {
                self.text_bytes += (kind.keyword.len() + kind.schema_pointer.len()) as u64;
                place.insert(tally);
            }
        }
    }

    /// Takes their path from all groups but the lowest.
    fn prune(&mut self) {
        if self.groups.len() <= MAX_GROUPS {
            return;
        }
        let mut ranked: Vec<_> = std::mem::take(&mut self.groups).into_iter().map(|g| (Rank::of(&g), g)).collect();
        ranked.select_nth_unstable_by(MAX_GROUPS - 1, |(a, one), (b, other)| {
            a.cmp(b).then_with(|| one.path.cmp(&other.path)).then_with(|| one.kind.cmp(&other.kind))
        });
        self.index.clear();
        (self.last, self.text_bytes) =
            (0, self.others.keys().map(|kind| (kind.keyword.len() + kind.schema_pointer.len()) as u64).sum());
        for (number, (_, group)) in ranked.into_iter().enumerate() {
            if number < MAX_GROUPS {
                let at = self.find_or_insert(group.kind.get(), &group.path);
                self.groups[at].tally = group.tally;
            } else {
                self.add_other(group.kind.get(), group.tally);
            }
        }
    }
}

/// As in a result.
fn sort(groups: &mut [ViolationGroup]) {
    fn order(it: &ViolationGroup) -> (Reverse<u64>, i32, &str, &str, &str) {
        (Reverse(it.count), it.code, &it.path, &it.keyword, &it.schema_pointer)
    }
    groups.sort_unstable_by(|one, other| order(one).cmp(&order(other)));
}

/// Takes their paths from all of them, as in a result that is cut; of what they have in common then, the [`MAX_GROUPS`] lowest by code, keyword
/// and pointer keep these, and the others are counted by code alone.
pub(super) fn without_paths(groups: Vec<ViolationGroup>) -> Vec<ViolationGroup> {
    let mut kinds: BTreeMap<(i32, String, String), (u64, u64)> = BTreeMap::new();
    let add = |kinds: &mut BTreeMap<_, _>, key, count, first| {
        let entry: &mut (u64, u64) = kinds.entry(key).or_insert((0, u64::MAX));
        *entry = (entry.0 + count, entry.1.min(first));
    };
    for group in groups {
        add(&mut kinds, (group.code, group.keyword, group.schema_pointer), group.count, group.first_record);
    }
    let rest = kinds.keys().nth(MAX_GROUPS).cloned().map(|first| kinds.split_off(&first)).unwrap_or_default();
    for ((code, ..), (count, first)) in rest {
        add(&mut kinds, (code, String::new(), String::new()), count, first);
    }
    let mut groups: Vec<_> = kinds
        .into_iter()
        .map(|((code, keyword, schema_pointer), (count, first_record))| ViolationGroup {
            code,
            path: ALL_OTHERS.to_owned(),
            keyword,
            schema_pointer,
            count,
            first_record,
        })
        .collect();
    sort(&mut groups);
    groups
}

/// What decides first which groups keep their path, the lowest; then path, code, keyword and schema pointer do.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    depth: usize,
    hash: u64,
}

impl Rank {
    fn of(group: &Group) -> Self {
        let path = group.path.as_bytes();
        Self { depth: memchr::memchr_iter(b'/', path).count(), hash: xxh3_64(path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(groups: &[ViolationGroup]) -> u64 {
        groups.iter().map(|group| group.count).sum()
    }

    #[test]
    fn count_same_group_adds_up_and_keeps_the_first_record() {
        let mut groups = Groups::default();
        assert_eq!(groups.count(Kind::of(ViolationCode::Syntax), "/a", 7), 0);
        assert_eq!(groups.count(Kind::of(ViolationCode::Syntax), "/a", 9), 1);
        assert_eq!(groups.count(Kind::of(ViolationCode::Depth), "/a", 8), 0);
        let told: Vec<_> = groups.describe().iter().map(|g| (g.code(), g.count, g.first_record)).collect();
        assert_eq!(told, [(ViolationCode::Syntax, 2, 7), (ViolationCode::Depth, 1, 8)]);
    }

    #[test]
    fn describe_at_the_cap_keeps_all_paths_and_one_beyond_loses_one() {
        let mut groups = Groups::default();
        for number in 0..MAX_GROUPS as u64 {
            groups.count(Kind::of(ViolationCode::Syntax), &format!("/{number}"), number);
        }
        assert!(groups.describe().iter().all(|group| group.path != ALL_OTHERS));
        groups.count(Kind::of(ViolationCode::Syntax), "/one-more", 5000);
        let told = groups.describe();
        assert_eq!(told.len(), MAX_GROUPS + 1);
        assert_eq!(told.iter().filter(|group| group.path == ALL_OTHERS).map(|group| group.count).sum::<u64>(), 1);
    }

    #[test]
    fn merge_in_any_partition_gives_the_same_groups() {
        let path = |i: u64| format!("/{}/{}", i % 2003, i % 7);
        let count = 30_000;
        let mut whole = Groups::default();
        for record in 0..count {
            whole.count(Kind::of(ViolationCode::Syntax), &path(record), record);
        }
        let expected = whole.describe();
        assert_eq!(total(&expected), count);
        for size in [1, 17, 999, 5000, 29_999] {
            let mut sum = Groups::default();
            for start in (0..count).step_by(size) {
                let mut part = Groups::default();
                for record in start..count.min(start + size as u64) {
                    part.count(Kind::of(ViolationCode::Syntax), &path(record), record - start);
                }
                sum.merge(&part, start);
            }
            assert_eq!(sum.describe(), expected, "parts of {size}");
        }
    }

    #[test]
    fn bytes_stay_bounded_however_many_paths() {
        let mut groups = Groups::default();
        for number in 0..20_000 {
            groups.count(Kind::of(ViolationCode::Syntax), &format!("/{number}"), number);
            assert!(groups.bytes() <= PRUNE_AT as u64 * (ENTRY_BYTES + 8));
        }
    }
}
