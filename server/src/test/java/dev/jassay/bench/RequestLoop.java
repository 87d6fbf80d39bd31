package dev.jassay.bench;

import dev.jassay.v1.ProcessResult;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sends small requests, a fixed number in flight, for some time. For one use. */
final class RequestLoop {
    private final Channel channel;
    private final MethodDescriptor<byte[], ProcessResult> method;
    private final Service service;
    private final List<PreparedStream> requests;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final long end;

    RequestLoop(
            Channel channel,
            MethodDescriptor<byte[], ProcessResult> method,
            Service service,
            List<PreparedStream> requests,
            Duration duration) {
        this.channel = channel;
        this.method = method;
        this.service = service;
        this.requests = requests;
        this.end = System.nanoTime() + duration.toNanos();
    }

    /** Answers a second. */
    double run(int inFlight) throws InterruptedException {
        long began = System.nanoTime();
        CountDownLatch open = new CountDownLatch(inFlight);
        for (int i = 0; i < inFlight; i++) {
            next(open);
        }
        open.await();
        double seconds = (System.nanoTime() - began) / 1e9;
        if (failure.isCompletedExceptionally()) {
            failure.join();
        }
        return answered.get() / seconds;
    }

    private void next(CountDownLatch open) {
        if (System.nanoTime() >= end || failure.isDone()) {
            open.countDown();
            return;
        }
        PreparedStream request = requests.get((int) (begun.getAndIncrement() % requests.size()));
        Executor direct = Runnable::run;
        ClientCall<byte[], ProcessResult> call = channel.newCall(method, CallOptions.DEFAULT.withExecutor(direct));
        call.start(new Answer(request, open), new Metadata());
        call.request(2);
        call.sendMessage(request.messages().getFirst());
        call.halfClose();
    }

    private final class Answer extends ClientCall.Listener<ProcessResult> {
        private final PreparedStream request;
        private final CountDownLatch open;
        private @Nullable ProcessResult result;

        Answer(PreparedStream request, CountDownLatch open) {
            this.request = request;
            this.open = open;
        }

        @Override
        public void onMessage(ProcessResult message) {
            result = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            try {
                if (!status.isOk() || result == null) {
                    throw status.asRuntimeException(trailers);
                }
                service.require(result, request, 1);
                answered.incrementAndGet();
            } catch (RuntimeException e) {
                failure.completeExceptionally(e);
            }
            next(open);
        }
    }
}
