//! The engine: takes the bytes of a stream, finds the records in them, judges each, and reports what it found.
//!
//! - [`plan`] checks a config and resolves its defaults.
//! - [`session`] takes a stream through: it frames, has blocks of records judged by workers, and keeps the report.
//! - [`decompress`] takes the compression off a stream.
//! - [`frame`] finds where records begin and end, by quotes and brackets alone.
//! - [`screen`] lets records pass that are certainly valid, fast; [`kernel`] is how it looks at 64 bytes at once on each processor.
//! - [`judge`] decides whether one record is valid and, if not, where it first goes wrong.
//! - [`profile`] measures the fields of the records that passed.
//! - [`report`] counts, groups and samples violations, and encodes the result.
//! - [`live`] tells a listener of violations and records while a stream is judged.
//! - [`findings`] are report and profile together; [`state`] is what the results of parts leave behind, and [`merge`] makes that of the whole of it.
//! - [`memory`] is the budget that all sessions of an engine share.
//!
//! Nothing here recurses on data, and every allocation that grows with the data is reserved from the budget before it is made or is
//! bounded by a constant named where it is made.

mod decimal;
pub mod decompress;
pub mod engine;
mod findings;
pub mod frame;
pub mod judge;
pub mod kernel;
pub mod live;
pub mod memory;
pub mod merge;
pub mod plan;
mod profile;
pub mod report;
pub mod schema;
mod screen;
pub mod session;
mod sight;
mod state;
mod strings;

#[allow(missing_docs, unreachable_pub, clippy::all)]
mod messages {
    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

/// The messages of `proto/jassay/v1/jassay.proto`.
pub use messages::jassay::v1 as proto;

pub use engine::{Engine, EngineError, VERSION};
pub use merge::Merge;
pub use plan::Plan;
pub use session::{Flow, Part, Progress, Session};

/// Why work on a stream ended without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// Somebody asked for it.
    #[error("the session was cancelled")]
    Cancelled,
    /// The budget did not allow what the data needed.
    #[error(transparent)]
    MemoryRefused(#[from] memory::MemoryRefused),
    /// A state does not go with this engine or with those before it.
    #[error("state {number} cannot be merged: {why}")]
    StateIncompatible {
        /// Counted from 1.
        number: u64,
        /// What differs.
        why: merge::Incompatible,
    },
    /// The bytes are no state.
    #[error("state {number} is damaged: {what}")]
    StateDamaged {
        /// Counted from 1.
        number: u64,
        /// What is wrong.
        what: &'static str,
    },
}
