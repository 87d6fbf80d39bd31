package dev.jassay.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
final class ServerErrorTest {
    private static JassayException exception(Status.Code code, String message, Any... details) {
        StatusRuntimeException failure = StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(message)
                .addAllDetails(List.of(details))
                .build());
        return ServerError.of(failure.getStatus(), failure.getTrailers()).toException("localhost:50051");
    }

    private static Any reason(String reason, String domain) {
        return Any.pack(
                ErrorInfo.newBuilder().setReason(reason).setDomain(domain).build());
    }

    @Test
    void exception_ofWrongConfig_namesReasonAndFields() {
        JassayException exception = exception(
                Status.Code.INVALID_ARGUMENT,
                "the config is invalid",
                reason("CONFIG_INVALID", "jassay.dev"),
                Any.pack(BadRequest.newBuilder()
                        .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                                .setField("validation.max_depth")
                                .setDescription("at most 1024"))
                        .build()));

        assertThat(exception.status()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(exception.reason()).contains("CONFIG_INVALID");
        assertThat(exception.fieldViolations())
                .containsExactly(new FieldViolation("validation.max_depth", "at most 1024"));
        assertThat(exception.retryAfter()).isEmpty();
        assertThat(exception)
                .hasMessage(
                        "INVALID_ARGUMENT: the config is invalid. Correct the fields that are named and call again.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCHEMA_INVALID", "SCHEMA_REF_UNRESOLVED", "SCHEMA_TOO_COMPLEX"})
    void exception_ofASchema_saysWhatToDoWithIt(String reason) {
        JassayException exception = exception(Status.Code.INVALID_ARGUMENT, "x", reason(reason, "jassay.dev"));
        assertThat(exception.reason()).contains(reason);
        assertThat(exception.advice()).contains("schema");
    }

    @Test
    void exception_ofRefusal_saysWhenToComeBack() {
        JassayException exception = exception(
                Status.Code.RESOURCE_EXHAUSTED,
                "no memory is left",
                reason("ADMISSION_LIMIT", "jassay.dev"),
                Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                                .setSeconds(1)
                                .setNanos(500_000_000))
                        .build()));

        assertThat(exception.retryAfter()).contains(Duration.ofMillis(1_500));
        assertThat(exception.advice()).isEqualTo("Call again in 1.5 s, or run fewer calls at once.");
    }

    @Test
    void exception_withReasonOfAnotherDomain_hasNone() {
        assertThat(exception(Status.Code.UNAVAILABLE, "x", reason("DRAINING", "example.com"))
                        .reason())
                .isEmpty();
    }

    @Test
    void exception_withUnreadableDetails_stillTellsTheStatus() {
        Any broken = Any.newBuilder()
                .setTypeUrl("type.googleapis.com/google.rpc.ErrorInfo")
                .setValue(ByteString.copyFrom(new byte[] {(byte) 0xFF}))
                .build();
        assertThat(exception(Status.Code.INTERNAL, "x", broken).status()).isEqualTo(Status.Code.INTERNAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection refused",
                "Connection refused: localhost/127.0.0.1:50051",
                "Connection refused: /[0:0:0:0:0:0:0:1%0]:50051",
                "finishConnect(..) failed with error(-111): Connection refused: localhost/127.0.0.1:50051",
                "finishConnect(..) failed: Connection refused"
            })
    void exception_ofBrokenConnection_tellsTheCauseInTheSystemsWords(String cause) {
        Status status = Status.UNAVAILABLE.withDescription("io exception").withCause(new ConnectException(cause));
        JassayException exception = ServerError.of(status, new Metadata()).toException("localhost:50051");

        assertThat(exception.description()).isEqualTo("no connection: Connection refused");
        assertThat(exception.advice()).contains("localhost:50051");
    }

    @Test
    void exception_ofEveryStatus_advises() {
        for (Status.Code code : Status.Code.values()) {
            if (code != Status.Code.OK) {
                assertThat(exception(code, "x").advice()).as(code.name()).endsWith(".");
            }
        }
    }

    @Test
    void exception_serialized_keepsWhatItTells() throws IOException, ClassNotFoundException {
        JassayException exception =
                exception(Status.Code.ABORTED, "nothing came", reason("CLIENT_STALLED", "jassay.dev"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(exception);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            JassayException copy = (JassayException) in.readObject();
            assertThat(copy.reason()).contains("CLIENT_STALLED");
            assertThat(copy).hasMessage(exception.getMessage());
        }
    }
}
