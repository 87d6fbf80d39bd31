package dev.jassay.engine;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How to open an engine.
 *
 * @param threads threads that may judge one stream at once, the calling one among them: 1 to {@link #MAX_THREADS}
 * @param memoryBytes bytes that all sessions and reservations share: at least 1
 * @param decompression how much a compressed stream may ask
 * @param library the native library to load in place of the one inside the jar
 */
public record EngineOptions(int threads, long memoryBytes, DecompressionBounds decompression, Optional<Path> library) {
    /** The engine's own bound. */
    public static final int MAX_THREADS = 1_024;

    /** Enough for about a hundred streams at once; a larger machine gets more only when told. */
    public static final long MAX_DEFAULT_MEMORY_BYTES = 1L << 30;

    /** The system property that names the native library to load. */
    public static final String LIBRARY_PROPERTY = "jassay.library";

    private static final int DEFAULT_MEMORY_DIVISOR = 4;

    public EngineOptions {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads must be 1 to " + MAX_THREADS + ", not " + threads);
        }
        if (memoryBytes < 1) {
            throw new IllegalArgumentException("memoryBytes must be at least 1, not " + memoryBytes);
        }
    }

    /** With {@link DecompressionBounds#DEFAULT}. */
    public EngineOptions(int threads, long memoryBytes, Optional<Path> library) {
        this(threads, memoryBytes, DecompressionBounds.DEFAULT, library);
    }

    /** One thread a processor, {@link #defaultMemoryBytes()}, and the library that {@link #LIBRARY_PROPERTY} names, if it does. */
    public static EngineOptions defaults() {
        return of(defaultThreads(), defaultMemoryBytes());
    }

    /** The given figures, and the library that {@link #LIBRARY_PROPERTY} names, if it does. */
    public static EngineOptions of(int threads, long memoryBytes) {
        return new EngineOptions(threads, memoryBytes, configuredLibrary());
    }

    public EngineOptions withDecompression(DecompressionBounds bounds) {
        return new EngineOptions(threads, memoryBytes, bounds, library);
    }

    /** As many as there are processors, at most {@link #MAX_THREADS}. */
    public static int defaultThreads() {
        return Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS);
    }

    /** A quarter of the memory of the machine, or of the container, up to {@link #MAX_DEFAULT_MEMORY_BYTES}. */
    public static long defaultMemoryBytes() {
        long machine =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return Math.clamp(machine / DEFAULT_MEMORY_DIVISOR, 1, MAX_DEFAULT_MEMORY_BYTES);
    }

    private static Optional<Path> configuredLibrary() {
        return Optional.ofNullable(System.getProperty(LIBRARY_PROPERTY))
                .filter(path -> !path.isBlank())
                .map(Path::of);
    }
}
