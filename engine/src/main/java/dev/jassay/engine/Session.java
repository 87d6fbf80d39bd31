package dev.jassay.engine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The judging of one stream. {@link #feed} and {@link #finish} by one thread at a time, which need not always be the same; {@link
 * #cancel} and {@link #close} by any, at any time.
 *
 * <p>After {@link #finish}, or after a call has thrown, the session can only be closed.
 */
@SuppressWarnings("restricted")
public final class Session implements AutoCloseable {
    private final JassayAbi abi;
    private final NativeHandle handle;
    private final AtomicBoolean busy = new AtomicBoolean();

    Session(JassayAbi abi, NativeHandle handle) {
        this.abi = abi;
        this.handle = handle;
    }

    /**
     * Judges the bytes in a slab, the next ones of the stream, on this thread and on workers. Afterwards they are no longer needed;
     * the slab keeps them until it is cleared.
     *
     * @throws MemoryRefusedException if the engine's memory limit does not allow what has to be kept
     * @throws SessionCancelledException if the session was cancelled
     * @throws EngineFaultException on a defect of the engine
     * @throws IllegalStateException if the session is closed, spent or in use, or the slab is closed or in use
     */
    public Progress feed(Slab slab) {
        int status = slab.lend(bytes -> exclusively(session -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment error = arena.allocate(JassayAbi.ERROR);
                int fed = abi.sessionFeed(session, bytes, bytes.byteSize(), error);
                Engine.check(fed, error);
                return fed;
            }
        }));
        return status == JassayAbi.DONE ? Progress.DONE : Progress.MORE;
    }

    /**
     * Ends the stream.
     *
     * @return an encoded {@code ProcessResult}
     * @throws MemoryRefusedException if the engine's memory limit does not allow the result
     * @throws SessionCancelledException if the session was cancelled
     * @throws EngineFaultException on a defect of the engine
     * @throws IllegalStateException if the session is closed, spent or in use
     */
    public byte[] finish() {
        return exclusively(session -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment result = arena.allocate(ADDRESS);
                MemorySegment length = arena.allocate(JAVA_LONG);
                MemorySegment error = arena.allocate(JassayAbi.ERROR);
                Engine.check(abi.sessionFinish(session, result, length, error), error);
                return result.get(ADDRESS, 0)
                        .reinterpret(length.get(JAVA_LONG, 0))
                        .toArray(JAVA_BYTE);
            }
        });
    }

    /** Makes a running or later call throw SessionCancelledException, within 100 ms. Does nothing if the session is closed. */
    public void cancel() {
        handle.callIfOpen(abi::sessionCancel);
    }

    /**
     * Frees the session and what it has reserved. Waits for nothing: where a call runs on another thread, that call is cancelled and
     * the session freed as it returns. A second time does nothing.
     */
    @Override
    public void close() {
        if (busy.get()) {
            cancel();
        }
        handle.close();
    }

    private <R> R exclusively(Function<MemorySegment, R> call) {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("the session is in use by another thread");
        }
        try {
            return handle.call(call);
        } finally {
            busy.set(false);
        }
    }
}
