package dev.jassay.cli;

import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineException;
import dev.jassay.engine.EngineOptions;
import dev.jassay.server.JassayServer;
import dev.jassay.server.ListenException;
import dev.jassay.server.ServerOptions;
import java.net.InetSocketAddress;
import java.util.stream.Collectors;

/** A server and its engine. */
final class RunningServer implements AutoCloseable {
    private final Engine engine;
    private final JassayServer server;

    private RunningServer(Engine engine, JassayServer server) {
        this.engine = engine;
        this.server = server;
    }

    /**
     * Serves when it returns.
     *
     * @param otherAddress how to choose another address
     * @throws CommandFailure (USAGE) if an address cannot be listened on, (SERVICE) if there is no engine
     */
    static RunningServer start(EngineOptions engineOptions, ServerOptions serverOptions, String otherAddress) {
        try {
            Engine engine = Engines.open(engineOptions);
            try {
                return new RunningServer(engine, JassayServer.start(engine, serverOptions));
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

    /** Of the first address. */
    String endpoint() {
        return text(server.addresses().getFirst());
    }

    /** One line: where, what, and with how much. */
    String description() {
        return "serving on "
                + server.addresses().stream().map(RunningServer::text).collect(Collectors.joining(", "))
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
        engine.close();
    }
}
