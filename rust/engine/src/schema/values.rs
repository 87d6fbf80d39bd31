//! Equality of values: numbers by value, strings after unescaping, objects in whatever order their keys stand.
//!
//! Values are equal where their canonical forms are: bytes that differ for different values, with the members of objects ordered by key.

use super::names::Names;
use super::tape::{At, Tape, Types, View};
use crate::decimal::{Decimal, Number};
use crate::memory::{Budget, MemoryRefused, Reservation};
use ahash::RandomState;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// Bytes of canonical forms that are free of charge.
const FREE_BYTES: usize = 64 << 10;
/// Values of which it is noted how they are written.
const FEW_LISTED: usize = 64;
/// Strings of an array that are compared each with each.
const FEW: usize = 16;

/// What is still to be written, the next one last.
#[derive(Debug, Clone, Copy)]
enum Due {
    Value(At),
    Key(At),
    Close,
}

/// Writes canonical forms, one at a time, reusing its memory.
#[derive(Debug)]
pub(super) struct Canonical {
    form: Vec<u8>,
    due: Vec<Due>,
    ranges: Vec<(usize, usize)>,
    reservation: Reservation,
}

impl Canonical {
    pub(super) fn new(budget: Arc<Budget>) -> Self {
        Self { form: Vec::new(), due: Vec::new(), ranges: Vec::new(), reservation: Reservation::new(budget) }
    }

    /// Holds what the form of the value at `at` takes: a few times its text.
    fn reserve(&mut self, view: View<'_>, at: At) -> Result<(), MemoryRefused> {
        let bytes = 4 * view.written(at).len() + (view.next(at) - at) as usize * size_of::<(Due, usize)>();
        if bytes > FREE_BYTES { self.reservation.grow_to(bytes as u64) } else { Ok(()) }
    }

    fn release(&mut self) {
        if self.reservation.bytes() > 0 {
            (self.form, self.due, self.ranges) = (Vec::new(), Vec::new(), Vec::new());
            // A smaller share is never refused.
            let _ = self.reservation.set(0);
        }
    }

    /// The form of the value at `at`, given to `with`.
    fn of<T>(&mut self, view: View<'_>, at: At, with: impl FnOnce(&[u8]) -> T) -> Result<T, MemoryRefused> {
        self.reserve(view, at)?;
        self.form.clear();
        self.append(view, at);
        let result = with(&self.form);
        self.release();
        Ok(result)
    }

    fn append(&mut self, view: View<'_>, at: At) {
        self.due.push(Due::Value(at));
        while let Some(due) = self.due.pop() {
            match due {
                Due::Close => self.form.push(b'.'),
                Due::Key(at) => self.text(&view.string(at)),
                Due::Value(at) => match view.byte(at) {
                    b'{' => self.object(view, at),
                    b'[' => self.array(view, at),
                    b'"' => self.text(&view.string(at)),
                    letter @ (b't' | b'f' | b'n') => self.form.push(letter),
                    _ => self.number(view.number(at)),
                },
            }
        }
    }

    fn text(&mut self, text: &[u8]) {
        self.form.push(b'"');
        self.form.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.form.extend_from_slice(text);
    }

    fn number(&mut self, text: &[u8]) {
        match Number::parse(text).0 {
            Number::Small { negative, mantissa, scale } => {
                self.form.extend_from_slice(&[if negative { b'-' } else { b'+' }, scale]);
                self.form.extend_from_slice(&mantissa.to_le_bytes());
            }
            Number::Wide => {
                let key = Decimal::of(text).key();
                self.form.push(b'w');
                self.form.extend_from_slice(&(key.len() as u32).to_le_bytes());
                self.form.extend_from_slice(&key);
            }
        }
    }

    fn array(&mut self, view: View<'_>, open: At) {
        self.form.push(b'[');
        self.due.push(Due::Close);
        let from = self.due.len();
        let mut at = open + 1;
        while view.byte(at) != b']' {
            self.due.push(Due::Value(at));
            at = view.next(at);
        }
        self.due[from..].reverse();
    }

