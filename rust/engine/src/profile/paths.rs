//! The paths of the records, as a trie: each key of an object, and one `*` for all elements of an array, leads from one path to the next.
//!
//! The key that followed last time is compared first, so that in data with a shape no key is hashed.
//!
//! Two caps bound it. An object with more than `max_keys` different keys is collapsed: one `*` stands for all its keys from then on, and
//! what was seen of them before is added up. Of more than `max_paths` paths those are kept that are lowest by depth and then by a hash of
//! the path; what is among the lowest of the whole is among the lowest of each part, so it is never dropped, and its figures are whole.

use super::field::{Field, Here, quoted};
use crate::proto::FieldProfile;
use crate::sight::Sight;
use crate::state::{Bounds, Damage, PartKey, ensure, stored};
use ahash::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::collections::HashMap;
use xxhash_rust::xxh3::xxh3_64;

/// Bytes of a path.
pub(super) const MAX_PATH_BYTES: usize = 1024;
/// Of a node beside its field's parts and its key, with its places in the tables.
const NODE_BYTES: usize = size_of::<Node>() + 32;

/// A path's number. 0 is none: what is not measured.
pub(super) type Path = u32;

pub(super) const NONE: Path = 0;
/// The records themselves.
pub(super) const ROOT: Path = 1;

#[derive(Debug, Clone, Copy)]
pub(super) struct Caps {
    pub(super) max_paths: usize,
    pub(super) max_keys: u32,
}

/// What decides which paths are kept: the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    depth: u16,
    hash: u64,
}

#[derive(Debug)]
struct Node {
    parent: Path,
    /// Unescaped; of `*`, nothing.
    key: Box<[u8]>,
    /// The first and the last bytes of the key: up to sixteen are all in them.
    ends: [u64; 2],
    /// Whether it is `*`.
    is_star: bool,
    /// Whether the key can be compared as it is written: it holds no backslash.
    is_plain: bool,
    /// Whether one `*` stands for all its keys.
    collapsed: bool,
    /// The key that came after this one, and the one that came first inside, last time.
    next: Path,
    inner: Path,
    star: Path,
    /// Whether its `*` may not be, so that not each element asks again.
    starless: bool,
    /// Keys inside.
    keys: u32,
    rank: Rank,
    path_bytes: u16,
    /// The first record that had it, and where in that.
    sight: (Sight, u32),
    field: Field,
}

impl Node {
    fn new(parent: Path, key: &[u8], is_star: bool, rank: Rank, path_bytes: usize, sight: (Sight, u32)) -> Self {
        Self {
            parent,
            key: key.into(),
            ends: ends(key),
            is_star,
            is_plain: !is_star && !key.contains(&b'\\'),
            collapsed: false,
            next: NONE,
            inner: NONE,
            star: NONE,
            starless: false,
            keys: 0,
            rank,
            path_bytes: path_bytes as u16,
            sight,
            field: Field::default(),
        }
    }

    fn bytes(&self) -> usize {
        NODE_BYTES + self.key.len() + self.field.bytes()
    }
}

#[derive(Debug)]
pub(super) struct Paths {
    caps: Caps,
    nodes: Vec<Node>,
    /// By parent and key, `*` left out.
    index: HashTable<Path>,
    hashing: RandomState,
    /// Once paths were dropped: the highest that is kept.
    limit: Option<Rank>,
    /// Whether a path was ever dropped, or is too long.
    pub(super) cut: bool,
    /// New numbers of the paths, where they have changed since last asked.
    moved: Option<Vec<Path>>,
}

impl Paths {
    pub(super) fn new(caps: Caps) -> Self {
        let rank = Rank { depth: 0, hash: 0 };
        // 0 is nobody's.
        let node = |parent| Node::new(parent, &[], true, rank, 0, (Sight::NEVER, 0));
        Self {
            caps,
            nodes: vec![node(NONE), node(NONE)],
            index: HashTable::new(),
            hashing: RandomState::new(),
            limit: None,
            cut: false,
            moved: None,
        }
    }

