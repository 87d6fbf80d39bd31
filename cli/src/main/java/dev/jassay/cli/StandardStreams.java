package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a command reads from and writes to. Text is UTF-8 whatever the locale, as the data are.
 *
 * @param in the input where a command reads {@code -}
 * @param out results, and nothing else; not buffered, and its errors are thrown
 * @param err progress, logs and what goes wrong
 * @param terminals which of them are a terminal
 */
record StandardStreams(InputStream in, OutputStream out, PrintStream err, Set<Which> terminals) {
    /** One of the three. */
    enum Which {
        IN(0),
        OUT(1),
        ERR(2);

        private final int descriptor;

        Which(int descriptor) {
            this.descriptor = descriptor;
        }
    }

    static StandardStreams ofProcess() {
        return new StandardStreams(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8),
                terminalsOfProcess());
    }

    boolean isTerminal(Which stream) {
        return terminals.contains(stream);
    }

    /** Where progress is shown: the error stream, if it is a terminal. */
    Optional<PrintStream> progressTerminal() {
        return isTerminal(Which.ERR) ? Optional.of(err) : Optional.empty();
    }

    private static Set<Which> terminalsOfProcess() {
        Set<Which> found = EnumSet.noneOf(Which.class);
        for (Which stream : Which.values()) {
            if (isTerminalOfProcess(stream.descriptor)) {
                found.add(stream);
            }
        }
        return found;
    }

    /**
     * Java tells only of standard input and output together; Linux tells of each, by the number of its device. Not by its name,
     * which need not be visible from inside a container.
     */
    private static boolean isTerminalOfProcess(int descriptor) {
        try {
            return Files.getAttribute(Path.of("/proc/self/fd/" + descriptor), "unix:rdev") instanceof Long device
                    && isTerminal(device);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return Optional.ofNullable(System.console())
                    .filter(Console::isTerminal)
                    .isPresent();
        }
    }

    /** By the numbers that Linux gives in Documentation/admin-guide/devices.txt. */
    private static boolean isTerminal(long device) {
        long major = device >>> 8 & 0xFFF;
        boolean virtualOrSerial = major == 4;
        boolean consoleOrTty = device == 0x500 || device == 0x501;
        boolean pseudoTerminal = major >= 136 && major <= 143;
        return virtualOrSerial || consoleOrTty || pseudoTerminal;
    }
}
