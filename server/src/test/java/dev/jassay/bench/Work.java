package dev.jassay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program that works through some data each time it is asked, as {@code speed measure} does.
 *
 * @param name what people call it
 * @param bytes of the data
 */
record Work(String name, List<String> command, Map<String, String> environment, long bytes) {
    /** A subject of {@code speed} on a file. */
    static Work onFile(Options options, String subject, Path file) throws IOException {
        List<String> command = List.of(program(options, subject).toString(), "measure", subject, file.toString());
        return new Work(subject, command, Map.of(), Files.size(file));
    }

    /** The engine on data that {@code speed} makes in memory, in records of so many bytes. */
    static Work onHostile(Options options, String subject, String kind, long recordBytes, long bytes) {
        List<String> command = List.of(
                program(options, subject).toString(),
                "hostile",
                subject,
                kind,
                Long.toString(recordBytes),
                Long.toString(bytes));
        return new Work(subject, command, Map.of(), bytes);
    }

    /** The same on the given code path of the engine. */
    Work onKernel(String kernel) {
        return new Work(name + " on " + kernel, command, Map.of("JASSAY_KERNEL", kernel), bytes);
    }

    /** Ours as it is shipped, for any processor of its kind; the others for this very processor, as they ask for. */
    private static Path program(Options options, String subject) {
        return options.speed(subject.startsWith("jassay") ? "target" : "target/native");
    }
}
