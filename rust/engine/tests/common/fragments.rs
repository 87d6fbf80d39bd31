//! Streams of fragments.

use super::Random;

/// Fragments from which both right and wrong streams come together often.
const FRAGMENTS: [&[u8]; 44] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\n",
    b" ",
    b"\r\n",
    b"1",
    b"-0.5e3",
    b"0",
    b"true",
    b"null",
    b"nul",
    b"\"a\"",
    b"\"b\":",
    b"{\"a\":1}",
    b"{\"a\":1,\"a\":2}",
    b"[1,2,3]",
    b"{\"a\":{\"b\":[{}]}}",
    b"\"\\\"\"",
    b"\"\\u00e9\"",
    b"\"\\ud800\"",
    b"\"\\ud83d\\ude00\"",
    b"\xc3\xa9",
    b"\"\xe2\x82\xac\"",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\0",
    b"\x1e",
    b"\t",
    b"\"long enough to matter\"",
    b"[[[[",
    b"]]]]",
    b"\n\n",
    b"{\"k\":\"v\",\"n\":null,\"t\":[true,false]}\n",
    b"{\"k\":\"v\",}\n",
    b"\"\\\\\"",
    b"\\\\\"",
    b"1.5",
    b"{}\n",
];

/// A short stream.
pub fn random_input(random: &mut Random) -> Vec<u8> {
    let count = random.below(24);
    (0..count).flat_map(|_| random.pick(&FRAGMENTS).iter().copied()).collect()
}
