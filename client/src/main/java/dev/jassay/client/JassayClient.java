package dev.jassay.client;

import com.google.protobuf.ByteString;
import dev.jassay.v1.CheckSchemaRequest;
import dev.jassay.v1.CheckSchemaResponse;
import dev.jassay.v1.GetServerInfoRequest;
import dev.jassay.v1.GetServerInfoResponse;
import dev.jassay.v1.MergeConfig;
import dev.jassay.v1.MergeRequest;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessEvent;
import dev.jassay.v1.ProcessRequest;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ProcessorServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Sends streams of JSON records to a Jassay server and gives back their results.
 *
 * <pre>{@code
 * try (JassayClient client = JassayClient.connect("localhost:50051");
 *         InputStream orders = Files.newInputStream(Path.of("orders.ndjson"))) {
 *     ProcessResult result = client.process(ProcessConfig.getDefaultInstance(), orders);
 *     System.out.println(result.getCounts().getInvalid() + " of " + result.getCounts().getRecords() + " are invalid");
 * }
 * }</pre>
 *
 * <p>Safe for use by any number of threads at once. One client per server is enough: calls share its connection.
 *
 * <p>The client sends no faster than the server takes, and keeps at most one chunk read and two chunks on their way per call. The
 * result may come before the source has been read to its end, when nothing that could follow would change it: the client then stops
 * sending. A read of the source that is under way at that moment goes on in the background until it returns; the client reads no
 * more after it. Sources are never closed.
 */
public final class JassayClient implements AutoCloseable {
    /** The largest result that a server can be asked for, and room for what its limit leaves out: timing, provenance. */
    static final int MAX_RESULT_MESSAGE_BYTES = (64 << 20) + (64 << 10);

    /** Enough for a server under load, short enough to tell a person that there is none. */
    static final Duration INFO_DEADLINE = Duration.ofSeconds(10);

    /** A check takes a second at most, and may have to wait for others. */
    static final Duration CHECK_DEADLINE = Duration.ofSeconds(60);

    /** What the frame of a message adds to its chunk, rounded up. */
    private static final int FRAME_BYTES = 64;

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private final Channel channel;
    private final String server;
    private final IntFunction<ChunkBuffers> buffers;
    private final Runnable shutdown;

    private JassayClient(Channel channel, String server, IntFunction<ChunkBuffers> buffers, Runnable shutdown) {
        this.channel = channel;
        this.server = server;
        this.buffers = buffers;
        this.shutdown = shutdown;
    }

    /**
     * A client of the server at an address, without TLS. Connects with the first call, and again whenever the connection was lost.
     *
     * @param address as {@link ServerAddress#parse} reads it
     * @throws IllegalArgumentException if the address is none
     */
    public static JassayClient connect(String address) {
        ServerAddress server = ServerAddress.parse(address);
        // Without retries a message is written out before sendMessage returns, which lets one buffer carry all chunks
        // of a call.
        ManagedChannel channel = NettyChannelBuilder.forAddress(server.host(), server.port())
                .usePlaintext()
                .disableRetry()
                .maxInboundMessageSize(MAX_RESULT_MESSAGE_BYTES)
                .build();
        return new JassayClient(channel, server.toString(), ChunkBuffers::reused, () -> shutDown(channel));
    }

    /**
     * A client over a channel of the caller's, who sets up its TLS, credentials and interceptors, lets it take answers of 65 MiB,
     * and closes it.
     */
    public static JassayClient over(Channel channel) {
        return new JassayClient(channel, String.valueOf(channel.authority()), ChunkBuffers::fresh, () -> {});
    }

    /** As {@link #process(ProcessConfig, InputStream, ProcessOptions)} with the default options. */
    public ProcessResult process(ProcessConfig config, InputStream source) throws IOException, InterruptedException {
        return process(config, source, ProcessOptions.defaults());
    }

