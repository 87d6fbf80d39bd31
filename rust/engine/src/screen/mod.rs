//! The screen: tells which records are certainly valid, at the speed of the processor. What it does not let pass is judged by the clear
//! judge, which decides and explains.
//!
//! Two passes over a piece of text at a time. The first finds the tokens, 64 bytes at once, and checks all that strings hold; the second
//! walks from token to token by the grammar, with a stack of its own, checks numbers and literals, and proves by the shapes of objects that no
//! key comes twice. Neither builds anything.

mod escapes;
mod index;
mod number;
mod shapes;
mod utf8;

use crate::frame::{Extent, is_white};
use crate::judge::{Keys, Rules, Span};
use crate::kernel::{Choice, Kernel, Task};
use crate::memory::Budget;
use index::Index;
use number::{literal_end, number_end};
use shapes::{NONE, Node, Shapes, Unknown};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where the records of a text are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Records<'a> {
    /// Each ends with a line feed.
    Lines,
    /// As they were framed.
    Values(&'a [Extent]),
}

/// What the screen came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screened {
    /// The line that begins here, or the value of this number, is to be judged.
    Suspect(usize),
    /// There is no more record.
    End,
}

/// What passed since it was last asked.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Passed {
    pub(crate) valid: u64,
    pub(crate) duplicate_keys: u64,
    pub(crate) blank_lines: u64,
}

/// An open container that is not the innermost.
#[derive(Debug, Clone, Copy, Default)]
struct Level {
    container: Container,
    node: Node,
    value: Node,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Container {
    #[default]
    None,
    Array,
    Object,
}

impl Container {
    fn closing(self) -> u8 {
        if self == Self::Object { b'}' } else { b']' }
    }
}

/// Screens one text after the other, reusing what it learned of the shapes of objects. One thread at a time.
#[derive(Debug)]
pub(crate) struct Screen {
    rules: Rules,
    kernel: Choice,
    index: Index,
    /// Of the tokens of the index, the next one, and how many there are.
    next: usize,
    count: usize,
    /// Where the text begins whose tokens they are.
    from: usize,
    /// As many as may be open.
    levels: Box<[Level]>,
    shapes: Shapes,
    /// For records whose keys the shapes do not follow.
    keys: Keys,
    /// Values that have been screened or judged.
    values: usize,
    cancelled: Arc<AtomicBool>,
}

/// A byte of the text; at its end, one that nothing begins with.
#[inline(always)]
fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// The record under way is not certainly valid.
struct Doubt;

impl Screen {
    pub(crate) fn new(rules: Rules, kernel: Choice, budget: Arc<Budget>, cancelled: Arc<AtomicBool>) -> Self {
        Self {
            rules,
            kernel,
            index: Index::new(),
            next: 0,
            count: 0,
            from: 0,
            levels: vec![Level::default(); rules.max_depth as usize].into(),
            shapes: Shapes::new(budget.clone()),
            keys: Keys::new(budget),
            values: 0,
            cancelled,
        }
    }

    /// Begins a text, at its first record.
    pub(crate) fn begin(&mut self, records: Records<'_>) {
        self.values = 0;
        self.restart(0, matches!(records, Records::Lines));
    }

    /// Screens the records of `text` from where it stands, and adds to `passed`, until one is suspect.
    pub(crate) fn run(&mut self, text: &[u8], records: Records<'_>, passed: &mut Passed) -> Screened {
        self.kernel.run(Run { screen: self, text, records, passed })
    }

    /// Goes on at the line that begins at `at`, after one that was judged.
    pub(crate) fn skip_line(&mut self, at: usize) {
        self.skip(at, true);
    }

    /// Goes on after the value that was judged, which ended at `end`.
    pub(crate) fn skip_value(&mut self, end: usize) {
        self.values += 1;
        self.skip(end, false);
    }

