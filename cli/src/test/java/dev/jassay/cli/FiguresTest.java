package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
final class FiguresTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0|0", "999|999", "1000|1,000", "1234567|1,234,567", "-1|18,446,744,073,709,551,615"})
    void grouped_countsThousands(long value, String text) {
        assertThat(Figures.grouped(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "0.6, 1 byte",
        "1, 1 byte",
        "999, 999 bytes",
        "999.6, 1.00 kB",
        "1000, 1.00 kB",
        "67729833, 67.7 MB",
        "999499999, 999 MB",
        "999500000, 1.00 GB",
        "1234000000000, 1.23 TB"
    })
    void bytes_haveThreeDigitsAndAUnit(double value, String text) {
        assertThat(Figures.bytes(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.00 s",
        "0.214, 0.21 s",
        "9.994, 9.99 s",
        "9.996, 10.0 s",
        "59.9, 59.9 s",
        "59.96, 1 min 0 s",
        "200, 3 min 20 s",
        "3600, 1 h 0 min",
        "7500, 2 h 5 min"
    })
    void duration_isReadable(double seconds, String text) {
        assertThat(Figures.duration(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 10, 0 %",
        "0, 0, 0 %",
        "10, 10, 100 %",
        "2000, 200000, 1 %",
        "1, 3, 33.3 %",
        "1, 100000000, 0.001 %",
        "99999999, 100000000, 99.999 %",
        "1, 2000, 0.05 %"
    })
    void percent_isNeverAllOrNothingUnlessItIs(long part, long whole, String text) {
        assertThat(Figures.percent(part, whole)).isEqualTo(text);
    }
}
