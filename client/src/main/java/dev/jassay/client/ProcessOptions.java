package dev.jassay.client;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * How one stream is sent. Immutable.
 *
 * @param chunkBytes the most that goes into one message: 1 to {@value #MAX_CHUNK_BYTES}
 * @param deadline how long the call may take in all, from its start; without one it may take for ever
 * @param progress told the bytes sent so far after each message, on the thread that sends and never twice at once; what it throws
 *     ends the call
 */
public record ProcessOptions(int chunkBytes, Optional<Duration> deadline, LongConsumer progress) {
    /** Large enough that the cost of a message is small beside that of its bytes, small enough to stay in a processor's cache. */
    public static final int DEFAULT_CHUNK_BYTES = 256 << 10;

    /** The largest chunk that every server takes. */
    public static final int MAX_CHUNK_BYTES = 4 << 20;

    private static final ProcessOptions DEFAULTS =
            new ProcessOptions(DEFAULT_CHUNK_BYTES, Optional.empty(), bytesSent -> {});

    /** @throws IllegalArgumentException if a chunk is empty or too large, or the deadline is not in the future */
    public ProcessOptions {
        if (chunkBytes < 1 || chunkBytes > MAX_CHUNK_BYTES) {
            throw new IllegalArgumentException("a chunk of " + chunkBytes + " bytes: choose 1 to " + MAX_CHUNK_BYTES);
        }
        if (deadline.isPresent() && !deadline.get().isPositive()) {
            throw new IllegalArgumentException("a deadline of " + deadline.get() + ": choose one above zero");
        }
    }

    /** Chunks of {@value #DEFAULT_CHUNK_BYTES} bytes, no deadline, nobody told. */
    public static ProcessOptions defaults() {
        return DEFAULTS;
    }

    /** The same, but for the bytes of a chunk. */
    public ProcessOptions withChunkBytes(int bytes) {
        return new ProcessOptions(bytes, deadline, progress);
    }

    /** The same, but for how long the call may take. */
    public ProcessOptions withDeadline(Duration afterStart) {
        return new ProcessOptions(chunkBytes, Optional.of(afterStart), progress);
    }

    /** The same, but for who is told. */
    public ProcessOptions withProgress(LongConsumer bytesSent) {
        return new ProcessOptions(chunkBytes, deadline, bytesSent);
    }
}
