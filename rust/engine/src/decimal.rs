//! Numbers by their exact value, at any size.

use std::cmp::Ordering;

/// Powers of ten that fit.
const TENS: [u64; 20] = tens();
/// The same as doubles; those up to 10^22 are exact.
const DOUBLE_TENS: [f64; 20] = double_tens();
/// The least magnitude that [`Number::Small`] cannot have.
pub(crate) const TOO_MANY: u64 = 10_000_000_000_000_000_000;
/// Most digits after the point of [`Number::Small`].
pub(crate) const MAX_SCALE: u8 = 18;
/// Exponents beyond it count as it. No text that fits a record has so many digits.
const MAX_EXPONENT: i64 = 2_000_000_000_000_000_000;
/// Of those that are read: more, for the digits of a number can stand on either side of its point.
const MAX_READ_EXPONENT: i64 = 2 * MAX_EXPONENT;
/// Digits that are told of a number.
pub(crate) const MAX_DIGITS: usize = 1000;
/// A number with more digits before its point, or zeros after it, is told with an exponent, as in ECMAScript.
const PLAIN: std::ops::RangeInclusive<i64> = -5..=21;

const fn tens() -> [u64; 20] {
    let mut tens = [1; 20];
    let mut power = 1;
    while power < 20 {
        tens[power] = tens[power - 1] * 10;
        power += 1;
    }
    tens
}

const fn double_tens() -> [f64; 20] {
    let mut doubles = [0.0; 20];
    let mut power = 0;
    while power < 20 {
        doubles[power] = TENS[power] as f64;
        power += 1;
    }
    doubles
}

/// A number of a valid record. Each value has one form: small wherever it can be, and then with the least scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    /// `mantissa` x 10^-`scale`, the mantissa below 10^19, the scale at most 18. Zero is not negative.
    Small { negative: bool, mantissa: u64, scale: u8 },
    /// Any other.
    Wide,
}

impl Number {
    /// The number that `text` begins with, and its length. Inlined, so that its parts stay in registers.
    #[inline(always)]
    pub(crate) fn parse(text: &[u8]) -> (Self, usize) {
        let negative = text.first() == Some(&b'-');
        let from = usize::from(negative);
        let mut mantissa = 0_u64;
        let mut at = digits(text, from, &mut mantissa);
        let mut count = at - from;
        let mut scale = 0;
        if text.get(at) == Some(&b'.') {
            let point = at + 1;
            at = digits(text, point, &mut mantissa);
            scale = at - point;
            count += scale;
        }
        if count > 19 || matches!(text.get(at), Some(b'e' | b'E')) {
            return Self::parse_rare(text);
        }
        (Self::small(negative, mantissa, scale), at)
    }

    /// Of at most 19 digits.
    #[inline(always)]
    fn small(negative: bool, mut mantissa: u64, mut scale: usize) -> Self {
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        // Nineteen digits after the point: 0.ddd with the last of them not zero.
        if scale > usize::from(MAX_SCALE) {
            return Self::Wide;
        }
        Self::Small { negative: negative && mantissa != 0, mantissa, scale: scale as u8 }
    }

    #[cold]
    #[inline(never)]
    fn parse_rare(text: &[u8]) -> (Self, usize) {
        let length = text.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).count();
        let decimal = Decimal::of(&text[..length]);
        (decimal.number(), length)
    }

    /// The nearest double of the number, which is written as `text`; infinite where it is beyond doubles.
    #[inline(always)]
    pub(crate) fn nearest_double(self, text: &[u8]) -> f64 {
        let exact = match self {
            // An integer is rounded once.
            Self::Small { mantissa, scale: 0, .. } => Some(mantissa as f64),
            // Both are exact, so that the quotient is rounded once.
            Self::Small { mantissa, scale, .. } if mantissa <= 1 << 53 => Some(mantissa as f64 / DOUBLE_TENS[usize::from(scale)]),
            _ => None,
        };
        match (exact, self) {
            (Some(magnitude), Self::Small { negative: true, .. }) => -magnitude,
            (Some(magnitude), _) => magnitude,
            (None, _) => std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or(f64::NAN),
        }
    }
}

/// Appends the digits at `at` to a mantissa, which wraps around where they are too many; after them.
#[inline(always)]
fn digits(text: &[u8], mut at: usize, mantissa: &mut u64) -> usize {
    while let Some(eight) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let eight = u64::from_le_bytes(*eight);
        // A byte is a digit where neither it nor what is six more leaves the row of 0x30.
        let others = ((eight & HIGH) ^ ZEROS | (eight.wrapping_add(SIXES) & HIGH) ^ ZEROS) & HIGH;
        let count = others.trailing_zeros() as usize / 8;
        if count > 0 {
            // Zeros come before those that there are.
            let placed = if count == 8 { eight } else { eight << (64 - 8 * count) | ZEROS >> (8 * count) };
            *mantissa = mantissa.wrapping_mul(TENS[count]).wrapping_add(value_of_eight(placed));
        }
        at += count;
        if count < 8 {
            return at;
        }
    }
    while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        *mantissa = mantissa.wrapping_mul(10).wrapping_add(digit.into());
        at += 1;
    }
    at
}

