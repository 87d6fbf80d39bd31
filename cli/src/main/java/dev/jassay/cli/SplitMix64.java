package dev.jassay.cli;

/**
 * The SplitMix64 generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014): a counter that
 * advances by the golden ratio, and a mixing function over it. Written out here so that sample data stay the same whatever the JDK
 * does. One thread at a time.
 */
final class SplitMix64 {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private long state;

    SplitMix64(long seed) {
        this.state = seed;
    }

    /** Starts again from the place that belongs to a seed and an index, whatever was drawn before. */
    void restart(long seed, long index) {
        state = mix(seed + GOLDEN_RATIO) + index * GOLDEN_RATIO;
        state = next();
    }

    long next() {
        state += GOLDEN_RATIO;
        return mix(state);
    }

    /**
     * One of 0 to bound - 1, by the high half of a product; uneven by less than bound / 2^32.
     *
     * @param bound 1 or more
     */
    int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
