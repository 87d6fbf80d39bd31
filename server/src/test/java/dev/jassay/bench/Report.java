package dev.jassay.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * All that was measured, written for people and for programs.
 *
 * @param leftOut groups that this machine lacks something for, and what
 * @param failures groups that could not be measured, and why
 */
record Report(
        Options options,
        Machine machine,
        List<Result> results,
        Map<String, String> leftOut,
        Map<String, String> failures) {
    private static final MathContext SHOWN = new MathContext(3);
    private static final MathContext KEPT = new MathContext(6);
    private static final List<String> HEADINGS = List.of("what", "data", "ours", "peer", "unit", "ratio", "bar", "");

    /** A table in columns. */
    String toText() {
        List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
        results.forEach(result -> rows.add(cells(result)));
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < HEADINGS.size(); column++) {
            int at = column;
            widths.add(rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                line.append(cell).append(" ".repeat(widths.get(column) - cell.length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        leftOut.forEach((group, why) -> text.append("left out: " + group + ": " + why + "\n"));
        failures.forEach((group, why) -> text.append("not measured: " + group + ": " + why + "\n"));
        return text.toString();
    }

    /** A page. */
    String toMarkdown() {
        StringBuilder text = new StringBuilder("# Benchmarks\n\n");
        text.append("Made by `make bench`, which runs each pair in turn and takes the medians of ")
                .append(options.rounds())
                .append(" rounds after one that warms up; of ")
                .append(options.fewRounds())
                .append(" for hostile data and memory. Data: ")
                .append(shown(options.dataBytes() / 1e6))
                .append(
                        " MB each of flat orders (some 330 bytes a record), nested events (1.8 kB) and posts beyond ASCII (4.5 kB); ")
                .append(shown(options.scaled(SchemaRows.BYTES) / 1e6))
                .append(" MB of each kind for schemas.\n\n");
        if (options.scale() != 1) {
            text.append("**Run with a scale of ")
                    .append(shown(options.scale()))
                    .append(": these figures do not count.**\n\n");
        }
        text.append("Machine: ")
                .append(machine.processor())
                .append(", ")
                .append(machine.cores())
                .append(" cores, ")
                .append(shown(machine.memoryGibibytes()))
                .append(" GiB; ")
                .append(machine.kernel())
                .append("; JDK ")
                .append(machine.jdk())
                .append("; ")
                .append(machine.rustc())
                .append(". Client and server share its cores.\n\n");
        appendMarkdownRow(text, HEADINGS);
        appendMarkdownRow(text, List.of("---", "---", "---:", "---:", "---", "---:", "---:", "---"));
        results.forEach(result -> appendMarkdownRow(text, cells(result)));
        leftOut.forEach((group, why) -> text.append("\nLeft out: " + group + ": " + why + "\n"));
        failures.forEach((group, why) -> text.append("\nNot measured: " + group + ": " + why + "\n"));
        return text.toString();
    }

    private static void appendMarkdownRow(StringBuilder text, List<String> cells) {
        text.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |")))
                .append('\n');
    }

    private static List<String> cells(Result result) {
        String bar = "";
        String outcome = "";
        if (result.bar().isPresent()) {
            bar = (result.sense() == Sense.MIN ? ">= " : "<= ")
                    + shown(result.bar().getAsDouble());
            outcome = result.missed() ? "missed" : "met";
        }
        if (!result.note().isEmpty()) {
            outcome = outcome.isEmpty() ? result.note() : outcome + "; " + result.note();
        }
        return List.of(
                result.name(),
                result.data(),
                shown(result.ours()),
                result.peer().isPresent() ? shown(result.peer().getAsDouble()) : "",
                result.unit(),
                shown(result.ratio()),
                bar,
                outcome);
    }

    /** A list of objects, one a result. */
    String toJson() {
        return results.stream().map(Report::toJson).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
    }

    private static String toJson(Result result) {
        return "{\"name\": %s, \"data\": %s, \"ours\": %s, \"peer\": %s, \"unit\": %s, \"ratio\": %s, \"bar\": %s, \"sense\": %s}"
                .formatted(
                        quoted(result.name()),
                        quoted(result.data()),
                        kept(result.ours()),
                        kept(result.peer()),
                        quoted(result.unit()),
                        kept(result.ratio()),
                        kept(result.bar()),
                        quoted(result.sense() == Sense.MIN ? "min" : "max"));
    }

    /** The names in a report have nothing in them that JSON escapes. */
    private static String quoted(String text) {
        if (text.chars().anyMatch(character -> character < ' ' || character == '"' || character == '\\')) {
            throw new IllegalArgumentException("not a plain name: " + text);
        }
        return '"' + text + '"';
    }

    private static String kept(OptionalDouble figure) {
        return figure.isPresent() ? kept(figure.getAsDouble()) : "null";
    }

    private static String kept(double figure) {
        return new BigDecimal(figure).round(KEPT).stripTrailingZeros().toPlainString();
    }

    private static String shown(double figure) {
        BigDecimal rounded = new BigDecimal(figure).round(SHOWN);
        return (rounded.scale() < 0 ? rounded.setScale(0) : rounded.stripTrailingZeros()).toPlainString();
    }
}
