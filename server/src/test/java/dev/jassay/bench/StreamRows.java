package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Long streams over gRPC, beside a server that discards them, a plain connection, and the engine alone. */
final class StreamRows {
    private static final long BYTES = 1_000_000_000;
    private static final double CPU_BAR = 1.3;
    /** Below this share of a plain connection, something else than the server was the bottleneck. */
    private static final double COUNTS_FROM = 0.4;

    private enum Chunks {
        SMALL("256 KiB", 256 << 10, 0.55),
        LARGE("1 MiB", 1 << 20, 0.65);

        private final String text;
        private final int bytes;
        private final double bar;

        Chunks(String text, int bytes, double bar) {
            this.text = text;
            this.bytes = bytes;
            this.bar = bar;
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
        for (DataSet set : DataSet.USUAL) {
            for (Chunks chunks : Chunks.values()) {
                results.addAll(measure(set, chunks));
            }
        }
        return results;
    }

    private List<Result> measure(DataSet set, Chunks size) throws Exception {
        Path file = options.data(set, ".ndjson");
        PreparedStream stream = PreparedStream.ofFile(file, size.bytes);
        long passes = stream.passesFor(options.scaled(BYTES));
        String chunks = size.text + " chunks";
        String data = set.fileStem();
        try (LoadClient jassay = servers.jassayClient();
                LoadClient discarding = servers.discardingClient();
                SpeedProcess engine = new SpeedProcess(Work.onFile(options, engineOfAServer(), file))) {
            CpuMeter ours = new CpuMeter(servers.jassay().handle(), () -> jassay.streamRate(stream, passes));
            CpuMeter peer = new CpuMeter(servers.discarding().handle(), () -> discarding.streamRate(stream, passes));
            CpuMeter alone = new CpuMeter(engine.handle(), () -> nanos(engine, passes));
            List<Figures> rates = turns.take(
                    data + " over gRPC, " + chunks,
                    List.of(ours, peer, () -> TcpCopy.rate(servers.tcpPort(), stream, passes), alone));
            Result reference = Result.rates(
                    "discarding server, " + chunks + ", against plain TCP", data, rates.get(1), rates.get(2));
            Result row = Result.rates("over gRPC, " + chunks + ", against discarding", data, rates.get(0), rates.get(1))
                    .atLeast(size.bar);
            double bytes = (double) passes * stream.payloadBytes();
            Result cpu = Result.pair(
                            "CPU of the server less that of discarding, " + chunks + ", against the engine's",
                            data,
                            (ours.figures().median() - peer.figures().median()) / bytes,
                            alone.figures().median() / (SpeedProcess.PASSES * bytes),
                            "ns/B")
                    .atMost(CPU_BAR);
            boolean counts = reference.ratio() >= COUNTS_FROM;
            return List.of(row.noting(counts ? "" : "does not count: discarding is below 0.4 of TCP"), reference, cpu);
        }
    }

    /** With as many threads as a server has. */
    private static String engineOfAServer() {
        return "jassay-ndjson-" + Runtime.getRuntime().availableProcessors();
    }

    private static double nanos(SpeedProcess engine, long passes) throws IOException {
        double nanos = 0;
        for (long pass = 0; pass < passes; pass++) {
            nanos += engine.pass().nanos();
        }
        return nanos;
    }
}
