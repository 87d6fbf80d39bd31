//! What is told of the numbers of a field.

use super::formats::is_number;
use super::histogram::{Bucket, Histogram};
use super::sums::Sums;
use crate::decimal::{Decimal, Number};
use crate::proto::{NumberProfile, Quantile};
use crate::state::{Bounds, Damage, ensure, stored};
use std::cmp::Ordering;

/// In hundredths.
const QUANTILES: [u64; 7] = [1, 5, 25, 50, 75, 95, 99];
/// The largest integer that a double and its neighbours tell apart.
const MAX_SAFE: u64 = (1 << 53) - 1;

#[derive(Debug, Default)]
pub(super) struct Numbers {
    count: u64,
    least: Option<Extreme>,
    greatest: Option<Extreme>,
    sums: Sums,
    histogram: Histogram,
    zeros: u64,
    negatives: u64,
    beyond_safe_integer: u64,
    beyond_int64: u64,
    beyond_uint64: u64,
    beyond_double: u64,
}

/// A number as it was written, and the double nearest to it, which settles most comparisons.
#[derive(Debug, Clone)]
struct Extreme {
    double: f64,
    text: Box<[u8]>,
}

impl Extreme {
    /// Whether `text`, whose nearest double is `double`, stands on the side of `beyond` of this one.
    #[inline]
    fn is_passed(&self, double: f64, text: &[u8], beyond: Ordering) -> bool {
        match double.partial_cmp(&self.double) {
            Some(Ordering::Equal) => *self.text != *text && Decimal::of(text).cmp(&Decimal::of(&self.text)) == beyond,
            order => order == Some(beyond),
        }
    }
}

impl Extreme {
    fn store(extreme: Option<&Self>) -> String {
        extreme.map_or(String::new(), |it| Decimal::of(&it.text).whole_text())
    }

    fn restore(text: String) -> Result<Self, Damage> {
        ensure(is_number(text.as_bytes()), "a minimum or maximum is no number")?;
        let double = Number::parse(text.as_bytes()).0.nearest_double(text.as_bytes());
        Ok(Self { double, text: text.into_bytes().into() })
    }
}

impl Numbers {
    /// Adds `number`, which is written as `text`. What memory that takes is added to `grown`. Tells whether it is an integer.
    #[inline]
    pub(super) fn add(&mut self, number: Number, text: &[u8], grown: &mut isize) -> bool {
        self.add_times(number, text, 1, grown)
    }

    /// Adds a number that has been added before, so many times.
    pub(super) fn add_again(&mut self, number: Number, text: &[u8], times: u64) {
        // Nothing is new of it, so nothing grows.
        self.add_times(number, text, times, &mut 0);
    }

    #[inline(always)]
    fn add_times(&mut self, number: Number, text: &[u8], times: u64, grown: &mut isize) -> bool {
        self.count += times;
        let double = number.nearest_double(text);
        let integer = match number {
            Number::Small { negative, mantissa, scale } => {
                self.sums.add_small(negative, mantissa, scale, times);
                self.negatives += if negative { times } else { 0 };
                if scale == 0 && mantissa > MAX_SAFE {
                    self.count_large(negative, mantissa, times);
                }
                scale == 0
            }
            Number::Wide => (0..times).map(|_| self.add_wide(double, text, grown)).last().unwrap_or_default(),
        };
        if double == 0.0 {
            // What is nearer to zero than to any other double is none itself.
            self.zeros += if matches!(number, Number::Small { .. }) { times } else { 0 };
        }
        if double == 0.0 && matches!(number, Number::Wide) || double != 0.0 && double.is_finite() {
            self.histogram.add(double, times, grown);
        }
        self.extend(double, text, grown);
        integer
    }

    #[inline]
    fn extend(&mut self, double: f64, text: &[u8], grown: &mut isize) {
        let between = |least: &Extreme, greatest: &Extreme| least.double < double && double < greatest.double;
        if !matches!((&self.least, &self.greatest), (Some(least), Some(greatest)) if between(least, greatest)) {
            self.extend_rare(double, text, grown);
        }
    }

