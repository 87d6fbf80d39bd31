//! The engine, asked for the counts and the verdict of whole streams.

use jassay_engine::proto::{DuplicateKeys, Format, ProcessConfig, ProcessResult, Profile, ProfileScope, Validation};
use jassay_engine::{Engine, Flow, Plan, Session};
use prost::Message;
use std::error::Error;
use std::sync::Arc;

/// Bytes fed at once for each thread: as many as the server's slabs have.
const SLAB_BYTES: usize = 1 << 20;
/// More than any stream here needs.
const MEMORY_BYTES: u64 = 1 << 30;

/// An engine with one plan. Any thread.
#[derive(Debug)]
pub struct Judge {
    engine: Arc<Engine>,
    plan: Arc<Plan>,
}

impl Judge {
    /// Judges streams of `format` with `threads`, and measures the records of `scope`.
    pub fn new(format: Format, validation: Validation, scope: ProfileScope, threads: usize) -> Result<Self, Box<dyn Error>> {
        let config = ProcessConfig {
            format: format.into(),
            validation: Some(validation),
            profile: Some(Profile { scope: scope.into(), ..Profile::default() }),
            ..ProcessConfig::default()
        };
        Ok(Self {
            engine: Arc::new(Engine::new(threads, MEMORY_BYTES)?),
            plan: Arc::new(Plan::compile(&config.encode_to_vec())?),
        })
    }

    /// The same with the rules that hold by default.
    pub fn with_default_rules(format: Format, threads: usize) -> Result<Self, Box<dyn Error>> {
        Self::new(format, Validation::default(), ProfileScope::None, threads)
    }

    /// Judges the stream of `bytes`.
    pub fn judge(&self, bytes: &[u8]) -> Result<ProcessResult, Box<dyn Error>> {
        let mut session = Session::new(self.engine.clone(), self.plan.clone());
        for slab in bytes.chunks(SLAB_BYTES * self.engine.threads()) {
            if session.feed(slab)? == Flow::Done {
                break;
            }
        }
        Ok(ProcessResult::decode(session.finish()?.as_slice())?)
    }
}

/// Rules under which serde_json decides as the engine does: containers nested up to [`crate::oracle::MAX_DEPTH`].
pub fn rules_of_the_oracle(keys: DuplicateKeys) -> Validation {
    Validation { duplicate_keys: keys.into(), max_depth: crate::oracle::MAX_DEPTH, ..Validation::default() }
}
