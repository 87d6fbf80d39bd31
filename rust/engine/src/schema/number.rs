//! Exact arithmetic that keywords ask of numbers: comparing, and dividing without remainder.

use crate::decimal::{Decimal, Number};
use num_bigint::BigUint;
use std::cmp::Ordering;

/// Whether the number written as `text` is an integer by its value: `1.0` is.
#[inline(always)]
pub(super) fn is_integer(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'-')) || is_integer_by_value(text)
}

#[cold]
fn is_integer_by_value(text: &[u8]) -> bool {
    match Number::parse(text).0 {
        Number::Small { scale, .. } => scale == 0,
        Number::Wide => Decimal::of(text).is_integer(),
    }
}

/// A number that others are compared with.
#[derive(Debug, Clone)]
pub(super) struct Limit {
    /// As an integer, if it is one of a common size.
    integer: Option<i64>,
    decimal: Decimal,
}

impl Limit {
    pub(super) fn new(text: &str) -> Self {
        let integer = match common(text.as_bytes()) {
            Some((integer, 0)) => Some(integer),
            _ => None,
        };
        Self { integer, decimal: Decimal::of(text.as_bytes()) }
    }

    /// How a number compares with it.
    #[inline(always)]
    pub(super) fn compare(&self, number: &Written<'_>) -> Ordering {
        match (self.integer, number.common) {
            (Some(limit), Some((number, 0))) => number.cmp(&limit),
            // Both are below 10^18, and so is the power, so that the product fits.
            (Some(limit), Some((number, scale))) => i128::from(number).cmp(&(i128::from(limit) * i128::from(TENS[scale]))),
            _ => Decimal::of(number.number()).cmp(&self.decimal),
        }
    }
}

/// A number as it is written, read once for all that is asked of it.
pub(super) struct Written<'a> {
    /// With what comes after it.
    text: &'a [u8],
    /// See [`common`].
    common: Option<(i64, usize)>,
}

impl<'a> Written<'a> {
    /// The number that `text` begins with; no digit is in what comes after it.
    #[inline(always)]
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, common: common(text) }
    }

    /// Whether it is an integer by its value: `1.0` is.
    #[inline(always)]
    pub(super) fn is_integer(&self) -> bool {
        match self.common {
            Some((_, 0)) => true,
            Some((number, scale)) => number % TENS[scale] == 0,
            None => is_integer_by_value(self.number()),
        }
    }

    /// What it is written as.
    pub(super) fn number(&self) -> &'a [u8] {
        let mut text = self.text;
        while let [before @ .., last] = text {
            if last.is_ascii_digit() {
                break;
            }
            text = before;
        }
        text
    }
}

/// Powers of ten.
const TENS: [i64; 19] = {
    let mut tens = [1; 19];
    let mut power = 1;
    while power < 19 {
        tens[power] = tens[power - 1] * 10;
        power += 1;
    }
    tens
};

/// The number that `text` begins with, written without exponent in at most 18 digits: an integer, and how many of its digits stand after the
/// point.
#[inline(always)]
fn common(text: &[u8]) -> Option<(i64, usize)> {
    let (negative, text) = match text {
        [b'-', text @ ..] => (true, text),
        text => (false, text),
    };
    let (mut value, mut length, mut point) = (0_i64, 0, usize::MAX);
    let after = loop {
        let byte = text.get(length).copied().unwrap_or(b' ');
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
        } else if byte == b'.' {
            point = length;
        } else {
            break byte;
        }
        length += 1;
    };
    let (digits, scale) = if point < length { (length - 1, length - 1 - point) } else { (length, 0) };
    if digits > 18 || matches!(after, b'e' | b'E') { None } else { Some((if negative { -value } else { value }, scale)) }
}

/// A number that others are to be multiples of.
#[derive(Debug, Clone)]
pub(super) struct Divisor {
    /// Times a power of ten.
    mantissa: Mantissa,
    power: i64,
}

#[derive(Debug, Clone)]
enum Mantissa {
    Small(u64),
    Large(BigUint),
}

