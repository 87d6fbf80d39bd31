package dev.jassay.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Buffers in native memory, made when first needed and reused ever after: fresh ones cost page faults. Any thread.
 *
 * <p>The pool has no bound of its own: it grows to the most slabs that were ever open at once, so a caller reserves {@link
 * #slabBytes} for each before it acquires it. Their memory goes when the engine and all its slabs are no longer reachable.
 */
public final class SlabPool {
    /** What a thread has of a slab: enough that waking it costs little beside judging, few enough that slabs stay in the cache. */
    private static final int BYTES_PER_THREAD = 1 << 20;

    /** The largest slab: what a call reserves grows with it. */
    private static final int MAX_BYTES = 8 << 20;

    private static final long ALIGNMENT = 64;

    private final int slabBytes;
    private final Arena arena = Arena.ofAuto();
    private final Deque<MemorySegment> idle = new ArrayDeque<>();
    private int allocated;

    SlabPool(int slabBytes) {
        this.slabBytes = slabBytes;
    }

    /** Size of the slabs of an engine with so many threads. */
    public static int slabBytes(int threads) {
        return Math.min(threads, MAX_BYTES / BYTES_PER_THREAD) * BYTES_PER_THREAD;
    }

    /** Size of a slab. */
    public int slabBytes() {
        return slabBytes;
    }

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
            memory = arena.allocate(slabBytes, ALIGNMENT);
            allocated++;
        }
        return memory;
    }

    synchronized void giveBack(MemorySegment memory) {
        idle.addFirst(memory);
    }
}
