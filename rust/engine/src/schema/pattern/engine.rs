//! Answers the questions of a plan.

use super::backtrack::Backtracker;
use super::plan::Plan;
use super::run::Run;
use super::table::{Table, by_character};
use super::{MAX_COMPILED_BYTES, Matched, PatternError};
use memchr::memmem::Finder;
use regex_automata::meta;
use regex_syntax::hir::{Hir, HirKind, Look};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What an automaton that is made as it goes may keep of itself for each thread that uses it.
const MAX_CACHE_BYTES: usize = 1 << 20;

#[derive(Debug)]
pub(super) enum Engine {
    Always(bool),
    Is(Box<str>),
    StartsWith(Box<str>),
    Contains(Box<Finder<'static>>),
    Run(Run),
    Table(Table),
    Automaton(Box<meta::Regex>),
    Backtrack(Box<Backtracker>),
    Not(Box<Engine>),
    All(Box<[Engine]>),
    Any(Box<[Engine]>),
}

impl Engine {
    pub(super) fn of(plan: Plan) -> Result<Engine, PatternError> {
        Engine::within(&mut { MAX_COMPILED_BYTES }, plan)
    }

    /// All automata of one pattern together take no more than what is left.
    fn within(left: &mut usize, plan: Plan) -> Result<Engine, PatternError> {
        let mut all =
            |plans: Vec<Plan>| plans.into_iter().map(|plan| Engine::within(left, plan)).collect::<Result<Box<[Engine]>, _>>();
        Ok(match plan {
            Plan::Find(hir) => Engine::finding(left, &hir)?,
            Plan::Backtrack(node) => Engine::Backtrack(Box::new(Backtracker::of(&node)?)),
            Plan::Not(plan) => Engine::Not(Box::new(Engine::within(left, *plan)?)),
            Plan::All(plans) => Engine::All(all(plans)?),
            Plan::Any(plans) => Engine::Any(all(plans)?),
        })
    }

    fn finding(left: &mut usize, hir: &Hir) -> Result<Engine, PatternError> {
        let properties = hir.properties();
        if properties.look_set().is_empty() && properties.minimum_len() == Some(0) {
            // Found in nothing, which is everywhere.
            return Ok(Engine::Always(true));
        }
        if let Some(engine) = Engine::comparing(hir).or_else(|| Run::of(hir).map(Engine::Run)) {
            return Ok(engine);
        }
        match Table::of(hir) {
            Some(table) => Ok(table.answer().map_or(Engine::Table(table), Engine::Always)),
            None => automaton(left, hir),
        }
    }

    /// Of a pattern that is mere text.
    fn comparing(hir: &Hir) -> Option<Engine> {
        let text = |hir: &Hir| match hir.kind() {
            HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().map(Box::from),
            _ => None,
        };
        let is = |hir: &Hir, look| *hir.kind() == HirKind::Look(look);
        match hir.kind() {
            HirKind::Literal(literal) => Some(Engine::Contains(Box::new(Finder::new(&literal.0).into_owned()))),
            HirKind::Concat(terms) => match &terms[..] {
                [start, literal] if is(start, Look::Start) => text(literal).map(Engine::StartsWith),
                [start, literal, end] if is(start, Look::Start) && is(end, Look::End) => text(literal).map(Engine::Is),
                _ => None,
            },
            _ => None,
        }
    }

    #[inline(always)]
    pub(super) fn is_match(&self, text: &[u8]) -> Matched {
        match self {
            Engine::Run(run) => run.is_match(text).into(),
            Engine::Table(table) => table.is_match(text).into(),
            other => other.is_match_otherwise(text),
        }
    }

    #[inline(never)]
    fn is_match_otherwise(&self, text: &[u8]) -> Matched {
        // Strings of valid records are UTF-8.
        let utf8 = || simdutf8::basic::from_utf8(text);
        match self {
            Engine::Always(answer) => (*answer).into(),
            Engine::Is(whole) => (*text == *whole.as_bytes()).into(),
            Engine::StartsWith(start) => text.starts_with(start.as_bytes()).into(),
            Engine::Contains(finder) => finder.find(text).is_some().into(),
            Engine::Run(run) => run.is_match(text).into(),
            Engine::Table(table) => table.is_match(text).into(),
            Engine::Automaton(automaton) => utf8().map_or(Matched::No, |text| contained(|| automaton.is_match(text).into())),
            Engine::Backtrack(backtracker) => utf8().map_or(Matched::No, |text| backtracker.is_match(text)),
            Engine::Not(engine) => match engine.is_match(text) {
                Matched::Yes => Matched::No,
                Matched::No => Matched::Yes,
                Matched::Limit => Matched::Limit,
            },
            Engine::All(engines) => until(Matched::No, engines, text),
            Engine::Any(engines) => until(Matched::Yes, engines, text),
        }
    }

    pub(super) fn cost(&self) -> usize {
        let all = |engines: &[Engine]| engines.iter().map(|engine| size_of::<Engine>() + engine.cost()).sum();
        match self {
            Engine::Always(_) => 0,
            Engine::Is(text) | Engine::StartsWith(text) => text.len(),
            Engine::Contains(finder) => size_of::<Finder<'_>>() + finder.needle().len(),
            Engine::Run(run) => run.cost(),
            Engine::Table(table) => table.cost(),
            // The cache of one thread with it.
            Engine::Automaton(automaton) => automaton.memory_usage() + MAX_CACHE_BYTES,
            Engine::Backtrack(backtracker) => backtracker.cost(),
            Engine::Not(engine) => size_of::<Engine>() + engine.cost(),
            Engine::All(engines) | Engine::Any(engines) => all(engines),
        }
    }
}

/// The first answer that settles all of them, else whether one is not known, else the other answer.
fn until(settles: Matched, engines: &[Engine], text: &[u8]) -> Matched {
    let mut answer = if settles == Matched::Yes { Matched::No } else { Matched::Yes };
    for engine in engines {
        match engine.is_match(text) {
            found if found == settles => return settles,
            Matched::Limit => answer = Matched::Limit,
            _ => {}
        }
    }
    answer
}

/// For all patterns that no table holds.
fn automaton(left: &mut usize, hir: &Hir) -> Result<Engine, PatternError> {
    let config = meta::Config::new().dfa(false).nfa_size_limit(Some(*left)).onepass(false).hybrid_cache_capacity(MAX_CACHE_BYTES);
    match meta::Builder::new().configure(config).build_from_hir(&by_character(hir)) {
        Ok(automaton) => {
            *left = left.saturating_sub(automaton.memory_usage());
            Ok(Engine::Automaton(Box::new(automaton)))
        }
        Err(_) => Err(too_large()),
    }
}

pub(super) fn too_large() -> PatternError {
    PatternError::TooLarge(format!("the pattern takes more than {} MiB of memory when it is compiled", MAX_COMPILED_BYTES >> 20))
}

/// The crates of `regex` are known to panic on automata far larger than the limits here let through
/// (<https://github.com/rust-lang/regex/issues/1344>). Should a panic still come, one text stays undecided.
pub(super) fn contained(answer: impl FnOnce() -> Matched) -> Matched {
    catch_unwind(AssertUnwindSafe(answer)).unwrap_or(Matched::Limit)
}