    fn object(&mut self, view: View<'_>, open: At) {
        self.form.push(b'{');
        let mut keys = Vec::new();
        let mut at = open + 1;
        while view.byte(at) != b'}' {
            keys.push((view.string(at), at));
            at = view.next(at + 1);
        }
        keys.sort_unstable();
        self.due.push(Due::Close);
        for (_, key) in keys.iter().rev() {
            self.due.extend([Due::Value(key + 1), Due::Key(*key)]);
        }
    }

    /// Whether two elements of the array at `open` are equal.
    pub(super) fn has_equal_elements(&mut self, view: View<'_>, open: At) -> Result<bool, MemoryRefused> {
        if let Some(told) = has_equal_strings(view, open) {
            return Ok(told);
        }
        self.reserve(view, open)?;
        self.form.clear();
        self.ranges.clear();
        let mut at = open + 1;
        while view.byte(at) != b']' {
            let from = self.form.len();
            self.append(view, at);
            self.ranges.push((from, self.form.len()));
            at = view.next(at);
        }
        let mut seen = HashSet::with_capacity_and_hasher(self.ranges.len(), RandomState::new());
        let equal = self.ranges.iter().any(|(from, to)| !seen.insert(&self.form[*from..*to]));
        drop(seen);
        self.release();
        Ok(equal)
    }
}

/// The same of an array of few strings, if it is one.
fn has_equal_strings(view: View<'_>, open: At) -> Option<bool> {
    let mut raws: [&[u8]; FEW] = [&[]; FEW];
    let (mut count, mut at) = (0, open + 1);
    while view.byte(at) != b']' {
        if count == FEW || view.byte(at) != b'"' {
            return None;
        }
        let raw = view.raw(at);
        if view.is_escaped(raw) {
            return None;
        }
        if raws[..count].contains(&raw) {
            return Some(true);
        }
        raws[count] = raw;
        (count, at) = (count + 1, at + 1);
    }
    Some(false)
}

/// The values of an `enum`, or the one of a `const`. Immutable; any thread.
#[derive(Debug)]
pub(super) struct ValueSet {
    types: Types,
    literals: [bool; 3],
    strings: Names,
    has_strings: bool,
    /// Canonical forms of numbers, arrays and objects.
    others: HashSet<Box<[u8]>, RandomState>,
    /// Its strings, numbers and literals as they are most often written, where they are few.
    written: Vec<Box<[u8]>>,
}

