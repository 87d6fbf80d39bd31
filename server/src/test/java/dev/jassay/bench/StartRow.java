package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How soon a server serves, with the cache of classes that the build makes and without. */
final class StartRow {
    private static final double BAR = 0.55;

    private final Options options;
    private final Turns turns;

    StartRow(Options options, Turns turns) {
        this.options = options;
        this.turns = turns;
    }

    List<Result> measure() throws Exception {
        Path cache = options.home().resolve("cli/target/jassay.aot");
        if (!Files.exists(cache)) {
            throw new IOException("there is no " + cache + ": run 'make build'");
        }
        List<Figures> millis = turns.take(
                "start to serving, with and without the cache",
                List.of(() -> start(Map.of()), () -> start(Map.of("JASSAY_JAVA_OPTS", "-XX:AOTMode=off"))));
        return List.of(Result.pair(
                        "start to serving, with AOT cache against without",
                        "",
                        millis.get(0).median(),
                        millis.get(1).median(),
                        "ms")
                .atMost(BAR));
    }

    private double start(Map<String, String> environment) throws IOException {
        try (ServerProcess server = ServerProcess.jassay(options, environment)) {
            return server.startNanos() / 1e6;
        }
    }
}
