package dev.jassay.server;

import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLoggerFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/**
 * Takes what the transport logs into the server's log. Nearly all of it is about clients that broke off or do not speak the protocol:
 * so it comes throttled, on one line, without stack traces. What the transport calls severe is a defect, and comes whole.
 */
final class TransportLog extends Handler {
    /** gRPC logs with Java's own loggers, all under this name; the Netty inside it is told to do so too. */
    private static final String NAME = "io.grpc";

    /** Referred to for good: Java's loggers are otherwise collected, and their settings with them. */
    private static final Logger SOURCE = Logger.getLogger(NAME);

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(NAME);

    private static boolean installed;

    private final ThrottledLog throttled;
    private final Formatter formatter = new SimpleFormatter();

    TransportLog(ThrottledLog throttled) {
        this.throttled = throttled;
        setLevel(Level.INFO);
    }

    /** For the whole process, once; before the transport's classes are loaded. */
    static synchronized void install() {
        if (!installed) {
            installed = true;
            InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
            SOURCE.setUseParentHandlers(false);
            SOURCE.addHandler(new TransportLog(new ThrottledLog(LOG, System::nanoTime)));
        }
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        String message = formatter.formatMessage(record);
        Throwable thrown = record.getThrown();
        if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
            LOG.error(message, thrown);
        } else {
            throttled.warn(LogText.plain(thrown == null ? message : message + ": " + thrown));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
