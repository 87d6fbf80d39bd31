//! The walk from token to token, by the grammar of RFC 8259.

use super::index::{Cursor, colon_before, comma_before};
use super::number::{is_literal, is_number};
use super::shapes::{NONE, Node, Shapes, Taken, Unknown};
use super::{Passed, Records, Screen, Screened};
use crate::frame::{Extent, is_white};
use crate::judge::Span;
use crate::kernel::Kernel;
use std::sync::atomic::Ordering;

/// An open container.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Level {
    container: Container,
    /// In an object: the node after its last key; without shapes, the number of keys that were open before it.
    node: Node,
    /// The node of the value under way or of the array's elements.
    value: Node,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Container {
    #[default]
    None,
    Array,
    Object,
}

/// The record under way is not certainly valid.
struct Doubt;

/// Why a record did not pass.
enum Failed {
    Doubt,
    /// Its keys are not to be followed by shapes.
    Untracked,
}

impl From<Doubt> for Failed {
    #[inline(always)]
    fn from(Doubt: Doubt) -> Self {
        Self::Doubt
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
    kernel: K,
}

impl<'a, 't, K: Kernel> Walk<'a, 't, K> {
    pub(super) fn new(screen: &'a mut Screen, text: &'t [u8], kernel: K) -> Self {
        Self { screen, text, kernel }
    }

    #[inline(always)]
    pub(super) fn records(&mut self, records: Records<'_>, passed: &mut Passed) -> Screened {
        let mut cursor = self.screen.index.cursor();
        let screened = match records {
            Records::Lines => self.lines(&mut cursor, passed),
            Records::Values(extents) => self.values(&mut cursor, extents, passed),
        };
        self.screen.index.set_cursor(cursor);
        screened
    }

    #[inline(always)]
    fn lines(&mut self, cursor: &mut Cursor, passed: &mut Passed) -> Screened {
        // Where the line under way begins.
        let mut line = self.screen.line;
        loop {
            let Ok(at) = self.peek(cursor) else { return Screened::Suspect(line) };
            match byte(self.text, at) {
                b'\n' => {
                    cursor.next += 1;
                    passed.blank_lines += 1;
                    line = at + 1;
                    continue;
                }
                _ if at == self.text.len() => return Screened::End,
                _ => {}
            }
            if at != line && comma_before(self.text, at).is_some() {
                return Screened::Suspect(line);
            }
            let Ok(duplicate_keys) = self.record(cursor, at) else { return Screened::Suspect(line) };
            let Ok(end) = self.peek(cursor) else { return Screened::Suspect(line) };
            if byte(self.text, end) != b'\n' || (end - line) as u64 > self.screen.rules.max_record_bytes {
                return Screened::Suspect(line);
            }
            cursor.next += 1;
            passed.valid += 1;
            passed.duplicate_keys += duplicate_keys;
            line = end + 1;
        }
    }

    #[inline(always)]
    fn values(&mut self, cursor: &mut Cursor, extents: &[Extent], passed: &mut Passed) -> Screened {
        while let Some(extent) = extents.get(self.screen.values) {
            let (start, end) = (extent.start as usize, extent.end as usize);
            let suspect = Screened::Suspect(self.screen.values);
            if start == end || (end - start) as u64 > self.screen.rules.max_record_bytes {
                return suspect;
            }
            // What stands between values is for the framer.
            loop {
                match self.peek(cursor) {
                    Ok(at) if at < start => cursor.next += 1,
                    Ok(at) if at == start => break,
                    _ => return suspect,
                }
            }
            let Ok(duplicate_keys) = self.record(cursor, start) else { return suspect };
            match self.peek(cursor) {
                Ok(next) if next >= end => {}
                _ => return suspect,
            }
            self.screen.values += 1;
            passed.valid += 1;
            passed.duplicate_keys += duplicate_keys;
        }
        Screened::End
    }