const HIGH: u64 = 0xF0F0_F0F0_F0F0_F0F0;
const ZEROS: u64 = 0x3030_3030_3030_3030;
const SIXES: u64 = 0x0606_0606_0606_0606;

/// Of eight digits, the first in the lowest byte: two by two, as in "Number Parsing at a Gigabyte per Second" (Lemire 2021).
#[inline(always)]
fn value_of_eight(digits: u64) -> u64 {
    let ones = digits & 0x0F0F_0F0F_0F0F_0F0F;
    let twos = (ones.wrapping_mul(10).wrapping_add(ones >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (twos.wrapping_mul(100).wrapping_add(twos >> 16)) & 0x0000_FFFF_0000_FFFF;
    fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xFFFF_FFFF
}

/// A number taken apart: 0.d1 d2 d3 ... x 10^exponent. Zero has no digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    /// As text, the first and the last not zero.
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Of a JSON number.
    pub(crate) fn of(text: &[u8]) -> Self {
        let negative = text.first() == Some(&b'-');
        let text = &text[usize::from(negative)..];
        let mantissa_end = text.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(text.len());
        let (mantissa, power) = (&text[..mantissa_end], text.get(mantissa_end + 1..).unwrap_or_default());
        let point = mantissa.iter().position(|byte| *byte == b'.').unwrap_or(mantissa.len());
        let mut digits: Vec<u8> = mantissa.iter().copied().filter(u8::is_ascii_digit).collect();
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        digits.drain(..zeros);
        digits.truncate(digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1));
        if digits.is_empty() {
            return Self { negative: false, digits, exponent: 0 };
        }
        let exponent = (point as i64 - zeros as i64 + exponent(power)).clamp(-MAX_EXPONENT, MAX_EXPONENT);
        Self { negative, digits, exponent }
    }

    fn number(&self) -> Number {
        let scale = self.digits.len() as i64 - self.exponent;
        if self.exponent > 19 || scale > i64::from(MAX_SCALE) || self.digits.len() > 19 {
            return Number::Wide;
        }
        let mut mantissa = self.digits.iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        if scale < 0 {
            mantissa *= TENS[scale.unsigned_abs() as usize];
        }
        debug_assert!(mantissa < TOO_MANY);
        Number::Small { negative: self.negative, mantissa, scale: scale.max(0) as u8 }
    }

    pub(crate) fn is_integer(&self) -> bool {
        self.exponent >= self.digits.len() as i64
    }

    pub(crate) fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether its magnitude is below 2^64, of an integer of at least 10^19.
    pub(crate) fn fits_64_bits(&self) -> bool {
        self.exponent <= 20
            && self.digits.iter().fold(0, |sum, digit| sum * 10 + u128::from(digit - b'0'))
                * 10_u128.pow((self.exponent - self.digits.len() as i64) as u32)
                <= u64::MAX.into()
    }

    /// Bytes that are equal for equal values alone.
    pub(crate) fn key(&self) -> Vec<u8> {
        let mut key = self.digits.clone();
        key.extend_from_slice(&self.exponent.to_le_bytes());
        key.push(self.negative.into());
        key
    }

    /// Its digits, the first and the last not zero, as an integer, and the power of ten that this is to be multiplied by; none of zero.
    pub(crate) fn parts(&self) -> Option<(&[u8], i64)> {
        if self.digits.is_empty() { None } else { Some((&self.digits, self.exponent - self.digits.len() as i64)) }
    }

    /// The one text that has all digits: an integer and a power of ten.
    pub(crate) fn whole_text(&self) -> String {
        if self.digits.is_empty() {
            return "0".to_owned();
        }
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}e{}", String::from_utf8_lossy(&self.digits), self.exponent - self.digits.len() as i64)
    }

    fn compare_magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (false, false) => self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits)),
            (empty, other_empty) => other_empty.cmp(&empty),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.compare_magnitude(other),
            (true, true) => other.compare_magnitude(self),
            (negative, other_negative) => other_negative.cmp(&negative),
        }
    }
}

/// The power of ten, as far as it can matter.
fn exponent(text: &[u8]) -> i64 {
    let negative = text.first() == Some(&b'-');
    let magnitude = text
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .fold(0, |sum: i64, digit| sum.saturating_mul(10).saturating_add((digit - b'0').into()))
        .min(MAX_READ_EXPONENT);
    if negative { -magnitude } else { magnitude }
}

