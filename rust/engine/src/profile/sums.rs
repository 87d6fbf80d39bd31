//! Exact sums of numbers and of their squares, so that mean and standard deviation are rounded once and do not depend on any order.
//!
//! Small numbers are added as integers, by their scale. Doubles are added to a fixed-point number wide enough for all of them, as in
//! Kulisch's accumulator: its digits have 32 bits and stand in words of 64, so that carries can wait.

use crate::decimal::{MAX_SCALE, TOO_MANY};
use crate::state::{Bounds, Damage, ensure, stored};
use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{One, Zero};

/// Bits of a digit of a fixed-point number.
const DIGIT_BITS: usize = 32;
/// Of the least double and of its square.
const LEAST: i64 = -1074;
const LEAST_SQUARE: i64 = 2 * LEAST;
/// From the least double to the greatest and three digits more; the same for squares.
const DIGITS: usize = 2100 / DIGIT_BITS + 3;
const SQUARE_DIGITS: usize = 4200 / DIGIT_BITS + 5;
/// Additions after which carries must be resolved: each adds less than 2^32 to a word.
const MAX_PENDING: u32 = 1 << 30;

/// Sums of numbers that have a nearest double.
#[derive(Debug, Default)]
pub(super) struct Sums {
    count: u64,
    scaled: Vec<Scaled>,
    doubles: Option<Box<Doubles>>,
}

/// The sum and the sum of squares of numbers with one scale, in units of 10^-scale and 10^-2scale.
#[derive(Debug)]
struct Scaled {
    scale: u8,
    sum: i128,
    /// Of 192 bits, the low ones first.
    squares: [u64; 3],
}

/// Of one of these in a state: scale, sum and squares.
const SCALED_BYTES: usize = 1 + 16 + 24;

/// What the sums tell, each rounded once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moments {
    pub(super) sum: f64,
    pub(super) mean: f64,
    pub(super) stddev: f64,
}

impl Sums {
    /// Adds `mantissa` x 10^-`scale`, so many times.
    #[inline(always)]
    pub(super) fn add_small(&mut self, negative: bool, mantissa: u64, scale: u8, times: u64) {
        self.count += times;
        let square = u128::from(mantissa) * u128::from(mantissa);
        let low = u128::from(square as u64) * u128::from(times);
        let high = (square >> 64) * u128::from(times) + (low >> 64);
        let scaled = self.scaled(scale);
        let sum = i128::from(mantissa) * i128::from(times);
        scaled.sum += if negative { -sum } else { sum };
        scaled.add_squares([low as u64, high as u64, (high >> 64) as u64]);
    }

    /// Adds a finite double.
    pub(super) fn add_double(&mut self, double: f64) {
        self.count += 1;
        self.doubles.get_or_insert_with(Box::default).add(double);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        for theirs in &other.scaled {
            let ours = self.scaled(theirs.scale);
            ours.sum += theirs.sum;
            ours.add_squares(theirs.squares);
        }
        if let Some(doubles) = &other.doubles {
            self.doubles.get_or_insert_with(Box::default).merge(doubles);
        }
    }

    /// Memory in use beside the value itself.
    pub(super) fn bytes(&self) -> usize {
        self.scaled.capacity() * size_of::<Scaled>() + self.doubles.as_ref().map_or(0, |_| size_of::<Doubles>())
    }

    /// `None` where nothing was added.
    pub(super) fn moments(&self) -> Option<Moments> {
        if self.count == 0 {
            return None;
        }
        let ten = BigInt::from(10);
        let mut sum = BigInt::zero();
        let mut squares = BigInt::zero();
        for scaled in &self.scaled {
            let missing = u32::from(MAX_SCALE - scaled.scale);
            let [low, middle, high] = scaled.squares.map(BigInt::from);
            sum += BigInt::from(scaled.sum) * ten.pow(missing);
            squares += (low + (middle << 64) + (high << 128)) * ten.pow(2 * missing);
        }
        // Of one unit: the value is so many times 1 / unit, a square 1 / unit^2.
        let mut unit = BigUint::from(10_u8).pow(MAX_SCALE.into());
        if let Some(doubles) = &self.doubles {
            let tens = BigInt::from(unit.clone());
            sum = (sum << -LEAST) + big(&doubles.sum) * &tens;
            squares = (squares << -LEAST_SQUARE) + big(&doubles.squares) * &tens * &tens;
            unit <<= -LEAST;
        }
        let count = BigUint::from(self.count);
        let variance = BigInt::from(self.count) * squares - &sum * &sum;
        Some(Moments {
            sum: ratio(&sum, &unit),
            mean: ratio(&sum, &(&unit * &count)),
            // By Cauchy and Schwarz it is not negative.
            stddev: root_ratio(variance.magnitude(), &(unit * count)),
        })
    }

