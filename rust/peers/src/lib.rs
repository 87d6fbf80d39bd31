//! What the engine is compared with: other parsers, and the data for both.
//!
//! - [`data`] makes the streams that speed is measured on.
//! - [`documents`] makes small documents, right and wrong, that verdicts are compared on.
//! - [`engine`] asks the engine, and [`oracle`] asks serde_json.
//! - [`random`] is where all of it comes from: the same seed gives the same bytes everywhere.

pub mod data;
pub mod documents;
pub mod engine;
pub mod oracle;
pub mod random;
