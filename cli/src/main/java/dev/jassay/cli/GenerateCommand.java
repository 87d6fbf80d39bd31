package dev.jassay.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes sample data. */
@Command(
        name = "generate",
        description = {
            "Write made-up orders, some of them faulty. The same flags write the same bytes, always.",
            "",
            "Faults are of every kind that a record can have, too long ones excepted, as far as the format survives them: one that"
                    + " unbalances quotes or brackets, or splits a record in two, would hide where the next record begins. In ndjson"
                    + " every kind is made; in an array and in concatenated values the unbalanced ones are left out, in concatenated"
                    + " values those too that would split a record; only an array has empty elements; a document is one record and has"
                    + " no faults."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:written, or whoever read the output has read enough",
            "2:wrong usage or output file",
            "5:the output cannot be written",
            "130:interrupted"
        })
final class GenerateCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Option(names = "--records", required = true, paramLabel = "N", description = "How many orders.")
    private long records;

    @Option(
            names = "--faults",
            paramLabel = "PERMILLE",
            description = "Of 1,000 records so many are faulty, exactly and evenly spread: 0 to 1000. Default: 0.")
    private int faults;

    @Option(names = "--seed", paramLabel = "S", description = "Another seed makes other orders. Default: 1.")
    private long seed = 1;

    @Option(names = "--format", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}. Default: ndjson.")
    private SampleFormat format = SampleFormat.NDJSON;

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description = "Write there; the file is written whole or not at all. Default: standard output.")
    private Optional<Path> outputFile = Optional.empty();

    GenerateCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        Sample sample = sample();
        try (ResultOutput output = ResultOutput.open(outputFile, List.of(), streams)) {
            output.write(out -> {
                Sample.Summary summary = sample.writeTo(out);
                outputFile.ifPresent(file -> streams.err().println(describe(summary, file)));
            });
        }
        return ExitCode.PASS;
    }

    private Sample sample() {
        try {
            return new Sample(records, faults, seed, format);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static String describe(Sample.Summary summary, Path file) {
        String kinds = summary.faults().entrySet().stream()
                .map(entry ->
                        entry.getKey().name().replace("VIOLATION_CODE_", "") + " " + Figures.grouped(entry.getValue()))
                .collect(Collectors.joining(", ", ": ", ""));
        return VisibleText.of(file.toString()) + ": " + Figures.bytes((double) summary.bytes()) + ", "
                + Figures.count(summary.records(), "record") + ", " + Figures.grouped(summary.faulty()) + " faulty"
                + (summary.faults().isEmpty() ? "" : kinds);
    }
}