    #[inline(always)]
    pub(super) fn field(&mut self, path: Path) -> &mut Field {
        &mut self.nodes[path as usize].field
    }

    /// Whether it stands for many keys or elements.
    #[inline(always)]
    pub(super) fn is_star(&self, path: Path) -> bool {
        self.nodes[path as usize].is_star
    }

    /// The path of a key as it is written, which came after `last` in an object at `parent`, if it is the one that was foreseen.
    #[inline(always)]
    pub(super) fn foreseen(&self, parent: Path, last: Path, raw: &[u8]) -> Option<Path> {
        let path = if last == NONE { self.nodes[parent as usize].inner } else { self.nodes[last as usize].next };
        let node = &self.nodes[path as usize];
        let found =
            node.is_plain && node.key.len() == raw.len() && node.ends == ends(raw) && (raw.len() <= 16 || *node.key == *raw);
        found.then_some(path)
    }

    /// The path of an unescaped key after `last`, which is made where there is none; [`NONE`] where it may not be. Others may have moved.
    /// One that is too long where it was seen counts as `*`.
    #[cold]
    #[inline(never)]
    pub(super) fn find(
        &mut self,
        (parent, last): (Path, Path),
        key: &[u8],
        is_too_long: bool,
        here: (Sight, u32),
        grown: &mut isize,
    ) -> Path {
        if is_too_long || self.nodes[parent as usize].collapsed {
            return self.star(parent, here, grown);
        }
        let path = self.known(parent, key).unwrap_or_else(|| self.make(parent, key, false, here, grown));
        if path != NONE {
            let before = if last == NONE { &mut self.nodes[parent as usize].inner } else { &mut self.nodes[last as usize].next };
            *before = path;
        }
        self.keep_caps(parent, path, grown)
    }

    /// Bytes that the last segment of a path adds to that of its parent.
    #[inline(always)]
    pub(super) fn segment_bytes(&self, path: Path) -> u32 {
        let node = &self.nodes[path as usize];
        (node.path_bytes - self.nodes[node.parent as usize].path_bytes).into()
    }

    /// The path of all elements of an array, or all keys of a collapsed object.
    #[inline]
    pub(super) fn star(&mut self, parent: Path, here: (Sight, u32), grown: &mut isize) -> Path {
        match self.nodes[parent as usize].star {
            NONE if !self.nodes[parent as usize].starless => self.make_star(parent, here, grown),
            star => star,
        }
    }

    #[cold]
    #[inline(never)]
    fn make_star(&mut self, parent: Path, here: (Sight, u32), grown: &mut isize) -> Path {
        let star = self.find_star(parent, here, grown);
        self.nodes[parent as usize].starless = star == NONE;
        self.keep_caps(parent, star, grown)
    }

    /// New numbers of all paths, if they have changed since last asked.
    #[inline(always)]
    pub(super) fn moved(&mut self) -> Option<Vec<Path>> {
        self.moved.take()
    }

    /// Whoever held a number before `find`, `star` or `merge` finds its new one here.
    fn moved_to(&self, path: Path) -> Path {
        self.moved.as_ref().map_or(path, |moved| moved[path as usize])
    }

    /// The path of a key that was there before.
    fn known(&self, parent: Path, key: &[u8]) -> Option<Path> {
        let node = |path: &Path| &self.nodes[*path as usize];
        let same = |path: &Path| node(path).parent == parent && *node(path).key == *key;
        self.index.find(self.hashing.hash_one((parent, key)), same).copied()
    }

    fn make(&mut self, parent: Path, key: &[u8], is_star: bool, here: (Sight, u32), grown: &mut isize) -> Path {
        let Some((rank, path_bytes)) = self.place(parent, key, is_star) else {
            self.cut = true;
            return NONE;
        };
        let path = self.nodes.len() as Path;
        let node = Node::new(parent, key, is_star, rank, path_bytes, here);
        *grown += node.bytes() as isize;
        self.nodes.push(node);
        if !is_star {
            self.nodes[parent as usize].keys += 1;
            self.enter(path);
        }
        path
    }

