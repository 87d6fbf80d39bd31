package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.util.List;

/** The engine beside itself: what rules, formats and faults cost. One thread. */
final class VariantRows {
    private static final double KEYS_BAR = 0.85;
    private static final double ARRAY_BAR = 0.85;
    private static final double PRETTY_BAR = 1;
    private static final double FAULTS_BAR = 0.6;

    private final Options options;
    private final Speeds speeds;

    VariantRows(Options options, Turns turns) {
        this.options = options;
        this.speeds = new Speeds(turns);
    }

    List<Result> measure(DataSet set) throws Exception {
        String data = set.fileStem();
        List<Figures> rates = speeds.agreeing(
                data,
                List.of(
                        Work.onFile(options, "jassay-ndjson-1", options.data(set, ".ndjson")),
                        Work.onFile(options, "jassay-ndjson-1-allow", options.data(set, ".ndjson")),
                        Work.onFile(options, "jassay-array-1", options.data(set, ".json")),
                        Work.onFile(options, "jassay-concatenated-1", options.data(set, "-pretty.json"))));
        Figures lines = rates.get(0);
        return List.of(
                Result.rates("repeated keys found, against allowed", data, lines, rates.get(1))
                        .atLeast(KEYS_BAR),
                Result.rates("array against NDJSON", data, rates.get(2), lines).atLeast(ARRAY_BAR),
                Result.rates("pretty-printed concatenated against NDJSON", data, rates.get(3), lines)
                        .atLeast(PRETTY_BAR));
    }

    List<Result> measureFaults() throws Exception {
        List<Figures> rates = speeds.rates(
                "orders with and without faults",
                List.of(
                        Work.onFile(options, "jassay-ndjson-1", options.data(DataSet.ORDERS, "-faulty.ndjson")),
                        Work.onFile(options, "jassay-ndjson-1", options.data(DataSet.ORDERS, ".ndjson"))));
        return List.of(Result.rates("a fault in every tenth record, against none", "orders", rates.get(0), rates.get(1))
                .atLeast(FAULTS_BAR));
    }
}
