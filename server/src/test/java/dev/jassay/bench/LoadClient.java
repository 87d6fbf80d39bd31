package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import dev.jassay.v1.ProcessEvent;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ProcessorServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One connection to a server, over which prepared messages are sent. Any thread. */
final class LoadClient implements AutoCloseable {
    /** Requests at once over one connection. */
    static final int IN_FLIGHT = 8;

    private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(30);

    private final ManagedChannel channel;
    private final Service service;
    private final MethodDescriptor<byte[], ProcessResult> method = ProcessorServiceGrpc.getProcessMethod().toBuilder(
                    new PreparedMarshaller(),
                    ProcessorServiceGrpc.getProcessMethod().getResponseMarshaller())
            .build();

    private final MethodDescriptor<byte[], ProcessEvent> liveMethod =
            ProcessorServiceGrpc.getProcessLiveMethod().toBuilder(
                            new PreparedMarshaller(),
                            ProcessorServiceGrpc.getProcessLiveMethod().getResponseMarshaller())
                    .build();

    LoadClient(int port, Service service) {
        this.service = service;
        this.channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .disableRetry()
                .build();
    }

    /** Sends the stream so many times in one call; GB/s from opening the call to its result. */
    double streamRate(PreparedStream stream, long passes) throws InterruptedException, ExecutionException {
        long began = System.nanoTime();
        ProcessResult result = open(stream).send(stream, passes).get();
        long nanos = System.nanoTime() - began;
        service.require(result, stream, passes);
        return (double) passes * stream.payloadBytes() / nanos;
    }

    StreamCall<ProcessResult> open(PreparedStream stream) {
        return new StreamCall<>(channel, method, stream, Optional::of);
    }

    /** The same over ProcessLive. */
    StreamCall<ProcessEvent> openLive(PreparedStream stream) {
        return new StreamCall<>(
                channel,
                liveMethod,
                stream,
                event -> event.hasResult() ? Optional.of(event.getResult()) : Optional.empty());
    }

    /** Answers a second, {@link #IN_FLIGHT} requests at once. */
    double requestRate(List<PreparedStream> requests, Duration duration) throws InterruptedException {
        return new RequestLoop(channel, method, service, requests, duration).run(IN_FLIGHT);
    }

    /** Milliseconds that health checks take, one after the other with a pause between. */
    Figures healthLatencies(int count, Duration pause) {
        List<Double> latencies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LockSupport.parkNanos(pause.toNanos());
            long began = System.nanoTime();
            if (!isServing()) {
                throw new IllegalStateException("the server says that it does not serve");
            }
            latencies.add((System.nanoTime() - began) / 1e6);
        }
        return new Figures(latencies);
    }

    boolean isServing() {
        return HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(HEALTH_DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus()
                == ServingStatus.SERVING;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
