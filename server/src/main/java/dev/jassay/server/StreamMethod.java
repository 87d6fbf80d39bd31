package dev.jassay.server;

import dev.jassay.engine.Engine;
import dev.jassay.engine.MemoryRefusedException;
import dev.jassay.engine.Reservation;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** A method that the engine works for: lets calls in, and knows what a call may take and when it is too slow. Any thread. */
final class StreamMethod implements ServerCallHandler<InboundMessage, byte[]> {
    private final Engine engine;
    private final Function<ServerCall<?, byte[]>, CallWork> work;
    private final OpenCalls open;
    private final Executor threads;
    private final long callBytes;
    private final Duration idle;
    private final LongSupplier nanoTime;

    /**
     * @param work makes that of a call
     * @param callBytes what a call takes of the engine's memory before its data is read
     * @param threads may block; as many as calls may be open, so that none waits for another
     */
    StreamMethod(
            Engine engine,
            Function<ServerCall<?, byte[]>, CallWork> work,
            long callBytes,
            OpenCalls open,
            Executor threads,
            Duration idle,
            LongSupplier nanoTime) {
        this.engine = engine;
        this.work = work;
        this.open = open;
        this.threads = threads;
        this.callBytes = callBytes;
        this.idle = idle;
        this.nanoTime = nanoTime;
    }

    @Override
    public ServerCall.Listener<InboundMessage> startCall(ServerCall<InboundMessage, byte[]> call, Metadata headers) {
        try {
            StreamCall admitted = admit(call);
            admitted.begin();
            return admitted;
        } catch (RefusedException e) {
            e.refusal().close(call);
            return new ServerCall.Listener<>() {};
        }
    }

    private StreamCall admit(ServerCall<InboundMessage, byte[]> call) throws RefusedException {
        Reservation memory = reserveCall();
        StreamCall admitted = new StreamCall(call, work.apply(call), this, threads, memory);
        try {
            open.enter(admitted);
            return admitted;
        } catch (RefusedException e) {
            memory.close();
            throw e;
        }
    }

    private Reservation reserveCall() throws RefusedException {
        try {
            return engine.reserve(callBytes);
        } catch (MemoryRefusedException e) {
            throw new RefusedException(Refusal.admissionLimit("the server has no memory left for another call"));
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

    void leave(StreamCall call) {
        open.leave(call);
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** Whether a call in which nothing has come since {@code quietSince} is to be ended. */
    boolean stalled(long quietSince) {
        return now() - quietSince >= idle.toNanos();
    }

    Duration idle() {
        return idle;
    }

    Refusal stalledRefusal() {
        return Refusal.clientStalled(idle);
    }
}