    /// Goes on at `at`, which is between records.
    fn skip(&mut self, at: usize, lines: bool) {
        if !(self.from..=self.index.at()).contains(&at) {
            self.restart(at, lines);
            return;
        }
        // The walk may have gone on to the record after this one before it doubted.
        while self.next > 0 && self.index.token(self.next - 1) >= at {
            self.next -= 1;
        }
        while self.next < self.count && self.index.token(self.next) < at {
            self.next += 1;
        }
    }

    fn restart(&mut self, at: usize, lines: bool) {
        self.index.begin(at, lines);
        (self.next, self.count, self.from) = (0, 0, at);
    }
}

struct Run<'a, 't> {
    screen: &'a mut Screen,
    text: &'t [u8],
    records: Records<'t>,
    passed: &'a mut Passed,
}

impl Task for Run<'_, '_> {
    type Output = Screened;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Screened {
        kernel.vectorize(
            #[inline(always)]
            || Walk { screen: self.screen, text: self.text, kernel }.records(self.records, self.passed),
        )
    }
}

struct Walk<'a, 't, K> {
    screen: &'a mut Screen,
    text: &'t [u8],
    kernel: K,
}

impl<K: Kernel> Walk<'_, '_, K> {
    #[inline(always)]
    fn records(&mut self, records: Records<'_>, passed: &mut Passed) -> Screened {
        match records {
            Records::Lines => self.lines(passed),
            Records::Values(extents) => self.values(extents, passed),
        }
    }

    #[inline(always)]
    fn lines(&mut self, passed: &mut Passed) -> Screened {
        // Where the line under way begins.
        let mut line = match self.peek() {
            Ok(at) => at,
            Err(Doubt) => return Screened::Suspect(self.screen.index.at()),
        };
        loop {
            let Ok(at) = self.peek() else { return Screened::Suspect(line) };
            match byte(self.text, at) {
                b'\n' => {
                    self.screen.next += 1;
                    passed.blank_lines += 1;
                    line = at + 1;
                    continue;
                }
                _ if at == self.text.len() => return Screened::End,
                _ => {}
            }
            let Ok(duplicate_keys) = self.record() else { return Screened::Suspect(line) };
            let Ok(end) = self.peek() else { return Screened::Suspect(line) };
            if byte(self.text, end) != b'\n' || (end - line) as u64 > self.screen.rules.max_record_bytes {
                return Screened::Suspect(line);
            }
            self.screen.next += 1;
            passed.valid += 1;
            passed.duplicate_keys += duplicate_keys;
            line = end + 1;
        }
    }

