//! Readings of 30 bytes.

use crate::random::Random;
use std::io::Write;

pub(super) fn write(number: usize, random: &mut Random, out: &mut Vec<u8>) {
    let _ = write!(out, "{{\"id\":{},\"on\":true,\"t\":{}}}", 100_000 + number % 900_000, random.between(10, 100));
}
