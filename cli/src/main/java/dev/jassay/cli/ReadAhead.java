package dev.jassay.cli;

import dev.jassay.engine.Slab;
import dev.jassay.engine.SlabPool;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads a channel into slabs on a thread of its own, so that the next bytes come in while the last ones are judged. A slab is handed
 * over with what one read gave: whoever reads again while holding bytes may wait long, and the judge for them. One thread takes.
 */
final class ReadAhead implements AutoCloseable {
    /** One is judged, one waits, one is filled. */
    static final int SLABS = 3;

    private final ReadableByteChannel channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Slab> empty = new ArrayDeque<>();
    private final Queue<Slab> filled = new ArrayDeque<>();
    private boolean ended;
    private boolean stopped;
    private boolean closed;
    private @Nullable IOException failure;

    private ReadAhead(ReadableByteChannel channel, SlabPool slabs) {
        this.channel = channel;
        for (int slab = 0; slab < SLABS; slab++) {
            empty.add(slabs.acquire());
        }
    }

    static ReadAhead start(ReadableByteChannel channel, SlabPool slabs) {
        ReadAhead reader = new ReadAhead(channel, slabs);
        Thread.ofPlatform().daemon().name("jassay-read").start(reader::run);
        return reader;
    }

    /**
     * Waits for bytes.
     *
     * @return a slab to be given to {@link #giveBack}; empty at the end of the channel, and once nothing more is wanted
     * @throws IOException if the channel could not be read; what was read before it has been taken
     */
    Optional<Slab> take() throws IOException, InterruptedException {
        lock.lock();
        try {
            while (filled.isEmpty() && !ended && !stopped) {
                changed.await();
            }
            if (stopped) {
                return Optional.empty();
            }
            Slab next = filled.poll();
            if (next == null && failure != null) {
                throw failure;
            }
            return Optional.ofNullable(next);
        } finally {
            lock.unlock();
        }
    }

    /** Has {@link #take} give nothing more, whatever has been read or will be. Any thread. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Has a slab filled again. */
    void giveBack(Slab slab) {
        slab.clear();
        lock.lock();
        try {
            if (closed) {
                slab.close();
            } else {
                empty.add(slab);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives the slabs back, and ends the thread as soon as a read that is under way returns. The channel stays open. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            empty.forEach(Slab::close);
            filled.forEach(Slab::close);
            empty.clear();
            filled.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            Optional<Slab> slab = nextEmpty();
            while (slab.isPresent() && fill(slab.get())) {
                slab = nextEmpty();
            }
            end(null);
        } catch (IOException unreadable) {
            end(unreadable);
        }
    }

    /** @return whether there may be more */
    private boolean fill(Slab slab) throws IOException {
        try {
            int read = slab.readFrom(channel);
            handOver(slab);
            return read >= 0;
        } catch (IOException unreadable) {
            handOver(slab);
            throw unreadable;
        }
    }

    private Optional<Slab> nextEmpty() {
        lock.lock();
        try {
            while (empty.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            return Optional.ofNullable(empty.poll());
        } finally {
            lock.unlock();
        }
    }

    private void handOver(Slab slab) {
        lock.lock();
        try {
            if (closed || slab.length() == 0) {
                slab.close();
            } else {
                filled.add(slab);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(@Nullable IOException unreadable) {
        lock.lock();
        try {
            ended = true;
            failure = unreadable;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
