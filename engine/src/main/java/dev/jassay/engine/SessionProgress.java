package dev.jassay.engine;

/**
 * How far a session is.
 *
 * @param bytes of the stream that have been taken apart; of a merge, bytes fed
 * @param records that have been judged
 * @param invalid those of them that are invalid
 * @param termination how the stream ended, the number of a {@code Termination}; 0 until it has, and of a merge
 * @param stoppedAt where it ended, if not well
 */
public record SessionProgress(long bytes, long records, long invalid, int termination, long stoppedAt) {}
