//! Finds where records begin and end, by quotes and brackets alone, in constant memory.
//!
//! A framer is fed the stream slab by slab. It keeps only what it must know to go on: where in its grammar it is, and whether the
//! record under way is inside a string or how many brackets are open. The session keeps the bytes.

mod array;
mod concatenated;
mod detect;
mod document;
mod encoding;
mod key;
mod lines;
mod pointer;
mod scan;
mod within;

pub use detect::{DETECTION_BYTES, Detector};
pub use encoding::{Encoding, Ended, encoding};
pub use pointer::RecordsPath;
pub(crate) use within::Walked;

use crate::kernel::{Choice, Kernel, Task};
use crate::proto::{Format, Termination};
use array::Array;
use concatenated::Concatenated;
use document::Document;
use lines::Lines;
use within::Within;

/// Where a record stands in the bytes that were framed: from its first byte that is not white space to the byte that ends it, white
/// space before that included. An empty one is an element of an array that is nothing but white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Its first byte.
    pub start: u32,
    /// After its last byte.
    pub end: u32,
}

/// What a framer expects next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Elements of an array, with commas between them.
    Elements,
    /// Values one after the other.
    Values,
    /// Something else.
    Other,
}

/// How far a framer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// It stands between records at this offset, at or after the target.
    Boundary(usize),
    /// The bytes are at an end, between records.
    End,
    /// The bytes are at an end inside the record that began at this offset.
    Open(usize),
    /// No record can follow: this is the first byte that is not to be judged.
    Stopped(usize),
}

/// What the end of the stream makes of the record under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// It is judged as it stands.
    AsItStands,
    /// It is invalid, whatever it looks like: more of it could have come.
    CutOff,
}

/// What the end of the stream means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// How the stream ended.
    pub termination: Termination,
    /// For the record under way, where there is one.
    pub rest: Rest,
}

/// Finds the records of one stream.
#[derive(Debug, Clone)]
pub struct Framer {
    kernel: Choice,
    framing: Framing,
}

#[derive(Debug, Clone)]
enum Framing {
    Lines(Lines),
    Array(Array),
    Concatenated(Concatenated),
    Document(Document),
    Within(Within),
}

impl Framer {
    /// A framer that stands at the beginning of a stream, after its byte order mark.
    pub fn new(format: Format, kernel: Choice) -> Self {
        let framing = match format {
            Format::Array => Framing::Array(Array::default()),
            Format::Concatenated => Framing::Concatenated(Concatenated::default()),
            Format::Document => Framing::Document(Document),
            Format::Unspecified | Format::Ndjson => Framing::Lines(Lines),
        };
        Self { kernel, framing }
    }

    /// A framer of the elements of the array that `path` leads to, which stands at the beginning of the document that it is in.
    pub fn within(path: RecordsPath, kernel: Choice) -> Self {
        Self { kernel, framing: Framing::Within(Within::new(path)) }
    }

    /// Whether it stands outside of the array that a path leads to, where only [`Framer::walk_around`] goes on.
    pub(crate) fn is_around(&self) -> bool {
        matches!(&self.framing, Framing::Within(framer) if framer.is_around())
    }

    /// Goes on where it stands outside of the array; none where it does not.
    pub(crate) fn walk_around(&mut self, bytes: &[u8]) -> Option<Walked> {
        match &mut self.framing {
            Framing::Within(framer) if framer.is_around() => Some(self.kernel.run(WalkAround { framer, bytes })),
            _ => None,
        }
    }

    /// The array whose elements are the records, if such a one is under way.
    fn array(&self) -> Option<&Array> {
        match &self.framing {
            Framing::Array(framer) => Some(framer),
            Framing::Within(framer) => framer.array(),
            _ => None,
        }
    }

    /// Whether records are lines: a line feed is a boundary, whatever stands before it.
    pub fn by_lines(&self) -> bool {
        matches!(self.framing, Framing::Lines(_))
    }

    /// What may follow where it stands, if that is a record and what separates it from the next ones.
    pub(crate) fn due(&self) -> Due {
        match &self.framing {
            Framing::Concatenated(framer) if framer.is_between() => Due::Values,
            _ if self.array().is_some_and(Array::is_element_due) => Due::Elements,
            _ => Due::Other,
        }
    }

    /// Stands after an element of an array and its comma, which somebody else found.
    pub(crate) fn pass_elements(&mut self) {
        match &mut self.framing {
            Framing::Array(framer) => framer.pass_elements(),
            Framing::Within(framer) => framer.array_mut().into_iter().for_each(Array::pass_elements),
            _ => {}
        }
    }

