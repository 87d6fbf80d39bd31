package dev.jassay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jassay.bench.Turns.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The engine measuring all fields, beside parsers that keep nothing, the clear way to write it, and DuckDB. */
final class ProfileRows {
    private static final String AGAINST_SONIC = "profile, 1 thread, against sonic-rs IgnoredAny";
    private static final double SONIC_BAR = 0.45;
    private static final double THREADS_BAR = 1.6;
    private static final double CLEAR_BAR = 2.5;
    private static final double DUCKDB_BAR = 4;
    private static final double KEYS_BAR = 3;
    private static final double MEMORY_BAR = 1.2;
    private static final double MERGE_BAR = 5;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double KIBIBYTES_PER_MEBIBYTE = 1_024;

    private final Options options;
    private final Turns turns;
    private final Speeds speeds;

    ProfileRows(Options options, Turns turns) {
        this.options = options;
        this.turns = turns;
        this.speeds = new Speeds(turns);
    }

    List<Result> measure() throws Exception {
        List<Result> results = new ArrayList<>();
        List<Result> againstSonic = new ArrayList<>();
        for (DataSet set : DataSet.USUAL) {
            String data = set.fileStem();
            Path file = options.data(set, ".ndjson");
            List<Work> works = new ArrayList<>(List.of(
                    Work.onFile(options, "jassay-ndjson-1-profile", file),
                    Work.onFile(options, "jassay-ndjson-2-profile", file),
                    Work.onFile(options, "sonic-rs-ignored-1", file),
                    Work.onFile(options, "serde_json-profile-2", file)));
            if (Files.exists(python())) {
                works.add(duckdb(file));
            }
            List<Figures> rates = speeds.agreeing(data, works);
            againstSonic.add(Result.rates(AGAINST_SONIC, data, rates.get(0), rates.get(2)));
            results.add(Result.rates("profile, 2 threads against 1", data, rates.get(1), rates.get(0))
                    .atLeast(THREADS_BAR));
            results.add(Result.rates(
                            "profile, 2 threads, against trees and maps of serde_json",
                            data,
                            rates.get(1),
                            rates.get(3))
                    .atLeast(CLEAR_BAR));
            if (rates.size() > 4) {
                results.add(
                        Result.rates("profile, 2 threads, against DuckDB SUMMARIZE", data, rates.get(1), rates.get(4))
                                .atLeast(DUCKDB_BAR)
                                .noting("DuckDB sees top-level columns only"));
            }
        }
        results.addAll(againstSonic);
        results.add(Result.geometricMean(AGAINST_SONIC, againstSonic).atLeast(SONIC_BAR));
        results.add(keys());
        results.add(merge());
        if (Files.exists(python())) {
            results.add(memory());
        }
        return results;
    }

    /** Two states become the result of the whole. */
    private Result merge() throws Exception {
        Work work = Work.onFile(options, "jassay-merge", options.data(DataSet.ORDERS, ".ndjson"));
        try (SpeedProcess process = new SpeedProcess(work)) {
            List<Figures> millis = turns.take(
                    "merging two states", List.of(() -> process.pass().nanos() / NANOS_PER_MILLI));
            return Result.absolute(
                            "merging two states of 200 paths",
                            "orders, 11 a record",
                            millis.get(0).median(),
                            "ms")
                    .atMost(MERGE_BAR);
        }
    }

    /** The most memory that a process takes which profiles a file far larger than that. */
    private Result memory() throws Exception {
        String file = LongFile.make(options).toString();
        String jassay = options.home().resolve("bin/jassay").toString();
        String script = script("summarize.py");
        List<Figures> peaks = turns.takeCold(
                "peak memory of check and of DuckDB",
                List.of(
                        () -> peak(jassay, "check", file, "--no-progress"),
                        () -> peak(python().toString(), script, file)));
        return Result.pair(
                        "peak RSS of check of a 2 GB file, against DuckDB SUMMARIZE",
                        "orders",
                        peaks.get(0).median(),
                        peaks.get(1).median(),
                        "MiB")
                .atMost(MEMORY_BAR);
    }

    private double peak(String... command) throws IOException, InterruptedException {
        List<String> watched = new ArrayList<>(List.of(python().toString(), script("peak_memory.py")));
        watched.addAll(List.of(command));
        Process process = new ProcessBuilder(watched)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String kibibytes = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command[0] + " failed; standard error tells why");
        }
        return Long.parseLong(kibibytes.strip()) / KIBIBYTES_PER_MEBIBYTE;
    }

    private String script(String name) {
        return options.home().resolve("rust/peers/duckdb").resolve(name).toString();
    }

    /** What random keys cost: each is a path of its own. */
    private Result keys() throws Exception {
        List<Figures> rates = speeds.rates(
                "profile of random keys, and of orders",
                List.of(
                        Work.onFile(options, "jassay-ndjson-1-profile", options.data(DataSet.KEYS, ".ndjson")),
                        Work.onFile(options, "jassay-ndjson-1-profile", options.data(DataSet.ORDERS, ".ndjson"))));
        return Result.pair(
                        "profile of random keys, time of a byte against orders",
                        "keys",
                        1 / rates.get(0).median(),
                        1 / rates.get(1).median(),
                        "ns/B")
                .atMost(KEYS_BAR);
    }

    private Path python() {
        return options.folder().resolve("python/bin/python");
    }

    private Work duckdb(Path file) throws IOException {
        List<String> command = List.of(python().toString(), script("summarize.py"), file.toString());
        return new Work("duckdb", command, Map.of(), Files.size(file));
    }
}