    fn enter(&mut self, path: Path) {
        let Self { nodes, hashing, index, .. } = self;
        let hash = |path: &Path| hashing.hash_one((nodes[*path as usize].parent, &*nodes[*path as usize].key));
        index.insert_unique(hash(&path), path, hash);
    }

    /// The rank and length of a path, if it may be.
    fn place(&self, parent: Path, key: &[u8], is_star: bool) -> Option<(Rank, usize)> {
        let mut text = self.text(parent);
        push_segment(&mut text, key, is_star);
        let rank = Rank { depth: self.nodes[parent as usize].rank.depth + 1, hash: xxh3_64(text.as_bytes()) };
        let within = text.len() <= MAX_PATH_BYTES && self.limit.is_none_or(|limit| rank <= limit);
        within.then_some((rank, text.len()))
    }

    /// RFC 6901 with `*`.
    fn text(&self, mut path: Path) -> String {
        let mut segments = Vec::new();
        while path > ROOT {
            segments.push(path);
            path = self.nodes[path as usize].parent;
        }
        let mut text = String::new();
        for path in segments.into_iter().rev() {
            let node = &self.nodes[path as usize];
            push_segment(&mut text, &node.key, node.is_star);
        }
        text
    }

    /// Collapses and drops what is beyond the caps, now that a path was found at `parent`. Its number then.
    #[inline]
    fn keep_caps(&mut self, parent: Path, path: Path, grown: &mut isize) -> Path {
        let over_keys = !self.nodes[parent as usize].collapsed && self.nodes[parent as usize].keys > self.caps.max_keys;
        if over_keys || self.nodes.len() > 2 * self.caps.max_paths + 2 {
            let before = self.bytes();
            self.moved = None;
            if over_keys {
                self.nodes[parent as usize].collapsed = true;
            }
            self.tidy(2 * self.caps.max_paths);
            *grown += self.bytes() as isize - before as isize;
            return self.moved_to(path);
        }
        path
    }

    /// Adds up what collapsed objects hold, and keeps all paths if they are no more than `most`, else the lowest `max_paths`.
    fn tidy(&mut self, most: usize) {
        let mut at: Vec<Path> = (0..self.nodes.len() as Path).collect();
        let mut children = self.children();
        let mut pending: Vec<Path> =
            (ROOT..self.nodes.len() as Path).filter(|path| self.nodes[*path as usize].collapsed).collect();
        while let Some(path) = pending.pop() {
            // It may itself have been added to another by now.
            let path = settled(&mut at, path);
            self.nodes[path as usize].collapsed = true;
            self.add_up(path, &mut children, &mut at, &mut pending);
        }
        let count = self.nodes.len();
        (0..count as Path).for_each(|path| {
            settled(&mut at, path);
        });
        self.rebuild(&children, most, &at);
    }

    /// Adds all keys of a collapsed object to its `*`. Objects that have too many keys then are pending.
    fn add_up(&mut self, path: Path, children: &mut [Vec<Path>], at: &mut [Path], pending: &mut Vec<Path>) {
        let (keyed, mut stars): (Vec<_>, Vec<_>) =
            std::mem::take(&mut children[path as usize]).into_iter().partition(|child| !self.nodes[*child as usize].is_star);
        let mut merges: Vec<(Path, Path)> = Vec::new();
        for child in keyed {
            match stars.first() {
                Some(star) => merges.push((child, *star)),
                // The first key becomes the star itself.
                None => {
                    let node = &mut self.nodes[child as usize];
                    (node.is_star, node.is_plain, node.key, node.ends) = (true, false, Box::default(), ends(&[]));
                    stars.push(child);
                }
            }
        }
        children[path as usize] = stars;
        let mut twins = Twins::default();
        while let Some((from, to)) = merges.pop() {
            at[from as usize] = to;
            let field = std::mem::take(&mut self.nodes[from as usize].field);
            let (sight, collapsed) = (self.nodes[from as usize].sight, self.nodes[from as usize].collapsed);
            let target = &mut self.nodes[to as usize];
            target.field.merge(field);
            target.sight = target.sight.min(sight);
            if collapsed && !target.collapsed {
                target.collapsed = true;
                pending.push(to);
            }
            twins.know(to, &children[to as usize], &self.nodes);
            for child in std::mem::take(&mut children[from as usize]) {
                match twins.find_or_add(to, child, &self.nodes) {
                    Some(twin) => merges.push((child, twin)),
                    None => {
                        self.nodes[child as usize].parent = to;
                        children[to as usize].push(child);
                    }
                }
            }
            let keys = twins.keys_of(to);
            if keys > self.caps.max_keys as usize || self.nodes[to as usize].collapsed && keys > 0 {
                pending.push(to);
            }
        }
    }

