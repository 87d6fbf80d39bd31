//! What serde_json says of a document.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// Containers that serde_json lets be open at once.
pub const MAX_DEPTH: u32 = 127;

/// The verdict of serde_json.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// JSON. `repeated_keys` are equal to an earlier key of their object.
    Valid {
        /// Keys that repeat an earlier one.
        repeated_keys: u64,
    },
    /// Not JSON.
    Invalid,
    /// Perhaps JSON: reading ended at a number that no double can hold, which JSON itself allows.
    Unknown,
}

/// Asks serde_json about one document.
pub fn verdict(document: &[u8]) -> Verdict {
    match serde_json::from_slice::<Repeated>(document) {
        Ok(repeated) => Verdict::Valid { repeated_keys: repeated.0 },
        Err(error) if error.to_string().starts_with("number out of range") => Verdict::Unknown,
        Err(_) => Verdict::Invalid,
    }
}

/// A whole value, read like any other, of which only the number of repeated keys is kept.
struct Repeated(u64);

impl<'de> Deserialize<'de> for Repeated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Counter).map(Self)
    }
}

struct Counter;

impl<'de> Visitor<'de> for Counter {
    type Value = u64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<u64, E> {
        Ok(0)
    }

    fn visit_i64<E>(self, _: i64) -> Result<u64, E> {
        Ok(0)
    }

    fn visit_u64<E>(self, _: u64) -> Result<u64, E> {
        Ok(0)
    }

    fn visit_f64<E>(self, _: f64) -> Result<u64, E> {
        Ok(0)
    }

    fn visit_str<E>(self, _: &str) -> Result<u64, E> {
        Ok(0)
    }

    fn visit_unit<E>(self) -> Result<u64, E> {
        Ok(0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<u64, A::Error> {
        let mut repeated = 0;
        while let Some(element) = elements.next_element::<Repeated>()? {
            repeated += element.0;
        }
        Ok(repeated)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<u64, A::Error> {
        let mut keys = HashSet::new();
        let mut repeated = 0;
        while let Some(key) = members.next_key::<String>()? {
            repeated += u64::from(!keys.insert(key));
            repeated += members.next_value::<Repeated>()?.0;
        }
        Ok(repeated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdict_of_nesting_is_invalid_beyond_the_depth() {
        let nested = |depth: u32| ["[".repeat(depth as usize), "]".repeat(depth as usize)].concat();
        assert_eq!(verdict(nested(MAX_DEPTH).as_bytes()), Verdict::Valid { repeated_keys: 0 });
        assert_eq!(verdict(nested(MAX_DEPTH + 1).as_bytes()), Verdict::Invalid);
    }

    #[test]
    fn verdict_counts_keys_that_are_equal_after_unescaping() {
        let document = br#"{"a":{"a":1,"\u0061":{"b":[{"c":1,"c":2,"c":3}]}},"b":1}"#;
        assert_eq!(verdict(document), Verdict::Valid { repeated_keys: 3 });
    }

    #[test]
    fn verdict_of_a_number_beyond_doubles_is_known() {
        assert_eq!(verdict(b"[1e400]"), Verdict::Valid { repeated_keys: 0 });
    }
}
