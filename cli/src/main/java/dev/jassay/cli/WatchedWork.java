package dev.jassay.cli;

import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Works on an input while a terminal, if there is one, shows how far it is. */
final class WatchedWork {
    private final Optional<PrintStream> terminal;

    WatchedWork(Optional<PrintStream> terminal) {
        this.terminal = terminal;
    }

    /** What is done to the input. */
    @FunctionalInterface
    interface Work {
        /**
         * Does it.
         *
         * @param progress to be told the bytes taken so far
         */
        ProcessResult run(LongConsumer progress) throws IOException, InterruptedException;
    }

    /** @throws CommandFailure as the work, and (INPUT) if the input cannot be read */
    ProcessResult run(Input input, Work work) throws InterruptedException {
        if (terminal.isEmpty()) {
            return run(input, work, Optional.empty());
        }
        try (ProgressBar bar = new ProgressBar(terminal.get(), input.bytes(), System::nanoTime);
                ShutdownHook _ = ShutdownHook.of(bar::close)) {
            return run(input, work, Optional.of(bar));
        }
    }

    private static ProcessResult run(Input input, Work work, Optional<ProgressBar> bar) throws InterruptedException {
        try {
            return work.run(bytes -> bar.ifPresent(shown -> shown.update(bytes)));
        } catch (IOException failure) {
            throw input.unreadable(failure);
        }
    }
}
