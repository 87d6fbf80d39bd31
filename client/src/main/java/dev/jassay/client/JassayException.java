package dev.jassay.client;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that could not be served. Bad data is never one: it is counted and located in the result.
 *
 * <p>The message tells the status, what the server said and what to do next. It holds none of the stream's data, but a server's
 * words: escape them before they go to a terminal.
 */
public final class JassayException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Status.Code status;
    private final String description;
    private final @Nullable String reason;

    @SuppressWarnings("serial") // made by List.copyOf, whose lists are serializable
    private final List<FieldViolation> fieldViolations;

    private final @Nullable Duration retryAfter;
    private final String advice;

    JassayException(ServerError error, String advice, @Nullable Throwable cause) {
        super(error.code() + ": " + error.description() + ". " + advice, cause);
        this.status = error.code();
        this.description = error.description();
        this.reason = error.reason().orElse(null);
        this.fieldViolations = error.fieldViolations();
        this.retryAfter = error.retryAfter().orElse(null);
        this.advice = advice;
    }

    /** The status of the call; never OK. */
    public Status.Code status() {
        return status;
    }

    /** What happened, without status and advice, and without a full stop. */
    public String description() {
        return description;
    }

    /** Why, as a word of the service's contract such as {@code CONFIG_INVALID}; empty where the server did not say. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** The fields of the config that the server does not accept; empty where the config is not at fault. */
    public List<FieldViolation> fieldViolations() {
        return fieldViolations;
    }

    /** How long to wait before the next try; empty where the server did not say. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** What to do next, as one sentence. */
    public String advice() {
        return advice;
    }
}
