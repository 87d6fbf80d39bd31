//! What was seen at one path.

use super::numbers::Numbers;
use super::texts::{Texts, whole_characters};
use super::values::{Occurrence, Values};
use crate::decimal::{Decimal, MAX_DIGITS, Number};
use crate::judge::Unescaped;
use crate::proto::{ArrayProfile, FieldProfile, TopValue, TypeCounts};
use crate::sight::Sight;
use crate::state::{Bounds, Damage, PartKey, ensure, stored};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Seeds of the hashes of values, so that no string equals a number; that of strings is 0.
const SMALL_SEED: u64 = 1 << 32;
const WIDE_SEED: u64 = 2 << 32;
/// Hashes of false and true.
const BOOLEANS: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F];

/// Bytes of a string that can be deferred, and of what is told of it: each byte escaped, between quotes.
const MAX_DEFERRED_BYTES: usize = 64;
const MAX_DEFERRED_TOLD_BYTES: usize = 6 * MAX_DEFERRED_BYTES + 2;

/// The types of JSON values; a number is of one of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Null,
    Boolean,
    Integer,
    Fraction,
    String,
    Array,
    Object,
}

const TYPES: usize = 7;

/// How much of values is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    /// Bytes of a text; none where values are omitted.
    pub(super) text_bytes: Option<usize>,
    pub(super) top_values: usize,
}

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here<'a> {
    pub(super) sight: &'a Sight,
    /// Offset in the stream.
    pub(super) place: u64,
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) present: u64,
    types: [u64; TYPES],
    first: [Sight; TYPES],
    trues: u64,
    numbers: Option<Box<Numbers>>,
    texts: Option<Box<Texts>>,
    arrays: Option<Box<Arrays>>,
    values: Option<Box<Values>>,
    /// Whether all that came again of a value is its count: what else is told of it is added up by [`Field::catch_up`]. So values that come
    /// often cost little.
    defers: bool,
}

impl Default for Field {
    fn default() -> Self {
        let first = [Sight::NEVER; TYPES];
        let (numbers, texts, arrays, values) = (None, None, None, None);
        Self { present: 0, types: [0; TYPES], first, trues: 0, numbers, texts, arrays, values, defers: true }
    }
}

#[derive(Debug, Default)]
struct Arrays {
    count: u64,
    min_length: u64,
    max_length: u64,
    length: u64,
}

impl Field {
    /// Counts a value of a type.
    #[inline]
    pub(super) fn see(&mut self, kind: Type, here: Here<'_>) {
        self.types[kind as usize] += 1;
        if self.types[kind as usize] == 1 {
            self.first[kind as usize] = *here.sight;
        }
    }

    /// Objects seen.
    pub(super) fn objects(&self) -> u64 {
        self.types[Type::Object as usize]
    }

    #[inline]
    pub(super) fn boolean(&mut self, is_true: bool, here: Here<'_>, kept: Kept, grown: &mut isize) {
        self.see(Type::Boolean, here);
        self.trues += u64::from(is_true);
        let occurrence = Occurrence { hash: BOOLEANS[usize::from(is_true)], place: here.place };
        if self.values.as_mut().is_some_and(|values| values.add_known(occurrence, grown)) {
            return;
        }
        if self.defers {
            self.prepare(kept, true);
        }
        let text = || if is_true { b"true"[..].into() } else { b"false"[..].into() };
        created(&mut self.values, grown).add(occurrence, text, grown);
    }

    /// A number that is written as `text`.
    #[inline(always)]
    pub(super) fn number(&mut self, number: Number, text: &[u8], here: Here<'_>, kept: Kept, grown: &mut isize) {
        let hash = match number {
            Number::Small { negative, mantissa, scale } => {
                xxh3_64_with_seed(&mantissa.to_le_bytes(), SMALL_SEED | u64::from(scale) << 1 | u64::from(negative))
            }
            Number::Wide => xxh3_64_with_seed(&Decimal::of(text).key(), WIDE_SEED),
        };
        let occurrence = Occurrence { hash, place: here.place };
        if self.defers {
            if let (Some(values), Number::Small { scale, .. }) = (&mut self.values, number) {
                if values.add_known(occurrence, grown) {
                    self.types[if scale == 0 { Type::Integer } else { Type::Fraction } as usize] += 1;
                    return;
                }
            }
            self.prepare(kept, matches!(number, Number::Small { .. }));
        }
        let numbers = created(&mut self.numbers, grown);
        let kind = if numbers.add(number, text, grown) { Type::Integer } else { Type::Fraction };
        self.see(kind, here);
        let told = || kept.text_bytes.map_or_else(Box::default, |_| Decimal::of(text).to_string().into_bytes().into());
        created(&mut self.values, grown).add(occurrence, told, grown);
    }

