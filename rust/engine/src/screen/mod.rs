//! The screen: tells which records are certainly valid, at the speed of the processor. What it does not let pass is judged by the clear
//! judge, which decides and explains.
//!
//! Two passes over a piece of text at a time. The first ([`index`]) finds the tokens, 64 bytes at once, and checks all that strings hold; the
//! second ([`walk`]) goes from token to token by the grammar, with a stack of its own, checks numbers and literals, and proves by the shapes
//! of objects that no key comes twice. Neither builds anything.

mod escapes;
mod index;
mod number;
mod shapes;
mod utf8;
mod walk;

use crate::frame::Extent;
use crate::judge::{Keys, Rules};
use crate::kernel::{Choice, Kernel, Task};
use crate::memory::Budget;
use index::Index;
use shapes::Shapes;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use walk::{Level, Walk};

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

/// Screens one text after the other, reusing what it learned of the shapes of objects. One thread at a time.
#[derive(Debug)]
pub(crate) struct Screen {
    rules: Rules,
    kernel: Choice,
    index: Box<Index>,
    /// As many as may be open.
    levels: Box<[Level]>,
    shapes: Shapes,
    /// For records whose keys the shapes do not follow.
    keys: Keys,
    /// Values that have been screened or judged.
    values: usize,
    /// Where the line begins that is the next to be screened.
    line: usize,
    cancelled: Arc<AtomicBool>,
}

impl Screen {
    pub(crate) fn new(rules: Rules, kernel: Choice, budget: Arc<Budget>, cancelled: Arc<AtomicBool>) -> Self {
        Self {
            rules,
            kernel,
            index: Index::new(),
            levels: vec![Level::default(); rules.max_depth as usize].into(),
            shapes: Shapes::new(budget.clone()),
            keys: Keys::new(budget),
            values: 0,
            line: 0,
            cancelled,
        }
    }

    /// Begins a text, at its first record.
    pub(crate) fn begin(&mut self, records: Records<'_>) {
        (self.values, self.line) = (0, 0);
        self.index.begin(0, matches!(records, Records::Lines));
    }

    /// Screens the records of `text` from where it stands, and adds to `passed`, until one is suspect.
    pub(crate) fn run(&mut self, text: &[u8], records: Records<'_>, passed: &mut Passed) -> Screened {
        self.kernel.run(Run { screen: self, text, records, passed })
    }

    /// Goes on at the line that begins at `at`, after one that was judged.
    pub(crate) fn skip_line(&mut self, at: usize) {
        self.line = at;
        self.index.skip(at);
    }

    /// Goes on after the value that was judged, which ended at `end`.
    pub(crate) fn skip_value(&mut self, end: usize) {
        self.values += 1;
        self.index.skip(end);
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
        Walk::new(self.screen, self.text, kernel).records(self.records, self.passed)
    }
}

#[cfg(test)]
mod tests;
