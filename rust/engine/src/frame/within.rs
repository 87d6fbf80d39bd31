//! One array inside a document, whose elements are the records.
//!
//! The way to it is walked by the grammar: brackets, keys, colons and commas of the containers that the path leads through, each of which
//! is on the way just once. What else stands in them is passed over by its quotes and brackets. The same goes for the rest of the document
//! once the array has ended. Of all that, no more is kept than what each container on the way is, and how far a key is the one looked for.

use super::array::Array;
use super::key::{Key, Read};
use super::pointer::RecordsPath;
use super::scan::{Scan, Text};
use super::{Ending, Rest, skip_white};
use crate::kernel::Kernel;
use crate::proto::Termination;

/// Finds an array and its elements.
#[derive(Debug, Clone)]
pub(super) struct Within {
    walk: Walk,
    /// While its elements are due, and until what follows its end is asked for.
    array: Option<Array>,
}

/// How far a walk around the array came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walked {
    /// To the array: its elements are due from this offset on.
    Elements(usize),
    /// To the end of the bytes.
    End,
    /// To this offset, where it shows that nothing can follow from so many bytes before it on; none of these is a line feed.
    Stopped { at: usize, back: u64 },
}

impl Within {
    /// Stands before the document.
    pub(super) fn new(path: RecordsPath) -> Self {
        Self { walk: Walk::new(path), array: None }
    }

    /// The array, while its elements are due.
    pub(super) fn array(&self) -> Option<&Array> {
        self.array.as_ref()
    }

    pub(super) fn array_mut(&mut self) -> Option<&mut Array> {
        self.array.as_mut()
    }

    /// Whether it stands before the array or after its end.
    pub(super) fn is_around(&self) -> bool {
        self.array.as_ref().is_none_or(Array::is_closed)
    }

    /// Goes on before the array or after its end.
    #[inline(always)]
    pub(super) fn walk<K: Kernel>(&mut self, kernel: K, bytes: &[u8]) -> Walked {
        self.array = None;
        let walked = self.walk.go(kernel, bytes);
        if matches!(walked, Walked::Elements(_)) {
            self.array = Some(Array::opened());
        }
        walked
    }

    pub(super) fn end(&self) -> Ending {
        let rest = self.array.as_ref().map_or(Rest::CutOff, |array| array.end().rest);
        let termination = match self.walk.place {
            Place::Begin | Place::After => Termination::Complete,
            _ => Termination::InputTruncated,
        };
        Ending { termination, rest }
    }
}

/// A walk along the containers of a path.
#[derive(Debug, Clone)]
struct Walk {
    path: RecordsPath,
    place: Place,
    /// Containers that are open, but for the array itself.
    depth: usize,
    /// A bit for each of them, the innermost the lowest: whether it is an object.
    objects: u64,
    /// Of the innermost one, if it is an array: elements before the one under way or due.
    elements: u64,
    /// Whether the array has been found.
    found: bool,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    /// Before the document.
    Begin,
    /// Where the first key or the closing bracket is due.
    FirstKey,
    /// After a comma of an object.
    Key,
    /// Inside a key.
    InKey(Key),
    /// After a key, which is on the path or not.
    Colon(bool),
    /// Where a value is due, which is on the path or not.
    Value(bool),
    /// Where the first element or the closing bracket is due.
    FirstElement,
    /// After a comma of an array.
    Element,
    /// Inside a value that is passed over.
    Aside(Scan),
    /// After a value.
    Separator,
    /// After the document.
    After,
}

/// What a byte leads to.
enum Met {
    More,
    /// The array.
    Array,
    /// The byte is the first of a value that is passed over.
    Aside,
    /// Nothing can follow from so many bytes before it on.
    Wrong(u64),
}

impl Walk {
    fn new(path: RecordsPath) -> Self {
        Self { path, place: Place::Begin, depth: 0, objects: 0, elements: 0, found: false }
    }

