package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.util.ArrayList;
import java.util.List;

/** Long streams over gRPC, beside a server that discards them, and beside a plain connection. */
final class StreamRows {
    private static final long BYTES = 1_000_000_000;
    /** Below this share of a plain connection, something else than the server was the bottleneck. */
    private static final double COUNTS_FROM = 0.4;

    private enum Chunks {
        SMALL("256 KiB", 256 << 10),
        LARGE("1 MiB", 1 << 20);

        private final String text;
        private final int bytes;

        Chunks(String text, int bytes) {
            this.text = text;
            this.bytes = bytes;
        }
    }

    private final Options options;
    private final Turns turns;
    private final Servers servers;

    StreamRows(Options options, Turns turns, Servers servers) {
        this.options = options;
        this.turns = turns;
        this.servers = servers;
    }

    List<Result> measure() throws Exception {
        List<Result> results = new ArrayList<>();
        for (DataSet set : DataSet.values()) {
            for (Chunks chunks : Chunks.values()) {
                results.addAll(measure(set, chunks));
            }
        }
        return results;
    }

    private List<Result> measure(DataSet set, Chunks size) throws Exception {
        PreparedStream stream = PreparedStream.ofFile(options.data(set, "ndjson"), size.bytes);
        long passes = stream.passesFor(options.scaled(BYTES));
        String chunks = size.text + " chunks";
        String data = set.fileStem();
        try (LoadClient jassay = servers.jassayClient();
                LoadClient discarding = servers.discardingClient()) {
            List<Figures> rates = turns.take(
                    data + " over gRPC, " + chunks,
                    List.of(
                            () -> jassay.streamRate(stream, passes),
                            () -> discarding.streamRate(stream, passes),
                            () -> TcpCopy.rate(servers.tcpPort(), stream, passes)));
            Result reference = Result.pair(
                    "discarding server, " + chunks + ", against plain TCP",
                    data,
                    rates.get(1).median(),
                    rates.get(2).median(),
                    "GB/s");
            Result row = Result.pair(
                    "over gRPC, " + chunks + ", against discarding",
                    data,
                    rates.get(0).median(),
                    rates.get(1).median(),
                    "GB/s");
            boolean counts = reference.ratio() >= COUNTS_FROM;
            return List.of(row.noting(counts ? "" : "does not count: discarding is below 0.4 of TCP"), reference);
        }
    }
}
