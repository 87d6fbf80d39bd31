//! Texts of escapes alone, those of the keys too.

use super::comma;
use crate::random::Random;
use std::io::Write;

const ESCAPES: [&str; 12] =
    ["\\n", "\\t", "\\r", "\\b", "\\f", "\\\"", "\\\\", "\\/", "\\u00e9", "\\u20AC", "\\u0416", "\\ud83d\\ude00"];

pub(super) fn write(random: &mut Random, out: &mut Vec<u8>) {
    out.push(b'{');
    for index in 0..8 {
        comma(index, out);
        let _ = write!(out, "\"\\u006b\\u003{index}\":\"");
        for _ in 0..random.between(10, 50) {
            out.extend_from_slice(random.pick(&ESCAPES).as_bytes());
        }
        out.push(b'"');
    }
    out.push(b'}');
}
