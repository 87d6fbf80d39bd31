package dev.jassay.server;

import dev.jassay.engine.ConfigException;
import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineFaultException;
import dev.jassay.engine.MemoryRefusedException;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Progress;
import dev.jassay.engine.Reservation;
import dev.jassay.engine.SchemaException;
import dev.jassay.engine.Session;
import dev.jassay.engine.SessionCancelledException;
import dev.jassay.engine.SessionListener;
import dev.jassay.engine.SessionProgress;
import dev.jassay.engine.Slab;
import dev.jassay.engine.Wanted;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
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

    /** As of the streams of gRPC. */
    private static final int JUDGED_AT_ONCE = EngineStream.JUDGED_AT_ONCE;

    /** After which what waits in the engine for its batch to be full is told: a tenth of a second, as people see it. */
    private static final long TELLING_PERIOD = TimeUnit.MILLISECONDS.toNanos(100);

    /** Something for the engine to do. */
    private interface Step<R> {
        R run() throws RefusedException;
    }

    private final ProcessCalls calls;
    private final Engine engine;
    private final Runnable interrupted;
    private final AtomicLong received = new AtomicLong();

    /** Set once. */
    private final AtomicReference<@Nullable Refusal> interruption = new AtomicReference<>();

    private volatile @Nullable Session session;
    private volatile boolean busy;

    /** The server's thread that acts on the call, if one does. */
    private volatile @Nullable Thread worker;

    private volatile boolean answered;
    private volatile long quietSince;

    private volatile SessionProgress progress = new SessionProgress(0, 0, 0, 0, 0);
    private @Nullable SessionListener listener;
    private long lastTold;

    private @Nullable Reservation memory;
    private @Nullable Reservation resultMemory;
    private @Nullable Slab slab;

    ProcessCall(ProcessCalls calls, Runnable interrupted) {
        this.calls = calls;
        this.engine = calls.engine();
        this.interrupted = interrupted;
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
        listener = hears;
    }

    /** How far a call is that is listened to, as of the last call to the engine. Any thread. */
    public SessionProgress progress() {
        return progress;
    }

    /** Judges what has come and tells it, where somebody listens: for when nothing more comes for a while. */
    public void flush() throws RefusedException {
        if (listener == null || session == null) {
            return;
        }
        onCallThread(() -> {
            Slab rest = slab;
            if (rest != null && rest.length() > 0) {
                session().feed(rest);
                rest.clear();
            }
            tell(session());
            return this;
        });
    }

    private void tell(Session judging) {
        lastTold = calls.now();
        judging.flush();
        progress = judging.progress();
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
        onCallThread(() -> {
            if (session != null) {
                throw new RefusedException(Refusal.configOutOfOrder());
            }
            // The engine copies the config.
            try (Reservation _ = engine.reserve(encoded.length);
                    Plan plan = Task.PROCESS.compile(engine, ByteBuffer.wrap(encoded))) {
                return open(plan);
            } catch (ConfigException e) {
                throw new RefusedException(Refusal.configRefused(e, Task.PROCESS));
            }
        });
    }

    /**
     * Takes the next bytes of the stream, judging on the way what does not fit the slab; they are not needed afterwards.
     *
     * @return DONE if no byte that could still come would change the result
     */
    public Progress accept(ByteBuffer bytes) throws RefusedException {
        Slab target = slab();
        while (bytes.hasRemaining()) {
            if (target.room() == 0 && judge(target) == Progress.DONE) {
                return Progress.DONE;
            }
            target.put(bytes);
        }
        return Progress.MORE;
    }

    /** Judges what has come, unless it is too little to be worth a call to the engine. */
    public Progress workOnWhatCame() throws RefusedException {
        Slab filled = slab;
        return filled != null && filled.length() >= JUDGED_AT_ONCE ? judge(filled) : Progress.MORE;
    }

    /**
     * Judges the rest and gives back all that the call holds but the result, whose bytes stay reserved until {@link #close}.
     *
     * @return an encoded {@code ProcessResult}
     */
    public byte[] finish() throws RefusedException {
        return onCallThread(() -> {
            Session judging = session();
            Slab rest = slab;
            if (rest != null && rest.length() > 0) {
                judging.feed(rest);
            }
            byte[] result = judging.finish();
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
            Session judging = session;
            if (judging != null) {
                judging.cancel();
            }
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
        if (slab != null) {
            slab.close();
            slab = null;
        }
        Session judging = session;
        if (judging != null) {
            judging.close();
        }
        if (memory != null) {
            memory.close();
        }
    }

    private Progress judge(Slab filled) throws RefusedException {
        return onCallThread(() -> {
            Progress judged = session().feed(filled);
            filled.clear();
            if (listener != null && calls.now() - lastTold >= TELLING_PERIOD) {
                tell(session());
            }
            return judged;
        });
    }

    private Slab slab() {
        if (slab == null) {
            slab = engine.slabs().acquire();
        }
        return slab;
    }

    private Session session() {
        Session judging = session;
        return judging != null ? judging : open(calls.defaults());
    }

    private Session open(Plan plan) {
        Session opened = engine.newSession(plan);
        session = opened;
        if (interruption.get() != null) {
            opened.cancel();
        }
        if (listener != null) {
            opened.listen(Set.of(Wanted.EVENTS), listener);
        }
        return opened;
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
        } catch (RefusedException e) {
            return new Outcome.Refused<>(e.refusal());
        } catch (MemoryRefusedException e) {
            return new Outcome.Refused<>(Refusal.admissionLimit("the server has no memory left for this call"));
        } catch (SchemaException e) {
            return new Outcome.Refused<>(Refusal.schemaRefused(e));
        } catch (SessionCancelledException e) {
            return new Outcome.Refused<>(interruption().orElseGet(Refusal::cancelled));
        } catch (EngineFaultException e) {
            LOG.error("a fault in the engine ended a call", e);
            return new Outcome.Refused<>(Refusal.engineFault());
        } catch (RuntimeException | Error e) {
            LOG.error("a defect ended a call", e);
            return new Outcome.Refused<>(Refusal.engineFault());
        }
    }
}
