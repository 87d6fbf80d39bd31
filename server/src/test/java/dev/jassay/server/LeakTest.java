package dev.jassay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However a call ends, all that it held is given back. */
final class LeakTest {
    private static final byte[] CHUNK = "{\"a\":[1,2,3]}\n".repeat(5_000).getBytes(UTF_8);

    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.start();
    }

    @AfterEach
    void stop() {
        rig.awaitBaseline();
        rig.close();
    }

    @Test
    void calls_finished_leaveNothing() {
        ManagedChannel channel = rig.newChannel();
        for (int i = 0; i < 2_000; i++) {
            ProcessResult result = TestCall.process(channel, ProcessConfig.getDefaultInstance(), "1\n2\n");
            assertThat(result.getCounts().getValid()).isEqualTo(2);
        }
        rig.awaitBaseline();
        assertThat(rig.engine.slabs().allocated()).isLessThanOrEqualTo(2);
    }

    @Test
    void calls_cancelledAnywhere_leaveNothing() {
        Random random = new Random(1);
        // Fewer on a connection than the resets that it may send.
        for (int connection = 0; connection < 10; connection++) {
            ManagedChannel channel = rig.newChannel();
            List<TestCall> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                TestCall call = TestCall.start(channel);
                for (int chunks = random.nextInt(4); chunks > 0; chunks--) {
                    call.chunk(CHUNK);
                }
                calls.add(
                        random.nextBoolean() ? call.cancel() : call.halfClose().cancel());
            }
            calls.forEach(TestCall::status);
            channel.shutdownNow();
        }
    }

    @Test
    void calls_pastTheirDeadline_leaveNothing() {
        Random random = new Random(2);
        for (int connection = 0; connection < 10; connection++) {
            ManagedChannel channel = rig.newChannel();
            List<TestCall> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                CallOptions options =
                        CallOptions.DEFAULT.withDeadlineAfter(random.nextInt(1, 30), TimeUnit.MILLISECONDS);
                calls.add(TestCall.start(channel, options).chunk(CHUNK));
            }
            // None is half-closed, so each one ends by its deadline.
            calls.forEach(call -> assertThat(call.status().getCode())
                    .isIn(Status.Code.DEADLINE_EXCEEDED, Status.Code.RESOURCE_EXHAUSTED));
            channel.shutdownNow();
        }
    }

    @Test
    void connections_brokenAnywhere_leaveNothing() throws IOException {
        Random random = new Random(3);
        byte[] message = RawConnection.message(CHUNK);
        for (int i = 0; i < 500; i++) {
            try (RawConnection connection = new RawConnection(rig.address(), 65_535)) {
                connection.begin(1);
                connection.begin(3);
                int end = random.nextInt(message.length);
                for (int at = 0; at < end; at += 16_384) {
                    byte[] frame = java.util.Arrays.copyOfRange(message, at, Math.min(end, at + 16_384));
                    connection.send(RawConnection.DATA, 0, random.nextBoolean() ? 1 : 3, frame);
                }
            }
        }
    }

    @Test
    void calls_abandonedWithTheirChannel_leaveNothing() {
        for (int connection = 0; connection < 50; connection++) {
            ManagedChannel channel = rig.newChannel();
            for (int i = 0; i < 20; i++) {
                TestCall.start(channel).chunk(CHUNK).chunk(CHUNK);
            }
            channel.shutdownNow();
        }
    }

    @Test
    void calls_manyAtOnce_allEnd() {
        // More than a connection carries at once, and than the memory admits: the rest is refused.
        ManagedChannel first = rig.newChannel();
        ManagedChannel second = rig.newChannel();
        List<TestCall> calls = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            calls.add(TestCall.start(i % 2 == 0 ? first : second).chunk(CHUNK));
        }
        calls.forEach(TestCall::halfClose);
        long served = calls.stream()
                .filter(call -> call.status().isOk())
                .peek(call -> assertThat(call.result().getCounts().getValid()).isEqualTo(5_000))
                .count();
        assertThat(served).isPositive();
        assertThat(calls.stream()
                        .filter(call -> !call.status().isOk())
                        .map(TestCall::failure)
                        .map(TestCall.Failure::reason))
                .allMatch("ADMISSION_LIMIT"::equals);
    }
}
