package dev.jassay.server;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Warnings that others can provoke at will: so many a minute, the rest counted. Any thread. */
final class ThrottledLog {
    /** Enough to see that something is wrong, too few to fill a disk. */
    static final int WARNINGS_A_MINUTE = 10;

    private final Logger log;
    private final Throttle throttle;

    ThrottledLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.throttle = new Throttle(WARNINGS_A_MINUTE, Duration.ofMinutes(1), nanoTime);
    }

    void warn(String message) {
        throttle.pass().ifPresent(leftOut -> {
            if (leftOut > 0) {
                log.warn("{} (warnings left out before this: {})", message, leftOut);
            } else {
                log.warn("{}", message);
            }
        });
    }
}
