package dev.jassay.cli;

import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProfileScope;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Judges one input, or several to one result, and tells the result. */
@Command(
        name = "check",
        description = {
            "Tell which records of files are valid JSON, and valid by a JSON Schema, which are not, and exactly where and why.",
            "Several files have one result, which names the file of each violation. Ctrl-C ends it with what has been judged."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every record is valid",
            "1:a record is invalid, or the input could not be judged to its end",
            "2:wrong usage, config, schema or output file",
            "3:an input cannot be read, is damaged, or ends inside a record",
            "4:the input expands too much, or its zstd window is too large",
            "5:the server is not reachable or refuses, the engine has a defect, or the result cannot be written",
            "130:interrupted"
        })
final class CheckCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "What to judge; - is standard input, of a folder all *.json, *.ndjson and *.jsonl"
                    + " and these with .gz or .zst, at any depth but for hidden ones.")
    private List<String> names = List.of();

    @Mixin
    private LocalEngine engine = new LocalEngine();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private ServedWorkOptions work = new ServedWorkOptions();

    CheckCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws InterruptedException {
        // People who look at a result want to see what is in the data, which is not the default of the config.
        ProfileScope scope = work.areTold() ? ProfileScope.PROFILE_SCOPE_VALID : ProfileScope.PROFILE_SCOPE_NONE;
        SchemaSources schemas = config.schemas();
        schemas.requireStandardInputForOne(names);
        ProcessConfig wanted = withState(config.config(scope, streams));
        try {
            return InputFiles.areSeveral(names) ? checkAll(wanted) : check(wanted, names.getFirst());
        } catch (SchemaFailure failure) {
            throw schemas.failure(failure.problems());
        }
    }

    private int check(ProcessConfig wanted, String name) throws InterruptedException {
        try (Input input = Input.open(name, streams);
                CtrlC ctrlC = CtrlC.take()) {
            Judge judge = work.judge(engine);
            return work.run(
                    input.subject(),
                    config.files(),
                    streams,
                    ctrlC.interruption(),
                    (state, watch) -> judge.judge(wanted, input, state, watch));
        }
    }

    private int checkAll(ProcessConfig wanted) throws InterruptedException {
        requireNothingOfOne(wanted);
        InputFiles files = InputFiles.find(names, streams);
        FileTroubles troubles = new FileTroubles();
        try (CtrlC ctrlC = CtrlC.take()) {
            Judge judge = work.judge(engine);
            return troubles.exitCode(work.run(
                    files.subject(),
                    config.files(),
                    streams,
                    ctrlC.interruption(),
                    (_, watch) -> judge.judgeAll(wanted, files, troubles, watch)));
        } finally {
            troubles.tell(streams.err());
        }
    }

    private static void requireNothingOfOne(ProcessConfig config) {
        if (!config.getSource().isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--source names one input: of several files, each is its own source");
        }
        if (config.hasPart() || config.getProfile().getWithState()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--part and --state are of one input: check file by file, and merge the states by 'jassay merge'");
        }
    }

    private ProcessConfig withState(ProcessConfig config) {
        if (!work.wantState()) {
            return config;
        }
        ProcessConfig.Builder builder = config.toBuilder();
        builder.getProfileBuilder().setWithState(true);
        return builder.build();
    }
}
