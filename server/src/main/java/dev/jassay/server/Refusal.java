package dev.jassay.server;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.jassay.engine.ConfigException;
import dev.jassay.engine.ConfigException.FieldViolation;
import dev.jassay.engine.EngineFaultException;
import dev.jassay.engine.MemoryRefusedException;
import dev.jassay.engine.SchemaException;
import dev.jassay.engine.SchemaException.Problem;
import dev.jassay.engine.StateException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a call could not be served: a status code, and beside it a google.rpc.Status with an ErrorInfo whose reason a program can go by.
 *
 * @param message for people, says what to do next
 * @param details beside the ErrorInfo
 */
public record Refusal(Code code, String reason, String message, List<Message> details) {
    private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

    static final String DOMAIN = "jassay.dev";

    /** Long enough for a few calls of ordinary size to end. */
    private static final Duration RETRY_DELAY =
            Duration.newBuilder().setSeconds(1).build();

    /** Of a field's description in the status message; the details have the whole of it. A client takes 8 KiB of trailers. */
    private static final int MAX_DESCRIPTION_CHARS = 200;

    /** In the details, so that the shortest of them fit a client's trailers as well as all of the engine's text. */
    private static final int MAX_SCHEMA_PROBLEMS = 64;

    /** Of a call that a failure ends. A fault of the engine and a defect are logged. */
    static Refusal of(Throwable failure) {
        return switch (failure) {
            case RefusedException e -> e.refusal();
            case MemoryRefusedException _ -> admissionLimit("the server has no memory left for this call");
            case StateException e -> stateRefused(e);
            case SchemaException e -> schemaRefused(e);
            case EngineFaultException e -> {
                LOG.error("a fault in the engine ended a call", e);
                yield engineFault();
            }
            default -> {
                LOG.error("a defect ended a call", failure);
                yield engineFault();
            }
        };
    }

    static Refusal messageInvalid(String message) {
        return of(Code.INVALID_ARGUMENT, "MESSAGE_INVALID", message);
    }

    static Refusal configOutOfOrder() {
        return of(
                Code.INVALID_ARGUMENT,
                "CONFIG_OUT_OF_ORDER",
                "config comes first and at most once: send it before all chunks and texts");
    }

    static Refusal configTooLarge(long bytes, int limit) {
        return configInvalid(List.of(new FieldViolation("config", bytes + " bytes encoded; at most " + limit)));
    }

    static Refusal configRefused(ConfigException e, Task task) {
        return switch (e.reason()) {
            case UNREADABLE -> messageInvalid("the config is no " + task.config() + ": encode it with protobuf");
            case INVALID -> configInvalid(e.violations());
        };
    }

    private static Refusal configInvalid(List<FieldViolation> violations) {
        BadRequest.Builder details = BadRequest.newBuilder();
        for (FieldViolation violation : violations) {
            details.addFieldViolationsBuilder().setField(violation.field()).setDescription(violation.description());
        }
        String first = violations.stream()
                .findFirst()
                .map(violation -> cut(violation.field() + ": " + violation.description()))
                .orElse("a value is out of its range");
        return new Refusal(
                Code.INVALID_ARGUMENT,
                "CONFIG_INVALID",
                "the config is invalid: " + first + more(violations),
                List.of(details.build()));
    }

    static Refusal admissionLimit(String limit) {
        RetryInfo details = RetryInfo.newBuilder().setRetryDelay(RETRY_DELAY).build();
        return new Refusal(
                Code.RESOURCE_EXHAUSTED,
                "ADMISSION_LIMIT",
                limit + ": try again when other calls have ended",
                List.of(details));
    }

    static Refusal stateRefused(StateException e) {
        return switch (e.reason()) {
            case INCOMPATIBLE -> of(Code.FAILED_PRECONDITION, "STATE_INCOMPATIBLE", String.valueOf(e.getMessage()));
            case DAMAGED -> of(Code.INVALID_ARGUMENT, "STATE_DAMAGED", String.valueOf(e.getMessage()));
        };
    }

    /** A field violation for each line; the schema of each is told by the field, the place in it by the description. */
    static Refusal schemaRefused(SchemaException e) {
        List<Problem> problems = e.problems();
        BadRequest.Builder details = BadRequest.newBuilder();
        for (Problem problem : problems.subList(0, Math.min(problems.size(), MAX_SCHEMA_PROBLEMS))) {
            details.addFieldViolationsBuilder().setField(field(problem)).setDescription(line(problem));
        }
        String first = problems.stream()
                .findFirst()
                .map(problem -> field(problem) + ": " + cut(line(problem)))
                .orElse("the engine does not say why");
        return new Refusal(
                Code.INVALID_ARGUMENT,
                "SCHEMA_" + e.reason(),
                "the schema cannot be judged by: " + first + more(problems) + "; " + remedy(e.reason())
                        + ", CheckSchema tells all that is wrong",
                List.of(details.build()));
    }

    /** How many are not in the message. */
    private static String more(List<?> told) {
        return told.size() > 1 ? " (and " + (told.size() - 1) + " more, see the details)" : "";
    }

    private static String field(Problem problem) {
        return problem.resource().isEmpty() ? "validation.schema_json" : "validation.schema_resources";
    }

    private static String line(Problem problem) {
        return problem.resource() + "#" + problem.pointer() + ": " + problem.description();
    }

    private static String remedy(SchemaException.Reason reason) {
        return switch (reason) {
            case INVALID -> "correct it";
            case REF_UNRESOLVED -> "give what it leads to in validation.schema_resources";
            case TOO_COMPLEX -> "make it smaller or simpler";
        };
    }

    static Refusal clientStalled(java.time.Duration idle) {
        return of(
                Code.ABORTED,
                "CLIENT_STALLED",
                "nothing was sent or read for " + idle.toSeconds()
                        + " s: send without long pauses, and read the result");
    }

    static Refusal draining() {
        return of(Code.UNAVAILABLE, "DRAINING", "the server is shutting down: try again, or another server");
    }

    static Refusal cancelled() {
        return of(Code.CANCELLED, "CANCELLED", "the call was cancelled by a request that named it");
    }

    static Refusal engineFault() {
        return of(
                Code.INTERNAL,
                "ENGINE_FAULT",
                "the engine failed on this call: report it to the operator of the server, whose log says more");
    }

    private static String cut(String text) {
        return text.length() <= MAX_DESCRIPTION_CHARS ? text : text.substring(0, MAX_DESCRIPTION_CHARS) + "...";
    }

    private static Refusal of(Code code, String reason, String message) {
        return new Refusal(code, reason, message, List.of());
    }

    /** Closes a call with the status and its details. */
    void close(ServerCall<?, ?> call) {
        StatusRuntimeException status = StatusProto.toStatusRuntimeException(toProto());
        Metadata trailers = status.getTrailers();
        call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private com.google.rpc.Status toProto() {
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder().setCode(code.getNumber()).setMessage(message);
        status.addDetails(Any.pack(
                ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reason).build()));
        details.forEach(detail -> status.addDetails(Any.pack(detail)));
        return status.build();
    }
}
