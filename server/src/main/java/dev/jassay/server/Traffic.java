package dev.jassay.server;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What passes over the wire in one call, counted as it passes. Logs one line when the call has ended: never what was in it.
 *
 * <p>The transport counts, any thread reads.
 */
final class Traffic extends ServerStreamTracer {
    private static final Context.Key<Traffic> KEY = Context.key("traffic");

    private final String method;
    private final CallLog log;
    private final LongSupplier nanoTime;
    private final long started;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile String peer = "unknown";

    private Traffic(String method, CallLog log, LongSupplier nanoTime) {
        this.method = method;
        this.log = log;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    /** Of the call that the current thread serves. */
    static Traffic current() {
        return KEY.get();
    }

    static ServerStreamTracer.Factory factory(CallLog log, LongSupplier nanoTime) {
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
                return new Traffic(fullMethodName, log, nanoTime);
            }
        };
    }

    /** Bytes of messages that have come, as they were sent; those of a message that is not whole yet count too. */
    long received() {
        return received.get();
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(KEY, this);
    }

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
        peer = String.valueOf(call.getAttributes().get(io.grpc.Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    }

    @Override
    public void inboundWireSize(long bytes) {
        received.addAndGet(bytes);
    }

    @Override
    public void outboundWireSize(long bytes) {
        sent.addAndGet(bytes);
    }

    @Override
    public void streamClosed(Status status) {
        log.ended(method, peer, status, received.get(), sent.get(), nanoTime.getAsLong() - started);
    }
}
