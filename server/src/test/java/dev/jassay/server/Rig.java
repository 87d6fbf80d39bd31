package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineOptions;
import dev.jassay.engine.EngineUsage;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A whole server on a free port of the loopback address, with its own engine and clock, and channels to it. */
final class Rig implements AutoCloseable {
    /** Far more than anything here takes. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final long POLL_NANOS = 1_000_000;

    static final int ENGINE_THREADS = 2;
    static final long MEMORY_BYTES = 256L << 20;

    final Engine engine;
    final JassayServer server;
    final AtomicLong clock = new AtomicLong();

    private final EngineUsage baseline;
    private final List<ManagedChannel> channels = new ArrayList<>();

    private Rig(Engine engine, ServerOptions options) {
        this.engine = engine;
        try {
            this.server = JassayServer.start(engine, options, clock::get);
        } catch (ListenException e) {
            throw new AssertionError(e);
        }
        this.baseline = engine.usage();
    }

    static Rig start() {
        return start(UnaryOperator.identity());
    }

    static Rig start(UnaryOperator<ServerOptions> change) {
        return new Rig(Engine.open(EngineOptions.of(ENGINE_THREADS, MEMORY_BYTES)), change.apply(options()));
    }

    static Rig startWithThreads(int threads) {
        return new Rig(Engine.open(EngineOptions.of(threads, MEMORY_BYTES)), options());
    }

    static Rig startWithMemory(long bytes) {
        return new Rig(Engine.open(EngineOptions.of(ENGINE_THREADS, bytes)), options());
    }

    /** With a library in which a label of the config makes the judge panic. */
    static Rig startFaulty() {
        Path library = Path.of(System.getProperty("jassay.test.faultyEngineFolder"), System.mapLibraryName("jassay"));
        return new Rig(Engine.open(new EngineOptions(ENGINE_THREADS, MEMORY_BYTES, Optional.of(library))), options());
    }

    static ServerOptions options() {
        return ServerOptions.defaults().withListen(List.of(anyPort())).withGrace(Duration.ZERO);
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    InetSocketAddress address() {
        return server.addresses().getFirst();
    }

    /** A channel with a connection of its own. */
    ManagedChannel newChannel() {
        ManagedChannel channel = NettyChannelBuilder.forAddress(address())
                .usePlaintext()
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .build();
        channels.add(channel);
        return channel;
    }

    /** As if so much time had passed, with the watch over idle calls coming round before and after. */
    void pass(Duration time) {
        server.endStalledCalls().join();
        clock.addAndGet(time.toNanos());
        server.endStalledCalls().join();
    }

    /** Nothing is held any more by any call: not by the engine, not by the transport. */
    void awaitBaseline() {
        await("calls have left", () -> server.openCalls().list().isEmpty());
        await("sessions, plans and memory are back", () -> engine.usage().equals(baseline));
        await("slabs are back", () -> engine.slabs().idle() == engine.slabs().allocated());
        await("buffers are back", () -> server.transport().bufferBytes() == 0);
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        for (ManagedChannel channel : channels) {
            try {
                assertThat(channel.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        server.close();
        assertThat(server.openCalls().list()).isEmpty();
        assertThat(engine.usage().memoryReserved()).isZero();
        assertThat(engine.slabs().idle()).isEqualTo(engine.slabs().allocated());
        engine.close();
    }
}