    /// Whether the stream is one record, even when it is empty.
    pub fn has_one_record(&self) -> bool {
        matches!(self.framing, Framing::Document(_))
    }

    /// Goes on inside the record that was under way when the bytes before these ended. The offset at which it ends, if it does.
    pub fn close(&mut self, bytes: &[u8]) -> Option<usize> {
        self.kernel.run(Close { framing: &mut self.framing, bytes })
    }

    /// Goes on between records, to the first boundary at or after `target`, or for lines to the last before it. Appends the records that
    /// end on the way, unless they are lines.
    pub fn frame(&mut self, bytes: &[u8], target: usize, records: &mut Vec<Extent>) -> Reached {
        self.kernel.run(Frame { framing: &mut self.framing, bytes, target, found: |extent| records.push(extent) })
    }

    /// Goes on as [`Framer::frame`] does, and does not tell which records end on the way.
    pub fn pass(&mut self, bytes: &[u8], target: usize) -> Reached {
        self.kernel.run(Frame { framing: &mut self.framing, bytes, target, found: |_| {} })
    }

    /// What is to be made of the record under way, of which this much is kept, where the stream broke off. What ends in a closing bracket is
    /// whole, or else is no JSON as it stands.
    pub fn cut_off(&self, kept: &[u8]) -> Rest {
        match &self.framing {
            Framing::Array(framer) => framer.end().rest,
            Framing::Within(framer) => framer.end().rest,
            Framing::Concatenated(_) => Rest::CutOff,
            Framing::Lines(_) | Framing::Document(_) if matches!(kept.last(), Some(b'}' | b']')) => Rest::AsItStands,
            Framing::Lines(_) | Framing::Document(_) => Rest::CutOff,
        }
    }

    /// What it means that the stream ends here.
    pub fn end(&self) -> Ending {
        match &self.framing {
            Framing::Array(framer) => framer.end(),
            Framing::Within(framer) => framer.end(),
            Framing::Concatenated(framer) => framer.end(),
            Framing::Lines(_) | Framing::Document(_) => Ending { termination: Termination::Complete, rest: Rest::AsItStands },
        }
    }
}

struct Close<'a> {
    framing: &'a mut Framing,
    bytes: &'a [u8],
}

impl Task for Close<'_> {
    type Output = Option<usize>;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Option<usize> {
        kernel.vectorize(
            #[inline(always)]
            || match self.framing {
                Framing::Lines(framer) => framer.close(self.bytes),
                Framing::Array(framer) => framer.close(kernel, self.bytes),
                Framing::Concatenated(framer) => framer.close(kernel, self.bytes),
                Framing::Within(framer) => framer.array_mut()?.close(kernel, self.bytes),
                Framing::Document(_) => None,
            },
        )
    }
}

struct Frame<'a, F> {
    framing: &'a mut Framing,
    bytes: &'a [u8],
    target: usize,
    found: F,
}

impl<F: FnMut(Extent)> Task for Frame<'_, F> {
    type Output = Reached;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Reached {
        kernel.vectorize(
            #[inline(always)]
            || match self.framing {
                Framing::Lines(framer) => framer.frame(self.bytes, self.target),
                Framing::Array(framer) => framer.frame(kernel, self.bytes, self.target, self.found),
                Framing::Concatenated(framer) => framer.frame(kernel, self.bytes, self.target, self.found),
                Framing::Document(framer) => framer.frame(self.bytes),
                Framing::Within(framer) => match framer.array_mut() {
                    Some(framer) => framer.frame(kernel, self.bytes, self.target, self.found),
                    // Outside of the array there are no records.
                    None => Reached::Stopped(0),
                },
            },
        )
    }
}

struct WalkAround<'a> {
    framer: &'a mut Within,
    bytes: &'a [u8],
}

impl Task for WalkAround<'_> {
    type Output = Walked;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Walked {
        kernel.vectorize(
            #[inline(always)]
            || self.framer.walk(kernel, self.bytes),
        )
    }
}

#[inline(always)]
pub(crate) fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Offset of the first byte from `from` on that is not white space, or the length.
fn skip_white(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| !is_white(*byte)).map_or(bytes.len(), |count| from + count)
}

/// The length of `bytes` without the white space at their end.
pub fn trimmed_length(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| !is_white(*byte)).map_or(0, |last| last + 1)
}

/// The offset of the first byte that is not white space, and the length without the white space at the end; equal where all is.
pub fn trim(bytes: &[u8]) -> (usize, usize) {
    let end = trimmed_length(bytes);
    (skip_white(&bytes[..end], 0), end)
}
