package dev.jassay.engine;

/**
 * How much a compressed stream may ask of an engine. Beyond these, a stream ends with {@code TERMINATION_LIMIT}.
 *
 * @param maxExpansion decompressed bytes for each compressed one, judged after the first GiB: at least 1
 * @param maxZstdWindow bytes of a zstd frame's window, which its decoder keeps: {@link #MIN_ZSTD_WINDOW} to {@link #MAX_ZSTD_WINDOW}
 */
public record DecompressionBounds(long maxExpansion, long maxZstdWindow) {
    /** gzip reaches 1,032 at most; beyond twice that, a stream is made to keep the engine busy. */
    public static final long DEFAULT_EXPANSION = 2_000;

    /** What RFC 8878 asks every decoder to take, and all levels up to 19 keep to. */
    public static final long DEFAULT_ZSTD_WINDOW = 8L << 20;

    /** RFC 8878 has no smaller window. */
    public static final long MIN_ZSTD_WINDOW = 1L << 10;

    /** zstd's own bound. */
    public static final long MAX_ZSTD_WINDOW = 1L << 31;

    /** The defaults above. */
    public static final DecompressionBounds DEFAULT = new DecompressionBounds(DEFAULT_EXPANSION, DEFAULT_ZSTD_WINDOW);

    public DecompressionBounds {
        if (maxExpansion < 1) {
            throw new IllegalArgumentException("maxExpansion must be at least 1, not " + maxExpansion);
        }
        if (maxZstdWindow < MIN_ZSTD_WINDOW || maxZstdWindow > MAX_ZSTD_WINDOW) {
            throw new IllegalArgumentException(
                    "maxZstdWindow must be " + MIN_ZSTD_WINDOW + " to " + MAX_ZSTD_WINDOW + ", not " + maxZstdWindow);
        }
    }
}
