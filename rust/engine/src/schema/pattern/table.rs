//! Small patterns as a table of states: one step a byte, and no more bytes than the answer needs.

use regex_automata::Anchored;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_syntax::hir::{Dot, Hir, Look, Repetition};
use std::borrow::Cow;
use std::collections::HashMap;

/// Longest table, in entries of two bytes; above it a table leaves the nearest cache and its making takes long.
const MAX_ENTRIES: usize = 16 << 10;
/// What may be built before it is known how long the table is.
const MAX_BUILT_BYTES: usize = 128 << 10;
const MAX_NFA_BYTES: usize = 64 << 10;

/// The place of the row of states that are left by nothing, and have not found the pattern.
const NO: u16 = 0;
/// Bytes after which it is asked whether there is an answer.
const STRIDE: usize = 8;

/// One row a state, one entry a class of bytes and one for the end of the text: the place of the next state's row. The first two rows are the
/// answers, which nothing that follows changes.
#[derive(Debug)]
pub(super) struct Table {
    start: u16,
    classes: Box<[u8; 256]>,
    entries: Box<[u16]>,
    /// The entry of the end.
    end: usize,
    /// The place of the second row.
    yes: u16,
}

impl Table {
    /// The table of a pattern, unless it would be large.
    pub(super) fn of(hir: &Hir) -> Option<Table> {
        let hir = &*by_character(hir);
        let dfa = dense(hir)?;
        let start = dfa.start_state(&start::Config::new().anchored(anchored(hir))).ok()?;
        let mut table = Filler::new(&dfa).fill(start)?;
        table.settle();
        Some(table)
    }

    /// The answer for all texts, if there is only one.
    pub(super) fn answer(&self) -> Option<bool> {
        (self.start <= self.yes).then_some(self.start == self.yes)
    }

    /// Whether `text`, which is UTF-8, has the pattern.
    #[inline]
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        let step = |state: u16, byte: &u8| self.entries[usize::from(state) + usize::from(self.classes[usize::from(*byte)])];
        let mut state = self.start;
        let mut strides = text.chunks_exact(STRIDE);
        for bytes in &mut strides {
            state = bytes.iter().fold(state, step);
            if state <= self.yes {
                return state == self.yes;
            }
        }
        state = strides.remainder().iter().fold(state, step);
        self.entries[usize::from(state) + self.end] == self.yes
    }

    /// Replaces states that have one answer whatever follows.
    fn settle(&mut self) {
        let (may_find, may_fail) = (self.leading_to(self.yes), self.leading_to(NO));
        let (row, yes) = (self.end + 1, self.yes);
        for entry in self.entries.iter_mut().chain([&mut self.start]).filter(|entry| **entry > yes) {
            match (may_find[usize::from(*entry) / row], may_fail[usize::from(*entry) / row]) {
                (false, _) => *entry = NO,
                (true, false) => *entry = yes,
                (true, true) => {}
            }
        }
    }

    /// Of each row, whether this answer comes after it.
    fn leading_to(&self, answer: u16) -> Vec<bool> {
        let row = self.end + 1;
        let mut leading = vec![false; self.entries.len() / row];
        let mut changed = true;
        while changed {
            changed = false;
            // Most states lead to later ones.
            for at in (2..leading.len()).rev().filter(|at| !leading[*at]).collect::<Vec<_>>() {
                let leads = |entry: &u16| *entry == answer || *entry > self.yes && leading[usize::from(*entry) / row];
                if self.entries[at * row..][..row].iter().any(leads) {
                    leading[at] = true;
                    changed = true;
                }
            }
        }
        leading
    }

    pub(super) fn cost(&self) -> usize {
        size_of::<[u8; 256]>() + size_of_val(&*self.entries)
    }
}

/// Whether the pattern is sought at the beginning of the text only.
fn anchored(hir: &Hir) -> Anchored {
    if hir.properties().look_set_prefix().contains(Look::Start) { Anchored::Yes } else { Anchored::No }
}

