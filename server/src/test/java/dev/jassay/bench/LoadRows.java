package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import dev.jassay.bench.Turns.Subject;
import java.time.Duration;
import java.util.List;

/** What others notice while long streams are judged. The streams are cut when enough has been measured. */
final class LoadRows {
    private static final int STREAMS = 4;
    private static final long STREAM_BYTES = 10L << 30;
    private static final int HEALTH_CHECKS = 500;
    private static final Duration HEALTH_PAUSE = Duration.ofMillis(2);
    private static final Duration REQUESTS_DURATION = Duration.ofSeconds(4);
    private static final double HEALTH_BAR_MILLIS = 50;
    private static final double REQUESTS_BAR = 0.3;

    private final Options options;
    private final Turns turns;
    private final Servers servers;

    LoadRows(Options options, Turns turns, Servers servers) {
        this.options = options;
        this.turns = turns;
        this.servers = servers;
    }

    List<Result> measure() throws Exception {
        List<PreparedStream> requests = RequestRow.requests(options);
        Duration duration = options.scaled(REQUESTS_DURATION);
        int checks = (int) Math.max(50, options.scaled(HEALTH_CHECKS));
        try (LoadClient client = servers.jassayClient()) {
            Subject rate = () -> client.requestRate(requests, duration);
            Subject health = () -> client.healthLatencies(checks, HEALTH_PAUSE).quantile(0.99);
            List<Figures> figures = turns.take(
                    "a server at rest, and while 4 streams run", List.of(rate, flooded(rate), flooded(health)));
            String note = "4 streams of 10 GiB, cut when enough was measured";
            return List.of(
                    Result.absolute(
                                    "health check while 4 streams run, p99",
                                    "orders",
                                    figures.get(2).median(),
                                    "ms")
                            .atMost(HEALTH_BAR_MILLIS)
                            .noting(note),
                    Result.pair(
                                    "requests of 100 records while 4 streams run, against idle",
                                    "orders",
                                    figures.get(1).median(),
                                    figures.get(0).median(),
                                    "requests/s")
                            .atLeast(REQUESTS_BAR)
                            .noting(note));
        }
    }

    private Subject flooded(Subject subject) {
        return () -> {
            try (FloodProcess _ = new FloodProcess(
                    servers.jassay().port(), options.data(DataSet.ORDERS, ".ndjson"), STREAMS, STREAM_BYTES)) {
                return subject.measure();
            }
        };
    }
}
