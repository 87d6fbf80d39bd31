//! Where the tokens of a text begin: brackets, commas, colons, opening quotes, and the first bytes of numbers and literals.
//!
//! What a string holds is checked on the way, so that nobody needs to look at it again: UTF-8, escapes, and no bare control character. Where
//! a chunk of 64 bytes has a fault of this kind, the index ends before it, and no token of the chunk is ever seen.

use super::escapes::Escapes;
use super::utf8::Utf8;
use crate::kernel::{CHUNK, Kernel};
use crate::strings::Strings;

/// Tokens found at once: few enough to stay in the nearest cache with their text, enough to make a call cheap.
const TOKENS: usize = 1024;

/// The tokens of a text, found piece by piece.
#[derive(Debug)]
pub(super) struct Index {
    /// Offset of the first byte that has not been looked at.
    at: usize,
    state: State,
    /// Whether a line feed is a token.
    lines: bool,
    /// Whether the token at the end of the text has been given.
    ended: bool,
    tokens: Box<[u32; TOKENS + CHUNK]>,
}

/// What of the chunks so far bears on the next one.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    strings: Strings,
    utf8: Utf8,
    escapes: Escapes,
    /// 1 where the last byte was of a number or literal, or out of place.
    follows_scalar: u64,
}

impl Index {
    pub(super) fn new() -> Self {
        Self { at: 0, state: State::default(), lines: false, ended: false, tokens: Box::new([0; TOKENS + CHUNK]) }
    }

    /// Begins at `at`, outside of strings and numbers.
    pub(super) fn begin(&mut self, at: usize, lines: bool) {
        (self.at, self.state, self.lines, self.ended) = (at, State::default(), lines, false);
    }

    /// Offset of the first byte whose tokens have not been given.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Whether a line feed is a token.
    pub(super) fn by_lines(&self) -> bool {
        self.lines
    }

    #[inline(always)]
    pub(super) fn token(&self, number: usize) -> usize {
        self.tokens[number] as usize
    }

    /// Finds the next tokens, of which there is one at least, and returns how many; the last of all stands at the end of the text. 0 where
    /// a fault comes before the next one.
    #[inline(always)]
    pub(super) fn fill<K: Kernel>(&mut self, kernel: K, text: &[u8]) -> usize {
        let (mut count, mut at, mut state) = (0, self.at, self.state);
        while count < TOKENS {
            let Some(rest) = text.get(at..) else { break };
            let mut after = state;
            let found = if let Some(chunk) = rest.first_chunk::<CHUNK>() {
                after.chunk(kernel, chunk, text, at, self.lines)
            } else if !rest.is_empty() {
                let mut chunk = [b' '; CHUNK];
                chunk[..rest.len()].copy_from_slice(rest);
                after.chunk(kernel, &chunk, text, at, self.lines)
            } else {
                if !self.ended && !state.strings.are_open() {
                    self.tokens[count] = text.len() as u32;
                    count += 1;
                    self.ended = true;
                }
                break;
            };
            let Some(found) = found else { break };
            if found != 0 {
                if let Some(places) = self.tokens[count..].first_chunk_mut::<CHUNK>() {
                    kernel.flatten(found, at as u32, places);
                }
                count += found.count_ones() as usize;
            }
            at += CHUNK.min(rest.len());
            state = after;
        }
        (self.at, self.state) = (at, state);
        count
    }
}

impl State {
    /// The tokens of the chunk at `at`, or `None` where it has a fault.
    #[inline(always)]
    fn chunk<K: Kernel>(&mut self, kernel: K, chunk: &[u8; CHUNK], text: &[u8], at: usize, lines: bool) -> Option<u64> {
        let bytes = kernel.load(chunk);
        let quoting = self.strings.next(kernel, bytes);
        let control = !kernel.at_least(bytes, 0x20) & quoting.within;
        if control != 0 || !self.utf8.next(kernel, bytes) {
            return None;
        }
        self.escapes = self.escapes.next(kernel, bytes, quoting.escaped, text, at)?;
        if quoting.within == u64::MAX && quoting.quotes == 0 {
            // All of a string, whose end nothing of this bears on.
            return Some(0);
        }
        let separators = kernel.structural(bytes);
        // Numbers, literals, what is out of place, and all of strings.
        let scalars = !(separators | kernel.white(bytes));
        let unquoted = scalars & !quoting.quotes;
        let begun = scalars & !(unquoted << 1 | self.follows_scalar) | quoting.quotes & quoting.within;
        self.follows_scalar = unquoted >> 63;
        let line_feeds = if lines { kernel.equal(bytes, b'\n') } else { 0 };
        let inside = quoting.within ^ quoting.quotes;
        Some((separators | begun | line_feeds) & !inside)
    }
}
