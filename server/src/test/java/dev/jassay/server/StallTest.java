package dev.jassay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that neither send nor read. The clock is the test's. */
final class StallTest {
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration ALMOST = IDLE.minusNanos(1);

    private static final byte[] RECORD = "1\n".getBytes(UTF_8);

    private Rig rig;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        rig = Rig.start(options -> options.withIdle(IDLE));
        channel = rig.newChannel();
    }

    @AfterEach
    void stop() {
        rig.awaitBaseline();
        rig.close();
    }

    @Test
    void call_nothingEverSent_isAborted() {
        TestCall call = TestCall.start(channel);
        awaitOpen(1);
        rig.pass(IDLE);
        RefusalTest.assertRefused(call.failure(), Status.Code.ABORTED, "CLIENT_STALLED");
    }

    @Test
    void call_nothingSentSinceAChunk_isAborted() {
        TestCall call = TestCall.start(channel).chunk("1\n");
        awaitSessions(1);
        rig.pass(ALMOST);
        assertThat(call.ended()).isFalse();
        rig.pass(IDLE);
        RefusalTest.assertRefused(call.failure(), Status.Code.ABORTED, "CLIENT_STALLED");
    }

    @Test
    void call_somethingSentWithinTheTime_goesOn() {
        TestCall call = TestCall.start(channel).chunk("1\n");
        awaitSessions(1);
        for (int i = 0; i < 5; i++) {
            rig.pass(ALMOST);
            long before = received();
            call.chunk("1\n");
            Rig.await("the chunk is there", () -> received() > before);
        }
        assertThat(call.halfClose().result().getCounts().getRecords()).isEqualTo(6);
    }

    @Test
    void call_partsOfAMessageSentWithinTheTime_goesOn() throws IOException {
        try (RawConnection connection = new RawConnection(rig.address(), 65_535)) {
            connection.begin(1);
            awaitOpen(1);
            byte[] message = RawConnection.message(RECORD);
            for (int i = 0; i < message.length; i++) {
                long before = received();
                int flags = i == message.length - 1 ? RawConnection.END_STREAM : 0;
                connection.send(RawConnection.DATA, flags, 1, new byte[] {message[i]});
                if (i > 4 && flags == 0) {
                    Rig.await("the byte is there", () -> received() > before);
                    rig.pass(ALMOST);
                }
            }
            connection.await(frame -> frame.stream() == 1 && frame.type() == RawConnection.DATA);
        }
    }

    @Test
    void result_neverRead_isDropped() throws IOException {
        try (RawConnection connection = new RawConnection(rig.address(), 0)) {
            connection.begin(1);
            connection.send(RawConnection.DATA, RawConnection.END_STREAM, 1, RawConnection.message(RECORD));
            connection.await(frame -> frame.type() == RawConnection.HEADERS);
            // It lies in the transport now, and waits for a window that never opens.
            Rig.await("the result is out", () -> rig.engine.usage().sessions() == 0);
            rig.pass(ALMOST);
            assertThat(rig.server.openCalls().list()).hasSize(1);
            assertThat(rig.server.transport().bufferBytes()).isPositive();
            assertThat(rig.engine.usage().memoryReserved()).isPositive();
            rig.pass(IDLE);
            rig.pass(IDLE);
            connection.await(frame -> frame.type() == RawConnection.RST_STREAM && frame.stream() == 1);
            rig.awaitBaseline();
        }
    }

    @Test
    void result_readByteByByteWithinTheTime_isDelivered() throws IOException {
        try (RawConnection connection = new RawConnection(rig.address(), 0)) {
            connection.begin(1);
            connection.send(RawConnection.DATA, RawConnection.END_STREAM, 1, RawConnection.message(RECORD));
            connection.await(frame -> frame.type() == RawConnection.HEADERS);
            for (int i = 0; i < 5; i++) {
                rig.pass(ALMOST);
                connection.openWindow(1, 1);
                connection.await(frame -> frame.type() == RawConnection.DATA && frame.length() == 1);
            }
            rig.pass(ALMOST);
            connection.openWindow(1, 65_535);
            connection.await(frame -> frame.type() == RawConnection.HEADERS && frame.flags() == 5);
        }
    }

    private long received() {
        return rig.server.openCalls().list().getFirst().receivedBytes();
    }

    private void awaitOpen(int calls) {
        Rig.await("calls are open", () -> rig.server.openCalls().list().size() == calls);
    }

    private void awaitSessions(int sessions) {
        Rig.await(
                "sessions are open, and wait for more",
                () -> rig.engine.usage().sessions() == sessions
                        && rig.server.openCalls().list().stream().noneMatch(OpenCall::busy));
    }
}
