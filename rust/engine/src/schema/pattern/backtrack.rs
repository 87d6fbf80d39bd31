//! Patterns that only backtracking decides: with back-references, or look-around that could not be written otherwise.

use super::engine::{contained, too_large};
use super::plan::{hard_parts, has_reference};
use super::syntax::Node;
use super::{MAX_COMPILED_BYTES, Matched, PatternError};
use fancy_regex::{CompileError, Error, Regex, RegexBuilder};
use regex_syntax::hir::ClassUnicode;
use std::fmt::Write;

/// Steps back that one text may take. Patterns that people write take a few for each character, those that double with each character pass
/// any limit.
pub(crate) const MAX_BACKTRACKS: usize = 100_000;

/// Longest text that is looked at: a step back may look at all of it, so this and the steps bound the time together, at about a second
/// for the worst of patterns.
const MAX_TEXT_BYTES: usize = 16 << 10;

/// What any part may take when it is compiled, however many parts there are.
const MIN_PART_BYTES: usize = 64 << 10;

#[derive(Debug)]
pub(super) struct Backtracker(Regex);

impl Backtracker {
    pub(super) fn of(node: &Node) -> Result<Backtracker, PatternError> {
        let mut text = String::new();
        write(node, has_reference(node), &mut text);
        let part = (MAX_COMPILED_BYTES / (1 + hard_parts(node))).max(MIN_PART_BYTES);
        let built = RegexBuilder::new(&text)
            .backtrack_limit(MAX_BACKTRACKS)
            .delegate_size_limit(part)
            .delegate_dfa_size_limit(MAX_COMPILED_BYTES)
            .build();
        built.map(Backtracker).map_err(refused)
    }

    pub(super) fn is_match(&self, text: &str) -> Matched {
        if text.len() > MAX_TEXT_BYTES {
            return Matched::Limit;
        }
        contained(|| self.0.is_match(text).map_or(Matched::Limit, Matched::from))
    }

    /// A guess: what was written for each byte of the pattern, and the automata of its parts.
    pub(super) fn cost(&self) -> usize {
        64 * self.0.as_str().len()
    }
}

fn refused(error: Error) -> PatternError {
    match error {
        Error::CompileError(error) if matches!(*error, CompileError::LookBehindNotConst) => PatternError::Invalid(
            "a look-behind of this kind is not supported: write it so that it looks at characters of a fixed number".to_owned(),
        ),
        _ => too_large(),
    }
}

/// Words as `\b` knows them, which here is written as look-around since there is no flag for it.
const WORD: &str = "[0-9A-Z_a-z]";

/// What is found nowhere.
const NEVER: &str = "(?!)";

/// Writes `node` as `fancy-regex` reads it, with groups that capture or without. Writing to a string never fails.
fn write(node: &Node, captures: bool, text: &mut String) {
    match node {
        Node::Char(c) => write_char(*c, text),
        Node::Class(set) => write_set(set, text),
        Node::Start => text.push_str("\\A"),
        Node::End => text.push_str("\\z"),
        Node::WordEdge { negative: false } => {
            let _ = write!(text, "(?:(?<={WORD})(?!{WORD})|(?<!{WORD})(?={WORD}))");
        }
        Node::WordEdge { negative: true } => {
            let _ = write!(text, "(?:(?<={WORD})(?={WORD})|(?<!{WORD})(?!{WORD}))");
        }
        Node::Look { ahead, negative, inner } => {
            let kind = match (ahead, negative) {
                (true, false) => "(?=",
                (true, true) => "(?!",
                (false, false) => "(?<=",
                (false, true) => "(?<!",
            };
            write_group(kind, inner, captures, text);
        }
        Node::Capture { inner } => write_group(if captures { "(" } else { "(?:" }, inner, captures, text),
        Node::Back { groups, fold } => write_reference(groups, *fold, text),
        Node::Repeat { inner, min, .. } if takes_nothing(inner) => {
            // As good as once, or as not at all: there the groups are written for their numbers' sake.
            match (min, captures) {
                (0, false) => {}
                (0, true) => write_group(&format!("(?:|{NEVER}"), inner, captures, text),
                _ => write_group("(?:", inner, captures, text),
            }
        }
        Node::Repeat { inner, min, max, lazy } => {
            write_group("(?:", inner, captures, text);
            let max = max.map_or_else(String::new, |max| max.to_string());
            let _ = write!(text, "{{{min},{max}}}{}", if *lazy { "?" } else { "" });
        }
        Node::Concat(all) => all.iter().for_each(|node| write_group("(?:", node, captures, text)),
        Node::Either(all) if all.is_empty() => text.push_str(NEVER),
        Node::Either(all) => {
            for (at, node) in all.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "|" });
                write(node, captures, text);
            }
        }
    }
}

/// Whether this is found in no character, if at all.
fn takes_nothing(node: &Node) -> bool {
    match node {
        Node::Char(_) | Node::Back { .. } => false,
        Node::Class(set) => set.ranges().is_empty(),
        Node::Start | Node::End | Node::WordEdge { .. } | Node::Look { .. } => true,
        Node::Capture { inner } | Node::Repeat { inner, .. } => takes_nothing(inner),
        Node::Concat(all) | Node::Either(all) => all.iter().all(takes_nothing),
    }
}

fn write_group(open: &str, node: &Node, captures: bool, text: &mut String) {
    let is_single = matches!(node, Node::Char(_) | Node::Class(_) | Node::Look { .. } | Node::Capture { .. });
    if open == "(?:" && is_single {
        return write(node, captures, text);
    }
    text.push_str(open);
    write(node, captures, text);
    text.push(')');
}

fn write_char(c: char, text: &mut String) {
    if c.is_ascii_alphanumeric() {
        text.push(c);
    } else {
        let _ = write!(text, "\\x{{{:x}}}", u32::from(c));
    }
}

fn write_set(set: &ClassUnicode, text: &mut String) {
    if set.ranges().is_empty() {
        return text.push_str(NEVER);
    }
    text.push('[');
    for range in set.iter() {
        let _ = write!(text, "\\x{{{:x}}}-\\x{{{:x}}}", u32::from(range.start()), u32::from(range.end()));
    }
    text.push(']');
}

/// A group that took no part captured nothing, and nothing is found anywhere.
fn write_reference(groups: &[usize], fold: bool, text: &mut String) {
    let flag = if fold { "i" } else { "" };
    for group in groups {
        let _ = write!(text, "(?({group})(?{flag}:\\{group})|");
    }
    text.push_str(&")".repeat(groups.len()));
}
