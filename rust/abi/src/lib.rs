//! The C ABI of the engine. `include/jassay.h` is its manual and says what each function promises.
//!
//! Every function that does work goes through [`boundary::guard`], so that a panic becomes a status. A session is a value behind a
//! lock that nobody waits for: a second call at the same time is a defect of the caller, and told so.

// What is public here is so for callers in C.
#![allow(unreachable_pub)]

mod alive;
mod boundary;
mod engine;
mod plan;
mod schema;
mod session;

pub use boundary::{Error, Status};
pub use engine::*;
pub use plan::*;
pub use schema::*;
pub use session::*;

/// As `JASSAY_ABI_VERSION` in the header.
pub const ABI_VERSION: u32 = 5;
