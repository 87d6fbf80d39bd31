//! What was seen of every field of the records that were measured.
//!
//! A record is measured once its verdict is in, so that a fault leaves no trace, wherever it stands; the record is still in the cache then,
//! and the screen's tokens tell where its values begin. All that is kept is the same in whatever order records come and parts are added up:
//! counts, exact sums, minima and maxima, sets and what is lowest by a hash. The one exception is where a record stands, which a worker
//! knows within its block and learns of the stream when the block retires.

mod field;
mod formats;
mod histogram;
mod numbers;
mod paths;
mod schema;
mod sums;
mod texts;
mod tokens;
mod told;
mod values;

pub(crate) use tokens::ClearTokens;

use crate::decimal::Number;
use crate::judge::Unescaped;
use crate::memory::{Budget, MemoryRefused, Reservation};
use crate::plan::Plan;
use crate::proto::{FieldProfile, ProfileScope, Redaction, Warning, WarningCode};
use crate::sight::Sight;
use crate::state::stored::entry::Entry;
use crate::state::{Bounds, Damage, PartKey, Writer, stored};
use field::{Here, Kept, Type};
use memchr::memchr;
use paths::{Caps, MAX_PATH_BYTES, NONE, Path, Paths, ROOT, segment_bytes};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use xxhash_rust::xxh3::xxh3_64;

/// Memory is reserved in steps of so many bytes, the first of them free of charge.
const STEP_BYTES: isize = 64 << 10;
/// Tokens after which the flag that cancels is read: they take far less than 100 ms, but for the strings among them.
const TOKENS_A_WATCH: u32 = 4096;
/// Bytes of a path in a result, beside texts that are kept and bars that stand for buckets.
const DESCRIBED_BYTES: u64 = 1024;
/// Bits of the places of one part, so that parts below a terabyte share none.
const PART_PLACE_BITS: u32 = 40;
/// Of a key that is remembered by its hash.
const SEEN_BYTES: usize = size_of::<(u64, u64)>() + 2;
/// Of a path's segment for all keys or elements, with its slash.
const STAR_BYTES: u32 = 2;

/// A record that is valid, in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Valid<'a> {
    pub(crate) text: &'a [u8],
    /// Offset of the text in the stream.
    pub(crate) at: u64,
    /// Where the record begins and ends in it.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether there may be escapes in it.
    pub(crate) escaped: bool,
    /// Whether objects of it have keys twice.
    pub(crate) repeats: bool,
}

/// An open container.
#[derive(Debug, Clone, Copy)]
struct Open {
    path: Path,
    is_object: bool,
    /// In an object: the path of its last key, and of the value that is due, if one is.
    last: Path,
    value: Option<Path>,
    /// Bytes of its path as it was seen, before anything collapsed.
    bytes: u32,
    /// Where in the record the last key stands whose path is a `*`, and its length; none where it is that for being too long.
    key: Option<(u32, u32)>,
    /// Names the object among all.
    object: u64,
    /// In an array: elements so far.
    length: u64,
}

/// What one worker saw. One thread at a time.
#[derive(Debug)]
pub(crate) struct Profile {
    kept: Kept,
    /// Whether a schema is asked for.
    infers: bool,
    /// Added to places, so that parts have others.
    first_place: u64,
    paths: Paths,
    open: Vec<Open>,
    scratch: Vec<u8>,
    /// Objects so far.
    objects: u64,
    /// Keys of the record under way, if keys repeat in it: their object, and a hash of them.
    seen: HashSet<(u64, u64)>,
    seen_reservation: Reservation,
    /// Offset of the block under way, and records of it so far.
    block: u64,
    number: u64,
    /// Whether there are records whose index is not known.
    unsettled: bool,
    /// Bytes in use; and what they were when they were last counted, in merging.
    grown: isize,
    counted: isize,
    reservation: Reservation,
    refused: Option<MemoryRefused>,
    cancelled: Arc<AtomicBool>,
}

