package dev.jassay.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Objects;
import java.util.function.Function;

/**
 * A buffer of {@link SlabPool#slabBytes} bytes in native memory, filled from its start. One thread at a time; {@link #close} by
 * any, at any time. Every method but that throws IllegalStateException once the slab is closed, and while it is in use: read by a
 * session or filled from a channel.
 */
public final class Slab implements AutoCloseable {
    private enum State {
        OPEN,
        LENT,
        CLOSED_WHILE_LENT,
        CLOSED
    }

    private final SlabPool pool;
    private final MemorySegment memory;
    private final ByteBuffer view;
    private State state = State.OPEN;

    Slab(SlabPool pool, MemorySegment memory) {
        this.pool = pool;
        this.memory = memory;
        this.view = memory.asByteBuffer();
    }

    /** Bytes that can still be put in. */
    public synchronized int room() {
        requireOpen();
        return view.remaining();
    }

    /** Bytes that were put in. */
    public synchronized int length() {
        requireOpen();
        return view.position();
    }

    /** Makes the slab empty. */
    public synchronized void clear() {
        requireOpen();
        view.clear();
    }

    /**
     * Copies as many bytes as there is room for, and advances the buffer past them.
     *
     * @return how many
     */
    public synchronized int put(ByteBuffer bytes) {
        requireOpen();
        int count = Math.min(view.remaining(), bytes.remaining());
        view.put(view.position(), bytes, bytes.position(), count);
        view.position(view.position() + count);
        bytes.position(bytes.position() + count);
        return count;
    }

    /**
     * Copies as many of {@code length} bytes as there is room for.
     *
     * @return how many
     */
    public synchronized int put(byte[] bytes, int offset, int length) {
        requireOpen();
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int count = Math.min(view.remaining(), length);
        view.put(bytes, offset, count);
        return count;
    }

    /**
     * Reads once from a channel, at most as many bytes as there is room for.
     *
     * @return how many, or -1 at the channel's end; 0 where there is no room
     */
    public int readFrom(ReadableByteChannel channel) throws IOException {
        lendOut();
        try {
            return view.hasRemaining() ? channel.read(view) : 0;
        } finally {
            takeBack();
        }
    }

    /** Gives the slab back to its pool, or, where it is in use, as soon as it no longer is. A second time does nothing. */
    @Override
    public void close() {
        boolean unused;
        synchronized (this) {
            unused = state == State.OPEN;
            state = switch (state) {
                case OPEN, CLOSED -> State.CLOSED;
                case LENT, CLOSED_WHILE_LENT -> State.CLOSED_WHILE_LENT;
            };
        }
        if (unused) {
            pool.giveBack(memory);
        }
    }

    /** Runs a call that reads the bytes put in, during which the slab cannot change. */
    <R> R lend(Function<MemorySegment, R> reader) {
        lendOut();
        try {
            return reader.apply(memory.asSlice(0, view.position()));
        } finally {
            takeBack();
        }
    }

    private synchronized void lendOut() {
        requireOpen();
        state = State.LENT;
    }

    private void takeBack() {
        boolean unused;
        synchronized (this) {
            unused = state == State.CLOSED_WHILE_LENT;
            state = unused ? State.CLOSED : State.OPEN;
        }
        if (unused) {
            pool.giveBack(memory);
        }
    }

    private void requireOpen() {
        switch (state) {
            case OPEN -> {}
            case LENT -> throw new IllegalStateException("the slab is in use");
            case CLOSED_WHILE_LENT, CLOSED -> throw new IllegalStateException("the slab is closed");
        }
    }
}
