package dev.jassay.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineOptions;
import dev.jassay.server.JassayServer;
import dev.jassay.server.ListenException;
import dev.jassay.server.ServerOptions;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessEvent;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Split;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullMarked
@Timeout(120)
final class ProcessLiveTest {
    private static final ProcessConfig DEFAULTS = ProcessConfig.getDefaultInstance();

    private final Engine engine = Engine.open(EngineOptions.of(2, 512L << 20));
    private final JassayServer server;
    private final JassayClient client;

    ProcessLiveTest() throws ListenException {
        this.server = JassayServer.start(
                engine,
                ServerOptions.defaults()
                        .withListen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))));
        this.client = JassayClient.connect(
                "127.0.0.1:" + server.addresses().getFirst().getPort());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        assertThat(engine.usage().memoryReserved()).isZero();
        engine.close();
    }

    @Test
    void processLive_violation_isHeardWhileTheSourceStillGives() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        InputStream source = new InputStream() {
            private final byte[] text = "{\"a\":1}\n{\"a\":}\n".getBytes(UTF_8);
            private int at;

            @Override
            public int read() throws IOException {
                if (at < text.length) {
                    return text[at++];
                }
                try {
                    // Its end is not before somebody has seen what is wrong with it.
                    assertThat(heard.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int first = read();
                if (first < 0) {
                    return -1;
                }
                into[offset] = (byte) first;
                return 1;
            }
        };
        ProcessOptions small = ProcessOptions.defaults().withChunkBytes(5);
        ProcessResult result = client.processLive(DEFAULTS, source, small, event -> {
            if (event.getViolations().getViolationsCount() > 0) {
                heard.countDown();
            }
        });
        assertThat(result.getCounts().getInvalid()).isEqualTo(1);
    }

    @Test
    void processLive_slowListener_hearsAllInOrderAndTheResultLast() throws Exception {
        List<ProcessEvent> events = new ArrayList<>();
        ProcessConfig config =
                ProcessConfig.newBuilder().setSplit(Split.getDefaultInstance()).build();
        ProcessResult result = client.processLive(
                config,
                new ByteArrayInputStream("{\"a\":1},\n".repeat(50_000).getBytes(UTF_8)),
                ProcessOptions.defaults(),
                event -> {
                    events.add(event);
                    java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
                });
        assertThat(events.getFirst().hasAccepted()).isTrue();
        assertThat(events.getLast().getResult()).isEqualTo(result);
        assertThat(events.stream()
                        .flatMap(event -> event.getViolations().getViolationsList().stream())
                        .map(violation -> violation.getRecordIndex()))
                .hasSize(50_000)
                .isSorted();
        assertThat(events.stream()
                        .flatMap(event -> event.getRecords().getRecordsList().stream())
                        .map(record -> record.getContent().toStringUtf8()))
                .hasSize(50_000)
                .containsOnly("{\"a\":1},");
    }

    @Test
    void processLive_listenerThatThrows_endsTheCallWithThat() {
        IllegalArgumentException thrown = new IllegalArgumentException("enough");
        assertThatThrownBy(() -> client.processLive(
                        DEFAULTS,
                        new ByteArrayInputStream("x\n".repeat(100_000).getBytes(UTF_8)),
                        ProcessOptions.defaults(),
                        event -> {
                            if (event.hasViolations()) {
                                throw thrown;
                            }
                        }))
                .isSameAs(thrown);
    }

    @Test
    void processLive_configOutOfRange_isRefused() {
        ProcessConfig wrong = ProcessConfig.newBuilder()
                .setSplit(Split.newBuilder().setContentValue(7))
                .build();
        assertThatThrownBy(() -> client.processLive(
                        wrong, InputStream.nullInputStream(), ProcessOptions.defaults(), event -> {}))
                .isInstanceOf(JassayException.class)
                .hasMessageContaining("split.content");
    }
}
