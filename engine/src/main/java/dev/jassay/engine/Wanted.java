package dev.jassay.engine;

/** What a listener can want to be told. */
public enum Wanted {
    /** Violations and records, as the config asks. */
    EVENTS,
    /**
     * Records as two outputs, the valid ones and the invalid ones. In each, NDJSON stays lines; elements of an array become those of an
     * array, one a line; other values stand on lines of their own. Blank lines and white space before records are left out.
     */
    OUTPUTS
}
