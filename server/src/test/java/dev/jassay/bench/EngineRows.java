package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.nio.file.Path;
import java.util.List;

/** The engine alone, through its Rust face, beside other parsers. */
final class EngineRows {
    private static final double ARRAY_BAR = 12;
    private static final double THREADS_BAR = 1.7;

    private final Options options;
    private final Speeds speeds;

    EngineRows(Options options, Turns turns) {
        this.options = options;
        this.speeds = new Speeds(turns);
    }

    List<Result> measure(DataSet set) throws Exception {
        String data = set.fileStem();
        Path arrayFile = options.data(set, ".json");
        List<Figures> array = speeds.agreeing(
                data,
                List.of(
                        Work.onFile(options, "jassay-array-2", arrayFile),
                        Work.onFile(options, "serde_json-tree-2", arrayFile)));
        Path linesFile = options.data(set, ".ndjson");
        List<Figures> lines = speeds.agreeing(
                data,
                List.of(
                        Work.onFile(options, "jassay-ndjson-2", linesFile),
                        Work.onFile(options, "jassay-ndjson-1", linesFile),
                        Work.onFile(options, "sonic-rs-ignored-1", linesFile),
                        Work.onFile(options, "simd-json-tape-1", linesFile)));
        Figures alone = lines.get(1);
        return List.of(
                Result.rates("array, 2 threads, against serde_json", data, array.get(0), array.get(1))
                        .atLeast(ARRAY_BAR),
                Result.rates("NDJSON, 2 threads against 1", data, lines.get(0), alone)
                        .atLeast(THREADS_BAR),
                Result.rates("NDJSON, 1 thread, against sonic-rs IgnoredAny", data, alone, lines.get(2))
                        .atLeast(sonicBar(set)),
                Result.rates("NDJSON, 1 thread, against simd-json tape", data, alone, lines.get(3)));
    }

    /** How much faster than sonic-rs the engine should be; on data that are hard it may be slower. */
    static double sonicBar(DataSet set) {
        return switch (set) {
            case ORDERS -> 1.8;
            case EVENTS -> 1.2;
            case POSTS -> 1.35;
            case NUMBERS, SHORT, ESCAPES, DEEP, KEYS -> 0.7;
        };
    }
}
