package dev.jassay.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;

/** Inputs for tests. */
@NullMarked
final class Sources {
    private Sources() {}

    static InputStream of(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Gives a text, then nothing, until {@code end} is counted down. */
    static final class Blocking extends InputStream {
        final CountDownLatch blocked = new CountDownLatch(1);
        final CountDownLatch end = new CountDownLatch(1);
        private final InputStream first;

        Blocking(String first) {
            this.first = of(first);
        }

        @Override
        public int read() throws IOException {
            throw new IOException("not used");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = first.read(buffer, offset, length);
            if (read >= 0) {
                return read;
            }
            blocked.countDown();
            try {
                end.await();
            } catch (InterruptedException interrupt) {
                throw new IOException(interrupt);
            }
            return -1;
        }
    }

    /** Cannot be read. */
    static final class Broken extends InputStream {
        private final String reason;

        Broken(String reason) {
            this.reason = reason;
        }

        @Override
        public int read() throws IOException {
            throw new IOException(reason);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException(reason);
        }
    }

    /** Gives the same line for ever, and counts what was taken. */
    static final class Endless extends InputStream {
        final AtomicLong taken = new AtomicLong();
        private final byte[] line;

        Endless(String line) {
            this.line = (line + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int read() throws IOException {
            throw new IOException("not used");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            long start = taken.getAndAdd(length);
            for (int at = 0; at < length; at++) {
                buffer[offset + at] = line[(int) ((start + at) % line.length)];
            }
            return length;
        }
    }
}
