//! Quotes and brackets: what every framer but that of lines looks at, 64 bytes at a time.
//!
//! A quote after an odd number of backslashes opens and closes nothing, wherever it stands. Brackets count outside strings, whatever
//! their kind. Where a chunk cannot bring the depth to 0, its brackets are only counted.

use crate::kernel::{CHUNK, Kernel};
use crate::strings::Strings;

/// Whether the bytes so far end inside a string, and how many brackets are open.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scan {
    strings: Strings,
    depth: u64,
    /// Whether there was a bracket that opens.
    bracketed: bool,
}

/// What ends a scan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// A comma or closing bracket where no bracket is open.
    ElementEnds,
    /// The closing bracket after which none is open.
    ContainerEnds,
    /// A quote that is not escaped.
    Quote,
    /// Nothing.
    Never,
}

/// What a framer may care for in a chunk, outside strings.
#[derive(Clone, Copy, Default)]
struct Marks {
    opening: u64,
    closing: u64,
    commas: u64,
    /// Those that begin or end a string.
    quotes: u64,
}

/// Bytes that records are found in, one scan after the other. The chunk looked at last is kept, for the next record may begin in it.
pub(super) struct Text<'a> {
    bytes: &'a [u8],
    /// Where the last chunk begins and ends; nowhere at first.
    from: usize,
    to: usize,
    marks: Marks,
    /// What bears on the chunk after it.
    after: Strings,
}

impl<'a> Text<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, from: 0, to: 0, marks: Marks::default(), after: Strings::default() }
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Keeps the chunk at `at`, which begins with `strings`, unless it is the one that is kept.
    #[inline(always)]
    fn keep<K: Kernel>(&mut self, kernel: K, at: usize, mut strings: Strings) {
        if (self.from..self.to).contains(&at) {
            return;
        }
        let rest = &self.bytes[at..];
        let padded;
        let chunk = match rest.first_chunk::<CHUNK>() {
            Some(chunk) => chunk,
            None => {
                let mut copy = [b' '; CHUNK];
                copy[..rest.len()].copy_from_slice(rest);
                padded = copy;
                &padded
            }
        };
        let bytes = kernel.load(chunk);
        let quoting = strings.next(kernel, bytes);
        self.marks = Marks {
            opening: kernel.opening(bytes) & !quoting.within,
            closing: kernel.closing(bytes) & !quoting.within,
            commas: kernel.equal(bytes, b',') & !quoting.within,
            quotes: quoting.quotes,
        };
        self.after = if rest.len() < CHUNK { quoting.strings_before(rest.len()) } else { strings };
        (self.from, self.to) = (at, at + CHUNK.min(rest.len()));
    }
}

impl Marks {
    /// Those from `place` on.
    #[inline(always)]
    fn from(self, place: usize) -> Self {
        let left = u64::MAX << place;
        Self {
            opening: self.opening & left,
            closing: self.closing & left,
            commas: self.commas & left,
            quotes: self.quotes & left,
        }
    }
}

impl Scan {
    /// A scan that stands after the opening quote of a string.
    pub(super) fn in_string() -> Self {
        Self { strings: Strings::in_string(), ..Self::default() }
    }

    /// A scan that stands after the opening bracket of a container.
    pub(super) fn in_container() -> Self {
        Self { depth: 1, bracketed: true, ..Self::default() }
    }

    /// Brackets that are open.
    pub(super) fn depth(&self) -> u64 {
        self.depth
    }

    /// Whether there were brackets and all are closed.
    pub(super) fn has_closed(&self) -> bool {
        self.bracketed && self.depth == 0 && !self.strings.are_open()
    }

    /// The offset, from `at` on, of the comma or bracket that ends an element of an array.
    #[inline(always)]
    pub(super) fn element_end<K: Kernel>(&mut self, kernel: K, text: &mut Text<'_>, at: usize) -> Option<usize> {
        self.find(kernel, text, at, Until::ElementEnds, |_, _| {})
    }

