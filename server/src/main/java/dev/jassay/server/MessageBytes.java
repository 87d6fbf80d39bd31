package dev.jassay.server;

import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The bytes of one request message, read where the transport holds them.
 *
 * <p>gRPC hands a message over as a stream that it closes once the message has been delivered. A stream over the transport's own
 * buffers can be detached from that: then whoever detached it must close it, or the buffers are never given back. Such a stream goes
 * back to a mark, and shows its buffers one after the other, unless gRPC has joined small ones to an array. A stream that cannot be
 * detached, which is one of a compressed message, is read into a {@link HeapRoom} first: a few bytes can inflate to a largest message.
 *
 * <p>One thread at a time. {@link #close} gives back what is held; a second time does nothing.
 */
final class MessageBytes implements AutoCloseable {
    private static final int SCRATCH_BYTES = 8 << 10;

    /** Takes bytes in pieces. */
    interface Target {
        /** Takes all of a piece, which is good until this returns. */
        void take(ByteBuffer piece);
    }

    private final InputStream stream;
    private final Closeable held;
    private final boolean showsBuffers;

    private MessageBytes(InputStream stream, Closeable held) {
        this.stream = stream;
        this.held = held;
        this.showsBuffers = stream instanceof HasByteBuffer buffers && buffers.byteBufferSupported();
    }

    /**
     * Takes a message over from gRPC.
     *
     * @throws IOException if a compressed message cannot be inflated
     * @throws io.grpc.StatusRuntimeException if it inflates to more than the largest message
     */
    static MessageBytes of(InputStream message, HeapRoom room) throws IOException {
        if (message instanceof Detachable detachable && message instanceof KnownLength && message.markSupported()) {
            InputStream detached = detachable.detach();
            return new MessageBytes(detached, detached);
        }
        HeapRoom.Lease lease = room.take();
        try {
            int length = message.readNBytes(lease.bytes(), 0, lease.bytes().length);
            return new MessageBytes(new Inflated(lease.bytes(), length), lease);
        } catch (IOException | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    int remaining() throws IOException {
        return stream.available();
    }

    /** The next byte, or -1 at the end. */
    int read() throws IOException {
        return stream.read();
    }

    /** The next {@code length} bytes, at most {@link #remaining}. */
    byte[] read(int length) throws IOException {
        return stream.readNBytes(length);
    }

    /** At most {@link #remaining}. */
    void skip(int length) throws IOException {
        stream.skipNBytes(length);
    }

    /** The next {@code length} bytes, at most {@link #remaining}, where they lie if that can be. */
    void transfer(int length, Target target) throws IOException {
        if (showsBuffers) {
            transferViews(length, target);
        } else {
            transferCopies(length, target);
        }
    }

    /** From now on {@link #rewind} comes back to here. */
    void mark() {
        stream.mark(Integer.MAX_VALUE);
    }

    void rewind() throws IOException {
        stream.reset();
    }

    @Override
    public void close() {
        try {
            held.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void transferViews(int length, Target target) throws IOException {
        HasByteBuffer buffers = (HasByteBuffer) stream;
        for (int left = length; left > 0; ) {
            ByteBuffer piece = buffers.getByteBuffer();
            if (piece == null) {
                throw new IOException("the message is shorter than it was");
            }
            int count = Math.min(left, piece.remaining());
            target.take(piece.limit(piece.position() + count));
            // Also where there is nothing to skip: that drops an empty buffer.
            left -= (int) stream.skip(count);
        }
    }

    private void transferCopies(int length, Target target) throws IOException {
        byte[] scratch = new byte[Math.min(length, SCRATCH_BYTES)];
        for (int left = length; left > 0; ) {
            int count = stream.readNBytes(scratch, 0, Math.min(left, scratch.length));
            if (count == 0) {
                throw new IOException("the message is shorter than it was");
            }
            target.take(ByteBuffer.wrap(scratch, 0, count));
            left -= count;
        }
    }

    /** An inflated message, which shows itself as one buffer. */
    private static final class Inflated extends ByteArrayInputStream implements HasByteBuffer {
        Inflated(byte[] bytes, int length) {
            super(bytes, 0, length);
        }

        @Override
        public boolean byteBufferSupported() {
            return true;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return ByteBuffer.wrap(buf, pos, count - pos);
        }
    }
}
