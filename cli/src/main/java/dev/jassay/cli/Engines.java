package dev.jassay.cli;

import dev.jassay.engine.EngineOptions;
import java.util.Optional;

/** How engines are opened from flags. */
final class Engines {
    private Engines() {}

    /** @throws CommandFailure (USAGE) if a figure is out of its range */
    static EngineOptions options(Optional<Integer> threads, Optional<Long> memoryBytes) {
        if (threads.filter(count -> count < 1 || count > EngineOptions.MAX_THREADS)
                .isPresent()) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--threads " + threads.get() + ": choose 1 to " + EngineOptions.MAX_THREADS);
        }
        if (memoryBytes.filter(bytes -> bytes < 1).isPresent()) {
            throw new CommandFailure(ExitCode.USAGE, "--memory must be at least one byte");
        }
        return EngineOptions.of(
                threads.orElseGet(EngineOptions::defaultThreads),
                memoryBytes.orElseGet(EngineOptions::defaultMemoryBytes));
    }
}