    fn children(&self) -> Vec<Vec<Path>> {
        let mut children = vec![Vec::new(); self.nodes.len()];
        for path in ROOT + 1..self.nodes.len() as Path {
            children[self.nodes[path as usize].parent as usize].push(path);
        }
        children
    }

    /// Numbers all paths anew, parents before what is inside, and drops those beyond the caps. `at` are the numbers that the old ones have
    /// been added to.
    fn rebuild(&mut self, children: &[Vec<Path>], most: usize, at: &[Path]) {
        let mut old: Vec<Option<Node>> = std::mem::take(&mut self.nodes).into_iter().map(Some).collect();
        let mut new_numbers = vec![NONE; old.len()];
        // The places of paths may have changed.
        self.nodes.extend(old[..2].iter_mut().filter_map(Option::take));
        new_numbers[ROOT as usize] = ROOT;
        let mut order = vec![ROOT];
        let mut next = 0;
        while let Some(parent) = order.get(next).copied() {
            next += 1;
            let new_parent = new_numbers[parent as usize];
            let node = &mut self.nodes[new_parent as usize];
            (node.next, node.inner, node.star, node.starless, node.keys) = (NONE, NONE, NONE, false, 0);
            for child in &children[parent as usize] {
                let Some(mut node) = old[*child as usize].take() else { continue };
                let Some((rank, path_bytes)) = self.place(new_parent, &node.key, node.is_star) else {
                    self.cut = true;
                    continue;
                };
                (node.parent, node.rank, node.path_bytes) = (new_parent, rank, path_bytes as u16);
                let number = self.nodes.len() as Path;
                new_numbers[*child as usize] = number;
                if node.is_star {
                    self.nodes[new_parent as usize].star = number;
                } else {
                    self.nodes[new_parent as usize].keys += 1;
                }
                self.nodes.push(node);
                order.push(*child);
            }
        }
        self.index.clear();
        let composed: Vec<Path> = at.iter().map(|path| new_numbers[*path as usize]).collect();
        self.moved = Some(match self.moved.take() {
            Some(before) => before.iter().map(|path| composed[*path as usize]).collect(),
            None => composed,
        });
        if self.nodes.len() > most + 1 {
            self.drop_highest();
        }
        for path in ROOT + 1..self.nodes.len() as Path {
            if !self.nodes[path as usize].is_star {
                self.enter(path);
            }
        }
    }

    /// Keeps the lowest `max_paths`. What is inside a path is deeper, so it goes too.
    fn drop_highest(&mut self) {
        let mut ranks: Vec<Rank> = self.nodes[ROOT as usize..].iter().map(|node| node.rank).collect();
        if ranks.len() <= self.caps.max_paths {
            return;
        }
        self.cut = true;
        let (_, limit, _) = ranks.select_nth_unstable(self.caps.max_paths - 1);
        let limit = *limit;
        self.limit = Some(limit);
        let mut new_numbers = vec![NONE; self.nodes.len()];
        let mut kept: Vec<Node> = Vec::new();
        for (path, mut node) in std::mem::take(&mut self.nodes).into_iter().enumerate() {
            let parent = new_numbers[node.parent as usize];
            if path <= ROOT as usize || node.rank <= limit && parent != NONE {
                new_numbers[path] = kept.len() as Path;
                node.parent = parent;
                (node.star, node.keys) = (NONE, 0);
                if path > ROOT as usize {
                    let above = &mut kept[parent as usize];
                    if node.is_star {
                        above.star = new_numbers[path];
                    } else {
                        above.keys += 1;
                    }
                }
                kept.push(node);
            }
        }
        self.nodes = kept;
        if let Some(moved) = &mut self.moved {
            moved.iter_mut().for_each(|path| *path = new_numbers[*path as usize]);
        }
    }

