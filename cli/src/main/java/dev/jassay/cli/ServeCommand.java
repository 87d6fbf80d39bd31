package dev.jassay.cli;

import dev.jassay.engine.EngineOptions;
import dev.jassay.server.ServerOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Serves until it is told to stop. */
@Command(
        name = "serve",
        description = {
            "Serve over gRPC, and with --http over HTTP, until SIGTERM or Ctrl-C; calls that run then have 30 s to end. A second signal ends it at once.",
            "",
            "One line on standard output tells when and where it serves; the log is on standard error."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:told to stop, and stopped in order",
            "2:wrong usage, or an address that cannot be listened on, as when its port is taken",
            "5:the engine cannot be loaded"
        })
final class ServeCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private ServeOptions options = new ServeOptions();

    ServeCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws InterruptedException {
        EngineOptions engineOptions = options.engine();
        ServerOptions serverOptions = options.server();
        StopSignal stop = StopSignal.install();
        try (RunningServer server = RunningServer.start(
                        engineOptions, serverOptions, options.http(), "with --listen or --http HOST:PORT");
                ResultOutput output = ResultOutput.open(Optional.empty(), List.of(), streams)) {
            output.writeText(out -> out.append(server.description()).append('\n'));
            stop.await();
            server.drain();
        }
        return ExitCode.PASS;
    }
}
