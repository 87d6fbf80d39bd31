package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files to be judged together.
 *
 * @param names in their order, each as the person wrote it or as found in a folder that he named
 * @param opener opens one of them, or throws as {@link Input#open}
 */
record InputFiles(List<String> names, Function<String, Input> opener) {
    /** The most that a result has of a name. */
    private static final int MAX_SOURCE_BYTES = 512;

    private static final Pattern KNOWN_ENDING = Pattern.compile(".*\\.(json|ndjson|jsonl)(\\.(gz|zst))?");

    /** Whether these names ask for one result of several files: a folder does, however many are in it. */
    static boolean areSeveral(List<String> names) {
        return names.size() > 1 || isFolder(names.getFirst());
    }

    /**
     * Takes files as they are, and of a folder those whose names end as JSON's do, at any depth and in the order of their paths. A name
     * that comes again, as of a file beside its folder, is left out: its violations could not be told apart.
     *
     * @throws CommandFailure (USAGE) if a folder has none, or standard input is named twice; (INPUT) if a folder cannot be read
     */
    static InputFiles find(List<String> names, StandardStreams streams) {
        if (names.stream().filter(Input.STANDARD_INPUT::equals).count() > 1) {
            throw new CommandFailure(ExitCode.USAGE, "standard input is named twice: it can be read once");
        }
        Set<String> found = new LinkedHashSet<>();
        for (String name : names) {
            found.addAll(isFolder(name) ? inFolder(Path.of(name)) : List.of(name));
        }
        return new InputFiles(List.copyOf(found), name -> Input.open(name, streams));
    }

    private static boolean isFolder(String name) {
        try {
            return !name.isEmpty() && !name.equals(Input.STANDARD_INPUT) && Files.isDirectory(Path.of(name));
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static List<String> inFolder(Path folder) {
        List<String> found;
        try (Stream<Path> paths = Files.walk(folder)) {
            found = paths.filter(path -> isVisible(folder.relativize(path)))
                    .filter(path -> KNOWN_ENDING
                            .matcher(path.getFileName().toString().toLowerCase(Locale.ROOT))
                            .matches())
                    .filter(Files::isRegularFile)
                    .sorted()
                    .map(Path::toString)
                    .toList();
        } catch (IOException failure) {
            throw Input.unreadable(folder.toString(), failure);
        } catch (UncheckedIOException failure) {
            throw Input.unreadable(folder.toString(), new IOException(failure.getMessage(), failure));
        }
        if (found.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    folder + " has no files that end in .json, .ndjson or .jsonl, or these and .gz or .zst:"
                            + " name files, or another folder");
        }
        return found;
    }

    private static boolean isVisible(Path inFolder) {
        for (Path part : inFolder) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        return true;
    }

    /** All of them, for what shows and writes. */
    Subject subject() {
        List<Path> files = new ArrayList<>();
        long bytes = 0;
        boolean known = true;
        for (String name : names) {
            try {
                Path file = Path.of(name.equals(Input.STANDARD_INPUT) ? Input.STANDARD_INPUT_FILE : name);
                files.add(file);
                known &= Files.isRegularFile(file) && !name.equals(Input.STANDARD_INPUT);
                bytes += known ? Files.size(file) : 0;
            } catch (IOException | InvalidPathException _) {
                known = false; // told when it is opened
            }
        }
        return new Subject(
                Figures.count(names.size(), "file"), known ? OptionalLong.of(bytes) : OptionalLong.empty(), files);
    }

    Input open(int number) {
        return opener.apply(names.get(number));
    }

    /** What the result calls a file: its name, of one that is too long the end. */
    String source(int number) {
        String name = names.get(number).equals(Input.STANDARD_INPUT) ? Input.STANDARD_INPUT_NAME : names.get(number);
        byte[] bytes = name.getBytes(UTF_8);
        if (bytes.length <= MAX_SOURCE_BYTES) {
            return name;
        }
        String mark = "\u2026";
        int from = bytes.length - MAX_SOURCE_BYTES + mark.getBytes(UTF_8).length;
        while ((bytes[from] & 0xC0) == 0x80) {
            from++; // inside a character
        }
        return mark + new String(bytes, from, bytes.length - from, UTF_8);
    }
}
