package dev.jassay.cli;

import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineException;
import dev.jassay.engine.EngineOptions;
import dev.jassay.server.JassayServer;
import dev.jassay.server.ListenException;
import dev.jassay.server.ServerOptions;
import dev.jassay.web.WebServer;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.stream.Collectors;

/** A server, over gRPC and perhaps HTTP, and its engine. */
final class RunningServer implements AutoCloseable {
    private final Engine engine;
    private final JassayServer server;
    private final Optional<WebServer> web;

    private RunningServer(Engine engine, JassayServer server, Optional<WebServer> web) {
        this.engine = engine;
        this.server = server;
        this.web = web;
    }

    /**
     * Serves when it returns.
     *
     * @param http where to serve over HTTP too, if so
     * @param otherAddress how to choose another address
     * @throws CommandFailure (USAGE) if an address cannot be listened on, (SERVICE) if there is no engine
     */
    static RunningServer start(
            EngineOptions engineOptions,
            ServerOptions serverOptions,
            Optional<InetSocketAddress> http,
            String otherAddress) {
        try {
            Engine engine = Engines.open(engineOptions);
            try {
                return start(engine, serverOptions, http);
            } catch (ListenException failure) {
                engine.close();
                String advice =
                        failure.reason() == ListenException.Reason.NOT_LOOPBACK ? "with --insecure" : otherAddress;
                throw new CommandFailure(ExitCode.USAGE, failure.getMessage() + " (" + advice + ")", failure);
            }
        } catch (EngineException failure) {
            throw new CommandFailure(ExitCode.SERVICE, String.valueOf(failure.getMessage()), failure);
        }
    }

    private static RunningServer start(Engine engine, ServerOptions options, Optional<InetSocketAddress> http)
            throws ListenException {
        JassayServer server = JassayServer.start(engine, options);
        try {
            // Without it, nothing of HTTP is loaded.
            Optional<WebServer> web = http.isPresent()
                    ? Optional.of(WebServer.start(server.processCalls(), http.get()))
                    : Optional.empty();
            return new RunningServer(engine, server, web);
        } catch (ListenException failure) {
            server.close();
            throw failure;
        }
    }

    /** Of the page, if it is served. */
    Optional<String> page() {
        return web.map(WebServer::url);
    }

    /** Of the first address. */
    String endpoint() {
        return text(server.addresses().getFirst());
    }

    /** One line: where, what, and with how much. */
    String description() {
        return "serving on "
                + server.addresses().stream().map(RunningServer::text).collect(Collectors.joining(", "))
                + page().map(page -> " and " + page).orElse("")
                + " (jassay " + Version.text() + ", " + Figures.count(engine.threads(), "thread") + ", "
                + Figures.bytes((double) engine.usage().memoryLimit()) + " of memory, kernel " + engine.kernel() + ")";
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** Lets running calls end, then stops. */
    void drain() throws InterruptedException {
        server.drain();
    }

    /** Stops, if {@link #drain} has not. */
    @Override
    public void close() {
        server.close();
        web.ifPresent(WebServer::close);
        engine.close();
    }
}
