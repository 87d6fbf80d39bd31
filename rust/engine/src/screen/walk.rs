//! The walk from token to token, by the grammar of RFC 8259.

use super::index::{Faulty, colon_before, comma_before, separator_before};
use super::number::{is_literal, is_number};
use super::paths::{NO_PATH, PathId, Paths};
use super::trail::Trail;
use super::{Measures, Passed, Records, Rejected, Screen, Screened};
use crate::frame::is_white;
use crate::judge::Span;
use crate::kernel::Kernel;
use crate::profile::{ClearTokens, Valid};
use crate::schema::Known;

/// An open container.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Level {
    container: Container,
    /// In an object: the path of its last key that has one, or where it begins.
    last: PathId,
    /// The path of the value under way or of the array's elements.
    value: PathId,
    /// In an object: the number of keys that were open before the first one that has no path, if there is one.
    first_without: u32,
    /// In an object: its name among all.
    object: u64,
}

/// No key.
const NONE: u32 = u32::MAX;

// As wide as what stands beside it, so that a level is copied without gaps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(u32)]
enum Container {
    #[default]
    None,
    Array,
    Object,
}

/// The record under way is not certainly valid.
struct Doubt;

impl From<Faulty> for Doubt {
    fn from(Faulty: Faulty) -> Self {
        Self
    }
}

/// A byte of the text; at its end, one that nothing begins with.
#[inline(always)]
fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// A screen at its work on a text.
pub(super) struct Walk<'a, 't, K> {
    screen: &'a mut Screen,
    text: &'t [u8],
    /// Offset of the text in the stream.
    at: u64,
    kernel: K,
    /// What looks at the records that are JSON.
    measures: Measures<'a>,
}

impl<'a, 't, K: Kernel> Walk<'a, 't, K> {
    pub(super) fn new(screen: &'a mut Screen, text: &'t [u8], at: u64, kernel: K, measures: Measures<'a>) -> Self {
        Self { screen, text, at, kernel, measures }
    }

    pub(super) fn records(&mut self, until: usize, passed: &mut Passed) -> Screened {
        self.screen.rejected = None;
        let screened = match self.screen.records {
            Records::Lines => self.lines(until, passed),
            Records::Elements => self.elements(until, passed),
            Records::Values => self.values(until, passed),
            Records::One => self.one(passed),
        };
        let (Screened::Suspect(due) | Screened::End(due)) = screened;
        self.screen.due = due;
        screened
    }

    fn lines(&mut self, until: usize, passed: &mut Passed) -> Screened {
        let mut due = self.screen.due;
        while due < until {
            let Ok((at, first)) = self.peek() else { return Screened::Suspect(due) };
            if first == b'\n' {
                self.advance();
                passed.blank_lines += 1;
                due = at + 1;
                continue;
            }
            // White space after the last line feed is no line.
            if at == self.text.len() {
                return Screened::End(at);
            }
            if at != due && comma_before(self.text, at).is_some() {
                return Screened::Suspect(due);
            }
            let Ok(duplicate_keys) = self.record(at) else { return Screened::Suspect(due) };
            let Ok((end, b'\n')) = self.peek() else { return Screened::Suspect(due) };
            if !self.fits(due, end) {
                return Screened::Suspect(due);
            }
            if !self.passes(at, end, duplicate_keys) {
                return Screened::Suspect(due);
            }
            self.advance();
            passed.add(duplicate_keys);
            due = end + 1;
        }
        Screened::End(due)
    }

    fn elements(&mut self, until: usize, passed: &mut Passed) -> Screened {
        let mut due = self.screen.due;
        while due < until {
            let Ok((at, _)) = self.peek() else { return Screened::Suspect(due) };
            if at >= until || at != due && comma_before(self.text, at).is_some_and(|comma| comma >= due) {
                return Screened::Suspect(due);
            }
            let Ok(duplicate_keys) = self.record(at) else { return Screened::Suspect(due) };
            let Ok((next, first)) = self.peek() else { return Screened::Suspect(due) };
            let comma = if first == b',' { Some(next) } else { comma_before(self.text, next) };
            let Some(comma) = comma.filter(|comma| self.fits(at, *comma)) else { return Screened::Suspect(due) };
            if !self.passes(at, comma, duplicate_keys) {
                return Screened::Suspect(due);
            }
            if comma == next {
                self.advance();
            }
            passed.add(duplicate_keys);
            due = comma + 1;
        }
        Screened::End(due)
    }

    fn values(&mut self, until: usize, passed: &mut Passed) -> Screened {
        let mut due = self.screen.due;
        while due < until {
            let Ok((at, first)) = self.peek() else { return Screened::Suspect(due) };
            // A comma or colon that is implied is a record of its own here.
            if at >= until || at != due && separator_before(self.text, at).is_some_and(|separator| separator >= due) {
                return Screened::Suspect(due);
            }
            let Ok(duplicate_keys) = self.record(at) else { return Screened::Suspect(due) };
            let last = self.screen.index.last();
            let Ok((next, _)) = self.peek() else { return Screened::Suspect(due) };
            let after = if matches!(first, b'{' | b'[') {
                last + 1
            } else if next < self.text.len() && separator_before(self.text, next).is_none() {
                // Where it ends is not known, only that nothing but white space is between.
                next
            } else {
                return Screened::Suspect(due);
            };
            if !self.fits(at, after) {
                return Screened::Suspect(due);
            }
            if !self.passes(at, after, duplicate_keys) {
                return Screened::Suspect(due);
            }
            passed.add(duplicate_keys);
            due = after;
        }
        Screened::End(due)
    }

