package dev.jassay.cli;

import java.util.Locale;

/** How the records of a sample stand in its stream. */
enum SampleFormat {
    /** One record a line. */
    NDJSON("", "\n", "\n", Layout.COMPACT),
    /** One array, one element a line. */
    ARRAY("[\n", ",\n", "\n]\n", Layout.COMPACT),
    /** Pretty-printed records, one after the other. */
    CONCATENATED("", "\n", "\n", Layout.PRETTY),
    /** One object that holds all orders: one record in all, so no faults. */
    DOCUMENT("{\"orders\":[\n", ",\n", "\n]}\n", Layout.COMPACT);

    private final String opening;
    private final String separator;
    private final String closing;
    private final Layout layout;

    SampleFormat(String opening, String separator, String closing, Layout layout) {
        this.opening = opening;
        this.separator = separator;
        this.closing = closing;
        this.layout = layout;
    }

    String opening() {
        return opening;
    }

    /** What stands between two records. */
    String separator() {
        return separator;
    }

    /** What ends the stream, unless nothing stands before it. */
    String closing() {
        return closing;
    }

    Layout layout() {
        return layout;
    }

    /** As the command line writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How one record is written. */
    enum Layout {
        COMPACT,
        PRETTY
    }
}
