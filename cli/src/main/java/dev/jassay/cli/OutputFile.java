package dev.jassay.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;

/**
 * A file that is written whole or not at all: what is written goes to a new file beside it, which takes its place when all is there.
 * A device or pipe is written to as it is. One thread.
 */
final class OutputFile implements AutoCloseable {
    private final Path target;
    private final Path written;
    private final FileChannel channel;
    private final OutputStream stream;
    private final ShutdownHook hook;

    private OutputFile(Path target, Path written, FileChannel channel) {
        this.target = target;
        this.written = written;
        this.channel = channel;
        this.stream = Channels.newOutputStream(channel);
        this.hook = ShutdownHook.of(this::delete);
    }

    /**
     * Begins a file.
     *
     * @param inputs files that it must not take the place of
     * @throws CommandFailure (USAGE) if it would, or if it cannot be written
     */
    static OutputFile create(Path file, List<Path> inputs) {
        for (Path input : inputs) {
            if (isSameFile(file, input)) {
                throw new CommandFailure(ExitCode.USAGE, file + " is an input: choose another file to write");
            }
        }
        if (Files.isDirectory(file)) {
            throw new CommandFailure(ExitCode.USAGE, file + " is a directory: name a file in it to write");
        }
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return new OutputFile(file, file, FileChannel.open(file, StandardOpenOption.WRITE));
            }
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Path written = target.resolveSibling(
                    "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            OutputFile created = new OutputFile(
                    target,
                    written,
                    FileChannel.open(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            keepPermissions(target, written);
            return created;
        } catch (IOException failure) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + file + ": " + reason(failure), failure);
        }
    }

    /** Who could not read the file before cannot read it afterwards. */
    private static void keepPermissions(Path target, Path written) throws IOException {
        PosixFileAttributeView before = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        PosixFileAttributeView after = Files.getFileAttributeView(written, PosixFileAttributeView.class);
        if (Files.exists(target) && before != null && after != null) {
            after.setPermissions(before.readAttributes().permissions());
        }
    }

    private static boolean isSameFile(Path file, Path input) {
        try {
            return Files.isSameFile(file, input);
        } catch (IOException _) {
            return false; // one of them does not exist
        }
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "its folder does not exist";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException taken -> taken.getFile() + " is in the way";
            default -> String.valueOf(failure.getMessage());
        };
    }

    /** Not buffered. */
    OutputStream stream() {
        return stream;
    }

    /** The same. */
    WritableByteChannel channel() {
        return channel;
    }

    /** Puts what was written in its place. */
    void commit() throws IOException {
        stream.close();
        if (!written.equals(target)) {
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Drops what was written, unless it was committed. */
    @Override
    public void close() {
        hook.close();
        discard();
    }

    private void discard() {
        try {
            stream.close();
        } catch (IOException _) {
            // it is dropped anyway
        }
        delete();
    }

    /** Leaves the stream alone, so that who still writes as the process ends has nothing to complain of. */
    private void delete() {
        try {
            if (!written.equals(target)) {
                Files.deleteIfExists(written);
            }
        } catch (IOException _) {
            // nothing is left to try
        }
    }
}