    /// A string, unescaped.
    #[inline]
    pub(super) fn string(&mut self, text: &[u8], escaped: bool, here: Here<'_>, kept: Kept, grown: &mut isize) {
        let occurrence = Occurrence { hash: xxh3_64(text), place: here.place };
        if self.defers {
            if let Some(values) = &mut self.values {
                if values.add_known(occurrence, grown) {
                    self.types[Type::String as usize] += 1;
                    return;
                }
            }
            self.prepare(kept, text.len() <= MAX_DEFERRED_BYTES);
        }
        self.see(Type::String, here);
        created(&mut self.texts, grown).add(text, escaped, kept.text_bytes, grown);
        let told = || kept.text_bytes.map_or_else(Box::default, |most| quoted(&text[..text.len().min(most)]).into_bytes().into());
        created(&mut self.values, grown).add(occurrence, told, grown);
    }

    /// Before a new value: defers no more where that value, or one more, could not be told whole.
    #[cold]
    #[inline(never)]
    fn prepare(&mut self, kept: Kept, is_short: bool) {
        let fits = kept.text_bytes.is_some_and(|most| most >= MAX_DEFERRED_BYTES);
        let has_room = self.values.as_ref().is_none_or(|values| values.have_room(MAX_DEFERRED_TOLD_BYTES));
        if !(fits && is_short && has_room) {
            self.catch_up();
        }
    }

    /// Adds up what was deferred. From then on nothing is.
    pub(super) fn catch_up(&mut self) {
        if !std::mem::take(&mut self.defers) {
            return;
        }
        let mut text = Vec::new();
        for (told, count) in self.values.iter().flat_map(|values| values.counted()) {
            let again = count - 1;
            match (told, &mut self.texts, &mut self.numbers) {
                ([b'"', raw @ .., b'"'], Some(texts), _) => {
                    text.clear();
                    Unescaped::append(raw, &mut text);
                    texts.add_again(&text, again);
                }
                ([b'-' | b'0'..=b'9', ..], _, Some(numbers)) => numbers.add_again(Number::parse(told).0, told, again),
                _ => {}
            }
        }
    }

    /// An array that has ended.
    pub(super) fn array(&mut self, length: u64, grown: &mut isize) {
        created(&mut self.arrays, grown).add(length, 1, length, length);
    }

    pub(super) fn merge(&mut self, mut other: Self) {
        self.catch_up();
        other.catch_up();
        self.present += other.present;
        self.trues += other.trues;
        self.types.iter_mut().zip(other.types).for_each(|(count, more)| *count += more);
        self.first.iter_mut().zip(other.first).for_each(|(first, theirs)| *first = theirs.min(*first));
        if let Some(theirs) = other.numbers {
            self.numbers.get_or_insert_with(Box::default).merge(&theirs);
        }
        if let Some(theirs) = other.texts {
            self.texts.get_or_insert_with(Box::default).merge(&theirs);
        }
        if let Some(theirs) = other.arrays {
            let ours = self.arrays.get_or_insert_with(Box::default);
            ours.add(theirs.length, theirs.count, theirs.min_length, theirs.max_length);
        }
        if let Some(theirs) = other.values {
            match &mut self.values {
                Some(ours) => ours.merge(*theirs),
                none => *none = Some(theirs),
            }
        }
    }

