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
    private static final String STANDARD_INPUT = "-";
    private static final Path STANDARD_INPUT_FILE = Path.of("/dev/stdin");

    /**
     * Opens a file, or standard input for {@code -}.
     *
     * @throws CommandFailure (INPUT) if it cannot be read, (USAGE) if the name is empty
     */
    static Input open(String name, StandardStreams streams) {
        if (name.equals(STANDARD_INPUT)) {
            return new Input(
                    "stdin", Channels.newChannel(streams.in()), OptionalLong.empty(), List.of(STANDARD_INPUT_FILE));
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

    /** To be thrown where reading stops half-way. */
    CommandFailure unreadable(IOException failure) {
        return unreadable(name, failure);
    }

    private static CommandFailure unreadable(String name, IOException failure) {
        String reason = failure instanceof FileSystemException told ? told.getReason() : failure.getMessage();
        return new CommandFailure(ExitCode.INPUT, name + " cannot be read: " + reason, failure);
    }

    /** Leaves standard input open. */
    @Override
    public void close() {
        try {
            if (channel instanceof FileChannel && !name.equals("stdin")) {
                channel.close();
            }
        } catch (IOException _) {
            // it was only read
        }
    }
}
