package dev.jassay.cli;

import dev.jassay.engine.DecompressionBounds;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How much a compressed input may ask of an engine in this process. */
final class DecompressionOptions {
    private static final Range EXPANSION = new Range("--max-expansion", Integer.MAX_VALUE, "to 1");

    @Option(
            names = "--max-expansion",
            paramLabel = "N",
            description =
                    "Decompressed bytes for each compressed one, after the first GiB; more ends the input. Default: 2000.")
    private Optional<Integer> maxExpansion = Optional.empty();

    @Option(
            names = "--max-zstd-window",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description =
                    "Window of a zstd frame, as --long makes them; a larger one ends the input: 1KiB to 2GiB. Default: 8MiB.")
    private Optional<Long> maxZstdWindow = Optional.empty();

    /** The flag that is there, if one is. */
    Optional<String> given() {
        Optional<String> expansion = maxExpansion.map(_ -> "--max-expansion");
        return expansion.or(() -> maxZstdWindow.map(_ -> "--max-zstd-window"));
    }

    /** @throws CommandFailure (USAGE) if a figure is out of its range */
    DecompressionBounds bounds() {
        long window = maxZstdWindow.orElse(DecompressionBounds.DEFAULT_ZSTD_WINDOW);
        if (window < DecompressionBounds.MIN_ZSTD_WINDOW || window > DecompressionBounds.MAX_ZSTD_WINDOW) {
            throw new CommandFailure(ExitCode.USAGE, "--max-zstd-window " + window + ": choose 1KiB to 2GiB");
        }
        long expansion = maxExpansion
                .map(EXPANSION::require)
                .map(Integer::longValue)
                .orElse(DecompressionBounds.DEFAULT_EXPANSION);
        return new DecompressionBounds(expansion, window);
    }
}