fn asks_for_no_word_edge(hir: &Hir) -> bool {
    hir.properties().look_set().contains(Look::WordAsciiNegate)
}

/// The pattern as it has to be sought so that no place between the bytes of one character is taken for one where it holds.
pub(super) fn by_character(hir: &Hir) -> Cow<'_, Hir> {
    if !asks_for_no_word_edge(hir) {
        return Cow::Borrowed(hir);
    }
    let sub = Box::new(Hir::dot(Dot::AnyChar));
    let skip = Hir::repetition(Repetition { min: 0, max: None, greedy: false, sub });
    Cow::Owned(Hir::concat(vec![Hir::look(Look::Start), skip, hir.clone()]))
}

fn dense(hir: &Hir) -> Option<dense::DFA<Vec<u32>>> {
    let config = thompson::Config::new().utf8(false).which_captures(WhichCaptures::None).nfa_size_limit(Some(MAX_NFA_BYTES));
    let nfa: NFA = thompson::Compiler::new().configure(config).build_from_hir(hir).ok()?;
    let starts = if anchored(hir) == Anchored::Yes { StartKind::Anchored } else { StartKind::Unanchored };
    let config = dense::Config::new()
        .accelerate(false)
        .start_kind(starts)
        .dfa_size_limit(Some(MAX_BUILT_BYTES))
        .determinize_size_limit(Some(MAX_BUILT_BYTES));
    dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()
}

/// Makes a table of an automaton, without all that comes after an answer.
struct Filler<'a> {
    dfa: &'a dense::DFA<Vec<u32>>,
    /// A byte of each class.
    bytes: Vec<u8>,
    rows: HashMap<StateID, u16, ahash::RandomState>,
    /// States that have a row, in the order of rows.
    states: Vec<StateID>,
}

impl<'a> Filler<'a> {
    fn new(dfa: &'a dense::DFA<Vec<u32>>) -> Filler<'a> {
        let bytes = dfa.byte_classes().representatives(0..=255).filter_map(|unit| unit.as_u8()).collect();
        Filler { dfa, bytes, rows: HashMap::default(), states: Vec::new() }
    }

    fn row_len(&self) -> usize {
        self.bytes.len() + 1
    }

    /// The second row.
    fn yes(&self) -> u16 {
        self.row_len() as u16
    }

    fn fill(mut self, start: StateID) -> Option<Table> {
        let yes = self.yes();
        let mut entries = vec![NO; self.row_len()];
        entries.resize(2 * self.row_len(), yes);
        let start = self.entry(start)?;
        let mut done = 0;
        while let Some(state) = self.states.get(done).copied() {
            done += 1;
            for at in 0..self.bytes.len() {
                entries.push(self.entry(self.dfa.next_state(state, self.bytes[at]))?);
            }
            entries.push(if self.dfa.is_match_state(self.dfa.next_eoi_state(state)) { yes } else { NO });
        }
        let mut classes = Box::new([0; 256]);
        for byte in 0..=255 {
            classes[usize::from(byte)] = self.dfa.byte_classes().get(byte);
        }
        Some(Table { start, classes, entries: entries.into(), end: self.bytes.len(), yes })
    }

    /// What stands for a state in the table.
    fn entry(&mut self, state: StateID) -> Option<u16> {
        if self.dfa.is_match_state(state) {
            return Some(self.yes());
        }
        if self.dfa.is_dead_state(state) {
            return Some(NO);
        }
        if self.dfa.is_quit_state(state) {
            return None;
        }
        if let Some(row) = self.rows.get(&state) {
            return Some(*row);
        }
        let place = (self.states.len() + 2) * self.row_len();
        if place + self.row_len() > MAX_ENTRIES {
            return None;
        }
        let row = u16::try_from(place).ok()?;
        self.rows.insert(state, row);
        self.states.push(state);
        Some(row)
    }
}
