package dev.jassay.server;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Lets so many events of a period through, and counts the rest. Any thread. */
final class Throttle {
    private final int limit;
    private final long periodNanos;
    private final LongSupplier nanoTime;
    private long periodBegan;
    private int passed;
    private long leftOut;

    /** @param limit events of one {@code period} that pass */
    Throttle(int limit, Duration period, LongSupplier nanoTime) {
        this.limit = limit;
        this.periodNanos = period.toNanos();
        this.nanoTime = nanoTime;
        this.periodBegan = nanoTime.getAsLong();
    }

    /** Whether an event passes: if so, how many did not since the last one that did. */
    synchronized OptionalLong pass() {
        long now = nanoTime.getAsLong();
        if (now - periodBegan >= periodNanos) {
            periodBegan = now;
            passed = 0;
        }
        if (passed == limit) {
            leftOut++;
            return OptionalLong.empty();
        }
        passed++;
        long before = leftOut;
        leftOut = 0;
        return OptionalLong.of(before);
    }
}
