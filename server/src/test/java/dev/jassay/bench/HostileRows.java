package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Data that somebody might send to keep the engine busy. One thread. */
final class HostileRows {
    private static final List<String> KINDS =
            List.of("openings", "quotes", "backslashes", "repeated-key", "keys", "colliding-keys");
    private static final List<String> FORMATS = List.of("ndjson", "array", "concatenated");
    private static final long BYTES = 100_000_000;
    private static final long SMALL_RECORD_BYTES = 64 << 10;
    private static final double BAR = 5;

    private static final long KEYS = 1_000_000;
    private static final int MEMBER_BYTES = "\"00000000\":0,".length();
    private static final int SHORTEST_RECORD_BYTES = "{\"00000000\":0}\n".length();
    private static final double KEYS_BAR = 2;

    private final Options options;
    private final Speeds speeds;

    HostileRows(Options options, Turns turns) {
        this.options = options;
        this.speeds = new Speeds(turns);
    }

    List<Result> measure() throws Exception {
        List<Result> results = new ArrayList<>();
        for (String kind : KINDS) {
            results.add(worst(kind));
        }
        results.add(keysInOneObject());
        return results;
    }

    /** Of all ways to send a kind of data the one that takes longest. */
    private Result worst(String kind) throws Exception {
        long bytes = options.scaled(BYTES);
        List<String> cases = new ArrayList<>();
        List<Work> works = new ArrayList<>();
        works.add(Work.onFile(options, "jassay-ndjson-1", options.data(DataSet.ORDERS, ".ndjson")));
        for (long recordBytes : List.of(bytes, SMALL_RECORD_BYTES)) {
            for (String format : FORMATS) {
                for (boolean allowed : List.of(false, true)) {
                    cases.add(format
                            + (recordBytes == bytes ? ", one record" : ", records of 64 KiB")
                            + (allowed ? ", repeated keys allowed" : ""));
                    String subject = "jassay-" + format + "-1" + (allowed ? "-allow" : "");
                    works.add(Work.onHostile(options, subject, kind, recordBytes, bytes));
                }
            }
        }
        List<Figures> rates = speeds.rates(kind, works);
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            Result result = Result.pair(
                            "hostile " + kind + ", time of a byte against orders",
                            cases.get(i),
                            1 / rates.get(i + 1).median(),
                            1 / rates.getFirst().median(),
                            "ns/B")
                    .atMost(BAR);
            Progress.tell("%s, %s: %.3f".formatted(kind, cases.get(i), result.ratio()));
            results.add(result);
        }
        Result worst =
                results.stream().max(Comparator.comparingDouble(Result::ratio)).orElseThrow();
        boolean cut = worst.ours() * bytes >= SpeedProcess.LIMIT.toNanos();
        return worst.noting("the worst of " + cases.size() + (cut ? ", cut" : ""));
    }

    private Result keysInOneObject() throws Exception {
        long count = options.scaled(KEYS);
        Work one = Work.onHostile(options, "jassay-ndjson-1", "short-keys", count * MEMBER_BYTES, count * MEMBER_BYTES);
        Work each = Work.onHostile(options, "jassay-ndjson-1", "short-keys", 1, count * SHORTEST_RECORD_BYTES);
        List<Figures> rates = speeds.rates("many keys", List.of(one, each));
        return Result.pair(
                        "a million keys in one object, against as many records",
                        "",
                        millis(one, rates.get(0)),
                        millis(each, rates.get(1)),
                        "ms")
                .atMost(KEYS_BAR);
    }

    private static double millis(Work work, Figures rates) {
        return work.bytes() / rates.median() / 1e6;
    }
}
