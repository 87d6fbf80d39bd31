package dev.jassay.bench;

import dev.jassay.server.DiscardingServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A Jassay server, and one with the same JVM flags and transport that discards; the latter takes plain connections too. */
final class Servers implements AutoCloseable {
    private final ServerProcess jassay;
    private final ServerProcess discarding;
    private final int tcpPort;

    Servers(Options options) throws IOException {
        jassay = ServerProcess.jassay(options, Map.of());
        tcpPort = ServerProcess.freePort();
        try {
            discarding = ServerProcess.like(
                    jassay, DiscardingServer.class.getName(), options, List.of(Integer.toString(tcpPort)));
        } catch (IOException e) {
            jassay.close();
            throw e;
        }
    }

    ServerProcess jassay() {
        return jassay;
    }

    ServerProcess discarding() {
        return discarding;
    }

    LoadClient jassayClient() {
        return new LoadClient(jassay.port(), Service.JASSAY);
    }

    LoadClient discardingClient() {
        return new LoadClient(discarding.port(), Service.DISCARDING);
    }

    int tcpPort() {
        return tcpPort;
    }

    @Override
    public void close() {
        jassay.close();
        discarding.close();
    }
}
