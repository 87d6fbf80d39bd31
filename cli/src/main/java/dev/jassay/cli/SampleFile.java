package dev.jassay.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sample in a file that is removed when it is closed, or when the process ends before that. */
final class SampleFile implements AutoCloseable {
    private final Path path;
    private final ShutdownHook hook;

    private SampleFile(Path path) {
        this.path = path;
        this.hook = ShutdownHook.of(this::delete);
    }

    /** @throws CommandFailure (SERVICE) if it cannot be written */
    static SampleFile write(Sample sample) {
        try {
            SampleFile file = new SampleFile(Files.createTempFile("jassay-sample-", ".ndjson"));
            try (OutputStream out = Files.newOutputStream(file.path)) {
                sample.writeTo(out);
                return file;
            } catch (IOException failure) {
                file.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new CommandFailure(
                    ExitCode.SERVICE,
                    "cannot write a sample to " + System.getProperty("java.io.tmpdir") + ": " + failure.getMessage()
                            + "; name a file of your own instead",
                    failure);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        hook.close();
        delete();
    }

    private void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException _) {
            // nothing is left to try
        }
    }
}