    /**
     * Has a stream judged and waits for its result. An interrupt cancels the call.
     *
     * @throws JassayException if the call was not served
     * @throws IOException if the source cannot be read; the call is then cancelled
     * @throws InterruptedException if the thread was interrupted
     */
    public ProcessResult process(ProcessConfig config, InputStream source, ProcessOptions options)
            throws IOException, InterruptedException {
        return await(processAsync(config, source, options));
    }

    /** As {@link #process(ProcessConfig, InputStream, ProcessOptions)}. */
    public ProcessResult process(ProcessConfig config, ReadableByteChannel source, ProcessOptions options)
            throws IOException, InterruptedException {
        return await(processAsync(config, source, options));
    }

    /**
     * Has a stream judged, without waiting.
     *
     * @return completes with the result, or with what {@link #process} throws; to cancel it is to cancel the call. Dependents that
     *     take long belong on an executor of the caller's
     */
    public CompletableFuture<ProcessResult> processAsync(
            ProcessConfig config, InputStream source, ProcessOptions options) {
        return startProcess(config, ByteSource.of(source), options);
    }

    /** As {@link #processAsync(ProcessConfig, InputStream, ProcessOptions)}, for a channel in blocking mode. */
    public CompletableFuture<ProcessResult> processAsync(
            ProcessConfig config, ReadableByteChannel source, ProcessOptions options) {
        return startProcess(config, ByteSource.of(source), options);
    }

    /**
     * As {@link #process(ProcessConfig, InputStream, ProcessOptions)}, watched: while the source is sent, each event is given to {@code events},
     * one at a time and in their order, the result as the last one. The server goes no further ahead of a slow listener than a few events. The
     * listener must not wait for more of the source to be sent; what it throws ends the call and is thrown here.
     *
     * <pre>{@code
     * client.processLive(config, orders, ProcessOptions.defaults(), event -> event.getViolations()
     *         .getViolationsList()
     *         .forEach(violation -> System.out.println(violation.getLine() + ": " + violation.getMessage())));
     * }</pre>
     */
    public ProcessResult processLive(
            ProcessConfig config, InputStream source, ProcessOptions options, Consumer<ProcessEvent> events)
            throws IOException, InterruptedException {
        return await(processLiveAsync(config, source, options, events));
    }

    /** As {@link #processLive}, without waiting; completes as {@link #processAsync(ProcessConfig, InputStream, ProcessOptions)} does. */
    public CompletableFuture<ProcessResult> processLiveAsync(
            ProcessConfig config, InputStream source, ProcessOptions options, Consumer<ProcessEvent> events) {
        return startLive(config, ByteSource.of(source), options, events);
    }

    /** As {@link #processLiveAsync(ProcessConfig, InputStream, ProcessOptions, Consumer)}, for a channel in blocking mode. */
    public CompletableFuture<ProcessResult> processLiveAsync(
            ProcessConfig config, ReadableByteChannel source, ProcessOptions options, Consumer<ProcessEvent> events) {
        return startLive(config, ByteSource.of(source), options, events);
    }

    private CompletableFuture<ProcessResult> startLive(
            ProcessConfig config, ByteSource source, ProcessOptions options, Consumer<ProcessEvent> events) {
        return start(
                ProcessorServiceGrpc.getProcessLiveMethod(),
                ProcessRequest.newBuilder().setConfig(config).build(),
                chunk -> ProcessRequest.newBuilder().setChunk(chunk).build(),
                source,
                options,
                event -> {
                    events.accept(event);
                    return event.hasResult() ? Optional.of(event.getResult()) : Optional.empty();
                });
    }

    /**
     * Makes the results of the parts of one data set the result of the whole, from their states, and waits for it. An interrupt cancels
     * the call.
     *
     * @param states one after the other, in any order of the parts
     * @throws JassayException if the call was not served, as where a state is damaged or does not go with the others
     * @throws IOException if the states cannot be read; the call is then cancelled
     * @throws InterruptedException if the thread was interrupted
     */
    public ProcessResult merge(MergeConfig config, InputStream states, ProcessOptions options)
            throws IOException, InterruptedException {
        return await(startMerge(config, ByteSource.of(states), options));
    }

