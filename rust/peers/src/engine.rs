//! The engine, asked for the counts and the verdict of whole streams.

use jassay_engine::merge::MergePlan;
use jassay_engine::proto::{DuplicateKeys, Format, ProcessConfig, ProcessResult, Profile, ProfileScope, Validation};
use jassay_engine::{Engine, Flow, Merge, Plan, Session};
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

/// Objects inside each record of [`Merging`]: with those of orders, 200 paths.
const OBJECTS: usize = 11;

/// An engine with the states of two halves of a stream. Any thread.
#[derive(Debug)]
pub struct Merging {
    engine: Arc<Engine>,
    states: Vec<Vec<u8>>,
}

impl Merging {
    /// Of records that are objects, one a line: several of them make one wide record.
    pub fn of_lines(bytes: &[u8]) -> Result<Self, Box<dyn Error>> {
        let engine = Arc::new(Engine::new(1, MEMORY_BYTES)?);
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
        let (one, other) = lines.split_at(lines.len() / 2);
        let states = [one, other].into_iter().zip(0..).map(|(half, part)| Self::state(&engine, half, part));
        let states = states.collect::<Result<_, Box<dyn Error>>>()?;
        Ok(Self { engine, states })
    }

    fn state(engine: &Arc<Engine>, lines: &[&[u8]], part: u32) -> Result<Vec<u8>, Box<dyn Error>> {
        let profile = Profile { scope: ProfileScope::Valid.into(), with_state: true, ..Profile::default() };
        let config = ProcessConfig { profile: Some(profile), part: Some(part), ..ProcessConfig::default() };
        let mut session = Session::new(engine.clone(), Arc::new(Plan::compile(&config.encode_to_vec())?));
        for objects in lines.chunks(OBJECTS) {
            let members =
                objects.iter().enumerate().map(|(number, object)| [format!("\"{number}\":").as_bytes(), object].concat());
            session.feed(&[b"{", members.collect::<Vec<_>>().join(&b','.to_owned()).as_slice(), b"}\n"].concat())?;
        }
        Ok(session.state()?.ok_or("no state came")?.as_slice().to_vec())
    }

    /// The result of the whole.
    pub fn merge(&self) -> Result<ProcessResult, Box<dyn Error>> {
        let mut merge = Merge::new(self.engine.clone(), MergePlan::default());
        for state in &self.states {
            merge.feed(state)?;
        }
        Ok(ProcessResult::decode(merge.finish()?.as_slice())?)
    }
}

/// Rules under which serde_json decides as the engine does: containers nested up to [`crate::oracle::MAX_DEPTH`].
pub fn rules_of_the_oracle(keys: DuplicateKeys) -> Validation {
    Validation { duplicate_keys: keys.into(), max_depth: crate::oracle::MAX_DEPTH, ..Validation::default() }
}
