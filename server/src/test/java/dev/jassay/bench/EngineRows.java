package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import dev.jassay.bench.Turns.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The engine alone, through its Rust face, beside other parsers. */
final class EngineRows {
    private static final double ARRAY_BAR = 3;
    private static final double THREADS_BAR = 1.7;

    private final Options options;
    private final Turns turns;

    EngineRows(Options options, Turns turns) {
        this.options = options;
        this.turns = turns;
    }

    List<Result> measure(DataSet set) throws Exception {
        String data = set.fileStem();
        List<Figures> array = rates(set, "json", List.of("jassay-array-2", "serde_json-tree-2"));
        List<Figures> lines = rates(
                set, "ndjson", List.of("jassay-ndjson-2", "jassay-ndjson-1", "sonic-rs-ignored-1", "simd-json-tape-1"));
        double alone = lines.get(1).median();
        return List.of(
                pair(
                                "array, 2 threads, against serde_json",
                                data,
                                array.get(0).median(),
                                array.get(1).median())
                        .atLeast(ARRAY_BAR),
                pair("NDJSON, 2 threads against 1", data, lines.get(0).median(), alone)
                        .atLeast(THREADS_BAR),
                pair(
                        "NDJSON, 1 thread, against sonic-rs IgnoredAny",
                        data,
                        alone,
                        lines.get(2).median()),
                pair(
                        "NDJSON, 1 thread, against simd-json tape",
                        data,
                        alone,
                        lines.get(3).median()));
    }

    private static Result pair(String name, String data, double ours, double peer) {
        return Result.pair(name, data, ours, peer, "GB/s");
    }

    /** GB/s of each subject on one file; they must find the same number of records. */
    private List<Figures> rates(DataSet set, String extension, List<String> subjects) throws Exception {
        Path file = options.data(set, extension);
        double bytes = Files.size(file);
        Set<Long> records = new HashSet<>();
        List<SpeedProcess> processes = new ArrayList<>();
        try {
            List<Subject> measured = new ArrayList<>();
            for (String subject : subjects) {
                SpeedProcess process = new SpeedProcess(program(subject), subject, file);
                processes.add(process);
                measured.add(() -> {
                    SpeedProcess.Pass pass = process.pass();
                    records.add(pass.records());
                    return bytes / pass.nanos();
                });
            }
            List<Figures> figures = turns.take(file.getFileName() + ", " + String.join(", ", subjects), measured);
            if (records.size() != 1) {
                throw new IOException("they do not agree on the number of records: " + records);
            }
            return figures;
        } finally {
            processes.forEach(SpeedProcess::close);
        }
    }

    /** Ours as it is shipped, for any processor of its kind; the others for this very processor, as they ask for. */
    private Path program(String subject) {
        return speed(options, subject.startsWith("jassay") ? "target" : "target/native");
    }

    static Path speed(Options options, String target) {
        return options.home().resolve("rust/peers").resolve(target).resolve("release/speed");
    }
}
