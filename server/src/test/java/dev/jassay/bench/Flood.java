package dev.jassay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends long streams at once, each over a connection of its own, until standard input ends.
 *
 * <p>Its arguments are the port, the file, how many streams, and the bytes of each. It says {@code flowing} once every stream flows. A
 * stream that ends by itself ends the process with 1: then the load was not what it should have been.
 */
final class Flood {
    private static final int CHUNK_BYTES = 256 << 10;
    private static final long FLOWING_BYTES = 16L * CHUNK_BYTES;
    private static final Duration POLL = Duration.ofMillis(1);

    private Flood() {}

    public static void main(String... arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        PreparedStream stream = PreparedStream.ofFile(Path.of(arguments[1]), CHUNK_BYTES);
        long passes = stream.passesFor(Long.parseLong(arguments[3]));
        List<StreamCall<?>> calls = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            StreamCall<?> call = new LoadClient(port, Service.JASSAY).open(stream);
            calls.add(call);
            Thread.ofPlatform().daemon().start(() -> send(call, stream, passes));
        }
        while (calls.stream().anyMatch(call -> call.sent() < FLOWING_BYTES)) {
            LockSupport.parkNanos(POLL.toNanos());
        }
        System.out.println("flowing");
        while (System.in.read() >= 0) {}
        Runtime.getRuntime().halt(0);
    }

    private static void send(StreamCall<?> call, PreparedStream stream, long passes) {
        try {
            System.err.println(
                    "a stream of the load ended: " + call.send(stream, passes).get());
        } catch (InterruptedException | ExecutionException e) {
            System.err.println("a stream of the load broke: " + e);
        }
        Runtime.getRuntime().halt(1);
    }
}
