package dev.jassay.cli;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is to be judged.
 *
 * @param name as the person wrote it
 * @param channel its bytes, in blocking mode
 * @param bytes how many, where that is known before reading
 * @param files what must not be written over
 */
record Input(String name, ReadableByteChannel channel, OptionalLong bytes, List<Path> files) implements AutoCloseable {
    static final String STANDARD_INPUT = "-";
    static final String STANDARD_INPUT_NAME = "stdin";
    static final String STANDARD_INPUT_FILE = "/dev/stdin";

    /**
     * Opens a file, or standard input for {@code -}.
     *
     * @throws CommandFailure (INPUT) if it cannot be read, (USAGE) if the name is empty
     */
    static Input open(String name, StandardStreams streams) {
        if (name.equals(STANDARD_INPUT)) {
            return new Input(
                    STANDARD_INPUT_NAME,
                    Channels.newChannel(streams.in()),
                    OptionalLong.empty(),
                    List.of(Path.of(STANDARD_INPUT_FILE)));
        }
        if (name.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE, "the name of the input is empty: name a file, or - for standard input");
        }
        try {
            Path file = Path.of(name);
            if (Files.isDirectory(file)) {
                throw new CommandFailure(
                        ExitCode.INPUT, name + " is a directory: name a file, or - for standard input");
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            OptionalLong bytes = Files.isRegularFile(file) ? OptionalLong.of(channel.size()) : OptionalLong.empty();
            return new Input(name, channel, bytes, List.of(file));
        } catch (NoSuchFileException | InvalidPathException failure) {
            throw new CommandFailure(ExitCode.INPUT, name + " does not exist", failure);
        } catch (AccessDeniedException failure) {
            throw new CommandFailure(ExitCode.INPUT, name + " cannot be read: permission denied", failure);
        } catch (IOException failure) {
            throw unreadable(name, failure);
        }
    }

    /**
     * Opens several, one after the other, as one input without a name of its own.
     *
     * @throws CommandFailure as {@link #open}; while they are read too
     */
    static Input openAll(List<String> names, StandardStreams streams) {
        if (names.size() == 1) {
            return open(names.getFirst(), streams);
        }
        List<Path> files = new ArrayList<>();
        OptionalLong bytes = OptionalLong.of(0);
        for (String name : names) {
            // So that one that cannot be read is told before the others have been.
            try (Input input = open(name, streams)) {
                files.addAll(input.files());
                bytes = bytes.isPresent() && input.bytes().isPresent()
                        ? OptionalLong.of(bytes.getAsLong() + input.bytes().getAsLong())
                        : OptionalLong.empty();
            }
        }
        return new Input(names.size() + " inputs", new JoinedChannel(names, name -> open(name, streams)), bytes, files);
    }

    Subject subject() {
        return new Subject(name, bytes, files);
    }

    /** To be thrown where reading stops half-way. */
    static CommandFailure unreadable(String name, IOException failure) {
        String reason = failure instanceof FileSystemException told ? told.getReason() : failure.getMessage();
        return new CommandFailure(ExitCode.INPUT, name + " cannot be read: " + reason, failure);
    }

    /** Leaves standard input open. */
    @Override
    public void close() {
        try {
            if (!name.equals(STANDARD_INPUT_NAME)) {
                channel.close();
            }
        } catch (IOException _) {
            // it was only read
        }
    }
}