    /// How many numbers were added.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// As in a state.
    pub(super) fn store(&self, into: &mut stored::Numbers) {
        into.summed = self.count;
        let mut scaled: Vec<&Scaled> = self.scaled.iter().collect();
        scaled.sort_unstable_by_key(|it| it.scale);
        for it in scaled {
            into.sums.push(it.scale);
            into.sums.extend_from_slice(&it.sum.to_le_bytes());
            it.squares.iter().for_each(|word| into.sums.extend_from_slice(&word.to_le_bytes()));
        }
        if let Some(doubles) = &self.doubles {
            into.double_sum = digits_to_bytes(doubles.sum);
            into.double_squares = digits_to_bytes(doubles.squares);
        }
    }

    pub(super) fn restore(from: &stored::Numbers, bounds: Bounds<'_>) -> Result<Self, Damage> {
        let mut sums = Self { count: bounds.count(from.summed)?, ..Self::default() };
        ensure(from.sums.len() % SCALED_BYTES == 0, "a sum is cut short")?;
        for it in from.sums.chunks_exact(SCALED_BYTES) {
            let (scale, rest) = (it[0], &it[1..]);
            let in_order = sums.scaled.last().is_none_or(|last| last.scale < scale);
            ensure(scale <= MAX_SCALE && in_order, "a scale is too large, or scales are not in their order")?;
            let sum = rest.first_chunk().map_or(0, |bytes| i128::from_le_bytes(*bytes));
            let most = u128::from(sums.count) * u128::from(TOO_MANY);
            ensure(sum.unsigned_abs() <= most, "a sum is larger than its numbers allow")?;
            let word = |at: usize| rest[16 + 8 * at..].first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
            sums.scaled.push(Scaled { scale, sum, squares: [word(0), word(1), word(2)] });
        }
        if !from.double_sum.is_empty() || !from.double_squares.is_empty() {
            let (sum, squares) = (bytes_to_digits(&from.double_sum)?, bytes_to_digits(&from.double_squares)?);
            sums.doubles = Some(Box::new(Doubles { sum, squares, pending: 0 }));
        }
        Ok(sums)
    }

    #[inline]
    fn scaled(&mut self, scale: u8) -> &mut Scaled {
        let at = match self.scaled.iter().position(|scaled| scaled.scale == scale) {
            Some(at) => at,
            None => {
                self.scaled.push(Scaled { scale, sum: 0, squares: [0; 3] });
                self.scaled.len() - 1
            }
        };
        &mut self.scaled[at]
    }
}

impl Scaled {
    #[inline]
    fn add_squares(&mut self, squares: [u64; 3]) {
        let mut carry = false;
        for (sum, more) in self.squares.iter_mut().zip(squares) {
            let (added, one) = sum.overflowing_add(more);
            let (added, other) = added.overflowing_add(carry.into());
            (*sum, carry) = (added, one | other);
        }
    }
}

#[derive(Debug)]
struct Doubles {
    /// In units of the least double, and of its square; the low digits first.
    sum: [i64; DIGITS],
    squares: [i64; SQUARE_DIGITS],
    pending: u32,
}

impl Default for Doubles {
    fn default() -> Self {
        Self { sum: [0; DIGITS], squares: [0; SQUARE_DIGITS], pending: 0 }
    }
}

impl Doubles {
    fn add(&mut self, double: f64) {
        let bits = double.to_bits();
        let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7FF) as usize);
        // Subnormal numbers have the exponent of the least normal ones, and no hidden bit.
        let (mantissa, place) = if exponent == 0 { (fraction, 0) } else { (fraction | 1 << 52, exponent - 1) };
        let sign = if double < 0.0 { -1 } else { 1 };
        add_digits(&mut self.sum, u128::from(mantissa) << (place % DIGIT_BITS), place / DIGIT_BITS, sign);
        let (square, place) = (u128::from(mantissa) * u128::from(mantissa), 2 * place);
        // In two parts, so that shifting loses nothing.
        let shift = place % DIGIT_BITS;
        add_digits(&mut self.squares, (square & u128::from(u64::MAX)) << shift, place / DIGIT_BITS, 1);
        add_digits(&mut self.squares, (square >> 64) << shift, place / DIGIT_BITS + 2, 1);
        self.pending += 2;
        if self.pending >= MAX_PENDING {
            self.carry();
        }
    }

    fn merge(&mut self, other: &Self) {
        self.carry();
        self.sum.iter_mut().zip(other.sum).for_each(|(digit, more)| *digit += more);
        self.squares.iter_mut().zip(other.squares).for_each(|(digit, more)| *digit += more);
        self.pending = other.pending;
        self.carry();
    }

    fn carry(&mut self) {
        carry(&mut self.sum);
        carry(&mut self.squares);
        self.pending = 0;
    }
}

