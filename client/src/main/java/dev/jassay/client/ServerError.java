package dev.jassay.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What status and trailers of a failed call say, with the details of {@code google.rpc.Status} read out. */
record ServerError(
        Status.Code code,
        String description,
        Optional<String> reason,
        List<FieldViolation> fieldViolations,
        Optional<Duration> retryAfter) {
    static final String DOMAIN = "jassay.dev";

    private static final String IO_EXCEPTION = "io exception";

    /** What Netty writes around the system's own words: the function that failed, and the address. */
    private static final Pattern SYSTEM_CALL = Pattern.compile(
            "^\\w+\\(\\.\\.\\) failed( with error\\(-?\\d+\\))?: |: [^ /]*/[0-9a-fA-F.:%\\[\\]]+:\\d+$");

    static ServerError of(Status status, @Nullable Metadata trailers) {
        Optional<String> reason = Optional.empty();
        List<FieldViolation> violations = new ArrayList<>();
        Optional<Duration> retryAfter = Optional.empty();
        com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
        for (Any detail : details.getDetailsList()) {
            try {
                if (detail.is(ErrorInfo.class)) {
                    ErrorInfo info = detail.unpack(ErrorInfo.class);
                    reason = info.getDomain().equals(DOMAIN) ? Optional.of(info.getReason()) : reason;
                } else if (detail.is(BadRequest.class)) {
                    for (BadRequest.FieldViolation violation :
                            detail.unpack(BadRequest.class).getFieldViolationsList()) {
                        violations.add(new FieldViolation(violation.getField(), violation.getDescription()));
                    }
                } else if (detail.is(RetryInfo.class)) {
                    com.google.protobuf.Duration delay =
                            detail.unpack(RetryInfo.class).getRetryDelay();
                    retryAfter = Optional.of(Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
                }
            } catch (InvalidProtocolBufferException _) {
                // The status alone still tells what happened
            }
        }
        return new ServerError(status.getCode(), describe(status), reason, List.copyOf(violations), retryAfter);
    }

    /** gRPC keeps "connection refused" and "unknown host" in the cause, under a description that says nothing. */
    private static String describe(Status status) {
        String description = status.getDescription() == null ? "no reason given" : status.getDescription();
        StringBuilder text = new StringBuilder(description.equals(IO_EXCEPTION) ? "no connection" : description);
        Throwable cause = status.getCause();
        for (int depth = 0; cause != null && depth < 4; depth++, cause = cause.getCause()) {
            String message = SYSTEM_CALL
                    .matcher(Objects.requireNonNullElse(cause.getMessage(), ""))
                    .replaceAll("");
            if (text.indexOf(message) < 0) {
                text.append(": ").append(message);
            }
        }
        while (!text.isEmpty() && text.charAt(text.length() - 1) == '.') {
            text.setLength(text.length() - 1);
        }
        return text.toString();
    }

    /** @param server what was called, for the reader */
    JassayException toException(String server) {
        return new JassayException(this, Advice.of(this, server), null);
    }
}
