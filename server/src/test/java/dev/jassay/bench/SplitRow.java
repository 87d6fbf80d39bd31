package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command line that splits a file of 1 GB, beside checking and copying it. */
final class SplitRow {
    private static final long BYTES = 1_000_000_000;
    private static final double BAR = 1.3;
    /** Of a program that tells so that records are invalid. */
    private static final int MOST_EXIT_CODE = 1;

    private final Options options;
    private final Turns turns;

    SplitRow(Options options, Turns turns) {
        this.options = options;
        this.turns = turns;
    }

    List<Result> measure() throws Exception {
        Path input = longFile();
        String file = input.toString();
        String jassay = options.home().resolve("bin/jassay").toString();
        Path copy = input.resolveSibling("copy.ndjson");
        Path valid = input.resolveSibling("valid.ndjson");
        Path invalid = input.resolveSibling("invalid.ndjson");
        List<Figures> seconds = turns.take(
                "jassay split, and jassay check and cp",
                List.of(
                        () -> {
                            remove(valid, invalid);
                            return CheckRow.seconds(
                                    MOST_EXIT_CODE,
                                    jassay,
                                    "split",
                                    file,
                                    "--valid",
                                    valid.toString(),
                                    "--invalid",
                                    invalid.toString(),
                                    "--quiet");
                        },
                        () -> {
                            remove(copy);
                            return CheckRow.seconds(
                                            MOST_EXIT_CODE, jassay, "check", file, "--quiet", "--profile", "none")
                                    + CheckRow.seconds(0, "cp", file, copy.toString());
                        }));
        remove(copy, valid, invalid);
        return List.of(Result.pair(
                        "jassay split of a 1 GB file with a fault in every hundredth record, against jassay check and cp",
                        "orders",
                        seconds.get(0).median(),
                        seconds.get(1).median(),
                        "s")
                .atMost(BAR));
    }

    /** So that nobody's time is that of freeing an old file. */
    private static void remove(Path... files) throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    private Path longFile() throws IOException {
        Path part = LiveRows.fewFaults(options);
        Path file = options.data(DataSet.ORDERS, "-split.ndjson");
        long times = Math.ceilDiv(options.scaled(BYTES), Files.size(part));
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long time = 0; time < times; time++) {
                Files.copy(part, out);
            }
        }
        return file;
    }
}
