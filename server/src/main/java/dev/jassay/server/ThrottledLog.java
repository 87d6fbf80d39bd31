package dev.jassay.server;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Warnings that others can provoke at will: so many a minute, the rest counted. Any thread. */
final class ThrottledLog {
    /** Enough to see that something is wrong, too few to fill a disk. */
    static final int WARNINGS_A_MINUTE = 10;

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final LongSupplier nanoTime;
    private long minuteBegan;
    private int written;
    private long leftOut;

    ThrottledLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.minuteBegan = nanoTime.getAsLong();
    }

    synchronized void warn(String message) {
        long now = nanoTime.getAsLong();
        if (now - minuteBegan >= MINUTE) {
            minuteBegan = now;
            written = 0;
        }
        if (written == WARNINGS_A_MINUTE) {
            leftOut++;
            return;
        }
        written++;
        if (leftOut > 0) {
            log.warn("{} (warnings left out before this: {})", message, leftOut);
            leftOut = 0;
        } else {
            log.warn("{}", message);
        }
    }
}
