package dev.jassay.bench;

import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Verdict;

/** Who answers the calls, and what a right answer of it is. */
enum Service {
    /** Judges: every record of the data is valid. */
    JASSAY,
    /** Counts the bytes of the messages it throws away. */
    DISCARDING;

    void require(ProcessResult result, PreparedStream stream, long passes) {
        long bytes = result.getCounts().getBytes();
        boolean right = switch (this) {
            case JASSAY ->
                bytes == passes * stream.payloadBytes()
                        && result.getVerdict() == Verdict.VERDICT_PASS
                        && result.getCounts().getRecords() > 0;
            case DISCARDING -> bytes == passes * stream.encodedBytes();
        };
        if (!right) {
            throw new IllegalStateException(this + " answered " + result);
        }
    }
}
