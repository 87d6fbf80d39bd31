package dev.jassay.engine;

/** What a listener is told. */
public enum Told {
    /** An encoded {@code ProcessEvent} of at most 1 MiB: accepted, violations or records. */
    EVENT,
    /** The next bytes of the output of valid records. */
    VALID,
    /** The next bytes of the output of invalid records. */
    INVALID
}
