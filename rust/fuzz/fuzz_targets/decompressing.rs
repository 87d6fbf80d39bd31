//! A compressed stream cut anywhere, whole or damaged, has the result of the stream whole, and never asks for more than its bounds.
#![no_main]

use jassay_engine::decompress::Bounds;
use jassay_engine::proto::{ProcessConfig, ProcessResult, Termination};
use jassay_engine::{Engine, Flow, Plan, Session};
use libfuzzer_sys::fuzz_target;
use prost::Message;
use std::sync::{Arc, LazyLock};

const BOUNDS: Bounds = Bounds { max_expansion: 500, free_bytes: 2 << 20, max_zstd_window: 1 << 20 };

/// Two outputs, a window, a decoder and a report.
static ENGINE: LazyLock<Arc<Engine>> =
    LazyLock::new(|| Arc::new(Engine::new(1, 24 << 20).expect("no pool to build").bounded(BOUNDS)));

fn run<'a>(plan: &Arc<Plan>, slabs: impl Iterator<Item = &'a [u8]>) -> ProcessResult {
    let mut session = Session::new(ENGINE.clone(), plan.clone());
    for slab in slabs {
        if session.feed(slab).expect("memory is ample") == Flow::Done {
            break;
        }
    }
    let mut result = ProcessResult::decode(&session.finish().expect("memory is ample")[..]).expect("encoded here");
    result.timing = None;
    result
}

// The first bytes choose compression, format and the size of slabs.
fuzz_target!(|data: &[u8]| {
    let [kinds, size, input @ ..] = data else { return };
    let config =
        ProcessConfig { compression: i32::from(kinds % 4), format: i32::from(kinds / 4 % 5), ..ProcessConfig::default() };
    let plan = Arc::new(Plan::compile(&config.encode_to_vec()).expect("within bounds"));
    let whole = run(&plan, std::iter::once(input));
    assert_eq!(whole, run(&plan, input.chunks(usize::from(*size).max(1))));
    let counts = whole.counts.expect("always there");
    assert_eq!(counts.records, counts.valid + counts.invalid);
    let ended = whole.termination() == Termination::Complete;
    assert_eq!(whole.stopped_at, (!ended).then_some(counts.bytes));
});
