package dev.jassay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jassay.bench.Turns.Figures;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The page in a browser: how soon it shows a large result, and how large it is itself. */
final class PageRows {
    private static final double PLOT_BAR = 1000;
    private static final double BYTES_BAR = 150;
    private static final String DATA = "4,096 fields";

    private final Options options;

    PageRows(Options options) {
        this.options = options;
    }

    /** Why it cannot be measured, if so. */
    static Optional<String> lack() {
        return Stream.of("chromium", "chromium-browser").anyMatch(Programs::there)
                ? Optional.empty()
                : Optional.of("needs a browser: bin/install-chromium");
    }

    List<Result> measure() throws Exception {
        Path web = options.home().resolve("web/target");
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(
                        File.pathSeparator,
                        web.resolve("test-classes").toString(),
                        web.resolve("classes").toString(),
                        Files.readString(web.resolve("test-classpath")).strip()),
                "dev.jassay.web.PageSpeed",
                Integer.toString(1 + options.rounds()));
        List<List<Double>> rounds = new ArrayList<>();
        Progress.tell("the page with a large result: warming up");
        Process process =
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        try (var lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rounds.add(
                        Arrays.stream(line.split(" ", -1)).map(Double::valueOf).toList());
                Progress.tell("the page with a large result: round " + rounds.size() + " of " + (1 + options.rounds()));
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("the page could not be measured; standard error tells why");
        }
        rounds.removeFirst();
        return List.of(
                Result.absolute("the page: from a click to the field's plot", DATA, median(rounds, 1), "ms")
                        .atMost(PLOT_BAR),
                Result.absolute(
                                "the page: from the choice of a result to the first plot",
                                DATA,
                                median(rounds, 0),
                                "ms")
                        .atMost(PLOT_BAR),
                Result.absolute("the page over the wire, all of it", "", median(rounds, 2) / 1e3, "kB")
                        .atMost(BYTES_BAR));
    }

    private static double median(List<List<Double>> rounds, int figure) {
        return new Figures(rounds.stream().map(round -> round.get(figure)).toList()).median();
    }
}