    #[inline(always)]
    fn go<K: Kernel>(&mut self, kernel: K, bytes: &[u8]) -> Walked {
        let text = &mut Text::new(bytes);
        let mut at = 0;
        loop {
            if let Place::Aside(scan) = &mut self.place {
                let Some(end) = scan.element_end(kernel, text, at) else { return Walked::End };
                self.place = Place::Separator;
                at = end;
            }
            at = match &mut self.place {
                Place::InKey(key) => at + key.pass(&bytes[at..]),
                _ => skip_white(bytes, at),
            };
            let Some(&byte) = bytes.get(at) else { return Walked::End };
            match self.meet(byte) {
                Met::More => at += 1,
                Met::Array => return Walked::Elements(at + 1),
                Met::Aside => self.place = Place::Aside(Scan::default()),
                Met::Wrong(back) => return Walked::Stopped { at, back },
            }
        }
    }

    /// Goes on to the next byte, which outside keys is no white space.
    fn meet(&mut self, byte: u8) -> Met {
        match (self.place, byte) {
            (Place::InKey(key), _) => return self.read(key, byte),
            (Place::FirstKey | Place::Key, b'"') => self.place = Place::InKey(Key::new()),
            (Place::Colon(on_path), b':') => self.place = Place::Value(on_path),
            (Place::FirstKey, b'}') | (Place::FirstElement, b']') => return self.close(byte),
            (Place::Separator, b'}' | b']') => return self.close(byte),
            (Place::Separator, b',') if self.is_in_object() => self.place = Place::Key,
            (Place::Separator, b',') => {
                self.elements = self.elements.saturating_add(1);
                self.place = Place::Element;
            }
            (Place::Begin, _) => return self.value(byte, true),
            (Place::Value(on_path), _) => return self.value(byte, on_path),
            (Place::FirstElement | Place::Element, _) => return self.value(byte, self.is_on_path()),
            _ => return Met::Wrong(0),
        }
        Met::More
    }

    fn is_in_object(&self) -> bool {
        self.objects & 1 == 1
    }

    /// Whether the element that is due is on the path.
    fn is_on_path(&self) -> bool {
        let segment = self.path.segment(self.depth - 1);
        !self.found && segment.is_some_and(|segment| segment.index == Some(self.elements))
    }

    /// Goes on inside a key. Once the array has been found, none that was on the path may come again.
    fn read(&mut self, mut key: Key, byte: u8) -> Met {
        let Some(segment) = self.path.segment(self.depth - 1) else { return Met::Wrong(0) };
        let length = key.length();
        match key.read(byte, &segment.key) {
            Read::More => self.place = Place::InKey(key),
            Read::Ended(true) if self.found => return Met::Wrong(length),
            Read::Ended(is_same) => self.place = Place::Colon(is_same),
            Read::Wrong => return Met::Wrong(0),
        }
        Met::More
    }

    /// Begins a value, on the path or not.
    fn value(&mut self, byte: u8, on_path: bool) -> Met {
        let next = self.path.segment(self.depth);
        match byte {
            b',' | b':' | b']' | b'}' => return Met::Wrong(0),
            _ if !on_path => return Met::Aside,
            b'[' if next.is_none() => {
                (self.found, self.place) = (true, Place::Separator);
                return Met::Array;
            }
            b'{' if next.is_some() => self.place = Place::FirstKey,
            b'[' if next.is_some_and(|segment| segment.index.is_some()) => self.place = Place::FirstElement,
            _ => return Met::Wrong(0),
        }
        self.objects = self.objects << 1 | u64::from(byte == b'{');
        (self.depth, self.elements) = (self.depth + 1, 0);
        Met::More
    }

    /// Ends the innermost container, which has had the array in it, or else there is none.
    fn close(&mut self, byte: u8) -> Met {
        if self.is_in_object() != (byte == b'}') || !self.found {
            return Met::Wrong(0);
        }
        (self.depth, self.objects) = (self.depth - 1, self.objects >> 1);
        self.place = if self.depth == 0 { Place::After } else { Place::Separator };
        Met::More
    }
}
