package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
final class DecimalsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "0.1, 0.1",
        "1, 1",
        "-2.5, -2.5",
        "33.333333333333336, 33.3333",
        "99999.96, 100000",
        "1234567.8, 1234568",
        "100000000, 100000000",
        "999999999999999, 999999999999999",
        "1e15, 1e15",
        "1.23456789e20, 1.23457e20",
        "0.000012345678, 0.0000123457",
        "0.0000012345678, 1.23457e-6",
        "-1.7976931348623157e308, -1.79769e308",
        "4.9e-324, 4.94066e-324",
        "NaN, NaN",
        "-Infinity, -Infinity"
    })
    void double_isShortAndRight(double value, String text) {
        assertThat(Decimals.of(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "3, 3.0",
        "12.34, 12.3",
        "0.05, 0.1",
        "0.0012, 0.0012",
        "123456.78, 123456.8",
        "1e9, 1000000000"
    })
    void length_hasOneDigitAfterThePoint(double mean, String text) {
        assertThat(Decimals.ofLength(mean)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "99.99999, 5, 99.9…",
        "99.99999, 4, 99.…",
        "-99.99999, 5, -99.…",
        "-99.99999, 4, -9e1",
        "3.14159265358979, 8, 3.14159…",
        "1.50000000000000, 8, 1.5",
        "12345678901234567890, 8, 1.234e19",
        "1000000, 4, 1e6",
        "0.0000123456, 9, 0.000012…",
        "1e999, 8, 1e999",
        "-1.5e-999999, 10, -1e-999999",
        "0.00, 1, 0"
    })
    void cut_ofADecimal_dropsDigitsAndNeverItsMagnitude(String decimal, int columns, String text) {
        assertThat(Decimals.cut(new BigDecimal(decimal), columns, "…")).contains(text);
    }

    @Test
    void cut_withoutRoomForOneDigit_isNone() {
        assertThat(Decimals.cut(new BigDecimal("-1e-999999"), 9, "…")).isEmpty();
        assertThat(Decimals.cut(BigDecimal.ONE, 0, "…")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"''", "x", "1e", "1e9999999999", "1e1000000000", "1e-1000000000"})
    void parse_ofWhatIsNoneOrTooFarFromOne_isNone(String text) {
        assertThat(Decimals.parse(text)).isEmpty();
    }

    @Test
    void parse_atItsBounds_takesTheNumber() {
        assertThat(Decimals.parse("9".repeat(1_100))).isPresent();
        assertThat(Decimals.parse("9".repeat(1_101))).isEmpty();
        assertThat(Decimals.parse("1e999999999")).isPresent();
        assertThat(Decimals.parse("1e-999999999")).isPresent();
    }
}
