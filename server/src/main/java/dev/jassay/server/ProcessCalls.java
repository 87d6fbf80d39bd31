package dev.jassay.server;

import dev.jassay.engine.Engine;
import dev.jassay.engine.MemoryRefusedException;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Reservation;
import dev.jassay.engine.SlabPool;
import dev.jassay.v1.GetServerInfoResponse;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Lets calls of {@code Process} in that come by another way than gRPC. They share all with those that come by it: how many may be open,
 * the memory, the threads, the idle time and the drain. Any thread.
 */
public final class ProcessCalls {
    private final Engine engine;
    private final Plan defaults;
    private final ServerOptions options;
    private final OpenCalls open;
    private final Executor threads;
    private final LongSupplier nanoTime;
    private final CallLog log;
    private final GetServerInfoResponse info;

    /**
     * @param defaults the plan of a stream without a config; stays the caller's
     * @param threads platform threads, which may block; as many as calls may be open
     */
    ProcessCalls(
            Engine engine,
            Plan defaults,
            ServerOptions options,
            OpenCalls open,
            Executor threads,
            LongSupplier nanoTime,
            CallLog log,
            GetServerInfoResponse info) {
        this.engine = engine;
        this.defaults = defaults;
        this.options = options;
        this.open = open;
        this.threads = threads;
        this.nanoTime = nanoTime;
        this.log = log;
        this.info = info;
    }

    /**
     * Lets a call in, before any of its data is read.
     *
     * @param bufferBytes what whoever asks holds of the call beside the slab
     * @param interrupted runs, on any thread, when the call is to end for a reason that its own thread does not know; must not block
     * @throws RefusedException if as many are open as may be, the memory is used up, or the server drains
     */
    public ProcessCall admit(long bufferBytes, Runnable interrupted) throws RefusedException {
        ProcessCall call = new ProcessCall(this, interrupted);
        call.enter(SlabPool.slabBytes(engine.threads()) + bufferBytes);
        return call;
    }

    /**
     * Reserves memory for what is no call of its own.
     *
     * @return to be closed when the memory is free again
     * @throws RefusedException if the memory is used up
     */
    public Reservation reserve(long bytes) throws RefusedException {
        try {
            return engine.reserve(bytes);
        } catch (MemoryRefusedException e) {
            throw new RefusedException(Refusal.admissionLimit("the server has no memory left for another request"));
        }
    }

    /** Whether new calls are refused, since the server shuts down. */
    public boolean draining() {
        return open.draining();
    }

    /** Why they are. */
    public Refusal drainingRefusal() {
        return Refusal.draining();
    }

    /** What the server says of itself. */
    public GetServerInfoResponse info() {
        return info;
    }

    /** How the server serves. */
    public ServerOptions options() {
        return options;
    }

    /**
     * Writes one line of log, while there are not too many.
     *
     * @param status of HTTP; from 400 on the request did not go well
     */
    public void log(String request, String peer, int status, long received, long sent, Duration took) {
        log.answered(request, peer, status, received, sent, took.toNanos());
    }

    Engine engine() {
        return engine;
    }

    Plan defaults() {
        return defaults;
    }

    OpenCalls open() {
        return open;
    }

    Executor threads() {
        return threads;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    Duration idle() {
        return options.idle();
    }
}
