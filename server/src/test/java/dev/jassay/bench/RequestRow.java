package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Small requests, beside a server that only receives and answers. */
final class RequestRow {
    static final int RECORDS = 100;
    private static final int DIFFERENT_REQUESTS = 500;
    private static final Duration DURATION = Duration.ofSeconds(4);
    private static final double BAR = 0.6;

    private final Options options;
    private final Turns turns;
    private final Servers servers;

    RequestRow(Options options, Turns turns, Servers servers) {
        this.options = options;
        this.turns = turns;
        this.servers = servers;
    }

    static List<PreparedStream> requests(Options options) throws IOException {
        return PreparedStream.ofLines(options.data(DataSet.ORDERS, ".ndjson"), RECORDS, DIFFERENT_REQUESTS);
    }

    List<Result> measure() throws Exception {
        List<PreparedStream> requests = requests(options);
        Duration duration = options.scaled(DURATION);
        try (LoadClient jassay = servers.jassayClient();
                LoadClient discarding = servers.discardingClient()) {
            List<Figures> rates = turns.take(
                    "requests of 100 records",
                    List.of(
                            () -> jassay.requestRate(requests, duration),
                            () -> discarding.requestRate(requests, duration)));
            return List.of(Result.pair(
                            "requests of 100 records, 8 in flight, against discarding",
                            "orders",
                            rates.get(0).median(),
                            rates.get(1).median(),
                            "requests/s")
                    .atLeast(BAR));
        }
    }
}
