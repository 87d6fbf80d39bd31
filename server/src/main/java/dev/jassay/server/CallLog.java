package dev.jassay.server;

import io.grpc.Status;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line of log a call, while there are not too many. Any thread. */
final class CallLog {
    /**
     * Of calls that went well, and as many of others. A line takes as long as judging fifty kilobytes, so small calls by the
     * thousand would spend a quarter of the server on it.
     */
    static final int LINES_A_SECOND = 100;

    private static final Logger LOG = LoggerFactory.getLogger("dev.jassay.server.calls");

    private static final double NANOS_PER_MILLI = 1e6;

    /** Of the status codes of HTTP. */
    private static final int FIRST_FAILURE = 400;

    private final Throttle good;
    /** On their own, so that none is lost among those that went well. */
    private final Throttle failed;

    CallLog(LongSupplier nanoTime) {
        this.good = new Throttle(LINES_A_SECOND, Duration.ofSeconds(1), nanoTime);
        this.failed = new Throttle(LINES_A_SECOND, Duration.ofSeconds(1), nanoTime);
    }

    void ended(String method, String peer, Status status, long received, long sent, long nanos) {
        log(status.isOk() ? good : failed, method, peer, () -> describe(status), received, sent, nanos);
    }

    /** @param status of HTTP */
    void answered(String request, String peer, int status, long received, long sent, long nanos) {
        Throttle throttle = status < FIRST_FAILURE ? good : failed;
        log(throttle, request, peer, () -> Integer.toString(status), received, sent, nanos);
    }

    private static void log(
            Throttle throttle,
            String what,
            String peer,
            Supplier<String> outcome,
            long received,
            long sent,
            long nanos) {
        if (LOG.isInfoEnabled()) {
            throttle.pass()
                    .ifPresent(leftOut -> LOG.info(
                            "{} from {}: {}, {} B received, {} B sent, {} ms{}",
                            LogText.plain(what),
                            peer,
                            outcome.get(),
                            received,
                            sent,
                            String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_MILLI),
                            leftOut > 0 ? " (such calls left out before this: " + leftOut + ")" : ""));
        }
    }

    private static String describe(Status status) {
        String description = status.getDescription();
        return description == null
                ? status.getCode().name()
                : status.getCode() + " (" + LogText.plain(description) + ")";
    }
}
