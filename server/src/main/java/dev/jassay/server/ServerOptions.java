package dev.jassay.server;

import dev.jassay.engine.SlabPool;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How to serve.
 *
 * @param listen addresses to listen on, at least one; port 0 stands for any free one
 * @param exposure who may reach the server, which speaks without encryption
 * @param maxConnections connections at once, beyond which further ones are closed as they come: 1 to {@link #CONNECTIONS_LIMIT}
 * @param idle how long a client may neither send nor read before its call is ended: 1 second to 1 day
 * @param grace how long calls may go on once the server drains: 0 to 1 day
 * @param flowControlWindow bytes of a call that may be on the way before the server asks for them: 64 KiB to 8 MiB
 */
public record ServerOptions(
        List<InetSocketAddress> listen,
        Exposure exposure,
        int maxConnections,
        Duration idle,
        Duration grace,
        int flowControlWindow) {
    public static final int DEFAULT_PORT = 50_051;

    /** Room for the clients of a department; each connection may run 100 calls. */
    public static final int DEFAULT_MAX_CONNECTIONS = 256;

    /** The most that an operator can mean. */
    public static final int CONNECTIONS_LIMIT = 65_536;

    /** Longer than any pause of a client that still works. */
    public static final Duration DEFAULT_IDLE = Duration.ofSeconds(60);

    /** What process managers wait, before they kill. */
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    /** As fast as larger ones, and every call reserves it. */
    public static final int DEFAULT_FLOW_CONTROL_WINDOW = 1 << 20;

    /** The most that {@code idle} and {@code grace} can be. */
    public static final Duration MAX_DURATION = Duration.ofDays(1);

    /** For what a call keeps of ordinary records: an open one, groups, samples. */
    private static final long LEAST_KEPT = 1 << 20;

    private static final int MIN_WINDOW = 64 << 10;
    private static final int MAX_WINDOW = 8 << 20;

    /** Who may reach a server that speaks without encryption. */
    public enum Exposure {
        /** This machine alone: listening on another address is refused. */
        LOOPBACK_ONLY,
        /** Whoever the addresses are open to. */
        INSECURE;

        /**
         * Refuses an address that is not to be listened on.
         *
         * @throws ListenException if it is unknown, or open to others than may reach the server
         */
        public void require(InetSocketAddress address) throws ListenException {
            if (address.isUnresolved()) {
                throw ListenException.of(address, ListenException.Reason.NOT_AVAILABLE);
            }
            if (this == LOOPBACK_ONLY && !address.getAddress().isLoopbackAddress()) {
                throw ListenException.of(address, ListenException.Reason.NOT_LOOPBACK);
            }
        }
    }

    public ServerOptions {
        listen = List.copyOf(listen);
        require(!listen.isEmpty(), "listen needs at least one address");
        require(
                maxConnections >= 1 && maxConnections <= CONNECTIONS_LIMIT,
                "maxConnections must be 1 to " + CONNECTIONS_LIMIT + ", not " + maxConnections);
        require(
                idle.compareTo(Duration.ofSeconds(1)) >= 0 && idle.compareTo(MAX_DURATION) <= 0,
                "idle must be 1 second to 1 day, not " + idle);
        require(!grace.isNegative() && grace.compareTo(MAX_DURATION) <= 0, "grace must be 0 to 1 day, not " + grace);
        require(
                flowControlWindow >= MIN_WINDOW && flowControlWindow <= MAX_WINDOW,
                "flowControlWindow must be " + MIN_WINDOW + " to " + MAX_WINDOW + ", not " + flowControlWindow);
    }

    /** The loopback address, {@link #DEFAULT_PORT}, and the defaults above. */
    public static ServerOptions defaults() {
        return new ServerOptions(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), DEFAULT_PORT)),
                Exposure.LOOPBACK_ONLY,
                DEFAULT_MAX_CONNECTIONS,
                DEFAULT_IDLE,
                DEFAULT_GRACE,
                DEFAULT_FLOW_CONTROL_WINDOW);
    }

    public ServerOptions withListen(List<InetSocketAddress> addresses) {
        return new ServerOptions(addresses, exposure, maxConnections, idle, grace, flowControlWindow);
    }

    public ServerOptions withExposure(Exposure other) {
        return new ServerOptions(listen, other, maxConnections, idle, grace, flowControlWindow);
    }

    public ServerOptions withMaxConnections(int count) {
        return new ServerOptions(listen, exposure, count, idle, grace, flowControlWindow);
    }

    public ServerOptions withIdle(Duration duration) {
        return new ServerOptions(listen, exposure, maxConnections, duration, grace, flowControlWindow);
    }

    public ServerOptions withGrace(Duration duration) {
        return new ServerOptions(listen, exposure, maxConnections, idle, duration, flowControlWindow);
    }

    public ServerOptions withFlowControlWindow(int bytes) {
        return new ServerOptions(listen, exposure, maxConnections, idle, grace, bytes);
    }

    /**
     * What a call takes of the engine's memory before its data is read: the flow-control window, which the transport fills unasked; one
     * largest message, which it puts together when asked; and the slab. What is kept in the engine is reserved there.
     *
     * @param threads of the engine
     */
    long callBytes(int threads) {
        return unaryCallBytes() + SlabPool.slabBytes(threads);
    }

    /** As {@link #callBytes}, for a call that has one message and no slab. */
    long unaryCallBytes() {
        return (long) flowControlWindow + Transport.MAX_MESSAGE_BYTES;
    }

    /** The least memory of an engine that serves: enough for one call of ordinary records. */
    public long leastMemoryBytes(int threads) {
        return callBytes(threads) + LEAST_KEPT;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
