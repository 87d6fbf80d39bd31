//! What a walk leaves behind of a record.

use super::paths::PathId;

/// Takes the values of a record as a walk comes to them, in their order.
pub(crate) trait Trail {
    /// The key at `quote`, which has this path.
    fn key(&mut self, quote: usize, path: PathId);
    /// A string, number or literal.
    fn value(&mut self, at: usize);
    /// An object or array begins.
    fn open(&mut self, bracket: usize);
    /// It ends.
    fn close(&mut self, bracket: usize);
    /// The record ends.
    fn end(self);
}

/// For who needs none.
impl Trail for () {
    #[inline(always)]
    fn key(&mut self, _quote: usize, _path: PathId) {}
    #[inline(always)]
    fn value(&mut self, _at: usize) {}
    #[inline(always)]
    fn open(&mut self, _bracket: usize) {}
    #[inline(always)]
    fn close(&mut self, _bracket: usize) {}
    #[inline(always)]
    fn end(self) {}
}
