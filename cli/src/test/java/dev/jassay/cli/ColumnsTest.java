package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
final class ColumnsTest {
    @ParameterizedTest
    @CsvSource({
        "abc, 0, '', ''",
        "abc, 2, ab, bc",
        "abc, 3, abc, abc",
        "abc, 9, abc, abc",
        "東京, 1, '', ''",
        "東京, 2, 東, 京",
        "東京, 3, 東, 京",
        "\uD83D\uDE00\uD83D\uDE01, 3, \uD83D\uDE00, \uD83D\uDE01",
        "e\u0301x\u0301, 1, e\u0301, x\u0301"
    })
    void firstAndLast_ofAText_takeNoMoreColumns(String text, int columns, String first, String last) {
        assertThat(Columns.first(text, columns)).isEqualTo(first);
        assertThat(Columns.last(text, columns)).isEqualTo(last);
    }

    @ParameterizedTest
    @CsvSource({"東京, 5, ' 東京', '東京 '", "abc, 2, abc, abc"})
    void padding_ofAText_countsColumns(String text, int columns, String left, String right) {
        assertThat(Columns.padLeft(text, columns)).isEqualTo(left);
        assertThat(Columns.padRight(text, columns)).isEqualTo(right);
    }
}
