//! What is measured.

use crate::clear_profile;
use crate::setting::Setting;
use jassay_engine::schema::Schema;
use peers::engine::{Judge, Merging};
use serde::de::IgnoredAny;
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

/// What takes less is done again and again, and its mean is told.
const LONG_ENOUGH: Duration = Duration::from_millis(20);

/// A parser at its work.
pub(crate) enum Subject {
    /// The engine.
    Jassay { judge: Judge, bytes: Vec<u8> },
    /// The engine: a schema is compiled.
    JassayCompile { schema: String },
    /// The engine: the states of two halves become the result of the whole.
    JassayMerge { states: Merging },
    /// serde_json: the whole array becomes a tree, whose elements two threads then walk.
    SerdeJsonTree { bytes: Vec<u8> },
    /// serde_json: each line becomes a tree, of which all fields are measured by two threads.
    SerdeJsonProfile { bytes: Vec<u8> },
    /// sonic-rs: each line is read strictly, and nothing is kept.
    SonicRsIgnored { bytes: Vec<u8> },
    /// simd-json: each line becomes a tape.
    SimdJsonTape { bytes: Vec<u8> },
}

/// One way through the bytes.
pub(crate) struct Pass {
    pub(crate) time: Duration,
    /// Those that are valid.
    pub(crate) records: usize,
}

impl Subject {
    /// The subject of that name, with the bytes it works on, and the schema if it is one that judges by one.
    pub(crate) fn open(name: &str, bytes: Vec<u8>, schema: &str) -> Result<Self, Box<dyn Error>> {
        if let Some(setting) = Setting::parse(name) {
            return Ok(Self::Jassay { judge: setting.judge(schema)?, bytes });
        }
        Ok(match name {
            "jassay-compile" => Self::JassayCompile { schema: schema.to_owned() },
            "jassay-merge" => Self::JassayMerge { states: Merging::of_lines(&bytes)? },
            "serde_json-tree-2" => Self::SerdeJsonTree { bytes },
            "serde_json-profile-2" => Self::SerdeJsonProfile { bytes },
            "sonic-rs-ignored-1" => Self::SonicRsIgnored { bytes },
            "simd-json-tape-1" => Self::SimdJsonTape { bytes },
            _ => return Err(format!("no subject is called {name}").into()),
        })
    }

    /// Works through the bytes once. What a subject needs before and leaves behind (a copy to write in, a tree to free) takes no time.
    pub(crate) fn pass(&mut self) -> Result<Pass, Box<dyn Error>> {
        match self {
            Self::Jassay { judge, bytes } => {
                let began = Instant::now();
                let result = judge.judge(bytes)?;
                Ok(Pass { time: began.elapsed(), records: result.counts.unwrap_or_default().valid as usize })
            }
            Self::JassayCompile { schema } => {
                let (mut time, mut times) = (Duration::ZERO, 0);
                while time < LONG_ENOUGH {
                    let began = Instant::now();
                    let compiled = black_box(Schema::compile(schema, &BTreeMap::new(), true)?);
                    time += began.elapsed();
                    times += 1;
                    drop(compiled);
                }
                Ok(Pass { time: time / times, records: 1 })
            }
            Self::JassayMerge { states } => {
                let began = Instant::now();
                let result = states.merge()?;
                Ok(Pass { time: began.elapsed(), records: result.counts.unwrap_or_default().valid as usize })
            }
            Self::SerdeJsonTree { bytes } => {
                let began = Instant::now();
                let elements: Vec<Value> = serde_json::from_slice(bytes)?;
                black_box(walk_by_two(&elements));
                Ok(Pass { time: began.elapsed(), records: elements.len() })
            }
            Self::SerdeJsonProfile { bytes } => {
                let began = Instant::now();
                let records = clear_profile::measure(&lines(bytes).collect::<Vec<_>>())?;
                Ok(Pass { time: began.elapsed(), records })
            }
            Self::SonicRsIgnored { bytes } => {
                let began = Instant::now();
                let mut records = 0;
                for line in lines(bytes) {
                    sonic_rs::from_slice::<IgnoredAny>(line)?;
                    records += 1;
                }
                Ok(Pass { time: began.elapsed(), records })
            }
            Self::SimdJsonTape { bytes } => tapes(&mut bytes.clone()),
        }
    }
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

/// simd-json writes in what it reads.
fn tapes(bytes: &mut [u8]) -> Result<Pass, Box<dyn Error>> {
    let began = Instant::now();
    let mut buffers = simd_json::Buffers::default();
    let mut tape = simd_json::Tape::null();
    let mut records = 0;
    for line in bytes.split_mut(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        simd_json::fill_tape(line, &mut buffers, &mut tape)?;
        black_box(&tape);
        records += 1;
    }
    Ok(Pass { time: began.elapsed(), records })
}

fn walk_by_two(elements: &[Value]) -> usize {
    let (one, other) = elements.split_at(elements.len() / 2);
    let walk = |part: &[Value]| part.iter().map(nodes).sum::<usize>();
    thread::scope(|scope| {
        let second = scope.spawn(|| walk(other));
        walk(one) + second.join().unwrap_or_default()
    })
}

/// Values in `value`, itself among them.
fn nodes(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(nodes).sum(),
        Value::Object(members) => members.values().map(nodes).sum(),
        _ => 0,
    }
}
