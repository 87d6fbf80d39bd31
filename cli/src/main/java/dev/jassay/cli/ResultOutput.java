package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where what a command makes goes: a file that is written whole or not at all, or standard output. One thread.
 */
final class ResultOutput implements AutoCloseable {
    /** Few enough writes, and no large result a second time in memory. */
    private static final int BUFFER_CHARS = 16 << 10;

    private final Optional<OutputFile> file;
    private final OutputStream standardOutput;

    private ResultOutput(Optional<OutputFile> file, OutputStream standardOutput) {
        this.file = file;
        this.standardOutput = standardOutput;
    }

    /** @throws CommandFailure (USAGE) if the file cannot be written, or is one of the inputs */
    static ResultOutput open(Optional<Path> file, List<Path> inputs, StandardStreams streams) {
        return new ResultOutput(file.map(path -> OutputFile.create(path, inputs)), streams.out());
    }

    /** What writes all of it. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes all there is, once. Where standard output is a pipe that nobody reads any more, the rest is dropped: whoever closed it
     * has what he wanted.
     *
     * @throws CommandFailure (SERVICE) if it cannot be written
     */
    void write(Content content) {
        try {
            if (file.isPresent()) {
                content.writeTo(file.get().stream());
                file.get().commit();
            } else {
                content.writeTo(standardOutput);
                standardOutput.flush();
            }
        } catch (IOException failure) {
            if (file.isPresent() || !isBrokenPipe(failure)) {
                throw new CommandFailure(
                        ExitCode.SERVICE, "the output cannot be written: " + failure.getMessage(), failure);
            }
        }
    }

    /** Java tells it by the system's text alone, which names the pipe in every language. */
    private static boolean isBrokenPipe(IOException failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }

    /** What writes all of it as text. */
    @FunctionalInterface
    interface Text {
        void writeTo(Writer out) throws IOException;
    }

    /** As {@link #write}, in UTF-8. */
    void writeText(Text text) {
        write(out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, UTF_8), BUFFER_CHARS);
            text.writeTo(writer);
            writer.flush();
        });
    }

    /** Drops a file that was not written to its end. */
    @Override
    public void close() {
        file.ifPresent(OutputFile::close);
    }
}
