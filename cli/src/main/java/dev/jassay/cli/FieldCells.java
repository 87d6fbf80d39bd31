package dev.jassay.cli;

import dev.jassay.v1.Distinct;
import dev.jassay.v1.FieldProfile;
import dev.jassay.v1.StringProfile;
import dev.jassay.v1.TopValue;
import dev.jassay.v1.TypeCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is told of a field. Where there is nothing to tell, a cell is empty. */
final class FieldCells {
    private static final String ESTIMATED = "~";

    private FieldCells() {}

    static Cell path(FieldProfile field) {
        Cell path = field.getPath().isEmpty() ? Cell.text("(record)") : Cell.path(field.getPath());
        return field.getCollapsed() ? new Cell.Marked(path, " (keys)") : path;
    }

    /** Of the objects at its place. */
    static Cell present(FieldProfile field) {
        return Cell.text(
                field.hasMissing()
                        ? Figures.percent(field.getPresent(), field.getPresent() + field.getMissing())
                        : "100 %");
    }

    /** Of its values. */
    static Cell nulls(FieldProfile field) {
        return Cell.text(Figures.percent(field.getTypes().getNullValue(), values(field)));
    }

    private record Type(String name, long count) {}

    /** Most frequent first. Nulls have their own column. */
    static Cell types(FieldProfile field) {
        TypeCounts counts = field.getTypes();
        String types = Stream.of(
                        new Type("bool", counts.getBooleanValue()),
                        new Type("int", counts.getIntegerValue()),
                        new Type("fraction", counts.getFractionValue()),
                        new Type("string", counts.getStringValue()),
                        new Type("array", counts.getArrayValue()),
                        new Type("object", counts.getObjectValue()))
                .filter(type -> type.count() != 0)
                .sorted(Comparator.comparingLong(Type::count).reversed())
                .map(Type::name)
                .collect(Collectors.joining("|"));
        return Cell.text(types.isEmpty() && counts.getNullValue() != 0 ? "null" : types);
    }

    static Cell distinct(FieldProfile field) {
        Distinct distinct = field.getDistinct();
        return field.hasDistinct()
                ? Cell.count(distinct.getExact() ? "" : ESTIMATED, distinct.getValue())
                : Cell.text("");
    }

    static Cell min(FieldProfile field) {
        return extreme(field, field.getNumbers().getMin(), field.getStrings().getMin());
    }

    static Cell max(FieldProfile field) {
        return extreme(field, field.getNumbers().getMax(), field.getStrings().getMax());
    }

    private static Cell extreme(FieldProfile field, String number, String string) {
        List<Cell> cells = new ArrayList<>();
        if (field.hasNumbers()) {
            cells.add(Cell.decimal(number));
        }
        if (field.hasStrings() && !isOmitted(field.getStrings())) {
            cells.add(Cell.quoted(string));
        }
        return together(cells);
    }

    /** Omitted values are empty, though the strings are not. */
    private static boolean isOmitted(StringProfile strings) {
        return strings.getMax().isEmpty() && strings.getMaxLength() > 0;
    }

    /** Of numbers; of strings and arrays the mean length. */
    static Cell mean(FieldProfile field) {
        List<Cell> cells = new ArrayList<>();
        if (field.getNumbers().hasMean()) {
            cells.add(Cell.decimal(Decimals.of(field.getNumbers().getMean())));
        }
        if (field.hasStrings()) {
            cells.add(length(field.getStrings().getMeanLength(), " chars"));
        }
        if (field.hasArrays()) {
            cells.add(length(field.getArrays().getMeanLength(), " items"));
        }
        return together(cells);
    }

    private static Cell length(double mean, String unit) {
        return new Cell.Marked(Cell.decimal(Decimals.ofLength(mean)), unit);
    }

    private static Cell together(List<Cell> cells) {
        return cells.stream().reduce(Cell.Pair::new).orElse(Cell.text(""));
    }

    /** With its share of the values. */
    static Cell top(FieldProfile field) {
        if (field.getTopValuesCount() == 0) {
            return Cell.text("");
        }
        TopValue top = field.getTopValues(0);
        String json = top.getValueJson();
        Cell value = isNumber(json) ? Cell.decimal(json) : Cell.text(json);
        return new Cell.Marked(
                value, " " + (top.getExact() ? "" : ESTIMATED) + Figures.percent(top.getCount(), values(field)));
    }

    private static boolean isNumber(String json) {
        return !json.isEmpty() && "-0123456789".indexOf(json.charAt(0)) >= 0;
    }

    private static long values(FieldProfile field) {
        TypeCounts counts = field.getTypes();
        return counts.getNullValue()
                + counts.getBooleanValue()
                + counts.getIntegerValue()
                + counts.getFractionValue()
                + counts.getStringValue()
                + counts.getArrayValue()
                + counts.getObjectValue();
    }
}
