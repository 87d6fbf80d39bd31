package dev.jassay.server;

import static java.util.Objects.requireNonNull;

import com.google.common.util.concurrent.MoreExecutors;
import dev.jassay.engine.Engine;
import dev.jassay.engine.Plan;
import dev.jassay.v1.GetServerInfoResponse;
import dev.jassay.v1.ProcessorServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC server: the service of {@code jassay.proto} beside health and reflection, over one engine. Any thread.
 *
 * <p>It serves from {@link #start} until {@link #drain} or {@link #close}. The engine stays the caller's, and must stay open until
 * then.
 */
public final class JassayServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JassayServer.class);

    /** Says that messages may be compressed. */
    private static final Metadata.Key<String> ENCODING =
            Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

    /** Streams at once, however much memory there is: each has a thread while it is at work. */
    static final int MAX_STREAMS = 256;

    /** Threads beside those of the streams: for health, reflection, and calls that are refused. */
    private static final int SPARE_THREADS = 8;

    /** Inflating is work for a processor each, and so is compiling a schema; this many take an eighth of a heap of 256 MiB, twice. */
    private static final int MAX_HEAP_PLACES = 8;

    private static final Duration WATCH_PERIOD = Duration.ofSeconds(1);

    /** Live calls tell progress at least once a second. */
    private static final Duration TELL_PERIOD = Duration.ofMillis(500);

    /** For calls that were told to end: the engine takes at most 100 ms to notice. */
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    /** For what the calls that have ended still have to say, and for clients to hang up. */
    private static final Duration HANG_UP_LIMIT = Duration.ofSeconds(1);

    private final ServerOptions options;
    private final LongSupplier nanoTime;
    private final OpenCalls open;
    private final Map<Task, Plan> defaults = new EnumMap<>(Task.class);
    private final Set<String> handedOn;
    private final Transport transport;
    private final CallThreads callThreads;
    private final ScheduledExecutorService watch;
    private final CallLog log = new CallLog(System::nanoTime);
    private final ProcessCalls processCalls;
    private final HealthStatusManager health = new HealthStatusManager();
    private final Server server;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * Starts a server, which serves when this returns.
     *
     * @throws ListenException if an address cannot be listened on; then none is
     * @throws IllegalArgumentException if the engine has less memory than {@link ServerOptions#leastMemoryBytes}
     */
    public static JassayServer start(Engine engine, ServerOptions options) throws ListenException {
        return start(engine, options, System::nanoTime);
    }

    /** @param nanoTime tells how long calls are idle */
    static JassayServer start(Engine engine, ServerOptions options, LongSupplier nanoTime) throws ListenException {
        requireMemory(engine.usage().memoryLimit(), options.leastMemoryBytes(engine.threads()));
        for (InetSocketAddress address : options.listen()) {
            options.exposure().require(address);
        }
        TransportLog.install();
        JassayServer server = new JassayServer(engine, options, nanoTime);
        LOG.info("serving on {}", server.addresses());
        return server;
    }

    private JassayServer(Engine engine, ServerOptions options, LongSupplier nanoTime) throws ListenException {
        this.options = options;
        this.nanoTime = nanoTime;
        int streams = (int) Math.min(engine.usage().memoryLimit() / options.callBytes(engine.threads()), MAX_STREAMS);
        this.open = new OpenCalls(streams);
        this.callThreads = new CallThreads(streams + SPARE_THREADS, daemons("jassay-call"));
        this.watch = Executors.newSingleThreadScheduledExecutor(daemons("jassay-watch"));
        this.transport = new Transport(options, nanoTime);
        Map<MethodDescriptor<?, ?>, StreamMethod> methods = methods(engine);
        this.handedOn = methods.keySet().stream()
                .map(MethodDescriptor::getFullMethodName)
                .collect(Collectors.toSet());
        GetServerInfoResponse info = ServerInfo.of(engine, options);
        this.processCalls = new ProcessCalls(
                engine, requireNonNull(defaults.get(Task.PROCESS)), options, open, callThreads, nanoTime, log, info);
        try {
            this.server = transport.start(
                    List.of(
                            ProcessorService.bind(methods, heapRoom(), info, open),
                            health.getHealthService().bindService(),
                            ProtoReflectionServiceV1.newInstance().bindService()),
                    Traffic.factory(log, System::nanoTime),
                    MoreExecutors.directExecutor(),
                    this::threadsOf);
        } catch (ListenException e) {
            release();
            throw e;
        }
        health.setStatus(ProcessorService.NAME, ServingStatus.SERVING);
        var _ = watch.scheduleWithFixedDelay(
                this::watch, WATCH_PERIOD.toMillis(), WATCH_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        var _ = watch.scheduleWithFixedDelay(
                this::tellProgress, TELL_PERIOD.toMillis(), TELL_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Those that the engine works for. */
    private Map<MethodDescriptor<?, ?>, StreamMethod> methods(Engine engine) {
        // Apart from that for inflating: whoever waits for a place here may hold one there.
        HeapRoom compiled = heapRoom();
        Map<MethodDescriptor<?, ?>, StreamMethod> methods = new LinkedHashMap<>();
        for (Task task : Task.values()) {
            Plan plan = task.compileDefaults(engine);
            defaults.put(task, plan);
            methods.put(
                    task.method(),
                    method(engine, call -> stream(engine, task, plan, compiled, call), callBytes(engine, task)));
        }
        methods.put(
                ProcessorServiceGrpc.getCheckSchemaMethod(),
                method(engine, _ -> new SchemaCheck(engine, compiled), options.unaryCallBytes()));
        return methods;
    }

    private EngineStream stream(Engine engine, Task task, Plan defaults, HeapRoom configs, ServerCall<?, byte[]> call) {
        Optional<LiveEvents> events =
                task == Task.PROCESS_LIVE ? Optional.of(new LiveEvents(call, nanoTime)) : Optional.empty();
        return new EngineStream(engine, task, defaults, configs, events);
    }

    private long callBytes(Engine engine, Task task) {
        return options.callBytes(engine.threads()) + (task == Task.PROCESS_LIVE ? LiveEvents.MAX_EVENT_BYTES : 0);
    }

    private StreamMethod method(Engine engine, Function<ServerCall<?, byte[]>, CallWork> work, long callBytes) {
        return new StreamMethod(engine, work, callBytes, open, callThreads, options.idle(), nanoTime);
    }

    /** Those that are listened on, in the order of the options, with the real ports. */
    public List<InetSocketAddress> addresses() {
        return transport.addresses();
    }

    /** For end points beside gRPC. They must be closed after the server has been drained or closed, so that running calls can answer. */
    public ProcessCalls processCalls() {
        return processCalls;
    }

    /**
     * Stops in order: health says NOT_SERVING, new calls are refused with UNAVAILABLE, running ones have the grace of the options to
     * end and are then ended with UNAVAILABLE. Returns when all is freed. A second time waits for the first.
     *
     * @throws InterruptedException if interrupted while waiting; running calls have then been ended at once
     */
    public void drain() throws InterruptedException {
        stop(options.grace());
    }

    /** As {@link #drain} without grace. */
    @Override
    public void close() {
        try {
            stop(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the server has stopped. */
    public void awaitTermination() throws InterruptedException {
        stopped.await();
    }

    private void stop(Duration grace) throws InterruptedException {
        if (!stopping.compareAndSet(false, true)) {
            stopped.await();
            return;
        }
        try {
            health.enterTerminalState();
            open.drain();
            LOG.info("draining; open streams: {}", open.list().size());
            open.awaitNone(grace);
            endOpenCalls();
            open.awaitNone(END_LIMIT);
            server.shutdown().awaitTermination(HANG_UP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            endOpenCalls();
            server.shutdownNow();
            release();
            LOG.info("stopped");
            stopped.countDown();
        }
    }

    private void endOpenCalls() {
        open.list().forEach(call -> call.interrupt(Refusal.draining()));
    }

    /**
     * Ends the calls whose clients have neither sent nor read for too long.
     *
     * @return done when all have been looked at
     */
    CompletableFuture<Void> endStalledCalls() {
        open.list().forEach(OpenCall::endIfStalled);
        return transport.connections().resetUnread(nanoTime.getAsLong()).thenAccept(this::endUnreadCalls);
    }

    private void endUnreadCalls(Set<SocketAddress> unread) {
        open.list().forEach(call -> call.endIfUnread(unread));
    }

    /** Has live calls tell how far they are. */
    void tellProgress() {
        try {
            open.list().forEach(OpenCall::tellProgress);
        } catch (RuntimeException e) {
            LOG.error("a defect in telling progress", e);
        }
    }

    /** A watch that has failed once would never look again. */
    private void watch() {
        try {
            var _ = endStalledCalls().exceptionally(JassayServer::watchFailed);
        } catch (RuntimeException e) {
            watchFailed(e);
        }
    }

    private static @Nullable Void watchFailed(Throwable e) {
        LOG.error("a defect in the watch over stalled calls", e);
        return null;
    }

    Transport transport() {
        return transport;
    }

    OpenCalls openCalls() {
        return open;
    }

    private void release() {
        watch.shutdownNow();
        transport.stop();
        callThreads.close();
        defaults.values().forEach(Plan::close);
    }

    private static void requireMemory(long bytes, long least) {
        if (bytes < least) {
            throw new IllegalArgumentException(
                    "the engine's memory must be at least " + least + " bytes, not " + bytes);
        }
    }

    private static HeapRoom heapRoom() {
        int places = Math.min(Runtime.getRuntime().availableProcessors(), MAX_HEAP_PLACES);
        // One byte more than the largest message, so that a larger one is found out.
        return new HeapRoom(places, Transport.MAX_MESSAGE_BYTES + 1);
    }

    /**
     * Where gRPC delivers the events of a call. Those that the engine works for are only handed on, which its event loop can do itself: going through
     * another thread first took a third of the rate of small requests. Compressed messages are inflated where they are delivered.
     */
    private Executor threadsOf(ServerCall<?, ?> call, Metadata headers) {
        boolean onlyHandedOn = handedOn.contains(call.getMethodDescriptor().getFullMethodName());
        return onlyHandedOn && !headers.containsKey(ENCODING) ? MoreExecutors.directExecutor() : callThreads;
    }

    private static ThreadFactory daemons(String name) {
        return Thread.ofPlatform().daemon().name(name + "-", 1).factory();
    }
}
