package dev.jassay.web;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Heap memory for configs on their way in, which may be as large as a schema and come slowly. Small ones have memory of their own; of large
 * ones, what all together hold is bounded, and who finds no more is refused. Any thread.
 */
final class ConfigRoom {
    /** The largest config, as of gRPC. */
    static final int MAX_CONFIG_BYTES = (4 << 20) + (64 << 10);

    /** What each call may have without asking. */
    static final int SMALL_BYTES = 64 << 10;

    /** An eighth of the heap that bin/jassay asks for. */
    static final int ROOM_BYTES = 32 << 20;

    private static final int STEP_BYTES = 64 << 10;

    private final Semaphore steps = new Semaphore(ROOM_BYTES / STEP_BYTES);
    private final ReentrantLock turn = new ReentrantLock();

    /** Whether there is room for one more step of {@link #STEP_BYTES}, which is then taken. */
    boolean tryStep() {
        return steps.tryAcquire();
    }

    void giveBack(int count) {
        steps.release(count);
    }

    int free() {
        return steps.availablePermits() * STEP_BYTES;
    }

    /** How many steps a config of so many bytes takes. */
    static int stepsOf(int bytes) {
        return bytes <= SMALL_BYTES ? 0 : Math.ceilDiv(bytes - SMALL_BYTES, STEP_BYTES);
    }

    /** Held by whoever parses or compiles a large config: that takes several times its memory. */
    ReentrantLock turn() {
        return turn;
    }
}
