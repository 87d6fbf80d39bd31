//! Outlines of land: nothing but coordinates, as long as a double prints.

use super::comma;
use crate::random::Random;
use std::io::Write;

pub(super) fn write(random: &mut Random, out: &mut Vec<u8>) {
    out.push(b'[');
    for index in 0..random.between(20, 60) {
        comma(index, out);
        let _ = write!(
            out,
            "[-{}.{:015},{}.{:015}]",
            random.between(52, 142),
            random.below(1_000_000_000_000_000),
            random.between(41, 84),
            random.below(1_000_000_000_000_000),
        );
    }
    out.push(b']');
}
