package dev.jassay.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;

/** Numbers of any size in few characters, as in {@code 1234.5} or {@code 1.5e-7}. */
final class Decimals {
    private static final int DIGITS = 6;

    /** All digits of a double before the point are of its value up to there. */
    private static final int MOST_PLAIN_DIGITS = 15;

    private static final int MOST_LEADING_ZEROS = 5;

    /** More than results tell of a number; to read more would take time that grows with their square. */
    private static final int MOST_PARSED = 1_100;

    /** So that no figure made of an exponent leaves its range. */
    private static final int MOST_EXPONENT = 1_000_000_000;

    private Decimals() {}

    /** The value of a decimal; empty where the text is none, or one that is too long or too far from 1. */
    static Optional<BigDecimal> parse(String text) {
        if (text.length() > MOST_PARSED) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(text)).filter(value -> Math.abs((long) value.scale()) < MOST_EXPONENT);
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** With six digits, or all that stand before the point. */
    static String of(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal exact = new BigDecimal(value);
        long beforePoint = exponent(exact) + 1;
        int digits = beforePoint > DIGITS && beforePoint <= MOST_PLAIN_DIGITS ? (int) beforePoint : DIGITS;
        return text(exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)), digits);
    }

    /** Of lengths: with one digit after the point, and more only where it would be 0.0 and is not. */
    static String ofLength(double mean) {
        if (!(mean >= 0.05 && mean < 1e9)) {
            return mean == 0 ? "0.0" : of(mean);
        }
        return new BigDecimal(mean).setScale(1, RoundingMode.HALF_EVEN).toPlainString();
    }

    /**
     * As many digits as fit, the rest left out and not rounded: 99.99 shall not become 100. Empty where not even one fits.
     *
     * @param leftOut stands for the digits that are, where no exponent shows it
     */
    static Optional<String> cut(BigDecimal value, int columns, String leftOut) {
        for (int digits = Math.min(columns, value.precision()); digits > 0; digits--) {
            BigDecimal kept = value.round(new MathContext(digits, RoundingMode.DOWN));
            String text = text(kept, digits);
            if (isPlain(kept, digits) && kept.compareTo(value) != 0) {
                text += (text.contains(".") ? "" : ".") + leftOut;
            }
            if (text.length() <= columns) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    /** @param digits that are of the value: no other stand before the point */
    private static String text(BigDecimal rounded, int digits) {
        if (rounded.signum() == 0) {
            return "0";
        }
        BigDecimal bare = rounded.stripTrailingZeros();
        if (isPlain(rounded, digits)) {
            return bare.toPlainString();
        }
        String all = bare.unscaledValue().abs().toString();
        String fraction = all.length() == 1 ? "" : "." + all.substring(1);
        return (bare.signum() < 0 ? "-" : "") + all.charAt(0) + fraction + "e" + exponent(bare);
    }

    private static boolean isPlain(BigDecimal rounded, int digits) {
        long exponent = exponent(rounded);
        return exponent >= -MOST_LEADING_ZEROS && exponent < Math.min(digits, MOST_PLAIN_DIGITS);
    }

    private static long exponent(BigDecimal value) {
        return value.precision() - 1L - value.scale();
    }
}
