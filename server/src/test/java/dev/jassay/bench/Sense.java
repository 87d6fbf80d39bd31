package dev.jassay.bench;

/** Which side of its bar a ratio should be on. */
enum Sense {
    /** At least the bar. */
    MIN,
    /** At most the bar. */
    MAX;

    boolean met(double ratio, double bar) {
        return this == MIN ? ratio >= bar : ratio <= bar;
    }
}