    #[cold]
    #[inline(never)]
    fn extend_rare(&mut self, double: f64, text: &[u8], grown: &mut isize) {
        for (extreme, beyond) in [(&mut self.least, Ordering::Less), (&mut self.greatest, Ordering::Greater)] {
            if extreme.as_ref().is_none_or(|extreme| extreme.is_passed(double, text, beyond)) {
                *grown += text.len() as isize - extreme.as_ref().map_or(0, |extreme| extreme.text.len() as isize);
                *extreme = Some(Extreme { double, text: text.into() });
            }
        }
    }

    #[cold]
    fn count_large(&mut self, negative: bool, magnitude: u64, times: u64) {
        let most = i64::MAX as u64 + u64::from(negative);
        self.beyond_safe_integer += times;
        self.beyond_int64 += if magnitude > most { times } else { 0 };
        self.beyond_uint64 += if negative && magnitude > most { times } else { 0 };
    }

    #[cold]
    fn add_wide(&mut self, double: f64, text: &[u8], grown: &mut isize) -> bool {
        let decimal = Decimal::of(text);
        self.negatives += u64::from(decimal.is_negative());
        if double.is_finite() {
            let before = self.sums.bytes();
            self.sums.add_double(double);
            *grown += (self.sums.bytes() - before) as isize;
        } else {
            self.beyond_double += 1;
        }
        let integer = decimal.is_integer();
        if integer {
            self.beyond_safe_integer += 1;
            self.beyond_int64 += 1;
            self.beyond_uint64 += u64::from(decimal.is_negative() || !decimal.fits_64_bits());
        }
        integer
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sums.merge(&other.sums);
        self.histogram.merge(&other.histogram);
        self.zeros += other.zeros;
        self.negatives += other.negatives;
        self.beyond_safe_integer += other.beyond_safe_integer;
        self.beyond_int64 += other.beyond_int64;
        self.beyond_uint64 += other.beyond_uint64;
        self.beyond_double += other.beyond_double;
        for extreme in [&other.least, &other.greatest].into_iter().flatten() {
            self.extend(extreme.double, &extreme.text, &mut 0);
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// As in a state.
    pub(super) fn store(&self) -> stored::Numbers {
        let mut stored = stored::Numbers {
            count: self.count,
            min: Extreme::store(self.least.as_ref()),
            max: Extreme::store(self.greatest.as_ref()),
            zeros: self.zeros,
            negatives: self.negatives,
            beyond_safe_integer: self.beyond_safe_integer,
            beyond_int64: self.beyond_int64,
            beyond_uint64: self.beyond_uint64,
            beyond_double: self.beyond_double,
            ..stored::Numbers::default()
        };
        self.sums.store(&mut stored);
        self.histogram.store(&mut stored);
        stored
    }

    pub(super) fn restore(from: stored::Numbers, bounds: Bounds<'_>) -> Result<Self, Damage> {
        let count = bounds.count(from.count)?;
        let (histogram, in_buckets) = Histogram::restore(&from, bounds)?;
        let sums = Sums::restore(&from, bounds)?;
        let of_all = [from.negatives, from.beyond_safe_integer, from.beyond_int64, from.beyond_uint64, from.beyond_double];
        ensure(of_all.iter().all(|some| *some <= count) && from.zeros <= count, "more numbers are counted than there are")?;
        let doubles = count - from.beyond_double;
        ensure(sums.count() == doubles && in_buckets + from.zeros == doubles, "counts of numbers do not add up")?;
        let (least, greatest) = (Extreme::restore(from.min)?, Extreme::restore(from.max)?);
        ensure(count > 0 && least.double <= greatest.double, "a minimum is above the maximum")?;
        Ok(Self {
            count,
            least: Some(least),
            greatest: Some(greatest),
            sums,
            histogram,
            zeros: from.zeros,
            negatives: from.negatives,
            beyond_safe_integer: from.beyond_safe_integer,
            beyond_int64: from.beyond_int64,
            beyond_uint64: from.beyond_uint64,
            beyond_double: from.beyond_double,
        })
    }

    /// Memory in use beside the value itself.
    pub(super) fn bytes(&self) -> usize {
        let texts: usize = [&self.least, &self.greatest].into_iter().flatten().map(|extreme| extreme.text.len()).sum();
        texts + self.sums.bytes() + self.histogram.bytes()
    }

    pub(super) fn describe(&self) -> NumberProfile {
        let text = |extreme: &Option<Extreme>| extreme.as_ref().map_or(String::new(), |it| Decimal::of(&it.text).to_string());
        let moments = self.sums.moments();
        let buckets = self.histogram.sorted(self.zeros);
        NumberProfile {
            count: self.count,
            min: text(&self.least),
            max: text(&self.greatest),
            sum: moments.map_or(0.0, |moments| moments.sum),
            mean: moments.map(|moments| moments.mean),
            stddev: moments.map(|moments| moments.stddev),
            zeros: self.zeros,
            negatives: self.negatives,
            quantiles: self.quantiles(&buckets),
            relative_error: self.histogram.relative_error(),
            beyond_safe_integer: self.beyond_safe_integer,
            beyond_int64: self.beyond_int64,
            beyond_uint64: self.beyond_uint64,
            beyond_double: self.beyond_double,
            histogram: self.histogram.bars(buckets),
        }
    }

    fn quantiles(&self, buckets: &[Bucket]) -> Vec<Quantile> {
        let count = self.count - self.beyond_double;
        let (Some(least), Some(greatest), 1..) = (&self.least, &self.greatest, count) else { return Vec::new() };
        let rank = |hundredths: &u64| (u128::from(*hundredths) * u128::from(count)).div_ceil(100) as u64;
        let ranks: Vec<u64> = QUANTILES.iter().map(rank).collect();
        let values = self.histogram.values_at(&ranks, buckets);
        let quantile = |(hundredths, value): (&u64, f64)| Quantile {
            q: *hundredths as f64 / 100.0,
            value: value.clamp(least.double, greatest.double),
        };
        QUANTILES.iter().zip(values).map(quantile).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(texts: &[&str]) -> Numbers {
        let mut numbers = Numbers::default();
        for text in texts {
            let (number, length) = Number::parse(text.as_bytes());
            assert_eq!(length, text.len());
            numbers.add(number, text.as_bytes(), &mut 0);
        }
        numbers
    }

    #[test]
    fn describe_tells_exact_extremes_at_any_size() {
        let told = numbers(&["9007199254740993", "9007199254740992", "1e400", "-0.10", "1e399"]).describe();
        assert_eq!((told.min.as_str(), told.max.as_str()), ("-0.1", "1e+400"));
        let told = numbers(&["9007199254740993", "9007199254740992"]).describe();
        assert_eq!((told.min.as_str(), told.max.as_str()), ("9007199254740992", "9007199254740993"));
    }

    #[test]
    fn describe_counts_what_is_beyond_each_bound() {
        let beyond = |text| {
            let told = numbers(&[text]).describe();
            [told.beyond_safe_integer, told.beyond_int64, told.beyond_uint64, told.beyond_double]
        };
        for (text, expected) in [
            ("9007199254740991", [0, 0, 0, 0]),
            ("9007199254740992", [1, 0, 0, 0]),
            ("-9007199254740992", [1, 0, 0, 0]),
            ("9223372036854775807", [1, 0, 0, 0]),
            ("9223372036854775808", [1, 1, 0, 0]),
            ("-9223372036854775808", [1, 0, 0, 0]),
            ("-9223372036854775809", [1, 1, 1, 0]),
            ("18446744073709551615", [1, 1, 0, 0]),
            ("18446744073709551616", [1, 1, 1, 0]),
            ("1e20", [1, 1, 1, 0]),
            ("1e308", [1, 1, 1, 0]),
            ("1e309", [1, 1, 1, 1]),
            ("0.1e-400", [0, 0, 0, 0]),
        ] {
            assert_eq!(beyond(text), expected, "{text}");
        }
    }

    #[test]
    fn describe_of_numbers_beyond_doubles_alone_has_no_moments() {
        let told = numbers(&["1e400", "-1e400"]).describe();
        assert_eq!((told.count, told.negatives, told.beyond_double), (2, 1, 2));
        assert_eq!((told.mean, told.stddev, told.quantiles.len()), (None, None, 0));
    }

    #[test]
    fn quantiles_are_of_nearest_ranks() {
        let texts: Vec<String> = (0..=100).map(|i| i.to_string()).collect();
        let told = numbers(&texts.iter().map(String::as_str).collect::<Vec<_>>()).describe();
        for quantile in &told.quantiles {
            let expected = (quantile.q * 101.0).ceil() - 1.0;
            assert!((quantile.value - expected).abs() <= expected * told.relative_error, "{quantile:?}");
        }
        assert_eq!(told.zeros, 1);
    }
}
