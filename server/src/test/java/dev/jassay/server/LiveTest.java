package dev.jassay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.jassay.v1.Format;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessEvent.EventCase;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Progress;
import dev.jassay.v1.Record;
import dev.jassay.v1.Report;
import dev.jassay.v1.Split;
import dev.jassay.v1.SplitRecords;
import dev.jassay.v1.Violation;
import dev.jassay.v1.WarningCode;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LiveTest {
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration ALMOST = IDLE.minusSeconds(1);
    private static final ProcessConfig DEFAULTS = ProcessConfig.getDefaultInstance();

    /** Each has a violation of a few hundred bytes. */
    private static final String FAULTY = "{\"a\":\"0123456789\",\n".repeat(20_000);

    private final Rig rig = Rig.start();
    private final ManagedChannel channel = rig.newChannel();

    @AfterEach
    void close() {
        rig.awaitBaseline();
        rig.close();
    }

    @Test
    void live_wholeStream_tellsAllAndGivesTheResultOfProcess() {
        String input = IntStream.range(0, 5_000)
                .mapToObj(n -> n % 10 == 0 ? "{\"n\":" + n + ",}\n" : "{\"n\":" + n + "}\n")
                .collect(Collectors.joining());
        ProcessConfig config = ProcessConfig.newBuilder()
                .setReport(Report.newBuilder().setMaxPerGroup(1_000))
                .setSplit(Split.newBuilder().setRecords(SplitRecords.SPLIT_RECORDS_BOTH))
                .build();

        LiveCall live = LiveCall.start(channel).readAll().config(config);
        for (int from = 0; from < input.length(); from += 1_111) {
            live.chunk(input.substring(from, Math.min(from + 1_111, input.length())));
        }
        ProcessResult result = live.halfClose().result();

        assertThat(comparable(result)).isEqualTo(comparable(TestCall.process(channel, config, input)));
        assertThat(live.violations()).hasSize(500).isEqualTo(result.getViolationsList());
        assertThat(live.records()).extracting(Record::getRecordIndex).isSorted().hasSize(5_000);
        assertThat(live.records()).filteredOn(Record::getValid).hasSize(4_500);
        String joined = live.records().stream()
                .map(record -> record.getContent().toStringUtf8() + "\n")
                .collect(Collectors.joining());
        assertThat(joined).isEqualTo(input);
    }

    @Test
    void live_faultyRecord_isToldWhileTheStreamGoesOn() {
        LiveCall live = LiveCall.start(channel).readAll().chunk("{\"a\":1}\n{\"a\":}\n{\"a\":2}\n");

        Violation first = live.next(EventCase.VIOLATIONS).getViolations().getViolations(0);
        assertThat(first.getRecordIndex()).isEqualTo(1);
        live.chunk("x\n");
        Violation second = live.next(EventCase.VIOLATIONS).getViolations().getViolations(0);
        assertThat(second.getRecordIndex()).isEqualTo(3);
        assertThat(live.halfClose().result().getCounts().getInvalid()).isEqualTo(2);
    }

    @Test
    void live_nothingComes_tellsProgressStill() {
        LiveCall live = LiveCall.start(channel).readAll().chunk("{\"a\":1}\nx\n{\"a\":2}\n");
        live.next(EventCase.VIOLATIONS);

        for (int time = 0; time < 3; time++) {
            rig.pass(Duration.ofMillis(500));
            Progress progress = live.next(EventCase.PROGRESS).getProgress();
            assertThat(progress.getRecords()).isEqualTo(3);
            assertThat(progress.getInvalid()).isEqualTo(1);
            assertThat(progress.getBytes()).isEqualTo(18);
            assertThat(progress.getBytesPerSecond()).isEqualTo(18 / (0.5 * (time + 1)));
        }
        live.halfClose().result();
    }

    @Test
    void live_halfClosedAtOnce_isAcceptedAndHasTheResultOfNothing() {
        LiveCall live = LiveCall.start(channel).readAll().halfClose();

        assertThat(live.result().getWarnings(0).getCode()).isEqualTo(WarningCode.WARNING_CODE_EMPTY_INPUT);
    }

    @Test
    void live_clientWritesEverythingBeforeItReads_losesNothing() {
        LiveCall live = LiveCall.start(channel).config(DEFAULTS);
        for (int chunk = 0; chunk < 20; chunk++) {
            live.chunk(FAULTY);
        }
        live.halfClose();
        Rig.await("the server waits for its reader", () -> !live.takes());

        assertThat(live.readAll().result().getCounts().getInvalid()).isEqualTo(400_000);
        assertThat(live.violations())
                .extracting(Violation::getRecordIndex)
                .isSorted()
                .hasSize(400_000);
    }

    @Test
    void live_clientThatNeverReads_isNotReadFromAndEndsAsStalled() {
        LiveCall live = LiveCall.start(channel).config(DEFAULTS);
        long sent = sendUntilNotTaken(live);
        long share = ServerOptions.defaults().callBytes(Rig.ENGINE_THREADS) + LiveEvents.MAX_EVENT_BYTES;

        assertThat(rig.engine.usage().memoryReserved()).isBetween(share, share + (8 << 20));
        assertThat(sent).isLessThan(64 << 20);
        rig.pass(ALMOST);
        assertThat(rig.server.openCalls().list()).hasSize(1);
        rig.pass(IDLE);
        Rig.await("the call is ended", () -> rig.engine.usage().sessions() == 0);

        assertThat(live.readAll().status().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(live.reason()).isEqualTo("CLIENT_STALLED");
    }

    @Test
    void live_clientThatReadsSlowly_isServedToItsEnd() {
        LiveCall live = LiveCall.start(channel).config(DEFAULTS);
        sendUntilNotTaken(live);

        for (int time = 0; time < 4; time++) {
            rig.pass(ALMOST);
            live.read(2).next();
            live.next();
        }
        assertThat(live.halfClose().readAll().result().getCounts().getInvalid()).isPositive();
    }

    @Test
    void live_cancelled_leavesNothing() {
        LiveCall reading = LiveCall.start(channel).readAll().config(DEFAULTS).chunk(FAULTY);
        reading.next(EventCase.VIOLATIONS);
        reading.cancel();
        LiveCall unread = LiveCall.start(channel).config(DEFAULTS);
        sendUntilNotTaken(unread);
        unread.cancel();

        assertThat(reading.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThat(unread.status().getCode()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void live_configAfterData_isRefusedAfterWhatWasTold() {
        LiveCall live = LiveCall.start(channel).readAll().chunk("{\"a\":1}\nx\n{\"a\":2}\n");
        live.next(EventCase.VIOLATIONS);
        live.config(DEFAULTS);

        assertThat(live.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(live.reason()).isEqualTo("CONFIG_OUT_OF_ORDER");
    }

    @Test
    void live_configOutOfRange_isRefusedBeforeItIsAccepted() {
        LiveCall live = LiveCall.start(channel)
                .readAll()
                .config(ProcessConfig.newBuilder()
                        .setSplit(Split.newBuilder().setRecordsValue(9))
                        .build());

        assertThat(live.reason()).isEqualTo("CONFIG_INVALID");
        assertThat(live.status().getDescription()).contains("split.records");
    }

    @Test
    void live_serverThatDrains_endsTheCallWithItsReason() throws InterruptedException {
        try (Rig draining = Rig.start()) {
            LiveCall live = LiveCall.start(draining.newChannel()).config(DEFAULTS);
            sendUntilNotTaken(live);
            live.readAll();
            draining.server.drain();

            assertThat(live.reason()).isEqualTo("DRAINING");
        }
    }

    @Test
    void live_longRecord_comesInPieces() {
        byte[] record = ("\"" + "é".repeat(3 << 20) + "\"\n").getBytes(UTF_8);
        ProcessConfig config = ProcessConfig.newBuilder()
                .setFormat(Format.FORMAT_NDJSON)
                .setSplit(Split.newBuilder().setRecords(SplitRecords.SPLIT_RECORDS_VALID))
                .build();
        LiveCall live = LiveCall.start(channel).readAll().config(config);
        for (int from = 0; from < record.length; from += 1 << 20) {
            live.chunk(ByteString.copyFrom(record, from, Math.min(1 << 20, record.length - from))
                    .toByteArray());
        }
        live.halfClose().result();

        List<Record> pieces = live.records();
        assertThat(pieces)
                .hasSizeGreaterThan(6)
                .allSatisfy(piece -> assertThat(piece.getSerializedSize()).isLessThanOrEqualTo(1 << 20));
        assertThat(pieces).extracting(Record::getLast).endsWith(false, true).containsOnlyOnce(true);
        assertThat(ByteString.copyFrom(pieces.stream().map(Record::getContent).toList()))
                .isEqualTo(ByteString.copyFrom(record, 0, record.length - 1));
    }

    /** @return bytes that were sent */
    private static long sendUntilNotTaken(LiveCall live) {
        long sent = 0;
        long quietSince = System.nanoTime();
        // Not for a moment, but because nobody reads.
        while (System.nanoTime() - quietSince < Duration.ofSeconds(2).toNanos()) {
            if (live.takes()) {
                live.chunk(FAULTY);
                sent += FAULTY.length();
                quietSince = System.nanoTime();
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        return sent;
    }

    private static ProcessResult comparable(ProcessResult result) {
        return result.toBuilder().clearTiming().clearProvenance().build();
    }
}
