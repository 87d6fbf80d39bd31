package dev.jassay.cli;

import dev.jassay.engine.EngineOptions;
import dev.jassay.server.ServerOptions;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Report;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the whole way of the data at once: a sample, a server, a client, a result. */
@Command(
        name = "demo",
        hidden = true,
        description = {
            "Start a server, stream a sample through it, and show the result.",
            "",
            "Then it goes on serving until Ctrl-C where standard input is a terminal, and ends where it is not."
        })
final class DemoCommand implements Callable<Integer> {
    private static final Sample SAMPLE = new Sample(200_000, 10, 1, SampleFormat.NDJSON);

    /** One of a kind and place: enough to see them all, few enough to leave the counts on the screen. */
    private static final ProcessConfig CONFIG = ProcessConfig.newBuilder()
            .setReport(Report.newBuilder().setMaxPerGroup(1))
            .build();

    private static final ProcessConfig SAMPLE_CONFIG =
            CONFIG.toBuilder().setSource("sample.ndjson").build();

    /** Beside that of gRPC. */
    private static final int HTTP_PORT = 50_080;

    private final StandardStreams streams;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "What to stream. Default: a sample of 200,000 orders.")
    private Optional<String> file = Optional.empty();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = ListenAddress.class,
            description = "Where to serve. Default: 127.0.0.1:50051.")
    private Optional<InetSocketAddress> listen = Optional.empty();

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            converter = ListenAddress.class,
            description = "Where to serve over HTTP, and the page. Default: 127.0.0.1:50080.")
    private InetSocketAddress http = new InetSocketAddress(InetAddress.getLoopbackAddress(), HTTP_PORT);

    @Option(names = "--no-http", description = "Serve over gRPC alone.")
    private boolean withoutHttp;

    DemoCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.quiet();
        ServerOptions options = ServerOptions.defaults();
        if (listen.isPresent()) {
            options = options.withListen(List.of(listen.get()));
        }
        try (RunningServer server = RunningServer.start(
                EngineOptions.defaults(),
                options,
                withoutHttp ? Optional.empty() : Optional.of(http),
                "as in: make run LISTEN=127.0.0.1:50052 HTTP=127.0.0.1:50081, or bin/jassay demo --listen 127.0.0.1:50052 --http 127.0.0.1:50081")) {
            tell(server.description());
            if (file.isPresent()) {
                stream(server, CONFIG, file.get());
                serveOn(server, file.get());
            } else {
                streamSample(server);
            }
        }
        return ExitCode.PASS;
    }

    private void streamSample(RunningServer server) throws InterruptedException {
        tell("writing " + Figures.grouped(SAMPLE.records()) + " orders, "
                + Figures.percent(SAMPLE.faulty(), SAMPLE.records()) + " of them faulty");
        try (SampleFile sample = SampleFile.write(SAMPLE)) {
            String name = sample.path().toString();
            stream(server, SAMPLE_CONFIG, name);
            serveOn(server, name);
        }
    }

    private void stream(RunningServer server, ProcessConfig config, String name) throws InterruptedException {
        try (Input input = Input.open(name, streams);
                ResultOutput output = ResultOutput.open(Optional.empty(), List.of(), streams)) {
            tell("streaming " + name);
            Judge judge = new ServerJudge(server.endpoint());
            ProcessResult result = WatchedWork.on(streams.progressTerminal())
                    .run(
                            input.subject(),
                            new Interruption(),
                            watch -> judge.judge(config, input, Optional.empty(), watch));
            output.writeText(out -> TextReport.write(result, input.name(), out));
        }
    }

    /** Where there is somebody who can end it. */
    private void serveOn(RunningServer server, String streamed) throws InterruptedException {
        if (!streams.isTerminal(StandardStreams.Which.IN)) {
            return;
        }
        StopSignal stop = StopSignal.install();
        tell("still serving on " + server.endpoint()
                + ", until Ctrl-C; in another terminal: bin/jassay check FILE --endpoint " + server.endpoint());
        server.page().ifPresent(page -> tell("the page is at " + page + ": drop a file on it, as " + streamed));
        stop.await();
        server.drain();
    }

    private void tell(String text) {
        streams.err().println(VisibleText.of(text));
    }
}
