package dev.jassay.web;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What waits for one reader of a call's events. Whoever offers never waits: what does not fit is dropped. Any thread. */
final class EventQueue {
    /** Of encoded events: as many as the engine's largest has, so that only readers that lag behind miss some. */
    static final int MAX_WAITING_BYTES = 1 << 20;

    /** What waits. */
    sealed interface Entry {
        /** An encoded {@code ProcessEvent}. */
        @SuppressWarnings("ArrayRecordComponent")
        record Told(byte[] event) implements Entry {}

        /** The last event, as JSON in one line. */
        record Last(String json) implements Entry {}
    }

    private final LinkedBlockingQueue<Entry> waiting = new LinkedBlockingQueue<>();
    private final AtomicInteger bytes = new AtomicInteger();

    /** Whether it was taken. */
    boolean offer(byte[] event) {
        if (bytes.addAndGet(event.length) > MAX_WAITING_BYTES) {
            bytes.addAndGet(-event.length);
            return false;
        }
        return waiting.add(new Entry.Told(event));
    }

    void end(String json) {
        waiting.add(new Entry.Last(json));
    }

    /** The next, if one comes within the time. */
    Optional<Entry> poll(Duration limit) throws InterruptedException {
        Entry next = waiting.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (next instanceof Entry.Told told) {
            bytes.addAndGet(-told.event().length);
        }
        return Optional.ofNullable(next);
    }
}
