package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.server.TestCall.Failure;
import dev.jassay.v1.CheckSchemaRequest;
import dev.jassay.v1.CheckSchemaResponse;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessorServiceGrpc;
import dev.jassay.v1.SchemaProblem;
import dev.jassay.v1.SchemaProblemReason;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckSchemaTest extends OneRig {
    private static final CheckSchemaRequest GOOD = request("{\"type\": \"object\", \"required\": [\"id\"]}");

    private static CheckSchemaRequest request(String schema) {
        return CheckSchemaRequest.newBuilder().setSchemaJson(schema).build();
    }

    @Test
    void check_byTheGeneratedStub_answers() {
        CheckSchemaResponse response =
                ProcessorServiceGrpc.newBlockingStub(channel).checkSchema(GOOD);
        assertThat(response.getUsable()).isTrue();
        assertThat(response.getDraft()).isEqualTo("2020-12");
        assertThat(response.getSchemaSha256()).hasSize(64);
        assertThat(response.getSchemaJudge()).isEqualTo("tape");
        assertThat(response.getProblemsList()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "{, SCHEMA_PROBLEM_REASON_SCHEMA_INVALID, ``",
                "{\"properties\": {\"a\": {\"type\": 5}}}, SCHEMA_PROBLEM_REASON_SCHEMA_INVALID, /properties/a/type",
                "{\"$ref\": \"https://example.com/nowhere\"}, SCHEMA_PROBLEM_REASON_SCHEMA_REF_UNRESOLVED, /$ref"
            })
    void check_schemaThatDoesNotCompile_isNoErrorOfTheCall(String schema, SchemaProblemReason reason, String pointer) {
        CheckSchemaResponse response = TestCall.checkSchema(channel, request(schema));
        assertThat(response.getUsable()).isFalse();
        SchemaProblem problem = response.getProblems(0);
        assertThat(problem.getReason()).isEqualTo(reason);
        assertThat(problem.getPointer()).isEqualTo(pointer);
        assertThat(problem.getMessage()).isNotBlank();
    }

    @Test
    void check_schemaBeyondItsBound_isTooComplex() {
        CheckSchemaResponse response =
                TestCall.checkSchema(channel, request("{\"$comment\": \"" + "x".repeat(4 << 20) + "\"}"));
        assertThat(response.getProblems(0).getReason())
                .isEqualTo(SchemaProblemReason.SCHEMA_PROBLEM_REASON_SCHEMA_TOO_COMPLEX);
    }

    @Test
    void check_compressedAndLarge_isInflated() {
        CheckSchemaRequest large = request("{\"$comment\": \"" + "x".repeat(3 << 20) + "\"}");
        CheckSchemaResponse response = TestCall.startCheck(channel, CallOptions.DEFAULT.withCompression("gzip"))
                .compressed()
                .message(large.toByteArray())
                .halfClose()
                .checked();
        assertThat(response.getUsable()).isTrue();
    }

    @Test
    void check_messageThatIsNone_isMessageInvalid() {
        Failure failure = TestCall.startCheck(channel)
                .message(new byte[] {10, 5, 1})
                .halfClose()
                .failure();
        RefusalTest.assertRefused(failure, Status.Code.INVALID_ARGUMENT, "MESSAGE_INVALID");
        assertThat(failure.status().getDescription()).contains("CheckSchemaRequest");
    }

    @Test
    void check_withoutAMessage_isMessageInvalid() {
        RefusalTest.assertRefused(
                TestCall.startCheck(channel).halfClose().failure(), Status.Code.INVALID_ARGUMENT, "MESSAGE_INVALID");
    }

    @Test
    void check_secondMessage_isEndedByTheTransport() {
        Status status = TestCall.startCheck(channel)
                .message(GOOD.toByteArray())
                .message(GOOD.toByteArray())
                .halfClose()
                .status();
        assertThat(status.getCode()).isIn(Status.Code.CANCELLED, Status.Code.INTERNAL);
    }

    @Test
    void check_messageTooLarge_isResourceExhausted() {
        byte[] message = new byte[Transport.MAX_MESSAGE_BYTES + 1];
        assertThat(TestCall.startCheck(channel).message(message).status().getCode())
                .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
    }

    @Test
    void check_manyAtOnceAndSomeCancelled_allEnd() {
        CheckSchemaRequest large = request("{\"$comment\": \"" + "x".repeat(1 << 20) + "\"}");
        List<TestCall> calls = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            TestCall call = TestCall.startCheck(channel)
                    .message((i % 2 == 0 ? large : GOOD).toByteArray())
                    .halfClose();
            calls.add(i % 3 == 0 ? call.cancel() : call);
        }
        for (int i = 0; i < calls.size(); i++) {
            Status status = calls.get(i).status();
            if (i % 3 != 0 && !status.isOk()) {
                assertThat(calls.get(i).failure().reason()).isEqualTo("ADMISSION_LIMIT");
            }
        }
    }

    @Test
    void check_beyondTheMemory_isAdmissionLimit() {
        ServerOptions options = Rig.options();
        try (Rig small = Rig.startWithMemory(options.leastMemoryBytes(Rig.ENGINE_THREADS))) {
            ManagedChannel toSmall = small.newChannel();
            TestCall first = TestCall.startCheck(toSmall);
            Rig.await("it is open", () -> small.engine.usage().memoryReserved() >= options.unaryCallBytes());
            // A small server has one place: so many calls may be open, or so much memory be taken.
            RefusalTest.assertRefused(
                    TestCall.startCheck(toSmall).failure(), Status.Code.RESOURCE_EXHAUSTED, "ADMISSION_LIMIT");
            assertThat(first.message(GOOD.toByteArray()).halfClose().checked().getUsable())
                    .isTrue();
            small.awaitBaseline();
            assertThat(TestCall.process(toSmall, ProcessConfig.getDefaultInstance(), "1\n")
                            .getCounts()
                            .getValid())
                    .isEqualTo(1);
            small.awaitBaseline();
        }
    }

    @Test
    void check_nothingSentForTheIdleTime_isClientStalled() {
        try (Rig rig = Rig.start()) {
            TestCall call = TestCall.startCheck(rig.newChannel());
            Rig.await("it is open", () -> rig.server.openCalls().list().size() == 1);
            rig.pass(Duration.ofSeconds(60));
            RefusalTest.assertRefused(call.failure(), Status.Code.ABORTED, "CLIENT_STALLED");
            rig.awaitBaseline();
        }
    }
}
