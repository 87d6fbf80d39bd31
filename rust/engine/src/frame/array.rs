//! One array, whose elements are the records.

use super::scan::{Scan, Text};
use super::{Ending, Extent, Reached, Rest, skip_white};
use crate::kernel::Kernel;
use crate::proto::Termination;

/// Finds the elements of an array.
#[derive(Debug, Clone, Default)]
pub(super) struct Array {
    place: Place,
}

#[derive(Debug, Clone, Default)]
enum Place {
    /// Before the opening bracket.
    #[default]
    Before,
    /// Where the first element or the closing bracket is due.
    First,
    /// After a comma.
    Due,
    /// Inside an element. Its depth is counted from itself.
    Within(Scan),
    /// At the byte that ended an element.
    Ended,
    /// After the closing bracket.
    After,
}

impl Array {
    /// Stands after the opening bracket.
    pub(super) fn opened() -> Self {
        Self { place: Place::First }
    }

    /// Whether it stands after the closing bracket.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self.place, Place::After)
    }

    pub(super) fn is_element_due(&self) -> bool {
        matches!(self.place, Place::First | Place::Due)
    }

    pub(super) fn pass_elements(&mut self) {
        self.place = Place::Due;
    }

    #[inline(always)]
    pub(super) fn close<K: Kernel>(&mut self, kernel: K, bytes: &[u8]) -> Option<usize> {
        self.element_end(kernel, &mut Text::new(bytes), 0)
    }

    #[inline(always)]
    pub(super) fn frame<K: Kernel>(&mut self, kernel: K, bytes: &[u8], target: usize, mut found: impl FnMut(Extent)) -> Reached {
        let text = &mut Text::new(bytes);
        let mut at = 0;
        loop {
            if !matches!(self.place, Place::Ended) {
                at = skip_white(bytes, at);
            }
            let Some(&byte) = bytes.get(at) else { return Reached::End };
            if at >= target && at > 0 {
                return Reached::Boundary(at);
            }
            match (&self.place, byte) {
                (Place::Before, b'[') => self.place = Place::First,
                (Place::Before | Place::After, _) => return Reached::Stopped(at),
                (Place::First, b']') | (Place::Ended, b']') => self.place = Place::After,
                (Place::First | Place::Due | Place::Ended, b'}') => return Reached::Stopped(at),
                (Place::Ended, _) => self.place = Place::Due,
                (Place::First | Place::Due, b',' | b']') => {
                    found(Extent { start: at as u32, end: at as u32 });
                    self.place = if byte == b',' { Place::Due } else { Place::After };
                }
                (Place::First | Place::Due | Place::Within(_), _) => {
                    self.place = Place::Within(Scan::default());
                    let Some(end) = self.element_end(kernel, text, at) else { return Reached::Open(at) };
                    found(Extent { start: at as u32, end: end as u32 });
                    at = end;
                    continue;
                }
            }
            at += 1;
        }
    }

    /// Goes on inside an element to the comma or bracket that ends it.
    #[inline(always)]
    fn element_end<K: Kernel>(&mut self, kernel: K, text: &mut Text<'_>, at: usize) -> Option<usize> {
        let Place::Within(scan) = &mut self.place else { return None };
        let end = scan.element_end(kernel, text, at)?;
        self.place = Place::Ended;
        Some(end)
    }

    pub(super) fn end(&self) -> Ending {
        let rest = match &self.place {
            Place::Within(scan) if scan.has_closed() => Rest::AsItStands,
            _ => Rest::CutOff,
        };
        let termination = match self.place {
            Place::Before | Place::After => Termination::Complete,
            _ => Termination::InputTruncated,
        };
        Ending { termination, rest }
    }
}