    /** As {@link #merge(MergeConfig, InputStream, ProcessOptions)}, for a channel in blocking mode. */
    public ProcessResult merge(MergeConfig config, ReadableByteChannel states, ProcessOptions options)
            throws IOException, InterruptedException {
        return await(startMerge(config, ByteSource.of(states), options));
    }

    private CompletableFuture<ProcessResult> startMerge(MergeConfig config, ByteSource states, ProcessOptions options) {
        return start(
                ProcessorServiceGrpc.getMergeMethod(),
                MergeRequest.newBuilder().setConfig(config).build(),
                chunk -> MergeRequest.newBuilder().setChunk(chunk).build(),
                states,
                options,
                Optional::of);
    }

    private CompletableFuture<ProcessResult> startProcess(
            ProcessConfig config, ByteSource source, ProcessOptions options) {
        return start(
                ProcessorServiceGrpc.getProcessMethod(),
                ProcessRequest.newBuilder().setConfig(config).build(),
                chunk -> ProcessRequest.newBuilder().setChunk(chunk).build(),
                source,
                options,
                Optional::of);
    }

    private <Q, P> CompletableFuture<ProcessResult> start(
            MethodDescriptor<Q, P> method,
            Q config,
            Function<ByteString, Q> chunk,
            ByteSource source,
            ProcessOptions options,
            Function<P, Optional<ProcessResult>> takes) {
        CallOptions callOptions = CallOptions.DEFAULT.withOnReadyThreshold(options.chunkBytes() + FRAME_BYTES);
        if (options.deadline().isPresent()) {
            callOptions = callOptions.withDeadlineAfter(options.deadline().get().toNanos(), TimeUnit.NANOSECONDS);
        }
        StreamCall<Q, P> call = new StreamCall<>(channel.newCall(method, callOptions), takes, server);
        CompletableFuture<ProcessResult> result = call.start();
        ChunkBuffers chunks = buffers.apply(options.chunkBytes());
        Thread.ofVirtual()
                .name("jassay-send")
                .start(() -> call.send(config, chunk, source, chunks, options.progress()));
        return result;
    }

    private static ProcessResult await(CompletableFuture<ProcessResult> result)
            throws IOException, InterruptedException {
        try {
            return result.get();
        } catch (InterruptedException interrupt) {
            result.cancel(true);
            throw interrupt;
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case IOException unreadable -> throw unreadable;
                case RuntimeException unserved -> throw unserved;
                case Error defect -> throw defect;
                case null, default -> throw new IllegalStateException(failure);
            }
        }
    }

    /**
     * Asks whether a JSON Schema can be judged by, and what is wrong with it; waits at most a minute.
     *
     * @return what was found out: a schema with problems is no exception
     * @throws JassayException if the call was not served
     */
    public CheckSchemaResponse checkSchema(CheckSchemaRequest request) {
        return ask(ProcessorServiceGrpc.getCheckSchemaMethod(), request, CHECK_DEADLINE);
    }

    /**
     * Asks for version, formats and limits of the server; waits at most ten seconds.
     *
     * @throws JassayException if the call was not served
     */
    public GetServerInfoResponse serverInfo() {
        return ask(
                ProcessorServiceGrpc.getGetServerInfoMethod(),
                GetServerInfoRequest.getDefaultInstance(),
                INFO_DEADLINE);
    }

    private <Q, P> P ask(MethodDescriptor<Q, P> method, Q request, Duration deadline) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
        try {
            return ClientCalls.blockingUnaryCall(channel, method, options, request);
        } catch (StatusRuntimeException failure) {
            throw ServerError.of(failure.getStatus(), failure.getTrailers()).toException(server);
        }
    }

    /** Ends the calls that still run, which then complete with a {@link JassayException}, and the connection. Idempotent. */
    @Override
    public void close() {
        shutdown.run();
    }

    private static void shutDown(ManagedChannel channel) {
        try {
            channel.shutdownNow().awaitTermination(CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
