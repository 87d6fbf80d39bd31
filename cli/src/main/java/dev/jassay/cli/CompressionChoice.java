package dev.jassay.cli;

import dev.jassay.v1.Compression;
import java.util.Locale;

/** What {@code --compression} takes. */
enum CompressionChoice {
    AUTO(Compression.COMPRESSION_UNSPECIFIED),
    IDENTITY(Compression.COMPRESSION_IDENTITY),
    GZIP(Compression.COMPRESSION_GZIP),
    ZSTD(Compression.COMPRESSION_ZSTD);

    private final Compression compression;

    CompressionChoice(Compression compression) {
        this.compression = compression;
    }

    Compression compression() {
        return compression;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
