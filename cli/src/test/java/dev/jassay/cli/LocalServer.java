package dev.jassay.cli;

import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineOptions;
import dev.jassay.server.JassayServer;
import dev.jassay.server.ListenException;
import dev.jassay.server.ServerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** A server in this process, for {@code --endpoint}. */
@NullMarked
final class LocalServer implements AutoCloseable {
    private final Engine engine = Engine.open(EngineOptions.of(2, 512L << 20));
    private final JassayServer server;

    private LocalServer() throws ListenException {
        server = JassayServer.start(
                engine,
                ServerOptions.defaults()
                        .withListen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))));
    }

    static LocalServer start() {
        try {
            return new LocalServer();
        } catch (ListenException impossible) {
            throw new AssertionError(impossible);
        }
    }

    String endpoint() {
        return "127.0.0.1:" + server.addresses().getFirst().getPort();
    }

    @Override
    public void close() {
        server.close();
        engine.close();
    }
}
