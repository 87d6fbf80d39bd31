//! Where the tokens of a text begin: brackets, opening quotes, and the first bytes of numbers and literals.
//!
//! Commas and colons are implied where they can be: they are no tokens where a value begins at the next byte, or at the one after white
//! space that is no token; for a colon, the byte before it must end a string. Whoever walks the tokens looks at the bytes before a value to find its comma, and
//! after a key to find its colon. All others are tokens, among them every one that is out of place, but for a comma before the first value
//! of a container or text, and a colon after a value. A member such as `,"a":1` so has two tokens instead of four.
//!
//! What a string holds is checked on the way, so that nobody needs to look at it again: UTF-8, escapes, and no bare control character. Where
//! a chunk of 64 bytes has a fault of this kind, the index ends before it, and no token of the chunk is ever seen.

use super::escapes::Escapes;
use super::utf8::Utf8;
use crate::frame::is_white;
use crate::kernel::{CHUNK, Kernel};
use crate::strings::Strings;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tokens found at once: few enough to stay in the nearest cache with their text, enough to make a call cheap.
const TOKENS: usize = 1024;
/// Room for those, for as many that are kept, for what a chunk adds to them, for the end of the text and for [`MORE`]; a power of two, so
/// that no number of a token is beyond.
const SLOTS: usize = 2048;
/// Tokens that are kept while more are found.
const MAX_KEPT: usize = SLOTS - TOKENS - CHUNK - 2;
/// Tokens that are kept beside these: those of records of some hundred kilobytes.
const MAX_SPILLED: usize = 64 << 10;
/// Stands after the last token that was found, and is beyond every text.
const MORE: u32 = u32::MAX;

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
    /// Whether the next chunk has a fault.
    faulty: bool,
    /// Where the text begins whose tokens are held.
    from: usize,
    tokens: [u32; SLOTS],
    /// How many of them are held.
    count: usize,
    /// The number of the next one. Who walks takes it out, so that it stays in a register.
    next: usize,
    /// The number of the first one that is to be kept while more are found, if any.
    keep: Option<usize>,
    /// Those before that one which are to be kept too, where they are many.
    spilled: Vec<u32>,
}

/// Tokens that were kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept<'a> {
    spilled: &'a [u32],
    held: &'a [u32],
}

impl<'a> Kept<'a> {
    pub(super) fn tokens(self) -> impl Iterator<Item = usize> + Clone + use<'a> {
        self.spilled.iter().chain(self.held).map(|token| *token as usize)
    }
}

/// No more tokens can be found: a fault comes before the next one.
pub(super) struct Faulty;

/// What of the chunks so far bears on the next one.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    strings: Strings,
    utf8: Utf8,
    escapes: Escapes,
    /// 1 where the last byte was of a number or literal, or out of place.
    follows_scalar: u64,
    /// 1 where the last byte ended a string.
    follows_string: u64,
}

impl Index {
    pub(super) fn new() -> Box<Self> {
        Box::new(Self {
            at: 0,
            state: State::default(),
            lines: false,
            ended: false,
            faulty: false,
            from: 0,
            tokens: [MORE; SLOTS],
            count: 0,
            next: 0,
            keep: None,
            spilled: Vec::new(),
        })
    }

    /// Begins at `at`, outside of strings and numbers.
    pub(super) fn begin(&mut self, at: usize, lines: bool) {
        (self.at, self.state, self.lines, self.ended) = (at, State::default(), lines, false);
        (self.from, self.faulty, self.keep) = (at, false, None);
        self.hold(0);
    }

    /// Goes on at `at`, which is between records.
    pub(super) fn skip(&mut self, at: usize) {
        if !(self.from..=self.at).contains(&at) {
            self.begin(at, self.lines);
            return;
        }
        // The walk may have gone on to the record after this one before it doubted.
        while self.next > 0 && self.tokens[self.next - 1] as usize >= at {
            self.next -= 1;
        }
        while self.next < self.count && (self.tokens[self.next] as usize) < at {
            self.next += 1;
        }
    }

    #[inline(always)]
    pub(super) fn next(&self) -> usize {
        self.next
    }

    #[inline(always)]
    pub(super) fn set_next(&mut self, next: usize) {
        self.next = next;
    }

