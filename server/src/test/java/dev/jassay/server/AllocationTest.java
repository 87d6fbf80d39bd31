package dev.jassay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.grpc.ManagedChannel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** That no chunk becomes a Java array on its way. */
final class AllocationTest {
    private static final int CHUNK_BYTES = 256 << 10;
    private static final int CHUNKS = 256;

    /** Ten times what it takes; an array a chunk would be 1. */
    private static final double BYTES_A_BYTE = 0.3;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void process_manyChunks_allocatesLittle() {
        try (Rig rig = Rig.start()) {
            ManagedChannel channel = rig.newChannel();
            stream(channel);
            long before = allocatedByTheServer();
            stream(channel);
            long allocated = allocatedByTheServer() - before;
            assertThat((double) allocated / ((long) CHUNKS * CHUNK_BYTES)).isBetween(0.0, BYTES_A_BYTE);
        }
    }

    private static void stream(ManagedChannel channel) {
        byte[] chunk = ("x".repeat(63) + "\n").repeat(CHUNK_BYTES / 64).getBytes(UTF_8);
        TestCall call = TestCall.start(channel);
        for (int i = 0; i < CHUNKS; i++) {
            call.chunk(chunk);
        }
        assertThat(call.halfClose().result().getCounts().getRecords()).isEqualTo((long) CHUNKS * CHUNK_BYTES / 64);
    }

    private static long allocatedByTheServer() {
        long[] server = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(Objects::nonNull)
                .filter(thread -> thread.getThreadName().startsWith("jassay-"))
                .mapToLong(ThreadInfo::getThreadId)
                .toArray();
        return Arrays.stream(THREADS.getThreadAllocatedBytes(server))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
