package dev.jassay.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The judging of one stream, or the merging of states. {@link #feed} and {@link #finish} by one thread at a time, which need not always be the same; {@link
 * #cancel} and {@link #close} by any, at any time.
 *
 * <p>After {@link #finish}, or after a call has thrown, the session can only be closed.
 */
public final class Session implements AutoCloseable {
    /** Of a state, written at once. */
    private static final long PIECE_BYTES = 1 << 20;

    private final JassayAbi abi;
    private final NativeHandle handle;
    private final AtomicBoolean busy = new AtomicBoolean();
    private @Nullable ListenerStub listener;

    Session(JassayAbi abi, NativeHandle handle) {
        this.abi = abi;
        this.handle = handle;
    }

    /**
     * Has a listener hear of the stream. Once at most, before anything is fed. What it throws comes out of this method, of {@link #feed},
     * {@link #flush} and {@link #finish}. Not of a merge.
     *
     * @param wanted one at least
     * @throws MemoryRefusedException if the engine's memory limit does not allow what waits to be told
     * @throws IllegalStateException if the session is closed, spent, in use or listened to
     */
    public void listen(Set<Wanted> wanted, SessionListener hears) {
        if (listener != null) {
            throw new IllegalStateException("the session is listened to");
        }
        ListenerStub stub = new ListenerStub(hears);
        listener = stub;
        int all = (wanted.contains(Wanted.EVENTS) ? JassayAbi.WANT_EVENTS : 0)
                | (wanted.contains(Wanted.OUTPUTS) ? JassayAbi.WANT_OUTPUTS : 0);
        call((session, error) -> abi.sessionListen(session, all, stub.function(), error));
    }

    /**
     * Judges what has been decompressed and still waits, and tells the listener what waits for its batch to be full. At most 16 KiB of a
     * compressed stream wait on. Not of a merge. Throws as {@link #feed}.
     */
    public void flush() {
        call(abi::sessionFlush);
    }

    /** One of the functions on a session. */
    private interface SessionFunction {
        int call(MemorySegment session, MemorySegment error);
    }

    private int call(SessionFunction function) {
        return exclusively(session -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment error = arena.allocate(JassayAbi.ERROR);
                int status = function.call(session, error);
                check(status, error);
                return status;
            }
        });
    }

    private void check(int status, MemorySegment error) {
        if (status == JassayAbi.CANCELLED && listener != null) {
            listener.rethrow();
        }
        Engine.check(status, error);
    }

    /**
     * Judges the bytes in a slab, the next ones of the stream, on this thread and on workers. Afterwards they are no longer needed;
     * the slab keeps them until it is cleared.
     *
     * @throws MemoryRefusedException if the engine's memory limit does not allow what has to be kept
     * @throws SessionCancelledException if the session was cancelled
     * @throws StateException if a state cannot be merged
     * @throws EngineFaultException on a defect of the engine
     * @throws IllegalStateException if the session is closed, spent or in use, or the slab is closed or in use
     */
    public Progress feed(Slab slab) {
        int status =
                slab.lend(bytes -> call((session, error) -> abi.sessionFeed(session, bytes, bytes.byteSize(), error)));
        return status == JassayAbi.DONE ? Progress.DONE : Progress.MORE;
    }

    /**
     * Tells how far the session is.
     *
     * @throws IllegalStateException if the session is closed, spent or in use
     */
    public SessionProgress progress() {
        return exclusively(session -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment progress = arena.allocate(JassayAbi.PROGRESS);
                MemorySegment error = arena.allocate(JassayAbi.ERROR);
                Engine.check(abi.sessionProgress(session, progress, error), error);
                return read(progress);
            }
        });
    }

    private static SessionProgress read(MemorySegment progress) {
        return new SessionProgress(
                progress.get(JAVA_LONG, JassayAbi.PROGRESS_BYTES_OFFSET),
                progress.get(JAVA_LONG, JassayAbi.PROGRESS_RECORDS_OFFSET),
                progress.get(JAVA_LONG, JassayAbi.PROGRESS_INVALID_OFFSET),
                progress.get(JAVA_INT, JassayAbi.PROGRESS_TERMINATION_OFFSET),
                progress.get(JAVA_LONG, JassayAbi.PROGRESS_STOPPED_AT_OFFSET));
    }

    /**
     * Ends the stream before its first record that has not been judged, with the termination INTERRUPTED; where it has ended by itself,
     * nothing changes. Afterwards the session can only be finished or merged. Not of a merge.
     *
     * @throws SessionCancelledException if the session was cancelled
     * @throws IllegalStateException if the session is closed, spent or in use
     */
    public void interrupt() {
        call(abi::sessionInterrupt);
    }

    /**
     * Ends the stream as a part of a whole and begins another one. Afterwards the session can be fed that, or be given to {@link #merge};
     * it cannot be finished. Its config has to be {@code with_state}. Not of a merge.
     *
     * @param number the part's place in the whole; they rise from call to call
     * @param source names it in violations; at most 512 bytes of UTF-8
     * @return how far the part came, and how it ended
     * @throws MemoryRefusedException if the engine's memory limit does not allow what has to be kept
     * @throws SessionCancelledException if the session was cancelled
     * @throws EngineFaultException on a defect of the engine
     * @throws IllegalStateException if the session is closed, spent or in use
     */
    public SessionProgress endPart(int number, String source) {
        return exclusively(session -> {
            try (Arena arena = Arena.ofConfined()) {
                byte[] text = source.getBytes(UTF_8);
                MemorySegment name = arena.allocate(text.length).copyFrom(MemorySegment.ofArray(text));
                MemorySegment progress = arena.allocate(JassayAbi.PROGRESS);
                MemorySegment error = arena.allocate(JassayAbi.ERROR);
                Engine.check(abi.sessionEndPart(session, number, name, text.length, progress, error), error);
                return read(progress);
            }
        });
    }

    /**
     * Adds the parts that have ended in another session to this one, which is of a merge. The other one can then only be closed.
     *
     * @param parts one at least, none of which has come before
     * @throws MemoryRefusedException if the engine's memory limit does not allow it
     * @throws SessionCancelledException if one of the two was cancelled
     * @throws StateException if a part has come before, or the configs differ
     * @throws EngineFaultException on a defect of the engine
     * @throws IllegalStateException if one of the two is closed, spent or in use
     */
    public void merge(Session parts) {
        exclusively(merge -> parts.exclusively(ended -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment error = arena.allocate(JassayAbi.ERROR);
                int merged = abi.sessionMerge(merge, ended, error);
                Engine.check(merged, error);
                return merged;
            }
        }));
    }

    /**
     * Ends the stream and writes its state, of any size; the result will then be without it. Writes nothing where the config has not
     * {@code with_state}. Afterwards the session can only be finished.
     *
     * @param to in blocking mode
     * @throws IOException if it cannot be written
     * @throws MemoryRefusedException if the engine's memory limit does not allow the state
     * @throws SessionCancelledException if the session was cancelled
     * @throws StateException if what was fed are no states to be merged
     * @throws EngineFaultException on a defect of the engine
     * @throws IllegalStateException if the session is closed, spent or in use
     */
    public void writeState(WritableByteChannel to) throws IOException {
        try {
            exclusively(session -> {
                MemorySegment state = Engine.output(session, abi::sessionState);
                for (long from = 0; from < state.byteSize(); from += PIECE_BYTES) {
                    write(state.asSlice(from, Math.min(PIECE_BYTES, state.byteSize() - from)), to);
                }
                return state;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void write(MemorySegment piece, WritableByteChannel to) {
        try {
            ByteBuffer bytes = piece.asByteBuffer();
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ends the stream, unless that has been done.
     *
     * @return an encoded {@code ProcessResult}
     * @throws MemoryRefusedException if the engine's memory limit does not allow the result
     * @throws SessionCancelledException if the session was cancelled
     * @throws StateException if what was fed are no states to be merged
     * @throws EngineFaultException on a defect of the engine
     * @throws IllegalStateException if the session is closed, spent or in use
     */
    public byte[] finish() {
        try {
            return exclusively(
                    session -> Engine.output(session, abi::sessionFinish).toArray(JAVA_BYTE));
        } catch (SessionCancelledException e) {
            if (listener != null) {
                listener.rethrow();
            }
            throw e;
        }
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
