package dev.jassay.server;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2RemoteFlowController;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The watch over one connection for responses that lie in the transport because their client does not read them.
 *
 * <p>A server cannot take back a response that it has handed to gRPC, and a client that opens no flow-control window for it lets it
 * lie as long as the connection lives. So this looks at HTTP/2 itself: a stream of which something waits, and nothing has been let
 * through for twice the idle time, is reset. That frees what waits, and gRPC reports the call as cancelled. After the idle time itself, live calls
 * are ended with a status, which a client that comes back can read.
 *
 * <p>It stands between HTTP/2 and the socket, and sees the frames on their way out. On the thread of the connection only.
 */
final class UnreadStreams extends ChannelOutboundHandlerAdapter {
    private static final int DATA = 0;

    private final Duration idle;
    private final LongSupplier nanoTime;
    private final ThrottledLog log;
    private final FrameHeaders frames = new FrameHeaders();

    /** By stream, since when nothing has been let through: of those that waited when last looked at. */
    private final Map<Integer, Long> waitingSince = new HashMap<>();

    UnreadStreams(Duration idle, LongSupplier nanoTime, ThrottledLog log) {
        this.idle = idle;
        this.nanoTime = nanoTime;
        this.log = log;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            frames.read(bytes, this::sent);
        }
        var _ = context.write(message, promise);
    }

    /**
     * Resets the streams that have waited for too long at a moment, no earlier than the one before.
     *
     * @return whether one has waited for the idle time
     */
    boolean reset(Channel connection, long now) {
        ChannelHandlerContext context = connection.pipeline().context(Http2ConnectionHandler.class);
        if (context == null) {
            return false;
        }
        boolean idled = false;
        Http2ConnectionHandler http2 = (Http2ConnectionHandler) context.handler();
        Set<Integer> waiting = waiting(http2.connection());
        waitingSince.keySet().retainAll(waiting);
        for (int stream : waiting) {
            Long since = waitingSince.putIfAbsent(stream, now);
            long waited = since == null ? 0 : now - since;
            idled |= waited >= idle.toNanos();
            if (waited >= 2 * idle.toNanos()) {
                log.warn("reset a stream of " + connection.remoteAddress() + ": nothing of its response was read for "
                        + 2 * idle.toSeconds() + " s");
                var _ = http2.resetStream(context, stream, Http2Error.CANCEL.code(), context.newPromise());
            }
        }
        context.flush();
        return idled;
    }

    private void sent(int type, int stream) {
        if (type == DATA && waitingSince.containsKey(stream)) {
            waitingSince.put(stream, nanoTime.getAsLong());
        }
    }

    private static Set<Integer> waiting(Http2Connection connection) {
        Http2RemoteFlowController flow = connection.remote().flowController();
        Set<Integer> waiting = new HashSet<>();
        try {
            connection.forEachActiveStream(stream -> {
                if (flow.hasFlowControlled(stream)) {
                    waiting.add(stream.id());
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return waiting;
    }
}
