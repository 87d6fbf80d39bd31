//! Posts with their comments, in many scripts.

use super::words::{NAMES, write_text};
use crate::random::Random;
use std::io::Write;

pub(super) fn write(number: usize, random: &mut Random, out: &mut Vec<u8>) {
    let _ = write!(
        out,
        "{{\"id\":{number},\"author\":{{\"handle\":\"{}{}\",\"verified\":{}}},\"title\":\"",
        random.pick(&NAMES),
        random.below(1000),
        random.once_in(4),
    );
    write_text(80, random, out);
    out.extend_from_slice(b"\",\"text\":\"");
    let bytes = random.between(1600, 2800);
    write_text(bytes, random, out);
    let _ = write!(out, "\",\"likes\":{},\"comments\":[", random.below(100_000));
    for index in 0..random.between(4, 9) {
        if index > 0 {
            out.push(b',');
        }
        let _ = write!(out, "{{\"by\":\"{}{}\",\"text\":\"", random.pick(&NAMES), random.below(1000));
        let bytes = random.between(120, 410);
        write_text(bytes, random, out);
        let _ = write!(out, "\",\"likes\":{}}}", random.below(1000));
    }
    let _ = write!(out, "],\"language\":null,\"score\":{}.{:04}}}", random.below(100), random.below(10_000));
}