    /// Adds what another saw of the same stream.
    pub(super) fn merge(&mut self, other: Self) {
        self.cut |= other.cut;
        let before = self.limit;
        self.limit = match (self.limit, other.limit) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let mut untidy = self.limit.is_some_and(|limit| before.is_none_or(|before| limit < before));
        let mut numbers = vec![NONE; other.nodes.len()];
        numbers[ROOT as usize] = ROOT;
        for (path, node) in other.nodes.into_iter().enumerate().skip(ROOT as usize) {
            if path > ROOT as usize {
                let parent = numbers[node.parent as usize];
                if parent == NONE {
                    continue;
                }
                let found = match (node.is_star, self.known(parent, &node.key)) {
                    (true, _) => self.find_star(parent, node.sight, &mut 0),
                    (false, Some(known)) => known,
                    (false, None) => self.make(parent, &node.key, false, node.sight, &mut 0),
                };
                numbers[path] = found;
                if found == NONE {
                    continue;
                }
                let above = &mut self.nodes[parent as usize];
                above.collapsed |= above.keys > self.caps.max_keys;
                untidy |= above.collapsed && above.keys > 0;
            }
            let ours = &mut self.nodes[numbers[path] as usize];
            ours.field.merge(node.field);
            ours.sight = ours.sight.min(node.sight);
            untidy |= node.collapsed && !ours.collapsed;
            ours.collapsed |= node.collapsed;
        }
        if untidy || self.nodes.len() > 2 * self.caps.max_paths + 2 {
            self.tidy(2 * self.caps.max_paths);
            self.moved = None;
        }
    }

    /// No more paths than the caps allow, as they are told and stored. Whether any were dropped by their rank.
    pub(super) fn keep_told(&mut self) -> bool {
        self.tidy(self.caps.max_paths);
        self.moved = None;
        self.nodes.iter_mut().for_each(|node| node.field.catch_up());
        self.limit.is_some()
    }

    /// As in a state, parents before what is inside them and in the order of keys; after [`Paths::keep_told`]. What is known is of the part
    /// `own`.
    pub(super) fn store(&self, own: PartKey) -> impl Iterator<Item = stored::Path> {
        let mut children = self.children();
        for inside in &mut children {
            inside.sort_unstable_by_key(|path| {
                let node = &self.nodes[*path as usize];
                (node.is_star, &node.key)
            });
        }
        // Each with the place of its parent.
        let mut order = vec![(ROOT, 0)];
        let mut next = 0;
        while let Some((path, _)) = order.get(next).copied() {
            order.extend(children[path as usize].iter().map(|child| (*child, next as u32)));
            next += 1;
        }
        order.into_iter().map(move |(path, parent)| {
            let node = &self.nodes[path as usize];
            let (part, record) = node.sight.0.part(own);
            let key = (!node.is_star).then(|| String::from_utf8_lossy(&node.key).into_owned());
            // None where no record was measured.
            let first = (node.sight.0 != Sight::NEVER).then_some(stored::Sight { part: part.get(), record });
            stored::Path { parent, key, collapsed: node.collapsed, first, offset: node.sight.1, ..node.field.store(own) }
        })
    }