/// The one text of a value: as short as can be, of its first 1,000 digits.
impl std::fmt::Display for Decimal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let told = &self.digits[..self.digits.len().min(MAX_DIGITS)];
        let told = &told[..told.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1)];
        let Some((first, others)) = told.split_first() else { return out.write_str("0") };
        if self.negative {
            out.write_str("-")?;
        }
        let text = |digits: &[u8]| String::from_utf8_lossy(digits).into_owned();
        let count = told.len() as i64;
        if !PLAIN.contains(&self.exponent) {
            let point = if others.is_empty() { "" } else { "." };
            return write!(out, "{}{point}{}e{:+}", char::from(*first), text(others), self.exponent - 1);
        }
        if self.exponent <= 0 {
            return write!(out, "0.{}{}", "0".repeat(self.exponent.unsigned_abs() as usize), text(told));
        }
        if self.exponent >= count {
            return write!(out, "{}{}", text(told), "0".repeat((self.exponent - count) as usize));
        }
        let (whole, fraction) = told.split_at(self.exponent as usize);
        write!(out, "{}.{}", text(whole), text(fraction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        let (number, length) = Number::parse(format!("{text},").as_bytes());
        assert_eq!(length, text.len(), "{text}");
        number
    }

    #[test]
    fn whole_text_is_the_value() {
        let long = format!("-0.{}50", "123".repeat(500));
        for (text, expected) in [
            ("0.0", "0"),
            ("-12.50", "-125e-1"),
            ("1e400", "1e400"),
            ("7", "7e0"),
            (&long, ""),
            ("500e9999999999999999", ""),
            ("0.00001e-99999999999999", ""),
            ("1e99999999999999999999", ""),
            ("0.001e-99999999999999999999", ""),
        ] {
            let whole = Decimal::of(text.as_bytes()).whole_text();
            assert_eq!(Decimal::of(whole.as_bytes()), Decimal::of(text.as_bytes()));
            assert!(expected.is_empty() || whole == expected, "{whole}");
        }
    }

    #[test]
    fn parse_equal_values_have_one_form() {
        for texts in [
            &["0", "-0", "0.0", "0e9", "-0.000E-5"][..],
            &["1", "1.0", "1e0", "10e-1", "0.1e1", "1.000000000000000000000"],
            &["1767.2", "1767.20", "17672e-1", "0.17672E+4"],
            &["9999999999999999999", "9999999999999999999.0", "999999999999999999.9e1"],
            &["1e19", "10000000000000000000", "0.1e20"],
            &["0.0000000000000000001", "1e-19"],
        ] {
            for text in texts {
                assert_eq!(number(text), number(texts[0]), "{text}");
                assert_eq!(Decimal::of(text.as_bytes()), Decimal::of(texts[0].as_bytes()), "{text}");
            }
        }
    }

    #[test]
    fn parse_at_and_beyond_the_bounds_is_small_and_wide() {
        let small = |negative, mantissa, scale| Number::Small { negative, mantissa, scale };
        assert_eq!(number("9999999999999999999"), small(false, 9_999_999_999_999_999_999, 0));
        assert_eq!(number("10000000000000000000"), Number::Wide);
        assert_eq!(number("-0.000000000000000001"), small(true, 1, 18));
        assert_eq!(number("0.0000000000000000001"), Number::Wide);
        assert_eq!(number("1e18"), small(false, 1_000_000_000_000_000_000, 0));
        assert_eq!(number("1e999999999999999999999"), Number::Wide);
        assert_eq!(number("9.999999999999999999"), small(false, 9_999_999_999_999_999_999, 18));
    }

    #[test]
    fn display_is_the_shortest_exact_text() {
        for (text, told) in [
            ("-0.0", "0"),
            ("1767.20", "1767.2"),
            ("1e2", "100"),
            ("1e400", "1e+400"),
            ("-12.5e-10", "-1.25e-9"),
            ("123456789012345678901", "123456789012345678901"),
            ("1234567890123456789012", "1.234567890123456789012e+21"),
            ("0.00001", "0.00001"),
            ("0.0000001", "1e-7"),
        ] {
            assert_eq!(Decimal::of(text.as_bytes()).to_string(), told);
        }
        let long = format!("0.{}", "7".repeat(1500));
        assert_eq!(Decimal::of(long.as_bytes()).to_string(), format!("0.{}", "7".repeat(1000)));
    }

    #[test]
    fn order_is_by_value() {
        let ordered = ["-1e400", "-2", "-1.5", "-1e-400", "0", "1e-400", "0.3", "1", "1.5", "10", "1e400", "2e400"];
        for (i, one) in ordered.iter().enumerate() {
            for (j, other) in ordered.iter().enumerate() {
                assert_eq!(Decimal::of(one.as_bytes()).cmp(&Decimal::of(other.as_bytes())), i.cmp(&j), "{one} {other}");
            }
        }
    }

    proptest! {
        #[test]
        fn nearest_double_is_that_of_the_text(text in "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?") {
            let expected: f64 = text.parse().unwrap();
            let found = number(&text).nearest_double(text.as_bytes());
            prop_assert!(found == expected, "{} {} {}", text, found, expected);
        }

        #[test]
        fn parse_small_is_the_value(mantissa in 0..TOO_MANY, scale in 0..=18_u8) {
            let text = format!("{mantissa}e-{scale}");
            let Number::Small { mantissa: found, scale: found_scale, .. } = number(&text) else { panic!("{text}") };
            prop_assert_eq!(u128::from(found) * 10_u128.pow((scale - found_scale).into()), mantissa.into());
            prop_assert_eq!(Decimal::of(Decimal::of(text.as_bytes()).to_string().as_bytes()), Decimal::of(text.as_bytes()));
        }
    }
}
