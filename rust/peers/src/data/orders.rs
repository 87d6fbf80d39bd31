//! Flat orders.

use super::words::{CITIES, COUNTRIES, CURRENCIES, NAMES};
use crate::random::Random;
use std::io::Write;

pub(super) fn write(number: usize, random: &mut Random, out: &mut Vec<u8>) {
    let total = random.between(500, 200_000);
    // Writing to memory does not fail.
    let _ = write!(
        out,
        "{{\"order_id\":\"ORD-{number:08}\",\"customer_id\":{},\"status\":\"{}\",\"created_at\":\"2025-{:02}-{:02}T{:02}:{:02}:{:02}Z\",\
         \"currency\":\"{}\",\"total\":{}.{:02},\"tax\":{}.{:02},\"items\":{},\"paid\":{},\"coupon\":{},\"channel\":\"{}\",\
         \"country\":\"{}\",\"city\":\"{}\",\"postal_code\":\"{:05}\",\"weight_kg\":{}.{:03},\"email\":\"{}.{}@example.com\",\
         \"gift\":{}}}",
        random.between(1, 100_000),
        random.pick(&["new", "paid", "packed", "shipped", "returned"]),
        random.between(1, 13),
        random.between(1, 29),
        random.below(24),
        random.below(60),
        random.below(60),
        random.pick(&CURRENCIES),
        total / 100,
        total % 100,
        total / 500,
        total / 5 % 100,
        random.between(1, 20),
        !random.once_in(5),
        random.pick(&["null", "null", "null", "\"SPRING10\"", "\"WELCOME\""]),
        random.pick(&["web", "app", "shop", "phone"]),
        random.pick(&COUNTRIES),
        random.pick(&CITIES),
        random.below(100_000),
        random.below(30),
        random.below(1000),
        random.pick(&NAMES),
        random.below(10_000),
        random.once_in(8),
    );
}