    /// Adds a path of a state, whose parent has come before.
    pub(super) fn restore(&mut self, mut from: stored::Path, is_first: bool, bounds: Bounds<'_>) -> Result<(), Damage> {
        let sight = match from.first.take() {
            Some(stored::Sight { part, record }) => Sight::in_part(bounds.part(part)?, bounds.count(record)?),
            None => {
                ensure(is_first && from.present == 0, "a path was never first seen")?;
                Sight::NEVER
            }
        };
        let sight = (sight, from.offset);
        let (parent, key, collapsed) = (from.parent, from.key.take(), from.collapsed);
        let field = Field::restore(from, bounds)?;
        let path = if is_first {
            ROOT
        } else {
            ensure(self.nodes.len() <= self.caps.max_paths, "there are more paths than its limits allow")?;
            let parent = parent.checked_add(ROOT).filter(|parent| (*parent as usize) < self.nodes.len());
            let parent = parent.ok_or(Damage("a path comes before its parent"))?;
            let known = match &key {
                Some(key) => self.known(parent, key.as_bytes()).is_some(),
                None => self.nodes[parent as usize].star != NONE,
            };
            ensure(!known, "a path stands twice in it")?;
            let made = match key {
                Some(key) => self.make(parent, key.as_bytes(), false, sight, &mut 0),
                None => self.find_star(parent, sight, &mut 0),
            };
            ensure(made != NONE, "a path is too long")?;
            made
        };
        let node = &mut self.nodes[path as usize];
        (node.collapsed, node.field, node.sight) = (collapsed, field, sight);
        Ok(())
    }

    /// All paths of a state have come; of those that were `dropped` by their rank none may come any more, and others may have been left out.
    pub(super) fn restored(&mut self, dropped: bool, cut: bool) {
        self.cut = cut;
        self.limit = dropped.then(|| self.nodes[ROOT as usize..].iter().map(|node| node.rank).max()).flatten();
    }

    /// Memory of the path that was added last.
    pub(super) fn last_bytes(&self) -> usize {
        self.nodes.last().map_or(0, Node::bytes)
    }

    fn find_star(&mut self, parent: Path, here: (Sight, u32), grown: &mut isize) -> Path {
        if self.nodes[parent as usize].star == NONE {
            self.nodes[parent as usize].star = self.make(parent, &[], true, here, grown);
        }
        self.nodes[parent as usize].star
    }

    pub(super) fn seen(&self, path: Path) -> &Field {
        &self.nodes[path as usize].field
    }

    /// Whether one `*` stands for all keys of the objects at `path`.
    pub(super) fn is_collapsed(&self, path: Path) -> bool {
        self.nodes[path as usize].collapsed
    }

    /// The last key of a path, as a JSON string.
    pub(super) fn key(&self, path: Path) -> String {
        quoted(&self.nodes[path as usize].key)
    }

    /// The paths right inside each path, in order of first sight.
    pub(super) fn children_by_sight(&self) -> Vec<Vec<Path>> {
        let mut children = self.children();
        for inside in &mut children {
            inside.sort_by(|one, other| {
                let (one, other) = (&self.nodes[*one as usize], &self.nodes[*other as usize]);
                one.sight.cmp(&other.sight).then_with(|| one.key.cmp(&other.key))
            });
        }
        children
    }

    /// Memory in use.
    pub(super) fn bytes(&self) -> usize {
        self.nodes.iter().map(Node::bytes).sum()
    }

    pub(super) fn settle(&mut self, first_of: &impl Fn(u64) -> u64) {
        for node in &mut self.nodes {
            node.sight.0.settle(first_of);
            node.field.settle(first_of);
        }
    }

    /// What is known becomes that of parts.
    pub(super) fn put_into(&mut self, starts: &[(u64, PartKey)]) {
        for node in &mut self.nodes {
            node.sight.0.put_into(starts);
            node.field.put_into(starts);
        }
    }

    /// One record more, the first of all where `here` is the first.
    #[inline]
    pub(super) fn record(&mut self, here: Here<'_>) {
        let root = &mut self.nodes[ROOT as usize];
        if root.field.present == 0 {
            root.sight = (*here.sight, 0);
        }
        root.field.present += 1;
    }

    pub(super) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// How many paths are collapsed objects.
    pub(super) fn collapsed(&self) -> usize {
        self.nodes.iter().filter(|node| node.collapsed).count()
    }

