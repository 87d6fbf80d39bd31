package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/**
 * One command, run in this process.
 *
 * @param exitCode what the process would have told
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
@NullMarked
record Run(int exitCode, String out, String err) {
    /** Nothing to read, and nobody who reads. */
    static final StandardStreams NO_STREAMS = new StandardStreams(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            new PrintStream(OutputStream.nullOutputStream(), true, UTF_8),
            EnumSet.noneOf(StandardStreams.Which.class));

    static Run of(String... arguments) {
        return on(EnumSet.noneOf(StandardStreams.Which.class), new byte[0], arguments);
    }

    static Run withInput(byte[] input, String... arguments) {
        return on(EnumSet.noneOf(StandardStreams.Which.class), input, arguments);
    }

    static Run on(Set<StandardStreams.Which> terminals, byte[] input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        StandardStreams streams =
                new StandardStreams(new ByteArrayInputStream(input), out, new PrintStream(err, true, UTF_8), terminals);
        int exitCode = Jassay.run(streams, arguments);
        return new Run(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }
}
