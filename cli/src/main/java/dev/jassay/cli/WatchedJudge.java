package dev.jassay.cli;

import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;

/** Has an input judged while a terminal, if there is one, shows how far it is. */
final class WatchedJudge {
    private final Judge judge;
    private final Optional<PrintStream> terminal;

    WatchedJudge(Judge judge, Optional<PrintStream> terminal) {
        this.judge = judge;
        this.terminal = terminal;
    }

    /** @throws CommandFailure as {@link Judge#judge}, and (INPUT) if the input cannot be read */
    ProcessResult judge(ProcessConfig config, Input input) throws InterruptedException {
        if (terminal.isEmpty()) {
            return judgeReadable(config, input, Optional.empty());
        }
        try (ProgressBar bar = new ProgressBar(terminal.get(), input.bytes(), System::nanoTime);
                ShutdownHook _ = ShutdownHook.of(bar::close)) {
            return judgeReadable(config, input, Optional.of(bar));
        }
    }

    private ProcessResult judgeReadable(ProcessConfig config, Input input, Optional<ProgressBar> bar)
            throws InterruptedException {
        try {
            return judge.judge(config, input, bytes -> bar.ifPresent(shown -> shown.update(bytes)));
        } catch (IOException failure) {
            throw input.unreadable(failure);
        }
    }
}
