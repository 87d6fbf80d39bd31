package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.util.List;
import java.util.Map;

/** The most memory that a server has while a long stream passes, beside a shorter one. */
final class MemoryRows {
    private static final int CHUNK_BYTES = 256 << 10;
    private static final long SHORT_BYTES = 1L << 30;
    private static final long LONG_BYTES = 10 * SHORT_BYTES;
    private static final double GROWTH_BAR = 1.1;
    private static final double PEAK_BAR = 320;

    private final Options options;
    private final Turns turns;

    MemoryRows(Options options, Turns turns) {
        this.options = options;
        this.turns = turns;
    }

    List<Result> measure() throws Exception {
        PreparedStream stream = PreparedStream.ofFile(options.data(DataSet.ORDERS, ".ndjson"), CHUNK_BYTES);
        List<Figures> peaks = turns.takeCold(
                "peak memory of the server, 10 GiB and 1 GiB",
                List.of(() -> peakOfFreshServer(stream, LONG_BYTES), () -> peakOfFreshServer(stream, SHORT_BYTES)));
        Figures longPeaks = peaks.get(0);
        return List.of(
                Result.pair(
                                "peak RSS of the server, 10 GiB against 1 GiB",
                                "orders",
                                longPeaks.median(),
                                peaks.get(1).median(),
                                "MiB")
                        .atMost(GROWTH_BAR),
                Result.absolute("peak RSS of the server, 10 GiB", "orders", longPeaks.largest(), "MiB")
                        .atMost(PEAK_BAR)
                        .noting("the largest of all rounds"));
    }

    private double peakOfFreshServer(PreparedStream stream, long bytes) throws Exception {
        try (ServerProcess server = ServerProcess.jassay(options, Map.of());
                LoadClient client = new LoadClient(server.port(), Service.JASSAY)) {
            client.streamRate(stream, stream.passesFor(options.scaled(bytes)));
            return server.peakMebibytes();
        }
    }
}
