package dev.jassay.cli;

import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProfileScope;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges one input and tells the result. */
@Command(
        name = "check",
        description =
                "Tell which records of a file are valid JSON, and valid by a JSON Schema, which are not, and exactly where and why.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every record is valid",
            "1:a record is invalid, or the input could not be judged to its end",
            "2:wrong usage, config, schema or output file",
            "3:the input cannot be read, is damaged, or ends inside a record",
            "4:the input expands too much, or its zstd window is too large",
            "5:the server is not reachable or refuses, the engine has a defect, or the result cannot be written",
            "130:interrupted"
        })
final class CheckCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Parameters(index = "0", paramLabel = "FILE", description = "What to judge; - is standard input.")
    private String file = "";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that judge, where no server does. Default: one a processor.")
    private Optional<Integer> threads = Optional.empty();

    @Mixin
    private DecompressionOptions decompression = new DecompressionOptions();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private WorkOptions work = new WorkOptions();

    CheckCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws InterruptedException {
        // People who look at a result want to see what is in the data, which is not the default of the config.
        ProfileScope scope = work.areTold() ? ProfileScope.PROFILE_SCOPE_VALID : ProfileScope.PROFILE_SCOPE_NONE;
        SchemaSources schemas = config.schemas();
        if (file.equals("-") && schemas.areStandardInput()) {
            throw new CommandFailure(
                    ExitCode.USAGE, "input and schema cannot both be standard input: name a file for one of them");
        }
        ProcessConfig wanted = withState(config.config(scope, streams));
        try (Input input = Input.open(file, streams)) {
            return work.run(
                    input,
                    config.files(),
                    new LocalEngine(threads, decompression),
                    streams,
                    (judge, state, progress) -> judge.judge(wanted, input, state, progress));
        } catch (SchemaFailure failure) {
            throw schemas.failure(failure.problems());
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
