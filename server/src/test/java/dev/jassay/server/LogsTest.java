package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.jassay.v1.ProcessConfig;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the server writes to its log, and what not. */
final class LogsTest {
    @Test
    void calls_ofEveryKind_haveOneLineEachWithoutTheirData() {
        try (Recorder log = new Recorder("dev.jassay.server.calls");
                Rig rig = Rig.start()) {
            ManagedChannel channel = rig.newChannel();
            ProcessConfig config =
                    ProcessConfig.newBuilder().setSource("secret-source").build();
            String record = "{\"secret\": 1, \"secret\": 2}";
            // Each field has a tag and a length of one byte.
            int sent = 2 + config.getSerializedSize() + 2 + record.length();
            assertThat(TestCall.process(channel, config, record)).isNotNull();
            assertThat(TestCall.start(channel).message(new byte[] {0}).failure().code())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(TestCall.start(channel).cancel().status().getCode()).isEqualTo(Status.Code.CANCELLED);
            Rig.await("the lines are there", () -> log.lines().size() >= 2);
            assertThat(log.lines().get(0))
                    .startsWith("jassay.v1.ProcessorService/Process from /127.0.0.1:")
                    .contains(": OK, " + sent + " B received, ")
                    .containsPattern("[1-9][0-9]* B sent, [0-9.]+ ms$");
            assertThat(log.lines().get(1)).contains(": INVALID_ARGUMENT (", ", 1 B received, 0 B sent");
            assertThat(log.lines()).noneMatch(line -> line.contains("secret")).hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void calls_moreThanAHundredInASecond_areCountedInsteadByHowTheyWent() {
        AtomicLong clock = new AtomicLong();
        try (Recorder log = new Recorder("dev.jassay.server.calls")) {
            CallLog calls = new CallLog(clock::get);
            for (int i = 0; i < CallLog.LINES_A_SECOND + 7; i++) {
                calls.ended("method", "peer", Status.OK, 1, 2, 3_000_000);
            }
            assertThat(log.lines()).hasSize(CallLog.LINES_A_SECOND);
            calls.ended("method", "peer", Status.CANCELLED, 1, 0, 3_000_000);
            clock.set(TimeUnit.SECONDS.toNanos(1));
            calls.ended("method", "peer", Status.OK, 1, 2, 3_000_000);
            assertThat(log.lines().subList(CallLog.LINES_A_SECOND, CallLog.LINES_A_SECOND + 2))
                    .containsExactly(
                            "method from peer: CANCELLED, 1 B received, 0 B sent, 3.0 ms",
                            "method from peer: OK, 1 B received, 2 B sent, 3.0 ms (such calls left out before this: 7)");
        }
    }

    @Test
    void plain_textThatSteersATerminal_isEscaped() {
        assertThat(LogText.plain("a\u001b[31m\r\nb\u202ec\u0000\u2028"))
                .isEqualTo("a\\u001b[31m\\u000d\\u000ab\\u202ec\\u0000\\u2028");
        assertThat(LogText.plain("\u00e4\u20ac\ud83d\ude00")).isEqualTo("\u00e4\u20ac\ud83d\ude00");
        assertThat(LogText.plain("\ud83d")).isEqualTo("\\ud83d");
        assertThat(LogText.plain("x".repeat(300))).hasSize(300);
        assertThat(LogText.plain("x".repeat(301))).hasSize(303).endsWith("...");
    }

    @Test
    void throttled_moreThanTenInAMinute_areCountedInstead() {
        AtomicLong clock = new AtomicLong();
        try (Recorder log = new Recorder("throttled")) {
            ThrottledLog throttled = new ThrottledLog(LoggerFactory.getLogger("throttled"), clock::get);
            for (int i = 0; i < ThrottledLog.WARNINGS_A_MINUTE; i++) {
                throttled.warn("warning " + i);
            }
            assertThat(log.lines()).hasSize(10).last().isEqualTo("warning 9");
            throttled.warn("left out");
            clock.set(TimeUnit.MINUTES.toNanos(1) - 1);
            throttled.warn("left out");
            assertThat(log.lines()).hasSize(10);
            clock.set(TimeUnit.MINUTES.toNanos(1));
            throttled.warn("another");
            throttled.warn("one more");
            assertThat(log.lines().subList(10, 12))
                    .containsExactly("another (warnings left out before this: 2)", "one more");
        }
    }

    @Test
    void transport_whatClientsProvoke_comesThrottledOnOneLine() {
        try (Recorder log = new Recorder("throttled")) {
            TransportLog transport = new TransportLog(new ThrottledLog(LoggerFactory.getLogger("throttled"), () -> 0));
            for (int i = 0; i < 50; i++) {
                LogRecord record = new LogRecord(java.util.logging.Level.WARNING, "Stream {0} broke");
                record.setParameters(new Object[] {i});
                record.setThrown(new IllegalStateException("line\nbreak"));
                transport.publish(record);
            }
            transport.publish(new LogRecord(java.util.logging.Level.FINE, "detail"));
            assertThat(log.events).hasSize(10).allMatch(event -> event.getThrowableProxy() == null);
            assertThat(log.lines().getFirst())
                    .isEqualTo("Stream 0 broke: java.lang.IllegalStateException: line\\u000abreak");
        }
    }

    @Test
    void transport_defects_comeWhole() {
        try (Recorder log = new Recorder("io.grpc")) {
            TransportLog transport = new TransportLog(new ThrottledLog(LoggerFactory.getLogger("throttled"), () -> 0));
            LogRecord record = new LogRecord(java.util.logging.Level.SEVERE, "defect");
            record.setThrown(new IllegalStateException("why"));
            transport.publish(record);
            assertThat(log.events).hasSize(1);
            assertThat(log.events.getFirst().getLevel()).isEqualTo(Level.ERROR);
            assertThat(log.events.getFirst().getThrowableProxy().getMessage()).isEqualTo("why");
        }
    }

    @Test
    void transport_oversizeMessages_areNoStackTraces() {
        try (Recorder log = new Recorder("io.grpc");
                Rig rig = Rig.start()) {
            ManagedChannel channel = rig.newChannel();
            for (int i = 0; i < 20; i++) {
                assertThat(TestCall.start(channel)
                                .message(new byte[Transport.MAX_MESSAGE_BYTES + 1])
                                .status()
                                .isOk())
                        .isFalse();
            }
            assertThat(log.events).hasSizeLessThanOrEqualTo(ThrottledLog.WARNINGS_A_MINUTE);
            assertThat(log.events).allMatch(event -> event.getThrowableProxy() == null);
            assertThat(log.lines()).noneMatch(line -> line.contains("\n"));
        }
    }

    /** Keeps what one logger is told. */
    private static final class Recorder extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
        private final Logger logger;

        Recorder(String name) {
            logger = (Logger) LoggerFactory.getLogger(name);
            logger.setLevel(Level.INFO);
            logger.setAdditive(false);
            logger.addAppender(this);
            start();
        }

        List<String> lines() {
            return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
        }

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }

        @Override
        public void close() {
            logger.detachAppender(this);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
    }
}
