package dev.jassay.cli;

import dev.jassay.engine.SessionProgress;
import java.util.Optional;

/**
 * How far a work is.
 *
 * @param bytes taken so far
 * @param judged what is known of them; a server tells nothing before its result
 */
record Passed(long bytes, Optional<Judged> judged) {
    /** Records so far, and those of them that are invalid. */
    record Judged(long records, long invalid) {}

    static Passed ofBytes(long bytes) {
        return new Passed(bytes, Optional.empty());
    }

    /** @param bytes that were fed: some of them may wait for the end of their record */
    static Passed of(long bytes, SessionProgress progress) {
        return new Passed(bytes, Optional.of(new Judged(progress.records(), progress.invalid())));
    }
}