    fn one(&mut self, passed: &mut Passed) -> Screened {
        let Ok((0, _)) = self.peek() else { return Screened::Suspect(0) };
        let Ok(duplicate_keys) = self.record(0) else { return Screened::Suspect(0) };
        match self.peek() {
            Ok((end, _)) if end == self.text.len() && self.fits(0, end) && self.passes(0, end, duplicate_keys) => {
                passed.add(duplicate_keys);
                Screened::End(end)
            }
            _ => Screened::Suspect(0),
        }
    }

    /// Whether the record from `start` to `end`, which is JSON, passes by the schema too. If it does, it is measured.
    #[inline(always)]
    fn passes(&mut self, start: usize, end: usize, duplicate_keys: u64) -> bool {
        let Measures { schema: None, profile: None } = &self.measures else { return self.look(start, end, duplicate_keys) };
        true
    }

    fn look(&mut self, start: usize, end: usize, duplicate_keys: u64) -> bool {
        let (text, at) = (self.text, self.at);
        let index = &mut self.screen.index;
        let (escaped, repeats) = (index.may_be_escaped(start), duplicate_keys > 0);
        let held = index.kept(start);
        if let Some(schema) = &mut self.measures.schema {
            let known = Known { escaped, repeats, generation: self.screen.paths.generation() };
            match schema.is_valid(text, start..end, known) {
                Ok(true) => {}
                Ok(false) => {
                    self.screen.rejected = Some(Rejected { start, duplicate_keys });
                    return false;
                }
                // Where memory is refused, or the session cancelled, it will be so for who judges it then, who says so.
                Err(_) => return false,
            }
        }
        if let Some(profile) = &mut self.measures.profile {
            let valid = Valid { text, at, start, end, escaped, repeats };
            match held {
                Some(held) => profile.measure(&valid, held.tokens()),
                None => profile.measure(&valid, ClearTokens::new(text, start, end)),
            }
        }
        true
    }

    fn fits(&self, start: usize, end: usize) -> bool {
        (end - start) as u64 <= self.screen.rules.max_record_bytes
    }

    /// The token between records that is the next one, and stays it.
    #[inline(always)]
    fn peek(&mut self) -> Result<(usize, u8), Faulty> {
        let Screen { index, cancelled, .. } = &mut *self.screen;
        if let Some(token) = index.token(self.text, index.next()) {
            return Ok(token);
        }
        let (at, first, number) = index.beyond(self.kernel, self.text, index.next(), cancelled)?;
        index.set_next(number);
        Ok((at, first))
    }

    #[inline(always)]
    fn advance(&mut self) {
        let next = self.screen.index.next();
        self.screen.index.set_next(next + 1);
    }

    /// Whether the tokens of the record under way are of use after it.
    #[inline(always)]
    fn keeps(&self) -> bool {
        self.measures.profile.is_some()
    }

    /// Takes the record at the next token, at `start`, up to its last token. Returns how many of its keys repeat one of their object.
    #[inline(always)]
    fn record(&mut self, start: usize) -> Result<u64, Doubt> {
        if self.keeps() {
            self.screen.index.keep();
        }
        if byte(self.text, start) == b'"' {
            // A string is whole, since the next token is outside of it.
            self.advance();
            if let Some(schema) = &mut self.measures.schema {
                let mut trail = schema.trail();
                trail.value(start);
                trail.end();
            }
            return Ok(0);
        }
        let Self { screen, text, kernel, measures, .. } = self;
        match &mut measures.schema {
            None => value_at_next(screen, text, *kernel, ()),
            Some(schema) => value_at_next(screen, text, *kernel, schema.trail()),
        }
    }
}

/// Takes the value at the next token. A function of its own so that the walk has all registers.
#[inline(never)]
fn value_at_next<K: Kernel>(screen: &mut Screen, text: &[u8], kernel: K, trail: impl Trail) -> Result<u64, Doubt> {
    screen.paths.begin_record();
    let taken = kernel.vectorize(
        #[inline(always)]
        || value(screen, text, kernel, trail),
    );
    screen.keys.clear();
    taken
}

