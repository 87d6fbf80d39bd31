package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/** The command line on a long file that is in memory, from start to exit, beside a program that only counts lines. */
final class CheckRow {
    private static final double BAR = 4;

    private final Options options;
    private final Turns turns;

    CheckRow(Options options, Turns turns) {
        this.options = options;
        this.turns = turns;
    }

    List<Result> measure() throws Exception {
        String file = LongFile.make(options).toString();
        String jassay = options.home().resolve("bin/jassay").toString();
        List<Figures> seconds = turns.take(
                "jassay check, and wc -l",
                List.of(
                        () -> seconds(jassay, "check", file, "--quiet", "--profile", "none"),
                        () -> seconds("wc", "-l", file)));
        return List.of(Result.pair(
                        "jassay check of a 2 GB file, against wc -l",
                        "orders",
                        seconds.get(0).median(),
                        seconds.get(1).median(),
                        "s")
                .atMost(BAR));
    }

    /** From start to exit of a program that finds nothing wrong. */
    static double seconds(String... command) throws IOException, InterruptedException {
        return seconds(0, command);
    }

    /** The same of one that may end with an exit code up to this. */
    static double seconds(int mostExitCode, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT);
        builder.environment().remove("JASSAY_JAVA_OPTS");
        long began = System.nanoTime();
        int exitCode = builder.start().waitFor();
        double seconds = (System.nanoTime() - began) / 1e9;
        if (exitCode > mostExitCode) {
            throw new IOException(command[0] + " ended with " + exitCode + "; standard error tells why");
        }
        return seconds;
    }
}