impl Profile {
    /// `None` where nothing is to be measured.
    pub(crate) fn new(plan: &Plan, budget: Arc<Budget>, cancelled: Arc<AtomicBool>) -> Option<Self> {
        let measured = plan.measured;
        if measured.scope == ProfileScope::None {
            return None;
        }
        let text_bytes = (plan.redaction != Redaction::Omit).then_some(plan.max_preview_bytes as usize);
        Some(Self {
            kept: Kept { text_bytes, top_values: measured.top_values as usize },
            infers: measured.infer_schema,
            first_place: u64::from(plan.part.unwrap_or_default()) << PART_PLACE_BITS,
            paths: Paths::new(Caps { max_paths: measured.max_paths as usize, max_keys: measured.max_keys }),
            open: Vec::new(),
            scratch: Vec::new(),
            objects: 0,
            seen: HashSet::new(),
            seen_reservation: Reservation::new(budget.clone()),
            block: 0,
            number: 0,
            unsettled: false,
            grown: 0,
            counted: 0,
            reservation: Reservation::new(budget),
            refused: None,
            cancelled,
        })
    }

    /// The records from now on are of the block at this offset of the stream, the first of them its record `number`.
    pub(crate) fn begin(&mut self, block: u64, number: u64) {
        (self.block, self.number) = (block, number);
    }

    /// Whether all that was measured could be kept.
    pub(crate) fn watch(&self) -> Result<(), MemoryRefused> {
        self.refused.map_or(Ok(()), Err)
    }

    /// Measures the next record of the block. Its tokens are the offsets, in the text, of brackets, opening quotes, first bytes of numbers
    /// and literals, and any separators.
    pub(crate) fn measure(&mut self, record: &Valid<'_>, tokens: impl Iterator<Item = usize>) {
        if self.refused.is_none() {
            self.values(record, tokens);
            self.reserve();
        }
        self.number += 1;
    }

    /// Reserves what the record has taken: in proportion to its bytes.
    #[inline]
    fn reserve(&mut self) {
        let steps = self.grown.max(0) / STEP_BYTES;
        let bytes = (steps * STEP_BYTES) as u64;
        if bytes > self.reservation.bytes() {
            self.refused = self.reservation.set(bytes).err();
        }
    }

    fn values(&mut self, record: &Valid<'_>, mut tokens: impl Iterator<Item = usize>) {
        let Valid { text, start, end, .. } = *record;
        let sight = &Sight::in_block(self.block, self.number);
        let first_place = record.at.wrapping_add(self.first_place);
        let here = |at: usize| Here { sight, place: first_place.wrapping_add(at as u64) };
        self.open.clear();
        if record.repeats {
            self.seen = HashSet::new();
            // A smaller share is never refused.
            let _ = self.seen_reservation.set(0);
        }
        self.paths.record(here(start));
        self.unsettled = true;
        let mut until_watch = TOKENS_A_WATCH;
        let mut due = tokens.next();
        while let Some(at) = due {
            due = tokens.next();
            let next = due.unwrap_or(end);
            until_watch -= 1;
            if until_watch == 0 {
                // Nobody asks for what was measured then.
                if self.cancelled.load(Ordering::Relaxed) {
                    return;
                }
                until_watch = TOKENS_A_WATCH;
            }
            let within = (sight, (at - start) as u32);
            match text[at] {
                b'"' => {
                    let raw = string(&text[at..next]);
                    if self.open.last().is_some_and(|open| open.is_object && open.value.is_none()) {
                        self.key(raw, record, within);
                        continue;
                    }
                    let path = self.value_path(within);
                    if path != NONE {
                        self.string(path, raw, record.escaped, here(at));
                    }
                }
                b',' | b':' => {}
                b'}' | b']' => self.close(),
                first @ (b'{' | b'[') => {
                    let path = self.value_path(within);
                    self.open(path, first == b'{', record, here(at));
                }
                first => {
                    let path = self.value_path(within);
                    if path != NONE {
                        self.scalar(path, first, &text[at..next], here(at));
                    }
                }
            }
        }
    }

