package dev.jassay.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jassay.engine.SessionListener;
import dev.jassay.engine.Told;
import dev.jassay.v1.ProcessEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of a split, each of which appears under its name when all are whole. One thread. */
final class SplitFiles implements SessionListener, AutoCloseable {
    private final OutputFile valid;
    private final OutputFile invalid;
    private final @Nullable OutputFile errors;
    private final @Nullable ErrorLines lines;

    private SplitFiles(OutputFile valid, OutputFile invalid, @Nullable OutputFile errors, String source) {
        this.valid = valid;
        this.invalid = invalid;
        this.errors = errors;
        this.lines = errors == null ? null : new ErrorLines(errors.stream(), source);
    }

    /**
     * @param inputs files that must not be written over
     * @param source told in each line of errors
     * @throws CommandFailure (USAGE) if one cannot be written, or is an input; then there is none
     */
    static SplitFiles open(Path valid, Path invalid, Optional<Path> errors, List<Path> inputs, String source) {
        OutputFile ofValid = OutputFile.create(valid, inputs);
        try {
            OutputFile ofInvalid = OutputFile.create(invalid, inputs);
            try {
                OutputFile ofErrors =
                        errors.map(file -> OutputFile.create(file, inputs)).orElse(null);
                return new SplitFiles(ofValid, ofInvalid, ofErrors, source);
            } catch (CommandFailure failure) {
                ofInvalid.close();
                throw failure;
            }
        } catch (CommandFailure failure) {
            ofValid.close();
            throw failure;
        }
    }

    @Override
    public void hear(Told told, ByteBuffer bytes) {
        try {
            switch (told) {
                case VALID -> write(valid.channel(), bytes);
                case INVALID -> write(invalid.channel(), bytes);
                case EVENT -> tell(bytes);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void tell(ByteBuffer event) throws IOException {
        if (lines == null) {
            return;
        }
        try {
            lines.take(ProcessEvent.parseFrom(event));
        } catch (InvalidProtocolBufferException defect) {
            throw new IllegalStateException("the engine's event is unreadable", defect);
        }
    }

    private static void write(WritableByteChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    /** Puts all in their places. */
    void commit() {
        try {
            if (lines != null && errors != null) {
                lines.flush();
                errors.commit();
            }
            invalid.commit();
            valid.commit();
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    static CommandFailure unwritable(IOException failure) {
        return new CommandFailure(ExitCode.SERVICE, "the records cannot be written: " + failure.getMessage(), failure);
    }

    /** Drops what was not put in its place. */
    @Override
    public void close() {
        valid.close();
        invalid.close();
        if (errors != null) {
            errors.close();
        }
    }
}
