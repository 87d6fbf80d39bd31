//! Records as two outputs: the valid ones and the invalid ones.

use super::{Listener, Record, Told};
use crate::Halt;
use crate::proto::Format;

/// Bytes that an output gathers: enough to make writing them cheap.
const GATHERED_BYTES: usize = 256 << 10;
/// What is as long as this is told without being gathered.
const WHOLE_BYTES: usize = 32 << 10;
/// Bytes that wait in both outputs at most.
pub(super) const PENDING_BYTES: u64 = 2 * GATHERED_BYTES as u64;

/// Both outputs.
#[derive(Debug)]
pub(super) struct Outputs {
    valid: Output,
    invalid: Output,
    /// Whether the beginning of a record that passes has been told.
    passing: bool,
}

impl Default for Outputs {
    fn default() -> Self {
        Self {
            valid: Output::new(|bytes| Told::Valid(bytes)),
            invalid: Output::new(|bytes| Told::Invalid(bytes)),
            passing: false,
        }
    }
}

/// How records stand in an output.
#[derive(Clone, Copy)]
struct Layout {
    before_first: &'static [u8],
    between: &'static [u8],
    after_each: &'static [u8],
    after_last: &'static [u8],
    /// Where there is none.
    without: &'static [u8],
}

impl Layout {
    fn of(format: Format) -> Self {
        match format {
            Format::Array => {
                Self { before_first: b"[\n", between: b",\n", after_each: b"", after_last: b"\n]\n", without: b"[]\n" }
            }
            _ => Self { before_first: b"", between: b"", after_each: b"\n", after_last: b"", without: b"" },
        }
    }
}

#[derive(Debug)]
struct Output {
    told: fn(&[u8]) -> Told<'_>,
    gathered: Vec<u8>,
    has_records: bool,
}

impl Output {
    fn new(told: fn(&[u8]) -> Told<'_>) -> Self {
        Self { told, gathered: Vec::new(), has_records: false }
    }

    fn put(&mut self, bytes: &[u8], listener: &mut dyn Listener) -> Result<(), Halt> {
        if bytes.len() >= WHOLE_BYTES {
            self.flush(listener)?;
            return listener.hear((self.told)(bytes));
        }
        if self.gathered.len() + bytes.len() > GATHERED_BYTES {
            self.flush(listener)?;
        }
        self.gathered.extend_from_slice(bytes);
        Ok(())
    }

    fn begin(&mut self, layout: Layout, listener: &mut dyn Listener) -> Result<(), Halt> {
        let before = if self.has_records { layout.between } else { layout.before_first };
        self.has_records = true;
        self.put(before, listener)
    }

    fn flush(&mut self, listener: &mut dyn Listener) -> Result<(), Halt> {
        if !self.gathered.is_empty() {
            listener.hear((self.told)(&self.gathered))?;
            self.gathered.clear();
        }
        Ok(())
    }

    fn end(&mut self, layout: Layout) {
        self.gathered.extend_from_slice(if self.has_records { layout.after_last } else { layout.without });
    }
}

impl Outputs {
    /// An element that is nothing is in no output, for there is nothing of it.
    pub(super) fn record(&mut self, record: &Record<'_>, format: Format, listener: &mut dyn Listener) -> Result<(), Halt> {
        let whole = record.oversize || format == Format::Ndjson;
        let bytes = if whole { record.bytes } else { &record.bytes[..record.length] };
        if bytes.is_empty() {
            return Ok(());
        }
        let output = if record.valid { &mut self.valid } else { &mut self.invalid };
        let layout = Layout::of(format);
        output.begin(layout, listener)?;
        output.put(bytes, listener)?;
        output.put(layout.after_each, listener)
    }

    /// Lines that are valid but for those at `invalid`, all with their line feeds.
    pub(super) fn lines(
        &mut self,
        bytes: &[u8],
        invalid: impl Iterator<Item = (usize, usize)>,
        listener: &mut dyn Listener,
    ) -> Result<(), Halt> {
        let mut from = 0;
        for (start, end) in invalid {
            self.valid.put(&bytes[from..start], listener)?;
            self.invalid.put(&bytes[start..end], listener)?;
            from = end;
        }
        self.valid.put(&bytes[from..], listener)
    }

    /// The next bytes of an invalid record that passes.
    pub(super) fn piece(&mut self, bytes: &[u8], format: Format, listener: &mut dyn Listener) -> Result<(), Halt> {
        if !self.passing {
            self.passing = true;
            self.invalid.begin(Layout::of(format), listener)?;
        }
        self.invalid.put(bytes, listener)
    }

    pub(super) fn end_pieces(&mut self, format: Format, listener: &mut dyn Listener) -> Result<(), Halt> {
        self.passing = false;
        self.invalid.put(Layout::of(format).after_each, listener)
    }

    pub(super) fn flush(&mut self, listener: &mut dyn Listener) -> Result<(), Halt> {
        self.valid.flush(listener)?;
        self.invalid.flush(listener)
    }

    pub(super) fn end(&mut self, format: Format) {
        for output in [&mut self.valid, &mut self.invalid] {
            output.end(Layout::of(format));
        }
    }
}
