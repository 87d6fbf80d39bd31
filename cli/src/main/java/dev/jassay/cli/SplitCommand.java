package dev.jassay.cli;

import dev.jassay.engine.Wanted;
import dev.jassay.v1.LiveViolations;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ProfileScope;
import dev.jassay.v1.SplitRecords;
import dev.jassay.v1.Termination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts the valid records of one input into one file and the others into another one, and tells the result. */
@Command(
        name = "split",
        description = {
            "Put the valid records of a file into one file and the invalid ones into another, byte for byte, and tell the result.",
            "Lines stay lines, an array becomes arrays. The files appear when all of them are whole; Ctrl-C leaves none.",
            "It works in its own process: a client has a server split by ProcessLive."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every record is valid",
            "1:a record is invalid, or the input could not be judged to its end",
            "2:wrong usage, config, schema or output file",
            "3:the input cannot be read, is damaged, or ends inside a record",
            "4:the input expands too much, or its zstd window is too large",
            "5:the engine has a defect, or a file cannot be written",
            "130:interrupted, and nothing was written"
        })
final class SplitCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Parameters(paramLabel = "FILE", description = "What to split; - is standard input.")
    private String name = "";

    @Option(names = "--valid", paramLabel = "OUT", required = true, description = "Where the valid records go.")
    private Path valid = Path.of("");

    @Option(names = "--invalid", paramLabel = "OUT", required = true, description = "Where the others go.")
    private Path invalid = Path.of("");

    @Option(
            names = "--errors",
            paramLabel = "OUT.ndjson",
            description =
                    "Where a line of JSON goes for each of these: its bytes, where it stood, and why it is invalid.")
    private Optional<Path> errors = Optional.empty();

    @Option(names = "--force", description = "Write over files that are there.")
    private boolean force;

    @Mixin
    private LocalEngine engine = new LocalEngine();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private WorkOptions work = new WorkOptions();

    SplitCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws InterruptedException {
        SchemaSources schemas = config.schemas();
        schemas.requireStandardInputForOne(List.of(name));
        ProcessConfig wanted = withSplit(config.config(ProfileScope.PROFILE_SCOPE_NONE, streams));
        List<Path> outputs =
                Stream.concat(Stream.of(valid, invalid), errors.stream()).toList();
        requireNew(outputs);
        try (Input input = Input.open(name, streams);
                CtrlC ctrlC = CtrlC.take()) {
            return split(wanted, input, outputs, ctrlC.interruption());
        } catch (SchemaFailure failure) {
            throw schemas.failure(failure.problems());
        }
    }

    private int split(ProcessConfig wanted, Input input, List<Path> outputs, Interruption interruption)
            throws InterruptedException {
        List<Path> others =
                Stream.concat(config.files().stream(), outputs.stream()).toList();
        Set<Wanted> told = EnumSet.of(Wanted.OUTPUTS);
        errors.ifPresent(_ -> told.add(Wanted.EVENTS));
        List<Path> read =
                Stream.concat(input.files().stream(), config.files().stream()).toList();
        String source = wanted.getSource().isEmpty() ? input.name() : wanted.getSource();
        EngineJudge judge = new EngineJudge(engine.options());
        return work.run(input.subject(), others, streams, interruption, (_, watch) -> {
            try (SplitFiles files = SplitFiles.open(valid, invalid, errors, read, source)) {
                ProcessResult result = judge.split(wanted, input, told, files, watch);
                finish(result, files);
                return result;
            }
        });
    }

    private void finish(ProcessResult result, SplitFiles files) {
        if (result.getTermination() == Termination.TERMINATION_INTERRUPTED) {
            streams.err().println("jassay: interrupted: no file was written");
            return;
        }
        files.commit();
        if (result.getTermination() != Termination.TERMINATION_COMPLETE
                && result.getTermination() != Termination.TERMINATION_INPUT_TRUNCATED) {
            streams.err()
                    .println("jassay: from byte " + result.getStoppedAt()
                            + " on, nothing could be judged: what stands there is in neither file");
        }
    }

    private ProcessConfig withSplit(ProcessConfig config) {
        if (errors.isEmpty()) {
            return config;
        }
        ProcessConfig.Builder told = config.toBuilder();
        told.getSplitBuilder().setRecords(SplitRecords.SPLIT_RECORDS_INVALID);
        told.getReportBuilder().setLiveViolations(LiveViolations.LIVE_VIOLATIONS_ALL);
        return told.build();
    }

    private void requireNew(List<Path> outputs) {
        for (int one = 0; one < outputs.size(); one++) {
            Path output = outputs.get(one);
            if (!force && Files.isRegularFile(output)) {
                throw new CommandFailure(
                        ExitCode.USAGE, output + " is there already: choose another file, or give --force");
            }
            for (Path other : outputs.subList(one + 1, outputs.size())) {
                if (isSame(output, other)) {
                    throw new CommandFailure(
                            ExitCode.USAGE, "two of --valid, --invalid and --errors name one file: choose others");
                }
            }
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            boolean device = Files.exists(one) && !Files.isRegularFile(one);
            boolean named = one.toAbsolutePath()
                    .normalize()
                    .equals(other.toAbsolutePath().normalize());
            boolean linked = Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
            // A device, as /dev/null, takes all.
            return !device && (named || linked);
        } catch (IOException _) {
            return false;
        }
    }
}
