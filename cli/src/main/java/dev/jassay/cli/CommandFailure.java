package dev.jassay.cli;

/** Ends a command with an exit code and a text for the person who called it: what is wrong, and what to do. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    CommandFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** One of {@link ExitCode}. */
    int exitCode() {
        return exitCode;
    }

    String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
