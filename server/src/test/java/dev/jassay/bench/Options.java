package dev.jassay.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What to measure, and how much of it.
 *
 * @param home the folder of the project
 * @param scale of data and durations: 1 for figures that count, less to see whether all of it runs
 * @param rounds how often each figure is taken; the median counts
 * @param only names of the groups to measure; empty for all
 */
record Options(Path home, double scale, int rounds, List<String> only) {
    private static final int DEFAULT_ROUNDS = 7;
    private static final int FEW_ROUNDS = 3;
    private static final long DATA_BYTES = 200_000_000;
    private static final Duration SHORTEST = Duration.ofMillis(300);

    static Options parse(List<String> arguments) {
        double scale = 1;
        int rounds = DEFAULT_ROUNDS;
        List<String> only = List.of();
        for (int i = 0; i < arguments.size(); i += 2) {
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            switch (arguments.get(i)) {
                case "--scale" -> scale = Double.parseDouble(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--only" -> only = List.of(value.split(",", -1));
                default ->
                    throw new IllegalArgumentException(
                            "usage: Bench [--scale FACTOR] [--rounds N] [--only GROUP,...], not " + arguments.get(i));
            }
        }
        return new Options(Path.of("").toAbsolutePath(), scale, rounds, only);
    }

    /** Rounds of what takes long and varies little. */
    int fewRounds() {
        return Math.min(rounds, FEW_ROUNDS);
    }

    /** Bytes of each usual set of data. */
    long dataBytes() {
        return scaled(DATA_BYTES);
    }

    long scaled(long bytes) {
        return Math.max(1, Math.round(bytes * scale));
    }

    Duration scaled(Duration duration) {
        Duration shorter = Duration.ofNanos(Math.round(duration.toNanos() * scale));
        return shorter.compareTo(SHORTEST) < 0 ? SHORTEST : shorter;
    }

    /** Where all of it is kept: data, logs, results. */
    Path folder() {
        return home.resolve("target/bench");
    }

    /** The file of a data set in one of its forms, as in {@code .ndjson}. */
    Path data(DataSet set, String form) {
        return folder().resolve("data").resolve(set.fileStem() + form);
    }

    /** The program that makes the data and measures, of one of its builds. */
    Path speed(String target) {
        return home.resolve("rust/peers").resolve(target).resolve("release/speed");
    }

    boolean wants(String group) {
        return only.isEmpty() || only.contains(group);
    }
}
