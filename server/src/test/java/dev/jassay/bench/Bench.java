package dev.jassay.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures all that has a bar, and writes {@code target/bench/results.json} and {@code target/bench/benchmarks.md}. A bar that is missed
 * is told and is no failure; the exit code is 1 where something could not be measured.
 */
final class Bench {
    /** Something that gives some of the results. */
    @FunctionalInterface
    private interface Group {
        List<Result> measure() throws Exception;
    }

    private static final String SCHEMA = "schema";

    private final Options options;
    private final Turns turns;
    private final Turns fewTurns;
    private final List<Result> results = new ArrayList<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    private Bench(Options options) {
        this.options = options;
        this.turns = new Turns(options.rounds());
        this.fewTurns = new Turns(options.fewRounds());
    }

    public static void main(String... arguments) throws IOException, InterruptedException {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroy)));
        Bench bench = new Bench(Options.parse(List.of(arguments)));
        bench.makeData();
        bench.measure();
        System.exit(bench.report());
    }

    private void makeData() throws IOException, InterruptedException {
        Progress.tell("making the data");
        Path folder = options.folder().resolve("data");
        speed(List.of("data", folder.toString(), Long.toString(options.dataBytes())));
        if (options.wants(SCHEMA)) {
            speed(SchemaRows.data(options));
        }
    }

    private void speed(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(options.speed("target").toString()));
        command.addAll(arguments);
        int exitCode = new ProcessBuilder(command)
                .redirectError(Redirect.INHERIT)
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException("the data could not be made; standard error tells why");
        }
    }

    private void measure() throws IOException {
        EngineRows engine = new EngineRows(options, turns);
        DataSet.USUAL.forEach(set -> add("engine", () -> engine.measure(set)));
        addUnless(SimdjsonRows.lack(options), "simdjson", () -> new SimdjsonRows(options, turns).measure());
        add("hard", () -> new HardRows(options, turns).measure());
        VariantRows variants = new VariantRows(options, turns);
        DataSet.USUAL.forEach(set -> add("variants", () -> variants.measure(set)));
        add("variants", variants::measureFaults);
        addUnless(KernelRows.lack(options), "kernels", () -> new KernelRows(options, turns).measure());
        add("profile", () -> new ProfileRows(options, turns).measure());
        addWithServers("profile", servers -> new ProfileStreamRows(options, turns, servers).measure());
        SchemaRows schemas = new SchemaRows(options, turns);
        addUnless(SchemaRows.lack(options), SCHEMA, schemas::measureAgainstCrate);
        addUnless(SchemaRows.lack(options), SCHEMA, schemas::measureAgainstNone);
        addUnless(SchemaRows.lackForAjv(options), SCHEMA, schemas::measureAgainstAjv);
        addUnless(SchemaRows.lack(options), SCHEMA, schemas::measureAgainstNetworknt);
        add(SCHEMA, schemas::measureUnfit);
        addUnless(SchemaRows.lack(options), SCHEMA, schemas::measureCompiling);
        add("hostile", () -> new HostileRows(options, fewTurns).measure());
        addWithServers("stream", servers -> new StreamRows(options, turns, servers).measure());
        addWithServers("live", servers -> new LiveRows(options, turns, servers).measure());
        addWithServers("allocation", servers -> new AllocationRow(options, turns, servers).measure());
        addWithServers("requests", servers -> new RequestRow(options, turns, servers).measure());
        addUnless(HttpRows.lack(), "http", () -> new HttpRows(options, turns, fewTurns).measure());
        addUnless(PageRows.lack(), "page", () -> new PageRows(options).measure());
        add("memory", () -> new MemoryRows(options, fewTurns).measure());
        addWithServers("load", servers -> new LoadRows(options, turns, servers).measure());
        add("start", () -> new StartRow(options, turns).measure());
        add("check", () -> new CheckRow(options, turns).measure());
        add("split", () -> new SplitRow(options, turns).measure());
        add("files", () -> new FilesRows(options, turns).measure());
        addUnless(ZstdRow.lack(), "zstd", () -> new ZstdRow(options, turns).measure());
    }

    @FunctionalInterface
    private interface GroupWithServers {
        List<Result> measure(Servers servers) throws Exception;
    }

    private void addWithServers(String name, GroupWithServers group) {
        add(name, () -> {
            try (Servers servers = new Servers(options)) {
                return group.measure(servers);
            }
        });
    }

    private void addUnless(Optional<String> lack, String name, Group group) {
        if (lack.isEmpty()) {
            add(name, group);
        } else if (options.wants(name)) {
            leftOut.put(name, lack.get());
        }
    }

    private void add(String name, Group group) {
        if (!options.wants(name)) {
            return;
        }
        try {
            results.addAll(group.measure());
        } catch (Exception e) {
            failures.put(name, e.toString());
            Progress.tell(name + " could not be measured");
            e.printStackTrace();
        }
    }

    private int report() throws IOException {
        Report report = new Report(options, Machine.read(), results, leftOut, failures);
        Files.writeString(options.folder().resolve("results.json"), report.toJson());
        Files.writeString(options.folder().resolve("benchmarks.md"), report.toMarkdown());
        System.out.print(report.toText());
        return failures.isEmpty() ? 0 : 1;
    }
}
