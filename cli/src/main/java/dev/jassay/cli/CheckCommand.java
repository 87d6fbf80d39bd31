package dev.jassay.cli;

import dev.jassay.engine.EngineOptions;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ProfileScope;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges one input and tells the result. */
@Command(
        name = "check",
        description = "Tell which records of a file are valid JSON, which are not, and exactly where and why.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every record is valid",
            "1:a record is invalid, or the input could not be judged to its end",
            "2:wrong usage, config or output file",
            "3:the input cannot be read, or ends inside a record",
            "5:the server is not reachable or refuses, the engine has a defect, or the result cannot be written",
            "130:interrupted"
        })
final class CheckCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Parameters(index = "0", paramLabel = "FILE", description = "What to judge; - is standard input.")
    private String file = "";

    @Option(
            names = "--endpoint",
            paramLabel = "HOST:PORT",
            description = "Have a server judge. Default: an engine in this process.")
    private Optional<String> endpoint = Optional.empty();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that judge, where no server does. Default: one a processor.")
    private Optional<Integer> threads = Optional.empty();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--output",
            paramLabel = "HOW",
            description = "The result as ${COMPLETION-CANDIDATES}. Default: text.")
    private ResultFormat output = ResultFormat.TEXT;

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description = "Write the result there; the file is written whole or not at all.")
    private Optional<Path> outputFile = Optional.empty();

    @Option(names = "--quiet", description = "Write no result to standard output: the exit code tells.")
    private boolean quiet;

    @Option(names = "--no-progress", description = "Show no progress, not even on a terminal.")
    private boolean noProgress;

    CheckCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws InterruptedException {
        boolean shown = !quiet || outputFile.isPresent();
        // People who look at a result want to see what is in the data, which is not the default of the config.
        ProcessConfig wanted =
                config.config(shown ? ProfileScope.PROFILE_SCOPE_VALID : ProfileScope.PROFILE_SCOPE_NONE);
        WatchedJudge judge = new WatchedJudge(judge(), progressTerminal());
        try (Input input = Input.open(file, streams);
                ResultOutput results = ResultOutput.open(outputFile, inputs(input), streams)) {
            ProcessResult result = judge.judge(wanted, input);
            if (shown) {
                results.writeText(out -> output.write(result, input.name(), out));
            }
            return ExitCode.of(result);
        }
    }

    private List<Path> inputs(Input input) {
        List<Path> files = new ArrayList<>(input.files());
        files.addAll(config.files());
        return files;
    }

    private Judge judge() {
        if (endpoint.isEmpty()) {
            return new EngineJudge(Engines.options(threads, EngineOptions.defaultMemoryBytes()));
        }
        if (threads.isPresent()) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--threads is for judging here: with --endpoint the server decides");
        }
        return new ServerJudge(endpoint.get());
    }

    private Optional<PrintStream> progressTerminal() {
        return noProgress || quiet ? Optional.empty() : streams.progressTerminal();
    }
}
