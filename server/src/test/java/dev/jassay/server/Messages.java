package dev.jassay.server;

import io.grpc.internal.CompositeReadableBuffer;
import io.grpc.internal.ForwardingReadableBuffer;
import io.grpc.internal.ReadableBuffer;
import io.grpc.internal.ReadableBuffers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Encoded messages as gRPC hands them over: the same bytes in buffers of many shapes. */
final class Messages {
    private Messages() {}

    /** Every shape, cut in two at every place if the message is short. */
    static List<InputStream> inEveryShape(byte[] message) {
        List<InputStream> shapes = new ArrayList<>();
        shapes.add(heap(message));
        shapes.add(direct(message));
        shapes.add(byteByByte(message));
        shapes.add(undetachable(message));
        shapes.add(gzipped(message));
        int step = Math.max(1, message.length / 64);
        for (int cut = 0; cut <= message.length; cut += step) {
            shapes.add(cutAt(message, cut));
        }
        return shapes;
    }

    static InputStream heap(byte[] message) {
        return stream(ReadableBuffers.wrap(message));
    }

    static InputStream direct(byte[] message) {
        return stream(directBuffer(message, 0, message.length));
    }

    /** Direct and heap memory by turns, an empty buffer after each byte. */
    static InputStream byteByByte(byte[] message) {
        CompositeReadableBuffer buffers = new CompositeReadableBuffer();
        for (int at = 0; at < message.length; at++) {
            buffers.addBuffer(at % 2 == 0 ? directBuffer(message, at, 1) : ReadableBuffers.wrap(message, at, 1));
            buffers.addBuffer(ReadableBuffers.wrap(new byte[0]));
        }
        return stream(buffers);
    }

    static InputStream cutAt(byte[] message, int cut) {
        CompositeReadableBuffer buffers = new CompositeReadableBuffer();
        buffers.addBuffer(directBuffer(message, 0, cut));
        buffers.addBuffer(directBuffer(message, cut, message.length - cut));
        return stream(buffers);
    }

    /** A stream that is nothing more than that. */
    static InputStream undetachable(byte[] message) {
        return new FilterInputStream(new ByteArrayInputStream(message)) {};
    }

    /** As of a compressed message. */
    static InputStream gzipped(byte[] message) {
        return inflating(gzip(message));
    }

    /** As of a compressed message that lacks its last bytes. */
    static InputStream gzippedAndCutOff(byte[] message) {
        byte[] compressed = gzip(message);
        return inflating(Arrays.copyOf(compressed, compressed.length - 10));
    }

    private static byte[] gzip(byte[] message) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    private static InputStream inflating(byte[] compressed) {
        try {
            return new GZIPInputStream(new ByteArrayInputStream(compressed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts how often its buffer is given back. */
    static InputStream counting(byte[] message, AtomicInteger closed) {
        CompositeReadableBuffer buffers = new CompositeReadableBuffer();
        buffers.addBuffer(new ForwardingReadableBuffer(ReadableBuffers.wrap(message)) {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        });
        return stream(buffers);
    }

    private static InputStream stream(ReadableBuffer buffer) {
        return ReadableBuffers.openStream(buffer, true);
    }

    private static ReadableBuffer directBuffer(byte[] bytes, int offset, int length) {
        return ReadableBuffers.wrap(
                ByteBuffer.allocateDirect(length).put(bytes, offset, length).flip());
    }
}
