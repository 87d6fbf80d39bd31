package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The engine beside simdjson, which is in C++ and not on every machine. */
final class SimdjsonRows {
    private static final String NAME = "NDJSON, 1 thread, against simdjson parse_many";
    private static final double BAR = 1;
    private static final double MEAN_BAR = 1.1;

    private final Options options;
    private final Speeds speeds;

    SimdjsonRows(Options options, Turns turns) {
        this.options = options;
        this.speeds = new Speeds(turns);
    }

    /** Why it cannot be measured, if so. */
    static Optional<String> lack(Options options) {
        return Files.exists(program(options))
                ? Optional.empty()
                : Optional.of("needs g++ and simdjson: apt-get install g++ libsimdjson-dev");
    }

    List<Result> measure() throws Exception {
        List<Result> results = new ArrayList<>();
        for (DataSet set : DataSet.USUAL) {
            Path file = options.data(set, ".ndjson");
            List<Figures> rates = speeds.agreeing(
                    set.fileStem(), List.of(Work.onFile(options, "jassay-ndjson-1", file), simdjson(file)));
            results.add(Result.rates(NAME, set.fileStem(), rates.get(0), rates.get(1))
                    .atLeast(BAR));
        }
        results.add(Result.geometricMean(NAME, results).atLeast(MEAN_BAR));
        return results;
    }

    private Work simdjson(Path file) throws Exception {
        List<String> command = List.of(program(options).toString(), file.toString());
        return new Work("simdjson", command, Map.of(), Files.size(file));
    }

    private static Path program(Options options) {
        return options.folder().resolve("simdjson");
    }
}
