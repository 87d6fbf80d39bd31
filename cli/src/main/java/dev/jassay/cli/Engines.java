package dev.jassay.cli;

import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineOptions;
import java.util.Optional;

/** How engines are opened from flags. */
final class Engines {
    private static final Range THREADS = new Range("--threads", EngineOptions.MAX_THREADS, "threads");

    private Engines() {}

    /** @throws CommandFailure (USAGE) if the threads are out of their range */
    static EngineOptions options(Optional<Integer> threads, long memoryBytes) {
        return EngineOptions.of(threads.map(THREADS::require).orElseGet(EngineOptions::defaultThreads), memoryBytes);
    }

    /** @throws CommandFailure (USAGE) if the environment asks for what this processor does not have */
    static Engine open(EngineOptions options) {
        try {
            return Engine.open(options);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