    /// The path of the value that is due.
    #[inline(always)]
    fn value_path(&mut self, (sight, offset): (&Sight, u32)) -> Path {
        let Some(open) = self.open.last_mut() else { return ROOT };
        if open.is_object {
            return open.value.take().unwrap_or(NONE);
        }
        open.length += 1;
        let (parent, bytes) = (open.path, open.bytes);
        if parent == NONE || !self.has_room_for_star(bytes) { NONE } else { self.element(parent, (*sight, offset)) }
    }

    /// Whether a `*` inside of a path of so many bytes is not too long.
    #[inline(always)]
    fn has_room_for_star(&mut self, bytes: u32) -> bool {
        let has_room = (bytes + STAR_BYTES) as usize <= MAX_PATH_BYTES;
        self.paths.cut |= !has_room;
        has_room
    }

    /// The path of the elements of the array at `parent`.
    #[inline(never)]
    fn element(&mut self, parent: Path, here: (Sight, u32)) -> Path {
        let star = self.paths.star(parent, here, &mut self.grown);
        self.follow_moves();
        if star != NONE {
            self.paths.field(star).present += 1;
        }
        star
    }

    fn open(&mut self, path: Path, is_object: bool, record: &Valid<'_>, here: Here<'_>) {
        let bytes = match self.open.last() {
            Some(Open { is_object: false, bytes, .. }) => bytes + STAR_BYTES,
            Some(Open { bytes, .. }) if !self.paths.is_star(path) => bytes + self.paths.segment_bytes(path),
            Some(Open { bytes, key, .. }) => bytes + key.map_or(STAR_BYTES, |key| seen_segment_bytes(record, key)),
            None => 0,
        };
        if path != NONE {
            self.paths.field(path).see(if is_object { Type::Object } else { Type::Array }, here);
        }
        self.objects += 1;
        let object = self.objects;
        self.open.push(Open { path, is_object, last: NONE, value: None, bytes, key: None, object, length: 0 });
    }

    fn close(&mut self) {
        if let Some(Open { path, is_object: false, length, .. }) = self.open.pop() {
            if path != NONE {
                self.paths.field(path).array(length, &mut self.grown);
            }
        }
    }

    /// A key, between its quotes.
    #[inline(always)]
    fn key(&mut self, raw: &[u8], record: &Valid<'_>, (sight, offset): (&Sight, u32)) {
        let Some(open) = self.open.last_mut() else { return };
        if open.path == NONE {
            open.value = Some(NONE);
            return;
        }
        // Where keys repeat, each must be looked at, and where a path may be too long.
        if !record.repeats && open.bytes as usize + 1 + 2 * raw.len() <= MAX_PATH_BYTES {
            if let Some(path) = self.paths.foreseen(open.path, open.last, raw) {
                (open.last, open.value) = (path, Some(path));
                self.paths.field(path).present += 1;
                return;
            }
        }
        self.other_key(raw, record, (*sight, offset));
    }

    #[cold]
    #[inline(never)]
    fn other_key(&mut self, raw: &[u8], record: &Valid<'_>, here: (Sight, u32)) {
        let Some(open) = self.open.last().copied() else { return };
        let mut key = std::mem::take(&mut self.scratch);
        let is_escaped = record.escaped && memchr(b'\\', raw).is_some();
        if is_escaped {
            key.clear();
            Unescaped::append(raw, &mut key);
        }
        let text = if is_escaped { &key[..] } else { raw };
        // A byte of a key is two at most.
        let may_be_too_long = open.bytes as usize + 1 + 2 * text.len() > MAX_PATH_BYTES;
        let is_too_long = may_be_too_long && open.bytes as usize + segment_bytes(text) > MAX_PATH_BYTES;
        let path = if is_too_long && !self.has_room_for_star(open.bytes) {
            NONE
        } else {
            self.paths.find((open.path, open.last), text, is_too_long, here, &mut self.grown)
        };
        self.follow_moves();
        let is_new = !record.repeats || self.is_new(open.object, text);
        if let Some(open) = self.open.last_mut() {
            open.value = Some(path);
            open.key = (!is_too_long).then_some((here.1 + 1, raw.len() as u32));
            if path != NONE {
                self.paths.field(path).present += u64::from(is_new);
                if !self.paths.is_star(path) {
                    open.last = path;
                }
            }
        }
        self.scratch = key;
    }

