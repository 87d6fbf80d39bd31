package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Long streams that are watched while they are judged, with progress and every violation, beside the same that are not. */
final class LiveRows {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long BYTES = 1_000_000_000;
    private static final double BAR = 0.9;
    /** Of the orders with a fault in every tenth record, one part; of those without, the others. */
    private static final int PARTS = 10;

    private final Options options;
    private final Turns turns;
    private final Servers servers;

    LiveRows(Options options, Turns turns, Servers servers) {
        this.options = options;
        this.turns = turns;
        this.servers = servers;
    }

    List<Result> measure() throws Exception {
        PreparedStream sound = PreparedStream.ofFile(options.data(DataSet.ORDERS, ".ndjson"), CHUNK_BYTES);
        PreparedStream faulty = PreparedStream.ofFile(options.data(DataSet.ORDERS, "-faulty.ndjson"), CHUNK_BYTES);
        List<PreparedStream> few = new ArrayList<>(Collections.nCopies(PARTS - 1, sound));
        few.add(faulty);
        return List.of(
                measure("no faults", sound).atLeast(BAR),
                measure("a fault in every hundredth record", PreparedStream.joined(few))
                        .atLeast(BAR),
                measure("a fault in every tenth record", faulty));
    }

    private Result measure(String faults, PreparedStream stream) throws Exception {
        long passes = stream.passesFor(options.scaled(BYTES));
        try (LoadClient client = servers.jassayClient()) {
            List<Figures> rates = turns.take(
                    "ProcessLive and Process, " + faults,
                    List.of(
                            () -> rate(client.openLive(stream), stream, passes),
                            () -> rate(client.open(stream), stream, passes)));
            return Result.rates(
                    "ProcessLive with progress and violations, " + faults + ", against Process",
                    "orders",
                    rates.get(0),
                    rates.get(1));
        }
    }

    private static double rate(StreamCall<?> call, PreparedStream stream, long passes) throws Exception {
        long began = System.nanoTime();
        ProcessResult result = call.send(stream, passes).get();
        long nanos = System.nanoTime() - began;
        if (result.getCounts().getBytes() != passes * stream.payloadBytes()) {
            throw new IllegalStateException("the server answered " + result);
        }
        return (double) passes * stream.payloadBytes() / nanos;
    }

    /** Orders with a fault in every hundredth record, on average. Makes the file anew. */
    static Path fewFaults(Options options) throws IOException {
        Path file = options.data(DataSet.ORDERS, "-few-faults.ndjson");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int part = 1; part < PARTS; part++) {
                Files.copy(options.data(DataSet.ORDERS, ".ndjson"), out);
            }
            Files.copy(options.data(DataSet.ORDERS, "-faulty.ndjson"), out);
        }
        return file;
    }
}
