package dev.jassay.cli;

import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The flags of commands that work on an input: where the result goes, and what is shown meanwhile. */
class WorkOptions {
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

    @Option(
            names = "--progress",
            description = "Show progress where there is no terminal too, in a line every ten seconds.")
    private boolean progress;

    /** What a command does to its input. */
    @FunctionalInterface
    interface Work {
        ProcessResult run(Optional<ResultOutput> state, Watch watch) throws IOException, InterruptedException;
    }

    /** Whether anybody is told what is in the data, be it through a state. */
    boolean areTold() {
        return showResult() || wantState();
    }

    boolean wantState() {
        return stateFile().isPresent();
    }

    /** Where a state goes, if anywhere. */
    Optional<Path> stateFile() {
        return Optional.empty();
    }

    private boolean showResult() {
        return !quiet || outputFile.isPresent();
    }

    /**
     * Does the work and writes what comes of it.
     *
     * @param others files that must not be written over, beside those of the input
     * @param interruption to be heeded by the work
     * @return the exit code
     */
    int run(Subject subject, List<Path> others, StandardStreams streams, Interruption interruption, Work work)
            throws InterruptedException {
        List<Path> inputs = new ArrayList<>(subject.files());
        inputs.addAll(others);
        requireTwoFiles();
        if (progress && noProgress) {
            throw new CommandFailure(ExitCode.USAGE, "--progress and --no-progress contradict each other");
        }
        try (ResultOutput results = ResultOutput.open(outputFile, inputs, streams);
                StateOutput state = StateOutput.open(stateFile(), inputs, streams)) {
            ProcessResult result = new WatchedWork(shown -> progressView(shown, streams))
                    .run(subject, interruption, watch -> work.run(state.output(), watch));
            if (showResult()) {
                results.writeText(out -> output.write(result, subject.name(), out));
            }
            return ExitCode.of(result);
        }
    }

    private void requireTwoFiles() {
        if (wantState() && stateFile().map(WorkOptions::named).equals(outputFile.map(WorkOptions::named))) {
            throw new CommandFailure(ExitCode.USAGE, "-o and --state name one file: choose two");
        }
    }

    private static Path named(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private ProgressView progressView(Subject subject, StandardStreams streams) {
        if (noProgress || (quiet && !progress)) {
            return ProgressView.none();
        }
        if (streams.progressTerminal().isPresent()) {
            return new ProgressBar(streams.progressTerminal().get(), subject.bytes(), System::nanoTime);
        }
        return progress ? new ProgressLines(streams.err(), subject.bytes(), System::nanoTime) : ProgressView.none();
    }

    /**
     * Where a state goes, if anywhere.
     *
     * @param output not there if no state is wanted
     */
    private record StateOutput(Optional<ResultOutput> output) implements AutoCloseable {
        static StateOutput open(Optional<Path> file, List<Path> inputs, StandardStreams streams) {
            return new StateOutput(file.map(path -> ResultOutput.open(Optional.of(path), inputs, streams)));
        }

        @Override
        public void close() {
            output.ifPresent(ResultOutput::close);
        }
    }
}
