package dev.jassay.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds and loads the native library. A library once loaded stays for the life of the process, since its threads may outlive any
 * engine; the one inside the jar is loaded once, so that its counters are of the whole process.
 */
@SuppressWarnings("restricted")
final class NativeLibrary {
    private static @Nullable JassayAbi bundled;

    private NativeLibrary() {}

    /** The library at {@code file}, else the one inside the jar. EngineLoadException if it cannot be had. */
    static JassayAbi load(Optional<Path> file) {
        JassayAbi.linkAhead();
        return file.isPresent() ? loadConfigured(file.get()) : loadBundled(Platform.current());
    }

    private static JassayAbi loadConfigured(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new EngineLoadException("no such file: " + file + ", which -D" + EngineOptions.LIBRARY_PROPERTY
                    + " names as the engine's library; leave the option out to use the one inside the jar");
        }
        return open(file, file.toString());
    }

    private static synchronized JassayAbi loadBundled(Platform platform) {
        JassayAbi loaded = bundled;
        if (loaded == null) {
            loaded = extractAndOpen(platform.resource());
            bundled = loaded;
        }
        return loaded;
    }

    static JassayAbi extractAndOpen(String resource) {
        try (InputStream library = NativeLibrary.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new EngineLoadException("this jar has no engine for this platform (" + resource
                        + " is not in it); build it here with `make build`, or name a library with -D"
                        + EngineOptions.LIBRARY_PROPERTY + "=FILE");
            }
            // Readable by its owner alone, under a name nobody can foresee.
            Path file = Files.createTempFile("jassay", null);
            try {
                try (OutputStream copy = Files.newOutputStream(file)) {
                    library.transferTo(copy);
                }
                return open(file, resource);
            } finally {
                delete(file);
            }
        } catch (IOException e) {
            throw new EngineLoadException(
                    "cannot write the engine's library to " + System.getProperty("java.io.tmpdir") + ": "
                            + e.getMessage() + "; choose another folder with -Djava.io.tmpdir=FOLDER",
                    e);
        }
    }

    private static JassayAbi open(Path file, String name) {
        SymbolLookup symbols;
        try {
            symbols = SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new EngineLoadException(
                    "cannot load the engine's library " + name + " (" + e.getMessage()
                            + "): is it built for this platform, and may programs in "
                            + file.toAbsolutePath().getParent()
                            + " be executed?",
                    e);
        }
        try {
            int version = JassayAbi.versionOf(symbols);
            if (version != JassayAbi.VERSION) {
                throw new EngineLoadException("the engine's library " + name + " has ABI version "
                        + Integer.toUnsignedString(version) + ", this program needs " + JassayAbi.VERSION
                        + ": use the library that was built with it");
            }
            return new JassayAbi(symbols);
        } catch (NoSuchElementException e) {
            throw new EngineLoadException(
                    "the file " + name + " is no engine library of Jassay (" + e.getMessage() + ")", e);
        }
    }

    /** Where a loaded library can be deleted, nothing is left behind even if the process is killed. */
    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
