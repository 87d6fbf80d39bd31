package dev.jassay.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ProcessorServiceGrpc;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client against a peer that takes no more than its flow-control window. */
@NullMarked
@Timeout(120)
final class BackPressureTest {
    private static final int WINDOW = 64 << 10;
    private static final int CHUNK = 256 << 10;

    @Test
    void sending_toWhoDoesNotRead_takesAFewChunksOfTheSource() throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .initialFlowControlWindow(WINDOW)
                .flowControlWindow(WINDOW)
                .addService(ServerServiceDefinition.builder(ProcessorServiceGrpc.SERVICE_NAME)
                        .addMethod(ServerMethodDefinition.create(
                                ProcessorServiceGrpc.getProcessMethod(),
                                (call, headers) -> new ServerCall.Listener<>() {})) // requests nothing
                        .build())
                .build()
                .start();
        Sources.Endless source = new Sources.Endless("{}");
        try (JassayClient client = JassayClient.connect("127.0.0.1:" + server.getPort())) {
            CompletableFuture<ProcessResult> result = client.processAsync(
                    ProcessConfig.getDefaultInstance(),
                    source,
                    ProcessOptions.defaults().withChunkBytes(CHUNK));
            awaitRest(source);

            // What the window took, two chunks on their way, and the one that was read.
            assertThat(source.taken.get()).isBetween((long) CHUNK, WINDOW + 3L * CHUNK);
            result.cancel(true);
        } finally {
            server.shutdownNow();
        }
    }

    /** Until nothing more has been taken for a second. */
    private static void awaitRest(Sources.Endless source) {
        long taken = -1;
        while (taken != source.taken.get() || taken == 0) {
            taken = source.taken.get();
            LockSupport.parkNanos(1_000_000_000);
        }
    }
}
