package dev.jassay.server;

import io.grpc.Status;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line of log a call. */
final class CallLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.jassay.server.calls");

    private static final double NANOS_PER_MILLI = 1e6;

    void ended(String method, String peer, Status status, long received, long sent, long nanos) {
        if (LOG.isInfoEnabled()) {
            LOG.info(
                    "{} from {}: {}, {} B received, {} B sent, {} ms",
                    LogText.plain(method),
                    peer,
                    describe(status),
                    received,
                    sent,
                    String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_MILLI));
        }
    }

    private static String describe(Status status) {
        String description = status.getDescription();
        return description == null
                ? status.getCode().name()
                : status.getCode() + " (" + LogText.plain(description) + ")";
    }
}
