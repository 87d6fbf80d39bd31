package dev.jassay.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.jassay.v1.ProcessResult;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One call that sends a stream. A thread of its own runs {@link #send}, because the source may block; what comes back arrives on
 * gRPC's threads, so a result that comes early is there even while the source still blocks.
 *
 * @param <Q> the messages of the stream
 * @param <P> the messages that come back, the last of which has the result
 */
final class StreamCall<Q, P> extends ClientCall.Listener<P> {
    /** The next message, and one more so that gRPC sees the stream end. */
    private static final int AHEAD = 2;

    private final ClientCall<Q, P> call;
    private final Function<P, Optional<ProcessResult>> takes;
    private final String server;
    private final CompletableFuture<ProcessResult> result = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    private @Nullable ProcessResult answer;

    /** @param takes a message, and gives the result if that is in it; what it throws ends the call */
    StreamCall(ClientCall<Q, P> call, Function<P, Optional<ProcessResult>> takes, String server) {
        this.call = call;
        this.takes = takes;
        this.server = server;
    }

    /** Opens the call. To cancel the future is to cancel the call. */
    CompletableFuture<ProcessResult> start() {
        var _ = result.whenComplete((_, failure) -> {
            markClosed();
            call.cancel("the caller no longer waits for the result", failure);
        });
        call.start(this, new Metadata());
        call.request(AHEAD);
        return result;
    }

    /**
     * Sends config and source until the source ends or the call does. Does not throw: what goes wrong is the call's outcome.
     *
     * @param config the first message
     * @param chunk makes a message of bytes
     */
    void send(Q config, Function<ByteString, Q> chunk, ByteSource source, ChunkBuffers buffers, LongConsumer progress) {
        try {
            if (!awaitReady()) {
                return;
            }
            call.sendMessage(config);
            if (sendChunks(chunk, source, buffers, progress)) {
                call.halfClose();
            }
        } catch (Throwable failure) { // an Error too: nobody else would end the wait for the result
            result.completeExceptionally(failure);
        }
    }

    /** @return whether the whole source was sent */
    private boolean sendChunks(
            Function<ByteString, Q> chunk, ByteSource source, ChunkBuffers buffers, LongConsumer progress)
            throws IOException, InterruptedException {
        long sent = 0;
        while (true) {
            byte[] buffer = buffers.next();
            int filled = source.fill(buffer);
            if (filled < 0) {
                return true;
            }
            if (filled == 0) {
                continue;
            }
            if (!awaitReady()) {
                return false;
            }
            call.sendMessage(chunk.apply(UnsafeByteOperations.unsafeWrap(buffer, 0, filled)));
            sent += filled;
            progress.accept(sent);
        }
    }

    /** @return false once the call has ended: nothing that could be sent would be read */
    private boolean awaitReady() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && !call.isReady()) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void markClosed() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onReady() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onMessage(P message) {
        try {
            takes.apply(message).ifPresent(last -> answer = last);
            call.request(1);
        } catch (Throwable failure) { // an Error too: nobody else would end the wait for the result
            result.completeExceptionally(failure);
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        markClosed(); // before anybody who waits for the result does something long
        ProcessResult received = answer;
        if (status.isOk() && received != null) {
            result.complete(received);
            return;
        }
        Status failure =
                status.isOk() ? Status.INTERNAL.withDescription("the server ended the call without a result") : status;
        result.completeExceptionally(ServerError.of(failure, trailers).toException(server));
    }
}
