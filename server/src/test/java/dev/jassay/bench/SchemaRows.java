package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The engine judging by schemas, beside other validators: orders, and what is in the folder of published schemas, {@code JASSAY_SCHEMAS}
 * or {@code shared/data/schemas} beside the project. NDJSON, one thread.
 */
final class SchemaRows {
    private static final String AGAINST_CRATE = "by a schema, against jsonschema on serde_json trees";
    private static final String AGAINST_NONE = "by a schema, against without";
    private static final String AGAINST_AJV = "by a schema, against ajv on JSON.parse, 50 MB";
    private static final String AGAINST_NETWORKNT = "by a schema, against networknt on Jackson trees, 50 MB";
    private static final double CRATE_BAR = 2.5;
    private static final double CRATE_MEAN_BAR = 4.5;
    private static final double AJV_BAR = 8;
    private static final double NETWORKNT_BAR = 10;
    private static final double FAULTS_BAR = 0.7;
    private static final double LIST_BAR = 1;
    private static final double COMPILE_BAR = 2;

    /** Bytes of each kind of records. */
    static final long BYTES = 100_000_000;

    private static final String ORDERS = "orders";

    private final Options options;
    private final Speeds speeds;
    private final Validators validators;

    SchemaRows(Options options, Turns turns) {
        this.options = options;
        this.speeds = new Speeds(turns);
        this.validators = new Validators(options);
    }

    /** What {@code speed} is told, to make the records. */
    static List<String> data(Options options) {
        List<String> arguments =
                new ArrayList<>(List.of("schemas", folder(options).toString(), Long.toString(options.scaled(BYTES))));
        if (Files.isDirectory(published(options))) {
            arguments.add(published(options).toString());
        }
        return arguments;
    }

    /** Why there are no published schemas, if so. */
    static Optional<String> lack(Options options) {
        return Files.isDirectory(published(options))
                ? Optional.empty()
                : Optional.of("needs published schemas, which are not at " + published(options)
                        + ": set JASSAY_SCHEMAS to the folder that has them");
    }

    /** Why it cannot be measured against ajv, if so. */
    static Optional<String> lackForAjv(Options options) {
        return lack(options).or(() -> Validators.lackOfAjv(options));
    }

    private static Path published(Options options) {
        String folder = System.getenv("JASSAY_SCHEMAS");
        return folder == null
                ? options.home().resolveSibling("shared").resolve("data/schemas")
                : Path.of(folder).toAbsolutePath();
    }

    private static Path folder(Options options) {
        return options.folder().resolve("data/schemas");
    }

    /** Beside the crate that users of Rust have. The two agree on formats, which assert in both. */
    List<Result> measureAgainstCrate() throws Exception {
        List<Result> results = new ArrayList<>();
        for (String name : names()) {
            List<Figures> rates = speeds.agreeing(
                    name,
                    List.of(
                            validators.jassay("jassay-ndjson-1-schema-formats", file(name, ""), schema(name)),
                            validators.jsonschema("validate-formats", file(name, ""), schema(name))));
            results.add(Result.rates(AGAINST_CRATE, name, rates.get(0), rates.get(1))
                    .atLeast(CRATE_BAR));
        }
        results.add(Result.geometricMean(AGAINST_CRATE, results).atLeast(CRATE_MEAN_BAR));
        return results;
    }

    /** Beside itself without a schema, on the same records. */
    List<Result> measureAgainstNone() throws Exception {
        List<Result> each = new ArrayList<>();
        for (String name : names()) {
            List<Figures> rates = speeds.rates(
                    name,
                    List.of(
                            validators.jassay("jassay-ndjson-1-schema-formats", file(name, ""), schema(name)),
                            Work.onFile(options, "jassay-ndjson-1", file(name, ""))));
            each.add(Result.rates(AGAINST_NONE, name, rates.get(0), rates.get(1)));
        }
        return List.of(mean(AGAINST_NONE, each));
    }

    List<Result> measureAgainstAjv() throws Exception {
        List<Result> each = new ArrayList<>();
        for (String name : names()) {
            each.add(againstSlow(AGAINST_AJV, name, validators.ajv(file(name, "-short"), schema(name))));
        }
        return List.of(mean(AGAINST_AJV, each).atLeast(AJV_BAR));
    }