    /// The next token, which stays the next one.
    #[inline(always)]
    fn peek(&mut self, cursor: &mut Cursor) -> Result<usize, Doubt> {
        if cursor.next == cursor.count {
            *cursor = self.fill();
            if cursor.count == 0 {
                return Err(Doubt);
            }
        }
        Ok(self.screen.index.token(cursor.next))
    }

    /// The next token.
    #[inline(always)]
    fn next(&mut self, cursor: &mut Cursor) -> Result<usize, Doubt> {
        let at = self.peek(cursor)?;
        cursor.next += 1;
        Ok(at)
    }

    /// Finds more tokens.
    #[cold]
    #[inline(never)]
    fn fill(&mut self) -> Cursor {
        let (kernel, text, index) = (self.kernel, self.text, &mut self.screen.index);
        if self.screen.cancelled.load(Ordering::Relaxed) {
            // Whoever judges the record then sees it too, and ends.
            index.stop();
        } else {
            kernel.vectorize(
                #[inline(always)]
                || index.advance(kernel, text),
            );
        }
        index.cursor()
    }

    /// Takes the record at the next token, at `start`, up to its last token. Returns how many of its keys repeat one of their object.
    #[inline(always)]
    fn record(&mut self, cursor: &mut Cursor, start: usize) -> Result<u64, Doubt> {
        let number = cursor.next;
        let taken =
            if self.screen.shapes.are_worth_a_try() { self.value(cursor, Shapes::RECORD) } else { Err(Failed::Untracked) };
        match taken {
            Ok(duplicate_keys) => {
                self.screen.shapes.win();
                Ok(duplicate_keys)
            }
            Err(Failed::Doubt) => Err(Doubt),
            Err(Failed::Untracked) => {
                self.screen.index.set_cursor(*cursor);
                let taken = self.record_without_shapes(number, start);
                *cursor = self.screen.index.cursor();
                taken
            }
        }
    }

    /// Takes the record that begins at `start`, which was token `number`, from its beginning.
    #[cold]
    #[inline(never)]
    fn record_without_shapes(&mut self, number: usize, start: usize) -> Result<u64, Doubt> {
        self.screen.index.go_back(number, start);
        self.screen.shapes.lose();
        let kernel = self.kernel;
        let mut cursor = self.screen.index.cursor();
        let taken = kernel.vectorize(
            #[inline(always)]
            || self.value(&mut cursor, NONE),
        );
        self.screen.index.set_cursor(cursor);
        self.screen.keys.clear();
        taken.map_err(|_| Doubt)
    }

    /// Takes the value at the next token, whose objects are followed from `root` on, or not where it is none.
    #[inline(always)]
    fn value(&mut self, cursor: &mut Cursor, root: Node) -> Result<u64, Failed> {
        let mut levels = std::mem::take(&mut self.screen.levels);
        let taken = self.value_within(&mut levels, cursor, root);
        self.screen.levels = levels;
        taken
    }

