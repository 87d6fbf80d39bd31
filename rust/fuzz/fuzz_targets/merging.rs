//! Entries of a state that nobody wrote give a result or a refusal, alone and after a true state, and leave nothing behind.
#![no_main]

use jassay_engine::merge::MergePlan;
use jassay_engine::proto::{ProcessConfig, Profile, ProfileScope};
use jassay_engine::{Engine, Halt, Merge, Plan, Session};
use libfuzzer_sys::fuzz_target;
use prost::Message;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Magic and version.
const HEAD_BYTES: usize = 12;

fn true_state(engine: &Arc<Engine>) -> Vec<u8> {
    let profile = Profile { scope: ProfileScope::Valid.into(), with_state: true, ..Profile::default() };
    let config = ProcessConfig { profile: Some(profile), part: Some(0), ..ProcessConfig::default() };
    let plan = Plan::compile(&config.encode_to_vec()).map(Arc::new).expect("the config is valid");
    let mut session = Session::new(engine.clone(), plan);
    session.feed(b"{\"a\":[1,2.5,1e400],\"b\":\"2024-01-01\"}\n{\"a\":x}\n").expect("it is short");
    session.state().expect("it is short").expect("it is asked for").as_slice().to_vec()
}

fuzz_target!(|data: &[u8]| {
    let engine = Arc::new(Engine::new(1, 1 << 24).expect("one thread can be had"));
    let whole = true_state(&engine);
    // Each byte of 255 ends an entry; so entries of any bytes but that are tried, with a right length and hash.
    let mut forged = whole[..HEAD_BYTES].to_vec();
    for entry in data.split(|byte| *byte == 255).filter(|entry| !entry.is_empty()) {
        forged.extend((entry.len() as u64).to_le_bytes());
        forged.extend(entry);
    }
    forged.extend([0; 8]);
    let hash = xxh3_64(&forged);
    forged.extend(hash.to_le_bytes());
    for states in [&[&forged[..]][..], &[&whole, &forged]] {
        let mut merge = Merge::new(engine.clone(), MergePlan { with_state: true, keep_positions: false });
        let merged = states.iter().try_for_each(|state| merge.feed(state).map(drop)).and_then(|()| merge.finish());
        assert!(!matches!(merged, Err(Halt::Cancelled)));
    }
    assert_eq!(engine.budget().reserved(), 0);
});