fn add_digits(digits: &mut [i64], mut value: u128, mut place: usize, sign: i64) {
    while value != 0 {
        digits[place] += sign * (value as u32) as i64;
        value >>= DIGIT_BITS;
        place += 1;
    }
}

/// Makes every digit but the last one less than 2^32 and not negative.
fn carry(digits: &mut [i64]) {
    let Some((last, others)) = digits.split_last_mut() else { return };
    let mut carried = 0;
    for digit in others {
        let sum = *digit + carried;
        *digit = sum & 0xFFFF_FFFF;
        carried = sum >> DIGIT_BITS;
    }
    *last += carried;
}

/// A signed number, the low byte first, without bytes at its end that only repeat its sign.
fn short(bytes: &[u8]) -> &[u8] {
    let mut end = bytes.len();
    while end > 1 && (bytes[end - 1] as i8) == (bytes[end - 2] as i8) >> 7 {
        end -= 1;
    }
    &bytes[..end]
}

fn digits_to_bytes<const N: usize>(mut digits: [i64; N]) -> Vec<u8> {
    carry(&mut digits);
    short(&digits.iter().flat_map(|digit| (*digit as u32).to_le_bytes()).collect::<Vec<_>>()).to_vec()
}

/// The last digit has the sign.
fn bytes_to_digits<const N: usize>(short: &[u8]) -> Result<[i64; N], Damage> {
    ensure(!short.is_empty() && short.len() < N * size_of::<u32>(), "a number has too many bytes, or none")?;
    let fill = if short[short.len() - 1] & 0x80 == 0 { 0 } else { 0xFF };
    let byte = |at: usize| short.get(at).copied().unwrap_or(fill);
    let mut digits: [i64; N] = std::array::from_fn(|at| u32::from_le_bytes(std::array::from_fn(|i| byte(4 * at + i))).into());
    digits[N - 1] = i64::from(digits[N - 1] as i32);
    Ok(digits)
}

fn big(digits: &[i64]) -> BigInt {
    digits.iter().rev().fold(BigInt::zero(), |sum, digit| (sum << DIGIT_BITS) + digit)
}

/// Bits of a quotient: more than twice as many as a double has would be too many to need.
const QUOTIENT_BITS: i64 = 66;

/// The double nearest to `numerator` / `denominator`.
fn ratio(numerator: &BigInt, denominator: &BigUint) -> f64 {
    let magnitude = numerator.magnitude();
    let shift = QUOTIENT_BITS + denominator.bits() as i64 - magnitude.bits() as i64;
    let (numerator_shifted, denominator_shifted) = shifted(magnitude, denominator, shift);
    let quotient = &numerator_shifted / &denominator_shifted;
    let exact = &quotient * denominator_shifted == numerator_shifted;
    let double = rounded(&quotient, exact, -shift);
    if numerator.sign() == Sign::Minus { -double } else { double }
}

/// The double nearest to the square root of `numerator`, over `denominator`.
fn root_ratio(numerator: &BigUint, denominator: &BigUint) -> f64 {
    let square = denominator * denominator;
    let shift = QUOTIENT_BITS + (square.bits() as i64 - numerator.bits() as i64) / 2;
    let (numerator_shifted, square_shifted) = shifted(numerator, &square, 2 * shift);
    let quotient = &numerator_shifted / &square_shifted;
    let root = quotient.sqrt();
    let exact = &root * &root == quotient && quotient * square_shifted == numerator_shifted;
    rounded(&root, exact, -shift)
}

fn shifted(numerator: &BigUint, denominator: &BigUint, shift: i64) -> (BigUint, BigUint) {
    let by = shift.unsigned_abs();
    if shift >= 0 { (numerator << by, denominator.clone()) } else { (numerator.clone(), denominator << by) }
}

/// The double nearest to (`integer` + a little, unless it is exact) x 2^`exponent`, where the integer has more bits than a double.
fn rounded(integer: &BigUint, exact: bool, exponent: i64) -> f64 {
    if integer.is_zero() {
        return 0.0;
    }
    let top = integer.bits() as i64 + exponent;
    // The place of the last bit that the double has: subnormal ones end where all end.
    let last = (top - 53).max(LEAST);
    let dropped = (last - exponent).max(1) as u64;
    let mut kept: BigUint = integer >> dropped;
    let rest = integer - (&kept << dropped);
    let half = BigUint::one() << (dropped - 1);
    let up = match rest.cmp(&half) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => !exact || kept.bit(0),
        std::cmp::Ordering::Greater => true,
    };
    kept += u8::from(up);
    let kept = kept.iter_u64_digits().next().unwrap_or_default();
    scaled_by_two(kept as f64, last)
}

