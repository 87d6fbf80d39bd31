//! Arrays and objects in each other, a thousand deep.

use crate::random::Random;

const DEPTH: usize = 1000;

pub(super) fn write(random: &mut Random, out: &mut Vec<u8>) {
    let mut closings = Vec::with_capacity(DEPTH);
    for _ in 0..DEPTH {
        let (opening, closing): (&[u8], u8) = if random.once_in(2) { (b"[", b']') } else { (b"{\"a\":", b'}') };
        out.extend_from_slice(opening);
        closings.push(closing);
    }
    out.push(b'0');
    out.extend(closings.iter().rev());
}
