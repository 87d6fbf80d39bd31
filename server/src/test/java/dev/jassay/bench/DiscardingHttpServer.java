package dev.jassay.bench;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTP server that reads every body, with the buffers and threads of the real one, and throws it away: what the library gives at best.
 *
 * <p>Its argument is the port.
 */
public final class DiscardingHttpServer {
    private static final int INPUT_BUFFER_BYTES = 64 << 10;

    private DiscardingHttpServer() {}

    public static void main(String... arguments) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("request-"));
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setInputBufferSize(INPUT_BUFFER_BYTES);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(Integer.parseInt(arguments[0]));
        server.addConnector(connector);
        server.setHandler(new Discard());
        server.start();
        server.join();
    }

    private static final class Discard extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            boolean ended = false;
            while (!ended) {
                Content.Chunk piece = request.read();
                if (piece == null) {
                    try (Blocker.Runnable more = Blocker.runnable()) {
                        request.demand(more);
                        more.block();
                    }
                } else if (Content.Chunk.isFailure(piece)) {
                    callback.failed(piece.getFailure());
                    return true;
                } else {
                    ended = piece.isLast();
                    piece.release();
                }
            }
            response.write(true, ByteBuffer.allocate(0), callback);
            return true;
        }
    }
}
