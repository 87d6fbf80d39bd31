package dev.jassay.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a page of a result. */
@Command(
        name = "report",
        description = {
            "Make a page of a result that 'jassay check --output json' wrote: one HTML file, to be opened without a server.",
            "What the result has of the data is in it, previews and frequent values too: 'jassay check --redaction omit' leaves them out."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is made, whatever the verdict",
            "2:wrong usage or output file, or the file is no result",
            "3:the file cannot be read",
            "5:the page cannot be written"
        })
final class ReportCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Parameters(index = "0", paramLabel = "RESULT", description = "The result as JSON; - is standard input.")
    private String file = "";

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description = "Write the page there; the file is written whole or not at all. Default: to standard output.")
    private Optional<Path> outputFile = Optional.empty();

    ReportCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        SavedResult result = SavedResult.read(file, streams);
        try (ResultOutput page = ResultOutput.open(outputFile, result.files(), streams)) {
            page.writeText(out -> ReportPage.write(result, out));
        }
        return ExitCode.PASS;
    }
}
