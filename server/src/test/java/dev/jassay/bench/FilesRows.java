package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.util.ArrayList;
import java.util.List;

/** The command line on many small files beside one file of the same bytes, from start to exit, with the profile as it is asked for by default. */
final class FilesRows {
    private static final double BAR = 2;

    private final Options options;
    private final Turns turns;

    FilesRows(Options options, Turns turns) {
        this.options = options;
        this.turns = turns;
    }

    List<Result> measure() throws Exception {
        List<Result> rows = new ArrayList<>();
        rows.add(measure("1000-of-1-MB", "1 MB", 1_000_000));
        rows.add(measure("1000-of-100-kB", "100 kB", 100_000));
        return rows;
    }

    private Result measure(String name, String size, long bytes) throws Exception {
        SmallFiles files = SmallFiles.make(options, name, options.scaled(bytes));
        List<Figures> seconds = turns.take(
                "jassay check of 1,000 files of " + size + ", and of one",
                List.of(
                        () -> check(files.folder().toString()),
                        () -> check(files.whole().toString())));
        return Result.pair(
                        "jassay check of 1,000 files of " + size + ", against one of the same bytes",
                        "orders",
                        seconds.get(0).median(),
                        seconds.get(1).median(),
                        "s")
                .atMost(BAR);
    }

    private double check(String input) throws Exception {
        return CheckRow.seconds(options.home().resolve("bin/jassay").toString(), "check", input);
    }
}
