//! Nested events.

use super::comma;
use super::words::{CITIES, COUNTRIES, CURRENCIES, NAMES};
use crate::random::Random;
use std::io::Write;

pub(super) fn write(number: usize, random: &mut Random, out: &mut Vec<u8>) {
    let _ = write!(
        out,
        "{{\"id\":\"{:016x}\",\"sequence\":{number},\"type\":\"{}\",\"occurred_at\":\"2025-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z\",",
        random.bits(),
        random.pick(&["cart.updated", "order.placed", "page.viewed", "payment.captured"]),
        random.between(1, 13),
        random.between(1, 29),
        random.below(24),
        random.below(60),
        random.below(60),
        random.below(1000),
    );
    actor(random, out);
    context(random, out);
    out.extend_from_slice(b"\"payload\":{\"items\":[");
    for index in 0..random.between(5, 10) {
        comma(index, out);
        item(random, out);
    }
    out.extend_from_slice(b"],\"changes\":[");
    for index in 0..random.between(1, 4) {
        comma(index, out);
        change(random, out);
    }
    let _ = write!(out, "],\"metrics\":{{\"latency_ms\":{}.{:02},\"samples\":[", random.below(400), random.below(100));
    for index in 0..16 {
        comma(index, out);
        let _ = write!(out, "{}.{}", random.below(1000), random.below(100));
    }
    let _ = write!(out, "]}}}},\"tags\":[\"v{}\",\"{}\"]}}", random.below(9), random.pick(&CITIES));
}

fn actor(random: &mut Random, out: &mut Vec<u8>) {
    let _ = write!(
        out,
        "\"actor\":{{\"id\":{},\"name\":\"{}\",\"roles\":[\"{}\",\"member\"],\"session\":{{\"id\":\"{:016x}\",\"started\":{},\
         \"new\":{}}}}},",
        random.between(1, 1_000_000),
        random.pick(&NAMES),
        random.pick(&["buyer", "seller", "guest"]),
        random.bits(),
        1_700_000_000 + random.below(60_000_000),
        random.once_in(3),
    );
}

fn context(random: &mut Random, out: &mut Vec<u8>) {
    let _ = write!(
        out,
        "\"context\":{{\"device\":{{\"kind\":\"{}\",\"os\":{{\"name\":\"{}\",\"version\":\"{}.{}\"}},\"screen\":[{},{}]}},\
         \"location\":{{\"country\":\"{}\",\"city\":\"{}\",\"position\":{{\"lat\":{}.{:06},\"lon\":-{}.{:06}}}}},\
         \"referrer\":\"https:\\/\\/www.example.com\\/{}\\/{}?q={}\",\"experiment\":{}}},",
        random.pick(&["phone", "tablet", "desktop"]),
        random.pick(&["linux", "android", "ios"]),
        random.between(8, 19),
        random.below(10),
        random.between(320, 3840),
        random.between(480, 2160),
        random.pick(&COUNTRIES),
        random.pick(&CITIES),
        random.below(90),
        random.below(1_000_000),
        random.below(180),
        random.below(1_000_000),
        random.pick(&NAMES),
        random.below(10_000),
        random.pick(&CITIES),
        random.pick(&["null", "{\"name\":\"checkout\",\"arm\":\"b\"}", "{\"name\":\"search\",\"arm\":\"a\"}"]),
    );
}

fn item(random: &mut Random, out: &mut Vec<u8>) {
    let _ = write!(
        out,
        "{{\"sku\":\"SKU-{:06}\",\"quantity\":{},\"price\":{{\"amount\":{}.{:02},\"currency\":\"{}\"}},\"options\":{{\"size\":\"{}\",\
         \"color\":\"{}\",\"engraving\":{}}}}}",
        random.below(1_000_000),
        random.between(1, 9),
        random.below(500),
        random.below(100),
        random.pick(&CURRENCIES),
        random.pick(&["S", "M", "L", "XL"]),
        random.pick(&["red", "green", "blue", "black"]),
        random.pick(&["null", "null", "\"for \\\"you\\\"\""]),
    );
}

fn change(random: &mut Random, out: &mut Vec<u8>) {
    let _ = write!(
        out,
        "{{\"path\":\"/items/{}/quantity\",\"before\":{},\"after\":{}}}",
        random.below(6),
        random.below(10),
        random.below(10),
    );
}
