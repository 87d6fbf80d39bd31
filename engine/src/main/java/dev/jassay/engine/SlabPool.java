package dev.jassay.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Buffers in native memory, made when first needed and reused ever after: fresh ones cost page faults. Any thread.
 *
 * <p>The pool has no bound of its own: it grows to the most slabs that were ever open at once, so a caller reserves {@link
 * #SLAB_BYTES} for each before it acquires it. Their memory goes when the engine and all its slabs are no longer reachable.
 */
public final class SlabPool {
    /** Size of a slab: large enough that a downcall a slab costs nothing, small enough that a few of them stay in the cache. */
    public static final int SLAB_BYTES = 1 << 20;

    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofAuto();
    private final Deque<MemorySegment> idle = new ArrayDeque<>();
    private int allocated;

    SlabPool() {}

    /** An empty slab. Closing it gives it back. */
    public Slab acquire() {
        return new Slab(this, take());
    }

    /** Slabs made so far, open or idle. */
    public synchronized int allocated() {
        return allocated;
    }

    /** Slabs that wait to be acquired. */
    public synchronized int idle() {
        return idle.size();
    }

    /** The one used last comes first: it is most likely still in the cache. */
    private synchronized MemorySegment take() {
        MemorySegment memory = idle.pollFirst();
        if (memory == null) {
            memory = arena.allocate(SLAB_BYTES, ALIGNMENT);
            allocated++;
        }
        return memory;
    }

    synchronized void giveBack(MemorySegment memory) {
        idle.addFirst(memory);
    }
}
