package dev.jassay.server;

import dev.jassay.engine.Engine;
import dev.jassay.engine.MemoryRefusedException;
import dev.jassay.engine.Progress;
import dev.jassay.engine.Reservation;
import dev.jassay.engine.SessionCancelledException;
import dev.jassay.engine.SessionListener;
import dev.jassay.engine.SessionProgress;
import dev.jassay.engine.Told;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of {@code Process} that came by another way than gRPC: takes a config and a stream, and gives the result.
 *
 * <p>One thread at a time, which may be a virtual one and waits while the engine works: calls into the engine run on the server's own
 * threads. Whoever makes many calls makes them in {@link #runOnServerThread}, where they need not change threads. {@link #cancel} by any,
 * at any time. Where a method has thrown RefusedException, the call can only be closed; {@link #close} frees all that it holds.
 */
public final class ProcessCall implements OpenCall, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessCall.class);

    /** After which what waits in the engine for its batch to be full is told: a tenth of a second, as people see it. */
    private static final long TELLING_PERIOD = TimeUnit.MILLISECONDS.toNanos(100);

    /** Something for the engine to do. */
    private interface Step<R> {
        R run() throws RefusedException;
    }

    private final ProcessCalls calls;
    private final Engine engine;
    private final Runnable interrupted;
    private final JudgedStream stream;
    private final AtomicLong received = new AtomicLong();

    /** Set once. */
    private final AtomicReference<@Nullable Refusal> interruption = new AtomicReference<>();

    private volatile boolean busy;

    /** The server's thread that acts on the call, if one does. */
    private volatile @Nullable Thread worker;

    private volatile boolean answered;
    private volatile long quietSince;

    private volatile SessionProgress progress = new SessionProgress(0, 0, 0, 0, 0);
    private @Nullable Reservation memory;
    private @Nullable Reservation resultMemory;

    ProcessCall(ProcessCalls calls, Runnable interrupted) {
        this.calls = calls;
        this.engine = calls.engine();
        this.interrupted = interrupted;
        this.stream = new JudgedStream(engine, Task.PROCESS, calls.defaults());
        this.quietSince = calls.now();
    }

    /** Reserves what the call holds beside the engine. */
    void enter(long bytes) throws RefusedException {
        onCallThread(() -> {
            Reservation reserved = reserveCall(bytes);
            try {
                calls.open().enter(this);
            } catch (RefusedException e) {
                reserved.close();
                throw e;
            }
            memory = reserved;
            return reserved;
        });
    }

    private Reservation reserveCall(long bytes) throws RefusedException {
        try {
            return engine.reserve(bytes);
        } catch (MemoryRefusedException e) {
            throw new RefusedException(Refusal.admissionLimit("the server has no memory left for another call"));
        }
    }

    /**
     * Runs on a thread of the server what acts on the call, and waits until it is done. It may block, but not on the client: there are
     * as many threads as calls.
     *
     * @throws RefusedException if the server has stopped
     */
    public void runOnServerThread(Runnable acts) throws RefusedException {
        var _ = onCallThread(() -> {
            acts.run();
            return this;
        });
    }

    /**
     * Has a listener hear of the stream, before any of it or its config is taken. It must neither throw nor wait: the call waits for it.
     */
    public void listen(SessionListener hears) {
        stream.listen(new Hearing(hears));
    }

    private final class Hearing implements ProgressListener {
        private final SessionListener hears;
        private long lastTold = calls.now();

        Hearing(SessionListener hears) {
            this.hears = hears;
        }

        @Override
        public void hear(Told told, ByteBuffer bytes) {
            hears.hear(told, bytes);
        }

        @Override
        public boolean due() {
            return calls.now() - lastTold >= TELLING_PERIOD;
        }

        @Override
        public void progressed(SessionProgress now) {
            lastTold = calls.now();
            progress = now;
        }
    }

    /** How far a call is that is listened to, as of the last call to the engine. Any thread. */
    public SessionProgress progress() {
        return progress;
    }

    /**
     * Judges what has come, and tells it where somebody listens: for when nothing more comes for a while.
     *
     * @return DONE if no byte that could still come would change the result
     */
    public Progress flush() throws RefusedException {
        return stream.canFlush() ? onCallThread(stream::flush) : Progress.MORE;
    }

    /** Tells that so many bytes have come over the wire: the client is at work. */
    public void received(long bytes) {
        received.addAndGet(bytes);
        quietSince = calls.now();
    }

    /**
     * Compiles the config of the stream, before any of that has been taken.
     *
     * @param encoded a {@code ProcessConfig}
     */
    public void configure(byte[] encoded) throws RefusedException {
        var _ = onCallThread(() -> {
            stream.configure(ByteBuffer.wrap(encoded));
            return this;
        });
    }

    /**
     * Takes the next bytes of the stream, judging on the way what does not fit the slab; they are not needed afterwards.
     *
     * @return DONE if no byte that could still come would change the result
     */
    public Progress accept(ByteBuffer bytes) throws RefusedException {
        while (bytes.hasRemaining()) {
            if (stream.full() && onCallThread(stream::judge) == Progress.DONE) {
                return Progress.DONE;
            }
            stream.slab().put(bytes);
        }
        return Progress.MORE;
    }

    /** Judges what has come, unless it is too little to be worth a call to the engine. */
    public Progress workOnWhatCame() throws RefusedException {
        return stream.worthJudging() ? onCallThread(stream::judge) : Progress.MORE;
    }

    /**
     * Judges the rest and gives back all that the call holds but the result, whose bytes stay reserved until {@link #close}.
     *
     * @return an encoded {@code ProcessResult}
     */
    public byte[] finish() throws RefusedException {
        return onCallThread(() -> {
            byte[] result = stream.finish();
            giveBack();
            resultMemory = engine.reserve(result.length);
            answered = true;
            return result;
        });
    }

    /** Ends the call as soon as the engine can be stopped. Any thread. */
    public void cancel() {
        try {
            calls.threads().execute(() -> interrupt(Refusal.cancelled()));
        } catch (RejectedExecutionException e) {
            // The server has stopped, which ends all calls.
            LOG.debug("a call was cancelled too late", e);
        }
    }

    @Override
    public void interrupt(Refusal refusal) {
        if (interruption.compareAndSet(null, refusal)) {
            stream.cancel();
            interrupted.run();
        }
    }

    /** Why the call is to end, if it is. Any thread. */
    public Optional<Refusal> interruption() {
        return Optional.ofNullable(interruption.get());
    }

    /** An answer that is not read is for whoever sends it to give up. */
    @Override
    public void endIfStalled() {
        if (!busy && !answered && calls.now() - quietSince >= calls.idle().toNanos()) {
            interrupt(stalledRefusal());
        }
    }

    /** Why a call is ended whose client has sent nothing for too long. */
    public Refusal stalledRefusal() {
        return Refusal.clientStalled(calls.idle());
    }

    @Override
    public long receivedBytes() {
        return received.get();
    }

    @Override
    public boolean busy() {
        return busy;
    }

    /** Frees what the call holds, and leaves its place to another. A second time does nothing. */
    @Override
    public void close() {
        CompletableFuture<Void> freed = new CompletableFuture<>();
        Runnable free = () -> {
            try {
                giveBack();
                if (resultMemory != null) {
                    resultMemory.close();
                }
            } finally {
                calls.open().leave(this);
                var _ = freed.complete(null);
            }
        };
        try {
            calls.threads().execute(free);
        } catch (RejectedExecutionException e) {
            // The server has stopped without waiting for the call any longer.
            Thread.ofPlatform().name("jassay-late").start(free);
        }
        freed.join();
    }

    private void giveBack() {
        stream.close();
        if (memory != null) {
            memory.close();
        }
    }

    /** Waits for a step, even where the waiting thread is interrupted: nothing is freed under a running call to the engine. */
    private <R> R onCallThread(Step<R> step) throws RefusedException {
        if (Thread.currentThread().equals(worker)) {
            return outcome(step).orThrow();
        }
        CompletableFuture<Outcome<R>> outcome = new CompletableFuture<>();
        busy = true;
        try {
            calls.threads().execute(() -> {
                worker = Thread.currentThread();
                Outcome<R> told = outcome(step);
                worker = null;
                outcome.complete(told);
            });
            return outcome.join().orThrow();
        } catch (RejectedExecutionException e) {
            throw new RefusedException(Refusal.draining());
        } finally {
            quietSince = calls.now();
            busy = false;
        }
    }

    private sealed interface Outcome<R> {
        record Done<R>(R result) implements Outcome<R> {}

        record Refused<R>(Refusal refusal) implements Outcome<R> {}

        default R orThrow() throws RefusedException {
            return switch (this) {
                case Done<R>(R result) -> result;
                case Refused<R>(Refusal refusal) -> throw new RefusedException(refusal);
            };
        }
    }

    private <R> Outcome<R> outcome(Step<R> step) {
        Refusal told = interruption.get();
        if (told != null) {
            return new Outcome.Refused<>(told);
        }
        try {
            return new Outcome.Done<>(step.run());
        } catch (SessionCancelledException | CancellationException e) {
            return new Outcome.Refused<>(interruption().orElseGet(Refusal::cancelled));
        } catch (Exception | Error e) {
            return new Outcome.Refused<>(Refusal.of(e));
        }
    }
}
