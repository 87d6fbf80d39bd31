package dev.jassay.cli;

import java.math.BigDecimal;

/** What stands in one place of a table, and how it is shortened where it does not fit. Its texts are shown by {@link VisibleText}. */
sealed interface Cell {
    /** One column: room is short in a table. */
    String LEFT_OUT = "…";

    /** Of a text: more than a cell has room for, and few beside the value's own, which can be a thousand times as many. */
    int MOST_UNITS = 200;

    /** Columns of the whole. */
    int columns();

    /**
     * The whole where it fits, else what tells most of it.
     *
     * @param columns 1 or more
     */
    String fit(int columns);

    /** A text of unknown origin. */
    static Cell text(String raw) {
        return new Text(VisibleText.of(bounded(raw)));
    }

    /** A string value of unknown origin, in quotes. */
    static Cell quoted(String raw) {
        return new Text('"' + VisibleText.of(bounded(raw)) + '"');
    }

    /** A path of unknown origin. */
    static Cell path(String raw) {
        return new Ends(VisibleText.of(raw));
    }

    /** A decimal of unknown origin. */
    static Cell decimal(String raw) {
        return Decimals.parse(raw)
                .<Cell>map(value -> new Decimal("", VisibleText.of(raw), value))
                .orElseGet(() -> new Ends(VisibleText.of(raw))); // the exponent is the end
    }

    /**
     * A count, as in {@code 1,234,567}.
     *
     * @param before stands before it, always
     */
    static Cell count(String before, long count) {
        return new Decimal(before, Figures.grouped(count), new BigDecimal(Long.toUnsignedString(count)));
    }

    private static String bounded(String raw) {
        return raw.length() <= MOST_UNITS ? raw : raw.substring(0, MOST_UNITS) + LEFT_OUT;
    }

    /** Keeps its beginning. */
    record Text(String text) implements Cell {
        @Override
        public int columns() {
            return Columns.of(text);
        }

        @Override
        public String fit(int columns) {
            return columns() <= columns ? text : Columns.first(text, columns - 1) + LEFT_OUT;
        }
    }

    /** Keeps both ends, and more of the second: the last key of a path names the field. */
    record Ends(String text) implements Cell {
        @Override
        public int columns() {
            return Columns.of(text);
        }

        @Override
        public String fit(int columns) {
            if (columns() <= columns) {
                return text;
            }
            int head = (columns - 1) / 3;
            return Columns.first(text, head) + LEFT_OUT + Columns.last(text, columns - 1 - head);
        }
    }

    /**
     * Drops digits, never its magnitude.
     *
     * @param before stands before it, always
     * @param whole the value as it is shown where there is room
     */
    record Decimal(String before, String whole, BigDecimal value) implements Cell {
        @Override
        public int columns() {
            return Columns.of(before) + Columns.of(whole);
        }

        @Override
        public String fit(int columns) {
            return columns() <= columns
                    ? before + whole
                    : Decimals.cut(value, columns - Columns.of(before), LEFT_OUT)
                            .map(digits -> before + digits)
                            .orElse(LEFT_OUT);
        }
    }

    /** A cell with something after it that is not shortened, such as a unit, and without which it is not told. */
    record Marked(Cell cell, String mark) implements Cell {
        @Override
        public int columns() {
            return cell.columns() + Columns.of(mark);
        }

        @Override
        public String fit(int columns) {
            int room = columns - Columns.of(mark);
            return room > 0 || columns() <= columns ? cell.fit(room) + mark : LEFT_OUT;
        }
    }

    /** Two cells beside one another, of which the second is shortened first. */
    record Pair(Cell first, Cell second) implements Cell {
        private static final String BETWEEN = ", ";

        @Override
        public int columns() {
            return first.columns() + BETWEEN.length() + second.columns();
        }

        @Override
        public String fit(int columns) {
            if (columns() <= columns) {
                return first.fit(first.columns()) + BETWEEN + second.fit(second.columns());
            }
            int room = columns - BETWEEN.length();
            if (room < 2) {
                return first.fit(columns);
            }
            String left = first.fit(room - 1);
            return left + BETWEEN + second.fit(room - Columns.of(left));
        }
    }
}
