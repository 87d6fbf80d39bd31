package dev.jassay.bench;

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

    private final Options options;
    private final Speeds speeds;

    ProfileRows(Options options, Turns turns) {
        this.options = options;
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
        return results;
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
        String script = options.home().resolve("rust/peers/duckdb/summarize.py").toString();
        List<String> command = List.of(python().toString(), script, file.toString());
        return new Work("duckdb", command, Map.of(), Files.size(file));
    }
}
