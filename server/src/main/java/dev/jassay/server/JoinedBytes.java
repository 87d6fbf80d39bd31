package dev.jassay.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a message, joined from parts in heap memory: few of them in memory of their own, many in a place of a {@link HeapRoom}, which
 * is kept until {@link #close}. One thread at a time.
 */
final class JoinedBytes implements AutoCloseable {
    /** The most in memory of their own: every call may have so many. */
    static final int SMALL_BYTES = 64 << 10;

    private final HeapRoom room;
    private final ByteArrayOutputStream small = new ByteArrayOutputStream(0);
    private HeapRoom.@Nullable Lease large;
    private int length;

    JoinedBytes(HeapRoom room) {
        this.room = room;
    }

    /**
     * Appends the next {@code count} bytes of a message; with those before at most a place of the room. Waits for a place when they become
     * many.
     */
    void append(MessageBytes message, int count) throws IOException {
        if (large == null && length + count <= SMALL_BYTES) {
            small.write(message.read(count));
        } else {
            message.transfer(count, ByteBuffer.wrap(large(), length, count)::put);
        }
        length += count;
    }

    /** Those so far, as long as nothing else is done. */
    ByteBuffer bytes() {
        return ByteBuffer.wrap(large == null ? small.toByteArray() : large.bytes(), 0, length);
    }

    /** Those so far are forgotten; a place is kept. */
    void clear() {
        small.reset();
        length = 0;
    }

    @Override
    public void close() {
        clear();
        if (large != null) {
            large.close();
            large = null;
        }
    }

    private byte[] large() {
        if (large == null) {
            large = room.take();
            System.arraycopy(small.toByteArray(), 0, large.bytes(), 0, length);
        }
        return large.bytes();
    }
}