    /// As in a state; what is known is of the part `own`.
    pub(super) fn store(&self, own: PartKey) -> stored::Path {
        let seen = self.first.iter().filter(|first| **first != Sight::NEVER).map(|first| first.part(own));
        let (first_parts, first_records) = seen.map(|(part, record)| (part.get(), record)).unzip();
        stored::Path {
            present: self.present,
            types: self.types.to_vec(),
            first_parts,
            first_records,
            booleans_true: self.trues,
            numbers: self.numbers.as_ref().map(|numbers| numbers.store()),
            texts: self.texts.as_ref().map(|texts| texts.store()),
            arrays: self.arrays.as_ref().map(|arrays| arrays.store()),
            values: self.values.as_ref().map(|values| values.store()),
            ..stored::Path::default()
        }
    }

    pub(super) fn restore(from: stored::Path, bounds: Bounds<'_>) -> Result<Self, Damage> {
        let types: [u64; TYPES] = from.types.try_into().map_err(|_| Damage("there are more or fewer types"))?;
        types.iter().try_for_each(|count| bounds.count(*count).map(drop))?;
        let seen = types.iter().filter(|count| **count > 0).count();
        ensure(from.first_parts.len() == seen && from.first_records.len() == seen, "a type was never first seen")?;
        let mut first = [Sight::NEVER; TYPES];
        let of_seen = first.iter_mut().zip(types).filter(|(_, count)| *count > 0);
        for ((first, _), (part, record)) in of_seen.zip(from.first_parts.iter().zip(&from.first_records)) {
            *first = Sight::in_part(bounds.part(*part)?, bounds.count(*record)?);
        }
        let of = |kind: Type| types[kind as usize];
        ensure(from.booleans_true <= of(Type::Boolean), "there are more trues than booleans")?;
        let field = Self {
            present: bounds.count(from.present)?,
            types,
            first,
            trues: from.booleans_true,
            numbers: from.numbers.map(|numbers| Numbers::restore(numbers, bounds).map(Box::new)).transpose()?,
            texts: from.texts.map(|texts| Texts::restore(texts, bounds).map(Box::new)).transpose()?,
            arrays: from.arrays.map(|arrays| Arrays::restore(&arrays, bounds).map(Box::new)).transpose()?,
            values: from.values.map(|values| Values::restore(values, bounds).map(Box::new)).transpose()?,
            defers: false,
        };
        let numbers = field.numbers.as_ref().map_or(0, |numbers| numbers.count());
        let texts = field.texts.as_ref().map_or(0, |texts| texts.count());
        let add_up = numbers == of(Type::Integer) + of(Type::Fraction) && texts == of(Type::String);
        ensure(add_up, "counts of types do not add up")?;
        Ok(field)
    }

