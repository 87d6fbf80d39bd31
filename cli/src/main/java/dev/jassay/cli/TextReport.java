package dev.jassay.cli;

import dev.jassay.v1.Compression;
import dev.jassay.v1.Counts;
import dev.jassay.v1.Format;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Termination;
import dev.jassay.v1.Verdict;
import dev.jassay.v1.Violation;
import dev.jassay.v1.ViolationCode;
import dev.jassay.v1.ViolationGroup;
import dev.jassay.v1.Warning;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** A result as text for people. All that comes from the input or from a server is shown by {@link VisibleText}. */
final class TextReport {
    private static final String INDENT = "      ";
    private static final int MIN_CODE_WIDTH = 14;
    private static final int MAX_KEYWORD_WIDTH = 24;
    private static final int FIRST_RECORD_WIDTH = 12;
    private static final int MIN_PATH_WIDTH = 4;
    private static final int MAX_PATH_WIDTH = 48;
    private static final int MAX_POINTER_WIDTH = 80;

    private final ProcessResult result;
    private final String name;
    private final Appendable out;

    private TextReport(ProcessResult result, String inputName, Appendable out) {
        this.result = result;
        this.out = out;
        this.name = VisibleText.of(result.getSource().isEmpty() ? inputName : result.getSource());
    }

    /**
     * Writes verdict, counts, groups, violations, fields and schema, as it goes along: a result can be large.
     *
     * @param inputName stands before each violation where the result names no source
     */
    static void write(ProcessResult result, String inputName, Appendable out) throws IOException {
        TextReport report = new TextReport(result, inputName, out);
        report.addVerdict();
        report.addCounts();
        report.addGroups();
        report.addViolations();
        FieldTable.write(result.getFieldsList(), out);
        report.addInferredSchema();
    }

    /** On one line, to be taken by a tool. */
    private void addInferredSchema() throws IOException {
        if (!result.getInferredSchemaJson().isEmpty()) {
            line("");
            line("inferred schema:");
            line(VisibleText.of(result.getInferredSchemaJson()));
        }
    }

    private void addVerdict() throws IOException {
        Counts counts = result.getCounts();
        line(verdict() + "  " + name + ": " + summary(counts) + extent());
        line(INDENT + formatName(result.getFormat()) + compressionName() + ", "
                + Figures.count(counts.getBytes(), "byte") + " in "
                + Figures.duration(Figures.seconds(result.getTiming().getWallNanos())) + " ("
                + Figures.bytes(result.getTiming().getBytesPerSecond()) + "/s, "
                + Figures.count(result.getTiming().getThreads(), "thread") + ")");
        if (result.getTermination() != Termination.TERMINATION_COMPLETE) {
            line(INDENT + "stopped at byte " + result.getStoppedAt() + ": " + endingHere(result.getTermination()));
            if (result.getFormat() == Format.FORMAT_ARRAY
                    && result.getCounts().getRecords() > 0
                    && result.getTermination() == Termination.TERMINATION_UNRECOVERABLE_SYNTAX) {
                line(INDENT + "lines that are arrays must be declared: --format ndjson");
            }
        }
        for (Warning warning : result.getWarningsList()) {
            line(INDENT + "warning: " + VisibleText.of(warning.getText()));
        }
        for (Map.Entry<String, String> label : result.getLabelsMap().entrySet()) {
            line(INDENT + "label: " + VisibleText.of(label.getKey()) + "=" + VisibleText.of(label.getValue()));
        }
    }

    private String verdict() {
        return result.getVerdict() == Verdict.VERDICT_PASS ? "PASS" : "FAIL";
    }

    /** Where all records are valid and the verdict is not PASS, how far they reach. */
    private String extent() {
        boolean stopped = result.getTermination() != Termination.TERMINATION_COMPLETE;
        return stopped && result.getCounts().getInvalid() == 0 ? ", up to byte " + result.getStoppedAt() : "";
    }

    private static String summary(Counts counts) {
        if (counts.getRecords() == 0) {
            return "no records";
        }
        if (counts.getInvalid() == 0) {
            return counts.getRecords() == 1
                    ? "the one record is valid"
                    : "all " + Figures.grouped(counts.getRecords()) + " records are valid";
        }
        return Figures.grouped(counts.getInvalid()) + " of " + Figures.count(counts.getRecords(), "record")
                + (counts.getInvalid() == 1 ? " is invalid (" : " are invalid (")
                + Figures.percent(counts.getInvalid(), counts.getRecords()) + ")";
    }

    private String endingHere(Termination termination) {
        return termination == Termination.TERMINATION_INPUT_TRUNCATED && isCompressed()
                ? "the input ends too early: inside a compressed part, an array, an object or a string"
                : ending(termination);
    }

    /** Why a stream ended, for people. */
    static String ending(Termination termination) {
        return switch (termination) {
            case TERMINATION_UNRECOVERABLE_SYNTAX -> "no further record can be found from here on";
            case TERMINATION_INPUT_TRUNCATED -> "the input ends inside an array, an object or a string";
            case TERMINATION_CORRUPT_COMPRESSION -> "what is compressed is damaged from here on";
            case TERMINATION_LIMIT -> "a bound was reached: --max-expansion or --max-zstd-window";
            case TERMINATION_UNSUPPORTED_ENCODING -> "the input is UTF-16 or UTF-32; convert it to UTF-8";
            case TERMINATION_INTERRUPTED -> "interrupted; this is the result of what was judged so far";
            case TERMINATION_COMPLETE, TERMINATION_UNSPECIFIED, UNRECOGNIZED -> termination.name();
        };
    }

