//! Small documents: any JSON, written in any way, and the same with a few bytes changed.

use crate::random::Random;

/// Containers that a generated document may nest; changes may nest more.
const MAX_NESTING: usize = 6;
/// Elements or members of one container.
const MAX_CHILDREN: usize = 5;
/// More members than an object is searched through one by one, so that the other way is met too.
const WIDE_OBJECT: usize = 40;
/// Few keys, so that they repeat; some are the same key written otherwise.
const KEYS: [&str; 12] = ["a", "b", "c", "id", "", "\\u0061", "\\u0062", "n\u{e4}me", "n\\u00e4me", "\\/", "/", "\\\"x"];
const PIECES: [&str; 24] = [
    "x",
    "order",
    " ",
    "\\n",
    "\\\"",
    "\\\\",
    "\\/",
    "\\b\\f\\r\\t",
    "\\u0000",
    "\\u00e9",
    "\\u20AC",
    "\\ud83d\\ude00",
    "\\uDBFF\\uDFFF",
    "\u{7f}",
    "\u{80}",
    "\u{7ff}",
    "\u{800}",
    "\u{e000}",
    "\u{ffff}",
    "\u{1f600}",
    "\u{10ffff}",
    "{[,:]}",
    "'",
    "sixteen bytes ok",
];
/// What a change puts in: the bytes of JSON's own grammar, and those that a text must not have.
const INSERTS: [&[u8]; 40] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"0",
    b"1",
    b"-",
    b"+",
    b".",
    b"e",
    b"E",
    b" ",
    b"\n",
    b"\r",
    b"\t",
    b"/",
    b"\x00",
    b"\x1e",
    b"\x1f",
    b"\x7f",
    b"\x80",
    b"\xbf",
    b"\xc0\x80",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xff",
    b"\\u",
    b"\\ud800",
    b"\\udc00",
    b"\\ud83d\\ude00",
    b"true",
    b"null",
    b"NaN",
    b"\xef\xbb\xbf",
    b"\\u0061",
];

/// A document: JSON, or in half of all cases JSON with one to four changes.
pub fn document(random: &mut Random) -> Vec<u8> {
    let mut text = Vec::new();
    white(random, &mut text);
    value(random, MAX_NESTING, &mut text);
    white(random, &mut text);
    if random.once_in(2) {
        for _ in 0..random.between(1, 5) {
            change(random, &mut text);
        }
    }
    text
}

fn white(random: &mut Random, text: &mut Vec<u8>) {
    while random.once_in(8) {
        text.extend_from_slice(random.pick(&[" ", "\n", "\r\n", "\t"]).as_bytes());
    }
}

fn value(random: &mut Random, nesting: usize, text: &mut Vec<u8>) {
    let kinds = if nesting == 0 { 4 } else { 7 };
    match random.below(kinds) {
        0 => text.extend_from_slice(random.pick(&["true", "false", "null"]).as_bytes()),
        1 => number(random, text),
        2 | 3 => string(random, text),
        4 => array(random, nesting - 1, text),
        _ => object(random, nesting - 1, text),
    }
}

fn number(random: &mut Random, text: &mut Vec<u8>) {
    if random.once_in(3) {
        text.push(b'-');
    }
    let digits = |random: &mut Random, count: usize, text: &mut Vec<u8>| {
        (0..count).for_each(|_| text.push(b'0' + random.below(10) as u8));
    };
    if random.once_in(4) {
        text.push(b'0');
    } else {
        text.push(b'1' + random.below(9) as u8);
        let count = random.between(0, 24);
        digits(random, count, text);
    }
    if random.once_in(3) {
        text.push(b'.');
        let count = random.between(1, 20);
        digits(random, count, text);
    }
    if random.once_in(4) {
        text.extend_from_slice(random.pick(&["e", "E", "e+", "E-"]).as_bytes());
        let count = random.between(1, 4);
        digits(random, count, text);
    }
}

fn string(random: &mut Random, text: &mut Vec<u8>) {
    text.push(b'"');
    for _ in 0..random.below(8) {
        text.extend_from_slice(random.pick(&PIECES).as_bytes());
    }
    text.push(b'"');
}

fn array(random: &mut Random, nesting: usize, text: &mut Vec<u8>) {
    text.push(b'[');
    white(random, text);
    for index in 0..random.below(MAX_CHILDREN + 1) {
        if index > 0 {
            text.push(b',');
            white(random, text);
        }
        value(random, nesting, text);
        white(random, text);
    }
    text.push(b']');
}

fn object(random: &mut Random, nesting: usize, text: &mut Vec<u8>) {
    let wide = random.once_in(50);
    let (members, nesting) = if wide { (WIDE_OBJECT, 0) } else { (random.below(MAX_CHILDREN + 1), nesting) };
    text.push(b'{');
    white(random, text);
    for index in 0..members {
        if index > 0 {
            text.push(b',');
            white(random, text);
        }
        text.push(b'"');
        text.extend_from_slice(random.pick(&KEYS).as_bytes());
        // Mostly keys that are new, or else hardly any object would have none that repeats.
        if wide || !random.once_in(4) {
            let last = if random.once_in(100) { index / 2 } else { index };
            text.extend_from_slice(last.to_string().as_bytes());
        }
        text.push(b'"');
        white(random, text);
        text.push(b':');
        white(random, text);
        value(random, nesting, text);
        white(random, text);
    }
    text.push(b'}');
}

fn change(random: &mut Random, text: &mut Vec<u8>) {
    if text.is_empty() {
        return;
    }
    let at = random.below(text.len());
    match random.below(7) {
        0 => text[at] ^= 1 << random.below(8),
        1 => drop(text.remove(at)),
        2 => {
            text.splice(at..at, random.pick(&INSERTS).iter().copied());
        }
        3 => {
            text.splice(at..=at, random.pick(&INSERTS).iter().copied());
        }
        4 => text.truncate(at),
        5 => {
            let other = random.below(text.len());
            text.swap(at, other);
        }
        _ => {
            let end = random.between(at, text.len()) + 1;
            let piece = text[at..end].to_vec();
            let to = random.below(text.len());
            text.splice(to..to, piece);
        }
    }
}
