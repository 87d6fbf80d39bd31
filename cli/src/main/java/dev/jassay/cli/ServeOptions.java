package dev.jassay.cli;

import dev.jassay.engine.EngineOptions;
import dev.jassay.server.ServerOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of a server. */
final class ServeOptions {
    private static final Range CONNECTIONS =
            new Range("--max-connections", ServerOptions.CONNECTIONS_LIMIT, "connections");
    private static final Range IDLE =
            new Range("--idle", Math.toIntExact(ServerOptions.MAX_DURATION.toSeconds()), "seconds");

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = ListenAddress.class,
            description = "Where to listen; may be repeated; port 0 is any free one. Default: 127.0.0.1:50051.")
    private List<InetSocketAddress> listen = List.of();

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            converter = ListenAddress.class,
            description = "Where to serve over HTTP too, and the page; port 0 is any free one. Default: nowhere.")
    private Optional<InetSocketAddress> http = Optional.empty();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that may judge one stream at once. Default: one a processor.")
    private Optional<Integer> threads = Optional.empty();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description =
                    "Memory outside the heap that all calls share. Default: a quarter of the machine, at most 1GiB.")
    private Optional<Long> memory = Optional.empty();

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "Connections at once; further ones are closed. Default: 256.")
    private Optional<Integer> maxConnections = Optional.empty();

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            description =
                    "A call whose client neither sends nor reads for so long is ended, and so is a connection without"
                            + " a call. Default: 60.")
    private Optional<Integer> idle = Optional.empty();

    @Mixin
    private DecompressionOptions decompression = new DecompressionOptions();

    @Option(
            names = "--insecure",
            description = "Allow listening where other machines can reach it: there is no encryption.")
    private boolean insecure;

    /** @throws CommandFailure (USAGE) if a figure is out of its range */
    EngineOptions engine() {
        long bytes = memory.orElseGet(EngineOptions::defaultMemoryBytes);
        EngineOptions options = Engines.options(threads, bytes).withDecompression(decompression.bounds());
        long least = server().leastMemoryBytes(options.threads());
        if (bytes < least) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--memory " + bytes + ": choose " + Math.ceilDiv(least, 1 << 10)
                            + "KiB or more; that is what one call needs");
        }
        return options;
    }

    /** Where HTTP is served, if it is. */
    Optional<InetSocketAddress> http() {
        return http;
    }

    /** @throws CommandFailure (USAGE) if a figure is out of its range */
    ServerOptions server() {
        ServerOptions options = ServerOptions.defaults();
        if (!listen.isEmpty()) {
            options = options.withListen(listen);
        }
        if (insecure) {
            options = options.withExposure(ServerOptions.Exposure.INSECURE);
        }
        if (maxConnections.isPresent()) {
            options = options.withMaxConnections(CONNECTIONS.require(maxConnections.get()));
        }
        return idle.isPresent() ? options.withIdle(Duration.ofSeconds(IDLE.require(idle.get()))) : options;
    }
}