    /// Whether there may be an escape at `at` or later, before the last token held.
    #[inline(always)]
    pub(super) fn may_be_escaped(&self, at: usize) -> bool {
        self.state.escapes.seen_until() > at
    }

    /// The place of the token before the next one, which was taken since tokens were last found.
    pub(super) fn last(&self) -> usize {
        self.tokens[self.next.saturating_sub(1) % SLOTS] as usize
    }

    /// Keeps the next token and those after it, as far as there is room, while more are found.
    #[inline(always)]
    pub(super) fn keep(&mut self) {
        self.keep = Some(self.next);
        self.spilled.clear();
    }

    /// The tokens from that which was to be kept, and stands at `start`, to before the next one, if all are held. They are kept no longer.
    #[inline(always)]
    pub(super) fn kept(&mut self, start: usize) -> Option<Kept<'_>> {
        let held = self.tokens.get(self.keep.take()?..self.next)?;
        let first = self.spilled.first().or(held.first());
        (first == Some(&(start as u32))).then_some(Kept { spilled: &self.spilled, held })
    }

    /// The place of token `number`, if it is in `text` and held; else [`Index::beyond`] tells.
    #[inline(always)]
    pub(super) fn token(&self, text: &[u8], number: usize) -> Option<(usize, u8)> {
        let at = self.tokens[number % SLOTS] as usize;
        Some((at, *text.get(at)?))
    }

    /// The place of token `number`, which is the end of the text, where it has a byte that nothing begins with, or not held yet. Finds more
    /// unless `cancelled`, and tells the number that it has then.
    #[cold]
    #[inline(never)]
    pub(super) fn beyond<K: Kernel>(
        &mut self,
        kernel: K,
        text: &[u8],
        mut number: usize,
        cancelled: &AtomicBool,
    ) -> Result<(usize, u8, usize), Faulty> {
        if self.tokens[number % SLOTS] == MORE {
            let kept = self.move_kept(number);
            // Who judges the record then sees it too, and ends.
            let count = if cancelled.load(Ordering::Relaxed) {
                kept
            } else {
                kernel.vectorize(
                    #[inline(always)]
                    || self.fill(kernel, text, kept),
                )
            };
            self.hold(count);
            number = kept;
            if count == kept {
                return Err(Faulty);
            }
        }
        let at = self.tokens[number % SLOTS] as usize;
        Ok((at, text.get(at).copied().unwrap_or(0), number))
    }

    /// Moves the tokens that are to be kept, which end before `number`, to the front, and tells how many they are.
    fn move_kept(&mut self, number: usize) -> usize {
        self.from = self.at;
        match self.keep.take() {
            Some(keep) if self.spilled.is_empty() && (keep + 1..=keep + MAX_KEPT).contains(&number) => {
                self.from = self.tokens[keep] as usize;
                self.tokens.copy_within(keep..number, 0);
                self.keep = Some(0);
                number - keep
            }
            // The one at `number` may be the first of those.
            Some(keep) if keep <= number && self.spilled.len() + number - keep <= MAX_SPILLED => {
                self.spilled.extend_from_slice(&self.tokens[keep..number]);
                self.keep = Some(0);
                0
            }
            _ => 0,
        }
    }

    fn hold(&mut self, count: usize) {
        self.tokens[count] = MORE;
        (self.count, self.next) = (count, 0);
    }

    /// Finds the next tokens, of which there is one at least, and returns how many there are with those `kept`; the last of all stands at the
    /// end of the text. None come where a fault comes before the next one.
    #[inline(always)]
    fn fill<K: Kernel>(&mut self, kernel: K, text: &[u8], kept: usize) -> usize {
        if self.faulty {
            return kept;
        }
        let (mut count, mut at, mut state) = (kept, self.at, self.state);
        let chunks = text.get(at..).unwrap_or_default().chunks_exact(CHUNK);
        let mut last = at + chunks.len() * CHUNK;
        for chunk in chunks.filter_map(<[u8]>::first_chunk) {
            let Some(found) = state.chunk(kernel, chunk, text, at, self.lines) else {
                self.faulty = true;
                break;
            };
            if found != 0 {
                if let Some(places) = self.tokens[count..].first_chunk_mut() {
                    kernel.flatten(found, at as u32, places);
                }
                count += found.count_ones() as usize;
            }
            at += CHUNK;
            if count >= kept + TOKENS {
                last = usize::MAX;
                break;
            }
        }
        (self.at, self.state) = (at, state);
        if at == last { self.fill_last(kernel, text, count) } else { count }
    }

    /// The same for what is less than a chunk, where `count` tokens were found before it.
    #[cold]
    #[inline(never)]
    fn fill_last<K: Kernel>(&mut self, kernel: K, text: &[u8], mut count: usize) -> usize {
        let (at, lines, state) = (self.at, self.lines, &mut self.state);
        let rest = text.get(at..).unwrap_or_default();
        if !rest.is_empty() {
            let mut chunk = [b' '; CHUNK];
            chunk[..rest.len()].copy_from_slice(rest);
            let found = kernel.vectorize(
                #[inline(always)]
                || state.chunk(kernel, &chunk, text, at, lines),
            );
            let (Some(found), Some(places)) = (found, self.tokens[count..].first_chunk_mut()) else {
                self.faulty = true;
                return count;
            };
            kernel.flatten(found, at as u32, places);
            count += found.count_ones() as usize;
            self.at = text.len();
        }
        if !self.ended && !self.state.strings.are_open() {
            self.tokens[count] = text.len() as u32;
            count += 1;
            self.ended = true;
        }
        count
    }
}

