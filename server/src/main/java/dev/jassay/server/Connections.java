package dev.jassay.server;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler.Sharable;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The open connections. It stands in the pipelines of the listening sockets, which read connections as others read bytes, before the
 * handler that would serve them, and closes those beyond a number at once. Any thread.
 */
@Sharable
final class Connections extends ChannelInboundHandlerAdapter {
    private final int limit;
    private final Supplier<UnreadStreams> watch;
    private final ThrottledLog log;
    private final Map<Channel, UnreadStreams> open = new ConcurrentHashMap<>();

    /** @param watch makes the watch of one connection */
    Connections(int limit, Supplier<UnreadStreams> watch, ThrottledLog log) {
        this.limit = limit;
        this.watch = watch;
        this.log = log;
    }

    /** On one thread for all listening sockets: that which accepts. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel connection = (Channel) message;
        if (open.size() >= limit) {
            log.warn("refused a connection from " + connection.remoteAddress()
                    + ": the server was told to take at most " + limit);
            // It belongs to no event loop yet, so there is no other way to close it.
            connection.unsafe().closeForcibly();
            return;
        }
        UnreadStreams unread = watch.get();
        connection.pipeline().addLast(unread);
        open.put(connection, unread);
        var _ = connection.closeFuture().addListener(closed -> open.remove(connection));
        context.fireChannelRead(connection);
    }

    /**
     * Resets the streams whose clients have not read for too long at a moment.
     *
     * @return when all connections have been looked at, each on its own thread: the other ends of those where clients have not read for
     *     half as long
     */
    CompletableFuture<Set<SocketAddress>> resetUnread(long now) {
        Set<SocketAddress> unread = ConcurrentHashMap.newKeySet();
        return CompletableFuture.allOf(open.entrySet().stream()
                        .filter(entry -> entry.getKey().isRegistered())
                        .map(entry -> resetUnread(entry.getKey(), entry.getValue(), now, unread))
                        .toArray(CompletableFuture<?>[]::new))
                .thenApply(_ -> unread);
    }

    private static CompletableFuture<Void> resetUnread(
            Channel connection, UnreadStreams streams, long now, Set<SocketAddress> unread) {
        return CompletableFuture.runAsync(
                () -> {
                    if (streams.reset(connection, now)) {
                        unread.add(connection.remoteAddress());
                    }
                },
                connection.eventLoop());
    }

    int open() {
        return open.size();
    }
}
