package dev.jassay.web;

import dev.jassay.server.ListenException;
import dev.jassay.server.ProcessCalls;
import dev.jassay.server.ServerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the same calls as a gRPC server over HTTP/1.1, and the page. Any thread.
 *
 * <p>It serves from {@link #start} until {@link #close}. While the gRPC server drains, calls go on here as there.
 */
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    /** Of a request's line and headers: as much as a call of gRPC may have. */
    static final int MAX_HEADER_BYTES = 8 << 10;

    /** What is read from a connection at once: larger ones make uploads no faster. */
    static final int INPUT_BUFFER_BYTES = 64 << 10;

    /** Of an answer, put together before it is sent. */
    static final int OUTPUT_BUFFER_BYTES = 32 << 10;

    /** Buffers that are kept while nobody uses them. */
    private static final long MAX_IDLE_BUFFER_BYTES = 16L << 20;

    /** For accepting and selecting alone: requests have virtual threads. */
    private static final int MAX_PLATFORM_THREADS = 16;

    private static final int MIN_PLATFORM_THREADS = 4;

    /** For what the calls that have ended still have to say. */
    private static final Duration HANG_UP_LIMIT = Duration.ofSeconds(1);

    private final ServerConnector connector;
    private final Server server;
    private final RunningCalls running;
    private final ConfigRoom room;
    private final InetSocketAddress address;

    /**
     * Starts a server, which serves when this returns.
     *
     * @param calls of the gRPC server that it stands beside; its options say who may reach this one, and how long clients may be idle
     * @param address to listen on; port 0 stands for any free one
     * @throws ListenException if the address cannot be listened on
     */
    public static WebServer start(ProcessCalls calls, InetSocketAddress address) throws ListenException {
        calls.options().exposure().require(address);
        WebServer server = new WebServer(calls, address);
        LOG.info("serving over HTTP on {}", server.url());
        return server;
    }

    private WebServer(ProcessCalls calls, InetSocketAddress listen) throws ListenException {
        this.running = new RunningCalls();
        this.room = new ConfigRoom();
        this.server = new Server(threads(), null, buffers());
        this.connector = connector(server, listen, calls.options());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(calls.options().maxConnections(), connector));
        server.setErrorHandler(new ErrorProblems());
        server.setRequestLog((request, response) -> log(calls, request, response));
        this.address = open(listen);
        try {
            server.setHandler(new GracefulHandler(new GuardedHandler(
                    AllowedHosts.of(listen, address.getPort()),
                    new Routes(calls, running, room, PageFiles.ofClassPath()))));
            server.setStopTimeout(HANG_UP_LIMIT.toMillis());
            server.start();
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the HTTP server does not start", e);
        }
    }

    /** Bound before it starts, so that its failure is told by its address. */
    private InetSocketAddress open(InetSocketAddress listen) throws ListenException {
        try {
            connector.open();
            return new InetSocketAddress(listen.getAddress(), connector.getLocalPort());
        } catch (IOException e) {
            Throwable cause = e.getCause();
            throw ListenException.of(listen, cause == null ? e : cause);
        }
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_PLATFORM_THREADS, MIN_PLATFORM_THREADS);
        threads.setName("jassay-http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("jassay-http-request-"));
        return threads;
    }

    private static ArrayByteBufferPool buffers() {
        return new ArrayByteBufferPool(
                0,
                OUTPUT_BUFFER_BYTES,
                INPUT_BUFFER_BYTES,
                Integer.MAX_VALUE,
                MAX_IDLE_BUFFER_BYTES,
                MAX_IDLE_BUFFER_BYTES);
    }

    private static ServerConnector connector(Server server, InetSocketAddress listen, ServerOptions options) {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setInputBufferSize(INPUT_BUFFER_BYTES);
        http.setOutputBufferSize(OUTPUT_BUFFER_BYTES);
        http.setSendServerVersion(false);
        int selectors = 1;
        ServerConnector connector =
                new ServerConnector(server, null, null, null, 1, selectors, new HttpConnectionFactory(http));
        connector.setHost(listen.getAddress().getHostAddress());
        connector.setPort(listen.getPort());
        connector.setIdleTimeout(options.idle().toMillis());
        return connector;
    }

    private static void log(ProcessCalls calls, Request request, Response response) {
        calls.log(
                request.getMethod() + " " + request.getHttpURI().getPath(),
                String.valueOf(request.getConnectionMetaData().getRemoteSocketAddress()),
                response.getStatus(),
                Request.getContentBytesRead(request),
                Response.getContentBytesWritten(response),
                Duration.ofNanos(NanoTime.since(request.getBeginNanoTime())));
    }

    /** That which is listened on, with the real port. */
    public InetSocketAddress address() {
        return address;
    }

    /** Of the page. */
    public String url() {
        String host = address.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + "/";
    }

    RunningCalls running() {
        return running;
    }

    ConfigRoom room() {
        return room;
    }

    Server server() {
        return server;
    }

    /** Closes all connections, those that still answer within a second. A second time does nothing. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            // All is stopped nevertheless.
            LOG.debug("clients that still sent or read were cut off", e);
        } catch (Exception e) {
            LOG.error("the HTTP server does not stop in order", e);
        }
    }
}