    List<Result> measureAgainstNetworknt() throws Exception {
        List<Result> each = new ArrayList<>();
        for (String name : names()) {
            each.add(againstSlow(AGAINST_NETWORKNT, name, validators.networknt(file(name, "-short"), schema(name))));
        }
        return List.of(mean(AGAINST_NETWORKNT, each).atLeast(NETWORKNT_BAR));
    }

    /** Both judge half of the records, and formats do not assert. */
    private Result againstSlow(String what, String name, Work peer) throws Exception {
        Work ours = validators.jassay("jassay-ndjson-1-schema", file(name, "-short"), schema(name));
        List<Figures> rates = speeds.agreeing(name, List.of(ours, peer));
        return Result.rates(what, name, rates.get(0), rates.get(1));
    }

    private static Result mean(String what, List<Result> each) {
        each.forEach(result -> Progress.tell("%s, %s: %.3g".formatted(what, result.data(), result.ratio())));
        double least = each.stream().mapToDouble(Result::ratio).min().orElseThrow();
        double most = each.stream().mapToDouble(Result::ratio).max().orElseThrow();
        return Result.geometricMean(what, each).noting("each %.2g to %.2g".formatted(least, most));
    }

    /** Orders that do not fit their schema, which are explained and counted. */
    List<Result> measureUnfit() throws Exception {
        Path schema = schema(ORDERS);
        Path few = file(ORDERS, "-hundredth-unfit");
        Work ours = validators.jassay("jassay-ndjson-1-schema", few, schema);
        new Speeds(new Turns(1)).agreeing(ORDERS, List.of(ours, validators.jsonschema("validate", few, schema)));
        List<Figures> rates = speeds.rates(
                "orders of which some do not fit, and that do",
                List.of(ours, validators.jassay("jassay-ndjson-1-schema", file(ORDERS, ""), schema)));
        Path none = file(ORDERS, "-unfit");
        List<Figures> unfit = speeds.agreeing(
                "orders that do not fit",
                List.of(
                        validators.jassay("jassay-ndjson-1-schema", none, schema),
                        validators.jsonschema("list", none, schema)));
        return List.of(
                Result.rates(
                                "by a schema, one record in a hundred fails, against none",
                                ORDERS,
                                rates.get(0),
                                rates.get(1))
                        .atLeast(FAULTS_BAR),
                Result.rates(
                                "by a schema, all records fail, against jsonschema listing errors",
                                ORDERS,
                                unfit.get(0),
                                unfit.get(1))
                        .atLeast(LIST_BAR));
    }

    /** From its text; formats do not assert. */
    List<Result> measureCompiling() throws Exception {
        List<Result> results = new ArrayList<>();
        for (String name : names()) {
            Path schema = schema(name);
            Work ours = validators.jassay("jassay-compile", schema, schema);
            List<Figures> rates =
                    speeds.agreeing(name, List.of(ours, validators.jsonschema("compile", schema, schema)));
            results.add(Result.pair(
                            "compiling a schema, against jsonschema",
                            name,
                            millis(ours, rates.get(0)),
                            millis(ours, rates.get(1)),
                            "ms")
                    .atMost(COMPILE_BAR));
        }
        return results;
    }

    private static double millis(Work work, Figures rates) {
        return work.bytes() / rates.median() / 1e6;
    }

    /** Orders first. */
    private List<String> names() throws IOException {
        try (Stream<Path> folders = Files.list(published(options))) {
            return Stream.concat(
                            Stream.of(ORDERS),
                            folders.filter(folder -> Files.exists(folder.resolve("instances.jsonl")))
                                    .map(folder -> folder.getFileName().toString())
                                    .sorted(Comparator.naturalOrder()))
                    .toList();
        }
    }

    private Path file(String name, String form) {
        return folder(options).resolve(name + form + ".ndjson");
    }

    private Path schema(String name) {
        return name.equals(ORDERS)
                ? options.home().resolve("rust/peers/schema/orders.schema.json")
                : published(options).resolve(name).resolve("schema.json");
    }
}