    /// The types of JSON Schema that all values have together.
    pub(super) fn schema_types(&self) -> Vec<&'static str> {
        let has = |kind: Type| self.types[kind as usize] > 0;
        let number = if has(Type::Fraction) { "number" } else { "integer" };
        let all = [
            (has(Type::Object), "object"),
            (has(Type::Array), "array"),
            (has(Type::String), "string"),
            (has(Type::Integer) || has(Type::Fraction), number),
            (has(Type::Boolean), "boolean"),
            (has(Type::Null), "null"),
        ];
        all.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect()
    }

    /// The format that all strings have, if there are so many.
    pub(super) fn common_format(&self, least: u64) -> Option<&'static str> {
        self.texts.as_ref()?.common_format(least)
    }

    /// All different values as JSON, null among them, if there are so few in so many, and nothing else was seen.
    pub(super) fn listed(&self, least: u64, most: usize, kept: Kept) -> Option<Vec<String>> {
        let of = |kind: Type| self.types[kind as usize];
        let scalars: u64 = [Type::Integer, Type::Fraction, Type::String].map(of).iter().sum();
        if scalars == 0 || scalars + of(Type::Boolean) < least || of(Type::Array) + of(Type::Object) > 0 {
            return None;
        }
        let values = self.values.as_ref()?.all(most)?;
        // What may have been cut is not the value.
        let whole = |text: &[u8]| text.len() < kept.text_bytes.unwrap_or_default().min(MAX_DIGITS);
        if !values.iter().all(|value| whole(value)) {
            return None;
        }
        let null = (of(Type::Null) > 0).then(|| "null".to_owned());
        Some(values.iter().map(|value| whole_characters(value)).chain(null).collect())
    }

    pub(super) fn has_arrays(&self) -> bool {
        self.types[Type::Array as usize] > 0
    }

    pub(super) fn settle(&mut self, first_of: &impl Fn(u64) -> u64) {
        self.first.iter_mut().for_each(|first| first.settle(first_of));
    }

    pub(super) fn put_into(&mut self, starts: &[(u64, PartKey)]) {
        self.first.iter_mut().for_each(|first| first.put_into(starts));
    }

    /// Memory in use beside the value itself.
    pub(super) fn bytes(&self) -> usize {
        fn of<T>(part: &Option<Box<T>>, bytes: impl Fn(&T) -> usize) -> usize {
            part.as_ref().map_or(0, |part| size_of::<T>() + bytes(part))
        }
        of(&self.numbers, Numbers::bytes)
            + of(&self.texts, Texts::bytes)
            + of(&self.arrays, |_| 0)
            + of(&self.values, Values::bytes)
    }

    /// All but path, missing and collapsed.
    pub(super) fn describe(&self, kept: Kept) -> FieldProfile {
        let most = if kept.text_bytes.is_some() { kept.top_values } else { 0 };
        let top_value = |value: super::values::Frequent| TopValue {
            value_json: whole_characters(&value.text),
            count: value.count,
            exact: value.max_error.is_none(),
            max_error: value.max_error.unwrap_or_default(),
        };
        FieldProfile {
            present: self.present,
            types: Some(type_counts(self.types.map(|count| (count > 0).then_some(count)))),
            numbers: self.numbers.as_ref().map(|numbers| numbers.describe()),
            strings: self.texts.as_ref().map(|texts| texts.describe()),
            arrays: self.arrays.as_ref().map(|arrays| arrays.describe()),
            booleans_true: (self.types[Type::Boolean as usize] > 0).then_some(self.trues),
            distinct: self.values.as_ref().map(|values| values.distinct()),
            top_values: self.values.iter().flat_map(|values| values.frequent(most)).map(top_value).collect(),
            first_seen: Some(type_counts(self.first.map(Sight::told))),
            ..FieldProfile::default()
        }
    }
}

impl Arrays {
    fn add(&mut self, length: u64, count: u64, min_length: u64, max_length: u64) {
        self.min_length = if self.count == 0 { min_length } else { self.min_length.min(min_length) };
        self.max_length = self.max_length.max(max_length);
        self.count += count;
        self.length += length;
    }

    fn store(&self) -> stored::Arrays {
        stored::Arrays { count: self.count, min_length: self.min_length, max_length: self.max_length, length: self.length }
    }

    fn restore(from: &stored::Arrays, bounds: Bounds<'_>) -> Result<Self, Damage> {
        let stored::Arrays { count, min_length, max_length, length } = *from;
        [count, min_length, max_length, length].into_iter().try_for_each(|figure| bounds.count(figure).map(drop))?;
        ensure(count > 0, "no array was counted")?;
        Ok(Self { count, min_length, max_length, length })
    }

    fn describe(&self) -> ArrayProfile {
        ArrayProfile {
            count: self.count,
            min_length: self.min_length,
            max_length: self.max_length,
            mean_length: self.length as f64 / self.count as f64,
        }
    }
}

/// What `part` holds, made now if it holds nothing.
#[inline]
fn created<'a, T: Default>(part: &'a mut Option<Box<T>>, grown: &mut isize) -> &'a mut T {
    part.get_or_insert_with(|| {
        *grown += size_of::<T>() as isize;
        Box::default()
    })
}

fn type_counts(counts: [Option<u64>; TYPES]) -> TypeCounts {
    let [null_value, boolean_value, integer_value, fraction_value, string_value, array_value, object_value] = counts;
    TypeCounts { null_value, boolean_value, integer_value, fraction_value, string_value, array_value, object_value }
}

/// A JSON string of `text`, which a cut may have broken at its end: only what must be escaped is.
pub(super) fn quoted(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in whole_characters(text).chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
