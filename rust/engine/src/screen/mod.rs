//! The screen: tells which records are certainly valid, at the speed of the processor. What it does not let pass is judged by the clear
//! judge, which decides and explains.
//!
//! Two passes over a piece of text at a time. The first ([`index`]) finds the tokens, 64 bytes at once, and checks all that strings hold; the
//! second ([`walk`]) goes from token to token by the grammar, with a stack of its own, checks numbers and literals, and proves by the paths
//! of keys that none comes twice in an object. Neither builds anything.

mod escapes;
mod index;
mod number;
mod paths;
mod trail;
mod utf8;
mod walk;

pub(crate) use paths::{NO_PATH, PathId};
pub(crate) use trail::Trail;

use crate::judge::{Keys, Rules, Telling};
use crate::kernel::{Choice, Kernel, Task};
use crate::memory::Budget;
use crate::profile::Profile;
use crate::schema::SchemaJudge;
use index::Index;
use paths::Paths;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use walk::{Level, Walk};

/// What the records of a text are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Records {
    /// Each ends with a line feed.
    Lines,
    /// Elements of an array. Each ends before a comma; where there is none, it may not be whole.
    Elements,
    /// Values one after the other. A number or literal at the end may not be whole.
    Values,
    /// One value.
    One,
}

/// How far the screen came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screened {
    /// The record that is due at this offset did not pass; or there is none, or none that is known to be whole.
    Suspect(usize),
    /// All records passed that begin before the end asked for. The next one is due at this offset.
    End(usize),
}

/// A record that is JSON and not as the schema asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rejected {
    start: usize,
    pub(crate) duplicate_keys: u64,
}

/// What passed since it was last asked.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Passed {
    pub(crate) valid: u64,
    pub(crate) duplicate_keys: u64,
    pub(crate) blank_lines: u64,
}

impl Passed {
    fn add(&mut self, duplicate_keys: u64) {
        self.valid += 1;
        self.duplicate_keys += duplicate_keys;
    }
}

/// What looks at the records that are JSON.
#[derive(Debug)]
pub(crate) struct Measures<'a> {
    /// Whose records pass only if they are as it asks.
    pub(crate) schema: Option<&'a mut SchemaJudge>,
    /// Measures those that pass.
    pub(crate) profile: Option<&'a mut Profile>,
}

/// Screens one text after the other, reusing what it learned of their keys. One thread at a time.
#[derive(Debug)]
pub(crate) struct Screen {
    rules: Rules,
    kernel: Choice,
    index: Box<Index>,
    /// As many as may be open.
    levels: Box<[Level]>,
    paths: Paths,
    /// For keys that have no path.
    keys: Keys,
    /// What the records are of the text under way.
    records: Records,
    /// Where the next one is due: a line begins there, or the separator of the one before has ended.
    due: usize,
    /// The record that did not pass last, if it is JSON and not as the schema asks.
    rejected: Option<Rejected>,
    cancelled: Arc<AtomicBool>,
}

impl Screen {
    pub(crate) fn new(rules: Rules, kernel: Choice, budget: Arc<Budget>, cancelled: Arc<AtomicBool>) -> Self {
        Self {
            rules,
            kernel,
            index: Index::new(),
            levels: vec![Level::default(); rules.max_depth as usize].into(),
            paths: Paths::new(budget.clone()),
            keys: Keys::new(Telling::AtClose, budget),
            records: Records::Lines,
            due: 0,
            rejected: None,
            cancelled,
        }
    }

    /// Begins anew with what did not pass.
    pub(crate) fn forget_rejected(&mut self) {
        self.rejected = None;
    }

    /// The record that begins at `start`, if it did not pass last because of the schema alone. What it was
    /// judged over is at hand then.
    pub(crate) fn take_rejected(&mut self, start: usize) -> Option<Rejected> {
        self.rejected.take().filter(|rejected| rejected.start == start)
    }

    /// Begins a text, at its first record.
    pub(crate) fn begin(&mut self, records: Records) {
        (self.records, self.due) = (records, 0);
        self.index.begin(0, records == Records::Lines);
    }

    /// From here on, the records are these; not lines, nor before.
    pub(crate) fn set_records(&mut self, records: Records) {
        self.records = records;
    }

    /// Screens the records of `text` that are due before `until`, from where it stands, and adds to `passed`. The text stands at `at` in
    /// the stream; what passes is measured.
    pub(crate) fn run(&mut self, text: &[u8], at: u64, until: usize, passed: &mut Passed, measures: Measures<'_>) -> Screened {
        self.kernel.run(Run { screen: self, text, at, until, passed, measures })
    }

    /// Goes on at `at`, where a record is due, after one that was judged.
    pub(crate) fn skip(&mut self, at: usize) {
        self.due = at;
        self.index.skip(at);
    }
}

struct Run<'a, 't> {
    screen: &'a mut Screen,
    text: &'t [u8],
    at: u64,
    until: usize,
    passed: &'a mut Passed,
    measures: Measures<'a>,
}

impl Task for Run<'_, '_> {
    type Output = Screened;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Screened {
        Walk::new(self.screen, self.text, self.at, kernel, self.measures).records(self.until, self.passed)
    }
}

#[cfg(test)]
mod tests;
