package dev.jassay.cli;

import dev.jassay.engine.EngineOptions;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the flags say of an engine in this process; without any, it is as it is by default. */
final class LocalEngine {
    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of this process that judge. Default: one a processor.")
    private Optional<Integer> threads = Optional.empty();

    @Mixin
    private DecompressionOptions decompression = new DecompressionOptions();

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
