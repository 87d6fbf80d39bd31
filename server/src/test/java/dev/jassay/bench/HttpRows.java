package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Long streams that curl sends over HTTP: how fast, beside a server that discards them, and in how much memory. */
final class HttpRows {
    private static final double RATE_BAR = 0.6;
    private static final double GROWTH_BAR = 1.1;
    private static final long SHORT_BYTES = 1_000_000_000;
    private static final long LONG_BYTES = 5 * SHORT_BYTES;

    private final Options options;
    private final Turns turns;
    private final Turns fewTurns;

    HttpRows(Options options, Turns turns, Turns fewTurns) {
        this.options = options;
        this.turns = turns;
        this.fewTurns = fewTurns;
    }

    /** Why it cannot be measured, if so. */
    static Optional<String> lack() {
        return Programs.there("curl") ? Optional.empty() : Optional.of("needs curl: apt-get install curl");
    }

    List<Result> measure() throws Exception {
        return List.of(rate(), growth());
    }

    private Result rate() throws Exception {
        Path file = LongFile.make(options);
        try (ServerProcess jassay = ServerProcess.jassayOverHttp(options);
                ServerProcess discarding =
                        ServerProcess.like(jassay, DiscardingHttpServer.class.getName(), options, List.of())) {
            List<Figures> rates = turns.take(
                    "over HTTP by curl, and to a server that discards",
                    List.of(() -> rate(file, jassay.port()), () -> rate(file, discarding.port())));
            return Result.rates("over HTTP by curl, 2 GB, against discarding", "orders", rates.get(0), rates.get(1))
                    .atLeast(RATE_BAR);
        }
    }

    private static double rate(Path file, int port) throws IOException, InterruptedException {
        List<String> command = curl(port);
        command.addAll(List.of("--upload-file", file.toString()));
        return Files.size(file) / (CheckRow.seconds(command.toArray(String[]::new)) * 1e9);
    }

    private Result growth() throws Exception {
        List<Figures> peaks = fewTurns.takeCold(
                "peak memory of the server over HTTP, 5 GB and 1 GB",
                List.of(() -> peakOfFreshServer(LONG_BYTES), () -> peakOfFreshServer(SHORT_BYTES)));
        return Result.pair(
                        "peak RSS of the server over HTTP, 5 GB against 1 GB",
                        "orders",
                        peaks.get(0).median(),
                        peaks.get(1).median(),
                        "MiB")
                .atMost(GROWTH_BAR);
    }

    private double peakOfFreshServer(long bytes) throws IOException, InterruptedException {
        Path orders = options.data(DataSet.ORDERS, ".ndjson");
        int times = (int) Math.ceilDiv(options.scaled(bytes), Files.size(orders));
        List<String> files = new ArrayList<>(List.of("cat"));
        files.addAll(Collections.nCopies(times, orders.toString()));
        try (ServerProcess server = ServerProcess.jassayOverHttp(options)) {
            List<String> command = curl(server.port());
            command.addAll(List.of("--upload-file", "-"));
            List<Process> pipeline = ProcessBuilder.startPipeline(
                    List.of(builder(files).redirectOutput(Redirect.PIPE), builder(command)));
            for (Process process : pipeline) {
                if (process.waitFor() != 0) {
                    throw new IOException("an upload failed; standard error tells why");
                }
            }
            return server.peakMebibytes();
        }
    }

    private static ProcessBuilder builder(List<String> command) {
        return new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT);
    }

    /** Fails where the server refuses. */
    private static List<String> curl(int port) {
        return new ArrayList<>(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--fail",
                "--request",
                "POST",
                "--output",
                "/dev/null",
                "http://127.0.0.1:" + port + "/v1/process"));
    }
}
