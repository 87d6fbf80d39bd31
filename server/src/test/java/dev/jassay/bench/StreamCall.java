package dev.jassay.bench;

import dev.jassay.v1.ProcessResult;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call with prepared messages, which reads as it writes. One thread sends; any may cancel. */
final class StreamCall<P> extends ClientCall.Listener<P> {
    /** What the frame of a message adds, rounded up. */
    private static final int FRAME_BYTES = 64;

    private final ClientCall<byte[], P> call;
    private final Function<P, Optional<ProcessResult>> resultOf;
    private final CompletableFuture<ProcessResult> result = new CompletableFuture<>();
    /** A permit whenever it is worth asking again whether the call is ready. */
    private final Semaphore changes = new Semaphore(0);

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private @Nullable ProcessResult answer;

    /** @param resultOf takes the result out of a message that has it */
    StreamCall(
            Channel channel,
            MethodDescriptor<byte[], P> method,
            PreparedStream stream,
            Function<P, Optional<ProcessResult>> resultOf) {
        this.resultOf = resultOf;
        int threshold = stream.messages().getFirst().length + FRAME_BYTES;
        this.call = channel.newCall(method, CallOptions.DEFAULT.withOnReadyThreshold(threshold));
        call.start(this, new Metadata());
        call.request(2);
    }

    /** Sends the stream so many times and waits for the result, which is a failed one if the call is cancelled. */
    CompletableFuture<ProcessResult> send(PreparedStream stream, long passes) throws InterruptedException {
        stream.config().ifPresent(call::sendMessage);
        for (long pass = 0; pass < passes; pass++) {
            for (byte[] message : stream.messages()) {
                while (!call.isReady() && !result.isDone()) {
                    changes.acquire();
                }
                if (result.isDone()) {
                    return result;
                }
                call.sendMessage(message);
                sent.addAndGet(message.length);
            }
        }
        call.halfClose();
        return result;
    }

    /** Bytes of messages handed to the transport. */
    long sent() {
        return sent.get();
    }

    /** Messages that have come. */
    long messages() {
        return messages.get();
    }

    void cancel() {
        call.cancel("enough was measured", null);
    }

    @Override
    public void onReady() {
        changes.release();
    }

    @Override
    public void onMessage(P message) {
        messages.incrementAndGet();
        resultOf.apply(message).ifPresent(result -> answer = result);
        call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        ProcessResult received = answer;
        if (status.isOk() && received != null) {
            result.complete(received);
        } else {
            result.completeExceptionally(status.asRuntimeException(trailers));
        }
        changes.release();
    }
}
