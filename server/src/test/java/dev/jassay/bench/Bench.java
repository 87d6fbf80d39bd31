package dev.jassay.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    private final Options options;
    private final Turns turns;
    private final List<Result> results = new ArrayList<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    private Bench(Options options) {
        this.options = options;
        this.turns = new Turns(options.rounds());
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
        int exitCode = new ProcessBuilder(
                        EngineRows.speed(options, "target").toString(),
                        "data",
                        folder.toString(),
                        Long.toString(options.dataBytes()))
                .redirectError(Redirect.INHERIT)
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException("the data could not be made; standard error tells why");
        }
    }

    private void measure() {
        EngineRows engine = new EngineRows(options, turns);
        for (DataSet set : DataSet.values()) {
            add("engine", () -> engine.measure(set));
        }
        addWithServers("stream", servers -> new StreamRows(options, turns, servers).measure());
        addWithServers("allocation", servers -> new AllocationRow(options, turns, servers).measure());
        addWithServers("requests", servers -> new RequestRow(options, turns, servers).measure());
        add("memory", () -> new MemoryRows(options, turns).measure());
        addWithServers("load", servers -> new LoadRows(options, turns, servers).measure());
        add("start", () -> new StartRow(options, turns).measure());
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
        Report report = new Report(options, Machine.read(), results, failures);
        Files.writeString(options.folder().resolve("results.json"), report.toJson());
        Files.writeString(options.folder().resolve("benchmarks.md"), report.toMarkdown());
        System.out.print(report.toText());
        return failures.isEmpty() ? 0 : 1;
    }
}
