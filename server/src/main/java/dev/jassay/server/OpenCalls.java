package dev.jassay.server;

import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The calls that hold memory of the engine: lets them in, until the server drains. Any thread. */
final class OpenCalls {
    private final int limit;
    private final Set<OpenCall> calls = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean draining;

    OpenCalls(int limit) {
        this.limit = limit;
    }

    /** @throws RefusedException if as many are open as may be, or the server drains */
    synchronized void enter(OpenCall call) throws RefusedException {
        if (draining) {
            throw new RefusedException(Refusal.draining());
        }
        if (calls.size() >= limit) {
            throw new RefusedException(
                    Refusal.admissionLimit("the server serves no more than " + limit + " calls at once"));
        }
        calls.add(call);
    }

    /** A second time does nothing. */
    synchronized void leave(OpenCall call) {
        calls.remove(call);
        notifyAll();
    }

    /** From now on nobody enters. */
    synchronized void drain() {
        draining = true;
    }

    synchronized boolean draining() {
        return draining;
    }

    /** Those open at this moment. */
    synchronized List<OpenCall> list() {
        return List.copyOf(calls);
    }

    /** Waits until none is open, but not longer than {@code limit}. */
    synchronized void awaitNone(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (long left = limit.toNanos(); !calls.isEmpty() && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
