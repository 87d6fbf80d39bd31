package dev.jassay.cli;

import dev.jassay.v1.FieldProfile;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** The fields of a result as a table that fits a terminal. */
final class FieldTable {
    static final int MOST_COLUMNS = 100;
    /** As many as people may read; the rest is for programs. */
    static final int MOST_ROWS = 200;

    private static final String GAP = "  ";

    private enum Side {
        LEFT,
        RIGHT
    }

    /**
     * @param side where its cells stand
     * @param least the width it is not shortened below: with the gaps, all of these are {@link #MOST_COLUMNS}
     * @param most the width it has at most, be there room or not
     */
    private record Column(String heading, Side side, int least, int most, Function<FieldProfile, Cell> content) {
        int excess(int width) {
            return width - least;
        }

        String padded(Cell cell, int width) {
            String text = cell.fit(width);
            return side == Side.LEFT ? Columns.padRight(text, width) : Columns.padLeft(text, width);
        }
    }

    private static final List<Column> COLUMNS = List.of(
            new Column("path", Side.LEFT, 16, 60, FieldCells::path),
            new Column("present", Side.RIGHT, 8, 8, FieldCells::present),
            new Column("null", Side.RIGHT, 7, 8, FieldCells::nulls),
            new Column("types", Side.LEFT, 8, 30, FieldCells::types),
            new Column("distinct", Side.RIGHT, 8, 16, FieldCells::distinct),
            new Column("min", Side.LEFT, 7, 24, FieldCells::min),
            new Column("max", Side.LEFT, 7, 24, FieldCells::max),
            new Column("mean", Side.LEFT, 10, 24, FieldCells::mean),
            new Column("top value", Side.LEFT, 13, 40, FieldCells::top));

    private FieldTable() {}

    /** Writes a blank line and the table; nothing where there are no fields. */
    static void write(List<FieldProfile> fields, Appendable out) throws IOException {
        if (fields.isEmpty()) {
            return;
        }
        List<List<Cell>> rows = fields.stream()
                .limit(MOST_ROWS)
                .map(field -> COLUMNS.stream()
                        .map(column -> column.content().apply(field))
                        .toList())
                .toList();
        List<Cell> headings =
                COLUMNS.stream().map(column -> Cell.text(column.heading())).toList();
        int[] widths = widths(headings, rows);
        out.append('\n');
        writeRow(headings, widths, out);
        for (List<Cell> row : rows) {
            writeRow(row, widths, out);
        }
        int hidden = fields.size() - rows.size();
        if (hidden > 0) {
            out.append('\n')
                    .append(Figures.count(hidden, "more field"))
                    .append(" not shown: --output json shows all\n");
        }
    }

    /** A path that does not fit has a line of its own: a part of it may be that of many. */
    private static void writeRow(List<Cell> cells, int[] widths, Appendable out) throws IOException {
        StringBuilder line = new StringBuilder();
        Cell path = cells.getFirst();
        boolean isLong = path.columns() > widths[0];
        if (isLong) {
            out.append(path.fit(MOST_COLUMNS)).append('\n');
        }
        for (int at = 0; at < cells.size(); at++) {
            Cell cell = at == 0 && isLong ? Cell.text("") : cells.get(at);
            line.append(at == 0 ? "" : GAP).append(COLUMNS.get(at).padded(cell, widths[at]));
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    /** As wide as the contents are; where that is too much together, those that exceed their least widths most are made narrower. */
    private static int[] widths(List<Cell> headings, List<List<Cell>> rows) {
        int[] widths = new int[COLUMNS.size()];
        int total = GAP.length() * (widths.length - 1);
        for (int at = 0; at < widths.length; at++) {
            widths[at] = headings.get(at).columns();
            for (List<Cell> row : rows) {
                widths[at] = Math.max(widths[at], row.get(at).columns());
            }
            widths[at] = Math.min(widths[at], COLUMNS.get(at).most());
            total += widths[at];
        }
        for (; total > MOST_COLUMNS; total--) {
            widths[largestExcess(widths)]--;
        }
        return widths;
    }

    /** The last of those that exceed their least widths most: the names of fields come first. */
    private static int largestExcess(int[] widths) {
        int largest = 0;
        for (int at = 1; at < widths.length; at++) {
            if (COLUMNS.get(at).excess(widths[at]) >= COLUMNS.get(largest).excess(widths[largest])) {
                largest = at;
            }
        }
        return largest;
    }
}
