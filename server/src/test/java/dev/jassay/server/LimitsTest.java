package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineOptions;
import dev.jassay.v1.ProcessConfig;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of a connection, each at its edge. */
final class LimitsTest {
    private static final int WINDOW = 65_535;

    @Test
    void connections_beyondTheLimit_areClosedUntilAnotherEnds() {
        try (Rig rig = Rig.start(options -> options.withMaxConnections(2))) {
            ManagedChannel first = rig.newChannel();
            assertServes(first);
            assertServes(rig.newChannel());
            assertThat(TestCall.start(rig.newChannel()).halfClose().status().getCode())
                    .isEqualTo(Status.Code.UNAVAILABLE);
            first.shutdownNow();
            Rig.await(
                    "a place is free",
                    () -> rig.server.transport().connections().open() == 1);
            assertServes(rig.newChannel());
        }
    }

    @Test
    void calls_beyondThoseOfAConnection_areRefused() throws IOException {
        try (Rig rig = Rig.startWithMemory(1L << 30);
                RawConnection connection = new RawConnection(rig.address(), WINDOW)) {
            int first = 1;
            int firstTooMany = 2 * Transport.MAX_CALLS_A_CONNECTION + 1;
            for (int stream = first; stream <= firstTooMany; stream += 2) {
                connection.begin(stream);
            }
            RawConnection.Frame refusal = connection.await(frame -> frame.type() == RawConnection.RST_STREAM);
            assertThat(refusal.stream()).isEqualTo(firstTooMany);
            Rig.await(
                    "the others are open",
                    () -> rig.server.openCalls().list().size() == Transport.MAX_CALLS_A_CONNECTION);
        }
    }

    @Test
    void streams_beyondThoseOfTheServer_areRefused() {
        try (Rig rig = Rig.startWithMemory(8L << 30)) {
            List<TestCall> calls = new ArrayList<>();
            for (ManagedChannel channel : List.of(rig.newChannel(), rig.newChannel(), rig.newChannel())) {
                for (int i = 0; i < 86 && calls.size() < JassayServer.MAX_STREAMS; i++) {
                    calls.add(TestCall.start(channel));
                }
            }
            Rig.await("all are open", () -> rig.server.openCalls().list().size() == JassayServer.MAX_STREAMS);
            TestCall.Failure failure = TestCall.start(rig.newChannel()).failure();
            RefusalTest.assertRefused(failure, Status.Code.RESOURCE_EXHAUSTED, "ADMISSION_LIMIT");
            calls.forEach(TestCall::halfClose);
            calls.forEach(call -> assertThat(call.status().isOk()).isTrue());
            rig.awaitBaseline();
        }
    }

    @Test
    void memory_leastThatIsAllowed_isEnoughForACall() {
        try (Rig rig = Rig.startWithMemory(ServerOptions.defaults().leastMemoryBytes(Rig.ENGINE_THREADS))) {
            assertServes(rig.newChannel());
            rig.awaitBaseline();
        }
    }

