package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
final class CellTest {
    @Test
    void text_thatIsTooLong_keepsItsBeginning() {
        assertThat(Cell.text("abcdef").fit(6)).isEqualTo("abcdef");
        assertThat(Cell.text("abcdef").fit(5)).isEqualTo("abcd…");
        assertThat(Cell.quoted("東京都").fit(6)).isEqualTo("\"東京…");
        assertThat(Cell.text("ab\n\u001B").fit(9)).isEqualTo("ab\u240A\u241B");
    }

    @Test
    void text_asLongAsItMayBe_isWhole() {
        assertThat(Cell.text("a".repeat(Cell.MOST_UNITS)).fit(1_000)).hasSize(Cell.MOST_UNITS);
        assertThat(Cell.text("a".repeat(Cell.MOST_UNITS + 1)).fit(1_000)).isEqualTo("a".repeat(Cell.MOST_UNITS) + "…");
    }

    @Test
    void path_thatIsTooLong_keepsItsLastKey() {
        assertThat(Cell.path("/customer/address/street").fit(24)).isEqualTo("/customer/address/street");
        assertThat(Cell.path("/customer/address/street").fit(16)).isEqualTo("/cust…ess/street");
    }

    @Test
    void decimal_thatIsTooLong_keepsItsMagnitude() {
        assertThat(Cell.decimal("123456789.25").fit(12)).isEqualTo("123456789.25");
        assertThat(Cell.decimal("123456789.25").fit(8)).isEqualTo("1.2345e8");
        assertThat(Cell.decimal("1.5e99999999999").fit(8)).isEqualTo("1.…99999");
        assertThat(Cell.decimal("-1").fit(1)).isEqualTo("…");
    }

    @Test
    void count_thatIsTooLong_staysAnEstimate() {
        assertThat(Cell.count("~", 1_234_567).fit(10)).isEqualTo("~1,234,567");
        assertThat(Cell.count("~", 1_234_567).fit(8)).isEqualTo("~1234567");
        assertThat(Cell.count("~", -1).fit(8)).isEqualTo("~1.84e19");
    }

    @Test
    void mark_ofACellThatIsTooLong_isKept() {
        Cell cell = new Cell.Marked(Cell.text("abcdef"), " 50 %");
        assertThat(cell.fit(11)).isEqualTo("abcdef 50 %");
        assertThat(cell.fit(8)).isEqualTo("ab… 50 %");
        assertThat(cell.fit(6)).isEqualTo("… 50 %");
        assertThat(cell.fit(5)).isEqualTo("…");
    }

    @Test
    void pair_thatIsTooLong_shortensTheSecondFirst() {
        Cell pair = new Cell.Pair(Cell.decimal("123456"), Cell.quoted("abcdef"));
        assertThat(pair.fit(16)).isEqualTo("123456, \"abcdef\"");
        assertThat(pair.fit(14)).isEqualTo("123456, \"abcd…");
        assertThat(pair.fit(9)).isEqualTo("123456, …");
        assertThat(pair.fit(8)).isEqualTo("1.2e5, …");
        assertThat(pair.fit(3)).isEqualTo("1e5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "-1.25e400",
                "12345678901234567890",
                "東京都東京都",
                "\u001B\u202E\uD83D",
                "e\u0301e\u0301e\u0301"
            })
    void cells_ofAnyKind_keepToTheirColumns(String raw) {
        for (int columns = 1; columns < 30; columns++) {
            for (Cell cell : new Cell[] {
                Cell.text(raw),
                Cell.quoted(raw),
                Cell.path(raw),
                Cell.decimal(raw),
                new Cell.Marked(Cell.text(raw), " %"),
                new Cell.Pair(Cell.text(raw), Cell.decimal(raw))
            }) {
                String fitted = cell.fit(columns);
                assertThat(Columns.of(fitted))
                        .as("%s in %d columns", cell, columns)
                        .isLessThanOrEqualTo(columns);
                assertThat(VisibleText.of(fitted)).isEqualTo(fitted);
                assertThat(Columns.of(cell.fit(cell.columns()))).isEqualTo(cell.columns());
            }
        }
    }
}
