package dev.jassay.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes the results of parts the result of the whole. */
@Command(
        name = "merge",
        description = {
            "Make the results of the parts of a data set the result of the whole, from the states that 'jassay check --state' wrote.",
            "Number the parts from 0, with 'jassay check --part', to have positions in the whole."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every record is valid",
            "1:a record is invalid, or an input could not be judged to its end",
            "2:wrong usage or output file, or states that do not go together",
            "3:a state cannot be read or is damaged, or an input was damaged or ended inside a record",
            "4:an input expanded too much, or its zstd window was too large",
            "5:the server is not reachable or refuses, the engine has a defect, or the result cannot be written",
            "130:interrupted"
        })
final class MergeCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "States, in any order; - is standard input.")
    private List<String> files = List.of();

    @Mixin
    private ServedWorkOptions work = new ServedWorkOptions();

    MergeCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Input states = Input.openAll(files, streams)) {
            Judge judge = work.judge(new LocalEngine());
            return work.run(
                    states.subject(),
                    List.of(),
                    streams,
                    new Interruption(),
                    (state, watch) -> judge.merge(states, state, watch));
        }
    }
}
