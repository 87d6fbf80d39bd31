//! Objects whose keys nobody can foresee.

use super::comma;
use crate::random::Random;
use std::io::Write;

pub(super) fn write(random: &mut Random, out: &mut Vec<u8>) {
    out.push(b'{');
    for index in 0..random.between(8, 40) {
        comma(index, out);
        out.push(b'"');
        // Long enough that none comes twice.
        for _ in 0..random.between(9, 25) {
            out.push(b'a' + random.below(26) as u8);
        }
        let _ = write!(out, "\":{}", random.below(1000));
    }
    out.push(b'}');
}
