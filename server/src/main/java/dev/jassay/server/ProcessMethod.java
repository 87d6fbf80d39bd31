package dev.jassay.server;

import dev.jassay.engine.Engine;
import dev.jassay.engine.MemoryRefusedException;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Reservation;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** The method Process: lets calls in, and knows what a call may take and when it is too slow. Any thread. */
final class ProcessMethod implements ServerCallHandler<InboundMessage, byte[]> {
    private final Engine engine;
    private final Plan defaults;
    private final OpenCalls open;
    private final Executor threads;
    private final long callBytes;
    private final Duration idle;
    private final LongSupplier nanoTime;

    /**
     * @param defaults the plan of a stream without a config
     * @param threads may block; as many as calls may be open, so that none waits for another
     */
    ProcessMethod(
            Engine engine,
            Plan defaults,
            OpenCalls open,
            Executor threads,
            ServerOptions options,
            LongSupplier nanoTime) {
        this.engine = engine;
        this.defaults = defaults;
        this.open = open;
        this.threads = threads;
        this.callBytes = options.callBytes(engine.threads());
        this.idle = options.idle();
        this.nanoTime = nanoTime;
    }

    @Override
    public ServerCall.Listener<InboundMessage> startCall(ServerCall<InboundMessage, byte[]> call, Metadata headers) {
        try {
            ProcessCall process = admit(call);
            process.begin();
            return process;
        } catch (RefusedException e) {
            e.refusal().close(call);
            return new ServerCall.Listener<>() {};
        }
    }

    private ProcessCall admit(ServerCall<InboundMessage, byte[]> call) throws RefusedException {
        Reservation memory = reserveCall();
        ProcessCall process = new ProcessCall(call, new RecordStream(engine, defaults), this, threads, memory);
        try {
            open.enter(process);
            return process;
        } catch (RefusedException e) {
            memory.close();
            throw e;
        }
    }

    private Reservation reserveCall() throws RefusedException {
        try {
            return engine.reserve(callBytes);
        } catch (MemoryRefusedException e) {
            throw new RefusedException(Refusal.admissionLimit("the server has no memory left for another stream"));
        }
    }

    /**
     * For a result that lies in the transport's buffers until the client has read it.
     *
     * @throws MemoryRefusedException if fewer bytes are left
     */
    Reservation reserveResult(long bytes) {
        return engine.reserve(bytes);
    }

    void leave(ProcessCall call) {
        open.leave(call);
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** Whether a call in which nothing has come since {@code quietSince} is to be ended. */
    boolean stalled(long quietSince) {
        return now() - quietSince >= idle.toNanos();
    }

    Refusal stalledRefusal() {
        return Refusal.clientStalled(idle);
    }
}