    #[inline(always)]
    fn value_within(&mut self, levels: &mut [Level], cursor: &mut Cursor, root: Node) -> Result<u64, Failed> {
        let text = self.text;
        let mut depth = 0;
        let mut duplicate_keys = 0;
        let mut open = Level { container: Container::None, node: NONE, value: root };
        // Where a value begins, or in an object its key.
        let mut at = self.next(cursor)?;
        loop {
            let mut first = byte(text, at);
            if open.container == Container::Object {
                let predicted = match root {
                    NONE => None,
                    _ => self.screen.shapes.predict(self.kernel, open.node, text, at),
                };
                if let Some(node) = predicted {
                    (open.value, open.node) = (node, node);
                } else {
                    let next = self.peek(cursor)?;
                    let taken = self.other_key(at, next, root, open.node)?;
                    (open.value, open.node) = (taken.value, taken.next);
                    duplicate_keys += u64::from(taken.repeats);
                }
                at = self.next(cursor)?;
                first = byte(text, at);
                if first == b':' {
                    at = self.next(cursor)?;
                    first = byte(text, at);
                    if comma_before(text, at).is_some() {
                        return Err(Failed::Doubt);
                    }
                }
            }
            // In the order of their frequency; a jump by a table is foreseen less often.
            match first {
                // A string is whole, since the next token is outside of it.
                b'"' => {}
                b'0'..=b'9' | b'-' => {
                    if !is_number(self.kernel, text, at) {
                        return Err(Failed::Doubt);
                    }
                }
                b'{' | b'[' => {
                    let level = levels.get_mut(depth).ok_or(Doubt)?;
                    let inner = self.next(cursor)?;
                    // A closing bracket is two greater than the one that opens.
                    if byte(text, inner) != first + 2 {
                        if inner != at + 1 && comma_before(text, inner).is_some() {
                            return Err(Failed::Doubt);
                        }
                        *level = open;
                        depth += 1;
                        at = inner;
                        if first == b'[' {
                            open.container = Container::Array;
                        } else {
                            open.container = Container::Object;
                            open.node =
                                if root == NONE { self.screen.keys.open() } else { self.screen.shapes.object(open.value) };
                        }
                        continue;
                    }
                }
                _ => {
                    if !is_literal(text, at) {
                        return Err(Failed::Doubt);
                    }
                }
            }
            // After a value.
            loop {
                if open.container == Container::None {
                    return Ok(duplicate_keys);
                }
                at = self.next(cursor)?;
                if byte(text, at - 1) == b',' {
                    break;
                }
                let closing = if open.container == Container::Object { b'}' } else { b']' };
                if byte(text, at) != closing {
                    at = self.after_comma(cursor, at)?;
                    break;
                }
                // The outermost keys are forgotten with the record.
                if root == NONE && open.container == Container::Object && depth > 1 {
                    self.screen.keys.close(open.node);
                }
                depth -= 1;
                open = levels[depth];
            }
        }
    }

    /// The token after the comma that is due at the token at `at`, or implied before it with white space.
    #[inline(always)]
    fn after_comma(&mut self, cursor: &mut Cursor, at: usize) -> Result<usize, Doubt> {
        if byte(self.text, at) != b',' {
            return comma_before(self.text, at).map(|_| at).ok_or(Doubt);
        }
        let next = self.next(cursor)?;
        match comma_before(self.text, next) {
            Some(comma) if comma != at => Err(Doubt),
            _ => Ok(next),
        }
    }

    /// Takes a key that was not predicted. The token after it is at `next`: its colon, or its value where that is implied.
    #[inline(never)]
    fn other_key(&mut self, quote: usize, next: usize, root: Node, node: Node) -> Result<Taken, Failed> {
        if byte(self.text, quote) != b'"' {
            return Err(Failed::Doubt);
        }
        let colon = if byte(self.text, next) == b':' { next } else { colon_before(self.text, next).ok_or(Doubt)? };
        // All between the quote and the colon is the rest of the string and white space.
        let mut end = colon;
        while is_white(self.text[end - 1]) {
            end -= 1;
        }
        let key = &self.text[quote..end];
        let may_repeat = self.screen.rules.allow_duplicate_keys;
        if root != NONE {
            return self.screen.shapes.take(node, key, may_repeat).map_err(|unknown| match unknown {
                Unknown::Repeated => Failed::Doubt,
                Unknown::Untracked => Failed::Untracked,
            });
        }
        let escaped = memchr::memchr(b'\\', key).is_some();
        // Where memory is refused, so it will be to the judge, who says so.
        let repeated = self.screen.keys.add(self.text, Span::new(quote + 1, end - 1), escaped, node).map_err(|_| Doubt)?;
        if repeated && !may_repeat {
            return Err(Failed::Doubt);
        }
        Ok(Taken { value: NONE, next: node, repeats: repeated })
    }
}
