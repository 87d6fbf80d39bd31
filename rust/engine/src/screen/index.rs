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
    strings: Strings,
    utf8: Utf8,
    escapes: Escapes,
    /// 1 where the last byte was of a number or literal, or out of place.
    follows_scalar: u64,
    /// Whether a line feed is a token.
    lines: bool,
    /// Whether the token at the end of the text has been given.
    ended: bool,
    tokens: Box<[u32; TOKENS + CHUNK]>,
}

impl Index {
    pub(super) fn new() -> Self {
        Self {
            at: 0,
            strings: Strings::default(),
            utf8: Utf8::default(),
            escapes: Escapes::default(),
            follows_scalar: 0,
            lines: false,
            ended: false,
            tokens: Box::new([0; TOKENS + CHUNK]),
        }
    }

    /// Begins at `at`, outside of strings and numbers.
    pub(super) fn begin(&mut self, at: usize, lines: bool) {
        (self.at, self.strings, self.utf8, self.escapes) = (at, Strings::default(), Utf8::default(), Escapes::default());
        (self.follows_scalar, self.lines, self.ended) = (0, lines, false);
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
        let mut count = 0;
        while count < TOKENS {
            let Some(rest) = text.get(self.at..) else { break };
            let found = if let Some(chunk) = rest.first_chunk::<CHUNK>() {
                self.chunk(kernel, chunk, text)
            } else if !rest.is_empty() {
                let mut chunk = [b' '; CHUNK];
                chunk[..rest.len()].copy_from_slice(rest);
                self.chunk(kernel, &chunk, text)
            } else {
                if !self.ended && !self.strings.are_open() {
                    self.tokens[count] = text.len() as u32;
                    count += 1;
                    self.ended = true;
                }
                break;
            };
            let Some(found) = found else { break };
            if let Some(places) = self.tokens[count..].first_chunk_mut::<CHUNK>() {
                kernel.flatten(found, self.at as u32, places);
            }
            count += found.count_ones() as usize;
            self.at += CHUNK.min(rest.len());
        }
        count
    }

    /// The tokens of the next chunk, or `None` where it has a fault; then all is as before it.
    #[inline(always)]
    fn chunk<K: Kernel>(&mut self, kernel: K, chunk: &[u8; CHUNK], text: &[u8]) -> Option<u64> {
        let bytes = kernel.load(chunk);
        let (mut strings, mut utf8, mut escapes) = (self.strings, self.utf8, self.escapes);
        let quoting = strings.next(kernel, bytes);
        let control = !kernel.at_least(bytes, 0x20) & quoting.within;
        let right = control == 0 && utf8.next(kernel, bytes) && escapes.next(kernel, bytes, quoting.escaped, text, self.at);
        if !right {
            return None;
        }
        (self.strings, self.utf8, self.escapes) = (strings, utf8, escapes);
        let separators = kernel.structural(bytes);
        // Numbers, literals, what is out of place, and all of strings.
        let scalars = !(separators | kernel.white(bytes));
        let unquoted = scalars & !quoting.quotes;
        let begun = scalars & !(unquoted << 1 | self.follows_scalar) | quoting.quotes & quoting.within;
        self.follows_scalar = unquoted >> 63;
        let line_feeds = if self.lines { kernel.equal(bytes, b'\n') } else { 0 };
        let inside = quoting.within ^ quoting.quotes;
        Some((separators | begun | line_feeds) & !inside)
    }
}