    /// In order of first sight; no more than the caps allow.
    pub(super) fn describe(&mut self, describe: impl Fn(&Field) -> FieldProfile) -> Vec<FieldProfile> {
        self.keep_told();
        if self.nodes[ROOT as usize].field.present == 0 {
            return Vec::new();
        }
        let mut fields: Vec<_> = (ROOT..self.nodes.len() as Path)
            .map(|path| {
                let node = &self.nodes[path as usize];
                let parent = &self.nodes[node.parent as usize];
                let missing = (!node.is_star).then(|| parent.field.objects().saturating_sub(node.field.present));
                let collapsed = node.is_star && parent.collapsed && path != ROOT;
                (node.sight, FieldProfile { path: self.text(path), missing, collapsed, ..describe(&node.field) })
            })
            .collect();
        fields.sort_unstable_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.path.cmp(&b.path)));
        fields.into_iter().map(|(_, field)| field).collect()
    }
}

/// The paths inside of some others, by their keys.
#[derive(Debug, Default)]
struct Twins {
    hashing: RandomState,
    inside: HashTable<(Path, Path)>,
    /// Keys of those whose insides are known.
    keys: HashMap<Path, usize>,
}

impl Twins {
    fn know(&mut self, of: Path, children: &[Path], nodes: &[Node]) {
        if let std::collections::hash_map::Entry::Vacant(place) = self.keys.entry(of) {
            place.insert(0);
            for child in children {
                self.find_or_add(of, *child, nodes);
            }
        }
    }

    /// The path inside `of` that has the key of `child`, or else none, and `child` is it from now on.
    fn find_or_add(&mut self, of: Path, child: Path, nodes: &[Node]) -> Option<Path> {
        let name = |child: Path| (nodes[child as usize].is_star, &*nodes[child as usize].key);
        let Self { hashing, inside, keys } = self;
        let hash = |(of, child): &(Path, Path)| hashing.hash_one((of, name(*child)));
        let same = |(other, twin): &(Path, Path)| *other == of && name(*twin) == name(child);
        match inside.entry(hash(&(of, child)), same, hash) {
            Entry::Occupied(twin) => Some(twin.get().1),
            Entry::Vacant(place) => {
                place.insert((of, child));
                *keys.entry(of).or_default() += usize::from(!nodes[child as usize].is_star);
                None
            }
        }
    }

    fn keys_of(&self, of: Path) -> usize {
        self.keys.get(&of).copied().unwrap_or_default()
    }
}

/// Follows a number to the last one that it was added to.
fn settled(at: &mut [Path], path: Path) -> Path {
    let mut last = path;
    while at[last as usize] != last {
        last = at[last as usize];
    }
    at[path as usize] = last;
    last
}

/// The first eight and the last eight bytes, or all; different where two keys of one length up to sixteen are.
#[inline(always)]
fn ends(key: &[u8]) -> [u64; 2] {
    if let (Some(first), Some(last)) = (key.first_chunk(), key.last_chunk()) {
        return [u64::from_le_bytes(*first), u64::from_le_bytes(*last)];
    }
    if let (Some(first), Some(last)) = (key.first_chunk(), key.last_chunk()) {
        return [u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into()];
    }
    [key.iter().fold(0, |bytes, byte| bytes << 8 | u64::from(*byte)), 0]
}

/// Bytes of a key as a segment, with its slash.
pub(super) fn segment_bytes(key: &[u8]) -> usize {
    1 + key.len() + key.iter().filter(|byte| matches!(byte, b'~' | b'/' | b'*')).count()
}

fn push_segment(text: &mut String, key: &[u8], is_star: bool) {
    text.push('/');
    if is_star {
        text.push('*');
        return;
    }
    for character in String::from_utf8_lossy(key).chars() {
        match character {
            '~' => text.push_str("~0"),
            '/' => text.push_str("~1"),
            '*' => text.push_str("~2"),
            other => text.push(other),
        }
    }
}
