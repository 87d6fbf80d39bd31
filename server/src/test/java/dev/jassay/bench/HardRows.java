package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The engine on data that are hard and valid, beside the fastest of the other parsers. */
final class HardRows {
    private final Options options;
    private final Speeds speeds;

    HardRows(Options options, Turns turns) {
        this.options = options;
        this.speeds = new Speeds(turns);
    }

    List<Result> measure() throws Exception {
        List<Result> results = new ArrayList<>();
        for (DataSet set : DataSet.HARD) {
            Path file = options.data(set, ".ndjson");
            List<Figures> rates = speeds.agreeing(
                    set.fileStem(),
                    List.of(
                            Work.onFile(options, "jassay-ndjson-1", file),
                            Work.onFile(options, "sonic-rs-ignored-1", file)));
            results.add(Result.rates(
                            "NDJSON, 1 thread, against sonic-rs IgnoredAny", set.fileStem(), rates.get(0), rates.get(1))
                    .atLeast(EngineRows.sonicBar(set)));
        }
        return results;
    }
}
