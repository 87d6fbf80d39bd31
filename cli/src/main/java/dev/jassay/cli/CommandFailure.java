package dev.jassay.cli;

import java.util.List;

/** Ends a command with an exit code and a text for the person who called it: what is wrong, and what to do. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final transient List<String> lines;

    CommandFailure(int exitCode, String message) {
        this(exitCode, message, List.of());
    }

    /** @param lines stand below the message */
    CommandFailure(int exitCode, String message, List<String> lines) {
        super(message);
        this.exitCode = exitCode;
        this.lines = List.copyOf(lines);
    }

    CommandFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.lines = List.of();
    }

    /** One of {@link ExitCode}. */
    int exitCode() {
        return exitCode;
    }

    List<String> lines() {
        return lines;
    }

    String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