    /// Whether a key is new in its object, of a record where keys repeat.
    fn is_new(&mut self, object: u64, key: &[u8]) -> bool {
        // XXH3 of short keys with two seeds can be the same: the object stands beside it.
        if self.seen.len() == self.seen.capacity() {
            // While the set moves, the old one and one of twice the size are both there.
            let bytes = 3 * self.seen.capacity() * SEEN_BYTES;
            self.refused = self.seen_reservation.grow_to(bytes as u64).err();
        }
        self.refused.is_none() && self.seen.insert((object, xxh3_64(key)))
    }

    /// Paths may have moved: what is held of them moves too.
    #[inline]
    fn follow_moves(&mut self) {
        if let Some(moved) = self.paths.moved() {
            for open in &mut self.open {
                open.path = moved[open.path as usize];
                open.value = open.value.map(|value| moved[value as usize]);
                // What comes next is foreseen anew.
                open.last = NONE;
            }
        }
    }

    /// A string, between its quotes.
    #[inline(always)]
    fn string(&mut self, path: Path, raw: &[u8], escaped: bool, here: Here<'_>) {
        let (kept, grown) = (self.kept, &mut self.grown);
        let field = self.paths.field(path);
        if escaped && memchr(b'\\', raw).is_some() {
            self.scratch.clear();
            Unescaped::append(raw, &mut self.scratch);
            field.string(&self.scratch, true, here, kept, grown);
        } else {
            field.string(raw, false, here, kept, grown);
        }
    }

    /// A number or literal: `text` is that and what stands before the next token.
    #[inline(always)]
    fn scalar(&mut self, path: Path, first: u8, text: &[u8], here: Here<'_>) {
        let (kept, grown) = (self.kept, &mut self.grown);
        let field = self.paths.field(path);
        match first {
            b't' => field.boolean(true, here, kept, grown),
            b'f' => field.boolean(false, here, kept, grown),
            b'n' => field.see(Type::Null, here),
            _ => {
                let (number, length) = Number::parse(text);
                field.number(number, &text[..length], here, kept, grown);
            }
        }
    }