impl State {
    /// The tokens of the chunk at `at`, or `None` where it has a fault; what bears on the next chunk is not known then.
    #[inline(always)]
    fn chunk<K: Kernel>(&mut self, kernel: K, chunk: &[u8; CHUNK], text: &[u8], at: usize, lines: bool) -> Option<u64> {
        let bytes = kernel.load(chunk);
        let quoting = self.strings.next(kernel, bytes);
        // Most often there is none of these in strings. Outside, none but white space can pass, whatever is thought of it here.
        let special = kernel.control_or_non_ascii(bytes) & quoting.within;
        if special != 0 || self.utf8.is_within() {
            let control = special & !kernel.non_ascii(bytes);
            if control != 0 || !self.utf8.next(kernel, bytes, chunk[CHUNK - 1]) {
                return None;
            }
        }
        self.escapes = self.escapes.next(kernel, bytes, quoting.escaped, text, at)?;
        if quoting.within == u64::MAX && quoting.quotes == 0 {
            // All of a string, whose end nothing of this bears on.
            return Some(0);
        }
        let outside = !(quoting.within ^ quoting.quotes);
        let separators = kernel.structural(bytes);
        let white = kernel.white(bytes);
        // Numbers, literals, what is out of place, and all of strings.
        let scalars = !(separators | white);
        let unquoted = scalars & !quoting.quotes;
        let begun = scalars & !(unquoted << 1 | self.follows_scalar) | quoting.quotes & quoting.within;
        self.follows_scalar = unquoted >> 63;
        let line_feeds = if lines { kernel.equal(bytes, b'\n') } else { 0 };
        let ends = quoting.quotes & !quoting.within;
        let after_strings = ends << 1 | self.follows_string;
        self.follows_string = ends >> 63;
        // Before the first byte of a value. What the next chunk begins with is not known here.
        let before = ((begun | kernel.opening(bytes)) & outside) >> 1;
        let before = before | (before & white & !line_feeds) >> 1;
        let implied = before & (kernel.equal(bytes, b',') | kernel.equal(bytes, b':') & after_strings);
        Some((separators | begun | line_feeds) & outside & !implied)
    }
}

/// The comma that is implied before the token at `at`, where there is one.
#[inline(always)]
pub(super) fn comma_before(text: &[u8], at: usize) -> Option<usize> {
    separator_before(text, at).filter(|separator| text[*separator] == b',')
}

/// The colon that is implied before the token at `at`, where there is one.
#[inline(always)]
pub(super) fn colon_before(text: &[u8], at: usize) -> Option<usize> {
    separator_before(text, at).filter(|separator| text[*separator] == b':')
}

/// The comma or colon that is implied before the token at `at`, where there is one.
#[inline(always)]
pub(super) fn separator_before(text: &[u8], at: usize) -> Option<usize> {
    match text.get(..at)? {
        [.., b',' | b':'] => Some(at - 1),
        [.., b',' | b':', white] if is_white(*white) => Some(at - 2),
        _ => None,
    }
}
