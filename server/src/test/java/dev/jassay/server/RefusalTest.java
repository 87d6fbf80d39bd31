package dev.jassay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.RetryInfo;
import dev.jassay.server.TestCall.Failure;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessRequest;
import dev.jassay.v1.Report;
import dev.jassay.v1.Validation;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of the contract's table of status codes that one call can provoke. */
final class RefusalTest extends OneRig {
    private static final ProcessConfig CONFIG =
            ProcessConfig.newBuilder().setSource("orders").build();

    @Test
    void config_outOfRange_isConfigInvalidWithEachField() throws Exception {
        ProcessConfig config = ProcessConfig.newBuilder()
                .setSource("x".repeat(513))
                .setValidation(Validation.newBuilder().setMaxDepth(1_025))
                .setReport(Report.newBuilder().setMaxViolations(100_001))
                .build();
        Failure failure = TestCall.start(channel).config(config).failure();
        assertRefused(failure, Status.Code.INVALID_ARGUMENT, "CONFIG_INVALID");
        BadRequest details = failure.details().getDetails(1).unpack(BadRequest.class);
        assertThat(details.getFieldViolationsList())
                .extracting(FieldViolation::getField)
                .containsExactlyInAnyOrder("source", "validation.max_depth", "report.max_violations");
        assertThat(details.getFieldViolationsList())
                .extracting(FieldViolation::getDescription)
                .allSatisfy(description -> assertThat(description).isNotBlank());
    }

    @Test
    void config_tooLarge_isConfigInvalid() throws Exception {
        ProcessConfig config = ProcessConfig.newBuilder()
                .setSource("x".repeat(Task.MERGE.maxConfigBytes()))
                .build();
        Failure failure = TestCall.startMerge(channel).config(config).failure();
        assertRefused(failure, Status.Code.INVALID_ARGUMENT, "CONFIG_INVALID");
        assertThat(failure.details()
                        .getDetails(1)
                        .unpack(BadRequest.class)
                        .getFieldViolations(0)
                        .getField())
                .isEqualTo("config");
    }

    @Test
    void config_largeWithoutASchema_isConfigInvalid() throws Exception {
        ProcessConfig config =
                ProcessConfig.newBuilder().setSource("x".repeat(4 << 20)).build();
        Failure failure = TestCall.start(channel).config(config).failure();
        assertRefused(failure, Status.Code.INVALID_ARGUMENT, "CONFIG_INVALID");
        assertThat(failure.details()
                        .getDetails(1)
                        .unpack(BadRequest.class)
                        .getFieldViolations(0)
                        .getField())
                .isEqualTo("source");
    }

    @Test
    void config_withAsManyFaultsAsItCanHave_stillFitsTheTrailers() {
        ProcessConfig.Builder config = ProcessConfig.newBuilder();
        for (int i = 0; i < 64; i++) {
            config.putLabels("\u00e4".repeat(200) + i, "\u20ac".repeat(200));
        }
        assertRefused(
                TestCall.start(channel).config(config.build()).failure(),
                Status.Code.INVALID_ARGUMENT,
                "CONFIG_INVALID");
    }

    @Test
    void config_afterAChunk_isOutOfOrder() {
        Failure failure = TestCall.start(channel).chunk("1\n").config(CONFIG).failure();
        assertRefused(failure, Status.Code.INVALID_ARGUMENT, "CONFIG_OUT_OF_ORDER");
    }

    @Test
    void config_afterAnEmptyChunk_isOutOfOrder() {
        Failure failure = TestCall.start(channel).chunk("").config(CONFIG).failure();
        assertRefused(failure, Status.Code.INVALID_ARGUMENT, "CONFIG_OUT_OF_ORDER");
    }

    @Test
    void config_second_isOutOfOrder() {
        Failure failure = TestCall.start(channel).config(CONFIG).config(CONFIG).failure();
        assertRefused(failure, Status.Code.INVALID_ARGUMENT, "CONFIG_OUT_OF_ORDER");
    }

    @Test
    void config_unreadable_isMessageInvalid() {
        // A config of one byte, which is a tag without a value.
        Failure failure = TestCall.start(channel)
                .message(HexFormat.of().parseHex("0a010a"))
                .failure();
        assertRefused(failure, Status.Code.INVALID_ARGUMENT, "MESSAGE_INVALID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1205616263", "00", "12ffffffff0f", "1e", "1a02c328"})
    void message_thatIsNone_isMessageInvalid(String hex) {
        Failure failure = TestCall.start(channel)
                .chunk("{\"secret\":1}\n")
                .message(HexFormat.of().parseHex(hex))
                .failure();
        assertRefused(failure, Status.Code.INVALID_ARGUMENT, "MESSAGE_INVALID");
    }