    @Test
    void memory_belowTheLeast_isRefused() {
        ServerOptions options = Rig.options();
        try (Engine engine =
                Engine.open(EngineOptions.of(Rig.ENGINE_THREADS, options.leastMemoryBytes(Rig.ENGINE_THREADS) - 1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JassayServer.start(engine, options))
                    .withMessageContaining(Long.toString(options.leastMemoryBytes(Rig.ENGINE_THREADS)));
        }
    }

    @Test
    void resets_asManyAsAllowed_areTaken() throws IOException {
        try (Rig rig = Rig.start();
                RawConnection connection = new RawConnection(rig.address(), WINDOW)) {
            int stream = reset(connection, 1, Transport.MAX_RESETS);
            connection.begin(stream);
            connection.send(RawConnection.DATA, RawConnection.END_STREAM, stream, new byte[0]);
            connection.await(frame -> frame.type() == RawConnection.DATA && frame.stream() == stream);
            rig.awaitBaseline();
        }
    }

    @Test
    void resets_moreThanAllowed_endTheConnectionOnly() throws IOException {
        try (Rig rig = Rig.start();
                RawConnection connection = new RawConnection(rig.address(), WINDOW)) {
            reset(connection, 1, Transport.MAX_RESETS + 1);
            connection.await(frame -> frame.type() == RawConnection.GOAWAY);
            assertServes(rig.newChannel());
            Rig.await(
                    "the connection is closed",
                    () -> rig.server.transport().connections().open() == 1);
            rig.awaitBaseline();
        }
    }

    @Test
    void connection_withoutACallForTheIdleTime_isEnded() throws IOException {
        try (Rig rig = Rig.start(options -> options.withIdle(Duration.ofSeconds(1)));
                RawConnection connection = new RawConnection(rig.address(), WINDOW)) {
            connection.await(frame -> frame.type() == RawConnection.GOAWAY);
        }
    }

    @Test
    void pings_moreOftenThanPermitted_endTheConnection() throws IOException {
        try (Rig rig = Rig.start();
                RawConnection connection = new RawConnection(rig.address(), WINDOW)) {
            for (int i = 0; i < 10; i++) {
                connection.send(RawConnection.PING, 0, 0, new byte[8]);
            }
            connection.await(frame -> frame.type() == RawConnection.GOAWAY);
            assertServes(rig.newChannel());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Transport.MAX_METADATA_BYTES - 1, Transport.MAX_METADATA_BYTES})
    void metadata_upToItsBound_isTaken(int bytes) throws IOException {
        try (Rig rig = Rig.start();
                RawConnection connection = new RawConnection(rig.address(), WINDOW)) {
            connection.begin(1, padding(bytes));
            connection.send(RawConnection.DATA, RawConnection.END_STREAM, 1, new byte[0]);
            connection.await(frame -> frame.type() == RawConnection.DATA && frame.stream() == 1);
        }
    }

    @Test
    void metadata_beyondItsBound_isRefused() throws IOException {
        try (Rig rig = Rig.start();
                RawConnection connection = new RawConnection(rig.address(), WINDOW)) {
            connection.begin(1, padding(Transport.MAX_METADATA_BYTES + 1));
            connection.await(frame -> frame.type() == RawConnection.RST_STREAM
                    || frame.type() == RawConnection.GOAWAY
                    || (frame.type() == RawConnection.HEADERS && frame.stream() == 1));
            assertThat(rig.server.openCalls().list()).isEmpty();
            assertServes(rig.newChannel());
        }
    }

    @Test
    void connection_thatSpeaksNoHttp2_isClosed() {
        try (Rig rig = Rig.start()) {
            assertThatThrownBy(() -> {
                        try (java.net.Socket socket = new java.net.Socket(
                                rig.address().getAddress(), rig.address().getPort())) {
                            socket.setSoTimeout((int) Rig.LIMIT.toMillis());
                            socket.getOutputStream()
                                    .write("GET / HTTP/1.1\r\n\r\n"
                                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                            while (socket.getInputStream().read() >= 0) {
                                // until it ends
                            }
                            throw new IOException("ended");
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertServes(rig.newChannel());
        }
    }

    /** Begins and resets streams; returns the next one. */
    private static int reset(RawConnection connection, int first, int count) throws IOException {
        int stream = first;
        for (int i = 0; i < count; i++) {
            connection.begin(stream);
            connection.reset(stream);
            stream += 2;
        }
        return stream;
    }

    /** A header that makes those of a call as large as wanted; each counts 32 bytes beside its text. */
    private static byte[] padding(int wanted) {
        int rest = wanted - RawConnection.HEADER_LIST_BYTES - "x-padding".length() - 32;
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        RawConnection.header(block, "x-padding", "x".repeat(rest));
        return block.toByteArray();
    }

    private static void assertServes(ManagedChannel channel) {
        assertThat(TestCall.process(channel, ProcessConfig.getDefaultInstance(), "1\n")
                        .getCounts()
                        .getValid())
                .isEqualTo(1);
    }
}