    /// The offset, from `at` on, of the bracket that closes the outermost container.
    #[inline(always)]
    pub(super) fn container_end<K: Kernel>(&mut self, kernel: K, text: &mut Text<'_>, at: usize) -> Option<usize> {
        self.find(kernel, text, at, Until::ContainerEnds, |_, _| {})
    }

    /// The offset, from `at` on, of the quote that closes the string.
    #[inline(always)]
    pub(super) fn string_end<K: Kernel>(&mut self, kernel: K, text: &mut Text<'_>, at: usize) -> Option<usize> {
        self.find(kernel, text, at, Until::Quote, |_, _| {})
    }

    /// Goes through all `bytes`. The offset of the last bracket that opens.
    #[inline(always)]
    pub(super) fn last_opening<K: Kernel>(&mut self, kernel: K, bytes: &[u8]) -> Option<usize> {
        let mut last = None;
        self.find(kernel, &mut Text::new(bytes), 0, Until::Never, |from, marks| {
            if marks.opening != 0 {
                last = Some(from + marks.opening.ilog2() as usize);
            }
        });
        last
    }

    #[inline(always)]
    fn find<K: Kernel>(
        &mut self,
        kernel: K,
        text: &mut Text<'_>,
        mut at: usize,
        until: Until,
        mut seen: impl FnMut(usize, &Marks),
    ) -> Option<usize> {
        // A copy, which stays in registers.
        let mut scan = *self;
        let mut found = None;
        while at < text.bytes.len() {
            if matches!(until, Until::ElementEnds | Until::ContainerEnds) && at == text.to {
                at = scan.pass(kernel, text.bytes, at);
                if at == text.bytes.len() {
                    break;
                }
            }
            text.keep(kernel, at, scan.strings);
            let marks = text.marks.from(at - text.from);
            seen(text.from, &marks);
            scan.bracketed |= marks.opening != 0;
            let place = if until == Until::Quote { lowest(marks.quotes) } else { scan.count(&marks, until) };
            if let Some(place) = place {
                found = Some(text.from + place);
                break;
            }
            scan.strings = text.after;
            at = text.to;
        }
        *self = scan;
        found
    }

    /// Goes on over whole chunks that cannot bring the depth to 0. The offset after them.
    #[inline(always)]
    fn pass<K: Kernel>(&mut self, kernel: K, bytes: &[u8], mut at: usize) -> usize {
        while let Some(chunk) = bytes[at..].first_chunk::<CHUNK>() {
            let mut strings = self.strings;
            let bytes = kernel.load(chunk);
            let quoting = strings.next(kernel, bytes);
            let opening = u64::from((kernel.opening(bytes) & !quoting.within).count_ones());
            let closing = u64::from((kernel.closing(bytes) & !quoting.within).count_ones());
            if self.depth <= closing {
                break;
            }
            self.depth = self.depth + opening - closing;
            self.strings = strings;
            at += CHUNK;
        }
        at
    }

    /// Counts the brackets of a chunk up to the mark that ends the scan. The place of that mark.
    #[inline(always)]
    fn count(&mut self, marks: &Marks, until: Until) -> Option<usize> {
        let closing = u64::from(marks.closing.count_ones());
        if self.depth > closing {
            self.depth = self.depth + u64::from(marks.opening.count_ones()) - closing;
            return None;
        }
        let mut left = u64::MAX;
        loop {
            let brackets = marks.opening | marks.closing;
            let commas = if until == Until::ElementEnds && self.depth == 0 { marks.commas } else { 0 };
            let place = lowest((brackets | commas) & left)?;
            let mark = 1 << place;
            left = u64::MAX << place << 1;
            if marks.opening & mark != 0 {
                self.depth += 1;
            } else if marks.closing & mark != 0 && self.depth > 0 {
                self.depth -= 1;
                if self.depth == 0 && until == Until::ContainerEnds {
                    return Some(place);
                }
            } else if until == Until::ElementEnds {
                return Some(place);
            }
        }
    }
}

/// The place of the lowest bit.
#[inline(always)]
fn lowest(bits: u64) -> Option<usize> {
    (bits != 0).then_some(bits.trailing_zeros() as usize)
}