    /// Whether there are records whose index is not known yet.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.unsettled
    }

    /// The indexes of all records become known: `first_of` tells that of the first record of the block at an offset.
    pub(crate) fn settle(&mut self, first_of: impl Fn(u64) -> u64) {
        self.paths.settle(&first_of);
        self.unsettled = false;
    }

    /// Becomes that of parts: no more than a state would hold, all of it seen there.
    pub(crate) fn put_into(&mut self, starts: &[(u64, PartKey)]) {
        let told = self.keep_told();
        self.restored(told);
        self.paths.put_into(starts);
    }

    /// Adds what another worker saw of the same stream.
    pub(crate) fn merge(&mut self, other: Self) -> Result<(), MemoryRefused> {
        // Until it is added up, both are there.
        self.reservation.grow_to((self.grown.max(0) + other.grown.max(0)) as u64)?;
        self.paths.merge(other.paths);
        self.grown += other.grown;
        // To count takes long where there are many paths, and where few were added it changes little.
        if self.grown > self.counted + self.counted / 4 {
            self.grown = self.paths.bytes() as isize;
            self.counted = self.grown;
        }
        Ok(())
    }

    /// No more than is told and stored from now on. Whether paths were dropped by their rank, and whether any were left out.
    pub(crate) fn keep_told(&mut self) -> (bool, bool) {
        let dropped = self.paths.keep_told();
        (dropped, self.paths.cut)
    }

    /// Writes all paths; after [`Profile::keep_told`]. What is known is of the part `own`.
    pub(crate) fn store(&self, own: PartKey, writer: &mut Writer) -> Result<(), MemoryRefused> {
        self.paths.store(own).try_for_each(|path| writer.write(Entry::Path(path)))
    }

    /// Adds a path of a state, the first of them that of the records.
    pub(crate) fn restore(&mut self, path: stored::Path, is_first: bool, bounds: Bounds<'_>) -> Result<(), Damage> {
        self.paths.restore(path, is_first, bounds)?;
        self.grown += self.paths.last_bytes() as isize;
        self.reserve();
        Ok(())
    }

    /// All paths of a state have come.
    pub(crate) fn restored(&mut self, (dropped, cut): (bool, bool)) {
        self.paths.restored(dropped, cut);
    }

    /// Memory that describing takes, at most: every text and bar stands for something that is kept.
    pub(crate) fn described_bytes(&self) -> u64 {
        2 * self.grown.max(0) as u64 + self.paths.count() as u64 * DESCRIBED_BYTES
    }

    /// In order of first sight.
    pub(crate) fn describe(&mut self) -> Vec<FieldProfile> {
        let kept = self.kept;
        self.paths.describe(|field| field.describe(kept))
    }

    /// A JSON Schema of what was seen, if that is asked for and anything was; after [`Profile::describe`].
    pub(crate) fn infer_schema(&self) -> Option<String> {
        (self.infers && self.paths.seen(ROOT).present > 0).then(|| schema::infer(&self.paths, self.kept))
    }

    /// What the caps did.
    pub(crate) fn warnings(&self, told: usize) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut warn = |code: WarningCode, text: String| warnings.push(Warning { code: code.into(), text });
        if self.paths.cut {
            warn(
                WarningCode::PathsCut,
                format!("there were more paths than max_paths, or longer ones than 1,024 bytes; told: {told}"),
            );
        }
        let collapsed = self.paths.collapsed();
        if collapsed > 0 {
            let text =
                format!("objects at {collapsed} paths had more than max_keys different keys; one `*` stands for all of them");
            warn(WarningCode::KeysCollapsed, text);
        }
        warnings
    }
}

/// The string that begins `text`, between its quotes: only white space and separators follow it.
#[inline(always)]
fn string(text: &[u8]) -> &[u8] {
    let text = text.get(1..).unwrap_or_default();
    let mut end = text.len();
    while end > 0 && text[end - 1] != b'"' {
        end -= 1;
    }
    &text[..end.saturating_sub(1)]
}

/// Bytes that a key adds to a path, which stands at a place of the record and has a length.
#[cold]
fn seen_segment_bytes(record: &Valid<'_>, (at, length): (u32, u32)) -> u32 {
    let mut key = Vec::new();
    Unescaped::append(&record.text[record.start + at as usize..][..length as usize], &mut key);
    segment_bytes(&key) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::{ProcessConfig, Profile as Wanted};
    use prost::Message;

    #[test]
    fn measure_cancelled_stops_inside_a_long_record() {
        let wanted = Wanted { scope: ProfileScope::Valid.into(), ..Wanted::default() };
        let config = ProcessConfig { profile: Some(wanted), ..ProcessConfig::default() };
        let plan = Plan::compile(&config.encode_to_vec()).unwrap();
        let cancelled = Arc::<AtomicBool>::default();
        let record = format!("[{}0]", "0,".repeat(3 * TOKENS_A_WATCH as usize));
        let elements = || {
            let mut profile = Profile::new(&plan, Arc::new(Budget::new(1 << 20)), cancelled.clone()).unwrap();
            let (text, end) = (record.as_bytes(), record.len());
            let valid = Valid { text, at: 0, start: 0, end, escaped: false, repeats: false };
            profile.measure(&valid, ClearTokens::new(text, 0, end));
            profile.describe()[1].present
        };
        assert_eq!(elements(), 3 * u64::from(TOKENS_A_WATCH) + 1);
        cancelled.store(true, Ordering::Relaxed);
        assert!(elements() < u64::from(TOKENS_A_WATCH));
    }
}
