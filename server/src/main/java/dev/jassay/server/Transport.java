package dev.jassay.server;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.buffer.PooledByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP/2: the listening sockets, the event loops, and every bound that a connection has. */
final class Transport {
    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    /** A chunk of 4 MiB, the most that clients are by default ready to send, and what stands around it. */
    static final int MAX_MESSAGE_BYTES = (4 << 20) + (64 << 10);

    static final int MAX_METADATA_BYTES = 8 << 10;

    static final int MAX_CALLS_A_CONNECTION = 100;

    /** Streams that a client may reset, and in how many seconds: resetting costs it nothing and the server much. */
    static final int MAX_RESETS = 200;

    static final int RESET_PERIOD_SECONDS = 30;

    private static final Patience PATIENCE =
            new Patience(Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(20));

    /** The least that gRPC's own clients let one set. */
    private static final int MIN_CLIENT_PING_SECONDS = 10;

    private static final int PAGE_BYTES = 8 << 10;

    /** Chunks of 2 MiB: memory grows, and goes back, in smaller steps than with Netty's own 4 MiB. */
    private static final int MAX_ORDER = 8;

    /**
     * How long peers may be silent. One that is gone without a word is found out within the sum of the last two.
     *
     * @param handshake before the first settings of a connection
     * @param untilPing before they are asked for a sign of life
     * @param afterPing before they give it
     */
    record Patience(Duration handshake, Duration untilPing, Duration afterPing) {}

    private final ServerOptions options;
    private final Patience patience;
    private final Connections connections;
    private final ListeningSockets sockets;
    private final EventLoopGroup acceptors = eventLoops(1, "jassay-accept");
    private final EventLoopGroup workers = eventLoops(Runtime.getRuntime().availableProcessors(), "jassay-io");
    private final PooledByteBufAllocator buffers = new PooledByteBufAllocator(
            true,
            0,
            PooledByteBufAllocator.defaultNumDirectArena(),
            PAGE_BYTES,
            MAX_ORDER,
            PooledByteBufAllocator.defaultSmallCacheSize(),
            PooledByteBufAllocator.defaultNormalCacheSize(),
            false);

    /** @param nanoTime tells how long clients do not read */
    Transport(ServerOptions options, LongSupplier nanoTime) {
        this(options, nanoTime, PATIENCE);
    }

    Transport(ServerOptions options, LongSupplier nanoTime, Patience patience) {
        this.options = options;
        this.patience = patience;
        ThrottledLog log = new ThrottledLog(LOG, System::nanoTime);
        this.connections =
                new Connections(options.maxConnections(), () -> new UnreadStreams(options.idle(), nanoTime, log), log);
        this.sockets = new ListeningSockets(connections);
    }

    /**
     * @param executor where methods are looked up
     * @param threads where the events of a call are delivered from then on
     * @throws ListenException if an address cannot be listened on; then none is
     */
    Server start(
            List<ServerServiceDefinition> services,
            ServerStreamTracer.Factory tracer,
            Executor executor,
            BiFunction<ServerCall<?, ?>, Metadata, Executor> threads)
            throws ListenException {
        List<InetSocketAddress> addresses = options.listen();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(addresses.getFirst());
        addresses.stream().skip(1).forEach(builder::addListenAddress);
        builder.channelFactory(sockets)
                .bossEventLoopGroup(acceptors)
                .workerEventLoopGroup(workers)
                .withChildOption(ChannelOption.ALLOCATOR, buffers)
                .withChildOption(ChannelOption.TCP_NODELAY, true)
                .executor(executor)
                .callExecutor(new ServerCallExecutorSupplier() {
                    @Override
                    public <Q, P> Executor getExecutor(ServerCall<Q, P> call, Metadata headers) {
                        return threads.apply(call, headers);
                    }
                })
                .addStreamTracerFactory(tracer)
                .flowControlWindow(options.flowControlWindow())
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_A_CONNECTION)
                .maxRstFramesPerWindow(MAX_RESETS, RESET_PERIOD_SECONDS)
                .handshakeTimeout(patience.handshake().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(patience.untilPing().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(patience.afterPing().toMillis(), TimeUnit.MILLISECONDS)
                // Without it, peers that only stay would keep the others out.
                .maxConnectionIdle(options.idle().toNanos(), TimeUnit.NANOSECONDS)
                .permitKeepAliveTime(MIN_CLIENT_PING_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        services.forEach(builder::addService);
        try {
            return builder.build().start();
        } catch (IOException e) {
            stop();
            ListeningSockets.Failure failure =
                    sockets.failure().orElse(new ListeningSockets.Failure(addresses.getFirst(), e));
            throw ListenException.of(failure.address(), failure.cause());
        }
    }

    /** Those that are listened on, in the order of the options, with the real ports. */
    List<InetSocketAddress> addresses() {
        return sockets.addresses();
    }

    /** Bytes of buffers that somebody holds. */
    long bufferBytes() {
        return buffers.pinnedDirectMemory();
    }

    /** The connections that are open. */
    Connections connections() {
        return connections;
    }

    /** Ends the event loops; returns when they have ended. */
    void stop() {
        var _ = workers.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        var _ = acceptors.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        var _ = workers.terminationFuture().awaitUninterruptibly();
    }

    private static EventLoopGroup eventLoops(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }
}
