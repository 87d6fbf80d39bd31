package dev.jassay.cli;

import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Verdict;

/** What the process tells whoever started it. */
final class ExitCode {
    /** Every record is valid, or the command did what it was asked to. */
    static final int PASS = 0;
    /** A record is invalid, or the input could not be judged to its end for a reason that has no code of its own. */
    static final int FAIL = 1;
    /** Wrong usage, config, schema or output file, or a port that is taken: correct the command. */
    static final int USAGE = 2;
    /** The input cannot be read, is damaged, or ends inside a record. */
    static final int INPUT = 3;
    /** The input expands too much, or asks for too much memory to be decompressed. */
    static final int LIMIT = 4;
    /** The server is not reachable or refuses, the engine has a defect, or the result cannot be written. */
    static final int SERVICE = 5;
    /** Ended by Ctrl-C. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}

    static int of(ProcessResult result) {
        return switch (result.getTermination()) {
            case TERMINATION_LIMIT -> LIMIT;
            case TERMINATION_INPUT_TRUNCATED, TERMINATION_CORRUPT_COMPRESSION -> INPUT;
            case TERMINATION_INTERRUPTED -> INTERRUPTED;
            default -> result.getVerdict() == Verdict.VERDICT_PASS ? PASS : FAIL;
        };
    }
}