    private boolean isCompressed() {
        return result.getCompression() == Compression.COMPRESSION_GZIP
                || result.getCompression() == Compression.COMPRESSION_ZSTD;
    }

    private String compressionName() {
        return isCompressed()
                ? " in "
                        + result.getCompression()
                                .name()
                                .replace("COMPRESSION_", "")
                                .toLowerCase(Locale.ROOT)
                : "";
    }

    private static String formatName(Format format) {
        return switch (format) {
            case FORMAT_NDJSON -> "NDJSON";
            case FORMAT_ARRAY -> "array";
            case FORMAT_CONCATENATED -> "concatenated values";
            case FORMAT_DOCUMENT -> "document";
            case FORMAT_UNSPECIFIED, UNRECOGNIZED -> "unknown format";
        };
    }

    private void addCounts() throws IOException {
        Counts counts = result.getCounts();
        line("");
        count("records", counts.getRecords());
        count("valid", counts.getValid());
        count("invalid", counts.getInvalid());
        count("  malformed", counts.getMalformed());
        count("  oversize", counts.getOversize());
        if (counts.getSchemaInvalid() > 0) {
            count("  by schema", counts.getSchemaInvalid());
        }
        count("violations", counts.getViolations());
        if (result.getFormat() == Format.FORMAT_NDJSON) {
            count("blank lines", counts.getBlankLines());
        }
    }

    private void count(String what, long value) throws IOException {
        line(Columns.padRight(what, 14) + Columns.padLeft(Figures.grouped(value), 16));
    }

    private void addGroups() throws IOException {
        if (result.getGroupsCount() == 0) {
            return;
        }
        int codeWidth = MIN_CODE_WIDTH;
        int pathWidth = MIN_PATH_WIDTH;
        long total = 0;
        boolean bySchema = false;
        for (ViolationGroup group : result.getGroupsList()) {
            codeWidth = Math.max(codeWidth, Columns.of(kind(group)));
            pathWidth = Math.max(pathWidth, Columns.of(path(group)));
            total += group.getCount();
            bySchema |= !group.getSchemaPointer().isEmpty();
        }
        line("");
        line(Columns.padLeft("count", 14) + "  " + Columns.padRight("code", codeWidth) + "  "
                + Columns.padRight("path", pathWidth) + "  first record" + (bySchema ? "  in the schema" : ""));
        for (ViolationGroup group : result.getGroupsList()) {
            line(Columns.padLeft(Figures.grouped(group.getCount()), 14) + "  "
                    + Columns.padRight(kind(group), codeWidth) + "  " + Columns.padRight(path(group), pathWidth)
                    + "  " + Columns.padRight(Figures.grouped(group.getFirstRecord()), FIRST_RECORD_WIDTH)
                    + "  " + shortened(group.getSchemaPointer(), MAX_PATH_WIDTH));
        }
        line(Columns.padLeft(Figures.grouped(total), 14) + "  in all");
    }

    /** The code, and where it is SCHEMA the keyword. */
    private static String kind(ViolationGroup group) {
        String keyword = shortened(group.getKeyword(), MAX_KEYWORD_WIDTH);
        return code(group.getCode()) + (keyword.isEmpty() ? "" : " " + keyword);
    }

    private void addViolations() throws IOException {
        if (result.getViolationsCount() > 0) {
            line("");
        }
        for (Violation violation : result.getViolationsList()) {
            String pointer = violation.getInstancePointer();
            String source = violation.getSource().isEmpty() ? name : VisibleText.of(violation.getSource());
            line(source + ":" + violation.getLine() + " (byte " + violation.getErrorOffset() + ")"
                    + (pointer.isEmpty() ? "" : " " + shortened(pointer, MAX_POINTER_WIDTH)) + "  "
                    + code(violation.getCode()) + " "
                    + (violation.getKeyword().isEmpty() ? "" : VisibleText.of(violation.getKeyword()) + ": ")
                    + VisibleText.of(violation.getMessage()));
            out.append(Excerpt.of(violation, maxPreviewBytes(), "    "));
        }
        long hidden = result.getCounts().getViolations() - result.getViolationsCount();
        if (hidden > 0) {
            line("");
            line(Figures.grouped(hidden) + " more not shown: raise --max-violations or --max-per-group to see them");
        }
    }

    private int maxPreviewBytes() {
        return result.getProvenance().getLimits().getMaxPreviewBytes();
    }

    private static String path(ViolationGroup group) {
        return group.getPath().isEmpty() ? "(the record)" : shortened(group.getPath(), MAX_PATH_WIDTH);
    }

    private static String shortened(String pointer, int width) {
        return Excerpt.middleCut(VisibleText.of(pointer), width);
    }

    private static String code(ViolationCode code) {
        return code.name().replace("VIOLATION_CODE_", "");
    }

    private void line(String line) throws IOException {
        out.append(line.stripTrailing()).append('\n');
    }
}
