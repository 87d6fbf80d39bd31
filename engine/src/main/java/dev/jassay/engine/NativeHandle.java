package dev.jassay.engine;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A native object and the right to free it. Any thread. It is freed once: by {@link #close}, or, where calls on it still run then,
 * when the last of them returns. So no call can reach a freed object, and closing never waits.
 */
final class NativeHandle implements AutoCloseable {
    private final String name;
    private final MemorySegment address;
    private final Consumer<MemorySegment> free;
    private int calls;
    private boolean closed;

    /** {@code name} is what messages call the object. */
    NativeHandle(String name, MemorySegment address, Consumer<MemorySegment> free) {
        this.name = name;
        this.address = address;
        this.free = free;
    }

    /** Runs a call on the object. IllegalStateException if it is closed. */
    <R> R call(Function<MemorySegment, R> body) {
        if (!enter()) {
            throw new IllegalStateException("the " + name + " is closed");
        }
        try {
            return body.apply(address);
        } finally {
            leave();
        }
    }

    /** Runs a call on the object, or does nothing if it is closed. */
    void callIfOpen(Consumer<MemorySegment> body) {
        if (enter()) {
            try {
                body.accept(address);
            } finally {
                leave();
            }
        }
    }

    @Override
    public void close() {
        boolean last;
        synchronized (this) {
            last = !closed && calls == 0;
            closed = true;
        }
        if (last) {
            free.accept(address);
        }
    }

    private synchronized boolean enter() {
        if (closed) {
            return false;
        }
        calls++;
        return true;
    }

    private void leave() {
        boolean last;
        synchronized (this) {
            calls--;
            last = closed && calls == 0;
        }
        if (last) {
            free.accept(address);
        }
    }
}
