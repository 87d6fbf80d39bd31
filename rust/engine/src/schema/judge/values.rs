//! What a look at a value alone tells: types, listed values, strings and numbers.

use super::{BYTES_A_STEP, Run, Stop};
use crate::schema::found::About;
use crate::schema::node::{Head, Node, NodeId, NumberCheck, StringCheck};
use crate::schema::number::Written;
use crate::schema::pattern::Matched;
use crate::schema::tape::{Here, Types};
use std::cmp::Ordering;

impl<const EXPLAIN: bool> Run<'_, EXPLAIN> {
    /// The outcome, where it needs no frames.
    #[inline(always)]
    pub(super) fn judge_alone(&mut self, node: NodeId, here: Here<'_>) -> Result<Option<bool>, Stop> {
        match self.judge_flat(node, here)? {
            None => self.choose_all(node, here),
            told => Ok(told),
        }
    }

    /// The same, called.
    #[inline(never)]
    pub(super) fn judge_one(&mut self, node: NodeId, here: Here<'_>) -> Result<Option<bool>, Stop> {
        self.judge_alone(node, here)
    }

    /// The outcome by a node that asks for no choice itself, where it needs no frames.
    #[inline(always)]
    pub(super) fn judge_flat(&mut self, node: NodeId, here: Here<'_>) -> Result<Option<bool>, Stop> {
        let head = self.program.heads[node as usize];
        let Head { types, more } = head;
        let begun = here.begun;
        let types = types.and(begun);
        if types.is_empty() {
            return Ok(Some(false));
        }
        let asked = &self.program.nodes[node as usize];
        let is_as_asked = match begun {
            Types::STRING => !more.has_any(begun) || self.takes_string(asked, here),
            Types::NUMBER => takes_number(asked, head, here) && self.is_listed(asked, here)?,
            _ => !more.has_any(begun) || self.is_listed(asked, here)?,
        };
        if !is_as_asked {
            return Ok(Some(false));
        }
        Ok(if more.has_any(begun) && (asked.looks_into(begun) || !asked.branches.is_empty()) { None } else { Some(true) })
    }

    /// Whether the value is one of those listed.
    #[inline(always)]
    fn is_listed(&mut self, asked: &Node, here: Here<'_>) -> Result<bool, Stop> {
        for (values, _) in &asked.values {
            self.spend(u64::from(self.view.next(here.at) - here.at))?;
            let contained = values.contains(self.view, here.at, &mut self.judging.canonical);
            if !self.paid(contained)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    #[inline(never)]
    fn takes_string(&mut self, asked: &Node, here: Here<'_>) -> bool {
        let raw = here.raw();
        let unescaped;
        let text = if self.view.is_escaped(raw) {
            unescaped = self.view.string(here.at);
            &*unescaped
        } else {
            raw
        };
        if text.len() >= BYTES_A_STEP {
            // Whoever asks for the next step sees whether they are too many.
            self.judging.steps += ((asked.values.len() + asked.strings.len()) * (text.len() / BYTES_A_STEP)) as u64;
        }
        asked.values.iter().all(|(values, _)| values.contains_string(text))
            && asked.strings.iter().all(|(check, _)| self.takes(check, text))
    }

    #[inline(always)]
    fn takes(&mut self, check: &StringCheck, text: &[u8]) -> bool {
        match check {
            StringCheck::MinLength(count) => is_length_at_least(text, *count),
            StringCheck::MaxLength(count) => !is_length_at_least(text, count.saturating_add(1)),
            StringCheck::Pattern(pattern) => match pattern.is_match(text) {
                Matched::Yes => true,
                Matched::No => false,
                Matched::Limit => {
                    self.judging.pattern_limit = true;
                    false
                }
            },
            StringCheck::Format(format) => format.is_valid(utf8(text)),
        }
    }

    /// Whether a string or number is as a node asks, where that can be told by looking at it alone.
    #[inline(always)]
    pub(super) fn tell_scalar(&mut self, asked: &Node, head: Head, begun: Types, here: Here<'_>) -> Option<bool> {
        if !asked.branches.is_empty() {
            return None;
        }
        match begun {
            Types::STRING => Some(self.takes_string(asked, here)),
            Types::NUMBER if asked.values.is_empty() => Some(takes_number(asked, head, here)),
            _ => None,
        }
    }

    /// Notes all that the value itself fails.
    #[cold]
    pub(super) fn note_value(&mut self, node: NodeId, here: Here<'_>) -> Result<(), Stop> {
        let Here { at, begun, .. } = here;
        let asked = &self.program.nodes[node as usize];
        for origin in &asked.nothing {
            self.fail(*origin, at);
        }
        if !asked.types.is_empty() {
            let own = self.view.type_of(at);
            for (_, origin) in asked.types.iter().filter(|(types, _)| !types.has_any(own)) {
                self.fail(*origin, at);
            }
        }
        for (values, origin) in &asked.values {
            let contained = values.contains(self.view, at, &mut self.judging.canonical);
            if !self.paid(contained)? {
                self.fail(*origin, at);
            }
        }
        if begun == Types::NUMBER {
            let number = here.number();
            for (_, origin) in asked.numbers.iter().filter(|(check, _)| !check.takes(&number)) {
                self.fail(*origin, at);
            }
        }
        if begun == Types::STRING && !asked.strings.is_empty() {
            let text = self.view.string(at);
            for (check, origin) in &asked.strings {
                let before = std::mem::take(&mut self.judging.pattern_limit);
                let taken = self.takes(check, &text);
                let limited = self.judging.pattern_limit;
                self.judging.pattern_limit |= before;
                if !taken {
                    self.judging.about = if limited { About::Steps } else { About::Value };
                    self.fail(*origin, at);
                }
            }
        }
        Ok(())
    }
}

/// Whether a number is of the types that a node takes, and as it asks of numbers.
#[inline(never)]
fn takes_number(asked: &Node, head: Head, here: Here<'_>) -> bool {
    let types = head.types.and(Types::NUMBER);
    let number = here.number();
    // Either integers alone, or fractions alone.
    (types == Types::NUMBER || number.is_integer() == (types == Types::INTEGER))
        && asked.numbers.iter().all(|(check, _)| check.takes(&number))
}

impl NumberCheck {
    #[inline(always)]
    fn takes(&self, number: &Written<'_>) -> bool {
        match self {
            Self::AtLeast(limit) => limit.compare(number) != Ordering::Less,
            Self::AtMost(limit) => limit.compare(number) != Ordering::Greater,
            Self::Above(limit) => limit.compare(number) == Ordering::Greater,
            Self::Below(limit) => limit.compare(number) == Ordering::Less,
            Self::Multiple(divisor) => divisor.divides(number),
        }
    }
}

/// Whether `text` has at least `count` code points.
#[inline(always)]
fn is_length_at_least(text: &[u8], count: u64) -> bool {
    let bytes = text.len() as u64;
    // A code point takes one byte to four.
    if bytes < count {
        return false;
    }
    bytes >= count.saturating_mul(4) || bytecount::num_chars(text) as u64 >= count
}

/// The text of a valid record's string.
#[inline(always)]
fn utf8(text: &[u8]) -> &str {
    simdutf8::basic::from_utf8(text).unwrap_or_default()
}