/// `value` x 2^`power`, where that is a double or too large for one.
fn scaled_by_two(mut value: f64, mut power: i64) -> f64 {
    let two_to = |power: i64| f64::from_bits(((power + 1023) as u64) << 52);
    while power > 1000 && value.is_finite() {
        value *= two_to(1000);
        power -= 1000;
    }
    // Each step but the last is exact, for the value has bits to spare above the least double.
    while power < -1000 {
        value *= two_to(-500);
        power += 500;
    }
    value * two_to(power.clamp(-1022, 1023))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::Number;
    use crate::state::{Extent, Parts};
    use proptest::prelude::*;

    fn sums(texts: &[&str]) -> Sums {
        let mut sums = Sums::default();
        texts.iter().for_each(|text| add(&mut sums, text));
        sums
    }

    fn add(sums: &mut Sums, text: &str) {
        match Number::parse(text.as_bytes()).0 {
            Number::Small { negative, mantissa, scale } => sums.add_small(negative, mantissa, scale, 1),
            Number::Wide => sums.add_double(text.parse().unwrap()),
        }
    }

    fn stored(sums: &Sums) -> stored::Numbers {
        let mut stored = stored::Numbers::default();
        sums.store(&mut stored);
        stored
    }

    fn restored(sums: &Sums) -> Sums {
        let parts = Parts::one(None, Extent { bytes: 1 << 20, ..Extent::default() });
        Sums::restore(&stored(sums), Bounds { parts: &parts }).unwrap()
    }

    #[test]
    fn moments_where_a_naive_sum_of_squares_fails_are_right() {
        let moments = sums(&["1000000000.001", "1000000000.002", "1000000000.003"]).moments().unwrap();
        assert_eq!(moments.mean, 1000000000.002);
        // Two thirds of 1e-6, rooted.
        assert_eq!(moments.stddev, 0.0008164965809277261);
    }

    #[test]
    fn moments_of_doubles_cancel_exactly() {
        let moments = sums(&["1e300", "1e-300", "-1e300"]).moments().unwrap();
        assert_eq!(moments.sum, 1e-300);
        assert_eq!(sums(&["1e300", "-1e300"]).moments().unwrap().stddev, 1e300);
        assert_eq!(sums(&["4e-324", "4e-324"]).moments().unwrap(), Moments { sum: 1e-323, mean: 5e-324, stddev: 0.0 });
    }

    #[test]
    fn moments_at_the_ends_of_the_range() {
        let most = "1.7976931348623157e308";
        let moments = sums(&[most, most]).moments().unwrap();
        assert_eq!((moments.sum, moments.mean), (f64::INFINITY, f64::MAX));
        let most = "9999999999999999999";
        let moments = sums(&[most, "-9999999999999999999"]).moments().unwrap();
        assert_eq!((moments.sum, moments.stddev), (0.0, 1e19));
        assert_eq!(Sums::default().moments(), None);
    }

    proptest! {
        #[test]
        fn ratio_is_that_of_doubles(a in -(1_i64 << 53)..1 << 53, b in 1_u64..1 << 53) {
            prop_assert_eq!(ratio(&a.into(), &b.into()), a as f64 / b as f64);
        }

        #[test]
        fn root_is_that_of_doubles(a in 0_u64..1 << 53) {
            prop_assert_eq!(root_ratio(&a.into(), &BigUint::one()), (a as f64).sqrt());
        }

        #[test]
        fn ratio_of_extreme_values_is_that_of_their_text(mantissa in 1_u64.., power in -345_i64..=300) {
            let expected: f64 = format!("{mantissa}e{power}").parse().unwrap();
            let ten = BigUint::from(10_u8).pow(power.unsigned_abs() as u32);
            let found = if power < 0 {
                ratio(&mantissa.into(), &ten)
            } else {
                ratio(&(BigInt::from(mantissa) * BigInt::from(ten)), &BigUint::one())
            };
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn merge_in_any_partition_is_the_whole(
            texts in prop::collection::vec("-?[1-9][0-9]{0,20}(\\.[0-9]{1,5})?(e-?[1-9][0-9]?)?", 1..40),
            cut in 0_usize..40,
        ) {
            let texts: Vec<_> = texts.iter().map(String::as_str).collect();
            let cut = cut.min(texts.len());
            let mut parts = restored(&sums(&texts[cut..]));
            parts.merge(&restored(&sums(&texts[..cut])));
            prop_assert_eq!(parts.moments(), sums(&texts).moments());
            prop_assert_eq!(stored(&parts), stored(&sums(&texts)));
        }
    }
}