    #[inline(always)]
    fn values(&mut self, extents: &[Extent], passed: &mut Passed) -> Screened {
        while let Some(extent) = extents.get(self.screen.values) {
            let (start, end) = (extent.start as usize, extent.end as usize);
            let suspect = Screened::Suspect(self.screen.values);
            if start == end || (end - start) as u64 > self.screen.rules.max_record_bytes {
                return suspect;
            }
            // What stands between values is for the framer.
            loop {
                match self.peek() {
                    Ok(at) if at < start => self.screen.next += 1,
                    Ok(at) if at == start => break,
                    _ => return suspect,
                }
            }
            let Ok(duplicate_keys) = self.record() else { return suspect };
            match self.peek() {
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
    fn peek(&mut self) -> Result<usize, Doubt> {
        if self.screen.next == self.screen.count && self.fill() == 0 {
            return Err(Doubt);
        }
        Ok(self.screen.index.token(self.screen.next))
    }

    /// Finds more tokens, and tells how many.
    #[cold]
    #[inline(never)]
    fn fill(&mut self) -> usize {
        (self.screen.next, self.screen.count) = (0, 0);
        // Whoever judges the record then sees it too, and ends.
        if !self.screen.cancelled.load(Ordering::Relaxed) {
            let (kernel, text, index) = (self.kernel, self.text, &mut self.screen.index);
            self.screen.from = index.at();
            self.screen.count = kernel.vectorize(
                #[inline(always)]
                || index.fill(kernel, text),
            );
        }
        self.screen.count
    }

    /// Takes the record at the next token, up to its last token. Returns how many of its keys repeat one of their object.
    #[inline(always)]
    fn record(&mut self) -> Result<u64, Doubt> {
        let (next, start) = (self.screen.next, self.peek()?);
        let taken = if self.screen.shapes.are_worth_a_try() { self.value(Shapes::RECORD) } else { Err(Failed::Untracked) };
        let taken = match taken {
            Ok(duplicate_keys) => {
                self.screen.shapes.win();
                Ok(duplicate_keys)
            }
            Err(Failed::Untracked) => self.record_without_shapes(next, start),
            doubt => doubt,
        };
        taken.map_err(|_| Doubt)
    }

    /// Takes the record that begins at `start`, which was token number `next`, from its beginning.
    #[cold]
    #[inline(never)]
    fn record_without_shapes(&mut self, next: usize, start: usize) -> Result<u64, Failed> {
        self.again(next, start);
        self.screen.shapes.lose();
        let kernel = self.kernel;
        let taken = kernel.vectorize(
            #[inline(always)]
            || self.value(NONE),
        );
        self.screen.keys.clear();
        taken
    }

    /// Goes back to the record that begins at `start`, which was token number `next`.
    fn again(&mut self, next: usize, start: usize) {
        if self.screen.index.token(next) == start && next <= self.screen.next {
            self.screen.next = next;
        } else {
            let lines = self.screen.index.by_lines();
            self.screen.restart(start, lines);
        }
    }

    /// Takes the value at the next token, whose objects are followed from `root` on, or not where it is none.
    #[inline(always)]
    fn value(&mut self, root: Node) -> Result<u64, Failed> {
        let text = self.text;
        let mut levels = std::mem::take(&mut self.screen.levels);
        let mut depth = 0;
        let mut duplicate_keys = 0;
        let mut container = Container::None;
        // In an object: the node after its last key; without shapes, the number of keys that were open before it.
        let mut node = NONE;
        // The node of the value under way or of the array's elements.
        let mut value = root;
        // Copies of what the screen knows, which stay in registers.
        let (mut next, mut count) = (self.screen.next, self.screen.count);
        let taken = 'walk: {
            macro_rules! peek {
                () => {{
                    if next == count {
                        (next, count) = (0, self.fill());
                        if count == 0 {
                            break 'walk Err(Failed::Doubt);
                        }
                    }
                    self.screen.index.token(next)
                }};
            }
            macro_rules! next {
                () => {{
                    let at = peek!();
                    next += 1;
                    at
                }};
            }
            macro_rules! open {
                ($container:expr) => {{
                    let Some(level) = levels.get_mut(depth) else { break 'walk Err(Failed::Doubt) };
                    *level = Level { container, node, value };
                    depth += 1;
                    container = $container;
                }};
            }
            macro_rules! close {
                () => {{
                    depth -= 1;
                    let level = levels[depth];
                    (container, node, value) = (level.container, level.node, level.value);
                }};
            }
            macro_rules! key {
                ($quote:expr) => {{
                    let quote = $quote;
                    let colon = next!();
                    match self.key(quote, colon, root, node, &mut duplicate_keys) {
                        Ok(taken) => (value, node) = taken,
                        Err(failed) => break 'walk Err(failed),
                    }
                }};
            }
            macro_rules! scalar {
                ($end:expr) => {{
                    // White space or the next token follows.
                    let Some(end) = $end else { break 'walk Err(Failed::Doubt) };
                    if peek!() != end && !is_white(byte(text, end)) {
                        break 'walk Err(Failed::Doubt);
                    }
                }};
            }
            'value: loop {
                let at = next!();
                // In the order of their frequency; a jump by a table is foreseen less often.
                match byte(text, at) {
                    // A string is whole, since the next token is outside of it.
                    b'"' => {}
                    b'0'..=b'9' | b'-' => scalar!(number_end(self.kernel, text, at)),
                    b'{' => {
                        open!(Container::Object);
                        let first = next!();
                        if byte(text, first) == b'}' {
                            close!();
                        } else {
                            node = if root == NONE { self.screen.keys.open() } else { self.screen.shapes.object(value) };
                            key!(first);
                            continue 'value;
                        }
                    }
                    b'[' => {
                        open!(Container::Array);
                        if byte(text, peek!()) != b']' {
                            continue 'value;
                        }
                        next += 1;
                        close!();
                    }
                    _ => scalar!(literal_end(text, at)),
                }
                while container != Container::None {
                    let at = next!();
                    let byte = byte(text, at);
                    if byte == b',' {
                        if container == Container::Object {
                            key!(next!());
                        }
                        continue 'value;
                    }
                    if byte != container.closing() {
                        break 'walk Err(Failed::Doubt);
                    }
                    // The outermost keys are forgotten with the record.
                    if root == NONE && container == Container::Object && depth > 1 {
                        self.screen.keys.close(node);
                    }
                    close!();
                }
                break 'walk Ok(duplicate_keys);
            }
        };
        self.screen.next = next;
        self.screen.levels = levels;
        taken
    }

    /// Takes the key at `quote` and its colon. Returns the node of its value and that of the object after it.
    #[inline(always)]
    fn key(
        &mut self,
        quote: usize,
        colon: usize,
        root: Node,
        node: Node,
        duplicate_keys: &mut u64,
    ) -> Result<(Node, Node), Failed> {
        if byte(self.text, colon) != b':' {
            return Err(Failed::Doubt);
        }
        if root != NONE {
            if let Some(taken) = self.screen.shapes.predict(self.kernel, node, self.text, quote) {
                *duplicate_keys += u64::from(Shapes::repeats(taken));
                return Ok((taken.value, taken.next));
            }
        }
        self.other_key(quote, colon, root, node, duplicate_keys)
    }

    /// Takes a key that was not predicted, before the colon at `colon`.
    #[inline(never)]
    fn other_key(
        &mut self,
        quote: usize,
        colon: usize,
        root: Node,
        node: Node,
        duplicate_keys: &mut u64,
    ) -> Result<(Node, Node), Failed> {
        if byte(self.text, quote) != b'"' {
            return Err(Failed::Doubt);
        }
        // The next token being the colon, all between them is the rest of the string and white space.
        let mut end = colon;
        while is_white(self.text[end - 1]) {
            end -= 1;
        }
        let key = &self.text[quote..end];
        let may_repeat = self.screen.rules.allow_duplicate_keys;
        if root != NONE {
            return match self.screen.shapes.take(node, key, may_repeat) {
                Ok(taken) => {
                    *duplicate_keys += u64::from(Shapes::repeats(taken));
                    Ok((taken.value, taken.next))
                }
                Err(Unknown::Repeated) => Err(Failed::Doubt),
                Err(Unknown::Untracked) => Err(Failed::Untracked),
            };
        }
        let escaped = memchr::memchr(b'\\', key).is_some();
        // Where memory is refused, so it will be to the judge, who says so.
        let repeated = self.screen.keys.add(self.text, Span::new(quote + 1, end - 1), escaped, node).map_err(|_| Doubt)?;
        if repeated && !may_repeat {
            return Err(Failed::Doubt);
        }
        *duplicate_keys += u64::from(repeated);
        Ok((NONE, node))
    }
}

/// Why a record did not pass.
enum Failed {
    Doubt,
    /// Its keys are not to be followed by shapes.
    Untracked,
}

impl From<Doubt> for Failed {
    fn from(Doubt: Doubt) -> Self {
        Self::Doubt
    }
}

#[cfg(test)]
mod tests;
