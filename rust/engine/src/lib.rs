//! The engine: takes the bytes of a stream, finds the records in them, judges each, and reports what it found.
//!
//! - [`plan`] checks a config and resolves its defaults.
//! - [`session`] takes a stream through: it frames, has blocks of records judged by workers, and keeps the report.
//! - [`frame`] finds where records begin and end, by quotes and brackets alone.
//! - [`screen`] lets records pass that are certainly valid, fast; [`kernel`] is how it looks at 64 bytes at once on each processor.
//! - [`judge`] decides whether one record is valid and, if not, where it first goes wrong.
//! - [`profile`] measures the fields of the records that passed.
//! - [`report`] counts, groups and samples violations, and encodes the result.
//! - [`memory`] is the budget that all sessions of an engine share.
//!
//! Nothing here recurses on data, and every allocation that grows with the data is reserved from the budget before it is made or is
//! bounded by a constant named where it is made.

pub mod engine;
pub mod frame;
pub mod judge;
pub mod kernel;
pub mod memory;
pub mod plan;
mod profile;
pub mod report;
mod screen;
pub mod session;
mod strings;

/// The messages of `proto/jassay/v1/jassay.proto`.
#[allow(missing_docs, clippy::all)]
pub mod proto {
    include!(concat!(env!("OUT_DIR"), "/jassay.v1.rs"));
}

pub use engine::{Engine, EngineError, VERSION};
pub use plan::Plan;
pub use session::{Flow, Session};

/// Why work on a stream ended without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// Somebody asked for it.
    #[error("the session was cancelled")]
    Cancelled,
    /// The budget did not allow what the data needed.
    #[error(transparent)]
    MemoryRefused(#[from] memory::MemoryRefused),
}
