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
struct Marks {
    opening: u64,
    closing: u64,
    commas: u64,
    /// Those that begin or end a string.
    quotes: u64,
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
    pub(super) fn element_end<K: Kernel>(&mut self, kernel: K, bytes: &[u8], at: usize) -> Option<usize> {
        self.find(kernel, bytes, at, Until::ElementEnds, |_, _| {})
    }

    /// The offset, from `at` on, of the bracket that closes the outermost container.
    #[inline(always)]
    pub(super) fn container_end<K: Kernel>(&mut self, kernel: K, bytes: &[u8], at: usize) -> Option<usize> {
        self.find(kernel, bytes, at, Until::ContainerEnds, |_, _| {})
    }

    /// The offset, from `at` on, of the quote that closes the string.
    #[inline(always)]
    pub(super) fn string_end<K: Kernel>(&mut self, kernel: K, bytes: &[u8], at: usize) -> Option<usize> {
        self.find(kernel, bytes, at, Until::Quote, |_, _| {})
    }

    /// Goes through all `bytes`. The offset of the last bracket that opens.
    #[inline(always)]
    pub(super) fn last_opening<K: Kernel>(&mut self, kernel: K, bytes: &[u8]) -> Option<usize> {
        let mut last = None;
        self.find(kernel, bytes, 0, Until::Never, |at, marks| {
            if marks.opening != 0 {
                last = Some(at + marks.opening.ilog2() as usize);
            }
        });
        last
    }

    #[inline(always)]
    fn find<K: Kernel>(
        &mut self,
        kernel: K,
        bytes: &[u8],
        mut at: usize,
        until: Until,
        mut seen: impl FnMut(usize, &Marks),
    ) -> Option<usize> {
        while at < bytes.len() {
            let rest = &bytes[at..];
            let marks = match rest.first_chunk::<CHUNK>() {
                Some(chunk) => self.marks(kernel, chunk, CHUNK),
                None => {
                    let mut chunk = [b' '; CHUNK];
                    chunk[..rest.len()].copy_from_slice(rest);
                    self.marks(kernel, &chunk, rest.len())
                }
            };
            seen(at, &marks);
            self.bracketed |= marks.opening != 0;
            let place = if until == Until::Quote { lowest(marks.quotes) } else { self.count(&marks, until) };
            if let Some(place) = place {
                return Some(at + place);
            }
            at += CHUNK;
        }
        None
    }

    /// The marks of a chunk of which `length` bytes are of the text.
    #[inline(always)]
    fn marks<K: Kernel>(&mut self, kernel: K, chunk: &[u8; CHUNK], length: usize) -> Marks {
        let bytes = kernel.load(chunk);
        let quoting = self.strings.next(kernel, bytes);
        if length < CHUNK {
            self.strings = quoting.strings_before(length);
        }
        Marks {
            opening: kernel.opening(bytes) & !quoting.within,
            closing: kernel.closing(bytes) & !quoting.within,
            commas: kernel.equal(bytes, b',') & !quoting.within,
            quotes: quoting.quotes,
        }
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
