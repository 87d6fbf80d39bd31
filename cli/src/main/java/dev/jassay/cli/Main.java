package dev.jassay.cli;

/** Starts the command line. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String... arguments) {
        System.exit(Jassay.run(StandardStreams.ofProcess(), arguments));
    }
}
