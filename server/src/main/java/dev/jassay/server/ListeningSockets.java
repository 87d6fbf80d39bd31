package dev.jassay.server;

import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Makes the listening sockets, each with the limit of connections in front, and knows what became of them. */
final class ListeningSockets implements ChannelFactory<ServerChannel> {
    /** A socket that could not be bound. */
    record Failure(InetSocketAddress address, Throwable cause) {}

    private final Connections connections;
    private final List<ServerChannel> sockets = new CopyOnWriteArrayList<>();
    private final List<Failure> failures = new CopyOnWriteArrayList<>();

    ListeningSockets(Connections connections) {
        this.connections = connections;
    }

    @Override
    public ServerChannel newChannel() {
        NioServerSocketChannel socket = new NioServerSocketChannel();
        socket.pipeline().addLast(new FailureRecorder(), connections);
        sockets.add(socket);
        return socket;
    }

    /** In the order in which they were made, with the real ports. */
    List<InetSocketAddress> addresses() {
        return sockets.stream()
                .map(socket -> (InetSocketAddress) socket.localAddress())
                .toList();
    }

    Optional<Failure> failure() {
        return failures.stream().findFirst();
    }

    private final class FailureRecorder extends ChannelOutboundHandlerAdapter {
        @Override
        public void bind(ChannelHandlerContext context, SocketAddress address, ChannelPromise bound) {
            ChannelPromise tried = context.newPromise();
            var _ = tried.addListener(result -> {
                if (result.isSuccess()) {
                    var _ = bound.setSuccess();
                } else {
                    // Recorded before anybody who waits for the outcome can ask.
                    failures.add(new Failure((InetSocketAddress) address, result.cause()));
                    var _ = bound.setFailure(result.cause());
                }
            });
            var _ = context.bind(address, tried);
        }
    }
}