#[inline(always)]
fn value<K: Kernel>(screen: &mut Screen, text: &[u8], kernel: K, mut trail: impl Trail) -> Result<u64, Doubt> {
    let Screen { index, paths, keys, levels, rules, cancelled, .. } = screen;
    let may_repeat = rules.allow_duplicate_keys;
    let mut number = index.next();
    /// The next token.
    macro_rules! next {
        () => {{
            let (at, first) = match index.token(text, number) {
                Some(token) => token,
                None => {
                    let (at, first, found) = index.beyond(kernel, text, number, cancelled)?;
                    number = found;
                    (at, first)
                }
            };
            number += 1;
            (at, first)
        }};
    }
    let mut depth = 0;
    let mut duplicate_keys = 0;
    let mut open = Level { value: Paths::RECORD, ..Level::default() };
    // Where a value begins, or in an object its key.
    let (mut at, mut first) = next!();
    'value: loop {
        if open.container == Container::Object {
            let taken = paths.take_predicted(kernel, open.last, open.object, text, at);
            let repeats = if let Some((path, repeats)) = taken {
                trail.key(at, path);
                (open.value, open.last) = (path, path);
                (at, first) = next!();
                repeats
            } else {
                let quote = at;
                (at, first) = next!();
                let key = Span::new(quote + 1, key_end(text, quote, at)? - 1);
                let may_be_escaped = index.may_be_escaped(quote);
                open.value = paths.look_up(open.last, key.of(text), may_be_escaped);
                trail.key(quote, open.value);
                if open.value == NO_PATH {
                    if open.first_without == NONE {
                        open.first_without = keys.open();
                    }
                    let escaped = may_be_escaped && key.of(text).contains(&b'\\');
                    // Where memory is refused, so it will be to the judge, who says so.
                    keys.add(text, key, escaped, open.first_without).map_err(|_| Doubt)?
                } else {
                    open.last = open.value;
                    paths.repeats(open.value, open.object)
                }
            };
            if repeats {
                if !may_repeat {
                    return Err(Doubt);
                }
                duplicate_keys += 1;
            }
            if first == b':' {
                (at, first) = next!();
                if comma_before(text, at).is_some() {
                    return Err(Doubt);
                }
            }
        }
        // In the order of their frequency; a jump by a table is foreseen less often.
        match first {
            // A string is whole, since the next token is outside of it.
            b'"' => trail.value(at),
            b'0'..=b'9' | b'-' => {
                trail.value(at);
                if !is_number(kernel, text, at, first) {
                    return Err(Doubt);
                }
            }
            b'{' | b'[' => {
                let level = levels.get_mut(depth).ok_or(Doubt)?;
                let (inner, inner_first) = next!();
                trail.open(at);
                // A closing bracket is two greater than the one that opens.
                if inner_first != first + 2 {
                    if inner != at + 1 && comma_before(text, inner).is_some() {
                        return Err(Doubt);
                    }
                    *level = open;
                    depth += 1;
                    if first == b'[' {
                        open.container = Container::Array;
                    } else {
                        let (object, last) = paths.open(open.value);
                        open = Level { container: Container::Object, last, object, first_without: NONE, ..open };
                    }
                    (at, first) = (inner, inner_first);
                    continue;
                }
                trail.close(inner);
            }
            _ => {
                trail.value(at);
                if !is_literal(text, at) {
                    return Err(Doubt);
                }
            }
        }
        if open.container == Container::None {
            break;
        }
        (at, first) = next!();
        if byte(text, at - 1) == b',' {
            continue;
        }
        // What is rarer: a container that closes, or a comma with white space.
        loop {
            let closing = if open.container == Container::Object { b'}' } else { b']' };
            if first != closing {
                break;
            }
            if open.container == Container::Object && open.first_without != NONE {
                let repeated = keys.close(text, open.first_without);
                if repeated > 0 && !may_repeat {
                    return Err(Doubt);
                }
                duplicate_keys += repeated;
            }
            trail.close(at);
            depth -= 1;
            open = levels[depth];
            if open.container == Container::None {
                break 'value;
            }
            (at, first) = next!();
            if byte(text, at - 1) == b',' {
                continue 'value;
            }
        }
        // The comma is a token, or implied with white space after it.
        let comma = at;
        if first == b',' {
            (at, first) = next!();
        }
        match comma_before(text, at) {
            Some(before) if comma == at || comma == before => {}
            None if comma != at => {}
            _ => return Err(Doubt),
        }
    }
    index.set_next(number);
    trail.end();
    Ok(duplicate_keys)
}

/// The offset after the closing quote of the key at `quote`. The token after it is at `next`: its colon, or its value where that is implied.
#[inline(always)]
fn key_end(text: &[u8], quote: usize, next: usize) -> Result<usize, Doubt> {
    match text.get(quote..next) {
        // Nothing else can end in this way before a token.
        Some([b'"', .., b'"', b':']) => Ok(next - 1),
        _ => spaced_key_end(text, quote, next),
    }
}

#[cold]
#[inline(never)]
fn spaced_key_end(text: &[u8], quote: usize, next: usize) -> Result<usize, Doubt> {
    if byte(text, quote) != b'"' {
        return Err(Doubt);
    }
    // All between the quote and the colon is the rest of the string and white space.
    let mut end = if byte(text, next) == b':' { next } else { colon_before(text, next).ok_or(Doubt)? };
    while is_white(text[end - 1]) {
        end -= 1;
    }
    Ok(end)
}
