//! Patterns of ECMA-262, as JSON Schema's `pattern` and `patternProperties` have them: read with the flag `u`, so by code point, and found
//! anywhere in a text.
//!
//! [`syntax`] reads a pattern, [`plan`] makes of it questions without look-around where it can, and [`engine`] answers each by the
//! cheapest means: a comparison, a [`run`] of one class, a [`table`] of states, an automaton made as it goes, or backtracking.

mod backtrack;
mod engine;
mod escapes;
mod plan;
mod rewrite;
mod run;
mod sets;
mod syntax;
mod table;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_by_chance;

pub(crate) use backtrack::MAX_BACKTRACKS;
use engine::Engine;

/// Longest pattern that is read.
pub(crate) const MAX_PATTERN_BYTES: usize = 64 << 10;

/// What one automaton of a pattern may take when it is compiled; far above what patterns of schemas need.
const MAX_COMPILED_BYTES: usize = 4 << 20;

/// A compiled pattern. It never changes, so threads share it freely.
#[derive(Debug)]
pub(crate) struct Pattern(Engine);

/// Whether a text has what a pattern looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Matched {
    Yes,
    No,
    /// Not known: a pattern that can only be decided by backtracking took too many steps on this text.
    Limit,
}

/// Why a pattern cannot be compiled, in words for whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternError {
    /// No pattern of ECMA-262.
    #[error("{0}")]
    Invalid(String),
    /// Over a limit on length, nesting or memory.
    #[error("{0}")]
    TooLarge(String),
}

impl Pattern {
    /// Compiles a pattern. Besides what the flag `u` allows, this takes what patterns without it allow, where it has one meaning only: an
    /// escaped character that is no letter or digit, a bracket or brace alone, and a class such as `\w` before a hyphen.
    pub(crate) fn compile(source: &str) -> Result<Pattern, PatternError> {
        if source.len() > MAX_PATTERN_BYTES {
            let text = format!("the pattern has {} bytes, of at most {MAX_PATTERN_BYTES}", source.len());
            return Err(PatternError::TooLarge(text));
        }
        let node = syntax::parse(source)?;
        Engine::of(plan::plan(node)).map(Pattern)
    }

    /// Whether the pattern is found anywhere in `text`, which is UTF-8: in anything else none is found. The time grows with the text alone, but for patterns with back-references and some
    /// look-around, whose steps are bounded.
    #[inline(always)]
    pub(crate) fn is_match(&self, text: &[u8]) -> Matched {
        self.0.is_match(text)
    }

    /// Roughly the bytes of memory that this pattern holds.
    pub(crate) fn cost(&self) -> usize {
        size_of::<Pattern>() + self.0.cost()
    }
}

impl From<bool> for Matched {
    #[inline]
    fn from(is_match: bool) -> Matched {
        if is_match { Matched::Yes } else { Matched::No }
    }
}