impl Divisor {
    /// Of a number above 0.
    pub(super) fn new(text: &str) -> Option<Self> {
        let decimal = Decimal::of(text.as_bytes());
        let (digits, power) = decimal.parts()?;
        let mantissa = match std::str::from_utf8(digits).ok()?.parse() {
            // Products of two stay within 128 bits.
            Ok(small) => Mantissa::Small(small),
            Err(_) => Mantissa::Large(BigUint::parse_bytes(digits, 10)?),
        };
        Some(Self { mantissa, power })
    }

    /// Whether a number is a multiple.
    pub(super) fn divides(&self, number: &Written<'_>) -> bool {
        if let (Mantissa::Small(divisor), 0, Some((number, 0))) = (&self.mantissa, self.power, number.common) {
            return number.unsigned_abs() % divisor == 0;
        }
        let decimal = Decimal::of(number.number());
        let Some((digits, power)) = decimal.parts() else { return true };
        // Its last digit is not 0, so that it is no multiple of ten, nor of what is one.
        let Ok(power) = u64::try_from(power - self.power) else { return false };
        match &self.mantissa {
            Mantissa::Small(divisor) => {
                let remainder =
                    digits.iter().fold(0, |rest, digit| (rest * 10 + u128::from(digit - b'0')) % u128::from(*divisor));
                remainder * power_of_ten(power, *divisor) % u128::from(*divisor) == 0
            }
            Mantissa::Large(divisor) => {
                let remainder = digits.chunks(1 << 10).fold(BigUint::default(), |rest, chunk| {
                    let shift = BigUint::from(10_u8).pow(chunk.len() as u32);
                    (rest * shift + BigUint::parse_bytes(chunk, 10).unwrap_or_default()) % divisor
                });
                let power = BigUint::from(10_u8).modpow(&BigUint::from(power), divisor);
                remainder * power % divisor == BigUint::default()
            }
        }
    }
}

/// Ten to the `power`, modulo `divisor`.
fn power_of_ten(mut power: u64, divisor: u64) -> u128 {
    let divisor = u128::from(divisor);
    let (mut result, mut square) = (1 % divisor, 10 % divisor);
    while power > 0 {
        if power & 1 == 1 {
            result = result * square % divisor;
        }
        square = square * square % divisor;
        power >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use bigdecimal::{BigDecimal, Zero};
    use proptest::prelude::*;
    use std::str::FromStr;

    #[test]
    fn is_integer_is_by_value() {
        for (text, expected) in
            [("1", true), ("-0", true), ("1.0", true), ("1.5e1", true), ("1.5", false), ("1e-1", false), ("1e400", true)]
        {
            assert_eq!(is_integer(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn divides_of_any_size_is_exact() {
        for (number, divisor, expected) in [
            ("0.3", "0.1", true),
            ("0.35", "0.1", false),
            ("1e400", "3", false),
            ("1e400", "7e3", false),
            ("1e1000000000", "0.5", true),
            ("3e1000000000", "7", false),
            ("0.0075", "0.0001", true),
            ("0", "7", true),
            ("123456789012345678901234567890", "12345678901234567890", false),
            ("246913578024691357802469135780", "123456789012345678901234567890", true),
            ("9007199254740993", "2", false),
        ] {
            assert_eq!(
                Divisor::new(divisor).unwrap().divides(&Written::new(number.as_bytes())),
                expected,
                "{number} by {divisor}"
            );
        }
    }

    proptest! {
        #[test]
        fn compare_and_divide_as_decimals_do(number in "-?(0|[1-9][0-9]{0,22})(\\.[0-9]{1,6})?(e-?[0-9]{1,2})?", other in "(0|[1-9][0-9]{0,21})(\\.[0-9]{1,3})?") {
            let (exact, limit) = (BigDecimal::from_str(&number).unwrap(), BigDecimal::from_str(&other).unwrap());
            prop_assert_eq!(Limit::new(&other).compare(&Written::new(number.as_bytes())), exact.cmp(&limit));
            if let Some(divisor) = Divisor::new(&other) {
                let (scale, other_scale) = (exact.as_bigint_and_exponent().1, limit.as_bigint_and_exponent().1);
                let common = scale.max(other_scale).max(0);
                let (one, two) = (exact.with_scale(common).into_bigint_and_exponent().0, limit.with_scale(common).into_bigint_and_exponent().0);
                prop_assert_eq!(divisor.divides(&Written::new(number.as_bytes())), (one % two).is_zero());
            }
        }
    }
}