    @Test
    void text_thatIsNotUtf8AfterMuchThatIs_isMessageInvalid() {
        byte[] message =
                ProcessRequest.newBuilder().setText("x".repeat(1 << 20)).build().toByteArray();
        message[message.length - 1] = (byte) 0x80;
        Failure failure = TestCall.start(channel).message(message).failure();
        assertRefused(failure, Status.Code.INVALID_ARGUMENT, "MESSAGE_INVALID");
        assertThat(failure.status().getDescription()).contains("UTF-8", "chunk");
    }

    @Test
    void message_tooLarge_isResourceExhausted() {
        byte[] message = new byte[Transport.MAX_MESSAGE_BYTES + 1];
        assertThat(TestCall.start(channel).message(message).status().getCode())
                .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
    }

    @Test
    void message_compressedAndTooLarge_isResourceExhausted() {
        byte[] message = new byte[Transport.MAX_MESSAGE_BYTES + 1];
        TestCall call = TestCall.start(channel, CallOptions.DEFAULT.withCompression("gzip"));
        assertThat(call.compressed().message(message).status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void call_beyondTheMemory_isAdmissionLimitWithRetryInfo() throws Exception {
        long callBytes = ServerOptions.defaults().callBytes(Rig.ENGINE_THREADS);
        try (Rig small = Rig.startWithMemory(2 * callBytes + (1 << 20))) {
            ManagedChannel toSmall = small.newChannel();
            TestCall first = TestCall.start(toSmall).chunk("1\n");
            TestCall second = TestCall.start(toSmall).chunk("1\n");
            Rig.await("both are open", () -> small.engine.usage().memoryReserved() >= 2 * callBytes);
            Failure failure = TestCall.start(toSmall).failure();
            assertRefused(failure, Status.Code.RESOURCE_EXHAUSTED, "ADMISSION_LIMIT");
            assertThat(failure.details()
                            .getDetails(1)
                            .unpack(RetryInfo.class)
                            .getRetryDelay()
                            .getSeconds())
                    .isPositive();
            assertThat(first.halfClose().result().getCounts().getRecords()).isEqualTo(1);
            assertThat(second.halfClose().result().getCounts().getRecords()).isEqualTo(1);
            small.awaitBaseline();
            assertThat(TestCall.start(toSmall).halfClose().result().getCounts().getRecords())
                    .isZero();
        }
    }

    @Test
    void stream_thatNeedsMoreMemoryThanThereIs_isAdmissionLimit() {
        long callBytes = ServerOptions.defaults().callBytes(Rig.ENGINE_THREADS);
        try (Rig small = Rig.startWithMemory(callBytes + (4 << 20))) {
            // One record without an end, which the engine has to keep.
            TestCall call = TestCall.start(small.newChannel());
            byte[] chunk = ("\"" + "x".repeat(1 << 20)).getBytes(UTF_8);
            for (int i = 0; i < 12; i++) {
                call.chunk(chunk);
                chunk = "x".repeat(1 << 20).getBytes(UTF_8);
            }
            assertRefused(call.failure(), Status.Code.RESOURCE_EXHAUSTED, "ADMISSION_LIMIT");
            small.awaitBaseline();
        }
    }

    @Test
    void engine_thatPanics_isEngineFaultAndTheServerLivesOn() {
        ProcessConfig panic =
                ProcessConfig.newBuilder().putLabels("jassay.fault", "panic").build();
        try (Rig faulty = Rig.startFaulty()) {
            ManagedChannel toFaulty = faulty.newChannel();
            for (int i = 0; i < 10; i++) {
                Failure failure = TestCall.start(toFaulty)
                        .config(panic)
                        .chunk("1\n2\n")
                        .halfClose()
                        .failure();
                assertRefused(failure, Status.Code.INTERNAL, "ENGINE_FAULT");
                assertThat(TestCall.process(toFaulty, CONFIG, "1\n2\n")
                                .getCounts()
                                .getValid())
                        .isEqualTo(2);
            }
            faulty.awaitBaseline();
        }
    }

    /** With the code and reason, a message for people, and nothing of the server's inside. */
    static void assertRefused(Failure failure, Status.Code code, String reason) {
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.details().getCode()).isEqualTo(code.value());
        assertThat(failure.details().getMessage()).isEqualTo(failure.status().getDescription());
        assertThat(failure.status().getDescription())
                .isNotBlank()
                .doesNotContain("Exception", "dev.jassay.server", "java.", "secret", "\n");
    }
}
