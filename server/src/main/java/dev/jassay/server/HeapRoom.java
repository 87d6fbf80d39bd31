package dev.jassay.server;

import java.io.Closeable;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;

/**
 * Heap memory for what has to lie there in one piece and may be as large as the largest message. There are only as many places as can
 * be of use at once, and who finds none waits for one: it must hold no place of this room already. Any thread.
 */
final class HeapRoom {
    private static final byte[] NOT_YET_MADE = {};

    private final int placeBytes;
    private final BlockingQueue<byte[]> free;

    HeapRoom(int places, int placeBytes) {
        this.placeBytes = placeBytes;
        this.free = new ArrayBlockingQueue<>(places);
        Stream.generate(() -> NOT_YET_MADE).limit(places).forEach(free::add);
    }

    /** Waits until a place is free: whoever has one is at work and waits for nobody. */
    Lease take() {
        Lease lease = new Lease(takeUninterruptibly());
        try {
            lease.make();
            return lease;
        } catch (OutOfMemoryError e) {
            lease.close();
            throw e;
        }
    }

    private byte[] takeUninterruptibly() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return free.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    int free() {
        return free.size();
    }

    /** One place, until it is closed. One thread at a time. */
    final class Lease implements Closeable {
        private byte[] bytes;
        private boolean closed;

        private Lease(byte[] bytes) {
            this.bytes = bytes;
        }

        private void make() {
            if (bytes.length == 0) {
                bytes = new byte[placeBytes];
            }
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                free.add(bytes);
            }
        }
    }
}
