package dev.jassay.cli;

import dev.jassay.engine.EngineOptions;
import java.util.Optional;

/**
 * What the flags say of an engine in this process.
 *
 * @param threads that judge
 * @param decompression of compressed inputs
 */
record LocalEngine(Optional<Integer> threads, DecompressionOptions decompression) {
    /** Of a command without such flags. */
    static final LocalEngine DEFAULT = new LocalEngine(Optional.empty(), new DecompressionOptions());

    /** The flag that is there, if one is. */
    Optional<String> given() {
        Optional<String> ofThreads = threads.map(_ -> "--threads");
        return ofThreads.or(decompression::given);
    }

    /** @throws CommandFailure (USAGE) if a figure is out of its range */
    EngineOptions options() {
        return Engines.options(threads, EngineOptions.defaultMemoryBytes()).withDecompression(decompression.bounds());
    }
}
