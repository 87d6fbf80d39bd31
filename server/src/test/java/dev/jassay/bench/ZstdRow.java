package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The command line on a long compressed file, beside the slower of what has to be done in any case: decompressing it, and judging
 * what it decompresses to.
 */
final class ZstdRow {
    private static final double BAR = 1.3;

    private final Options options;
    private final Turns turns;

    ZstdRow(Options options, Turns turns) {
        this.options = options;
        this.turns = turns;
    }

    /** Why it cannot be measured, if so. */
    static Optional<String> lack() {
        return Programs.there("zstd") ? Optional.empty() : Optional.of("needs zstd: apt-get install zstd");
    }

    List<Result> measure() throws Exception {
        String plain = LongFile.make(options).toString();
        String compressed = compress(Path.of(plain)).toString();
        String jassay = options.home().resolve("bin/jassay").toString();
        List<Figures> seconds = turns.take(
                "jassay check of a .zst file, of the plain one, and zstd -dc",
                List.of(
                        () -> CheckRow.seconds(jassay, "check", compressed, "--quiet", "--profile", "none"),
                        () -> CheckRow.seconds(jassay, "check", plain, "--quiet", "--profile", "none"),
                        () -> CheckRow.seconds("zstd", "-dc", compressed)));
        return List.of(Result.pair(
                        "jassay check of a .zst file, against the slower of check of the plain one and zstd -dc",
                        "orders",
                        seconds.get(0).median(),
                        Math.max(seconds.get(1).median(), seconds.get(2).median()),
                        "s")
                .atMost(BAR));
    }

    /** At the default level; one that is already there is left alone, unless what it is made of is newer. */
    private static Path compress(Path plain) throws IOException, InterruptedException {
        Path compressed = plain.resolveSibling(plain.getFileName() + ".zst");
        boolean right = Files.exists(compressed)
                && Files.getLastModifiedTime(compressed).compareTo(Files.getLastModifiedTime(plain)) >= 0;
        if (!right) {
            CheckRow.seconds("zstd", "-q", "-f", plain.toString(), "-o", compressed.toString());
        }
        return compressed;
    }
}