impl ValueSet {
    pub(super) fn new<'v>(values: impl Iterator<Item = &'v Value>) -> Self {
        let mut canonical = Canonical::new(Arc::new(Budget::new(u64::MAX)));
        let mut set = Self {
            types: Types::NONE,
            literals: [false; 3],
            strings: Names::new(&[]),
            has_strings: false,
            others: HashSet::default(),
            written: Vec::new(),
        };
        let mut strings: Vec<&[u8]> = Vec::new();
        for value in values {
            let of = match value {
                Value::Null => Types::NULL,
                Value::Bool(_) => Types::BOOLEAN,
                Value::String(_) => Types::STRING,
                Value::Array(_) => Types::ARRAY,
                Value::Object(_) => Types::OBJECT,
                Value::Number(number) if super::number::is_integer(number.as_str().as_bytes()) => Types::INTEGER,
                Value::Number(_) => Types::FRACTION,
            };
            set.types = set.types.or(of);
            if set.written.len() <= FEW_LISTED && !matches!(value, Value::Array(_) | Value::Object(_)) {
                set.written.push(value.to_string().into_bytes().into());
            }
            match value {
                Value::Null => set.literals[2] = true,
                Value::Bool(truth) => set.literals[usize::from(*truth)] = true,
                Value::String(text) => strings.push(text.as_bytes()),
                Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    let text = value.to_string().into_bytes();
                    set.others.extend(form_of(&text, &mut canonical));
                }
            }
        }
        if set.written.len() > FEW_LISTED {
            set.written = Vec::new();
        }
        strings.sort_unstable();
        strings.dedup();
        (set.has_strings, set.strings) = (!strings.is_empty(), Names::new(&strings));
        set
    }

    /// Types of its values.
    pub(super) fn types(&self) -> Types {
        self.types
    }

    /// Whether a value of a type of which it has some, and that is no string, may differ from them.
    pub(super) fn is_all_of(&self, types: Types) -> bool {
        match types {
            Types::NULL => true,
            Types::BOOLEAN => self.literals[0] && self.literals[1],
            _ => false,
        }
    }

    /// Its strings, numbers and literals as they are most often written, where they are few.
    pub(super) fn written(&self) -> impl Iterator<Item = &[u8]> {
        self.written.iter().map(|text| &**text)
    }

    /// Whether all its strings are among those.
    pub(super) fn lists_all_strings(&self) -> bool {
        !self.has_strings || !self.written.is_empty()
    }

    /// Whether the value that `text` is is one of them.
    pub(super) fn is_among(&self, text: &[u8]) -> bool {
        let budget = || Arc::new(Budget::new(u64::MAX));
        let mut tape = Tape::new(budget());
        // No budget refuses here.
        tape.build_clearly(text, 0..text.len()).is_ok()
            && self.contains(tape.view(text, true), 0, &mut Canonical::new(budget())).unwrap_or(true)
    }

    /// Whether the string with this text is one of them.
    #[inline(always)]
    pub(super) fn contains_string(&self, text: &[u8]) -> bool {
        self.has_strings && self.strings.get(text).is_some()
    }

    /// Whether the value at `at` is one of them.
    #[inline(always)]
    pub(super) fn contains(&self, view: View<'_>, at: At, canonical: &mut Canonical) -> Result<bool, MemoryRefused> {
        Ok(match view.byte(at) {
            b'"' => self.contains_string(&view.string(at)),
            b'f' => self.literals[0],
            b't' => self.literals[1],
            b'n' => self.literals[2],
            _ if !self.types.has_any(view.begun(at)) => false,
            _ => canonical.of(view, at, |form| self.others.contains(form))?,
        })
    }

    /// Bytes in use.
    pub(super) fn memory(&self) -> usize {
        size_of::<Self>()
            + self.strings.memory()
            + self.written.iter().map(|text| text.len() + 16).sum::<usize>()
            + self.others.iter().map(|form| form.len() + 32).sum::<usize>()
    }
}

/// The canonical form of the value that `text` is.
fn form_of(text: &[u8], canonical: &mut Canonical) -> Option<Box<[u8]>> {
    let mut tape = Tape::new(Arc::new(Budget::new(u64::MAX)));
    // No budget refuses here.
    tape.build_clearly(text, 0..text.len()).ok()?;
    canonical.of(tape.view(text, true), 0, |form: &[u8]| Box::from(form)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Box<[u8]> {
        form_of(text.as_bytes(), &mut Canonical::new(Arc::new(Budget::new(u64::MAX)))).unwrap()
    }

    #[test]
    fn forms_are_equal_where_values_are() {
        for (one, other) in [
            ("1", "1.0"),
            ("100", "1e2"),
            ("-0", "0.0"),
            (r#""a""#, r#""\u0061""#),
            (r#"{"a":1,"b":[2]}"#, r#"{ "b":[ 2.0 ],"\u0061":1e0 }"#),
            ("123456789012345678901234567890", "1.2345678901234567890123456789e29"),
        ] {
            assert_eq!(form(one), form(other), "{one} {other}");
        }
    }

    #[test]
    fn forms_differ_where_values_do() {
        let texts = [
            "null",
            "true",
            "false",
            "0",
            "1",
            "-1",
            "1.1",
            "1e400",
            "1e401",
            r#""""#,
            r#""1""#,
            "[]",
            "{}",
            "[[]]",
            "[[],[]]",
            "[{}]",
            r#"{"a":1}"#,
            r#"{"a":"1"}"#,
            r#"{"b":1}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"a":{},"b":1}"#,
            "[1,2]",
            "[2,1]",
            "[[1],2]",
            "[[1,2]]",
        ];
        for (number, one) in texts.iter().enumerate() {
            for other in &texts[number + 1..] {
                assert_ne!(form(one), form(other), "{one} {other}");
            }
        }
    }
}
