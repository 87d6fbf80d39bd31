package dev.jassay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jassay.bench.Turns.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The engine on an older code path, beside the newest that this processor has. */
final class KernelRows {
    private static final String OLDER = "avx2";
    private static final String NEWEST = "avx512";
    private static final String NEEDED = "avx512_vbmi2";
    private static final double BAR = 0.65;

    private final Options options;
    private final Speeds speeds;

    KernelRows(Options options, Turns turns) {
        this.options = options;
        this.speeds = new Speeds(turns);
    }

    /** Why it cannot be measured, if so. */
    static Optional<String> lack(Options options) throws IOException {
        if (!Files.readString(Path.of("/proc/cpuinfo")).contains(NEEDED)) {
            return Optional.of("the processor has no " + NEEDED);
        }
        for (String wanted : List.of(OLDER, NEWEST)) {
            String kernel = kernel(options, wanted);
            if (!kernel.equals(wanted)) {
                return Optional.of("asked for " + wanted + ", the engine judges on " + kernel);
            }
        }
        return Optional.empty();
    }

    /** Where the engine judges that was asked for a code path. */
    private static String kernel(Options options, String wanted) throws IOException {
        Work asked = new Work("", List.of(options.speed("target").toString(), "kernel"), Map.of(), 0).onKernel(wanted);
        ProcessBuilder builder = new ProcessBuilder(asked.command());
        builder.environment().putAll(asked.environment());
        String answer = builder.start().inputReader(UTF_8).readLine();
        return answer == null ? "nothing" : answer;
    }

    List<Result> measure() throws Exception {
        List<Result> results = new ArrayList<>();
        for (DataSet set : DataSet.USUAL) {
            Work work = Work.onFile(options, "jassay-ndjson-1", options.data(set, ".ndjson"));
            List<Figures> rates = speeds.agreeing(set.fileStem(), List.of(work.onKernel(OLDER), work.onKernel(NEWEST)));
            results.add(Result.rates(
                            "NDJSON, 1 thread, " + OLDER + " against " + NEWEST,
                            set.fileStem(),
                            rates.get(0),
                            rates.get(1))
                    .atLeast(BAR));
        }
        return results;
    }
}
