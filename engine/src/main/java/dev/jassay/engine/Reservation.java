package dev.jassay.engine;

import java.util.concurrent.atomic.AtomicBoolean;

/** Bytes taken of an engine's memory limit. Any thread. */
public final class Reservation implements AutoCloseable {
    private final Engine engine;
    private final long bytes;
    private final AtomicBoolean closed = new AtomicBoolean();

    Reservation(Engine engine, long bytes) {
        this.engine = engine;
        this.bytes = bytes;
    }

    /** What was reserved, whether or not it has been given back. */
    public long bytes() {
        return bytes;
    }

    /** Gives the bytes back. A second time does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            engine.release(bytes);
        }
    }
}
